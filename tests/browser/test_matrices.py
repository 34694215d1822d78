"""Matrices in a browser: narrowed, sent on, turned round, walked by keyboard, and on paper."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from tests.browser.conftest import _Handler
from tests.browser.test_accessibility import RUN_AXE, STICKING_OUT, TAGS, axe
from tests.read_source import read_source
from tests.sites import SAMPLE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import NewContext, Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
SCHOOLS = "progress/coverage.html"
OBJECTIVES = "progress/matrices/objective-school.html"
ROWS = "[data-row]:visible"


ACTIONS = [record for record in read_source(SAMPLE).values() if record["type"] == "action"]
SESSIONS = [record for record in read_source(SAMPLE).values() if record["type"] == "session"]


def said(page: Page) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", page.locator(".filters output").inner_text())]


def counts(page: Page) -> int:
    """The sum of all counts that are seen in cells."""
    text = page.locator("[data-cell]:visible .status:not(.status--none)").all_inner_texts()
    return sum(int(words.split()[0]) for words in text)


def test_a_leader_finds_every_school_without_a_living_action(open_page: OpenPage) -> None:
    """Home, Progress, the schools with a blank: three steps, and nothing else is left in sight."""
    page = open_page("index.html").page
    page.locator("header").get_by_role("link", name="Progress").click()
    page.get_by_role("link", name="Every school where an objective has no living action").click()
    schools = [row.inner_text() for row in page.locator(f"{ROWS} > th").all()]
    assert {"Elm", "Juniper", "Larch"} <= set(schools)
    assert len(schools) == page.locator(f"{ROWS}:has(.is-blank)").count() < 11
    assert page.get_by_label("Blanks only").is_checked()


@pytest.mark.parametrize("status", ["active", "done", "paused"])
def test_a_filter_counts_again(open_page: OpenPage, status: str) -> None:
    """What is left is what the plans hold, cell by cell."""
    page = open_page(f"{SCHOOLS}?status={status}").page
    wanted = [action for action in ACTIONS if action["status"] == status]
    assert said(page) == [len(wanted), len(ACTIONS)]
    assert wanted
    for school in {school for action in ACTIONS for school in action.to("at")}:
        row = page.locator(f"[data-row]:has(th a[href$='#{school}'])")
        here = [action for action in wanted if school in action.to("at")]
        assert bool(row.locator(f".status--{status}").count()) == bool(here)
        assert (
            row.locator(".status:not(.status--none)").count()
            == row.locator(f".status--{status}").count()
        )


def test_a_filtered_view_is_sent_and_turned_round(open_page: OpenPage) -> None:
    page = open_page(SCHOOLS).page
    before = page.locator("main").inner_text()
    page.get_by_label("School level").select_option("middle")
    page.get_by_label("Status").select_option("active")
    assert page.url.endswith("?level=middle&status=active")
    middle = sorted(page.locator(f"{ROWS} > th").all_inner_texts())
    levels = [path.read_text("utf-8") for path in SAMPLE.glob("schools/*/index.md")]
    assert len(middle) == sum(":level: middle" in text for text in levels)
    figures = page.locator(".figures").inner_text()

    sent = open_page(f"{SCHOOLS}?level=middle&status=active").page
    assert sorted(sent.locator(f"{ROWS} > th").all_inner_texts()) == middle
    assert sent.locator(".figures").inner_text() == figures

    seen = counts(page)
    page.get_by_role("link", name="Turn it round").click()
    assert page.url.endswith("objective-school.html?level=middle&status=active")
    assert sorted(page.locator("[data-head]:visible").all_inner_texts()) == middle
    assert page.locator(".figures").inner_text() == figures
    assert counts(page) == seen
    page.get_by_role("link", name="Turn it round").click()
    page.get_by_role("button", name="Clear").click()
    assert "?" not in page.url
    assert page.locator("main").inner_text() == before


def test_turning_round_needs_no_script(open_page: OpenPage) -> None:
    page = open_page(SCHOOLS, javascript=False).page
    page.get_by_role("link", name="Turn it round").click()
    assert page.url.endswith(OBJECTIVES)
    assert page.locator("[data-row]").count() == 5


def test_a_count_opens_the_list_of_its_actions(open_page: OpenPage) -> None:
    page = open_page("progress/matrices/key-results.html").page
    cell = page.locator("[data-cell] a").first
    number = sum(int(words.split()[0]) for words in cell.locator(".status").all_inner_texts())
    cell.click()
    page.wait_for_url("**/progress/actions.html?key_result=*&level=*")
    assert said(page)[0] == number == page.locator(ROWS).count()


def test_dates_narrow_by_when_work_goes_on(open_page: OpenPage) -> None:
    page = open_page("progress/actions.html?date-from=2027-06-01").page
    late = [action for action in ACTIONS if action.get("due", "9999") >= "2027-06-01"]
    assert said(page)[0] == len(late) < len(ACTIONS)


def test_blanks_of_actions_are_those_without_key_result_or_protocol(open_page: OpenPage) -> None:
    page = open_page("progress/actions.html?blank=1").page
    blank = [
        action
        for action in ACTIONS
        if not action.to("uses") or not any(t.startswith("KR_") for t in action.to("advances"))
    ]
    assert page.locator(ROWS).count() == said(page)[0] == len(blank)


def test_blanks_of_sessions_are_those_without_protocol(open_page: OpenPage) -> None:
    page = open_page("progress/sessions.html?blank=1").page
    blank = [session for session in SESSIONS if not session.to("runs")]
    assert page.locator(ROWS).count() == said(page)[0] == len(blank) > 0


#: Choice and link of each list: what a row says tells the page by what it can be narrowed.
NARROWED = {
    "actions": ("school:at", "key_result:advances", "protocol:uses", "role:led_by"),
    "sessions": ("school:at", "objective:serves", "protocol:runs", "role:owner"),
}
COUNTS = """name => {
  const field = document.querySelector(`.filters select[name="${name}"]`), found = {};
  for (const option of field.options) {
    if (!option.value) continue;
    field.value = option.value;
    field.dispatchEvent(new Event("change", {bubbles: true}));
    found[option.value] = [...document.querySelectorAll("[data-row]")]
      .filter(row => row.checkVisibility()).map(row => row.querySelector("a").hash.slice(1)).sort();
  }
  return found;
}"""


@pytest.mark.parametrize("name", NARROWED)
def test_every_choice_leaves_the_rows_that_plain_loops_find(open_page: OpenPage, name: str) -> None:
    work = ACTIONS if name == "actions" else SESSIONS
    for pair in NARROWED[name]:
        facet, _, link = pair.partition(":")
        page = open_page(f"progress/{name}.html").page
        found = page.evaluate(COUNTS, facet)
        assert len(found) > 3
        for value, rows in found.items():
            if value == "district":
                wanted = [record["id"] for record in work if not record.to("at")]
            else:
                wanted = [record["id"] for record in work if value in record.to(link)]
            assert rows == sorted(wanted), (facet, value)


def focused(page: Page) -> tuple[int, int]:
    """Row and column of the cell that has the focus."""
    row, column = page.evaluate(
        "() => { const cell = document.activeElement;"
        " return [cell.parentElement.rowIndex, cell.cellIndex]; }"
    )
    return row, column


def test_arrow_keys_go_from_cell_to_cell(open_page: OpenPage) -> None:
    page = open_page(SCHOOLS).page
    assert page.locator("[data-cell][tabindex='0']").count() == 1
    page.locator("[data-cell][tabindex='0']").focus()
    assert focused(page) == (1, 1)
    steps = {
        "ArrowRight": (1, 2),
        "ArrowDown": (2, 2),
        "ArrowLeft": (2, 1),
        "Home": (2, 0),
        "End": (2, 6),
        "ArrowUp": (1, 6),
        "Control+Home": (0, 0),
        "Control+End": (12, 6),
    }
    for key, place in steps.items():
        page.keyboard.press(key)
        assert focused(page) == place, key
    assert page.locator("table [tabindex='0']").count() == 1
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**/progress/actions.html?school=*&objective=*")


def test_the_first_row_and_column_stay_in_sight(open_page: OpenPage) -> None:
    page = open_page(OBJECTIVES, width=390).page
    box = page.locator(".table-box")
    box.evaluate("box => box.scrollTo(400, 0)")
    edges = box.evaluate(
        "box => [box, box.querySelector('tbody th')].map(e => e.getBoundingClientRect().left)"
    )
    assert abs(edges[0] - edges[1]) < 3


@pytest.mark.parametrize("name", [SCHOOLS, OBJECTIVES, "progress/matrices/roles.html"])
def test_on_paper_no_column_is_cut(open_page: OpenPage, name: str) -> None:
    page = open_page(f"{name}?level=elementary").page
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 930, "height": 700})
    box = page.locator(".table-box")
    assert box.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    assert page.locator(".filters-said").inner_text().startswith("Only School level: Elementary")
    sheet = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages[0]
    assert sheet.mediabox.width > sheet.mediabox.height or sheet.rotation in (90, 270)


@pytest.fixture(scope="module")
def wide(wide_site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(wide_site)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/progress/"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", ["coverage.html", "matrices/objective-school.html"])
def test_two_hundred_schools_print_whole(
    wide: str, wide_source: Path, new_context: NewContext, name: str
) -> None:
    page = new_context().new_page()
    page.goto(wide + name)
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    text = " ".join(" ".join((sheet.extract_text() or "").split()) for sheet in pdf.pages)
    names = [
        re.search(r"(?m)^:short: (.+)$", path.read_text("utf-8"))[1]  # type: ignore[index]
        for path in wide_source.glob("schools/*/index.md")
    ]
    assert len(names) == 200
    assert [each for each in names if each not in text] == []
    sums = page.locator("tfoot td, .matrix-sum").all_inner_texts()
    assert [each for each in sums if each not in text] == []


def test_two_hundred_schools_as_tiles_narrow_and_are_walked(
    wide: str, new_context: NewContext
) -> None:
    page = new_context(width=390).new_page()
    page.goto(f"{wide}matrices/objective-school.html?level=high")
    high = page.locator("[data-row] >> nth=0").locator("[data-cell]:not([hidden])")
    assert 0 < high.count() < 100
    assert page.evaluate(STICKING_OUT) is None
    page.locator("[data-cell]:not([hidden])").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    order = page.evaluate(
        "() => [...document.querySelectorAll('[data-cell]:not([hidden])')]"
        ".indexOf(document.activeElement)"
    )
    assert order == 3  # two tiles stand in a line


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    "name",
    [
        f"{SCHOOLS}?status=active&level=middle",
        "progress/matrices/owned.html?status=active",
        "progress/actions.html?find=talk",
    ],
    ids=["grid", "tiles", "list"],
)
def test_axe_finds_nothing_in_a_filtered_view(
    open_page: OpenPage, axe: str, name: str, width: int, dark: bool
) -> None:
    page = open_page(name, width=width, dark=dark).page
    if width == 390:
        page.locator(".filters-open").click()
    page.evaluate(axe)
    found = page.evaluate(RUN_AXE, TAGS)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate(STICKING_OUT) is None


@pytest.mark.parametrize("name", ["matrices/imperative-school.html", "coverage.html"])
def test_axe_finds_nothing_at_two_hundred_schools(
    wide: str, new_context: NewContext, axe: str, name: str
) -> None:
    """Tiles, which a small district never needs, and the longest table."""
    page = new_context(width=390).new_page()
    page.goto(wide + name)
    page.evaluate(axe)
    assert page.evaluate(RUN_AXE, TAGS) == []
