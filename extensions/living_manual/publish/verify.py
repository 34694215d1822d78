"""Whether releases are as they were sealed: in the site folder, or copied out to a host."""

from __future__ import annotations

from pathlib import Path

from living_manual.edges.archives import archive_names, archive_of
from living_manual.edges.sealed import MANIFEST_NAME, Verdict, compare_sealed
from living_manual.edges.site_folder import SiteFolder, SiteFolderError, plain_errors
from living_manual.publish.build import BuildError


def verify_site(
    root: Path, release: str | None = None, *, every: bool = False
) -> dict[str, Verdict]:
    """What is found of the live release, of the one named (its id or how it begins), or of all.

    Raises SiteFolderError when there is nothing to verify.
    """
    site = SiteFolder(root)
    if not site.exists():
        raise SiteFolderError(f"Nothing was published to {site.root} yet.")
    kept, live = site.release_ids(), site.current_id()
    if every:
        chosen = kept
    elif release is not None:
        chosen = tuple(known for known in kept if known.startswith(release))
        if len(chosen) != 1:
            what = f"{len(chosen)} releases begin with" if chosen else "There is no release"
            raise SiteFolderError(f"{what} {release}. Kept are: {', '.join(kept) or 'none'}.")
    elif live is None:
        raise SiteFolderError(f"No release is live in {site.root}. Kept are: {', '.join(kept)}.")
    else:
        chosen = (live,)
    found: dict[str, Verdict] = {}
    with plain_errors("reading the releases", ""):
        for known in chosen:
            name = f"Release {known}{', the live one,' if known == live else ''}"
            found[name] = compare_sealed(site.releases / known, known)
        for archive in archive_names(site.root) if every else ():
            found[f"Archive {archive}"] = compare_sealed(archive_of(site.root, archive))
    return found


def verify_folder(folder: Path) -> Verdict:
    """What is found of a release that was copied out. Raises `BuildError` for another folder."""
    if not (folder / MANIFEST_NAME).is_file():
        raise BuildError(
            f"{folder} has no {MANIFEST_NAME}, so it is no release, or only a part of one. Name "
            "the folder that holds the site's index.html."
        )
    with plain_errors(f"reading {folder}", ""):
        return compare_sealed(folder, folder.name if _is_release(folder) else "")


def _is_release(folder: Path) -> bool:
    from living_manual.core.release import parse_id

    return parse_id(folder.name) is not None
