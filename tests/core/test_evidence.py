"""Evidence: where a row belongs, and every way in which that cannot be told."""

from __future__ import annotations

from datetime import date

import pytest

from living_manual.core.evidence import KINDS, READING, check_evidence, evidence, last_seen
from living_manual.core.facts import card
from living_manual.core.ledgers import EVIDENCE_KINDS, LEDGERS, check_ledgers, read_ledger
from living_manual.core.model import Manual
from living_manual.core.school_plan import school_plan
from living_manual.core.settings import Settings
from tests.build_manual import MODEL, SOUND, rec

HEAD = ",".join(column.name for column in LEDGERS["evidence.csv"].columns)
MORE = (
    rec("SCH_ASH", title="Ash High", page="schools/ash/index"),
    rec("ACT_ASH_1", at="SCH_ASH", advances="OBJ_TALK", status="active", from_table=True),
    rec("ACT_SHARED", at="SCH_OAK SCH_ELM", advances="OBJ_TALK", status="active"),
)


def district(row: str, file: str = "progress/evidence.csv", day: str = "2026-11-21") -> Manual:
    read, found = read_ledger("evidence.csv", f"{HEAD}\n{row}\n", file)
    assert not found
    ledgers = {"evidence.csv": read}
    today = date.fromisoformat(day)
    return Manual.of((*SOUND, *MORE), MODEL, Settings(), today, ledgers=ledgers)


ASH = "schools/ash/evidence.csv"


@pytest.mark.parametrize(
    ("about", "file", "pair"),
    [
        ("ACT_OAK_TALK,,", "progress/evidence.csv", ("SCH_OAK", "OBJ_TALK")),
        ("ACT_OAK_TASKS,,SCH_OAK", "evidence.csv", ("SCH_OAK", "OBJ_TASKS")),
        (",OBJ_TASKS,SCH_ELM", "progress/evidence.csv", ("SCH_ELM", "OBJ_TASKS")),
        (",OBJ_TASKS,", ASH, ("SCH_ASH", "OBJ_TASKS")),
        ("ACT_ASH_1,,", ASH, ("SCH_ASH", "OBJ_TALK")),
        ("ACT_SHARED,,SCH_ELM", "progress/evidence.csv", ("SCH_ELM", "OBJ_TALK")),
    ],
    ids=["its action", "its action and school", "a school", "its folder", "both", "one of two"],
)
def test_where_a_row_belongs(about: str, file: str, pair: tuple[str, str]) -> None:
    made = district(f"2026-11-05,{about},walkthrough,They asked why.,ROLE_LEAD", file)
    assert list(check_evidence(made)) == []
    assert list(evidence(made).by_pair) == [pair]
    ((school, seen),) = evidence(made).seen
    assert (school, str(seen.day), seen.text) == (pair[0], "2026-11-05", "They asked why.")
    assert [role.id for role in seen.by] == ["ROLE_LEAD"]


