"""Handover packs after edits: built over what is there, as built afresh."""

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
    new_school,
    remove,
    setting,
    swap,
    there_and_back,
)

PAGE = "guide/leaving.md"
LIST = "# When somebody leaves\n\nTake your pack.\n\n:::{handover-list}\n:::\n"
PLAN, SESSIONS, SCHOOL = "schools/pier/plan.csv", "learning/sessions.csv", "schools/pier/index.md"
VISION, TOML = "vision/index.md", "district.toml"
TO_COME = (
    "SES_MORE,More boats,plc,2030-12-01,1,OBJ_TALK,,,ROLE_HEAD,STAGE_SET,teacher,2030-08-20,\n"
)


CASES: tuple[Case, ...] = (
    case(
        "an action",
        swap(PLAN, "Boat talk on Fridays", "Boat talk on Mondays"),
        swap(PLAN, "Students wait, then", "Students smile, then"),
        swap(PLAN, "ROLE_FERRY,active", "ROLE_FERRY,dropped"),
    ),
    case(
        "a role leads at a school, and no longer",
        swap(SCHOOL, ":led_by: ROLE_HEAD", ":led_by: ROLE_FERRY"),
        swap(PLAN, "PRO_BOAT_TALK,ROLE_HEAD,ROLE_FERRY", "PRO_BOAT_TALK,ROLE_HEAD,"),
        swap(SCHOOL, ":led_by: ROLE_FERRY", ":led_by: ROLE_HEAD"),
    ),
    case(
        "a role",
        swap(VISION, ":status: vacant", ":status: vacant\n:contact: ferry@tern-rock.example"),
        swap(VISION, "{role} Head of school", "{role} Head"),
        everywhere("ROLE_FERRY", "ROLE_BOAT"),
    ),
    case("a session to come", add(SESSIONS, TO_COME)),
    case("a reason", swap("learning/index.md", "No ferry runs", "No boat runs")),
    case("the day", setting("manual_today", "2030-09-01"), setting("manual_today", "2031-10-01")),
    case(
        "settings and the title of the list",
        swap(TOML, 'brand = "#5B2A86"', 'brand = "#5B2A60"'),
        swap(PAGE, "# When somebody leaves", "# When you leave"),
    ),
    there_and_back("one more school", new_school),
    there_and_back("no list", remove(PAGE)),
    there_and_back("the list moved", move(PAGE, "vision/leaving.md")),
)


@pytest.fixture(scope="module")
def built_with_packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district with packs and its first build, and a copy of all of it in `kept`."""
    folder = tmp_path_factory.mktemp("handover")
    made = district(folder)
    made.write(PAGE, LIST)
    made.replace("guide/index.md", "second-week\n", "second-week\nleaving\n")
    built = assert_fresh(made)
    assert built.findings == ()
    assert {"handover/head.html", "handover/head/pier.pdf", "handover/ferry/pier.html"} <= {
        *built.files
    }
    return keep_as_built(folder)


@pytest.fixture
def with_packs(built_with_packs: Path) -> District:
    return as_built(built_with_packs)


@by_name(CASES)
def test_build_after_an_edit_equals_a_clean_one(edits: Case, with_packs: District) -> None:
    assert_each_fresh(edits, with_packs)
