"""OneRoster: what is refused and why, and what the tables change in the texts of a manual."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.district_text import set_year
from living_manual.core.importing import KINDS, Draft, Import
from living_manual.core.oneroster import (
    HARMLESS,
    PERSONAL,
    Period,
    Roster,
    School,
    Year,
    needed_tables,
    read_roster,
    refused_names,
)
from living_manual.core.roster_plan import level_of, plan_roster
from living_manual.core.settings_reading import read_settings
from tests.build_manual import MODEL
from tests.data.manual_texts import after, tiny
from tests.data.roster import swapped, tables, text
from tests.sites import TINY
from tests.strategies import sharp_texts, texts

ZIP = "roster.zip"
TODAY = date(2030, 10, 15)
NAMES = ("manifest.csv", "orgs.csv", "academicSessions.csv")
TYPES = tuple(MODEL.types)


def plan(source: Mapping[str, str], **changed: str | None) -> Import:
    """What the sample's zip, with some tables changed, does to these texts."""
    found = tables(**changed)
    del found["manifest.csv"]
    roster, problems = read_roster(found, ZIP)
    assert problems == ()
    return plan_roster(roster, source, TYPES, ZIP, TODAY)


# -------------------------------------------------------------------- students stay out


@pytest.mark.parametrize("table", sorted(PERSONAL))
@pytest.mark.parametrize("form", ["{}", "deep/er/{}", "x\\{}"], ids=["root", "folder", "backslash"])
def test_a_zip_that_tells_of_people_is_refused_by_its_names(table: str, form: str) -> None:
    for name in (form.format(table), form.format(table.upper())):
        (found,) = refused_names([*NAMES, name], ZIP)
        assert (found.kind, found.file) == ("import-students", f"{ZIP}/{name}")
        assert "Nothing in the zip was read." in found.message
        assert PERSONAL[table] in found.message


NAME_FAULTS = {
    "a table that is not known": ([*NAMES, "students.csv"], "import-students", "/students.csv"),
    "a table in other signs": ([*NAMES, "usеrs.csv"], "import-students", "/usеrs.csv"),
    "a file beside the tables": ([*NAMES, "read me.txt"], "import-students", "/read me.txt"),
    "a zip in the zip": ([*NAMES, "more.zip"], "import-students", "/more.zip"),
    "tables in a folder": (
        ["export/manifest.csv", "orgs.csv"],
        "import-archive",
        "/export/manifest.csv",
    ),
    "another case": (["manifest.csv", "Orgs.csv"], "import-archive", "/Orgs.csv"),
    "no manifest": (["orgs.csv"], "import-manifest", ""),
    "nothing": ([], "import-manifest", ""),
}


@pytest.mark.parametrize(
    ("names", "kind", "place"), [pytest.param(*case, id=name) for name, case in NAME_FAULTS.items()]
)
def test_names_that_should_not_be_there_are_refused(
    names: list[str], kind: str, place: str
) -> None:
    assert [(f.kind, f.file) for f in refused_names(names, ZIP)] == [(kind, ZIP + place)]


def test_what_a_mac_leaves_in_a_zip_is_passed_over() -> None:
    assert refused_names([*NAMES, "__MACOSX/._orgs.csv", ".DS_Store"], ZIP) == ()


@given(st.lists(texts | st.sampled_from([*NAMES, *PERSONAL, *HARMLESS])))
def test_only_zips_of_harmless_tables_are_read(names: list[str]) -> None:
    if not refused_names(names, ZIP):
        read = [n for n in names if not n.startswith("__MACOSX/") and not n.endswith(".DS_Store")]
        assert "manifest.csv" in read
        assert set(read) <= set(HARMLESS)


# ---------------------------------------------------------------------------- manifest

