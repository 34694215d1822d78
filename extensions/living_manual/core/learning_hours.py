"""The ledger of learning hours: each school's year beside what was reported and what research asks.

`core/session_hours.py` says which sessions count, and how.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from living_manual.core.chart import Chart
from living_manual.core.facts import KINDS
from living_manual.core.filters import Facet, choice, records
from living_manual.core.hours_charts import use_chart, year_chart
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.reported_hours import Reported, reported
from living_manual.core.session_hours import (
    EMPTY,
    NONE,
    Hours,
    counts,
    in_year,
    length,
    school_sums,
)
from living_manual.core.table import Cell, DataTable
from living_manual.core.time_use import USES, say

#: The structures, in the order in which people read them; others follow as they are written.
STRUCTURES = (
    *("opening-day", "half-day", "pd-day", "plc", "staff-meeting", "curriculum"),
    *("rounds", "leadership-team"),
)


@dataclass(frozen=True, slots=True)
class SchoolHours:
    """A school's own ledger; structures and objectives in their order, only those with hours."""

    school: Ref
    short: str
    level: str
    total: Hours
    apart: Hours
    structures: tuple[tuple[str, str, Hours], ...]
    objectives: tuple[tuple[Ref | None, Hours], ...]
    reported: Reported
    ledger: Ref | None = None
    what_if: Ref | None = None


@dataclass(frozen=True, slots=True)
class LearningHours:
    """The ledger of the district.

    `total` adds up the schools: an hour for the whole district counts once at each. `outside` are
    sessions of teachers that are not in this school year, `unmeasured` those without hours.
    """

    schools: tuple[SchoolHours, ...]
    total: Hours
    apart: Hours
    structures: tuple[tuple[str, str, Hours], ...]
    objectives: tuple[tuple[Ref | None, Hours], ...]
    reported: Reported
    year: str
    outside: int
    unmeasured: int
    facets: tuple[Facet, ...]
    charts: tuple[Chart, ...]
    what_if: Ref | None = None

    def average(self, hours: Fraction) -> Fraction:
        """An amount of all schools together, for each school."""
        return hours / len(self.schools) if self.schools else NONE


def school_hours(manual: Manual, school: Record) -> SchoolHours:
    """One school's ledger."""
    sums = school_sums(manual)[school.id]
    return SchoolHours(
        school.ref,
        school.get("short") or school.title,
        school.get("level"),
        sums.total,
        sums.apart,
        _by_structure(sums.structures),
        _by_objective(manual, sums.objectives),
        reported(manual),
        manual.places.get("learning-hours"),
        manual.places.get("what-if"),
    )


def learning_hours(manual: Manual) -> LearningHours:
    """The ledger of all schools; worked out once."""
    return manual.once(_learning_hours)


def _learning_hours(manual: Manual) -> LearningHours:
    schools = tuple(school_hours(manual, school) for school in manual.of_type("school"))
    sums = EMPTY
    for each in school_sums(manual).values():
        sums += each
    teachers = [session for session in manual.of_type("session") if counts(session)]
    here = [session for session in teachers if in_year(manual, session)]
    levels = ((each.level, each.level.capitalize()) for each in schools if each.level)
    return LearningHours(
        schools,
        sums.total,
        sums.apart,
        _by_structure(sums.structures),
        _by_objective(manual, sums.objectives),
        reported(manual),
        manual.settings.year_name,
        len(teachers) - len(here),
        sum(length(session) is None for session in here),
        (
            records("school", "School", (each.school for each in schools)),
            choice("level", "Level", levels),
        ),
        _charts(sums.total, len(schools), reported(manual)),
        manual.places.get("what-if"),
    )


def _charts(total: Hours, schools: int, told: Reported) -> tuple[Chart, ...]:
    if not schools:
        return ()
    year = (total.held / schools, total.planned / schools)
    use = use_chart("hours-use", "All schools together", total, told)
    return (year_chart("hours-year", "An average school", year, told), *([use] if use else []))


def _by_structure(found: Mapping[str, Hours]) -> tuple[tuple[str, str, Hours], ...]:
    names = [*(name for name in STRUCTURES if name in found), *sorted(found.keys() - {*STRUCTURES})]
    return tuple((name, KINDS.get(name, name) or "No structure", found[name]) for name in names)


def _by_objective(
    manual: Manual, found: Mapping[str, Hours]
) -> tuple[tuple[Ref | None, Hours], ...]:
    rows: list[tuple[Ref | None, Hours]] = []
    for one in manual.of_type("objective"):
        if one.id in found:
            ref = Ref(one.id, one.type, one.get("short") or one.title, one.page)
            rows.append((ref, found[one.id]))
    if "" in found:
        rows.append((None, found[""]))
    return tuple(rows)


def learning_hours_table(view: LearningHours) -> DataTable:
    """One row a school: its sums, then its year by structure, by objective and by use."""
    structures = [name for name, _, _ in view.structures]
    objectives = [ref.id if ref else "none" for ref, _ in view.objectives]
    columns = (
        *("school_id", "school", "level", "sessions", "held", "planned", "year"),
        *("recorded", "unrecorded", "meaningful", "coaching"),
        *(f"structure_{name or 'none'}" for name in structures),
        *(f"objective_{name}" for name in objectives),
        *(f"use_{name}" for name in USES),
    )
    rows: list[tuple[Cell, ...]] = []
    for each in view.schools:
        by_kind = {name: hours.year for name, _, hours in each.structures}
        by_aim = {ref.id if ref else "none": hours.year for ref, hours in each.objectives}
        total = each.total
        amounts = (
            *(total.held, total.planned, total.year, total.recorded, total.unrecorded),
            *(total.meaningful, each.apart.year),
            *(by_kind.get(name, NONE) for name in structures),
            *(by_aim.get(name, NONE) for name in objectives),
            *total.uses,
        )
        told = (each.school.id, each.school.title, each.level, total.sessions)
        rows.append((*told, *(float(say(amount, 4)) for amount in amounts)))
    return DataTable(columns, tuple(rows))
