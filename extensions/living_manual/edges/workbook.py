"""The one door to spreadsheets: a `PlanBook` as an .xlsx file, an .xlsx file as plain values.

Values that come in are told by kind and never interpreted here; what a workbook computes, hides or
links to is never followed. The same plan gives the same bytes.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from living_manual.core.sheet import (
    COLUMNS,
    EXPORTED,
    GUIDE,
    LISTS,
    OBJECTIVES,
    PLAN,
    SPARE_ROWS,
    PlanBook,
    Sheet,
    SheetCell,
    header_note,
)
from living_manual.core.words import parse_day

#: A plan has some ten kilobytes. What unpacks to more than this was not made by a school.
MOST_BYTES = 20_000_000
MOST_UNPACKED = 200_000_000
MOST_PARTS = 2_000

#: The day every workbook says it was made on: the same plan, the same bytes.
_MADE = datetime(2000, 1, 1)
_MADE_IN_ZIP = (2000, 1, 1, 0, 0, 0)

_WIDTHS: Mapping[str, int] = {
    "id": 20,
    "title": 40,
    "advances": 36,
    "uses": 36,
    "led_by": 30,
    "backed_up_by": 30,
    "status": 12,
    "starts": 13,
    "due": 13,
    "funding": 22,
}
_WIDTH = 46
_INK, _GROUND, _QUIET = "FF1F2933", "FFE3EBEE", "FFF3F5F6"


class WorkbookError(Exception):
    """A file that cannot be read as a workbook; the message says what to do."""


# -------------------------------------------------------------------- reading


def read_workbook(path: Path) -> dict[str, Sheet]:
    """The sheets that an import looks at, by name. Raises `WorkbookError`."""
    data = _bytes(path)
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    try:
        with warnings.catch_warnings():
            # openpyxl warns of what it does not keep (extensions, odd dates): nothing is kept here.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), keep_links=False)
            return {
                name: _sheet(book[name])
                for name in (PLAN, EXPORTED)
                if name in book.sheetnames and hasattr(book[name], "merged_cells")
            }
    except Exception as error:
        # A damaged file makes openpyxl raise nearly anything; all of it means the same.
        raise WorkbookError(_not_a_workbook(path, "it is damaged")) from error


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise WorkbookError(f"{path} is too large for a plan. Export the school again.")
        data = path.read_bytes()
    except OSError as error:
        raise WorkbookError(f"{path} cannot be read: {error.strerror}.") from error
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise WorkbookError(_not_a_workbook(path, "it has a password or is of an old form (.xls)"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            infos = parts.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise WorkbookError(_not_a_workbook(path, "it is of another form")) from error
    # zipfile unpacks no more of a part than the list says, so the list can be believed.
    if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise WorkbookError(f"{path} unpacks to too much for a plan. Export the school again.")
    return data


def _not_a_workbook(path: Path, why: str) -> str:
    return (
        f"{path} cannot be read as a workbook: {why}. Open it in the spreadsheet and save it as "
        "Excel workbook (.xlsx), without a password."
    )


def _sheet(sheet: Any) -> Sheet:
    # Only cells that are there: one cell far down must not make a million empty ones.
    found = (_cell(cell) for _, cell in sorted(sheet._cells.items()))
    cells = tuple(cell for cell in found if cell)
    columns = {cell.column for cell in cells}
    return Sheet(
        cells,
        tuple(sorted(str(merged) for merged in sheet.merged_cells.ranges)),
        frozenset(number for number, row in sheet.row_dimensions.items() if row.hidden),
        frozenset(columns & _hidden_columns(sheet, columns)),
        sheet.sheet_state != "visible",
    )


def _hidden_columns(sheet: Any, columns: set[str]) -> set[str]:
    from openpyxl.utils import column_index_from_string  # type: ignore[import-untyped]

    spans = [
        (column.min or column_index_from_string(letters), column.max)
        for letters, column in sheet.column_dimensions.items()
        if column.hidden
    ]
    return {
        letters
        for letters in columns
        for first, last in spans
        if first <= column_index_from_string(letters) <= (last or first)
    }


def _cell(cell: Any) -> SheetCell | None:
    """A cell as a plain value and its kind; None when it is empty."""
    value, ref = cell.value, str(cell.coordinate)
    if value is None:
        return None
    if cell.data_type == "f":
        return SheetCell(ref, str(getattr(value, "text", None) or value), "formula")
    if cell.data_type == "e":
        return SheetCell(ref, str(value), "error")
    if isinstance(value, bool):
        return SheetCell(ref, value, "flag")
    if isinstance(value, datetime) and value.time() == time():
        return SheetCell(ref, value.date(), "date")
    if isinstance(value, datetime):
        return SheetCell(ref, value.isoformat(" ", "seconds"), "time")
    if isinstance(value, date):
        return SheetCell(ref, value, "date")
    if isinstance(value, (time, timedelta)):
        return SheetCell(ref, str(value), "time")
    if isinstance(value, (int, float)):
        plain = cell.number_format in ("General", "GENERAL", "@", "0")
        return SheetCell(ref, value, "number" if plain else "formatted")
    return SheetCell(ref, _unescaped(str(value)), "text")


_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def _unescaped(text: str) -> str:
    """Text as it was typed: the file spells signs that XML cannot hold as `_x000D_`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _escaped(text: str) -> str:
    """Text as the file must spell it; `_unescaped` gives it back."""
    text = _ESCAPED.sub(lambda found: "_x005F" + found[0], text)
    return re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", lambda found: f"_x{ord(found[0]):04X}_", text)


