"""What if: the same hours used in another way, or other hours, and what that gives.

The arithmetic is one line: hours times the share tied to lessons. The tool in the page does it for
whatever a reader sets (scripts/what-if.js); here are what it starts from and three worked examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from living_manual.core.learning_hours import learning_hours
from living_manual.core.model import Manual, Ref
from living_manual.core.reported_hours import Reported, reported
from living_manual.core.table import Cell, DataTable
from living_manual.core.time_use import MEANINGFUL, USES, say

#: The shares of planning tied to lessons that the examples try, in percent.
TRIED = (40, 50)


@dataclass(frozen=True, slots=True)
class Start:
    """Hours and shares to begin with; `key` names it in the address, "" for the published ones.

    `shares` are whole percents. `own` says that they are the school's, not the published ones.
    """

    key: str
    title: str
    hours: str
    shares: tuple[int, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: what is changed, the line of arithmetic, and what is left to the mark."""

    title: str
    sum: str
    meaningful: str
    distance: str


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What the tool starts from, and the examples; both empty where there is nothing to use."""

    starts: tuple[Start, ...]
    uses: tuple[tuple[str, str], ...]
    mark: str
    mark_name: str
    examples: tuple[Example, ...]
    reported: Reported
    ledger: Ref | None = None


def what_if(manual: Manual) -> WhatIf:
    """The published year and each school's, and three examples of the published one."""
    told = reported(manual)
    starts = [_published(told)] if told.total and told.uses else []
    for school in learning_hours(manual).schools:
        own = bool(school.total.recorded)
        if school.total.year and (own or told.uses):
            percents = school.total.percents if own else [each.percent for each in told.uses]
            hours, shares = say(school.total.year), whole(percents)
            starts.append(Start(school.school.id, school.school.title, hours, shares, own))
    return WhatIf(
        tuple(starts),
        tuple(USES.items()),
        say(told.mark.least) if told.mark else "",
        told.mark.name if told.mark else "",
        _examples(told),
        told,
        manual.places.get("learning-hours"),
    )


def _published(told: Reported) -> Start:
    percents = tuple(int(say(each.percent, 0)) for each in told.uses)
    return Start("", "The published year", say(told.total), percents, False)


def whole(percents: Sequence[Fraction]) -> tuple[int, ...]:
    """Percents as whole numbers that add up to 100: the largest remainders are rounded up.

    They are scaled to 100 first; all zeros stay so.
    """
    together = sum(percents, Fraction(0))
    if not together:
        return tuple(0 for _ in percents)
    exact = [100 * each / together for each in percents]
    found = [floor(each) for each in exact]
    by_rest = sorted(range(len(exact)), key=lambda place: (found[place] - exact[place], place))
    for place in by_rest[: 100 - sum(found)]:
        found[place] += 1
    return tuple(found)


def _examples(told: Reported) -> tuple[Example, ...]:
    if not told.total or not told.uses or told.mark is None:
        return ()
    made = [
        _example(f"The same hours, {share}% of them tied to lessons", told, told.total, share)
        for share in TRIED
    ]
    hours, share = told.mark.least, int(say(told.share, 0))
    title = f"{say(hours)} hours, used as reported"
    return (*made, _example(title, told, hours, share))


def _example(title: str, told: Reported, hours: Fraction, share: int) -> Example:
    meaningful = hours * share / 100
    assert told.mark is not None
    left = told.mark.least - meaningful
    return Example(
        title,
        f"{say(hours)} h × {share}% = {say(meaningful, 1)} h",
        f"{say(meaningful, 1)} h",
        f"{say(left, 1)} h" if left > 0 else "reached",
    )


def what_if_table(view: WhatIf) -> DataTable:
    """One row a place to start from: hours, shares, and the hours tied to lessons."""
    lessons = tuple(USES).index(MEANINGFUL)
    rows: list[tuple[Cell, ...]] = []
    for each in view.starts:
        meaningful = Fraction(each.hours) * each.shares[lessons] / 100
        key, hours = each.key or "published", float(each.hours)
        rows.append((key, each.title, hours, *each.shares, float(say(meaningful))))
    return DataTable(("start", "title", "hours", *USES, "meaningful"), tuple(rows))
