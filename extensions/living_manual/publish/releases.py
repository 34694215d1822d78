"""Publish a tree of files as a release, and go back to an earlier one."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from living_manual.core.release import Manifest, new_id, parse_id, to_drop
from living_manual.edges.site_folder import SiteFolder, SiteFolderError, plain_errors
from living_manual.publish.carry import MayCarry, carry, everything


@dataclass(frozen=True)
class Published:
    """What a publish did."""

    release_id: str
    """The release that is live now."""
    changed: bool
    """False when the content was live already, and nothing was touched."""
    previous: str | None
    """The release that was live before; None at the first publish."""
    files: int
    """How many files the release holds."""
    size: int
    """How many bytes they hold together."""
    warnings: tuple[str, ...] = ()
    """What did not go as it should after the switch; the release is live all the same."""


def publish_tree(
    site: SiteFolder,
    build: Callable[[Path], None],
    *,
    now: Callable[[], datetime],
    may_carry: MayCarry = everything,
) -> Published:
    """Let `build` fill a new folder, and make that the live site unless it is so already.

    `build` writes copies, not links: its files are made read-only. Whatever it raises passes
    through after its folder is removed, and the live site stays. `now` gives the time of
    publishing, with a time zone.

    Raises SiteBusy while another publisher works, and SiteFolderError when the disk refuses or is
    full, or when the build made nothing or made what a release cannot hold.
    """
    with site.lock():
        site.clear_leftovers()
        stage = site.new_stage()
        try:
            manifest = _build(site, stage, build)
            live = site.current_id()
            release_id = _sealed_before(site, manifest, live)
            if release_id is None:
                known = (*site.release_ids(), *([live] if live else []))
                moment = now()
                release_id = new_id(moment, manifest.digest, known)
                manifest = carry(site, stage, manifest, moment, may_carry)
                site.seal(stage, release_id, manifest)
                _check_sealed(site, release_id)
        finally:
            site.discard(stage)  # gone already when it was sealed
        warnings: tuple[str, ...] = ()
        if release_id != live:
            site.switch(release_id)
            warnings = drop_old(site, release_id)
    return Published(
        release_id=release_id,
        changed=release_id != live,
        previous=live,
        files=len(manifest.entries),
        size=manifest.size,
        warnings=warnings,
    )


def roll_back(site: SiteFolder, to: str | None = None) -> str:
    """Make an earlier release the live site again, and give its id.

    Without `to` it is the newest one older than the live one. Raises SiteFolderError when there is
    no such release or its files are not as they were sealed; the live site stays.
    """
    if not site.exists():
        raise SiteFolderError(f"Nothing was published to {site.root} yet.")
    with site.lock():
        site.clear_leftovers()
        release_id = _target(site, to)
        wrong = site.verify(release_id)
        if wrong:
            raise SiteFolderError(
                f"Release {release_id} is not as it was sealed, so it is not made live."
                f" {_some(wrong)} Nothing was changed: the live site is as it was."
            )
        if release_id != site.current_id():
            site.switch(release_id)
    return release_id


def _build(site: SiteFolder, stage: Path, build: Callable[[Path], None]) -> Manifest:
    try:
        build(stage)
    except OSError as error:
        # The disk is most often full while building; the rest is the build's own to explain.
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            with plain_errors("building the site"):
                raise
        raise
    manifest = site.scan(stage)
    if not manifest.entries:
        raise SiteFolderError("The build made no files. The live site is as it was.")
    return manifest


def _check_sealed(site: SiteFolder, release_id: str) -> None:
    """Read a release again before it goes live: what is on disk is what was sealed, or it goes."""
    wrong = site.verify(release_id)
    if wrong:
        site.drop(release_id)
        raise SiteFolderError(
            f"The disk does not give back what was written to it. {_some(wrong)}"
            " Nothing was changed: the live site is as it was. Have the disk looked at."
        )


def _sealed_before(site: SiteFolder, manifest: Manifest, live: str | None) -> str | None:
    """The release to go live with when this content needs no new one.

    That is the live release, or a newer one that a killed run sealed and did not switch to. An
    older one with this content does not count: the site's history goes forward, so it gets a new
    id. Nor does one that is no longer whole: publishing again is how it is repaired.
    """
    for release_id in site.release_ids():
        parsed = parse_id(release_id)
        if parsed is None or not manifest.digest.startswith(parsed.digest):
            continue
        if live is not None and release_id < live:
            continue
        if not site.verify(release_id) and site.manifest(release_id).entries == manifest.entries:
            return release_id
    return None


def drop_old(site: SiteFolder, live: str) -> tuple[str, ...]:
    """Delete the releases that are not kept any more; gives what did not go as it should."""
    # The new release is live: an old one that cannot be deleted must not make that look failed.
    warnings = []
    for release_id in to_drop(site.release_ids(), live):
        try:
            site.drop(release_id)
        except SiteFolderError as error:
            warnings.append(str(error))
    return tuple(warnings)


def _target(site: SiteFolder, to: str | None) -> str:
    kept = site.release_ids()
    listing = f"Kept releases: {', '.join(kept) or 'none'}."
    if to is not None:
        if to not in kept:
            raise SiteFolderError(f"There is no release {to!r} in {site.root}. {listing}")
        return to
    live = site.current_id()
    if live is None:
        raise SiteFolderError(f"No release is live in {site.root}: say which one to use. {listing}")
    older = [release_id for release_id in kept if release_id < live]
    if not older:
        raise SiteFolderError(f"There is no release older than the live one. {listing}")
    return older[-1]


def _some(paths: list[str], limit: int = 5) -> str:
    more = f" and {len(paths) - limit} more" if len(paths) > limit else ""
    return f"Not as sealed: {', '.join(paths[:limit])}{more}."
