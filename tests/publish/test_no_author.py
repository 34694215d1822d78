"""A repository of several authors: they are counted exactly, and named in no published file."""

from __future__ import annotations

import gzip
import html
import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest

from tests.data.authors import (
    BRIT,
    BRIT_AT_HOME,
    LI,
    MAILMAP,
    OMAR,
    ROBOT,
    ZOE,
    ZOE_AT_HOME,
    commit,
    git,
    needles,
    with_line,
)
from tests.freshness.site import District
from tests.sites import KIT, TINY, TODAY, Source, manual
from tests.sphinx_ext.test_fragility import Plain, authors, check, check_facilitation, table

PAGE = "# If somebody left\n\n" + "".join(
    f":::{{{name}}}\n:::\n\n"
    for name in ("fragility", "role-drills", "single-points", "facilitation")
)
LISTED = "\n:::{toctree}\n:hidden:\nfragility\n:::\n"


def with_page(source: Source) -> Source:
    """The district with a page that shows everything about fragility."""
    source.write("progress/fragility.md", PAGE)
    source.append("progress/index.md", LISTED)
    return source


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny district, written by four people in every way that git knows."""
    root = tmp_path_factory.mktemp("repository")
    shutil.copytree(TINY, root / "source")
    source = with_page(Source(root / "source"))
    (root / ".mailmap").write_text(MAILMAP, encoding="utf-8")
    git(root, "init", "--quiet")
    commit(root, ZOE, "2030-08-01")
    with_line(source.root / "exemplars" / "index.md", "\nMore to come.")
    source.replace("schools/pier/plan.csv", "Boat talk on Fridays", "Boat talk on Mondays")
    commit(root, LI, "2030-08-02")
    with_line(source.root / "glossary" / "index.md", "\nFrom home.")
    commit(root, ZOE_AT_HOME, "2030-08-03")
    (source.root / "vision" / "talk.md").rename(source.root / "vision" / "talking.md")
    source.replace("vision/index.md", "\ntalk\n", "\ntalking\n")
    commit(root, OMAR, "2030-08-04")
    with_line(source.root / "protocols" / "index.md", "\nWritten by two.")
    trailer = f"Two of us\n\nCo-authored-by: {BRIT_AT_HOME.name} <{BRIT_AT_HOME.address}>"
    commit(root, ZOE, "2030-08-05", trailer)
    with_line(source.root / "schools" / "index.md", "\nTidy.")
    commit(root, ROBOT, "2030-08-06")
    git(root, "switch", "--quiet", "--create", "side")
    source.replace("learning/sessions.csv", "Bring a hat.", "Bring two hats.")
    commit(root, BRIT, "2030-08-07")
    git(root, "switch", "--quiet", "main")
    with_line(root / "README.md", "Read me")
    commit(root, LI, "2030-08-08")
    git(root, "merge", "--quiet", "--no-ff", "side", "--message", "Merge", by=OMAR)
    return root


def published(source: Path, site: Path) -> Path:
    words = ("--kit", KIT, "--source", source, "--site", site, "--today", TODAY)
    said = manual("publish", *words)
    assert said.code == 0, said.out + said.err
    assert not leaks(said.out + said.err)
    return (site / "current").resolve()


@pytest.fixture(scope="module")
def release(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(repository / "source", tmp_path_factory.mktemp("site"))


def leaks(text: str) -> set[str]:
    """The names and addresses that a text holds, however they are escaped."""
    folded = text.casefold()
    return {
        needle
        for needle in needles()
        for form in (needle, json.dumps(needle)[1:-1], html.escape(needle), ascii(needle)[1:-1])
        if form.casefold() in folded
    }


def contents(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """A file as it is, and everything packed in it, as (name, text)."""
    for encoding in ("utf-8", "utf-16-le", "latin-1"):
        yield name, data.decode(encoding, "replace")
    if data[:2] == b"\x1f\x8b":
        yield from contents(f"{name}:unpacked", gzip.decompress(data))
    elif data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for member in packed.namelist():
                yield from contents(f"{name}:{member}", packed.read(member))
    elif data[:5] == b"%PDF-":
        read = pypdf.PdfReader(io.BytesIO(data))
        yield f"{name}:text", "\n".join(page.extract_text() for page in read.pages)
        yield f"{name}:facts", repr(read.metadata)


def found_in(folder: Path) -> dict[str, set[str]]:
    """Every file with a name or an address in it; names of files count too."""
    return {
        name: found
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for name, text in contents(path.relative_to(folder).as_posix(), path.read_bytes())
        if (found := leaks(f"{name}\n{text}"))
    }


def test_findings_are_exactly_the_expected_ones(repository: Path, release: Path) -> None:
    single = table(release / "data" / "single-points.csv")
    assert [row["page"] for row in single if row["kind"] == "page"] == [
        "glossary/index",
        "schools/index",
    ]
    areas = {row["area"]: row for row in table(release / "data" / "fragility.csv")}
    assert {
        name: (row["pages_by_one_person"], row["pages"], row["people_to_lose_half"])
        for name, row in areas.items()
    } == {
        "Vision": ("0", "2", "2"),
        "Words": ("1", "1", "1"),
        "Protocols": ("0", "1", "2"),
        "Exemplars": ("0", "1", "2"),
        "Schools": ("1", "2", "2"),
        "Learning": ("0", "1", "2"),
    }
    day = next(row["day"] for row in single if row["page"] == "schools/index")
    assert day == "2030-08-06"


def test_numbers_agree_with_git_asked_for_each_file(repository: Path, release: Path) -> None:
    from datetime import date

    plain = Plain(repository / "source", date.fromisoformat(TODAY))
    wrote = {page: set().union(*map(authors, files)) for page, files in plain.pages()}
    assert sum(map(len, wrote.values())) == 14
    check(plain, release, wrote)
    check_facilitation(plain, release)


def test_no_name_or_address_is_in_any_file_of_a_release(release: Path) -> None:
    assert found_in(release.parent.parent) == {}


def test_search_finds_what_is_packed(release: Path) -> None:
    """What this search overlooks would prove nothing."""
    found = {
        name.partition(":")[0].rpartition(".")[2]
        for path in release.rglob("*")
        if path.is_file()
        for name, text in contents(path.relative_to(release).as_posix(), path.read_bytes())
        if "oat talk" in text and (":" in name or path.suffix in (".html", ".csv", ".json"))
    }
    assert {"html", "csv", "json", "xlsx", "pdf", "pf_fragment"} <= found
    for person in (ZOE, LI, BRIT_AT_HOME):
        assert leaks(f"… {person.name} …") | leaks(person.address.upper())
        assert leaks(json.dumps([person.name, person.address]))


def test_nothing_is_kept_between_builds(repository: Path, tmp_path: Path) -> None:
    made = District(tmp_path / "source")
    shutil.copytree(repository, tmp_path / "all")
    (tmp_path / "all" / "source").rename(made.root)
    (tmp_path / "all" / ".git").rename(tmp_path / ".git")
    (tmp_path / "all" / ".mailmap").rename(tmp_path / ".mailmap")
    assert made.built().findings == ()
    assert "Nothing is said" not in (made.output / "progress/fragility.html").read_text("utf-8")
    assert (made.trees / "environment.pickle").exists()
    assert found_in(made.trees) == {}
    assert found_in(made.output) == {}


def test_publishing_again_changes_nothing(repository: Path, release: Path) -> None:
    words = ("--kit", KIT, "--source", repository / "source", "--today", TODAY)
    said = manual("publish", *words, "--site", release.parent.parent)
    assert "Nothing has changed" in said.out


@pytest.mark.parametrize(
    ("kind", "note"),
    [
        ("shallow", "only the newest part of the history"),
        ("no repository", "not kept in git"),
        ("no git", "has no git"),
    ],
)
def test_without_the_whole_history_the_page_says_so(
    kind: str, note: str, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    if kind == "shallow":
        git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{repository}", "copy")
    else:
        shutil.copytree(repository, tmp_path / "copy", ignore=shutil.ignore_patterns(".git"))
    if kind == "no git":
        monkeypatch.setenv("PATH", os.fspath(tmp_path))
    site = published(tmp_path / "copy" / "source", tmp_path / "site")
    text = (site / "progress" / "fragility.html").read_text("utf-8")
    assert note in text
    assert "Written by one person alone" not in text
    rows = table(site / "data" / "fragility.csv")
    assert {row["pages"] + row["people_to_lose_half"] for row in rows} == {""}
    assert all(row["kind"] != "page" for row in table(site / "data" / "single-points.csv"))
    assert found_in(site) == {}
