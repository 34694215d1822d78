"""A school's page: every objective beside the school's own actions, or an honest blank."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from living_manual.core.coverage import coverage
from living_manual.core.model import STATUSES, Manual
from living_manual.core.school_plan import SchoolPlan, school_plan, school_plan_table
from tests.build_manual import SOUND, TODAY, but, manual, rec, without
from tests.strategies import districts


def plan_of(district: Manual, school: str = "SCH_OAK") -> SchoolPlan:
    return school_plan(district, district.records[school])


@settings(max_examples=40)
@given(districts())
def test_every_objective_stands_there_with_the_cell_of_the_matrix(district: Manual) -> None:
    matrix = coverage(district)
    for row in matrix.rows:
        view = plan_of(district, row.school.id)
        assert tuple(entry.cell for entry in view.rows) == row.cells
        assert view.covered == row.covered
        assert view.late == sum(cell.late for cell in row.cells)


@settings(max_examples=40)
@given(districts())
def test_every_action_is_told_in_full_once_when_it_is_from_the_table(district: Manual) -> None:
    for school in district.of_type("school"):
        view = plan_of(district, school.id)
        entries = [entry for row in view.rows for entry in row.actions]
        told = [entry.action.id for entry in entries if entry.here]
        shown = {entry.action.id for entry in entries}
        assert len(told) == len(set(told))
        assert set(told) == {name for name in shown if district.records[name].from_table}
        mine = [a for a in district.of_type("action") if school.id in a.to("at")]
        assert shown <= {action.id for action in mine}
        assert view.actions == len(mine)
        assert view.living == sum(action.status in STATUSES[:3] for action in mine)


@settings(max_examples=40)
@given(districts())
def test_the_table_has_a_row_an_action_and_one_a_blank(district: Manual) -> None:
    for school in district.of_type("school"):
        view = plan_of(district, school.id)
        table = school_plan_table(view)
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        blanks = [row["objective_id"] for row in rows if row["blank"]]
        assert blanks == [row.objective.id for row in view.rows if not row.cell.living]
        assert [(row["objective_id"], row["action_id"]) for row in rows if not row["blank"]] == [
            (row.objective.id, entry.action.id) for row in view.rows for entry in row.actions
        ]


def test_an_action_as_the_page_tells_it() -> None:
    view = plan_of(manual(*but("ACT_OAK_TALK", from_table=True, funding="Title II")))
    (entry,) = view.rows[0].actions
    assert entry.action.id == "ACT_OAK_TALK"
    assert [ref.id for ref in entry.advances] == ["KR_TALK"]
    assert [ref.title for ref in entry.led_by] == ["Mathematics lead"]
    assert [ref.title for ref in entry.backed_up_by] == ["Coach"]
    assert [ref.id for ref in entry.uses] == ["PRO_VISIT"]
    assert (entry.starts, entry.due) == (date(2026, 9, 14), date(2027, 6, 11))
    assert entry.look_for == "Students speak first."
    assert entry.details == (("Evidence", "A photo of the board."), ("Funding", "Title II"))
    assert entry.here
    assert (view.rows[0].key_results, view.covered, view.actions, view.living) == (2, 2, 2, 2)


@pytest.mark.parametrize(
    ("status", "days", "overdue"),
    [
        ("planned", -1, True),
        ("active", -1, True),
        ("active", 0, False),
        ("active", 1, False),
        ("done", -1, False),
        ("paused", -1, False),
        ("dropped", -1, False),
    ],
)
def test_overdue(status: str, days: int, overdue: bool) -> None:
    due = (TODAY + timedelta(days=days)).isoformat()
    view = plan_of(manual(*but("ACT_OAK_TALK", status=status, due=due)))
    assert view.rows[0].actions[0].overdue == overdue


def test_an_action_without_dates_is_not_overdue() -> None:
    view = plan_of(manual(*but("ACT_OAK_TALK", due=None, starts=None)))
    (entry,) = view.rows[0].actions
    assert (entry.starts, entry.due, entry.overdue) == (None, None, False)


def test_an_action_for_two_objectives_is_told_under_the_first() -> None:
    view = plan_of(manual(*but("ACT_OAK_TALK", advances="OBJ_TASKS KR_TALK", from_table=True)))
    told = [(e.action.id, e.here) for row in view.rows for e in row.actions]
    assert told[0] == ("ACT_OAK_TALK", True)
    assert ("ACT_OAK_TALK", False) in told[1:]


def test_an_action_with_a_card_of_its_own_is_pointed_to() -> None:
    view = plan_of(manual(*SOUND))
    assert [e.here for row in view.rows for e in row.actions] == [False, False]


def test_other_schools_and_loose_actions_are_not_shown() -> None:
    loose = rec("ACT_OAK_LOOSE", at="SCH_OAK", status="active")
    view = plan_of(manual(*SOUND, loose))
    assert {e.action.id for row in view.rows for e in row.actions} == {
        "ACT_OAK_TALK",
        "ACT_OAK_TASKS",
    }


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ({}, "no living action; not asked for yet"),
        ({"OBJ_TALK": date(2026, 12, 15)}, "no living action; asked for by 15 Dec 2026"),
    ],
)
def test_a_blank_says_when_an_action_is_asked_for(due: dict[str, date], said: str) -> None:
    table = school_plan_table(plan_of(manual(*without("ACT_OAK_TALK"), actions_due=due)))
    assert table.rows[0] == ("OBJ_TALK", "Students talk", *[""] * 11, said)


def test_the_table_in_full() -> None:
    table = school_plan_table(plan_of(manual(*but("ACT_OAK_TALK", status="paused"))))
    assert dict(zip(table.columns, table.rows[0], strict=True)) == {
        "objective_id": "OBJ_TALK",
        "objective": "Students talk",
        "action_id": "ACT_OAK_TALK",
        "action": "Oak talk",
        "status": "paused",
        "advances": "KR_TALK",
        "led_by": "Mathematics lead",
        "backed_up_by": "Coach",
        "uses": "PRO_VISIT",
        "starts": "2026-09-14",
        "due": "2027-06-11",
        "look_for": "Students speak first.",
        "evidence": "A photo of the board.",
        "blank": "",
    }
    assert table.rows[1][-1] == "no living action; not asked for yet"


def test_blanks_are_named_with_their_row() -> None:
    plan = plan_of(manual(*without("ACT_OAK_TALK")))
    assert [(place, cell.objective.id) for place, cell in plan.blanks] == [(1, "OBJ_TALK")]
    assert plan_of(manual(*SOUND)).blanks == ()


def test_what_is_past_its_day_comes_first_and_then_the_next_three() -> None:
    days = ("2026-11-20", "2026-10-01", "2026-11-21", "2027-01-15", "2027-03-01", "2027-05-01")
    actions = [
        rec(f"ACT_{number}", at="SCH_OAK", advances="OBJ_TALK", status="active", due=day)
        for number, day in enumerate(days)
    ]
    done = rec("ACT_DONE", at="SCH_OAK", advances="OBJ_TALK", status="done", due="2026-10-01")
    open_ = rec("ACT_OPEN", at="SCH_OAK", advances="OBJ_TALK", status="planned")
    district = manual(*without("action"), *actions, done, open_)
    told = [(each.action.id, each.overdue) for each in plan_of(district).coming]
    assert told == [
        ("ACT_1", True),
        ("ACT_0", True),
        ("ACT_2", False),
        ("ACT_3", False),
        ("ACT_4", False),
    ]
