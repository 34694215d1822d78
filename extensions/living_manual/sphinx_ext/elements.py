"""The elements of each subsystem, taken from the list in its block."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from living_manual.core.elements import Element
from living_manual.sphinx_ext.needs import named_records, record_nodes
from living_manual.sphinx_ext.store import page
from living_manual.sphinx_ext.words import word_node

LISTS = (nodes.bullet_list, nodes.enumerated_list)
#: Links that lead to a page, and words that become links once the glossary is read.
ELSEWHERE = (addnodes.pending_xref, nodes.reference, word_node)


def note_elements(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the lines of the lists that stand in a subsystem's block itself."""
    data = page(app.env, app.env.docname)
    for node in record_nodes(doctree):
        # The types' own prefix: what sphinx-needs holds of the record is not asked for here.
        if not node["refid"].startswith("SUB_"):
            continue
        found = [
            _element(line)
            for block in node.children
            if isinstance(block, LISTS)
            for line in block.children
        ]
        if found:
            data.elements[node["refid"]] = tuple(found)


def _element(line: nodes.Node) -> Element:
    """Its name stands in bold at its beginning; without that, its first paragraph is the name."""
    first = line.next_node(nodes.paragraph)
    said = (each for each in first.children if each.astext().strip()) if first is not None else ()
    start = next(iter(said), None)
    named = start if isinstance(start, nodes.strong) else first
    name = " ".join(named.astext().split()).rstrip(".:") if named is not None else ""
    pages = any(isinstance(each, ELSEWHERE) for each in line.findall(nodes.Element))
    return Element(name, tuple(named_records(line)), pages)


def setup_elements(app: Sphinx) -> None:
    """While the text is at hand; what they lack is told from core."""
    app.connect("doctree-read", note_elements)
