"""`manual language`, from its front door: on the sample, and on pages with a person in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sites import KIT, SAMPLE, TINY, Source, copy, manual


@pytest.fixture
def tiny(tmp_path: Path) -> Source:
    return copy(TINY, tmp_path / "source")


def test_the_sample_names_nobody() -> None:
    said = manual("language", "--kit", KIT, "--source", SAMPLE)
    assert said.out.strip() == "Nothing to mend."
    assert said.code == 0


def test_a_person_on_a_page_and_in_a_table_is_found(tiny: Source) -> None:
    page = next(tiny.root.rglob("*.md"))
    file = page.relative_to(tiny.root).as_posix()
    tiny.append(file, "\nMaria drew it.\n")
    table = next(tiny.root.rglob("plan.csv")).relative_to(tiny.root).as_posix()
    rows = tiny.read(table).rstrip("\n")
    tiny.write(table, f"{rows} office@alder.example\n")

    said = manual("language", "--kit", KIT, "--source", tiny.root, "--format", "json")

    assert said.code == 1
    found = {(one["kind"], one["file"], one["line"]) for one in said.findings}
    assert found == {
        ("person-name", file, tiny.line(file, "Maria drew")),
        ("email-address", table, tiny.line(table, "office@")),
    }


def test_words_that_are_no_names_come_from_the_settings(tiny: Source) -> None:
    file = next(tiny.root.rglob("*.md")).relative_to(tiny.root).as_posix()
    tiny.append(file, "\nMaria Hall is our school.\n")
    tiny.append(file, "\nNancy teaches there.\n")
    tiny.append("district.toml", '\n[privacy]\nnot_names = "Maria, Nancy"\n')

    assert manual("language", "--kit", KIT, "--source", tiny.root).code == 0
    said = manual("check", "--kit", KIT, "--source", tiny.root)
    assert "not_names" not in said.out


def test_a_page_that_cannot_be_read_is_told(tiny: Source) -> None:
    (tiny.root / "notes.md").write_bytes(b"# Notes\n\nMaria caf\xe9\n")

    said = manual("language", "--kit", KIT, "--source", tiny.root, "--format", "json")

    assert said.code == 1
    assert [(one["kind"], one["file"], one["line"]) for one in said.findings] == [
        ("page-unreadable", "notes.md", 3)
    ]


def test_a_folder_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    said = manual("language", "--kit", KIT, "--source", tmp_path / "nothing")
    assert said.code == 2
    assert "Traceback" not in said.err
