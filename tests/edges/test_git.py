"""The door to git, tested against the real one."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from living_manual.core.history import (
    NO_COMMIT,
    NO_GIT,
    NO_REPOSITORY,
    SHALLOW,
    TOO_SLOW,
    UNREADABLE,
    WHOLE,
    Written,
)
from living_manual.edges.git import checkout_of, history, last_change
from tests.data.authors import (
    BRIT,
    BRIT_AT_HOME,
    LI,
    MAILMAP,
    OMAR,
    PEOPLE,
    ROBOT,
    ZOE,
    ZOE_AT_HOME,
    commit,
    with_line,
)
from tests.data.authors import git as git_by


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
    assert last_change(checkout, ["source/index.md", "new.md"]) == date(2030, 9, 3)
    assert last_change(checkout, ["new.md"]) is None
    assert last_change(checkout, []) is None


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


# ---- Who wrote what ----

LINES = "".join(
    f"Line {number} of a page that is long enough to be known again.\n" for number in range(9)
)


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A repository in which four people wrote in every way that git knows."""
    source = tmp_path / "source"
    git_by(tmp_path, "init", "--quiet")
    (tmp_path / ".mailmap").write_text(MAILMAP, encoding="utf-8")
    for name in ("alone", "both", "moved", "gone", "café 1", "beside"):
        with_line(source / f"{name}.md", f"# {name}\n{LINES}")
    commit(tmp_path, ZOE, "2030-01-01")
    with_line(source / "alone.md", "From home.")
    commit(tmp_path, ZOE_AT_HOME, "2030-01-02")
    with_line(source / "both.md", "And by another.")
    with_line(source / "café 1.md", "And by another.")
    commit(tmp_path, LI, "2030-01-03")
    (source / "rooms").mkdir()
    (source / "moved.md").rename(source / "rooms" / "new\tname.md")
    (source / "gone.md").unlink()
    commit(tmp_path, OMAR, "2030-01-04")
    with_line(source / "gone.md", f"# Begun anew\n{LINES}")
    commit(
        tmp_path,
        LI,
        "2030-01-05",
        f"Begin anew\n\nCo-authored-by: {BRIT_AT_HOME.name} "
        f"<{BRIT_AT_HOME.address}>\nco-authored-by: {BRIT.name} <{BRIT.address}>\n"
        "Co-authored-by: nobody knows who",
    )
    with_line(source / "alone.md", "Tidied.")
    commit(tmp_path, ROBOT, "2030-01-06")
    with_line(tmp_path / "README.md", "Read me")
    commit(tmp_path, OMAR, "2030-01-07")
    # One branch renames a page while another one changes it; the merge itself writes nothing.
    git_by(tmp_path, "switch", "--quiet", "--create", "side", by=BRIT)
    with_line(source / "beside.md", "Beside.")
    commit(tmp_path, BRIT, "2030-01-09")
    git_by(tmp_path, "switch", "--quiet", "main")
    (source / "beside.md").rename(source / "rooms" / "beside.md")
    commit(tmp_path, OMAR, "2030-01-08")
    git_by(tmp_path, "merge", "--quiet", "--no-ff", "side", "-m", "Merge", by=LI, day="2030-01-10")
    with_line(source / "not yet.md", "Not committed")
    return tmp_path


def wrote(found: dict[str, Written]) -> dict[str, tuple[int, str]]:
    """How many people wrote each file, and its last day."""
    return {path: (len(each.authors), each.changed.isoformat()) for path, each in found.items()}


def test_authors_of_each_file_of_a_folder(shared: Path) -> None:
    read = history(shared / "source")
    assert read.state == WHOLE
    assert wrote(dict(read.files)) == {
        "alone.md": (1, "2030-01-06"),
        "both.md": (2, "2030-01-03"),
        "café 1.md": (2, "2030-01-03"),
        "gone.md": (2, "2030-01-05"),  # Li and Brit, who stands there with two addresses
        "rooms/beside.md": (3, "2030-01-09"),
        "rooms/new\tname.md": (2, "2030-01-04"),
    }
    everybody = set().union(*(each.authors for each in read.files.values()))
    assert everybody == {0, 1, 2, 3}
    (zoe,) = read.files["alone.md"].authors
    assert all(zoe in read.files[name].authors for name in ("both.md", "rooms/beside.md"))
    assert zoe not in read.files["gone.md"].authors
    assert "source/both.md" in history(shared).files


