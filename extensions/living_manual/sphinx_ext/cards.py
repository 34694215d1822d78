"""Record cards: a record's facts around the text a person wrote, in clean HTML.

sphinx-needs would render its own table here, with faults measured in docs/decisions/0003; its node
is replaced before it does.
"""

from __future__ import annotations

from typing import cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from living_manual.core.facts import card
from living_manual.core.lately import lately
from living_manual.core.model import Record
from living_manual.core.school_plan import SchoolPlan, school_plan
from living_manual.sphinx_ext.briefs import brief_link
from living_manual.sphinx_ext.handover import pack_links
from living_manual.sphinx_ext.needs import record_nodes
from living_manual.sphinx_ext.store import page
from living_manual.sphinx_ext.templating import rendered
from living_manual.sphinx_ext.views import heading_level, jinja, manual_of, url_from


class card_node(nodes.General, nodes.Element):
    """A record on its page; the children are the text a person wrote."""


def place_cards(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace sphinx-needs' nodes by ours; one whose id belongs to another page is left out."""
    manual = manual_of(app)
    for node in record_nodes(doctree):
        record = manual.get(node["refid"])
        if record is None or record.page != docname:
            node.parent.remove(node)
            continue
        replacement = card_node("", *node.children, record=record.id, level=heading_level(node))
        node.replace_self(replacement)
    lead_id = page(app.env, docname).lead
    if lead_id and app.builder.format == "html":
        _mark_heading(doctree, lead_id)


def _mark_heading(doctree: nodes.document, lead_id: str) -> None:
    """The lead record's anchor belongs to the page's heading: links land above the title."""
    title = next(iter(doctree.findall(nodes.title)), None)
    if title is not None and lead_id not in title.parent["ids"]:
        title.parent["ids"].insert(0, lead_id)


def visit_card(translator: HTML5Translator, _node: card_node) -> None:
    """Remember where the text of the card begins."""
    starts = getattr(translator, "living_manual_starts", None)
    if starts is None:
        starts = []
        translator.living_manual_starts = starts  # type: ignore[attr-defined]
    starts.append(len(translator.body))


def depart_card(translator: HTML5Translator, node: card_node) -> None:
    """Wrap the text that was written since in the card's template."""
    starts = cast("list[int]", translator.living_manual_starts)  # type: ignore[attr-defined]
    start = starts.pop()
    text = "".join(translator.body[start:])
    del translator.body[start:]
    app = translator.builder.app
    docname = translator.builder.current_docname
    manual = manual_of(app)
    record = manual.records[node["record"]]
    value = card(manual, record)
    translator.body.append(
        rendered(
            jinja(app),
            "record_lead.html.jinja" if value.lead else "record_card.html.jinja",
            value,
            url_from(app, docname),
            text=text,
            level=node["level"],
            root=app.builder.get_relative_uri(docname, "index").removesuffix("index.html"),
            brief=brief_link(app, docname, record),
            packs=pack_links(app, record),
            plan=_plan(app, docname, record),
            lately=lately(manual, record),
        )
    )


def _plan(app: Sphinx, docname: str, record: Record) -> SchoolPlan | None:
    """The plan of a school whose page shows it; its view keeps the page fresh (views.py)."""
    shown = any(use.view == "school-plan" for use in page(app.env, docname).views)
    lead = shown and page(app.env, docname).lead == record.id
    return school_plan(manual_of(app), record) if lead else None


def setup_cards(app: Sphinx) -> None:
    """Our node, and its place before sphinx-needs formats its own (priority 500)."""
    app.add_node(card_node, html=(visit_card, depart_card))
    app.connect("doctree-resolved", place_cards, priority=410)
