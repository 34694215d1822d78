"""The assessment calendar: each grade or course by marking period, with its PLC or a blank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from living_manual.core.assessment_gaps import ASSESSMENT_RULES, DAY, MISSING
from living_manual.core.assessments import (
    Fault,
    Period,
    analysis_of,
    by_place,
    days_after,
    faults,
    grades,
    last_day,
    periods,
)
from living_manual.core.calendar_files import CalendarFile, file_of_grade
from living_manual.core.confirm import ToConfirm, to_confirm
from living_manual.core.lately import Lately, lately
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.settings import MarkingPeriod, grade_key
from living_manual.core.table import Cell, DataTable
from living_manual.core.used_in import UsedIn, used_in
from living_manual.core.words import slug


@dataclass(frozen=True, slots=True)
class Analysis:
    """The session that looks at the student work; `after` counts days from the assessment."""

    session: Ref
    day: date | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An assessment in its cell. `here` says that this page tells it in full in this place."""

    assessment: Ref
    name: str
    day: date | None
    ends: date | None
    analysis: Analysis | None
    faults: tuple[Fault, ...]
    here: bool
    informs: tuple[Ref, ...] = ()
    owner: tuple[Ref, ...] = ()
    notes: str = ""
    used_in: UsedIn | None = None
    to_confirm: ToConfirm | None = None
    lately: tuple[Lately, ...] = ()


@dataclass(frozen=True, slots=True)
class PeriodCell:
    """A grade in a period: its assessments, or a blank.

    `asked` says that the district lists the grade; `state` is past, now or to come, empty where
    the district set no days.
    """

    period: Period
    state: str
    asked: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next for a grade: its next assessment, and the next session on its work.

    Either may be None: nothing more has a day.
    """

    assessment: Entry | None
    analysis: Analysis | None

    @property
    def day(self) -> date | None:
        """The earlier of the two days."""
        found = (
            self.assessment.day if self.assessment else None,
            self.analysis.day if self.analysis else None,
        )
        return min((day for day in found if day), default=None)


@dataclass(frozen=True, slots=True)
class GradeRow:
    """A grade or course through the year; `anchor` is its address on the page."""

    grade: str
    anchor: str
    cells: tuple[PeriodCell, ...]
    next: Next
    file: CalendarFile | None


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule of the calendar in words, and how many assessments or blanks it names.

    `coming` are those that are not due yet: their marking period has not begun.
    """

    title: str
    rule: str
    found: int
    coming: int


@dataclass(frozen=True, slots=True)
class AssessmentCalendar:
    """The whole calendar.

    `asked` counts the cells that the district asks for, `there` those of them with an assessment,
    `analysed` those of them where every assessment has a session after it. `days` is the most days
    that may lie between the two.
    """

    rows: tuple[GradeRow, ...]
    periods: tuple[Period, ...]
    asked: int
    there: int
    analysed: int
    rules: tuple[RuleLine, ...]
    days: int


def assessment_calendar(manual: Manual, page: str) -> AssessmentCalendar:
    """Every grade or course by marking period."""
    columns, placed = periods(manual), by_place(manual)
    asked = {grade_key(grade) for grade in manual.settings.grades}
    rows: list[GradeRow] = []
    for nth, grade in enumerate(grades(manual), 1):
        key = grade_key(grade)
        cells = tuple(
            PeriodCell(
                period,
                _state(period.days, manual.today),
                not asked or key in asked,
                tuple(_entry(manual, each, page) for each in placed.get((key, period.number), ())),
            )
            for period in columns
        )
        anchor = f"assessments-{slug(grade) or nth}"
        if any(row.anchor == anchor for row in rows):
            anchor = f"{anchor}-{nth}"
        rows.append(
            GradeRow(grade, anchor, cells, _next(manual, cells), file_of_grade(manual, grade))
        )
    counted = [cell for row in rows for cell in row.cells if cell.asked]
    there = [cell for cell in counted if cell.entries]
    return AssessmentCalendar(
        tuple(rows),
        columns,
        asked=len(counted),
        there=len(there),
        analysed=sum(all(_analysed(entry) for entry in cell.entries) for cell in there),
        rules=tuple(_rules(rows)),
        days=manual.settings.analysis_days,
    )


