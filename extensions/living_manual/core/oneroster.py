"""OneRoster 1.2 CSV: schools and the terms of the year, and never a student.

Two steps, pure functions both: `refused_names` looks at the names in the zip before anything in it
is read; `read_roster` reads the tables that tell of no person. What they change in the manual is
worked out in `roster_plan.py`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from itertools import pairwise
from posixpath import basename

from living_manual.core.finding import Finding
from living_manual.core.importing import plain, problem
from living_manual.core.words import listed, parse_day

MANIFEST, ORGS, SESSIONS = "manifest.csv", "orgs.csv", "academicSessions.csv"
#: Tables of the standard that tell of no person. Only the first three are read.
HARMLESS = (MANIFEST, ORGS, SESSIONS, "courses.csv", "courseResources.csv", "resources.csv")
#: Every other table of the standard, and why a zip with it is refused.
PERSONAL = {
    "users.csv": "names students, their families and staff",
    "userProfiles.csv": "holds the accounts of students and staff",
    "userResources.csv": "says what each person works with",
    "roles.csv": "says who is a student, and where",
    "demographics.csv": "holds birth dates, sex and race of students",
    "enrollments.csv": "says which student is in which class",
    "classes.csv": "lists the groups that students are in, often under a teacher's name",
    "classResources.csv": "belongs to the groups that students are in",
    "categories.csv": "belongs to the gradebook",
    "lineItems.csv": "lists what students are graded on",
    "lineItemLearningObjectiveIds.csv": "belongs to the gradebook",
    "lineItemScoreScales.csv": "belongs to the gradebook",
    "scoreScales.csv": "belongs to the gradebook",
    "results.csv": "holds the grades of students",
    "resultLearningObjectiveIds.csv": "belongs to the grades of students",
    "resultScoreScales.csv": "belongs to the grades of students",
}
ORG_COLUMNS = (
    "sourcedId",
    "status",
    "dateLastModified",
    "name",
    "type",
    "identifier",
    "parentSourcedId",
)
SESSION_COLUMNS = (
    "sourcedId",
    "status",
    "dateLastModified",
    "title",
    "type",
    "startDate",
    "endDate",
    "parentSourcedId",
    "schoolYear",
)
ORG_TYPES = ("department", "school", "district", "local", "state", "national")
#: Types of sessions, those that may be marking periods in the order in which they are tried.
PERIOD_TYPES = ("gradingPeriod", "term", "semester")
SESSION_TYPES = ("schoolYear", *PERIOD_TYPES)
_SOURCED_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/@:+~-]{0,254}")
ASK = "Ask for an export of orgs and academicSessions only."


@dataclass(frozen=True, slots=True)
class School:
    """A school of orgs.csv, with its row."""

    sourced_id: str
    name: str
    row: int


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of the year, first and last day both within it."""

    name: str
    starts: date
    ends: date
    row: int = 0


@dataclass(frozen=True, slots=True)
class Year:
    """The newest school year with its marking periods in order."""

    starts: date
    ends: date
    periods: tuple[Period, ...]

    @property
    def name(self) -> str:
        """The year as people say it: 2026-27."""
        if self.starts.year == self.ends.year:
            return str(self.starts.year)
        return f"{self.starts.year}-{self.ends.year % 100:02}"


@dataclass(frozen=True, slots=True)
class Roster:
    """What a zip says about schools and the year; None or empty for what it does not hold."""

    schools: tuple[School, ...] = ()
    year: Year | None = None


# ------------------------------------------------------------------ before reading


def refused_names(names: Sequence[str], file: str) -> tuple[Finding, ...]:
    """Why a zip with files of these names is not read at all."""
    found: list[Finding] = []
    harmless = {name.casefold(): name for name in HARMLESS}
    personal = {name.casefold(): name for name in PERSONAL}
    for name in names:
        last = basename(name.replace("\\", "/"))
        if name.startswith("__MACOSX/") or last == ".DS_Store":
            continue
        place = f"{file}/{name}"
        if last.casefold() in personal:
            told = PERSONAL[personal[last.casefold()]]
            found.append(
                problem(
                    "import-students",
                    f"The zip holds {last}, which {told}. Nothing in the zip was read.",
                    f"{ASK} Student data has no place in the manual: delete this file.",
                    place,
                )
            )
        elif last.casefold() not in harmless:
            found.append(
                problem(
                    "import-students",
                    f"The zip holds {name}, which is no table of OneRoster 1.2; nobody can say "
                    "whom it tells of. Nothing in the zip was read.",
                    ASK,
                    place,
                )
            )
        elif name != harmless[last.casefold()]:
            found.append(
                problem(
                    "import-archive",
                    f"The zip holds {name} where {harmless[last.casefold()]} should be.",
                    "Zip the tables themselves, not their folder, under the standard's names.",
                    place,
                )
            )
    if not found and MANIFEST not in names:
        found.append(
            problem(
                "import-manifest",
                "The zip has no manifest.csv, which says what the tables are.",
                f"Check that this is a OneRoster 1.2 CSV export. {ASK}",
                file,
            )
        )
    return tuple(found)


