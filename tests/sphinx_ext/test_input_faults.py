"""Faults of input: each gives one finding at its file and line, and nothing is published.

Each case spoils a copy of the tiny district in one way, then publishes it and checks it.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.freshness.disks import read_only, small_disk
from tests.freshness.site import picture
from tests.sites import KIT, TINY, TODAY, Break, Said, Source, check, copy, manual

WORD, TALK, VISION = "glossary/index.md", "vision/talk.md", "vision/index.md"
SCHOOL, PLAN = "schools/pier/index.md", "schools/pier/plan.csv"
PROTOCOL, TOML = "protocols/index.md", "district.toml"
PICTURE = "glossary/pictures/gull.png"


class Row(NamedTuple):
    """A way to spoil, and the finding: its kind, its file, and words of its line."""

    spoil: Break
    kind: str
    file: str
    words: str | int


def swap(file: str, old: str, new: str) -> Break:
    return lambda source: source.replace(file, old, new)


def add(file: str, text: str) -> Break:
    return lambda source: source.append(file, text)


def write(file: str, text: str) -> Break:
    return lambda source: source.write(file, text)


def utf_16(file: str) -> Break:
    return lambda source: (source.root / file).write_bytes(source.read(file).encode("utf-16"))


def latin_1(file: str, old: str, new: str) -> Break:
    return lambda source: source.latin_1(file, old, new)


def both(*breaks: Break) -> Break:
    def spoil(source: Source) -> None:
        for each in breaks:
            each(source)

    return spoil


def shown(data: bytes, *, name: str = PICTURE) -> Break:
    """A page that shows a picture of these bytes."""

    def spoil(source: Source) -> None:
        (source.root / name).parent.mkdir(exist_ok=True)
        (source.root / name).write_bytes(data)
        source.append(WORD, f"\n![A gull](pictures/{Path(name).name})\n")

    return spoil


def record(title: str, *options: str, fence: str = ":::") -> str:
    lines = [f"\n{fence}{{term}} {title}", *options, "", "Said.", fence, ""]
    return "\n".join(lines)


OPTIONS = (":owner: ROLE_HEAD", ":stage: STAGE_SET", ":audiences: teacher", ":reviewed: 2030-08-20")
GULL = (":id: TERM_GULL", *OPTIONS)
STANDARD = "\n:::{standard} %s\n:id: %s\n:kind: smp\n:part_of: %s\n\nSaid.\n:::\n"

ROWS: dict[str, Row] = {
    "a meaning lab on a page of no word": Row(
        add("learning/index.md", "\n:::{meaning-lab}\n:::\n"),
        "lab-without-word",
        "learning/index.md",
        ":::{meaning-lab}",
    ),
    # encodings
    "a page in Latin-1": Row(
        latin_1(WORD, "a reason", "a café"), "page-unreadable", WORD, "To say a"
    ),
    "a page in UTF-16": Row(utf_16(WORD), "page-unreadable", WORD, 1),
    "a table in Latin-1": Row(
        latin_1(PLAN, "Boat talk on", "Café on"), "table-unreadable", PLAN, "ACT_PIER_01"
    ),
    "a table in UTF-16": Row(utf_16(PLAN), "table-unreadable", PLAN, 1),
    "settings in UTF-16": Row(utf_16(TOML), "settings-unreadable", TOML, 1),
    "an included text in Latin-1": Row(
        both(
            add(WORD, "\n:::{include} hint.txt\n:::\n"),
            write("glossary/hint.txt", "Bring\na hat.\n"),
            latin_1("glossary/hint.txt", "hat", "chapeau d'été"),
        ),
        "page-unreadable",
        "glossary/hint.txt",
        2,
    ),
    "a NUL byte in a page": Row(
        swap(WORD, "a reason", "a\0reason"), "page-unreadable", WORD, "To say"
    ),
    "a NUL byte in a table": Row(
        swap(PLAN, "Boat talk", "Boat\0talk"), "table-unreadable", PLAN, "ACT_PIER_01"
    ),
    "a NUL byte in the settings": Row(
        swap(TOML, "nobody", "no\0body"), "settings-unreadable", TOML, "no\0body"
    ),
    # filters and lists of links
    "a filter with a syntax error": Row(
        add(WORD, "\n:::{needtable}\n:filter: type ==\n:::\n"), "filter", WORD, ":filter:"
    ),
    "a filter that opens and does not close": Row(
        add(WORD, "\n```{needlist}\n---\nfilter: id in [\n---\n```\n"), "filter", WORD, "filter:"
    ),
    "a count with a syntax error": Row(
        add(WORD, "\nSo many:\n{need_count}`type ==`.\n"), "filter", WORD, "{need_count}"
    ),
    "a share with a syntax error": Row(
        add(WORD, "\nThat is {need_count}`type=='term' ? type==`.\n"), "filter", WORD, "That is"
    ),
    "need_outgoing of nothing": Row(
        add(WORD, "\nSee {need_outgoing}`TERM_GULL`.\n"), "page-reference", WORD, "See"
    ),
    "need_incoming of nothing": Row(
        add(WORD, "\nSee {need_incoming}`TERM_GULL`.\n"), "page-reference", WORD, "See"
    ),
    # cycles
    "a cyclic list of pages": Row(
        add(SCHOOL, "\n:::{toctree}\n:hidden:\n../index\n:::\n"),
        "page-list-cycle",
        SCHOOL,
        "../index",
    ),
    "a visible cyclic list of pages": Row(
        add(SCHOOL, "\n:::{toctree}\nThe first page </index>\n:::\n"),
        "page-list-cycle",
        SCHOOL,
        "The first page",
    ),
    "a list of pages that names its page": Row(
        add(SCHOOL, "\n:::{toctree}\n:hidden:\nindex\n:::\n"),
        "page-list-cycle",
        SCHOOL,
        ":::{toctree}",
    ),
    "a page that includes itself": Row(
        add(WORD, "\n:::{include} index.md\n:::\n"), "include-cycle", WORD, ":::{include}"
    ),
    "texts that include one another": Row(
        both(
            add(WORD, "\n:::{include} a.txt\n:::\n"),
            write("glossary/a.txt", "```{include} b.txt\n```\n"),
            write("glossary/b.txt", "Well.\n\n:::{include} /glossary/a.txt\n:::\n"),
        ),
        "include-cycle",
        "glossary/b.txt",
        ":::{include}",
    ),
    "cyclic links": Row(
        both(
            add(WORD, STANDARD % ("One", "STD_ONE", "STD_OTHER")),
            add(WORD, STANDARD % ("Other", "STD_OTHER", "STD_ONE")),
        ),
        "link-cycle",
        WORD,
        ":::{standard} One",
    ),
    "a record that links to itself": Row(
        add(WORD, STANDARD % ("One", "STD_ONE", "STD_ONE")), "link-cycle", WORD, ":::{standard}"
    ),
    # records
    "no id": Row(swap(SCHOOL, ":id: ACT_PIER_02\n", ""), "missing-id", SCHOOL, ":::{action}"),
    "no id in a record that others link to": Row(
        swap(WORD, ":id: TERM_EXPLAIN\n", ""), "missing-id", WORD, ":::{term}"
    ),
    "an id used twice": Row(
        add(WORD, record("Again", ":id: TERM_EXPLAIN", *OPTIONS)),
        "duplicate-id",
        WORD,
        ":::{term} Again",
    ),
    "a blank line before the options": Row(
        swap(WORD, "{term}\n:id", "{term}\n\n:id"), "missing-id", WORD, ":::{term}"
    ),
    "a blank line between the options": Row(
        swap(SCHOOL, ":status: planned", "\n:status: planned"), "option-as-text", SCHOOL, ":status:"
    ),
    "a backtick in a title": Row(
        add(WORD, record("A `gull", *GULL, fence="```")), "backtick-in-title", WORD, "A `gull"
    ),
    "two backticks in a title": Row(
        add(WORD, record("A `gull`", *GULL, fence="```")), "backtick-in-title", WORD, "A `gull`"
    ),
    # fences
    "a fence that is not closed": Row(
        swap(WORD, "add to.\n:::\n", "add to.\n"), "block-not-closed", WORD, ":::{term}"
    ),
    "a fence that is not closed, and one after it": Row(
        swap(TALK, "Asked on Fridays.\n:::\n", "Asked on Fridays.\n"),
        "block-not-closed",
        TALK,
        ":::{key_result} Nine",
    ),
    "code that is not closed": Row(
        swap(TALK, "## Key results", "```\n\n## Key results"), "block-not-closed", TALK, "```"
    ),
    "code in a list that is not closed": Row(
        add(WORD, "\n- One\n\n  ```python\n  print()\n"), "block-not-closed", WORD, "```python"
    ),
    "a fence inside one as long": Row(
        swap(SCHOOL, "Families hear", ":::{note}\nHear.\n:::\n\nFamilies hear"),
        "block-not-closed",
        SCHOOL,
        ":::{action}",
    ),
    "steps inside steps as long": Row(
        both(swap(PROTOCOL, "::::{steps}", ":::{steps}"), swap(PROTOCOL, "\n::::\n", "\n:::\n")),
        "block-not-closed",
        PROTOCOL,
        ":::{steps}",
    ),
    "a fence closed twice": Row(
        swap(WORD, "add to.\n:::\n", "add to.\n:::\n\n:::\n"), "block-not-closed", WORD, 14
    ),
    "a fence that is not closed on the first page": Row(
        add("index.md", "\n:::{note}\nSo.\n"), "block-not-closed", "index.md", ":::{note}"
    ),
    # pictures and names
    "an empty picture": Row(shown(b""), "picture-unreadable", WORD, "![A gull]"),
    "a picture cut off": Row(shown(picture(7)[:-9]), "picture-unreadable", WORD, "![A gull]"),
    "a picture with a wrong byte": Row(
        shown(picture(7).replace(b"IDAT", b"IDAS")), "picture-unreadable", WORD, "![A gull]"
    ),
    "a picture that is none": Row(
        shown(b"<html>Not found</html>", name="glossary/pictures/gull.jpg"),
        "picture-unreadable",
        WORD,
        "![A gull]",
    ),
    "a drawing cut off": Row(
        shown(b"<svg xmlns='http://www.w3.org/2000/svg'><g>", name="glossary/pictures/gull.svg"),
        "picture-unreadable",
        WORD,
        "![A gull]",
    ),
    "a picture without words": Row(
        both(shown(picture(7)), swap(WORD, "![A gull]", "![]")), "image-without-alt", WORD, "![]"
    ),
    "a figure without words": Row(
        both(
            shown(picture(7)),
            swap(
                WORD, "![A gull](pictures/gull.png)", ":::{figure} pictures/gull.png\n\nGull\n:::"
            ),
        ),
        "image-without-alt",
        WORD,
        ":::{figure}",
    ),
    "names of pages that differ by case only": Row(
        both(
            write("vision/Talk.md", "# Talk\n"),
            swap(VISION, "\ntalk\n", "\ntalk\nTalk\n"),
        ),
        "name-case",
        TALK,
        1,
    ),
    "names of folders that differ by case only": Row(
        write("Vision/notes.txt", "Notes.\n"), "name-case", VISION, 1
    ),
    # what is not there
    "a file to take along that is not there": Row(
        add(WORD, "\nTake {download}`it <gull.pdf>`.\n"), "page-reference", WORD, "Take"
    ),
    "an included text that is not there": Row(
        add(WORD, "\n:::{include} hint.txt\n:::\n"), "page-reference", WORD, ":::{include}"
    ),
    "a number with an underscore": Row(
        swap("learning/sessions.csv", ",4.5,", ",1_0,"),
        "table-number",
        "learning/sessions.csv",
        "1_0",
    ),
}


def publish(source: Source, site: Path) -> Said:
    words = ("--kit", KIT, "--source", source.root, "--site", site, "--today", TODAY)
    said = manual("publish", *words)
    assert "Traceback" not in said.out + said.err
    return said


@pytest.mark.parametrize("row", ROWS.values(), ids=[name.replace(" ", "_") for name in ROWS])
def test_one_finding_at_its_place_and_nothing_published(row: Row, tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    row.spoil(source)
    line = row.words if isinstance(row.words, int) else source.line(row.file, row.words)
    said = check(source)
    assert said.err == ""
    found = [(each["kind"], each["file"], each["line"]) for each in said.findings]
    assert found == [(row.kind, row.file, line)]
    (one,) = said.findings
    for text in (one["message"], one["fix"]):
        assert len(text) > 10
        assert str(source.root) not in text, f"a path of this machine: {text}"
    said = publish(source, tmp_path / "site")
    assert said.code == 1
    assert f"{row.file}:{line}" in said.out
    assert_nothing_published(tmp_path / "site")


def assert_nothing_published(site: Path) -> None:
    assert not (site / "current").exists()
    assert not list(site.glob("releases/*"))
    assert not list(site.glob(".work/*"))


@pytest.mark.parametrize("left", [0, 4, 60, 400, 1200, 2000], ids=lambda left: f"{left}_kB")
def test_a_full_disk_is_said_in_plain_words(
    left: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site, and what a build needs on the way, on a disk without room."""
    source = copy(TINY, tmp_path / "source")
    with small_disk(tmp_path / "disk", "24m") as disk:
        for name in ("site", "tmp"):
            (disk / name).mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(disk / "tmp"))
        filler = disk / "filler"
        filler.write_bytes(bytes(max(shutil.disk_usage(disk).free - left * 1024, 0)))
        said = publish(source, disk / "site")
        assert said.code in (1, 2)
        assert "disk is full" in said.out + said.err
        assert_nothing_published(disk / "site")
        filler.unlink()
        assert publish(source, disk / "site").code == 0


def test_a_site_folder_nobody_may_write_to(tmp_path: Path) -> None:
    source, site = copy(TINY, tmp_path / "source"), tmp_path / "site"
    assert publish(source, site).code == 0
    before = (site / "current").resolve()
    source.replace(TALK, "Asked on Fridays.", "Asked on Mondays.")
    with read_only(site):
        said = publish(source, site)
    assert said.code == 2
    assert str(site) in said.err
    assert "written" in said.err or "write" in said.err
    assert (site / "current").resolve() == before
    assert publish(source, site).code == 0
    assert (site / "current").resolve() != before
