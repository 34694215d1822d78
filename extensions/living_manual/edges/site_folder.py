"""The one door to a site folder: where releases are sealed, and one symlink says which is live.

    releases/<id>/    a sealed release, never changed; its list of files is its `release.json`
    current           a symlink to releases/<id>: the live site
    .work/            stages being filled and releases being deleted; empty between runs
    .lock             held while a publisher works

Every change that a reader or the next run can see is one rename, so a run that is killed leaves
either what was there before or what was to be there after, and leftovers only in `.work`.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from living_manual.core import release as rules
from living_manual.edges.archives import archive_of
from living_manual.edges.sealed import (
    MANIFEST_NAME,
    compare_sealed,
    files_below,
    hash_of,
    is_plain,
)

_SEALED_FILE = 0o444
_SEALED_FOLDER = 0o555
_OPEN_FOLDER = 0o755
_LINK_PREFIX = ".current."
_UNCHANGED = " Nothing was changed: the live site is as it was."
_FULL = {errno.ENOSPC, errno.EDQUOT}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        # Not left to closing: a process forked meanwhile has the same lock open, and would keep it.
        fcntl.flock(descriptor, fcntl.LOCK_UN)


class SiteFolderError(Exception):
    """A site folder that cannot be used as asked; the message is for the person who asked."""


class SiteBusy(SiteFolderError):
    """Another publisher holds the site folder."""


@contextmanager
def plain_errors(doing: str, ending: str = _UNCHANGED) -> Iterator[None]:
    """Turn an operating-system error into a SiteFolderError that says what to do about it.

    `ending` says what became of the live site, so it must be true wherever this is used.
    """
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename is not None else ""
        if error.errno in _FULL:
            words = f"The disk is full: {doing} needs more room{where}."
        elif error.errno in _REFUSED:
            words = f"This account may not write here: {doing} was refused{where}."
        else:
            words = f"{doing} failed: {error.strerror or error}{where}."
        raise SiteFolderError(words[0].upper() + words[1:] + ending) from error


class SiteFolder:
    """A folder that holds the releases of one site. Units: sizes in bytes, hashes sha256 in hex.

    Methods raise SiteFolderError, in plain words, for whatever the disk refuses. All methods that
    change something, `lock` aside, are to be called with the lock held.
    """

    def __init__(self, root: Path) -> None:
        # Absolute, so that a build that changes the working folder does no harm.
        self.root = Path(root).absolute()
        self.releases = self.root / "releases"
        self.current = self.root / "current"
        self._work = self.root / ".work"

    # Looking

    def exists(self) -> bool:
        """Whether anything was ever published here."""
        return self.releases.is_dir()

    def current_id(self) -> str | None:
        """The id of the live release; None before the first publish.

        Raises SiteFolderError when `current` is not a symlink to a release.
        """
        if not os.path.lexists(self.current):
            return None
        if not self.current.is_symlink():
            raise SiteFolderError(
                f"{self.current} is a real file or folder, not the link that this program keeps."
                " Move it away, or publish to an empty folder." + _UNCHANGED
            )
        target = self.current.readlink()
        if target.parent.name != self.releases.name or rules.parse_id(target.name) is None:
            raise SiteFolderError(
                f"{self.current} points to {target}, which is not a release."
                " Move it away, or publish to an empty folder." + _UNCHANGED
            )
        return target.name

    def release_ids(self) -> tuple[str, ...]:
        """The ids of the sealed releases, oldest first."""
        with plain_errors("listing the releases"):
            return tuple(
                folder.name
                for folder in self._release_folders()
                if (folder / MANIFEST_NAME).is_file()
            )

    def manifest(self, release_id: str) -> rules.Manifest:
        """The list of files that was sealed with a release."""
        try:
            text = (self.releases / release_id / MANIFEST_NAME).read_text(encoding="utf-8")
            return rules.Manifest.from_json(text)
        except (OSError, ValueError) as error:
            raise SiteFolderError(
                f"The list of files of release {release_id} cannot be read: {error}."
            ) from error

    def text(self, release_id: str, name: str) -> str | None:
        """A text file of a release; None when the release has no such file."""
        try:
            return (self.releases / release_id / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise SiteFolderError(f"{name} of release {release_id} cannot be read.") from error

    def verify(self, release_id: str) -> list[str]:
        """The paths that are not as they were sealed: altered, missing or extra; sorted."""
        if not (self.releases / release_id).is_dir():
            raise SiteFolderError(f"There is no release {release_id} in {self.root}.")
        with plain_errors(f"reading release {release_id}"):
            return compare_sealed(self.releases / release_id, release_id).paths

    # Filling

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder (made when missing) for one publisher.

        The kernel lets go when the process ends, however it ends. Raises SiteBusy at once when
        another publisher, or another `lock` of this process, holds it.
        """
        with plain_errors("preparing the site folder"):
            self.root.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.root / ".lock", os.O_RDWR | os.O_CREAT, 0o666)
        try:
            with plain_errors("locking the site folder"):
                taken = _try_lock(descriptor)
            if not taken:
                raise SiteBusy(
                    f"Somebody is publishing to {self.root} at this moment."
                    " Wait until that is done, then try again."
                )
            try:
                yield
            finally:
                _unlock(descriptor)
        finally:
            os.close(descriptor)

    def new_stage(self) -> Path:
        """An empty folder to build the next release in."""
        with plain_errors("making a folder for the build"):
            self._work.mkdir(exist_ok=True)
            return Path(tempfile.mkdtemp(prefix="stage-", dir=self._work))

    def scan(self, stage: Path) -> rules.Manifest:
        """List a filled stage.

        Raises SiteFolderError for what a release cannot hold: a symlink or a device, a name that
        is not UTF-8, a file with the name of the release's own list.
        """
        rows: list[tuple[str, str, int]] = []
        with plain_errors("reading the finished build"):
            for path, file in files_below(stage):
                if path == MANIFEST_NAME or not is_plain(path, file):
                    raise SiteFolderError(
                        f"The build made {path!a}, which a release cannot hold: it must be a plain"
                        f" file with a UTF-8 name other than {MANIFEST_NAME}." + _UNCHANGED
                    )
                rows.append((path, *hash_of(file)))
        return rules.manifest(rows)

    def discard(self, stage: Path) -> None:
        """Delete a stage, or what is left of it."""
        with plain_errors("removing the unfinished build"):
            _delete(stage)

    def seal(self, stage: Path, release_id: str, manifest: rules.Manifest | None = None) -> None:
        """Make a stage a release: on disk for certain, read-only, under its own name.

        `manifest` is what `scan` gave, to spare a second reading.
        """
        self._seal(stage, self.releases / release_id, manifest or self.scan(stage))

    def keep_archive(self, stage: Path, name: str) -> int:
        """Make a stage an archive, as sealed as a release; gives the number of its files."""
        listed = self.scan(stage)
        self._seal(stage, archive_of(self.root, name), listed)
        return len(listed.entries)

    def _seal(self, stage: Path, target: Path, listed: rules.Manifest) -> None:
        with plain_errors(f"sealing {target.name}"):
            target.parent.mkdir(exist_ok=True)
            for _, file in files_below(stage):
                file.chmod(_SEALED_FILE)
                _sync(file)
            for folder in _folders(stage):
                folder.chmod(_SEALED_FOLDER)
                _sync(folder)
            _write_sealed(stage / MANIFEST_NAME, listed.to_json())
            _sync(stage)
            # The top folder is made read-only after the move: moving a folder writes to it.
            stage.chmod(_OPEN_FOLDER)
            stage.rename(target).chmod(_SEALED_FOLDER)
            _sync(target.parent)
            _sync(self.root)

    def switch(self, release_id: str) -> None:
        """Make a sealed release the live site, in one rename."""
        if release_id not in self.release_ids():
            raise SiteFolderError(f"There is no release {release_id} in {self.root}." + _UNCHANGED)
        self.current_id()  # refuses a `current` that is not ours to replace
        link = self.root / f"{_LINK_PREFIX}{uuid.uuid4().hex}"
        with plain_errors("switching the live site"):
            try:
                # Relative, so that the folder can be moved or mounted elsewhere.
                link.symlink_to(Path(self.releases.name, release_id), target_is_directory=True)
                link.replace(self.current)
            except OSError:
                with suppress(OSError):
                    link.unlink()
                raise
        with plain_errors("recording the switch", f" Release {release_id} is live."):
            _sync(self.root)

    # Cleaning

    def drop(self, release_id: str) -> None:
        """Delete a release. Raises SiteFolderError for the live one."""
        if release_id == self.current_id():
            raise SiteFolderError(f"Release {release_id} is live and is not deleted." + _UNCHANGED)
        with plain_errors(f"deleting release {release_id}", " The live site is not touched."):
            self._remove(self.releases / release_id)

    def drop_archive(self, name: str) -> None:
        """Delete an archive."""
        with plain_errors(f"deleting the archive {name}", " The live site is not touched."):
            self._remove(archive_of(self.root, name))

    def clear_leftovers(self) -> None:
        """Delete what killed runs left behind; releases and the live site are not touched."""
        live = self.current_id()
        with plain_errors("clearing what an earlier run left behind"):
            for link in self.root.glob(f"{_LINK_PREFIX}*"):
                if link.is_symlink():
                    link.unlink()
            for folder in self._release_folders():
                if (folder / MANIFEST_NAME).is_file():
                    # Killed right after the move in `seal`, or right before the one in `drop`.
                    if stat.S_IMODE(folder.stat().st_mode) != _SEALED_FOLDER:
                        folder.chmod(_SEALED_FOLDER)
                elif folder.name != live:
                    self._remove(folder)
            if self._work.is_dir():
                for leftover in sorted(self._work.iterdir()):
                    _delete(leftover)

    def _release_folders(self) -> list[Path]:
        # Folders with other names are somebody else's: not listed and never deleted.
        if not self.releases.is_dir():
            return []
        return sorted(
            folder
            for folder in self.releases.iterdir()
            if rules.parse_id(folder.name) and folder.is_dir() and not folder.is_symlink()
        )

    def _remove(self, release: Path) -> None:
        # Out of `releases` first: a half-deleted release must never look like a whole one.
        self._work.mkdir(exist_ok=True)
        dropped = self._work / f"dropped-{uuid.uuid4().hex}"
        release.chmod(_OPEN_FOLDER)
        release.rename(dropped)
        _sync(release.parent)
        _delete(dropped)


def _folders(folder: Path) -> Iterator[Path]:
    """Every folder below `folder`, the deepest first."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _folders(Path(entry.path))
            yield Path(entry.path)


def _write_sealed(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _SEALED_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    file.chmod(_SEALED_FILE)  # whatever the umask was


def _sync(path: Path) -> None:
    """Wait until a file or a folder's list of names is on disk."""
    if os.name == "nt":  # neither can be opened for this there
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network disks do not offer this for folders; the rename itself is still atomic.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)


def _delete(path: Path) -> None:
    """Delete a tree, sealed or not; nothing happens when it is gone already."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    for folder, _, _ in os.walk(path):
        Path(folder).chmod(0o700)  # files need nothing: it is their folder that lets them go
    shutil.rmtree(path)
