"""Who wrote which page, as far as the history tells: authors are numbers, and never more.

`edges.git` reads the history and gives each author a number that means nothing outside of one
reading. What leaves it are `Commit` values; `files_written` folds them into each file of today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from living_manual.core.model import Ref

#: What became of reading the history. Only a `WHOLE` one says anything about authors.
WHOLE = "whole"
NO_GIT = "no-git"
NO_REPOSITORY = "no-repository"
NO_COMMIT = "no-commit"
SHALLOW = "shallow"
TOO_SLOW = "too-slow"
UNREADABLE = "unreadable"
UNASKED = "unasked"
#: Why nothing is said about authors, and what to do, for people who never used git.
NOTES: Mapping[str, str] = {
    NO_GIT: "The computer that built this page has no git, the program that keeps the history. Ask "
    "your technical person to install it there.",
    NO_REPOSITORY: "This copy of the manual was built from a folder that is not kept in git, so it "
    "has no history. Build it where the manual is kept.",
    NO_COMMIT: "The history holds no page of this manual yet. It begins with the first commit.",
    SHALLOW: "This page was built from a copy that holds only the newest part of the history. To "
    "count authors in it would be wrong. Ask your technical person to fetch all of it: "
    "fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab.",
    TOO_SLOW: "Reading the history took too long, and was given up. Publish once more; if it "
    "happens again, tell your technical person.",
    UNREADABLE: "The history could not be read on the computer that built this page. Ask your "
    "technical person to run `git log` in the manual's folder there, and to see what it says.",
}


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit did to a file: `A`dded, `M`odified, `D`eleted or `R`enamed (from `old`)."""

    kind: str
    path: str
    old: str = ""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit that is no merge: its day, its authors as numbers, what it changed."""

    day: date
    authors: frozenset[int]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The authors of a file as it is today, and the day of its last change."""

    authors: frozenset[int]
    changed: date

    def and_by(self, commit: Commit) -> Written:
        """The same with one more commit."""
        return Written(self.authors | commit.authors, max(self.changed, commit.day))

    def and_with(self, other: Written) -> Written:
        """Two files' authors together."""
        return Written(self.authors | other.authors, max(self.changed, other.changed))


@dataclass(frozen=True, slots=True)
class History:
    """What reading the history gave: `state` as above, and each file by its path."""

    state: str = UNASKED
    files: Mapping[str, Written] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Authorship:
    """Every page with its history; None for a page that no commit holds yet.

    The pages are there whatever the state is; with another one than `WHOLE` none has a history.
    """

    state: str = UNASKED
    pages: tuple[tuple[Ref, Written | None], ...] = ()

    @property
    def known(self) -> bool:
        """Whether authors may be counted."""
        return self.state == WHOLE


def files_written(commits: Iterable[Commit]) -> dict[str, Written]:
    """Each file of today with everybody who wrote it, from commits in order (parents first).

    A renamed file keeps its authors; a change to its old name that was made beside the renaming, on
    another branch, counts for the new one. A file that was deleted and is added again starts anew.
    """
    found: dict[str, Written] = {}
    moved: dict[str, str] = {}
    gone: set[str] = set()

    def is_there(path: str, written: Written) -> None:
        found[path] = written
        gone.discard(path)
        moved.pop(path, None)

    for commit in commits:
        anew = Written(commit.authors, commit.day)
        sources = {
            change.old: found.get(_today(change.old, moved, gone))
            for change in commit.changes
            if change.kind == "R"
        }
        for change in commit.changes:
            path = change.path
            if change.kind == "R":
                before = found.get(change.old) or sources[change.old]
                gone.add(change.old)
                is_there(path, before.and_by(commit) if before else anew)
                moved[change.old] = path
            elif change.kind == "D":
                gone.add(path)
            elif change.kind == "A":
                there = None if path in gone else found.get(path)
                is_there(path, there.and_by(commit) if there else anew)
            else:
                path = _today(path, moved, gone)
                there = found.get(path)
                found[path] = there.and_by(commit) if there else anew
    return {path: written for path, written in sorted(found.items()) if path not in gone}


def _today(path: str, moved: Mapping[str, str], gone: set[str]) -> str:
    """The name that a file has by now."""
    seen = {path}
    while path in gone and path in moved and moved[path] not in seen:
        path = moved[path]
        seen.add(path)
    return path
