"""School years that are over stay reachable, whole and apart; releases can be verified."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.publish.addresses import district, publish
from tests.sites import Source, copy, manual

YEAR = "archive/2030-31"


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district that kept its first year, lost a protocol, and published again."""
    root = tmp_path_factory.mktemp("archives")
    source = district(root / "source")
    assert publish(source, root / "site").code == 0
    said = manual("archive", "--source", source.root, "--site", root / "site")
    assert (said.code, "The archive 2030-31 is kept" in said.out) == (0, True), said
    source.append("glossary/index.md", "\nAnd to ask back.\n")
    assert publish(source, root / "site").code == 0
    return root


@pytest.fixture
def again(archived: Path, tmp_path: Path) -> tuple[Source, Path]:
    """The same, to be changed."""
    shutil.copytree(archived / "site", tmp_path / "site", symlinks=True)
    return copy(archived / "source", tmp_path / "source"), tmp_path / "site"


def test_the_year_stays_reachable_under_a_banner(archived: Path) -> None:
    live = archived / "site" / "current"
    pages = [path for path in (live / YEAR).rglob("*.html") if "pagefind" not in path.parts]
    assert len(pages) >= 10
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.count('class="archive-banner"') == 1
        assert "This is the manual of 2030-31, kept as it was." in text
        assert '<meta name="robots" content="noindex">' in text
        assert 'rel="canonical"' not in text
        today = re.search(r'class="archive-today" href="([^"]*)"', text)
        assert today
        assert (page.parent / today[1]).resolve() == live.resolve() / page.relative_to(live / YEAR)
    assert "And to ask back." not in (live / YEAR / "glossary/index.html").read_text("utf-8")
    assert "And to ask back." in (live / "glossary" / "index.html").read_text("utf-8")


def test_every_link_of_an_archive_leads_somewhere(archived: Path) -> None:
    """Links stay inside, but for calendars and feeds: a phone must not subscribe to a dead one."""
    live = (archived / "site" / "current").resolve()
    outside = set()
    for page in (live / YEAR).rglob("*.html"):
        for href in re.findall(r'(?:href|src)="([^"#?:]+)["#?]', page.read_text(encoding="utf-8")):
            target = (page.parent / href).resolve()
            assert target.exists(), f"{page}: {href}"
            if not target.is_relative_to(live / YEAR):
                outside.add(target.relative_to(live).as_posix())
    assert {name for name in outside if name.startswith("calendar/")}
    assert not {name for name in outside if not name.endswith((".html", ".ics", ".atom"))}
    for left_out in ("feeds", "calendar", "release.json", "addresses.json", "archive"):
        assert not (live / YEAR / left_out).exists()


def test_readers_find_the_year(archived: Path) -> None:
    live = archived / "site" / "current"
    home = (live / "index.html").read_text(encoding="utf-8")
    assert '<a href="archive/index.html">Earlier school years</a>' in home
    assert 'href="2030-31/index.html"' in (live / "archive" / "index.html").read_text("utf-8")
    inside = (live / YEAR / "protocols" / "trio.html").read_text(encoding="utf-8")
    assert "Earlier school years" not in inside or '../../../archive/index.html"' in inside


def test_the_archive_searches_itself_and_the_manual_does_not(archived: Path) -> None:
    live = archived / "site" / "current"
    counts = [
        json.loads((live / folder / "pagefind/pagefind-entry.json").read_text())["languages"]["en"][
            "page_count"
        ]
        for folder in (".", YEAR)
    ]
    assert counts[0] == counts[1]


def test_releases_share_the_files_of_an_archive(again: tuple[Source, Path]) -> None:
    source, site = again
    source.append("glossary/index.md", "\nAnd to ask once more.\n")
    assert publish(source, site).code == 0
    shown = site / "current" / YEAR / "records.json"
    assert shown.samefile(site / "archives" / "2030-31" / "records.json")
    assert "Nothing has changed" in publish(source, site).out
    said = manual("verify", "--site", site, "--all")
    assert (said.code, said.out.count("is as it was sealed")) == (0, 4), said
    assert manual("rollback", "--site", site).code == 0


def test_a_page_of_the_year_that_is_gone_today(again: tuple[Source, Path]) -> None:
    """The banner leads to the start where today's manual does not know the page at all."""
    source, site = again
    fresh = site.parent / "fresh"
    source.remove("protocols/trio.md")
    source.replace("protocols/index.md", ":::{toctree}\n:hidden:\ntrio\n:::\n", "")
    source.replace("learning/sessions.csv", ",PRO_TRIO,", ",PRO_BOAT_TALK,")
    assert publish(source, fresh).code == 0
    kept = ("archive", "--site", fresh, "--from", site / "current", "2029-30")
    assert manual(*kept).code == 0
    assert publish(source, fresh).code == 0
    old = (fresh / "current/archive/2029-30/protocols/trio.html").read_text(encoding="utf-8")
    assert '<a class="archive-today" href="../../../index.html">See the manual of today</a>' in old


