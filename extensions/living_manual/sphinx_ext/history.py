"""Who wrote which page, from git: read once a build, and only where a view asks for it.

What is kept from one build of a process to the next is kept on the application, never in the
environment, which is written to disk.
"""

from __future__ import annotations

from collections.abc import Sequence

from sphinx.application import Sphinx

from living_manual.core.history import Authorship, History, Written
from living_manual.core.model import Record, Ref
from living_manual.edges.git import Checkout, checkout_of, history
from living_manual.sphinx_ext.store import PageData, pages

#: The views that count authors.
ASKING = frozenset(("fragility", "single-points"))


def authorship_of(app: Sphinx, records: Sequence[Record]) -> Authorship | None:
    """Every page with its history; None where no page shows a view that counts authors."""
    found = pages(app.env)
    if app.builder.format != "html" or not any(
        use.view in ASKING for data in found.values() for use in data.views
    ):
        return None
    leads = {record.id: record.ref for record in records if record.lead}
    read = _history(app)
    return Authorship(
        read.state,
        tuple(
            (
                leads.get(data.lead or "")
                or Ref("", "page", app.env.titles[docname].astext(), docname),
                _written(app, read, docname, data),
            )
            for docname, data in sorted(found.items())
            if docname in app.env.titles
        ),
    )


def _written(app: Sphinx, read: History, docname: str, data: PageData) -> Written | None:
    """Who wrote a page or a table that belongs to it."""
    page = app.env.doc2path(docname).relative_to(app.srcdir).as_posix()
    written = None
    for file in (page, *data.tables):
        more = read.files.get(file)
        if more:
            written = written.and_with(more) if written else more
    return written


def _history(app: Sphinx) -> History:
    """The history of the source folder, read again when the checkout has moved."""
    checkout = checkout_of(app.srcdir)
    kept: tuple[Checkout, History] | None = getattr(app, "living_manual_history", None)
    if kept is None or kept[0] != checkout:
        kept = (checkout, history(app.srcdir, checkout))
        app.living_manual_history = kept  # type: ignore[attr-defined]
    return kept[1]
