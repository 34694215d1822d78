"""A sealed folder and its list of files: what is on disk held against what was sealed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from living_manual.core import release as rules

MANIFEST_NAME = "release.json"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a folder differs from what was sealed, each list sorted; `files` and `size` as sealed.

    `unreadable` says why the list of files itself cannot be trusted; then nothing was compared.
    """

    altered: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    unreadable: str = ""
    files: int = 0
    size: int = 0

    @property
    def whole(self) -> bool:
        """Whether the folder is as it was sealed, to the last byte."""
        return not (self.altered or self.missing or self.extra or self.unreadable)

    @property
    def paths(self) -> list[str]:
        """Every path that is not as it was sealed, sorted."""
        wrong = {*self.altered, *self.missing, *self.extra}
        return sorted(wrong | ({MANIFEST_NAME} if self.unreadable else set()))


def compare_sealed(folder: Path, release_id: str = "") -> Verdict:
    """Read every file of a folder and hold it against the `release.json` in it.

    `release_id` is the release's name where it is known: it carries the digest of the list, so that
    a list rewritten to fit altered files is found too. Raises `OSError`.
    """
    try:
        text = (folder / MANIFEST_NAME).read_text(encoding="utf-8")
        sealed = rules.Manifest.from_json(text)
    except FileNotFoundError:
        return Verdict(unreadable=f"It has no {MANIFEST_NAME}, the list of its files.")
    except ValueError as error:
        return Verdict(unreadable=f"{MANIFEST_NAME}: {error}.")
    known = rules.parse_id(release_id) if release_id else None
    if release_id and (known is None or not sealed.digest.startswith(known.digest)):
        return Verdict(unreadable=f"{MANIFEST_NAME} is not the list that {release_id} stands for.")
    rows: list[tuple[str, str, int]] = []
    odd: set[str] = set()
    for path, file in files_below(folder):
        if not is_plain(path, file):
            odd.add(path)
        elif path != MANIFEST_NAME:
            rows.append((path, *hash_of(file)))
    found = rules.differences(sealed.whole, rules.manifest(rows))
    missing = set(found.removed)
    return Verdict(
        tuple(sorted({*found.changed, *(missing & odd)})),
        tuple(sorted(missing - odd)),
        tuple(sorted({*found.added, *(odd - missing)})),
        files=len(sealed.whole.entries),
        size=sealed.whole.size,
    )


def files_below(folder: Path, prefix: str = "") -> Iterator[tuple[str, Path]]:
    """Everything below `folder` that is not a folder, with its path from there, in name order."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        path = prefix + entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from files_below(Path(entry.path), path + "/")
        else:
            yield path, Path(entry.path)


def is_plain(path: str, file: Path) -> bool:
    """Whether this is an ordinary file with a name that every host can store."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return stat.S_ISREG(os.lstat(file).st_mode)


def hash_of(file: Path) -> tuple[str, int]:
    """The sha256 in hex and the size in bytes of what is read."""
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        return digest, content.tell()


def link_or_copy(source: Path, target: Path) -> None:
    """Let a sealed file stand at a second place: as one file on disk where the disk can."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without links: the same bytes once more
        target.write_bytes(source.read_bytes())