def test_an_archive_is_removed_with_a_reason(again: tuple[Source, Path]) -> None:
    source, site = again
    words = ("archive", "2030-31", "--source", source.root, "--site", site, "--remove")
    assert "Say with --why" in manual(*words).err
    assert manual(*words, "--why", "It held a wrong plan.").code == 0
    assert publish(source, site).code == 0
    live = site / "current"
    assert "It held a wrong plan." in (live / YEAR / "index.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in (live / YEAR).iterdir()) == ["index.html"]
    assert (live / "_redirects").read_text(encoding="utf-8") == (
        f"/handbook/{YEAR}/* /handbook/{YEAR}/index.html 301\n"
    )
    assert "No earlier year is kept." in (live / "archive/index.html").read_text(encoding="utf-8")
    assert "Nothing has changed" in publish(source, site).out


def test_an_archive_that_vanished_stops_the_publish(again: tuple[Source, Path]) -> None:
    source, site = again
    for folder in (site / "archives").rglob("*"):
        if folder.is_dir():
            folder.chmod(0o755)
    shutil.rmtree(site / "archives")
    said = publish(source, site)
    assert said.code == 1
    assert "archive/2030-31/index.html" in said.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["../up"], "cannot be the name"),
        (["2030-31"], "There is an archive 2030-31 already"),
        (
            ["2001-02", "--remove", "--why", "No."],
            "There is no archive 2001-02. Kept are: 2030-31.",
        ),
    ],
    ids=["a name that is no name", "twice", "not there"],
)
def test_wrong_use(archived: Path, words: list[str], told: str) -> None:
    said = manual("archive", "--source", archived / "source", "--site", archived / "site", *words)
    assert (said.code, told in said.err) == (2, True), said


# -------------------------------------------------------------------------------- verify


def spoil(file: Path) -> None:
    file.chmod(0o644)
    file.write_text("Something else.\n", encoding="utf-8")


def remove(file: Path) -> None:
    file.parent.chmod(0o755)
    file.unlink()


def add(file: Path) -> None:
    file.parent.chmod(0o755)
    (file.parent / "added.html").write_text("More.\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (spoil, "altered: schools/index.html"),
        (remove, "missing: schools/index.html"),
        (add, "not of the release: schools/added.html"),
    ],
)
@pytest.mark.parametrize("copied", [False, True], ids=["in the site folder", "copied out"])
def test_verify_names_what_differs(
    again: tuple[Source, Path], tmp_path: Path, harm: object, told: str, copied: bool
) -> None:
    _, site = again
    folder = site / "current"
    words: list[str | Path] = ["--site", site]
    if copied:
        shutil.copytree(folder.resolve(), tmp_path / "host")
        folder, words = tmp_path / "host", ["--folder", tmp_path / "host"]
    assert manual("verify", *words).code == 0
    harm((folder / "schools" / "index.html").resolve())  # type: ignore[operator]
    said = manual("verify", *words)
    assert (said.code, told in said.out) == (1, True), said


def test_verify_sees_a_list_that_was_made_to_fit(again: tuple[Source, Path]) -> None:
    _, site = again
    live = (site / "current").resolve()
    spoil(live / "index.html")
    listed = json.loads((live / "release.json").read_text())
    listed["files"] = [row for row in listed["files"] if row["path"] != "index.html"]
    (live / "release.json").chmod(0o644)
    (live / "release.json").write_text(json.dumps(listed))
    said = manual("verify", "--site", site)
    assert (said.code, "release.json" in said.out) == (1, True), said


@pytest.mark.parametrize(
    ("words", "told"),
    [(["2001"], "There is no release 2001"), (["--folder", "."], "has no release.json")],
)
def test_verify_of_what_is_not_there(archived: Path, words: list[str], told: str) -> None:
    said = manual("verify", "--site", archived / "site", *words)
    assert (said.code, told in said.err) == (2, True), said


# --------------------------------------------------------------------------------- carried


def test_old_parts_of_the_search_index_are_carried(archived: Path) -> None:
    """What a page opened before goes on loading is there; it is no part of the content."""
    site = archived / "site"
    first, second = sorted((site / "releases").iterdir())[:2]
    listed = json.loads((second / "release.json").read_text())
    carried = {row["path"]: row["of"] for row in listed["carried"]}
    assert {path.split("/")[1] for path in carried} >= {"fragment", "index"}
    assert set(carried.values()) == {first.name}
    for path in carried:
        assert (second / path).read_bytes() == (first / path).read_bytes()
    assert not {row["path"] for row in listed["files"]} & set(carried)
