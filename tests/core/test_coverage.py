"""The matrix of objectives and schools, counted again by hand."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given

from living_manual.core.coverage import coverage
from living_manual.core.matrices import matrix_of
from living_manual.core.matrix_table import matrix_table
from living_manual.core.model import STATUSES, Manual
from living_manual.core.table import DataTable
from tests.build_manual import SOUND, TODAY, but, manual, without
from tests.strategies import districts


def table(district: Manual) -> DataTable:
    """The rows of the same matrix as a reader downloads them."""
    return matrix_table(matrix_of(district, "school-objective"))


def actions_at(district: Manual, school: str, objective: str) -> list[str]:
    """Statuses of the actions of one school for one objective, by plain loops over the records."""
    found = []
    for action in district.records.values():
        if action.type != "action" or school not in action.links.get("at", ()):
            continue
        for target in action.links.get("advances", ()):
            result = district.records.get(target)
            if target == objective or (
                result is not None
                and result.type == "key_result"
                and objective in result.links.get("measures", ())
            ):
                found.append(action.status)
                break
    return found


@given(districts())
def test_the_matrix_counted_again(district: Manual) -> None:
    view = coverage(district)
    schools = [r.id for r in district.records.values() if r.type == "school"]
    objectives = [r.id for r in district.records.values() if r.type == "objective"]
    assert [row.school.id for row in view.rows] == schools
    assert [ref.id for ref, _ in view.objectives] == objectives
    covered = late = 0
    for row, school in zip(view.rows, schools, strict=True):
        here = 0
        for cell, objective in zip(row.cells, objectives, strict=True):
            statuses = actions_at(district, school, objective)
            living = sum(status in ("planned", "active", "done") for status in statuses)
            by = district.settings.actions_due.get(objective)
            assert cell.objective.id == objective
            assert dict(cell.counts) == {s: statuses.count(s) for s in STATUSES if s in statuses}
            assert cell.living == living
            assert cell.asked_by == by
            assert cell.late == (living == 0 and by is not None and by < TODAY)
            here += living > 0
            late += cell.late
        assert row.covered == here
        covered += here
    assert (view.covered, view.late) == (covered, late)
    assert view.total == len(schools) * len(objectives)
    assert view.blanks == view.total - covered
    assert sum(view.by_objective) == covered
    assert len(view.by_objective) == len(objectives)


@given(districts())
def test_the_table_has_every_cell_once(district: Manual) -> None:
    view = coverage(district)
    rows = json.loads(table(district).json())
    assert len(rows) == view.total
    assert len({(row["school_id"], row["objective_id"]) for row in rows}) == view.total
    assert sum(row["living"] > 0 for row in rows) == view.covered
    assert sum(row["late"] == "yes" for row in rows) == view.late
    for row in rows:
        statuses = actions_at(district, row["school_id"], row["objective_id"])
        assert [row[status] for status in STATUSES] == [statuses.count(s) for s in STATUSES]


def test_an_empty_manual_has_an_empty_matrix() -> None:
    view = coverage(manual())
    assert (view.rows, view.objectives, view.total, view.blanks) == ((), (), 0, 0)
    assert table(manual()).rows == ()


def test_names_are_the_short_ones_where_there_are_any() -> None:
    view = coverage(manual(*SOUND))
    assert [row.short for row in view.rows] == ["Oak", "Elm Middle"]
    assert [short for _, short in view.objectives] == ["Talk", "Rich tasks"]
    assert [row.level for row in view.rows] == ["elementary", "middle"]
    assert (view.covered, view.total, view.by_objective) == (4, 4, (2, 2))


def test_paused_and_dropped_actions_are_counted_and_cover_nothing() -> None:
    view = coverage(manual(*but("ACT_OAK_TALK", status="paused")))
    cell = view.rows[0].cells[0]
    assert (cell.counts, cell.living) == ((("paused", 1),), 0)
    assert (view.rows[0].covered, view.blanks) == (1, 1)


@pytest.mark.parametrize(("days", "late"), [(-1, True), (0, False), (1, False), (None, False)])
def test_a_blank_is_late_from_the_day_after_it_was_asked_for(days: int | None, late: bool) -> None:
    due: dict[str, date] = {}
    if days is not None:
        due = {"OBJ_TALK": TODAY + timedelta(days=days), "OBJ_TASKS": TODAY - timedelta(days=9)}
    view = coverage(manual(*without("ACT_OAK_TALK"), actions_due=due))
    assert view.rows[0].cells[0].late == late
    # What holds a living action is never late.
    assert view.late == late


def test_the_table_in_full() -> None:
    district = manual(
        *but("ACT_OAK_TALK", status="dropped"), actions_due={"OBJ_TALK": date(2026, 10, 15)}
    )
    assert table(district).csv().split("\n")[:3] == [
        "school_id,school,level,objective_id,objective,planned,active,done,paused,dropped,living,"
        "asked_by,late",
        "SCH_OAK,Oak Elementary,elementary,OBJ_TALK,Students talk,0,0,0,0,1,0,2026-10-15,yes",
        "SCH_OAK,Oak Elementary,elementary,OBJ_TASKS,Rich tasks,0,1,0,0,0,1,,no",
    ]
