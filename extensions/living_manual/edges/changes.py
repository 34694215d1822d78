"""Changing several files of a source folder as one: all of them, or none."""

from __future__ import annotations

import os
import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from living_manual.core.finding import Finding
from living_manual.core.importing import FileChange
from living_manual.core.model import read_model
from living_manual.edges.files import read_text, walk

_BOM = b"\xef\xbb\xbf"


class ChangesRefused(Exception):
    """The files could not be changed; every one is as it was. The message says what to do."""


def source_texts(source: Path) -> tuple[Mapping[str, str], tuple[Finding, ...]]:
    """Every page, table and setting of a source folder by file; findings for what is not text."""
    texts: dict[str, str] = {}
    found: list[Finding] = []
    for path in walk(source):
        if path.suffix in (".md", ".csv", ".toml"):
            file = path.relative_to(source).as_posix()
            text, unreadable = read_text(path, file)
            if unreadable:
                found.append(unreadable)
            elif text is not None:
                texts[file] = text
    return texts, tuple(found)


def record_types(kit: Path) -> tuple[str, ...]:
    """The types of records that the kit declares, as pages name them."""
    declared = tomllib.loads((kit / "ubproject.toml").read_text(encoding="utf-8"))["needs"]
    return tuple(read_model(declared).types)


def write_changes(source: Path, changes: Sequence[FileChange]) -> None:
    """Write all changes, or raise `ChangesRefused` with every file as it was.

    Everything is first written beside its place, then moved there: new folders whole, so that a
    page never stands without its table. A kill in between leaves whole files only, and the same
    import does the rest.
    """
    moves: list[tuple[Path, Path, bytes | None]] = []
    done: list[tuple[Path, bytes | None]] = []
    staged: list[Path] = []
    try:
        moves.extend(_stage(source, changes, staged))
        for fresh, target, before in moves:
            if _bytes(target) != before or (before is None and os.path.lexists(target)):
                raise ChangesRefused(f"{target} has changed meanwhile. Run the command once more.")
            fresh.replace(target)
            done.append((target, before))
    except (OSError, ChangesRefused) as error:
        for target, before in reversed(done):
            _restore(target, before)
        if isinstance(error, ChangesRefused):
            raise
        said = error.strerror or error
        raise ChangesRefused(
            f"The files could not be written: {said} ({error.filename}). Nothing was changed."
        ) from error
    finally:
        for path in staged:
            _remove(path)


def _stage(
    source: Path, changes: Sequence[FileChange], staged: list[Path]
) -> Iterator[tuple[Path, Path, bytes | None]]:
    """(written beside, its place, bytes before) of every move; new folders before old files."""
    folders: dict[Path, list[FileChange]] = {}
    files: list[FileChange] = []
    for change in changes:
        new = _first_missing(source, source / change.file)
        if new is None:
            files.append(change)
        else:
            folders.setdefault(new, []).append(change)
    for folder, inside in folders.items():
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        staged.append(fresh)
        for change in inside:
            path = fresh / (source / change.file).relative_to(folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(change.after.encode("utf-8"))
        fresh.chmod(0o777 & ~_umask())
        yield fresh, folder, None
    for change in files:
        target = (source / change.file).resolve()
        before = _bytes(target)
        told = None if change.before is None else change.before.encode("utf-8")
        bom = _BOM if before is not None and before.startswith(_BOM) else b""
        if before != (None if told is None else bom + told):
            raise ChangesRefused(f"{target} has changed meanwhile. Run the command once more.")
        handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
        staged.append(Path(name))
        with os.fdopen(handle, "wb") as out:
            out.write(bom + change.after.encode("utf-8"))
            out.flush()
            os.fsync(out.fileno())
        mode = target.stat().st_mode & 0o777 if before is not None else 0o666 & ~_umask()
        Path(name).chmod(mode)
        yield Path(name), target, before


def _first_missing(source: Path, path: Path) -> Path | None:
    """The outermost folder of a file that is not there yet; None when its folder is."""
    missing = None
    for folder in path.parents:
        if folder == source or folder.exists():
            break
        missing = folder
    return missing


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _restore(target: Path, before: bytes | None) -> None:
    if before is None:
        _remove(target)
    else:
        target.write_bytes(before)


def _remove(path: Path) -> None:
    with suppress(FileNotFoundError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
