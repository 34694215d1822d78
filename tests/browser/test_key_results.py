"""Key results: a leader narrows the dashboard and follows a number; charts read well."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from living_manual.core.chart_text import text_width
from tests.browser.test_accessibility import RUN_AXE, STICKING_OUT, TAGS, axe

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
PLAN, SCHOOLS = "progress/key-results.html", "progress/key-results-by-school.html"
OBJECTIVE, SCHOOL = "vision/objectives/collaboration.html", "schools/oak/index.html"
#: The texts of every chart of a page: what each says, its size and weight, and its box on screen.
TEXTS = """() => [...document.querySelectorAll(".chart-picture")].map(picture => {
  const scale = picture.getBoundingClientRect().width / picture.viewBox.baseVal.width;
  return [...picture.querySelectorAll("text")].map(text => {
    const box = text.getBoundingClientRect();
    return {said: text.textContent, size: parseFloat(getComputedStyle(text).fontSize),
            wide: box.width / scale, left: box.left, right: box.right,
            // The box of a line is higher than its letters.
            top: box.top + box.height * 0.2, bottom: box.bottom - box.height * 0.2};
  });
})"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280], ids=["telephone", "desktop"])
@pytest.mark.parametrize("url", [PLAN, SCHOOLS, OBJECTIVE, SCHOOL])
def test_everybody_can_read_it(
    url: str, width: int, dark: bool, axe: str, open_page: OpenPage
) -> None:
    visit = open_page(url, width=width, dark=dark)
    visit.page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    visit.page.evaluate(axe)
    assert visit.page.evaluate(RUN_AXE, TAGS) == []
    assert visit.page.evaluate(STICKING_OUT) is None
    assert visit.console == []


def test_links_are_large_enough_to_touch(open_page: OpenPage) -> None:
    for url, where in ((PLAN, ".key-results"), (OBJECTIVE, ".measured"), (SCHOOL, ".own-readings")):
        page = open_page(url, width=390).page
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        low = page.locator(f"{where} :is(a, summary)").evaluate_all(
            "all => all.filter(a => a.offsetParent && a.getBoundingClientRect().height < 43.5)"
            ".map(a => a.textContent)"
        )
        assert low == [], url


@pytest.mark.parametrize("width", [390, 1280], ids=["telephone", "desktop"])
def test_no_text_of_a_chart_meets_another(width: int, open_page: OpenPage) -> None:
    page = open_page(OBJECTIVE, width=width).page
    charts = page.evaluate(TEXTS)
    assert len(charts) == 3
    for texts in charts:
        assert len(texts) > 6
        for at, one in enumerate(texts):
            assert one["wide"] <= text_width(one["said"], one["size"]), one["said"]
            for other in texts[at + 1 :]:
                assert (
                    one["right"] <= other["left"]
                    or other["right"] <= one["left"]
                    or one["bottom"] <= other["top"]
                    or other["bottom"] <= one["top"]
                ), (one["said"], other["said"])


def test_a_filter_leaves_what_it_asks_for_and_stays_in_the_address(open_page: OpenPage) -> None:
    page = open_page(PLAN).page
    count = int(page.locator('[data-count="status=behind"]').inner_text())
    page.locator("select[name=status]").select_option("behind")
    shown = page.locator(".stands:not([hidden])")
    assert shown.count() == count > 0
    assert page.locator(".key-results > section:not([hidden])").count() <= count
    assert {each.split("\n")[0] for each in shown.locator(".status").all_inner_texts()} == {
        "Behind"
    }
    page.reload()
    assert page.locator(".stands:not([hidden])").count() == count
    assert "status=behind" in page.url


def test_a_number_leads_to_its_chart_its_schools_and_what_serves_it(open_page: OpenPage) -> None:
    page = open_page(PLAN).page
    item = page.locator("#stands-KR_MINDSET_BELONGING")
    item.locator(".served summary").focus()
    page.keyboard.press("Enter")
    said = item.locator(".served summary").inner_text()
    wanted = re.search(r"(\d+) actions", said)
    assert wanted
    item.get_by_role("link", name="See the actions").click()
    page.wait_for_url("**/progress/actions.html?key_result=KR_MINDSET_BELONGING")
    listed = page.locator("main tr[data-row]:visible")
    living = [
        each for each in listed.all_inner_texts() if not re.search(r"\t(dropped|paused)\t", each)
    ]
    assert len(living) == int(wanted[1])
    page = open_page(PLAN).page
    item = page.locator("#stands-KR_MINDSET_BELONGING")
    item.get_by_role("link", name="schools beside one another").click()
    page.wait_for_url("**/key-results-by-school.html?key_result=KR_MINDSET_BELONGING")
    cells = page.locator("td[data-item]:not([hidden])")
    assert cells.count() == 11
    assert page.locator("td[data-item]:not([hidden])", has_text="no reading").count() == 4
    page = open_page(PLAN).page
    page.locator("#stands-KR_COLLABORATION_TIME .stands-title a").click()
    page.wait_for_url("**/collaboration.html#KR_COLLABORATION_TIME")
    assert page.locator("#KR_COLLABORATION_TIME .chart-picture circle").count() >= 3


@pytest.mark.parametrize("width", [390, 1280], ids=["telephone", "desktop"])
def test_the_chart_has_its_numbers_as_a_table_without_scripts(
    width: int, open_page: OpenPage
) -> None:
    page = open_page(OBJECTIVE, width=width, javascript=False).page
    chart = page.locator("#KR_COLLABORATION_TIME .chart")
    chart.locator("summary").click()
    rows = chart.locator("tbody tr").all_inner_texts()
    assert [re.sub(r"\s+", " ", row) for row in rows] == [
        "30 Sep 2026 63% of planned hours district 64%",
        "16 Oct 2026 67% of planned hours district 65.6%",
        "5 Nov 2026 68% of planned hours district 67.6%",
    ]
    # Words stay whole: no row is higher than two lines.
    heights = chart.locator("tbody tr").evaluate_all(
        "all => all.map(row => row.getBoundingClientRect().height)"
    )
    assert max(heights) < 70
    title = chart.locator("svg[role=img]")
    assert title.get_attribute("aria-labelledby") == (
        "chart-KR_COLLABORATION_TIME-title chart-KR_COLLABORATION_TIME-desc"
    )


def test_it_reads_on_paper(open_page: OpenPage) -> None:
    page = open_page(PLAN, javascript=False).page
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible()
    assert page.locator(".stands").count() == 14
    assert page.locator(".stands").last.is_visible()
    page = open_page(SCHOOLS, javascript=False).page
    page.emulate_media(media="print")
    box = page.locator(".table-box")
    assert box.evaluate("one => one.scrollHeight <= one.clientHeight")
    assert page.locator("td[data-item]").count() == 33
