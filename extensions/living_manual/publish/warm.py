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
import signal
import threading
from _thread import interrupt_main
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from living_manual.core.finding import Finding, has_errors
from living_manual.core.preview import (
    Heard,
    Rebuilt,
    holding_page,
    no_first_page,
    stopped,
    urgent,
)
from living_manual.core.settings import FILE
from living_manual.edges.files import tree_digest
from living_manual.publish.build import Job, forget_translations, settings_of
from living_manual.publish.hearing import Ear
from living_manual.publish.index import REGISTER

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FIRST_PAGE = "index.md"
#: Pages written between two looks at whether the next save is waiting.
SOME = 20
SCRIPT = "_static/scripts/preview.js"
#: The kit's part for Sphinx that only the preview loads.
EXTENSION = "living_manual.sphinx_ext.preview"
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
        self._ear: Ear | None = None
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
        if not (self.job.source / FIRST_PAGE).is_file():
            problems = (*problems, no_first_page(FIRST_PAGE))
        if has_errors(problems) and self._something_is_up():
            return Rebuilt(self._told(problems), kept=True)
        before, written = self._heard, list[str]()
        try:
            kept = self._build(before, changed, viewed, written, shown, waiting)
        except _NextIsWaiting as error:
            self._hear(before, written)
            self._pending.difference_update(written)
            self._recover(error)
            return Rebuilt(self._told(problems), tuple(written), done=False)
        except Exception as error:  # Sphinx, an extension, a page that nobody thought of
            if os.environ.get("MANUAL_DEBUG"):
                python_logging.getLogger(__name__).exception("The build stopped")
            self._hear(before, written)
            self._failures += 1
            self._recover(error)
            self._hold()
            return Rebuilt(self._told(problems or (stopped(error),)), tuple(written), kept=True)
        self._failures = 0
        found = self._told(problems)
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
        _again(app).check_later = not self._fresh
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
        with _giving_way(waiting):
            stale = self._check(app)
        self._pending |= stale & there
        rest = sorted(self._pending.difference(written))
        for start in range(0, len(rest), SOME):
            _unless(waiting)
            self._write(app, rest[start : start + SOME], written, shown)
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
        forget_translations()
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
        app.setup_extension(EXTENSION)
        self._at_start = tuple(_inside(app).findings)
        self._ear = Ear(app)
        self._frame, self._fresh = frame, True
        return set(app.builder.get_outdated_docs())

    def _hear(self, before: Heard, written: Collection[str]) -> None:
        """Take over what this build said so far."""
        if self._app and self._ear:
            now = self._ear.heard(_inside(self._app))
            there = self._app.env.all_docs
            self._heard = before.then(now, read=self._ear.pages, written=written, there=there)

    def _recover(self, error: BaseException) -> None:
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
        return self._app is not None and _again(self._app).reusable

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

        assert self._ear
        app.builder.phase = BuildPhase.CONSISTENCY_CHECK
        with self._ear.of_the_whole():
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

    def _told(self, problems: Sequence[Finding]) -> tuple[Finding, ...]:
        """What is wrong with the settings and all that Sphinx has said, errors first."""
        return self._heard.told_with((*problems, *self._at_start))

    def _something_is_up(self) -> bool:
        return (self.html / REGISTER).exists()

    def _hold(self) -> None:
        """A page to look at when there was never a good one."""
        if not self._something_is_up():
            script = self.html / SCRIPT
            script.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(LOOK[0] / "static" / "scripts" / script.name, script)
            (self.html / "index.html").write_text(holding_page(f"/{SCRIPT}"), encoding="utf-8")


class _NextIsWaiting(BaseException):
    """The next save is there; the rest of this build would only keep it waiting.

    No `Exception`: Sphinx makes an error of its own of each that an event's handler lets through.
    """


def _unless(waiting: Waiting) -> None:
    if waiting():
        raise _NextIsWaiting


@contextmanager
def _giving_way(waiting: Waiting) -> Iterator[None]:
    """Leave the block as soon as the next save is there, wherever it is just then.

    The checks of a whole district take seconds. They change nothing that is not made anew by the
    next build, so they may be broken off; the way to do that in one process is as Ctrl+C does.
    """
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.02):
            if waiting():
                interrupt_main()
                return

    def leave(_signal: int, _frame: FrameType | None) -> None:
        if not ended.is_set():
            raise _NextIsWaiting

    before = signal.signal(signal.SIGINT, leave)
    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
        signal.signal(signal.SIGINT, before)


def _inside(app: Any) -> Any:
    """What the kit's own extension keeps of a build, beside the application."""
    return app.living_manual


def _again(app: Any) -> Any:
    """What the preview's own extension keeps from one build to the next."""
    return app.living_manual_again
