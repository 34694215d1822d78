"""Plan and classroom after edits: built over what is there, as built afresh."""

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
    everywhere,
    move,
    remove,
    setting,
    swap,
    there_and_back,
    write,
)

SCHOOL, PLAN = "schools/pier/index.md", "schools/pier/plan.csv"
SEEN, READINGS, TOML = "schools/pier/evidence.csv", "progress/readings.csv", "district.toml"
HEAD = "date,action,objective,at,kind,seen,by\n"
FIRST = "2030-10-01,ACT_PIER_01,,,walkthrough,Two gulls were counted.,ROLE_HEAD\n"
MORE = "2030-10-02,ACT_PIER_01,,,look-for,They said why.,ROLE_FERRY\n"
READING = "key_result,at,date,value,note\nKR_EXPLAIN,SCH_PIER,2030-10-03,7,\n"

CASES: tuple[Case, ...] = (
    case(
        "what was seen",
        swap(SEEN, "Two gulls", "Three gulls"),
        add(SEEN, MORE),
        swap(SEEN, "ROLE_FERRY", "ROLE_HEAD"),
        swap(SEEN, MORE.replace("ROLE_FERRY", "ROLE_HEAD"), ""),
    ),
    case("when it was seen", swap(SEEN, "2030-10-01", "2030-11-01")),
    there_and_back("no list of evidence", remove(SEEN)),
    there_and_back("the list in another folder", move(SEEN, "progress/evidence.csv")),
    there_and_back("a row at fault", add(SEEN, "2030-10-02,ACT_GONE,,,walk,Oh.,\n")),
    there_and_back(
        "a row of no school",
        write("evidence.csv", HEAD + MORE.replace("ACT_PIER_01,", ",OBJ_TALK")),
    ),
    there_and_back("a reading at the school", write(READINGS, READING)),
    case(
        "the plan",
        swap(PLAN, "Boat talk on Fridays", "Boat talk on Mondays"),
        swap(PLAN, "ROLE_FERRY,active", "ROLE_FERRY,paused"),
        swap(PLAN, "ROLE_FERRY,paused", "ROLE_FERRY,done"),
    ),
    case(
        "the marking periods",
        swap(TOML, 'name = "Fall"', 'name = "Autumn"'),
        swap(TOML, "ends = 2031-01-31", "ends = 2030-10-04"),
    ),
    case("the day", setting("manual_today", "2031-02-01"), setting("manual_today", "2030-09-30")),
    case(
        "names and ids",
        swap("vision/talk.md", "# Students talk mathematics", "# Students talk"),
        swap("vision/index.md", "{role} Head of school", "{role} Head"),
        everywhere("OBJ_TALK", "OBJ_SAY"),
        everywhere("SCH_PIER", "SCH_QUAY"),
    ),
    there_and_back(
        "no timeline on the school's page", swap(SCHOOL, ":::{school-balance}\n:::\n", "")
    ),
    there_and_back(
        "the school on another page",
        all_of(
            move("schools/pier", "schools/rock"),
            lambda made: made.replace("schools/index.md", "pier/index\n", "rock/index\n"),
            lambda made: made.replace("index.md", "schools/pier/index.md", "schools/rock/index.md"),
        ),
    ),
)


@pytest.fixture(scope="module")
def built_with_evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district with evidence and its first build, and a copy of all of it in `kept`."""
    folder = tmp_path_factory.mktemp("balance")
    made = district(folder)
    made.write(SEEN, HEAD + FIRST)
    made.append(SCHOOL, "\n## Plan and classroom\n\n:::{school-balance}\n:::\n")
    made.append("progress/index.md", "\n:::{balance}\n:::\n")
    assert assert_fresh(made).findings == ()
    return keep_as_built(folder)


@pytest.fixture
def with_evidence(built_with_evidence: Path) -> District:
    return as_built(built_with_evidence)


@by_name(CASES)
def test_build_after_an_edit_equals_a_clean_one(edits: Case, with_evidence: District) -> None:
    assert_each_fresh(edits, with_evidence)
