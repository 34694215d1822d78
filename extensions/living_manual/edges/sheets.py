"""Sheets of rows as a workbook (.xlsx) to be read, filtered and sorted; nothing in it is computed.

XlsxWriter makes the book with the heads of its sheets, once for all books of a shape; the rows are
put into the finished file from a template. Through XlsxWriter they take seven times as long, which
for 200 schools is an eighth of the whole build. The same sheets give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from living_manual.core.table import BookSheet, Cell, DataTable

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: The day every workbook says it was made on: the same sheets, the same bytes.
_MADE = datetime(2000, 1, 1)
_PACKED = (1980, 1, 1, 0, 0, 0)
#: Signs that a spreadsheet takes in one cell, and what stands for the rest.
_MOST, _REST = 32_767, " ..."
#: The narrowest and widest column, in letters.
_NARROW, _WIDE, _WIDEST = 10, 60, 120
_PART, _BOOK = "xl/worksheets/sheet{}.xml", "xl/workbook.xml"
#: The row down to which a sheet is filtered, in the book.
_RANGE = re.compile(r'(localSheetId="(\d+)" hidden="1">[^<]*\$)\d+<')
_UNFIT = re.compile("_x[0-9A-Fa-f]{4}_|[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def workbook_bytes(sheets: Sequence[BookSheet], title: str) -> bytes:
    """The workbook as a file; text is never a formula, a link or a number."""
    still, parts = _frame(
        title, tuple((sheet.name, sheet.plain, sheet.table.columns) for sheet in sheets)
    )
    packed = io.BytesIO(still)
    with zipfile.ZipFile(packed, "a") as book:
        for nth, sheet in enumerate(sheets, 1):
            name = _PART.format(nth)
            _pack(book, name, _with_rows(parts[name], sheet))
        _pack(book, _BOOK, _with_ranges(parts[_BOOK], sheets))
    return packed.getvalue()


def _pack(book: zipfile.ZipFile, name: str, part: str) -> None:
    entry = zipfile.ZipInfo(name, _PACKED)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    book.writestr(entry, part, compresslevel=3)


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that a spreadsheet takes: without its special signs, at most 31 letters, only once."""
    plain = "".join(" " if sign in "[]:*?/\\" else sign for sign in wanted).strip(" '") or "Sheet"
    name, nth = plain[:31], 1
    while name.casefold() in taken or name.casefold() == "history":  # Excel keeps that one
        nth += 1
        name = f"{plain[:27]} {nth}"
    return name


@lru_cache(maxsize=64)
def _frame(
    title: str, shapes: tuple[tuple[str, bool, tuple[str, ...]], ...]
) -> tuple[bytes, Mapping[str, str]]:
    """What all workbooks with these sheets and columns share: a file without the parts that differ.

    The parts that differ (the sheets, and the book, which says how far each is filtered) are given
    beside it as texts. Hundreds of views have the same few shapes.
    """
    sheets = [BookSheet(name, DataTable(columns, ()), plain) for name, plain, columns in shapes]
    differing = {_BOOK, *(_PART.format(nth) for nth in range(1, len(sheets) + 1))}
    packed, parts = io.BytesIO(), {}
    with (
        zipfile.ZipFile(io.BytesIO(_heads(sheets, title))) as frame,
        zipfile.ZipFile(packed, "w") as book,
    ):
        for name in frame.namelist():
            part = frame.read(name).decode("utf-8")
            if name in differing:
                parts[name] = part
            else:
                _pack(book, name, part)
    return packed.getvalue(), parts


def _heads(sheets: Sequence[BookSheet], title: str) -> bytes:
    """The workbook with its sheets, the first row of each, and what is to be set of them."""
    made = io.BytesIO()
    book = Workbook(made, {"in_memory": True})
    book.set_properties({"title": title, "author": "Living Manual", "created": _MADE})
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E3EBEE", "bottom": 1}
    )
    names: set[str] = set()
    for sheet in sheets:
        name = sheet_name(sheet.name, names)
        names.add(name.casefold())
        _set_up(book.add_worksheet(name), sheet, head)
    book.close()
    return made.getvalue()


