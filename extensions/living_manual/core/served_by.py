"""What serves a key result: actions, sessions and protocols, in PLCs, coaching and pull-out PD."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from living_manual.core.matrix import ACTION_LIST, SESSION_LIST
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.work import HELD, Item, all_work

#: The groups, in the order in which people read them.
GROUPS = {
    "plc": "PLCs",
    "coaching": "Coaching",
    "pd": "Pull-out PD days",
    "other": "Others",
}
#: The group of each kind of protocol or session; what is not named here is among the others.
_GROUP_OF = {
    "plc": "plc",
    "coaching": "coaching",
    "pd": "pd",
    "pd-day": "pd",
    "opening-day": "pd",
    "half-day": "pd",
}


@dataclass(frozen=True, slots=True)
class ServedGroup:
    """What one group does: living actions, sessions (`held` of them are over), protocols."""

    title: str
    actions: int
    sessions: int
    held: int
    protocols: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Served:
    """Everything that serves a key result; what stands in two groups counts once in the sums.

    `where` is the page that lists all actions, `where_sessions` that of all sessions, `objective`
    the one that is measured: sessions serve objectives.
    """

    groups: tuple[ServedGroup, ...]
    actions: int
    sessions: int
    held: int
    protocols: int
    where: Ref | None
    where_sessions: Ref | None
    key_result: str
    objective: Ref | None


def served_by(manual: Manual, key_result: Record) -> Served:
    """The living actions that advance it, the sessions for its objective, and what both use."""
    work = manual.once(_work)
    objective = next(iter(manual.linked(key_result, "measures")), None)
    actions = work.get(key_result.id, ())
    sessions = work.get(objective.id, ()) if objective else ()
    protocols = _protocols(manual, (*actions, *sessions))
    return Served(
        tuple(
            ServedGroup(
                title,
                sum(key in _groups(manual, item) for item in actions),
                sum(key in _groups(manual, item) for item in sessions),
                sum(key in _groups(manual, item) for item in sessions if item.state == HELD),
                tuple(each.ref for each in protocols if _group(each) == key),
            )
            for key, title in GROUPS.items()
        ),
        len(actions),
        len(sessions),
        sum(item.state == HELD for item in sessions),
        len(protocols),
        manual.places.get(ACTION_LIST),
        manual.places.get(SESSION_LIST),
        key_result.id,
        objective.ref if objective else None,
    )


def _work(manual: Manual) -> Mapping[str, tuple[Item, ...]]:
    """Living actions by the key results they advance, sessions by the objectives they serve."""
    found: dict[str, list[Item]] = {}
    for item in all_work(manual):
        if item.living:
            facet = "key_result" if item.record.type == "action" else "objective"
            for target in item.of(facet):
                found.setdefault(target, []).append(item)
    return {name: tuple(items) for name, items in found.items()}


def _groups(manual: Manual, item: Item) -> set[str]:
    """A session belongs to the group of its kind, an action to those of its protocols."""
    if item.record.type == "session":
        return {_group(item.record)}
    return {_group(each) for each in manual.linked(item.record, "uses")} or {"other"}


def _group(record: Record) -> str:
    return _GROUP_OF.get(record.get("kind"), "other")


def _protocols(manual: Manual, items: Iterable[Item]) -> tuple[Record, ...]:
    named = {name for item in items for name in item.of("protocol")}
    return tuple(each for each in manual.of_type("protocol") if each.id in named)
