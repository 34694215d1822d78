"""Archives of school years: made from the live release, and part of every release that follows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from living_manual.core.archive import FOLDER, LIST, archived, in_archive, leading_home
from living_manual.core.release import Manifest
from living_manual.core.settings import Settings
from living_manual.edges.archives import NAME, STORE, archive_names, archive_of
from living_manual.edges.sealed import MANIFEST_NAME, compare_sealed, files_below, link_or_copy
from living_manual.edges.site_folder import SiteFolder, SiteFolderError, plain_errors
from living_manual.publish.addresses import Frame, render
from living_manual.publish.carry import MayCarry


def make_archive(site: SiteFolder, name: str, folder: Path | None = None) -> int:
    """Keep the live release, or a release that was copied out to `folder`, as an archive.

    Gives the number of its files. Raises SiteFolderError when there is one of that name, when there
    is no release, or when it is not as it was sealed.
    """
    if not NAME.fullmatch(name):
        raise SiteFolderError(
            f"{name!a} cannot be the name of an archive: it becomes part of addresses. Use letters,"
            " digits and hyphens, such as 2026-27."
        )
    with site.lock():
        site.clear_leftovers()
        if name in archive_names(site.root):
            raise SiteFolderError(f"There is an archive {name} already. Remove it first.")
        live = site.current_id()
        if folder is None and live is None:
            raise SiteFolderError(f"Nothing was published to {site.root} yet.")
        release = folder or site.releases / str(live)
        verdict = compare_sealed(release, "" if folder else str(live))
        if not verdict.whole:
            raise SiteFolderError(
                f"{release} is not as it was sealed, so it is not kept: see `manual verify`."
            )
        stage = site.new_stage()
        try:
            carried = {kept.entry.path for kept in _manifest(release).carried}
            for path, file in files_below(release):
                if in_archive(path) and path not in carried:
                    _keep(path, file, stage, name)
            return site.keep_archive(stage, name)
        finally:
            site.discard(stage)


def _manifest(release: Path) -> Manifest:
    return Manifest.from_json((release / MANIFEST_NAME).read_text(encoding="utf-8"))


def _keep(path: str, file: Path, stage: Path, name: str) -> None:
    if not path.endswith(".html"):
        link_or_copy(file, stage / path)
        return
    page = archived(file.read_text(encoding="utf-8"), path, name)
    if page is not None:
        (stage / path).parent.mkdir(parents=True, exist_ok=True)
        (stage / path).write_text(page, encoding="utf-8", newline="\n")


def remove_archive(site: SiteFolder, name: str) -> None:
    """Delete an archive; it is no part of the next release. Raises SiteFolderError without one."""
    with site.lock():
        names = archive_names(site.root)
        if name not in names:
            kept = ", ".join(names) or "none"
            raise SiteFolderError(f"There is no archive {name}. Kept are: {kept}.")
        site.drop_archive(name)


def archive_pages(root: Path | None) -> tuple[str, ...]:
    """The addresses that a site folder's archives add to a release."""
    if root is None or not (root / STORE).is_dir():
        return ()
    return (LIST, *(f"{FOLDER}/{name}/index.html" for name in archive_names(root)))


def add_archives(root: Path, stage: Path, settings: Settings, may: MayCarry) -> None:
    """Put every archive into a finished build, and the page that lists them.

    Their files are those of the archive, not copies of them. `may` says of a file whether it may
    still be shown. Raises SiteFolderError when an archive is not as it was sealed.
    """
    names = archive_names(root)
    with plain_errors("adding the archives"):
        for name in names:
            store = archive_of(root, name)
            wrong = compare_sealed(store).paths
            if wrong:
                raise SiteFolderError(
                    f"The archive {name} is not as it was sealed: {', '.join(wrong[:5])}."
                    " Nothing was changed: the live site is as it was. Remove the archive, or put"
                    " the folder back from a copy."
                )
            for path, file in files_below(store):
                if path != MANIFEST_NAME and may(f"{FOLDER}/{name}/{path}", file):
                    _show(path, file, stage, name)
        if (root / STORE).is_dir():
            _write_list(names, stage, settings)


def _show(path: str, file: Path, stage: Path, name: str) -> None:
    target = stage / FOLDER / name / path
    if path.endswith(".html") and not (stage / path).is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        page = leading_home(file.read_text(encoding="utf-8"), path)
        target.write_text(page, encoding="utf-8", newline="\n")
    else:
        link_or_copy(file, target)


def _write_list(names: Sequence[str], stage: Path, settings: Settings) -> None:
    frame = Frame(stage, settings)
    page = render("archives", **frame.common(LIST), names=names)
    (stage / FOLDER).mkdir(exist_ok=True)
    (stage / LIST).write_text(page, encoding="utf-8", newline="\n")
