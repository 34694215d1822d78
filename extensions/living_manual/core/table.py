"""A view's numbers as a plain table, for CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass

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
        lines = []
        for row in (self.columns, *self.rows):
            out = io.StringIO()
            # With this end of line the writer quotes a carriage return in a cell as well.
            csv.writer(out, lineterminator="\r\n").writerow([_safe(cell) for cell in row])
            lines.append(out.getvalue().removesuffix("\r\n") + "\n")
        return "".join(lines)

    def json(self) -> str:
        """As a JSON list of objects, one a row."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _safe(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell
