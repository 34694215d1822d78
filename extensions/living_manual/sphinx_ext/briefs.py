"""One-page briefs: a PDF of every protocol and word, beside the pages of the site.

What a page has for its brief is kept when the page is read. A brief is made when a page that links
to it is written, or at the end of the build; all that is missing is made together, and what was
made once is kept by a digest of its value, so that an unchanged record costs nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from living_manual.core.brief import (
    BRIEFED,
    FOLDER,
    Brief,
    PagePart,
    PageParts,
    StepPart,
    brief,
    brief_data,
)
from living_manual.core.brief_text import Run, Style, Text
from living_manual.core.finding import Finding, finding
from living_manual.core.model import Manual, Record
from living_manual.core.words import slug
from living_manual.edges.pdf import PressError, Sheet, Shelf, key_of, make_sheets
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.steps import step_node
from living_manual.sphinx_ext.store import build_of, page

#: Where briefs are kept from build to build, beside the kit.
SHELF = Path("build", "briefs")


@dataclass(frozen=True, slots=True)
class Order:
    """A brief that is meant, and the digest of everything it follows from."""

    record: Record
    brief: Brief
    key: str


@dataclass
class Desk:
    """The briefs of one manual as it was read."""

    app: Sphinx
    manual: Manual
    sheets: dict[str, Sheet] = field(default_factory=dict)
    fault: str = ""

    @cached_property
    def orders(self) -> dict[str, Order]:
        """What is meant, by the record's id."""
        found = {}
        for type_name in BRIEFED:
            for record in self.manual.of_type(type_name):
                kept = page(self.app.env, record.page)
                parts = kept.brief if kept.lead == record.id else PageParts()
                made = brief(self.manual, record, parts, address_of(record))
                found[record.id] = Order(record, made, key_of(made))
        return found

    def sheet(self, order: Order) -> Sheet | None:
        """The brief, made together with all that are missing; None when none can be made."""
        if order.key not in self.sheets and not self.fault:
            self._make()
        return self.sheets.get(order.key)

    def _make(self) -> None:
        shelf, missing = shelf_of(self.app), {}
        for order in self.orders.values():
            kept = self.sheets.get(order.key) or shelf.get(order.key)
            if kept:
                self.sheets[order.key] = kept
            else:
                missing[order.key] = brief_data(order.brief)
        try:
            made = make_sheets(list(missing.values()))
        except PressError as error:
            self.fault = str(error)
            return
        for key, sheet in zip(missing, made, strict=True):
            self.sheets[key] = sheet
            shelf.put(key, sheet)
        if missing:
            shelf.tidy()


def shelf_of(app: Sphinx) -> Shelf:
    """Beside the kit, for every build on this machine; with the page trees of a kit kept shut."""
    kit = Path(app.confdir)
    return Shelf(kit / SHELF if os.access(kit, os.W_OK) else Path(app.doctreedir) / FOLDER)


def desk_of(app: Sphinx) -> Desk:
    """The briefs of the running build; those of an earlier one in this process are built upon."""
    manual = build_of(app).manual
    if manual is None:
        raise RuntimeError("the manual is not read yet")
    found = cast("Desk | None", getattr(app, "living_manual_desk", None))
    if found is None or found.manual is not manual:
        found = Desk(app, manual, found.sheets if found else {})
        app.living_manual_desk = found  # type: ignore[attr-defined]
    return found


def address_of(record: Record) -> str:
    """The record's address from the site's root: its page, or its place on a page of others."""
    return f"{record.page}.html" + ("" if record.lead else f"#{record.id}")


def brief_key(app: Sphinx, record: Record) -> str:
    """Stands for the record's brief in the digest of its page; empty when there is none."""
    if record.type not in BRIEFED:
        return ""
    order = desk_of(app).orders.get(record.id)
    return order.key if order else ""


def brief_link(app: Sphinx, docname: str, record: Record) -> dict[str, str] | None:
    """Address and size of the record's brief, as its page says them; None when there is none."""
    if record.type not in BRIEFED or app.builder.format != "html":
        return None
    desk = desk_of(app)
    order = desk.orders.get(record.id)
    sheet = desk.sheet(order) if order else None
    if order is None or sheet is None or not sheet.pdf:
        return None
    root = app.builder.get_relative_uri(docname, "index").removesuffix("index.html")
    return {"href": f"{root}{order.brief.file}", "size": f"{round(len(sheet.pdf) / 1000)} KB"}


def make_before_writing(app: Sphinx, *_builder: object) -> None:
    """Make what is missing before pages are written by several processes, once and not in each.

    A preview shows the page that is looked at first, and makes a brief when a page asks for it.
    """
    if app.builder.format == "html" and not app.config.manual_preview:
        desk = desk_of(app)
        for order in desk.orders.values():
            desk.sheet(order)