@pytest.mark.parametrize(
    ("row", "file", "kind", "said"),
    [
        ("2026-11-05,,,SCH_OAK", "evidence.csv", "evidence-about", "names no action"),
        ("2026-11-05,ACT_ASH_1,OBJ_TALK,", ASH, "evidence-about", "more than one"),
        ("2026-11-05,ACT_ASH_1;ACT_SHARED,,", ASH, "evidence-about", "more than one"),
        ("2026-11-05,,OBJ_TALK,", "evidence.csv", "evidence-place", "at which school"),
        ("2026-11-05,ACT_SHARED,,", "evidence.csv", "evidence-place", "SCH_OAK or SCH_ELM"),
        ("2026-11-05,ACT_OAK_TALK,,", ASH, "evidence-place", "an action of another school"),
        ("2026-11-05,ACT_OAK_TALK,,SCH_ELM", "evidence.csv", "evidence-place", "another school"),
        ("2026-11-05,ACT_ASH_1,,SCH_OAK", ASH, "evidence-place", "SCH_OAK or SCH_ASH"),
        ("2026-11-22,ACT_ASH_1,,", ASH, "evidence-to-come", "22 Nov 2026"),
    ],
    ids=[
        "about nothing",
        "action and objective",
        "two actions",
        "no school",
        "an action of two schools",
        "another school's folder",
        "another school named",
        "school and folder differ",
        "tomorrow",
    ],
)
def test_what_cannot_be_placed_is_told_and_not_counted(
    row: str, file: str, kind: str, said: str
) -> None:
    made = district(f"{row},walkthrough,They asked why.,ROLE_LEAD", file)
    (found,) = check_evidence(made)
    assert (found.kind, found.file, found.line) == (kind, file, 2)
    assert said in found.message
    assert found.severity == ("warning" if kind == "evidence-to-come" else "error")
    assert evidence(made).seen == ()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("2026-11-05,ACT_GONE,,,walkthrough,They asked.,ROLE_LEAD", "action"),
        ("2026-11-05,KR_TALK,,,walkthrough,They asked.,ROLE_LEAD", "action"),
        ("2026-11-05,,OBJ_GONE,SCH_OAK,walkthrough,They asked.,ROLE_LEAD", "objective"),
        ("2026-11-05,,OBJ_TALK,SCH_GONE,walkthrough,They asked.,ROLE_LEAD", "at"),
        ("2026-11-05,,OBJ_TALK,SCH_OAK,walkthrough,They asked.,ROLE_GONE", "by"),
    ],
)
def test_an_unknown_id_is_told_once(row: str, column: str) -> None:
    made = district(row)
    assert [found.column for found in check_ledgers(made)] == [column]
    assert list(check_evidence(made)) == []
    assert evidence(made).seen == ()


@pytest.mark.parametrize(
    ("row", "kind", "column"),
    [
        (",ACT_ASH_1,,,walkthrough,They asked.,ROLE_LEAD", "table-row", "date"),
        ("2026-11-05,ACT_ASH_1,,,walk,They asked.,ROLE_LEAD", "table-choice", "kind"),
        ("2026-11-05,ACT_ASH_1,,,walkthrough,,ROLE_LEAD", "table-row", "seen"),
        ("2026-11-05,ACT_ASH_1,,,walkthrough,They asked.,", "table-row", "by"),
        ("2026-11-05,ACT_ASH_1,,,walkthrough,They asked.,The coach", "invalid-value", "by"),
    ],
)
def test_a_fault_in_a_row_gives_no_rows(row: str, kind: str, column: str) -> None:
    read, found = read_ledger("evidence.csv", f"{HEAD}\n{row}\n", ASH)
    assert read == ()
    assert [(each.kind, each.line, each.column) for each in found] == [(kind, 2, column)]


def test_a_word_near_to_a_kind_is_guessed() -> None:
    text = f"{HEAD}\n2026-11-05,ACT_ASH_1,,,Student work,They asked.,ROLE_LEAD\n"
    _, (found,) = read_ledger("evidence.csv", text, ASH)
    assert "did you mean 'student-work'?" in found.message


def test_every_kind_has_words() -> None:
    assert set(KINDS) == {*EVIDENCE_KINDS, READING}


def test_the_plan_and_the_card_of_an_action_show_what_was_seen_last() -> None:
    said = ",,,look-for,{},ROLE_LEAD"
    rows = [
        f"2026-11-0{day},ACT_ASH_1{said.format(word)}" for day, word in ((5, "Two"), (2, "One"))
    ]
    made = district("\n".join(rows))
    seen = last_seen(made, "ACT_ASH_1")
    assert seen is not None
    assert (str(seen.day), seen.text, seen.count) == ("2026-11-05", "Two", 2)
    shown = [row.actions[0].seen for row in school_plan(made, made.records["SCH_ASH"]).rows[:1]]
    assert shown == [seen]
    facts = {fact.label: fact.text for fact in card(made, made.records["ACT_ASH_1"]).facts}
    assert facts["Seen"] == "5 Nov 2026: Two (2 in all)"
    assert last_seen(made, "ACT_SHARED") is None
    assert "Seen" not in {fact.label for fact in card(made, made.records["ACT_SHARED"]).facts}
