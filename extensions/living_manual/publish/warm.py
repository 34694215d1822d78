"""The warm build of the preview: Sphinx with everything it has read, kept for the next save.

`Builder.build` is taken apart here: the pages looked at are written as soon as they are read, all
that can wait (checks, other pages, data files) comes after they are shown, and the environment is
saved only when a process ends or begins (docs/preview.md has the measurements).
"""

from __future__ import annotations

import io
import logging as python_logging
import os
import pickle
import shutil
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from living_manual.core.finding import Finding, has_errors, ordered
from living_manual.core.preview import (
    WHOLE,
    Heard,
    Origin,
    Rebuilt,
    Step,
    holding_page,
    stopped,
    urgent,
)
from living_manual.core.settings import FILE
from living_manual.edges.files import tree_digest
from living_manual.publish.build import Job, settings_of
from living_manual.publish.index import REGISTER

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

SCRIPT = "_static/scripts/preview.js"
PACKAGE = Path(__file__).resolve().parents[1]
LOOK = (PACKAGE / "sphinx_ext" / "theme", PACKAGE / "sphinx_ext" / "templates")
#: Is told the pages that are written; says whether the next save is waiting.
Shown = Callable[[Sequence[str]], None]
Waiting = Callable[[], bool]


def made_of(job: Job) -> list[Path]:
    """The kit's files that say how pages are made, besides its look."""
    files = [job.kit / name for name in ("conf.py", "ubproject.toml")]
    return [path for path in files if path.exists()]


