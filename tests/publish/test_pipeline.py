"""`manual publish` as a whole: another district, killed at any moment, the same bytes twice."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import IO

import pytest

from living_manual.edges.site_folder import SiteFolder
from tests.sites import KIT, SAMPLE, TINY, TODAY, Said, Source, command, copy, manual, real_manual

TIDY = {".edition", ".lock", ".work", "current", "releases"}


def publish(source: Path, site: Path, *more: str | Path) -> Said:
    """Publish in this process."""
    words = ("publish", "--kit", KIT, "--source", source, "--site", site, "--today", TODAY)
    return manual(*words, *more)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def check_tidy(site: Path) -> None:
    """Nothing is left over, and every release is as it was sealed."""
    folder = SiteFolder(site)
    assert {path.name for path in site.iterdir()} <= TIDY
    assert not list((site / ".work").iterdir())
    for release_id in folder.release_ids():
        assert folder.verify(release_id) == []


# ---------------------------------------------------------------------- another district


@pytest.fixture(scope="module")
def tiny_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second, small district in a folder of its own, published by the real command.

    The command is run from outside the kit, so that nothing but `--kit` leads to it.
    """
    root = tmp_path_factory.mktemp("district")
    source = copy(TINY, root / "our manual")
    words = ("publish", "--kit", KIT, "--source", source.root, "--site", root / "site")
    said = real_manual(*words, "--today", TODAY, cwd=root)
    assert (said.code, said.out.splitlines()[0][:17]) == (0, "Published release"), said
    return root / "site"


def test_another_district_is_published(tiny_site: Path) -> None:
    live = tiny_site / "current"
    home = (live / "index.html").read_text(encoding="utf-8")
    assert "Mathematics on Tern Rock" in home
    assert "Tern Rock" in home
    assert (live / "pagefind" / "pagefind.js").is_file()
    pier = (live / "schools" / "pier" / "index.html").read_text(encoding="utf-8")
    for record_id in ("SCH_PIER", "ACT_PIER_01", "ACT_PIER_02", "ACT_PIER_03"):
        assert pier.count(f'id="{record_id}"') == 1
    check_tidy(tiny_site)


def test_nothing_of_the_sample_is_in_another_district(tiny_site: Path) -> None:
    """Names of the sample district are written nowhere in code or templates."""
    for path, content in files(tiny_site / "current").items():
        if not path.startswith("pagefind/"):
            assert not re.search(rb"alder[ -]?valley", content, re.IGNORECASE), path


def test_settings_of_the_district_reach_its_pages(tiny_site: Path) -> None:
    live = tiny_site / "current"
    home = (live / "index.html").read_text(encoding="utf-8")
    for words in ("Tern Rock School District", "Handbook", "nobody sails alone"):
        assert words in home
    colours = (live / "_static" / "district.css").read_text(encoding="utf-8").upper()
    assert "#5B2A86" in colours
    assert "#C9A7EB" in colours


