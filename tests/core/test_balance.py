"""Plan and classroom: every edge of the marking periods, and each thing seen counted once."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.balance import Pair, balance, balance_table, pairs, spans
from living_manual.core.balance_gaps import paper_only, practice_only
from living_manual.core.model import Manual, Record
from living_manual.core.school_balance import school_balance, school_balance_table
from living_manual.core.settings import MarkingPeriod, Settings
from tests.build_manual import manual, rec, without

#: Two periods with a weekend between them, and days of the year before and after.
YEAR: dict[str, Any] = {
    "year_name": "2026-27",
    "year_starts": date(2026, 8, 31),
    "year_ends": date(2027, 6, 18),
    "marking_periods": (
        MarkingPeriod("Fall", date(2026, 9, 7), date(2026, 11, 6)),
        MarkingPeriod("Winter", date(2026, 11, 9), date(2027, 1, 29)),
        MarkingPeriod("Spring", date(2027, 2, 1), date(2027, 6, 11)),
    ),
}
HEAD = "date,action,objective,at,kind,seen,by\n"
BASE = without("action")
WINTER_DAY = date(2026, 11, 21)


def act(name: str = "ACT_OAK_1", **said: str) -> Record:
    """An action of Oak for talk, active from 14 September to 11 June unless it says otherwise."""
    given_ = {"status": "active", "starts": "2026-09-14", "due": "2027-06-11", **said}
    given_ = {key: value for key, value in given_.items() if value}
    return rec(name, at="SCH_OAK", advances=given_.pop("advances", "KR_TALK"), **given_)


def rows(*days: str, action: str = "", objective: str = "OBJ_TALK", at: str = "SCH_OAK") -> str:
    about = f"{action},{'' if action else objective},{at}"
    return HEAD + "".join(f"{day},{about},student-work,They drew it.,ROLE_LEAD\n" for day in days)


def made(
    *records: Record, seen: str = HEAD, today: date = WINTER_DAY, readings: str = ""
) -> Manual:
    ledgers = {"evidence.csv": seen}
    if readings:
        ledgers["readings.csv"] = f"key_result,at,date,value,note\n{readings}"
    return manual(*BASE, *records, today=today, ledgers=ledgers, **YEAR)


def talk(district: Manual) -> Pair:
    return pairs(district)["SCH_OAK", "OBJ_TALK"]


def verdicts(district: Manual) -> list[str]:
    return [period.title for period in talk(district).periods]


@pytest.mark.parametrize(
    ("day", "period"),
    [
        ("2026-08-30", None),
        ("2026-08-31", 0),
        ("2026-09-07", 0),
        ("2026-11-06", 0),
        ("2026-11-08", 0),
        ("2026-11-09", 1),
        ("2027-01-29", 1),
        ("2027-01-31", 1),
        ("2027-02-01", 2),
        ("2027-06-18", 2),
        ("2027-06-19", None),
    ],
    ids=[
        "day before the year",
        "first day of the year",
        "first day of a period",
        "last day of a period",
        "between two periods",
        "first day of the next",
        "last day of the next",
        "before the third",
        "first day of the third",
        "last day of the year",
        "day after the year",
    ],
)
def test_each_day_of_the_year_belongs_to_one_period(day: str, period: int | None) -> None:
    district = made(act(), seen=rows(day), today=date(2027, 8, 1))
    counts = [len(each.seen) for each in talk(district).periods]
    assert counts == [int(at == period) for at in range(3)]
    assert balance(district).seen == sum(counts)
    assert balance(district).older == (day < "2026-08-31")


@pytest.mark.parametrize(
    ("dates", "plan", "under_way"),
    [
        (("2026-09-07", "2026-11-06"), [2, 0, 0], [0, 0, 0]),
        (("2026-11-08", "2026-11-09"), [1, 1, 0], [0, 0, 0]),
        (("2026-09-14", "2027-06-11"), [1, 0, 1], [0, 1, 0]),
        (("2026-08-01", "2027-08-01"), [0, 0, 0], [1, 1, 1]),
        (("", "2026-12-01"), [0, 1, 0], [1, 0, 0]),
        (("2026-12-01", ""), [0, 1, 0], [0, 0, 1]),
        (("", ""), [0, 0, 0], [1, 1, 1]),
        (("2027-09-01", "2027-10-01"), [0, 0, 0], [0, 0, 0]),
    ],
    ids=[
        "first and last day of one period",
        "from a weekend to the next period",
        "over three periods",
        "longer than the year",
        "no first day",
        "no last day",
        "no days",
        "next year",
    ],
)
def test_milestones_and_what_is_under_way(
    dates: tuple[str, str], plan: list[int], under_way: list[int]
) -> None:
    periods = talk(made(act(starts=dates[0], due=dates[1]))).periods
    assert [len(each.milestones) for each in periods] == plan
    assert [len(each.under_way) for each in periods] == under_way


def test_a_planned_action_without_a_first_day_has_not_begun() -> None:
    periods = talk(made(act(status="planned", starts="", due="2027-03-01"))).periods
    assert [len(each.milestones) for each in periods] == [0, 0, 1]
    assert not any(each.under_way for each in periods)


def test_the_last_day_of_a_done_action_is_called_done() -> None:
    periods = talk(made(act(status="done", due="2026-10-30"))).periods
    assert [(one.title, str(one.day)) for one in periods[0].milestones] == [
        ("Starts", "2026-09-14"),
        ("Done", "2026-10-30"),
    ]


@pytest.mark.parametrize(
    ("action", "days", "today", "verdict", "said"),
    [
        ({}, (), "2026-08-30", "early", ["Not begun"] * 3),
        ({}, (), "2026-11-08", "early", ["Paper only so far", "Not begun", "Not begun"]),
        ({}, (), "2026-11-09", "paper", ["Paper only", "Paper only so far", "Not begun"]),
        (
            {},
            ("2026-11-06",),
            "2026-11-21",
            "balanced",
            ["Balanced", "Paper only so far", "Not begun"],
        ),
        (
            {},
            ("2026-11-12",),
            "2026-11-21",
            "balanced",
            ["Paper only", "Balanced so far", "Not begun"],
        ),
        (
            {},
            ("2026-11-06",),
            "2027-02-01",
            "paper",
            ["Balanced", "Paper only", "Paper only so far"],
        ),
        (
            {"due": "2026-10-30", "status": "done"},
            ("2026-10-01",),
            "2027-02-01",
            "balanced",
            ["Balanced", "Nothing yet", "Nothing yet"],
        ),
        (
            {"starts": "2026-12-07", "status": "planned"},
            (),
            "2026-11-21",
            "early",
            ["Nothing yet", "Nothing yet", "Not begun"],
        ),
        (
            {"starts": "2026-12-07", "status": "planned"},
            ("2026-10-01",),
            "2026-11-21",
            "balanced",
            ["Balanced", "Nothing yet", "Not begun"],
        ),
        (
            {"status": "paused"},
            ("2026-10-01",),
            "2026-11-21",
            "practice",
            ["Practice only", "Nothing yet", "Not begun"],
        ),
        (
            {"status": "dropped"},
            ("2026-11-12",),
            "2026-11-21",
            "practice",
            ["Nothing yet", "Practice only so far", "Not begun"],
        ),
        ({"status": "dropped"}, (), "2026-11-21", "nothing", ["Nothing yet"] * 2 + ["Not begun"]),
    ],
    ids=[
        "before the year",
        "a period is not judged before it ends",
        "it is judged the day the next one begins",
        "seen on the last day",
        "seen since",
        "seen before the last period that ended",
        "done and seen in its time",
        "planned for later",
        "seen before the plan begins",
        "paused",
        "dropped",
        "dropped and nothing seen",
    ],
)
def test_verdicts(
    action: dict[str, str], days: tuple[str, ...], today: str, verdict: str, said: list[str]
) -> None:
    district = made(act(**action), seen=rows(*days), today=date.fromisoformat(today))
    assert (talk(district).verdict, verdicts(district)) == (verdict, said)


def test_the_two_halves_are_gaps_until_the_other_half_is_there() -> None:
    paper = made(act())
    (gap,) = paper_only(paper)
    assert (gap.record.id, gap.about and gap.about.id) == ("SCH_OAK", "OBJ_TALK")
    assert (str(gap.since), gap.owner) == ("2026-11-08", "Mathematics lead")
    assert not [*practice_only(paper), *paper_only(made(act(), seen=rows("2026-11-20")))]

    practice = made(act(status="paused"), seen=rows("2026-10-01", "2026-11-12"))
    (gap,) = practice_only(practice)
    assert (gap.record.id, str(gap.since)) == ("SCH_OAK", "2026-10-01")
    assert "2 pieces" in gap.what
    assert not [*paper_only(practice), *practice_only(made(act(), seen=rows("2026-10-01")))]


def test_an_action_for_two_objectives_stands_under_both_and_counts_once() -> None:
    both = act(advances="KR_TALK OBJ_TASKS")
    district = made(both, seen=rows("2026-10-01", action="ACT_OAK_1"))
    for objective in ("OBJ_TALK", "OBJ_TASKS"):
        assert pairs(district)["SCH_OAK", objective].verdict == "balanced"
    assert balance(district).seen == school_balance(district, district.records["SCH_OAK"]).seen == 1


def test_without_marking_periods_the_year_is_one() -> None:
    settings = Settings(
        year_name="2026-27", year_starts=date(2026, 9, 1), year_ends=date(2027, 6, 1)
    )
    (year,) = spans(settings, date(2026, 10, 1))
    assert (year.name, year.first, year.last, year.state) == (
        "2026-27",
        date(2026, 9, 1),
        date(2027, 6, 1),
        "running",
    )


@given(st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.dates(date(2026, 1, 1), date(2028, 1, 1)))
def test_no_day_of_the_year_is_lost_or_counted_twice(day: date, today: date) -> None:
    year = spans(Settings(**YEAR), today)
    inside = YEAR["year_starts"] <= day <= YEAR["year_ends"]
    assert sum(span.holds(day) for span in year) == int(inside)
    assert sum(span.state == "running" for span in year) == int(
        YEAR["year_starts"] <= today <= YEAR["year_ends"]
    )
    assert all(a.last + timedelta(days=1) == b.first for a, b in pairwise(year))


DAYS = st.dates(date(2026, 8, 1), date(2027, 7, 15))
ROWS = st.lists(
    st.tuples(
        DAYS,
        st.sampled_from(
            [
                ("ACT_OAK_1", "", "SCH_OAK"),
                ("ACT_OAK_2", "", ""),
                ("", "OBJ_TASKS", "SCH_ELM"),
                ("", "OBJ_TALK", "SCH_OAK"),
            ]
        ),
    ),
    max_size=12,
)


@given(ROWS, DAYS)
def test_each_row_is_counted_once_in_its_period(
    seen: list[tuple[date, tuple[str, str, str]]], today: date
) -> None:
    text = HEAD + "".join(
        f"{day},{','.join(about)},assessment,They wrote why.,ROLE_LEAD\n" for day, about in seen
    )
    actions = (act(), act("ACT_OAK_2", advances="OBJ_TASKS", status="paused"))
    district = made(*actions, seen=text, today=today)
    within = [day for day, _ in seen if YEAR["year_starts"] <= day <= min(today, YEAR["year_ends"])]

    view = balance(district)
    assert view.seen == len(within)
    table = balance_table(view)
    at = [n for n, name in enumerate(table.columns) if name.endswith("_evidence")]
    assert sum(int(row[n] or 0) for row in table.rows for n in at) == len(within)
    assert [sum(int(row[n] or 0) for row in table.rows) for n in at] == [
        sum(span.holds(day) for day in within) for span in view.spans
    ]
    assert sum(count for _, count in view.counts) == view.pairs == len(table.rows)
    told = 0
    for school in district.of_type("school"):
        own = school_balance(district, school)
        listed = [row for row in school_balance_table(own).rows if row[2]]
        assert len(listed) == own.seen
        told += own.seen
    assert told == view.seen


@pytest.mark.parametrize(
    ("reading", "count"),
    [
        ("KR_TALK,SCH_OAK,2026-10-01,61,Grade 4", 1),
        ("KR_TALK_PLANS,SCH_OAK,2026-10-01,61,", 0),
        ("KR_TALK,,2026-10-01,61,", 0),
        ("KR_TALK,SCH_ELM,2026-10-01,61,", 0),
        ("KR_TALK,SCH_OAK,2026-12-01,61,", 0),
    ],
    ids=["of students", "of implementation", "of the district", "of another school", "to come"],
)
def test_readings_that_count(reading: str, count: int) -> None:
    period = talk(made(act(), readings=f"{reading}\n")).periods[0]
    assert len(period.seen) == count
    assert all((one.kind_title, one.text) == ("Reading", "61. Grade 4") for one in period.seen)
