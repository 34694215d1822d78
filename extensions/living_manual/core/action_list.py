"""Every action of the district in one list, and every session in another, school by school.

They are the other side of the matrices of work: each action with its key results and protocols,
each session with its objectives and protocols. Two lists, since 6,000 actions and 2,000 sessions
make a page that a telephone waits for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from living_manual.core.filters import Facet
from living_manual.core.matrices import OF_WORK
from living_manual.core.matrix import Marks, offered, page_of
from living_manual.core.matrix_sides import facets_of
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import DataTable
from living_manual.core.told_marks import Told, ToldRow, learn, rest_of
from living_manual.core.words import say_day
from living_manual.core.work import HELD, Item, all_work

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
    "date",
)
#: What the rows of a school have in common stands at its head.
HEAD = ("school", "level")
#: A session serves objectives, no key results.
SESSION_FACETS = tuple(name for name in FACETS if name != "key_result")


@dataclass(frozen=True, slots=True)
class ListedAction:
    """An action or a session with what a leader asks of it first: for what, by whom, until when.

    `advances` are the key results of an action and the objectives it names itself, or the
    objectives of a session; `uses` its protocols. `marks` are what it can be narrowed by, None
    where its words tell them; `rest` is then what they do not tell.
    """

    action: Ref
    state: str
    advances: tuple[Ref, ...]
    uses: tuple[Ref, ...]
    led_by: tuple[Ref, ...]
    due: date | None
    overdue: bool
    measured: bool
    marks: str | None
    rest: str = ""


@dataclass(frozen=True, slots=True)
class SchoolActions:
    """The actions or sessions of one school, in its order; no school for those that name none."""

    school: Ref | None
    actions: tuple[ListedAction, ...]
    marks: str = ""

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
    actions: int
    living: int
    unmeasured: int
    unguided: int
    facets: tuple[Facet, ...]
    turned: tuple[Ref, ...]
    told: Told
    marked: tuple[str, ...] = FACETS


@dataclass(frozen=True, slots=True)
class SessionList:
    """Sessions of the whole district first, then those of each school; `held` of them are over."""

    schools: tuple[SchoolActions, ...]
    sessions: int
    held: int
    unguided: int
    facets: tuple[Facet, ...]
    turned: tuple[Ref, ...]
    told: Told
    marked: tuple[str, ...] = SESSION_FACETS


def action_list(manual: Manual) -> ActionList:
    """An action at two schools stands under both, and counts once."""
    actions = [item for item in all_work(manual) if item.record.type == "action"]
    facets = offered(facets_of(manual, OF_WORK), actions)
    groups, told = _by_school(manual, actions, facets, FACETS)
    return ActionList(
        groups,
        len(actions),
        sum(item.living for item in actions),
        sum(not item.of("key_result") for item in actions),
        sum(not item.of("protocol") for item in actions),
        _facets(facets, FACETS),
        _turned(manual, ("key-result-action", "protocol-action")),
        told,
    )


def session_list(manual: Manual) -> SessionList:
    """A session at two schools stands under both, and counts once."""
    sessions = [item for item in all_work(manual) if item.record.type == "session"]
    facets = offered(facets_of(manual, OF_WORK), sessions)
    groups, told = _by_school(manual, sessions, facets, SESSION_FACETS)
    return SessionList(
        tuple(sorted(groups, key=lambda group: group.school is not None)),
        len(sessions),
        sum(item.state == HELD for item in sessions),
        sum(not item.of("protocol") for item in sessions),
        _facets(facets, SESSION_FACETS),
        _turned(manual, ("protocol-action",)),
        told,
    )


def _by_school(
    manual: Manual, items: Iterable[Item], facets: dict[str, Facet], names: tuple[str, ...]
) -> tuple[tuple[SchoolActions, ...], Told]:
    marks, head = Marks(facets, names), Marks(facets, HEAD)
    groups: dict[str, list[tuple[ListedAction, ToldRow]]] = {
        school.id: [] for school in manual.of_type("school")
    }
    heads: dict[str, str] = {}
    for item in items:
        carried = marks.of(item)
        listed = _listed(manual, item, carried)
        pair = listed, ToldRow(_words(listed), tuple(carried.split(",")))
        schools = [each for each in item.of("school") if each in manual.records]
        for school in schools or [""]:
            groups.setdefault(school, []).append(pair)
            if len(schools) < 2:
                heads.setdefault(school, head.of(item))
    told = learn(names, HEAD, (row for group in groups.values() for _, row in group))
    return tuple(
        SchoolActions(
            manual.records[school].ref if school else None,
            tuple(
                _short(listed, rest_of(told, names, row, heads.get(school, ",").split(",")))
                for listed, row in group
            ),
            heads.get(school, ","),
        )
        for school, group in groups.items()
        if group
    ), told


def _words(listed: ListedAction) -> tuple[tuple[str, ...], ...]:
    """What the columns of a row say, as the page has it."""
    return (
        (),
        (listed.state.replace("-", " "),),
        tuple(ref.title for ref in listed.advances),
        tuple(ref.title for ref in listed.uses),
        tuple(ref.title for ref in listed.led_by),
        (say_day(listed.due),) if listed.due else (),
    )


def _short(listed: ListedAction, rest: str | None) -> ListedAction:
    return listed if rest is None else replace(listed, marks=None, rest=rest)


def _facets(facets: dict[str, Facet], names: Sequence[str]) -> tuple[Facet, ...]:
    shown = [facets[name] for name in names if name == "date" or len(facets[name].options) > 1]
    return (Facet("find", "Find words", "words"), *shown, Facet("blank", "Blanks only", "mark"))


def _turned(manual: Manual, keys: Sequence[str]) -> tuple[Ref, ...]:
    titles = {"key-result-action": "Key results", "protocol-action": "Protocols"}
    found = [(titles[key], page_of(manual, key)) for key in keys]
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


def action_list_table(view: ActionList | SessionList) -> DataTable:
    """One row an action, or a session, and school."""
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
            for school, listed in rows
        ),
    )
