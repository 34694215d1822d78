"""A view's rows as CSV and JSON."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.table import Cell, DataTable, is_formula
from tests.strategies import sharp_texts, texts

cells: st.SearchStrategy[Cell] = st.one_of(
    st.none(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), sharp_texts, texts
)
tables = st.lists(st.tuples(cells, cells, cells)).map(
    lambda rows: DataTable(("one", "two", "three"), tuple(rows))
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read(table: DataTable) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.csv(), newline="")))


def test_csv_in_full() -> None:
    table = DataTable(
        ("id", "title", "hours"), (("A", 'Say "why", then', 2.5), ("B", "two\nlines", None))
    )
    assert table.csv() == 'id,title,hours\nA,"Say ""why"", then",2.5\nB,"two\nlines",\n'


def test_json_in_full() -> None:
    table = DataTable(("id", "title", "hours"), (("A", "Élan\n", 2.5), ("B", None, 3)))
    assert json.loads(table.json()) == [
        {"id": "A", "title": "Élan\n", "hours": 2.5},
        {"id": "B", "title": None, "hours": 3},
    ]
    assert "Élan" in table.json()
    assert table.json().endswith("]\n")


def test_an_empty_table_keeps_its_header() -> None:
    table = DataTable(("id", "title"), ())
    assert table.csv() == "id,title\n"
    assert json.loads(table.json()) == []


@pytest.mark.parametrize(
    "text",
    [
        "=1+2",
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "-3 points",
    ],
)
def test_text_that_a_spreadsheet_would_run_is_disarmed(text: str) -> None:
    table = DataTable(("cell",), ((text,),))
    (shown,) = read(table)[1]
    assert shown.startswith("'")
    assert shown.replace("'", "") == text.replace("'", "")
    assert json.loads(table.json()) == [{"cell": text}]


@pytest.mark.parametrize("cell", [-1, -2.5, "a=b", "1-2", "", None, "'quoted"])
def test_numbers_and_plain_text_stay_as_they_are(cell: Cell) -> None:
    assert read(DataTable(("cell", "end"), ((cell, "."),)))[1][0] == (
        "" if cell is None else str(cell)
    )


@given(tables)
def test_csv_reads_back_and_holds_no_formula(table: DataTable) -> None:
    header, *rows = read(table)
    assert tuple(header) == table.columns
    assert len(rows) == len(table.rows)
    for cells_read, row in zip(rows, table.rows, strict=True):
        for text, cell in zip(cells_read, row, strict=True):
            if isinstance(cell, str):
                assert not text.startswith(FORMULA)
                assert text.replace("'", "") == cell.replace("'", "")
                assert text == cell or any(sign in cell for sign in FORMULA)
            else:
                assert text == ("" if cell is None else str(cell))


@pytest.mark.parametrize("parted_by", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@given(st.lists(st.tuples(sharp_texts | texts, sharp_texts | texts)))
def test_no_country_s_spreadsheet_finds_a_formula(
    parted_by: str, rows: list[tuple[str, str]]
) -> None:
    """The same file is parted at other signs where a comma stands in numbers."""
    written = DataTable(("one", "two"), tuple(rows)).csv()
    for cells_read in csv.reader(io.StringIO(written, newline=""), delimiter=parted_by):
        for cell in cells_read:
            assert not cell.lstrip(" ").startswith(FORMULA[:4])


@pytest.mark.parametrize(
    ("cell", "formula"),
    [
        ("=1+2", True),
        (" =1+2", True),
        ("@SUM(A1)", True),
        ("\uff1d1", True),
        ("+cmd|' /C calc'!A0", True),
        ("-1+WEBSERVICE(A1)", True),
        ("-Sheet2!A1", True),
        ("+5 minutes", False),
        ("-", False),
        ("- none -", False),
        ("-3 (of 20)", False),
        ("'=1", False),
        ("a = b", False),
        ("", False),
    ],
)
def test_which_words_a_spreadsheet_takes_for_a_formula(cell: str, formula: bool) -> None:
    assert is_formula(cell) is formula


@given(tables)
def test_json_reads_back(table: DataTable) -> None:
    assert json.loads(table.json()) == [
        dict(zip(table.columns, row, strict=True)) for row in table.rows
    ]
