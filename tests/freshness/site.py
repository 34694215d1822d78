"""A small district with everything that can go stale, built again and built afresh.

`District.built()` builds over what an earlier build left, as a preview or a writer does;
`District.clean()` builds into empty folders. `assert_fresh` builds both ways and compares: every
file that the site serves, byte for byte, and every finding.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

from jinja2 import Environment

from living_manual.core.finding import Finding, finding, ordered, without_consequences
from living_manual.edges.files import tree_digest
from tests.sites import KIT, TINY, TODAY, Source

#: Files of a build that no reader is served.
UNSERVED = (".buildinfo", ".buildinfo.bak")

GUIDE = """\
# A guide to the island

Read {need}`TERM_EXPLAIN` first, then {need}`PRO_BOAT_TALK`; [](../vision/talk.md) says why, and
[](../vision/talk.md#key-results) how we know. Begin [](#start-here). The {term}`Tide` does not
wait.

:::{glossary}
Tide
: Water that comes and goes.
:::

:::{toctree}
:maxdepth: 2
first-week
second-week
:::
"""

FIRST_WEEK = """\
# The first week

(start-here)=
## Where to begin

![A boat](pictures/boat.png)

Take the {download}`list <files/list.txt>` along.

:::{include} hint.txt
:::

### On the pier

Wave.
"""

SECOND_WEEK = """\
# The second week

{ref}`start-here` was last week; [the school](../schools/pier/index.md) is this one.

![Another boat](more/boat.png)
"""

GUIDE_FILES = {
    "guide/index.md": GUIDE,
    "guide/first-week.md": FIRST_WEEK,
    "guide/second-week.md": SECOND_WEEK,
    "guide/hint.txt": "Bring an [umbrella](second-week.md).\n",
    "guide/files/list.txt": "1 umbrella\n",
}


def picture(shade: int) -> bytes:
    """A PNG of one grey dot."""

    def chunk(name: bytes, data: bytes) -> bytes:
        whole = name + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(bytes([0, shade])))
        + chunk(b"IEND", b"")
    )


@dataclass(frozen=True)
class Outcome:
    """What a build gave: the bytes of each file, by path, and the findings in order."""

    files: Mapping[str, bytes]
    findings: tuple[Finding, ...]

    def difference(self, clean: Outcome) -> list[str]:
        """What is not as in a clean build, in words that tell where to look."""
        mine, theirs = self.files, clean.files
        said = [f"left over: {path}" for path in sorted(mine.keys() - theirs.keys())]
        said += [f"missing: {path}" for path in sorted(theirs.keys() - mine.keys())]
        for path in sorted(mine.keys() & theirs.keys()):
            if mine[path] != theirs[path]:
                said.append(f"stale: {path}: {_first_difference(mine[path], theirs[path])}")
        said += [f"finding lost: {f}" for f in clean.findings if f not in self.findings]
        said += [f"finding left over: {f}" for f in self.findings if f not in clean.findings]
        return said


def _first_difference(mine: bytes, theirs: bytes) -> str:
    pairs = enumerate(zip(mine, theirs, strict=False))
    at = next((at for at, (one, other) in pairs if one != other), min(len(mine), len(theirs)))
    return f"{mine[max(0, at - 40) : at + 60]!r} should be {theirs[max(0, at - 40) : at + 60]!r}"


#: What clean builds gave. A case that takes its edit back compares with the first build again.
_CLEAN: dict[tuple[object, ...], Outcome] = {}


@dataclass(frozen=True)
class District(Source):
    """A district in a folder of its own, with the folders that its builds are kept in.

    `kit` is the folder with conf.py. When it is a copy, its code is used too, in a new process.
    """

    kit: Path = KIT
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def output(self) -> Path:
        return self.root.parent / "output"

    @property
    def trees(self) -> Path:
        return self.root.parent / "trees"

    def built(self, *, new_process: bool = False) -> Outcome:
        """Build over what is there."""
        return self._build(self.output, self.trees, new_process=new_process)

    def clean(self, *, new_process: bool = False) -> Outcome:
        """Build into empty folders; what was built before from the same is remembered."""
        key = (tree_digest(self.root), self.kit, *sorted(self.settings.items()))
        if key not in _CLEAN or self.kit != KIT:
            folders = self.root.parent / "clean-output", self.root.parent / "clean-trees"
            for folder in folders:
                shutil.rmtree(folder, ignore_errors=True)
            _CLEAN[key] = self._build(*folders, new_process=new_process)
        return _CLEAN[key]

    def _build(self, output: Path, trees: Path, *, new_process: bool) -> Outcome:
        words = [self.root, self.kit, output, trees]
        if new_process or self.kit != KIT:
            found = _in_new_process(words, self.settings, self.kit)
        else:
            found = build(*words, self.settings)
        return Outcome(served(output), found)

    def with_own_kit(self) -> District:
        """The same district with a copy of the kit beside it, so that the kit can be edited."""
        kit = self.root.parent / "kit"
        leave_out = shutil.ignore_patterns("__pycache__")
        shutil.copytree(KIT / "extensions", kit / "extensions", ignore=leave_out)
        for name in ("conf.py", "ubproject.toml"):
            shutil.copy2(KIT / name, kit / name)
        return replace(self, kit=kit)

    def paint(self, file: str, shade: int) -> None:
        """Write a picture of that shade."""
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture(shade))

    def move(self, old: str, new: str) -> None:
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        (self.root / old).rename(self.root / new)

    def with_old_time(self, file: str, edit: Callable[[], None]) -> None:
        """Edit a file and give it the time it had, as a copy, a checkout or a sync does."""
        times = (self.root / file).stat()
        edit()
        os.utime(self.root / file, ns=(times.st_atime_ns, times.st_mtime_ns))


def district(folder: Path) -> District:
    """The tiny district with a guide: prose that names records, pages, words and media."""
    root = folder / "source"
    shutil.copytree(TINY, root)
    made = District(root)
    for file, text in GUIDE_FILES.items():
        made.write(file, text)
    made.paint("guide/pictures/boat.png", 10)
    made.paint("guide/more/boat.png", 20)
    made.replace("index.md", "learning/index\n", "learning/index\nguide/index\n")
    return made


def served(output: Path) -> dict[str, bytes]:
    """Every file of a build that a reader could be served."""
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file() and path.name not in UNSERVED
    }


def build(
    source: Path, kit: Path, output: Path, trees: Path, settings: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Build as the publisher does, but over what is in the folders; give the findings.

    Pages are left as they are when Sphinx stops; that is a finding too, as for the publisher.
    """
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    more = {"manual_search": "pagefind", "manual_today": TODAY, **settings}
    app, stopped = None, ()
    try:
        with patch_docutils(str(kit)), docutils_namespace(), templates_compiled_once():
            app = Sphinx(
                source, kit, output, trees, "html", more, status=None, warning=io.StringIO()
            )
            app.build()
    except (SphinxError, UnicodeError, RecursionError) as error:
        stopped = (finding("build-stopped", f"The build stopped: {error}", "Mend the others."),)
    inside = getattr(app, "living_manual", None)
    found = (*stopped, *(inside.findings if inside else ()))
    return ordered(without_consequences(found, inside.lost if inside else ()))


@contextmanager
def templates_compiled_once() -> Iterator[None]:
    """Keep compiled templates for the process: half of a small build is compiling the same ones."""
    compile_anew = Environment.compile

    def compile_once(self: Environment, source: Any, *more: Any, **named: Any) -> Any:
        if not isinstance(source, str):
            return compile_anew(self, source, *more, **named)
        key = (source, more, *named.items(), self.trim_blocks, self.autoescape is True)
        if key not in _COMPILED:
            _COMPILED[key] = compile_anew(self, source, *more, **named)
        return _COMPILED[key]

    with mock.patch.object(Environment, "compile", compile_once):
        yield


_COMPILED: dict[Any, Any] = {}


def command(
    source: Path, kit: Path, output: Path, trees: Path, settings: Mapping[str, str]
) -> list[str]:
    """The words that build in a process of its own; it prints the findings as JSON."""
    words = [str(path) for path in (source, kit, output, trees)]
    return [sys.executable, "-m", "tests.freshness.site", *words, json.dumps(dict(settings))]


def surroundings(kit: Path) -> dict[str, str]:
    """The environment in which a build uses the code of that kit."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(kit / "extensions"), str(KIT)])}


def _in_new_process(
    folders: list[Path], settings: Mapping[str, str], kit: Path
) -> tuple[Finding, ...]:
    done = subprocess.run(
        command(*folders, settings),
        env=surroundings(kit),
        cwd=KIT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return tuple(Finding(**found) for found in json.loads(done.stdout))


def assert_fresh(made: District, *, new_process: bool = False) -> Outcome:
    """Build over what is there, build afresh, and compare; gives what was built."""
    now = made.built(new_process=new_process)
    difference = now.difference(made.clean(new_process=new_process))
    assert not difference, "\n".join(difference)
    return now


if __name__ == "__main__":
    *folders, given = sys.argv[1:]
    said = build(*(Path(folder) for folder in folders), json.loads(given))
    print(json.dumps([each.as_dict() for each in said]))
