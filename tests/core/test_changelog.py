"""The record of changes: what it keeps, what it is called, and what it says to a reader."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.changelog import (
    MOST_CHANGES,
    MOST_ENTRIES,
    START,
    Log,
    continued,
    log_json,
    log_table,
    net,
    read_log,
    since_json,
)
from living_manual.core.changes import Change, Comparison, FieldChange, What
from living_manual.core.word_difference import Piece

DAY = date(2026, 11, 21)


def change(what: What, record_id: str, *schools: str, now: str = "done") -> Change:
    fields = ()
    if what == "changed":
        fields = (FieldChange("status", "Status", (Piece("-", "active"), Piece("+", now))),)
    return Change(
        what, record_id, "action", "Action", "An action", f"a.html#{record_id}", schools,
        ("ROLE_COACH",), ("teacher",), fields, "b.html#X" if what == "moved" else "",
    )  # fmt: skip


def comparison(*changes: Change) -> Comparison:
    return Comparison(changes, {"ROLE_COACH": "Coach", "SCH_OAK": "Oak"})


ONE = comparison(change("changed", "ACT_1", "SCH_OAK"), change("added", "ACT_2"))
OTHER = comparison(change("removed", "ACT_1", "SCH_OAK"), change("moved", "ACT_3"))


def test_it_begins_without_an_entry_and_stays_as_it_is() -> None:
    begun = continued(None, None, DAY)
    assert (begun.began, begun.entries, begun.newest) == (DAY, (), START)
    later = DAY + timedelta(days=9)
    assert continued(begun, comparison(), later) == begun
    assert log_json(continued(read_log(log_json(begun)), comparison(), later)) == log_json(begun)


def test_entries_follow_one_another() -> None:
    log = continued(continued(None, ONE, DAY), OTHER, DAY)
    newest, first = log.entries
    assert (first.day, first.nth, newest.day, newest.nth) == (DAY, 0, DAY, 1)
    assert first.changes == ONE.changes
    assert newest.moment("America/Toronto").isoformat() == "2026-11-21T00:00:01-05:00"
    assert read_log(log_json(log)) == log


def test_two_publishers_of_the_same_write_the_same() -> None:
    logs = [continued(continued(None, ONE, DAY), OTHER, DAY) for _ in range(2)]
    assert log_json(logs[0]) == log_json(logs[1])


def test_the_same_change_made_again_has_another_name() -> None:
    log = Log(DAY)
    for _ in range(3):
        log = continued(continued(log, ONE, DAY), OTHER, DAY)
    assert len({entry.id for entry in log.entries}) == 6


def test_after_a_rollback_the_record_goes_on_from_the_release_gone_back_to() -> None:
    first = continued(None, ONE, DAY)
    taken_back = continued(first, OTHER, DAY)
    after = continued(first, comparison(change("added", "ACT_9")), DAY)
    assert [entry.changes for entry in after.entries] == [
        (change("added", "ACT_9"),),
        ONE.changes,
    ]
    assert after.entries[0].id != taken_back.entries[0].id


def test_a_clock_set_back_does_not_turn_the_order() -> None:
    log = continued(continued(None, ONE, DAY), OTHER, DAY - timedelta(days=3))
    assert [(entry.day, entry.nth) for entry in log.entries] == [(DAY, 1), (DAY, 0)]


def test_old_entries_go() -> None:
    log = Log(DAY)
    for number in range(30):
        log = continued(log, comparison(change("added", f"ACT_{number}")), DAY)
    assert len(log.entries) == MOST_ENTRIES
    year_later = continued(log, ONE, DAY + timedelta(days=500))
    assert len(year_later.entries) == 1


def test_a_record_stays_small_when_everything_changes_at_once() -> None:
    many = comparison(*(change("added", f"ACT_{n}") for n in range(MOST_CHANGES + 1)))
    log = continued(continued(continued(None, ONE, DAY), many, DAY), OTHER, DAY)
    assert [len(entry.changes) for entry in log.entries] == [2]
    assert len(continued(Log(DAY), many, DAY).entries) == 1


WRONG = {
    "half a file": log_json(continued(None, ONE, DAY))[:200],
    "another version": '{"version": 2, "began": "2026-11-21", "entries": []}',
    "no day": '{"version": 1, "began": "yesterday", "entries": []}',
    "an entry of nothing": (
        '{"version": 1, "began": "2026-11-21", "entries":'
        ' [{"id": "x", "day": "2026-11-21", "nth": 0, "names": {}, "changes": []}]}'
    ),
    "what never happens": log_json(continued(None, ONE, DAY)).replace('"added"', '"vanished"'),
    "a number for a title": log_json(continued(None, ONE, DAY)).replace('"An action"', "4"),
    "pieces of nothing": log_json(continued(None, ONE, DAY)).replace('["-", "active"]', "[]"),
    "a list": "[]",
    "null": "null",
    "very deep": "[" * 100_000,
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a record of changes this kit knows"):
        read_log(text)


def test_rows_for_a_spreadsheet() -> None:
    rows = log_table(continued(continued(None, ONE, DAY), OTHER, DAY)).rows
    assert [row[2:9] for row in rows] == [
        ("removed", "ACT_1", "action", "An action", "", "", ""),
        ("moved", "ACT_3", "action", "An action", "Page", "b.html#X", "a.html#ACT_3"),
        ("changed", "ACT_1", "action", "An action", "Status", "active", "done"),
        ("added", "ACT_2", "action", "An action", "", "", ""),
    ]


NETS: dict[str, tuple[list[What], list[What]]] = {
    "added and removed": (["added", "removed"], []),
    "added and changed": (["added", "changed"], ["added"]),
    "removed and back": (["removed", "added"], ["changed"]),
    "changed twice": (["changed", "changed"], ["changed"]),
    "changed and removed": (["changed", "removed"], ["removed"]),
    "moved twice": (["moved", "moved"], ["moved"]),
    "moved and changed": (["moved", "changed"], ["changed"]),
    "added, removed, added": (["added", "removed", "added"], ["added"]),
}


@pytest.mark.parametrize(("steps", "left"), NETS.values(), ids=NETS)
def test_several_entries_come_to_one_change(steps: list[What], left: list[What]) -> None:
    log = Log(DAY)
    for step in steps:
        log = continued(log, comparison(change(step, "ACT_1")), DAY)
    assert [each.what for each in net(log.entries)] == left


@given(st.lists(st.sets(st.sampled_from("abcdef")), min_size=2, max_size=5))
def test_what_is_new_and_gone_over_several_entries(states: list[set[str]]) -> None:
    log = Log(DAY)
    for before, after in pairwise(states):
        made = [change("added", each) for each in sorted(after - before)]
        made += [change("removed", each) for each in sorted(before - after)]
        log = continued(log, comparison(*made), DAY)
    found = net(log.entries)
    assert {c.id for c in found if c.what == "added"} == states[-1] - states[0]
    assert {c.id for c in found if c.what == "removed"} == states[0] - states[-1]


def test_since_each_entry_for_all_and_for_a_school() -> None:
    log = continued(continued(None, ONE, DAY), OTHER, DAY + timedelta(days=2))
    said = json.loads(since_json(log))
    newest, first = (entry.id for entry in log.entries)
    assert said["steps"] == [[newest, "2026-11-23"], [first, "2026-11-21"], [START, "2026-11-21"]]
    assert said["since"][newest] == {"all": "", "schools": {}}
    assert said["since"][first]["all"] == "1 action removed, 1 action moved to another page"
    assert said["since"][START] == {
        "all": "1 new action, 1 action removed, 1 action moved to another page",
        "schools": {"SCH_OAK": "1 action removed"},
    }
