"""Filters stay in the address: what is set narrows the items, is counted, and can be sent on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import pytest

from living_manual.core.filters import Facet, choice, span
from living_manual.sphinx_ext.templating import make_environment
from tests.browser.test_accessibility import RUN_AXE, STICKING_OUT, TAGS, axe
from tests.sites import KIT

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.browser.conftest import NewContext

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
ADDRESS = "http://filters.test/page.html"
THEME = KIT / "extensions" / "living_manual" / "sphinx_ext" / "theme"
FACETS = (
    choice("school", "School", [("SCH_ELM", "Elm"), ("SCH_OAK", "Oak")]),
    choice("status", "Status", [("active", "Active"), ("done", "Done")]),
    Facet("date", "Date", "days"),
    Facet("find", "Words", "words"),
    Facet("late", "Late only", "mark"),
)
#: Name, school, statuses, days, whether it is late.
ITEMS = (
    ("Boat talk", "SCH_ELM", "active", span(date(2026, 9, 1), date(2026, 9, 30)), "1"),
    ("Goat talk", "SCH_ELM", "done", span(date(2026, 10, 5), date(2026, 10, 5)), ""),
    ("Count boats", "SCH_OAK", "active done", span(date(2026, 11, 1), None), "1"),
    ("Say why", "SCH_OAK", "active", "", ""),
)
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Filters</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/manual.css">
<script src="/mode.js"></script>
<script defer src="/manual.js"></script><script defer src="/filters.js"></script></head>
<body><main class="page"><h1>Filters</h1>
<p>All <b id="all" data-count>4</b>, late <b id="late" data-count="late=1">2</b>,
share <b id="share" data-percent="late=1">50%</b>
<a id="keep" data-keep-filters href="other.html">Turn it round</a></p>FORM
<div id="things">GROUPS</div></main></body></html>"""


def html() -> str:
    made = make_environment(str.capitalize).get_template("filters.html.jinja").module
    form = made.filters("things", FACETS, len(ITEMS), "things")  # type: ignore[attr-defined]
    groups = ""
    for school in ("SCH_ELM", "SCH_OAK"):
        items = "".join(
            f'<li data-item data-school="{at}" data-status="{status}" data-date="{days}" '
            f'data-late="{late}">{name}</li>'
            for name, at, status, days, late in ITEMS
            if at == school
        )
        groups += (
            f'<section data-item-group id="{school}"><h2>{school} '
            f"<span data-count>2</span></h2><ul>{items}</ul></section>"
        )
    return PAGE.replace("FORM", form).replace("GROUPS", groups)


@pytest.fixture
def show(new_context: NewContext) -> Iterator[Callable[..., Page]]:
    """Opens the page with these words after the `?`."""
    sheets = sorted((THEME / "styles").glob("*.css"))
    parts = {
        "page.html": ("text/html", html()),
        "manual.css": ("text/css", "\n".join(each.read_text("utf-8") for each in sheets)),
    } | {
        name: ("text/javascript", (THEME / "static" / "scripts" / name).read_text("utf-8"))
        for name in ("mode.js", "manual.js", "filters.js")
    }

    def answer(route: Route) -> None:
        name = route.request.url.split("?")[0].rsplit("/", 1)[1]
        if name in parts:
            kind, body = parts[name]
            route.fulfill(content_type=f"{kind}; charset=utf-8", body=body)
        else:
            route.fulfill(status=404, body="")

    def opened(query: str = "", **how: int | bool) -> Page:
        page = new_context(**how).new_page()
        page.route("**/*", answer)
        page.goto(ADDRESS + query)
        return page

    return opened


def shown(page: Page) -> list[str]:
    return page.locator("[data-item]:visible").all_inner_texts()


BOAT, GOAT, COUNT, SAY = (item[0] for item in ITEMS)
CASES = {
    "": [BOAT, GOAT, COUNT, SAY],
    "?school=SCH_ELM": [BOAT, GOAT],
    "?status=done": [GOAT, COUNT],
    "?school=SCH_OAK&status=done": [COUNT],
    "?date-from=2026-10-01": [GOAT, COUNT],
    "?date-to=2026-10-05": [BOAT, GOAT],
    "?date-from=2026-09-30&date-to=2026-10-04": [BOAT],
    "?date-from=2027-06-01": [COUNT],
    "?find=boat": [BOAT, COUNT],
    "?find=TALK+goat": [GOAT],
    "?late=1": [BOAT, COUNT],
    "?late=1&school=SCH_ELM&find=nothing": [],
}


