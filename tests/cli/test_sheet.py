"""`manual sheet`: out to a workbook and back, through the command, on a whole small district."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.sites import KIT, SAMPLE, TINY, TODAY, Said, Source, check, copy, manual

PLAN = "schools/pier/plan.csv"


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return copy(TINY, tmp_path / "source")


def run(source: Source, *words: str | Path) -> Said:
    return manual("sheet", *words, "--source", source.root, "--kit", KIT, "--today", TODAY)


def export(source: Source, school: str = "SCH_PIER", folder: str = "out") -> Path:
    said = run(source, "export", school, "--output", source.root.parent / folder)
    assert said.code == 0, said.out + said.err
    return source.root.parent / folder / "pier-plan.xlsx"


def edited(path: Path, edit: Callable[[Any], object]) -> Path:
    book = load_workbook(path)
    edit(book["Plan"])
    book.save(path)
    return path


def set_cells(**cells: object) -> Callable[[Any], None]:
    def edit(sheet: Any) -> None:
        for ref, value in cells.items():
            sheet[ref] = value

    return edit


def state(source: Source) -> dict[str, tuple[bytes, int]]:
    """Every file with its bytes and time: equal states mean that nothing was written."""
    return {
        path.relative_to(source.root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(source.root.rglob("*"))
        if path.is_file()
    }


# ---------------------------------------------------------------- export


def test_exporting_twice_gives_the_same_file_and_changes_nothing(source: Source) -> None:
    before = state(source)
    first = export(source).read_bytes()
    assert export(source).read_bytes() == first
    assert export(source, folder="again").read_bytes() == first
    assert state(source) == before


@pytest.mark.parametrize("name", ["SCH_PIER", "pier", "Pier School", "PIER"])
def test_a_school_goes_by_its_id_its_folder_or_its_name(source: Source, name: str) -> None:
    assert export(source, name).is_file()


def test_a_workbook_that_a_school_has_edited_is_not_written_over(source: Source) -> None:
    path = edited(export(source), set_cells(G2="done"))
    edits = path.read_bytes()
    said = run(source, "export", "pier", "--output", path.parent)
    assert said.code == 2
    assert "--replace" in said.err
    assert path.read_bytes() == edits
    assert run(source, "export", "pier", "--output", path.parent, "--replace").code == 0
    assert path.read_bytes() != edits


WRONG_WORDS: dict[str, tuple[tuple[str, ...], str]] = {
    "an unknown school": (("export", "peer"), "Did you mean SCH_PIER?"),
    "a school that is nothing like one": (("export", "xyzzy"), "The schools are: SCH_PIER."),
    "no school": (("export",), "--all"),
    "a school and all": (("export", "pier", "--all"), "--all"),
}


@pytest.mark.parametrize(("words", "said"), WRONG_WORDS.values(), ids=WRONG_WORDS)
def test_wrong_use_is_told(source: Source, words: tuple[str, ...], said: str) -> None:
    result = run(source, *words)
    assert result.code == 2
    assert said in result.err


def test_a_plan_that_cannot_be_read_is_not_exported(source: Source) -> None:
    source.replace(PLAN, "2030-09-06", "6 September")
    said = run(source, "export", "pier", "--output", source.root.parent / "out")
    assert said.code == 1
    assert f"{PLAN}:2" in said.out
    assert not (source.root.parent / "out").exists()


def test_every_school_of_the_sample_goes_out_and_comes_back_unchanged(tmp_path: Path) -> None:
    source = copy(SAMPLE, tmp_path / "source")
    before = state(source)
    assert run(source, "export", "--all", "--output", tmp_path / "out").code == 0
    books = sorted((tmp_path / "out").iterdir())
    assert len(books) == len(list((SAMPLE / "schools").glob("*/index.md")))
    for name in ("birch", "oak"):  # a plan in a table, and one written on the page
        said = run(source, "import", tmp_path / "out" / f"{name}-plan.xlsx")
        assert (said.code, "Nothing has changed." in said.out) == (0, True), said.out
    assert state(source) == before


# ---------------------------------------------------------------- import


def test_an_export_that_nobody_edited_changes_nothing(source: Source) -> None:
    path, before = export(source), state(source)
    said = run(source, "import", path)
    assert said.code == 0
    assert "Nothing has changed." in said.out
    assert state(source) == before


def test_an_edit_is_shown_then_written_and_the_manual_stays_sound(source: Source) -> None:
    new = {"B4": "Ask at the ferry", "C4": "KR_EXPLAIN", "E4": "ROLE_FERRY", "G4": "planned"}
    path = edited(export(source), set_cells(G2="done", I3=datetime(2031, 5, 1), **new))
    before, text = state(source), source.read(PLAN)
    tried = run(source, "import", path, "--dry-run")
    assert tried.code == 0
    assert state(source) == before
    said = run(source, "import", path)
    assert said.code == 0
    difference = [
        "  changed  ACT_PIER_01  Boat talk on Fridays",
        "           status: active -> done",
        "  changed  ACT_PIER_03  Tuesday table, no phones",
        "           due: 2031-06-17 -> 2031-05-01",
        "  added    ACT_PIER_04  Ask at the ferry",
        "           title: Ask at the ferry",
        "           advances: KR_EXPLAIN",
        "           led_by: ROLE_FERRY",
        "           status: planned",
        "1 action added, 2 changed.",
    ]
    assert tried.out.splitlines()[1:-1] == said.out.splitlines()[1:-1] == difference
    assert source.read(PLAN) == (
        text.replace("active", "done").replace("2031-06-17", "2031-05-01")
        + "ACT_PIER_04,Ask at the ferry,KR_EXPLAIN,,ROLE_FERRY,,planned,,,,,,\n"
    )
    now = state(source)
    assert {file for file in now if now[file] != before.get(file)} == {PLAN}
    assert check(source).findings == []
    again = run(source, "import", path)
    assert "Nothing has changed." in again.out
    assert state(source) == now


def test_a_removed_row_is_shown_and_removed(source: Source) -> None:
    path = edited(export(source), lambda sheet: sheet.delete_rows(3))
    said = run(source, "import", path)
    assert "  removed  ACT_PIER_03  Tuesday table, no phones" in said.out
    assert "ACT_PIER_03" not in source.read(PLAN)


def test_every_problem_is_printed_and_nothing_written(source: Source) -> None:
    wrong = set_cells(B2="=1+1", C3="KR_EXPLAN", H2="6/9/2030", G3="on")
    path, before = edited(export(source), wrong), state(source)
    said = run(source, "import", path)
    assert said.code == 1
    assert said.out.splitlines() == [
        "Plan!B2: The cell holds the formula =1+1.",
        "    Type what it gives, as plain text.",
        "Plan!H2: '6/9/2030' is not a day written as 2026-10-15.",
        "    Write 2030-09-06 (6 Sep 2030) or 2030-06-09 (9 Jun 2030), whichever is meant.",
        "Plan!C3: There is no key result or objective 'KR_EXPLAN'.",
        *[line for line in said.out.splitlines() if "Did you mean KR_EXPLAIN (" in line],
        "Plan!G3: 'on' is not a status.",
        *[line for line in said.out.splitlines() if "Choose from the drop-down: planned" in line],
        "4 things to mend. Nothing was written.",
    ]
    assert state(source) == before


def test_bom_and_windows_line_ends_of_the_plan_are_kept(source: Source) -> None:
    data = b"\xef\xbb\xbf" + source.read(PLAN).replace("\n", "\r\n").encode()
    (source.root / PLAN).write_bytes(data)
    path = edited(export(source), set_cells(G2="done"))
    assert run(source, "import", path).code == 0
    assert (source.root / PLAN).read_bytes() == data.replace(b"active", b"done")


def test_a_school_without_a_table_gets_one(source: Source) -> None:
    source.remove(PLAN)
    path = edited(export(source), set_cells(B2="New", C2="KR_TUESDAYS", E2="ROLE_HEAD", G2="done"))
    said = run(source, "import", path)
    assert said.code == 0, said.out
    # ACT_PIER_02 is written on the school's page.
    assert source.read(PLAN).endswith("notes\nACT_PIER_03,New,KR_TUESDAYS,,ROLE_HEAD,,done,,,,,,\n")


def test_a_page_that_does_not_show_the_plan_is_told(source: Source) -> None:
    source.remove(PLAN)
    source.replace("schools/pier/index.md", ":::{school-plan}\n:::\n", "")
    path = edited(export(source), set_cells(B2="New", C2="KR_TUESDAYS", E2="ROLE_HEAD", G2="done"))
    assert "Put :::{school-plan} on schools/pier/index.md" in run(source, "import", path).out


def test_errors_elsewhere_that_hide_records_come_first(source: Source) -> None:
    path = edited(export(source), set_cells(G2="done"))
    source.replace("learning/sessions.csv", "2030-09-02", "soon")
    before = state(source)
    said = run(source, "import", path)
    assert said.code == 1
    assert "learning/sessions.csv:2" in said.out
    assert state(source) == before


def test_errors_elsewhere_that_hide_nothing_are_no_hindrance(source: Source) -> None:
    path = edited(export(source), set_cells(G2="done"))
    source.append("index.md", "\n[nowhere](nowhere.md)\n")
    assert check(source).code == 1
    assert run(source, "import", path).code == 0


def test_a_workbook_of_another_district_is_refused(source: Source) -> None:
    path = export(source)
    for file in ("schools/pier/index.md", "learning/sessions.csv"):
        source.write(file, source.read(file).replace("SCH_PIER", "SCH_QUAY"))
    said = run(source, "import", path)
    assert said.code == 1
    assert "SCH_PIER, which has no page here" in said.out


@pytest.mark.parametrize("file", ["none.xlsx", "plan.csv"])
def test_what_is_no_workbook_is_refused(source: Source, file: str) -> None:
    path = source.root.parent / file
    if file == "plan.csv":
        path.write_text("id,title\n")
    said = run(source, "import", path)
    assert said.code == 1
    assert f"{file} cannot be read" in said.out
    assert said.out.endswith("Nothing was written.\n")


def test_a_full_disk_leaves_the_plan_as_it_was(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, before = edited(export(source), set_cells(G2="done")), state(source)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    said = run(source, "import", path)
    assert said.code == 2
    assert "No space left on device" in said.err
    assert state(source) == before


def test_at_a_terminal_it_asks_first(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    path, before = edited(export(source), set_cells(G2="done")), state(source)
    answers = ["n\n", "y\n"]

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: answers.pop(0).strip())
    assert run(source, "import", path).out.endswith("Nothing was written.\n")
    assert state(source) == before
    assert "Wrote" in run(source, "import", path).out
    assert answers == []
    assert "done" in source.read(PLAN)


def test_with_yes_a_terminal_is_not_asked(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    path = edited(export(source), set_cells(G2="done"))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert "Wrote" in run(source, "import", path, "--yes").out
