"""Plain `sphinx-build` works too, and building again gives what a clean build gives."""

from __future__ import annotations

import multiprocessing
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sites import KIT, SAMPLE, TINY, TODAY, Break, Source, copy
from tests.sphinx_ext.html import page, pages


def sphinx_build(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sphinx", *map(str, words)],
        cwd=KIT,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def test_plain_sphinx_build(tmp_path: Path) -> None:
    """As in the README: the sample, with Sphinx's own search, and no warning."""
    done = sphinx_build("-c", ".", SAMPLE, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    assert "ERROR" not in done.stderr
    out = tmp_path / "out"
    assert "birch" in (out / "searchindex.js").read_text(encoding="utf-8")
    search = page(out / "search.html")
    scripts = [attrs["src"] for tag, attrs in search.tags if tag == "script" and "src" in attrs]
    assert any("searchtools" in src for src in scripts)
    assert any("searchindex" in src for src in scripts)
    home = page(out / "index.html")
    assert not any("search" in a.get("src", "") and "index" in a["src"] for _, a in home.tags)


def test_finding_is_told_in_the_log_at_its_place(tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    source.replace("vision/talk.md", ":realises: VIS_TABLE\n", "")
    done = sphinx_build("-W", "--keep-going", "-c", ".", source.root, tmp_path / "out")
    assert done.returncode == 1
    line = source.line_of_record("vision/talk.md", "OBJ_TALK")
    assert f"{source.root}/vision/talk.md:{line}: ERROR: OBJ_TALK: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("builder", ["dirhtml", "dummy", "xml", "gettext"])
def test_other_builders_do_not_fail(builder: str, tmp_path: Path) -> None:
    done = sphinx_build("-b", builder, "-c", ".", TINY, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


# ------------------------------------------------------------------------------- building again

PLAN, SCHOOL, TALK = "schools/pier/plan.csv", "schools/pier/index.md", "vision/talk.md"


def swap(file: str, old: str, new: str) -> Break:
    return lambda source: source.replace(file, old, new)


def new_school(source: Source) -> None:
    text = source.read(SCHOOL).replace("PIER", "ROCK").replace("Pier", "Rock")
    source.write("schools/rock/index.md", text)
    source.write("schools/rock/plan.csv", source.read(PLAN).replace("PIER", "ROCK"))
    source.replace("schools/index.md", "pier/index\n", "pier/index\nrock/index\n")


def no_exemplar(source: Source) -> None:
    source.remove("exemplars/index.md")
    source.replace("index.md", "exemplars/index\n", "")


#: One of each way in which an edit reaches other pages; tests/freshness has every class of edit.
EDITS: dict[str, Break] = {
    "status of an action in a table": swap(PLAN, ",active,", ",done,"),
    "row taken out": lambda source: source.write(
        PLAN, "\n".join(source.read(PLAN).splitlines()[:-1]) + "\n"
    ),
    "title of a protocol": swap("protocols/index.md", "# Boat talk", "# Talk on a boat"),
    "role is held": swap("vision/index.md", ":status: vacant", ":status: filled"),
    "thresholds": swap("district.toml", "review_months = 18", "review_months = 1"),
    "colour": swap("district.toml", "#5B2A86", "#7A1F5C"),
    "new school": new_school,
    "page taken out": no_exemplar,
}


#: Each build has a process of its own, as in life: extensions change their own settings while they
#: run, and a second build in one process writes everything again. The server has them loaded.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["sphinx.cmd.build", "myst_parser.parsers.sphinx_", "sphinx_needs.needs", "sphinx_design"]
)


def run_sphinx(words: list[str]) -> None:
    from sphinx.cmd.build import main

    sys.exit(main(words))


def build(source: Source, out: Path, *more: str) -> dict[str, bytes]:
    """Build into a folder, or build again what is in it; gives what a reader gets.

    Without Sphinx's own search index, as a published site is: it keeps deleted words for ever.
    """
    settings = ("-D", f"manual_today={TODAY}", "-D", "manual_search=pagefind")
    words = ["-q", "-c", str(KIT), *settings, *more, str(source.root), str(out)]
    process = PROCESSES.Process(target=run_sphinx, args=(words,))
    process.start()
    process.join(timeout=120)
    assert process.exitcode == 0
    left_out = (".doctrees", ".buildinfo")
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and not path.relative_to(out).as_posix().startswith(left_out)
    }


@dataclass(frozen=True)
class Built:
    """A built copy of the tiny district, put back before each test.

    Always at the same place: elsewhere Sphinx would read everything again.
    """

    place: Path
    pristine: Path
    files: dict[str, bytes]

    @property
    def source(self) -> Source:
        return Source(self.place / "source")

    @property
    def out(self) -> Path:
        return self.place / "out"


@pytest.fixture(scope="module")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("built")
    source = copy(TINY, root / "work" / "source")
    files = build(source, root / "work" / "out")
    shutil.copytree(root / "work", root / "pristine")
    return Built(root / "work", root / "pristine", files)


@pytest.fixture
def built(_built: Built) -> Built:
    shutil.rmtree(_built.place)
    shutil.copytree(_built.pristine, _built.place)
    return _built


@pytest.mark.parametrize("edit", EDITS)
def test_building_again_gives_what_a_clean_build_gives(
    edit: str, built: Built, tmp_path: Path
) -> None:
    EDITS[edit](built.source)
    again = build(built.source, built.out)
    clean = build(built.source, tmp_path / "clean")
    assert again != built.files, "the edit changes nothing"
    assert {path for path in clean if again.get(path) != clean[path]} == set()
    # Sphinx leaves the page of a source that is gone; publishing always builds in an empty folder.
    assert set(again) - set(clean) <= {"exemplars/index.html"}


def test_status_in_a_plan_changes_the_coverage_page(built: Built) -> None:
    """And a page that shows nothing of it is not written again."""
    times = {path: path.stat().st_mtime_ns for path in pages(built.out)}
    coverage = built.out / "progress" / "index.html"
    assert ">1 active<" in coverage.read_text(encoding="utf-8")
    built.source.replace(PLAN, ",active,", ",paused,")
    build(built.source, built.out)
    assert ">2 paused<" in coverage.read_text(encoding="utf-8")
    written = {
        path.relative_to(built.out).as_posix()
        for path, time in times.items()
        if path.stat().st_mtime_ns != time
    }
    assert {"progress/index.html", "schools/pier/index.html", "vision/talk.html"} <= written
    assert "exemplars/index.html" not in written


def test_two_processes_give_the_same(tmp_path: Path) -> None:
    """Read and written by two processes at once, with what they know put together."""
    source = copy(TINY, tmp_path / "source")
    alone = build(source, tmp_path / "alone")
    together = build(source, tmp_path / "together", "-j", "2")
    assert {path for path in alone if alone[path] != together.get(path)} == set()
