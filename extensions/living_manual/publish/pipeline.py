"""From a source folder to the live site: build, gate, index, seal, switch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from living_manual.core.finding import Finding, has_errors, ordered
from living_manual.core.settings import Settings
from living_manual.edges.site_folder import SiteFolder
from living_manual.edges.source_tree import tree_faults
from living_manual.publish.addresses import compare_addresses, write_addresses
from living_manual.publish.archives import add_archives, archive_pages
from living_manual.publish.build import Built, Job, build
from living_manual.publish.carry import Carrying, everything, nothing
from living_manual.publish.editions import EditionOf, edition_of, keep_to_edition
from living_manual.publish.index import write_index
from living_manual.publish.leaks import CHANGES_ANEW, handed_on, leaks, says_nothing
from living_manual.publish.releases import Published, publish_tree

Say = Callable[[str], None]

#: Looks through the finished files of the public edition for what must not be there. It is given
#: the folder that people write in, the cut of it that was built, the kit's, that of the files, and
#: that of the live release.
Search = Callable[[Path, Path, Path, Path, Path | None], tuple[Finding, ...]]
SEARCHES: tuple[Search, ...] = (leaks,)


class NotPublishable(Exception):
    """Findings keep the manual from being published; the live site is as it was."""

    def __init__(self, built: Built) -> None:
        super().__init__("The manual has findings.")
        self.built = built


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a publish did, and the warnings that did not keep it from being done."""

    published: Published
    findings: tuple[Finding, ...]
    pages: int
    found: int


def build_site(
    job: Job,
    output: Path,
    say: Say,
    live: Path | None = None,
    carrying: Carrying | None = None,
) -> tuple[Built, int]:
    """Build, gate and index into an empty folder; gives what was built and how much is searchable.

    `say` is told each step as it starts; `live` is as in `build`; `carrying` learns what of earlier
    releases may be shown on. Raises `NotPublishable` when a finding is an error, and `BuildError`
    or `IndexingError` when the kit itself cannot work.
    """
    job = job.checked()
    if unsafe := tree_faults(job.source):  # before any of it is opened
        raise NotPublishable(Built(ordered(unsafe), Settings(), 0))
    root = live.parent if live else None
    archives = archive_pages(root)
    with edition_of(job) as ready:
        say("Reading and building the pages")
        before = live
        if ready.whole is not None:
            before = handed_on(live, ready.whole, ready.job.source, ready.job.kit)
        built = ready.told(build(ready.job, output, before, archives=bool(archives)))
        if before != live:
            built = replace(built, findings=ordered((*built.findings, CHANGES_ANEW)))
        if not built.good:
            raise NotPublishable(built)
        written = ready.whole or ready.job.source
        addresses = compare_addresses(built, output, written, live, job.edition, archives)
        built = replace(built, findings=ordered((*built.findings, *addresses.plan.findings)))
        if not built.good:
            raise NotPublishable(built)
        say(f"Indexing {built.pages} pages and their records for search")
        entries = write_index(output, built.settings.language)
        write_addresses(addresses, output, built.settings)
        if ready.whole is not None:
            say("Searching all files for what only staff may read")
            if carrying:  # where something was made staff, also single words of it would tell
                gone = before != live
                folders = (ready.whole, ready.job.source, ready.job.kit)
                carrying.may = nothing if gone else says_nothing(*folders)
        built = _searched(ready, output, built, live)
    if root:  # after the search: an archive was searched when it was the live release
        add_archives(root, output, built.settings, everything)
    return built, entries


def _searched(ready: EditionOf, output: Path, built: Built, live: Path | None) -> Built:
    """The build with what the searches of its finished files found; an error stops it here."""
    if ready.whole is None:
        return built
    job = ready.job
    folders = (ready.whole, job.source, job.kit, output, live)
    found = [each for find in SEARCHES for each in find(*folders)]
    built = replace(built, findings=ordered((*built.findings, *found)))
    if has_errors(found):
        raise NotPublishable(built)
    return built


def publish(job: Job, site: Path, say: Say) -> Outcome:
    """Publish the manual into a site folder; the live site changes whole or not at all.

    Raises as `build_site` does, and `SiteFolderError` when the site folder cannot be used.
    """
    job, folder = job.checked(), SiteFolder(site)
    done: list[tuple[Built, int]] = []
    carrying = Carrying()

    def fill(stage: Path) -> None:
        keep_to_edition(folder, job.edition)
        done.append(build_site(job, stage, say, folder.current, carrying))
        say("Sealing the release")

    published = publish_tree(folder, fill, now=lambda: datetime.now(UTC), may_carry=carrying)
    built, found = done[0]
    return Outcome(published, built.findings, built.pages, found)
