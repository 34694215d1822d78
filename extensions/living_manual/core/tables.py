"""Records written as tables: a school's plan, the year's sessions.

A table is CSV text with a header row. What a row may hold is declared in `TABLES`; everything that
is wrong is a finding with file, row and column, and a table with a finding gives no records at all,
so that half a plan is never shown as the whole.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from living_manual.core.edition import EDITIONS
from living_manual.core.finding import Finding, finding
from living_manual.core.limits import ROWS, cell_fault, rows_fault
from living_manual.core.model import STATUSES
from living_manual.core.table import is_formula
from living_manual.core.time_use import USES
from living_manual.core.words import listed, parse_day


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its form and what to write in it.

    `form` is one of id, text, ids (record ids separated by `;`), words (separated by `;`), status,
    choice (one of `choices`), date, time, number (0 to 1000), whole (1 to 99), decimal (any
    number). `types` are the types its ids may be of (empty: any); the ids of records are checked by
    `ubproject.toml` instead.
    """

    name: str
    form: str
    meaning: str
    required: bool = False
    types: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A declared table: the type of record a row makes, and its columns in order.

    `more` are columns that a table may have as well, in any place, and may leave out; every table
    may have `edition`.
    """

    name: str
    type: str
    columns: tuple[Column, ...]
    more: tuple[Column, ...] = ()

    @property
    def known(self) -> tuple[Column, ...]:
        """Every column the table may have."""
        own = (*self.columns, *self.more)
        return own if any(each.name == EDITION.name for each in own) else (*own, EDITION)


@dataclass(frozen=True, slots=True)
class Row:
    """A checked row: its line in the file, and its values by column (lists as tuples)."""

    line: int
    id: str
    title: str
    values: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)


#: Who a row is for; the public edition is cut by it before anything is read.
EDITION = Column(
    "edition",
    "choice",
    "public for everybody; empty or staff for staff only.",
    choices=EDITIONS,
)

#: The line by which the owner of a row confirms the new wording of what it depends on.
CONFIRMED = Column(
    "confirmed",
    "words",
    "Wordings that the owner has confirmed, such as OBJ_TALK@cdfghjkm; pages show what to write.",
)

#: The five uses of a session's time (source S3), each in percent of the session.
USE_OF_TIME = tuple(
    Column(f"time_{name}", "number", f"Percent of the time that went to {said}, such as 25.")
    for name, said in ((use, title.lower()) for use, title in USES.items())
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "plan.csv",
            "action",
            (
                Column(
                    "id",
                    "id",
                    "A name nobody else uses, such as ACT_BIRCH_03; never changed later.",
                    required=True,
                ),
                Column("title", "text", "What the school will do, in one line.", required=True),
                Column("advances", "ids", "The key result (or objective) it moves."),
                Column("uses", "ids", "Protocols it runs on."),
                Column("led_by", "ids", "The role that leads it."),
                Column("backed_up_by", "ids", "The role that carries on when the leader is away."),
                Column("status", "status", "One of planned, active, done, paused, dropped."),
                Column("starts", "date", "First day, as 2026-09-14."),
                Column("due", "date", "Last day, as 2027-03-26."),
                Column("funding", "text", "Where the money comes from."),
                Column("look_for", "text", "What a visitor would see or hear students do."),
                Column("evidence", "text", "What the school keeps to show it."),
                Column("notes", "text", "Anything else a colleague should know."),
            ),
            (CONFIRMED,),
        ),
        Table(
            "sessions.csv",
            "session",
            (
                Column(
                    "id", "id", "A name nobody else uses, such as SES_OPENING_DAY.", required=True
                ),
                Column("title", "text", "What the session is called.", required=True),
                Column(
                    "kind",
                    "text",
                    "The structure: opening-day, half-day, plc, staff-meeting, "
                    "coaching, curriculum, pd-day, rounds or leadership-team.",
                ),
                Column("date", "date", "The day, as 2026-10-09."),
                Column("hours", "number", "Length in hours, such as 2.5."),
                Column("serves", "ids", "The objective it serves."),
                Column("runs", "ids", "Protocols it runs."),
                Column("at", "ids", "The school; may stay empty beside the school's own page."),
                Column("owner", "ids", "The role that prepares it."),
                Column("stage", "ids", "Its stage of the flywheel."),
                Column("audiences", "words", "Who takes part."),
                Column("reviewed", "date", "The day somebody last confirmed it."),
                Column("notes", "text", "Anything else a colleague should know."),
            ),
            (
                Column("begins", "time", "When it begins, as 15:30 in the district's time."),
                Column("place", "text", "Where it is, when it is not at the school above."),
                Column("led_by", "ids", "The roles that facilitate it."),
                Column("backed_up_by", "ids", "The role that can facilitate it instead."),
                *USE_OF_TIME,
                CONFIRMED,
            ),
        ),
        Table(
            "assessments.csv",
            "assessment",
            (
                Column(
                    "id", "id", "A name nobody else uses, such as ASM_GRADE_4_P1.", required=True
                ),
                Column("title", "text", "What the assessment is called.", required=True),
                Column("grade", "text", "The grade or course, as district.toml lists it."),
                Column("period", "whole", "The marking period: 1, 2, 3 or 4."),
                Column("date", "date", "The day it is given, as 2026-10-14."),
                Column("informs", "ids", "The key result it tells something about."),
                Column("analysed_in", "ids", "The session that looks at the student work."),
                Column("owner", "ids", "The role that prepares it."),
                Column("stage", "ids", "Its stage of the flywheel."),
                Column("audiences", "words", "Who it is for."),
                Column("reviewed", "date", "The day somebody last confirmed it."),
                Column("notes", "text", "What students do, in a sentence or two."),
            ),
            (
                Column("short", "text", "A few words for the calendar, such as Fair shares."),
                Column("ends", "date", "Its last day, when it is given over several days."),
                CONFIRMED,
            ),
        ),
        Table(
            "standards.csv",
            "standard",
            (
                Column(
                    "id",
                    "id",
                    "A name nobody else uses, such as STD_3_NF_1; never changed later.",
                    required=True,
                ),
                Column("title", "text", "What the standard says, in one line.", required=True),
                Column("kind", "text", "What the framework calls it: Domain, Cluster, Standard."),
                Column("short", "text", "A short name for table headings."),
                Column("code", "text", "The code people say, as the framework writes it."),
                Column("part_of", "ids", "The standard it belongs under."),
                Column(
                    "identifier", "text", "Its UUID in the framework; an import knows it by it."
                ),
                Column("notes", "text", "The rest of its wording, and anything else."),
            ),
        ),
    )
}

DECIMAL = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
ID = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")


def read_table(
    table: Table, text: str, file: str, prefix: str
) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    """The rows of a table's text, or findings (never both).

    `file` is named in findings; ids must start with `prefix`. Rows in which every cell is blank are
    passed over, as spreadsheets leave them behind.
    """
    found: list[Finding] = []

    def report(kind: str, line: int, column: str | None, message: str, fix: str) -> None:
        found.append(finding(kind, message, fix, file, line, column))

    lines = _lines(text, report)
    if not lines:
        if not found:
            report(
                "table-unreadable",
                1,
                None,
                f"{table.name} is empty.",
                f"Write the header row first: {','.join(c.name for c in table.columns)}",
            )
        return (), tuple(found)
    header = [cell.strip() for cell in lines[0][1]]
    _check_header(table, header, lines[0][0], report)
    if found:
        return (), tuple(found)
    columns = {column.name: column for column in table.known}
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for line, cells in lines[1:]:
        if len(rows) == ROWS:
            found.append(rows_fault(line, file))
            break
        if len(cells) != len(header):
            count = "fewer" if len(cells) < len(header) else "more"
            report(
                "table-row",
                line,
                None,
                f"Row {line} has {len(cells)} cells, {count} than the {len(header)} columns.",
                "Leave an empty cell for what is blank; put text that holds a comma in quotes.",
            )
            continue
        row = _row(dict(zip(header, cells, strict=True)), columns, line, prefix, report)
        if row.id and row.id in seen:
            report(
                "duplicate-id",
                line,
                "id",
                f"Row {line} has the id {row.id}, which row {seen[row.id]} has already.",
                "Give the new row an id of its own; ids are never used twice.",
            )
        seen.setdefault(row.id, line)
        rows.append(row)
    return ((), tuple(found)) if found else (tuple(rows), ())


def other_schools(rows: Sequence[Row], school: str, file: str) -> tuple[Finding, ...]:
    """A finding for each row of a school's own table that names a school beside this one."""
    return tuple(
        finding(
            "session-place",
            f"Row {row.line} names {named}, and the table lies beside the page of {school}.",
            "Leave the cell empty, or move the row to the other school's table, or to "
            "learning/sessions.csv when several schools take part.",
            file,
            row.line,
            "at",
        )
        for row in rows
        if (named := listed([each for each in row.values.get("at", ()) if each != school]))
    )


