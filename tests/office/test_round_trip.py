"""Out to LibreOffice Calc and back: exactly the edit, everything else as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.office.calc import edit
from tests.sites import KIT, SAMPLE, Said, Source, copy, manual

PLAN = "schools/birch/plan.csv"
#: A new action, in the first empty row.
NEW: tuple[tuple[Any, ...], ...] = (
    ("type", "Plan!B10", "Ask “why”, then wait"),
    ("type", "Plan!C10", "KR_MINDSET_BELONGING;OBJ_PURPOSE"),
    ("type", "Plan!E10", "ROLE_PRINCIPAL"),
    ("type", "Plan!G10", "planned"),
    ("type", "Plan!H10", "2026-12-01"),
)
ADDED = (
    "ACT_BIRCH_09,Ask “why”, then wait,KR_MINDSET_BELONGING;OBJ_PURPOSE,,ROLE_PRINCIPAL,,planned,"
    "2026-12-01,,,,,\n"
).replace("Ask “why”, then wait", '"Ask “why”, then wait"')


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return copy(SAMPLE, tmp_path / "source")


@pytest.fixture
def book(source: Source, tmp_path: Path) -> Path:
    said = run(source, "export", "birch", "--output", tmp_path)
    assert said.code == 0, said.out + said.err
    return tmp_path / "birch-plan.xlsx"


def run(source: Source, *words: str | Path) -> Said:
    return manual("sheet", *words, "--source", source.root, "--kit", KIT)


def others(source: Source) -> dict[str, bytes]:
    """Every file but the plan."""
    return {
        path.relative_to(source.root).as_posix(): path.read_bytes()
        for path in source.root.rglob("*")
        if path.is_file() and path != source.root / PLAN
    }


def after(book: Path, *steps: tuple[Any, ...]) -> Path:
    saved = book.with_name("back.xlsx")
    edit(book, saved, *steps)
    return saved


def test_saved_without_an_edit_nothing_has_changed(source: Source, book: Path) -> None:
    text = source.read(PLAN)
    said = run(source, "import", after(book))
    assert (said.code, said.out.endswith("Nothing has changed.\n")) == (0, True), said.out
    assert source.read(PLAN) == text


def test_the_workbook_works_in_calc(book: Path) -> None:
    said = edit(
        book,
        book.with_name("back.xlsx"),
        ("protected", "Plan!A1"),
        ("type", "Plan!A2", "ACT_CHANGED"),
        ("read", "Plan!A2"),
        ("choices", "Plan!C2"),
        ("choices", "Plan!E40"),
        ("choices", "Plan!G2"),
        ("choices", "Plan!H2"),
        ("read", "Plan!H2"),
        ("read", "How to fill this in!A1"),
        ("read", "Objectives!A2"),
    )
    assert said[0] is True
    assert said[2] == "ACT_BIRCH_01", "a locked cell was changed"
    assert [rule[0] for rule in said[3:7]] == ["LIST", "LIST", "LIST", "DATE"]
    assert [rule[2] for rule in said[3:7]] == ["WARNING", "WARNING", "STOP", "STOP"]
    assert said[3][1].startswith("$Lists.")
    assert said[7:9] == ["2026-09-14", "Birch Elementary"]
    assert said[9].startswith("OBJ_")


def test_an_edit_in_calc_is_that_edit(source: Source, book: Path) -> None:
    text, untouched = source.read(PLAN), others(source)
    path = after(
        book,
        ("type", "Plan!G3", "paused"),
        ("type", "Plan!I4", "2027-05-01"),
        ("paste", "Plan!M5", "Première ligne\r\nzweite, “dritte” \r\n"),
        ("type", "Plan!J6", "3-5"),
        ("type", "Plan!J7", "007"),
        ("clear", "Plan!F8"),
        *NEW,
    )
    said = run(source, "import", path)
    assert said.code == 0, said.out
    assert "1 action added, 6 changed." in said.out
    rows = text.splitlines(keepends=True)
    rows[2] = rows[2].replace(",active,", ",paused,")
    rows[3] = rows[3].replace("2027-06-16", "2027-05-01")
    rows[4] = rows[4].replace('unit",\n', 'unit","Première ligne\nzweite, “dritte”"\n')
    rows[5] = rows[5].replace("no added cost", "3-5")
    rows[6] = rows[6].replace("no added cost", "007")
    rows[7] = rows[7].replace("ROLE_PLC_FACILITATOR", "")
    assert source.read(PLAN) == "".join(rows) + ADDED
    assert others(source) == untouched
    assert manual("check", "--source", source.root, "--kit", KIT).code == 0
    assert "Nothing has changed." in run(source, "import", path).out


def test_rows_inserted_and_deleted_in_calc(source: Source, book: Path) -> None:
    rows = source.read(PLAN).splitlines(keepends=True)
    inserted = [(step[0], step[1].replace("10", "4"), *step[2:]) for step in NEW]
    path = after(
        book,
        ("unprotect", "Plan!A1"),
        ("delete row", "Plan!8"),
        ("insert row", "Plan!4"),
        *inserted,
    )
    said = run(source, "import", path)
    assert said.code == 0, said.out
    assert "1 action added, 1 removed." in said.out
    assert source.read(PLAN) == "".join([*rows[:3], ADDED, *rows[3:7], *rows[8:]])


def test_sorted_in_calc_the_plan_keeps_its_order(source: Source, book: Path) -> None:
    text = source.read(PLAN)
    path = after(book, ("unprotect", "Plan!A1"), ("sort", "Plan!A2:M9", 0))
    said = run(source, "import", path)
    assert (said.code, "stand in another order" in said.out) == (0, True), said.out
    assert source.read(PLAN) == text


FAULTS: dict[str, tuple[tuple[tuple[Any, ...], ...], str]] = {
    "a formula": (
        (("format", "Plan!M3", "General"), ("type", "Plan!M3", "=1+1")),
        "Plan!M3: The cell holds the formula =1+1.",
    ),
    "a formula that fails": (
        (("format", "Plan!M3", "General"), ("type", "Plan!M3", "=1/0")),
        "Plan!M3: The cell holds the formula =1/0.",
    ),
    "merged cells": (
        (("unprotect", "Plan!A1"), ("merge", "Plan!J3:K3")),
        "Plan!J3:K3: These cells are merged",
    ),
    "a hidden row": ((("hide row", "Plan!4"),), "Plan!4:4: Row 4 is hidden"),
    "a hidden column": ((("hide column", "Plan!G"),), "Plan!G:G: Column G is hidden"),
    "a date as text": (
        (("format", "Plan!H3", "@"), ("type", "Plan!H3", "14/9/2026")),
        "Plan!H3: '14/9/2026' is not a day",
    ),
    "a text that became a date": (
        (("format", "Plan!M3", "General"), ("type", "Plan!M3", "2026-09-14")),
        "Plan!M3: The spreadsheet made a date of this text (14 Sep 2026).",
    ),
    "a percentage": (
        (("format", "Plan!J3", "General"), ("type", "Plan!J3", "50%")),
        "Plan!J3: The cell holds the number 0.5",
    ),
    "a duplicate id": (
        (("unprotect", "Plan!A1"), ("type", "Plan!A3", "ACT_BIRCH_01")),
        "Plan!A3: ACT_BIRCH_01 stands in row 2 too.",
    ),
    "an unknown link": (
        (("type", "Plan!E3", "ROLE_PRINCIPLE"),),
        "Plan!E3: There is no role 'ROLE_PRINCIPLE'.",
    ),
}


@pytest.mark.parametrize(("steps", "said"), FAULTS.values(), ids=FAULTS)
def test_what_calc_lets_somebody_do_is_refused_with_its_cell(
    source: Source, book: Path, steps: tuple[tuple[Any, ...], ...], said: str
) -> None:
    text = source.read(PLAN)
    result = run(source, "import", after(book, *steps))
    assert result.code == 1
    assert said in result.out
    assert source.read(PLAN) == text


@pytest.mark.parametrize("form", ["ods", "csv", "xls"])
def test_another_form_is_refused(source: Source, book: Path, form: str) -> None:
    saved = book.with_suffix(f".{form}")
    edit(book, saved)
    said = run(source, "import", saved)
    assert said.code == 1
    assert "save it as Excel workbook (.xlsx)" in said.out
