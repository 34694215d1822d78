"""Tables beside a page: every fault has its row and column, and half a table is none."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from living_manual.core.limits import CELL
from living_manual.core.table import is_formula
from living_manual.core.tables import TABLES, Row, Table, read_table
from tests.build_manual import MODEL, NEEDS
from tests.strategies import sharp_texts, table_rows, texts

PLAN, SESSIONS = TABLES["plan.csv"], TABLES["sessions.csv"]
FILE = "schools/oak/plan.csv"
HEAD = ",".join(column.name for column in PLAN.columns)
GOOD = "ACT_OAK_1,Talk first,KR_TALK,,ROLE_LEAD,,active,2026-09-14,2027-06-11,,,,"


def prefix_of(table: Table) -> str:
    return MODEL.types[table.type].prefix


def read(
    text: str, table: Table = PLAN
) -> tuple[tuple[Row, ...], list[tuple[str, int, str | None]]]:
    rows, findings = read_table(table, text, FILE, prefix_of(table))
    assert {found.file for found in findings} <= {FILE}
    assert not (rows and findings)
    return rows, [(found.kind, found.line or 0, found.column) for found in findings]


def plan(*rows: str, head: str = HEAD) -> str:
    return "\n".join((head, *rows)) + "\n"


def row(**cells: str) -> str:
    """A line of a plan with these cells changed."""
    known = dict(zip((c.name for c in PLAN.columns), next(csv.reader([GOOD])), strict=True))
    if unknown := set(cells) - set(known):
        raise KeyError(unknown)
    out = io.StringIO(newline="")
    csv.writer(out).writerow((known | cells).values())
    return out.getvalue().removesuffix("\r\n")


def test_a_row_is_read_with_its_line_and_its_lists() -> None:
    rows, found = read(plan(row(uses="PRO_VISIT; PRO_TALK ;", notes=' Say "why", then draw ')))
    assert found == []
    assert rows == (
        Row(
            2,
            "ACT_OAK_1",
            "Talk first",
            {
                "advances": ("KR_TALK",),
                "uses": ("PRO_VISIT", "PRO_TALK"),
                "led_by": ("ROLE_LEAD",),
                "status": "active",
                "starts": "2026-09-14",
                "due": "2027-06-11",
                "notes": 'Say "why", then draw',
            },
        ),
    )


def test_columns_may_stand_in_any_order() -> None:
    columns = list(reversed([column.name for column in PLAN.columns]))
    cells = list(reversed(next(csv.reader([GOOD]))))
    assert read(plan(",".join(cells), head=",".join(columns)))[0][0].title == "Talk first"


#: What is wrong with one row, and where it is found.
ROWS = {
    "status unknown": (row(status="started"), ("table-status", "status")),
    "status in capitals": (row(status="Active"), ("table-status", "status")),
    "date by slashes": (row(due="15/10/2026"), ("table-date", "due")),
    "date without zeros": (row(starts="2026-9-1"), ("table-date", "starts")),
    "date not in the calendar": (row(due="2026-02-30"), ("table-date", "due")),
    "date in words": (row(due="by spring"), ("table-date", "due")),
    "no id": (row(id=""), ("table-id", "id")),
    "id of blanks": (row(id="   "), ("table-id", "id")),
    "id in small letters": (row(id="act_oak_1"), ("invalid-id", "id")),
    "id with hyphens": (row(id="ACT-OAK-1"), ("invalid-id", "id")),
    "id with a blank": (row(id="ACT_OAK 1"), ("invalid-id", "id")),
    "id ends with _": (row(id="ACT_OAK_"), ("invalid-id", "id")),
    "id with another prefix": (row(id="OBJ_OAK_1"), ("invalid-id", "id")),
    "id with other digits": (row(id="ACT_OAK_٣"), ("invalid-id", "id")),
    "no title": (row(title=" "), ("table-row", "title")),
    "a list parted by commas": (row(advances="KR_TALK, KR_TASKS"), ("invalid-value", "advances")),
    "a person for a role": (row(led_by="Ms. Rivera"), ("invalid-value", "led_by")),
    "too few cells": ("ACT_OAK_1,Talk first", ("table-row", None)),
    "too many cells": (row() + ",", ("table-row", None)),
    "a comma without quotes": (row().replace("first", "first, then"), ("table-row", None)),
}


@pytest.mark.parametrize(
    ("line", "found"), [pytest.param(*case, id=name) for name, case in ROWS.items()]
)
def test_a_fault_in_a_row_is_found_at_its_row_and_column(
    line: str, found: tuple[str, str | None]
) -> None:
    kind, column = found
    good = row(id="ACT_OAK_9")
    assert read(plan(good, line)) == ((), [(kind, 3, column)])


def test_every_fault_is_found_in_one_reading() -> None:
    text = plan(
        row(status="x", due="y"), row(id="ACT_OAK_2", led_by="z"), row(id="ACT_OAK_3"), "short"
    )
    assert read(text) == (
        (),
        [
            ("table-status", 2, "status"),
            ("table-date", 2, "due"),
            ("invalid-value", 3, "led_by"),
            ("table-row", 5, None),
        ],
    )


@pytest.mark.parametrize(
    ("hours", "fine"),
    [
        ("2.5", True),
        ("0", True),
        ("5", True),
        ("", True),
        ("two", False),
        ("2,5", False),
        ("-1", False),
        ("nan", False),
        ("inf", False),
        ("1e9", False),
        ("2 h", False),
    ],
)
def test_numbers(hours: str, fine: bool) -> None:
    out = io.StringIO()
    cells = {"id": "SES_FALL", "title": "Fall", "hours": hours}
    writer = csv.DictWriter(out, [column.name for column in SESSIONS.columns], restval="")
    writer.writeheader()
    writer.writerow(cells)
    rows, found = read(out.getvalue(), SESSIONS)
    assert found == ([] if fine else [("table-number", 2, "hours")])
    assert len(rows) == fine


def test_audiences_are_words() -> None:
    line = "SES_FALL,Fall,,,,,,,,,teacher; coach,,"
    head = ",".join(column.name for column in SESSIONS.columns)
    assert read(plan(line, head=head), SESSIONS)[0][0].values == {"audiences": ("teacher", "coach")}


def test_an_id_used_twice_names_both_rows() -> None:
    text = plan(row(), row(id="ACT_OAK_2"), "", row())
    _, findings = read_table(PLAN, text, FILE, "ACT_")
    (found,) = findings
    assert (found.kind, found.place, found.column) == ("duplicate-id", f"{FILE}:5", "id")
    assert "row 2" in found.message


HEADERS = {
    "misspelt": (HEAD.replace("funding", "fundng"), {"fundng", "funding"}, "'funding'"),
    "unknown": (HEAD + ",colour", {"colour"}, "The columns are: id, title"),
    "in capitals": (HEAD.replace("title", "Title"), {"Title", "title"}, "'title'"),
    "missing": (HEAD.replace(",notes", ""), {"notes"}, "Add it to the header row"),
    "twice": (HEAD + ",notes", {"notes"}, "Keep one of the two."),
    "no name": (HEAD + ",", {""}, "The columns are: id, title"),
    "no header at all": (GOOD, None, ""),
}


@pytest.mark.parametrize(
    ("head", "columns", "fix"), [pytest.param(*case, id=name) for name, case in HEADERS.items()]
)
def test_a_fault_in_the_header(head: str, columns: set[str] | None, fix: str) -> None:
    rows, findings = read_table(PLAN, plan(row(status="x"), head=head), FILE, "ACT_")
    assert rows == ()
    # The rows are not looked at under a header that is wrong.
    assert {(found.kind, found.line) for found in findings} == {("table-column", 1)}
    if columns is not None:
        assert {found.column for found in findings} == columns
    assert any(fix in found.fix for found in findings)


def test_names_of_columns_may_have_blanks_around_them() -> None:
    assert len(read(plan(row(), head=HEAD.replace(",", " , ")))[0]) == 1


UNREADABLE = {
    "empty": ("", 1),
    "blank": ("\n \n,,,\n", 1),
    "only a mark of its encoding": ("\ufeff", 1),
    "a NUL": (plan(row(), row(id="ACT_OAK_2", notes="a\0b")), 3),
    "a quote that is not closed": (plan(row(), row(id="ACT_OAK_2"), 'ACT_OAK_3,"Talk'), 4),
    "parted by semicolons": (plan(row()).replace(",", ";"), 1),
    "parted by tabs": (plan(row()).replace(",", "\t"), 1),
    "text after a quote": (plan(row(), 'ACT_OAK_2,"Talk" first,,,,,,,,,,,'), 3),
}


@pytest.mark.parametrize(
    ("text", "line"), [pytest.param(*case, id=name) for name, case in UNREADABLE.items()]
)
def test_what_is_no_table_at_all(text: str, line: int) -> None:
    assert read(text) == ((), [("table-unreadable", line, None)])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_how_a_spreadsheet_saves_it_makes_no_difference(end: str, mark: str) -> None:
    text = plan(row(), row(id="ACT_OAK_2")).replace("\n", end)
    rows, found = read(mark + text)
    assert found == []
    assert [(r.line, r.id) for r in rows] == [(2, "ACT_OAK_1"), (3, "ACT_OAK_2")]


def test_a_header_in_quotes_after_the_mark_of_the_encoding() -> None:
    assert len(read("\ufeff" + plan(row(), head=HEAD.replace("id", '"id"', 1)))[0]) == 1


def test_blank_rows_are_passed_over_and_counted() -> None:
    commas = "," * (len(PLAN.columns) - 1)
    rows, found = read("\n" + plan("", row(), commas, " , ", row(id="ACT_OAK_2"), commas))
    assert found == []
    assert [r.line for r in rows] == [4, 7]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_breaks_in_quotes_keep_the_lines_of_the_rows_after(end: str) -> None:
    text = plan(
        row(notes=f"one{end}two{end}{end}four"),
        row(id="ACT_OAK_2"),
        row(id="ACT_OAK_3", due="soon", notes=f"a{end}b"),
    )
    assert read(text) == ((), [("table-date", 7, "due")])


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_of_only_its_header_has_no_rows(table: Table) -> None:
    assert read(",".join(column.name for column in table.columns), table) == ((), [])


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
@settings(max_examples=25)
@given(data=st.data())
def test_what_is_written_correctly_is_read_exactly(table: Table, data: st.DataObject) -> None:
    written = data.draw(table_rows(table, prefix_of(table)))
    assume(not any(is_formula(cell.strip()) for cells in written for cell in cells.values()))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [column.name for column in table.columns])
    writer.writeheader()
    writer.writerows(written)
    rows, found = read(out.getvalue(), table)
    assert found == []
    assert len(rows) == len(written)
    lists = {column.name for column in table.columns if column.form in ("ids", "words")}
    for got, cells in zip(rows, written, strict=True):
        wanted = {
            name: tuple(part.strip() for part in cell.split(";")) if name in lists else cell.strip()
            for name, cell in cells.items()
            if cell.strip()
        }
        assert got.id == wanted.pop("id")
        assert got.title == wanted.pop("title")
        assert got.values == wanted
    assert [r.line for r in rows] == sorted({r.line for r in rows})


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({"notes": "=HYPERLINK(A1)"}, "table-formula"),
        ({"title": "@SUM(1)"}, "table-formula"),
        ({"notes": "x" * (CELL + 1)}, "too-large"),
    ],
    ids=["a formula", "an old formula", "a cell too long"],
)
def test_what_no_cell_may_hold(cells: dict[str, str], kind: str) -> None:
    assert read(plan(row(), row(id="ACT_OAK_2", **cells))) == ((), [(kind, 3, next(iter(cells)))])


def test_a_row_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("living_manual.core.tables.ROWS", 2)
    text = plan(*(row(id=f"ACT_OAK_{nth}") for nth in range(4)))
    assert read(text) == ((), [("too-large", 4, None)])


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
@given(text=texts | sharp_texts, headed=st.booleans())
def test_any_text_is_read_or_is_a_finding(table: Table, text: str, headed: bool) -> None:
    if headed:
        text = ",".join(column.name for column in table.columns) + "\n" + text
    rows, found = read(text, table)
    assert all(line >= 1 for _, line, _ in found)
    assert rows or found or headed


@given(st.lists(st.lists(sharp_texts, min_size=13, max_size=13), max_size=4))
def test_any_cells_are_read_or_are_findings(cells: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(column.name for column in PLAN.columns)
    writer.writerows(cells)
    rows, found = read(out.getvalue())
    # None of these cells is an id, so any row that is not blank has a finding.
    assert rows == ()
    assert bool(found) == any(cell.strip() for line in cells for cell in line)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_columns_are_fields_and_links_of_the_model(table: Table) -> None:
    assert table.type in MODEL.types
    for column in table.columns:
        if column.form == "ids":
            assert column.name in MODEL.links
        else:
            assert column.name in {*NEEDS["fields"], "id", "title", "status"}
