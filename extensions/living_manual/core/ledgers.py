"""Ledgers: rows that say something about records and are no records themselves.

A reading of a key result, a piece of evidence from a classroom, an agreed exception: there are too
many of them to name each, nobody links to one, and they are only ever added to. A ledger is a table
like a school's plan, without ids, and may lie in any folder of the manual; several of one name are
read together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from living_manual.core.edition import EDITIONS
from living_manual.core.finding import Finding, finding
from living_manual.core.model import Manual
from living_manual.core.tables import Column, Row, Table, read_table
from living_manual.core.time_use import USES
from living_manual.core.words import listed, parse_day


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a ledger, with the file and line where a person wrote it."""

    file: str
    line: int
    values: Mapping[str, str | tuple[str, ...]]

    def get(self, column: str) -> str:
        """A cell as text; empty when it is blank."""
        value = self.values.get(column, "")
        return value if isinstance(value, str) else ";".join(value)

    def ids(self, column: str) -> tuple[str, ...]:
        """The ids of a cell, in the order written."""
        value = self.values.get(column, ())
        return (value,) if isinstance(value, str) else value

    def day(self, column: str) -> date | None:
        """A cell as a day; None when it is blank."""
        return parse_day(self.get(column))


#: How evidence from a classroom was come by.
EVIDENCE_KINDS = ("walkthrough", "look-for", "student-work", "student-voice", "assessment")

#: What consent may be for. Of what was made for the manual nobody is seen, heard or read.
SHOWS_NOBODY = ("drawn for the manual", "acted for the manual")
CONSENT_KINDS = ("student work", "photograph", "clip", "voice", *SHOWS_NOBODY)

