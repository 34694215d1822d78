"""Words in the forms that people write: found whole, the longest first, and nowhere else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from living_manual.core.english import plurals
from living_manual.core.vocabulary import Phrases, Vocabulary, check_forms
from tests.build_manual import rec

TERMS = (
    rec("TERM_NUMBER", title="Number"),
    rec("TERM_NUMBER_TALK", title="Number talk"),
    rec("TERM_STRATEGY", title="Strategy"),
    rec("TERM_PLC", title="PLC", also=("professional learning community", "learning team")),
    rec("TERM_LOOK_FOR", title="Look-for"),
    rec("TERM_STUDENTS_WORK", title="Students' work"),
    rec("TERM_ACCESS", title="Access", linking="marked"),
    rec("TERM_SENSE", title="Sense-making", also="sense making, making sense"),
)
VOCABULARY = Vocabulary(TERMS)


def found(text: str) -> list[str]:
    """What is found in a text, as it stands there."""
    return [text[start:end] for start, end, _ in VOCABULARY.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A number talk a day.", ["number talk"]),
        ("A number, then a talk.", ["number"]),
        ("NUMBER TALKS and number-talks", ["NUMBER TALKS", "number-talks"]),
        ("number\ntalk", ["number\ntalk"]),
        ("Strategies, strategy's and strategys", ["Strategies", "strategy"]),
        ("a PLC, the PLCs, plc", ["PLC", "PLCs", "plc"]),
        ("professional learning communities", ["professional learning communities"]),
        ("numbered, renumber, number_line", []),
        ("co-number, number-sense", []),
        ("number.org, a@number, /number/, #number", []),
        ("(number) “number” number.", ["number", "number", "number"]),
        ("Look for it: the look-for and two look‑fors", ["look-for", "look‑fors"]),
        ("students’ work and students' work", ["students’ work", "students' work"]),
        ("Access for all.", []),
        (
            "sense making, sense-making, making sense",
            ["sense making", "sense-making", "making sense"],
        ),
        ("", []),
    ],
)
def test_finds_whole_words(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("number talk", "TERM_NUMBER_TALK"),
        ("Number-Talks", "TERM_NUMBER_TALK"),
        ("look for", "TERM_LOOK_FOR"),
        ("access", "TERM_ACCESS"),
        ("Learning teams", "TERM_PLC"),
        ("rigour", None),
        ("", None),
    ],
)
def test_a_name_leads_to_its_word(name: str, term: str | None) -> None:
    assert VOCABULARY.term(name) == term


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("numer talk", "Number talk"),
        ("profesional learning comunity", "professional learning community"),
        ("xylophone", None),
    ],
)
def test_the_nearest_spelling(name: str, near: str | None) -> None:
    assert VOCABULARY.nearest(name) == near


@pytest.mark.parametrize(
    ("phrase", "language", "expected"),
    [
        ("task", "en", ("tasks",)),
        ("rich task", "en-CA", ("rich tasks",)),
        ("strategy", "en", ("strategies",)),
        ("day", "en", ("days",)),
        ("box", "en", ("boxes",)),
        ("approach", "en", ("approaches",)),
        ("PLC", "en", ("PLCs",)),
        ("grade 5", "en", ()),
        ("tâche", "fr", ()),
        ("", "en", ()),
    ],
)
def test_plurals(phrase: str, language: str, expected: tuple[str, ...]) -> None:
    assert plurals(phrase, language) == expected


def test_of_two_words_with_one_form_the_first_is_meant_and_it_is_said() -> None:
    terms = (
        rec("TERM_A", title="Routine"),
        rec("TERM_B", title="Habit", also=("routine", "habit")),
        rec("TERM_C", title="habit"),
    )
    vocabulary = Vocabulary(terms)
    assert vocabulary.term("routine") == "TERM_A"
    assert vocabulary.term("habit") == "TERM_B"
    said = [(each.kind, each.file, each.message, each.fix) for each in check_forms(terms)]
    assert said == [
        (
            "word-twice",
            "pages/term_c.md",
            "TERM_C: 'habit' is already a form of TERM_B.",
            "Give one of the two another title.",
        ),
        (
            "word-twice",
            "pages/term_b.md",
            "TERM_B: 'routine' is already a form of TERM_A.",
            "Take it out of `:also:`.",
        ),
    ]


def test_a_plural_takes_no_form_away_that_somebody_wrote() -> None:
    terms = (rec("TERM_A", title="Glass"), rec("TERM_B", title="Glasses"))
    assert Vocabulary(terms).term("glasses") == "TERM_B"


WORDS = st.text("abİıſßK é-'’", min_size=1, max_size=6)


@given(st.lists(WORDS, max_size=6), st.lists(WORDS | st.sampled_from(" .,(\n"), max_size=20))
@example(["i"], ["ı", " ", "İ", " ", "i"])
@example(["ss"], ["ß"])
def test_never_inside_a_longer_word_and_never_overlapping(
    phrases: list[str], parts: list[str]
) -> None:
    text = "".join(parts)
    at = 0
    for start, end, meaning in Phrases({phrase: phrase for phrase in phrases}).find(text):
        assert at <= start < end
        at = end
        assert meaning in phrases
        assert not re.search(r"[\w-]\Z", text[:start])
        assert not re.match(r"[\w-]", text[end:])


@given(st.lists(WORDS.filter(lambda word: any(map(str.isalnum, word))), min_size=1, max_size=6))
def test_every_word_is_known_by_each_of_its_forms(titles: list[str]) -> None:
    terms = [rec(f"TERM_{n}X", title=title) for n, title in enumerate(titles)]
    vocabulary = Vocabulary(terms)
    for title in titles:
        assert vocabulary.term(title) is not None


def as_written(value: Any) -> Vocabulary:
    return Vocabulary([rec("TERM_A", title="Alpha", also=value)])


@pytest.mark.parametrize("value", ["one, two", ("one", " two "), ["one", "", "two"]])
def test_other_forms_as_text_or_list(value: Any) -> None:
    assert [form.text for form in as_written(value).forms] == ["Alpha", "one", "two"]
