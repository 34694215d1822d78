"""What a page has become: looked at once it is parsed, before anything of it is used.

Parts, addresses and names of places are held against a list of what there may be
(`core/page_nodes.py`); every file that a page names must lie in the manual's folder, all links of
the file system followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from living_manual.core.finding import Finding, finding
from living_manual.core.page_nodes import (
    allowed_node,
    attribute_faults,
    file_fault,
    is_line_end,
    link_fault,
)
from living_manual.core.safe_links import shown
from living_manual.edges.source_tree import lies_in
from living_manual.sphinx_ext.reporting import place_of, report


def check_parts(app: Sphinx, doctree: nodes.document) -> None:
    """A finding for each part that a page may not have, and plain words in its place."""
    checked: dict[type, bool] = {}
    more = bool(app.config.manual_allow)
    for node in list(doctree.findall(nodes.Element)):
        kind = type(node)
        if kind not in checked:
            checked[kind] = allowed_node(kind.__module__, kind.__name__, more)
        if not checked[kind] and is_line_end(kind.__name__, node.astext()):
            continue
        found = list(_faults(app, node, checked[kind]))
        if not found:
            continue
        place = place_of(app, node)
        for name, message, fix in found:
            report(app, finding(name, message, fix, *place))
        words = nodes.inline("", node.astext()) if node.parent is not None else None
        if words is not None:
            node.replace_self(words)


def _faults(app: Sphinx, node: nodes.Element, allowed: bool) -> Iterator[tuple[str, str, str]]:
    """Kind, message and fix of all that is wrong with one part."""
    if not allowed:
        yield (
            "not-allowed",
            f"A page may not hold a part of the kind '{type(node).__name__}'.",
            "docs/safe-content.md lists the blocks and roles that a page may use.",
        )
        return
    for said in attribute_faults(node.attributes):
        yield (
            "not-allowed",
            f"A part of the page ({type(node).__name__}) {said}.",
            "Take it away; docs/safe-content.md says what a page may hold.",
        )
    address = node.get("refuri")
    if isinstance(address, str) and (fault := link_fault(address)):
        yield (
            "link-address",
            f"The link to '{shown(address)}' {fault}.",
            "Link to a page of the manual, or to an address that begins with https:, mailto: or "
            "tel:.",
        )
    if isinstance(node, nodes.image):
        yield from _picture(app, node)
    elif isinstance(node, addnodes.download_reference):
        yield from _outside(app, str(node["reftarget"]))


def _picture(app: Sphinx, node: nodes.image) -> Iterator[tuple[str, str, str]]:
    address = node["uri"]
    if fault := file_fault(address):
        yield (
            "link-address",
            f"The picture '{shown(address)}' {fault}.",
            "Put the picture beside the page and name it there; pages show nothing from elsewhere.",
        )
        return
    yield from _outside(app, address)


def _outside(app: Sphinx, address: str) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a file that a page names: where it lies."""
    if fault := file_fault(address):
        yield (
            "link-address",
            f"The file '{shown(address)}' {fault}.",
            "Put the file beside the page and name it there.",
        )
        return
    _, path = app.env.relfn2path(address, app.env.docname)
    if not lies_in(Path(path), Path(app.srcdir)):
        name = PurePosixPath(address.replace("\\", "/")).name
        yield (
            "outside-file",
            f"The file '{name}' lies beyond the manual's folder.",
            "Copy it into the manual's folder and name it from there.",
        )


def check_sources(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """A finding for each file beyond the manual's folder that a page was read from or shows."""
    for found in sorted(_sources(app, env), key=lambda each: (each.file or "", each.message)):
        report(app, found)
    return []


def _sources(app: Sphinx, env: BuildEnvironment) -> Iterator[Finding]:
    root, kit = Path(app.srcdir), Path(__file__).resolve().parents[1]
    named: dict[str, set[str]] = {
        name: {str(path) for path in paths} for name, paths in env.dependencies.items()
    }
    for used in (env.images, env.dlfiles):
        for file, (docnames, _) in used.items():
            for docname in docnames:
                named.setdefault(docname, set()).add(str(file))
    looked: dict[str, bool] = {}
    for docname, files in named.items():
        for file in files:
            path = root / file
            if file not in looked:
                looked[file] = lies_in(path, root) or lies_in(path, kit) or not path.exists()
            if not looked[file]:
                yield finding(
                    "outside-file",
                    f"This page uses the file {path.name}, which lies beyond the manual's folder.",
                    "Copy it into the manual's folder and name it from there.",
                    f"{docname}.md",
                    1,
                )


def setup_page_gate(app: Sphinx) -> None:
    """First of all that look at a page; the files once all pages are read."""
    app.connect("doctree-read", check_parts, priority=1)
    app.connect("env-updated", check_sources, priority=400)