MANIFESTS = {
    "1.1": (("version,1.2", "version,1.1"), "oneroster.version is 1.1", 3),
    "no version": (("oneroster.version,1.2\n", ""), "oneroster.version is missing", 1),
    "students announced": (("file.users,absent", "file.users,bulk"), "announces users.csv", 24),
    "students as changes": (("file.roles,absent", "file.roles,delta"), "announces roles.csv", 20),
    "changes only": (("file.orgs,bulk", "file.orgs,delta"), "holds changes only", 15),
    "a table that is not there": (
        ("file.courses,absent", "file.courses,bulk"),
        "courses.csv, which is not in the zip",
        8,
    ),
    "a table not announced": (("file.orgs,bulk", "file.orgs,absent"), "which is in the zip", 15),
    "another word": (("file.orgs,bulk", "file.orgs,all"), "says 'all' of orgs.csv", 15),
    "other columns": (("propertyName,value", "property,value"), "unknown to nobody", 1),
}


@pytest.mark.parametrize(
    ("pair", "says", "line"), [pytest.param(*case, id=name) for name, case in MANIFESTS.items()]
)
def test_a_manifest_that_does_not_agree_is_refused(
    pair: tuple[str, str], says: str, line: int
) -> None:
    found = needed_tables(swapped("manifest", pair).encode(), NAMES, ZIP)
    assert {(f.file, f.line) for f in found} == {(f"{ZIP}/manifest.csv", line)}
    if says != "unknown to nobody":
        assert [says in f.message for f in found] == [True]


def test_the_samples_manifest_agrees() -> None:
    assert needed_tables(text("manifest").encode(), NAMES, ZIP) == ()


def test_a_zip_without_schools_and_sessions_has_nothing_to_bring() -> None:
    manifest = swapped(
        "manifest", ("file.orgs,bulk", "file.orgs,absent"), ("academicSessions,bulk", "x,absent")
    )
    (found,) = needed_tables(manifest.encode(), ["manifest.csv"], ZIP)
    assert "neither orgs.csv nor academicSessions.csv" in found.message


# ------------------------------------------------------------------------------ tables

#: What is wrong, in which table, and where: (table, old, new), (kind, line, column).
ROWS: dict[str, tuple[tuple[str, str, str], tuple[str, int, str | None]]] = {
    "no name": (("orgs", "Pier School", " "), ("import-row", 3, "name")),
    "no letter in the name": (("orgs", "Pier School", "---"), ("import-row", 3, "name")),
    "no id": (("orgs", "ORG-PIER,", ","), ("import-row", 3, "sourcedId")),
    "an id twice": (("orgs", "ORG-PIER,", "ORG-GANNET,"), ("import-row", 4, "sourcedId")),
    "an id with a blank": (("orgs", "ORG-PIER,", "ORG PIER,"), ("import-row", 3, "sourcedId")),
    "an id that is markup": (("orgs", "ORG-PIER,", "[[x]],"), ("import-row", 3, "sourcedId")),
    "a type unknown": (("orgs", "TR-01", "TR-01,"), ("import-row", 3, None)),
    "a type misspelt": (
        ("orgs", "Junior High,school", "Junior High,shool"),
        ("import-row", 5, "type"),
    ),
    "a state unknown": (("orgs", "ORG-PIER,,", "ORG-PIER,gone,"), ("import-row", 3, "status")),
    "a short row": (("orgs", ",TR-01,ORG-DISTRICT", ""), ("import-row", 3, None)),
    "a column of users": (
        ("orgs", "parentSourcedId", "givenName"),
        ("import-table", 1, "givenName"),
    ),
    "a column missing": (("orgs", "name,type", "label,type"), ("import-table", 1, "label")),
    "an open quote": (("orgs", "Pier School", '"Pier School'), ("import-table", 3, None)),
    "no such day": (("sessions", "2030-11-12", "2030-02-30"), ("import-row", 7, "startDate")),
    "a day in words": (("sessions", "2031-04-12", "April"), ("import-row", 8, "endDate")),
    "a year in words": (
        ("sessions", "2031-04-12,T-2031-2,2031", "2031-04-12,T-2031-2,30-31"),
        ("import-row", 8, "schoolYear"),
    ),
    "ends before it starts": (
        ("sessions", "2031-02-03,2031-04-12", "2031-02-03,2031-02-03"),
        ("import-row", 8, "endDate"),
    ),
    "no school year": (
        ("sessions", "2030-2031,schoolYear", "2030-2031,term"),
        ("import-sessions", 3, None),
    ),
    "out of the year": (
        ("sessions", "2031-04-14,2031-06-21", "2031-04-14,2031-07-21"),
        ("import-sessions", 9, None),
    ),
    "two calendars at once": (
        ("sessions", "2030-11-12", "2030-11-01"),
        ("import-sessions", 7, None),
    ),
}