class Warm:
    """A Sphinx application that builds again and again.

    Only a change of the frame (settings, data model, look) makes it begin anew, from what is kept
    on disk. What could not be written stays `pending` until it is.
    """

    def __init__(self, job: Job, folder: Path) -> None:
        self.job, self.html, self.trees = job, folder / "html", folder / "trees"
        self._app: Sphinx | None = None
        self._ear: _Ear | None = None
        self._inside = ExitStack()
        self._frame, self._fresh, self._failures = "", True, 0
        self._at_start: tuple[Finding, ...] = ()
        self._heard = Heard()
        self._pending: set[str] = set()

    def rebuild(
        self,
        changed: Collection[str],
        viewed: Collection[str],
        shown: Shown,
        waiting: Waiting = lambda: False,
    ) -> Rebuilt:
        """Build what the changed files ask for; the pages looked at come first and are `shown`.

        Whatever goes wrong is a finding: the pages that were good stay as they are, and the next
        save is built again. When that is `waiting`, what else there is to do is left to it.
        """
        settings, problems = settings_of(self.job.source)
        if has_errors(problems) and self._something_is_up():
            return Rebuilt(ordered((*problems, *self._known())), kept=True)
        before, written = self._heard, list[str]()
        try:
            kept = self._build(before, changed, viewed, written, shown, waiting)
        except _NextIsWaitingError as error:
            self._hear(before, written)
            self._pending.difference_update(written)
            self._recover(error)
            return Rebuilt(ordered((*problems, *self._known())), tuple(written), done=False)
        except Exception as error:  # Sphinx, an extension, a page that nobody thought of
            if os.environ.get("MANUAL_DEBUG"):
                python_logging.getLogger(__name__).exception("The build stopped")
            self._hear(before, written)
            self._failures += 1
            self._recover(error)
            self._hold()
            found = (*problems, *self._known(), stopped(error))
            return Rebuilt(ordered(found), tuple(written), kept=True)
        self._failures = 0
        found = ordered((*problems, *self._known()))
        if not kept and not self._reusable():
            self._close()
        return Rebuilt(found, tuple(written), kept, settings.language)

    def end(self) -> None:
        """Keep what was read for the next start."""
        if self._app and not self._pending and not self._failures:
            self._save(self._app)
        self._close()

    def _build(
        self,
        before: Heard,
        changed: Collection[str],
        viewed: Collection[str],
        written: list[str],
        shown: Shown,
        waiting: Waiting,
    ) -> bool:
        """Build, putting what was written into `written`; gives whether the old pages were kept."""
        outdated = self._open()
        assert self._app
        assert self._ear
        app, ear, inside = self._app, self._ear, _inside(self._app)
        ear.begin(inside)
        if not self._fresh:
            with suppress(AttributeError):
                inside.check_later = True
        self._pending |= outdated | self._read(app)
        there = set(app.env.all_docs)
        if self._failures:
            self._pending |= there
        self._pending &= there
        self._hear(before, written)
        if not self._heard.whole and self._something_is_up():
            self._check(app)
            self._hear(before, written)
            return True
        if self._fresh:
            self._save(app)
        self._write(app, urgent(self._pending, changed, viewed), written, shown)
        _unless(waiting)
        self._pending |= self._check(app) & there
        _unless(waiting)
        self._write(app, sorted(self._pending.difference(written)), written, shown)
        _unless(waiting)
        self._finish(app, written)
        self._hear(before, written)
        self._pending.clear()
        return False

    def _open(self) -> set[str]:
        """Sphinx, ready to read; gives the pages that are older than what they are made from."""
        district = self.job.source / FILE
        frame = tree_digest(*LOOK, *made_of(self.job), *([district] if district.exists() else []))
        if self._app and frame == self._frame:
            self._begin_again(self._app)
            return set()
        self._close()
        from sphinx.application import Sphinx
        from sphinx.util.docutils import docutils_namespace, patch_docutils

        self._inside.enter_context(patch_docutils(str(self.job.kit)))
        self._inside.enter_context(docutils_namespace())
        self._app = app = Sphinx(
            self.job.source,
            self.job.kit,
            self.html,
            self.trees,
            "html",
            confoverrides={
                "manual_preview": True,
                "manual_search": "pagefind",
                "manual_today": self.job.today.isoformat() if self.job.today else "",
                "manual_release": "preview",
            },
            status=None,
            warning=io.StringIO(),
        )
        self._at_start = tuple(_inside(app).findings)
        self._ear = _Ear(app)
        self._frame, self._fresh = frame, True
        return set(app.builder.get_outdated_docs())

    def _hear(self, before: Heard, written: Collection[str]) -> None:
        """Take over what this build said so far."""
        if self._app and self._ear:
            now = self._ear.heard(_inside(self._app))
            there = self._app.env.all_docs
            self._heard = before.then(now, read=self._ear.pages, written=written, there=there)

    def _recover(self, error: Exception) -> None:
        """Make the application fit to build again after it failed.

        What is forgotten of a page when its reading begins is read anew; what was to be written is
        not known any more, so everything will be. After a second failure everything is read.
        """
        if not self._app:
            return
        app, env = self._app, self._app.env
        try:
            app.emit("build-finished", error)
            if self._failures > 1:
                for page in list(env.all_docs):
                    app.emit("env-purge-doc", env, page)
                    env.clear_doc(page)
        except Exception:
            self._close()

    def _begin_again(self, app: Sphinx) -> None:
        """Take out of the kept application what was only true of the last build."""
        self._fresh = False
        app.env._pickled_doctree_cache.clear()
        app.env._write_doc_doctree_cache.clear()
        app.env.__dict__.pop("master_doctree", None)
        app.builder.images.clear()

    def _reusable(self) -> bool:
        """Whether writing left what was read as it was; sphinx-needs may have finished its part."""
        return bool(self._app) and getattr(_inside(self._app), "reusable", False)

    def _close(self) -> None:
        self._app = self._ear = None
        self._inside.close()
        self._inside = ExitStack()

    def _read(self, app: Sphinx) -> set[str]:
        """Read what changed; gives the pages to write again."""
        from sphinx.util import logging
        from sphinx.util.build_phase import BuildPhase
        from sphinx.util.parallel import SerialTasks

        builder = app.builder
        builder.phase = BuildPhase.READING
        builder.finish_tasks = SerialTasks()
        with logging.pending_warnings():
            updated = set(builder.read())
        return updated.union(app.env.check_dependents(app, updated))

    def _check(self, app: Sphinx) -> set[str]:
        """Check the manual as a whole; gives the pages that show something else than they did."""
        from sphinx.util.build_phase import BuildPhase

        app.builder.phase = BuildPhase.CONSISTENCY_CHECK
        app.env.check_consistency()
        return {page for pages in app.emit("manual-check") for page in pages}

    def _write(self, app: Sphinx, pages: Sequence[str], written: list[str], shown: Shown) -> None:
        from sphinx.util.build_phase import BuildPhase

        if pages:
            builder: Any = app.builder
            builder.phase = BuildPhase.RESOLVING
            builder.write(pages, (), "specific")
            builder.copy_image_files()
            written.extend(pages)
            shown(pages)

    def _finish(self, app: Sphinx, written: Collection[str]) -> None:
        """What Sphinx does after the last page: indices, downloads, data files, the register."""
        if not written:  # the others count on its having begun
            app.builder.write((), (), "specific")
        app.builder.finish()
        app.builder.finish_tasks.join()
        app.emit("build-finished", None)

    def _save(self, app: Sphinx) -> None:
        """Keep what was read on disk, so that the next start need not read it again."""
        from sphinx.application import ENV_PICKLE_FILENAME

        fresh = self.trees / f"{ENV_PICKLE_FILENAME}.new"
        with fresh.open("wb") as file:
            pickle.dump(app.env, file, pickle.HIGHEST_PROTOCOL)
        fresh.replace(self.trees / ENV_PICKLE_FILENAME)

    def _known(self) -> tuple[Finding, ...]:
        return (*self._at_start, *self._heard.all())

    def _something_is_up(self) -> bool:
        return (self.html / REGISTER).exists()

    def _hold(self) -> None:
        """A page to look at when there was never a good one."""
        if not self._something_is_up():
            script = self.html / SCRIPT
            script.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(LOOK[0] / "static" / "scripts" / script.name, script)
            (self.html / "index.html").write_text(holding_page(f"/{SCRIPT}"), encoding="utf-8")


