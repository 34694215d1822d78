"""What runs an entry is written elsewhere: its page, the indexes and the flywheel follow."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.freshness.conftest import as_built, keep_as_built
from tests.freshness.site import District, assert_fresh, district
from tests.freshness.test_edits import (
    LEARNING,
    PLAN,
    PROTOCOL,
    SESSIONS,
    WORD,
    Case,
    add,
    all_of,
    assert_each_fresh,
    case,
    remove,
    swap,
    write,
)

VIEW = "\n:::{codification}\n:::\n"
FORM = """
## When to use it

On the boat.

## Roles

One steers.

## Norms

Nobody laughs.

## For the facilitator

Wait.

## Sentence stems

- *I see...*

## Look for

- Students point.

## What comes next

Lunch.
"""
PARTS = """
## It looks like

- A student points.

## It sounds like

- *Because...*

## It feels like

- I am heard.

## What it is not

- It is not a show.

## Meanings people bring

- Some mean telling.
"""
NEVER = swap(SESSIONS, ",PRO_BOAT_TALK,", ",,")

BEGIN = all_of(
    swap(PLAN, ",KR_TUESDAYS,,", ",KR_TUESDAYS,PRO_BOAT_TALK,"), swap(PLAN, ",paused,", ",active,")
)
IDLE = all_of(NEVER, swap(PLAN, ",PRO_BOAT_TALK,", ",,"))

CASES = [
    case(
        "a part emptied, then written",
        swap(WORD, "- It is not a show.", "To be written."),
        swap(WORD, "To be written.", "It is no show."),
    ),
    case("a heading renamed", swap(WORD, "## What it is not", "## What we doubt")),
    case("a definition of three sentences", swap(WORD, "To say a", "Oh. My. To say a")),
    case("an action no longer counts", all_of(NEVER, swap(PLAN, ",active,", ",dropped,"))),
    case("an action begins to use a protocol", IDLE, BEGIN),
    case("a session runs it", IDLE, swap(SESSIONS, ",OBJ_TALK,,", ",OBJ_TALK,PRO_BOAT_TALK,")),
    case(
        "a path begins to link to it",
        all_of(
            write(
                "onboarding/first.md", "# New here\n\n{need}`PRO_BOAT_TALK`, {need}`EX_GULLS`.\n"
            ),
            swap("index.md", "learning/index\n", "learning/index\nonboarding/first\n"),
        ),
        all_of(
            remove("onboarding/first.md"),
            swap("index.md", "learning/index\nonboarding/first\n", "learning/index\n"),
        ),
    ),
    case("the year's learning names a word", add(LEARNING, "\nSay {need}`TERM_EXPLAIN`.\n")),
    case("the view is taken away", swap("progress/index.md", VIEW, "")),
]


@pytest.fixture(scope="module")
def sea_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small district with a whole word and protocol, the view, and its first build."""
    folder = tmp_path_factory.mktemp("sea")
    made = district(folder)
    made.append("progress/index.md", VIEW)
    made.append(WORD, PARTS)
    made.append(PROTOCOL, FORM)
    made.replace(PROTOCOL, ":minutes: 12\n", ":minutes: 12\n:group: all\n:bring: a picture\n")
    assert_fresh(made)
    assert level(made, "protocols/index.html") == "Embedded"
    return keep_as_built(folder)


@pytest.fixture
def sea(sea_once: Path) -> District:
    return as_built(sea_once)


@pytest.mark.parametrize("edits", CASES, ids=lambda each: each.name)
def test_levels_follow(sea: District, edits: Case) -> None:
    assert_each_fresh(edits, sea)


def level(made: District, page: str) -> str:
    text = (made.output / page).read_text(encoding="utf-8")
    found = re.search(r'aria-current="step">(\w+)', text)
    assert found
    return found[1]


def test_a_protocols_page_says_when_an_action_begins_to_use_it(sea: District) -> None:
    """The page itself is not edited: the plan of a school is."""
    IDLE(sea)
    sea.built()
    assert level(sea, "protocols/index.html") == "Named"
    BEGIN(sea)
    sea.built()
    assert level(sea, "protocols/index.html") == "Embedded"
