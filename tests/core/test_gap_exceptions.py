"""Exceptions: each takes exactly its gap out of the count, until the day it ends."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from living_manual.core.finding import Finding, Severity
from living_manual.core.gap_findings import check_exceptions
from living_manual.core.gaps import GAP_RULES, Gaps, gaps, gaps_table
from living_manual.core.ledgers import LEDGERS, check_ledgers, read_ledger
from living_manual.core.model import Manual
from living_manual.core.school_plan import school_plan
from living_manual.core.settings_reading import read_settings
from tests.build_manual import ROOT, SOUND, TODAY, but, manual, without
from tests.strategies import districts

COLUMNS = [column.name for column in LEDGERS["exceptions.csv"].columns]
PAIRS = {rule.key for rule in GAP_RULES if rule.pair}
LATE = {"OBJ_TALK": TODAY - timedelta(days=30), "OBJ_TASKS": TODAY - timedelta(days=30)}


def day(offset: int) -> str:
    return (TODAY + timedelta(days=offset)).isoformat()


def text(*rows: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([COLUMNS, *rows])
    return out.getvalue()


def row(rule: str, record: str, about: str = "", until: str = "2026-12-31") -> tuple[str, ...]:
    return rule, record, about, "It was agreed.", "Leadership team", until


def of(*rows: Iterable[str], records: Any = None, **said: Any) -> Manual:
    """Two schools without an action for talk, and these exceptions."""
    if records is None:
        records = without("ACT_OAK_TALK", "ACT_ELM_TALK")
    ledgers = {"exceptions.csv": text(*rows)}
    return manual(*records, ledgers=ledgers, **{"actions_due": LATE, **said})


def keys(view: Gaps) -> set[str]:
    return {gap.key for gap in view.open}


BOTH = {"blank-SCH_OAK-OBJ_TALK", "blank-SCH_ELM-OBJ_TALK"}


@pytest.mark.parametrize(
    ("until", "holds", "soon"),
    [(-1, False, False), (0, True, True), (1, True, True), (30, True, True), (31, True, False)],
)
def test_an_exception_holds_to_its_last_day(until: int, holds: bool, soon: bool) -> None:
    view = gaps(of(row("blank", "SCH_OAK", "OBJ_TALK", day(until))))
    held = {"blank-SCH_OAK-OBJ_TALK"}
    assert keys(view) == (BOTH - held if holds else BOTH)
    assert view.total == view.late == len(keys(view))
    assert [(each.gap.key, each.soon) for each in view.excepted] == (
        [("blank-SCH_OAK-OBJ_TALK", soon)] if holds else []
    )
    ended = {gap.key: gap.excepted_until for gap in view.open if gap.excepted_until}
    assert ended == ({} if holds else {"blank-SCH_OAK-OBJ_TALK": TODAY - timedelta(days=1)})
    states = {line[0]: line[1] for line in gaps_table(view).rows}
    assert states["blank-SCH_OAK-OBJ_TALK"] == ("exception" if holds else "open")


def test_what_is_not_due_yet_can_be_agreed_on_before() -> None:
    ahead = {"OBJ_TALK": TODAY + timedelta(days=5)}
    made = of(row("blank", "SCH_OAK", "OBJ_TALK"), actions_due=ahead)
    view = gaps(made)
    assert [each.gap.key for each in view.excepted] == ["blank-SCH_OAK-OBJ_TALK"]
    assert [gap.key for gap in view.waiting] == ["blank-SCH_ELM-OBJ_TALK"]
    assert list(check_exceptions(made)) == []


@pytest.mark.parametrize("about", ["", "SCH_OAK"])
def test_a_rule_about_one_record_needs_no_other(about: str) -> None:
    records = but("ACT_OAK_TALK", evidence=None)
    made = of(row("evidence", "ACT_OAK_TALK", about), records=records)
    assert gaps(made).total == 0
    assert list(check_exceptions(made)) == []


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_of_several_for_one_gap_the_one_that_ends_last_stands(order: tuple[int, ...]) -> None:
    rows = [row("blank", "SCH_OAK", "OBJ_TALK", day(offset)) for offset in (-5, 3, 10)]
    (held,) = gaps(of(*(rows[nth] for nth in order))).excepted
    assert held.until == TODAY + timedelta(days=10)


def test_the_schools_page_says_what_was_agreed() -> None:
    made = of(row("blank", "SCH_OAK", "OBJ_TALK"))
    said = {
        (school, plan_row.objective.id): plan_row.excepted
        for school in ("SCH_OAK", "SCH_ELM")
        for plan_row in school_plan(made, made.records[school]).rows
    }
    assert {pair for pair, until in said.items() if until} == {("SCH_OAK", "OBJ_TALK")}
    assert said["SCH_OAK", "OBJ_TALK"] == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("said", "kind", "column", "words"),
    [
        (row("blanc", "SCH_OAK", "OBJ_TALK"), "exception-rule", "rule", "Did you mean 'blank'?"),
        (row("Late", "SCH_OAK"), "exception-rule", "rule", "The rules are: blank, overdue"),
        (row("Vacant role", "ROLE_LEAD"), "exception-rule", "rule", "Did you mean 'role'?"),
        (row("blank", "SCH_OAK"), "exception-about", "about", "Name the second"),
        (
            row("blank", "SCH_OAK", "OBJ_TALK", "2027-11-22"),
            "exception-too-long",
            "until",
            "look at it again",
        ),
        (row("blank", "SCH_OAK", "OBJ_TASKS"), "exception-without-gap", "record", "Take the row"),
        (row("evidence", "ACT_OAK_TASKS"), "exception-without-gap", "record", "Take the row"),
        (
            row("evidence", "ACT_OAK_TASKS", until=day(-1)),
            "exception-without-gap",
            "record",
            "Take the row",
        ),
    ],
    ids=["near", "far", "title", "pair", "too long", "other pair", "no gap", "ended, no gap"],
)
def test_what_is_wrong_with_an_exception_is_said_at_its_row(
    said: tuple[str, ...], kind: str, column: str, words: str
) -> None:
    good = row("blank", "SCH_ELM", "OBJ_TALK")
    (found,) = check_exceptions(of(good, said))
    assert (found.kind, found.file, found.line, found.column) == (
        kind,
        "progress/exceptions.csv",
        3,
        column,
    )
    assert words in found.fix
    warned = kind == "exception-without-gap"
    assert found.severity is (Severity.WARNING if warned else Severity.ERROR)


@pytest.mark.parametrize(("months", "until"), [(12, "2027-11-21"), (3, "2027-02-21")])
def test_how_long_an_exception_may_hold_is_a_setting(months: int, until: str) -> None:
    longest = date.fromisoformat(until)
    for offset, kinds in ((0, []), (1, ["exception-too-long"])):
        end = (longest + timedelta(days=offset)).isoformat()
        made = of(row("blank", "SCH_OAK", "OBJ_TALK", end), exception_months=months)
        assert [found.kind for found in check_exceptions(made)] == kinds


@pytest.mark.parametrize("column", ["rule", "record", "reason", "approved_by", "until"])
def test_no_part_of_an_exception_but_about_may_be_empty(column: str) -> None:
    said = dict(zip(COLUMNS, row("blank", "SCH_OAK", "OBJ_TALK"), strict=True)) | {column: ""}
    entries, found = read_ledger("exceptions.csv", text(said.values()), "exceptions.csv")
    assert entries == ()
    assert [(each.kind, each.line, each.column) for each in found] == [("table-row", 2, column)]


def test_a_record_that_is_not_there_is_said_once() -> None:
    made = of(row("blank", "SCH_NOWHERE", "OBJ_TALK"))
    found: list[Finding] = [*check_ledgers(made), *check_exceptions(made)]
    assert [each.kind for each in found] == ["link-missing-target"]


@settings(max_examples=60)
@given(districts(), st.data())
def test_an_exception_changes_the_count_of_exactly_its_gap(
    district: Manual, data: st.DataObject
) -> None:
    before = gaps(district)
    chosen = data.draw(st.lists(st.sampled_from(before.shown or [None]), unique=True, max_size=4))
    rows = [
        row(gap.rule, gap.record.id, gap.about.id if gap.about and gap.rule in PAIRS else "")
        for gap in chosen
        if gap
    ]

    def with_rows(some: list[tuple[str, ...]]) -> Manual:
        entries, found = read_ledger("exceptions.csv", text(*some), "exceptions.csv")
        assert not found
        return Manual.of(
            district.records.values(),
            district.model,
            district.settings,
            district.today,
            ledgers={"exceptions.csv": entries},
        )

    made = with_rows(rows)
    after = gaps(made)
    held = {gap.key for gap in chosen if gap}
    assert keys(after) == keys(before) - held
    assert {each.gap.key for each in after.excepted} == held
    assert {gap.key for gap in after.waiting} == {gap.key for gap in before.waiting} - held
    assert list(check_exceptions(made)) == []
    assert gaps(with_rows(data.draw(st.permutations(rows)))) == after


def test_the_sound_manual_needs_none() -> None:
    assert gaps(of(records=SOUND)).excepted == ()


def test_the_examples_of_the_documentation_are_sound() -> None:
    said = (ROOT / "docs" / "gaps.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?ms)^```(\w+)\n(.*?)^```$", said)
    tables = {block.split(",")[0]: block for kind, block in blocks if kind == "text"}
    for name, first in (("exceptions.csv", "rule"), ("readings.csv", "key_result")):
        entries, found = read_ledger(name, tables[first], name)
        assert entries
        assert not found
        if first == "rule":
            rules = {entry.get("rule") for entry in entries}
            assert rules <= {rule.key for rule in GAP_RULES}
    settings_ = [block for kind, block in blocks if kind == "toml"]
    assert len(settings_) == 2
    for block in settings_:
        found = read_settings(block)[1]
        assert {each.kind for each in found} <= {"settings-missing-key"}