@pytest.mark.parametrize("query", CASES, ids=lambda query: query or "none")
def test_an_address_shows_what_it_asks_for(show: Callable[..., Page], query: str) -> None:
    page = show(query)
    left = CASES[query]
    assert shown(page) == left
    late = [name for name, *_, mark in ITEMS if mark and name in left]
    assert page.locator("#all").inner_text() == str(len(left))
    assert page.locator("#late").inner_text() == str(len(late))
    share = f"{round(100 * len(late) / len(left))}%" if left else "–"
    assert page.locator("#share").inner_text() == share
    for school in ("SCH_ELM", "SCH_OAK"):
        own = [name for name, at, *_ in ITEMS if at == school and name in left]
        group = page.locator(f"#{school}")
        assert group.is_visible() == bool(own)
        if own:
            assert group.locator("[data-count]").inner_text() == str(len(own))
    said = page.locator("output").inner_text()
    assert said == (f"{len(left)} of 4 things shown" if query else "All 4 things shown")


def test_what_is_set_goes_into_the_address_and_comes_back(show: Callable[..., Page]) -> None:
    page = show("?other=kept")
    page.get_by_label("School").select_option("SCH_ELM")
    page.get_by_label("Date from").fill("2026-10-01")
    page.get_by_label("Words").fill("goat")
    page.wait_for_url("**find=goat*")
    assert page.url == ADDRESS + "?other=kept&school=SCH_ELM&date-from=2026-10-01&find=goat"
    assert shown(page) == [GOAT]
    kept = page.locator("#keep").get_attribute("href")
    assert kept == "other.html?school=SCH_ELM&date-from=2026-10-01&find=goat"
    page.reload()
    assert shown(page) == [GOAT]
    assert page.get_by_label("School").input_value() == "SCH_ELM"
    page.get_by_role("button", name="Clear").click()
    assert page.url == ADDRESS + "?other=kept"
    assert len(shown(page)) == len(ITEMS)
    assert page.locator("#keep").get_attribute("href") == "other.html"
    assert page.evaluate("document.activeElement.name") == "school"
    assert not page.get_by_role("button", name="Clear").is_visible()


def test_going_back_brings_the_filters_of_then(show: Callable[..., Page]) -> None:
    page = show("?school=SCH_ELM")
    page.evaluate("history.pushState(null, '', '?status=done#things')")
    page.go_back()
    page.wait_for_function("document.querySelector('[name=status]').value === ''")
    assert shown(page) == [BOAT, GOAT]


def test_a_value_that_is_not_offered_is_told(show: Callable[..., Page]) -> None:
    page = show("?school=SCH_GONE")
    assert "SCH_GONE, which is not here" in page.locator("output").inner_text()
    assert len(shown(page)) == len(ITEMS)
    page.get_by_role("button", name="Clear").click()
    assert page.url == ADDRESS


def test_the_address_is_copied(show: Callable[..., Page]) -> None:
    page = show("?late=1")
    page.evaluate(
        "document.execCommand = () => (window.copied = document.activeElement.value, true)"
    )
    page.get_by_role("button", name="Copy address").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("window.copied") == ADDRESS + "?late=1"


def test_on_paper_the_filters_stand_in_words(show: Callable[..., Page]) -> None:
    page = show("?school=SCH_ELM&late=1")
    said = page.locator("[data-filters-said]")
    assert not said.is_visible()
    page.emulate_media(media="print")
    assert said.inner_text() == "Only School: Elm · Late only (1 of 4 things shown)"
    assert not page.locator(".filters").is_visible()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_where_filters_are_set(
    show: Callable[..., Page], axe: str, width: int, dark: bool
) -> None:
    page = show("?school=SCH_ELM", width=width, dark=dark)
    if width == 390:
        button = page.get_by_role("button", name="Filter (1)")
        assert not page.get_by_label("School").is_visible()
        button.click()
        assert page.get_by_label("School").is_visible()
    page.evaluate(axe)
    found = page.evaluate(RUN_AXE, TAGS)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate(STICKING_OUT) is None
    sizes = page.locator(".filters :is(select, button):visible").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 44


def test_without_a_script_no_filter_is_offered(show: Callable[..., Page]) -> None:
    page = show("?school=SCH_ELM", javascript=False)
    assert not page.locator(".filters").is_visible()
    assert len(shown(page)) == len(ITEMS)
