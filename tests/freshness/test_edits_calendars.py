"""Calendar files and the assessment calendar after edits: as built afresh."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freshness.conftest import as_built, keep_as_built
from tests.freshness.site import District, assert_fresh, district
from tests.freshness.test_edits import (
    LEARNING,
    SCHOOL,
    SESSIONS,
    TOML,
    VISION,
    Case,
    add,
    all_of,
    assert_each_fresh,
    by_name,
    case,
    remove,
    setting,
    swap,
)

TABLE = "learning/assessments.csv"
HEAD = "id,title,grade,period,date,informs,analysed_in,owner,stage,audiences,reviewed,notes,short\n"
ROW = "ASM_%s,%s,Grade 2,%d,%s,KR_EXPLAIN,SES_OPENING,ROLE_HEAD,STAGE_SET,teacher,2030-08-20,,\n"
SESSION = "SES_%s,A talk,plc,%s,1,OBJ_TALK,,%s,ROLE_HEAD,STAGE_SET,teacher,2030-08-20,,%s,\n"
CALENDAR = "\n:::{assessment-calendar}\n:::\n"
GRADES = '\n[assessments]\ngrades = ["Grade 2", "Grade 3"]\n'


def with_calendars(made: District) -> None:
    """A table of assessments, its calendar, and sessions that say when they begin."""
    made.append(LEARNING, CALENDAR)
    made.write(TABLE, HEAD + ROW % ("SHELLS", "Shells", 2, "2031-03-04"))
    made.write(
        SESSIONS,
        made.read(SESSIONS)
        .replace(",notes\n", ",notes,begins,place\n")
        .replace("Bring a hat.\n", "Bring a hat.,09:00,\n")
        + SESSION % ("TALK", "2030-12-01", "", "15:30"),
    )
    made.append(TOML, GRADES)


CASES: tuple[Case, ...] = (
    case(
        "when and where a session is",
        all_of(swap(SESSIONS, "15:30,", "16:00,The pier"), swap(SESSIONS, "12-01", "12-02")),
        swap(SESSIONS, "16:00", ""),
    ),
    case(
        "whose session it is: files of roles and schools come and go",
        swap(SESSIONS, "OBJ_TALK,,,ROLE_HEAD", "OBJ_TALK,,SCH_PIER,ROLE_FERRY"),
    ),
    case(
        "the address and the zone of the site",
        all_of(
            swap(TOML, "https://tern-rock.example/handbook/", ""),
            swap(TOML, "America/St_Johns", "Asia/Kolkata"),
        ),
    ),
    case(
        "an assessment in the table",
        swap(TABLE, "2031-03-04", "2030-09-04"),
        all_of(
            swap(TABLE, "Grade 2,2", "Grade 3,2"),
            add(TABLE, ROW % ("GULLS", "Gulls", 1, "")),
        ),
    ),
    case("the table gone", remove(TABLE)),
    case("no calendar of assessments", swap(LEARNING, CALENDAR, "")),
    case(
        "what the district asks for",
        all_of(
            swap(TOML, '"Grade 2", "Grade 3"', '"Grade 3", "Robotics"'),
            swap(TOML, "review_months = 18", "review_months = 18\nanalysis_days = 1"),
        ),
        swap(TOML, "2031-01-31", "2030-12-31"),
    ),
    case("the day", setting("manual_today", "2031-02-10")),
    case(
        "names of a role and a school, which name calendars",
        all_of(
            swap(VISION, "{role} Head of school", "{role} Head"),
            swap(SCHOOL, "# Pier School", "# Goat School"),
        ),
    ),
)


@pytest.fixture(scope="module")
def built_with_calendars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district with calendars and its first build, and a copy of all of it in `kept`."""
    folder = tmp_path_factory.mktemp("calendars")
    made = district(folder)
    with_calendars(made)
    assert assert_fresh(made).findings == ()
    return keep_as_built(folder)


@by_name(CASES)
def test_build_after_an_edit_equals_a_clean_one(edits: Case, built_with_calendars: Path) -> None:
    assert_each_fresh(edits, as_built(built_with_calendars))


def test_files_come_and_go_with_what_they_hold(built_with_calendars: Path) -> None:
    made = as_built(built_with_calendars)

    def names() -> set[str]:
        return {path.stem for path in (made.output / "calendar").iterdir()}

    before = names()
    assert "sch-pier-role-head" in before
    made.replace(SESSIONS, "SCH_PIER,ROLE_HEAD", ",ROLE_HEAD")
    made.built()
    assert before - names() == {"sch-pier-role-head"}
