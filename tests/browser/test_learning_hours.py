"""The what-if by keyboard, the ledger with its filters, and a school's hours, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.test_accessibility import RUN_AXE, TAGS, axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
WHAT_IF, HOURS = "learning/what-if.html", "learning/hours.html"
SCHOOL = "schools/maple/index.html"
USES = ["Logistics", "Pacing", "Surface strategies", "Unfocused talk", "Planning tied to lessons"]


def shares(page: Page) -> list[int]:
    return [int(page.get_by_label(use).input_value()) for use in USES]


def result(page: Page) -> str:
    return page.locator(".what-if-said").inner_text()


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def press(page: Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


def test_it_starts_from_the_published_year(open_page: OpenPage) -> None:
    page = open_page(WHAT_IF).page
    assert shares(page) == [35, 8, 24, 8, 24]
    assert "20.27 h × 24% = 4.9 h of planning tied to lessons" in result(page)
    assert "That leaves 44.1 h to 49 hours (Learning Policy Institute)." in result(page)
    assert "Together 99%" in page.locator(".what-if").inner_text()
    assert asked(page) == {}


def test_by_keyboard_alone(open_page: OpenPage) -> None:
    """Tab from control to control, arrows for the shares, enter for the way back."""
    visit = open_page(WHAT_IF)
    page = visit.page
    page.locator("#what-if-from").focus()
    press(page, "Tab", 6)
    assert page.evaluate("document.activeElement.dataset.use") == "lessons"
    press(page, "ArrowRight", 16)
    assert shares(page)[4] == 40
    assert sum(shares(page)) == 100
    assert "20.27 h × 40% = 8.1 h" in result(page)
    assert "3.2 h more than at the start, with the same hours." in result(page)
    assert "Together 100%." in page.locator(".what-if").inner_text()
    page.wait_for_function("document.querySelector('[data-status]').textContent.includes('8.1 h')")
    press(page, "Shift+Tab", 5)
    assert page.evaluate("document.activeElement.name") == "hours"
    press(page, "ArrowUp")
    assert "21.27 h × 40% = 8.5 h" in result(page)
    assert "with 1 h added to the year" in result(page)
    press(page, "Tab", 6)
    assert page.evaluate("document.activeElement.textContent") == "Back to the start"
    press(page, "Enter")
    assert shares(page) == [35, 8, 24, 8, 24]
    assert page.get_by_label("Hours in the year").input_value() == "20.27"
    assert asked(page) == {}
    assert page.evaluate("document.activeElement.name") == "from"
    assert visit.console == []


def test_the_shares_are_100_after_every_move_and_come_back(open_page: OpenPage) -> None:
    page = open_page(WHAT_IF).page
    lessons = page.get_by_label(USES[4])
    lessons.focus()
    press(page, "End")
    assert shares(page) == [0, 0, 0, 0, 100]
    press(page, "Home")
    assert shares(page)[4] == 0
    assert sum(shares(page)) == 100
    press(page, "ArrowRight", 24)
    # As long as one share is moved, the others keep their proportions from before.
    assert shares(page) == [36, 8, 24, 8, 24]
    press(page, "End")
    page.get_by_label(USES[0]).focus()
    press(page, "PageUp", 2)
    assert (shares(page)[0], sum(shares(page)), shares(page)[4]) == (20, 100, 80)
    page.get_by_label(USES[0]).focus()
    press(page, "End")
    page.get_by_label(USES[1]).focus()
    press(page, "ArrowRight")
    assert shares(page) == [99, 1, 0, 0, 0]


def test_from_a_school_and_kept_in_the_address(open_page: OpenPage, site: Site) -> None:
    visit = open_page(SCHOOL)
    page = visit.page
    box = page.locator(".school-hours")
    year = re.findall(r"That makes ([\d.]+) hours", box.inner_text())[0]
    box.get_by_role("link", name="What if we used them differently?").click()
    page.wait_for_selector(".what-if-sum:not(:empty)")
    assert page.get_by_label("Start from").input_value() == "SCH_MAPLE"
    assert page.get_by_label("Hours in the year").input_value() == year
    before = shares(page)
    assert sum(before) == 100
    page.get_by_label("Hours in the year").fill("50")
    page.get_by_label(USES[0]).focus()
    press(page, "Home")
    assert shares(page)[0] == 0
    kept = (page.url, shares(page), result(page))
    page.goto(f"{site.url}{WHAT_IF}")
    page.goto(kept[0])
    assert (page.url, shares(page), result(page)) == kept
    page.get_by_label("Start from").select_option("")
    assert shares(page) == [35, 8, 24, 8, 24]
    assert asked(page) == {}
    assert {urlsplit(url).netloc for url in visit.requests} == {urlsplit(site.url).netloc}


@pytest.mark.parametrize(
    "query",
    [
        *("split=1-2-3", "split=50-50-50-50-0", "split=a-b-c-d-e"),
        *("hours=-3", "hours=soon", "from=SCH_GONE"),
    ],
)
def test_an_address_that_cannot_be_is_passed_over(open_page: OpenPage, query: str) -> None:
    visit = open_page(f"{WHAT_IF}?{query}")
    assert shares(visit.page) == [35, 8, 24, 8, 24]
    assert "20.27 h × 24% = 4.9 h" in result(visit.page)
    assert visit.console == []


def test_hours_that_are_none_are_told(open_page: OpenPage) -> None:
    page = open_page(WHAT_IF).page
    field = page.get_by_label("Hours in the year")
    field.fill("")
    assert "Write the hours as a number from 0 to 200." in result(page)
    assert field.get_attribute("aria-invalid") == "true"
    field.fill("300")
    assert "Write the hours" in result(page)
    field.fill("0")
    assert "0 h × 24% = 0 h" in result(page)
    field.fill("200")
    page.get_by_label(USES[4]).focus()
    press(page, "End")
    assert "That reaches the 49 hours" in result(page)


def test_without_a_script_three_worked_examples_stand_there(open_page: OpenPage) -> None:
    page = open_page(WHAT_IF, javascript=False).page
    assert not page.locator(".what-if").is_visible()
    assert page.locator(".what-if-examples tbody td:nth-child(2)").all_inner_texts() == [
        "20.27 h × 40% = 8.1 h",
        "20.27 h × 50% = 10.1 h",
        "49 h × 24% = 11.8 h",
    ]
    assert "switched off in this browser" in page.locator("main").inner_text()


def test_the_ledger_is_narrowed_to_a_level(open_page: OpenPage) -> None:
    page = open_page(f"{HOURS}?level=middle").page
    rows = page.locator("#learning-hours tbody tr:visible")
    assert rows.locator("th").all_inner_texts() == ["Larch", "Maple"]
    assert "2 of 11 schools shown" in page.locator(".filters-output").inner_text()


def test_the_sessions_of_a_school_are_folded_and_found(open_page: OpenPage) -> None:
    page = open_page(SCHOOL).page
    sessions = page.locator(".school-sessions .session")
    assert sessions.count() == 10
    assert page.locator(".school-sessions .session:visible").count() <= 4
    page = open_page(f"{SCHOOL}#SES_MAPLE_PLC_1").page
    assert page.locator("#SES_MAPLE_PLC_1").is_visible()
    assert "65% tied to lessons" in page.locator("#SES_MAPLE_PLC_1").inner_text()


@pytest.mark.parametrize("path", [WHAT_IF, HOURS, SCHOOL, "learning/index.html"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(
    open_page: OpenPage, axe: str, path: str, width: int, dark: bool
) -> None:
    page = open_page(path, width=width, dark=dark).page
    page.evaluate(axe)
    for fold in page.locator("main details").all():
        fold.evaluate("each => { each.open = true; }")
    if path == WHAT_IF:
        page.get_by_label(USES[4]).focus()
        press(page, "PageUp")
        page.get_by_label("Hours in the year").fill("" if dark else "30")
    found = page.evaluate(RUN_AXE, TAGS)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_controls_are_large_enough_to_touch(open_page: OpenPage) -> None:
    page = open_page(WHAT_IF, width=390).page
    boxes = page.locator(".what-if :is(select, input, button)").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().height)"
    )
    assert len(boxes) == 9
    assert min(boxes) >= 44