@pytest.mark.parametrize(
    ("swap", "place"), [pytest.param(*case, id=name) for name, case in ROWS.items()]
)
def test_a_fault_is_found_at_its_table_row_and_column(
    swap: tuple[str, str, str], place: tuple[str, int, str | None]
) -> None:
    table, old, new = swap
    table = "academicSessions" if table == "sessions" else table
    roster, found = read_roster(tables(**{table: swapped(table, (old, new))}), ZIP)
    assert roster == Roster()
    assert place in [(f.kind, f.line, f.column) for f in found]
    assert {f.file for f in found} == {f"{ZIP}/{table}.csv"}
    assert all(f.fix for f in found)


def test_every_fault_is_told_at_once() -> None:
    orgs = swapped("orgs", ("ORG-PIER,,", "ORG-PIER,gone,"), ("Junior High,school", "Junior,x"))
    _, found = read_roster(tables(orgs=orgs), ZIP)
    assert [(f.line, f.column) for f in found] == [(3, "status"), (5, "type")]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        pytest.param(b"sourcedId,name,type\nA,\xc9cole,school\n", 2, id="latin-1"),
        pytest.param(b"sourcedId,name,type\nA,B\0,school\n", 2, id="nul"),
        pytest.param(b"", 1, id="empty"),
        pytest.param("sourcedId,name,type\n".encode("utf-16"), 1, id="utf-16"),
        pytest.param(b"sourcedId,name,type\nA,Maths,department\n", 1, id="no school"),
    ],
)
def test_a_table_that_is_no_text_or_has_no_school_is_refused(data: bytes, line: int) -> None:
    (found,) = read_roster({"orgs.csv": data}, ZIP)[1]
    assert (found.kind, found.file, found.line) == ("import-table", f"{ZIP}/orgs.csv", line)


def test_the_sample_is_read() -> None:
    roster, found = read_roster(tables(), ZIP)
    assert found == ()
    assert [(s.sourced_id, s.name) for s in roster.schools] == [
        ("ORG-PIER", "Pier School"),
        ("ORG-GANNET", "Gannet Point Elementary School"),
        ("ORG-KITTIWAKE", "Kittiwake Junior High"),
        ("ORG-LIGHTHOUSE", "Lighthouse High School"),
        ("ORG-SKERRY", "Île-aux-Marins Academy, K-12"),
    ]
    assert roster.year is not None
    assert roster.year.name == "2030-31"
    # The standard's endDate is the day after the last.
    assert (roster.year.starts, roster.year.ends) == (date(2030, 9, 3), date(2031, 6, 20))
    assert [(p.name, p.starts.isoformat(), p.ends.isoformat()) for p in roster.year.periods] == [
        ("Period 1", "2030-09-03", "2030-11-08"),
        ("Period 2", "2030-11-12", "2031-01-31"),
        ("Period 3", "2031-02-03", "2031-04-11"),
        ("Period 4", "2031-04-14", "2031-06-20"),
    ]


