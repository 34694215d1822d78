"""Send a sealed release to another place, with what that place can promise."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from living_manual.core.edition import PUBLIC, STAFF, Edition
from living_manual.core.release import Manifest, parse_id
from living_manual.core.targets import PROMISES, Target
from living_manual.edges.git_branch import GitBranchError, push_folder
from living_manual.edges.rclone import RcloneError, Remote
from living_manual.edges.sealed import MANIFEST_NAME
from living_manual.edges.site_folder import SiteFolder, SiteFolderError, plain_errors
from living_manual.publish.editions import edition_held, keep_to_edition
from living_manual.publish.releases import drop_old

#: Lies at rclone's place while files are copied, so that a broken run is known by the next.
PUBLISHING = "release.publishing"


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a target: whether it changed, and what can be promised of its kind."""

    target: Target
    changed: bool

    @property
    def said(self) -> str:
        """In words."""
        if not self.changed:
            return f"{self.target} held this release already; nothing was changed there."
        return f"Sent to {self.target}. {PROMISES[self.target.kind]}"


def send(site: SiteFolder, target: Target, home: Path, *, behind_sign_in: bool = False) -> Sent:
    """Send the live release of a site folder; `home` is where names of git's remotes are known.

    The staff edition goes elsewhere than to a folder only where it is said to be `behind_sign_in`:
    what serves a branch or a bucket serves it to everybody unless somebody saw to it. The release
    is compared with its own list first. Raises SiteFolderError, in words that say what
    became of the target, when it cannot be done.
    """
    if target.kind == "folder" and Path(target.place).absolute() == site.root:
        raise SiteFolderError(f"{target} is the site folder itself: it has the release already.")
    if edition_held(site) != PUBLIC and target.kind != "folder" and not behind_sign_in:
        raise SiteFolderError(
            f"{site.root} holds the staff edition, which is not sent to {target}: everybody could "
            "read it there. Publish with --edition public; or, when that place lets nobody in but "
            "staff, say so with --behind-sign-in."
        )
    live = site.current_id()
    if live is None:
        raise SiteFolderError(f"Nothing is live in {site.root}, so there is nothing to send.")
    with site.lock():  # nobody may take the release away meanwhile
        if wrong := site.verify(live):
            raise SiteFolderError(
                f"Release {live} is not as it was sealed ({wrong[0]}), so it is not sent. Publish "
                "again first."
            )
        folder, manifest = site.releases / live, site.manifest(live)
        try:
            if target.kind == "folder":
                edition = PUBLIC if edition_held(site) == PUBLIC else STAFF
                return Sent(target, _to_folder(folder, manifest, Path(target.place), edition))
            if target.kind == "git":
                when = _published(live)
                return Sent(target, push_folder(folder, target.place, target.branch, when, home))
            return Sent(target, _to_rclone(folder, manifest, Remote(target.place)))
        except (GitBranchError, RcloneError) as error:
            raise SiteFolderError(
                f"Release {live} is live in {site.root}, but was not sent to {target}. {error}"
            ) from error


def _to_folder(folder: Path, manifest: Manifest, place: Path, edition: Edition) -> bool:
    """The same release in a site folder at the other place: copied, compared, sealed, switched."""
    there, release_id = SiteFolder(place), folder.name
    with there.lock():
        there.clear_leftovers()
        keep_to_edition(there, edition)
        if there.current_id() == release_id and not there.verify(release_id):
            return False
        if release_id not in there.release_ids() or there.verify(release_id):
            _copy(folder, manifest, there, release_id)
        there.switch(release_id)
        drop_old(there, release_id)
    return True


def _copy(folder: Path, manifest: Manifest, there: SiteFolder, release_id: str) -> None:
    stage = there.new_stage()
    try:
        with plain_errors(f"copying to {there.root}"):
            shutil.copytree(folder, stage, dirs_exist_ok=True, copy_function=shutil.copyfile)
            (stage / MANIFEST_NAME).unlink()
        if there.scan(stage) != manifest.whole:
            raise SiteFolderError(
                f"What was copied to {there.root} is not what was sealed. The site there is as it "
                "was."
            )
        there.seal(stage, release_id, manifest)
    finally:
        there.discard(stage)


def _to_rclone(folder: Path, manifest: Manifest, remote: Remote) -> bool:
    """Files first that only new pages name, then the pages, then what is no longer meant away.

    Only what differs from the list that lies there is copied; after a run that was broken off, all
    of it. Every file that was copied is read back.
    """
    listed = remote.listing()
    known = _known(remote) if MANIFEST_NAME in listed and PUBLISHING not in listed else None
    if known is None and listed and not {MANIFEST_NAME, PUBLISHING} & set(listed):
        raise RcloneError(
            f"{remote.place} holds files that were not published by this program, and is left as "
            "it is. Name an empty folder."
        )
    meant = {entry.path: entry for entry in manifest.whole.entries}
    there = {entry.path: entry for entry in known.whole.entries} if known else {}
    kept = set(listed)
    new = [path for path in meant if path not in kept or there.get(path) != meant[path]]
    old = sorted(kept - {*meant, MANIFEST_NAME, PUBLISHING})
    if not (new or old) and known == manifest:
        return False
    remote.write(PUBLISHING, f"{folder.name}\n")
    pages = [path for path in new if path.endswith(".html")]
    remote.copy(folder, [path for path in new if not path.endswith(".html")])
    remote.copy(folder, pages)
    if wrong := remote.differing(folder, new):
        raise RcloneError(f"{_some(wrong)} did not arrive as sent. Publish again.")
    remote.remove(old)
    remote.copy(folder, [MANIFEST_NAME])
    remote.remove([PUBLISHING])
    return True


def _known(remote: Remote) -> Manifest | None:
    """The list of the release that lies there; None when it cannot be read."""
    try:
        return Manifest.from_json(remote.read(MANIFEST_NAME) or "")
    except ValueError:
        return None


def _published(release_id: str) -> datetime:
    parsed = parse_id(release_id)
    assert parsed is not None
    return parsed.published


def _some(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return ", ".join(paths[:3]) + more
