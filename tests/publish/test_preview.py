"""`manual preview`: what is up is what a clean build gives, and nothing broken takes it down."""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.preview import NOT_PAGES, Previewed, main_of, preview, soon
from tests.sites import KIT, TINY, TODAY, Source, copy, manual, real_manual

Edit = Callable[[Source], None]


def clean(source: Source, output: Path) -> dict[str, str]:
    """The content of every page, as a clean build gives it."""
    shutil.rmtree(output, ignore_errors=True)
    words = ("--kit", KIT, "--source", source.root, "--output", output, "--today", TODAY)
    said = manual("build", *words)
    assert said.code == 0, said.out + said.err
    return {
        path.relative_to(output).as_posix(): main_of(path.read_text(encoding="utf-8"))
        for path in sorted(output.rglob("*.html"))
        if not path.relative_to(output).parts[0].startswith(NOT_PAGES)
    }


def kinds(state: dict[str, Any]) -> set[tuple[str, str | None]]:
    return {(found["kind"], found["file"]) for found in state["findings"]}


FAULTY = """

def setup(app):
    def sink(what):
        raise RuntimeError(what)

    def read(_app, _page, text):
        "HOLE" in text[0] and sink("it sank while reading")

    def write(_app, doctree, _page):
        "LEAK" in doctree.astext() and sink("it sank while writing")

    app.connect("source-read", read)
    app.connect("doctree-resolved", write)
"""
"""An extension with a fault of its own, which a page can set off."""


