"""After each class of edit an incremental build is byte for byte what a clean build gives.

A case is a list of edits of the small district in `site.py`; each is followed by a build over what
is there and by a clean one. Steps that break the manual have to give the same findings as well.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest

from tests.freshness.site import District, assert_fresh

Edit = Callable[[District], None]

VISION, TALK, WORD = "vision/index.md", "vision/talk.md", "glossary/index.md"
PROTOCOL, LEARNING = "protocols/index.md", "learning/index.md"
SCHOOL, PLAN = "schools/pier/index.md", "schools/pier/plan.csv"
SESSIONS, TOML = "learning/sessions.csv", "district.toml"
GUIDE, FIRST, SECOND = "guide/index.md", "guide/first-week.md", "guide/second-week.md"


@dataclass(frozen=True)
class Case:
    """Edits with a name."""

    name: str
    edits: tuple[Edit, ...]


def case(name: str, *edits: Edit) -> Case:
    return Case(name, edits)


def swap(file: str, old: str, new: str) -> Edit:
    """Replace words that stand there once."""
    return lambda made: made.replace(file, old, new)


def all_of(*edits: Edit) -> Edit:
    def edit(made: District) -> None:
        for each in edits:
            each(made)

    return edit


def everywhere(old: str, new: str) -> Edit:
    """Replace words in every page and table."""

    def edit(made: District) -> None:
        for path in made.root.rglob("*"):
            if path.suffix in (".md", ".csv", ".toml"):
                text = path.read_text(encoding="utf-8")
                path.write_text(text.replace(old, new), encoding="utf-8")

    return edit


def add(file: str, text: str) -> Edit:
    return lambda made: made.append(file, text)


def write(file: str, text: str) -> Edit:
    return lambda made: made.write(file, text)


def remove(*files: str) -> Edit:
    return all_of(*(lambda made, f=file: made.remove(f) for file in files))


def move(old: str, new: str) -> Edit:
    return lambda made: made.move(old, new)


def paint(file: str, shade: int) -> Edit:
    return lambda made: made.paint(file, shade)


def old_time(file: str, edit: Edit) -> Edit:
    """The edit, with the file's time put back."""
    return lambda made: made.with_old_time(file, lambda: edit(made))


def setting(name: str, value: str) -> Edit:
    """A setting of Sphinx's as `-D` gives it."""
    return lambda made: made.settings.update({name: value})


def new_school(made: District) -> None:
    """One more school, Rock, beside Pier and like it; without a plan of its own."""
    page = made.read(SCHOOL).replace("PIER", "ROCK").replace("Pier", "Rock")
    made.write("schools/rock/index.md", page)
    made.replace("schools/index.md", "pier/index\n", "pier/index\nrock/index\n")


def there_and_back(name: str, edit: Edit) -> Case:
    """An edit that is taken back afterwards, folder and all."""

    def keep(made: District) -> None:
        shutil.rmtree(made.root.parent / "before", ignore_errors=True)
        shutil.copytree(made.root, made.root.parent / "before")
        edit(made)

    def back(made: District) -> None:
        shutil.rmtree(made.root)
        (made.root.parent / "before").rename(made.root)

    return case(name, keep, back)


BLOCK = """
:::{term} %s
:id: %s
:owner: ROLE_HEAD
:stage: STAGE_SET
:audiences: teacher
:reviewed: 2030-08-20

%s
:::
"""
WONDER = BLOCK % ("To wonder", "TERM_WONDER", "To ask before anybody answers.")
ROW = "ACT_PIER_04,Count the gulls,KR_EXPLAIN,PRO_BOAT_TALK,ROLE_HEAD,,planned,,,,,,\n"
THIRD_WEEK = "# The third week\n\nSee {need}`TERM_EXPLAIN`.\n"


def latin_1(file: str, old: str, new: str) -> Edit:
    return lambda made: made.latin_1(file, old, new)