def test_end_dates_may_be_last_days() -> None:
    roster, _ = read_roster(tables(), ZIP, last_days=True)
    assert roster.year is not None
    assert roster.year.ends == date(2031, 6, 21)
    assert roster.year.periods[0].ends == date(2030, 11, 9)


def test_terms_stand_in_where_there_are_no_grading_periods() -> None:
    rows = [row for row in text("academicSessions").splitlines() if "gradingPeriod" not in row]
    roster, _ = read_roster(tables(academicSessions="\n".join(rows)), ZIP)
    assert roster.year is not None
    assert [period.name for period in roster.year.periods] == ["Fall term", "Spring term"]


def test_what_is_to_be_deleted_and_what_is_no_school_is_left_out() -> None:
    orgs = swapped("orgs", ("ORG-PIER,,", "ORG-PIER,tobedeleted,"))
    roster, _ = read_roster(tables(orgs=orgs), ZIP)
    assert "ORG-PIER" not in {school.sourced_id for school in roster.schools}
    assert "ORG-MATHS" not in {school.sourced_id for school in roster.schools}


def test_extension_columns_and_a_byte_order_mark_are_no_fault() -> None:
    orgs = "\ufeff" + "\n".join(
        f"{row},{'metadata.region' if n == 0 else 'north'}"
        for n, row in enumerate(text("orgs").splitlines())
    )
    assert read_roster(tables(orgs=orgs), ZIP)[0] == read_roster(tables(), ZIP)[0]


@given(st.dictionaries(st.sampled_from(["orgs.csv", "academicSessions.csv"]), st.binary()))
def test_no_bytes_stop_the_reader(files: dict[str, bytes]) -> None:
    read_roster(files, ZIP)
    needed_tables(files.get("orgs.csv", b""), NAMES, ZIP)


_cells = sharp_texts | st.sampled_from(
    ["school", "A-1", "2031", "2030-09-03", "schoolYear", "term"]
)


@given(st.lists(st.lists(_cells, min_size=9, max_size=9), max_size=5))
def test_no_cells_stop_the_reader_and_every_fault_has_a_place(rows: list[list[str]]) -> None:
    import csv
    import io

    for table in ("orgs", "academicSessions"):
        out = io.StringIO(newline="")
        head = text(table).split("\n")[0].split(",")
        csv.writer(out).writerows([head, *(row[: len(head)] for row in rows)])
        roster, found = read_roster({f"{table}.csv": out.getvalue().encode()}, ZIP)
        assert not (found and roster != Roster())
        assert all(f.file == f"{ZIP}/{table}.csv" and f.line and f.fix for f in found)


# ------------------------------------------------------------------------- into the manual


def test_new_schools_get_a_page_a_plan_and_a_place_in_the_list() -> None:
    source = tiny()
    outcome = plan(source)
    files = after(source, outcome)
    assert {change.file for change in outcome.changes} == {
        "district.toml",
        "schools/index.md",
        "schools/pier/index.md",
        *(
            f"schools/{folder}/{file}"
            for folder in ("gannet-point", "kittiwake", "lighthouse", "ile-aux-marins-academy-k-12")
            for file in ("index.md", "plan.csv")
        ),
    }
    assert files["schools/gannet-point/plan.csv"] == (
        "id,title,advances,uses,led_by,backed_up_by,status,starts,due,funding,look_for,evidence,"
        "notes\n"
    )
    page = files["schools/gannet-point/index.md"]
    assert page.startswith(
        "# Gannet Point Elementary School\n\n:::{school}\n:id: SCH_GANNET_POINT\n"
        ":identifier: ORG-GANNET\n:level: elementary\n"
    )
    assert ":reviewed: 2030-10-15\n" in page
    assert ":level:" not in files["schools/ile-aux-marins-academy-k-12/index.md"]
    assert any("does not tell the level" in note for note in outcome.notes)
    assert "gannet-point/index\n" in files["schools/index.md"]


