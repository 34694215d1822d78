"""What a workbook that comes back changes in a school's plan, or every cell that is in the way.

Three states are compared, field by field: the plan as it was exported (kept in the workbook), the
workbook, and the plan as it is now. So an edit made elsewhere since the export is kept, and an edit
of the same field in both places is reported and never decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from living_manual.core.model import STATUSES, Manual
from living_manual.core.sheet import (
    COLUMNS,
    EXPORTED,
    PLAN,
    REQUIRED,
    TABLE,
    Problem,
    SchoolTable,
    Sheet,
    SheetCell,
    clean,
    plan_rows,
    printable,
    records_of,
    shown,
    target_types,
)
from living_manual.core.sheet_cells import day_hint, nearest, read_cell
from living_manual.core.sheet_text import Edit, edited
from living_manual.core.tables import ID, read_table
from living_manual.core.words import listed, parse_day, plural

Book = Mapping[str, Sheet]
Cells = dict[str, str]

_AGAIN = "Export the school again and make the edits in the new workbook."


@dataclass(frozen=True, slots=True)
class Change:
    """An action added, removed or changed; `fields` are (column, old, new)."""

    kind: str
    id: str
    title: str
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SheetImport:
    """What importing a workbook does: the changes and the plan's new text; or the problems.

    `text` is None when nothing changes. `notes` are what a person should know besides.
    """

    changes: tuple[Change, ...] = ()
    text: str | None = None
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def school_of(book: Book) -> str | Problem:
    """The id of the school a workbook was exported for."""
    for cell in book[EXPORTED].cells if EXPORTED in book else ():
        if cell.ref == "B1" and cell.kind == "text":
            return str(cell.value).strip()
    return Problem(
        EXPORTED,
        "The workbook does not say which school it is for: its hidden sheet is gone.",
        "Use a workbook made by `manual sheet export`, with all its sheets.",
    )


def import_sheet(book: Book, manual: Manual, table: SchoolTable) -> SheetImport:
    """What the workbook changes in the school's table, which `read_table` finds good."""
    return _Import(manual, table, plan_rows(table.text)).run(book)


@dataclass(slots=True)
class _Row:
    """A row of the sheet: its number, its cells as compared, the columns already reported."""

    number: int
    cells: Cells
    faulty: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        return self.cells.get("id", "")


