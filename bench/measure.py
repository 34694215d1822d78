"""One whole process, measured: time on the clock, processor time, memory; and what it wrote."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Seconds between two looks at the memory of running processes.
LOOK = 0.05


class MeasureError(Exception):
    """The process failed: what it would measure is not the work."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a process and all it started took; memory in megabytes.

    `peak` is the largest single process, `pagefind` the largest of that name (0 without one).
    """

    wall: float
    cpu: float
    peak: float
    pagefind: float


@dataclass(frozen=True, slots=True)
class Size:
    """A built site in bytes: all of it, its largest page, and the page of all actions (or 0)."""

    site: int
    pages: int
    largest: str
    raw: int
    packed: int
    actions_raw: int
    actions_packed: int


def run(words: Sequence[str | Path], log: Path, cwd: Path, env: Mapping[str, str]) -> Run:
    """Run to the end; raises `MeasureError` with the end of what it said when it fails."""
    seen: dict[int, tuple[str, float]] = {}
    ended = threading.Event()
    with log.open("wb") as said:
        started = time.monotonic()
        process = subprocess.Popen(words, cwd=cwd, env=env, stdout=said, stderr=said)
        watcher = threading.Thread(target=_watch, args=(process.pid, seen, ended))
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        ended.set()
        watcher.join()
    if process.returncode:
        tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise MeasureError(f"{' '.join(map(str, words))}\nended with {process.returncode}:\n{tail}")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    found = [peak for name, peak in seen.values() if name.startswith("pagefind")]
    cpu = usage.ru_utime + usage.ru_stime
    return Run(wall, cpu, usage.ru_maxrss / unit, max(found, default=0.0))


def _watch(root: int, seen: dict[int, tuple[str, float]], ended: threading.Event) -> None:
    """Note name and highest memory of every process below a root, for as long as it runs."""
    while not ended.wait(LOOK):
        for pid in _family(root):
            try:
                lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
            except OSError:
                continue
            values = dict(line.split(":", 1) for line in lines if ":" in line)
            peak = values.get("VmHWM", "0 kB").split()[0]
            # One that has ended and is not yet waited for tells no memory any more.
            before = seen.get(pid, ("", 0.0))[1]
            seen[pid] = (values["Name"].strip(), max(before, float(peak) / 1e3))


def _family(pid: int) -> Iterator[int]:
    """A process and all below it, on a system that tells (Linux)."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            below = children.read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in below:
            yield from _family(int(child))


def size_of(site: Path, actions_page: str) -> Size:
    """What a built site weighs; pages as a server would send them are packed with gzip -9."""
    files = [path for path in site.rglob("*") if path.is_file()]
    web = [path for path in files if path.suffix == ".html" and "_static" not in path.parts]
    largest = max(web, key=lambda path: path.stat().st_size)
    actions = site / f"{actions_page}.html"
    listed = actions.read_bytes() if actions.exists() else b""
    return Size(
        sum(path.stat().st_size for path in files),
        len(web),
        largest.relative_to(site).as_posix(),
        largest.stat().st_size,
        packed(largest.read_bytes()),
        len(listed),
        packed(listed) if listed else 0,
    )


def packed(data: bytes) -> int:
    """How many bytes are sent when the server compresses as well as it can."""
    return len(gzip.compress(data, 9, mtime=0))
