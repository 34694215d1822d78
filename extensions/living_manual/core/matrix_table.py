"""A matrix as rows for a spreadsheet: one a cell, so that it can be pivoted either way."""

from __future__ import annotations

from living_manual.core.matrix import Cell, Line, Matrix
from living_manual.core.table import DataTable


def matrix_table(view: Matrix) -> DataTable:
    """One row a cell, so that a spreadsheet can pivot it either way."""
    columns = (
        *_head_columns(view.row_facet),
        *_head_columns(view.column_facet),
        *(("count", "ids") if view.names else (*view.states, "living")),
        *(("asked_by", "late") if view.dated else ("blank",)),
    )
    return DataTable(
        tuple(name.replace("-", "_") for name in columns),
        tuple(
            _row(view, row, column, cell)
            for row in view.rows
            for column, cell in zip(view.columns, row.cells, strict=True)
        ),
    )


def _head_columns(facet: str) -> tuple[str, ...]:
    """A school says its level as well."""
    return (f"{facet}_id", facet, *(("level",) if facet == "school" else ()))


def _row(view: Matrix, row: Line, column: Line, cell: Cell) -> tuple[str | int, ...]:
    heads: list[str | int] = []
    for facet, line in ((view.row_facet, row), (view.column_facet, column)):
        heads += [line.id, line.title, *((line.note,) if facet == "school" else ())]
    counts = dict(cell.counts)
    said = cell.asked_by.isoformat() if cell.asked_by else ""
    return (
        *heads,
        *(
            (len(cell.names), ";".join(ref.id for ref in cell.names))
            if view.names
            else (*(counts.get(name, 0) for name in view.states), cell.living)
        ),
        *((said, _yes(cell.late)) if view.dated else (_yes(cell.blank),)),
    )


def _yes(true: bool) -> str:
    return "yes" if true else "no"
