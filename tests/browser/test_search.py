"""Search in the published site: words land on the right place, filters narrow, keys suffice."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Site, Visit

pytestmark = pytest.mark.browser
OpenPage = Callable[..., "Visit"]


@pytest.fixture(scope="session")
def records(site: Site) -> dict[str, dict[str, Any]]:
    """The published register, by id."""
    data = json.loads((site.root / "records.json").read_text(encoding="utf-8"))
    return {record["id"]: record for record in data["records"]}


def search(page: Page, words: str, box: str = "#pst-search-dialog") -> list[dict[str, str]]:
    """Type into a search box and give its results: type, title and address."""
    field = page.locator(f"{box} input[type=search]")
    # An empty field empties the answer, so that what is read below belongs to these words.
    field.fill("")
    page.wait_for_function(
        "box => !document.querySelector(`${box} .search-status`)?.textContent", arg=box
    )
    field.press_sequentially(words[:-1])
    field.press(words[-1])
    page.wait_for_function(
        "box => document.querySelector(`${box} .search-status`).textContent", arg=box
    )
    page.wait_for_timeout(350)  # an answer to the first letters may come before the last one
    return page.eval_on_selector_all(
        f"{box} .results .result",
        "items => items.map(item => ({"
        " type: item.querySelector('.chip')?.textContent || '',"
        " title: item.querySelector('a').textContent,"
        " href: item.querySelector('a').href }))",
    )


def open_dialog(open_page: OpenPage, where: str = "schools/birch/index.html") -> Visit:
    visit = open_page(where)
    visit.page.keyboard.press("Control+k")
    visit.page.wait_for_selector("#pst-search-dialog[open]")
    return visit


@pytest.mark.parametrize(
    ("words", "record_id"),
    [
        pytest.param("looking at student work", "PRO_LOOKING_AT_STUDENT_WORK", id="protocol"),
        pytest.param("describe interpret presenter", "PRO_LOOKING_AT_STUDENT_WORK", id="its words"),
        pytest.param("flexibly efficiently accurately", "TERM_FLUENCY", id="word by its meaning"),
        pytest.param("number talks twice a week", "ACT_BIRCH_01", id="action in a table"),
        pytest.param("ACT_BIRCH_01", "ACT_BIRCH_01", id="id of an action"),
        pytest.param("KR_PURPOSE_EXPLAIN", "KR_PURPOSE_EXPLAIN", id="id of a key result"),
        pytest.param("SES_OPENING_DAY", "SES_OPENING_DAY", id="id of a session"),
        pytest.param("PRO_ROUNDS_VISIT", "PRO_ROUNDS_VISIT", id="id of a protocol"),
        pytest.param("data lead", "ROLE_DATA_LEAD", id="role"),
    ],
)
def test_search_lands_on_the_record(
    open_page: OpenPage, records: dict[str, dict[str, Any]], words: str, record_id: str
) -> None:
    visit = open_dialog(open_page)
    results = search(visit.page, words)
    wanted = records[record_id]["href"]
    found = [result for result in results[:3] if result["href"].endswith(f"/{wanted}")]
    assert found, f"{wanted} is not among {[result['href'] for result in results[:3]]}"
    assert found[0]["type"] == records[record_id]["type_title"]

    visit.page.goto(found[0]["href"])
    anchor = visit.page.locator(f"[id='{record_id}']")
    assert anchor.count() == 1
    assert records[record_id]["title"] in (anchor.text_content() or "")
    assert not visit.console


def test_every_record_is_in_the_index(open_page: OpenPage, records: dict[str, Any]) -> None:
    """By its own id, asked of the index itself: each record's address is among the results."""
    visit = open_dialog(open_page)
    missing = visit.page.evaluate(
        """async records => {
          const root = new URL(document.documentElement.dataset.content_root, location.href);
          const index = await import(new URL("pagefind/pagefind.js", root).href);
          const missing = [];
          for (const [id, href] of records) {
            const found = await index.search(id);
            const first = await Promise.all(found.results.slice(0, 5).map(one => one.data()));
            const places = first.flatMap(one => one.meta.page
              ? one.sub_results.map(part => `${one.meta.page}#${part.anchor?.id}`)
              : [one.meta.href]);
            if (!places.includes(href)) missing.push(id);
          }
          return missing;
        }""",
        [[record["id"], record["href"]] for record in records.values()],
    )
    assert missing == []


