"""Headings of a page become parts, and how far its entry is codified is told on its page."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.sites import KIT, TINY, TODAY, Source, copy, manual

WORD = "glossary/index.md"
PARTS = {
    "It looks like": "- A student points.",
    "It sounds like": "- *Because...*",
    "It feels like": "- I am heard.",
    "What it is not": "- It is not a show.",
    "Meanings people bring": "- Some mean telling.",
}


def headings(parts: Mapping[str, str]) -> str:
    return "\n" + "".join(f"\n## {name}\n\n{text}\n" for name, text in parts.items())


def build(source: Source, tmp_path: Path) -> Path:
    output = tmp_path / "site"
    words = ("--kit", KIT, "--source", source.root, "--output", output, "--today", TODAY)
    said = manual("build", *words)
    assert said.code == 0, said.out + said.err
    return output


@pytest.fixture
def tiny(tmp_path: Path) -> Source:
    source = copy(TINY, tmp_path / "source")
    source.append("progress/index.md", "\n:::{codification}\n:::\n")
    return source


Levels = dict[str, dict[str, str]]


def levels(output: Path) -> Levels:
    text = (output / "data" / "codification.csv").read_text(encoding="utf-8-sig")
    return {row["record_id"]: row for row in csv.DictReader(io.StringIO(text))}


FILLED = {
    "a picture": "![A board](board.png)",
    "a table": "| a | b |\n| - | - |\n| 1 | 2 |",
    "a deeper heading with a list": "### On the board\n\n- Two ways.",
    "a block": ":::{note}\nWith a partner.\n:::",
    "a view": ":::{record-list} objective\n:::",
}
EMPTY = {
    "nothing": "",
    "an empty point": "-",
    "a promise": "To be written.",
    "a comment": "% Ask the coach.",
    "a deeper heading alone": "### On the board",
    "the meaning lab alone": ":::{meaning-lab}\n:::",
}


WORDS = {
    f"TERM_CASE_{number}": text for number, text in enumerate([*FILLED.values(), *EMPTY.values()])
}
BLOCK = """\
# Word {id}

:::{{term}}
:id: {id}
:owner: ROLE_HEAD
:stage: STAGE_SET
:audiences: teacher
:reviewed: 2030-08-20
:aligns_with: STD_ARGUE

To say a reason.
:::
"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Levels:
    """A word for each case, all in one build."""
    root = tmp_path_factory.mktemp("many")
    source = copy(TINY, root / "source")
    source.append("progress/index.md", "\n:::{codification}\n:::\n")
    for record_id, text in WORDS.items():
        page = BLOCK.format(id=record_id) + headings({**PARTS, "What it is not": text})
        source.write(f"glossary/{record_id.lower()}.md", page)
    names = "\n".join(record_id.lower() for record_id in WORDS)
    source.append(WORD, f"\n:::{{toctree}}\n:hidden:\n{names}\n:::\n")
    picture = KIT / "source/exemplars/ratio-paint/student-b-extra-white.png"
    (source.root / "glossary/board.png").write_bytes(picture.read_bytes())
    return levels(build(source, root))


@pytest.mark.parametrize("number", range(len(WORDS)), ids=[*FILLED, *EMPTY])
def test_what_counts_as_something_below_a_heading(many: Levels, number: int) -> None:
    row = many[f"TERM_CASE_{number}"]
    if number < len(FILLED):
        assert (row["level"], row["next_level"]) == ("documented", "named")
    else:
        assert (row["level"], row["next_level"]) == ("captured", "documented")
        assert row["what_it_takes"].startswith("“What it is not” is empty. List")


def test_a_page_an_index_and_the_gaps_say_how_far(tiny: Source, tmp_path: Path) -> None:
    tiny.append(WORD, headings({**PARTS, "It feels like": ""}))
    tiny.append("index.md", "\n:::{record-list} term\n:::\n")
    output = build(tiny, tmp_path)
    page = (output / "glossary/index.html").read_text(encoding="utf-8")
    assert "How far it is codified" in page
    assert '<li class="is-reached" aria-current="step">Captured</li>' in page
    assert "Next step, documented: “It feels like” is empty. List two or three thoughts" in page
    assert 'href="../vision/index.html"' in page
    first = (output / "index.html").read_text(encoding="utf-8")
    assert "<span>Captured</span>" in first
    gaps = (output / "data" / "gaps.csv").read_text(encoding="utf-8-sig")
    assert "Word with an empty part,TERM_EXPLAIN" in gaps
    assert "Protocol with an empty part,PRO_BOAT_TALK" in gaps
    assert "Exemplar with an empty part,EX_GULLS" in gaps


def test_an_entry_on_a_card_says_how_far_too(tiny: Source, tmp_path: Path) -> None:
    output = build(tiny, tmp_path)
    page = (output / "vision/talk.html").read_text(encoding="utf-8")
    assert "Next step, documented: “Due” and “Read from” are empty." not in page
    assert "<span>Captured</span>" in page
    assert levels(output)["KR_EXPLAIN"]["what_it_takes"] == (
        "“Read from” is empty. Say it in the option source."
    )


def test_the_sample_has_no_empty_part(published_site: Path) -> None:
    """Every word, protocol and exemplar of the starter manual is whole by its own check."""
    rows = levels(published_site)
    assert len(rows) > 100
    assert {i: row["what_it_takes"] for i, row in rows.items() if row["level"] == "captured"} == {}
