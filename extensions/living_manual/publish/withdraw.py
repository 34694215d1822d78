"""Take a picture or clip down everywhere at once, and prove it.

The order is that of what matters: the row that says so, so that no publish brings it back; the live
site, by a release made of the live one without it, which waits for no other page to be mended; the
releases that are kept for going back; what builds keep; and only then the manual published anew.
Each step does nothing where it was done before, so that a run that was killed is run again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from living_manual.core.consent import CLIPS, FILE, Consents, family
from living_manual.core.edition import Edition
from living_manual.core.finding import Finding
from living_manual.core.importing import FileChange
from living_manual.core.ledgers import Entry, read_ledger
from living_manual.core.withdrawal import CannotMarkError, marked
from living_manual.edges.changes import ChangesRefused, write_changes
from living_manual.edges.files import read_text, walk
from living_manual.edges.sealed import MANIFEST_NAME
from living_manual.edges.site_folder import SiteFolder
from living_manual.edges.traces import all_files
from living_manual.publish.build import BuildError, Job, settings_of
from living_manual.publish.carry import nothing
from living_manual.publish.evidence import Evidence, gather
from living_manual.publish.pipeline import NotPublishable, publish
from living_manual.publish.redact import found_in, holds, redact
from living_manual.publish.releases import publish_tree

Say = Callable[[str], None]
#: What builds keep beside the kit: file by file, and whole sites.
SHELVES, SITES = ("media", "briefs", "handover", "sheets"), ("html", "preview")


@dataclass(slots=True)
class Withdrawn:
    """What a withdrawal did.

    `said` tells each step; `left` are (file, what of it) that are still there; `findings` keep the
    manual from being published anew; `faults` are what else went wrong.
    """

    said: list[str] = field(default_factory=list)
    left: list[tuple[Path, str]] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()
    faults: list[str] = field(default_factory=list)
    evidence: Evidence | None = None

    @property
    def good(self) -> bool:
        """Whether it is down everywhere and the manual is published without it."""
        return not (self.left or self.findings or self.faults)


def media_meant(source: Path, named: str) -> str:
    """The path of a picture or clip from the source folder; raises `BuildError` for what is none.

    It may be named as it is from here, or from the source folder; a row for it is enough.
    """
    tries = [named, Path(named).as_posix()]
    here = Path(named).resolve()
    if here.is_relative_to(source):
        tries.append(here.relative_to(source).as_posix())
    known = {row.media for row in _rows(source).rows}
    for each in tries:
        plain = not each.startswith("/") and ".." not in Path(each).parts
        if plain and (each in known or (source / each).is_file()):
            return each
    end = Path(named).name.casefold()
    files = [path.relative_to(source).as_posix() for path in walk(source)]
    near = [file for file in (*files, *known) if file.casefold().endswith(f"/{end}")]
    hint = f" Did you mean {near[0]}?" if near else " Write its path from the folder of the pages."
    raise BuildError(f"There is no picture or clip '{named}' in {source}.{hint}")


def _rows(source: Path) -> Consents:
    entries: list[Entry] = []
    for path in walk(source):
        if path.name == FILE:
            text, _ = read_text(path, FILE)
            entries += read_ledger(FILE, text or "", FILE)[0] if text else ()
    return Consents.of(entries, "staff", date.min)


def withdraw(job: Job, media: str, sites: Sequence[tuple[Path, Edition]], say: Say) -> Withdrawn:
    """Do all of it. Raises `SiteFolderError`, `BuildError`, `IndexingError` and `OSError`."""
    job, done = job.checked(), Withdrawn()
    evidence = done.evidence = gather(job.source, media)
    say("Writing the withdrawal into consent.csv")
    _mark(job, media, done)
    folders = [(SiteFolder(site), edition) for site, edition in sites if site.is_dir()]
    stopgaps: dict[Path, str | None] = {}
    for folder, _ in folders:
        stopgaps[folder.root] = _take_down(job, folder, evidence, say, done)
    say("Clearing what builds keep")
    _clear_caches(job.kit / "build", evidence, done)
    for folder, edition in folders:
        if folder.current_id() is not None:
            _publish_again(job, folder, edition, stopgaps[folder.root], say, done)
    say("Searching for anything left")
    _prove(job, [folder.root for folder, _ in folders], evidence, done)
    return done


# --------------------------------------------------------------------------------- the table


def _mark(job: Job, media: str, done: Withdrawn) -> None:
    """Write the day into every row, in whichever table it stands. A fault does not stop the rest:
    with a broken table nothing can be published, and so nothing comes back.
    """
    day = job.today or _today(job)
    kind = "clip" if media.lower().endswith(CLIPS) else "student work"
    files = [path for path in walk(job.source) if path.name == FILE]
    named = [path for path in files if family(media) in _families(path)]
    for path in named or [job.source / FILE]:
        file = path.relative_to(job.source).as_posix()
        text, fault = read_text(path, file)
        try:
            if fault:
                raise CannotMarkError(f"{fault.message} {fault.fix}")
            new = marked(text, media, day, kind)
            if new != text:
                write_changes(job.source, [FileChange(file, text, new)])
                done.said.append(f"{file}: {media} is withdrawn from {day} on.")
            else:
                done.said.append(f"{file}: {media} was withdrawn before.")
        except (CannotMarkError, ChangesRefused) as error:
            done.faults.append(
                f"{file} could not be written: {error} Mend it and run this command again, or the "
                "next publish brings it back."
            )


def _families(path: Path) -> set[str]:
    text, _ = read_text(path, FILE)
    entries = read_ledger(FILE, text, FILE)[0] if text else ()
    return {family(entry.get("media")) for entry in entries}


def _today(job: Job) -> date:
    """The district's day."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return now.astimezone(ZoneInfo(settings_of(job.source)[0].time_zone)).date()


