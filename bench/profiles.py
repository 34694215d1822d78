"""Where a cold build of the kit spends its time, from cProfile.

`python -m bench.profiles FILE build ...` runs the `manual` command watched. The clock is read,
since reading processor time at every call would weigh more than what is called.
"""

from __future__ import annotations

import cProfile
import pstats
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Function = tuple[str, int, str]

MOST = 25
WAITING = "waiting for Pagefind"
#: What a process does while it waits for another.
_WAITS = ("poll' of 'select", "posix.waitpid")
#: Functions that only start the others say nothing of where time goes.
_STARTERS = ("<frozen runpy>", "<frozen importlib", "<string>")


@dataclass(frozen=True, slots=True)
class Line:
    """One function: its package, its name with place, calls, and seconds (with and without)."""

    package: str
    name: str
    calls: int
    own: float
    total: float

    @property
    def seconds(self) -> tuple[str, str]:
        """Own and total, to be read."""
        return f"{self.own:.2f}", f"{self.total:.2f}"


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile of one build, largest first. Seconds are those of a process that is watched.

    `total` is read off the clock; `cpu` is the processor time of the same run.
    """

    schools: int
    actions: int
    total: float
    cpu: float
    by_package: tuple[tuple[str, float], ...]
    by_total: tuple[Line, ...]
    by_own: tuple[Line, ...]

    @property
    def disturbed(self) -> bool:
        """Whether the clock ran on while the build did not: some function took the blame."""
        return self.total > 1.3 * self.cpu


def read_profile(path: Path, schools: int, actions: int, cpu: float) -> Profile:
    """Read what cProfile wrote. Time in built-in functions counts for the package that called."""
    stats = pstats.Stats(str(path)).stats  # type: ignore[attr-defined]
    groups: dict[str, float] = defaultdict(float)
    lines = []
    for function, (_, calls, own, total, callers) in stats.items():
        for package, seconds in _own(function, own, callers):
            groups[package] += seconds
        if not function[0].startswith(_STARTERS):
            lines.append(Line(package_of(function), name_of(function), calls, own, total))
    return Profile(
        schools,
        actions,
        sum(groups.values()),
        cpu,
        tuple(sorted(groups.items(), key=lambda group: -group[1])),
        tuple(sorted(lines, key=lambda line: -line.total)[:MOST]),
        tuple(sorted(lines, key=lambda line: -line.own)[:MOST]),
    )


def _own(
    function: Function, own: float, callers: dict[Function, tuple[int, int, float, float]]
) -> Iterator[tuple[str, float]]:
    if function[0] != "~" or not callers or _waits(function):
        yield package_of(function), own
        return
    for caller, values in callers.items():
        yield package_of(caller), values[2]


def _waits(function: Function) -> bool:
    return function[0] == "~" and any(sign in function[2] for sign in _WAITS)


def package_of(function: Function) -> str:
    """The package a function belongs to."""
    file = function[0].replace("\\", "/")
    if _waits(function):
        return WAITING
    if "site-packages/" in file:
        return file.rsplit("site-packages/", 1)[1].split("/")[0].removesuffix(".py")
    if "living_manual/" in file:
        return "living_manual"
    return "Python itself"


def name_of(function: Function) -> str:
    """Module and function, short enough for a table."""
    file, line, name = function
    if file == "~":
        return name
    parts = file.replace("\\", "/").rsplit("site-packages/", 1)[-1].rsplit("extensions/", 1)[-1]
    return f"{'/'.join(parts.split('/')[-3:])}:{line} {name}"


def watch(path: Path, words: list[str]) -> int:
    """Run the `manual` command and write the profile; gives its exit code."""
    from living_manual.cli.main import main

    profile = cProfile.Profile()
    sys.argv = ["manual", *words]
    code = 0
    try:
        profile.runcall(main)
    except SystemExit as ended:
        code = int(ended.code or 0)
    profile.dump_stats(path)
    return code


if __name__ == "__main__":
    sys.exit(watch(Path(sys.argv[1]), sys.argv[2:]))
