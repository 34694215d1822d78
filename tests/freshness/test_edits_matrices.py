"""Matrices after edits: built over what is there, as built afresh."""

from __future__ import annotations

from pathlib import Path

import pytest

from living_manual.core.matrices import MATRICES
from tests.freshness.conftest import as_built, keep_as_built
from tests.freshness.site import District, assert_fresh, district
from tests.freshness.test_edits import (
    Case,
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
)

PLAN, SESSIONS, SCHOOL = "schools/pier/plan.csv", "learning/sessions.csv", "schools/pier/index.md"
ALL = "progress/matrices.md"
BLANKS = "\n:::{blank-schools}\n:::\n"

CASES: tuple[Case, ...] = (
    case(
        "an action",
        swap(PLAN, "ROLE_FERRY,active", "ROLE_FERRY,dropped"),
        swap(PLAN, "ROLE_FERRY,dropped", "ROLE_FERRY,done"),
    ),
    there_and_back("level of a school", swap(SCHOOL, ":level: elementary", ":level: high")),
    case(
        "name and id of a school",
        swap(SCHOOL, "# Pier School", "# Goat School"),
        everywhere("SCH_PIER", "SCH_QUAY"),
    ),
    there_and_back("a session's school", swap(SESSIONS, "SCH_PIER,ROLE", ",ROLE")),
    case("the day", setting("manual_today", "2030-09-01"), setting("manual_today", "2031-02-01")),
    there_and_back("the matrices moved", move(ALL, "guide/matrices.md")),
    there_and_back("one matrix gone", swap(ALL, ":::{matrix} term-entry\n:::\n", "")),
    there_and_back("the matrices gone", remove(ALL)),
    there_and_back(
        "the blanks and the matrix they lead to",
        all_of(
            swap("progress/index.md", BLANKS, ""),
            swap("progress/index.md", ":::{coverage}\n:::\n", ""),
        ),
    ),
)


@pytest.fixture(scope="module")
def built_with_matrices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district with every matrix and its first build, and a copy of all of it in `kept`."""
    folder = tmp_path_factory.mktemp("matrices")
    made = district(folder)
    views = "\n".join(f":::{{matrix}} {key}\n:::\n" for key in MATRICES)
    made.write(ALL, f"# Matrices\n\nAll of them.\n\n{views}")
    made.replace("guide/index.md", "second-week\n", "second-week\n/progress/matrices\n")
    made.append("progress/index.md", BLANKS)
    made.append("guide/index.md", "\n:::{action-list}\n:::\n")
    assert assert_fresh(made).findings == ()
    return keep_as_built(folder)


@pytest.fixture
def with_matrices(built_with_matrices: Path) -> District:
    return as_built(built_with_matrices)


@by_name(CASES)
def test_build_after_an_edit_equals_a_clean_one(edits: Case, with_matrices: District) -> None:
    assert_each_fresh(edits, with_matrices)