# --------------------------------------------------------------------------------- the sites


def _take_down(
    job: Job, site: SiteFolder, evidence: Evidence, say: Say, done: Withdrawn
) -> str | None:
    """Make a release of the live one without it, and delete kept ones with it; gives the new."""
    stopgap = None
    live = site.current_id()
    say(f"Taking it out of the live site in {site.root.name}")
    if live is not None and holds(site.releases / live, evidence):
        language = settings_of(job.source)[0].language

        def fill(stage: Path) -> None:
            _copy(site.releases / live, stage)
            redact(stage, evidence, language)

        # Nothing of the releases before: their parts of the search index say what is withdrawn.
        published = publish_tree(site, fill, now=lambda: datetime.now(UTC), may_carry=nothing)
        stopgap = published.release_id
        done.said.append(f"{site.root}: taken out of the live site (release {stopgap}).")
    if not site.exists():
        return stopgap
    say(f"Looking through the kept releases in {site.root.name}")
    with site.lock():
        site.clear_leftovers()
        for release_id in site.release_ids():
            if release_id != site.current_id() and holds(site.releases / release_id, evidence):
                site.drop(release_id)
                done.said.append(f"{site.root}: release {release_id} held it and is deleted.")
    return stopgap


def _copy(release: Path, stage: Path) -> None:
    """The files of a sealed release, as files that may be written to."""
    for path in all_files(release):
        name = path.relative_to(release)
        if name.as_posix() != MANIFEST_NAME:
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, stage / name)


def _publish_again(
    job: Job, site: SiteFolder, edition: Edition, stopgap: str | None, say: Say, done: Withdrawn
) -> None:
    """Publish the manual anew; what keeps it from being published is told, and nothing waits."""
    try:
        outcome = publish(replace(job, edition=edition), site.root, say)
    except NotPublishable as stopped:
        done.findings = (*done.findings, *stopped.built.findings)
        return
    live = outcome.published.release_id
    done.said.append(f"{site.root}: published anew without it (release {live}).")
    if stopgap is not None and stopgap != live:
        with site.lock():
            if stopgap in site.release_ids() and stopgap != site.current_id():
                site.drop(stopgap)


# ------------------------------------------------------------------------- what builds keep


def _clear_caches(build: Path, evidence: Evidence, done: Withdrawn) -> None:
    for name in SHELVES:
        for path, _ in list(_kept(build / name, evidence)):
            path.unlink(missing_ok=True)
            done.said.append(f"{path}: deleted.")
    for name in SITES:
        if (build / name).is_dir() and holds(build / name, evidence):
            shutil.rmtree(build / name)
            done.said.append(f"{build / name}: deleted; the next build makes it again.")


def _kept(shelf: Path, evidence: Evidence) -> Iterator[tuple[Path, str]]:
    """The files of a shelf that are made of it, or hold something of it."""
    for path in all_files(shelf):
        if evidence.named(path.name):
            yield path, "a file made of it"
        elif why := evidence.traces.why(path):
            yield path, why


# --------------------------------------------------------------------------------- the proof


def _prove(job: Job, folders: Sequence[Path], evidence: Evidence, done: Withdrawn) -> None:
    """Search every file below the site folders and among what builds keep."""
    traces = evidence.traces
    traces.looked = traces.opened = 0
    for root in folders:
        for release in _trees(root):
            done.left += found_in(release, evidence)
        beside = (path for path in sorted(root.iterdir()) if path.is_file())
        done.left += ((path, why) for path in beside if (why := traces.why(path)))
        done.left += (each for each in traces.search(root / ".work"))
    for name in SHELVES:
        done.left += _kept(job.kit / "build" / name, evidence)
    for name in SITES:
        done.left += found_in(job.kit / "build" / name, evidence)
    done.left = list(dict.fromkeys(done.left))


def _trees(root: Path) -> Iterator[Path]:
    """The folder of each release, and everything else that lies in a site folder."""
    releases = root / "releases"
    if releases.is_dir():
        yield from (path for path in sorted(releases.iterdir()) if path.is_dir())
    yield from (
        path
        for path in sorted(root.iterdir())
        if path.is_dir() and not path.is_symlink() and path.name not in ("releases", ".work")
    )