class Addresses(HTMLParser):
    """Every address a page names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "link" and named.get("rel") == "canonical":
            return  # names the public address, and is not loaded
        for name in ("href", "src", "action", "data-src", "poster", "srcset"):
            if named.get(name) is not None:
                self.found.append(named[name] or "")


def test_site_works_under_any_path(tiny_site: Path, published_site: Path) -> None:
    """No address starts at the host's root or names a host: a site may be put in any folder.

    Only what another program opens is named in full: a mailbox, and a calendar to subscribe to.
    """
    for live in (tiny_site / "current", published_site):
        pages = [path for path in live.rglob("*.html") if "pagefind" not in path.parts]
        assert len(pages) >= 10
        for page in pages:
            for address in Addresses(page.read_text(encoding="utf-8")).found:
                whole = re.match(r"/|(?!mailto:|webcal:)[a-z][a-z0-9+.-]*:", address)
                assert not whole, f"{page}: {address}"
        for style_sheet in live.rglob("*.css"):
            for address in re.findall(
                r"url\(\s*['\"]?([^'\")]+)", style_sheet.read_text(encoding="utf-8")
            ):
                assert not re.match(r"/|https?:", address), f"{style_sheet}: {address}"


# --------------------------------------------------------------------------- again and again


def test_nothing_changed(tmp_path: Path) -> None:
    site = tmp_path / "site"
    first = publish(TINY, site)
    (release,) = (site / "releases").iterdir()
    assert f"Published release {release.name}" in first.out
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*") if path.name != ".lock"}
    again = publish(TINY, site)
    assert again.code == 0
    assert f"Nothing has changed since release {release.name}" in again.out
    assert "nothing new was published" in again.out
    assert list((site / "releases").iterdir()) == [release]
    assert before[site / "current"] == (site / "current").stat().st_mtime_ns
    check_tidy(site)


def test_five_releases_are_kept(tmp_path: Path) -> None:
    source, site = copy(TINY, tmp_path / "source"), tmp_path / "site"
    ids = []
    for number in range(7):
        source.write("index.md", source.read("index.md").replace("small", f"small {number}", 1))
        assert publish(source.root, site).code == 0
        ids.append((site / "current").readlink().name)
    assert sorted(path.name for path in (site / "releases").iterdir()) == ids[2:]
    check_tidy(site)


def test_deleted_page_is_gone_in_the_next_release(tmp_path: Path) -> None:
    source, site = copy(TINY, tmp_path / "source"), tmp_path / "site"
    source.write("glossary/gull.md", "# Gull\n\nA bird that eats chalk.\n")
    source.append("glossary/index.md", "\n:::{toctree}\n:hidden:\ngull\n:::\n")
    assert publish(source.root, site).code == 0
    assert (site / "current" / "glossary" / "gull.html").is_file()
    source.remove("glossary/gull.md")
    source.replace("glossary/index.md", "\n:::{toctree}\n:hidden:\ngull\n:::\n", "")
    source.write("redirects.csv", "from,to,why\nglossary/gull,gone,No gull is left.\n")
    assert publish(source.root, site).code == 0
    left = (site / "current" / "glossary" / "gull.html").read_text(encoding="utf-8")
    assert "No gull is left." in left
    assert "A bird that eats chalk" not in left


def test_second_publisher_is_told_to_wait(tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert publish(TINY, site).code == 0
    with SiteFolder(site).lock():
        said = real_manual("publish", "--source", TINY, "--site", site)
    assert said.code == 2
    assert "Somebody is publishing" in said.err
    assert "Traceback" not in said.err


# ----------------------------------------------------------------------------- killed


@pytest.fixture(scope="module")
def old_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with five releases, so that the next publish also takes one away."""
    root = tmp_path_factory.mktemp("old")
    source, site = copy(TINY, root / "source"), root / "site"
    for number in range(5):
        source.append("index.md", f"\nOld words, {number}.\n")
        assert publish(source.root, site).code == 0
    return site


