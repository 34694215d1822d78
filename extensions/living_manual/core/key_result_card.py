"""What the card of a key result shows: where it stands, its chart, its schools, what serves it."""

from __future__ import annotations

from dataclasses import dataclass

from living_manual.core.chart import Chart, trend
from living_manual.core.key_result_schools import SchoolReading, school_reading
from living_manual.core.key_results import KeyResultStanding, say_value, standings
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.readings import say_reading
from living_manual.core.rules import only_implementation
from living_manual.core.trajectory import WELL, Trajectory, trajectories
from living_manual.core.words import plural, say_day

#: More schools than this are told by their spread, with a link to the table of all.
_LISTED = 20


@dataclass(frozen=True, slots=True)
class SchoolsRead:
    """The schools with a reading: each with its latest one when they are few, else the spread.

    `where` is the page with all of them.
    """

    count: int
    of: int
    each: tuple[tuple[Ref, SchoolReading], ...]
    lowest: str
    highest: str
    where: Ref | None


@dataclass(frozen=True, slots=True)
class Measured:
    """A key result on the page of its objective; `where` is the dashboard."""

    stands: KeyResultStanding
    chart: Chart | None
    schools: SchoolsRead | None
    where: Ref | None


@dataclass(frozen=True, slots=True)
class ObjectiveMeasured:
    """An objective on its own page: how many of its key results are met or on track."""

    well: int
    total: int
    only_implementation: bool
    where: Ref | None


def measured(manual: Manual, record: Record) -> Measured | ObjectiveMeasured | None:
    """What is measured, of a key result or an objective; None for other records."""
    if record.type == "key_result":
        course, where = trajectories(manual)[record.id], manual.places.get("key-results")
        return Measured(
            standings(manual)[record.id],
            _chart(manual, record, course),
            _schools(manual, record, course),
            where,
        )
    if record.type != "objective":
        return None
    found = standings(manual)
    mine = [found[each.id] for each in manual.incoming(record.id, "measures") if each.id in found]
    return ObjectiveMeasured(
        sum(each.standing in WELL for each in mine),
        len(mine),
        only_implementation(manual, record),
        manual.places.get("key-results"),
    )


def _chart(manual: Manual, record: Record, course: Trajectory) -> Chart | None:
    """The readings over time; None as long as there is none."""
    scale, way = course.way.scale, course.way
    points = [(each.day, float(each.value)) for each in course.earlier]
    points += [(each.day, float(each.value)) for each in course.rolled]
    if not points:
        return None
    whole = not scale.why and way.due > way.starts
    baseline = float(scale.baseline) if scale.baseline is not None else None
    target = float(scale.target) if scale.target is not None else None
    return Chart(
        f"chart-{record.id}",
        f"Readings: {record.title}",
        _description(record, course),
        trend(
            points,
            (way.starts, baseline) if whole and baseline is not None else None,
            (way.due, target) if whole and target is not None else None,
            scale.unit,
        ),
        ("Day", "Read", "From", "Straight way"),
        tuple(_rows(manual, record, course)),
    )


def _rows(manual: Manual, record: Record, course: Trajectory) -> list[tuple[str, ...]]:
    """What the points of the chart are: each value of the district, oldest first."""
    rows: list[tuple[str, ...]] = [
        (say_day(each.day), say_reading(each.text, record), "an earlier year", "")
        for each in course.earlier
    ]
    schools = len(manual.of_type("school"))
    for each in course.rolled:
        expected = course.way.expected(each.day)
        rows.append(
            (
                say_day(each.day),
                say_value(each, record, course.way.scale),
                f"{each.schools} of {plural(schools, 'school')}" if each.schools else "district",
                course.way.scale.say(expected) if expected is not None else "",
            )
        )
    return rows


def _description(record: Record, course: Trajectory) -> str:
    """What one sees, in words."""
    way, now = course.way, course.now
    first = course.rolled[0] if course.rolled else None
    said = []
    if now and first and first != now:
        start, end = (say_value(each, record, way.scale) for each in (first, now))
        said.append(f"From {start} on {say_day(first.day)} to {end} on {say_day(now.day)}.")
    elif now:
        said.append(f"{say_value(now, record, way.scale)} on {say_day(now.day)}.")
    expected = way.expected(now.day) if now else None
    if now and expected is not None:
        said.append(f"The straight way is at {way.scale.say(expected)} on that day.")
        said.append(f"The target is {record.get('target')} on {say_day(way.due)}.")
    if course.earlier:
        said.append("Readings from earlier years come first.")
    return " ".join(said)


def _schools(manual: Manual, record: Record, course: Trajectory) -> SchoolsRead | None:
    read = [
        (school.ref, latest)
        for school in manual.of_type("school")
        if (latest := school_reading(manual, record, course, school.id))
    ]
    if not read:
        return None
    values = sorted(
        (readings[-1].value, name) for name, readings in course.schools.items() if readings
    )
    short = {ref.id: latest.short for ref, latest in read}
    return SchoolsRead(
        len(read),
        len(manual.of_type("school")),
        tuple(read) if len(read) <= _LISTED else (),
        short[values[0][1]],
        short[values[-1][1]],
        manual.places.get("key-results-by-school"),
    )
