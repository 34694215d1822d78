"""Sheets of rows as a workbook (.xlsx) to be read, filtered and sorted; nothing in it is computed.

XlsxWriter makes the book with the heads of its sheets; the rows are put into the finished file from
a template. Through XlsxWriter they take seven times as long, which for 200 schools is an eighth of
the whole build. The same sheets give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from living_manual.core.table import BookSheet, Cell

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: The day every workbook says it was made on: the same sheets, the same bytes.
_MADE = datetime(2000, 1, 1)
_PACKED = (1980, 1, 1, 0, 0, 0)
#: Signs that a spreadsheet takes in one cell, and what stands for the rest.
_MOST, _REST = 32_767, " ..."
#: The narrowest and widest column, in letters.
_NARROW, _WIDE = 10, 60
_PART = "xl/worksheets/sheet{}.xml"
_UNFIT = re.compile("_x[0-9A-Fa-f]{4}_|[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def workbook_bytes(sheets: Sequence[BookSheet], title: str) -> bytes:
    """The workbook as a file; text is never a formula, a link or a number."""
    parts = {_PART.format(nth): sheet for nth, sheet in enumerate(sheets, 1)}
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_heads(sheets, title))) as frame,
        zipfile.ZipFile(packed, "w") as book,
    ):
        for info in frame.infolist():
            entry = zipfile.ZipInfo(info.filename, _PACKED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            part = frame.read(info).decode("utf-8")
            if info.filename in parts:
                part = _with_rows(part, parts[info.filename])
            book.writestr(entry, part, compresslevel=3)
    return packed.getvalue()


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that a spreadsheet takes: without its special signs, at most 31 letters, only once."""
    plain = "".join(" " if sign in "[]:*?/\\" else sign for sign in wanted).strip(" '") or "Sheet"
    name, nth = plain[:31], 1
    while name.casefold() in taken or name.casefold() == "history":  # Excel keeps that one
        nth += 1
        name = f"{plain[:27]} {nth}"
    return name


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
    for column, (name, width) in enumerate(zip(columns, _widths(sheet), strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, name, head)
    page.freeze_panes(1, 0 if sheet.plain else 1)
    if not sheet.plain:
        page.autofilter(0, 0, max(len(sheet.table.rows), 1), last)


def _widths(sheet: BookSheet) -> list[int]:
    """Wide enough for most of what the first rows hold; the sheet to be read shows all of it."""
    shown, most = sheet.table.rows[:50], 120 if sheet.plain else _WIDE
    return [
        min(max([_NARROW, len(name) + 3, *(len(str(row[nth] or "")) + 1 for row in shown)]), most)
        for nth, name in enumerate(sheet.table.columns)
    ]


def _with_rows(part: str, sheet: BookSheet) -> str:
    """A sheet as XlsxWriter made it, the rows below its head."""
    before, end, after = part.partition("</sheetData>")
    rows, last = sheet.table.rows, xl_col_to_name(len(sheet.table.columns) - 1)
    before = re.sub(
        r'<dimension ref="[^"]*"/>', f'<dimension ref="A1:{last}{len(rows) + 1}"/>', before
    )
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
