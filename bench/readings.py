"""What was read of the key results of the synthetic district, for all of it and at its schools."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from bench.district import District, Item

#: The days on which the district reads; of schools, a third read on the first as well.
DAYS = ("2026-09-24", "2026-10-22", "2026-11-12")
SCHOOL_DAYS = ("2026-09-17", "2026-10-21")
#: So many objectives are read at schools too.
AT_SCHOOLS = 2


def read_in(district: District) -> Iterator[tuple[str, ...]]:
    """Rows of readings: key result, school, date, value, note.

    One key result in eight has none. Those of the first objectives are read at nine schools in ten,
    and the second of each objective by schools only.
    """
    random = Random("readings")
    for number, objective in enumerate(district.objectives):
        for place, result in enumerate(district.key_results[objective.id]):
            start, end = _ends(result)
            if (number + place) % 8 == 7:
                continue
            if number >= AT_SCHOOLS or place != 1:
                for step, day in enumerate(DAYS[: random.randrange(1, 4)]):
                    value = start + (end - start) * 0.1 * step + random.randrange(-4, 6)
                    yield result.id, "", day, f"{value:.1f}".removesuffix(".0"), ""
            if number < AT_SCHOOLS:
                yield from _at_schools(random, district, result, start)


def _at_schools(
    random: Random, district: District, result: Item, start: int
) -> Iterator[tuple[str, ...]]:
    for school in district.schools:
        if random.randrange(10) == 0:
            continue
        days = SCHOOL_DAYS if random.randrange(3) == 0 else SCHOOL_DAYS[1:]
        for day in days:
            value = str(max(start + random.randrange(-12, 30), 1))
            yield result.id, school.record.id, day, value, ""


def _ends(result: Item) -> tuple[int, int]:
    """The numbers of a baseline and a target, such as `41% of students`."""
    ends = [result.options[name].partition("%")[0] for name in ("baseline", "target")]
    return int(ends[0]), int(ends[1])
