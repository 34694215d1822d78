"""A school's plan as a workbook: what the workbook holds, in plain values.

`edges/workbook.py` makes a file of a `PlanBook` and values of a file; what comes back from a school
is checked and compared in `core/sheet_import.py`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from living_manual.core.model import STATUSES, Manual, Record
from living_manual.core.sheet_text import split_rows
from living_manual.core.tables import TABLES, Column

#: Names of the sheets. The last two are hidden: the words of the drop-downs, and the plan as it was
#: exported, by which an import tells what the school changed from what others changed meanwhile.
PLAN, GUIDE, OBJECTIVES, LISTS, EXPORTED = (
    "Plan",
    "How to fill this in",
    "Objectives",
    "Lists",
    "Exported",
)
TABLE = TABLES["plan.csv"]
COLUMNS: Mapping[str, Column] = {column.name: column for column in TABLE.columns}
#: Empty rows after the last action, with their drop-downs ready.
SPARE_ROWS = 40
#: What a cell of a workbook can hold, by the rules of the file format.
LONGEST = 32_767


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell that holds something.

    `kind` is text, number, formatted (a number shown as a percentage, money and the like), flag,
    date, time (a day with a clock time, or a clock time), error or formula. A day is a `date`; a
    time, an error and a formula are text.
    """

    ref: str
    value: str | int | float | bool | date
    kind: str

    @property
    def column(self) -> str:
        """The letters of its column."""
        return self.ref.rstrip("0123456789")

    @property
    def row(self) -> int:
        """The number of its row, from 1."""
        return int(self.ref[len(self.column) :])


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: its cells, and what would make them read other than they look."""

    cells: tuple[SheetCell, ...]
    merged: tuple[str, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[str] = frozenset()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a workbook to mend: where (`Plan!C7`), what is wrong, and how to mend it."""

    place: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class SchoolTable:
    """A school with its table: the file relative to the source folder, and its text.

    The text is None when the school has no table yet.
    """

    school: Record
    file: str
    text: str | None


@dataclass(frozen=True, slots=True)
class PlanBook:
    """What an exported workbook holds.

    `rows` are the cells of the plan in the order of `COLUMNS`; `choices` the drop-down of a column;
    `objectives` (id, what it is, title); `guide` (text, text) a row.
    """

    school: str
    title: str
    rows: tuple[tuple[str, ...], ...]
    choices: Mapping[str, tuple[str, ...]]
    objectives: tuple[tuple[str, str, str], ...]
    guide: tuple[tuple[str, str], ...]


def clean(column: str, text: str) -> str:
    """A cell as it is compared: no blanks around it, `\\n` between lines, ids joined by `;`."""
    tidy = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if COLUMNS[column].form == "ids":
        return ";".join(part.strip() for part in tidy.split(";") if part.strip())
    return tidy


def plan_rows(text: str | None) -> dict[str, dict[str, str]]:
    """The rows of a plan that `read_table` finds good, by id: every column, as compared."""
    rows = [row.values for row in split_rows(text or "") if not row.blank]
    if not rows:
        return {}
    head = [name.strip() for name in rows[0]]
    found = (
        {name: clean(name, cell) for name, cell in zip(head, cells, strict=True) if name in COLUMNS}
        for cells in rows[1:]
    )
    return {cells["id"]: cells for cells in found}


def plan_book(manual: Manual, table: SchoolTable) -> PlanBook:
    """The workbook of a school whose table `read_table` finds good."""
    school = table.school
    return PlanBook(
        school.id,
        school.title,
        tuple(tuple(cells[name] for name in COLUMNS) for cells in plan_rows(table.text).values()),
        choices(manual),
        tuple(
            (record.id, manual.model.title(record.type), record.title) for record in aims(manual)
        ),
        guide(manual, table),
    )


def too_long(book: PlanBook) -> tuple[Problem, ...]:
    """Cells of the plan that a workbook would cut off."""
    return tuple(
        Problem(
            f"{row[0]}, column '{name}'",
            f"The text has {len(cell)} characters; a cell of a workbook holds {LONGEST}.",
            "Shorten it in plan.csv, or keep it in a file of its own and name that here.",
        )
        for row in book.rows
        for name, cell in zip(COLUMNS, row, strict=True)
        if len(cell) > LONGEST
    )


