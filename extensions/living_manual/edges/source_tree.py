"""The folder of a manual as the file system has it: links, names and what can be read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from living_manual.core.file_names import name_fault
from living_manual.core.finding import Finding, finding


def lies_in(path: Path, folder: Path) -> bool:
    """Whether a file, all links followed, lies in a folder or is it."""
    real, root = os.path.realpath(path), os.path.realpath(folder)
    return real == root or real.startswith(f"{root}{os.sep}")


def tree_faults(root: Path) -> tuple[Finding, ...]:
    """What keeps a folder from being read safely and alike on every computer.

    Links to elsewhere, links of folders, what is neither file nor folder (to read from a pipe would
    wait for ever), what may not be read, names that some computers cannot hold. Nothing is opened.
    """
    return tuple(_faults(root))


def _faults(root: Path) -> Iterator[Finding]:
    unread: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=unread.append):
        folders.sort()
        if ".git" in folders:
            folders.remove(".git")
        for name in (*folders, *sorted(files)):
            path = Path(folder, name)
            file = path.relative_to(root).as_posix()
            yield from _one(root, path, file, name in folders)
    for error in unread:
        file = Path(str(error.filename)).relative_to(root).as_posix()
        yield _unreadable(file, "folder", error.strerror or "")


def _one(root: Path, path: Path, file: str, is_folder: bool) -> Iterator[Finding]:
    if said := name_fault(path.name):
        shown = "".join(
            sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in file
        )
        yield finding("file-name", f"The name {shown} {said}.", "Rename it.", shown, 1)
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        if not path.exists():
            yield _link(file, "leads to nothing")
        elif not lies_in(path, root):
            yield _link(file, "leads out of the manual's folder")
        elif is_folder:
            yield _link(file, "stands for another folder")
        return
    if not is_folder and not stat.S_ISREG(mode):
        yield finding(
            "symbolic-link",
            f"{file} is no file that could be read.",
            "Take it away: pipes, sockets and devices have no place in a manual.",
            file,
            1,
        )
    elif not is_folder and not os.access(path, os.R_OK):
        yield _unreadable(file, "file", "nobody gave leave to read it")


def _link(file: str, said: str) -> Finding:
    return finding(
        "symbolic-link",
        f"{file} is a symbolic link that {said}.",
        "Copy the file itself into the manual's folder, in the place of the link.",
        file,
        1,
    )


def _unreadable(file: str, what: str, why: str) -> Finding:
    return finding(
        "file-unreadable",
        f"The {what} {file} cannot be read: {why}.",
        "Give whoever publishes the manual leave to read it.",
        file,
        1,
    )
