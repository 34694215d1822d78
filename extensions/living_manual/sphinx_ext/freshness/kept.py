"""What is kept: of each page in the environment, of the last build in a file, of this one."""

from __future__ import annotations

import hashlib
import json
import logging as python_logging
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import MemoryHandler

from living_manual.core.finding import Finding

#: What is kept about the last build, beside the page trees.
STATE = "living-manual.json"
#: Files larger than this are told apart by size, inode and times (the time of the last change of
#: any kind among them, which nobody can set), smaller ones by their content.
LARGE = 256 * 1024


@dataclass(slots=True)
class Facts:
    """What is kept of a page, in the environment.

    `files` are the files it was read from, each with a key of its content; `names` the pages its
    text links to, or `*` for anything that may show any name of the manual; `looks` says that it
    named files or pages, so that reading depended on which there were; `foreign` that it holds a
    view of sphinx-needs' own; `shown` stands for what it showed beyond its own text.
    """

    files: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    looks: bool = False
    foreign: bool = False
    shown: str = ""


@dataclass(slots=True)
class State:
    """What is kept of the last build, in a file: it must survive a build that is killed.

    `outputs` are the files written into each output folder, those that are copies with a key of
    their content; `again` the pages with a finding, which would be lost if they were not read
    again; `shown` is a digest of the environment.
    """

    finished: bool = False
    kit: str = ""
    writer: str = ""
    look: str = ""
    shown: str = ""
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    again: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Run:
    """What lives for one application.

    `started` is when the build looked at the files, `read` are the pages being read, `keys` the
    content keys of this build, and `computed` the findings that every build finds anew, whatever
    it reads.
    """

    state: State
    started: int = 0
    read: list[str] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    computed: set[Finding] = field(default_factory=set)
    before_rules: int = 0
    all_stale: bool = False

    def key(self, path: str) -> str:
        """The key of a file's content, as this build first saw it."""
        if path not in self.keys:
            self.keys[path] = content_key(Path(path))
        return self.keys[path]

    def key_as_read(self, path: str) -> str:
        """The key of a file that was just read; none when it may have changed since."""
        if path in self.keys:
            return self.keys[path]
        try:
            changed = os.stat(path).st_ctime_ns  # noqa: PTH116
        except OSError:
            return ""
        return content_key(Path(path)) if changed < self.started else "unknown"


def facts_of(env: BuildEnvironment) -> dict[str, Facts]:
    """All pages' facts, by page name."""
    found = getattr(env, "living_manual_facts", None)
    if found is None:
        found = {}
        env.living_manual_facts = found  # type: ignore[attr-defined]
    return cast("dict[str, Facts]", found)


def run_of(app: Sphinx) -> Run:
    """The running application's own data."""
    return cast("Run", app.living_manual_run)  # type: ignore[attr-defined]


def forget(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is read again or gone."""
    facts_of(env).pop(docname, None)


def merge(_app: Sphinx, env: BuildEnvironment, docnames: Sequence[str], other: Any) -> None:
    """Take over pages that another process read."""
    theirs = facts_of(other)
    facts_of(env).update({name: theirs[name] for name in docnames if name in theirs})


def pending() -> list[python_logging.LogRecord]:
    """The warnings that Sphinx holds back until every page is read."""
    handlers = python_logging.getLogger("sphinx").handlers
    return next((each.buffer for each in handlers if isinstance(each, MemoryHandler)), [])


def read_state(path: Path) -> State | None:
    """What the last build kept; None when there was none, or it cannot be read."""
    try:
        return State(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def save_state(app: Sphinx) -> None:
    """Keep the state, whole or not at all."""
    state, path = run_of(app).state, Path(app.doctreedir) / STATE
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    text = json.dumps({name: getattr(state, name) for name in State.__slots__})
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def digest(*parts: object) -> str:
    """One digest for values with a telling `repr`."""
    return hashlib.sha256("\0".join(map(repr, parts)).encode()).hexdigest()


def content_key(path: Path) -> str:
    """Stands for a file's content; empty when there is no such file."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return "no file"
        if found.st_size > LARGE and os.name == "posix":
            return f"{found.st_size} {found.st_ino} {found.st_mtime_ns} {found.st_ctime_ns}"
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"unreadable: {error.errno}"
