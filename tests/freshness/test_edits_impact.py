"""Diagrams, what a change would reach, and schools' sums after edits elsewhere."""

from __future__ import annotations

from tests.freshness.site import District
from tests.freshness.test_edits import (
    Case,
    add,
    all_of,
    assert_each_fresh,
    by_name,
    case,
    setting,
    swap,
    there_and_back,
    write,
)

PLAN = "schools/pier/plan.csv"
LEARNING, VISION = "learning/index.md", "vision/index.md"
PROTOCOL = "protocols/index.md"
MANY = "".join(
    f"ACT_PIER_{number},Gull {number},KR_EXPLAIN,,ROLE_HEAD,,planned,,2031-05-1{number % 9},,,,\n"
    for number in range(10, 55)
)
SECOND = """\
# A second aim

:::{objective}
:id: OBJ_COUNT
:owner: ROLE_HEAD
:stage: STAGE_SET
:audiences: teacher
:reviewed: 2030-08-20
:realises: VIS_TABLE

Students count what they see.
:::
"""

CASES: tuple[Case, ...] = (
    case(
        "names of what stands above",
        all_of(
            swap(VISION, "# Everybody at the table", "# All at the table"),
            swap(VISION, "{standard} Construct", "{standard} Build"),
        ),
    ),
    case(
        "what depends through others",
        swap(PLAN, "Fridays,KR_EXPLAIN,PRO_BOAT_TALK", "Fridays,KR_TUESDAYS,"),
        all_of(
            swap(LEARNING, ":informs: KR_EXPLAIN", ":informs: KR_TUESDAYS"),
            swap(LEARNING, "OBJ_TALK, PRO_BOAT_TALK", "OBJ_TALK"),
            swap(PROTOCOL, ":develops: TERM_EXPLAIN\n", ""),
        ),
    ),
    there_and_back("many rows, which are told by school", add(PLAN, MANY)),
    there_and_back(
        "one objective more, and a blank in every school",
        all_of(write("vision/count.md", SECOND), swap(VISION, "talk\n:::", "talk\ncount\n:::")),
    ),
    case(
        "what is due next",
        swap(PLAN, "2031-06-13", "2031-05-13"),
        setting("manual_today", "2031-05-20"),
    ),
)


@by_name(CASES)
def test_build_after_an_edit_equals_a_clean_one(edits: Case, built: District) -> None:
    assert_each_fresh(edits, built)
