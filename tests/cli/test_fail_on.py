"""Rules of gaps that fail a check, by the settings of a district and by the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sites import KIT, TINY, TODAY, Source, check, copy, manual, real_manual

#: Kinds of the tiny district's gaps that the cases name.
BACKUP, ROLE = "gap-backup", "gap-role"
PATHS = ["gap-path", "gap-path"]


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return copy(TINY, tmp_path / "source")


def kinds(source: Source, *more: str) -> list[str]:
    return sorted(found["kind"] for found in check(source, *more).findings)


@pytest.mark.parametrize(
    ("setting", "words", "found"),
    [
        ("[]", (), []),
        ('["backup"]', (), [BACKUP]),
        ('["backup", "role"]', (), [BACKUP, ROLE]),
        ('["look-for"]', (), []),
        ('["backup"]', ("--fail-on", "role"), [ROLE]),
        ('["backup"]', ("--fail-on", "none"), []),
        ("[]", ("--fail-on", "backup,role"), [BACKUP, ROLE]),
        ("[]", ("--fail-on", " role , backup "), [BACKUP, ROLE]),
        ('["role"]', ("--fail-on", ""), []),
        ("[]", ("--fail-on", "blank"), []),
    ],
)
def test_the_command_comes_before_the_setting(
    source: Source, setting: str, words: tuple[str, ...], found: list[str]
) -> None:
    source.append("district.toml", f"\n[gaps]\nfail_on = {setting}\n")
    said = check(source, *words)
    assert sorted(each["kind"] for each in said.findings) == found
    assert said.code == (1 if found else 0)


@pytest.mark.parametrize("way", ["setting", "option"])
def test_all_are_all(source: Source, way: str) -> None:
    parts = ["gap-exemplar-parts", "gap-protocol-parts", "gap-term-parts"]
    if way == "setting":
        source.append("district.toml", '\n[gaps]\nfail_on = ["all"]\n')
    found = kinds(source) if way == "setting" else kinds(source, "--fail-on", "all")
    assert found == sorted([BACKUP, ROLE, *PATHS, *parts, "gap-analysis-before"])


def test_a_gap_that_fails_is_said_like_any_finding(source: Source) -> None:
    said = manual(
        *("check", "--kit", KIT, "--source", source.root, "--today", TODAY),
        *("--fail-on", "backup"),
    )
    line = source.line_of_record("schools/pier/index.md", "ACT_PIER_02")
    assert said.out == (
        f"schools/pier/index.md:{line}: error: Explain the tide table at breakfast (ACT_PIER_02) "
        "and Pier School: nobody carries on when the leader is away. Owner: Head of school. "
        "[gap-backup]\n"
        "    Name a second role in the plan's backed_up_by column.\n"
        "1 error, 0 warnings.\n"
    )


def test_an_agreed_exception_does_not_fail(source: Source) -> None:
    head = "rule,record,about,reason,approved_by,until\n"
    row = "backup,ACT_PIER_02,,One teacher lives here in winter.,Board,%s\n"
    source.append("district.toml", '\n[gaps]\nfail_on = ["backup"]\n')
    source.write("progress/exceptions.csv", head + row % "2030-10-15")
    assert kinds(source) == []
    source.write("progress/exceptions.csv", head + row % "2030-10-14")
    assert kinds(source) == [BACKUP]


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        ("lookfor", "Did you mean 'look-for'?"),
        ("backup,revue", "Did you mean 'review'?"),
        ("backup,none", "Write 'none' alone."),
        ("Vacant role", "Did you mean 'role'?"),
        ("xyzzy", "The rules are: blank, overdue"),
    ],
)
def test_a_rule_that_is_none_is_wrong_use(source: Source, named: str, meant: str) -> None:
    said = manual("check", "--kit", KIT, "--source", source.root, "--fail-on", named)
    assert said.code == 2
    assert meant in said.err


def test_a_setting_that_names_no_rule_is_a_finding_at_its_line(source: Source) -> None:
    source.append("district.toml", '\n[gaps]\nfail_on = ["backups"]\n')
    (found,) = check(source).findings
    assert (found["kind"], found["file"]) == ("settings-value", "district.toml")
    assert found["line"] == source.line("district.toml", "fail_on")
    assert found["fix"] == "Did you mean 'backup'?"


def test_the_setting_keeps_a_manual_from_being_published(source: Source, tmp_path: Path) -> None:
    source.append("district.toml", '\n[gaps]\nfail_on = ["backup"]\n')
    words = ("--kit", KIT, "--source", source.root, "--site", tmp_path / "site", "--today", TODAY)
    said = real_manual("publish", *words)
    assert said.code == 1
    assert "[gap-backup]" in said.out
    assert "Nothing was published" in said.out
    assert not (tmp_path / "site" / "current").exists()


def test_what_a_page_that_cannot_be_read_takes_along_is_not_reported(source: Source) -> None:
    """One unreadable page would bury its own finding under the blanks that it leaves."""
    source.append("district.toml", '\n[gaps]\nfail_on = ["all"]\n')
    source.latin_1("schools/pier/index.md", "Pier School", "Pier Schöol")
    assert "page-unreadable" in kinds(source)
    assert [kind for kind in kinds(source) if kind.startswith("gap-")] == []