def test_the_principal_looks_after_new_pages_where_there_is_one() -> None:
    source = tiny()
    assert any("no ROLE_PRINCIPAL" in note for note in plan(source).notes)
    source["vision/index.md"] += (
        "\n:::{role} Principal\n:id: ROLE_PRINCIPAL\n:status: filled\n:::\n"
    )
    outcome = plan(source)
    assert ":owner: ROLE_PRINCIPAL\n" in after(source, outcome)["schools/kittiwake/index.md"]
    assert not any("ROLE_PRINCIPAL" in note for note in outcome.notes)


def test_a_school_of_the_same_name_is_that_school_and_keeps_its_words() -> None:
    source = tiny()
    page = after(source, plan(source))["schools/pier/index.md"]
    assert page == source["schools/pier/index.md"].replace(
        ":id: SCH_PIER\n", ":id: SCH_PIER\n:identifier: ORG-PIER\n"
    )


def test_a_known_school_follows_the_name_only() -> None:
    source = tiny()
    source = after(source, plan(source))
    outcome = plan(source, orgs=swapped("orgs", ("Pier School", '"Pier & [Quay] School *"')))
    assert [change.file for change in outcome.changes] == ["schools/pier/index.md"]
    page = after(source, outcome)["schools/pier/index.md"]
    assert page == source["schools/pier/index.md"].replace(
        "# Pier School\n", "# Pier & \\[Quay\\] School \\*\n"
    )
    assert "“Pier School” is now called “Pier & [Quay] School *”" in outcome.said[0]


def test_a_school_titled_in_its_block_is_retitled_there() -> None:
    source = tiny()
    source["schools/pier/index.md"] = source["schools/pier/index.md"].replace(
        ":::{school}\n:id: SCH_PIER\n",
        ":::{school} Old pier\n:id: SCH_PIER\n:identifier: ORG-PIER\n",
    )
    page = after(source, plan(source))["schools/pier/index.md"]
    assert ":::{school} Pier School\n" in page
    assert "# Pier School\n" in page


def test_a_second_time_changes_nothing() -> None:
    source = tiny()
    source = after(source, plan(source))
    again = plan(source)
    assert (again.changes, again.said, again.problems) == ((), (), ())


def test_an_import_that_was_cut_off_is_finished_by_the_next() -> None:
    source = tiny()
    whole = after(source, plan(source))
    for left_out in ("schools/index.md", "district.toml", "schools/pier/index.md"):
        cut = {**whole, left_out: source[left_out]}
        assert after(cut, plan(cut)) == whole


def test_a_school_that_is_gone_is_told_and_stays() -> None:
    source = tiny()
    source = after(source, plan(source))
    outcome = plan(source, orgs=swapped("orgs", ("ORG-PIER,,", "ORG-PIER,tobedeleted,")))
    assert outcome.changes == ()
    assert any(note.startswith("SCH_PIER is not in roster.zip") for note in outcome.notes)


def test_ids_and_folders_are_new_and_taken_ones_stay() -> None:
    source = tiny()
    source["schools/index.md"] += "\n:::{school} Other\n:id: SCH_GANNET_POINT\n:level: high\n:::\n"
    source["schools/kittiwake/notes.md"] = "# Notes of another kind\n"
    files = after(source, plan(source))
    assert (
        ":id: SCH_GANNET_POINT_ELEMENTARY_SCHOOL\n"
        in (files["schools/gannet-point-elementary-school/index.md"])
    )
    assert ":id: SCH_KITTIWAKE\n" in files["schools/kittiwake-school/index.md"]


def test_two_schools_of_one_name_are_two_schools() -> None:
    roster = Roster((School("A", "Twin School", 2), School("B", "Twin School", 3)))
    source = tiny()
    files = after(source, plan_roster(roster, source, TYPES, ZIP, TODAY))
    assert ":identifier: A\n" in files["schools/twin/index.md"]
    assert ":identifier: B\n" in files["schools/twin-school/index.md"]
    assert plan_roster(roster, files, TYPES, ZIP, TODAY).changes == ()


