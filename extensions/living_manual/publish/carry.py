"""Keep the files that pages opened before the switch may still ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from living_manual.core.carry import to_carry
from living_manual.core.release import Manifest
from living_manual.edges.sealed import hash_of, link_or_copy
from living_manual.edges.site_folder import SiteFolder, SiteFolderError, plain_errors

#: Whether a file of an earlier release, by its path and where it lies, may be shown on.
MayCarry = Callable[[str, Path], bool]


def nothing(_path: str, _file: Path) -> bool:
    """Carry no file."""
    return False


def everything(_path: str, _file: Path) -> bool:
    """Carry every file that has a use."""
    return True


@dataclass
class Carrying:
    """What a publish carries: everything, until its build knows better."""

    may: MayCarry = everything

    def __call__(self, path: str, file: Path) -> bool:
        """Whether this file may be shown on."""
        return self.may(path, file)


def carry(
    site: SiteFolder, stage: Path, manifest: Manifest, now: datetime, may: MayCarry
) -> Manifest:
    """Put the files of earlier releases into a finished build; gives its list with them.

    A file that is not as it was sealed stays behind. Nothing is carried when the live release
    cannot tell what it holds.
    """
    live = site.current_id()
    if live is None:
        return manifest
    try:
        before = site.manifest(live)
    except SiteFolderError:
        return manifest
    own = {entry.path for entry in manifest.entries}
    folder = site.releases / live
    kept = []
    with plain_errors("keeping files for pages that are open"):
        for carried in to_carry(live, before, site.release_ids(), own, now):
            path = carried.entry.path
            file = folder / path
            if file.is_symlink() or not file.is_file() or not may(path, file):
                continue
            if hash_of(file) == (carried.entry.sha256, carried.entry.size):
                link_or_copy(file, stage / path)
                kept.append(carried)
    return replace(manifest, carried=tuple(kept))
