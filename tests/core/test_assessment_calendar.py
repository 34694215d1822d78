"""The assessment calendar: each grade in each period, its PLC, and every rule on both sides."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from living_manual.core.assessment_calendar import (
    AssessmentCalendar,
    assessment_calendar,
    assessment_calendar_table,
)
from living_manual.core.gaps import Gap, gaps
from living_manual.core.model import Manual, Record
from living_manual.core.rules import check
from living_manual.core.settings import MarkingPeriod
from living_manual.core.settings_reading import read_settings
from tests.build_manual import manual, rec

PAGE = "learning/assessments"
PERIODS = (
    MarkingPeriod("Fall", date(2026, 9, 1), date(2026, 10, 31)),
    MarkingPeriod("Winter", date(2026, 11, 2), date(2027, 1, 29)),
    MarkingPeriod("Spring", date(2027, 2, 1), date(2027, 6, 18)),
)
TODAY = date(2026, 11, 21)
LEAD = rec("ROLE_LEAD", title="Lead")
VISION = rec("VIS_MATHS", owner="ROLE_LEAD")


def plc(name: str, day: str) -> Record:
    return rec(f"SES_{name}", title=f"PLC {name.lower()}", date=day)


FALL, WINTER = plc("FALL", "2026-10-21"), plc("WINTER", "2027-01-20")


def asm(name: str, **said: Any) -> Record:
    given_ = {"grade": "Grade 3", "period": "1", "date": "2026-10-14", "analysed_in": "SES_FALL"}
    return rec(f"ASM_{name}", page=PAGE, **{**given_, **said})


def district(*records: Record, **settings: Any) -> Manual:
    said = {"marking_periods": PERIODS, "grades": ("Grade 3",), "today": TODAY, **settings}
    return manual(VISION, LEAD, FALL, WINTER, *records, **said)


def shown(*records: Record, **settings: Any) -> AssessmentCalendar:
    return assessment_calendar(district(*records, **settings), PAGE)


def states(view: AssessmentCalendar) -> dict[str, list[list[str]]]:
    """By grade, what stands in each cell: ids, or nothing."""
    return {
        row.grade: [[each.assessment.id for each in cell.entries] for cell in row.cells]
        for row in view.rows
    }


def open_gaps(made: Manual) -> dict[str, list[Gap]]:
    rules = ("assessment", "assessment-day", "analysis", "analysis-before", "analysis-late")
    return {g.key: list(g.gaps) for g in gaps(made).groups if g.key in rules}


# --------------------------------------------------------------------------- rows and cells


def test_rows_are_the_districts_list_then_what_an_assessment_names() -> None:
    view = shown(
        asm("A"),
        asm("B", grade="grade  4", period="2"),
        asm("C", grade="Robotics"),
        grades=("Kindergarten", "Grade 3", "Grade 4"),
    )
    assert states(view) == {
        "Kindergarten": [[], [], []],
        "Grade 3": [["ASM_A"], [], []],
        "Grade 4": [[], ["ASM_B"], []],
        "Robotics": [["ASM_C"], [], []],
    }
    assert [period.name for period in view.periods] == ["Fall", "Winter", "Spring"]
    assert [cell.state for cell in view.rows[0].cells] == ["past", "now", "to come"]
    assert (view.asked, view.there, view.analysed) == (9, 2, 2)
    assert [row.anchor for row in view.rows] == [
        "assessments-kindergarten",
        "assessments-grade-3",
        "assessments-grade-4",
        "assessments-robotics",
    ]


def test_names_that_differ_by_signs_only_have_addresses_and_files_of_their_own() -> None:
    view = shown(asm("A", grade="Math 9+"), asm("B", grade="Math 9"), asm("C", grade="數學"))
    assert [(row.anchor, row.file and row.file.name) for row in view.rows] == [
        ("assessments-grade-3", None),
        ("assessments-math-9", "assessments-math-9"),
        ("assessments-math-9-3", "assessments-math-9-3"),
        ("assessments-4", "assessments-4"),
    ]


def test_two_in_one_cell_stand_by_day_and_one_without_a_day_last() -> None:
    view = shown(asm("B", date="2026-10-14"), asm("A", date=""), asm("C", date="2026-09-30"))
    assert states(view)["Grade 3"][0] == ["ASM_C", "ASM_B", "ASM_A"]


def test_without_periods_there_are_four_without_days_and_without_a_list_nothing_is_asked() -> None:
    view = shown(asm("A"), marking_periods=(), grades=())
    assert [period.name for period in view.periods] == [f"Period {n}" for n in (1, 2, 3, 4)]
    assert view.rows[0].cells[3].state == ""
    assert open_gaps(district(asm("A"), grades=())) == {}


@pytest.mark.parametrize("said", [{"grade": ""}, {"period": "9"}, {"period": "x"}, {"period": ""}])
def test_what_has_no_place_is_in_no_cell(said: dict[str, str]) -> None:
    assert states(shown(asm("A", **said)))["Grade 3"] == [[], [], []]


def test_a_row_is_told_in_full_where_its_table_lies_and_a_card_is_pointed_to() -> None:
    row = rec(
        "ASM_ROW",
        page=PAGE,
        from_table=True,
        grade="Grade 3",
        period="1",
        short="Fair",
        owner="ROLE_LEAD",
        notes="They share.",
    )
    view = shown(row, asm("CARD", title="A card"))
    (card, told) = view.rows[0].cells[0].entries
    assert (card.here, card.name, card.notes) == (False, "A card", "")
    assert (told.here, told.name, told.notes) == (True, "Fair", "They share.")
    assert [ref.title for ref in told.owner] == ["Lead"]
    elsewhere = assessment_calendar(district(row), "learning/index").rows[0].cells[0].entries[0]
    assert not elsewhere.here


# --------------------------------------------------------------------------- the rules

FAULTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "all well": ({}, []),
    "on the last day that counts": ({"date": "2026-10-07"}, []),
    "a day too long": ({"date": "2026-10-06"}, ["analysis-late"]),
    "counted from its last day": ({"date": "2026-10-05", "ends": "2026-10-08"}, []),
    "the same day": ({"date": "2026-10-21"}, []),
    "before": ({"date": "2026-10-22"}, ["analysis-before"]),
    "within its days": ({"date": "2026-10-19", "ends": "2026-10-23"}, []),
    "no session": ({"analysed_in": ""}, ["analysis"]),
    "a session that is not there": ({"analysed_in": "SES_GONE"}, ["analysis"]),
    "the first session after it": ({"analysed_in": "SES_WINTER SES_FALL"}, []),
    "no day": ({"date": ""}, ["assessment-day"]),
    "no day and no session": ({"date": "", "analysed_in": ""}, ["assessment-day", "analysis"]),
    "the first day of its period": (
        {"date": "2026-09-01", "analysed_in": "SES_FALL"},
        ["analysis-late"],
    ),
    "a day before its period": (
        {"date": "2026-08-31"},
        ["assessment-day", "analysis-late"],
    ),
    "begun in its period and not ended": (
        {"date": "2026-10-30", "ends": "2026-11-03", "analysed_in": "SES_WINTER"},
        ["assessment-day", "analysis-late"],
    ),
    "another period": (
        {"date": "2027-01-13", "analysed_in": "SES_WINTER"},
        ["assessment-day"],
    ),
}


@pytest.mark.parametrize(("said", "expected"), FAULTS.values(), ids=FAULTS)
def test_each_rule(said: dict[str, Any], expected: list[str]) -> None:
    made = district(asm("A", **said))
    (entry,) = assessment_calendar(made, PAGE).rows[0].cells[0].entries
    assert [fault.rule for fault in entry.faults] == expected
    found = {rule: gap for rule, found in open_gaps(made).items() for gap in found}
    assert {rule for rule in found if rule != "assessment"} == set(expected)
    assert all(gap.record.id == "ASM_A" for gap in found.values())


def test_days_after_are_counted_from_the_last_day() -> None:
    view = shown(asm("A", date="2026-10-12", ends="2026-10-14"))
    analysis = view.rows[0].cells[0].entries[0].analysis
    assert analysis is not None
    assert (analysis.session.id, analysis.day, analysis.after) == (
        "SES_FALL",
        date(2026, 10, 21),
        7,
    )


MISSING: dict[str, tuple[tuple[Record, ...], tuple[str, ...], list[str], list[str]]] = {
    "one period that has begun": (
        (asm("A"), asm("C", period="3", date="2027-03-01", analysed_in="SES_MAR")),
        ("Grade 3",),
        ["Grade 3 has none in Winter"],
        [],
    ),
    "one that has begun and one to come: what counts is told": (
        (asm("A"),),
        ("Grade 3",),
        ["Grade 3 has none in Winter"],
        [],
    ),
    "only one to come": (
        (asm("A"), asm("B", period="2", date="2027-01-13", analysed_in="SES_WINTER")),
        ("Grade 3",),
        [],
        ["Grade 3 has none in Spring"],
    ),
    "grades without any": (
        (),
        ("Grade 3", "Grade 4"),
        ["no assessment at all for Grade 3 and Grade 4"],
        [],
    ),
    "a grade that is on no list": ((asm("A", grade="Robotics"),), (), [], []),
}


@pytest.mark.parametrize(("records", "grades", "late", "later"), MISSING.values(), ids=MISSING)
def test_a_missing_assessment(
    records: tuple[Record, ...], grades: tuple[str, ...], late: list[str], later: list[str]
) -> None:
    made = district(*records, plc("MAR", "2027-03-08"), grades=grades)
    assert [gap.what for gap in open_gaps(made).get("assessment", ())] == late
    waiting = [gap.what for gap in gaps(made).waiting if gap.rule == "assessment"]
    assert waiting == later


def test_a_missing_assessment_is_late_when_its_period_is_over() -> None:
    made = district(asm("B", period="2", date="2027-01-13", analysed_in="SES_WINTER"))
    (gap,) = open_gaps(made)["assessment"]
    assert (gap.record.id, gap.late, gap.since) == ("ASM_B", True, date(2026, 10, 31))


def test_no_day_in_a_period_to_come_is_not_due_yet() -> None:
    made = district(asm("C", period="3", date="", analysed_in="SES_WINTER"))
    assert "assessment-day" not in open_gaps(made)
    assert [g.record.id for g in gaps(made).waiting if g.rule == "assessment-day"] == ["ASM_C"]
    rules = {
        rule.title: (rule.found, rule.coming) for rule in assessment_calendar(made, PAGE).rules
    }
    assert rules["Assessment outside its period"] == (0, 1)
    assert rules["Grade or course without an assessment"] == (2, 0)


def test_the_page_and_the_register_count_alike() -> None:
    made = district(
        asm("A", analysed_in=""),
        asm("B", period="2", date="2027-02-02", analysed_in="SES_WINTER"),
        asm("C", period="3", date="2027-03-02", analysed_in="SES_WINTER SES_FALL"),
    )
    told = {rule.title: rule.found for rule in assessment_calendar(made, PAGE).rules}
    found = {group.title: len(group.gaps) for group in gaps(made).groups}
    assert {title: count for title, count in told.items() if count} == {
        title: count for title, count in found.items() if title in told
    }


# --------------------------------------------------------------------------- what comes next

NEXT: dict[str, tuple[list[Record], str | None, str | None]] = {
    "nothing more": ([asm("A")], None, None),
    "the next of two": (
        [
            asm("A"),
            asm("B", period="2", date="2027-01-13", analysed_in="SES_WINTER"),
            asm("C", period="3", date="2027-03-01"),
        ],
        "ASM_B",
        "SES_WINTER",
    ),
    "given, and still to be looked at": ([asm("A", analysed_in="SES_WINTER")], None, "SES_WINTER"),
    "today": ([asm("A", date="2026-11-21", analysed_in="")], "ASM_A", None),
    "until today": ([asm("A", date="2026-11-19", ends="2026-11-21")], "ASM_A", None),
    "until yesterday": ([asm("A", date="2026-11-19", ends="2026-11-20")], None, None),
}


@pytest.mark.parametrize(("records", "first", "session"), NEXT.values(), ids=NEXT)
def test_what_comes_next(records: list[Record], first: str | None, session: str | None) -> None:
    following = shown(*records).rows[0].next
    assert (following.assessment and following.assessment.assessment.id) == first
    assert (following.analysis and following.analysis.session.id) == session


# --------------------------------------------------------------------------- as a table


def test_one_row_an_assessment_and_one_a_blank() -> None:
    table = assessment_calendar_table(
        shown(asm("A", title="Shares", ends="2026-10-15"), asm("B", analysed_in=""))
    )
    assert table.csv().splitlines() == [
        "grade,period,assessment_id,assessment,date,ends,analysis_id,analysis,analysis_date,"
        "days_after,missing",
        "Grade 3,Fall,ASM_A,Shares,2026-10-14,2026-10-15,SES_FALL,PLC fall,2026-10-21,6,",
        "Grade 3,Fall,ASM_B,B,2026-10-14,,,,,,no session looks at the student work",
        "Grade 3,Winter,,,,,,,,,no assessment",
        "Grade 3,Spring,,,,,,,,,no assessment",
    ]


days = st.dates(date(2026, 8, 20), date(2027, 7, 1)).map(date.isoformat) | st.just("")
anything = st.lists(
    st.builds(
        dict,
        grade=st.sampled_from(["Grade 3", "grade 3", "Grade 4", "Art", ""]),
        period=st.sampled_from(["1", "2", "3", "7", ""]),
        date=days,
        ends=days,
        analysed_in=st.sampled_from(["", "SES_FALL", "SES_WINTER", "SES_FALL SES_WINTER"]),
    ),
    max_size=6,
)


@given(anything, st.dates(date(2026, 8, 1), date(2027, 7, 31)))
@hypothesis_settings(max_examples=60)
def test_figures_add_up_whatever_is_written(said: list[dict[str, str]], today: date) -> None:
    records = [asm(f"N{n}", **each) for n, each in enumerate(said)]
    made = district(*records, grades=("Grade 3", "Grade 4"), today=today)
    view = assessment_calendar(made, PAGE)
    cells = [cell for row in view.rows for cell in row.cells]
    placed = [each.assessment.id for cell in cells for each in cell.entries]
    assert len(placed) == len(set(placed))
    assert set(placed) == {
        f"ASM_N{n}"
        for n, each in enumerate(said)
        if each["grade"] and each["period"] in ("1", "2", "3")
    }
    assert view.asked == 6 >= view.there >= view.analysed >= 0
    rows = assessment_calendar_table(view).rows
    assert len(rows) == len(placed) + sum(not cell.entries for cell in cells)
    keys = [gap.key for gap in gaps(made).shown]
    assert len(keys) == len(set(keys))


# --------------------------------------------------------------------------- findings

PLACES: dict[str, tuple[dict[str, Any], str, str]] = {
    "a grade that is misspelt": (
        {"grade": "Grad 3"},
        "names the grade or course 'Grad 3', which district.toml does not list",
        "Did you mean Grade 3?",
    ),
    "no grade": (
        {"grade": ""},
        "does not say for which grade or course it is",
        "assessments.grades",
    ),
    "no period": ({"period": ""}, "does not say for which marking period it is", "1 to 3"),
    "a period that the year has not": (
        {"period": "4"},
        "is for period 4, and the school year has 3",
        "1 to 3",
    ),
    "an end before its start": ({"ends": "2026-10-01"}, "ends before its date", "two days"),
}


@pytest.mark.parametrize(("said", "message", "fix"), PLACES.values(), ids=PLACES)
def test_an_assessment_without_a_place_is_said(
    said: dict[str, Any], message: str, fix: str
) -> None:
    found = [each for each in check(district(asm("A", **said))) if each.kind == "assessment-place"]
    assert [each.message for each in found] == [f"The assessment ASM_A {message}."]
    assert fix in found[0].fix
    assert (found[0].file, found[0].line) == (f"{PAGE}.md", 1)


def test_one_in_its_place_is_no_finding() -> None:
    made = district(asm("A", grade=" grade 3 ", ends="2026-10-14"))
    assert [each for each in check(made) if each.kind == "assessment-place"] == []


TOML = '[district]\nname = "A"\nshort_name = "A"\n[school_year]\nname = "2026-27"\n'
TOML += "starts = 2026-08-31\nends = 2027-06-18\n"


def test_the_list_of_grades_is_read() -> None:
    settings, found = read_settings(f'{TOML}[assessments]\ngrades = ["K", "Grade  1"]\n')
    assert (settings.grades, found) == (("K", "Grade 1"), ())
    assert read_settings(TOML)[0].grades == ()
    settings, found = read_settings(f"{TOML}[thresholds]\nanalysis_days = 21\n")
    assert (settings.analysis_days, found) == (21, ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[assessments]\ngrades = "K"\n', "not a list of words"),
        ('[assessments]\ngrades = ["K", "Grade 1", " k "]\n', "a second time"),
        ('[assessments]\ngrade = ["K"]\n', "unknown key 'grade'"),
        ("[thresholds]\nanalysis_days = 0\n", "not a whole number"),
    ],
)
def test_what_is_wrong_with_the_list_is_said_with_its_line(text: str, message: str) -> None:
    (found,) = read_settings(TOML + text)[1]
    assert message in found.message
    assert found.line == len(TOML.splitlines()) + 2
