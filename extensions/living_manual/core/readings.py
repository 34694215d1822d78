"""Readings of key results: which can be used, the latest one, and periods that went without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from operator import attrgetter

from living_manual.core.finding import Finding, finding
from living_manual.core.model import Manual, Record
from living_manual.core.scale import Scale, number_in, scale
from living_manual.core.settings import MarkingPeriod
from living_manual.core.words import say_day

TABLE = "readings.csv"


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that was read on a day, at a school or (no school) in the whole district.

    `text` is the value as it was written, `file` and `line` where.
    """

    key_result: str
    school: str
    day: date
    value: Fraction
    text: str
    note: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The readings that count, by key result, and what is wrong with others."""

    of: Mapping[str, tuple[Reading, ...]]
    findings: tuple[Finding, ...]


def readings_of(manual: Manual, key_result: str) -> tuple[Reading, ...]:
    """The readings of a key result up to the manual's day, oldest first.

    There is one of a place on a day: where two rows differ, the one written later.
    """
    return manual.once(_sorted).of.get(key_result, ())


def check_readings(manual: Manual) -> Iterator[Finding]:
    """A finding for each row that cannot be used, and for two that say different things."""
    yield from manual.once(_sorted).findings


def _sorted(manual: Manual) -> _Sorted:
    kept: dict[tuple[str, str, date], Reading] = {}
    findings: list[Finding] = []
    for each in _rows(manual):
        wrong = _unusable(manual, each)
        if wrong:
            findings.append(wrong)
            continue
        key = (each.key_result, each.school, each.day)
        before = kept.get(key)
        if before and before.value != each.value:
            findings.append(_twice(manual, before, each))
        kept[key] = each
    found: dict[str, list[Reading]] = {}
    for each in kept.values():
        found.setdefault(each.key_result, []).append(each)
    day = attrgetter("day")
    return _Sorted(
        {name: tuple(sorted(some, key=day)) for name, some in found.items()},
        tuple(dict.fromkeys(findings)),
    )


def _rows(manual: Manual) -> Iterator[Reading]:
    """Every row, for each key result and place it names; what is no such record, others report."""
    for entry in manual.ledger(TABLE):
        day = entry.day("date")
        if day is None:
            continue
        for name in entry.ids("key_result"):
            result = manual.get(name)
            if result is None or result.type != "key_result":
                continue
            for at in entry.ids("at") or ("",):
                school = manual.get(at)
                if at and (school is None or school.type != "school"):
                    continue
                text = entry.get("value")
                value = Fraction(text)
                note = entry.get("note")
                yield Reading(name, at, day, value, text, note, entry.file, entry.line)


def _unusable(manual: Manual, each: Reading) -> Finding | None:
    if each.day > manual.today:
        return finding(
            "reading-to-come",
            f"Row {each.line} was read on {say_day(each.day)}, a day to come. It is not counted "
            "yet.",
            "Write the day on which it was read, as 2026-11-05.",
            each.file,
            each.line,
            "date",
        )
    unit = manual.once(scales)[each.key_result]
    if unit.limits is None or unit.limits[0] <= each.value <= unit.limits[1]:
        return None
    most = unit.say(unit.limits[1])
    return finding(
        "reading-value",
        f"Row {each.line} reads {each.text}{unit.unit} for {each.key_result}, which can be 0 to "
        f"{most}. It is not counted.",
        "Write the number that was read, without its unit. If the number is right, mend the "
        "baseline and the target of the key result.",
        each.file,
        each.line,
        "value",
    )


def _twice(manual: Manual, before: Reading, each: Reading) -> Finding:
    school = manual.get(each.school)
    where = f"at {school.title}" if school else "for the whole district"
    rows = f"Rows {before.line} and {each.line} both read"
    if before.file != each.file:
        rows = f"Row {each.line}, and row {before.line} of {before.file}, both read"
    return finding(
        "reading-twice",
        f"{rows} {each.key_result} {where} on {say_day(each.day)}, and say {before.text} and "
        f"{each.text}. The later one, {each.text}, counts.",
        "Take out the row that is wrong.",
        each.file,
        each.line,
        "value",
    )


def scales(manual: Manual) -> Mapping[str, Scale]:
    """What each key result is counted in; ask for it with `manual.once`."""
    return {result.id: scale(result) for result in manual.of_type("key_result")}


def latest(manual: Manual, key_result: str) -> Reading | None:
    """The latest reading of the whole district; of a school where the district has none."""
    read = readings_of(manual, key_result)
    whole = [each for each in read if not each.school]
    return next(reversed(whole or read), None)


def say_reading(value: str, key_result: Record) -> str:
    """A reading in the words of its key result: 27 for `46 of 46 teams` is `27 of 46 teams`.

    One that is the baseline again is said as the baseline is: `1 meeting`, not `1 meetings`.
    """
    baseline, target = key_result.get("baseline"), key_result.get("target")
    first = number_in(baseline)
    if first and first[1] == value:
        return baseline
    for words in (target, baseline):
        if number := number_in(words):
            return words[: number.start(1)] + value + words[number.end(1) :]
    return value


def missed_periods(manual: Manual, key_result: Record) -> tuple[MarkingPeriod, ...]:
    """The marking periods that have ended without a reading, in order.

    A reading belongs to the period whose days hold the day it was taken. Periods that began after
    the last day of the key result are not asked for.
    """
    due = key_result.day("due")
    days = [each.day for each in readings_of(manual, key_result.id)]
    return tuple(
        period
        for period in manual.settings.marking_periods
        if period.ends < manual.today
        and not (due and due < period.starts)
        and not any(period.starts <= day <= period.ends for day in days)
    )
