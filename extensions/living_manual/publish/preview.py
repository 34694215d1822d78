"""The preview: serve the manual, watch it, build what a save changes, tell the browser.

One process builds and stays warm: it keeps the Sphinx application, and with it everything read, in
memory (docs/preview.md has the measurements). This process serves and watches; nothing that a page
does to a build can stop it. A third makes the search index whenever there is time.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from living_manual.core.finding import Finding, ordered
from living_manual.core.preview import Rebuilt, State, event, stopped, told
from living_manual.edges.server import Reply, make_server
from living_manual.edges.watch import changes
from living_manual.publish.build import BuildError, Job
from living_manual.publish.index import FOLDER as INDEX
from living_manual.publish.index import REGISTER, write_index
from living_manual.publish.warm import LOOK, Warm, made_of

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

EVENTS, STATUS = "/_preview/events", "/_preview/status"
#: File that says that a folder is a preview's.
STAMP = "preview"
#: Seconds of quiet before search is indexed again, and between signs of life to a browser.
QUIET, ALIVE = 2.0, 15.0
#: Said to the warm process when a file was saved while it builds.
HURRY = "hurry"

_SPAWN = get_context("spawn")


# ------------------------------------------------------------------------- the warm process


def _work(pipe: Connection, job: Job, folder: Path) -> None:
    """The warm process: builds when asked, until nobody is there to ask.

    Anything said while it builds means that the next save is there.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the process that asks
    warm = Warm(job, folder)
    with suppress(EOFError, BrokenPipeError):
        while (asked := pipe.recv()) is not None:
            if asked != HURRY:
                _rebuild(pipe, warm, *asked)
        warm.end()


def _rebuild(
    pipe: Connection, warm: Warm, changed: Collection[str], viewed: Collection[str]
) -> None:
    """Build once, telling of pages as they are written.

    A search for unused memory goes through everything that was read: until the first page is
    shown there is none, and a thorough one waits until nobody else does.
    """

    def shown(pages: Sequence[str]) -> None:
        gc.enable()
        pipe.send(tuple(pages))

    gc.disable()
    try:
        rebuilt = warm.rebuild(changed, viewed, shown, pipe.poll)
    finally:
        gc.enable()
    pipe.send(rebuilt)
    if not pipe.poll(QUIET):
        gc.collect()


# ------------------------------------------------------------------------- the search index


