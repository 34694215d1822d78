"""The page of what changed, its files and the home page's block: built again as built afresh."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.changed import FILE, four_edits, with_changes
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
from tests.sites import manual

PLAN = "schools/pier/plan.csv"
HERE = ":::{since-you-were-here}\n:::\n\n"

CASES: tuple[Case, ...] = (
    case(
        "a record that the page shows",
        swap(PLAN, "Boat talk on Fridays", "Boat talk on Mondays"),
        swap(PLAN, "Boat talk on Mondays", "Boat talk on Fridays"),
    ),
    case(
        "the words of a page",
        swap("vision/talk.md", "Students say what they think", "Students say what they see"),
        swap("vision/talk.md", "## Where it stands", "## Where it is"),
    ),
    there_and_back("a record on another page", move("glossary/tide.md", "vision/tide.md")),
    case(
        "titles of a school and a role",
        swap("schools/pier/index.md", "# Pier School", "# Goat School"),
        swap("vision/index.md", "{role} Ferry teacher", "{role} Boat teacher"),
    ),
    there_and_back("a role that is another", everywhere("ROLE_FERRY", "ROLE_BOAT")),
    case(
        "the page and the block gone",
        swap("index.md", HERE, ""),
        all_of(
            remove(FILE), swap("progress/index.md", "\n:::{toctree}\n:hidden:\nchanges\n:::\n", "")
        ),
    ),
    there_and_back("the page moved", all_of(move(FILE, "learning/changes.md"))),
    case(
        "the site's address",
        swap("district.toml", '"https://tern-rock.example/handbook/"', '""'),
    ),
    case(
        "a build that nobody publishes, and one that somebody does",
        setting("manual_live", ""),
        setting("manual_live", "nowhere"),
    ),
)


@pytest.fixture(scope="module")
def built_over_a_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district with the page, edited after a publish, and its first build, as in `kept`."""
    folder = tmp_path_factory.mktemp("changes")
    made = district(folder)
    with_changes(made)
    said = manual("publish", "--source", made.root, "--site", folder / "site")
    assert said.code == 0, said
    four_edits(made)
    made.settings["manual_live"] = str(folder / "site" / "current")
    assert assert_fresh(made).findings == ()
    assert "Boats and bows" in (made.output / "progress" / "changes.html").read_text("utf-8")
    return keep_as_built(folder)


@pytest.fixture
def edited(built_over_a_release: Path) -> District:
    made = as_built(built_over_a_release)
    made.settings["manual_live"] = str(built_over_a_release / "site" / "current")
    return made


@by_name(CASES)
def test_build_after_an_edit_equals_a_clean_one(edits: Case, edited: District) -> None:
    assert_each_fresh(edits, edited)
