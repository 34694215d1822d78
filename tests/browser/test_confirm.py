"""What is to be confirmed: both wordings side by side, and a line that a button copies."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_accessibility import RUN_AXE, TAGS, axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import NewContext, Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
LIST, SCHOOL, RESULT = (
    "progress/confirm.html",
    "schools/cedar/index.html",
    "vision/objectives/mindset.html",
)
RECORD, PARENT = "ACT_CEDAR_03", "KR_MINDSET_BEYOND_SCHOOL"


def unfold(page: Page) -> None:
    """Open everything that is about confirming, as a reader would, one by one."""
    folds = page.locator(":is(.to-confirm, .reworded, .confirm-list) summary")
    assert folds.count()
    for fold in folds.all():
        fold.click()


@pytest.mark.parametrize("width", [390, 1280])
def test_wordings_stand_side_by_side_or_one_below_the_other(
    open_page: OpenPage, width: int
) -> None:
    page = open_page(RESULT, width=width).page
    unfold(page)
    old, new = (each.bounding_box() for each in page.locator(f"#{PARENT} .wording").all())
    assert old
    assert new
    if width == 1280:
        assert new["x"] >= old["x"] + old["width"]
        assert new["y"] == old["y"]
    else:
        assert new["y"] >= old["y"] + old["height"]
        assert new["x"] == old["x"]
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_what_went_and_what_came_is_said_in_words_too(open_page: OpenPage) -> None:
    page = open_page(RESULT).page
    unfold(page)
    card = page.locator(f"#{PARENT}")
    gone, come = card.locator("del").first, card.locator("ins").first
    assert gone.text_content() == "taken out: Half (end)"
    assert come.text_content() == "new: More than half (end)"
    assert gone.evaluate("e => getComputedStyle(e).textDecorationLine") == "line-through"
    assert come.evaluate("e => getComputedStyle(e).textDecorationLine") == "underline"


def test_the_button_copies_the_line_exactly(site: Site, new_context: NewContext) -> None:
    context = new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site.url}{SCHOOL}")
    page.locator(f"#{RECORD} .to-confirm summary").click()
    line = page.locator(f"#{RECORD} .confirm-line")
    button = line.get_by_role("button")
    box = button.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    button.click()
    rows = json.loads((site.root / "data" / "to-confirm.json").read_text(encoding="utf-8"))
    (write,) = {row["write"] for row in rows if row["record_id"] == RECORD}
    page.get_by_text("Copied", exact=True).wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == write


def test_a_marked_action_leads_to_the_wordings_and_opens_them(open_page: OpenPage) -> None:
    page = open_page(SCHOOL, width=390).page
    assert not page.locator(".to-confirm .wordings").first.is_visible()
    page.locator(f"#{RECORD} .to-confirm a").click()
    page.locator(".to-confirm .wordings").first.wait_for(state="visible")
    assert page.locator(".to-confirm .wordings").first.is_visible()


@pytest.mark.parametrize("path", [LIST, SCHOOL, RESULT])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_with_all_of_it_open(
    open_page: OpenPage, axe: str, path: str, width: int, dark: bool
) -> None:
    visit = open_page(path, width=width, dark=dark)
    page = visit.page
    page.evaluate(axe)
    unfold(page)
    found = page.evaluate(RUN_AXE, TAGS)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert visit.console == []


def test_without_a_script_the_line_stands_there_to_be_selected(open_page: OpenPage) -> None:
    page = open_page(LIST, javascript=False).page
    page.locator(".confirm-list summary").first.click()
    line = page.locator(".confirm-line").first
    assert line.is_visible()
    assert f"{PARENT}@" in line.inner_text()
    assert line.locator("button").count() == 0


def test_paper_has_both_wordings_and_no_button(open_page: OpenPage) -> None:
    page = open_page(RESULT).page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(f"#{PARENT} .wording:visible").count() == 2
    assert page.locator(".confirm-line button:visible").count() == 0
