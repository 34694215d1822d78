"""The one door to git. Without git, or outside a checkout, answers are None.

Names and addresses of authors do not leave this module: `history` gives numbers in their place.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from living_manual.core.history import (
    NO_COMMIT,
    NO_GIT,
    NO_REPOSITORY,
    SHALLOW,
    TOO_SLOW,
    UNREADABLE,
    WHOLE,
    Change,
    Commit,
    History,
    files_written,
)

#: Seconds: reading 10,000 commits takes two.
LONGEST = 60
#: A commit begins with the first sign, its fields and its co-authors are parted by the others.
_START, _FIELD, _ITEM = b"\x02", b"\x1f", b"\x1e"
_LOG = (
    *("-c", "diff.renameLimit=2000", "-c", "log.showSignature=false"),
    *("log", "-z", "--no-merges", "--topo-order", "--reverse", "--name-status", "--find-renames"),
    *("--no-color", "--no-ext-diff", "--no-textconv", "--no-relative", "--ignore-submodules"),
    "--format=%x02%cs%x1f%aE%x1f%aN%x1f"
    "%(trailers:key=Co-authored-by,valueonly,unfold,separator=%x1e)",
)
_PERSON = re.compile(rb"\s*(.*?)\s*<([^<>]+)>\s*")


def last_change(folder: Path, files: Sequence[str] = (".",)) -> date | None:
    """The day of the last commit that touched the folder, or some files of it (paths from there).

    None without git or without a commit.
    """
    if not files:
        return None
    said = _git(folder, "--literal-pathspecs", "log", "-1", "--format=%cs", "--", *files)
    return date.fromisoformat(said) if said else None


@dataclass(frozen=True, slots=True)
class Checkout:
    """Where a folder stands in its repository: while that is the same, so is its history.

    `state` says what keeps the history from being read, and is `WHOLE` when nothing does.
    """

    state: str
    head: str = ""
    prefix: str = ""
    mailmap: str = ""


def checkout_of(folder: Path) -> Checkout:
    """Where the folder stands; quick enough to be asked at each save."""
    asked = ("--is-shallow-repository", "--show-cdup", "--show-prefix", "HEAD")
    try:
        done = _run(folder, "rev-parse", *asked, seconds=30)
    except subprocess.TimeoutExpired:
        return Checkout(TOO_SLOW)
    except OSError:
        return Checkout(NO_GIT if folder.is_dir() else NO_REPOSITORY)
    lines = os.fsdecode(done.stdout).split("\n")
    if len(lines) < 4:
        absent = b"not a git repository" in done.stderr
        return Checkout(NO_REPOSITORY if absent else UNREADABLE)
    shallow, up, prefix, head = lines[:4]
    if done.returncode:
        return Checkout(NO_COMMIT)
    mailmap = folder / up / ".mailmap"
    people = hashlib.sha256(mailmap.read_bytes()).hexdigest() if mailmap.is_file() else ""
    return Checkout(SHALLOW if shallow == "true" else WHOLE, head, prefix, people)


def history(folder: Path, checkout: Checkout | None = None) -> History:
    """Who wrote each file of the folder, as numbers, and when it changed last; from one `git log`.

    Merges are left out, renamed files are followed, and `.mailmap` says which addresses are the
    same person. Co-authors count (`Co-authored-by:` at the end of a commit's message); automatic
    accounts (`[bot]`) do not. Paths are relative to the folder.
    """
    checkout = checkout or checkout_of(folder)
    if checkout.state != WHOLE:
        return History(checkout.state)
    try:
        done = _run(folder, *_LOG, checkout.head, seconds=LONGEST)
        commits = tuple(_commits(folder, done.stdout)) if done.returncode == 0 else None
    except subprocess.TimeoutExpired:
        return History(TOO_SLOW)
    except (OSError, ValueError):
        commits = None
    if commits is None:
        return History(UNREADABLE)
    start = checkout.prefix
    files = {
        path.removeprefix(start): written
        for path, written in files_written(commits).items()
        if path.startswith(start)
    }
    return History(WHOLE if files else NO_COMMIT, files)


def _commits(folder: Path, said: bytes) -> Iterator[Commit]:
    """The commits of a log, oldest first, with a number for each author."""
    found = list(_parsed(said.split(b"\0")))
    others = _same_people(folder, [each for _, people, _ in found for each in people[1:]])
    numbers: dict[bytes, int] = {}
    for day, (author, *more), changes in found:
        authors = set()
        for name, address in (author, *(others.get(each, each) for each in more)):
            if not name.endswith(b"[bot]"):
                authors.add(numbers.setdefault((address or name).lower(), len(numbers)))
        yield Commit(day, frozenset(authors), changes)


_Person = tuple[bytes, bytes]


def _parsed(parts: Sequence[bytes]) -> Iterator[tuple[date, list[_Person], tuple[Change, ...]]]:
    """Day, people and changes of each commit; raises `ValueError` for what is no such log."""
    at = 0
    while at < len(parts):
        if not parts[at].startswith(_START):
            if parts[at].strip():
                raise ValueError("no commit begins here")
            at += 1
            continue
        day, address, name, trailers = parts[at][1:].split(_FIELD, 3)
        at += 1
        changes = []
        while at < len(parts) and not parts[at].startswith(_START):
            kind = parts[at].strip().decode()[:1]
            if not kind:
                at += 1
                continue
            if kind in "RC":
                old, new = os.fsdecode(parts[at + 1]), os.fsdecode(parts[at + 2])
                changes.append(Change("R", new, old) if kind == "R" else Change("A", new))
                at += 3
            else:
                changes.append(Change(kind, os.fsdecode(parts[at + 1])))
                at += 2
        people = [(name, address), *_co_authors(trailers)]
        yield date.fromisoformat(day.decode()), people, tuple(changes)


def _co_authors(trailers: bytes) -> Iterator[_Person]:
    """Who is named with an address; without one nobody can say who is meant."""
    for trailer in trailers.split(_ITEM):
        person = _PERSON.fullmatch(trailer)
        if person:
            yield person[1], person[2]


def _same_people(folder: Path, people: Sequence[_Person]) -> dict[_Person, _Person]:
    """What `.mailmap` makes of co-authors: git does it for the author alone."""
    asked = sorted({each for each in people if b"\n" not in each[0] + each[1]})
    if not asked:
        return {}
    lines = b"".join(b"%b <%b>\n" % each for each in asked)
    done = _run(folder, "check-mailmap", "--stdin", seconds=30, said=lines)
    answers = [_PERSON.fullmatch(line) for line in done.stdout.splitlines()]
    if done.returncode or len(answers) != len(asked):
        return {}
    return {
        each: (answer[1], answer[2])
        for each, answer in zip(asked, answers, strict=True)
        if answer is not None
    }


def _run(
    folder: Path, *words: str, seconds: int, said: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Git's answer as it gives it. It fetches nothing, and says its errors in English."""
    return subprocess.run(
        ["git", "-C", str(folder), *words],
        input=said,
        capture_output=True,
        timeout=seconds,
        check=False,
        env={**os.environ, "LC_ALL": "C", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"},
    )


def _git(folder: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None if done.returncode == 0 else None
