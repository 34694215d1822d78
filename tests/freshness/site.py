"""A small district with everything that can go stale, built again and built afresh.

`District.built()` builds over what an earlier build left, as a preview or a writer does;
`District.clean()` builds into empty folders. `assert_fresh` builds both ways and compares: every
file that the site serves, byte for byte, and every finding.
"""

from __future__ import annotations

import io
import json
import logging as python_logging
import os
import shutil
import signal
import struct
import sys
import tempfile
import traceback
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
from living_manual.publish.build import forget_translations
from tests.sites import KIT, TINY, TODAY, Source

#: Files of a build that no reader is served.
UNSERVED = (".buildinfo", ".buildinfo.bak")

GUIDE = """\
# A guide to the island

Read {need}`TERM_EXPLAIN` first, then {need}`PRO_BOAT_TALK`; [](../vision/talk.md) says why, and
[](../vision/talk.md#key-results) how we know. Begin [](#start-here). The tide does not
wait.

Tide
: Water that comes and goes.

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
    """What a build gave: each file's bytes by path, the findings in order, whether it stopped.

    A build that stops leaves the pages as they were: there is nothing to compare.
    """

    files: Mapping[str, bytes]
    findings: tuple[Finding, ...]
    stopped: bool

    def difference(self, clean: Outcome) -> list[str]:
        """What is not as in a clean build, in words that tell where to look."""
        if clean.stopped:
            return [] if self.stopped else ["not stopped"]
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

    @property
    def state(self) -> tuple[object, ...]:
        """Stands for everything a build is made from."""
        return (tree_digest(self.root), self.kit, *sorted(self.settings.items()))

    def built(self) -> Outcome:
        """Build over what is there."""
        return self._build(self.output, self.trees)

    def clean(self) -> Outcome:
        """Build into empty folders; what was built before from the same is remembered."""
        key = self.state
        if key not in _CLEAN or self.kit != KIT:
            folders = self.root.parent / "clean-output", self.root.parent / "clean-trees"
            for folder in folders:
                shutil.rmtree(folder, ignore_errors=True)
            _CLEAN[key] = self._build(*folders)
            if len(_CLEAN) > 20:
                del _CLEAN[next(iter(_CLEAN))]
        return _CLEAN[key]

    def _build(self, output: Path, trees: Path) -> Outcome:
        said = (
            build(self.root, self.kit, output, trees, self.settings)
            if self.kit == KIT
            else in_child(build_with_kit, self.root, self.kit, output, trees, self.settings)
        )
        found = tuple(Finding(**each) for each in said["findings"])
        return Outcome(served(output), found, said["stopped"])

    def with_own_kit(self, kit: Path) -> District:
        """The same district with a copy of the kit, so that the kit can be edited."""
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
) -> dict[str, Any]:
    """Build as the publisher does, but over what is in the folders: findings, whether it stopped.

    Pages are left as they are when Sphinx stops; that is a finding too, as for the publisher.
    """
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    more = {"manual_search": "pagefind", "manual_today": TODAY, **settings}
    app, stopped = None, ()
    forget_translations()
    python_logging.disable(python_logging.INFO)  # nobody listens, and it costs a tenth of the time
    try:
        with patch_docutils(str(kit)), docutils_namespace(), templates_compiled_once():
            app = Sphinx(
                source, kit, output, trees, "html", more, status=None, warning=io.StringIO()
            )
            app.build()
    except (SphinxError, UnicodeError, RecursionError) as error:
        stopped = (finding("build-stopped", f"The build stopped: {error}", "Mend the others."),)
    finally:
        python_logging.disable(python_logging.NOTSET)
    inside = getattr(app, "living_manual", None)
    found = (*stopped, *(inside.findings if inside else ()))
    found = ordered(without_consequences(found, inside.lost if inside else ()))
    return {"findings": [each.as_dict() for each in found], "stopped": bool(stopped)}


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


def build_with_kit(
    source: Path, kit: Path, output: Path, trees: Path, settings: Mapping[str, str]
) -> dict[str, Any]:
    """Build with the code of that kit; only in a process that nothing else is run in."""
    sys.path.insert(0, str(kit / "extensions"))
    for name in [name for name in sys.modules if name.partition(".")[0] == "living_manual"]:
        del sys.modules[name]
    found = build(source, kit, output, trees, settings)
    assert Path(sys.modules["living_manual"].__file__ or "").is_relative_to(kit)
    return found


class Killed(Exception):
    """A child process was killed in the middle of its work."""


def in_child(work: Callable[..., Any], *words: Any) -> Any:
    """Do it in a copy of this process; gives what it gives, as far as JSON can say it."""
    told = Path(tempfile.mkdtemp(prefix="freshness-")) / "told"
    try:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                told.write_text(json.dumps(work(*words)), encoding="utf-8")
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == -signal.SIGKILL:
            raise Killed
        assert code == 0, f"the child process ended with {code}"
        return json.loads(told.read_text(encoding="utf-8"))
    finally:
        shutil.rmtree(told.parent)


def assert_fresh(made: District) -> Outcome:
    """Build over what is there, build afresh, and compare; gives what was built."""
    now = made.built()
    difference = now.difference(made.clean())
    assert not difference, "\n".join(difference)
    return now
