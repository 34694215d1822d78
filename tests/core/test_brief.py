"""A record on one sheet: what is taken, what is left out first, and that nothing is cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.brief import (
    SIZES,
    Brief,
    PagePart,
    PageParts,
    StepPart,
    brief,
    brief_data,
    brief_file,
    ladder,
)
from living_manual.core.brief_list import brief_list, brief_list_table
from living_manual.core.brief_text import PIECE, Run, Text, clean, first_sentences
from living_manual.core.model import Record
from tests.build_manual import manual, rec

ADDRESS = "https://manual.example.org/"


def text(words: str) -> Text:
    return (Run(words),)


def plain(runs: Text) -> str:
    return "".join(run.text for run in runs)


def part(title: str, *items: str) -> PagePart:
    name = title.lower().replace(" ", "-")
    return PagePart(name, title, items=tuple(text(item) for item in items))


VISIT = rec(
    "PRO_VISIT",
    title="Visit",
    kind="rounds",
    minutes=45,
    group="4 people",
    bring="a pen",
    purpose="See students at work.",
    reviewed="2026-10-05",
    page="protocols/visit",
    lead=True,
)
WORD = rec("TERM_TALK", title="Number talk", purpose="A short talk.", page="glossary/talk")


def sheet(record: Record, *parts: PagePart, steps: tuple[StepPart, ...] = ()) -> Brief:
    district = manual(record, name="Tern Rock", address=ADDRESS)
    return brief(district, record, PageParts(steps, parts), f"{record.page}.html")


def test_a_protocol_says_how_long_who_and_what_to_bring() -> None:
    made = sheet(VISIT)
    assert (made.kind, made.title, made.purpose) == (
        "Rounds protocol",
        "Visit",
        "See students at work.",
    )
    assert made.facts == (("Time", "45 min"), ("Group", "4 people"), ("Bring", "A pen"))
    assert made.address == "https://manual.example.org/protocols/visit.html"
    assert made.file == "briefs/protocol-visit.pdf"
    assert made.foot == "Tern Rock · Living Manual · Reviewed 5 Oct 2026"


def test_a_word_has_no_facts_and_takes_its_own_parts() -> None:
    made = sheet(WORD, part("It looks like", "One"), part("Roles", "Two"))
    assert made.facts == ()
    assert made.kind == "A word we share"
    assert [section.title for section in made.sections] == ["It looks like"]
    assert made.elsewhere == ("Roles",)


def test_without_an_address_there_is_none_to_print() -> None:
    made = brief(manual(WORD), WORD, PageParts(), "glossary/talk.html")
    assert made.address == ""
    assert brief_data(made)["shown_address"] == ""


def test_what_the_page_has_beyond_the_brief_is_said() -> None:
    stems = [f"I see {n}..." for n in range(7)]
    made = sheet(
        VISIT,
        part("When to use it", "Always."),
        part("Norms", "Be kind."),
        part("Sentence stems", *stems),
        part("For the facilitator"),
    )
    assert made.elsewhere == ("When to use it", "For the facilitator")
    assert made.shortened == ("Sentence stems",)
    assert [len(section.items) for section in made.sections] == [1, 5]


def test_a_title_of_another_record_takes_the_place_of_its_id() -> None:
    named = PagePart("norms", "Norms", items=((Run("See "), Run("TERM_TALK", names="TERM_TALK")),))
    made = brief(manual(VISIT, WORD), VISIT, PageParts((), (named,)), "x.html")
    assert plain(made.sections[0].items[0]) == "See Number talk"


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("Stop here. Then go.", "Stop here."),
        ("No stop at all", "No stop at all"),
        ("Bring 3.5 cm of tape. Cut it.", "Bring 3.5 cm of tape."),
        ("Use tools, e.g. Tiles. Then stop.", "Use tools, e.g. Tiles."),
        ("She asked: “Why? Because.” Then rest.", "She asked: “Why? Because.”"),
        ("“Say more.” Wait.", "“Say more.”"),
        ("Ask (twice). Then wait.", "Ask (twice)."),
        ("Und… Ärger.", "Und…"),
        ("", ""),
    ],
)
def test_a_first_sentence_is_whole(said: str, taken: str) -> None:
    assert plain(first_sentences(text(said), 0)) == taken


def test_more_sentences_are_taken_while_they_are_short() -> None:
    said = text("One. Two. " + "And three " * 30 + "end.")
    assert plain(first_sentences(said, 100)) == "One. Two."


def test_styles_outlive_the_cut() -> None:
    runs = (Run("Facilitator:", "strong"), Run(" keeps time. Says "), Run("stop", "emphasis"))
    assert first_sentences(runs, 0) == (Run("Facilitator: ", "strong"), Run("keeps time."))


SENTENCES = st.lists(
    st.from_regex(r"[A-Z][a-z ]{0,40}[a-z][.!?]", fullmatch=True), min_size=1, max_size=6
)


@given(SENTENCES, st.integers(0, 200))
def test_never_mid_sentence(sentences: list[str], most: int) -> None:
    taken = plain(first_sentences(text(" ".join(sentences)), most)).replace("\u200b", "")
    wholes = [" ".join(" ".join(sentences[:n]).split()) for n in range(1, len(sentences) + 1)]
    assert taken in wholes


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        pytest.param("a\x00b\x07c\x1b", "abc", id="controls"),
        pytest.param("a\n\tb\u00a0c", "a b c", id="blanks"),
        pytest.param("\u202eevil\u2066", "evil", id="turned"),
        pytest.param("\ue000\ud800x", "x", id="no letters"),
        pytest.param('#eval("1") $x$ \\ *b* `c`', '#eval("1") $x$ \\ *b* `c`', id="typst"),
        pytest.param("שלום 😀 e\u0301", "שלום 😀 é", id="scripts"),
    ],
)
def test_letters_that_are_none_are_taken_out(given_text: str, cleaned: str) -> None:
    assert clean(given_text) == cleaned


@given(st.text(max_size=200))
def test_cleaned_text_is_one_line_of_words_that_break(said: str) -> None:
    made = clean(said)
    assert not re.search(r"[\x00-\x1f\x7f]", made)
    assert all(len(piece) <= 28 for piece in re.split(r"[ \u200b]", made))
    assert clean(made) == made


def test_a_long_word_is_whole_but_for_its_breaks() -> None:
    assert clean("x" * 40).replace("\u200b", "") == "x" * 40
    assert len(clean("x" * 40).split("\u200b")[0]) == PIECE


def long_protocol() -> Brief:
    steps = tuple(StepPart(f"Step {n}", 5, "", text("Do it. Then rest.")) for n in range(4))
    return sheet(
        VISIT,
        part("Roles", "A", "B", "C"),
        part("Norms", "A", "B", "C"),
        part("Sentence stems", "A", "B", "C", "D"),
        part("Look for", "A", "B"),
        steps=steps,
    )


def test_first_the_type_gets_smaller_and_only_then_items_go() -> None:
    tries = ladder(long_protocol())
    assert [fit.size for fit in tries[: len(SIZES)]] == list(SIZES)
    assert {fit.keep for fit in tries[: len(SIZES)]} == {(3, 3, 4, 2)}
    assert {fit.size for fit in tries[len(SIZES) :]} == {min(SIZES)}
    assert min(SIZES) >= 9
    after = [fit.keep for fit in tries[len(SIZES) :]]
    assert after[:4] == [(3, 3, 3, 2), (3, 3, 2, 2), (3, 3, 2, 1), (3, 2, 2, 1)]
    assert tries[-2].keep == (0, 0, 0, 0)


def test_each_try_is_smaller_than_the_one_before() -> None:
    sizes = [(fit.size, sum(fit.keep), fit.lines) for fit in ladder(long_protocol())]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == len(sizes)


def test_what_was_left_out_is_said_to_be_on_the_page() -> None:
    last = ladder(long_protocol())[-1]
    assert not last.lines
    assert last.elsewhere == ("Roles", "Norms", "Sentence stems", "Look for")
    assert last.shortened == ("Steps",)


@pytest.mark.parametrize(
    ("record_id", "type_name", "file"),
    [
        ("PRO_LOOKING_AT_WORK", "protocol", "briefs/protocol-looking-at-work.pdf"),
        ("TERM_ACCESS", "term", "briefs/term-access.pdf"),
    ],
)
def test_a_file_is_named_by_the_id(record_id: str, type_name: str, file: str) -> None:
    assert brief_file(record_id, type_name) == file


def test_the_list_has_families_in_order_and_words_last() -> None:
    view = brief_list(
        manual(
            rec("TERM_B", title="beta"),
            rec("TERM_A", title="Alpha"),
            rec("PRO_C", title="Cycle", kind="coaching", minutes=30),
            rec("PRO_P", title="Plan", kind="plc", minutes=45),
            rec("PRO_X", title="Other"),
        )
    )
    assert [group.title for group in view.groups] == [
        "PLC protocols",
        "Coaching protocols",
        "More protocols",
        "Words",
    ]
    assert [item.record.title for item in view.groups[-1].items] == ["Alpha", "beta"]
    assert brief_list_table(view).csv().splitlines()[1] == (
        "PRO_P,Plan,PLC protocols,45,pages/pro_p,briefs/protocol-p.pdf"
    )


def test_no_records_no_groups() -> None:
    assert brief_list(manual()).groups == ()
