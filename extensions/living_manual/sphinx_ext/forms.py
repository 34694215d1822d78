"""Which headings the page of an entry has, and whether anything stands below each."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from living_manual.core.sentences import says_something
from living_manual.sphinx_ext.lab import lab_node
from living_manual.sphinx_ext.steps import steps_node
from living_manual.sphinx_ext.store import page

#: Nodes that say nothing by being there: only words inside them do.
HOLLOW = (
    nodes.Invisible,
    nodes.TextElement,
    nodes.list_item,
    nodes.entry,
    nodes.colspec,
    nodes.block_quote,
    nodes.section,
    addnodes.toctree,
    lab_node,
    steps_node,
)


def note_parts(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the headings below the page's title; two of the same count as one."""
    data = page(app.env, app.env.docname)
    if not data.lead:
        return
    for section in doctree.findall(nodes.section):
        if isinstance(section.parent, nodes.document):
            continue
        heading = section.next_node(nodes.title)
        if heading is not None:
            name = heading.astext()
            data.parts[name] = data.parts.get(name, False) or holds_something(section)


def holds_something(section: nodes.section) -> bool:
    """Whether there is a text, a picture or a block below a heading, at any depth."""
    said = []
    for node in section.findall():
        if isinstance(node, nodes.Text):
            if not _within(node, (nodes.title, nodes.Invisible), section):
                said.append(node.astext())
        elif not node.children and not isinstance(node, HOLLOW):
            return True
    return says_something(" ".join(said))


def _within(node: nodes.Node, kinds: tuple[type, ...], end: nodes.Node) -> bool:
    above = node.parent
    while above is not None and above is not end:
        if isinstance(above, kinds):
            return True
        above = above.parent
    return False


def setup_forms(app: Sphinx) -> None:
    """While the text is at hand; what is empty is told from core."""
    app.connect("doctree-read", note_parts)