Report = Callable[[str, int, str | None, str, str], None]


def _lines(text: str, report: Report) -> list[tuple[int, list[str]]]:
    """(line number, cells) of every row that is not blank; line counts physical lines."""
    result: list[tuple[int, list[str]]] = []
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        report(
            "table-unreadable",
            line,
            None,
            "The table holds a NUL byte.",
            "Save it again from the spreadsheet as CSV UTF-8.",
        )
        return []
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                result.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        report(
            "table-unreadable",
            start,
            None,
            f"The table cannot be read here: {error}.",
            "Check the quotes in this row: text with a comma or a quote stands in double quotes.",
        )
        return []
    return result


def _check_header(table: Table, header: Sequence[str], line: int, report: Report) -> None:
    known = [column.name for column in table.known]
    for mark, said in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and header[0].count(mark) >= 3:
            report(
                "table-unreadable",
                line,
                None,
                f"The columns of {table.name} are parted by {said}, not by commas.",
                "Save it again as 'CSV UTF-8 (comma delimited)'.",
            )
            return
    for name in header:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            fix = f"Did you mean '{near[0]}'?" if near else f"The columns are: {', '.join(known)}."
            report("table-column", line, name, f"{table.name} has an unknown column '{name}'.", fix)
    for name in sorted({name for name in header if header.count(name) > 1 and name in known}):
        report(
            "table-column",
            line,
            name,
            f"{table.name} has the column '{name}' twice.",
            "Keep one of the two.",
        )
    for name in (column.name for column in table.columns):
        if name not in header:
            report(
                "table-column",
                line,
                name,
                f"{table.name} lacks the column '{name}'.",
                "Add it to the header row, with empty cells where there is nothing to say.",
            )


