"""`manual preview` in a browser: a save is shown without a full load, and its faults on a panel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_accessibility import RUN_AXE, STICKING_OUT, TAGS, axe
from tests.preview import Previewed, preview
from tests.sites import TINY, Source, copy

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import NewContext

__all__ = ["axe"]

pytestmark = [pytest.mark.browser, pytest.mark.node]

PROTOCOLS = "protocols/index.md"
SEEN = {"timeout": 60_000}
"""What a busy machine may need until a save is seen."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Previewed]:
    root = tmp_path_factory.mktemp("preview")
    with preview(copy(TINY, root / "source"), root / "preview") as started:
        yield started


@pytest.fixture
def source(running: Previewed) -> Iterator[Source]:
    """The source that is previewed, with nothing to mend; put back after the test."""
    there = running.source
    before = {path: path.read_bytes() for path in there.root.rglob("*") if path.is_file()}
    yield there
    changed = {path: text for path, text in before.items() if path.read_bytes() != text}
    if changed:
        running.after(lambda _: [path.write_bytes(text) for path, text in changed.items()] and None)
        assert running.status()["findings"] == []


@pytest.fixture
def page(running: Previewed, new_context: NewContext) -> Page:
    """The page of the protocols, marked: a page that is loaded anew has no mark."""
    return opened(running, new_context().new_page(), "protocols/index.html")


def opened(running: Previewed, page: Page, name: str) -> Page:
    page.goto(f"{running.url}{name}")
    page.wait_for_function("document.querySelector('#manual-preview')")
    page.evaluate("window.marked = true")
    return page


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="Preview")


def spoil(source: Source) -> None:
    """A fault on the page of the protocols, and one on the front page."""
    source.without_option(PROTOCOLS, "PRO_BOAT_TALK", "strengthens")
    source.append("index.md", "\nSee [there](nowhere.md).\n")


def test_a_save_is_swapped_in(page: Page, source: Source) -> None:
    source.replace(PROTOCOLS, "Nobody speaks.", "Nobody laughs.")
    page.get_by_text("Nobody laughs.").wait_for(**SEEN)
    assert page.evaluate("window.marked")
    # What a script had added to the page is there still, and works.
    page.get_by_role("button", name=re.compile("Copy PRO_BOAT_TALK")).first.wait_for()
    status = panel(page).get_by_role("status")
    status.filter(has_text="The page shows your change").wait_for(state="attached")


def test_the_title_follows(page: Page, source: Source) -> None:
    source.replace(PROTOCOLS, "# Boat talk", "# Talk in boats")
    page.wait_for_function("document.title.startsWith('Talk in boats')", timeout=60_000)
    assert page.evaluate("window.marked")


def test_the_place_and_what_was_opened_stay(running: Previewed, page: Page, source: Source) -> None:
    """Text above the reader's place grows; the place does not move, and focus is where it was."""
    page.set_viewport_size({"width": 390, "height": 400})
    name = page.locator("main [id]").last.get_attribute("id")
    find = "name => document.getElementById(name).getBoundingClientRect().top"
    page.evaluate(f"name => scrollBy(0, ({find})(name) - 40)", name)
    page.evaluate("document.querySelector('main .copy-id').focus({preventScroll: true})")
    before = page.evaluate(find, name)
    growth = "\n".join(f"\nA line more, number {number}." for number in range(9))
    source.replace(PROTOCOLS, "# Boat talk\n", f"# Boat talk\n{growth}\n")
    page.get_by_text("number 8.").wait_for(state="attached", timeout=60_000)
    assert abs(page.evaluate(find, name) - before) < 3
    assert page.evaluate("document.activeElement.className") == "copy-id"
    assert page.evaluate("window.marked")


def test_a_search_that_was_begun_stays(
    running: Previewed, new_context: NewContext, source: Source
) -> None:
    """The box is the page's own and not what was saved: its words are not lost."""
    page = opened(running, new_context().new_page(), "index.html")
    box = page.locator("main [data-search-inline] input")
    box.fill("boat")
    source.append("index.md", "\nFresh from the press.\n")
    page.get_by_text("Fresh from the press.").wait_for(**SEEN)
    assert page.evaluate("window.marked")
    assert box.input_value() == "boat"


def test_a_change_of_the_frame_loads_the_page_anew(page: Page, source: Source) -> None:
    source.replace("district.toml", '"Handbook"', '"Logbook"')
    page.locator(".site-header").get_by_text("Logbook").first.wait_for(**SEEN)
    assert not page.evaluate("window.marked")


