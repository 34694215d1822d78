"""Every action of the district in one list, school by school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import DataTable


@dataclass(frozen=True, slots=True)
class ListedAction:
    """An action with what a leader asks of it first: for what, by whom, until when."""

    action: Ref
    advances: tuple[Ref, ...]
    led_by: tuple[Ref, ...]
    due: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class SchoolActions:
    """The actions of one school, in the order of its plan; no school for those that name none."""

    school: Ref | None
    actions: tuple[ListedAction, ...]


@dataclass(frozen=True, slots=True)
class ActionList:
    """All schools that have an action, and how many actions there are; `living` of them live."""

    schools: tuple[SchoolActions, ...]
    actions: int
    living: int


def action_list(manual: Manual) -> ActionList:
    """An action at two schools stands under both, and counts once."""
    groups: dict[str, list[Record]] = {school.id: [] for school in manual.of_type("school")}
    for action in manual.of_type("action"):
        for school in [each.id for each in manual.linked(action, "at")] or [""]:
            groups.setdefault(school, []).append(action)
    actions = manual.of_type("action")
    return ActionList(
        tuple(
            SchoolActions(
                manual.records[school].ref if school else None,
                tuple(_listed(manual, action) for action in group),
            )
            for school, group in groups.items()
            if group
        ),
        len(actions),
        sum(action.living for action in actions),
    )


def _listed(manual: Manual, action: Record) -> ListedAction:
    due = action.day("due")
    return ListedAction(
        action.ref,
        tuple(target.ref for target in manual.linked(action, "advances")),
        tuple(role.ref for role in manual.linked(action, "led_by")),
        due,
        overdue=action.status in ("planned", "active") and due is not None and due < manual.today,
    )


def action_list_table(view: ActionList) -> DataTable:
    """One row an action and school."""
    return DataTable(
        ("school_id", "school", "id", "action", "status", "advances", "led_by", "due", "overdue"),
        tuple(
            (
                group.school.id if group.school else "",
                group.school.title if group.school else "",
                listed.action.id,
                listed.action.title,
                listed.action.status,
                ";".join(ref.id for ref in listed.advances),
                ";".join(ref.title for ref in listed.led_by),
                listed.due.isoformat() if listed.due else "",
                "yes" if listed.overdue else "no",
            )
            for group in view.schools
            for listed in group.actions
        ),
    )
