"""Run Sphinx over a source folder and say what came of it, in findings."""

from __future__ import annotations

import gc
import io
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from living_manual.core.edition import PUBLIC, STAFF, Edition
from living_manual.core.finding import Finding, finding, has_errors, ordered, without_consequences
from living_manual.core.hosting import headers_file
from living_manual.core.model import Manual
from living_manual.core.settings import FILE, Settings
from living_manual.core.settings_reading import read_settings
from living_manual.edges.fence import RefusedError, no_network
from living_manual.edges.files import read_text, tree_digest, walk
from living_manual.edges.git import last_change
from living_manual.edges.source_tree import tree_faults
from living_manual.publish.editions import edition_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx

Say = Callable[[str], None]


class BuildError(Exception):
    """The kit or the folder is not what a build needs; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build gave: its findings (errors first), the settings, how many pages were read.

    `manual` is every record that could be read; None when the build stopped before that.
    """

    findings: tuple[Finding, ...]
    settings: Settings
    pages: int
    manual: Manual | None = None

    @property
    def good(self) -> bool:
        """Whether nothing found keeps the manual from being published."""
        return not has_errors(self.findings)


@dataclass(frozen=True, slots=True)
class Job:
    """What to build: the kit's folder (with conf.py), the source folder, and the day to count from.

    `today` is None for the district's own day; `jobs` is how many processes write the pages, None
    for as many as it pays to use. `fail_on` names rules of gaps, separated by commas; empty for
    those of the district's settings. `edition` is who it is for. Once that is made ready, `whole`
    is the folder that people write in, and `source` what is built of it; `partial` is whether
    anything was left out.
    """

    kit: Path
    source: Path
    today: date | None = None
    jobs: int | None = None
    fail_on: str = ""
    edition: Edition = STAFF
    whole: Path | None = None
    partial: bool = False

    def checked(self) -> Job:
        """The same job with whole paths; raises `BuildError` when a folder cannot be built from."""
        if self.whole is not None:
            return self
        source = self.source.resolve()
        if not source.is_dir():
            raise BuildError(
                f"There is no folder {self.source}. Name the folder that holds your "
                "manual's pages with --source."
            )
        if not (source / "index.md").is_file():
            raise BuildError(
                f"{self.source} has no index.md, the manual's first page. Name the "
                "folder that holds your manual's pages with --source."
            )
        if not (self.kit / "conf.py").is_file():
            raise BuildError(
                f"The kit's conf.py is not in {self.kit}. Run the command in the kit's "
                "folder, or name that folder with --kit."
            )
        return replace(self, kit=self.kit.resolve(), source=source)


def check(job: Job) -> Built:
    """Read every page and check all of it, writing nothing the caller keeps.

    One-page briefs are made too, to see whether they fit; they stay in the kit's `build/briefs`.
    """
    job = job.checked()
    if unsafe := tree_faults(job.source):  # before any of it is opened
        return Built(ordered(unsafe), Settings(), 0)
    with (
        edition_of(job) as ready,
        tempfile.TemporaryDirectory(prefix="living-manual-") as scratch,
    ):
        out, doctrees = Path(scratch) / "out", Path(scratch) / "doctrees"
        return ready.told(_run(ready.job, "dummy", out, doctrees, {}))


def build(job: Job, output: Path, live: Path | None = None, *, archives: bool = False) -> Built:
    """Build the pages into `output`, a new or empty folder, ready for the search index.

    `live` is the folder of the release whose place this build will take; what changed is told from
    there. At the first publish it is not there; None means that nobody publishes the build.
    `archives` says whether earlier school years stand beside it.

    Files of the builder's own that a reader never needs are left out. When something stopped the
    build, the folder holds only a part; the findings say so.
    """
    job = job.checked()
    if unsafe := tree_faults(job.source):  # before any of it is opened
        return Built(ordered(unsafe), Settings(), 0)
    with edition_of(job) as ready:
        return ready.told(_build(ready.job, output, live, archives))


def _build(job: Job, output: Path, live: Path | None, archives: bool) -> Built:
    with tempfile.TemporaryDirectory(prefix="living-manual-") as scratch:
        built = _run(
            job,
            "html",
            output,
            Path(scratch),
            {
                "manual_search": "pagefind",
                "manual_live": str(live or ""),
                "manual_archives": archives,
                **release_label(job),
            },
            job.jobs or jobs_for(job.source),
        )
    for name in _NOT_FOR_READERS:
        (output / name).unlink(missing_ok=True)
    if (output / "_sources").is_dir() and not any((output / "_sources").iterdir()):
        (output / "_sources").rmdir()
    _drop_unused(output)
    (output / "_headers").write_text(headers_file(job.edition), encoding="utf-8")
    return built


def release_label(job: Job) -> Mapping[str, str]:
    """The release as its pages name it: a digest of source and kit, the day of the last change."""
    kit = [job.kit / name for name in ("conf.py", "ubproject.toml", "extensions/living_manual")]
    digest = tree_digest(job.source, *(path for path in kit if path.exists()))
    files = ["."]
    if job.edition == PUBLIC:
        files = [path.relative_to(job.source).as_posix() for path in walk(job.source)]
    changed = last_change(job.whole or job.source, files)
    return {
        "manual_release": digest[:7],
        "manual_release_date": changed.isoformat() if changed else "",
    }


#: Pages from which a second process saves more time than it costs to start.
MANY_PAGES = 200


