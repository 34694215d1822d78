"""A view's numbers as a plain table, for CSV and JSON."""

from __future__ import annotations

import csv
import json
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

        A text cell that a spreadsheet would run as a formula gets a leading apostrophe (OWASP, "CSV
        injection").
        """
        lines: list[str] = []
        # With this end of line the writer quotes a carriage return in a cell as well; it hands
        # over one line at a time.
        writer = csv.writer(SimpleNamespace(write=lines.append), lineterminator="\r\n")
        for row in (self.columns, *self.rows):
            writer.writerow([_safe(cell) for cell in row])
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


def _safe(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell
