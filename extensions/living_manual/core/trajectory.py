"""Where a key result stands on its way: rolled up for the district, and held against a line.

The rule is written for readers on the page that shows it (`source/progress/key-results.md`). Values
are fractions, so that nothing hangs on how a machine rounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby
from operator import attrgetter

from living_manual.core.model import Manual, Record
from living_manual.core.readings import Reading, readings_of, scales
from living_manual.core.scale import Scale

#: Where a key result can stand, in the order in which people read it, with its words.
STANDINGS = {
    "met": "Met",
    "on-track": "On track",
    "behind": "Behind",
    "unread": "No reading yet",
    "unknown": "Cannot be reckoned",
}
#: What is well: the target is reached, or the line is.
WELL = ("met", "on-track")
#: How far below the line still counts as on it: this share of the whole way. Surveys and small
#: samples move by a point or two by chance.
SLACK = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class Way:
    """The straight way of a key result, from the first day of the school year to its last day."""

    scale: Scale
    starts: date
    due: date

    @property
    def rising(self) -> bool:
        """Whether more is better; asked only where there is a way."""
        return (self.scale.target or 0) > (self.scale.baseline or 0)

    def expected(self, day: date) -> Fraction | None:
        """What the straight way reaches on a day; None where there is no way."""
        start, end = self.scale.baseline, self.scale.target
        if self.scale.why or start is None or end is None:
            return None
        if day >= self.due:
            return end
        if day <= self.starts:
            return start
        return start + (end - start) * Fraction(
            (day - self.starts).days, (self.due - self.starts).days
        )

    def standing(self, value: Fraction, day: date, today: date) -> str:
        """Where a value that was read on a day stands."""
        expected, target = self.expected(day), self.scale.target
        if expected is None or target is None or self.scale.baseline is None:
            return "unknown"
        sign = 1 if self.rising else -1
        if sign * (value - target) >= 0:
            return "met"
        near = abs(target - self.scale.baseline) * SLACK
        if today > self.due or sign * (expected - value) > near:
            return "behind"
        return "on-track"


@dataclass(frozen=True, slots=True)
class Rolled:
    """The value of the district as it stood on a day.

    `schools` is how many schools it was made from; 0 for the district's own reading, whose `text`
    is then the value as written.
    """

    day: date
    value: Fraction
    schools: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Trajectory:
    """A key result over the school year.

    `rolled` is the district's value each time it changed, `schools` are the readings of each
    school. `earlier` and `schools_earlier` are both from before the year.
    """

    way: Way
    rolled: tuple[Rolled, ...]
    schools: Mapping[str, tuple[Reading, ...]]
    earlier: tuple[Reading, ...]
    schools_earlier: Mapping[str, tuple[Reading, ...]]
    standing: str

    @property
    def now(self) -> Rolled | None:
        """The value that stands."""
        return self.rolled[-1] if self.rolled else None


def trajectories(manual: Manual) -> Mapping[str, Trajectory]:
    """Every key result, by its id; worked out once."""
    return manual.once(_trajectories)


def _trajectories(manual: Manual) -> Mapping[str, Trajectory]:
    return {result.id: _trajectory(manual, result) for result in manual.of_type("key_result")}


def _trajectory(manual: Manual, result: Record) -> Trajectory:
    starts = manual.settings.year_starts
    way = Way(
        manual.once(scales)[result.id], starts, result.day("due") or manual.settings.year_ends
    )
    every = readings_of(manual, result.id)
    read = [each for each in every if each.day >= starts]
    rolled = tuple(_rolled(read, len(manual.of_type("school")), way.scale.counted))
    standing = "unread"
    if way.scale.why:
        standing = "unknown"
    elif rolled:
        standing = way.standing(rolled[-1].value, rolled[-1].day, manual.today)
    before = [each for each in every if each.day < starts]
    earlier = tuple(each for each in before if not each.school)
    return Trajectory(way, rolled, _by_school(read), earlier, _by_school(before), standing)


def _by_school(read: Iterable[Reading]) -> Mapping[str, tuple[Reading, ...]]:
    found: dict[str, list[Reading]] = {}
    for each in read:
        if each.school:
            found.setdefault(each.school, []).append(each)
    return {school: tuple(some) for school, some in found.items()}


def _rolled(read: Iterable[Reading], schools: int, counted: bool) -> Iterator[Rolled]:
    """The value of the district after each day on which something was read.

    The district's own latest reading counts, unless more than half of the schools have a newer one
    or the district has none. Then it is the mean of the schools' latest readings; a count
    (`counted`) is their sum instead, which says something only once every school has one.
    """
    own: Reading | None = None
    latest: dict[str, Reading] = {}
    newer: set[str] = set()
    total, before = Fraction(0), None
    for day, same_day in groupby(read, attrgetter("day")):
        for each in sorted(same_day, key=lambda one: one.school != ""):
            if not each.school:
                own = each
                newer = set()
            else:
                total += each.value - (latest[each.school].value if each.school in latest else 0)
                latest[each.school] = each
                newer.add(each.school)
        if own and own.day == day:
            newer = set()
        said = Rolled(own.day, own.value, 0, own.text) if own else None
        takes_over = len(newer) * 2 > schools if own else bool(latest)
        if takes_over and (not counted or len(latest) == schools):
            value = total if counted else total / len(latest)
            said = Rolled(max(one.day for one in latest.values()), value, len(latest))
        if said and said != before:
            yield said
            before = said
