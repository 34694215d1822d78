"""Who leads the sessions, and who could lead them next (facilitation passes on: source S4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from living_manual.core.model import Manual, Record, Ref
from living_manual.core.resting import leaders, rests_on_one
from living_manual.core.table import DataTable


@dataclass(frozen=True, slots=True)
class Led:
    """Sessions with the same facilitators and the same successors.

    `open` says that one role leads them and none is named to follow. `next` is the day of the next
    one, None when all have been.
    """

    by: tuple[Ref, ...]
    successors: tuple[Ref, ...]
    held: tuple[Ref, ...]
    to_come: tuple[Ref, ...]
    next: date | None
    open: bool


@dataclass(frozen=True, slots=True)
class Facilitation:
    """All sessions by who leads them; those that come next first."""

    rows: tuple[Led, ...]

    @property
    def sessions(self) -> int:
        """All sessions to come."""
        return sum(len(row.to_come) for row in self.rows)

    @property
    def open(self) -> int:
        """The sessions to come that have one facilitator and no successor."""
        return sum(len(row.to_come) for row in self.rows if row.open)


def facilitation(manual: Manual) -> Facilitation:
    """The sessions grouped by facilitator and successor; one without a day is still to come."""
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Record]] = {}
    for session in manual.of_type("session"):
        by = tuple(role.id for role in leaders(manual, session))
        next_ = tuple(role.id for role in manual.linked(session, "backed_up_by"))
        groups.setdefault((by, next_), []).append(session)
    rows = [_led(manual, sessions) for sessions in groups.values()]
    rows.sort(key=lambda row: (row.next is None, row.next or manual.today))
    return Facilitation(tuple(rows))


def _led(manual: Manual, sessions: list[Record]) -> Led:
    one = sessions[0]
    sessions = sorted(sessions, key=lambda each: each.day("date") or date.max)
    to_come = [each for each in sessions if (each.day("date") or date.max) >= manual.today]
    return Led(
        tuple(role.ref for role in leaders(manual, one)),
        tuple(role.ref for role in manual.linked(one, "backed_up_by")),
        tuple(each.ref for each in sessions if each not in to_come),
        tuple(each.ref for each in to_come),
        to_come[0].day("date") if to_come else None,
        rests_on_one(manual, one),
    )


def facilitation_table(view: Facilitation) -> DataTable:
    """One row a facilitator and successor."""
    return DataTable(
        ("led_by", "backed_up_by", "held", "to_come", "next", "open"),
        tuple(
            (
                ";".join(role.id for role in row.by),
                ";".join(role.id for role in row.successors),
                len(row.held),
                len(row.to_come),
                row.next.isoformat() if row.next else "",
                "yes" if row.open and row.to_come else "no",
            )
            for row in view.rows
        ),
    )
