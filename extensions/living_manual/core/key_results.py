"""The plan dashboard: every objective with its key results, and where each of them stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from living_manual.core.filters import Facet, choice, records
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.readings import say_reading
from living_manual.core.rules import only_implementation
from living_manual.core.scale import Scale
from living_manual.core.served_by import Served, served_by
from living_manual.core.table import Cell, DataTable
from living_manual.core.trajectory import STANDINGS, WELL, Rolled, Trajectory, trajectories
from living_manual.core.words import say_day

#: What a key result can look at, as people say it.
MEASURES = {
    "student-experience": "student experience",
    "student-outcome": "student outcome",
    "teacher-practice": "teacher practice",
    "implementation": "implementation",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A value on the short line from the baseline (0) to the target (100)."""

    value: float
    expected: float


@dataclass(frozen=True, slots=True)
class KeyResultStanding:
    """A key result and where it stands.

    `latest`, `expected` are in its own words, `day` is that of the reading. `schools` of `of` have
    a reading this year; `rolled` says from how many of them the value was made, 0 for the
    district's own. `said` is the standing as a sentence.
    """

    key_result: Ref
    measure: str
    baseline: str
    target: str
    due: date
    standing: str
    said: str
    latest: str
    day: date | None
    expected: str
    rolled: int
    schools: int
    of: int
    mark: Mark | None
    served: Served

    @property
    def title(self) -> str:
        """The standing as people say it."""
        return STANDINGS[self.standing]

    @property
    def measure_title(self) -> str:
        """What it looks at, as people say it."""
        return MEASURES.get(self.measure, self.measure)


@dataclass(frozen=True, slots=True)
class ObjectiveStanding:
    """An objective with its key results; `only_implementation` says that none sees a student."""

    objective: Ref
    key_results: tuple[KeyResultStanding, ...]
    only_implementation: bool

    @property
    def well(self) -> int:
        """How many of its key results are met or on track."""
        return sum(each.standing in WELL for each in self.key_results)


@dataclass(frozen=True, slots=True)
class KeyResults:
    """The whole plan. `by_school` is the page with the readings of schools."""

    objectives: tuple[ObjectiveStanding, ...]
    counts: tuple[tuple[str, int], ...]
    facets: tuple[Facet, ...]
    by_school: Ref | None
    starts: date

    @property
    def total(self) -> int:
        """How many key results there are."""
        return sum(count for _, count in self.counts)

    @property
    def well(self) -> int:
        """How many are met or on track."""
        return sum(self.count(name) for name in WELL)

    def count(self, standing: str) -> int:
        """How many stand there."""
        return dict(self.counts).get(standing, 0)


@dataclass(frozen=True, slots=True)
class KeyResultsSum:
    """How many key results are met or on track, of all; the page that shows them."""

    well: int
    total: int
    behind: int
    where: Ref | None


def standings(manual: Manual) -> Mapping[str, KeyResultStanding]:
    """Every key result and where it stands, by its id; worked out once."""
    return manual.once(_standings)


def _standings(manual: Manual) -> Mapping[str, KeyResultStanding]:
    return {result.id: _standing(manual, result) for result in manual.of_type("key_result")}


def _standing(manual: Manual, result: Record) -> KeyResultStanding:
    course = trajectories(manual)[result.id]
    now, way = course.now, course.way
    expected = way.expected(now.day) if now else None
    return KeyResultStanding(
        result.ref,
        result.get("measure"),
        result.get("baseline"),
        result.get("target"),
        way.due,
        course.standing,
        _said(manual, course),
        say_value(now, result, way.scale) if now else "",
        now.day if now else None,
        say_reading(_plain(expected), result) if expected is not None else "",
        now.schools if now else 0,
        len(course.schools),
        len(manual.of_type("school")),
        _mark(course),
        served_by(manual, result),
    )


def _plain(value: Fraction) -> str:
    return f"{round(float(value), 1):g}"


