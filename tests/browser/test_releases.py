"""Old links and open pages in a browser: they land, they lead on, and search goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Site, _Handler
from tests.browser.test_accessibility import RUN_AXE, TAGS, axe
from tests.publish.addresses import district, everywhere, publish
from tests.sites import Source, manual

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import NewContext

pytestmark = pytest.mark.browser
__all__ = ["axe"]


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """A site folder's live release on a port, whichever that is at each request."""
    handler = partial(_Handler, directory=str(folder / "current"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Site(folder, f"http://127.0.0.1:{server.server_port}/")
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Source, Site]]:
    """A district published, archived, changed in every way, and published again; served live."""
    root = tmp_path_factory.mktemp("moved")
    source, folder = district(root / "source"), root / "site"
    assert publish(source, folder).code == 0
    assert manual("archive", "--source", source.root, "--site", folder).code == 0
    (source.root / "protocols" / "trio.md").rename(source.root / "protocols" / "three.md")
    source.replace("protocols/index.md", "trio\n", "three\n")
    everywhere(source, "KR_EXPLAIN", "KR_REASON")
    source.remove("schools/rock/index.md")
    source.replace("schools/index.md", "rock/index\n", "")
    source.replace("learning/sessions.csv", "SCH_ROCK", "SCH_PIER")
    source.write("redirects.csv", "from,to,why\nSCH_ROCK,gone,The school closed in June.\n")
    said = publish(source, folder)
    assert said.code == 0, said.out
    with served(folder) as site:
        yield source, site


def at_target(page: Page) -> str:
    """The words at the place that the address names; empty where there is none."""
    page.wait_for_function("document.readyState === 'complete'")
    words: str = page.evaluate("document.querySelector(':target')?.parentElement.innerText || ''")
    return words


def test_an_old_link_to_a_step_lands_on_it(
    moved: tuple[Source, Site], new_context: NewContext
) -> None:
    page = new_context(width=390).new_page()
    page.goto(moved[1].url + "protocols/trio.html#step-draw")
    page.wait_for_url("**/protocols/three.html#step-draw")
    assert "Nobody speaks" in at_target(page)


def test_without_scripts_an_old_link_finds_the_page(
    moved: tuple[Source, Site], new_context: NewContext
) -> None:
    page = new_context(javascript=False).new_page()
    page.goto(moved[1].url + "protocols/trio.html#step-draw")
    page.wait_for_url("**/protocols/three.html")
    assert "Nobody speaks" in page.locator("main").inner_text()


def test_an_old_id_lands_on_its_record(moved: tuple[Source, Site], new_context: NewContext) -> None:
    page = new_context().new_page()
    page.goto(moved[1].url + "vision/talk.html#KR_EXPLAIN")
    assert "Nine in ten students" in at_target(page)
    assert page.locator(".old-anchor").count() == 1


def test_a_line_shows_only_to_whom_it_concerns(
    moved: tuple[Source, Site], new_context: NewContext
) -> None:
    """An action went with its school; the list of sessions keeps its own place."""
    page = new_context().new_page()
    page.goto(moved[1].url + "schools/rock/index.html#ACT_ROCK_01")
    note = page.locator("#ACT_ROCK_01")
    assert note.is_visible()
    assert "Count the seals aloud" in note.inner_text()
    page.goto(moved[1].url + "schools/rock/index.html")
    assert not note.is_visible()
    assert "The school closed in June." in page.locator("main").inner_text()


def test_the_banner_of_an_archive_leads_to_today(
    moved: tuple[Source, Site], new_context: NewContext
) -> None:
    page = new_context(width=390).new_page()
    page.goto(moved[1].url + "archive/2030-31/protocols/trio.html")
    page.get_by_role("link", name="See this page today").click()
    page.wait_for_url("**/protocols/three.html")
    assert page.locator(".archive-banner").count() == 0


@pytest.mark.node
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "archive/2030-31/vision/talk.html",
        "archive/index.html",
        "schools/rock/index.html#ACT_ROCK_01",
    ],
)
def test_they_work_for_everyone(
    moved: tuple[Source, Site], new_context: NewContext, axe: str, path: str, dark: bool
) -> None:
    page = new_context(width=390, dark=dark).new_page()
    page.goto(moved[1].url + path)
    page.evaluate(axe)
    found = page.evaluate(RUN_AXE, TAGS)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_search_goes_on_in_an_open_page(tmp_path: Path, new_context: NewContext) -> None:
    """The page was opened, and its index read, before the manual was published anew."""
    source, folder = district(tmp_path / "source"), tmp_path / "site"
    assert publish(source, folder).code == 0
    with served(folder) as site:
        page = new_context().new_page()
        page.goto(site.url + "glossary/index.html")
        page.keyboard.press("Control+k")
        box = page.locator("#pst-search-dialog input[type=search]")
        box.fill("goat")
        page.locator("#pst-search-dialog .result", has_text="Pier School").first.wait_for()
        source.replace("protocols/trio.md", "Three students, one picture.", "Three sing.")
        before = (folder / "current").readlink()
        assert publish(source, folder).code == 0
        assert (folder / "current").readlink() != before
        box.fill("students picture")
        result = page.locator("#pst-search-dialog .result", has_text="one picture").first
        result.wait_for()
        result.get_by_role("link").first.click()
        page.wait_for_url("**/protocols/trio.html*")
        assert "Three sing." in page.locator("main").inner_text()
