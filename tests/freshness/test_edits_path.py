"""Paths and schools' files after edits: built over what is there, as built afresh."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.paths import FILE, NEW, with_path
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
    new_school,
    remove,
    setting,
    swap,
    there_and_back,
    write,
)

PLAN, SESSIONS, SCHOOL = "schools/pier/plan.csv", "learning/sessions.csv", "schools/pier/index.md"
TO_COME = (
    "SES_MORE,More boats,plc,2030-12-01,1,OBJ_TALK,,%s,ROLE_HEAD,STAGE_SET,teacher,2030-08-20,\n"
)
PANEL = "# Schools\n\n:::{my-school}\n:::\n"
SECOND = NEW.replace("# New on the island", "# New on the ferry").replace("ROLE_HEAD, ", "")


CASES: tuple[Case, ...] = (
    case(
        "what a step says",
        swap(FILE, ":minutes: 85", ":minutes: 20"),
        swap(FILE, "{path-step} Say why", "{path-step} Give a reason"),
        swap(FILE, "The goat knows you.", "You know the goat."),
    ),
    case(
        "where a step stands",
        swap(FILE, "## First week", "## First 30 days"),
        swap(FILE, "## First 30 days\n\n", ""),
    ),
    case(
        "what the path says of itself, which lists and roles show",
        swap(FILE, "steps off the ferry", "steps on the pier"),
        swap(FILE, "# New on", "# First on"),
        swap(FILE, "ROLE_HEAD, ROLE_FERRY", "ROLE_HEAD"),
        swap("vision/index.md", "{role} Head of school", "{role} Head"),
    ),
    there_and_back(
        "a role renamed where it stands only",
        swap("vision/index.md", ":id: ROLE_FERRY", ":id: ROLE_BOAT"),
    ),
    there_and_back(
        "no block",
        swap(
            FILE,
            ":::{path}\n:for: ROLE_HEAD, ROLE_FERRY\n\nFor whoever steps off the ferry.\n:::\n",
            "",
        ),
    ),
    there_and_back("a step to no page", swap(FILE, "../schools/pier/", "../schools/quay/")),
    there_and_back("the path gone", remove(FILE)),
    there_and_back("the path moved", move(FILE, "guide/first.md")),
    case(
        "one more path",
        all_of(
            write("guide/ferry.md", SECOND),
            swap("guide/index.md", "second-week\n", "second-week\nferry\n"),
        ),
    ),
    case(
        "an action",
        swap(PLAN, "Boat talk on Fridays", "Boat talk on Mondays"),
        swap(SCHOOL, ":led_by: ROLE_HEAD", ":led_by: ROLE_FERRY"),
        swap(PLAN, "ROLE_FERRY,active", "ROLE_FERRY,dropped"),
    ),
    case(
        "a session to come",
        add(SESSIONS, TO_COME % ""),
        swap(SESSIONS, "OBJ_TALK,,,ROLE_HEAD", "OBJ_TALK,,SCH_PIER,ROLE_HEAD"),
    ),
    case("the day", setting("manual_today", "2030-09-01"), setting("manual_today", "2030-10-01")),
    case(
        "name and id of a school",
        swap(SCHOOL, "# Pier School", "# Goat School"),
        everywhere("SCH_PIER", "SCH_QUAY"),
    ),
    there_and_back("one more school", new_school),
    case(
        "schools offered on another page, and on no page",
        lambda made: made.write(
            "schools/index.md", made.read("schools/index.md").replace("# Schools\n", PANEL)
        ),
        all_of(remove(FILE), swap("index.md", "guide/new\n", "")),
        lambda made: made.write(
            "schools/index.md", made.read("schools/index.md").replace(PANEL, "# Schools\n")
        ),
    ),
    there_and_back(
        "a page that calls itself an orphan",
        write("guide/lost.md", "---\norphan: true\n---\n# Lost\n"),
    ),
)


@pytest.fixture(scope="module")
def built_with_a_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district with a path and its first build, and a copy of all of it in `kept`."""
    folder = tmp_path_factory.mktemp("path")
    made = district(folder)
    with_path(made)
    made.append("guide/index.md", "\n:::{path-list}\n:::\n")
    assert assert_fresh(made).findings == ()
    return keep_as_built(folder)


@pytest.fixture
def with_a_path(built_with_a_path: Path) -> District:
    return as_built(built_with_a_path)


@by_name(CASES)
def test_build_after_an_edit_equals_a_clean_one(edits: Case, with_a_path: District) -> None:
    assert_each_fresh(edits, with_a_path)
