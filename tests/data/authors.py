"""A repository made with real commits of several people, to count authors in."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import NamedTuple


class Person(NamedTuple):
    """Somebody who commits."""

    name: str
    address: str


ZOE = Person("Zoë Ångström", "zoe.angstrom@people.example")
ZOE_AT_HOME = Person("zo", "zo@home.example")
LI = Person("李 小龍", "li.xiaolong@people.example")
OMAR = Person("Omar “the pen” Haddad", "omar.haddad@people.example")
BRIT = Person("Brit Nilsen", "brit.nilsen@people.example")
BRIT_AT_HOME = Person("brit", "Brit@Home.example")
ROBOT = Person("tidy[bot]", "tidy@robots.example")
PEOPLE = (ZOE, ZOE_AT_HOME, LI, OMAR, BRIT, BRIT_AT_HOME)
MAILMAP = (
    f"{ZOE.name} <{ZOE.address}> <{ZOE_AT_HOME.address}>\n"
    f"{BRIT.name} <{BRIT.address}> <{BRIT_AT_HOME.address}>\n"
)


def needles() -> set[str]:
    """Every name and address, whole and in parts that nothing else would hold."""
    found = {part for person in (*PEOPLE, ROBOT) for part in person if len(part) > 4}
    return found | {"Ångström", "Haddad", "Nilsen", "小龍", "people.example", "home.example"}


def git(folder: Path, *words: str, by: Person = ZOE, day: str = "2030-09-03") -> str:
    """Run git as somebody on a day; the machine's own settings do not matter."""
    when = f"{day}T12:00:00Z"
    environment = os.environ | {
        "GIT_AUTHOR_NAME": by.name,
        "GIT_AUTHOR_EMAIL": by.address,
        "GIT_COMMITTER_NAME": by.name,
        "GIT_COMMITTER_EMAIL": by.address,
        "GIT_AUTHOR_DATE": when,
        "GIT_COMMITTER_DATE": when,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
    }
    words = ("-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", *words)
    done = subprocess.run(
        ["git", *words], cwd=folder, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def commit(folder: Path, by: Person, day: str = "2030-09-03", message: str = "A change") -> None:
    """Commit all that is there."""
    git(folder, "add", "--all", by=by)
    git(folder, "commit", "--quiet", "--message", message, by=by, day=day)


def with_line(path: Path, line: str) -> None:
    """Add a line to a file, or begin it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{before}{line}\n", encoding="utf-8")
