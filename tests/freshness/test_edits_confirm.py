"""What is to be confirmed, after edits: built over what is there, as built afresh."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freshness.conftest import as_built, keep_as_built
from tests.freshness.site import District, assert_fresh, district
from tests.freshness.test_edits import (
    Case,
    Edit,
    add,
    all_of,
    assert_each_fresh,
    by_name,
    case,
    everywhere,
    move,
    remove,
    swap,
    there_and_back,
)
from tests.sites import KIT, TODAY, manual

TALK, PLAN, SCHOOL = "vision/talk.md", "schools/pier/plan.csv", "schools/pier/index.md"
SESSIONS, LEDGER, LIST = "learning/sessions.csv", "progress/wordings.csv", "progress/index.md"
WORD, PROTOCOL = "glossary/index.md", "protocols/index.md"
VIEW = "\n:::{to-confirm}\n:::\n"
OBJECTIVE = swap(TALK, "Students say what they think", "Students say what they mean")
RESULT = swap(TALK, "Asked on Fridays.", "Asked each Friday.")


def confirm(*words: str) -> Edit:
    """What the command writes."""

    def edit(made: District) -> None:
        said = manual("confirm", *words, "--kit", KIT, "--source", made.root, "--today", TODAY)
        assert said.code == 0, said.out + said.err

    return edit


CASES: tuple[Case, ...] = (
    case(
        "the wording of an objective, and each who confirms it",
        OBJECTIVE,
        confirm("KR_EXPLAIN"),
        confirm("KR_TUESDAYS"),
        confirm("SES_OPENING"),
    ),
    case(
        "the wording of a key result, and its actions in a table and a page",
        RESULT,
        confirm("ACT_PIER_01"),
        confirm("ACT_PIER_02"),
        swap(PLAN, "KR_EXPLAIN@", "KR_TUESDAYS@"),
    ),
    case(
        "a word and a step",
        swap(WORD, "doubt or add to", "doubt"),
        swap(PROTOCOL, "{step} Say one thing", "{step} Name one thing"),
    ),
    case(
        "the place of what is marked",
        RESULT,
        swap(SCHOOL, "## What we do\n", "## What we do\n\nThis.\n"),
        swap(PLAN, "evidence,notes\n", "evidence,notes\n,,,,,,,,,,,,\n"),
        swap("vision/index.md", "{role} Head of school", "{role} Head"),
        swap(SCHOOL, "# Pier School", "# Goat School"),
    ),
    there_and_back(
        "the page of what has changed is moved",
        all_of(
            RESULT,
            move(TALK, "vision/why.md"),
            swap("vision/index.md", "\ntalk\n", "\nwhy\n"),
            swap("guide/index.md", "[](../vision/talk.md)", "[](../vision/why.md)"),
            swap("guide/index.md", "(../vision/talk.md#key", "(../vision/why.md#key"),
        ),
    ),
    there_and_back("an id", all_of(RESULT, everywhere("KR_EXPLAIN", "KR_REASONS"))),
    case(
        "what is agreed",
        OBJECTIVE,
        swap(LEDGER, "OBJ_TALK,", "OBJ_TALC,"),
        swap(LEDGER, "OBJ_TALC,", "OBJ_TALK,"),
        confirm("OBJ_TALK", "--typo"),
        remove(LEDGER),
    ),
    there_and_back(
        "the owner says that it means the same",
        all_of(
            OBJECTIVE,
            lambda made: made.replace(
                TALK, ":id: OBJ_TALK\n", f":id: OBJ_TALK\n:confirmed: OBJ_TALK@{_now(made)}\n"
            ),
        ),
    ),
    there_and_back("no list", all_of(RESULT, swap(LIST, VIEW, ""))),
    case(
        "one who depends on it more",
        OBJECTIVE,
        add(
            SESSIONS,
            "SES_MORE,More boats,plc,2030-12-01,1,OBJ_TALK,,,ROLE_HEAD,STAGE_SET,teacher,"
            "2030-08-20,\n",
        ),
        swap(TALK, ":measures: OBJ_TALK\n:measure: implementation", ":measure: implementation"),
    ),
)


def _now(made: District) -> str:
    """The eight letters of the objective's wording as it is, from what the last build said."""
    said = manual(
        *("confirm", "--list", "--kit", KIT, "--source", made.root, "--today", TODAY),
    )
    return said.out.split("OBJ_TALK@", 1)[1][:8]


@pytest.fixture(scope="module")
def built_and_kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district with its wordings kept and its first build, and a copy of all in `kept`."""
    folder = tmp_path_factory.mktemp("confirm")
    made = district(folder)
    made.append(LIST, VIEW)
    confirm("--keep")(made)
    assert assert_fresh(made).findings == ()
    return keep_as_built(folder)


@by_name(CASES)
def test_build_after_an_edit_equals_a_clean_one(edits: Case, built_and_kept: Path) -> None:
    made = as_built(built_and_kept)
    assert_each_fresh(edits, made)


def test_the_list_and_its_files_are_there_while_something_is_open(built_and_kept: Path) -> None:
    made = as_built(built_and_kept)
    RESULT(made)
    files = made.built().files
    assert {name for name in files if "to-confirm" in name} == {
        *(f"data/to-confirm.{ending}" for ending in ("csv", "json", "xlsx"))
    }
    assert files["data/to-confirm.csv"].count(b"\n") == 4
    confirm("KR_EXPLAIN", "--typo")(made)
    assert not [name for name in made.built().files if "to-confirm" in name]
