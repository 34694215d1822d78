"""Readings of key results: the latest one, and the marking periods that went without."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from living_manual.core.facts import card
from living_manual.core.gaps import gaps
from living_manual.core.readings import say_reading
from living_manual.core.settings import MarkingPeriod
from tests.build_manual import SOUND, TODAY, but, manual, rec

HEAD = "key_result,at,date,value,note\n"
#: The first period ends on the day that the tests move around TODAY.
RESULTS = ("KR_TALK", "KR_TALK_PLANS", "KR_TASKS", "KR_TASKS_WEEKLY")


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def periods(ended: int) -> tuple[MarkingPeriod, ...]:
    """Two periods; the first ended so many days from today."""
    return (
        MarkingPeriod("Fall", day(ended - 60), day(ended)),
        MarkingPeriod("Winter", day(ended + 3), day(ended + 60)),
    )


def unread(*rows: str, ended: int = -10, **said: Any) -> dict[str, Any]:
    """The key results without a reading, each with its gap."""
    records = but("KR_TALK", **said) if said else SOUND
    view = gaps(
        manual(
            *records,
            ledgers={"readings.csv": HEAD + "".join(f"{row}\n" for row in rows)},
            marking_periods=periods(ended),
        )
    )
    return {gap.record.id: gap for gap in view.open if gap.rule == "reading"}


@pytest.mark.parametrize(("ended", "due"), [(-1, True), (0, False), (1, False)])
def test_a_period_asks_for_a_reading_the_day_after_it_ends(ended: int, due: bool) -> None:
    found = unread(ended=ended)
    assert set(found) == (set(RESULTS) if due else set())
    for gap in found.values():
        assert (gap.what, gap.late, gap.since) == ("no reading in Fall", True, day(ended))
        assert (gap.days, gap.owner) == (1, "Mathematics lead")


@pytest.mark.parametrize(
    ("taken", "counts"), [(-71, False), (-70, True), (-40, True), (-10, True), (-9, False)]
)
@pytest.mark.parametrize("at", ["", "SCH_OAK"])
def test_a_reading_counts_in_the_period_whose_days_hold_it(
    taken: int, counts: bool, at: str
) -> None:
    found = unread(f"KR_TALK,{at},{day(taken)},61,")
    assert ("KR_TALK" not in found) == counts
    assert len(found) == 4 - counts


def test_each_period_that_was_missed_is_named_in_one_gap() -> None:
    found = unread("KR_TASKS,,2026-11-20,1,", ended=-70)
    assert found["KR_TALK"].what == "no reading in Fall and Winter"
    assert found["KR_TALK"].since == day(-70)


@pytest.mark.parametrize(("due", "asked"), [(-71, False), (-70, True), (10, True), (None, True)])
def test_a_key_result_that_was_over_before_the_period_is_not_asked_for(
    due: int | None, asked: bool
) -> None:
    found = unread(due=None if due is None else day(due).isoformat()) if due else unread()
    assert ("KR_TALK" in found) == asked


def test_a_district_without_marking_periods_has_no_such_gap() -> None:
    assert not [gap for gap in gaps(manual(*SOUND)).open if gap.rule == "reading"]


@pytest.mark.parametrize(
    ("value", "said", "words"),
    [
        ("27", {"target": "46 of 46 teams"}, "27 of 46 teams"),
        ("61.5", {"target": "75% of students"}, "61.5% of students"),
        ("7", {"target": "9 in 10"}, "7 in 10"),
        ("-2", {"target": "at least -1.5 points"}, "at least -2 points"),
        ("900", {"target": "1,200 pages"}, "900 pages"),
        ("3", {"target": "every class", "baseline": "2 classes"}, "3 classes"),
        ("1", {"target": "4 meetings", "baseline": "1 meeting"}, "1 meeting"),
        ("2", {"target": "4 meetings", "baseline": "1 meeting"}, "2 meetings"),
        ("3", {"target": "every class"}, "3"),
        ("3", {}, "3"),
    ],
)
def test_a_reading_is_said_in_the_words_of_its_target(
    value: str, said: dict[str, str], words: str
) -> None:
    assert say_reading(value, rec("KR_X", **said)) == words


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((), None),
        (("KR_TALK,,2026-11-05,27,",), "27 of 46 teams, 5 Nov 2026"),
        (("KR_TALK,,2026-11-05,27,", "KR_TALK,,2026-10-01,20,"), "27 of 46 teams, 5 Nov 2026"),
        (("KR_TALK,,2026-11-05,27,", "KR_TALK,,2026-11-05,28,"), "28 of 46 teams, 5 Nov 2026"),
        (("KR_TALK,,2026-11-05,27,", "KR_TALK,,2026-11-22,30,"), "27 of 46 teams, 5 Nov 2026"),
        (
            ("KR_TALK,,2026-11-05,27,", "KR_TALK,SCH_OAK,2026-11-06,3,"),
            "27 of 46 teams, 5 Nov 2026",
        ),
        (
            ("KR_TALK,SCH_OAK,2026-11-06,3,",),
            "3 of 46 teams at Oak Elementary, 6 Nov 2026",
        ),
        (("KR_TASKS,,2026-11-05,27,",), None),
    ],
    ids=["none", "one", "any order", "two on a day", "to come", "school", "only school", "other"],
)
def test_a_key_result_shows_its_latest_reading(rows: tuple[str, ...], said: str | None) -> None:
    records = but("KR_TALK", target="46 of 46 teams", source="notes")
    text = HEAD + "".join(f"{row}\n" for row in rows)
    shown = card(manual(*records, ledgers={"readings.csv": text}), records[10])
    assert records[10].id == "KR_TALK"
    facts = [(fact.label, fact.text) for fact in shown.facts]
    assert [text for label, text in facts if label == "Latest"] == ([said] if said else [])
    if said:
        labels = [label for label, _ in facts]
        assert labels.index("Latest") == labels.index("Target") + 1 == labels.index("Read from") - 1