def test_history_holds_no_name(shared: Path) -> None:
    said = repr((history(shared / "source"), checkout_of(shared / "source")))
    for person in PEOPLE:
        assert person.name not in said
        assert person.address.lower() not in said.lower()


def test_settings_of_the_machine_change_nothing(
    shared: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = history(shared / "source")
    settings = tmp_path_factory.mktemp("home") / "config"
    settings.write_text(
        "[diff]\nrenames = copies\nnoprefix = true\nrelative = true\n[log]\nshowSignature = true\n"
        "follow = true\nmailmap = false\n[color]\nui = always\n[core]\nquotePath = true\n"
        "[i18n]\nlogOutputEncoding = latin1\n[format]\npretty = fuller\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    assert history(shared / "source") == plain


def test_checkout_moves_with_commits_and_mailmap_only(shared: Path) -> None:
    first = checkout_of(shared / "source")
    with_line(shared / "source" / "both.md", "More.")
    assert checkout_of(shared / "source") == first
    commit(shared, LI)
    second = checkout_of(shared / "source")
    assert second != first
    (shared / ".mailmap").unlink()
    assert checkout_of(shared / "source") not in (first, second)


def test_part_of_a_history_says_nothing(shared: Path, tmp_path: Path) -> None:
    git_by(shared, "clone", "--quiet", "--depth", "1", f"file://{shared}", str(tmp_path / "part"))
    read = history(tmp_path / "part" / "source")
    assert (read.state, dict(read.files)) == (SHALLOW, {})


@pytest.mark.parametrize("kind", ["ignored", "nothing committed", "no repository", "new folder"])
def test_folder_without_a_history(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    source = tmp_path / "source"
    with_line(source / "index.md", "# Hello")
    if kind != "no repository":
        git_by(tmp_path, "init", "--quiet")
    if kind in ("ignored", "new folder"):
        with_line(tmp_path / ".gitignore", "source" if kind == "ignored" else "other")
        git_by(tmp_path, "add", ".gitignore")
        git_by(tmp_path, "commit", "--quiet", "--message", "One")
    read = history(source)
    assert read.state == (NO_REPOSITORY if kind == "no repository" else NO_COMMIT)
    assert not read.files


def test_machine_without_git_has_no_history(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(checkout))
    assert history(checkout / "source").state == NO_GIT


def test_git_that_is_slow_or_broken(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = subprocess.run
    state = checkout_of(checkout / "source")

    def hang(words: list[str], **more: object) -> subprocess.CompletedProcess[bytes]:
        raise subprocess.TimeoutExpired(words, 60, output=b"A writer")

    def babble(words: list[str], **more: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(words, 0, b"warning: A writer is odd", b"")

    monkeypatch.setattr(subprocess, "run", hang)
    assert history(checkout / "source").state == TOO_SLOW
    assert history(checkout / "source", state).state == TOO_SLOW
    monkeypatch.setattr(subprocess, "run", babble)
    assert history(checkout / "source", state).state == UNREADABLE
    monkeypatch.setattr(subprocess, "run", whole)
    assert history(checkout / "source", state).state == WHOLE


def test_long_history_is_read_in_one_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = bytearray()
    for number in range(1_000):
        page = f"# Page\n{number}\n".encode()
        message = f"One\n\nCo-authored-by: B{number % 7} <b{number % 7}@x.example>\n".encode()
        who = f"A{number % 40} <a{number % 40}@x.example> {1_600_000_000 + number} +0000"
        told += (
            f"commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata {len(message)}\n"
        ).encode() + message
        told += f"\nM 100644 inline source/p{number}.md\ndata {len(page)}\n".encode() + page + b"\n"
    git_by(tmp_path, "init", "--quiet")
    git_by(tmp_path, "symbolic-ref", "HEAD", "refs/heads/main")
    subprocess.run(["git", "fast-import", "--quiet"], cwd=tmp_path, input=told, check=True)
    (tmp_path / "source").mkdir()
    asked, run = [], subprocess.run

    def counted(words: list[str], **more: Any) -> subprocess.CompletedProcess[Any]:
        asked.append(words[3:])
        return run(words, **more)

    monkeypatch.setattr(subprocess, "run", counted)
    read = history(tmp_path / "source")
    assert len(read.files) == 1_000
    assert {len(each.authors) for each in read.files.values()} == {2}
    assert len(asked) == 3  # where it stands, the log, and who the co-authors are
