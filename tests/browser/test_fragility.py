"""The page of fragility in Chromium: first screen, marks, keyboard, paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_accessibility import RUN_AXE, TAGS, axe

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
PAGE = "progress/fragility.html"


def test_first_screen_of_a_telephone_says_where_and_what_next(open_page: OpenPage) -> None:
    page = open_page(PAGE, width=390).page
    places = page.locator(".fragile-first > li")
    assert 1 <= places.count() <= 3
    box = places.first.bounding_box()
    assert box
    assert box["y"] + box["height"] < 844
    assert "Next:" in places.first.inner_text()
    assert page.evaluate("document.scrollingElement.scrollWidth") == 390


def test_marks_differ_by_shape_and_word(open_page: OpenPage) -> None:
    """The three marks in one place: colour is never the only difference."""
    page = open_page(PAGE).page
    marks = page.evaluate(
        """() => ["fragile", "thin", "steady", "head", "written"].map(name => {
          const mark = document.createElement("span");
          mark.className = `status status--${name}`;
          mark.textContent = name;
          document.querySelector(".fragility").append(mark);
          const drawn = getComputedStyle(mark, "::before");
          return [drawn.inlineSize, drawn.borderInlineStartWidth, drawn.borderInlineEndWidth,
                  drawn.borderRadius, drawn.backgroundImage,
                  drawn.backgroundColor === "rgba(0, 0, 0, 0)"].join(" ");
        })"""
    )
    assert len(set(marks)) == 5


def test_a_drill_opens_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(PAGE).page
    drill = page.locator(".role-drill").first
    assert not drill.locator(".role-drill-body").is_visible()
    drill.locator("summary").focus()
    page.keyboard.press("Enter")
    assert drill.locator(".role-drill-body").is_visible()
    assert "Steps in:" in drill.inner_text()
    assert "Left to nobody:" in drill.inner_text()


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("path", [PAGE, "vision/facilitators.html"])
def test_axe_finds_nothing_with_all_open(
    path: str, mode: str, open_page: OpenPage, axe: str
) -> None:
    visit = open_page(path, dark=mode == "dark", width=390)
    visit.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    visit.page.evaluate(axe)
    assert visit.page.evaluate(RUN_AXE, TAGS) == []
    assert not visit.console


def test_columns_hold_whole_words_on_a_telephone(open_page: OpenPage) -> None:
    for path, table in (
        (PAGE, ".fragile-areas"),
        ("vision/facilitators.html", ".facilitation-table"),
    ):
        page = open_page(path, width=390).page
        widths = page.locator(f"{table} th").evaluate_all("all => all.map(one => one.clientWidth)")
        assert min(widths) > 60


def test_on_paper_the_open_drill_stands(open_page: OpenPage) -> None:
    page = open_page(PAGE).page
    page.locator(".role-drill summary").first.click()
    page.emulate_media(media="print")
    assert page.locator(".role-drill-body").first.is_visible()
    assert page.locator(".fragile-areas").is_visible()