# ------------------------------------------------------------------------- reading


class _Reader:
    """Reads tables of the zip and collects what is wrong with them."""

    def __init__(self, file: str, tables: Mapping[str, bytes]) -> None:
        self.file, self.tables = file, tables
        self.problems: list[Finding] = []

    def report(
        self, kind: str, message: str, fix: str, table: str, row: int = 1, column: str | None = None
    ) -> None:
        self.problems.append(problem(kind, message, fix, f"{self.file}/{table}", row, column))

    def rows(
        self, table: str, known: Sequence[str], required: Sequence[str]
    ) -> list[tuple[int, dict[str, str]]]:
        """(line, cells by column) of a table's rows that are not blank."""
        lines = self._lines(table)
        if not lines:
            return []
        header = [cell.strip() for cell in lines[0][1]]
        before = len(self.problems)
        for name in dict.fromkeys(header):
            if name not in known and not name.startswith("metadata."):
                near = get_close_matches(name, known, n=1, cutoff=0.8)
                self.report(
                    "import-table",
                    f"{table} has a column '{name}', which OneRoster 1.2 does not know there.",
                    f"It should be '{near[0]}'." if near else f"{ASK} Extra columns are refused.",
                    table,
                    lines[0][0],
                    name,
                )
            elif header.count(name) > 1:
                self.report(
                    "import-table", f"{table} has the column '{name}' twice.", "Keep one.", table
                )
        for name in required:
            if name not in header:
                self.report(
                    "import-table",
                    f"{table} lacks the column '{name}'.",
                    f"The columns of {table} are: {', '.join(known)}.",
                    table,
                    lines[0][0],
                    name,
                )
        if len(self.problems) > before:
            return []
        found = []
        for row, cells in lines[1:]:
            if len(cells) != len(header):
                self.report(
                    "import-row",
                    f"Row {row} of {table} has {len(cells)} cells, the header {len(header)}.",
                    "Put text that holds a comma in double quotes; leave blank cells empty.",
                    table,
                    row,
                )
                continue
            values = {
                name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()
            }
            missing = [name for name in required if name not in values]
            for name in missing:
                self.report(
                    "import-row",
                    f"Row {row} of {table} has no {name}.",
                    "Every row must have one; mend it where the export comes from.",
                    table,
                    row,
                    name,
                )
            if not missing:
                found.append((row, values))
        return found

    def _lines(self, table: str) -> list[tuple[int, list[str]]]:
        data = self.tables[table]
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            self.report(
                "import-table", f"{table} is not UTF-8 text.", "Export it as UTF-8.", table, line
            )
            return []
        if "\0" in text:
            line = text[: text.index("\0")].count("\n") + 1
            self.report(
                "import-table", f"{table} holds a NUL byte.", "Export it once more.", table, line
            )
            return []
        result: list[tuple[int, list[str]]] = []
        start, reader = 1, csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    result.append((start, cells))
                start = reader.line_num + 1
        except csv.Error as error:
            self.report(
                "import-table",
                f"{table} cannot be read here: {error}.",
                "Check the double quotes in this row.",
                table,
                start,
            )
            return []
        if not result:
            self.report("import-table", f"{table} is empty.", "Export it once more.", table)
        return result

    def living(
        self, table: str, rows: list[tuple[int, dict[str, str]]], types: Sequence[str]
    ) -> list[tuple[int, dict[str, str]]]:
        """Rows with sound ids, types and states; those that are to be deleted are left out."""
        first: dict[str, int] = {}
        found = []
        for row, cells in rows:
            told, kind = cells["sourcedId"], cells["type"]
            state = cells.get("status", "active")
            before = len(self.problems)
            if not _SOURCED_ID.fullmatch(told):
                self.report(
                    "import-row",
                    f"Row {row} of {table}: {told!a} cannot be a sourcedId.",
                    "It has at most 255 letters, digits and . _ / @ : + ~ - and starts with a "
                    "letter or digit.",
                    table,
                    row,
                    "sourcedId",
                )
            elif told in first:
                self.report(
                    "import-row",
                    f"Row {row} of {table} has the sourcedId of row {first[told]}, {told}.",
                    "Each row needs its own; mend it where the export comes from.",
                    table,
                    row,
                    "sourcedId",
                )
            first.setdefault(told, row)
            if kind not in types and not kind.startswith("ext:"):
                near = get_close_matches(kind, types, n=1)
                self.report(
                    "import-row",
                    f"Row {row} of {table} has the type '{kind}', which is none.",
                    f"It should be '{near[0]}'." if near else f"Types are {listed(types, 'or')}.",
                    table,
                    row,
                    "type",
                )
            if state not in ("active", "tobedeleted"):
                self.report(
                    "import-row",
                    f"Row {row} of {table} has the status '{state}'.",
                    "It should be active or tobedeleted, or empty.",
                    table,
                    row,
                    "status",
                )
            if len(self.problems) == before and state == "active":
                found.append((row, cells))
        return found


