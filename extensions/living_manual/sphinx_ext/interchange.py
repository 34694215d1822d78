"""The records for other programs: files beside the pages, names for links from other sites.

The files are made once all pages are read, because a page says how large they are, and written at
the end of the build. A preview makes none: they would be made again at every save.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from living_manual.core import exchange, needs_file, register_book
from living_manual.core.interchange import read_fields
from living_manual.core.inventory import Steps, labels, term_labels
from living_manual.core.model import Manual
from living_manual.core.record_files import link_example, record_files
from living_manual.edges.files import write_if_changed
from living_manual.edges.reqif_file import reqif_archive
from living_manual.edges.sheets import workbook_bytes
from living_manual.sphinx_ext.store import build_of, page, pages
from living_manual.sphinx_ext.templating import make_environment

FILES = (needs_file.FILE, needs_file.MODEL, exchange.FILE, register_book.FILE)
BLOCKS = ("record-files", "record-links")


@dataclass
class Exports:
    """The files of one manual as bytes, made when first asked for."""

    app: Sphinx
    manual: Manual

    @cached_property
    def files(self) -> dict[str, bytes]:
        """Every file by its name."""
        from living_manual import __version__

        app, manual = self.app, self.manual
        fields = read_fields(app.config.needs_fields)
        urls = {name: app.builder.get_target_uri(name) for name in app.env.all_docs}
        book = register_book.register_book(manual, fields, urls)
        needs = needs_file.needs_file(manual, fields, app.config.project, __version__)
        return {
            needs_file.FILE: needs.encode(),
            needs_file.MODEL: needs_file.model_file(manual, fields).encode(),
            exchange.FILE: reqif_archive(exchange.exchange(manual, fields, urls)),
            register_book.FILE: workbook_bytes(book, app.config.project),
        }

    @property
    def sizes(self) -> Mapping[str, int]:
        """The size of each file in bytes; of none in a preview, which makes none."""
        if self.app.config.manual_preview:
            return {}
        return {name: len(data) for name, data in self.files.items()}


def exports_of(app: Sphinx) -> Exports:
    """The files of the running build."""
    manual = build_of(app).manual
    if manual is None:
        raise RuntimeError("the manual is not read yet")
    found = cast("Exports | None", getattr(app, "living_manual_exports", None))
    if found is None or found.manual is not manual:
        found = Exports(app, manual)
        app.living_manual_exports = found  # type: ignore[attr-defined]
    return found


# ------------------------------------------------------------------------------------- the files


def make_before_writing(app: Sphinx, *_builder: object) -> None:
    """Make them before pages are written by several processes, once and not in each."""
    if app.builder.format == "html" and not app.config.manual_preview:
        _ = exports_of(app).files


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Write what is meant; a preview removes what an earlier build left."""
    if exception or build_of(app).manual is None or app.builder.format != "html":
        return
    for name in FILES:
        path = Path(app.outdir, name)
        if app.config.manual_preview:
            path.unlink(missing_ok=True)
        else:
            write_if_changed(path, exports_of(app).files[name])


# ------------------------------------------------------------------------- names for other sites


def steps_of(app: Sphinx) -> Steps:
    """The steps of each protocol that has a page of its own."""
    return {data.lead: data.anchors for data in pages(app.env).values() if data.lead}


@contextmanager
def named_for_others(app: Sphinx) -> Iterator[None]:
    """Inside, Sphinx knows every record, step and word by its name, as the inventory lists them.

    Not from reading on: for each page that it reads Sphinx looks through all names there are, and
    a district of 200 schools has 6,400.
    """
    manual, standard = build_of(app).manual, app.env.domains.standard_domain
    if manual is None:
        yield
        return
    known, objects = dict(standard.labels), dict(standard.objects)
    try:
        for each in labels(manual, steps_of(app)):
            standard.labels.setdefault(each.name, (each.page, each.anchor, each.title))
        for each in term_labels(manual):
            standard.objects.setdefault(("term", each.name), (each.page, each.anchor))
        yield
    finally:
        standard.data["labels"], standard.data["objects"] = known, objects


# -------------------------------------------------------------------------- what a page says of it


class record_files_node(nodes.General, nodes.Element):
    """Stands for one of the blocks until its page is written."""


class RecordFilesDirective(SphinxDirective):
    """`{record-files}`: the files. `{record-links}`: how another site links here."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Note that the page says it."""
        page(self.env, self.env.docname).exports.append(self.name)
        return [record_files_node("", block=self.name)]


def shown(app: Sphinx, block: str) -> Any:
    """What a block shows."""
    if block == "record-files":
        return record_files(exports_of(app).sizes)
    return link_example(exports_of(app).manual, steps_of(app))


def exports_key(app: Sphinx, docname: str) -> str:
    """Stands, in the digest of a page, for what it says of the files."""
    blocks = page(app.env, docname).exports
    if app.builder.format != "html":
        return ""
    return repr([shown(app, block) for block in blocks])


def visit_record_files(translator: HTML5Translator, node: record_files_node) -> None:
    """Write the block."""
    app, here = translator.builder.app, translator.builder.current_docname
    root = app.builder.get_relative_uri(here, "index").removesuffix("index.html")
    environment = make_environment(exports_of(app).manual.model.title)
    template = environment.get_template(f"{node['block'].replace('-', '_')}.html.jinja")
    translator.body.append(template.render(view=shown(app, node["block"]), root=root))
    raise nodes.SkipNode


def drop_blocks(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Nothing at all for a builder that writes no HTML."""
    if app.builder.format != "html":
        for node in list(doctree.findall(record_files_node)):
            node.parent.remove(node)


def setup_interchange(app: Sphinx) -> None:
    """The blocks, and the files at the end of the build."""
    app.add_node(record_files_node, html=(visit_record_files, None))
    for block in BLOCKS:
        app.add_directive(block, RecordFilesDirective)
    app.connect("write-started", make_before_writing)
    app.connect("doctree-resolved", drop_blocks, priority=400)
    app.connect("build-finished", write_files)
