"""Dates, counts and lists as people read them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.words import (
    listed,
    months_later,
    parse_day,
    plural,
    say_day,
    say_weekday,
    slug,
)
from tests.strategies import days, sharp_texts, texts


@given(days)
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    assert parse_day(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-2-3",
        "26-02-03",
        "2026-02-30",
        "2026-13-01",
        "2026-00-10",
        "0000-01-01",
        "2026/02/03",
        "20260203",
        "2026-W05-2",
        " 2026-02-03",
        "2026-02-03\n",
        "2026-02-03T08:00",
        "03-02-2026",
        "٢٠٢٦-02-03",
        "tomorrow",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert parse_day(text) is None


@given(texts | sharp_texts)
def test_any_text_may_be_asked_for_its_day(text: str) -> None:
    day = parse_day(text)
    assert day is None or day.isoformat() == text


@pytest.mark.parametrize(
    ("day", "said", "weekday"),
    [
        (date(2026, 10, 15), "15 Oct 2026", "Thu 15 Oct"),
        (date(2027, 1, 1), "1 Jan 2027", "Fri 1 Jan"),
        (date(2026, 12, 31), "31 Dec 2026", "Thu 31 Dec"),
        (date(2028, 2, 29), "29 Feb 2028", "Tue 29 Feb"),
    ],
)
def test_days_are_said_as_people_say_them(day: date, said: str, weekday: str) -> None:
    assert say_day(day) == said
    assert say_weekday(day) == weekday


@pytest.mark.parametrize(
    ("count", "one", "many", "said"),
    [
        (0, "school", None, "0 schools"),
        (1, "school", None, "1 school"),
        (2, "school", None, "2 schools"),
        (1, "record depends", "records depend", "1 record depends"),
        (3, "record depends", "records depend", "3 records depend"),
    ],
)
def test_counts(count: int, one: str, many: str | None, said: str) -> None:
    assert plural(count, one, many) == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")],
)
def test_lists(parts: list[str], said: str) -> None:
    assert listed(parts, "or") == said
    assert listed(parts) == said.replace(" or ", " and ")


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_later(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@given(days, st.integers(0, 240))
def test_months_later_counts_months(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day
    # The day moved only where the later month has no such day.
    assert later.day == day.day or (
        later.toordinal() + 1 == months_later(day.replace(day=1), months + 1).toordinal()
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Looking at student work", "looking-at-student-work"),
        ("Say what you notice (5 min)", "say-what-you-notice-5-min"),
        ("Students' words", "students-words"),
        ("Students’ words", "students-words"),
        ("  Go! ", "go"),
        ("a--b__c", "a-b-c"),
    ],
)
def test_slugs(text: str, name: str) -> None:
    assert slug(text) == name


@given(texts)
def test_a_slug_is_a_name_for_addresses_and_stays_one(text: str) -> None:
    name = slug(text)
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", name)
    assert slug(name) == name
