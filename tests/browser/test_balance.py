"""Plan and classroom: a leader narrows the table, sends it on, and lands at a school's own year."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_accessibility import RUN_AXE, STICKING_OUT, TAGS, axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
DISTRICT, SCHOOL = "progress/balance.html", "schools/elm/index.html"
CELLS = ".balance td:not([hidden])"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280], ids=["telephone", "desktop"])
@pytest.mark.parametrize("url", [DISTRICT, SCHOOL], ids=["district", "school"])
def test_everybody_can_read_it(
    url: str, width: int, dark: bool, axe: str, open_page: OpenPage
) -> None:
    visit = open_page(url, width=width, dark=dark)
    visit.page.evaluate(axe)
    assert visit.page.evaluate(RUN_AXE, TAGS) == []
    assert visit.page.evaluate(STICKING_OUT) is None
    assert visit.console == []


def places(page: Page) -> dict[str, tuple[float, float]]:
    """Where each cell that is shown stands, by where it leads."""
    return {
        cell.locator("a").get_attribute("href") or "": (box["x"], box["width"])
        for cell in page.locator(CELLS).all()
        if (box := cell.bounding_box())
    }


def test_a_filter_keeps_cells_under_their_heads_and_stays_in_the_address(
    open_page: OpenPage,
) -> None:
    page = open_page(DISTRICT).page
    before, count = places(page), page.locator('[data-count="status=practice"]').inner_text()
    page.locator("select[name=status]").select_option("practice")
    shown = page.locator(CELLS)
    assert shown.count() == int(count) > 0
    assert set(shown.locator("a").all_inner_texts()) == {"Practice only"}
    assert [page.locator(f'[data-count="status={key}"]').inner_text() for key in ("paper",)] == [
        "0"
    ]
    assert {href: box[0] for href, box in places(page).items()}.items() <= {
        href: box[0] for href, box in before.items()
    }.items()
    page.locator("select[name=objective]").select_option("OBJ_MINDSET")
    page.reload()
    assert page.locator(CELLS).count() == page.locator("tbody tr:not([hidden])").count() > 0
    assert re.search(r"objective=OBJ_MINDSET", page.url)
    assert re.search(r"status=practice", page.url)


def test_a_cell_leads_to_what_stands_behind_it(open_page: OpenPage) -> None:
    page = open_page(DISTRICT).page
    cell = page.locator('td[data-school="SCH_ELM"][data-objective="OBJ_MINDSET"] a')
    said = cell.inner_text()
    cell.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/schools/elm/index.html#balance-OBJ_MINDSET")
    head = page.locator("#balance-OBJ_MINDSET")
    assert head.locator(".status").inner_text() == said
    box = head.bounding_box()
    assert box
    assert 0 <= box["y"] < 800


def test_the_plan_stands_above_the_classroom_in_four_columns(open_page: OpenPage) -> None:
    page = open_page(SCHOOL).page
    years = page.locator(".school-balance ol")
    assert years.count() == 5
    for year in years.all():
        tops = [box["y"] for each in year.locator(".room").all() if (box := each.bounding_box())]
        lefts = [
            box["x"] for each in year.locator(":scope > li").all() if (box := each.bounding_box())
        ]
        assert len(set(lefts)) == 4
        assert len(set(tops)) <= 1
        for plan in year.locator(":scope > li > div:not(.room)").all():
            box = plan.bounding_box()
            assert box
            assert not tops or box["y"] < tops[0]


def test_it_reads_as_lists_without_scripts_and_on_paper(open_page: OpenPage) -> None:
    page = open_page(SCHOOL, javascript=False).page
    rows = page.locator(".school-balance .room li")
    assert rows.count() == 8
    assert "13 Oct 2026 · Student voice" in rows.first.inner_text()
    assert "evidence.csv" in page.locator(".balance-add").inner_text()
    page.emulate_media(media="print")
    assert rows.last.is_visible()
    page = open_page(DISTRICT, javascript=False).page
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible()
    box = page.locator(".table-box")
    assert box.evaluate("one => one.scrollHeight <= one.clientHeight")
    assert page.locator(CELLS).count() == 55


def test_the_plan_shows_what_was_seen_last(open_page: OpenPage) -> None:
    page = open_page("schools/alder/index.html").page
    seen = page.locator("#ACT_ALDER_01 .plan-seen").inner_text()
    assert seen.startswith("Seen 16 Nov 2026: Every table offered a noticing")
    assert seen.endswith("(3 in all)")
    page = open_page("schools/oak/index.html").page
    assert "13 Nov 2026: Claims were challenged politely" in page.locator("main").inner_text()
