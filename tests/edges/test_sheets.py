"""The rows of a view as a workbook: the same bytes each time, and text that stays text."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import load_workbook

from living_manual.core.table import BookSheet, DataTable
from living_manual.edges.sheets import workbook_bytes


def sheet_bytes(table: DataTable, name: str) -> bytes:
    return workbook_bytes((BookSheet(name, table),), name)


TEXTS = ("=1+1", "+1", "@SUM(A1)", "https://example.org", "007", "", "{=A1}", "naïve ✓", "a\nb")


def test_the_same_rows_give_the_same_bytes() -> None:
    table = DataTable(("a", "b"), (("x", 1), ("y", 2.5), ("", None)))
    assert sheet_bytes(table, "coverage") == sheet_bytes(table, "coverage")


@pytest.mark.parametrize("text", TEXTS)
def test_text_stays_text(text: str) -> None:
    data = sheet_bytes(DataTable(("a",), ((text,),)), "view")
    (cell,) = (load_workbook(io.BytesIO(data)).active or [])["A2":"A2"][0]
    assert cell.value == (text or None)
    assert cell.data_type in ("s", "n" if not text else "s")
    assert cell.hyperlink is None


def test_numbers_are_numbers_and_the_head_stays_in_sight() -> None:
    data = sheet_bytes(DataTable(("name", "n"), (("x", 3), ("y", 2.5))), "a" * 40)
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert [cell.value for cell in sheet["B"]] == ["n", 3, 2.5]
    assert (sheet.freeze_panes, sheet.title) == ("B2", "a" * 31)


def test_a_table_without_rows_is_a_whole_workbook() -> None:
    data = sheet_bytes(DataTable(("a",), ()), "empty")
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None


def test_a_cell_longer_than_a_workbook_may_hold_is_cut() -> None:
    data = sheet_bytes(DataTable(("a",), (("x" * 40_000,),)), "long")
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert len(str(sheet["A2"].value)) == 32_767


def test_books_of_one_shape_have_each_their_own_widths_and_filters() -> None:
    """The frame is made once for all of them: what differs must not be the first one's."""
    columns = ("name", "n")
    few = DataTable(columns, (("x" * 30, 1),))
    many = DataTable(columns, tuple(("x" * 20, nth) for nth in range(9)))
    for table, rows, wide in ((few, 2, 31), (many, 10, 21), (DataTable(columns, ()), 2, 10)):
        data = workbook_bytes((BookSheet("O'x & <y>", table), BookSheet("p", many, True)), "t")
        book = load_workbook(io.BytesIO(data))
        first, plain = book.worksheets
        assert first.auto_filter.ref == f"A1:B{rows}"
        assert first.dimensions == f"A1:B{len(table.rows) + 1}"
        assert int(first.column_dimensions["A"].width) == wide
        assert (plain.auto_filter.ref, plain.max_row) == (None, 10)
        text = zipfile.ZipFile(io.BytesIO(data)).read("xl/workbook.xml").decode("utf-8")
        assert f"!$A$1:$B${rows}</definedName>" in text