LEDGERS: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "readings.csv",
            "",
            (
                Column("key_result", "ids", "The key result that was read.", True, ("key_result",)),
                Column(
                    "at", "ids", "The school; empty for the whole district.", False, ("school",)
                ),
                Column("date", "date", "The day it was read, as 2026-11-05.", True),
                Column("value", "decimal", "What was read, without its unit, such as 61.5.", True),
                Column("note", "text", "Anything a colleague should know to understand it."),
            ),
        ),
        Table(
            "exceptions.csv",
            "",
            (
                Column("rule", "text", "The gap's rule, by its short name such as blank.", True),
                Column("record", "ids", "The record that the gap is of.", True),
                Column(
                    "about",
                    "ids",
                    "Where the rule is about two records: the second, as the gap names it.",
                ),
                Column("reason", "text", "Why the gap may stay open, for all to read.", True),
                Column("approved_by", "text", "The body that agreed, never a person.", True),
                Column("until", "date", "The last day it holds, as 2027-01-29.", True),
            ),
        ),
        Table(
            "wordings.csv",
            "",
            (
                Column("record", "id", "The objective, key result, protocol or word.", True),
                Column("wording", "text", "Eight letters that stand for the wording.", True),
                Column("since", "date", "The day it was agreed, as 2026-11-05.", True),
                Column(
                    "kind",
                    "text",
                    "How it came: first (kept for the first time), settled (everybody has "
                    "confirmed it) or typo (it means the same as before).",
                    True,
                ),
                Column("text", "text", "The wording itself, a line for each part.", True),
            ),
        ),
        Table(
            "evidence.csv",
            "",
            (
                Column("date", "date", "The day it was seen, as 2026-11-05.", True),
                Column("action", "ids", "The school's action that it shows.", False, ("action",)),
                Column(
                    "objective",
                    "ids",
                    "The objective, when no action of the school is about it.",
                    False,
                    ("objective",),
                ),
                Column(
                    "at",
                    "ids",
                    "The school; may stay empty beside the school's page, or with an action.",
                    False,
                    ("school",),
                ),
                Column(
                    "kind",
                    "choice",
                    f"How it was seen: {listed(EVIDENCE_KINDS, 'or')}.",
                    True,
                    choices=EVIDENCE_KINDS,
                ),
                Column("seen", "text", "What students did, wrote or said; no names.", True),
                Column("by", "ids", "The role that saw it.", True, ("role",)),
            ),
        ),
        Table(
            "consent.csv",
            "",
            (
                Column(
                    "media",
                    "text",
                    "The picture or clip, by its path from the folder of the pages, such as "
                    "exemplars/plant-growth/student-a.png. A clip's row is for all its files.",
                    True,
                ),
                Column(
                    "kind",
                    "choice",
                    f"What it is: {listed(CONSENT_KINDS, 'or')}.",
                    True,
                    choices=CONSENT_KINDS,
                ),
                Column(
                    "consent",
                    "text",
                    "The number under which the district keeps the paper, such as C-2026-014; "
                    "never a name.",
                ),
                Column(
                    "scope",
                    "choice",
                    "Who may see it: public (everybody) or staff (the district's own).",
                    True,
                    choices=EDITIONS,
                ),
                Column("starts", "date", "The first day it may be shown, as 2026-11-05.", True),
                Column(
                    "ends",
                    "date",
                    "The last day it may be shown. Empty only for what was "
                    f"{listed(SHOWS_NOBODY, 'or')}.",
                ),
                Column(
                    "withdrawn",
                    "date",
                    "The day the family took the consent back; `manual withdraw` writes it.",
                ),
            ),
        ),
        Table(
            "reported-hours.csv",
            "",
            (
                Column("part", "text", "A part of the reported year, such as PLCs.", True),
                Column("hours", "number", "Its hours a year, such as 12.77.", True),
                Column("note", "text", "Where the number comes from.", True),
            ),
        ),
        Table(
            "reported-use.csv",
            "",
            (
                Column(
                    "use",
                    "choice",
                    f"What the time went to: {listed(tuple(USES), 'or')}.",
                    True,
                    choices=tuple(USES),
                ),
                Column("percent", "number", "Its share in percent, as published.", True),
                Column("note", "text", "Where the number comes from.", True),
            ),
        ),
        Table(
            "benchmarks.csv",
            "",
            (
                Column("name", "text", "Who says it, such as Learning Policy Institute.", True),
                Column("hours", "number", "Hours a year that research points to.", True),
                Column("up_to", "number", "The upper end, when it is a range; or empty."),
                Column("note", "text", "Anything to know, such as over how many months."),
                Column("source", "text", "The code of its source, such as S3.", True),
            ),
        ),
    )
}


def read_ledger(name: str, text: str, file: str) -> tuple[tuple[Entry, ...], tuple[Finding, ...]]:
    """The entries of a ledger's text, or findings (never both); `file` is named in findings."""
    rows, found = read_table(LEDGERS[name], text, file, "")
    return tuple(_entry(file, row) for row in rows), found


def _entry(file: str, row: Row) -> Entry:
    return Entry(file, row.line, row.values)


def check_ledgers(manual: Manual) -> Iterator[Finding]:
    """A finding for each id in a ledger that is no record, or one of another type."""
    for name, entries in manual.ledgers.items():
        for column in LEDGERS[name].columns:
            if column.form == "ids":
                yield from _check_ids(manual, entries, column)


def _check_ids(manual: Manual, entries: Iterable[Entry], column: Column) -> Iterator[Finding]:
    wanted = listed(tuple(manual.model.title(name).lower() for name in column.types))
    for entry in entries:
        for target in entry.ids(column.name):
            record = manual.get(target)
            if record is None:
                kind, what = "link-missing-target", "which is no record of this manual"
            elif column.types and record.type not in column.types:
                title = manual.model.title(record.type).lower()
                kind, what = "link-wrong-type", f"which is a {title}, not a {wanted}"
            else:
                continue
            message = f"Row {entry.line}, column '{column.name}' names {target}, {what}."
            yield finding(kind, message, column.meaning, entry.file, entry.line, column.name)