def jobs_for(source: Path) -> int:
    """How many processes to build a source folder with: one, or one more than there are cores.

    Sphinx hands the pages out from one of them, which waits most of the time. Never more than five.
    """
    cores = os.cpu_count() or 1
    if cores == 1 or sum(1 for _ in source.rglob("*.md")) < MANY_PAGES:
        return 1
    return min(4, cores) + 1


def _run(
    job: Job,
    builder: str,
    output: Path,
    doctrees: Path,
    overrides: Mapping[str, str | bool],
    jobs: int = 1,
) -> Built:
    """One build. What several processes do not finish without a fault, one does once more.

    Nothing is built where there is no first page: an edition without one, whose findings say so.
    Sphinx tells little of a fault in another process, and of some nothing; the findings of one
    process name the page.
    """
    settings, problems = settings_of(job.source)
    if not (job.source / "index.md").is_file():
        return Built((), settings, 0)
    today = job.today.isoformat() if job.today else ""
    written = doctrees / "written.txt" if jobs > 1 else None
    more: dict[str, str | bool] = {
        **overrides,
        "manual_today": today,
        "manual_once": True,
        "manual_fail_on": job.fail_on,
        "manual_edition": job.edition,
        "manual_partial": job.partial,
        "manual_written": str(written or ""),
    }
    with no_network() as tried:
        app, stopped = _sphinx(job, builder, output, doctrees, more, jobs)
    inside = getattr(app, "living_manual", None)
    reached = (out_of_reach(attempt.target) for attempt in tried)
    found = (*problems, *stopped, *reached, *(inside.findings if inside else ()))
    if jobs > 1 and (has_errors(found) or not (app and written_whole(app, written))):
        for folder in (output, doctrees):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        return _run(job, builder, output, doctrees, overrides)
    found = without_consequences(found, inside.lost if inside else ())
    pages = len(app.env.all_docs) if app and app.env else 0
    return Built(ordered(found), settings, pages, inside.manual if inside else None)


def _sphinx(
    job: Job,
    builder: str,
    output: Path,
    doctrees: Path,
    config: Mapping[str, str | bool],
    jobs: int,
) -> tuple[Sphinx | None, tuple[Finding, ...]]:
    """Sphinx as far as it came, and what stopped it. Raises `OSError` when it was the disk."""
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    app = None
    forget_translations()
    try:
        with patch_docutils(str(job.kit)), docutils_namespace(), fewer_collections():
            app = Sphinx(
                job.source,
                job.kit,
                output,
                doctrees,
                builder,
                confoverrides=dict(config),
                status=None,
                warning=io.StringIO(),
                freshenv=True,
                parallel=jobs,
            )
            app.build(force_all=True)
    except (SphinxError, UnicodeError, RecursionError, RefusedError) as error:
        cause = getattr(error, "orig_exc", None) or error
        if isinstance(cause, OSError) and not isinstance(cause, RefusedError):  # the disk
            raise cause from error
        return app, (_stopped(cause, app.living_manual.page if app else ""),)  # type: ignore[attr-defined]
    return app, ()


def out_of_reach(target: str) -> Finding:
    """Something that was to be reached on the network, and was not."""
    return finding(
        "network",
        f"The build would have reached {target} on the network.",
        "Take what asks for it out of conf.py, or keep a copy in the manual's folder.",
    )


def _stopped(cause: BaseException, page: str) -> Finding:
    said = " ".join(str(cause).split()) or type(cause).__name__
    message = f"The build stopped: {said}"
    if page:
        fix = "Look at this page first: it was being written."
        return finding("build-stopped", message, fix, f"{page}.md", 1)
    return finding("build-stopped", message, "Mend what the other findings name, then build again.")


def written_whole(app: Sphinx, written: Path | None) -> bool:
    """Whether every page of the source was written to its end, by whichever process."""
    noted = written.read_text(encoding="utf-8") if written and written.exists() else ""
    names = noted.split("\n")
    return app.env.found_docs <= set(names)


def forget_translations() -> None:
    """Let the next application begin its chain of translations anew.

    Sphinx hangs each application's translations behind those of the process's earlier ones; after
    some hundred builds in one process the chain is too long to be followed.
    """
    from sphinx.locale import translators

    translators.clear()


@contextmanager
def fewer_collections() -> Iterator[None]:
    """Let Python look for unused cycles less often: a build makes much that it keeps.

    With Python's own thresholds a quarter of a district's build goes into looking.
    """
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def settings_of(source: Path) -> tuple[Settings, tuple[Finding, ...]]:
    """The settings, once more outside Sphinx: they are needed when Sphinx does not even start."""
    text, unreadable = read_text(source / FILE, FILE, "settings-unreadable")
    settings, findings = read_settings(text)
    return settings, (unreadable,) if unreadable else findings


#: Files of Sphinx and sphinx-needs that serve builds, not readers.
_NOT_FOR_READERS = (".buildinfo", ".buildinfo.bak", "searchindex.js", "permalink.html")
_NAMED = re.compile(r"""_static/([^"'?#)\s>]+)|url\(["']?(?:\./)?([^"'?#)]+)""")


def _drop_unused(site: Path) -> None:
    """Take out of `_static` what no page or style sheet names: a release holds what readers get.

    Licence texts stay beside the fonts that they are for.
    """
    static = site / "_static"
    named: set[str] = set()
    for path in [*site.rglob("*.html"), *static.glob("*.css")]:
        if "_static" in path.parts and path.suffix == ".html":
            continue
        for whole, relative in _NAMED.findall(path.read_text(encoding="utf-8")):
            named.add(whole or relative)
    for path in sorted(static.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(static).as_posix() not in named and not (
            path.parent.name == "fonts" and "LICENSE" in path.name
        ):
            path.unlink()