def _state(days: MarkingPeriod | None, today: date) -> str:
    if days is None:
        return ""
    return "past" if days.ends < today else "now" if days.starts <= today else "to come"


def _analysed(entry: Entry) -> bool:
    """Whether a session looks at the work once it is there."""
    return entry.analysis is not None and (entry.analysis.after or 0) >= 0


def _entry(manual: Manual, record: Record, page: str) -> Entry:
    session = analysis_of(manual, record)
    analysis = None
    if session:
        analysis = Analysis(session.ref, session.day("date"), days_after(manual, record))
    last, day = last_day(record), record.day("date")
    said = Entry(
        record.ref,
        record.get("short") or record.title,
        day,
        last if last != day else None,
        analysis,
        faults(manual, record),
        here=record.from_table and record.page == page,
    )
    if not said.here:
        return said
    return Entry(
        *(said.assessment, said.name, said.day, said.ends, said.analysis, said.faults, True),
        informs=tuple(target.ref for target in manual.linked(record, "informs")),
        owner=tuple(role.ref for role in manual.linked(record, "owner")),
        notes=record.get("notes"),
        used_in=used_in(manual, record),
        to_confirm=to_confirm(manual, record),
        lately=lately(manual, record),
    )


def _next(manual: Manual, cells: tuple[PeriodCell, ...]) -> Next:
    entries = [entry for cell in cells for entry in cell.entries]
    ahead = [each for each in entries if each.day and (each.ends or each.day) >= manual.today]
    sessions = [
        each.analysis
        for each in entries
        if each.analysis and each.analysis.day and each.analysis.day >= manual.today
    ]
    return Next(
        min(ahead, key=lambda each: (each.day or date.max, each.assessment.id), default=None),
        min(sessions, key=lambda each: (each.day or date.max, each.session.id), default=None),
    )


def _rules(rows: list[GradeRow]) -> Iterator[RuleLine]:
    """The rules in words; of each, how many cells or assessments of the calendar it names."""
    cells = [cell for row in rows for cell in row.cells]
    found: list[tuple[str, bool]] = []
    for cell in cells:
        ahead = cell.state == "to come"
        if cell.asked and not cell.entries:
            found.append((MISSING, ahead))
        for entry in cell.entries:
            dated = entry.day is not None
            found += [
                (fault.rule, ahead and fault.rule == DAY and not dated) for fault in entry.faults
            ]
    for rule in ASSESSMENT_RULES:
        counts = found.count((rule.key, False)), found.count((rule.key, True))
        yield RuleLine(rule.title, rule.rule, *counts)


def assessment_calendar_table(view: AssessmentCalendar) -> DataTable:
    """One row an assessment; a grade without one in a period has a row that says so."""
    return DataTable(
        (
            *("grade", "period", "assessment_id", "assessment", "date", "ends"),
            *("analysis_id", "analysis", "analysis_date", "days_after", "missing"),
        ),
        tuple(
            row for grade in view.rows for cell in grade.cells for row in _rows(grade.grade, cell)
        ),
    )


def _rows(grade: str, cell: PeriodCell) -> Iterator[tuple[Cell, ...]]:
    def iso(day: date | None) -> str:
        return day.isoformat() if day else ""

    for each in cell.entries:
        session = each.analysis
        yield (
            *(grade, cell.period.name, each.assessment.id, each.assessment.title),
            *(iso(each.day), iso(each.ends)),
            *(session.session.id if session else "", session.session.title if session else ""),
            *(iso(session.day) if session else "", session.after if session else None),
            "; ".join(fault.what for fault in each.faults),
        )
    if not cell.entries:
        yield (grade, cell.period.name, *[""] * 7, None, "no assessment")