def test_what_there_is_to_mend(page: Page, source: Source) -> None:
    """The page's own faults first, each with place, message and fix; gone once they are mended."""
    panel(page).get_by_text("Nothing to mend").wait_for(**SEEN)
    spoil(source)
    panel(page).get_by_text("On this page").wait_for(**SEEN)
    titles = panel(page).get_by_role("heading").all_inner_texts()
    assert titles == ["On this page", "Elsewhere"]
    first = panel(page).get_by_role("listitem").first.inner_text()
    line = source.line_of_record(PROTOCOLS, "PRO_BOAT_TALK")
    assert f"Error {PROTOCOLS}:{line}" in first
    assert "strengthens no subsystem" in first
    assert "Add `:strengthens:`" in first
    panel(page).get_by_role("link", name=re.compile(r"^index\.md:\d+$")).click()
    page.wait_for_url("**/index.html")
    panel(page).get_by_text("On this page").wait_for(**SEEN)
    assert "nowhere.md" in panel(page).get_by_role("listitem").first.inner_text()


def test_the_panel_folds_and_stays_folded(page: Page, source: Source) -> None:
    """Whoever folds it is not asked again for the same fault; Escape is enough."""
    spoil(source)
    shown = panel(page).get_by_role("group", name="What there is to mend")
    shown.wait_for(**SEEN)
    shown.focus()
    page.keyboard.press("Escape")
    assert not shown.is_visible()
    source.replace(PROTOCOLS, "Nobody speaks.", "Nobody laughs.")
    page.get_by_text("Nobody laughs.").wait_for(**SEEN)
    page.wait_for_timeout(500)
    assert not shown.is_visible()
    panel(page).get_by_text("2 errors", exact=True).wait_for(**SEEN)


def test_what_cannot_be_read_leaves_the_page_up(page: Page, source: Source) -> None:
    source.latin_1("glossary/index.md", "To say a reason", "Café")
    panel(page).get_by_text("the last good pages are shown", exact=True).wait_for(**SEEN)
    assert page.get_by_text("Nobody speaks.").first.is_visible()
    assert page.evaluate("window.marked")


def test_a_tab_that_nobody_sees_keeps_no_connection(running: Previewed, page: Page) -> None:
    """A browser opens six to one address; a seventh tab would wait for ever."""
    context = page.context
    for _ in range(8):
        tab = context.new_page()
        tab.goto(f"{running.url}index.html")
        hide = "Object.defineProperty(document, 'hidden', {value: true});"
        tab.evaluate(hide + "document.dispatchEvent(new Event('visibilitychange'))")
    assert context.new_page().goto(f"{running.url}vision/index.html", timeout=10_000)


@pytest.mark.parametrize("width", [390, 1280], ids=["telephone", "desktop"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_panel_is_for_everyone(
    width: int,
    dark: bool,
    axe: str,
    running: Previewed,
    new_context: NewContext,
    source: Source,
) -> None:
    """axe-core finds nothing with the panel open; the page's end can be scrolled clear of it."""
    spoil(source)
    page = opened(running, new_context(width=width, dark=dark).new_page(), "protocols/index.html")
    panel(page).get_by_text("On this page").wait_for(**SEEN)
    page.evaluate(axe)
    assert [v["id"] for v in page.evaluate(RUN_AXE, TAGS)] == []
    assert page.evaluate(STICKING_OUT) is None
    page.evaluate("scrollTo(0, document.scrollingElement.scrollHeight)")
    foot, top = page.locator(".site-footer").bounding_box(), panel(page).bounding_box()
    assert foot
    assert top
    assert foot["y"] + foot["height"] <= top["y"] + 1
    assert top["height"] < 0.75 * page.evaluate("innerHeight")


def test_nobody_else_can_reach_it(running: Previewed) -> None:
    """It listens on the machine's own address alone."""
    import socket

    hosts = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for host in hosts - {"127.0.0.1"} or {"127.0.0.2"}:
        with socket.socket() as asking:
            asking.settimeout(2)
            assert asking.connect_ex((host, running.port)) != 0


def test_first_of_all(tmp_path: Path, new_context: NewContext) -> None:
    """A manual that cannot be built at all: its page says so and becomes the manual when mended."""
    source = copy(TINY, tmp_path / "source")
    good = source.read("district.toml")
    source.replace("district.toml", "[district]", "[district")
    with preview(source, tmp_path / "preview") as running:
        page = new_context().new_page()
        page.goto(running.url)
        panel(page).get_by_text(re.compile(r"district\.toml")).first.wait_for(**SEEN)
        source.write("district.toml", good)
        page.get_by_role("heading", name="Mathematics on Tern Rock").wait_for(**SEEN)