TITLES = [
    case("title of a page that is a record", swap(TALK, "# Students talk", "# Children talk")),
    case(
        "title of a record within a page", swap(TALK, "table meets every", "Tuesday table meets on")
    ),
    case("title of a row", swap(PLAN, "Boat talk on Fridays", "Boat talk on Mondays")),
    case("title of a page that is no record", swap(FIRST, "# The first week", "# Week one")),
    case("title of a page above others", swap("schools/index.md", "# Schools", "# Our school")),
    case(
        "title of a page without record that names a record",
        swap(SECOND, "{ref}", "{need}`TERM_EXPLAIN`, {ref}"),
        swap(SECOND, "# The second week", "# Week two"),
    ),
    case("title of a role", swap(VISION, "{role} Head of school", "{role} Principal")),
    case("title of a session", swap(SESSIONS, "Opening day, on the pier", "First day")),
    case("title of the first page", swap("index.md", "# Mathematics on", "# Maths on")),
]
STATUS = [
    case("status in a table", swap(PLAN, "ROLE_FERRY,active", "ROLE_FERRY,done")),
    case("status in a page", swap(SCHOOL, ":status: planned", ":status: dropped")),
    case("status of a role", swap(VISION, ":status: vacant", ":status: filled")),
    there_and_back("status that no school uses", swap(PLAN, ",active,", ",nearly,")),
]
LINKS = [
    case("another target in a table", swap(PLAN, ",KR_TUESDAYS,", ",KR_EXPLAIN,")),
    case("another target in a page", swap(SCHOOL, ":advances: KR_EXPLAIN", ":advances: OBJ_TALK")),
    case("one more target", swap(PLAN, "KR_EXPLAIN,PRO", "KR_EXPLAIN;KR_TUESDAYS,PRO")),
    case("a link taken away", swap(PROTOCOL, ":develops: TERM_EXPLAIN\n", "")),
    case("a link in prose", swap(FIRST, "Wave.", "Wave, and {need}`PRO_BOAT_TALK`.")),
    case("a link in prose taken away", swap(GUIDE, ", then {need}`PRO_BOAT_TALK`", "")),
    there_and_back("a link to nothing", swap(PLAN, ",PRO_BOAT_TALK,", ",PRO_FERRY_TALK,")),
    there_and_back("a link of prose to nothing", swap(GUIDE, "`TERM_EXPLAIN`", "`TERM_GONE`")),
    there_and_back("a link of prose to no page", swap(SECOND, "schools/pier/", "schools/quay/")),
]
IDS = [
    case("id of a word", everywhere("TERM_EXPLAIN", "TERM_SAY_WHY")),
    case("id of a row", swap(PLAN, "ACT_PIER_03", "ACT_PIER_09")),
    case("id of a school", everywhere("SCH_PIER", "SCH_QUAY")),
    there_and_back("id changed where it stands only", swap(WORD, ":id: TERM_", ":id: TERM_TO_")),
    there_and_back("id used twice", swap(PLAN, "ACT_PIER_03", "ACT_PIER_02")),
    there_and_back(
        "id used on an earlier page too",
        add("exemplars/index.md", BLOCK % ("X", "TERM_EXPLAIN", "Y")),
    ),
    there_and_back(
        "id used on a later page too", add(LEARNING, BLOCK % ("X", "TERM_EXPLAIN", "Y"))
    ),
    there_and_back("no id", swap(WORD, ":id: TERM_EXPLAIN\n", "")),
]
DELETIONS = [
    case("a record", lambda made: made.without_record(LEARNING, "DEC_TUESDAYS")),
    case("a row", lambda made: made.write(PLAN, re.sub("ACT_PIER_03.*\n", "", made.read(PLAN)))),
    case(
        "a page and what names it",
        all_of(remove(SECOND), swap(GUIDE, "second-week\n", ""), write("guide/hint.txt", "Hm.\n")),
    ),
    there_and_back("a page that is still named", remove(SECOND)),
    there_and_back("a page that holds records", remove("exemplars/index.md")),
    there_and_back("a page that links go to", remove(TALK)),
    case("a folder", lambda made: shutil.rmtree(made.root / "guide")),
    case(
        "all views of a page",
        lambda made: made.write("progress/index.md", "# Progress\n\nNothing yet.\n"),
    ),
]
ADDITIONS = [
    case("a record", add(WORD, WONDER)),
    case("a row", add(PLAN, ROW)),
    case(
        "a page",
        all_of(
            write("guide/third-week.md", THIRD_WEEK),
            swap(GUIDE, "second-week\n", "second-week\nthird-week\n"),
        ),
    ),
    case("a page that no list names", write("guide/third-week.md", THIRD_WEEK)),
    case(
        "a page that a list named before",
        swap(GUIDE, "second-week\n", "second-week\nthird-week\n"),
        write("guide/third-week.md", THIRD_WEEK),
    ),
    case(
        "a page that a link named before",
        swap(FIRST, "Wave.", "See [](third-week.md)."),
        write("guide/third-week.md", THIRD_WEEK),
        swap(GUIDE, "second-week\n", "second-week\nthird-week\n"),
    ),
    case(
        "a page that a pattern names",
        swap(GUIDE, ":maxdepth: 2\nfirst-week\nsecond-week\n", ":glob:\n*-week\n"),
        write("guide/third-week.md", THIRD_WEEK),
        remove("guide/third-week.md"),
    ),
    case("a view", add(SECOND, "\n:::{chain} OBJ_TALK\n:::\n")),
    case(
        "a room",
        remove("progress/index.md"),
        all_of(
            write("progress/index.md", "# Progress\n\n:::{gaps}\n:::\n"),
        ),
    ),
]
MOVES = [
    case(
        "a page",
        all_of(
            move(SECOND, "learning/second-week.md"),
            paint("learning/more/boat.png", 20),
            swap("learning/second-week.md", "../schools", "../schools"),
            swap(GUIDE, "second-week\n", "/learning/second-week\n"),
            swap("guide/hint.txt", "second-week.md", "../learning/second-week.md"),
        ),
    ),
    case(
        "a page renamed",
        all_of(
            move(TALK, "vision/talking.md"),
            swap(VISION, "\ntalk\n", "\ntalking\n"),
            swap(GUIDE, "[](../vision/talk.md) ", "[](../vision/talking.md) "),
            swap(GUIDE, "talk.md#", "talking.md#"),
        ),
    ),
    there_and_back("a page renamed, and nothing else", move(TALK, "vision/talking.md")),
    there_and_back(
        "a school's folder",
        all_of(
            move("schools/pier", "schools/quay"),
            swap("schools/index.md", "pier/index", "quay/index"),
            swap("index.md", "schools/pier", "schools/quay"),
            swap(SECOND, "schools/pier", "schools/quay"),
        ),
    ),
    there_and_back(
        "a record to an earlier page",
        all_of(
            lambda made: made.without_record(LEARNING, "DEC_TUESDAYS"),
            add(
                "exemplars/index.md",
                "\n:::{decision} Tuesdays stay free\n:id: DEC_TUESDAYS\n:owner: ROLE_HEAD\n"
                ":stage: STAGE_SET\n:reviewed: 2030-08-20\n:affects: OBJ_TALK\n\nSo be it.\n:::\n",
            ),
        ),
    ),
    there_and_back(
        "a record to a later page",
        all_of(
            swap(LEARNING, ":id: DEC_TUESDAYS", ":id: DEC_WEDNESDAYS"),
            add(
                "vision/talk.md",
                "\n:::{decision} Tuesdays stay free\n:id: DEC_TUESDAYS\n:owner: ROLE_HEAD\n"
                ":stage: STAGE_SET\n:reviewed: 2030-08-20\n:affects: OBJ_TALK\n\nSo be it.\n:::\n",
            ),
        ),
    ),
    case("a row, up", lambda made: made.write(PLAN, _rows_turned(made.read(PLAN)))),
    case("a picture", all_of(move("guide/pictures", "guide/p"), swap(FIRST, "pictures/", "p/"))),
]


