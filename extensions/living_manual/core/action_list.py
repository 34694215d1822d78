"""Every action of the district in one list, school by school, and the sessions after them.

It is the other side of the matrices of work: each action with its key results and its protocols.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from living_manual.core.filters import Facet
from living_manual.core.matrices import OF_WORK
from living_manual.core.matrix import Marks, offered, page_of
from living_manual.core.matrix_sides import facets_of
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import DataTable
from living_manual.core.work import Item, all_work

#: What the list can be narrowed by.
FACETS = (
    "school",
    "level",
    "objective",
    "key_result",
    "status",
    "role",
    "stage",
    "subsystem",
    "protocol",
    "imperative",
    "type",
    "date",
)


@dataclass(frozen=True, slots=True)
class ListedAction:
    """An action or a session with what a leader asks of it first: for what, by whom, until when.

    `advances` are the key results of an action and the objectives it names itself, or the
    objectives of a session; `uses` its protocols; `marks` what it can be narrowed by.
    """

    action: Ref
    state: str
    advances: tuple[Ref, ...]
    uses: tuple[Ref, ...]
    led_by: tuple[Ref, ...]
    due: date | None
    overdue: bool
    measured: bool
    marks: str


@dataclass(frozen=True, slots=True)
class SchoolActions:
    """The actions of one school, in the order of its plan; no school for those that name none."""

    school: Ref | None
    actions: tuple[ListedAction, ...]

    @property
    def size(self) -> int:
        """How many stand here."""
        return len(self.actions)


@dataclass(frozen=True, slots=True)
class ActionList:
    """All schools that have an action, and how many actions there are; `living` of them live.

    `unmeasured` actions advance no key result, `unguided` ones use no protocol. `turned` are the
    pages that show the same from the other side.
    """

    schools: tuple[SchoolActions, ...]
    sessions: tuple[ListedAction, ...]
    actions: int
    living: int
    unmeasured: int
    unguided: int
    facets: tuple[Facet, ...]
    turned: tuple[Ref, ...]
    marked: tuple[str, ...] = FACETS


def action_list(manual: Manual) -> ActionList:
    """An action at two schools stands under both, and counts once."""
    groups: dict[str, list[Item]] = {school.id: [] for school in manual.of_type("school")}
    work = all_work(manual)
    facets = offered(facets_of(manual, OF_WORK), work)
    marks = Marks(facets, FACETS)
    actions = [item for item in work if item.record.type == "action"]
    for item in actions:
        for school in item.of("school") or ("",):
            groups.setdefault(school, []).append(item)
    listed = {item.record.id: _listed(manual, item, marks.of(item)) for item in work}
    return ActionList(
        tuple(
            SchoolActions(
                manual.records[school].ref if school else None,
                tuple(listed[item.record.id] for item in group),
            )
            for school, group in groups.items()
            if group
        ),
        tuple(listed[item.record.id] for item in work if item.record.type == "session"),
        len(actions),
        sum(item.living for item in actions),
        sum(not item.of("key_result") for item in actions),
        sum(not item.of("protocol") for item in actions),
        _facets(facets),
        _turned(manual),
    )


def _facets(facets: dict[str, Facet]) -> tuple[Facet, ...]:
    shown = [facets[name] for name in FACETS if name == "date" or len(facets[name].options) > 1]
    return (Facet("find", "Find words", "words"), *shown, Facet("blank", "Blanks only", "mark"))


def _turned(manual: Manual) -> tuple[Ref, ...]:
    titles = {"key-result-action": "Key results", "protocol-action": "Protocols"}
    found = [(title, page_of(manual, key)) for key, title in titles.items()]
    return tuple(replace(page, title=title) for title, page in found if page)


def _listed(manual: Manual, item: Item, marks: str) -> ListedAction:
    record, session = item.record, item.record.type == "session"
    return ListedAction(
        record.ref,
        item.state,
        _refs(manual.linked(record, "serves" if session else "advances")),
        _refs(manual.linked(record, "runs" if session else "uses")),
        _refs(manual.linked(record, "owner" if session else "led_by")),
        item.last,
        not session
        and item.state in ("planned", "active")
        and item.last is not None
        and item.last < manual.today,
        session or bool(item.of("key_result")),
        marks,
    )


def _refs(records: Sequence[Record]) -> tuple[Ref, ...]:
    return tuple(record.ref for record in records)


def action_list_table(view: ActionList) -> DataTable:
    """One row an action and school, then one a session."""
    rows = [(group.school, listed) for group in view.schools for listed in group.actions]
    return DataTable(
        (
            "school_id",
            "school",
            "id",
            "action",
            "status",
            "advances",
            "led_by",
            "due",
            "overdue",
            "uses",
        ),
        tuple(
            (
                school.id if school else "",
                school.title if school else "",
                listed.action.id,
                listed.action.title,
                listed.state,
                ";".join(ref.id for ref in listed.advances),
                ";".join(ref.title for ref in listed.led_by),
                listed.due.isoformat() if listed.due else "",
                "yes" if listed.overdue else "no",
                ";".join(ref.id for ref in listed.uses),
            )
            for school, listed in (*rows, *((None, session) for session in view.sessions))
        ),
    )
