"""Records as values, out of what sphinx-needs holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx_needs.data import SphinxNeedsData
from sphinx_needs.nodes import Need
from sphinx_needs.roles.need_ref import NeedRef
from sphinx_needs.views import NeedsView

from living_manual.core.model import LinkType, Model, Record, RecordType
from living_manual.sphinx_ext.store import page, pages

#: Fields that sphinx-needs declares by itself and this manual does not use.
HIDDEN_FIELDS = frozenset({"duration", "completion"})


def first_place(env: BuildEnvironment, record_id: str) -> tuple[str, int]:
    """Where the record of that id was first written."""
    for data in pages(env).values():
        if record_id in data.origins:
            return data.origins[record_id]
    return "", 0


def record_nodes(doctree: nodes.document) -> list[Need]:
    """The places of records in a page, in order."""
    return list(doctree.findall(Need))


def named_records(node: nodes.Node) -> list[str]:
    """The ids that a text links to, each once, in its order."""
    return list(dict.fromkeys(link["reftarget"] for link in node.findall(NeedRef)))


def note_texts(app: Sphinx, doctree: nodes.document) -> None:
    """Keep each record's first paragraph and whole text, and which records the page names."""
    data = page(app.env, app.env.docname)
    data.mentions = named_records(doctree)
    for node in record_nodes(doctree):
        first = next(iter(node.findall(nodes.paragraph)), None)
        text = " ".join(block.astext() for block in node.children).replace("\n", " ")
        data.texts[node["refid"]] = (first.astext().replace("\n", " ") if first else "", text)


def model_of(config: Config) -> Model:
    """The declared types and links, as sphinx-needs holds them."""
    types = {
        t["directive"]: RecordType(t["directive"], t["title"], t["prefix"])
        for t in config.needs_types
    }
    links = {
        name: LinkType(
            name,
            link.get("outgoing", name),
            link.get("incoming", name),
            tuple(link.get("target_types", ())),
        )
        for name, link in config.needs_links.items()
    }
    return Model(types, links)


def records_of(env: BuildEnvironment) -> list[Record]:
    """Every record, in the order of pages and of the lines in them."""
    found = list(_records(env, env.config.needs_links))
    order = {docname: index for index, docname in enumerate(page_order(env))}
    found.sort(key=lambda r: (order.get(r.page, len(order)), r.page, r.from_table, r.line, r.id))
    return found


def _records(env: BuildEnvironment, links: Iterable[str]) -> Iterator[Record]:
    store = pages(env)
    link_names = tuple(links)
    for need in needs_as_read(env).values():
        if need["is_external"] or not need["docname"]:
            continue
        data = store[need["docname"]]
        file, line = data.origins.get(need["id"], (need["docname"], need["lineno"] or 1))
        purpose, text = data.texts.get(need["id"], ("", ""))
        yield Record(
            id=need["id"],
            type=need["type"],
            title=need["title"],
            page=need["docname"],
            file=file,
            line=line,
            status=need["status"] or "",
            fields={
                name: value
                for name, value in need.iter_extra_items()
                if value not in (None, "", [], ()) and name not in HIDDEN_FIELDS
            },
            links={name: tuple(need[name]) for name in link_names if need[name]},
            purpose=purpose,
            text=text,
            lead=data.lead == need["id"],
            parts=data.parts if data.lead == need["id"] else {},
            from_table=file.endswith(".csv"),
        )


def needs_as_read(env: BuildEnvironment) -> NeedsView:
    """All needs before sphinx-needs finishes them.

    It finishes them once and then lets no page be read again; asking for its own view here, before
    the environment is saved, would end every later incremental build with an error.
    """
    return NeedsView._from_needs(SphinxNeedsData(env)._env_needs)


def page_order(env: BuildEnvironment) -> list[str]:
    """Pages as the lists of pages name them, from the first page down; each once."""
    ordered: dict[str, None] = {}

    def visit(docname: str) -> None:
        if docname in ordered:
            return
        ordered[docname] = None
        for child in env.toctree_includes.get(docname, ()):
            visit(child)

    visit(env.config.root_doc)
    return list(ordered)
