"""Two editions from one source, through the command: the public one holds nothing of staff."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sites import KIT, TINY, TODAY, Said, Source, check, copy, manual

#: Words of the tiny district that only staff see, by where they stand.
STAFF = {
    "a page": "one goat visits",
    "a table": "no phones",
    "a row": "Bring a hat",
    "a record": "Counted by the head",
    "an id": "KR_TUESDAYS",
    "a block": "who brings the kettle",
    "a span": "key under the mat",
    "a mailbox": "head@tern-rock.example",
    "a path": "schools/pier",
    "a role that is staff": "night watch",
}
PUBLIC = ("index.md", "vision/index.md", "vision/talk.md", "glossary/index.md")
MORE = ("protocols/index.md", "exemplars/index.md")


def public(source: Source, *files: str) -> None:
    """Mark pages."""
    for file in files:
        source.write(file, f"---\nedition: public\n---\n{source.read(file)}")


def marked(to: Path) -> Source:
    """The tiny district, marked for two editions: nothing to mend in either."""
    source = copy(TINY, to)
    public(source, *PUBLIC, *MORE)
    source.replace(
        "index.md",
        "- [The school](schools/pier/index.md)\n",
        "- {staff}`[The school](schools/pier/index.md), key under the mat`\n- Welcome, everybody\n",
    )
    source.append(
        "index.md", "\n% ask the harbour first\n\n:::{staff}\nSay who brings the kettle.\n:::\n"
    )
    source.replace("vision/talk.md", ":id: KR_TUESDAYS\n", ":id: KR_TUESDAYS\n:edition: staff\n")
    source.replace(
        "vision/index.md", ":id: ROLE_HEAD\n", ":id: ROLE_HEAD\n:contact: head@tern-rock.example\n"
    )
    source.append(
        "vision/index.md",
        "\n:::{role} Night watch\n:id: ROLE_WATCH\n:status: filled\n:edition: staff\n\n"
        "The night watch.\n:::\n",
    )
    return source


def build(source: Source, output: Path, *more: str) -> Said:
    words = ("build", "--kit", KIT, "--source", source.root, "--today", TODAY, "--output", output)
    return manual(*words, *more)


def texts(folder: Path) -> dict[str, str]:
    """Every file below a folder as text; the pieces of the search index are unpacked."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
            found[path.relative_to(folder).as_posix()] = data.decode("utf-8", "replace")
    return found


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return marked(tmp_path_factory.mktemp("district") / "source")


@pytest.fixture(scope="module")
def built(
    district: Source, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, str], dict[str, str]]:
    """The staff edition, and the public one built over it in the same folder."""
    output = tmp_path_factory.mktemp("both") / "html"
    said = build(district, output)
    assert said.code == 0, said
    staff = texts(output)
    said = build(district, output, "--edition", "public")
    assert said.code == 0, said
    return staff, texts(output)


def test_both_editions_have_nothing_to_mend(district: Source) -> None:
    for edition in ("staff", "public"):
        said = check(district, "--edition", edition)
        assert (said.code, said.findings) == (0, []), edition


@pytest.mark.parametrize("words", STAFF.values(), ids=STAFF)
def test_staff_words_are_in_the_staff_edition_alone(
    words: str, built: tuple[dict[str, str], dict[str, str]]
) -> None:
    staff, everybody = built
    assert any(words in text or words in name for name, text in staff.items()), words
    assert [name for name, text in everybody.items() if words in text or words in name] == []


def test_the_public_edition_holds_the_public_pages(
    built: tuple[dict[str, str], dict[str, str]],
) -> None:
    _, everybody = built
    pages = {name for name in everybody if name.endswith(".html") and "/_" not in f"/{name}"}
    assert pages == {file.replace(".md", ".html") for file in (*PUBLIC, *MORE)} | {"search.html"}
    assert "Welcome, everybody" in everybody["index.html"]
    assert "staff-only" not in everybody["index.html"]
    assert not any("ask the harbour" in text for text in everybody.values())
    ids = {record["id"] for record in json.loads(everybody["records.json"])["records"]}
    assert {"VIS_TABLE", "TERM_EXPLAIN", "KR_EXPLAIN"} <= ids
    assert not {"SCH_PIER", "ACT_PIER_02", "SES_OPENING", "DEC_TUESDAYS"} & ids


