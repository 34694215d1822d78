"""Key results: what a reading means, which one counts, and where it stands on the way."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.facts import card
from living_manual.core.key_result_card import Measured, ObjectiveMeasured, measured
from living_manual.core.key_result_schools import (
    key_results_by_school,
    key_results_by_school_table,
    school_readings,
)
from living_manual.core.key_results import (
    key_results,
    key_results_sum,
    key_results_table,
    standings,
)
from living_manual.core.model import Manual, Ref
from living_manual.core.readings import check_readings
from living_manual.core.rules import check
from living_manual.core.scale import Scale, as_number, scale
from living_manual.core.trajectory import STANDINGS, Way, trajectories
from living_manual.sphinx_ext.templating import make_environment
from tests.build_manual import SOUND, TODAY, but, manual, rec

HEAD = "key_result,at,date,value,note\n"
YEAR = {"year_starts": date(2026, 9, 1), "year_ends": date(2027, 6, 28)}
#: From 40% to 70% in 300 days: a tenth of a point a day.
WAY = {"baseline": "40% of students", "target": "70% of students"}
RISING = Way(Scale(Fraction(40), Fraction(70), True), YEAR["year_starts"], YEAR["year_ends"])
FALLING = Way(Scale(Fraction(70), Fraction(40), True), YEAR["year_starts"], YEAR["year_ends"])
DAYS = st.dates(date(2026, 8, 1), date(2027, 8, 1))


def day(gone: int) -> date:
    """A day so many days after the way begins."""
    return YEAR["year_starts"] + timedelta(days=gone)


def made(*rows: str, today: date = TODAY, **said: Any) -> Manual:
    """The small district with readings; KR_TALK has the way unless something else is said."""
    text = HEAD + "".join(f"{row}\n" for row in rows)
    return manual(
        *but("KR_TALK", **{**WAY, **said}), today=today, ledgers={"readings.csv": text}, **YEAR
    )


# --------------------------------------------------------------------------------- the numbers
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("58", 58),
        ("61.5", 61.5),
        ("61,5", 61.5),
        ("1,200", 1200),
        ("1,234,567.5", 1234567.5),
        ("1.200,5", 1200.5),
        ("-2", -2),
        ("0,125", 0.125),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: float) -> None:
    assert as_number(text) == Fraction(number)


@pytest.mark.parametrize(
    ("baseline", "target", "unit", "limits", "why"),
    [
        ("58% of students", "75% of students", "%", (0, 100), ""),
        ("19 of 46 teams", "46 of 46 teams", "", (0, 46), ""),
        ("5 of 10", "11 out of 11", "", (0, 11), ""),
        ("6 in 10", "9 in 10", "", (0, 10), ""),
        ("1 meeting at each bridge", "4 meetings at each bridge", "", None, ""),
        ("grade 3: 40 %", "grade 3: 60 %", "%", (0, 100), ""),
        ("-5% growth", "20% growth", "%", None, ""),
        ("100%", "150%", "%", None, ""),
        ("27% of 46 teams", "50% of 46 teams", "%", (0, 100), ""),
        (
            "19 teams",
            "80% of teams",
            "",
            None,
            "its baseline and its target are not in the same unit",
        ),
        ("40%", "40%", "%", (0, 100), "its target is the same as its baseline"),
        ("some", "80%", "%", (0, 100), "its baseline says no number"),
        ("40%", "every class", "%", (0, 100), "its target says no number"),
        ("", "", "", None, "its target says no number"),
    ],
)
def test_a_key_result_says_what_it_is_counted_in(
    baseline: str, target: str, unit: str, limits: tuple[int, int] | None, why: str
) -> None:
    found = scale(rec("KR_X", baseline=baseline, target=target))
    assert (found.unit, found.limits, found.why) == (unit, limits, why)


# ---------------------------------------------------------------------------------- the rule
@pytest.mark.parametrize(
    ("gone", "value", "today", "stands"),
    [
        pytest.param(100, "50", 100, "on-track", id="on-the-line"),
        pytest.param(100, "61", 100, "on-track", id="above-it"),
        pytest.param(100, "47", 100, "on-track", id="a-tenth-of-the-way-below"),
        pytest.param(100, "46.9", 100, "behind", id="further-below"),
        pytest.param(100, "70", 100, "met", id="at-the-target"),
        pytest.param(0, "37", 0, "on-track", id="first-day"),
        pytest.param(0, "36.9", 0, "behind", id="first-day-too-low"),
        pytest.param(300, "69.9", 300, "on-track", id="last-day-near"),
        pytest.param(300, "66.9", 300, "behind", id="last-day"),
        pytest.param(299, "69.9", 301, "behind", id="the-day-has-passed"),
        pytest.param(299, "70", 301, "met", id="passed-and-met"),
        pytest.param(100, "50", 299, "on-track", id="held-against-its-own-day"),
    ],
)
def test_a_reading_is_held_against_the_straight_way(
    gone: int, value: str, today: int, stands: str
) -> None:
    number = Fraction(value)
    assert RISING.standing(number, day(gone), day(today)) == stands
    # A falling target is the same way upside down: 70 to 40, mirrored at 55.
    assert FALLING.standing(110 - number, day(gone), day(today)) == stands


@given(DAYS, DAYS, st.integers(0, 1000), st.integers(0, 1000))
def test_a_better_value_never_stands_worse(taken: date, today: date, one: int, other: int) -> None:
    order = ("behind", "on-track", "met")
    low, high = sorted((Fraction(one, 10), Fraction(other, 10)))
    for way, worse, better in ((RISING, low, high), (FALLING, high, low)):
        stands = [way.standing(value, taken, today) for value in (worse, better)]
        assert order.index(stands[0]) <= order.index(stands[1])
        assert (stands[1] == "met") == (better >= 70 if way is RISING else better <= 40)


@given(DAYS, DAYS)
def test_the_way_runs_from_the_baseline_to_the_target(first: date, second: date) -> None:
    early, late = sorted((first, second))
    for way in (RISING, FALLING):
        values = [way.expected(each) for each in (early, late)]
        assert all(value is not None and 40 <= value <= 70 for value in values)
        assert (values == sorted(values)) or way is FALLING  # type: ignore[type-var]
    assert RISING.expected(day(0)) == 40
    assert RISING.expected(day(300)) == 70
    assert RISING.expected(day(100)) == 50


@pytest.mark.parametrize("due", ["2026-09-01", "2026-08-01"])
def test_a_last_day_before_the_year_asks_for_the_target_at_once(due: str) -> None:
    found = standings(made("KR_TALK,,2026-09-01,69,", due=due))["KR_TALK"]
    assert (found.standing, found.expected) == ("behind", "70% of students")
    assert standings(made("KR_TALK,,2026-09-01,70,", due=due))["KR_TALK"].standing == "met"


def test_without_a_last_day_of_its_own_the_way_ends_with_the_year() -> None:
    assert standings(made())["KR_TALK"].due == YEAR["year_ends"]
    assert standings(made(due="2027-05-28"))["KR_TALK"].due == date(2027, 5, 28)


# ------------------------------------------------------------------------------ rolled up
FOUR = tuple(
    rec(f"SCH_{name}", title=name, level="middle") for name in ("FIR", "ASH", "BAY", "YEW")
)


def rolled(*rows: str, **said: Any) -> list[tuple[str, float, int]]:
    """The values of the district after each day: day, value, from how many schools."""
    records = [each for each in but("KR_TALK", **{**WAY, **said}) if each.type != "school"]
    text = HEAD + "".join(f"KR_TALK,{row},\n" for row in rows)
    found = manual(*records, *FOUR, ledgers={"readings.csv": text}, **YEAR)
    return [
        (each.day.isoformat()[5:], float(each.value), each.schools)
        for each in trajectories(found)["KR_TALK"].rolled
    ]


@pytest.mark.parametrize(
    ("rows", "values"),
    [
        pytest.param((), [], id="none"),
        pytest.param((",2026-10-01,50",), [("10-01", 50, 0)], id="district"),
        pytest.param(
            (",2026-11-01,52", ",2026-10-01,50"), [("10-01", 50, 0), ("11-01", 52, 0)], id="sorted"
        ),
        pytest.param(("SCH_FIR,2026-10-01,50",), [("10-01", 50, 1)], id="one-school-alone"),
        pytest.param(
            ("SCH_FIR,2026-10-01,50", "SCH_ASH,2026-10-02,60"),
            [("10-01", 50, 1), ("10-02", 55, 2)],
            id="mean-of-latest",
        ),
        pytest.param(
            ("SCH_FIR,2026-10-01,50", "SCH_FIR,2026-10-05,58", "SCH_ASH,2026-10-05,60"),
            [("10-01", 50, 1), ("10-05", 59, 2)],
            id="a-school-counts-once",
        ),
        pytest.param(
            (",2026-10-01,50", "SCH_FIR,2026-10-02,10", "SCH_ASH,2026-10-02,20"),
            [("10-01", 50, 0)],
            id="half-of-the-schools-do-not-take-over",
        ),
        pytest.param(
            (
                ",2026-10-01,50",
                "SCH_FIR,2026-10-02,10",
                "SCH_ASH,2026-10-02,20",
                "SCH_BAY,2026-10-03,60",
            ),
            [("10-01", 50, 0), ("10-03", 30, 3)],
            id="more-than-half-do",
        ),
        pytest.param(
            (
                "SCH_FIR,2026-10-01,10",
                "SCH_ASH,2026-10-01,20",
                "SCH_BAY,2026-10-01,60",
                ",2026-10-01,50",
            ),
            [("10-01", 50, 0)],
            id="not-on-the-same-day",
        ),
        pytest.param(
            ("SCH_FIR,2026-08-20,10", ",2026-08-31,44", ",2026-10-01,50"),
            [("10-01", 50, 0)],
            id="earlier-years-do-not-count",
        ),
    ],
)
def test_the_value_of_the_district(
    rows: tuple[str, ...], values: list[tuple[str, float, int]]
) -> None:
    assert rolled(*rows) == values


def test_a_rate_is_no_count() -> None:
    of = {"baseline": "6 in 10", "target": "9 out of 10"}
    assert rolled("SCH_FIR,2026-10-01,6", "SCH_ASH,2026-10-01,7", **of) == [("10-01", 6.5, 2)]


def test_a_count_is_added_up_once_every_school_has_one() -> None:
    rows = [f"SCH_{name},2026-10-0{at},{at}" for at, name in enumerate(("FIR", "ASH", "BAY"), 1)]
    of = {"baseline": "4 of 20 teams", "target": "18 of 20 teams"}
    assert rolled(*rows, **of) == []
    assert rolled(*rows, "SCH_YEW,2026-10-04,5", **of) == [("10-04", 11, 4)]
    assert rolled(",2026-10-01,9", *rows, "SCH_YEW,2026-10-04,5", **of)[-1] == ("10-04", 11, 4)


# ------------------------------------------------------------------- what cannot be used
@pytest.mark.parametrize(
    ("rows", "said", "kinds", "counts"),
    [
        (("KR_TALK,,2026-11-21,50,",), {}, [], "50% of students"),
        (("KR_TALK,,2026-11-22,50,",), {}, ["reading-to-come"], ""),
        (("KR_TALK,,2026-10-01,100,",), {}, [], "100% of students"),
        (("KR_TALK,,2026-10-01,120,",), {}, ["reading-value"], ""),
        (("KR_TALK,,2026-10-01,-1,",), {}, ["reading-value"], ""),
        (("KR_TALK,,2026-10-01,120,",), {"baseline": "90%", "target": "150%"}, [], "120%"),
        (
            ("KR_TALK,,2026-10-01,47,",),
            {"baseline": "19 of 46 teams", "target": "46 of 46 teams"},
            ["reading-value"],
            "",
        ),
        (("KR_TALK,,2026-10-01,50,", "KR_TALK,,2026-10-01,50.0,"), {}, [], "50.0% of students"),
        (
            ("KR_TALK,,2026-10-01,50,", "KR_TALK,,2026-10-01,51,"),
            {},
            ["reading-twice"],
            "51% of students",
        ),
        (("KR_TALK,,2026-10-01,50,", "KR_TALK,SCH_OAK,2026-10-01,51,"), {}, [], "50% of students"),
        (
            ("KR_TALK,,2026-10-01,900,",),
            {"baseline": "1", "target": "1,200 pages"},
            [],
            "900 pages",
        ),
    ],
)
def test_a_reading_that_cannot_be_used_is_told(
    rows: tuple[str, ...], said: dict[str, str], kinds: list[str], counts: str
) -> None:
    found = made(*rows, **said)
    told = list(check_readings(found))
    assert [each.kind for each in told] == kinds
    assert set(told) <= set(check(found))
    assert standings(found)["KR_TALK"].latest == counts
    for each in told:
        assert (each.file, each.line) == ("progress/readings.csv", len(rows) + 1)
        assert each.fix


def test_findings_name_the_rows_and_the_limits() -> None:
    (value,) = check_readings(made("KR_TALK,,2026-10-01,612,"))
    assert value.message == (
        "Row 2 reads 612% for KR_TALK, which can be 0 to 100%. It is not counted."
    )
    (twice,) = check_readings(
        made("KR_TALK,SCH_OAK,2026-10-01,50,", "KR_TALK,SCH_OAK,2026-10-01,51,")
    )
    assert twice.message == (
        "Rows 2 and 3 both read KR_TALK at Oak Elementary on 1 Oct 2026, and say 50 and 51. "
        "The later one, 51, counts."
    )


# ------------------------------------------------------------------------- the dashboard
@pytest.mark.parametrize(
    ("rows", "said", "stands", "sentence"),
    [
        ((), {}, "unread", "Nobody has read it since 1 Sep 2026."),
        (("KR_TALK,,2026-08-31,50,",), {}, "unread", "Nobody has read it since 1 Sep 2026."),
        (("KR_TALK,,2026-10-01,70,",), {}, "met", "It has reached its target."),
        (
            ("KR_TALK,,2026-10-01,43,",),
            {},
            "on-track",
            "The straight way was at 43% on that day.",
        ),
        (
            ("KR_TALK,,2026-10-01,42.9,",),
            {},
            "on-track",
            "The straight way was at 43% on that day. This is near enough.",
        ),
        (("KR_TALK,,2026-10-01,39,",), {}, "behind", "The straight way was at 43% on that day."),
        (
            ("KR_TALK,,2026-10-01,60,",),
            {"due": "2026-11-20"},
            "behind",
            "It was due on 20 Nov 2026, and has not reached its target.",
        ),
        (
            ("KR_TALK,,2026-10-01,60,",),
            {"target": "every class"},
            "unknown",
            "It cannot be reckoned how far this is: its target says no number.",
        ),
    ],
)
def test_each_standing_says_why(
    rows: tuple[str, ...], said: dict[str, str], stands: str, sentence: str
) -> None:
    found = standings(made(*rows, **said))["KR_TALK"]
    assert (found.standing, found.said, found.title) == (stands, sentence, STANDINGS[stands])


def test_the_dashboard_counts_every_key_result_once() -> None:
    found = made("KR_TALK,,2026-10-01,43,")
    view = key_results(found)
    assert (view.total, view.well, view.count("on-track"), view.count("unknown")) == (4, 1, 1, 3)
    assert [len(each.key_results) for each in view.objectives] == [2, 2]
    assert [each.well for each in view.objectives] == [1, 0]
    total = key_results_sum(found)
    assert (total.well, total.total, total.behind) == (1, 4, 0)
    rows = [
        dict(zip(key_results_table(view).columns, row, strict=True))
        for row in key_results_table(view).rows
    ]
    assert [row["key_result_id"] for row in rows] == [
        "KR_TALK",
        "KR_TALK_PLANS",
        "KR_TASKS",
        "KR_TASKS_WEEKLY",
    ]
    assert (rows[0]["latest"], rows[0]["straight_way"], rows[0]["stands"]) == (
        "43% of students",
        "43% of students",
        "On track",
    )


def test_an_objective_measured_only_by_implementation_says_so() -> None:
    for measure, told in (("implementation", True), ("teacher-practice", False)):
        found = manual(*but("KR_TALK", measure=measure), **YEAR)
        group = key_results(found).objectives[0]
        own = measured(found, found.records["OBJ_TALK"])
        assert isinstance(own, ObjectiveMeasured)
        assert (group.only_implementation, own.only_implementation) == (told, told)


def test_a_page_says_that_an_objective_is_measured_only_by_implementation() -> None:
    template = make_environment(str).get_template("key_result.html.jinja")
    for only in (True, False):
        html = str(
            template.make_module({"url": str}).objective(  # type: ignore[attr-defined]
                ObjectiveMeasured(1, 2, only, None), str
            )
        )
        assert ("Measured only by implementation." in html) == only
        assert "1 of 2 key results met or on track" in html


def test_what_serves_a_key_result_is_counted_by_its_protocols_and_kinds() -> None:
    more = (
        rec("PRO_TEAM", kind="plc"),
        rec("PRO_DAY", kind="pd"),
        rec("ACT_BOTH", at="SCH_OAK", advances="KR_TALK", uses="PRO_TEAM PRO_DAY", status="active"),
        rec("ACT_BARE", at="SCH_OAK", advances="KR_TALK", status="planned"),
        rec("ACT_GONE", at="SCH_OAK", advances="KR_TALK", uses="PRO_TEAM", status="dropped"),
        rec("SES_DAY", serves="OBJ_TALK", runs="PRO_DAY", kind="pd-day", date="2027-01-15"),
        rec("SES_STAFF", serves="OBJ_TALK", kind="staff-meeting", date="2026-10-01"),
        rec("SES_ELSE", serves="OBJ_TASKS", kind="plc", date="2026-10-01"),
    )
    found = standings(manual(*SOUND, *more, **YEAR))["KR_TALK"].served
    assert (found.actions, found.sessions, found.held, found.protocols) == (4, 3, 2, 3)
    assert [(g.title, g.actions, g.sessions, g.held) for g in found.groups] == [
        ("PLCs", 1, 0, 0),
        ("Coaching", 0, 0, 0),
        ("Pull-out PD days", 1, 1, 0),
        ("Others", 3, 2, 2),
    ]
    names = [[ref.id for ref in group.protocols] for group in found.groups]
    assert names == [["PRO_TEAM"], [], ["PRO_DAY"], ["PRO_VISIT"]]


# ----------------------------------------------------------------- schools, cards and charts
AT_OAK = ("KR_TALK,SCH_OAK,2026-09-20,41,", "KR_TALK,SCH_OAK,2026-10-01,35,First look")


def test_a_school_is_held_against_the_way_of_the_district() -> None:
    found = made("KR_TALK,,2026-10-01,43,", *AT_OAK)
    view = key_results_by_school(found)
    assert [column.key_result.id for column in view.columns] == ["KR_TALK"]
    cells = {row.school.id: row.cells[0] for row in view.rows}
    oak = cells["SCH_OAK"]
    assert oak is not None
    assert (oak.short, oak.title, oak.note) == ("35%", "Behind", "First look")
    assert cells["SCH_ELM"] is None
    assert (view.total, view.count("behind"), view.count("none")) == (2, 1, 1)
    assert [row[6:9] for row in key_results_by_school_table(view).rows] == [
        ("35%", "2026-10-01", "Behind"),
        ("", "", "No reading"),
    ]
    (row,) = school_readings(found, found.records["SCH_ELM"]).rows
    assert (row.own, row.district, row.district_title) == (None, "43% of students", "On track")
    (row,) = school_readings(found, found.records["SCH_OAK"]).rows
    assert row.own == oak
    assert row.earlier == (("41% of students", date(2026, 9, 20)),)


def test_what_a_school_read_in_earlier_years_is_told_on_its_page() -> None:
    found = made("KR_TALK,SCH_OAK,2026-08-20,38,")
    (row,) = school_readings(found, found.records["SCH_OAK"]).rows
    assert (row.own, row.earlier) == (None, (("38% of students", date(2026, 8, 20)),))
    assert school_readings(found, found.records["SCH_ELM"]).rows == ()
    assert key_results_by_school(found).columns == ()


def test_no_school_is_held_against_a_count_of_the_district() -> None:
    of = {"baseline": "4 of 20 teams", "target": "18 of 20 teams"}
    view = key_results_by_school(made("KR_TALK,SCH_OAK,2026-10-01,3,", **of))
    oak = next(row.cells[0] for row in view.rows if row.school.id == "SCH_OAK")
    assert oak is not None
    assert (oak.short, oak.said, oak.stands, oak.title) == ("3", "3", "", "Counted")
    assert view.count("counted") == 1


def test_readings_of_no_school_make_no_table() -> None:
    found = made("KR_TALK,,2026-10-01,43,")
    assert key_results_by_school(found).columns == ()
    assert school_readings(found, found.records["SCH_OAK"]).rows == ()


def test_the_card_shows_each_value_of_the_district_and_the_schools_beside_it() -> None:
    found = made(
        "KR_TALK,,2026-08-20,38,", "KR_TALK,,2026-09-11,42,", "KR_TALK,,2026-10-01,43,", *AT_OAK
    )
    shown = card(found, found.records["KR_TALK"]).measured
    assert isinstance(shown, Measured)
    assert shown.chart is not None
    assert shown.chart.rows == (
        ("20 Aug 2026", "38% of students", "an earlier year", ""),
        ("11 Sep 2026", "42% of students", "district", "41%"),
        ("1 Oct 2026", "43% of students", "district", "43%"),
    )
    assert shown.chart.description.startswith(
        "From 42% of students on 11 Sep 2026 to 43% of students on 1 Oct 2026."
    )
    assert shown.schools is not None
    assert (shown.schools.count, shown.schools.of) == (1, 2)
    assert [(ref.id, own.short) for ref, own in shown.schools.each] == [("SCH_OAK", "35%")]


def test_without_a_reading_there_is_no_chart_and_with_many_schools_their_spread() -> None:
    found = made()
    shown = card(found, found.records["KR_TALK"]).measured
    assert isinstance(shown, Measured)
    assert (shown.chart, shown.schools) == (None, None)
    schools = [rec(f"SCH_{at:03}", level="middle") for at in range(30)]
    rows = "".join(f"KR_TALK,{each.id},2026-10-01,{40 + at},\n" for at, each in enumerate(schools))
    wide = manual(*but("KR_TALK", **WAY), *schools, ledgers={"readings.csv": HEAD + rows}, **YEAR)
    many = measured(wide, wide.records["KR_TALK"])
    assert isinstance(many, Measured)
    assert many.schools is not None
    assert (many.schools.each, many.schools.lowest, many.schools.highest) == ((), "40%", "69%")
    assert (many.stands.rolled, many.stands.latest) == (30, "54.5% of students")


def test_pages_are_named_only_where_they_are() -> None:
    found = made("KR_TALK,SCH_OAK,2026-10-01,43,")
    assert key_results_sum(found).where is None
    page = Ref("", "page", "Key results", "progress/key-results")
    there = Manual.of(
        found.records.values(),
        found.model,
        found.settings,
        found.today,
        places={"key-results": page},
    )
    assert key_results_sum(there).where == page