def _rows_turned(text: str) -> str:
    header, *rows = text.splitlines(keepends=True)
    return "".join([header, *reversed(rows)])


WORDS = [
    case("what a word means", swap(WORD, "To say a reason", "To give a reason")),
    case("the word itself", swap(WORD, "# To explain", "# To say why")),
    case("a list's word, with what names it", everywhere("Tide", "Ebb")),
    there_and_back("a list's word, where it stands only", swap(GUIDE, "\nTide\n", "\nEbb\n")),
    case("what a list's word means", swap(GUIDE, ": Water that comes", ": The sea that comes")),
]
LISTS = [
    case("order", swap(GUIDE, "first-week\nsecond-week\n", "second-week\nfirst-week\n")),
    case("depth", swap(GUIDE, ":maxdepth: 2", ":maxdepth: 1")),
    case("hidden", swap(GUIDE, ":maxdepth: 2", ":hidden:")),
    case("numbered", swap(GUIDE, ":maxdepth: 2", ":numbered:"), swap(GUIDE, ":numbered:\n", "")),
    case("another title in the list", swap(GUIDE, "\nfirst-week\n", "\nBegin <first-week>\n")),
    there_and_back("an entry taken away", swap(GUIDE, "second-week\n", "")),
    case(
        "order of the rooms, and so of the records",
        swap("index.md", "vision/index\nglossary/index\n", "glossary/index\nvision/index\n"),
    ),
]
HEADINGS = [
    case("that another page names", swap(TALK, "## Key results", "## How we know")),
    there_and_back("that another page's link needs", swap(TALK, "## Key results", "## Signs")),
    case("behind a label", swap(FIRST, "## Where to begin", "## Begin here")),
    case("deep in a list of pages", swap(FIRST, "### On the pier", "### On the quay")),
    case("one more", add(FIRST, "\n## Where to end\n\nHere.\n")),
    case("one more above", swap(FIRST, "(start-here)=", "## Before\n\nSleep.\n\n(start-here)=")),
    case("level", swap(FIRST, "### On the pier", "## On the pier")),
    case("in code", swap(FIRST, "# The first week", "# The *first* `week`")),
    there_and_back("label taken away", swap(FIRST, "(start-here)=\n", "")),
    there_and_back("label twice", add(SECOND, "\n(start-here)=\n## Again\n\nYes.\n")),
    there_and_back(
        "label on another page",
        all_of(swap(FIRST, "(start-here)=\n", ""), add(SECOND, "\n(start-here)=\n## So\n\nYes.\n")),
    ),
    there_and_back("skipped level", swap(FIRST, "## Where", "#### Where")),
]
MEDIA = [
    case("a picture", paint("guide/pictures/boat.png", 99)),
    case(
        "a picture with its old time",
        old_time("guide/pictures/boat.png", paint("guide/pictures/boat.png", 99)),
    ),
    there_and_back("a picture gone", remove("guide/pictures/boat.png")),
    case("a picture no longer shown", swap(FIRST, "![A boat](pictures/boat.png)", "No boat.")),
    case(
        "one more picture of the same name, named before the others",
        all_of(
            paint("exemplars/boat.png", 30), add("exemplars/index.md", "\n![A boat](boat.png)\n")
        ),
        swap("exemplars/index.md", "![A boat](boat.png)", "No boat."),
    ),
    case(
        "another page shows the picture",
        add(SECOND, "\n![A boat](pictures/boat.png)\n"),
        swap(FIRST, "![A boat](pictures/boat.png)", "No boat."),
    ),
    case(
        "a picture in another form",
        swap(FIRST, "pictures/boat.png", "pictures/boat.*"),
        all_of(
            remove("guide/pictures/boat.png"),
            write("guide/pictures/boat.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>\n'),
        ),
    ),
    case("a file to take along", write("guide/files/list.txt", "2 umbrellas\n")),
    case(
        "a file to take along with its old time",
        old_time("guide/files/list.txt", write("guide/files/list.txt", "2 umbrella\n")),
    ),
    case("a file no longer offered", swap(FIRST, "{download}`list <files/list.txt>`", "list")),
    there_and_back("a file gone", remove("guide/files/list.txt")),
    case("a text within a page", write("guide/hint.txt", "Bring a hat.\n")),
    case(
        "a text within a page with its old time",
        old_time("guide/hint.txt", swap("guide/hint.txt", "umbrella", "umbrellb")),
    ),
    case("a page with its old time", old_time(FIRST, swap(FIRST, "Wave.", "Bow..."))),
    case(
        "a page with a time of long ago",
        all_of(swap(FIRST, "Wave.", "Bow."), lambda made: _age(made, FIRST)),
    ),
    case("a table with its old time", old_time(PLAN, swap(PLAN, "on Fridays", "on Mondays"))),
]


def _age(made: District, file: str) -> None:
    import os

    os.utime(made.root / file, (1_000_000_000, 1_000_000_000))


TABLES = [
    case("a cell", swap(PLAN, "A tally on the ferry door", "A tally on the school door")),
    case("no row left", lambda made: made.write(PLAN, made.read(PLAN).split("\n")[0] + "\n")),
    there_and_back("table taken away", remove(PLAN)),
    there_and_back("sessions taken away", remove(SESSIONS)),
    there_and_back("column misspelt", swap(PLAN, "look_for", "lookfor")),
    there_and_back("row too short", add(PLAN, "ACT_PIER_05,Too short\n")),
    there_and_back("bad date", swap(PLAN, "2030-09-06", "2030-02-30")),
    there_and_back("not UTF-8", latin_1(PLAN, "no phones", "no café")),
    there_and_back("a second table that no page shows", write("vision/plan.csv", "id,title\n")),
    case("line ends", lambda made: made.write(PLAN, made.read(PLAN).replace("\n", "\r\n"))),
    case("a session's day", swap(SESSIONS, "2030-09-02", "2030-10-22")),
]
SETTINGS = [
    case("name", swap(TOML, 'short_name = "Tern Rock"', 'short_name = "Tern Island"')),
    case("note", swap(TOML, "nobody sails alone", "everybody sails")),
    case("colour", swap(TOML, "#5B2A86", "#1B5E20")),
    case("address", swap(TOML, "tern-rock.example", "tern-rock.test")),
    case(
        "language and back",
        swap(TOML, 'language = "en"', 'language = "fr"'),
        swap(TOML, 'language = "fr"', 'language = "en"'),
    ),
    case("thresholds", swap(TOML, "review_months = 18", "review_months = 1")),
    case("day actions are due", swap(TOML, "2030-11-01", "2030-10-01")),
    case("school year", swap(TOML, 'name = "2030-31"', 'name = "The year"')),
    case(
        "with its old time",
        old_time(TOML, swap(TOML, "Tern Rock is made up", "Tern Rock is made ap")),
    ),
    there_and_back("unknown key", swap(TOML, "review_months", "review_month")),
    there_and_back("broken", swap(TOML, "[look]", "[look")),
    there_and_back("gone", remove(TOML)),
]
CONFIGURATION = [
    case("the day", setting("manual_today", "2030-11-20")),
    case("release label", setting("manual_release", "abc1234")),
    case("permalinks", setting("html_permalinks_icon", "§")),
    case("depth of anchors", setting("myst_heading_anchors", "1")),
    case("excluded pages", setting("exclude_patterns", "guide/second-week.md")),
    case("numbered figures", setting("numfig", "1")),
]
SEARCH = [
    case(
        "words of a page that is gone",
        setting("manual_search", "sphinx"),
        all_of(remove(SECOND), swap(GUIDE, "second-week\n", ""), write("guide/hint.txt", "Hm.\n")),
    ),
    case(
        "words of a page that has moved",
        setting("manual_search", "sphinx"),
        all_of(move(FIRST, "guide/week-one.md"), swap(GUIDE, "first-week\n", "week-one\n")),
    ),
    case(
        "another engine and back",
        setting("manual_search", "sphinx"),
        setting("manual_search", "pagefind"),
    ),
    case(
        "language of the index",
        setting("manual_search", "sphinx"),
        swap(TOML, 'language = "en"', 'language = "fr"'),
    ),
]
UNREADABLE = [
    there_and_back("a page with a record", latin_1(WORD, "a reason that", "a raison d'être that")),
    there_and_back("a page of prose", latin_1(SECOND, "this one", "celle-là, là")),
    there_and_back("a NUL byte", swap(SECOND, "this one", "this\0one")),
]
BROKEN = [
    there_and_back("unknown block", add(FIRST, "\n:::{nothing}\n:::\n")),
    there_and_back("unknown option", swap(WORD, ":aligns_with:", ":aligns:")),
    there_and_back("unclosed block", swap(WORD, "add to.\n:::\n", "add to.\n")),
    there_and_back("view of nothing", swap(TALK, "{chain} OBJ_TALK", "{chain} OBJ_WALK")),
    there_and_back("text within a page gone", remove("guide/hint.txt")),
]
FOREIGN = [
    case(
        "a table of needs",
        add(SECOND, "\n:::{needtable}\n:types: term, protocol\n:columns: id;title;status\n:::\n"),
        swap(WORD, "# To explain", "# To say why"),
        add("exemplars/index.md", WONDER),
        add(PROTOCOL, BLOCK % ("To ask", "TERM_ASK", "To want to know.")),
        swap("exemplars/index.md", "To wonder", "To wonder aloud"),
    ),
    case(
        "a list of needs",
        add(SECOND, "\n:::{needlist}\n:types: term\n:::\n"),
        add(PROTOCOL, BLOCK % ("To ask", "TERM_ASK", "To want to know.")),
        add("exemplars/index.md", WONDER),
        swap("exemplars/index.md", "To wonder", "To wonder aloud"),
    ),
    case(
        "a count of needs",
        add(SECOND, "\nThere are {need_count}`type=='term'` words.\n"),
        add(WORD, WONDER),
    ),
]

GROUPS = {
    "title": TITLES,
    "status": STATUS,
    "link": LINKS,
    "id": IDS,
    "deleted": DELETIONS,
    "added": ADDITIONS,
    "moved": MOVES,
    "word": WORDS,
    "list": LISTS,
    "heading": HEADINGS,
    "media": MEDIA,
    "table": TABLES,
    "setting": SETTINGS,
    "configuration": CONFIGURATION,
    "search": SEARCH,
    "unreadable": UNREADABLE,
    "broken": BROKEN,
    "sphinx-needs": FOREIGN,
}
CASES = [
    pytest.param(each, id=f"{group}-{each.name.replace(' ', '_')}")
    for group, cases in GROUPS.items()
    for each in cases
]


def by_name(cases: Iterable[Case]) -> pytest.MarkDecorator:
    """A test for each case, named like it."""
    named = [pytest.param(each, id=each.name.replace(" ", "_")) for each in cases]
    return pytest.mark.parametrize("edits", named)


def assert_each_fresh(edits: Case, made: District) -> None:
    """Build after each edit of a case, and compare with a clean build."""
    for edit in edits.edits:
        edit(made)
        assert_fresh(made)


@pytest.mark.parametrize("edits", CASES)
def test_build_after_an_edit_equals_a_clean_one(edits: Case, built: District) -> None:
    assert_each_fresh(edits, built)
