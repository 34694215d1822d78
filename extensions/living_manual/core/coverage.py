"""Objective by school: who does something, how far it is, and where the blanks are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from living_manual.core.model import STATUSES, Manual, Record, Ref


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """One objective at one school.

    `counts` are the actions by status, in the order people read them; `asked_by` is the day the
    district asked for an action, `late` that it has passed without a living one.
    """

    objective: Ref
    counts: tuple[tuple[str, int], ...]
    living: int
    asked_by: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One school: its cells in the order of the objectives, and how many hold a living action."""

    school: Ref
    short: str
    level: str
    cells: tuple[CoverageCell, ...]
    covered: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole matrix with its totals."""

    objectives: tuple[tuple[Ref, str], ...]
    rows: tuple[CoverageRow, ...]
    by_objective: tuple[int, ...]
    covered: int
    total: int
    late: int

    @property
    def blanks(self) -> int:
        """Cells without a living action."""
        return self.total - self.covered


def coverage(manual: Manual) -> Coverage:
    """The matrix of all objectives and schools of the manual."""
    objectives = manual.of_type("objective")
    rows = tuple(_row(manual, school, objectives) for school in manual.of_type("school"))
    return Coverage(
        objectives=tuple(
            (record.ref, record.get("short") or record.title) for record in objectives
        ),
        rows=rows,
        by_objective=tuple(
            sum(1 for row in rows if row.cells[index].living) for index in range(len(objectives))
        ),
        covered=sum(row.covered for row in rows),
        total=len(rows) * len(objectives),
        late=sum(cell.late for row in rows for cell in row.cells),
    )


def _row(manual: Manual, school: Record, objectives: tuple[Record, ...]) -> CoverageRow:
    cells = tuple(coverage_cell(manual, school, objective) for objective in objectives)
    return CoverageRow(
        school.ref,
        school.get("short") or school.title,
        school.get("level"),
        cells,
        sum(1 for cell in cells if cell.living),
    )


def coverage_cell(manual: Manual, school: Record, objective: Record) -> CoverageCell:
    """What one school does for one objective."""
    actions = manual.actions_by_school_and_objective.get((school.id, objective.id), ())
    found = Counter(action.status for action in actions)
    living = sum(1 for action in actions if action.living)
    by = manual.asked_by(objective.id)
    return CoverageCell(
        objective.ref,
        tuple((status, found[status]) for status in STATUSES if found[status]),
        living,
        by,
        late=not living and by is not None and by < manual.today,
    )
