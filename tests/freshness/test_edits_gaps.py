"""Gaps, readings and exceptions after edits: built over what is there, as built afresh."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freshness.conftest import as_built, keep_as_built
from tests.freshness.site import District, assert_fresh, district
from tests.freshness.test_edits import (
    Case,
    add,
    all_of,
    assert_each_fresh,
    by_name,
    case,
    move,
    remove,
    setting,
    swap,
    there_and_back,
    write,
)

EXCEPTIONS, READINGS = "progress/exceptions.csv", "progress/readings.csv"
HEAD = "rule,record,about,reason,approved_by,until\n"
ROW = "backup,ACT_PIER_02,,One teacher lives here in winter.,The board,2030-10-20\n"
READ = "key_result,at,date,value,note\nKR_EXPLAIN,,2030-10-01,7,\n"
SCHOOL = "schools/pier/index.md"

CASES: tuple[Case, ...] = (
    there_and_back("a reading", write(READINGS, READ)),
    case(
        "one more reading, another value, another day, none",
        write(READINGS, READ),
        add(READINGS, "KR_EXPLAIN,,2030-10-10,8,\n"),
        swap(READINGS, "2030-10-10,8,", "2030-10-11,8.5,On a Friday"),
        move(READINGS, "learning/readings.csv"),
        remove("learning/readings.csv"),
    ),
    case(
        "an exception, another reason, another end, none",
        write(EXCEPTIONS, HEAD + ROW),
        swap(EXCEPTIONS, "One teacher lives", "Only one teacher lives"),
        swap(EXCEPTIONS, "2030-10-20", "2031-01-31"),
        remove(EXCEPTIONS),
    ),
    case(
        "an exception that ends by the day",
        write(EXCEPTIONS, HEAD + ROW),
        setting("manual_today", "2030-10-20"),
        setting("manual_today", "2030-10-21"),
    ),
    there_and_back(
        "an exception for a blank",
        all_of(
            write(EXCEPTIONS, HEAD + "blank,SCH_PIER,OBJ_NEW,Not yet.,The board,2031-01-31\n"),
            add(
                "vision/index.md",
                "\n:::{objective} Students draw\n:id: OBJ_NEW\n:owner: ROLE_HEAD\n"
                ":stage: STAGE_SET\n:audiences: teacher\n:reviewed: 2030-08-20\n"
                ":realises: VIS_TABLE\n\nThey draw.\n:::\n",
            ),
        ),
    ),
    there_and_back("an exception for no gap", write(EXCEPTIONS, HEAD + ROW.replace("02", "01"))),
    there_and_back("an exception with a fault", write(EXCEPTIONS, HEAD + ROW.replace("2030", "x"))),
    case(
        "the day on which a date has passed, a period is over, a review is due",
        setting("manual_today", "2030-11-02"),
        setting("manual_today", "2031-02-01"),
        setting("manual_today", "2032-03-01"),
    ),
    there_and_back(
        "a school's own gaps",
        swap(SCHOOL, ":led_by: ROLE_HEAD", ":led_by: ROLE_HEAD\n:backed_up_by: ROLE_FERRY"),
    ),
    there_and_back("the register moved", move("progress/index.md", "progress/all.md")),
    there_and_back(
        "no register", swap("progress/index.md", ":::{gaps}\n:::\n", "No gaps are shown.\n")
    ),
    there_and_back("the register renamed", swap("progress/index.md", "# Progress", "# Gaps")),
    there_and_back("rules that fail", add("district.toml", '\n[gaps]\nfail_on = ["backup"]\n')),
)


@pytest.fixture(scope="module")
def built_with_gaps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district and its first build, and a copy of all of it in `kept`."""
    folder = tmp_path_factory.mktemp("gaps")
    made = district(folder)
    assert assert_fresh(made).findings == ()
    return keep_as_built(folder)


@pytest.fixture
def with_gaps(built_with_gaps: Path) -> District:
    return as_built(built_with_gaps)


@by_name(CASES)
def test_build_after_an_edit_equals_a_clean_one(edits: Case, with_gaps: District) -> None:
    assert_each_fresh(edits, with_gaps)
