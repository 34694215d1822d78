"""Hours of learning: whose count, which are meaningful, and the sums that hold."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.gaps import gaps
from living_manual.core.learning_hours import (
    learning_hours,
    learning_hours_table,
    school_hours,
)
from living_manual.core.model import Manual, Record
from living_manual.core.reported_hours import fold, reported, reported_table
from living_manual.core.rules import check
from living_manual.core.tables import TABLES, USE_OF_TIME, other_schools, read_table
from living_manual.core.time_use import USES, number, say, shares
from living_manual.core.what_if import what_if, what_if_table, whole
from tests.build_manual import SOUND, manual, rec
from tests.sites import SAMPLE

USE = dict(zip((column.name for column in USE_OF_TIME), (10, 5, 15, 5, 65), strict=True))
LEDGERS = ("reported-hours.csv", "reported-use.csv", "benchmarks.csv")
PUBLISHED = {name: (SAMPLE / "learning" / name).read_text(encoding="utf-8") for name in LEDGERS}


def session(name: str, day: str = "2026-10-09", **said: Any) -> Record:
    given = {"date": day, "audiences": ["teacher"], "hours": "2", "serves": "OBJ_TALK", **said}
    return rec(f"SES_{name}", **{key: value for key, value in given.items() if value is not None})


def district(*records: Record, **said: Any) -> Manual:
    year = {"year_starts": date(2026, 8, 31), "year_ends": date(2027, 6, 18)}
    kept = [record for record in SOUND if record.type != "session"]
    return manual(*kept, *records, **year, **said)


# ------------------------------------------------------------------------------ whose hours count


@pytest.mark.parametrize(
    ("said", "held", "planned"),
    [
        ({}, 2, 0),
        ({"at": "SCH_OAK"}, 2, 0),
        ({"at": "SCH_ELM SCH_OAK"}, 2, 0),
        ({"at": "SCH_ELM"}, 0, 0),
        ({"day": "2026-11-20"}, 2, 0),
        ({"day": "2026-11-21"}, 0, 2),
        ({"day": "2027-06-18"}, 0, 2),
        ({"day": "2027-06-19"}, 0, 0),
        ({"day": "2026-08-31"}, 2, 0),
        ({"day": "2026-08-30"}, 0, 0),
        ({"audiences": ["principal", "coach"]}, 0, 0),
        ({"audiences": ["coach", "teacher"]}, 2, 0),
        ({"audiences": None}, 0, 0),
        ({"hours": None}, 0, 0),
        ({"hours": 0.25}, Fraction(1, 4), 0),
        ({"kind": "coaching"}, 0, 0),
        ({"kind": "something-new"}, 2, 0),
    ],
    ids=str,
)
def test_which_sessions_count_at_oak(
    said: dict[str, Any], held: Fraction, planned: Fraction
) -> None:
    made = district(session("A", **said))
    oak = school_hours(made, made.records["SCH_OAK"])
    assert (oak.total.held, oak.total.planned) == (held, planned)


def test_coaching_stands_apart_and_in_no_sum() -> None:
    made = district(session("A", kind="coaching", **USE), session("B", kind="plc"))
    view = learning_hours(made)
    assert view.total.held == 4  # two hours at each of two schools
    assert view.apart.held == 4
    assert view.total.meaningful == 0
    assert [title for _, title, _ in view.structures] == ["PLC"]


def test_meaningful_hours_are_hours_times_the_share_of_recorded_sessions() -> None:
    made = district(
        session("A", at="SCH_OAK", hours="1.5", **USE),
        session("B", at="SCH_OAK", hours="2"),
        session("C", "2027-01-09", at="SCH_OAK", hours="4", **USE),
    )
    oak = school_hours(made, made.records["SCH_OAK"]).total
    assert oak.meaningful == Fraction("0.975")
    assert (oak.recorded, oak.unrecorded, oak.year) == (Fraction("1.5"), 2, Fraction("7.5"))
    assert oak.percents == (10, 5, 15, 5, 65)


def test_a_session_for_two_objectives_gives_half_to_each() -> None:
    made = district(
        session("A", at="SCH_OAK", hours="1.5", serves="OBJ_TALK OBJ_TASKS"),
        session("B", at="SCH_OAK", hours="1", serves="OBJ_TALK"),
    )
    oak = school_hours(made, made.records["SCH_OAK"])
    said = {ref.id if ref else "": hours.year for ref, hours in oak.objectives}
    assert said == {"OBJ_TALK": Fraction("1.75"), "OBJ_TASKS": Fraction("0.75")}


def test_sessions_that_are_left_out_are_told() -> None:
    view = learning_hours(district(session("A", "2025-10-09"), session("B", hours=None)))
    assert (view.outside, view.unmeasured) == (1, 1)


ITEMS = st.tuples(
    st.sampled_from(["2026-09-10", "2027-01-10"]),
    st.sampled_from(["", "SCH_OAK", "SCH_ELM", "SCH_OAK SCH_ELM"]),
    st.sampled_from(["plc", "coaching", "half-day", "odd"]),
    st.integers(0, 30).map(lambda quarters: str(quarters / 4)),
    st.sampled_from(["OBJ_TALK", "OBJ_TASKS", "OBJ_TALK OBJ_TASKS"]),
    st.booleans(),
)


@given(st.lists(ITEMS, max_size=8))
def test_the_sums_hold_whatever_the_sessions(items: list[Any]) -> None:
    records = [
        session(str(n), day, at=at, kind=kind, hours=hours, serves=serves, **(USE if used else {}))
        for n, (day, at, kind, hours, serves, used) in enumerate(items)
    ]
    view = learning_hours(district(*records))
    for each in (view, *view.schools):
        for name in ("held", "planned", "recorded", "meaningful"):
            whole_ = getattr(each.total, name)
            assert sum(getattr(hours, name) for *_, hours in each.structures) == whole_
            assert sum(getattr(hours, name) for _, hours in each.objectives) == whole_
        assert each.total.meaningful <= each.total.recorded <= each.total.held
    assert sum(school.total.year for school in view.schools) == view.total.year
    assert len(learning_hours_table(view).rows) == 2


# --------------------------------------------------------------------------- shares that add up


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (65, None),
        (64, None),
        (66, None),
        (63, "add up to 98, not to 100"),
        (67, "add up to 102, not to 100"),
        (101, "time_lessons is 101. A share is between 0 and 100 percent"),
        (None, "add up to 35, not to 100"),
        ("", "add up to 35, not to 100"),
    ],
)
def test_shares_that_are_no_parts_of_a_whole_are_findings(last: object, said: str | None) -> None:
    record = session("A", **{**USE, "time_lessons": last})
    found = [each for each in check(district(record)) if each.kind == "session-use"]
    assert [each.file for each in found] == ([record.file] if said else [])
    assert all(said is not None and said in each.message for each in found)
    assert (shares(record) is None) == (said is not None)


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [("4.8648", 2, "4.86"), ("4.8648", 1, "4.9"), ("4.85", 1, "4.9"), ("20", 2, "20"),
     ("0.5", 0, "1"), ("12.70", 2, "12.7"), ("0", 1, "0"), ("99.996", 2, "100")],
)  # fmt: skip
def test_a_number_is_rounded_half_up_and_said_short(value: str, places: int, said: str) -> None:
    assert say(Fraction(value), places) == said


@pytest.mark.parametrize("text", ["", "two", "1/0", "nan"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert number(text) is None


# ------------------------------------------------------------------------- the published data set


def test_the_published_figures_come_out_of_the_rows() -> None:
    view = reported(manual(ledgers=PUBLISHED))
    assert (say(view.total), say(view.meaningful), say(view.meaningful, 1)) == (
        *("20.27", "4.86"),
        "4.9",
    )
    assert (say(view.percent), view.gap) == ("99", "tenfold")
    assert view.mark
    assert view.mark.said == "49"
    assert [each.said for each in view.benchmarks] == ["30 to 100", "49"]
    assert [say(each.hours) for each in view.uses] == ["7.09", "1.62", "4.86", "1.62", "4.86"]
    assert len(reported_table(view).rows) == 3 + 5 + 2


@pytest.mark.parametrize("left", [(), LEDGERS[:1], LEDGERS[1:2], LEDGERS[2:]], ids=str)
def test_nothing_is_asked_for_that_a_district_does_not_keep(left: tuple[str, ...]) -> None:
    made = district(session("A", **USE), ledgers={name: PUBLISHED[name] for name in left})
    view = reported(made)
    assert view.gap == ""
    assert view.charts == ()
    assert learning_hours(made).total.held == 4
    assert [each.key for each in what_if(made).starts] == ["SCH_OAK", "SCH_ELM"]
    assert what_if(made).examples == ()


@pytest.mark.parametrize(
    ("times", "said"), [(2, "twofold"), (10, "tenfold"), (11, "11-fold"), ("10.07", "tenfold")]
)
def test_how_many_times(times: object, said: str) -> None:
    assert fold(Fraction(str(times))) == said


# ------------------------------------------------------------------------------------- the what-if


def test_it_starts_from_the_published_year_and_from_each_school() -> None:
    made = district(
        session("A", at="SCH_OAK", **USE), session("B", at="SCH_ELM"), ledgers=PUBLISHED
    )
    starts = what_if(made).starts
    assert [(each.key, each.hours, each.shares, each.own) for each in starts] == [
        ("", "20.27", (35, 8, 24, 8, 24), False),
        ("SCH_OAK", "2", (10, 5, 15, 5, 65), True),
        ("SCH_ELM", "2", (36, 8, 24, 8, 24), False),  # the published shares, made to be 100
    ]
    assert what_if_table(what_if(made)).rows[0][-1] == 4.86


def test_three_worked_examples() -> None:
    assert [
        (each.sum, each.distance) for each in what_if(district(ledgers=PUBLISHED)).examples
    ] == [
        ("20.27 h × 40% = 8.1 h", "40.9 h"),
        ("20.27 h × 50% = 10.1 h", "38.9 h"),
        ("49 h × 24% = 11.8 h", "37.2 h"),
    ]


@given(st.lists(st.fractions(0, 100), min_size=5, max_size=5))
def test_whole_percents_add_up_to_100_and_stay_near(percents: list[Fraction]) -> None:
    found, together = whole(percents), sum(percents)
    assert sum(found) == (100 if together else 0)
    exact = [100 * each / together if together else 0 for each in percents]
    assert all(abs(one - each) < 1 for one, each in zip(found, exact, strict=True))


# ----------------------------------------------------------------- a school's own table, and gaps


def test_a_row_of_another_school_is_a_finding() -> None:
    head = ",".join(column.name for column in TABLES["sessions.csv"].columns)
    cells = "SES_{},A,plc,2026-10-09,1,OBJ_TALK,,{},,,teacher,,"
    text = "\n".join(
        [head, *(cells.format(n, at) for n, at in enumerate(("", "SCH_OAK", "SCH_ELM")))]
    )
    rows, found = read_table(TABLES["sessions.csv"], text, "a/sessions.csv", "SES_")
    assert found == ()
    (wrong,) = other_schools(rows, "SCH_OAK", "a/sessions.csv")
    assert (wrong.kind, wrong.line, wrong.column) == ("session-place", 4, "at")
    assert "names SCH_ELM" in wrong.message


@pytest.mark.parametrize(
    ("records", "named"),
    [
        ((session("A"),), []),
        ((session("A", **USE), session("B")), ["SES_B"]),
        ((session("A", **USE), session("B", "2026-11-21")), []),
        ((session("A", **USE), session("B", hours=None)), []),
        ((session("A", **USE), session("B", audiences=["principal"])), []),
        ((session("A", **USE), session("B", "2026-08-01")), []),
    ],
    ids=["nobody records", "one is missing", "not over", "no hours", "no teacher", "last year"],
)
def test_a_held_session_without_a_record_is_a_gap(
    records: tuple[Record, ...], named: list[str]
) -> None:
    found = [each for group in gaps(district(*records)).groups for each in group.gaps]
    assert [each.record.id for each in found if each.rule == "use-of-time"] == named


def test_the_columns_of_the_table_are_the_uses() -> None:
    assert [column.name for column in USE_OF_TIME] == [f"time_{use}" for use in USES]
