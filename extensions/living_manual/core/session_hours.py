"""Hours of learning at each school in a school year: held, planned, used, and for which objective.

Counted are sessions of the school year that teachers take part in, at the school or for the whole
district. A coaching session reaches some teachers only: its hours stand apart, and are in no sum
(docs/learning-hours.md says why). A session is held from the day after its date, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from living_manual.core.model import Manual, Record
from living_manual.core.time_use import MEANINGFUL, USES, number, shares

#: Who must be among the audiences of a session for its hours to count.
LEARNERS = "teacher"
#: The structure whose sessions are for some teachers only.
APART = "coaching"
NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of some sessions: held, still planned, and how the held ones were used.

    `uses` are the hours of each use, of the held sessions that have a record of it; `recorded` is
    their length. Shares need not add up to 100, so the uses need not add up to `recorded`.
    """

    sessions: int = 0
    held: Fraction = NONE
    planned: Fraction = NONE
    recorded: Fraction = NONE
    uses: tuple[Fraction, ...] = (NONE,) * len(USES)

    def __add__(self, other: Hours) -> Hours:
        return Hours(
            self.sessions + other.sessions,
            self.held + other.held,
            self.planned + other.planned,
            self.recorded + other.recorded,
            tuple(one + more for one, more in zip(self.uses, other.uses, strict=True)),
        )

    def part(self, of: int) -> Hours:
        """One of so many equal parts; it counts as a session of its own."""
        if of == 1:
            return self
        uses = tuple(use / of for use in self.uses)
        return Hours(self.sessions, self.held / of, self.planned / of, self.recorded / of, uses)

    @property
    def year(self) -> Fraction:
        """Held and planned together."""
        return self.held + self.planned

    @property
    def unrecorded(self) -> Fraction:
        """Held hours without a record of their use."""
        return self.held - self.recorded

    @property
    def meaningful(self) -> Fraction:
        """Hours that went to planning tied to lessons."""
        return self.uses[tuple(USES).index(MEANINGFUL)]

    @property
    def percents(self) -> tuple[Fraction, ...]:
        """The share of each use in the recorded hours; all 0 when there are none."""
        return tuple(100 * use / self.recorded if self.recorded else NONE for use in self.uses)


@dataclass(frozen=True, slots=True)
class Sums:
    """Hours of sessions as a whole, by structure and by the objective served ("" for none)."""

    total: Hours
    structures: Mapping[str, Hours]
    objectives: Mapping[str, Hours]
    apart: Hours

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.total + other.total,
            _merged(self.structures, other.structures),
            _merged(self.objectives, other.objectives),
            self.apart + other.apart,
        )


EMPTY = Sums(Hours(), {}, {}, Hours())


def counts(session: Record) -> bool:
    """Whether teachers take part in a session."""
    return LEARNERS in session.fields.get("audiences", ())


def in_year(manual: Manual, session: Record) -> bool:
    """Whether a session lies in the school year."""
    day = session.day("date")
    return day is not None and manual.settings.year_starts <= day <= manual.settings.year_ends


def length(session: Record) -> Fraction | None:
    """The hours of a session; None when they are not written."""
    return number(session.get("hours"))


def is_held(manual: Manual, session: Record) -> bool:
    """Whether a session is over: from the day after its date."""
    day = session.day("date")
    return day is not None and day < manual.today


def school_sums(manual: Manual) -> Mapping[str, Sums]:
    """The hours of each school by its id; worked out once."""
    return manual.once(_school_sums)


def _school_sums(manual: Manual) -> Mapping[str, Sums]:
    everywhere: list[Record] = []
    own: dict[str, list[Record]] = {school.id: [] for school in manual.of_type("school")}
    for session in manual.of_type("session"):
        if not counts(session) or not in_year(manual, session):
            continue
        places = dict.fromkeys(session.to("at"))
        if not places:
            everywhere.append(session)
        for place in places:
            if place in own:
                own[place].append(session)
    common = _sums(manual, everywhere)
    return {school: common + _sums(manual, mine) for school, mine in own.items()}


def _sums(manual: Manual, sessions: Iterable[Record]) -> Sums:
    total, apart = Hours(), Hours()
    structures: dict[str, Hours] = {}
    objectives: dict[str, Hours] = {}
    for session in sessions:
        hours, kind = _hours(manual, session), session.get("kind")
        if hours is None:
            continue
        if kind == APART:
            apart += hours
            continue
        total += hours
        structures[kind] = structures.get(kind, Hours()) + hours
        # A session for two objectives gives each half of its time, so that the sum stays the sum.
        served = [one.id for one in manual.linked(session, "serves")] or [""]
        for objective in served:
            objectives[objective] = objectives.get(objective, Hours()) + hours.part(len(served))
    return Sums(total, structures, objectives, apart)


def _hours(manual: Manual, session: Record) -> Hours | None:
    """The hours of one session; None when it does not say how long it is."""
    hours = length(session)
    if hours is None:
        return None
    if not is_held(manual, session):
        return Hours(1, planned=hours)
    used = shares(session)
    if used is None:
        return Hours(1, held=hours)
    return Hours(1, hours, NONE, hours, tuple(hours * share / 100 for share in used))


def _merged(one: Mapping[str, Hours], other: Mapping[str, Hours]) -> Mapping[str, Hours]:
    found = dict(one)
    for name, hours in other.items():
        found[name] = found[name] + hours if name in found else hours
    return found
