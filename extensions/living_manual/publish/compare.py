"""Two kept releases side by side: which ones, and what changed between them."""

from __future__ import annotations

from dataclasses import dataclass

from living_manual.core.changes import Comparison, Snapshot, compare, read_kept
from living_manual.edges.site_folder import SiteFolder, SiteFolderError

RECORDS, WORDINGS = "records.json", "wordings.json"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two releases by their ids, what changed, and the titles of every school and role of both."""

    old: str
    new: str
    comparison: Comparison
    titles: dict[str, str]


def compare_releases(site: SiteFolder, old: str = "", new: str = "") -> Compared:
    """What changed from one kept release to another.

    Each may be named by the beginning of its id. Without `new` it is the live one; without `old`
    the one before that. Raises SiteFolderError, in one sentence, when there is nothing to compare.
    """
    if not site.exists():
        raise SiteFolderError(f"Nothing was published to {site.root} yet.")
    kept = site.release_ids()
    end = _named(site, new, kept) if new else site.current_id()
    if end is None:
        raise SiteFolderError(f"No release is live in {site.root}: name two. {_listing(kept)}")
    if old:
        start = _named(site, old, kept)
    else:
        earlier = [release_id for release_id in kept if release_id < end]
        if not earlier:
            raise SiteFolderError(
                f"There is no release before {end} to compare it with. {_listing(kept)}"
            )
        start = earlier[-1]
    before, after = _records(site, start), _records(site, end)
    titles = {
        kept.id: kept.title
        for side in (before, after)
        for kept in side.values()
        if kept.type in ("school", "role")
    }
    return Compared(start, end, compare(before, after), titles)


def _named(site: SiteFolder, name: str, kept: tuple[str, ...]) -> str:
    found = [release_id for release_id in kept if release_id.startswith(name)]
    if len(found) == 1:
        return found[0]
    what = f"{len(found)} releases begin with {name}" if found else f"There is no release {name}"
    raise SiteFolderError(f"{what} in {site.root}. {_listing(kept)}")


def _listing(kept: tuple[str, ...]) -> str:
    return f"Kept releases: {', '.join(kept) or 'none'}."


def _records(site: SiteFolder, release_id: str) -> Snapshot:
    text = site.text(release_id, RECORDS)
    if text is None:
        raise SiteFolderError(f"Release {release_id} keeps no records, so it cannot be compared.")
    try:
        return read_kept(text, site.text(release_id, WORDINGS))
    except ValueError as error:
        raise SiteFolderError(
            f"The records of release {release_id} cannot be compared: {error}."
        ) from error
