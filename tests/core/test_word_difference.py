"""The wording difference: short, whole, and true to both sides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.word_difference import IN, KEPT, OUT, difference, items, shortened, spaced


def said(old: str, new: str, around: int = 100) -> str:
    """A difference as one line: [-old-] {+new+}."""
    marks = {"-": "[-{}-]", "+": "{{+{}+}}", "=": "{}", "…": "…"}
    pieces = shortened(difference(old, new), around)
    return "".join(before + marks[op].format(text) for before, (op, text) in spaced(pieces))


CASES = {
    "one word": (
        "Students talk in every unit",
        "Students argue in every unit",
        "Students [-talk-] {+argue+} in every unit",
    ),
    "words put in": (
        "Teachers learn together.",
        "Teachers and coaches learn together.",
        "Teachers {+and coaches+} learn together.",
    ),
    "words taken out": (
        "Photos, without names.",
        "Photos.",
        "Photos[-, without names-].",
    ),
    "a sign": ("Who speaks?", "Who speaks!", "Who speaks[-?-] {+!+}"),
    "a day is one word": ("2026-09-14", "2026-10-14", "[-2026-09-14-] {+2026-10-14+}"),
    "changes with one word between are one": (
        "We meet on Monday at noon in the hall",
        "We meet each Friday at four in the hall",
        "We meet [-on Monday at noon-] {+each Friday at four+} in the hall",
    ),
    "nothing in common": ("active", "paused", "[-active-] {+paused+}"),
    "from nothing": ("", "A photo of the board.", "{+A photo of the board.+}"),
    "to nothing": ("A photo of the board.", "", "[-A photo of the board.-]"),
    "little in common is shown whole": (
        "Ask one question and wait for the answer",
        "Students and teachers read the board aloud together",
        "[-Ask one question and wait for the answer-]"
        " {+Students and teachers read the board aloud together+}",
    ),
    "letters of other alphabets": (
        "Ça va bien ici",
        "Ça va très bien ici",
        "Ça va {+très+} bien ici",
    ),
    "only blanks and line ends": ("One  line\nand another", "One line and another", ""),
}


@pytest.mark.parametrize(("old", "new", "shown"), CASES.values(), ids=CASES)
def test_differences_as_people_read_them(old: str, new: str, shown: str) -> None:
    assert said(old, new) == shown


def test_what_is_far_from_a_change_is_passed_over() -> None:
    words = [f"w{number}" for number in range(40)]
    changed = [*words[:20], "new", *words[20:]]
    assert said(" ".join(words), " ".join(changed), 2) == "… w18 w19 {+new+} w20 w21 …"


texts = st.text(st.sampled_from("ab é.,-\n"), max_size=60)


@given(texts, texts)
def test_pieces_give_both_wordings_back(old: str, new: str) -> None:
    pieces = difference(old, new)

    def side(which: str) -> list[str]:
        kept = "".join(text for op, text in pieces if op in (KEPT, which))
        return kept.split()

    def bare(text: str) -> str:
        return "".join(text.split())

    if not pieces:
        assert bare(old) == bare(new)
    else:
        assert "".join(side(OUT)) == bare(old)
        assert "".join(side(IN)) == bare(new)
        assert any(op in (IN, OUT) for op, _ in pieces)


@given(texts)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert difference(text, text) == ()


@given(st.lists(st.sampled_from("abcd"), max_size=6), st.lists(st.sampled_from("abcd"), max_size=6))
def test_lists_item_by_item(old: list[str], new: list[str]) -> None:
    pieces = items(old, new)
    if old == new:
        assert pieces == ()
    else:
        assert [text for op, text in pieces if op != IN] == old
        assert [text for op, text in pieces if op != OUT] == new
