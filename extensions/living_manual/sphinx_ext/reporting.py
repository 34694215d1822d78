"""Findings in and out of Sphinx's log: ours are logged where they belong, others' are collected."""

from __future__ import annotations

import logging as python_logging
from pathlib import Path, PurePosixPath

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.logging import WarningStreamHandler, is_suppressed_warning

from living_manual.core.finding import Finding, Severity
from living_manual.core.warnings import place, translated
from living_manual.sphinx_ext.store import build_of

LOGGER = logging.getLogger(__name__)


def report(app: Sphinx, finding: Finding) -> None:
    """Log a finding at its file and line; the collector below keeps it as the value it is."""
    location = None
    if finding.file is not None:
        location = f"{app.srcdir / finding.file}:{finding.line or 1}"
    level = python_logging.ERROR if finding.severity is Severity.ERROR else python_logging.WARNING
    LOGGER.log(
        level,
        "%s %s",
        finding.message,
        finding.fix,
        location=location,
        type="manual",
        subtype=finding.kind,
        extra={"finding": finding},
    )


def place_of(app: Sphinx, node: nodes.Node) -> tuple[str, int]:
    """The file and line a node was written in."""
    here: nodes.Node | None = node
    while here is not None and not here.line:
        here = here.parent
    path = PurePosixPath(str((here and here.source) or app.env.doc2path(app.env.docname)))
    root = PurePosixPath(Path(app.srcdir).as_posix())
    file = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return file, (here.line if here is not None and here.line else 1)


class Collector(WarningStreamHandler):
    """Keeps every warning of a build as a finding.

    A `WarningStreamHandler` so that Sphinx holds it back while warnings wait to be put in order,
    and hands them to it once.
    """

    def __init__(self, app: Sphinx) -> None:
        super().__init__()  # type: ignore[call-arg]  # typed as if it needed a stream
        self.app = app
        self.setLevel(python_logging.WARNING)

    def emit(self, record: python_logging.LogRecord) -> None:
        """Take one record over, as Sphinx's own handler, which comes first, has left it.

        That handler has made a path of the location already; a second time would spoil it.
        """
        kind = getattr(record, "type", "") or ""
        subtype = getattr(record, "subtype", "") or ""
        if is_suppressed_warning(kind, subtype, self.app.config.suppress_warnings):
            return
        finding = getattr(record, "finding", None)
        if finding is None:
            location = getattr(record, "location", None)
            file, line = place(str(location) if location else None, str(self.app.srcdir))
            tag = f"{kind}.{subtype}" if subtype else kind
            finding = translated(
                kind,
                subtype,
                # Where the source folder is on this machine says nothing to those who write.
                python_logging.LogRecord.getMessage(record)
                .removesuffix(f" [{tag}]")
                .replace(f"{self.app.srcdir}/", ""),
                file,
                line,
            )
        build_of(self.app).findings.append(finding)


def setup_reporting(app: Sphinx) -> None:
    """Collect from here on."""
    python_logging.getLogger("sphinx").addHandler(Collector(app))
