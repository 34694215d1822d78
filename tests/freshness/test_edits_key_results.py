"""Key results after edits: built over what is there, as built afresh."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freshness.conftest import as_built, keep_as_built
from tests.freshness.site import District, assert_fresh, district
from tests.freshness.test_edits import (
    Case,
    add,
    assert_each_fresh,
    by_name,
    case,
    everywhere,
    move,
    remove,
    setting,
    swap,
    there_and_back,
)

TALK, PLAN, TOML = "vision/talk.md", "schools/pier/plan.csv", "district.toml"
VIEWS = ":::{key-results}\n:::\n\n:::{key-results-by-school}\n:::\n"
READINGS, SCHOOL = "progress/readings.csv", "schools/pier/index.md"
ROWS = """\
key_result,at,date,value,note
KR_EXPLAIN,,2030-09-20,6,
KR_EXPLAIN,SCH_PIER,2030-10-04,6.5,All three tables
"""

CASES: tuple[Case, ...] = (
    case(
        "what was read",
        swap(READINGS, "2030-09-20,6,", "2030-09-20,9,"),
        swap(READINGS, "All three tables", "Two tables"),
        add(READINGS, "KR_EXPLAIN,,2030-10-11,7,\n"),
        swap(READINGS, "KR_EXPLAIN,SCH_PIER,2030-10-04,6.5,Two tables\n", ""),
    ),
    case("where it was read", swap(READINGS, "EXPLAIN,,2030-09-20", "EXPLAIN,SCH_PIER,2030-09-20")),
    there_and_back("no readings", remove(READINGS)),
    there_and_back("readings in another folder", move(READINGS, "learning/readings.csv")),
    there_and_back("a row at fault", add(READINGS, "KR_EXPLAIN,,2030-10-11,70,\n")),
    there_and_back("two rows of a day", add(READINGS, "KR_EXPLAIN,,2030-09-20,7,\n")),
    case(
        "the way",
        swap(TALK, ":target: 9 in 10", ":target: 8 in 10"),
        swap(TALK, ":due: 2031-06-20", ":due: 2030-10-10"),
        swap(TALK, ":baseline: 6 in 10", ":baseline: some"),
        swap(TALK, ":measure: student-experience", ":measure: implementation"),
    ),
    case(
        "the year",
        swap(
            TOML, 'name = "2030-31"\nstarts = 2030-09-03', 'name = "2030-31"\nstarts = 2030-09-25'
        ),
    ),
    case("the day", setting("manual_today", "2030-10-01"), setting("manual_today", "2031-07-01")),
    case(
        "what serves it",
        swap(PLAN, "ROLE_FERRY,active", "ROLE_FERRY,paused"),
        swap("learning/sessions.csv", ",opening-day,", ",plc,"),
    ),
    case(
        "names and ids",
        swap(TALK, "# Students talk mathematics", "# Students talk"),
        everywhere("KR_EXPLAIN", "KR_TELL"),
        everywhere("SCH_PIER", "SCH_QUAY"),
    ),
    there_and_back("no dashboard", swap("progress/index.md", VIEWS, "")),
    there_and_back("not on the school's page", swap(SCHOOL, ":::{school-readings}\n:::\n", "")),
)


@pytest.fixture(scope="module")
def built_with_readings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district with readings and its first build, and a copy of all of it in `kept`."""
    folder = tmp_path_factory.mktemp("key-results")
    made = district(folder)
    made.write(READINGS, ROWS)
    made.append(SCHOOL, "\n## Our readings\n\n:::{school-readings}\n:::\n")
    made.append(
        "progress/index.md",
        f"\n:::{{key-results-sum}}\n:::\n\n{VIEWS}",
    )
    assert assert_fresh(made).findings == ()
    return keep_as_built(folder)


@pytest.fixture
def with_readings(built_with_readings: Path) -> District:
    return as_built(built_with_readings)


@by_name(CASES)
def test_build_after_an_edit_equals_a_clean_one(edits: Case, with_readings: District) -> None:
    assert_each_fresh(edits, with_readings)
