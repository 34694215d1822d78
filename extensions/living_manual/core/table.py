"""A view's numbers as a plain table, for CSV and JSON."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class DataTable:
    """Column names and rows of the same length."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def csv(self) -> str:
        """As CSV: comma, double quotes where needed, one `\\n` a row.

        A text cell that a spreadsheet would run as a formula gets an apostrophe before it (OWASP,
        "CSV injection"), also where a spreadsheet that parts cells at semicolons would begin one.
        """
        lines: list[str] = []
        # With this end of line the writer quotes a carriage return in a cell as well; it hands
        # over one line at a time.
        writer = csv.writer(SimpleNamespace(write=lines.append), lineterminator="\r\n")
        for row in (self.columns, *self.rows):
            writer.writerow([disarmed(cell) if isinstance(cell, str) else cell for cell in row])
        return "".join(line.removesuffix("\r\n") + "\n" for line in lines)

    def json(self) -> str:
        """As a JSON list of objects, one a line."""
        rows = (dict(zip(self.columns, row, strict=True)) for row in self.rows)
        return json_lines("[", rows, "]")


@dataclass(frozen=True, slots=True)
class BookSheet:
    """A sheet of a workbook; `plain` is one to be read from the top, without a filter."""

    name: str
    table: DataTable
    plain: bool = False


def json_lines(start: str, items: Iterable[Any], end: str) -> str:
    """JSON with each item of its list on a line of its own: quick to write, and to compare."""
    # One encoder for all: with an indent Python's own, ten times slower one would be used.
    encode = json.JSONEncoder(ensure_ascii=False).encode
    return f"{start}\n" + ",\n".join(map(encode, items)) + f"\n{end}\n"


#: Signs that begin a formula, those of full width (East Asian keyboards) among them.
_SIGNS = "=+@\\-\uff1d\uff0b\uff0d\uff20"
#: Where a spreadsheet may begin a cell inside of one: after the signs that part cells in some
#: countries' spreadsheets, and after the end of a row.
_INSIDE = re.compile(rf"([;\t\r\n][^\S\r\n]*)(?=[{_SIGNS}])")
_FIRST = re.compile(rf"\s*[{_SIGNS}]|[\t\r]")
_BEGINS = re.compile(f"^(?:{_FIRST.pattern})|{_INSIDE.pattern}")
#: What a formula has, and a sentence that begins with a dash or a plus has not.
_CALLS = re.compile(rf"[{_SIGNS}][^|]*(\||\w\(|\w!)")


def disarmed(cell: str) -> str:
    """Text that no spreadsheet computes: with an apostrophe where a formula would begin."""
    if not _BEGINS.search(cell):
        return cell
    cell = _INSIDE.sub(r"\1'", cell)
    return f"'{cell}" if _FIRST.match(cell) else cell


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet that opens a table would compute this cell: no words begin so.

    A dash or a plus may begin words, such as `+5 minutes` or `- none -`; what calls a function,
    another sheet or a program after it is a formula.
    """
    begins = cell.lstrip()
    if begins[:1] in ("=", "@", "\uff1d", "\uff20"):
        return True
    return bool(begins[:1] in ("+", "-", "\uff0b", "\uff0d") and _CALLS.match(begins))