def test_filters_narrow(open_page: OpenPage) -> None:
    visit = open_dialog(open_page)
    page, box = visit.page, "#pst-search-dialog"
    everything = search(page, "student work")
    assert len({result["type"] for result in everything}) > 1

    def count() -> int:
        return int((page.text_content(f"{box} .search-status") or "0").split()[0])

    def press(name: str) -> None:
        before = page.text_content(f"{box} .search-status")
        page.click(f"{box} button.filter[value='{name}']")
        page.wait_for_function(
            "([box, before]) => document.querySelector(`${box} .search-status`).textContent"
            " !== before",
            arg=[box, before],
        )

    total = count()
    press("Protocol")
    protocols = count()
    assert 0 < protocols < total
    types = page.eval_on_selector_all(
        f"{box} .results .chip", "chips => chips.map(chip => chip.textContent)"
    )
    assert set(types) == {"Protocol"}
    press("Principals")
    assert 0 < count() < protocols
    pressed = page.locator(f"{box} button.filter[aria-pressed=true]")
    assert pressed.count() == 2
    press("Principals")
    press("Protocol")
    assert count() == total


def test_by_keyboard_alone(open_page: OpenPage) -> None:
    """Ctrl+K, words, arrow, Enter: the reader stands at the record; Escape closes the dialog."""
    visit = open_dialog(open_page)
    page = visit.page
    page.keyboard.press("Escape")
    assert page.locator("#pst-search-dialog[open]").count() == 0
    page.keyboard.press("Control+k")
    search(page, "fluency")
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert urldefrag(page.url).fragment == "TERM_FLUENCY"


@pytest.mark.parametrize("width", [390, 1280])
def test_search_on_the_home_page(open_page: OpenPage, width: int) -> None:
    visit = open_page("index.html", width=width)
    results = search(visit.page, "fluency", ".search-box[data-search-inline]")
    assert results[0]["title"] == "Fluency"


def test_search_page_reads_its_address(open_page: OpenPage) -> None:
    visit = open_page("search.html?q=rehearsal&type=Protocol")
    visit.page.wait_for_selector("main .results .result")
    types = visit.page.eval_on_selector_all(
        "main .results .chip", "chips => chips.map(chip => chip.textContent)"
    )
    assert set(types) == {"Protocol"}


def test_nothing_found_says_where_to_look(open_page: OpenPage) -> None:
    visit = open_dialog(open_page)
    assert search(visit.page, "zzzzqqqq") == []
    assert "Nothing found" in (visit.page.text_content("#pst-search-dialog .search-status") or "")
    assert visit.page.locator("#pst-search-dialog .search-status a").count() >= 1


def test_search_button_is_on_every_page(site: Site, pages: list[str]) -> None:
    for name in pages:
        text = (site.root / name).read_text(encoding="utf-8")
        assert "data-search-open" in text, name
        assert "searchindex.js" not in text, name
    assert not (site.root / "searchindex.js").exists()


def test_markup_in_words_stays_text(open_page: OpenPage) -> None:
    visit = open_dialog(open_page)
    search(visit.page, "<img src=x onerror=alert(1)>")
    assert visit.page.locator("#pst-search-dialog img").count() == 0
    assert not visit.console


def test_no_request_leaves_the_site(open_page: OpenPage, site: Site) -> None:
    visit = open_dialog(open_page)
    search(visit.page, "student")
    hosts = {urlsplit(url).netloc for url in visit.requests}
    assert hosts == {urlsplit(site.url).netloc}
    assert not visit.console
