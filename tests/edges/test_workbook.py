"""Workbooks as files: what is written is read back, and no file makes more than one sentence."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from living_manual.core.sheet import (
    COLUMNS,
    EXPORTED,
    GUIDE,
    LISTS,
    OBJECTIVES,
    PLAN,
    SPARE_ROWS,
    PlanBook,
)
from living_manual.edges import workbook as module
from living_manual.edges.workbook import (
    WorkbookError,
    differs,
    read_workbook,
    save_workbook,
    workbook_bytes,
)
from tests.strategies import sharp_texts, texts

#: A row of a plan, by column.
ROW = {
    "id": "ACT_OAK_01",
    "title": "=1+1 is two",
    "advances": "KR_TALK",
    "uses": "PRO_A;PRO_B",
    "led_by": "ROLE_LEAD",
    "backed_up_by": "",
    "status": "active",
    "starts": "2026-09-14",
    "due": "",
    "funding": "#N/A",
    "look_for": "3-5",
    "evidence": "007",
    "notes": "One\nTwo _x000D_ \x07 é",
}


def book(*rows: dict[str, str]) -> PlanBook:
    return PlanBook(
        "SCH_OAK",
        "Oak Elementary",
        tuple(tuple(row[name] for name in COLUMNS) for row in rows),
        {"advances": ("OBJ_TALK", "KR_TALK"), "status": ("planned", "active"), "uses": ()},
        (("OBJ_TALK", "Objective", "Students talk"), ("KR_TALK", "Key result", "All of them")),
        (("Oak Elementary", ""), ("1.", "Write.")),
    )


def opened(made: PlanBook) -> Any:
    return load_workbook(io.BytesIO(workbook_bytes(made)))


def written(folder: Path, data: bytes) -> Path:
    path = folder / "plan.xlsx"
    path.write_bytes(data)
    return path


def from_openpyxl(folder: Path, edit: Callable[[Any], object]) -> Path:
    """A workbook with one sheet, as somebody edited it."""
    made = Workbook()
    made.active.title = PLAN
    edit(made.active)
    made.save(folder / "plan.xlsx")
    return folder / "plan.xlsx"


# ---------------------------------------------------------------- writing


def test_the_same_plan_gives_the_same_bytes() -> None:
    data = workbook_bytes(book(ROW))
    assert workbook_bytes(book(ROW)) == data
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert {info.date_time for info in parts.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        core = parts.read("docProps/core.xml").decode()
    assert str(date.today().year) not in core
    assert core.count("2000-01-01T00:00:00Z") == 2


def test_sheets_stand_in_reading_order_and_two_are_hidden() -> None:
    made = opened(book(ROW))
    assert made.sheetnames == [PLAN, GUIDE, OBJECTIVES, LISTS, EXPORTED]
    hidden = [name for name in made.sheetnames if made[name].sheet_state == "hidden"]
    assert hidden == [LISTS, EXPORTED]


def test_ids_are_locked_without_a_password_and_all_else_is_open() -> None:
    plan = opened(book(ROW))[PLAN]
    assert plan.protection.sheet
    assert not plan.protection.password
    assert not plan.protection.insertRows  # False is "allowed"
    for row in range(2, 2 + 1 + SPARE_ROWS):
        locked = [cell.protection.locked for cell in plan[row]]
        assert locked == [True, *[False] * (len(COLUMNS) - 1)], row


def test_every_row_has_its_drop_downs_the_spare_ones_too() -> None:
    plan = opened(book(ROW))[PLAN]
    rules = {str(rule.sqref).split(":")[0]: rule for rule in plan.data_validations.dataValidation}
    last = 2 + SPARE_ROWS
    assert {str(rule.sqref) for rule in rules.values()} == {
        f"{letters}2:{letters}{last}" for letters in "CGHI"
    }
    assert rules["C2"].formula1 == "Lists!$A$2:$A$3"
    assert rules["C2"].errorStyle == "warning", "several ids in a cell must be possible"
    assert rules["G2"].errorStyle == "stop"
    assert (rules["H2"].type, rules["H2"].errorStyle) == ("date", "stop")


def test_headings_stay_in_sight_and_say_what_they_mean() -> None:
    plan = opened(book(ROW))[PLAN]
    assert plan.freeze_panes == "C2"
    for cell, column in zip(plan[1], COLUMNS.values(), strict=True):
        assert cell.value == column.name
        assert column.form == "id" or cell.comment.text.startswith(column.meaning)


def test_dates_are_dates_and_text_is_text() -> None:
    row = opened(book(ROW))[PLAN][2]
    cells = dict(zip(COLUMNS, row, strict=True))
    assert cells["starts"].value == datetime(2026, 9, 14)
    assert cells["starts"].number_format == "yyyy-mm-dd"
    for name in ("title", "funding", "look_for", "evidence"):
        assert (cells[name].data_type, cells[name].number_format) == ("s", "@"), name
        assert cells[name].value == ROW[name]


def test_objectives_and_guide_are_there_to_read() -> None:
    made = opened(book())
    assert [[cell.value for cell in row] for row in made[OBJECTIVES].rows] == [
        ["id", "what", "title"],
        ["OBJ_TALK", "Objective", "Students talk"],
        ["KR_TALK", "Key result", "All of them"],
    ]
    assert made[GUIDE]["B2"].value == "Write."


def test_a_file_is_written_whole_and_only_when_it_differs(tmp_path: Path) -> None:
    path = tmp_path / "new" / "oak.xlsx"
    assert not differs(path, b"one")
    assert save_workbook(path, b"one")
    assert not save_workbook(path, b"one")
    assert not differs(path, b"one")
    assert differs(path, b"two")
    assert save_workbook(path, b"two")
    assert path.read_bytes() == b"two"
    assert [file.name for file in path.parent.iterdir()] == ["oak.xlsx"]


# ---------------------------------------------------------------- round trip


def test_a_workbook_reads_back_as_it_was_written(tmp_path: Path) -> None:
    sheets = read_workbook(written(tmp_path, workbook_bytes(book(ROW))))
    plan = {cell.ref: cell for cell in sheets[PLAN].cells if cell.row == 2}
    assert {
        name: plan[f"{letters}2"].value
        for letters, name in zip("ABCDEFGHIJKLM", COLUMNS, strict=True)
        if f"{letters}2" in plan
    } == {**{k: v for k, v in ROW.items() if v}, "starts": date(2026, 9, 14)}
    assert {cell.kind for cell in plan.values()} == {"text", "date"}
    exported = {cell.ref: cell.value for cell in sheets[EXPORTED].cells}
    assert exported["B1"] == "SCH_OAK"
    assert (exported["B3"], exported["H3"]) == (ROW["title"], ROW["starts"])


@given(
    st.lists(
        st.one_of(texts, sharp_texts, st.sampled_from(["_x0041_", "_x005F_", "#REF!", "TRUE"])),
        min_size=1,
        max_size=40,
    )
)
@settings(max_examples=25)
def test_any_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, said: list[str]
) -> None:
    made = book(*({**ROW, "notes": text} for text in said))
    path = written(tmp_path_factory.mktemp("any"), workbook_bytes(made))
    cells = {cell.ref: cell for cell in read_workbook(path)[PLAN].cells}
    for row, text in enumerate(said, start=2):
        cell = cells.get(f"M{row}")
        assert (cell.value if cell else "") == text
        assert cell is None or cell.kind == "text"


# ---------------------------------------------------------------- reading

CELLS: dict[str, tuple[Any, str, Any, str]] = {
    "text": (" a ", "General", " a ", "text"),
    "text that looks like a formula": ("'=1", "General", "'=1", "text"),
    "number": (5, "General", 5, "number"),
    "number in a text cell": (2.5, "@", 2.5, "number"),
    "percentage": (0.5, "0%", 0.5, "formatted"),
    "money": (12, '"$"#,##0', 12, "formatted"),
    "date": (datetime(2026, 9, 14), "dd/mm/yyyy", date(2026, 9, 14), "date"),
    "date with a time": (
        datetime(2026, 9, 14, 10, 30),
        "yyyy-mm-dd",
        "2026-09-14 10:30:00",
        "time",
    ),
    "clock time": (time(10, 30), "hh:mm", "10:30:00", "time"),
    "duration": (timedelta(hours=30), "[h]:mm", "1 day, 6:00:00", "time"),
    "yes or no": (True, "General", True, "flag"),
    "error": ("#N/A", "General", "#N/A", "error"),
    "formula": ("=SUM(A1)", "General", "=SUM(A1)", "formula"),
    "array formula": (ArrayFormula("B2:B3", "=A1:A2"), "General", "=A1:A2", "formula"),
}


@pytest.mark.parametrize(("value", "form", "read", "kind"), CELLS.values(), ids=CELLS)
def test_a_cell_is_told_by_its_kind(
    tmp_path: Path, value: object, form: str, read: object, kind: str
) -> None:
    def edit(sheet: Any) -> None:
        sheet["B2"] = value
        sheet["B2"].number_format = form

    (cell,) = read_workbook(from_openpyxl(tmp_path, edit))[PLAN].cells
    assert (cell.ref, cell.value, cell.kind) == ("B2", read, kind)
    assert type(cell.value) is type(read)
    assert (cell.column, cell.row) == ("B", 2)


def test_what_hides_or_merges_cells_is_told(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        for ref in ("A1", "C3", "D3", "E9"):
            sheet[ref] = "x"
        sheet.merge_cells("A1:B1")
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions.group("C", "D", hidden=True)

    plan = read_workbook(from_openpyxl(tmp_path, edit))[PLAN]
    assert plan.merged == ("A1:B1",)
    assert plan.hidden_rows == {3}
    assert plan.hidden_columns == {"C", "D"}
    assert not plan.hidden


def test_one_cell_far_away_is_one_cell(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet["XFD1048576"] = "far"

    (cell,) = read_workbook(from_openpyxl(tmp_path, edit))[PLAN].cells
    assert cell.ref == "XFD1048576"


def test_sheets_of_somebodys_own_are_not_read(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet.title = "Budget"
        sheet["A1"] = "=1/0"

    assert read_workbook(from_openpyxl(tmp_path, edit)) == {}


def with_part(name: str, content: bytes) -> bytes:
    """A good workbook with one part of its zip replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook_bytes(book(ROW)))) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for info in before.infolist():
            data = content if info.filename == name else before.read(info)
            after.writestr(info.filename, data)
    return out.getvalue()


