"""The synthetic district is a sound manual, the same each time, in both forms."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench.district import TODAY, make
from bench.form import (
    ASSESSMENTS,
    PLAN,
    SESSIONS,
    Form,
    change_action,
    change_prose,
    write,
    write_kit,
)
from bench.plain import PlainForm, write_plain
from living_manual.core.tables import TABLES
from tests.sites import KIT, manual


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_kit_finds_nothing_to_mend(tmp_path: Path) -> None:
    write_kit(tmp_path / "kit", schools=2, actions=3)
    words = ("--kit", KIT, "--source", tmp_path / "kit", "--today", TODAY, "--format", "json")
    said = manual("check", *words)
    assert (said.code, said.findings) == (0, []), said.out + said.err


@pytest.mark.parametrize("form", [write_kit, write_plain])
def test_the_same_numbers_give_the_same_files(form: object, tmp_path: Path) -> None:
    assert callable(form)
    for name, seed in (("first", 7), ("again", 7), ("other", 8)):
        form(tmp_path / name, 2, 3, seed)
    first, again, other = (files(tmp_path / name) for name in ("first", "again", "other"))
    assert first == again
    assert first != other


def test_it_holds_what_a_district_holds() -> None:
    district = make(schools=800, actions=1)
    assert (len(district.objectives), len(district.terms), len(district.protocols)) == (8, 60, 40)
    assert sum(map(len, district.key_results.values())) == 24
    ids = [school.record.id for school in district.schools]
    assert len(set(ids)) == 800
    with pytest.raises(ValueError, match="800 schools"):
        make(schools=801, actions=1)


def test_both_forms_hold_the_same_records_and_pages(tmp_path: Path) -> None:
    district = make(schools=2, actions=3)
    write(Form(district), tmp_path / "kit")
    write(PlainForm(district), tmp_path / "plain")
    kit, plain = files(tmp_path / "kit"), files(tmp_path / "plain")
    assert {name for name in plain if name.endswith(".md")} <= set(kit)
    in_kit = Counter(_ids("\n".join(kit.values())))
    assert in_kit == Counter(_ids("\n".join(plain.values())))
    assert set(in_kit.values()) == {1}
    assert sum(name.startswith("ACT_") for name in in_kit) == 6


def _ids(text: str) -> list[str]:
    """Ids of records where they are written: `:id:` in a page, the first cell of a table."""
    starts = (":id: ", "ACT_", "SES_", "ASM_")
    lines = [line for line in text.splitlines() if line.startswith(starts)]
    return [line.removeprefix(":id: ").split(",")[0] for line in lines]


@pytest.mark.parametrize("form", [Form, PlainForm])
def test_an_edit_changes_one_file(form: type[Form], tmp_path: Path) -> None:
    district = make(schools=2, actions=3)
    write(form(district), tmp_path)
    for change, item in (
        (change_action, district.schools[1]),
        (change_prose, district.terms[3]),
    ):
        before = files(tmp_path)
        change(tmp_path, item, "these new words")  # type: ignore[arg-type]
        after = files(tmp_path)
        changed = [name for name in after if after[name] != before[name]]
        assert len(changed) == 1
        assert "these new words" in after[changed[0]]


def test_tables_have_the_columns_of_the_kit() -> None:
    for table, columns in (
        ("plan.csv", PLAN),
        ("sessions.csv", SESSIONS),
        ("assessments.csv", ASSESSMENTS),
    ):
        assert tuple(column.name for column in TABLES[table].columns) == columns
