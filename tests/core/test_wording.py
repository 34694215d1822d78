"""The wording that matters: what changes it, what does not, and what stands for it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.model import Manual
from living_manual.core.wording import (
    DEPENDS,
    LEDGER,
    MARK,
    WORDINGS,
    check_wordings,
    digest,
    folded,
    kept_wordings,
    not_kept,
    reworded,
    wording_of,
)
from tests.build_manual import MODEL, NEEDS, SOUND, but, manual, rec

HEAD = "record,wording,since,kind,text\n"


def ledger(*rows: tuple[str, str, str, str]) -> dict[str, str]:
    """A ledger of (record, day, kind, text); what stands for the text is worked out."""
    lines = [
        f'{record},{digest(text)},{day},{kind},"{text.replace(chr(34), chr(34) * 2)}"'
        for record, day, kind, text in rows
    ]
    return {LEDGER: HEAD + "".join(f"{line}\n" for line in lines)}


def keep_all(district: Manual, day: str = "2026-09-08") -> dict[str, str]:
    """A ledger of every wording as it is."""
    return ledger(
        *(
            (record.id, day, "first", wording_of(district, record))
            for record in district.records.values()
            if record.type in WORDINGS
        )
    )


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Students talk", "djtvpkss"),
        ("Students talk\nThey say what they think, and why.", "ddnvjfbg"),
        ("", "tfqbrggd"),
    ],
)
def test_what_stands_for_a_text_stays_the_same_for_ever(text: str, stands: str) -> None:
    """Districts have written it down: another way to work it out would ask everybody again."""
    assert digest(text) == stands


def test_no_spreadsheet_takes_it_for_a_number_and_nobody_for_a_word() -> None:
    for number in range(200):
        assert re.fullmatch(r"[b-df-hj-np-tv]{8}", digest(str(number)))
        assert MARK.fullmatch(f"OBJ_TALK@{digest(str(number))}")


SAME = {
    "blanks": "  Students\u00a0 talk ,   and listen",
    "bold": "Students **talk** , and *listen*",
    "code": "Students `talk` , and listen",
    "underscores": "Students _talk_ , and __listen__",
    "escaped": "Students talk \\, and listen",
    "a narrow blank": "Students\u202ftalk , and listen",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_blanks_and_marks_make_no_other_wording(text: str) -> None:
    assert digest(text) == digest("Students talk , and listen")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“I belong”, she says", '"I belong", she says'),
        ("the student’s own", "the student's own"),
        ("grades 3–5", "grades 3--5"),
        ("and so on…", "and so on..."),
        ("« oui »", '" oui "'),
        ("a\r\nb", "a\n\n b"),
        ("e\u0301cole", "\u00e9cole"),
    ],
)
def test_kinds_of_signs_make_no_other_wording(one: str, other: str) -> None:
    assert digest(one) == digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("75% of students", "66% of students"),
        ("Students talk", "students talk"),
        ("Students talk.", "Students talk"),
        ("one\ntwo", "one two"),
        ("3 to 5", "3 or 5"),
    ],
)
def test_another_word_is_another_wording(one: str, other: str) -> None:
    assert digest(one) != digest(other)


@given(st.text())
def test_what_is_kept_stands_for_the_same_as_what_it_was_made_from(text: str) -> None:
    assert digest(folded(text)) == digest(text)
    assert folded(folded(text)) == folded(text)


STEPS = {"PRO_VISIT": (("Look", 5), ("Talk", 10))}


@pytest.mark.parametrize(
    ("record_id", "wording"),
    [
        ("OBJ_TALK", "Students talk\nThey say why."),
        ("KR_TALK", "Talk\nAsked.\nLooks at: student experience\nTarget: 9 in 10"),
        ("TERM_TALK", "Number talk\nA short talk."),
        ("PRO_VISIT", "Visit\nOne sentence.\n1. Look (5 min)\n2. Talk (10 min)"),
        ("SCH_OAK", ""),
    ],
)
def test_the_parts_that_matter(record_id: str, wording: str) -> None:
    said = {"OBJ_TALK": "They  say\nwhy.", "KR_TALK": "Asked.", "TERM_TALK": "A short talk."}
    records = [
        replace(record, text=said.get(record.id, record.text))
        for record in but("KR_TALK", target="9 in 10", baseline="6 in 10", due="2027-06-01")
    ]
    district = replace(manual(*records), steps=STEPS)
    assert wording_of(district, district.records[record_id]) == wording


UNCHANGED = {
    "owner": ("KR_TALK", {"owner": "ROLE_COACH"}),
    "review": ("KR_TALK", {"reviewed": "2026-11-01"}),
    "baseline": ("KR_TALK", {"baseline": "7 in 10"}),
    "due": ("KR_TALK", {"due": "2027-01-01"}),
    "page, file and line": ("OBJ_TALK", {"page": "a/b", "file": "a/b.md", "line": 90}),
    "short name": ("OBJ_TALK", {"short": "Speak"}),
    "minutes in all": ("PRO_VISIT", {"minutes": 60}),
    "its own confirmation": ("KR_TALK", {"confirmed": ("OBJ_TALK@bbbbbbbb",)}),
}


@pytest.mark.parametrize(("record_id", "said"), UNCHANGED.values(), ids=UNCHANGED)
def test_what_does_not_change_the_wording(record_id: str, said: dict[str, object]) -> None:
    assert reworded(manual(*but(record_id, **said), ledgers=keep_all(manual(*SOUND)))) == {}


CHANGED = {
    "title": ("OBJ_TALK", {"title": "Students talk more"}),
    "text": ("OBJ_TALK", {"text": "And they listen."}),
    "what it looks at": ("KR_TALK", {"measure": "teacher-practice"}),
    "target": ("KR_TALK", {"target": "9 in 10"}),
    "meaning": ("TERM_TALK", {"text": "A long talk."}),
    "purpose": ("PRO_VISIT", {"text": "Another sentence."}),
}


@pytest.mark.parametrize(("record_id", "said"), CHANGED.values(), ids=CHANGED)
def test_what_changes_the_wording(record_id: str, said: dict[str, object]) -> None:
    found = reworded(manual(*but(record_id, **said), ledgers=keep_all(manual(*SOUND))))
    assert list(found) == [record_id]


@pytest.mark.parametrize(
    "steps",
    [(("Look", 6), ("Talk", 10)), (("Look", 5), ("Speak", 10)), (("Talk", 10), ("Look", 5)), ()],
    ids=["minutes", "title", "order", "none"],
)
def test_steps_are_wording(steps: tuple[tuple[str, int], ...]) -> None:
    before = replace(manual(*SOUND), steps=STEPS)
    now = replace(manual(*SOUND, ledgers=keep_all(before)), steps={"PRO_VISIT": steps})
    assert list(reworded(now)) == ["PRO_VISIT"]


def test_the_last_day_is_the_agreed_wording_whatever_the_order_of_rows() -> None:
    district = manual(*SOUND)
    now = wording_of(district, district.records["OBJ_TALK"])
    rows = [
        ("OBJ_TALK", "2026-11-01", "settled", now),
        ("OBJ_TALK", "2026-09-08", "first", "Students speak"),
    ]
    assert reworded(manual(*SOUND, ledgers=ledger(*rows))) == {}
    assert reworded(manual(*SOUND, ledgers=ledger(*reversed(rows)))) == {}
    # On one day the lower row is the later one.
    same_day = [(record, "2026-09-08", way, text) for record, _, way, text in rows]
    assert list(reworded(manual(*SOUND, ledgers=ledger(*same_day)))) == ["OBJ_TALK"]
    kept = kept_wordings(manual(*SOUND, ledgers=ledger(*rows)))["OBJ_TALK"]
    assert [each.way for each in kept] == ["first", "settled"]


def test_what_is_not_kept_never_changes() -> None:
    district = manual(*SOUND, ledgers=ledger(("OBJ_TALK", "2026-09-08", "first", "Another")))
    assert list(reworded(district)) == ["OBJ_TALK"]
    assert {record.id for record in not_kept(district)} == {
        record.id for record in SOUND if record.type in WORDINGS and record.id != "OBJ_TALK"
    }
    assert reworded(manual(*SOUND)) == {}


ROWS = {
    "a record that is gone": ("OBJ_GONE,bbbbbbbb,2026-09-08,first,Text", "record", "no record"),
    "a record without wording": ("SCH_OAK,bbbbbbbb,2026-09-08,first,Text", "record", "nobody"),
    "an unknown kind": (f"OBJ_TALK,{digest('Text')},2026-09-08,agreed,Text", "kind", "'agreed'"),
    "an edited text": (f"OBJ_TALK,{digest('Text')},2026-09-08,first,Test", "wording", "would be"),
}


@pytest.mark.parametrize(("row", "column", "said"), ROWS.values(), ids=ROWS)
def test_a_row_that_keeps_nothing_is_told(row: str, column: str, said: str) -> None:
    (found,) = check_wordings(manual(*SOUND, ledgers={LEDGER: f"{HEAD}{row}\n"}))
    assert (found.kind, found.line, found.column) == ("wording-row", 2, column)
    assert said in found.message


def test_a_sound_ledger_is_not_told() -> None:
    assert list(check_wordings(manual(*SOUND, ledgers=keep_all(manual(*SOUND))))) == []


def test_parts_and_links_are_declared_in_the_model() -> None:
    for name, parts in WORDINGS.items():
        assert name in MODEL.types
        fields = {part.name for part in parts} - {"title", "text", "steps"}
        assert fields <= set(NEEDS["fields"])
    for name, links in DEPENDS.items():
        assert name in MODEL.types
        for link in links:
            assert set(MODEL.links[link].target_types) & set(WORDINGS), link


def test_every_wording_has_somebody_who_may_depend_on_it() -> None:
    asked = {
        target
        for links in DEPENDS.values()
        for link in links
        for target in MODEL.links[link].target_types
    }
    assert asked == set(WORDINGS)
    assert rec("OBJ_NEW").type in asked