def needed_tables(manifest: bytes, names: Sequence[str], file: str) -> tuple[Finding, ...]:
    """What is wrong with manifest.csv, or with how it and the files in the zip agree."""
    reader = _Reader(file, {MANIFEST: manifest})
    rows = reader.rows(MANIFEST, ("propertyName", "value"), ("propertyName",))
    said = {cells["propertyName"]: (row, cells.get("value", "")) for row, cells in rows}
    if reader.problems:
        return tuple(reader.problems)

    def wrong(message: str, fix: str, row: int = 1) -> None:
        reader.report("import-manifest", message, fix, MANIFEST, row, "value")

    row, version = said.get("oneroster.version", (1, ""))
    if not re.fullmatch(r"1\.2(\.\d+)?", version):
        what = f"is {version}" if version else "is missing"
        wrong(f"oneroster.version {what}; this reads 1.2.", "Export as OneRoster 1.2 CSV.", row)
    for table in sorted({*PERSONAL, *HARMLESS} - {MANIFEST}):
        row, value = said.get(f"file.{table.removesuffix('.csv')}", (1, "absent"))
        if value not in ("absent", "bulk", "delta"):
            wrong(f"The manifest says '{value}' of {table}.", "It is bulk, delta or absent.", row)
        elif value != "absent" and table in PERSONAL:
            wrong(
                f"The manifest announces {table}, which {PERSONAL[table]}.",
                f"{ASK} A manifest for that says absent of every other table.",
                row,
            )
        elif (value == "absent") == (table in names):
            there = "is in the zip" if table in names else "is not in the zip"
            wrong(f"The manifest says '{value}' of {table}, which {there}.", "Export again.", row)
        elif value == "delta" and table in (ORGS, SESSIONS):
            wrong(
                f"{table} holds changes only (delta).",
                "Ask for a whole (bulk) export, so that nothing is missed.",
                row,
            )
    if not reader.problems and ORGS not in names and SESSIONS not in names:
        wrong(f"The zip has neither {ORGS} nor {SESSIONS}.", ASK)
    return tuple(reader.problems)


def read_roster(
    tables: Mapping[str, bytes], file: str, *, last_days: bool = False
) -> tuple[Roster, tuple[Finding, ...]]:
    """Schools and year from orgs.csv and academicSessions.csv, as far as they are there.

    The standard's endDate is the day after the last; with `last_days` it is the last day itself,
    as some systems write it.
    """
    reader = _Reader(file, tables)
    schools: tuple[School, ...] = ()
    if ORGS in tables:
        rows = reader.rows(ORGS, ORG_COLUMNS, ("sourcedId", "name", "type"))
        schools = tuple(
            School(cells["sourcedId"], plain(cells["name"]), row)
            for row, cells in reader.living(ORGS, rows, ORG_TYPES)
            if cells["type"] == "school"
        )
        for school in schools:
            if not re.search(r"\w", school.name):
                reader.report(
                    "import-row",
                    f"Row {school.row} of {ORGS} has a name without a letter.",
                    "Mend it where the export comes from.",
                    ORGS,
                    school.row,
                    "name",
                )
        if not schools and not reader.problems:
            reader.report(
                "import-table", f"{ORGS} holds no school.", "Ask for the schools as well.", ORGS
            )
    year = _year(reader, last_days) if SESSIONS in tables else None
    if reader.problems:
        return Roster(), tuple(reader.problems)
    return Roster(schools, year), ()