def aims(manual: Manual) -> tuple[Record, ...]:
    """Every objective, each followed by its key results; then key results that measure none."""
    found: dict[str, Record] = {}
    for objective in manual.of_type("objective"):
        found[objective.id] = objective
        for result in manual.incoming(objective.id, "measures"):
            found.setdefault(result.id, result)
    for result in manual.of_type("key_result"):
        found.setdefault(result.id, result)
    return tuple(found.values())


def choices(manual: Manual) -> dict[str, tuple[str, ...]]:
    """The drop-downs: for each column that has one, what may be chosen, in the manual's order."""
    found: dict[str, tuple[str, ...]] = {}
    for name, column in COLUMNS.items():
        if column.form == "status":
            found[name] = STATUSES
        elif column.form == "ids":
            types = target_types(manual, name)
            records = aims(manual) if "objective" in types else records_of(manual, types)
            found[name] = tuple(record.id for record in records if record.type in types)
    return found


def target_types(manual: Manual, column: str) -> tuple[str, ...]:
    """The types of record a column's ids may name."""
    return manual.model.links[column].target_types


def records_of(manual: Manual, types: tuple[str, ...]) -> tuple[Record, ...]:
    """All records of these types."""
    return tuple(record for name in types for record in manual.of_type(name))


def in_page(manual: Manual, table: SchoolTable) -> tuple[Record, ...]:
    """The school's actions that are written in a page, not in its table."""
    return tuple(
        record
        for record in manual.incoming(table.school.id, "at")
        if record.type == "action" and record.file != table.file
    )


def guide(manual: Manual, table: SchoolTable) -> tuple[tuple[str, str], ...]:
    """The sheet that says how to fill in the plan, in plain words."""
    rows = [
        (table.school.title, ""),
        ("What to do", ""),
        ("1.", f"Write in the sheet '{PLAN}', one action a row. Change any cell except its id."),
        ("2.", "For a new action, use an empty row below the last one and leave its id empty."),
        ("3.", "Choose from the drop-downs. For several, type them with ; between: KR_A;KR_B."),
        ("4.", "Type dates as 2026-09-14."),
        ("5.", "To end an action, set its status to dropped and say why in notes."),
        (
            "6.",
            "Save as Excel workbook (.xlsx) and send the file back. You see what changes first.",
        ),
        ("Please do not", ""),
        ("-", "use formulas, merge cells, or hide or filter rows and columns: they are refused."),
        ("-", "write names of students or staff. Name roles."),
        ("The columns", ""),
        *((name, _meaning(name)) for name in COLUMNS),
        ("What status means", ""),
        ("planned", "Set for this year and not started."),
        ("active", "Under way."),
        ("done", "Finished."),
        ("paused", "Stopped for now; say in notes what it waits for."),
        ("dropped", "Stopped for good; say in notes why."),
    ]
    elsewhere = in_page(manual, table)
    if elsewhere:
        rows.append(("Actions written on the school's page: change them there", ""))
        rows += [(record.id, record.title) for record in elsewhere]
    rows.append(("Roles", ""))
    rows += [(record.id, record.title) for record in manual.of_type("role")]
    rows.append(("Protocols", ""))
    rows += [(record.id, record.title) for record in manual.of_type("protocol")]
    return tuple(rows)


def _meaning(name: str) -> str:
    if name == "id":
        return "The action's name for good. Leave it as it is; a new action gets one on import."
    must = " Always fill this in." if name in REQUIRED else ""
    return COLUMNS[name].meaning + must


#: What every action says, besides its id: by the table, and by the rules of `ubproject.toml`.
REQUIRED = ("title", "advances", "led_by", "status")


def header_note(name: str) -> str:
    """What the note on a column's heading says."""
    more = " Several are separated by ;" if COLUMNS[name].form == "ids" else ""
    return _meaning(name) + more


def shown(text: str, most: int | None = None) -> str:
    """Text on one line of a terminal: line breaks as ⏎, signs that could steer it spelled out."""
    one = "".join(
        "⏎" if sign == "\n" else sign if printable(sign) else f"\\u{ord(sign):04x}" for sign in text
    )
    return one if most is None or len(one) <= most else one[: most - 1] + "…"


def printable(sign: str) -> bool:
    """Whether a character may stand on a page: no control signs, no halves of characters."""
    return unicodedata.category(sign) not in ("Cc", "Cs", "Zl", "Zp")
