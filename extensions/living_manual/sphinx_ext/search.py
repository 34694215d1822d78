"""Search: the box on a page, the search page, and which engine serves it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

PAGEFIND = "pagefind"


class search_box_node(nodes.General, nodes.Element):
    """A search box in the text of a page."""


class SearchBoxDirective(SphinxDirective):
    """Places a search box on a page."""

    def run(self) -> list[nodes.Node]:
        """The box needs to know nothing."""
        return [search_box_node("")]


def write_search_boxes(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """The form works without a script; with one it answers while the reader types."""
    action = app.builder.get_relative_uri(docname, "search")
    for number, node in enumerate(list(doctree.findall(search_box_node))):
        box = f"search-here-{number}" if number else "search-here"
        html = (
            '<div class="search-box" data-search-inline data-pagefind-ignore>'
            f'<form action="{action}" method="get" role="search" aria-label="Search the manual">'
            f'<label class="visually-hidden" for="{box}">Search the manual</label>'
            f'<input id="{box}" type="search" name="q" autocomplete="off" '
            'placeholder="Search words, protocols, schools, actions…">'
            '<button type="submit" class="btn">Search</button></form></div>'
        )
        node.replace_self(nodes.raw("", html, format="html"))


def choose_engine(app: Sphinx) -> None:
    """With Pagefind, Sphinx's own index is neither built nor loaded."""
    if app.config.manual_search == PAGEFIND and app.builder.format == "html":
        app.builder.search = False  # type: ignore[attr-defined]


def search_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page a search without script leads to; Sphinx makes it itself for its own index."""
    if app.config.manual_search == PAGEFIND:
        yield "search", {}, "search.html"


def setup_search(app: Sphinx) -> None:
    """`{search-box}` and the engine."""
    app.add_node(search_box_node)
    app.add_directive("search-box", SearchBoxDirective)
    app.connect("builder-inited", choose_engine)
    app.connect("doctree-resolved", write_search_boxes, priority=400)
    app.connect("html-collect-pages", search_page)
