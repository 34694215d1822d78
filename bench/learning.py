"""The sessions of each school of the synthetic district, beside those of the district."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from bench.district import TODAY, District, Item, School
from bench.words import Words

ROWS = 12
USES = ("logistics", "pacing", "strategies", "talk", "lessons")
#: Columns that these tables have beside those that every table of sessions must have.
MORE = ("begins", "led_by", "backed_up_by", *(f"time_{use}" for use in USES))
KINDS = ("plc", "plc", "plc", "staff-meeting", "plc", "coaching", "plc", "curriculum")


def sessions_of(district: District, school: School) -> tuple[Item, ...]:
    """A school's own year: a session each three weeks, the held ones with the use of their time.

    Drawn apart from the records, so that these are the same with and without it. One school in ten
    has none. Of the held sessions one in thirty has no record of its use.
    """
    words = Words(Random(f"sessions of {school.record.id}"))
    if words.random.randrange(10) == 0:
        return ()
    first = date(2026, 9, 2) + timedelta(days=words.random.randrange(5))
    name = school.record.id.removeprefix("SCH_")
    return tuple(
        _session(words, district, f"SES_{name}_{number + 1:02}", first, number)
        for number in range(ROWS)
    )


def _session(words: Words, district: District, key: str, first: date, number: int) -> Item:
    random, day = words.random, first + timedelta(days=21 * number)
    lead, backup = (role.id for role in random.sample(list(district.roles), 2))
    held = day.isoformat() < TODAY and random.randrange(30) > 0
    shares = _shares(random) if held else ("",) * len(USES)
    return Item(
        "session",
        key,
        f"{words.one(KINDS).replace('-', ' ').capitalize()} {number + 1}: {words.action().lower()}",
        {
            "kind": KINDS[number % len(KINDS)],
            "date": day.isoformat(),
            "hours": words.one(("0.75", "1", "1.5", "2")),
            "serves": ", ".join(
                item.id for item in random.sample(list(district.objectives), random.choice((1, 2)))
            ),
            "runs": words.one(district.protocols).id,
            "at": "",
            "owner": lead,
            "stage": words.one(district.stages).id,
            "audiences": "teacher, coach",
            "reviewed": words.day(date(2026, 8, 24), 80),
            "notes": "",
            "begins": "15:15",
            "led_by": lead,
            "backed_up_by": backup,
            **{f"time_{use}": share for use, share in zip(USES, shares, strict=True)},
        },
    )


def _shares(random: Random) -> tuple[str, ...]:
    """Five shares in fives that add up to 100."""
    ends = sorted(random.choices(range(0, 101, 5), k=len(USES) - 1))
    return tuple(str(end - start) for start, end in zip((0, *ends), (*ends, 100), strict=True))
