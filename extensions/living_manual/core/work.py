"""What can be counted: actions of schools and sessions of learning, with all they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from living_manual.core.model import STATUSES, Manual, Record

#: States of a session: it has been held, or it is to come.
HELD, TO_COME = "held", "to-come"
#: The state of a record that has none of its own.
ENTRY = "entry"
#: Every state, in the order people read them, and how people say each.
STATES: Mapping[str, str] = {
    **{status: status.capitalize() for status in STATUSES},
    HELD: "Session held",
    TO_COME: "Session to come",
    ENTRY: "Entry",
}
#: The three imperatives of the work (source S4), and the families of protocols and kinds of
#: sessions that count for each (docs/matrices.md says why).
IMPERATIVES: Mapping[str, tuple[str, frozenset[str]]] = {
    "job-embedded": ("Job-embedded learning", frozenset({"plc", "rounds", "coaching"})),
    "collaboration": (
        "Collaboration structures and time",
        frozenset({"plc", "leadership", "leadership-team", "staff-meeting", "curriculum"}),
    ),
    "coaching": ("Coaching", frozenset({"coaching"})),
}


#: Stands for the school of a session that is for every school.
DISTRICT = "district"
DISTRICT_TITLE = "Whole district"


@dataclass(frozen=True, slots=True)
class Item:
    """A record as it is counted.

    `state` is an action's status, or that of a session or an entry. `living` says that
    it moves something this year: a planned, active or done action, any session. `values` are the
    ids it carries of each facet that it can be narrowed by; `first` and `last` are its days.
    """

    record: Record
    state: str
    living: bool
    values: Mapping[str, tuple[str, ...]]
    first: date | None = None
    last: date | None = None

    def of(self, facet: str) -> tuple[str, ...]:
        """What it carries of a facet."""
        return self.values.get(facet, ())


def all_work(manual: Manual) -> tuple[Item, ...]:
    """Actions in the order of the plans, then sessions; worked out once for a manual."""
    return manual.once(_all_work)


def _all_work(manual: Manual) -> tuple[Item, ...]:
    levels = {school.id: school.get("level") for school in manual.of_type("school")}
    return (
        *(_action(manual, action, levels) for action in manual.of_type("action")),
        *(_session(manual, session, levels) for session in manual.of_type("session")),
    )


def _action(manual: Manual, action: Record, levels: Mapping[str, str]) -> Item:
    protocols = manual.linked(action, "uses")
    values = {
        "status": (action.status,),
        "objective": ids(manual.objectives_of(action)),
        "key_result": ids(t for t in manual.linked(action, "advances") if t.type == "key_result"),
        "role": ids(manual.linked(action, "led_by")),
        **_common(manual, action, levels, protocols, ()),
    }
    return Item(
        action, action.status, action.living, values, action.day("starts"), action.day("due")
    )


def _session(manual: Manual, session: Record, levels: Mapping[str, str]) -> Item:
    day = session.day("date")
    kinds = (session.get("kind"),) if session.get("kind") else ()
    held = day is not None and day < manual.today
    state = HELD if held else TO_COME
    values = {
        "status": (state,),
        "objective": ids(manual.linked(session, "serves")),
        "role": ids(manual.linked(session, "owner")),
        "stage": ids(manual.linked(session, "stage")),
        **_common(manual, session, levels, manual.linked(session, "runs"), kinds),
    }
    return Item(session, state, True, values, day, day)


def _common(
    manual: Manual,
    record: Record,
    levels: Mapping[str, str],
    protocols: tuple[Record, ...],
    kinds: tuple[str, ...],
) -> dict[str, tuple[str, ...]]:
    schools = ids(manual.linked(record, "at"))
    families = {*kinds, *(protocol.get("kind") for protocol in protocols)}
    return {
        "type": (record.type,),
        "school": schools or ((DISTRICT,) if record.type == "session" else ()),
        "level": tuple(dict.fromkeys(levels[school] for school in schools if levels.get(school))),
        "protocol": ids(protocols),
        "subsystem": tuple(
            dict.fromkeys(
                subsystem.id
                for protocol in protocols
                for subsystem in manual.linked(protocol, "strengthens")
            )
        ),
        "imperative": tuple(
            name for name, (_, counting) in IMPERATIVES.items() if families & counting
        ),
    }


def ids(records: Iterable[Record]) -> tuple[str, ...]:
    """Their ids, each once."""
    return tuple(dict.fromkeys(record.id for record in records))
