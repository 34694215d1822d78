"""The files for other programs after edits: built over what is there, as built afresh."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freshness.conftest import as_built, keep_as_built
from tests.freshness.site import District, assert_fresh, district
from tests.freshness.test_edits import (
    BLOCK,
    PLAN,
    PROTOCOL,
    SCHOOL,
    TOML,
    WORD,
    Case,
    add,
    all_of,
    assert_each_fresh,
    by_name,
    case,
    everywhere,
    remove,
    setting,
    swap,
    there_and_back,
)

PAGE = "guide/files.md"
FILES = ("needs.json", "needs-model.toml", "records.reqifz", "records.xlsx", "objects.inv")
EXPLAIN = ":id: TERM_EXPLAIN\n"
TEXT = "# Files\n\n:::{record-files}\n:::\n\n:::{record-links}\n:::\n"
#: Words that make the workbook a kilobyte larger: its size on the page changes.
MANY = " ".join(f"{n * n:x}" for n in range(600))

CASES: tuple[Case, ...] = (
    case(
        "what records say",
        all_of(
            swap(PLAN, "Boat talk on Fridays", "Boat talk on Mondays"),
            swap(SCHOOL, "Thirty-one", f"{MANY} Thirty-one"),
            swap(SCHOOL, ":led_by: ROLE_HEAD", ":led_by: ROLE_FERRY"),
        ),
        swap(SCHOOL, ":reviewed: 2030-08-20", ":reviewed: 2030-08-21"),
    ),
    case(
        "the first step that the page names",
        swap(PROTOCOL, "Look at the picture", "Look long"),
        swap(PROTOCOL, ":minutes: 4\n", ":minutes: 4\n:anchor: look-at-it\n"),
    ),
    there_and_back("no steps", swap(PROTOCOL, "::::{steps}", "::::{note}")),
    case(
        "ids and words",
        all_of(
            everywhere("PRO_BOAT_TALK", "PRO_GULL_TALK"),
            add(WORD, BLOCK % ("Aye", "TERM_AYE", "Yes.")),
        ),
        swap(WORD, EXPLAIN, f"{EXPLAIN}:also: say why\n"),
    ),
    case(
        "the district",
        swap(TOML, "https://tern-rock.example/handbook/", ""),
        swap(TOML, 'name = "2030-31"', 'name = "2030/31"'),
    ),
    case("the day", setting("manual_today", "2030-10-16")),
    there_and_back("the page gone", remove(PAGE)),
    case("the page without its blocks", swap(PAGE, ":::{record-files}\n:::\n", "")),
)


@pytest.fixture(scope="module")
def built_with_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district with a page that tells of the files, and its first build, kept in `kept`."""
    folder = tmp_path_factory.mktemp("files")
    made = district(folder)
    made.write(PAGE, TEXT)
    made.replace("guide/index.md", "second-week\n", "second-week\nfiles\n")
    first = assert_fresh(made)
    assert first.findings == ()
    assert set(FILES) <= set(first.files)
    return keep_as_built(folder)


@pytest.fixture
def with_files(built_with_files: Path) -> District:
    return as_built(built_with_files)


@by_name(CASES)
def test_build_after_an_edit_equals_a_clean_one(edits: Case, with_files: District) -> None:
    assert_each_fresh(edits, with_files)


def test_the_page_says_the_size_that_a_file_has(with_files: District) -> None:
    before = assert_fresh(with_files).files
    swap(SCHOOL, "Thirty-one", f"{MANY} Thirty-one")(with_files)
    after = assert_fresh(with_files).files
    for files in (before, after):
        for name in FILES[:4]:
            size = f"<code>{name}</code>, {max(1, round(len(files[name]) / 1000))} KB"
            assert size in files["guide/files.html"].decode()
    assert before["guide/files.html"] != after["guide/files.html"]
