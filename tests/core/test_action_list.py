"""All actions of the district in one list."""

from __future__ import annotations

from datetime import date

from hypothesis import given

from living_manual.core.action_list import ActionList, action_list, action_list_table
from living_manual.core.model import Manual
from tests.build_manual import SOUND, but, manual, rec
from tests.strategies import districts


def listed(view: ActionList) -> dict[str, list[str]]:
    """School to its actions' ids."""
    return {
        group.school.id if group.school else "": [row.action.id for row in group.actions]
        for group in view.schools
    }


def test_school_by_school() -> None:
    view = action_list(manual(*SOUND))
    assert listed(view) == {
        "SCH_OAK": ["ACT_OAK_TALK", "ACT_OAK_TASKS"],
        "SCH_ELM": ["ACT_ELM_TALK", "ACT_ELM_TASKS"],
    }
    assert (view.actions, view.living) == (4, 4)


def test_an_action_at_two_schools_counts_once() -> None:
    district = but("ACT_OAK_TALK", at="SCH_OAK SCH_ELM", status="paused")
    view = action_list(manual(*district))
    assert "ACT_OAK_TALK" in listed(view)["SCH_ELM"]
    assert (view.actions, view.living) == (4, 3)
    assert len(action_list_table(view).rows) == 5


def test_an_action_of_no_school_stands_at_the_end() -> None:
    view = action_list(manual(*SOUND, rec("ACT_LOST", advances="KR_TALK", status="active")))
    assert list(listed(view)) == ["SCH_OAK", "SCH_ELM", ""]


def test_overdue_is_said_of_what_is_not_done() -> None:
    lost = [
        rec(f"ACT_{status.upper()}", at="SCH_OAK", due="2026-11-20", status=status)
        for status in ("active", "planned", "done", "paused", "dropped")
    ]
    view = action_list(manual(*SOUND, *lost, today=date(2026, 11, 21)))
    late = {row.action.id for group in view.schools for row in group.actions if row.overdue}
    assert late == {"ACT_ACTIVE", "ACT_PLANNED"}


def test_rows() -> None:
    view = action_list(manual(rec("SCH_OAK", title="Oak"), rec(
        "ACT_OAK_1", title="Talk", at="SCH_OAK", due="2027-01-02", status="active"
    )))  # fmt: skip
    table = action_list_table(view)
    assert dict(zip(table.columns, table.rows[0], strict=True)) == {
        "school_id": "SCH_OAK",
        "school": "Oak",
        "id": "ACT_OAK_1",
        "action": "Talk",
        "status": "active",
        "advances": "",
        "led_by": "",
        "due": "2027-01-02",
        "overdue": "no",
        "uses": "",
    }


@given(districts())
def test_every_action_is_listed(district: Manual) -> None:
    view = action_list(district)
    found = {row.action.id for group in view.schools for row in group.actions}
    assert found == {action.id for action in district.of_type("action")}
    assert view.actions == len(found)
