"""The one door to spreadsheets that only show: the rows of a view as an .xlsx file.

The same rows give the same bytes. Text stays text: nothing is a formula, nothing becomes a link.
"""

from __future__ import annotations

import io
from datetime import datetime

import xlsxwriter

from living_manual.core.table import DataTable

#: The day every workbook says it was made on: the same rows, the same bytes.
_MADE = datetime(2000, 1, 1)
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
#: Columns are as wide as their longest cell, within these, in characters.
_NARROW, _BROAD = 8, 48
#: The most signs that a cell may hold (Excel, "specifications and limits").
_MOST = 32_767


def sheet_bytes(table: DataTable, name: str) -> bytes:
    """A workbook with one sheet: the columns' names in a row that stays in sight, then the rows."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties({"created": _MADE})
    sheet = book.add_worksheet(name[:31])
    sheet.write_row(0, 0, table.columns, book.add_format({"bold": True, "bottom": 1}))
    widths = [len(column) for column in table.columns]
    for at, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                if cell:
                    sheet.write_string(at, column, cell[:_MOST])
                    widths[column] = max(widths[column], len(cell))
            elif cell is not None:
                sheet.write_number(at, column, cell)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width + 2, _NARROW), _BROAD))
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    book.close()
    return out.getvalue()
