"""What a build may reach: no other computer, and while a page is read no file but the manual's own.

Both are held by Python's audit events (PEP 578), which every way of opening a file or a connection
raises, also those of a library that nobody thought of. They are no sandbox against Python code:
content brings none (`sphinx_ext/gate.py`). They are the net below the lists of what is allowed.
"""

from __future__ import annotations

import os
import site
import sys
import sysconfig
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

#: Events of a connection; what each is about stands at this place of its arguments.
_CONNECTIONS = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
    "socket.getnameinfo": 0,
    "urllib.Request": 0,
    "http.client.connect": 1,
    "ftplib.connect": 1,
    "smtplib.connect": 1,
}
_PROGRAMS = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn"})
_CHANGES = frozenset(
    {"os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.symlink", "os.link", "os.chmod"}
)
_WATCHED = frozenset({"open", *_CONNECTIONS, *_PROGRAMS, *_CHANGES})
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
#: Python's own parts are loaded when they are first needed.
_CODE = (".py", ".pyc", ".so", ".pyd")


class RefusedError(PermissionError):
    """Something was to be reached that a build never reaches."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was tried: `what` is "network", "file" or "program", `target` the address or path."""

    what: str
    target: str


@dataclass(slots=True)
class _Fence:
    """What one block of code may reach, and what it tried; `roots` None leaves files alone."""

    roots: tuple[str, ...] | None
    attempts: list[Attempt] = field(default_factory=list)
    #: Threads that were there before (a test's client, a server's): the block is not theirs.
    others: frozenset[int | None] = frozenset()


class _Hook:
    """The one audit hook: it cannot be taken away again, so it only acts inside a block."""

    def __init__(self) -> None:
        self.fences: tuple[_Fence, ...] = ()
        self.there = False

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if event not in _WATCHED or not self.fences:
            return
        for fence in reversed(self.fences):
            attempt = _attempt(event, args, fence.roots)
            if attempt is not None and threading.get_ident() not in fence.others:
                if attempt not in fence.attempts:
                    fence.attempts.append(attempt)
                raise RefusedError(f"A build does not reach {attempt.target}.")


_HOOK = _Hook()


@contextmanager
def no_network() -> Iterator[list[Attempt]]:
    """In the block no connection is opened and no name looked up; gives what was tried.

    Whoever tries gets `RefusedError`, an `OSError`: what a computer without a network gives.
    """
    with _held(_Fence(None)) as attempts:
        yield attempts


@contextmanager
def only_files_of(*folders: Path) -> Iterator[list[Attempt]]:
    """In the block also no file is opened but those of the folders and of Python, no program run.

    Gives what was tried. Nothing is written either, but in the folders.
    """
    roots = tuple(f"{os.path.realpath(folder)}{os.sep}" for folder in folders)
    with _held(_Fence(roots)) as attempts:
        yield attempts


@contextmanager
def files_of_the_kit() -> Iterator[None]:
    """In the block the kit opens files that it names itself, such as those it keeps from builds.

    For code that a page tells nothing but which of the manual's own files it is about. There is
    still no network.
    """
    before = _HOOK.fences
    _HOOK.fences = tuple(_Fence(None, each.attempts, each.others) for each in before)
    try:
        yield
    finally:
        _HOOK.fences = before


@contextmanager
def _held(fence: _Fence) -> Iterator[list[Attempt]]:
    if not _HOOK.there:
        sys.addaudithook(_HOOK)
        _HOOK.there = True
    me = threading.get_ident()
    fence.others = frozenset(each.ident for each in threading.enumerate() if each.ident != me)
    before = _HOOK.fences
    _HOOK.fences = (*before, fence)
    try:
        yield fence.attempts
    finally:
        _HOOK.fences = before


def _attempt(event: str, args: tuple[Any, ...], roots: tuple[str, ...] | None) -> Attempt | None:
    """What an event tries to reach that is refused; None when there is nothing to refuse."""
    if event == "open":
        return _file(args, roots) if roots is not None else None
    if event in _CONNECTIONS:
        return _connection(args[_CONNECTIONS[event] :])
    if roots is None:
        return None
    if event in _PROGRAMS:
        return Attempt("program", str(args[0]))
    if event in _CHANGES and not _inside(args[0], roots):
        return Attempt("file", os.fsdecode(args[0]))
    return None


def _connection(args: tuple[Any, ...]) -> Attempt | None:
    address = args[0] if args else ""
    if isinstance(address, (bytes, str)) and os.fsdecode(address).startswith(("/", "\0", "file:")):
        return None  # a socket of this computer, as the system's log has one
    if isinstance(address, tuple) and address:
        address = address[0]
    return Attempt("network", os.fsdecode(address) if isinstance(address, bytes) else str(address))


def _file(args: tuple[Any, ...], roots: tuple[str, ...]) -> Attempt | None:
    path, mode, flags = args
    if not isinstance(path, (str, bytes, os.PathLike)) or _inside(path, roots):
        return None
    writes = (mode and set(mode) & set("wax+")) or (not mode and flags & _WRITING)
    name = os.fsdecode(path)
    if not writes and (name.endswith(_CODE) or _inside(name, _of_python())):
        return None
    return Attempt("file", name)


def _inside(path: Any, roots: Iterable[str]) -> bool:
    """Whether a path, all links followed, lies in one of the folders."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        return True  # a file that is open already
    real = os.path.realpath(os.fsdecode(path))
    return any(real.startswith(root) for root in roots)


@lru_cache(maxsize=1)
def _of_python() -> tuple[str, ...]:
    """The folders of Python, its libraries and what the system tells of times and letters."""
    package = Path(__file__).resolve().parents[1]
    named = [sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), *site.getsitepackages()]
    system = ["/usr/share/zoneinfo", "/usr/share/locale", "/usr/lib/locale", "/dev/null"]
    return tuple(
        f"{os.path.realpath(folder)}{'' if folder == '/dev/null' else os.sep}"
        for folder in dict.fromkeys([*named, *system, str(package)])
    )
