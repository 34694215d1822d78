"""What is to be confirmed: exactly those who depend on a changed wording and have not confirmed."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from living_manual.core.compare import compare
from living_manual.core.confirm import (
    asked,
    check_confirmations,
    confirmations,
    confirmations_table,
    to_confirm,
    with_marks,
)
from living_manual.core.gaps import gaps
from living_manual.core.model import Manual, Record
from living_manual.core.wording import LEDGER, WORDINGS, digest, wording_of
from tests.build_manual import SOUND, but, manual, rec, without
from tests.core.test_wording import HEAD, keep_all, ledger

LEDGERS = keep_all(manual(*SOUND))


def now(*records: Record) -> Manual:
    """A district in which the wordings of `SOUND` are agreed."""
    return manual(*records, ledgers=LEDGERS)


def marked(district: Manual) -> set[tuple[str, str]]:
    """Every (record, parent) that is to be confirmed."""
    return {
        (record.id, change.parent.id)
        for record in district.records.values()
        if (what := to_confirm(district, record))
        for change in what.changes
    }


CASES = {
    "objective": (
        "OBJ_TALK",
        {"KR_TALK", "KR_TALK_PLANS", "SES_FALL"},
    ),
    "objective that actions advance": (
        "OBJ_TASKS",
        {"KR_TASKS", "KR_TASKS_WEEKLY", "ACT_OAK_TASKS", "ACT_ELM_TASKS"},
    ),
    "key result": ("KR_TALK", {"ACT_OAK_TALK", "ACT_ELM_TALK", "ASM_FALL"}),
    "protocol": (
        "PRO_VISIT",
        {"SES_FALL", "ACT_OAK_TALK", "ACT_ELM_TALK", "ACT_OAK_TASKS", "ACT_ELM_TASKS"},
    ),
    "word": ("TERM_TALK", {"PRO_VISIT"}),
}


@pytest.mark.parametrize(("changed", "who"), CASES.values(), ids=CASES)
def test_a_change_marks_those_who_depend_on_it(changed: str, who: set[str]) -> None:
    district = now(*but(changed, title="Said in other words"))
    assert marked(district) == {(record_id, changed) for record_id in who}
    asking = asked(district, district.records[changed])
    assert asking is not None
    assert {ref.id for ref, _ in asking.open} == who


def test_nothing_is_marked_while_nothing_has_changed() -> None:
    district = now(*SOUND)
    assert marked(district) == set()
    assert all(asked(district, record) is None for record in SOUND)
    assert confirmations(district).changed == ()


def test_a_vision_or_a_subsystem_asks_nobody() -> None:
    assert marked(now(*but("VIS_MATHS", title="Another"))) == set()
    assert marked(now(*but("SUB_COACHING", title="Another"))) == set()


TALK = digest("Said anew")


def reworded_talk(**said: object) -> tuple[Record, ...]:
    """`OBJ_TALK` says something else; `said` are confirmations of other records by their ids."""
    return tuple(
        replace(record, title="Said anew")
        if record.id == "OBJ_TALK"
        else replace(record, fields={**record.fields, "confirmed": said[record.id]})
        if record.id in said
        else record
        for record in SOUND
    )


def test_a_confirmation_clears_one_record() -> None:
    confirmed = reworded_talk(KR_TALK=(f"OBJ_TALK@{TALK}",))
    district = now(*confirmed)
    assert marked(district) == {("KR_TALK_PLANS", "OBJ_TALK"), ("SES_FALL", "OBJ_TALK")}
    asking = asked(district, district.records["OBJ_TALK"])
    assert asking is not None
    assert asking.confirmed == 1


@pytest.mark.parametrize(
    "said",
    [
        f"OBJ_TALK@{digest('Students talk')}",
        f"OBJ_TASKS@{TALK}",
        f"OBJ_TALK@{TALK}x",
        "OBJ_TALK",
        TALK,
        "yes",
    ],
    ids=["the old wording", "another parent", "one letter more", "no wording", "no id", "a word"],
)
def test_a_confirmation_of_something_else_clears_nothing(said: str) -> None:
    assert ("KR_TALK", "OBJ_TALK") in marked(now(*reworded_talk(KR_TALK=(said,))))


def test_a_confirmation_of_an_old_wording_does_no_harm() -> None:
    said = (f"OBJ_TALK@{digest('Students talk')}", f"OBJ_TALK@{TALK}")
    assert "KR_TALK" not in {record for record, _ in marked(now(*reworded_talk(KR_TALK=said)))}


def test_the_parents_own_confirmation_says_that_it_means_the_same() -> None:
    district = now(
        *(
            replace(r, title="Said anew", fields={**r.fields, "confirmed": (f"OBJ_TALK@{TALK}",)})
            if r.id == "OBJ_TALK"
            else r
            for r in SOUND
        )
    )
    assert marked(district) == set()
    asking = asked(district, district.records["OBJ_TALK"])
    assert asking is not None
    assert asking.typo
    assert list(check_confirmations(district)) == []


def test_back_to_the_agreed_wording_asks_nobody() -> None:
    rows = ledger(
        ("OBJ_TALK", "2026-09-08", "first", "Said anew"),
        ("OBJ_TALK", "2026-10-08", "settled", "Students talk"),
    )
    assert marked(manual(*SOUND, ledgers=rows)) == set()


def test_the_old_wording_is_the_one_a_record_confirmed_last() -> None:
    rows = ledger(
        ("OBJ_TALK", "2026-09-08", "first", "Students talk"),
        ("OBJ_TALK", "2026-10-08", "settled", "Students speak"),
        ("OBJ_TALK", "2026-11-08", "settled", "Students say why"),
    )
    spoke = f"OBJ_TALK@{digest('Students speak')}"
    unknown = f"OBJ_TALK@{digest('never kept')}"
    district = manual(*reworded_talk(KR_TALK=(spoke,), SES_FALL=(unknown,)), ledgers=rows)

    def knows(record_id: str) -> tuple[date, str]:
        what = to_confirm(district, district.records[record_id])
        assert what is not None
        (change,) = what.changes
        return change.since, " ".join(
            piece.text for line in change.comparison.old for piece in line
        )

    assert knows("KR_TALK") == (date(2026, 10, 8), "Students speak")
    assert knows("KR_TALK_PLANS") == (date(2026, 11, 8), "Students say why")
    assert knows("SES_FALL") == (date(2026, 11, 8), "Students say why")


def test_the_line_to_write() -> None:
    action = "ACT_OAK_TASKS"
    records = [
        replace(record, title="Said anew", text="")
        if record.id in ("OBJ_TASKS", "PRO_VISIT")
        # An older confirmation of the same parent goes, one of another stays.
        else replace(
            record,
            file="schools/oak/plan.csv",
            line=7,
            fields={
                **record.fields,
                "confirmed": (f"OBJ_TASKS@{digest('older')}", "KR_OTHER@bbbbbbbb"),
            },
        )
        if record.id == action
        else record
        for record in SOUND
    ]
    district = now(*records)
    what = to_confirm(district, district.records[action])
    assert what is not None
    assert (what.cell, what.file, what.row) == (True, "schools/oak/plan.csv", 7)
    assert what.line == f"KR_OTHER@bbbbbbbb;OBJ_TASKS@{TALK};PRO_VISIT@{TALK}"
    key_result = to_confirm(district, district.records["KR_TASKS"])
    assert key_result is not None
    assert key_result.line == f":confirmed: OBJ_TASKS@{TALK}"


@given(st.lists(st.sampled_from(["A_B@x", "A_C@y", "A_D@z"]), unique=True))
def test_new_marks_take_the_place_of_old_ones(said: list[str]) -> None:
    new = with_marks(tuple(said), {"A_B": "new"})
    assert new == (*(each for each in said if each != "A_B@x"), "A_B@new")


MISTAKES = {
    "no mark": ("ACT_OAK_TALK", "KR_TALK", "no confirmation", "eight letters"),
    "capitals": ("ACT_OAK_TALK", "KR_TALK@BCDFGHJK", "no confirmation", "eight letters"),
    "another parent": ("ACT_OAK_TALK", "KR_TALC@bbbbbbbb", "does not depend on", "KR_TALK"),
    "above its parent": ("ACT_OAK_TALK", "OBJ_TALK@bbbbbbbb", "does not", "PRO_VISIT"),
    "nothing to confirm": ("SCH_OAK", "OBJ_TALK@bbbbbbbb", "no other wording", "Take the line"),
    "itself, without wording": ("ACT_OAK_TALK", "ACT_OAK_TALK@bbbbbbbb", "does not", "KR_TALK"),
}


@pytest.mark.parametrize(("who", "said", "message", "fix"), MISTAKES.values(), ids=MISTAKES)
def test_a_confirmation_of_nothing_is_told(who: str, said: str, message: str, fix: str) -> None:
    (found,) = check_confirmations(now(*but(who, confirmed=(said,))))
    assert (found.kind, found.column) == ("confirmed-line", "confirmed")
    assert message in found.message
    assert fix in found.fix


def test_the_list_is_by_school_and_role() -> None:
    view = confirmations(now(*but("OBJ_TASKS", title="Said anew")))
    assert [(g.school.id if g.school else None, g.count) for g in view.groups] == [
        (None, 2),
        ("SCH_OAK", 1),
        ("SCH_ELM", 1),
    ]
    assert [role for group in view.groups for role, _ in group.roles] == ["Mathematics lead"] * 3
    assert (view.records, view.schools, view.not_kept) == (4, 2, 0)
    table = list(csv.DictReader(io.StringIO(confirmations_table(view).csv(), newline="")))
    assert [row["record_id"] for row in table] == [
        "KR_TASKS",
        "KR_TASKS_WEEKLY",
        "ACT_OAK_TASKS",
        "ACT_ELM_TASKS",
    ]
    assert {row["agreed_since"] for row in table} == {"2026-09-08"}


def test_the_register_of_gaps_has_each_and_one_line_for_what_is_not_kept() -> None:
    def found(district: Manual, key: str) -> list[tuple[str, str]]:
        return [
            (gap.record.id, gap.what)
            for group in gaps(district).groups
            if group.key == key
            for gap in group.gaps
        ]

    said = "the wording has changed since 8 Sep 2026"
    district = now(*but("KR_TALK", target="9 in 10"))
    assert found(district, "to-confirm") == [
        ("ASM_FALL", said),
        ("ACT_OAK_TALK", said),
        ("ACT_ELM_TALK", said),
    ]
    assert found(district, "wordings") == []
    # A district that keeps none is not asked to; one that keeps some hears of the others once.
    assert found(manual(*SOUND), "wordings") == []
    some = ledger(("OBJ_TALK", "2026-09-08", "first", "Students talk"))
    assert found(manual(*SOUND, ledgers=some), "wordings") == [
        ("OBJ_TASKS", "its wording is not kept yet, and 6 others like it")
    ]


# ------------------------------------------------------------------------------ any district

LINKS = {
    "KR": ("measures",),
    "ACT": ("advances", "uses"),
    "SES": ("serves", "runs"),
    "ASM": ("informs",),
    "PRO": ("develops",),
    "EX": ("illustrates",),
}
TARGETS = {
    "measures": "OBJ",
    "advances": "OBJ KR",
    "uses": "PRO",
    "serves": "OBJ",
    "runs": "PRO",
    "informs": "KR",
    "develops": "TERM",
    "illustrates": "TERM PRO",
}


@st.composite
def webs(draw: st.DrawFn) -> list[Record]:
    """Records of every type, linked at random to what their links may lead to."""
    kinds = ["OBJ", "TERM", *LINKS]
    ids = [f"{kind}_{n}X" for kind in kinds for n in range(draw(st.integers(1, 3)))]
    records = []
    for record_id in ids:
        kind = record_id.partition("_")[0]
        links = {}
        for link in LINKS.get(kind, ()):
            may = [each for each in ids if each.partition("_")[0] in TARGETS[link].split()]
            links[link] = " ".join(draw(st.lists(st.sampled_from(may), unique=True, max_size=3)))
        records.append(rec(record_id, text=f"This is {record_id}.", **links))
    return records


def oracle(records: Sequence[Record], changed: str) -> set[str]:
    """Who names the changed record in one of these links, by plain loops."""
    found = set()
    for record in records:
        for link in LINKS.get(record.id.partition("_")[0], ()):
            for target in record.links.get(link, ()):
                if target == changed and record.id != changed:
                    found.add(record.id)
    return found


WORDS = st.text('abc *_`\u00a0\u201c\u201d"-\n', max_size=12)


@settings(max_examples=60)
@given(data=st.data(), records=webs(), more=WORDS)
def test_any_change_marks_exactly_the_dependants_and_each_confirmation_clears_one(
    data: st.DataObject, records: list[Record], more: str
) -> None:
    before = manual(*records, paths=())
    kept = keep_all(before)
    parents = [record for record in records if record.type in WORDINGS]
    changed = data.draw(st.sampled_from(parents))
    other = replace(changed, text=f"{changed.text} {more}")
    edited = data.draw(
        st.permutations([other if record.id == changed.id else record for record in records])
    )
    district = manual(*edited, paths=(), ledgers=kept)
    survives = " ".join(more.translate(dict.fromkeys(map(ord, "*_`"))).split()) != ""
    who = oracle(records, changed.id) if survives else set()
    assert marked(district) == {(record_id, changed.id) for record_id in who}

    said = f"{changed.id}@{digest(wording_of(district, other))}"
    left = set(who)
    for one in data.draw(st.permutations(sorted(who))):
        edited = [
            replace(each, fields={**each.fields, "confirmed": (said,)}) if each.id == one else each
            for each in edited
        ]
        left -= {one}
        district = manual(*edited, paths=(), ledgers=kept)
        assert {record_id for record_id, _ in marked(district)} == left


# --------------------------------------------------------------------------- side by side

LINES = st.lists(st.text("ab c", max_size=8), max_size=4).map("\n".join)


@given(old=LINES, new=LINES)
def test_the_pieces_joined_give_each_text(old: str, new: str) -> None:
    both = compare(old, new)
    for text, lines in ((old, both.old), (new, both.new)):
        joined = [" ".join(piece.text for piece in line).split() for line in lines]
        assert joined == [line.split() for line in text.split("\n") if line.split()]
        for line in lines:
            assert all(one.only_here != other.only_here for one, other in pairwise(line))


@given(text=LINES)
def test_equal_texts_differ_nowhere(text: str) -> None:
    both = compare(text, text)
    assert both.old == both.new
    assert not any(piece.only_here for line in both.old for piece in line)


def test_a_word_more_is_one_piece() -> None:
    (line,) = compare("Students talk", "Students always talk").new
    assert [(piece.text, piece.only_here) for piece in line] == [
        ("Students", False),
        ("always", True),
        ("talk", False),
    ]


def test_a_record_that_is_gone_asks_nobody() -> None:
    rows = {LEDGER: LEDGERS[LEDGER] + f"OBJ_GONE,{digest('Text')},2026-09-08,first,Text\n"}
    assert HEAD in rows[LEDGER]
    assert marked(manual(*without("ASM_FALL"), ledgers=rows)) == set()
