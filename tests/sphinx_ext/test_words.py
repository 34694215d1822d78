"""Words of the glossary in pages: where they become links, and marks that lead nowhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.sites import KIT, TINY, TODAY, Source, check, copy, manual

TALK = """\
# Number talk

:::{term}
:id: TERM_NUMBER_TALK
:owner: ROLE_HEAD
:stage: STAGE_SET
:audiences: teacher
:reviewed: 2030-08-20
:also: counting circle
:aligns_with: STD_ARGUE

A number talk is ten minutes with one sum. A number talk needs no paper.
:::

It helps students {word}`explain <to explain>`.
"""
ACCESS = """\
# Access

:::{term}
:id: TERM_ACCESS
:owner: ROLE_HEAD
:stage: STAGE_SET
:audiences: teacher
:reviewed: 2030-08-20
:linking: marked
:aligns_with: STD_ARGUE

A way in.
:::
"""
FILLING = "And so on. " * 150
PAGE = f"""\
# A guide to the number talk

**Number talks:** a number
talk, and another number talk. `number talk` *number talk*

## The number talk in print

:::{{figure}} boat.png
:alt: A boat.
Caption of a number talk.
:::

| number talk | day |
| --- | --- |
| one Counting Circle | Monday |

## Written links

The [talk](../glossary/number-talk.md), then a number talk.

## Marks

{{word}}`access`, {{word}}`two talks <number talks>`, then a number talk; access.

## Buttons

:::{{card}} Card
:link: https://tern-rock.example/
A number talk.
:::

## Inside others

Numbers talk, number talker, co-number talk.

{FILLING}
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    made = copy(TINY, tmp_path_factory.mktemp("words") / "source")
    made.write("glossary/number-talk.md", TALK)
    made.write("glossary/access.md", ACCESS)
    made.append("glossary/index.md", "\n:::{toctree}\n:hidden:\nnumber-talk\naccess\n:::\n")
    made.write("guide/index.md", PAGE)
    (made.root / "guide" / "boat.png").write_bytes(
        (KIT / "source/exemplars/sharing-brownies/student-a-deal-and-split.png").read_bytes()
    )
    made.replace("index.md", "learning/index\n", "learning/index\nguide/index\n")
    made.replace("protocols/index.md", "Nobody speaks.", "Nobody speaks. It is no number talk.")
    made.replace("protocols/index.md", "Go round", "*A number talk?* Go round")
    return made


@pytest.fixture(scope="module")
def site(source: Source) -> Path:
    out = source.root.parent / "out"
    words = ("build", "--kit", KIT, "--source", source.root, "--output", out, "--today", TODAY)
    said = manual(*words)
    assert said.code == 0, said.out + said.err
    return out


def links(html: str) -> list[tuple[str, str, bool]]:
    """(text, where it leads, made by the kit) of each link to a word."""
    found = re.findall(
        r'<a class="([^"]*word-link[^"]*)" href="([^"]*)"[^>]*>(.*?)</a>', html, re.S
    )
    return [
        (re.sub("<.*?>", "", text).replace("\n", " "), href, "--auto" in classes)
        for classes, href, text in found
    ]


def section(site: Path, anchor: str) -> str:
    html = (site / "guide/index.html").read_text(encoding="utf-8")
    return html.partition(f'<section id="{anchor}">')[2].partition("<section")[0]


AUTO = ("number talk", "../glossary/number-talk.html#TERM_NUMBER_TALK", True)


def test_the_first_mention_that_is_neither_name_nor_code_nor_speech(site: Path) -> None:
    html = (site / "guide/index.html").read_text(encoding="utf-8")
    first = html.partition("<section id=")[2].partition("<section")[0]
    assert links(first) == [AUTO]
    assert "<strong>Number talks:</strong> a <a" in first


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        ("the-number-talk-in-print", [("Counting Circle", *AUTO[1:])]),
        ("written-links", [("talk", "../glossary/number-talk.html", False)]),
        (
            "marks",
            [
                ("access", "../glossary/access.html#TERM_ACCESS", False),
                ("two talks", AUTO[1], False),
            ],
        ),
        ("buttons", []),
        ("inside-others", []),
    ],
)
def test_each_part_of_a_page(
    site: Path, anchor: str, expected: list[tuple[str, str, bool]]
) -> None:
    html = section(site, anchor)
    assert html
    assert links(html) == expected


