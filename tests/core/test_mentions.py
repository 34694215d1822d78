"""Where a page links to words: once in each part, never what it is about or links to already."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.mentions import SHORT_PAGE, Named, Passage, Prose, mentions, split
from living_manual.core.vocabulary import Vocabulary
from tests.build_manual import rec

VOCABULARY = Vocabulary((rec("TERM_TASK", title="Rich task"), rec("TERM_TALK", title="Talk")))
LEADS = {"glossary/task": "TERM_TASK"}
LONG = Passage(9, "and " * SHORT_PAGE)


def at(prose: Prose, *own: str) -> list[tuple[int, str]]:
    """(number of the passage, word) of each link."""
    return [(each.passage, each.term) for each in mentions(prose, VOCABULARY, own, LEADS)]


def prose(*passages: Passage, **more: list) -> Prose:  # type: ignore[type-arg]
    return Prose(list(passages), **more)


TWICE = (Passage(1, "A rich task. A rich task."), Passage(2, "Rich tasks and talk."))


def test_a_short_page_links_each_word_once() -> None:
    assert at(prose(*TWICE)) == [(0, "TERM_TASK"), (1, "TERM_TALK")]


def test_a_long_page_links_each_word_once_in_each_part() -> None:
    assert at(prose(*TWICE, LONG)) == [(0, "TERM_TASK"), (1, "TERM_TASK"), (1, "TERM_TALK")]


def test_no_link_to_what_the_page_is_about() -> None:
    assert at(prose(*TWICE, LONG), "TERM_TASK") == [(1, "TERM_TALK")]


@pytest.mark.parametrize("target", ["TERM_TASK", "glossary/task"])
def test_no_link_in_a_part_where_the_writer_made_one(target: str) -> None:
    assert at(prose(*TWICE, LONG, links=[(2, target)])) == [(0, "TERM_TASK"), (1, "TERM_TALK")]
    assert at(prose(*TWICE, links=[(2, target)])) == [(1, "TERM_TALK")]


def test_a_marked_word_counts_as_a_link() -> None:
    named = [Named(2, "rich tasks", "a.md", 1), Named(2, "nothing", "a.md", 1)]
    assert at(prose(*TWICE, LONG, named=named)) == [(0, "TERM_TASK"), (1, "TERM_TALK")]


def test_no_link_where_none_may_stand() -> None:
    assert at(prose(Passage(1, "Rich task", open=False), TWICE[1])) == [
        (1, "TERM_TASK"),
        (1, "TERM_TALK"),
    ]


@given(st.lists(st.sampled_from(["rich", "task", "Talk", " ", "\n", "s", "-", "."]), max_size=40))
def test_the_text_stays_as_it_was(words: list[str]) -> None:
    text = "".join(words)
    found = mentions(prose(Passage(0, text)), VOCABULARY, (), {})
    parts = split(text, [(each.start, each.end) for each in found])
    assert "".join(part for part, _ in parts) == text
    assert [part for part, link in parts if link] == [text[m.start : m.end] for m in found]
    assert len({each.term for each in found}) == len(found)
