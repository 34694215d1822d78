"""Key results by school: which school stands where, and a school's own beside the district's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from living_manual.core.filters import Facet, choice, records
from living_manual.core.key_results import say_value, standings
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.readings import Reading, say_reading
from living_manual.core.table import DataTable
from living_manual.core.trajectory import STANDINGS, Trajectory, trajectories


@dataclass(frozen=True, slots=True)
class SchoolReading:
    """A school's latest reading of a key result, and where it stands on the district's way.

    `stands` is empty for a count of the whole district, which no school can be held against.
    `short` is the value in few words, `said` in those of the key result.
    """

    short: str
    said: str
    day: date
    stands: str
    note: str = ""

    @property
    def title(self) -> str:
        """Where it stands, as people say it."""
        return STANDINGS[self.stands] if self.stands else "Counted"


@dataclass(frozen=True, slots=True)
class KeyResultColumn:
    """A key result that has readings at schools, with what it stands at for the district."""

    key_result: Ref
    objective: str
    standing: str
    latest: str
    schools: int

    @property
    def title(self) -> str:
        """Where the district stands, as people say it."""
        return STANDINGS[self.standing]


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school with its latest reading of each key result; None where it has none."""

    school: Ref
    short: str
    level: str
    cells: tuple[SchoolReading | None, ...]


@dataclass(frozen=True, slots=True)
class KeyResultsBySchool:
    """Schools by key results; `counts` are the readings that stand at each standing."""

    columns: tuple[KeyResultColumn, ...]
    rows: tuple[SchoolRow, ...]
    counts: tuple[tuple[str, int], ...]
    facets: tuple[Facet, ...]
    where: Ref | None

    @property
    def total(self) -> int:
        """Schools times key results."""
        return len(self.columns) * len(self.rows)

    def count(self, stands: str) -> int:
        """How many stand there; `none` asks for those without a reading."""
        return dict(self.counts).get(stands, 0)


@dataclass(frozen=True, slots=True)
class OwnReading:
    """A key result as a school's page tells it: the school's own reading beside the district's.

    `earlier` are the school's values before its latest of this year, oldest first.
    """

    key_result: Ref
    target: str
    own: SchoolReading | None
    earlier: tuple[tuple[str, date], ...]
    district: str
    district_title: str
    district_standing: str
    district_day: date | None


@dataclass(frozen=True, slots=True)
class SchoolReadings:
    """The key results that schools read, for one school; `where` is the page of all schools."""

    school: Ref
    rows: tuple[OwnReading, ...]
    where: Ref | None

    @property
    def read(self) -> int:
        """How many this school has a reading of."""
        return sum(row.own is not None for row in self.rows)


#: What a cell holds, beside the standings: a count of the district, or no reading.
_CELLS = {**STANDINGS, "counted": "Counted", "none": "No reading"}


def school_reading(
    manual: Manual, result: Record, course: Trajectory, school: str
) -> SchoolReading | None:
    """The latest reading of a school this year."""
    read = course.schools.get(school)
    if not read:
        return None
    last, unit = read[-1], course.way.scale
    return SchoolReading(
        f"{last.text}{unit.unit}",
        _words(last, result, course),
        last.day,
        "" if unit.counted else course.way.standing(last.value, last.day, manual.today),
        last.note,
    )


def _words(each: Reading, result: Record, course: Trajectory) -> str:
    """A school's value in words; a count is not said to be out of the district's whole."""
    return each.text if course.way.scale.counted else say_reading(each.text, result)


def _earlier(result: Record, course: Trajectory, school: str) -> tuple[tuple[str, date], ...]:
    """The readings of a school before its latest one of this year."""
    before = (*course.schools_earlier.get(school, ()), *course.schools.get(school, ())[:-1])
    return tuple((_words(each, result, course), each.day) for each in before)


def _in_order(manual: Manual) -> list[tuple[Record, Trajectory]]:
    """The key results with their course, objective by objective."""
    found = trajectories(manual)
    return [
        (result, found[result.id])
        for objective in manual.of_type("objective")
        for result in manual.incoming(objective.id, "measures")
        if result.id in found
    ]


def key_results_by_school(manual: Manual) -> KeyResultsBySchool:
    """Every school and every key result that has a reading at a school."""
    results = [pair for pair in _in_order(manual) if pair[1].schools]
    rows = tuple(
        SchoolRow(
            school.ref,
            school.get("short") or school.title,
            school.get("level"),
            tuple(school_reading(manual, *pair, school.id) for pair in results),
        )
        for school in manual.of_type("school")
    )
    counts = Counter(cell_state(cell) for row in rows for cell in row.cells)
    columns = tuple(_column(*pair) for pair in results)
    objectives = {column.objective for column in columns}
    return KeyResultsBySchool(
        columns,
        rows,
        tuple((name, counts[name]) for name in _CELLS),
        (
            records("school", "School", (row.school for row in rows)),
            choice("level", "Level", ((row.level, row.level.capitalize()) for row in rows)),
            records(
                "objective",
                "Objective",
                (one.ref for one in manual.of_type("objective") if one.id in objectives),
            ),
            records("key_result", "Key result", (column.key_result for column in columns)),
            choice("status", "Stands", ((key, _CELLS[key]) for key in _CELLS if counts[key])),
        ),
        manual.places.get("key-results"),
    )


def cell_state(cell: SchoolReading | None) -> str:
    """What a cell holds: a standing, `counted` or `none`."""
    if cell is None:
        return "none"
    return cell.stands or "counted"


def _column(result: Record, course: Trajectory) -> KeyResultColumn:
    now = course.now
    objective = next(iter(result.to("measures")), "")
    latest = say_value(now, result, course.way.scale) if now else ""
    return KeyResultColumn(result.ref, objective, course.standing, latest, len(course.schools))


def key_results_by_school_table(view: KeyResultsBySchool) -> DataTable:
    """One row a school and key result, so that a spreadsheet can pivot it either way."""
    return DataTable(
        (
            *("school_id", "school", "level", "objective_id", "key_result_id", "key_result"),
            *("value", "read_on", "stands", "district"),
        ),
        tuple(
            (
                *(row.school.id, row.school.title, row.level),
                *(column.objective, column.key_result.id, column.key_result.title),
                cell.short if cell else "",
                cell.day.isoformat() if cell else "",
                _CELLS[cell_state(cell)],
                column.latest,
            )
            for row in view.rows
            for column, cell in zip(view.columns, row.cells, strict=True)
        ),
    )


def school_readings(manual: Manual, school: Record) -> SchoolReadings:
    """A school's own readings of the key results that schools read, the district's beside them.

    What the school read in earlier years only is told as well.
    """
    found = standings(manual)
    rows = []
    for result, course in _in_order(manual):
        if not course.schools and school.id not in course.schools_earlier:
            continue
        whole = found[result.id]
        own = school_reading(manual, result, course, school.id)
        rows.append(
            OwnReading(
                result.ref,
                whole.target,
                own,
                _earlier(result, course, school.id),
                whole.latest,
                whole.title,
                whole.standing,
                whole.day,
            )
        )
    return SchoolReadings(school.ref, tuple(rows), manual.places.get("key-results-by-school"))