@dataclass
class _Import:
    """One import in the making."""

    manual: Manual
    table: SchoolTable
    current: Mapping[str, Cells]
    letters: dict[str, str] = field(default_factory=dict)
    problems: list[tuple[int, Problem]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def run(self, book: Book) -> SheetImport:
        """Read, match, compare; nothing but problems as soon as there is one."""
        before = self._exported(book)
        rows = self._rows(book[PLAN]) if PLAN in book else []
        if PLAN not in book:
            self._say(
                0,
                PLAN,
                f"There is no sheet '{PLAN}'.",
                f"Give the sheet with the actions its name '{PLAN}' again, or export once more.",
            )
        if self.problems and not rows:
            return self._refused()
        self._ids(rows, before)
        changed, gone = self._known(rows, before)
        added = self._added(rows, before)
        self._checked(rows, before)
        if self.problems:
            return self._refused()
        return self._result(changed, gone, added)

    # ------------------------------------------------------------ saying

    def _say(self, row: int, place: str, message: str, fix: str) -> None:
        self.problems.append((row, Problem(place, message, fix)))

    def _at(self, row: _Row, column: str, message: str, fix: str) -> None:
        """Report a cell, once: the first thing wrong with it is what to mend."""
        if column not in row.faulty:
            row.faulty.add(column)
            ref = f"{self.letters.get(column, '')}{row.number}"
            self._say(row.number, f"{PLAN}!{ref}", message, fix)

    def _refused(self) -> SheetImport:
        ordered = sorted(self.problems, key=lambda pair: (pair[0], _across(pair[1].place)))
        return SheetImport(problems=tuple(dict.fromkeys(problem for _, problem in ordered)))

    # ------------------------------------------------------------ reading

    def _exported(self, book: Book) -> dict[str, Cells]:
        """The plan as it was when the workbook was made, by id."""
        grid: dict[int, Cells] = {}
        for cell in book[EXPORTED].cells if EXPORTED in book else ():
            grid.setdefault(cell.row, {})[cell.column] = str(cell.value)
        head = grid.pop(2, {})
        grid.pop(1, None)
        if sorted(head.values()) != sorted(COLUMNS):
            self._say(
                0,
                EXPORTED,
                "The hidden sheet is not as this kit wrote it.",
                f"The workbook was changed there or comes from another version. {_AGAIN}",
            )
            return {}
        found = (
            {name: clean(name, cells.get(letters, "")) for letters, name in head.items()}
            for cells in grid.values()
        )
        return {cells["id"]: cells for cells in found}

    def _rows(self, sheet: Sheet) -> list[_Row]:
        """The rows that say something; none when the header cannot be trusted."""
        self._layout(sheet)
        head = [cell for cell in sheet.cells if cell.row == 1]
        names = self._header(head)
        if names is None:
            return []
        grid: dict[int, _Row] = {}
        for cell in sheet.cells:
            if cell.row == 1 or (cell.kind == "text" and not str(cell.value).strip()):
                continue
            row = grid.setdefault(cell.row, _Row(cell.row, dict.fromkeys(COLUMNS, "")))
            name = names.get(cell.column)
            if name is None:
                self._say(
                    cell.row,
                    f"{PLAN}!{cell.ref}",
                    f"'{_quote(cell)}' stands beside the table, under no heading.",
                    "Move it into a column of the table, such as notes, or clear the cell.",
                )
                continue
            text, wrong = read_cell(cell, COLUMNS[name].form)
            row.cells[name] = clean(name, text)
            if wrong:
                self._at(row, name, *wrong)
        return [
            grid[number]
            for number in sorted(grid)
            if any(grid[number].cells.values()) or grid[number].faulty
        ]

    def _layout(self, sheet: Sheet) -> None:
        if sheet.hidden:
            self._say(0, PLAN, "The sheet is hidden.", "Show it, look at it, and save again.")
        for merged in sheet.merged:
            self._say(
                _row_of(merged),
                f"{PLAN}!{merged}",
                "These cells are merged into one.",
                "Take the merge off (Format, Merge cells) and write in each cell what it says.",
            )
        said = [cell for cell in sheet.cells if cell.kind != "text" or str(cell.value).strip()]
        for number in sorted({cell.row for cell in said} & sheet.hidden_rows):
            self._say(
                number,
                f"{PLAN}!{number}:{number}",
                f"Row {number} is hidden, by hand or by a filter.",
                "Show all rows, check this one, and save again.",
            )
        for letters in sorted({cell.column for cell in said} & sheet.hidden_columns):
            self._say(
                0,
                f"{PLAN}!{letters}:{letters}",
                f"Column {letters} is hidden.",
                "Show all columns, check this one, and save again.",
            )

    def _header(self, cells: list[SheetCell]) -> dict[str, str] | None:
        """Column names by letters; None when one is missing, unknown or there twice."""
        names: dict[str, str] = {}
        good = True
        for cell in cells:
            name = str(cell.value).strip() if cell.kind == "text" else ""
            if name in names.values():
                fix = f"Remove one of the two columns. {_AGAIN}"
                self._say(1, f"{PLAN}!{cell.ref}", f"The column '{name}' is there twice.", fix)
                good = False
            elif name in COLUMNS:
                names[cell.column] = name
            elif name or cell.kind != "text":
                near = get_close_matches(name, COLUMNS, n=1)
                self._say(
                    1,
                    f"{PLAN}!{cell.ref}",
                    f"There is no column '{_quote(cell)}' in a plan.",
                    f"Change the heading back to '{near[0]}'."
                    if near
                    else "Remove the column; write what it holds in notes.",
                )
                good = False
        for name in COLUMNS:
            if name not in names.values():
                fix = f"Write the heading '{name}' in row 1 again. {_AGAIN}"
                self._say(1, f"{PLAN}!1:1", f"The column '{name}' is missing.", fix)
                good = False
        self.letters = {name: letters for letters, name in names.items()}
        return names if good else None

    # ------------------------------------------------------------ matching

    def _ids(self, rows: list[_Row], before: Mapping[str, Cells]) -> None:
        """Report ids that are no ids, stand twice or belong elsewhere; find lost ones."""
        first: dict[str, _Row] = {}
        for row in rows:
            if not row.id or "id" in row.faulty:
                continue
            if row.id in first:
                self._at(
                    row,
                    "id",
                    f"{row.id} stands in row {first[row.id].number} too.",
                    "Keep it for the action it belongs to. For a new action, leave the id empty.",
                )
                continue
            first[row.id] = row
            if row.id not in self.current and row.id not in before:
                self._foreign_id(row)
        absent = {row_id: cells for row_id, cells in self.current.items() if row_id not in first}
        for row in rows:
            if row.faulty or row.id in self.current or row.id in before:
                continue
            self._lost_id(row, absent)

    def _foreign_id(self, row: _Row) -> None:
        prefix = self.manual.model.types[TABLE.type].prefix
        record = self.manual.get(row.id)
        leave = "Leave the id empty: a new action gets one when the workbook is imported."
        if not (ID.fullmatch(row.id) and row.id.startswith(prefix)):
            self._at(row, "id", f"'{shown(row.id, 60)}' is not the id of an action.", leave)
        elif record and self.table.school.id in record.to("at"):
            self._at(
                row,
                "id",
                f"{row.id} is written on the school's page ({record.file}), not in its table.",
                "Change it there, and clear this row.",
            )
        elif record:
            schools = self.manual.linked(record, "at")
            whose = listed([school.title for school in schools]) or record.file
            self._at(row, "id", f"{row.id} belongs to {shown(whose, 60)}.", leave)

    def _lost_id(self, row: _Row, absent: dict[str, Cells]) -> None:
        """Give a row back the id of the action it plainly is, or ask."""
        title = row.cells["title"].casefold()
        for row_id, cells in absent.items():
            if not title or cells["title"].casefold() != title:
                continue
            rest = [name for name in COLUMNS if name != "id"]
            if not row.id and all(row.cells[name] == cells[name] for name in rest):
                # A new row that an earlier import of this workbook has already given an id.
                row.cells["id"] = row_id
                del absent[row_id]
                return
            said = f"The id was changed from {row_id}" if row.id else f"The id {row_id} is missing"
            self._at(
                row,
                "id",
                f"{said}: the plan has this title under {row_id}.",
                f"Write {row_id} here. If this is another action, give it another title.",
            )
            return

    # ------------------------------------------------------------ comparing

    def _known(
        self, rows: list[_Row], before: Mapping[str, Cells]
    ) -> tuple[dict[str, Cells], frozenset[str]]:
        """The changed fields of actions that the plan has, and the actions to remove."""
        changed: dict[str, Cells] = {}
        for row in rows:
            now, then = self.current.get(row.id), before.get(row.id)
            if now is None:
                if then is not None:
                    self._removed_elsewhere(row, then)
                continue
            edits = self._edits(row, now, then or now)
            if edits:
                changed[row.id] = edits
        there = {row.id for row in rows}
        gone = [row_id for row_id in self.current if row_id in before and row_id not in there]
        for row_id in gone:
            self._may_go(row_id, before[row_id])
        kept = [row.id for row in rows if row.id in self.current]
        if kept != [row_id for row_id in self.current if row_id in set(kept)]:
            self.notes.append("The rows stand in another order; the plan keeps its own.")
        return changed, frozenset(gone)

    def _edits(self, row: _Row, now: Cells, then: Cells) -> Cells:
        found: Cells = {}
        for name, cell in row.cells.items():
            if name in row.faulty or cell in (then[name], now[name]):
                continue
            if now[name] != then[name]:
                self._at(
                    row,
                    name,
                    f"Since the export, {name} became '{shown(now[name], 60)}' in the plan; "
                    f"the workbook says '{shown(cell, 60)}'.",
                    f"To keep the plan's, write it here too. Otherwise: {_AGAIN}",
                )
            else:
                found[name] = cell
        return found

    def _removed_elsewhere(self, row: _Row, then: Cells) -> None:
        if row.cells == then:
            self.notes.append(f"{row.id} was removed from the plan since the export; so it stays.")
        else:
            self._at(
                row,
                "id",
                f"{row.id} was changed here, but was removed from the plan since the export.",
                f"Clear the row. To have the action back: {_AGAIN}",
            )

    def _may_go(self, row_id: str, then: Cells) -> None:
        back = f"Put the row back (status dropped ends an action). {_AGAIN}"
        if self.current[row_id] != then:
            message = f"{row_id} is not in the sheet, but was changed in the plan since the export."
            self._say(0, PLAN, message, back)
        using = [
            f"{record.id} ({record.file}:{record.line})" for record in self.manual.incoming(row_id)
        ]
        using += [f"{ref.page}.md" for ref in self.manual.mentions.get(row_id, ())]
        if using:
            message = f"{row_id} is not in the sheet, but {listed(using)} links to it."
            self._say(0, PLAN, message, f"{back} Or take the link away first.")

    def _added(
        self, rows: list[_Row], before: Mapping[str, Cells]
    ) -> list[tuple[str | None, Cells]]:
        """New actions with their ids, each after the known action above it."""
        added: list[tuple[str | None, Cells]] = []
        above: str | None = None
        taken = {*self.manual.records, *self.current, *before, *(row.id for row in rows)}
        fresh = next_ids(self.table.school.id, taken)
        for row in rows:
            if row.id in self.current:
                above = row.id
            elif row.id not in before:
                cells = row.cells if row.id else {**row.cells, "id": next(fresh)}
                added.append((above, cells))
        return added

    # ------------------------------------------------------------ checking

    def _checked(self, rows: list[_Row], before: Mapping[str, Cells]) -> None:
        """Every cell that would stand in the plan; not those that the plan overrides."""
        for row in rows:
            now, then = self.current.get(row.id), before.get(row.id)
            if now is None and then is not None:
                continue
            for name, cell in row.cells.items():
                if name == "id" or (now and then and cell == then[name] != now[name]):
                    continue
                if not cell:
                    if name in REQUIRED:
                        message = f"'{name}' is empty, and every action has one."
                        self._at(row, name, message, COLUMNS[name].meaning)
                    continue
                wrong = self._wrong(name, cell, is_new=not now or cell != now[name])
                if wrong:
                    self._at(row, name, *wrong)

    def _wrong(self, name: str, cell: str, *, is_new: bool) -> tuple[str, str] | None:
        """What is wrong with a cell and how to mend it, or None."""
        form = COLUMNS[name].form
        if form == "ids":
            return self._wrong_ids(name, cell)
        if form == "status" and cell not in STATUSES:
            near = get_close_matches(cell.lower(), STATUSES, n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            return (
                f"'{shown(cell, 60)}' is not a status.",
                f"{hint}Choose from the drop-down: {', '.join(STATUSES)}.",
            )
        if form == "date" and parse_day(cell) is None:
            return f"'{shown(cell, 60)}' is not a day written as 2026-10-15.", day_hint(cell)
        strange = next((s for s in cell if not printable(s) and s not in "\n\t"), None)
        if is_new and strange:
            return (
                f"The text holds the sign U+{ord(strange):04X}, which no page can show.",
                "Delete it; it often comes with text copied from elsewhere. Or type it again.",
            )
        if is_new and name == "title" and "\n" in cell:
            return "The title has more than one line.", "Write it in one line."
        return None

    def _wrong_ids(self, name: str, cell: str) -> tuple[str, str] | None:
        types = target_types(self.manual, name)
        parts = re.split(r"[;,\s]+", cell)
        if ";".join(parts) != cell and all(
            (found := self.manual.get(part)) and found.type in types for part in parts
        ):
            return (
                f"The ids in '{shown(cell, 60)}' are not separated by ;",
                f"Write {';'.join(parts)}",
            )
        for part in cell.split(";"):
            record = self.manual.get(part)
            names = listed([self.manual.model.title(t).lower() for t in types], "or")
            if record is None:
                return (
                    f"There is no {names} '{shown(part, 60)}'.",
                    nearest(part, records_of(self.manual, types)),
                )
            if record.type not in types:
                title = self.manual.model.title(record.type).lower()
                return (
                    f"{part} is {_a(title)}; {name} takes {_a(names)}.",
                    nearest(part, records_of(self.manual, types)),
                )
        return None

    # ------------------------------------------------------------ the result

    def _result(
        self,
        changed: Mapping[str, Cells],
        gone: frozenset[str],
        added: list[tuple[str | None, Cells]],
    ) -> SheetImport:
        changes = [
            Change(
                "changed",
                row_id,
                edits.get("title", self.current[row_id]["title"]),
                tuple((name, self.current[row_id][name], new) for name, new in edits.items()),
            )
            for row_id, edits in changed.items()
        ]
        changes += [
            Change("removed", row_id, cells["title"])
            for row_id, cells in self.current.items()
            if row_id in gone
        ]
        changes += [
            Change(
                "added",
                cells["id"],
                cells["title"],
                tuple((name, "", cell) for name, cell in cells.items() if cell and name != "id"),
            )
            for _, cells in added
        ]
        if not changes:
            return SheetImport(notes=tuple(self.notes))
        edit = Edit(changed, gone, added)
        text = edited(self.table.text or "", list(COLUMNS), edit)
        prefix = self.manual.model.types[TABLE.type].prefix
        # Never written unless the manual itself can read it: a fault of ours would show here.
        _, findings = read_table(TABLE, text, self.table.file, prefix)
        problems = tuple(Problem(found.place, found.message, found.fix) for found in findings)
        if problems:
            return SheetImport(problems=problems)
        return SheetImport(tuple(changes), text, tuple(self.notes))


def next_ids(school: str, taken: set[str]) -> Iterator[str]:
    """Free ids for new actions of a school, counted on from the highest it has used."""
    stem = f"ACT_{school.removeprefix('SCH_')}_"
    numbers = [
        int(name.removeprefix(stem))
        for name in taken
        if re.fullmatch(re.escape(stem) + "[0-9]{1,6}", name)
    ]
    number = max(numbers, default=0)
    while True:
        number += 1
        yield f"{stem}{number:02}"


def summary(changes: tuple[Change, ...]) -> str:
    """`2 actions added, 1 removed, 3 changed.`; what is none is left out."""
    counts = [
        (sum(change.kind == kind for change in changes), kind)
        for kind in ("added", "removed", "changed")
    ]
    (first, kind), *others = [pair for pair in counts if pair[0]]
    parts = [f"{plural(first, 'action')} {kind}", *(f"{count} {kind}" for count, kind in others)]
    return ", ".join(parts) + "."


def _quote(cell: SheetCell) -> str:
    return shown(str(cell.value), 60)


def _a(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeio' else 'a'} {noun}"


def _across(place: str) -> tuple[int, str]:
    """Where a place stands in its row: the whole row first, then A, B, ... AA."""
    letters = re.sub("[^A-Z].*", "", place.partition("!")[2])
    return len(letters), letters


def _row_of(ref: str) -> int:
    found = re.search(r"\d+", ref)
    return int(found.group()) if found else 0
