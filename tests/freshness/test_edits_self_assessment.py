"""A self-assessment after edits: built over what is there, as built afresh."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.self_assessment import FILE, PAGE, with_self_assessment
from tests.freshness.conftest import as_built, keep_as_built
from tests.freshness.site import District, assert_fresh, district
from tests.freshness.test_edits import (
    Case,
    assert_each_fresh,
    by_name,
    case,
    everywhere,
    remove,
    swap,
    there_and_back,
)

TABLE, BOAT, SCHOOL = "vision/index.md", "protocols/index.md", "schools/pier/index.md"

CASES: tuple[Case, ...] = (
    case(
        "what is asked",
        swap(FILE, "Two students talk", "Four students talk"),
        swap(FILE, "At times", "Now and then"),
        swap(FILE, '"The pilot hears them."', '"The pilot nods."'),
    ),
    case("what comes next", swap(FILE, "Take the boat.", "Row.")),
    case("titles that it shows", swap(SCHOOL, "# Pier School", "# Goat School")),
    case("an id that it links to", everywhere("PRO_BOAT_TALK", "PRO_SHIP_TALK")),
    there_and_back("questions gone", remove(FILE)),
    there_and_back("a fault in the questions", swap(FILE, '"goat"', '"Goat"')),
    there_and_back("a link to no record", swap(FILE, "PRO_BOAT_TALK", "PRO_TRAIN_TALK")),
    there_and_back("a page that it links to gone", swap(FILE, "schools/pier", "schools/quay")),
    there_and_back("the block gone", swap(PAGE, ":::{self-assessment}\n:::\n", "")),
)


@pytest.fixture(scope="module")
def built_with_questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district with a self-assessment and its first build, and a copy of it in `kept`."""
    folder = tmp_path_factory.mktemp("ask")
    made = district(folder)
    with_self_assessment(made)
    assert assert_fresh(made).findings == ()
    return keep_as_built(folder)


@pytest.fixture
def with_questions(built_with_questions: Path) -> District:
    return as_built(built_with_questions)


@by_name(CASES)
def test_build_after_an_edit_equals_a_clean_one(edits: Case, with_questions: District) -> None:
    assert_each_fresh(edits, with_questions)