# -------------------------------------------------------------------- writing


def workbook_bytes(book: PlanBook) -> bytes:
    """The workbook as a file; the same for the same plan."""
    from openpyxl import Workbook

    made = Workbook()
    made.properties.creator = "Living Manual"
    made.properties.title = book.title
    made.properties.created = _MADE
    plan = made.active
    plan.title = PLAN
    lists = made.create_sheet(LISTS)
    ranges = _fill_lists(lists, book.choices)
    _fill_plan(plan, book, ranges)
    _fill_guide(made.create_sheet(GUIDE, 1), book)
    _fill_objectives(made.create_sheet(OBJECTIVES, 2), book)
    _fill_exported(made.create_sheet(EXPORTED), book)
    for name in (LISTS, EXPORTED):
        made[name].sheet_state = "hidden"
    for name in (GUIDE, OBJECTIVES, LISTS, EXPORTED):
        made[name].protection.sheet = True
    out = io.BytesIO()
    made.save(out)
    return _settled(out.getvalue())


def _write(sheet: Any, row: int, column: int, text: str) -> Any:
    """Put text in a cell as text: what starts with = is no formula, what reads #N/A no error."""
    cell = sheet.cell(row, column)
    if text:
        cell.value = _escaped(text)
        cell.data_type = "s"
    return cell


def _fill_plan(sheet: Any, book: PlanBook, ranges: Mapping[str, str]) -> None:
    from openpyxl.comments import Comment  # type: ignore[import-untyped]
    from openpyxl.styles import Alignment, Protection  # type: ignore[import-untyped]
    from openpyxl.utils import get_column_letter

    last = 1 + len(book.rows) + SPARE_ROWS
    top = Alignment(wrap_text=True, vertical="top", horizontal="left")
    for number, (name, column) in enumerate(COLUMNS.items(), start=1):
        letters = get_column_letter(number)
        sheet.column_dimensions[letters].width = _WIDTHS.get(name, _WIDTH)
        note = Comment(header_note(name), "Living Manual", height=110, width=260)
        head = _heading(sheet, 1, number, name)
        head.comment = note
        for row in range(2, last + 1):
            text = book.rows[row - 2][number - 1] if row - 2 < len(book.rows) else ""
            day = parse_day(text) if column.form == "date" else None
            cell = sheet.cell(row, number) if day else _write(sheet, row, number, text)
            cell.alignment = top
            # Text stays text: a spreadsheet makes a date of "3-5" and a number of "007".
            cell.number_format = "yyyy-mm-dd" if column.form == "date" else "@"
            if day and day.year >= 1901:
                cell.value = datetime(day.year, day.month, day.day)
            elif day:
                _write(sheet, row, number, text)
            if column.form == "id":
                cell.fill = _fill(_QUIET)
            else:
                cell.protection = Protection(locked=False)
        choice = _choice(name, ranges) if name in ranges else None
        if column.form == "date":
            choice = _day_check()
        if choice:
            choice.add(f"{letters}2:{letters}{last}")
            sheet.add_data_validation(choice)
    sheet.freeze_panes = "C2"
    sheet.row_dimensions[1].height = 24
    for row, cells in enumerate(book.rows, start=2):
        sheet.row_dimensions[row].height = 15 * _lines(cells)
    protection = sheet.protection
    protection.sheet = True
    # In this form False means "allowed".
    for freedom in ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows"):
        setattr(protection, freedom, False)
    _fit(sheet, pages=2)
    sheet.print_title_rows, sheet.print_title_cols = "1:1", "A:B"


