"""The shared assessments of the year: for each grade or course, in each marking period.

What the calendar shows and the register of gaps lists is worked out here once, so that both say
the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from living_manual.core.finding import Finding, finding
from living_manual.core.model import Manual, Record
from living_manual.core.settings import MarkingPeriod, grade_key
from living_manual.core.words import plural, say_day

#: Marking periods of a district that has not written down its own: a year has four (source S4).
USUAL_PERIODS = 4


@dataclass(frozen=True, slots=True)
class Period:
    """A column of the calendar: its number from 1, and its days when the district set them."""

    number: int
    name: str
    days: MarkingPeriod | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one assessment, by the key of its rule; `what` says it in words."""

    rule: str
    what: str


def periods(manual: Manual) -> tuple[Period, ...]:
    """The marking periods of `district.toml`; four without days where it has none."""
    set_ = manual.settings.marking_periods
    if not set_:
        return tuple(Period(n, f"Period {n}") for n in range(1, USUAL_PERIODS + 1))
    return tuple(Period(n, days.name, days) for n, days in enumerate(set_, 1))


def grades(manual: Manual) -> tuple[str, ...]:
    """The grades and courses: those the district lists, then others that an assessment names."""
    found = {grade_key(grade): grade for grade in manual.settings.grades}
    for assessment in manual.of_type("assessment"):
        if grade := " ".join(assessment.get("grade").split()):
            found.setdefault(grade_key(grade), grade)
    return tuple(found.values())


def by_place(manual: Manual) -> Mapping[tuple[str, int], tuple[Record, ...]]:
    """The assessments of each grade (its key) and period; by day, those without one last."""
    return manual.once(_by_place)


def _by_place(manual: Manual) -> Mapping[tuple[str, int], tuple[Record, ...]]:
    found: dict[tuple[str, int], list[Record]] = {}
    for record in manual.of_type("assessment"):
        number = period_number(record)
        if record.get("grade").strip() and number:
            found.setdefault((grade_key(record.get("grade")), number), []).append(record)
    return {
        place: tuple(sorted(records, key=lambda each: (each.day("date") or date.max, each.id)))
        for place, records in found.items()
    }


def period_number(assessment: Record) -> int | None:
    """The number of the marking period it belongs to."""
    said = assessment.get("period")
    return int(said) if said.isascii() and said.isdigit() else None


def last_day(assessment: Record) -> date | None:
    """The last day on which it is given; None when it has no day."""
    day, ends = assessment.day("date"), assessment.day("ends")
    return max(day, ends) if day and ends else day


def analysis_of(manual: Manual, assessment: Record) -> Record | None:
    """The session that looks at the student work: of several, the first after it was given.

    When all of them are before it, the last of those; one without a day when no other is there.
    """
    sessions = manual.linked(assessment, "analysed_in")
    dated = sorted(
        ((day, each) for each in sessions if (day := each.day("date")) is not None),
        key=lambda pair: (pair[0], pair[1].id),
    )
    given = assessment.day("date")
    after = [each for day, each in dated if given is None or day >= given]
    if after:
        return after[0]
    return dated[-1][1] if dated else next(iter(sessions), None)


def days_after(manual: Manual, assessment: Record) -> int | None:
    """Days from the last day it is given to its analysis; negative when that comes before."""
    session, last = analysis_of(manual, assessment), last_day(assessment)
    held = session.day("date") if session else None
    given = assessment.day("date")
    if held is None or last is None or given is None:
        return None
    # A session within the days that it is given looks at the work that is in by then.
    return 0 if given <= held <= last else (held - last).days


def faults(manual: Manual, assessment: Record) -> tuple[Fault, ...]:
    """What the rules find in an assessment, in the order in which people mend it."""
    return tuple(_faults(manual, assessment))


def _faults(manual: Manual, assessment: Record) -> Iterator[Fault]:
    day = assessment.day("date")
    period = period_of(manual, assessment)
    if day is None:
        yield Fault("assessment-day", "no day is set")
    elif period and period.days:
        last = last_day(assessment) or day
        if not (period.days.starts <= day and last <= period.days.ends):
            said = say_day(day) if period.days.starts > day or last == day else say_day(last)
            yield Fault("assessment-day", f"{said} lies outside {period.name}")
    if analysis_of(manual, assessment) is None:
        yield Fault("analysis", "no session looks at the student work")
        return
    after = days_after(manual, assessment)
    if after is not None and after < 0:
        yield Fault("analysis-before", "the analysis session comes before the assessment")
    elif after is not None and after > manual.settings.analysis_days:
        yield Fault("analysis-late", f"the analysis session comes {plural(after, 'day')} after")


def period_of(manual: Manual, assessment: Record) -> Period | None:
    """The marking period of an assessment."""
    number = period_number(assessment)
    return next((each for each in periods(manual) if each.number == number), None)


def missing(manual: Manual) -> Iterator[tuple[str, Record | None, tuple[Period, ...]]]:
    """Each grade that the district lists and that lacks assessments, with the periods it lacks.

    The record is the grade's first assessment, None when it has none. A grade that is not on the
    district's list owes nothing.
    """
    placed = by_place(manual)
    for grade in manual.settings.grades:
        key = grade_key(grade)
        there = {number for place, number in placed if place == key}
        lacking = tuple(each for each in periods(manual) if each.number not in there)
        if lacking:
            first = placed[key, min(there)][0] if there else None
            yield grade, first, lacking


def assessments_have_a_place(manual: Manual) -> Iterator[Finding]:
    """An assessment says for which grade and period it is, as `district.toml` names them."""
    listed = {grade_key(grade): grade for grade in manual.settings.grades}
    numbers = [each.number for each in periods(manual)]
    for record in manual.of_type("assessment"):
        said, number = record.get("grade"), period_number(record)
        if listed and grade_key(said) not in listed:
            near = get_close_matches(said, listed.values(), n=1)
            yield _misplaced(
                record,
                f"names the grade or course '{said}', which district.toml does not list"
                if said
                else "does not say for which grade or course it is",
                f"Did you mean {near[0]}?"
                if near
                else "Write one of assessments.grades, or add it to that list.",
                "grade",
            )
        if manual.settings.marking_periods and number not in numbers:
            yield _misplaced(
                record,
                f"is for period {number}, and the school year has {len(numbers)}"
                if number
                else "does not say for which marking period it is",
                f"Write the number of a marking period, 1 to {len(numbers)}.",
                "period",
            )
        day, ends = record.day("date"), record.day("ends")
        if day and ends and ends < day:
            yield _misplaced(record, "ends before its date", "Check its two days.", "ends")


def _misplaced(record: Record, what: str, fix: str, column: str) -> Finding:
    message = f"The assessment {record.id} {what}."
    return finding("assessment-place", message, fix, record.file, record.line, column)