def test_the_staff_edition_marks_what_only_staff_see(
    built: tuple[dict[str, str], dict[str, str]],
) -> None:
    home = built[0]["index.html"]
    assert '<span class="staff-only"><span class="visually-hidden">Staff only: </span>' in home
    assert 'role="group" aria-label="Staff only"' in home


def test_a_source_without_marks_has_no_public_edition() -> None:
    said = check(TINY, "--edition", "public")
    assert (said.code, [found["kind"] for found in said.findings]) == (1, ["edition-home"])


# --------------------------------------------------------------------- what is to be mended

Edit = Callable[[Source], None]


def _after(file: str, words: str) -> Edit:
    return lambda source: source.append(file, f"\n{words}\n")


def _option(file: str, old: str, new: str) -> Edit:
    return lambda source: source.replace(file, old, new)


LEADS: dict[str, tuple[Edit, str, str]] = {
    "a link to a page": (
        _after("glossary/index.md", "[The school](../schools/pier/index.md)"),
        "glossary/index.md",
        "[The school]",
    ),
    "a link by its name": (
        _after("glossary/index.md", "[The school][pier]\n\n[pier]: /schools/pier/index"),
        "glossary/index.md",
        "[The school]",
    ),
    "a link to a table": (
        _after("glossary/index.md", "{download}`../schools/pier/plan.csv`"),
        "glossary/index.md",
        "{download}",
    ),
    "a page's role": (
        _after("glossary/index.md", "{doc}`the school </schools/pier/index>`"),
        "glossary/index.md",
        "{doc}",
    ),
    "a record": (
        _after("glossary/index.md", "See {need}`the school <SCH_PIER>`."),
        "glossary/index.md",
        "See {need}",
    ),
    "an id in words": (
        _after("glossary/index.md", "See SES_OPENING."),
        "glossary/index.md",
        "See SES_OPENING",
    ),
    "an option of a record": (
        _option(
            "vision/talk.md",
            "ROLE_HEAD\n:stage: STAGE_SET\n:audiences: teacher\n:reviewed: 2030-08-20\n:realises",
            "ROLE_WATCH\n:stage: STAGE_SET\n:audiences: teacher\n:reviewed: 2030-08-20\n:realises",
        ),
        "vision/talk.md",
        ":owner: ROLE_WATCH",
    ),
    "a block's argument": (
        _after("glossary/index.md", ":::{used-in} SCH_PIER\n:::"),
        "glossary/index.md",
        ":::{used-in}",
    ),
    "an included text": (
        _after("glossary/index.md", ":::{include} ../learning/index.md\n:::"),
        "glossary/index.md",
        ":::{include}",
    ),
    "a card's link": (
        _after(
            "glossary/index.md",
            ":::{card} Come\n:link: ../schools/index\n:link-type: doc\n\nx\n:::",
        ),
        "glossary/index.md",
        ":link: ",
    ),
    "a label": (
        _after("glossary/index.md", "See [the tide](#tide-table)."),
        "glossary/index.md",
        "See [the tide]",
    ),
    "a block that counts": (
        _after("glossary/index.md", ":::{coverage}\n:::"),
        "glossary/index.md",
        ":::{coverage}",
    ),
}


@pytest.mark.parametrize(("edit", "file", "words"), LEADS.values(), ids=LEADS)
def test_public_matter_that_leads_to_staff_is_told_at_its_line(
    edit: Edit, file: str, words: str, tmp_path: Path
) -> None:
    source = marked(tmp_path / "source")
    source.append(
        "schools/pier/index.md", "\n(tide-table)=\n## The tide table\n\nIt hangs there.\n"
    )
    edit(source)
    said = check(source, "--edition", "public")
    found = [(each["file"], each["line"], each["severity"]) for each in said.findings]
    assert (said.code, set(found)) == (1, {(file, source.line(file, words), "error")}), said.out
    early = [each for each in check(source).findings if each["kind"].startswith("edition-")]
    assert {(each["line"], each["severity"]) for each in early} == {(found[0][1], "warning")}
