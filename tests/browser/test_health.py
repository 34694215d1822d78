"""System health: a leader reads it in a minute, follows a mark to what is behind it, prints it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from tests.browser.test_accessibility import RUN_AXE, STICKING_OUT, TAGS, axe

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
PAGE, SUBSYSTEMS = "progress/health.html", "vision/subsystems.html"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280], ids=["telephone", "desktop"])
def test_everybody_can_read_it_with_every_detail_open(
    width: int, dark: bool, axe: str, open_page: OpenPage
) -> None:
    visit = open_page(PAGE, width=width, dark=dark)
    visit.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    visit.page.evaluate(axe)
    found = visit.page.evaluate(RUN_AXE, TAGS)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert visit.page.evaluate(STICKING_OUT) is None
    assert visit.console == []


@pytest.mark.parametrize("width", [390, 1280], ids=["telephone", "desktop"])
def test_the_first_screen_says_how_it_stands_and_where_to_work(
    width: int, open_page: OpenPage
) -> None:
    page = open_page(PAGE, width=width).page
    assert page.locator(".health-place").count() == 3
    box = page.locator(".health-sentence").bounding_box()
    first = page.locator(".health-place").first.bounding_box()
    assert box
    assert first
    assert box["y"] + box["height"] < 800
    assert first["y"] + first["height"] < 800


def test_a_mark_leads_to_what_stands_behind_it(open_page: OpenPage) -> None:
    page = open_page(PAGE).page
    cell = page.locator('a[href="#health-SUB_PLC-lacks"]').first
    count = cell.locator("span").first.inner_text()
    cell.focus()
    page.keyboard.press("Enter")
    answer = page.locator("#health-SUB_PLC-lacks")
    assert answer.locator(".health-asked").inner_text().split(",")[0].endswith(count)
    box = answer.bounding_box()
    assert box
    assert 0 <= box["y"] < 800
    shown = (
        sum(
            int(each.inner_text().rpartition(": ")[2].split(",")[0])
            for each in answer.locator(".health-lacks > li > details > summary").all()
        )
        + answer.locator(".health-lacks > li:not(:has(> details))").count()
    )
    assert shown == int(count)


def test_a_gap_opens_in_the_register(open_page: OpenPage) -> None:
    page = open_page(PAGE).page
    group = page.locator("#health-SUB_PLC-lacks details").last
    group.locator("summary").focus()
    page.keyboard.press("Enter")
    link = group.locator("li a").first
    key = (link.get_attribute("href") or "").partition("#")[2]
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/progress/gaps.html#gap-*")
    assert page.locator(f"[id='{key}']").is_visible()


def test_the_subsystems_lead_to_the_page(open_page: OpenPage) -> None:
    page = open_page(SUBSYSTEMS, width=390).page
    line = page.locator(".health-line")
    links = line.locator("li a")
    assert links.count() == 6
    for each in links.all():
        box = each.bounding_box()
        assert box
        assert box["height"] >= 44
    links.nth(1).click()
    page.wait_for_url("**/progress/health.html#health-SUB_COACHING")
    assert page.locator("[id='health-SUB_COACHING']").is_visible()


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_it_prints_on_one_sheet(paper: str, open_page: OpenPage) -> None:
    page = open_page(PAGE, javascript=False).page
    pdf = PdfReader(io.BytesIO(page.pdf(format=paper)))
    assert len(pdf.pages) == 1
    text = pdf.pages[0].extract_text()
    for said in ("Work on these next", "Coaching", "80% or more", "as its weakest column does"):
        assert said in text


def test_it_can_be_read_without_scripts(open_page: OpenPage) -> None:
    page = open_page(PAGE, javascript=False).page
    assert page.locator(".health-table tbody tr").count() == 12
    assert page.locator(".chart-picture title").text_content()
    assert page.locator(".health-part").count() == 10
