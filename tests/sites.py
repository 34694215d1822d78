"""Source folders to test with, ways to break them, and the `manual` command to run on them."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

KIT = Path(__file__).resolve().parent.parent
SAMPLE = KIT / "source"
TINY = KIT / "tests" / "sphinx_ext" / "sites" / "tiny"
"""A whole district as small as the rules allow: nothing to mend in it."""

TODAY = "2030-10-15"
"""A day of the tiny district's school year."""


@dataclass(frozen=True)
class Source:
    """A copy of a source folder, to be altered."""

    root: Path

    def read(self, file: str) -> str:
        return (self.root / file).read_text(encoding="utf-8")

    def write(self, file: str, text: str) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace words that must be there exactly once: an edit that misses tests nothing."""
        text = self.read(file)
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
        self.write(file, text.replace(old, new))

    def append(self, file: str, text: str) -> None:
        self.write(file, self.read(file) + text)

    def remove(self, file: str) -> None:
        (self.root / file).unlink()

    def latin_1(self, file: str, old: str, new: str) -> None:
        """Replace words and save as Latin-1, as an old spreadsheet or editor does."""
        self.replace(file, old, new)
        text = self.read(file)
        (self.root / file).write_bytes(text.encode("latin-1"))

    def without_option(self, file: str, record: str, option: str) -> None:
        """Take an option out of a record in a page."""
        start, end = self._block(file, record)
        text = self.read(file)
        block, found = re.subn(rf"(?m)^:{option}:.*\n", "", text[start:end])
        assert found == 1, f"{record} has {found} lines with {option}"
        self.write(file, text[:start] + block + text[end:])

    def without_record(self, file: str, record: str) -> None:
        """Take a record out of a page."""
        start, end = self._block(file, record)
        text = self.read(file)
        self.write(file, text[:start] + text[end:])

    def without_cell(self, file: str, record: str, column: str) -> None:
        """Blank a cell of a table."""
        rows = list(csv.reader(io.StringIO(self.read(file), newline="")))
        (row,) = (row for row in rows if row[0] == record)
        assert row[rows[0].index(column)], f"{record} has no {column} in {file}"
        row[rows[0].index(column)] = ""
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        self.write(file, out.getvalue())

    def line_of_record(self, file: str, record: str) -> int:
        """The line where a record starts: its block in a page, its row in a table."""
        if file.endswith(".csv"):
            return self.line(file, f"\n{record},") + 1
        return self.line(file, f":id: {record}\n") - 1

    def _block(self, file: str, record: str) -> tuple[int, int]:
        text = self.read(file)
        found = re.search(rf"(?ms)^:::\{{\w+\}}[^\n]*\n:id: {record}\n.*?^:::\n", text)
        assert found, f"{record} is not in {file}"
        return found.span()

    def line(self, file: str, words: str) -> int:
        """The line, from 1, where the words stand for the first time."""
        data = (self.root / file).read_bytes()
        position = data.find(words.encode())
        assert position >= 0, f"{words!r} is not in {file}"
        return data[:position].count(b"\n") + 1


Break = Callable[[Source], None]


def copy(source: Path, to: Path) -> Source:
    shutil.copytree(source, to)
    return Source(to)


@dataclass(frozen=True)
class Said:
    """What a run of the command gave: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def findings(self) -> list[dict[str, Any]]:
        """What `--format json` printed."""
        found: list[dict[str, Any]] = json.loads(self.out)
        return found


def manual(*words: str | Path) -> Said:
    """Run the command in this process, from its front door: quick enough for a hundred cases."""
    from living_manual.cli.main import main

    out, err, code = io.StringIO(), io.StringIO(), None
    with (
        mock.patch.object(sys, "argv", ["manual", *map(str, words)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    assert isinstance(code, int)
    return Said(code, out.getvalue(), err.getvalue())


def command(*words: str | Path) -> list[str]:
    """The words that run the real command."""
    return [sys.executable, "-m", "living_manual", *map(str, words)]


def real_manual(
    *words: str | Path, cwd: Path = KIT, env: Mapping[str, str] | None = None, timeout: float = 300
) -> Said:
    """Run the command as people do, in a process of its own."""
    done = subprocess.run(
        command(*words),
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def check(source: Source | Path, *more: str) -> Said:
    """`manual check --format json` on a source folder, on the tiny district's day."""
    root = source.root if isinstance(source, Source) else source
    words = ("check", "--kit", KIT, "--source", root, "--today", TODAY, "--format", "json")
    return manual(*words, *more)