MANUAL_FAULTS = {
    "no list of schools": (
        {"schools/index.md": None},
        ("schools/index.md", 1),
    ),
    "one identifier twice": (
        {
            "schools/a.md": "# A\n\n:::{school}\n:id: SCH_A\n:identifier: ORG-PIER\n:::\n",
            "schools/b.md": "# B\n\n:::{school}\n:id: SCH_B\n:identifier: ORG-PIER\n:::\n",
        },
        ("schools/b.md", 3),
    ),
    "no heading": (
        {"schools/a.md": ":::{school}\n:id: SCH_A\n:identifier: ORG-PIER\n:::\n"},
        ("schools/a.md", 1),
    ),
    "settings that are no TOML": ({"district.toml": "[school_year\n"}, ("district.toml", 1)),
    "no settings": ({"district.toml": None}, ("district.toml", 1)),
    "periods on one line": (
        {"district.toml": '[x]\n[school_year]\nmarking_periods = [{name = "a"}]\n'},
        ("district.toml", 2),
    ),
}


@pytest.mark.parametrize(
    ("changed", "place"), [pytest.param(*case, id=name) for name, case in MANUAL_FAULTS.items()]
)
def test_a_manual_that_is_not_ready_is_told_where_and_nothing_changes(
    changed: dict[str, str | None], place: tuple[str, int]
) -> None:
    source: dict[str, Any] = {**tiny(), **changed}
    source = {file: words for file, words in source.items() if words is not None}
    outcome = plan(source)
    assert (outcome.changes, outcome.said) == ((), ())
    assert [(f.kind, f.file, f.line) for f in outcome.problems] == [("import-manual", *place)]


LEVELS = {
    "Birch Elementary": "elementary",
    "Oak Primary School": "elementary",
    "High Street Elementary School": "elementary",
    "Middle Creek Elementary": "elementary",
    "Highland Middle School": "middle",
    "Fir Junior High": "middle",
    "Fir Junior High School": "middle",
    "Elm Intermediate": "middle",
    "Central High": "high",
    "Central High School": "high",
    "Cedar Collegiate Institute": "high",
    "Larch Secondary School": "high",
    "Ash Senior High": "high",
    "Pine Junior Senior High School": "",
    "Pine Middle School and High School": "",
    "Maple School K-8": "",
    "Elementary School, grades 3 - 8": "",
    "Juniper Academy": "",
    "Highview": "",
}


@pytest.mark.parametrize(("name", "level"), LEVELS.items(), ids=LEVELS)
def test_a_level_is_told_by_the_name_or_left_to_the_writer(name: str, level: str) -> None:
    assert level_of(name) == level


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(
    lambda name: any(sign.isalnum() for sign in name)
)


@given(st.lists(names, max_size=5))
def test_whatever_schools_are_called_a_second_time_changes_nothing(called: list[str]) -> None:
    orgs = "sourcedId,name,type\n" + "".join(
        f'O-{number},"{name.replace(chr(34), chr(34) * 2)}",school\n'
        for number, name in enumerate([*called, "One more"])
    )
    roster, found = read_roster({"orgs.csv": orgs.encode()}, ZIP)
    assert found == ()
    source = tiny()
    outcome = plan_roster(roster, source, TYPES, ZIP, TODAY)
    assert outcome.problems == ()
    files = after(source, outcome)
    whole = "".join(files.values())
    assert all(whole.count(f":identifier: O-{n}\n") == 1 for n in range(len(called) + 1))
    again = plan_roster(roster, files, TYPES, ZIP, TODAY)
    assert (again.changes, again.problems) == ((), ())


# ------------------------------------------------------------------------- district.toml

