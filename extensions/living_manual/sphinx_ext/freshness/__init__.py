"""An incremental build gives byte for byte what a clean build gives: the mends, all in one place.

Sphinx decides by the time of a file whether a page is read again, and by little more than that
whether it is written again. A page shows more than its own source: titles of other pages and
records, names of media, the district's settings. So each page keeps a digest of what it was read
from and of what it shows beyond its own text; when one of them is another, the page is read or
written again. Where that cannot be told cheaply (an id used twice, tables of sphinx-needs' own,
numbered lists of pages), every page is read again. A build that did not come to its end is not
built upon.

Computed views and record cards have a digest of their own (`views.stale_pages`).

In the order of a build:

`kept`      what is kept of a page, of the last build, and while one application lives
`beginning` whether to build upon what the last build left
`reading`   which pages to read again
`writing`   which pages to write again
`outputs`   which files belong to the site, and the end of a build
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sphinx.application import Sphinx

from living_manual.sphinx_ext.freshness.beginning import begin, mark
from living_manual.sphinx_ext.freshness.kept import forget, merge
from living_manual.sphinx_ext.freshness.outputs import finish
from living_manual.sphinx_ext.freshness.reading import clear_all, note, outdated, read_all_again
from living_manual.sphinx_ext.freshness.writing import rules_begin, rules_end, stale


def setup_freshness(app: Sphinx) -> None:
    """Last of all capabilities: it looks at what the others have read and are to show."""
    connect: list[tuple[str, Callable[..., Any], int]] = [
        ("config-inited", begin, 1),  # before an extension writes its first file
        ("builder-inited", mark, 950),
        ("env-get-outdated", outdated, 500),
        ("env-before-read-docs", clear_all, 950),
        ("env-purge-doc", forget, 500),
        ("env-merge-info", merge, 500),
        ("doctree-read", note, 950),
        ("env-updated", read_all_again, 50),
        ("env-updated", rules_begin, 450),
        ("env-updated", rules_end, 550),
        ("env-get-updated", stale, 950),  # once Sphinx has numbered headings and figures
        ("build-finished", finish, 9500),
    ]
    for event, handler, priority in connect:
        app.connect(event, handler, priority=priority)
