"""The edition of a job: staff is built from the source folder, public from a cut of it.

The cut is made anew for each build, in a temporary folder that is gone after it: Sphinx never sees
a staff page, and nothing of an earlier build is used again.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from living_manual.core.edition import EDITIONS, STAFF, Edition
from living_manual.core.edition_cut import HOME, Cut, cut_source
from living_manual.core.finding import Finding, Severity, finding, ordered, without_absences
from living_manual.core.model import read_model
from living_manual.edges.cut_tree import read_whole, write_cut
from living_manual.edges.site_folder import SiteFolder, SiteFolderError

if TYPE_CHECKING:
    from living_manual.publish.build import Built, Job

#: The file by which a site folder remembers which edition it holds.
REMEMBERS = ".edition"
#: Kinds that tell staff early what the public edition would refuse.
_EARLY = frozenset(("edition-leads", "edition-view", "edition-home"))

#: Kinds that Sphinx tells of the same place: there is nothing where the link leads.
_SAME = frozenset(("page-reference", "link-missing-target", "path-step"))


@dataclass(frozen=True, slots=True)
class EditionOf:
    """A job with its edition made ready; `job.source` is what Sphinx reads.

    `whole` is the source folder as people write it, when `job.source` is a cut of it.
    """

    job: Job
    whole: Path | None = None
    findings: tuple[Finding, ...] = ()
    cut: Cut = field(default_factory=Cut)

    def told(self, built: Built) -> Built:
        """What a build gave, with the findings of the cut, each at the line of the writer's file.

        In the public edition, what speaks of absence says nothing: the staff edition has it.
        """
        found = built.findings
        if self.whole is not None:
            found = tuple(self._at_writers_line(each) for each in found)
            led = {each.place for each in self.findings if each.kind in _EARLY}
            found = without_absences(
                (each for each in found if each.kind not in _SAME or each.place not in led),
                self.cut.lost,
            )
        return replace(built, findings=ordered((*self.findings, *found)))

    def _at_writers_line(self, found: Finding) -> Finding:
        lines = self.cut.lines.get(found.file or "")
        if not lines or not found.line or found.line > len(lines):
            return found
        return replace(found, line=lines[found.line - 1])


@contextmanager
def edition_of(job: Job) -> Iterator[EditionOf]:
    """Make a job's edition ready; a job that is ready already is taken as it is."""
    if job.whole is not None:
        yield EditionOf(job)
        return
    whole, unreadable = read_whole(job.source)
    cut = cut_source(whole, _prefixes(job.kit))
    if job.edition == STAFF:
        told = tuple(_early(each) for each in cut.findings)
        yield EditionOf(replace(job, whole=job.source), findings=told)
        return
    findings = (*unreadable, *cut.findings)
    if not cut.used:
        message = "Nothing is marked public, so the public edition would be empty."
        fix = "Write `edition: public` between --- lines at the top of index.md, to begin with."
        findings = (*findings, finding("edition-home", message, fix, HOME, 1))
    with tempfile.TemporaryDirectory(prefix="living-manual-public-") as scratch:
        to = Path(scratch).resolve() / "source"
        to.mkdir()
        write_cut(cut, job.source, to)
        ready = replace(job, source=to, whole=job.source, partial=bool(cut.lost))
        yield EditionOf(ready, job.source, findings, cut)


def _early(found: Finding) -> Finding:
    """The staff edition is whole: there the writer is told, and nothing is held back."""
    return replace(found, severity=Severity.WARNING) if found.kind in _EARLY else found


def _prefixes(kit: Path) -> dict[str, str]:
    """The types of record with what their ids start with."""
    declared = tomllib.loads((kit / "ubproject.toml").read_text(encoding="utf-8"))
    return {name: one.prefix for name, one in read_model(declared["needs"]).types.items()}


def keep_to_edition(site: SiteFolder, edition: Edition) -> None:
    """Let a site folder hold one edition only; to be called with the folder's lock held.

    Raises SiteFolderError when it holds the other one. A folder of before there were editions
    holds the staff edition.
    """
    mark = site.root / REMEMBERS
    said = edition_held(site)
    held = said if site.release_ids() else edition
    if held != edition:
        known = f"the {held} edition" if held in EDITIONS else "an edition this kit does not know"
        raise SiteFolderError(
            f"{site.root} holds {known} of the manual, and this is the {edition} edition. Name a "
            "folder of its own with --site. Nothing was changed: the live site is as it was."
        )
    if not mark.is_file() or said != edition:
        mark.write_text(f"{edition}\n", encoding="utf-8")


def edition_held(site: SiteFolder) -> str:
    """The edition that a site folder holds; one that remembers none holds the staff edition."""
    mark = site.root / REMEMBERS
    return mark.read_text(encoding="utf-8").strip() if mark.is_file() else STAFF
