"""Students first: the order of an exemplar's parts is checked, and its teacher parts are marked."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx

from living_manual.core.exemplar_order import check_order, is_teacher_part
from living_manual.sphinx_ext.reporting import place_of, report
from living_manual.sphinx_ext.store import page

#: Marks a section that slides show last (scripts/slides.js).
TEACHER = "part-teacher"


def parts_of(doctree: nodes.document) -> Iterator[nodes.section]:
    """The sections right below the page's title."""
    for top in doctree.children:
        if isinstance(top, nodes.section):
            yield from (part for part in top.children if isinstance(part, nodes.section))


def check_page(app: Sphinx, doctree: nodes.document) -> None:
    """Check the page of an exemplar, and mark what is the teacher's."""
    docname = app.env.docname
    if not (page(app.env, docname).lead or "").startswith("EX_"):
        return
    headings = []
    for part in parts_of(doctree):
        title = part.next_node(nodes.title)
        if title is None:
            continue
        headings.append((title.astext(), place_of(app, title)[1]))
        if is_teacher_part(title.astext()):
            part["classes"].append(TEACHER)
    for found in check_order(headings, f"{docname}.md"):
        report(app, found)


def setup_exemplar_order(app: Sphinx) -> None:
    """On each page that is read."""
    app.connect("doctree-read", check_page)