class _NextIsWaitingError(Exception):
    """The next save is there; the rest of this build would only keep it waiting."""


def _unless(waiting: Waiting) -> None:
    if waiting():
        raise _NextIsWaitingError


def _inside(app: Any) -> Any:
    """What the kit's own extension keeps of a build, beside the application."""
    return app.living_manual


class _Tray(list[Finding]):
    """Takes findings in, each by what gave it."""

    def __init__(self) -> None:
        super().__init__()
        self.origin = WHOLE
        self.by: dict[Origin, list[Finding]] = {}

    def append(self, found: Finding) -> None:
        """Take a finding, for whoever reads the whole list and for its origin."""
        super().append(found)
        self.by.setdefault(self.origin, []).append(found)


class _Ear(python_logging.Handler):
    """Hears every warning as it is given, and says which page it is about.

    Sphinx holds warnings back until all pages are read, and hands them on with nothing but a file
    name. This handler stands first: it marks a record when it is given, and when the record comes
    back, it tells the tray that the finding next put there is of the marked page.
    """

    def __init__(self, app: Sphinx) -> None:
        super().__init__(python_logging.WARNING)
        self.app, self.tray = app, _Tray()
        self.pages: set[str] = set()
        self.lost: dict[Origin, frozenset[str]] = {}
        self._page = ""
        self._lost: set[str] = set()
        app.connect("doctree-resolved", self._resolving, priority=0)
        app.connect("doctree-read", self._was_read, priority=999)
        python_logging.getLogger("sphinx").handlers.insert(0, self)

    def begin(self, inside: Any) -> None:
        """Listen to a build from its start."""
        self.tray = inside.findings = _Tray()
        self._lost = inside.lost = set()
        self.pages, self.lost, self._page, inside.manual = set(), {}, "", None

    def heard(self, inside: Any) -> Heard:
        """What was heard so far in this build."""
        told = frozenset().union(*self.lost.values())
        lost = {**self.lost, WHOLE: frozenset(inside.lost - told)}
        return Heard({origin: tuple(found) for origin, found in self.tray.by.items()}, lost)

    def emit(self, record: python_logging.LogRecord) -> None:
        """Mark a record, or recognise one."""
        marked = record.__dict__
        self.tray.origin = marked.setdefault("manual_origin", self._origin())

    def _origin(self) -> Origin:
        from sphinx.util.build_phase import BuildPhase

        here = self.app.env.current_document.docname
        match self.app.phase:
            case BuildPhase.READING:
                return (Step.READ, here) if here else WHOLE
            case BuildPhase.RESOLVING | BuildPhase.WRITING:
                page = here or self._page
                return (Step.WRITE, page) if page else WHOLE
        return WHOLE

    def _resolving(self, _app: Sphinx, _doctree: nodes.document, page: str) -> None:
        self._page = page

    def _was_read(self, app: Sphinx, _doctree: nodes.document) -> None:
        page = app.env.current_document.docname
        self.pages.add(page)
        told = frozenset().union(*self.lost.values())
        if new := self._lost - told:
            self.lost[Step.READ, page] = frozenset(new)
