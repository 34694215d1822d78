"""Briefs follow every edit of what they show, and go with their records."""

from __future__ import annotations

import pytest

from tests.freshness.site import District, assert_fresh
from tests.freshness.test_edits import (
    BLOCK,
    PROTOCOL,
    TOML,
    WORD,
    Case,
    add,
    all_of,
    case,
    everywhere,
    move,
    setting,
    swap,
    there_and_back,
)

PARTS = """
## Norms

- The boat waits for nobody.
- Say it to {need}`TERM_EXPLAIN`.

## Look for

- Students point.
"""
LIST = "\n:::{brief-list}\n:::\n"
STEPS = "".join(f":::{{step}} Go on {n}\n:minutes: 1\n\nWait.\n:::\n" for n in range(90))

CASES = [
    case("a step's words", swap(PROTOCOL, "Go round the boat.", "Go round the pier.")),
    case(
        "a step's title and minutes",
        all_of(
            swap(PROTOCOL, "Say one thing", "Say two things"),
            swap(PROTOCOL, ":minutes: 12", ":minutes: 13"),
            swap(PROTOCOL, ":minutes: 8", ":minutes: 9"),
        ),
    ),
    case("a part", add(PROTOCOL, PARTS), swap(PROTOCOL, "- Students point.", "- Students sing.")),
    case(
        "the title of a record that a part names",
        add(PROTOCOL, PARTS),
        swap(WORD, "# To explain", "# To say why"),
    ),
    case("the day it was reviewed", swap(PROTOCOL, "2030-08-20", "2030-08-21")),
    case("the id, and so the file", everywhere("PRO_BOAT_TALK", "PRO_FERRY_TALK")),
    case(
        "a word more, and gone again",
        add(WORD, BLOCK % ("To wonder", "TERM_WONDER", "To ask first.")),
        lambda made: made.without_record(WORD, "TERM_WONDER"),
    ),
    there_and_back("its page moved", move(WORD, "glossary/explain.md")),
    case("the district's address", swap(TOML, "tern-rock.example", "tern-rock.test")),
    case("no address", swap(TOML, "https://tern-rock.example/handbook/", "")),
    case("the paper", add(TOML, '\n[briefs]\npaper = "a4"\n'), swap(TOML, '"a4"', '"letter"')),
    case("the day it is built on", setting("manual_today", "2030-11-20")),
    there_and_back("letters that no face has", swap(WORD, "To say a reason", "To say 🐟")),
    there_and_back(
        "more than a sheet holds",
        all_of(
            swap(PROTOCOL, "Go round the boat.\n:::\n", f"Go round the boat.\n:::\n{STEPS}"),
            swap(PROTOCOL, ":minutes: 12", ":minutes: 102"),
        ),
    ),
    case(
        "the list of briefs",
        add("exemplars/index.md", LIST),
        swap(PROTOCOL, "# Boat talk", "# Ferry talk"),
        add(WORD, BLOCK % ("To wonder", "TERM_WONDER", "To ask first.")),
        swap("exemplars/index.md", LIST, ""),
    ),
]


@pytest.mark.parametrize("edits", CASES, ids=[each.name.replace(" ", "_") for each in CASES])
def test_briefs_after_an_edit_are_as_in_a_clean_build(edits: Case, built: District) -> None:
    for edit in edits.edits:
        edit(built)
        outcome = assert_fresh(built)
        assert outcome.stopped or any(name.startswith("briefs/") for name in outcome.files)