def _fit(sheet: Any, pages: int) -> None:
    """Print it so many pages wide, and as long as it is."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _lines(cells: tuple[str, ...]) -> int:
    """How many lines a row needs, about: a spreadsheet counts only when somebody types."""
    return max(
        sum(1 + int(len(line) / (0.85 * _WIDTHS.get(name, _WIDTH))) for line in cell.split("\n"))
        for name, cell in zip(COLUMNS, cells, strict=True)
    )


def _choice(name: str, ranges: Mapping[str, str]) -> Any:
    """A drop-down. Where several ids may stand in a cell, other text gets a question, not a no."""
    from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]

    several = COLUMNS[name].form == "ids"
    return DataValidation(
        type="list",
        formula1=ranges[name],
        allow_blank=True,
        showErrorMessage=True,
        errorStyle="warning" if several else "stop",
        errorTitle="Not on the list",
        error="Several ids with ; between them are fine: KR_A;KR_B. Otherwise choose from the list."
        if several
        else "Choose from the list.",
    )


def _day_check() -> Any:
    from openpyxl.worksheet.datavalidation import DataValidation

    return DataValidation(
        type="date",
        operator="between",
        formula1="DATE(2000,1,1)",
        formula2="DATE(2099,12,31)",
        allow_blank=True,
        showErrorMessage=True,
        errorStyle="stop",
        errorTitle="Not a day",
        error="Type the day as 2026-09-14: year, month, day.",
    )


def _fill_lists(sheet: Any, choices: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """A column of words for each drop-down, and where each is."""
    from openpyxl.utils import get_column_letter

    ranges: dict[str, str] = {}
    for number, (name, words) in enumerate(choices.items(), start=1):
        letters = get_column_letter(number)
        _heading(sheet, 1, number, name)
        sheet.column_dimensions[letters].width = 34
        for row, word in enumerate(words, start=2):
            _write(sheet, row, number, word)
        if words:
            ranges[name] = f"{LISTS}!${letters}$2:${letters}${len(words) + 1}"
    return ranges


def _fill_guide(sheet: Any, book: PlanBook) -> None:
    from openpyxl.styles import Alignment

    sheet.column_dimensions["A"].width = 34
    sheet.column_dimensions["B"].width = 96
    sheet.sheet_view.showGridLines = False
    for row, (left, right) in enumerate(book.guide, start=1):
        first, second = _write(sheet, row, 1, left), _write(sheet, row, 2, right)
        second.alignment = Alignment(wrap_text=True, vertical="top")
        first.alignment = Alignment(vertical="top")
        if not right:
            first.font = _font(16 if row == 1 else 13, bold=True)
            first.alignment = Alignment(vertical="bottom")
            sheet.row_dimensions[row].height = 28
    _fit(sheet, pages=1)


def _fill_objectives(sheet: Any, book: PlanBook) -> None:
    from openpyxl.styles import Alignment

    for number, (name, width) in enumerate((("id", 36), ("what", 14), ("title", 96)), start=1):
        _heading(sheet, 1, number, name)
        sheet.column_dimensions["ABC"[number - 1]].width = width
    for row, (record_id, kind, title) in enumerate(book.objectives, start=2):
        for number, text in enumerate((record_id, kind, title), start=1):
            cell = _write(sheet, row, number, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = _font(bold=record_id.startswith("OBJ_"))
    _fit(sheet, pages=1)
    sheet.freeze_panes = "A2"


def _fill_exported(sheet: Any, book: PlanBook) -> None:
    """The plan as exported, all of it text: what an import compares with."""
    grid = (("school", book.school), tuple(COLUMNS), *book.rows)
    for row, texts in enumerate(grid, start=1):
        for number, text in enumerate(texts, start=1):
            _write(sheet, row, number, text).number_format = "@"


def _heading(sheet: Any, row: int, column: int, text: str) -> Any:
    from openpyxl.styles import Alignment

    cell = _write(sheet, row, column, text)
    cell.font = _font(bold=True)
    cell.fill = _fill(_GROUND)
    cell.alignment = Alignment(vertical="center")
    return cell


def _font(size: int = 11, *, bold: bool) -> Any:
    from openpyxl.styles import Font

    return Font(name="Calibri", size=size, bold=bold, color=_INK)


def _fill(colour: str) -> Any:
    from openpyxl.styles import PatternFill

    return PatternFill("solid", fgColor=colour)


_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def _settled(data: bytes) -> bytes:
    """The same workbook without the moment it was written; its rows may grow with their text."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for info in before.infolist():
            part = before.read(info)
            if info.filename == "docProps/core.xml":
                part = _MODIFIED.sub(rb"\g<1>" + f"{_MADE.isoformat()}Z".encode(), part)
            if info.filename.startswith("xl/worksheets/sheet"):
                part = part.replace(b' customHeight="1"', b"")
            kept = zipfile.ZipInfo(info.filename, _MADE_IN_ZIP)
            kept.compress_type = zipfile.ZIP_DEFLATED
            kept.external_attr = 0o600 << 16
            after.writestr(kept, part)
    return out.getvalue()


def differs(path: Path, data: bytes) -> bool:
    """Whether something else is there already: it may hold somebody's work."""
    return path.exists() and not (path.is_file() and path.read_bytes() == data)


def save_workbook(path: Path, data: bytes) -> bool:
    """Write a workbook whole or not at all; False when the same one is there already."""
    if path.exists() and not differs(path, data):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_bytes(data)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return True