def just_a_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    return out.getvalue()


PLAN_PART = "xl/worksheets/sheet1.xml"
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (97 + n, b"&%c;" % (96 + n) * 10) for n in range(1, 10)
)

FILES: dict[str, bytes] = {
    "empty": b"",
    "plain text": b"id,title\n",
    "old form or password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "another kind of zip": just_a_zip(),
    "cut off": workbook_bytes(book(ROW))[:-200],
    "a part that is no XML": with_part(PLAN_PART, b"<worksheet"),
    "a part that grows without end": with_part(PLAN_PART, LAUGHS + b"]><worksheet>&j;</worksheet>"),
    "a cell that is no number": with_part(
        PLAN_PART,
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>NaN</v></c></row></sheetData></worksheet>',
    ),
}


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_what_is_no_workbook_is_told_in_one_sentence(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(WorkbookError, match=r"plan\.xlsx cannot be read.*save it as"):
        read_workbook(written(tmp_path, data))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="cannot be read: No such file"):
        read_workbook(tmp_path / "none.xlsx")
    with pytest.raises(WorkbookError, match="cannot be read: Is a directory"):
        read_workbook(tmp_path)


@pytest.mark.parametrize("limit", ["MOST_BYTES", "MOST_UNPACKED", "MOST_PARTS"])
def test_a_file_of_no_plans_size_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    path = written(tmp_path, workbook_bytes(book(ROW)))
    assert PLAN in read_workbook(path)
    monkeypatch.setattr(module, limit, 5)
    with pytest.raises(WorkbookError, match="for a plan"):
        read_workbook(path)


@given(st.data())
@settings(max_examples=60)
def test_a_damaged_workbook_never_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    good = bytearray(workbook_bytes(book(ROW)))
    for _ in range(data.draw(st.integers(1, 8))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    path = written(tmp_path_factory.mktemp("damaged"), bytes(good))
    with suppress(WorkbookError):
        read_workbook(path)
