"""What a parsed page may hold: parts, addresses, attributes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.page_nodes import (
    allowed_node,
    attribute_faults,
    file_fault,
    is_line_end,
    link_fault,
)

PARTS = {
    ("docutils.nodes", "paragraph"): True,
    ("docutils.nodes", "raw"): False,
    ("docutils.nodes", "pending"): False,
    ("docutils.nodes", "meta"): False,
    ("sphinx.addnodes", "toctree"): True,
    ("sphinx.addnodes", "only"): False,
    ("sphinx_needs.nodes", "Need"): True,
    ("sphinx_needs.directives.needuml", "Needuml"): False,
    ("living_manual.sphinx_ext.views", "view_node"): True,
    ("living_manual_of_others", "raw"): False,
    ("sphinxcontrib.mermaid", "mermaid"): False,
}


@pytest.mark.parametrize(("part", "allowed"), PARTS.items(), ids=[".".join(p) for p in PARTS])
def test_parts(part: tuple[str, str], allowed: bool) -> None:
    assert allowed_node(*part) is allowed


def test_what_a_maintainer_switches_on_is_no_raw_html() -> None:
    assert allowed_node("sphinxcontrib.mermaid", "mermaid", more=True)
    assert not allowed_node("docutils.nodes", "raw", more=True)
    assert not allowed_node("sphinx_needs.directives.needuml", "Needuml", more=True)


def test_the_end_of_a_line_is_the_only_html() -> None:
    assert is_line_end("raw", "<br />\n")
    assert not is_line_end("raw", "<br onclick=run() />\n")
    assert not is_line_end("inline", "<br />\n")


LINKS = {
    "https://example.org/a?b=javascript:c": True,
    "HTTP://example.org": True,
    "mailto:office@example.org": True,
    "tel:+1-555-0100": True,
    "../vision/index.md#talk": True,
    "#talk": True,
    "": True,
    "javascript:run()": False,
    "JavaScript:run()": False,
    "java\tscript:run()": False,
    "\x01javascript:run()": False,
    "javascript&colon;run()": False,
    "java%73cript:run()": False,
    "data:text/html,a": False,
    "vbscript:a": False,
    "file:///etc/passwd": False,
    "ftp://example.org": False,
    "webcal://example.org": False,
    "project:#a": False,
    "a:b": False,
    "//example.org": False,
    "/\\example.org": False,
    "\\\\example.org": False,
}


@pytest.mark.parametrize(("address", "may"), LINKS.items(), ids=[repr(each) for each in LINKS])
def test_links(address: str, may: bool) -> None:
    assert (link_fault(address) == "") is may


@pytest.mark.parametrize("address", ["gull.png", "/pictures/gull.png", "../a/b.png", "a b.png"])
def test_files_of_the_manual(address: str) -> None:
    assert file_fault(address) == ""


@pytest.mark.parametrize(
    "address", ["https://a.example/b.png", "data:image/png;base64,", "//a/b.png", "c:\\a.png"]
)
def test_files_from_elsewhere(address: str) -> None:
    assert file_fault(address)


ATTRIBUTES = {
    "plain": ({"ids": ["a-b"], "classes": ["x"], "names": ["a b"], "alt": "javascript:"}, 0),
    "an address": ({"refuri": "https://a.example"}, 0),
    "an address that runs": ({"href": " JAVASCRIPT:run()"}, 1),
    "an event": ({"onclick": "run()"}, 1),
    "a style": ({"style": "background: url(a)"}, 1),
    "a place that ends an attribute": ({"ids": ['a" onclick="run()']}, 1),
    "a place with a blank": ({"ids": ["a b"]}, 1),
    "a place without a name": ({"ids": [""]}, 1),
}


@pytest.mark.parametrize(("attributes", "count"), ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_attributes(attributes: dict[str, object], count: int) -> None:
    assert len(list(attribute_faults(attributes))) == count


@given(st.text(), st.text(st.characters(max_codepoint=32), max_size=3))
def test_no_spelling_of_a_scheme_passes(tail: str, between: str) -> None:
    assert link_fault(f"{between}java{between}script{between}:{tail}")