def write_briefs(app: Sphinx, exception: Exception | None) -> None:
    """At the end of a build: the files, and what kept a brief from being one."""
    if exception or build_of(app).manual is None:
        return
    desk, folder = desk_of(app), Path(app.outdir) / FOLDER
    meant: dict[Path, bytes] = {}
    for order in desk.orders.values():
        sheet = desk.sheet(order)
        if sheet is None:
            break
        if sheet.pdf:
            meant[Path(app.outdir) / order.brief.file] = sheet.pdf
        for found in findings_of(order.record, sheet):
            report(app, found)
    if desk.fault:
        report(app, _none_made(desk.fault))
    # A process that builds again needs only what is meant now.
    desk.sheets = {
        order.key: desk.sheets[order.key]
        for order in desk.orders.values()
        if order.key in desk.sheets
    }
    if app.builder.format != "html":
        return
    for path, pdf in meant.items():
        if not path.is_file() or path.read_bytes() != pdf:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pdf)
    for path in folder.glob("*.pdf"):
        if path not in meant:
            path.unlink()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _none_made(fault: str) -> Finding:
    return finding(
        "brief-not-made",
        f"The one-page briefs could not be made: {fault.rstrip('.')}.",
        "Delete the folder .venv and run `make check`: it installs the kit's packages again.",
    )


def findings_of(record: Record, sheet: Sheet) -> Iterator[Finding]:
    """What a writer should know of a record's brief."""
    place = (record.file, record.line)
    if sheet.too_long:
        yield finding(
            "brief-too-long",
            f"'{record.title}' does not fit on its one-page brief, even in the smallest type.",
            "Shorten the text below the heading, `:group:` or `:bring:`, or give it fewer steps.",
            *place,
        )
    elif sheet.fault:
        yield finding(
            "brief-not-made",
            f"The one-page brief of '{record.title}' could not be made: {sheet.fault}.",
            "Look for something unusual on this page, and take it out.",
            *place,
        )
    if sheet.lacking:
        yield finding(
            "brief-letters",
            f"The one-page brief of '{record.title}' leaves out what its faces do not have: "
            f"{' '.join(sheet.lacking)}",
            "Say it in words, or in other letters, where the brief takes it from.",
            *place,
        )


# What a page has for its brief


def note_parts(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what the brief of the page's own record can take."""
    kept = page(app.env, app.env.docname)
    if (kept.lead or "").startswith(("PRO_", "TERM_")):
        kept.brief = PageParts(
            tuple(_step(node) for node in doctree.findall(step_node)),
            tuple(_part(section) for section in list(doctree.findall(nodes.section))[1:]),
        )


def _step(node: step_node) -> StepPart:
    first = next((c for c in node.children if isinstance(c, nodes.paragraph)), None)
    return StepPart(node["title"], node["minutes"], node["cue"], text_of(first) if first else ())


def _part(section: nodes.section) -> PagePart:
    """A heading and what stands below it, less the parts below it and other blocks."""
    title = next(iter(section.findall(nodes.title)), None)
    words = title.astext() if title else ""
    paragraphs, items = [], []
    for child in section.children:
        if isinstance(child, nodes.paragraph):
            paragraphs.append(text_of(child))
        elif isinstance(child, (nodes.bullet_list, nodes.enumerated_list)):
            items += [text_of(item) for item in child.children]
    return PagePart(slug(words), words, tuple(paragraphs), tuple(items))


_STYLES: dict[type[nodes.Node], Style] = {nodes.strong: "strong", nodes.emphasis: "emphasis"}


def text_of(node: nodes.Node) -> Text:
    """The text of a paragraph, or of the first paragraph of an item, with its styles.

    Nothing of a text with a link that has no words of its own: they are another page's.
    """
    first = next(iter(node.findall(nodes.paragraph)), node)
    if any(not link.astext() for link in first.findall(addnodes.pending_xref)):
        return ()
    return tuple(_run(leaf, first) for leaf in first.findall(nodes.Text))


def _run(leaf: nodes.Text, within: nodes.Node) -> Run:
    style: Style = ""
    names, parent = "", leaf.parent
    while parent is not None and parent is not within:
        style = style or _STYLES.get(type(parent), "")
        if parent.get("reftarget") == leaf.astext():  # {need}`ID`
            names = leaf.astext()
        parent = parent.parent
    return Run(re.sub(r"\s+", " ", leaf.astext()), style, names)


def setup_briefs(app: Sphinx) -> None:
    """What pages have for their briefs, and the files."""
    app.connect("doctree-read", note_parts)
    app.connect("write-started", make_before_writing)
    app.connect("build-finished", write_briefs)