def _set_up(page: Worksheet, sheet: BookSheet, head: Format) -> None:
    columns, last = sheet.table.columns, len(sheet.table.columns) - 1
    for column, name in enumerate(columns):
        page.write_string(0, column, name, head)
    page.set_column(0, last, _NARROW)
    page.freeze_panes(1, 0 if sheet.plain else 1)
    if not sheet.plain:
        page.autofilter(0, 0, 1, last)


def _widths(sheet: BookSheet) -> list[int]:
    """Wide enough for most of what the first rows hold; the sheet to be read shows all of it."""
    shown, most = sheet.table.rows[:50], _WIDEST if sheet.plain else _WIDE
    return [
        min(max([_NARROW, len(name) + 3, *(len(str(row[nth] or "")) + 1 for row in shown)]), most)
        for nth, name in enumerate(sheet.table.columns)
    ]


@lru_cache(maxsize=1)
def _measures() -> Sequence[str]:
    """What XlsxWriter writes for a column of each width in letters, from 0 to the widest."""
    made = io.BytesIO()
    book = Workbook(made, {"in_memory": True})
    page = book.add_worksheet()
    for width in range(1, _WIDEST + 1):
        page.set_column(width, width, width)
    book.close()
    with zipfile.ZipFile(made) as file:
        part = file.read(_PART.format(1)).decode("utf-8")
    return ["", *re.findall(r'<col min="\d+" max="\d+" (width="[^>]*)/>', part)]


def _columns(sheet: BookSheet) -> str:
    """The columns of a sheet with their widths; neighbours of the same width in one."""
    made, first = [], 1
    for width, group in groupby(_widths(sheet)):
        last = first + sum(1 for _ in group) - 1
        made.append(f'<col min="{first}" max="{last}" {_measures()[width]}/>')
        first = last + 1
    return f"<cols>{''.join(made)}</cols>"


def _with_ranges(part: str, sheets: Sequence[BookSheet]) -> str:
    """The book as XlsxWriter made it, each sheet filtered down to its last row."""
    return _RANGE.sub(lambda found: f"{found[1]}{_last_row(sheets[int(found[2])])}<", part)


def _last_row(sheet: BookSheet) -> int:
    """The last row of a filter; there is one below the head, also when nothing stands in it."""
    return max(len(sheet.table.rows), 1) + 1


def _with_rows(part: str, sheet: BookSheet) -> str:
    """A sheet as XlsxWriter made it, its columns as wide as they need, rows below its head."""
    before, end, after = part.partition("</sheetData>")
    rows, last = sheet.table.rows, xl_col_to_name(len(sheet.table.columns) - 1)
    size = f'<dimension ref="A1:{last}{len(rows) + 1}"/>'
    before = re.sub(r'<dimension ref="[^"]*"/>', size, before)
    before = re.sub("<cols>.*</cols>", _columns(sheet), before)
    after = after.replace(f'"A1:{last}2"', f'"A1:{last}{_last_row(sheet)}"')
    letters = [xl_col_to_name(column) for column in range(len(sheet.table.columns))]
    return "".join(
        [before, *(_row(at, letters, row) for at, row in enumerate(rows, 2)), end, after]
    )


def _row(at: int, letters: Sequence[str], row: Sequence[Cell]) -> str:
    cells = [
        f'<c r="{letter}{at}"{_held(cell)}</c>'
        for letter, cell in zip(letters, row, strict=True)
        if cell is not None and cell != ""
    ]
    return f'<row r="{at}">{"".join(cells)}</row>'


@lru_cache(maxsize=16_384, typed=True)
def _held(cell: str | int | float) -> str:
    """What stands in a cell; the same titles and words stand in many."""
    if not isinstance(cell, str):
        return f"><v>{cell}</v>"
    text = cell if len(cell) <= _MOST else cell[: _MOST - len(_REST)] + _REST
    if not text.isascii() or not text.isprintable() or "_x" in text:
        text = _UNFIT.sub(_spelled, text)
    return f' t="inlineStr"><is><t xml:space="preserve">{escape(text, quote=False)}</t></is>'


def _spelled(found: re.Match[str]) -> str:
    """As a workbook spells a sign that XML cannot hold, and what looks like such a spelling."""
    said = found[0]
    return f"_x{ord(said):04X}_" if len(said) == 1 else f"_x005F{said}"