def _row(
    cells: Mapping[str, str],
    columns: Mapping[str, Column],
    line: int,
    prefix: str,
    report: Report,
) -> Row:
    values: dict[str, str | tuple[str, ...]] = {}
    for name, raw in cells.items():
        column, cell = columns[name], raw.strip()
        if not cell:
            if column.required:
                report(
                    "table-id" if name == "id" else "table-row",
                    line,
                    name,
                    f"Row {line} has no {name}.",
                    column.meaning,
                )
            continue
        problem = _unsafe(cell) or _problem(column, cell, prefix)
        if problem:
            kind, message = problem
            report(kind, line, name, f"Row {line}, column '{name}': {message}", column.meaning)
        elif column.form in ("ids", "words"):
            values[name] = tuple(part.strip() for part in cell.split(";") if part.strip())
        else:
            values[name] = cell
    if columns[EDITION.name] is EDITION:  # who may read the row: nothing of what it is about
        values.pop(EDITION.name, None)
    return Row(line, str(values.pop("id", "")), str(values.pop("title", "")), values)


def _unsafe(cell: str) -> tuple[str, str] | None:
    """Kind and message where a cell is too large, or a spreadsheet would compute it."""
    if said := cell_fault(cell):
        return "too-large", f"the cell {said}."
    if is_formula(cell):
        return "table-formula", f"'{cell[:40]}' is a formula to a spreadsheet."
    return None


def _problem(column: Column, cell: str, prefix: str) -> tuple[str, str] | None:
    """Kind and message of what is wrong with a cell, or None."""
    if column.form == "id" and not (ID.fullmatch(cell) and cell.startswith(prefix)):
        return (
            "invalid-id",
            f"'{cell}' is not an id: capital letters, digits and _ only"
            + (f", starting with {prefix}" if prefix else ""),
        )
    if column.form == "ids":
        wrong = [
            part.strip()
            for part in cell.split(";")
            if part.strip() and not ID.fullmatch(part.strip())
        ]
        if wrong:
            return "invalid-value", f"{listed(wrong)} cannot be the id of a record; part ids with ;"
    if column.form == "date" and parse_day(cell) is None:
        return "table-date", f"'{cell}' is not a day of the calendar"
    if column.form == "status" and cell not in STATUSES:
        near = get_close_matches(cell.lower(), STATUSES, n=1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        return "table-status", f"'{cell}' is not a status{hint}"
    if column.form == "choice" and cell not in column.choices:
        near = get_close_matches(cell.lower(), column.choices, n=1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        return "table-choice", f"'{cell}' is not one of {listed(column.choices, 'or')}{hint}"
    if column.form == "number":
        try:
            if "_" in cell or not 0 <= float(cell) <= 1000:
                raise ValueError
        except ValueError:
            return "table-number", f"'{cell}' is not a number"
    if column.form == "time" and not TIME.fullmatch(cell):
        return "table-time", f"'{cell}' is not a time of the day; write 15:30, or 09:00"
    if column.form == "whole" and not re.fullmatch("[1-9][0-9]?", cell):
        return "table-number", f"'{cell}' is not a whole number from 1 to 99"
    if column.form == "decimal" and not DECIMAL.fullmatch(cell):
        return "table-number", f"'{cell}' is not a number; write 61.5, and no unit"
    return None
