"""The one door to zip archives from elsewhere.

Names are looked at before anything is unpacked, and unpacking is bounded: what an archive says of
its own size is not believed. Nothing is ever written to disk.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from living_manual.core.finding import Finding
from living_manual.core.importing import problem

#: What Python's zipfile raises for a file whose place, length or content is not as its list says.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold; bytes unpacked, and bytes of the archive itself."""

    entries: int = 1_000
    archive: int = 256 * 1024 * 1024
    each: int = 32 * 1024 * 1024
    together: int = 64 * 1024 * 1024
    ratio: int = 200


class ArchiveRefused(Exception):
    """An archive that is not opened, or not read on; `finding` says why and what to do."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class Archive:
    """A zip that is open for looking at its names and reading some of its files."""

    def __init__(self, path: Path, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.file = path.name
        self._left = self.limits.together
        try:
            if path.stat().st_size > self.limits.archive:
                raise self._refused("It is too large.", "Export only orgs and academicSessions.")
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, EOFError, ValueError, struct.error, RuntimeError) as error:
            raise self._refused(
                f"It is not a whole zip file: {error}.", "Download or export it once more."
            ) from error
        except OSError as error:
            raise ArchiveRefused(
                problem(
                    "import-file",
                    f"{path} cannot be read: {error.strerror or error}.",
                    "Check the name of the file, and that you may read it.",
                    self.file,
                )
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def names(self) -> tuple[str, ...]:
        """The names of the files in it, from its list alone: no content is read.

        Raises `ArchiveRefused` for names that lead out of it, that stand twice, or are too many.
        """
        infos = self._zip.infolist()
        if len(infos) > self.limits.entries:
            raise self._refused(
                f"It holds {len(infos)} files; a set of tables has 23 at most.",
                "Export it once more, without anything added.",
            )
        seen: dict[str, str] = {}
        for info in infos:
            name = info.filename
            parts = name.replace("\\", "/").split("/")
            if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or not name:
                raise self._refused(
                    f"It holds {name!a}, a name that leads out of the archive.",
                    "Do not open this file; ask whoever sent it for a new export.",
                    name,
                )
            if (info.external_attr >> 28) == 0xA:
                raise self._refused(
                    f"It holds {name!a}, which is a link and not a file.",
                    "Zip the tables themselves.",
                    name,
                )
            if name.casefold() in seen:
                raise self._refused(
                    f"It holds {seen[name.casefold()]!a} and {name!a}: one name twice.",
                    "Keep one of the two.",
                    name,
                )
            seen[name.casefold()] = name
        return tuple(info.filename for info in infos if not info.is_dir())

    def check_sizes(self, names: Sequence[str]) -> None:
        """Refuse, from the list alone, files that say they unpack to too much."""
        for info in map(self._zip.getinfo, names):
            if info.flag_bits & 0x1:
                raise self._refused(
                    f"{info.filename} is encrypted.", "Export it without a password.", info.filename
                )
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise self._refused(
                    f"{info.filename} is packed in an unusual way.",
                    "Zip the tables once more, the plain way.",
                    info.filename,
                )
            if info.file_size > min(self.limits.each, self._left):
                raise self._too_large(info.filename)
            if info.file_size > self.limits.ratio * max(info.compress_size, 4096):
                raise self._too_large(info.filename)

    def read(self, name: str) -> bytes:
        """A file's bytes; unpacking stops where the limits are."""
        self.check_sizes([name])
        most = min(self.limits.each, self._left)
        try:
            with self._zip.open(name) as packed:
                data = packed.read(most + 1)
        except _DAMAGED as error:
            raise self._refused(
                f"{name} in it is damaged: {error}.", "Download or export it once more.", name
            ) from error
        if len(data) > most:
            raise self._too_large(name)
        self._left -= len(data)
        return data

    def _too_large(self, name: str) -> ArchiveRefused:
        return self._refused(
            f"{name} unpacks to more than a list of schools or sessions can need.",
            "Do not open this file; ask whoever sent it for a new export.",
            name,
        )

    def _refused(self, message: str, fix: str, name: str = "") -> ArchiveRefused:
        file = f"{self.file}/{name}" if name else self.file
        return ArchiveRefused(problem("import-archive", message, fix, file))