DISTRICT = """\
# Our settings.
[school_year]   # the year
name = "2029-30"  # as people say it
starts = 2029-09-04
ends = 2030-06-20      # last day

# The marking periods, in order.
[[school_year.marking_periods]]
name = 'Fall'   # before the storms
starts = 2029-09-04
ends = 2030-01-31

[[school_year.marking_periods]]
name = "Spring"
starts = 2030-02-03
ends = 2030-06-20

# By which day.
[[actions_due]]
objective = "OBJ_A"
by = 2029-11-01
"""


def year(*periods: tuple[str, str, str]) -> Year:
    days = [
        Period(name, date.fromisoformat(start), date.fromisoformat(end))
        for name, start, end in periods
    ]
    return Year(days[0].starts, days[-1].ends, tuple(days))


def set_to(words: str, wanted: Year) -> tuple[str, Import]:
    draft = Draft({"district.toml": words})
    set_year(draft, wanted)
    outcome = draft.done()
    return (outcome.changes[0].after if outcome.changes else words), outcome


ONE = ("All year", "2030-09-03", "2031-06-20")
TWO = (("Fall", "2030-09-03", "2031-01-31"), ("Spring", "2031-02-03", "2031-06-20"))
THREE = (*TWO[:1], ("Winter", "2031-02-01", "2031-03-31"), ("Spring", "2031-04-01", "2031-06-20"))


@pytest.mark.parametrize("wanted", [year(ONE), year(*TWO), year(*THREE)], ids=["1", "2", "3"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_the_year_is_changed_in_place_and_every_note_stays(wanted: Year, end: str) -> None:
    words = DISTRICT.replace("\n", end)
    changed, outcome = set_to(words, wanted)
    data = tomllib.loads(changed)
    assert data["school_year"] == {
        "name": "2030-31",
        "starts": wanted.starts,
        "ends": wanted.ends,
        "marking_periods": [
            {"name": p.name, "starts": p.starts, "ends": p.ends} for p in wanted.periods
        ],
    }
    assert data["actions_due"] == tomllib.loads(words)["actions_due"]
    for note in ("# Our settings.", "# the year", "# as people say it", "# last day", "# By which"):
        assert note in changed
    assert changed.count("\n") == changed.count(end)
    assert outcome.said
    assert any("[[actions_due]]" in note for note in outcome.notes)
    assert set_to(changed, wanted) == (changed, Import(notes=set_to(changed, wanted)[1].notes))


def test_a_year_that_is_told_already_is_left_alone() -> None:
    wanted = year(("Fall", "2029-09-04", "2030-01-31"), ("Spring", "2030-02-03", "2030-06-20"))
    assert set_to(DISTRICT, wanted) == (DISTRICT, Import())


def test_people_keep_their_name_of_the_same_year() -> None:
    words = DISTRICT.replace('"2029-30"', '"the year 2029/30"')
    wanted = year(("Fall", "2029-09-04", "2030-01-30"), ("Spring", "2030-02-03", "2030-06-20"))
    assert set_to(words, wanted)[0] == words.replace("2030-01-31", "2030-01-30")


@given(st.lists(names, min_size=1, max_size=6))
def test_any_name_of_a_period_is_written_as_it_is(called: list[str]) -> None:
    periods = tuple(
        Period(name, date(2030, 9, 1 + 2 * n), date(2030, 9, 2 + 2 * n))
        for n, name in enumerate(called)
    )
    source = (TINY / "district.toml").read_text(encoding="utf-8")
    changed, outcome = set_to(source, Year(periods[0].starts, periods[-1].ends, periods))
    assert outcome.problems == ()
    settings, found = read_settings(changed)
    assert found == ()
    assert [period.name for period in settings.marking_periods] == called


def test_the_kinds_of_problems_are_in_the_docs() -> None:
    docs = (TINY.parents[3] / "docs" / "importing.md").read_text(encoding="utf-8")
    for kind, meaning in KINDS.items():
        assert f"| `{kind}` | {meaning} |" in docs