def say_value(rolled: Rolled, result: Record, unit: Scale) -> str:
    """A value of the district in the words of its key result."""
    text = rolled.text or _plain(rolled.value)
    number = unit.percent or unit.whole is not None or unit.target is not None
    return say_reading(text, result) if number else text


def _said(manual: Manual, course: Trajectory) -> str:
    now, way = course.now, course.way
    if course.standing == "unknown":
        return f"It cannot be reckoned how far this is: {way.scale.why}."
    if now is None:
        return f"Nobody has read it since {say_day(way.starts)}."
    expected = way.expected(now.day)
    if course.standing == "met" or expected is None:
        return "It has reached its target."
    if now.day >= way.due or manual.today > way.due:
        return f"It was due on {say_day(way.due)}, and has not reached its target."
    short = now.value < expected if way.rising else now.value > expected
    near = " This is near enough." if short and course.standing == "on-track" else ""
    return f"The straight way was at {way.scale.say(expected)} on that day.{near}"


def _mark(course: Trajectory) -> Mark | None:
    """Where the latest value and the line are, in hundredths of the way; within the line's ends."""
    start, end, now = course.way.scale.baseline, course.way.scale.target, course.now
    if course.way.scale.why or now is None or start is None or end is None:
        return None
    expected = course.way.expected(now.day)

    def along(value: Fraction) -> float:
        return min(max(round(float((value - start) / (end - start)) * 100, 1), 0.0), 100.0)

    return Mark(along(now.value), along(expected if expected is not None else start))


def key_results(manual: Manual) -> KeyResults:
    """Every objective in the order written, with its key results."""
    found, objectives = standings(manual), manual.of_type("objective")
    groups = tuple(
        ObjectiveStanding(
            objective.ref,
            tuple(
                found[each.id]
                for each in manual.incoming(objective.id, "measures")
                if each.id in found
            ),
            only_implementation(manual, objective),
        )
        for objective in objectives
    )
    counts = Counter(each.standing for each in found.values())
    return KeyResults(
        groups,
        tuple((name, counts[name]) for name in STANDINGS),
        (
            records("objective", "Objective", (one.ref for one in objectives)),
            choice(
                "measure",
                "Looks at",
                (
                    (name, title.capitalize())
                    for name, title in MEASURES.items()
                    if any(each.measure == name for each in found.values())
                ),
            ),
            choice("status", "Stands", ((key, STANDINGS[key]) for key in STANDINGS if counts[key])),
        ),
        manual.places.get("key-results-by-school"),
        manual.settings.year_starts,
    )


def key_results_sum(manual: Manual) -> KeyResultsSum:
    """The dashboard in one line."""
    counts = Counter(each.standing for each in standings(manual).values())
    return KeyResultsSum(
        sum(counts[name] for name in WELL),
        counts.total(),
        counts["behind"],
        manual.places.get("key-results"),
    )


def key_results_table(view: KeyResults) -> DataTable:
    """One row a key result."""
    groups = ("plc", "coaching", "pd", "other")
    return DataTable(
        (
            *("objective_id", "objective", "key_result_id", "key_result", "measure"),
            *("baseline", "target", "due", "latest", "read_on", "from_schools"),
            *("schools_with_a_reading", "schools", "straight_way", "stands"),
            *("actions", "sessions_of_objective", "protocols"),
            *(f"{group}_{what}" for group in groups for what in ("actions", "sessions")),
        ),
        tuple(
            _row(group.objective, each) for group in view.objectives for each in group.key_results
        ),
    )


def _row(objective: Ref, each: KeyResultStanding) -> tuple[Cell, ...]:
    return (
        *(objective.id, objective.title, each.key_result.id, each.key_result.title, each.measure),
        *(each.baseline, each.target, each.due.isoformat(), each.latest),
        *(each.day.isoformat() if each.day else "", each.rolled, each.schools, each.of),
        *(each.expected, each.title),
        *(each.served.actions, each.served.sessions, each.served.protocols),
        *(count for group in each.served.groups for count in (group.actions, group.sessions)),
    )
