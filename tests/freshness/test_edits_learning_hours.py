"""Hours of learning after edits: built over what is there, as built afresh."""

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
    remove,
    setting,
    swap,
    there_and_back,
    write,
)
from tests.sites import SAMPLE

SESSIONS, SCHOOL, HOURS = "learning/sessions.csv", "schools/pier/index.md", "learning/hours.md"
OWN = "schools/pier/sessions.csv"
USES = ("logistics", "pacing", "strategies", "talk", "lessons")
PUBLISHED = ("reported-hours.csv", "reported-use.csv", "benchmarks.csv")
VIEWS = "# Hours\n\n:::{reported-hours}\n:::\n\n:::{learning-hours}\n:::\n\n:::{what-if}\n:::\n"
ROW = (
    "SES_PIER_1,Gulls,plc,2030-10-01,2,OBJ_TALK,PRO_BOAT_TALK,,ROLE_HEAD,STAGE_SET,teacher,"
    "2030-08-20,Feed them.,10,0,25,0,65\n"
)
LATER = (
    ROW.replace("SES_PIER_1", "SES_PIER_2")
    .replace("2030-10-01", "2030-12-03")
    .replace("10,0,25,0,65", ",,,,")
)


def head(made: District) -> str:
    first = made.read(SESSIONS).splitlines()[0]
    return f"{first},{','.join(f'time_{use}' for use in USES)}\n"


def published(name: str) -> str:
    return (SAMPLE / "learning" / name).read_text(encoding="utf-8")


CASES: tuple[Case, ...] = (
    case(
        "a school's own session",
        swap(OWN, "10,0,25,0,65", "5,0,20,0,75"),
        swap(OWN, ",plc,2030-10", ",coaching,2030-10"),
        swap(OWN, ",Gulls,", ",Herring gulls,"),
        add(OWN, LATER),
        swap(OWN, "2030-12-03,2", "2030-10-03,2"),
    ),
    case(
        "a session of the district",
        swap(SESSIONS, "teacher;family", "family"),
        swap(SESSIONS, ",SCH_PIER,", ",,"),
    ),
    there_and_back("a school's table taken away", remove(OWN)),
    case(
        "the published figures",
        swap("learning/reported-use.csv", "lessons,24,", "lessons,25,"),
        swap("learning/benchmarks.csv", "Institute,49,", "Institute,50,"),
    ),
    there_and_back("no published figures", *map(remove, (f"learning/{n}" for n in PUBLISHED[:1]))),
    case("the day", setting("manual_today", "2030-10-01"), setting("manual_today", "2030-10-02")),
    case(
        "the school year",
        swap("district.toml", '30-31"\nstarts = 2030-09-03', '30-31"\nstarts = 2030-09-01'),
    ),
    case(
        "the names of a school and an objective",
        swap(SCHOOL, "# Pier School", "# Goat School"),
        swap("vision/talk.md", "# Students talk", "# Students argue"),
    ),
    there_and_back("the ledger's page taken away", write(HOURS, "# Hours\n\nNothing.\n")),
)


@pytest.fixture(scope="module")
def built_with_hours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district with its hours and its first build, and a copy of all of it in `kept`."""
    folder = tmp_path_factory.mktemp("hours")
    made = district(folder)
    for name in PUBLISHED:
        made.write(f"learning/{name}", published(name))
    made.write(OWN, head(made) + ROW)
    made.write(HOURS, VIEWS)
    made.append("learning/index.md", "\n:::{toctree}\n:hidden:\nhours\n:::\n")
    made.append(SCHOOL, "\n## Learning\n\n:::{school-hours}\n:::\n\n:::{session-calendar}\n:::\n")
    assert assert_fresh(made).findings == ()
    return keep_as_built(folder)


@pytest.fixture
def with_hours(built_with_hours: Path) -> District:
    return as_built(built_with_hours)


@by_name(CASES)
def test_build_after_an_edit_equals_a_clean_one(edits: Case, with_hours: District) -> None:
    assert_each_fresh(edits, with_hours)