@pytest.fixture(scope="module")
def new_files(old_site: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a clean publish of the new words serves: the same wherever its source and site lie."""
    root = tmp_path_factory.mktemp("new")
    source, site = with_new_words(root / "source"), root / "site"
    shutil.copytree(old_site, site, symlinks=True)
    assert publish(source.root, site).code == 0
    return files(site / "current")


def with_new_words(folder: Path) -> Source:
    source = copy(TINY, folder)
    source.append("index.md", "\nNew words.\n")
    return source


def follow(pipe: IO[bytes], words: str, out: Path, timeout: float = 120) -> None:
    """Read what a process says until it says these words; `out` holds what else it says."""
    seen, deadline = b"", time.monotonic() + timeout
    while words.encode() not in seen:
        assert time.monotonic() < deadline, f"{words!r} was never said: {seen.decode()}"
        more = pipe.read1(4096)  # type: ignore[attr-defined]
        assert more, f"ended before it said {words!r}: {seen.decode()} {out.read_text('utf-8')}"
        seen += more


#: When the publisher is killed: after it said these words, and so many seconds more.
MOMENTS = [
    ("", 0.05),  # Python starts
    ("", 0.4),
    ("Publishing", 0.0),
    ("Reading", 0.0),
    ("Reading", 0.5),  # Sphinx is loaded
    ("Indexing", 0.0),
    ("Indexing", 0.02),
    ("Sealing", 0.0),
    ("Sealing", 0.01),
    ("Sealing", 0.03),  # may have switched
]


@contextmanager
def reader(live: Path) -> Iterator[list[str]]:
    """A client that reads the live site without pause; gives what went wrong.

    Each time round it reads one release: the link is followed once, as a web server does for one
    request, and what the pages of that release hold must fit together.
    """
    wrong: list[str] = []
    rounds, stop = [0], threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                home = (live / "index.html").read_bytes()
                records = (live / "records.json").read_bytes()
                folder = live.resolve(strict=True)
                listed = (folder / "release.json").read_bytes()
                index = (folder / "index.html").read_bytes()
            except OSError as error:
                wrong.append(str(error))
                continue
            if not (home.rstrip().endswith(b"</html>") and records.rstrip().endswith(b"}")):
                wrong.append("half a file")
            if b'"index.html"' not in listed or b"words" not in index:
                wrong.append(f"{folder.name} is not whole")
            rounds[0] += 1

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield wrong
    finally:
        stop.set()
        thread.join()
    assert rounds[0] > 10


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
@pytest.mark.parametrize(
    ("words", "more"), MOMENTS, ids=[f"{w or 'start'}+{m}" for w, m in MOMENTS]
)
def test_killed(
    words: str, more: float, old_site: Path, new_files: dict[str, bytes], tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shutil.copytree(old_site, site, symlinks=True)
    old, before = (site / "current").readlink(), files(site / "current")
    source = with_new_words(tmp_path / "source")
    line = command("publish", "--source", source.root, "--site", site, "--today", TODAY)
    with (
        reader(site / "current") as wrong,
        (tmp_path / "said").open("w+b") as said,
        subprocess.Popen(line, cwd=KIT, stderr=subprocess.PIPE, stdout=said) as run,
    ):
        assert run.stderr
        if words:
            follow(run.stderr, words, tmp_path / "said")
        time.sleep(more)
        run.kill()
        code = run.wait(timeout=60)
        run.stderr.read()
    assert wrong == []
    now = (site / "current").readlink()
    if now == old:
        assert code == -signal.SIGKILL
        assert files(site / "current") == before
    else:  # only at the very end: the switch was done, and the new release is whole
        assert words == "Sealing"
        assert SiteFolder(site).verify(now.name) == []
        assert "New words" in (site / "current" / "index.html").read_text(encoding="utf-8")

    again = publish(source.root, site)
    assert again.code == 0, again
    assert "New words" in (site / "current" / "index.html").read_text(encoding="utf-8")
    check_tidy(site)
    assert files(site / "current") == new_files


# ------------------------------------------------------------------------- the same bytes


def git(folder: Path, *words: str | Path) -> None:
    who = ("-c", "user.name=A writer", "-c", "user.email=writer@example.org")
    subprocess.run(["git", *who, *map(str, words)], cwd=folder, check=True, capture_output=True)


def test_two_clones_publish_the_same_bytes(tmp_path: Path) -> None:
    """Two clean clones of one commit, in folders of other names, by processes that differ."""
    origin = tmp_path / "origin"
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(KIT / "extensions", origin / "extensions", ignore=ignored)
    shutil.copytree(SAMPLE, origin / "source")
    for name in ("conf.py", "ubproject.toml"):
        shutil.copy(KIT / name, origin)
    git(origin, "init", "--quiet")
    git(origin, "add", ".")
    git(origin, "commit", "--quiet", "--message", "The manual")

    running = []
    for number, name in enumerate(("a", "another folder/of the manual")):
        clone = tmp_path / name
        git(tmp_path, "clone", "--quiet", origin, clone)
        environment = os.environ | {
            "PYTHONPATH": str(clone / "extensions"),
            "PYTHONHASHSEED": str(number + 1),
            "TZ": ("Pacific/Kiritimati", "Pacific/Pago_Pago")[number],
            "LC_ALL": ("C", "C.UTF-8")[number],
            "TMPDIR": str(tmp_path),
        }
        line = command("publish", "--today", "2026-11-21")
        running.append(
            (clone, subprocess.Popen(line, cwd=clone, env=environment, stderr=subprocess.DEVNULL))
        )
    for _, process in running:
        assert process.wait(timeout=300) == 0
    one, two = (files(clone / "site" / "current") for clone, _ in running)
    assert len(one) > 100
    assert sorted(one) == sorted(two)
    assert [path for path in one if one[path] != two[path]] == []
    digests = {(clone / "site" / "current").readlink().name.split("-")[-1] for clone, _ in running}
    assert len(digests) == 1


def test_release_names_its_day_and_content(tmp_path: Path) -> None:
    """The label at the foot of a page changes with the source, and not with the time."""
    source = copy(TINY, tmp_path / "source")

    def label(source: Source) -> str:
        site = tmp_path / f"site-{time.monotonic_ns()}"
        assert publish(source.root, site).code == 0
        found = re.search(
            r"Release\s+(?:<[^>]+>)*([0-9a-f]{7})", (site / "current" / "index.html").read_text()
        )
        assert found
        return found[1]

    first = label(source)
    assert label(source) == first
    source.append("glossary/index.md", "\nMore.\n")
    assert label(source) != first
