"""Running a protocol: by keys and by touch, to the end, with the network gone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_accessibility import RUN_AXE, TAGS, axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
PROTOCOL = "protocols/plc/looking-at-student-work.html"
STEPS = 7


def started(open_page: OpenPage, **how: object) -> Page:
    """The protocol, loaded, then without any network, and running."""
    page = open_page(PROTOCOL, **how).page
    page.clock.install()
    page.context.set_offline(True)
    page.get_by_role("button", name="Run it").click()
    page.wait_for_selector("dialog.run[open]")
    return page


def title(page: Page) -> str:
    return page.locator("dialog.run h2:visible").inner_text()


def forward(page: Page) -> None:
    page.locator(".run-tools .btn:visible").last.click()


def clock(page: Page) -> str:
    return page.locator(".run-clock").inner_text()


def test_to_the_end_by_keys_without_a_network(open_page: OpenPage) -> None:
    page = started(open_page)
    titles = [title(page)]
    for _ in range(STEPS - 1):
        page.keyboard.press("ArrowRight")
        titles.append(title(page))
    on_page = page.locator(".step-title").all_inner_texts()
    assert titles == [text.rstrip("#").strip() for text in on_page]
    assert page.locator(".run-next").inner_text() == "This is the last step."
    page.keyboard.press("ArrowRight")
    assert title(page) == "Notes: Looking at student work"
    page.keyboard.press("Escape")
    assert page.locator("dialog.run[open]").count() == 0


def test_the_clock_runs_pauses_and_goes_over(open_page: OpenPage) -> None:
    page = started(open_page)
    assert clock(page) == "5:00"
    page.clock.run_for(61_000)
    assert clock(page) == "3:59"
    page.keyboard.press(" ")
    page.clock.run_for(30_000)
    assert clock(page) == "3:59"
    page.keyboard.press(" ")
    page.clock.run_for(180_000)
    assert page.locator(".run [role=status]").inner_text() == "One minute left"
    page.clock.run_for(69_000)
    assert clock(page) == "0:10 over"
    assert page.locator(".run [role=status]").inner_text() == "Time is up for this step"
    page.get_by_role("button", name="+1 minute").click()
    assert clock(page) == "0:50"


@pytest.mark.parametrize("width", [390, 1280])
def test_by_touch_with_notes_that_survive_a_reload(open_page: OpenPage, width: int) -> None:
    page = open_page(PROTOCOL, width=width).page
    page.get_by_role("button", name="Run it").click()
    for nth in range(STEPS):
        page.get_by_label("Notes on this step").fill(f"note {nth + 1}")
        page.get_by_role("button", name="Next step" if nth < STEPS - 1 else "Finish").click()
    sheet = page.locator(".run-sheet")
    assert [field.input_value() for field in sheet.locator("textarea").all()] == [
        *(f"note {nth + 1}" for nth in range(STEPS)),
        "",
    ]
    page.get_by_label("What we do next, who and by when").fill("Ask about the whole, Tuesday")
    page.reload()
    page.get_by_role("button", name="Run it").click()
    assert page.get_by_label("Notes on this step").input_value() == "note 1"
    for _ in range(STEPS):
        forward(page)
    assert page.get_by_label("What we do next, who and by when").input_value() == (
        "Ask about the whole, Tuesday"
    )
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert "Ask about the whole, Tuesday" in page.locator(".run-paper:visible").last.inner_text()
    assert page.locator("main:visible").count() == 0
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Empty the sheet").click()
    page.get_by_role("button", name="Empty it for good?").click()
    assert not any(field.input_value() for field in sheet.locator("textarea").all())


def test_copied_notes_say_where_they_are_from(open_page: OpenPage) -> None:
    page = open_page(PROTOCOL).page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Run it").click()
    page.get_by_label("Notes on this step").fill("They count the lines")
    for _ in range(STEPS):
        forward(page)
    page.get_by_role("button", name="Copy the notes").click()
    page.get_by_role("button", name="Copied").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("Looking at student work\nhttp")
    assert "Set the question\nThey count the lines\n" in text


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_while_it_runs(
    open_page: OpenPage, axe: str, width: int, dark: bool
) -> None:
    page = open_page(PROTOCOL, width=width, dark=dark).page
    page.evaluate(axe)
    page.get_by_role("button", name="Run it").click()
    for place in range(STEPS + 1):
        if place in (0, 2, STEPS):
            found = page.evaluate(RUN_AXE, TAGS)
            assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
        if place < STEPS:
            forward(page)
    assert page.evaluate("document.querySelector('.run').scrollWidth") <= width


def test_without_a_script_there_is_no_button(open_page: OpenPage) -> None:
    page = open_page(PROTOCOL, javascript=False).page
    assert page.locator("text=Run it").count() == 0
    assert page.locator(".step").count() == STEPS


def test_only_protocols_load_the_script(open_page: OpenPage) -> None:
    requests = open_page("glossary/fluency.html").requests
    assert not [url for url in requests if re.search(r"scripts/run\.js", url)]
