"""What the calendar of assessments lacks, as gaps: `core/gaps.py` lists these rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from living_manual.core.assessments import Period, analysis_of, faults, last_day, missing, period_of
from living_manual.core.gap import Gap, GapRule
from living_manual.core.model import Manual, Record
from living_manual.core.words import listed, say_day

#: The rules that a period to come does not count for yet: no assessment, or one without a day.
MISSING, DAY = "assessment", "assessment-day"


def _owner(manual: Manual, record: Record) -> str:
    return listed(manual.owner_names(record))


def _begun(manual: Manual, period: Period | None) -> bool:
    """Whether a period counts: it has begun, or the district set no days."""
    return period is None or period.days is None or period.days.starts <= manual.today


def late_missing(manual: Manual) -> Iterator[Gap]:
    """Grades without an assessment in a marking period that has begun."""
    return _missing(manual, lambda found: [each for each in found if _begun(manual, each)])


def missing_to_come(manual: Manual) -> Iterator[Gap]:
    """Grades that lack one in periods to come only: nobody is behind yet."""
    return _missing(
        manual, lambda found: [] if any(_begun(manual, each) for each in found) else found
    )


def _missing(
    manual: Manual, choose: Callable[[Sequence[Period]], Sequence[Period]]
) -> Iterator[Gap]:
    """A gap for the first assessment of each such grade; one of the vision for all without any."""
    bare: list[str] = []
    since: list[date] = []
    for grade, first, lacking in missing(manual):
        chosen = choose(lacking)
        if not chosen:
            continue
        ends = [period.days.ends for period in chosen if period.days]
        if first is None:
            bare.append(grade)
            since += ends
        else:
            what = f"{grade} has none in {listed([period.name for period in chosen])}"
            yield _since(manual, first, what, ends)
    vision = next(iter(manual.of_type("vision")), None)
    if bare and vision:
        yield _since(manual, vision, f"no assessment at all for {listed(bare)}", since)


def _since(manual: Manual, record: Record, what: str, ends: Iterable[date]) -> Gap:
    """A gap that counts from the first of some days when it has passed."""
    past = min((day for day in ends if day < manual.today), default=None)
    return Gap(record.ref, None, what, past, past is not None, _owner(manual, record))


def unplaced(manual: Manual) -> Iterator[Gap]:
    """Assessments with a day outside their period, or with none although the period has begun."""
    return (gap for gap in _days(manual) if _counts(manual, gap))


def unplaced_to_come(manual: Manual) -> Iterator[Gap]:
    """Assessments without a day in a period to come."""
    return (gap for gap in _days(manual) if not _counts(manual, gap))


def _counts(manual: Manual, gap: Gap) -> bool:
    record = manual.records[gap.record.id]
    return record.day("date") is not None or _begun(manual, period_of(manual, record))


def _days(manual: Manual) -> Iterator[Gap]:
    for record in manual.of_type("assessment"):
        for fault in faults(manual, record):
            if fault.rule == DAY:
                period = period_of(manual, record)
                ends = [period.days.ends] if period and period.days else []
                yield _since(manual, record, fault.what, ends)


def not_analysed(manual: Manual) -> Iterator[Gap]:
    """Assessments without a session on the student work."""
    for assessment in manual.of_type("assessment"):
        if not manual.linked(assessment, "analysed_in"):
            day = assessment.day("date")
            late = day is not None and day < manual.today
            when = f"; the work is from {say_day(day)}" if late and day else ""
            when = f"; it is on {say_day(day)}" if day and not late else when
            yield Gap(
                assessment.ref,
                None,
                f"no session looks at the student work{when}",
                day if late else None,
                late,
                _owner(manual, assessment),
            )


def analysed_before(manual: Manual) -> Iterator[Gap]:
    """Assessments whose analysis session comes before them."""
    for record in manual.of_type("assessment"):
        if any(fault.rule == "analysis-before" for fault in faults(manual, record)):
            what = "its analysis session comes before it"
            day = last_day(record)
            yield _since(manual, record, what, [day] if day else [])


def analysed_late(manual: Manual) -> Iterator[Gap]:
    """Assessments whose analysis session comes long after them."""
    for record in manual.of_type("assessment"):
        for fault in faults(manual, record):
            if fault.rule == "analysis-late":
                session = analysis_of(manual, record)
                day = session.day("date") if session else None
                yield _since(manual, record, fault.what, [day] if day else [])


ASSESSMENT_RULES: tuple[GapRule, ...] = (
    GapRule(
        MISSING,
        "Grade or course without an assessment",
        "A marking period has begun, and a grade or course of the district's list has no "
        "assessment in it. Periods to come are not due yet, and not counted.",
        "Add a row to assessments.csv, even before its day is known.",
        late_missing,
        waiting=missing_to_come,
    ),
    GapRule(
        "analysis",
        "Assessment without an analysis session",
        "An assessment has no session in which teachers look at the student work.",
        "Add a session to the calendar and name it in the assessment's analysed_in.",
        not_analysed,
    ),
    GapRule(
        DAY,
        "Assessment outside its period",
        "The days of an assessment do not lie in its marking period. An assessment without a day "
        "counts once its period has begun.",
        "Set its day, or the period that it belongs to.",
        unplaced,
        waiting=unplaced_to_come,
    ),
    GapRule(
        "analysis-before",
        "Analysis before the assessment",
        "The session that looks at the student work comes before the work is there.",
        "Give the assessment an earlier day, or name a later session in its analysed_in.",
        analysed_before,
    ),
    GapRule(
        "analysis-late",
        "Analysis long after the assessment",
        "The session that looks at the student work comes more days after the assessment than "
        "the district's settings allow.",
        "Bring the two days closer, so that what the PLC finds still helps these students.",
        analysed_late,
    ),
)