def _year(reader: _Reader, last_days: bool) -> Year | None:
    rows = reader.rows(
        SESSIONS,
        SESSION_COLUMNS,
        ("sourcedId", "title", "type", "startDate", "endDate", "schoolYear"),
    )
    told: list[tuple[str, str, Period]] = []
    for row, cells in reader.living(SESSIONS, rows, SESSION_TYPES):
        days = [parse_day(cells[name]) for name in ("startDate", "endDate")]
        for name, day in zip(("startDate", "endDate"), days, strict=True):
            if day is None:
                reader.report(
                    "import-row",
                    f"Row {row} of {SESSIONS}: {cells[name]!a} is not a day of the calendar.",
                    "Write it as 2026-08-31.",
                    SESSIONS,
                    row,
                    name,
                )
        if not re.fullmatch(r"[12]\d{3}", cells["schoolYear"]):
            reader.report(
                "import-row",
                f"Row {row} of {SESSIONS}: {cells['schoolYear']!a} is not a school year.",
                "Write the year in which it ends, with four digits.",
                SESSIONS,
                row,
                "schoolYear",
            )
        starts, ends = days
        if starts and ends:
            ends = ends if last_days else ends - timedelta(days=1)
            if ends < starts:
                reader.report(
                    "import-row",
                    f"Row {row} of {SESSIONS} ends before it starts.",
                    "Check startDate and endDate; endDate is the day after the last day.",
                    SESSIONS,
                    row,
                    "endDate",
                )
            period = Period(plain(cells["title"]), starts, ends, row)
            told.append((cells["type"], cells["schoolYear"], period))
    return None if reader.problems else _newest(reader, told)


def _newest(reader: _Reader, told: Sequence[tuple[str, str, Period]]) -> Year | None:
    def wrong(message: str, fix: str, row: int = 1) -> None:
        reader.report("import-sessions", message, fix, SESSIONS, row)

    newest = max((name for _kind, name, _period in told), default="")
    first = min((period.row for _kind, name, period in told if name == newest), default=1)
    years = [p for kind, name, p in told if kind == "schoolYear" and name == newest]
    if not years:
        wrong(
            f"{SESSIONS} has no session of the type schoolYear for {newest or 'any year'}.",
            "Ask for the school year as a session of its own, with its first and last day.",
            first,
        )
        return None
    whole = min(years, key=lambda period: period.row)
    for period in years:
        if (period.starts, period.ends) != (whole.starts, whole.ends):
            wrong(
                f"Rows {whole.row} and {period.row} give two calendars for the school year "
                f"{newest}; the manual has one.",
                "Keep the calendar most schools have, and leave the other out of the export.",
                period.row,
            )
            return None
    periods: list[Period] = []
    for kind in PERIOD_TYPES:
        found = [p for k, name, p in told if k == kind and name == newest]
        periods = list({(p.name, p.starts, p.ends): p for p in reversed(found)}.values())
        if periods:
            break
    if not periods:
        wrong(
            f"The school year {newest} (row {whole.row}) has no grading period, term or semester.",
            "Ask for them as sessions whose schoolYear is the same.",
            whole.row,
        )
        return None
    periods.sort(key=lambda p: (p.starts, p.ends, p.row))
    for period in periods:
        if period.starts < whole.starts or period.ends > whole.ends:
            wrong(
                f"Row {period.row}, {period.name}, is not within the school year of row "
                f"{whole.row}.",
                "Check the dates of both rows.",
                period.row,
            )
    for earlier, later in pairwise(periods):
        if later.starts <= earlier.ends:
            wrong(
                f"Rows {earlier.row} and {later.row} overlap: {earlier.name} lasts until "
                f"{earlier.ends}, {later.name} starts on {later.starts}.",
                "The manual has one calendar: keep the sessions of one. If the end dates of the "
                "export are last days already, use --last-days.",
                later.row,
            )
    return Year(whole.starts, whole.ends, tuple(periods))
