"""Readings of key results: what was read, when, and which marking period went without one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from living_manual.core.ledgers import Entry
from living_manual.core.model import Manual, Record
from living_manual.core.settings import MarkingPeriod

#: The first number of a baseline or target: what a reading stands in place of.
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*")


def readings_of(manual: Manual, key_result: str) -> tuple[Entry, ...]:
    """The readings of a key result up to the manual's day, oldest first.

    Of two on one day the one written later comes later.
    """
    return manual.once(_by_key_result).get(key_result, ())


def _by_key_result(manual: Manual) -> Mapping[str, tuple[Entry, ...]]:
    found: dict[str, list[tuple[date, Entry]]] = {}
    for entry in manual.ledger("readings.csv"):
        day = entry.day("date")
        if day is not None and day <= manual.today:
            for name in entry.ids("key_result"):
                found.setdefault(name, []).append((day, entry))
    return {
        name: tuple(entry for _, entry in sorted(dated, key=lambda pair: pair[0]))
        for name, dated in found.items()
    }


def latest(manual: Manual, key_result: str) -> Entry | None:
    """The latest reading of the whole district; of a school where the district has none."""
    read = readings_of(manual, key_result)
    whole = [entry for entry in read if not entry.ids("at")]
    return next(reversed(whole or read), None)


def say_reading(value: str, key_result: Record) -> str:
    """A reading in the words of its key result: 27 for `46 of 46 teams` is `27 of 46 teams`.

    One that is the baseline again is said as the baseline is: `1 meeting`, not `1 meetings`.
    """
    baseline, target = key_result.get("baseline"), key_result.get("target")
    first = _NUMBER.search(baseline)
    if first and first[0] == value:
        return baseline
    for words in (target, baseline):
        if _NUMBER.search(words):
            return _NUMBER.sub(lambda _: value, words, count=1)
    return value


def missed_periods(manual: Manual, key_result: Record) -> tuple[MarkingPeriod, ...]:
    """The marking periods that have ended without a reading, in order.

    A reading belongs to the period whose days hold the day it was taken. Periods that began after
    the last day of the key result are not asked for.
    """
    due = key_result.day("due")
    days = [day for entry in readings_of(manual, key_result.id) if (day := entry.day("date"))]
    return tuple(
        period
        for period in manual.settings.marking_periods
        if period.ends < manual.today
        and not (due and due < period.starts)
        and not any(period.starts <= day <= period.ends for day in days)
    )
