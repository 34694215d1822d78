"""How far an entry is codified: seen without colour, in the dark, on a phone and on paper."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_accessibility import RUN_AXE, TAGS, axe

if TYPE_CHECKING:
    from tests.browser.conftest import Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
FLYWHEEL, INDEX = "vision/flywheel.html", "glossary/index.html"
RUN = "protocols/plc/looking-at-student-work.html"
LEVELS = ["Captured", "Documented", "Named", "Embedded"]


@pytest.fixture(scope="module")
def idle(site: Site) -> str:
    """The page of a protocol that nothing runs."""
    rows = json.loads((site.root / "data" / "codification.json").read_text(encoding="utf-8"))
    named = {r["record_id"] for r in rows if (r["type"], r["level"]) == ("protocol", "named")}
    records = json.loads((site.root / "records.json").read_text(encoding="utf-8"))["records"]
    return str(next(r["href"] for r in records if r["id"] in named))


@pytest.mark.parametrize("url", [FLYWHEEL, RUN, "vision/decisions.html"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(open_page: OpenPage, axe: str, url: str, width: int, dark: bool) -> None:
    page = open_page(url, width=width, dark=dark).page
    for details in page.locator(".codification details").all():
        details.locator("summary").click()
    page.evaluate(axe)
    found = page.evaluate(RUN_AXE, TAGS)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without"])
def test_an_entry_says_its_level_and_the_next_step(
    open_page: OpenPage, idle: str, javascript: bool
) -> None:
    page = open_page(idle, width=390, javascript=javascript).page
    track = page.locator(".codified-track")
    assert track.locator("li").all_text_contents() == [*LEVELS[:3], "Embedded (not yet)"]
    assert track.locator("[aria-current=step]").inner_text() == "Named"
    assert "Next step, embedded: It needs a session that runs it" in track.inner_text()
    # Reached and not reached differ in shape: a whole line and a dotted one.
    style = "element => getComputedStyle(element).borderTopStyle"
    shapes = [each.evaluate(style) for each in track.locator("li").all()]
    assert shapes == ["solid", "solid", "solid", "dotted"]


def test_what_is_embedded_asks_for_nothing_more(open_page: OpenPage) -> None:
    track = open_page(RUN).page.locator(".codified-track")
    assert track.locator("[aria-current=step]").inner_text() == "Embedded"
    assert "Next step" not in track.inner_text()


def test_the_label_leads_to_where_the_levels_are_told(open_page: OpenPage) -> None:
    page = open_page(RUN).page
    link = page.get_by_role("link", name="How far it is codified")
    box = link.bounding_box()
    assert box
    assert box["height"] >= 44
    link.click()
    assert page.locator(".codified-legend dt").all_inner_texts() == LEVELS


def test_each_word_of_the_index_has_a_mark_with_its_word(open_page: OpenPage) -> None:
    page = open_page(INDEX).page
    items = page.locator(".record-item").count()
    marks = page.locator(".record-item .codified")
    assert marks.count() == items >= 45
    assert {*marks.all_inner_texts()} <= {*LEVELS}
    for mark in marks.all()[:5]:
        reached = mark.locator("rect.is-reached").count()
        assert LEVELS[reached - 1] == mark.inner_text()


def test_bars_and_tables_of_the_flywheel_tell_the_same(open_page: OpenPage) -> None:
    page = open_page(FLYWHEEL).page
    stages = page.locator(".codified-stage")
    assert stages.count() == 4
    for stage in stages.all():
        rows = stage.locator("tbody tr").all()
        counts = [[int(n) for n in row.locator("td").all_inner_texts()] for row in rows]
        assert all(all_ == sum(levels) for all_, *levels in counts)
        sums = [sum(column) for column in zip(*counts, strict=True)]
        said = stage.locator(".codified-said").inner_text()
        pairs = zip(LEVELS, sums[1:], strict=True)
        assert said == " · ".join(f"{n} {level.lower()}" for level, n in [*pairs][::-1] if n)
        width = stage.locator(".codified-bar").bounding_box()
        parts = [rect.bounding_box() for rect in stage.locator(".is-frame").all()]
        assert width
        assert abs(sum(part["width"] for part in parts if part) / width["width"] - 1) < 0.02


def test_on_paper_bars_are_drawn_and_lists_are_open(open_page: OpenPage) -> None:
    page = open_page(FLYWHEEL).page
    page.emulate_media(media="print")
    assert page.locator(".codified-bar:visible").count() == 4
    assert page.locator(".codification .downloads:visible").count() == 0
    lack = page.locator(".codification details p").first
    assert lack.is_visible()