@pytest.fixture(scope="module")
def faulty_kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kit whose conf.py brings such an extension along."""
    root = tmp_path_factory.mktemp("kit")
    shutil.copyfile(KIT / "ubproject.toml", root / "ubproject.toml")
    conf = (KIT / "conf.py").read_text(encoding="utf-8")
    (root / "conf.py").write_text(conf + FAULTY, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def running(faulty_kit: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Previewed]:
    """One preview for all tests of this file; each leaves the source as it found it, mended."""
    root = tmp_path_factory.mktemp("preview")
    with preview(copy(TINY, root / "source"), root / "preview", faulty_kit) as started:
        yield started
        assert started.process.poll() is None


@pytest.fixture
def up(running: Previewed) -> Iterator[Previewed]:
    """The running preview, with nothing to mend; whatever a test wrote is taken back after it."""
    assert running.status() == {
        "busy": False,
        "kept": False,
        "counts": "Nothing to mend",
        "findings": [],
    }
    yield running
    if _differs(running.source):
        running.after(_restore)
        assert running.status()["findings"] == []


def _restore(source: Source) -> None:
    """The source as it was: files that differ written anew, others left alone."""
    for path in source.root.rglob("*"):
        if path.is_file() and not (TINY / path.relative_to(source.root)).exists():
            path.unlink()
    for path in TINY.rglob("*"):
        there = source.root / path.relative_to(TINY)
        if path.is_file() and (not there.exists() or there.read_bytes() != path.read_bytes()):
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(path.read_bytes())


def _differs(source: Source) -> bool:
    def files(root: Path) -> dict[str, bytes]:
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file()
        }

    return files(source.root) != files(TINY)


# ------------------------------------------------------------------------ what a save changes


def _new_page(source: Source) -> None:
    source.write("vision/gull.md", "# Gull\n\nA bird that eats chalk.\n")
    source.replace("vision/index.md", "\ntalk\n", "\ntalk\ngull\n")


EDITS: dict[str, tuple[str, Edit, str]] = {
    "prose": (
        "protocols/index",
        lambda s: s.replace("protocols/index.md", "Nobody speaks.", "Nobody laughs."),
        "Nobody laughs.",
    ),
    "a title that other pages show": (
        "index",
        lambda s: s.replace("protocols/index.md", "# Boat talk", "# Talk in boats"),
        "",
    ),
    "a record another page lists": (
        "vision/index",
        lambda s: s.replace("vision/talk.md", "what they think, and why", "that they wonder"),
        "that they wonder",
    ),
    "a row of a table": (
        "schools/pier/index",
        lambda s: s.replace("schools/pier/plan.csv", "Boat talk on Fridays", "Talk on Mondays"),
        "Talk on Mondays",
    ),
    "links of a record, not in order": (
        "schools/pier/index",
        lambda s: s.replace("schools/pier/plan.csv", "KR_TUESDAYS,,", "KR_TUESDAYS;KR_EXPLAIN,,"),
        "",
    ),
    "a status": (
        "progress/index",
        lambda s: s.replace("schools/pier/plan.csv", ",active,", ",dropped,"),
        "",
    ),
    "a new page": ("vision/index", _new_page, ""),
    "a setting": (
        "index",
        lambda s: s.replace("district.toml", '"Handbook"', '"Logbook"'),
        "",
    ),
}


@pytest.mark.parametrize(("page", "edit", "words"), EDITS.values(), ids=EDITS)
def test_what_is_up_is_what_a_clean_build_gives(
    up: Previewed, page: str, edit: Edit, words: str, tmp_path: Path
) -> None:
    before = up.get(f"/{page}.html")[1]
    state = up.after(edit, page)
    assert state["findings"] == []
    after = up.get(f"/{page}.html")[1]
    assert words in main_of(after)
    assert after != before or not words
    assert up.pages() == clean(up.source, tmp_path / "clean")


def test_a_browser_is_told_of_the_page_it_shows_first(up: Previewed) -> None:
    """The page looked at is told before any other, even when it comes last by name."""
    up.after(
        lambda s: s.replace("vision/talk.md", "# Students talk", "# Students say"), "vision/talk"
    )
    told = [value["pages"] for name, value in up.events if name == "pages"]
    assert told[0] == ["vision/talk"]
    others = {page for pages in told[1:] for page in pages}
    assert {"vision/index", "progress/index"} <= others
    assert "vision/talk" not in others


def test_a_page_taken_away_is_gone(up: Previewed) -> None:
    up.after(_new_page)
    assert up.get("/vision/gull.html")[0] == 200
    up.after(_restore)
    assert up.get("/vision/gull.html")[0] == 404


def test_saves_in_quick_succession_end_right(up: Previewed, tmp_path: Path) -> None:
    """A save in the middle of a build is not lost, nor is what that build still had to do."""

    def type_quickly(source: Source) -> None:
        for number in range(6):
            source.write(
                "vision/talk.md",
                re.sub("# Students.*", f"# Students {number}", source.read("vision/talk.md")),
            )
            source.append("protocols/index.md", f"\nLine {number}.\n")
            time.sleep(0.15)

    state = up.after(type_quickly, "protocols/index")
    assert state["findings"] == []
    assert up.pages() == clean(up.source, tmp_path / "clean")
    assert "Students 5" in up.pages()["vision/talk.html"]


def test_a_file_of_an_editor_is_no_save(up: Previewed) -> None:
    with up.listening() as heard:
        for name in (".index.md.swp", "index.md~", "#index.md#", "4913", ".~lock.plan.csv#"):
            (up.source.root / name).write_text("not meant", encoding="utf-8")
            (up.source.root / name).unlink()
        time.sleep(1.5)
        assert [name for name, _ in heard] == ["hello"]


# -------------------------------------------------------------------------- what goes wrong


def _cyclic(source: Source) -> None:
    source.replace(
        "schools/pier/index.md", "## What we do", ":::{toctree}\n../index\n:::\n\n## What we do"
    )


BREAKS: dict[str, tuple[Edit, tuple[str, str | None]]] = {
    "TOML that is none": (
        lambda s: s.replace("district.toml", "[district]", "[district"),
        ("settings-unreadable", "district.toml"),
    ),
    "a setting without a value it can have": (
        lambda s: s.replace("district.toml", "starts = 2030-09-03\nends = 2031-06-20", "ends = 7"),
        ("settings-value", "district.toml"),
    ),
    "a short row": (
        lambda s: s.append("schools/pier/plan.csv", "ACT_PIER_09,Short\n"),
        ("table-row", "schools/pier/plan.csv"),
    ),
    "a table in Latin-1": (
        lambda s: s.latin_1("schools/pier/plan.csv", "Boat talk on Fridays", "Café"),
        ("table-unreadable", "schools/pier/plan.csv"),
    ),
    "a page in Latin-1": (
        lambda s: s.latin_1("glossary/index.md", "To say a reason", "Café"),
        ("page-unreadable", "glossary/index.md"),
    ),
    "a list of pages that leads back": (
        _cyclic,
        ("page-list-cycle", "schools/pier/index.md"),
    ),
    "a page in UTF-16": (
        lambda s: (s.root / "glossary/index.md").write_bytes("# Word\n".encode("utf-16")) and None,
        ("page-unreadable", "glossary/index.md"),
    ),
    "a first page that is gone": (lambda s: s.remove("index.md"), ("build-stopped", "index.md")),
    "an extension that fails when it reads": (
        lambda s: s.append("glossary/index.md", "\nHOLE\n"),
        ("build-stopped", None),
    ),
}


@pytest.mark.parametrize(("spoil", "finding"), BREAKS.values(), ids=BREAKS)
def test_the_last_good_pages_stay_up(
    up: Previewed, spoil: Edit, finding: tuple[str, str | None], tmp_path: Path
) -> None:
    """Whatever is broken, twice in a row, is a finding; another page may be saved meanwhile."""
    good, style = up.pages(), up.get("/_static/manual.css")
    for edit in (spoil, lambda s: s.replace("protocols/index.md", "Nobody", "No one")):
        state = up.after(edit)
        assert state["kept"]
        assert finding in kinds(state), state
        assert up.pages() == good
        assert up.get("/_static/manual.css") == style
    assert finding[0] in up.said

    def mend(source: Source) -> None:
        _restore(source)
        source.replace("protocols/index.md", "Nobody", "No one")

    state = up.after(mend)
    assert (state["kept"], state["findings"]) == (False, [])
    assert up.pages() == clean(up.source, tmp_path / "clean")
    assert "No one speaks" in up.pages()["protocols/index.html"]


def test_a_fault_while_writing(up: Previewed, tmp_path: Path) -> None:
    """The page that cannot be written stays as it was; a page that can be is shown."""
    good = up.pages()["vision/index.html"]
    up.after(lambda s: s.append("vision/index.md", "\nLEAK\n"))
    state = up.after(
        lambda s: s.replace("protocols/index.md", "Nobody", "No one"), "protocols/index"
    )
    assert ("build-stopped", None) in kinds(state)
    assert "it sank while writing" in up.said
    assert up.pages()["vision/index.html"] == good
    assert "No one speaks" in up.pages()["protocols/index.html"]
    state = up.after(lambda s: s.replace("vision/index.md", "LEAK", "Mended."))
    assert state["findings"] == []
    assert up.pages() == clean(up.source, tmp_path / "clean")


SHOWN: dict[str, tuple[Edit, tuple[str, str | None]]] = {
    "a link to nothing": (
        lambda s: s.append("protocols/index.md", "\nSee [there](nowhere.md).\n"),
        ("page-reference", "protocols/index.md"),
    ),
    "a record without its link": (
        lambda s: s.without_option("protocols/index.md", "PRO_BOAT_TALK", "strengthens"),
        ("protocol-strengthens", "protocols/index.md"),
    ),
}


@pytest.mark.parametrize(("spoil", "finding"), SHOWN.values(), ids=SHOWN)
def test_a_finding_stays_until_it_is_mended(
    up: Previewed, spoil: Edit, finding: tuple[str, str | None]
) -> None:
    """Also when the page it is on is not read again, because another one was saved."""
    state = up.after(spoil)
    assert finding[0] in {kind for kind, _ in kinds(state)}, state
    first = kinds(state)
    if finding[1]:
        assert finding in first
    state = up.after(lambda s: s.append("glossary/index.md", "\nAnd so on.\n"), "glossary/index")
    assert kinds(state) == first
    assert "And so on." in up.get("/glossary/index.html")[1]
    state = up.after(_restore)
    assert state["findings"] == []


# ------------------------------------------------------------------------- begin and end


def test_nothing_good_yet(faulty_kit: Path, tmp_path: Path) -> None:
    """A manual that cannot be built at all is told on a page of the preview's own."""
    source = copy(TINY, tmp_path / "source")
    source.append("glossary/index.md", "\nHOLE\n")
    with preview(source, tmp_path / "preview", faulty_kit) as up:
        status, page = up.get("/")
        assert (status, "The manual is not there yet" in page) == (200, True)
        assert up.get("/_static/scripts/preview.js")[0] == 200
        assert "build-stopped" in {kind for kind, _ in kinds(up.status())}
        state = up.after(_restore)
        assert state["findings"] == []
        assert "Mathematics on Tern Rock" in up.get("/")[1]


