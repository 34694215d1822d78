"""The door to git, tested against the real one."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from living_manual.edges.git import last_change


def git(folder: Path, *words: str, day: str = "2030-09-03") -> None:
    when = f"{day}T23:30:00-0230"
    environment = os.environ | {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    who = ("-c", "user.name=A writer", "-c", "user.email=writer@example.org")
    subprocess.run(
        ["git", *who, *words], cwd=folder, env=environment, check=True, capture_output=True
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A source folder with one commit, and a second one beside it."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "index.md").write_text("# One\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "One", day="2030-09-03")
    (tmp_path / "README.md").write_text("Read me\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "Two", day="2030-12-24")
    return tmp_path


def test_day_of_the_last_change_of_a_folder(checkout: Path) -> None:
    """In the time zone of the person who wrote it, on whatever machine it is read."""
    assert last_change(checkout / "source") == date(2030, 9, 3)
    assert last_change(checkout) == date(2030, 12, 24)


def test_folder_without_a_commit(checkout: Path) -> None:
    (checkout / "new").mkdir()
    assert last_change(checkout / "new") is None


@pytest.mark.parametrize("kind", ["empty repository", "no repository", "no folder"])
def test_nothing_to_ask(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    if kind == "empty repository":
        git(tmp_path, "init", "--quiet")
    folder = tmp_path / "none" if kind == "no folder" else tmp_path
    assert last_change(folder) is None


def test_machine_without_git(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(checkout))
    assert last_change(checkout / "source") is None


def test_git_that_hangs(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("git", 30)

    monkeypatch.setattr(subprocess, "run", hang)
    assert last_change(checkout / "source") is None
