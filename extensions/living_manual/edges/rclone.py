"""Files at a place that rclone reaches: read, copied in order, removed, compared."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

#: Seconds that one call may take: a first copy of a large manual takes long.
LONGEST = 7200
_NOT_THERE = {3, 4}  # rclone's exit codes for a folder, and a file, that is not there


class RcloneError(Exception):
    """rclone is missing or refused; the message is for the person who asked."""


class Remote:
    """A folder at one of rclone's remotes, written `remote:path`."""

    def __init__(self, place: str) -> None:
        self.place = place.rstrip("/")

    def listing(self) -> list[str]:
        """Every file, by its path below the place; none when the place is not there yet."""
        said = self._run("lsf", "--recursive", "--files-only", "--", self.place, absent="")
        return said.splitlines()

    def read(self, name: str) -> str | None:
        """A text file; None when it is not there."""
        if name not in self.listing_of_top():
            return None
        return self._run("cat", "--", f"{self.place}/{name}", absent="")

    def listing_of_top(self) -> list[str]:
        """The files that lie in the place itself."""
        return self._run("lsf", "--files-only", "--", self.place, absent="").splitlines()

    def write(self, name: str, text: str) -> None:
        """Write a text file."""
        with tempfile.TemporaryDirectory(prefix="living-manual-") as scratch:
            path = Path(scratch, name)
            path.write_text(text, encoding="utf-8")
            self._run("copyto", "--ignore-times", "--", str(path), f"{self.place}/{name}")

    def copy(self, folder: Path, files: Sequence[str]) -> None:
        """Copy these files of a folder, whatever is there under their names."""
        if not files:
            return
        with _list_of(files) as listed:
            self._run(
                *("copy", "--ignore-times", "--no-traverse", "--files-from-raw", listed),
                *("--", str(folder), self.place),
            )

    def remove(self, files: Sequence[str]) -> None:
        """Remove these files."""
        if not files:
            return
        with _list_of(files) as listed:
            self._run("delete", "--files-from-raw", listed, "--", self.place)

    def differing(self, folder: Path, files: Sequence[str]) -> list[str]:
        """Which of these files are not there, or not as in the folder; each is read back."""
        with _list_of(files) as listed, tempfile.NamedTemporaryFile("r") as told:
            self._run(
                *("check", "--one-way", "--download", "--files-from-raw", listed),
                *("--combined", told.name, "--", str(folder), self.place),
                fine=(1,),
            )
            lines = told.read().splitlines()
        return sorted(line[2:] for line in lines if not line.startswith("="))

    def _run(self, *words: str, absent: str | None = None, fine: tuple[int, ...] = ()) -> str:
        program = shutil.which("rclone")
        if program is None:
            raise RcloneError("rclone is not installed here. Install it, then publish again.")
        try:
            done = subprocess.run(
                [program, "--ask-password=false", *words],
                capture_output=True,
                text=True,
                timeout=LONGEST,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RcloneError(f"rclone could not be run: {error}.") from error
        if done.returncode in _NOT_THERE and absent is not None:
            return absent
        if done.returncode and done.returncode not in fine:
            lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
            raise RcloneError(f"rclone says: {lines[-1] if lines else 'nothing'}")
        return done.stdout


@contextmanager
def _list_of(files: Sequence[str]) -> Iterator[str]:
    """The name of a file that holds these paths, a line each, as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="living-manual-") as scratch:
        path = Path(scratch, "files.txt")
        path.write_text("".join(f"{file}\n" for file in files), encoding="utf-8")
        yield str(path)
