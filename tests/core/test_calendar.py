"""The year's professional learning, month by month."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.calendar import CalendarEntry, calendar, calendar_table
from living_manual.core.model import Record
from tests.build_manual import SOUND, manual, rec
from tests.strategies import days

PAGE = "learning/index"


def session(name: str, day: str | None, **said: object) -> Record:
    dated = {} if day is None else {"date": day}
    return rec(f"SES_{name}", page=said.pop("page", PAGE), **dated, **said)


def test_sessions_by_month_and_day() -> None:
    view = calendar(
        manual(
            session("JAN", "2027-01-12", hours=2),
            session("OCT_B", "2026-10-30", hours="1.5"),
            session("OCT_A", "2026-10-09"),
            session("NEXT_OCT", "2027-10-01", hours=0.25),
        ),
        PAGE,
    )
    assert [(m.title, [e.session.id for e in m.entries]) for m in view.months] == [
        ("October 2026", ["SES_OCT_A", "SES_OCT_B"]),
        ("January 2027", ["SES_JAN"]),
        ("October 2027", ["SES_NEXT_OCT"]),
    ]
    assert (view.sessions, view.hours) == (4, 3.75)


def test_two_sessions_of_a_day_stand_in_a_fixed_order() -> None:
    one, other = session("B", "2026-10-09"), session("A", "2026-10-09")
    for records in ((one, other), (other, one)):
        (month,) = calendar(manual(*records), PAGE).months
        assert [entry.session.id for entry in month.entries] == ["SES_A", "SES_B"]


def test_other_pages_and_sessions_without_a_day_are_left_out() -> None:
    view = calendar(
        manual(
            session("HERE", "2026-10-09"),
            session("THERE", "2026-10-09", page="schools/oak/index"),
            session("UNDATED", None),
            session("MISDATED", "October"),
        ),
        PAGE,
    )
    assert view.sessions == 1
    assert calendar(manual(), PAGE).months == ()


def test_an_entry_in_full() -> None:
    fall = session(
        "NEW",
        "2026-10-10",
        title="Fall",
        kind="half-day",
        hours="2.50",
        serves="OBJ_TALK OBJ_TASKS",
        runs="PRO_VISIT",
        at="SCH_OAK",
        owner="ROLE_COACH",
        notes="Bring work.",
        begins="15:30",
        place="The library",
    )
    view = calendar(manual(*SOUND, fall), PAGE)
    (entry,) = view.months[0].entries
    assert isinstance(entry, CalendarEntry)
    assert (entry.day, entry.kind, entry.hours) == (date(2026, 10, 10), "Half day", "2.5")
    # Where there is little room, objectives have their short names.
    assert [ref.title for ref in entry.serves] == ["Talk", "Rich tasks"]
    assert calendar_table(view).csv() == (
        "id,title,date,kind,hours,serves,runs,at,owner,notes,begins,place\n"
        "SES_NEW,Fall,2026-10-10,Half day,2.5,OBJ_TALK;OBJ_TASKS,PRO_VISIT,SCH_OAK,ROLE_COACH,"
        "Bring work.,15:30,The library\n"
    )


def test_a_session_without_hours_has_an_empty_cell() -> None:
    view = calendar(manual(session("A", "2026-10-10")), PAGE)
    assert view.hours == 0
    assert calendar_table(view).rows[0][4] is None


@pytest.mark.parametrize(
    ("day", "past"), [("2026-11-20", True), ("2026-11-21", False), ("2026-11-22", False)]
)
def test_a_session_is_past_from_the_day_after(day: str, past: bool) -> None:
    (month,) = calendar(manual(session("A", day)), PAGE).months
    assert month.entries[0].past == past


@given(st.lists(st.tuples(days, st.integers(0, 40)), max_size=12))
def test_every_dated_session_is_told_once_in_order(dated: list[tuple[date, int]]) -> None:
    records = [
        session(str(n), day.isoformat(), hours=quarters / 4)
        for n, (day, quarters) in enumerate(dated)
    ]
    view = calendar(manual(*records), PAGE)
    entries = [entry for month in view.months for entry in month.entries]
    assert sorted(e.session.id for e in entries) == sorted(r.id for r in records)
    assert [e.day for e in entries] == sorted(day for day, _ in dated)
    assert len({month.title for month in view.months}) == len(view.months)
    assert view.hours == sum(quarters for _, quarters in dated) / 4
    assert len(calendar_table(view).rows) == view.sessions == len(dated)