def test_it_begins_where_it_ended(tmp_path: Path) -> None:
    """Findings and pages survive an end, and what was edited in between is built."""
    source, output = copy(TINY, tmp_path / "source"), tmp_path / "preview"
    source.append("protocols/index.md", "\nSee [there](nowhere.md).\n")
    with preview(source, output) as up:
        first = kinds(up.status())
    assert up.process.returncode == 0
    assert ("page-reference", "protocols/index.md") in first
    page = output / "html" / "progress" / "index.html"
    written = page.stat().st_mtime_ns
    source.append("glossary/index.md", "\nAnd so on.\n")
    with preview(source, output) as up:
        assert kinds(up.status()) == first
        assert "And so on." in up.get("/glossary/index.html")[1]
        assert page.stat().st_mtime_ns == written
        assert "Traceback" not in up.said


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl+C", "told to end"])
def test_it_ends_wholly(sign: signal.Signals, tmp_path: Path) -> None:
    """With exit code 0, in silence, and with every process that it started."""
    with preview(copy(TINY, tmp_path / "source"), tmp_path / "preview") as up, up.listening():
        os.kill(up.process.pid, sign)
        assert up.process.wait(30) == 0
        assert "Traceback" not in up.said
        soon(lambda: not _alive(up.process.pid), "its processes are gone", 10)


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_search_follows_when_there_is_time(up: Previewed) -> None:
    entry = soon(lambda: up.get("/pagefind/pagefind-entry.json")[0] == 200, "search is indexed")
    assert entry
    assert up.get("/pagefind/pagefind.js")[0] == 200


def test_published_pages_know_nothing_of_it(published_site: Path) -> None:
    assert not list(published_site.rglob("preview.js"))
    for page in published_site.rglob("*.html"):
        assert "preview.js" not in page.read_text(encoding="utf-8"), page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--source", "nowhere"), "There is no folder nowhere"),
        (("--port", "70000"), "70000"),
        (("--output", "tests"), "holds other files"),
    ],
    ids=["no source", "no port", "somebody's folder"],
)
def test_wrong_use(words: tuple[str, ...], said: str) -> None:
    ended = real_manual("preview", "--kit", KIT, *words)
    assert ended.code == 2
    assert said in ended.err
    assert "Traceback" not in ended.err


def test_a_port_in_use_is_said(up: Previewed, tmp_path: Path) -> None:
    words = ("--source", TINY, "--output", tmp_path / "preview", "--port", str(up.port))
    ended = real_manual("preview", "--kit", KIT, *words)
    assert ended.code == 2
    assert f"Port {up.port} is in use" in ended.err