def test_no_link_on_the_page_of_the_word_and_no_link_by_itself_for_a_marked_one(
    site: Path,
) -> None:
    html = (site / "glossary/number-talk.html").read_text(encoding="utf-8")
    assert links(html) == [("explain", "index.html#TERM_EXPLAIN", False)]
    assert "#TERM_ACCESS" not in section(site, "written-links")


def test_in_steps_too(site: Path) -> None:
    html = (site / "protocols/index.html").read_text(encoding="utf-8")
    assert links(html) == [AUTO]


def test_a_mention_counts_as_use(site: Path) -> None:
    html = (site / "glossary/number-talk.html").read_text(encoding="utf-8")
    used = html.partition('class="used-in"')[2]
    assert "mentioned in 2 pages" in used
    assert "A guide to the number talk" in used
    assert "Boat talk" in used


def test_meanings_lie_in_one_file(site: Path) -> None:
    meanings = json.loads((site / "words.json").read_text(encoding="utf-8"))
    assert set(meanings) == {"TERM_ACCESS", "TERM_EXPLAIN", "TERM_NUMBER_TALK"}
    assert meanings["TERM_NUMBER_TALK"] == {
        "word": "Number talk",
        "means": "A number talk is ten minutes with one sum. A number talk needs no paper.",
        "url": "glossary/number-talk.html#TERM_NUMBER_TALK",
    }


def test_the_script_comes_only_where_a_word_is_linked(site: Path) -> None:
    def loads(page: str) -> bool:
        return "scripts/words.js" in (site / page).read_text(encoding="utf-8")

    assert loads("guide/index.html")
    assert not loads("vision/index.html")


@pytest.mark.parametrize(
    ("mark", "fix"),
    [
        ("{word}`to explane`", "Did you mean 'To explain'?"),
        ("{word}`say it <To explian>`", "Did you mean 'To explain'?"),
        ("{word}`zebra`", "Check its spelling, write an entry for it, or name it"),
    ],
)
def test_a_mark_without_entry_is_found_at_its_line(tmp_path: Path, mark: str, fix: str) -> None:
    broken = copy(TINY, tmp_path / "source")
    broken.append("exemplars/index.md", f"\nOne line.\n\nAnother, {mark}.\n")
    (found,) = check(broken).findings
    line = broken.line("exemplars/index.md", "Another")
    assert (found["kind"], found["file"], found["line"]) == (
        "word-missing",
        "exemplars/index.md",
        line,
    )
    assert found["fix"].startswith(fix)


def test_two_words_with_one_form_are_found(tmp_path: Path) -> None:
    broken = copy(TINY, tmp_path / "source")
    broken.write("glossary/talk.md", TALK.replace("counting circle", "to explain"))
    broken.append("glossary/index.md", "\n:::{toctree}\n:hidden:\ntalk\n:::\n")
    (found,) = check(broken).findings
    assert (found["kind"], found["file"], found["line"]) == ("word-twice", "glossary/talk.md", 3)


@pytest.mark.parametrize(
    ("option", "fix"), [("linking: never", "See docs"), ("alsoo: talk", "Did you mean 'also'?")]
)
def test_options_of_a_word_are_checked(tmp_path: Path, option: str, fix: str) -> None:
    broken = copy(TINY, tmp_path / "source")
    broken.replace("glossary/index.md", ":aligns_with:", f":{option}\n:aligns_with:")
    (found,) = check(broken).findings
    assert found["fix"].startswith(fix)


def test_the_sample_uses_no_word_that_is_not_settled(published_site: Path) -> None:
    rows = json.loads((published_site / "data" / "gaps.json").read_text(encoding="utf-8"))
    assert rows
    assert [row for row in rows if row["rule"] == "Word used but not settled"] == []
