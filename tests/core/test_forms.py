"""The forms of entries: which parts are empty, and what a coach is told about them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.forms import (
    FORMS,
    OWN_PAGE,
    Part,
    Place,
    empty_parts,
    form_of,
    lacking,
)
from living_manual.core.model import Record
from living_manual.core.sentences import says_something, sentences
from tests.build_manual import MODEL, NEEDS, rec, whole
from tests.strategies import texts

PAGES = {"term": "TERM_TALK", "protocol": "PRO_VISIT", "exemplar": "EX_TILES"}
LINKS = {"aligns_with": "STD_ARGUE", "illustrates": "TERM_TALK", "affects": "OBJ_TALK"}


def entry(type_name: str, **said: Any) -> Record:
    """A whole entry of a type, links and all."""
    record_id = PAGES.get(type_name) or f"{MODEL.types[type_name].prefix}ONE"
    taken = {name for part in FORMS[type_name] for name in part.takes}
    links = {name: target for name, target in LINKS.items() if name in taken}
    return whole(record_id, **{**links, **said})


def with_part(type_name: str, part: Part) -> Record:
    """A whole entry of a kind that has the part."""
    return entry(type_name, **({"kind": part.kinds[0]} if part.kinds else {}))


def names(record: Record) -> list[str]:
    return [part.name for part in empty_parts(record)]


@pytest.mark.parametrize("type_name", FORMS)
def test_an_entry_with_every_part_lacks_nothing(type_name: str) -> None:
    assert names(entry(type_name)) == []
    assert lacking(entry(type_name)) == ""


ASKED = [(name, part) for name, form in FORMS.items() for part in form]


@pytest.mark.parametrize(("type_name", "part"), ASKED, ids=[f"{n}: {p.name}" for n, p in ASKED])
def test_each_part_is_missed_by_its_name_unless_it_is_only_welcome(
    type_name: str, part: Part
) -> None:
    full = with_part(type_name, part)
    if part.place is Place.HEADING:
        parts = {heading: True for heading in full.parts if heading != part.takes[0]}
        bare = replace(full, parts=parts)
        empty = replace(full, parts={**parts, part.takes[0]: False})
        assert names(bare) == names(empty)
    elif part.place is Place.OPTION:
        bare = replace(
            full,
            fields={k: v for k, v in full.fields.items() if k not in part.takes},
            links={k: v for k, v in full.links.items() if k not in part.takes},
        )
    else:
        bare = replace(full, text="")
    assert names(bare) == ([] if part.welcome else [part.name])
    if not part.welcome:
        assert part.name in lacking(bare)
        assert lacking(bare).endswith(part.fill)


HEADINGS = [(n, h) for n, p in ASKED for h in p.takes if p.place is Place.HEADING and not p.welcome]


@pytest.mark.parametrize(("type_name", "heading"), HEADINGS, ids=[h for _, h in HEADINGS])
def test_every_accepted_heading_is_taken_however_it_is_typed(type_name: str, heading: str) -> None:
    (part,) = (p for p in FORMS[type_name] if heading in p.takes)
    full = with_part(type_name, part)
    typed = heading.upper().replace("'", "’") + ": and more"
    parts = {name: True for name in full.parts if name != part.takes[0]}
    assert names(replace(full, parts=parts)) == [part.name]
    assert names(replace(full, parts={**parts, typed: True})) == []


def test_options_of_forms_are_declared() -> None:
    declared = {*NEEDS["fields"], *NEEDS["links"]}
    for _, part in ASKED:
        if part.place is Place.OPTION:
            assert {*part.takes} <= declared, part.name


def test_what_a_form_says_ends_as_a_sentence_and_names_no_markup() -> None:
    for _, part in ASKED:
        for said in (part.why, part.fill):
            assert said.endswith(".")
            assert not set(said) & set("`{}*<>")


def test_what_is_no_entry_has_no_form() -> None:
    assert form_of(rec("ACT_OAK_1")) == ()
    assert lacking(rec("SES_FALL")) == ""


def test_a_part_of_one_kind_is_asked_of_that_kind_only() -> None:
    assert names(entry("exemplar", kind="video")) == []
    assert "Spark" not in names(entry("exemplar", kind="video", parts={}))
    assert "Spark" in names(entry("exemplar", kind="lesson", parts={}))
    assert "What the teacher did next" not in names(entry("exemplar", kind="lesson", parts={}))


def test_further_words_of_a_heading_make_no_other_part() -> None:
    parts = {name: True for name in entry("term").parts if name != "What it is not"}
    for heading, taken in (("What it is not, in class", True), ("What it is not about", False)):
        found = names(entry("term", parts={**parts, heading: True}))
        assert found == ([] if taken else ["What it is not"])


def test_a_card_on_another_page_lacks_a_page_of_its_own() -> None:
    card = entry("term", lead=False, parts={}, aligns_with=None)
    assert names(card) == [OWN_PAGE.name, "Standards"]
    assert lacking(card).startswith("It has no page of its own yet. ")
    assert names(entry("decision", lead=False)) == []


def test_a_definition_has_two_sentences_at_most() -> None:
    assert names(entry("term", text="One. Two.")) == []
    long = entry("term", text="One. Two. Three.")
    assert names(long) == ["Definition"]
    assert lacking(long).startswith("“Definition” has 3 sentences. Write one or two")
    assert names(entry("protocol", text="One. Two. Three.")) == []


def test_several_empty_parts_are_all_named_and_one_to_begin_with() -> None:
    bare = entry("term", parts={}, text="One. Two. Three.")
    assert lacking(bare) == (
        "“It looks like”, “It sounds like”, “It feels like”, “What it is not” and “Meanings people "
        "bring” are empty. “Definition” has 3 sentences. Begin with “Definition”: "
        + FORMS["term"][0].fill
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("   ", 0),
        ("One", 1),
        ("One.", 1),
        ("One. Two.", 2),
        ("One. two.", 1),
        ("One? Two! Three…", 3),
        ("One... and on.", 1),
        (
            'A page with two questions: "What do you notice?" and "What do you wonder?" Then work.',
            2,
        ),
        ("“Why?” Students ask it.", 2),
        ("About 2.5 hours. Or 3.", 2),
        ("Tools, e.g. Tiles or cubes.", 1),
        ("It is small (as in grade 3). It grows.", 2),
        ("Say so. 12 students did.", 2),
        ("Reason flexibly, efficiently and accurately", 1),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert sentences(text) == count


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", False),
        (" \n", False),
        ("...", False),
        ("–", False),
        ("TODO", False),
        ("To be written.", False),
        ("tbd", False),
        ("Students talk.", True),
        ("5", True),
        ("École", True),
    ],
)
def test_what_says_something(text: str, says: bool) -> None:
    assert says_something(text) is says


@given(texts)
def test_any_text_has_sentences_when_it_says_something(text: str) -> None:
    assert sentences(text) >= says_something(text)


@given(st.lists(st.sampled_from(["Students talk.", "Why do they?", "They listen!"]), max_size=6))
def test_sentences_add_up(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == len(parts)


@given(st.sampled_from(sorted(PAGES)), st.data())
def test_filling_a_part_never_empties_another(type_name: str, data: st.DataObject) -> None:
    full = entry(type_name)
    some = data.draw(st.dictionaries(st.sampled_from(sorted(full.parts)), st.booleans()))
    before = set(names(replace(full, parts=some)))
    heading = data.draw(st.sampled_from(sorted(full.parts)))
    after = set(names(replace(full, parts={**some, heading: True})))
    assert before - after == {p.name for p in FORMS[type_name] if heading in p.takes} & before
    assert after <= before
