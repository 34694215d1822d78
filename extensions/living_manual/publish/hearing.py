"""What Sphinx says while it builds, by the page it is about.

It says a page's faults when it reads or writes that page, and a preview does so for few:
`core.preview.Heard` keeps what was said of the others.
"""

from __future__ import annotations

import logging as python_logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from living_manual.core.finding import Finding
from living_manual.core.preview import WHOLE, Heard, Origin, Step

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


class Tray(list[Finding]):
    """Takes findings in, each by what gave it."""

    def __init__(self) -> None:
        super().__init__()
        self.origin = WHOLE
        self.by: dict[Origin, list[Finding]] = {}

    def append(self, found: Finding) -> None:
        """Take a finding, for whoever reads the whole list and for its origin."""
        super().append(found)
        self.by.setdefault(self.origin, []).append(found)


class Ear(python_logging.Handler):
    """Hears every warning as it is given, and says which page it is about.

    Sphinx holds warnings back until all pages are read, and hands them on with nothing but a file
    name. This handler stands first: it marks a record when it is given, and when the record comes
    back, it tells the tray that the finding next put there is of the marked page.
    """

    def __init__(self, app: Sphinx) -> None:
        super().__init__(python_logging.WARNING)
        self.app, self.tray = app, Tray()
        self.pages: set[str] = set()
        self.lost: dict[Origin, frozenset[str]] = {}
        self._page, self._of_the_whole = "", False
        self._lost: set[str] = set()
        app.connect("doctree-resolved", self._resolving, priority=0)
        app.connect("doctree-read", self._was_read, priority=999)
        python_logging.getLogger("sphinx").handlers.insert(0, self)

    def begin(self, inside: Any) -> None:
        """Listen to a build from its start."""
        self.tray = inside.findings = Tray()
        self._lost = inside.lost = set()
        self.pages, self.lost, self._page, inside.manual = set(), {}, "", None
        self._of_the_whole = False

    @contextmanager
    def of_the_whole(self) -> Iterator[None]:
        """Whatever is said in the block is about no page; Sphinx has no phase for that alone."""
        self._of_the_whole = True
        try:
            yield
        finally:
            self._of_the_whole = False

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

        if self._of_the_whole:
            return WHOLE
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