def _index(html: Path, target: Path, language: str) -> None:
    """Make the search index of the pages as they are; a process that lets others go first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(AttributeError, OSError):
        os.nice(10)
    scratch = target.with_name("indexing")
    shutil.rmtree(scratch, ignore_errors=True)  # what one that was stopped left
    stage = scratch / "site"
    for path in [*html.rglob("*.html"), html / REGISTER]:
        copy = stage / path.relative_to(html)
        if not copy.relative_to(stage).parts[0].startswith("_"):
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(path, copy)
            except OSError:
                shutil.copyfile(path, copy)
    write_index(stage, language)
    if target.exists():
        target.rename(scratch / "old")
    (stage / INDEX).rename(target)
    shutil.rmtree(scratch)


# ------------------------------------------------------------------------- the one who serves


class Board:
    """What the browsers are told, and which pages they show."""

    def __init__(self, html: Path) -> None:
        self.html, self.state = html, State()
        self._open: dict[int, tuple[str, SimpleQueue[bytes | None]]] = {}
        self._lock = threading.Lock()

    @property
    def viewed(self) -> frozenset[str]:
        """The pages looked at."""
        with self._lock:
            return frozenset(page for page, _ in self._open.values())

    def show(self, pages: Sequence[str]) -> None:
        """Tell the browsers that pages were written again."""
        self._tell(event("pages", {"pages": pages}))

    def put(self, state: State) -> None:
        """Tell the browsers how things stand."""
        self.state = state
        self._tell(event("state", state.as_dict()))

    def close(self) -> None:
        """Let every browser go."""
        self._tell(None)

    def events(self, query: Mapping[str, str]) -> Reply:
        """A stream of what happens, for the browser that shows the named page."""
        return Reply("text/event-stream", self._stream(query.get("page", "")))

    def status(self, _query: Mapping[str, str]) -> Reply:
        """How things stand, once."""
        _, _, data = event("", self.state.as_dict()).partition(b"data: ")
        return Reply("application/json", data.strip())

    def _stream(self, page: str) -> Generator[bytes]:
        waiting: SimpleQueue[bytes | None] = SimpleQueue()
        with self._lock:
            self._open[id(waiting)] = (page, waiting)
        try:
            yield event("hello", {**self.state.as_dict(), "at": self._written_at(page)})
            while True:
                try:
                    said = waiting.get(timeout=ALIVE)
                except Empty:
                    said = b": still here\n\n"
                if said is None:
                    return
                yield said
        finally:
            with self._lock:
                self._open.pop(id(waiting), None)

    def _written_at(self, page: str) -> float:
        """When the page was last written, in milliseconds as browsers count them."""
        with suppress(OSError, ValueError):
            return (self.html / f"{page}.html").stat().st_mtime * 1000
        return 0.0

    def _tell(self, said: bytes | None) -> None:
        with self._lock:
            for _, waiting in self._open.values():
                waiting.put(said)


class Preview:
    """Serves, watches and asks for rebuilds, until Ctrl+C.

    `say` gets a line for the terminal after each rebuild, with the findings.
    """

    def __init__(
        self, job: Job, folder: Path, say: Callable[[str, tuple[Finding, ...]], None]
    ) -> None:
        self.job, self.folder, self.say = job.checked(), folder.resolve(), say
        self.board = Board(self.folder / "html")
        self._saves: SimpleQueue[frozenset[Path]] = SimpleQueue()
        self._worker: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._to_pipe = threading.Lock()
        self._indexer: BaseProcess | None = None
        self._to_index, self._language = False, "en"

    def run(self, port: int, ready: Callable[[str], None]) -> None:
        """Build, serve on 127.0.0.1 and watch; `ready` gets the address once pages are up.

        Raises OSError, with a sentence for the reader, when the port cannot be had, and
        `BuildError` when the folder holds something else.
        """
        answers = {EVENTS: self.board.events, STATUS: self.board.status}
        mounts = {INDEX: self.folder / INDEX}
        with make_server(self.board.html, port, answers=answers, mounts=mounts) as server:
            prepare(self.folder)
            with _running(server.serve_forever, server.shutdown), suppress(KeyboardInterrupt):
                try:
                    self._rebuild(frozenset())
                    ready(server.url)
                    with _watching(self.job, self._saved):
                        self._follow()
                finally:
                    self._end()

    def _saved(self, changed: frozenset[Path]) -> None:
        """Note a save, and ask a running build to make way; called by the one who watches."""
        busy = self.board.state.busy
        self._saves.put(changed)
        if busy:
            self._tell(HURRY)

    def _follow(self) -> None:
        while True:
            try:
                changed = self._saves.get(timeout=QUIET)
                while not self._saves.empty():
                    changed |= self._saves.get()
            except Empty:
                self._index()
            else:
                self._rebuild(changed)

    def _rebuild(self, changed: frozenset[Path]) -> None:
        started = time.monotonic()
        # An editor's passing files are gone by now; what the writer took away is gone as well.
        there = {path for path in changed if path.exists()} or changed
        names = {_name(path, self.job) for path in there}
        if self._indexer and self._indexer.exitcode is None:
            self._indexer.terminate()
            self._indexer.join()
            self._to_index = True
        self.board.put(replace(self.board.state, busy=True))
        rebuilt = self._ask(names)
        self._to_index |= bool(rebuilt.pages) and not rebuilt.kept
        if not rebuilt.done:  # what is left of it is done together with the next save
            self._saves.put(changed)
            return
        self.board.put(self.board.state.after(rebuilt))
        self._language = rebuilt.language
        line = told(names, rebuilt, time.monotonic() - started) if names else ""
        self.say(line, rebuilt.findings)

    def _ask(self, names: Collection[str]) -> Rebuilt:
        """Let the warm process build; one that died is replaced at the next save."""
        if self._pipe is None:
            self._pipe, theirs = _SPAWN.Pipe()
            self._worker = _SPAWN.Process(
                target=_work, args=(theirs, self.job, self.folder), daemon=True
            )
            self._worker.start()
            theirs.close()
        self._tell((names, self.board.viewed))
        try:
            while not isinstance(said := self._pipe.recv(), Rebuilt):
                self.board.show(said)
        except (EOFError, OSError):
            self._pipe = None
            died = RuntimeError("the process that builds has ended")
            return Rebuilt(ordered((*self.board.state.findings, stopped(died))), kept=True)
        return said

    def _tell(self, said: object) -> None:
        with self._to_pipe, suppress(OSError):
            if self._pipe:
                self._pipe.send(said)

    def _index(self) -> None:
        if self._to_index:
            self._to_index = False
            target = self.folder / INDEX
            self._indexer = _SPAWN.Process(
                target=_index, args=(self.board.html, target, self._language), daemon=True
            )
            self._indexer.start()

    def _end(self) -> None:
        self.board.close()
        if self._indexer:
            self._indexer.terminate()
            self._indexer.join()
        if self._worker:
            self._tell(None)
            self._worker.join(30)


def prepare(folder: Path) -> None:
    """Make sure of the preview's folder; what an earlier preview left there is built upon.

    Raises `BuildError` when the folder holds something that no preview made.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / STAMP).exists():
        raise BuildError(f"{folder} holds other files. Name an empty or new folder with --output.")
    (folder / "html").mkdir(parents=True, exist_ok=True)
    (folder / STAMP).touch()


@contextmanager
def _running(work: Callable[[], None], stop: Callable[[], None]) -> Generator[None]:
    """Something that works beside the block, and is stopped at its end."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop()
        thread.join()


@contextmanager
def _watching(job: Job, saved: Callable[[frozenset[Path]], None]) -> Generator[None]:
    """Tells of each save below the source folder, and of changes of the look and the model."""
    ended = threading.Event()

    def watch() -> None:
        for changed in changes([job.source, *LOOK, *made_of(job)], ended):
            saved(changed)

    with _running(watch, ended.set):
        yield


def _name(path: Path, job: Job) -> str:
    """A changed file as the terminal and the findings name it."""
    for root in (job.source, job.kit):
        with suppress(ValueError):
            return path.relative_to(root).as_posix()
    return path.name
