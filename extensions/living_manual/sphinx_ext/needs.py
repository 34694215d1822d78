"""The one door to sphinx-needs: pages and tables go in, `Record` values come out.

No other module of the kit imports sphinx_needs, so that a change of its API is met here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx_needs.api import generate_need
from sphinx_needs.config import NeedsSphinxConfig
from sphinx_needs.data import SphinxNeedsData
from sphinx_needs.directives.need import NeedDirective
from sphinx_needs.need_item import NeedItem, NeedItemSourceUnknown, NeedLink
from sphinx_needs.needsfile import generate_needs_schema
from sphinx_needs.nodes import Need
from sphinx_needs.roles import NeedsXRefRole
from sphinx_needs.roles.need_ref import NeedRef
from sphinx_needs.schema.core import validate_field_link_schemas, validate_type_schema
from sphinx_needs.views import NeedsView

from living_manual.core.finding import Finding, Severity, finding
from living_manual.core.model import LinkType, Model, Record, RecordType
from living_manual.core.rules import check_ids
from living_manual.core.tables import Row, Table
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.store import build_of, page, pages

#: sphinx-needs reports these as well, with the page in place of the table's row; ours say more.
OURS = ["needs.link_outgoing", "needs.link_target_type"]
_HIDDEN_FIELDS = frozenset({"duration", "completion"})


class RecordDirective(NeedDirective):
    """A record in a page. Without a title it is the page's lead record and takes the heading."""

    def run(self) -> Sequence[nodes.Node]:
        """Check what sphinx-needs would take silently, then let it make the record."""
        record_id = (self.options.get("id") or "").strip()
        file, line = self._place()
        lead = not self.arguments
        if not record_id:
            self._say(
                "missing-id",
                f"This {self.name} has no id.",
                f"Add `:id: {self._prefix()}...` as the first line of the block; a blank line "
                "before the options makes them part of the text.",
            )
            return []
        if SphinxNeedsData(self.env).has_need(record_id):
            first = first_place(self.env, record_id)
            for found in check_ids([(record_id, file, line, *first)]):
                report(self.env.app, found)
            return []
        if lead and not self._take_heading():
            build_of(self.env.app).lost.add(record_id)
            return []
        self._drop_unknown_options()
        data = page(self.env, self.env.docname)
        data.origins[record_id] = (file, line)
        if lead:
            data.lead = record_id
        made = super().run()
        if not made:
            build_of(self.env.app).lost.add(record_id)
            data.origins.pop(record_id, None)
            data.lead = None if lead else data.lead
        return made

    def _take_heading(self) -> bool:
        title = next(iter(self.state.document.findall(nodes.title)), None)
        if title is None:
            self._say(
                "record-without-title",
                f"This {self.name} has no title.",
                "Write a title after the name of the block, or a heading (#) above it.",
            )
            return False
        if page(self.env, self.env.docname).lead:
            self._say(
                "second-lead-record",
                f"This {self.name} has no title, and the page's heading belongs to "
                f"{page(self.env, self.env.docname).lead}.",
                "Write a title after the name of the block.",
            )
            return False
        self.arguments = [title.astext()]
        return True

    def _drop_unknown_options(self) -> None:
        known = [*option_names(self.env), "id", "status"]
        for name in [name for name in self.options if name not in known]:
            near = get_close_matches(name, known, n=1)
            fix = f"Did you mean '{near[0]}'?" if near else "docs/reference/model.md lists them."
            self._say("unknown-option", f"A {self.name} has no option '{name}'.", fix)
            del self.options[name]

    def _place(self) -> tuple[str, int]:
        source, line = self.get_source_info()
        root = f"{self.env.srcdir}/"
        return str(source).replace("\\", "/").removeprefix(root), line or self.lineno

    def _prefix(self) -> str:
        return model_of(self.env.config).types[self.name].prefix

    def _say(self, kind: str, message: str, fix: str) -> None:
        report(self.env.app, finding(kind, message, fix, *self._place()))


def first_place(env: BuildEnvironment, record_id: str) -> tuple[str, int]:
    """Where the record of that id was first written."""
    for data in pages(env).values():
        if record_id in data.origins:
            return data.origins[record_id]
    return "", 0


def option_names(env: BuildEnvironment) -> list[str]:
    """The fields and links a record may carry."""
    schema = SphinxNeedsData(env).get_schema()
    names = [*schema.iter_extra_field_names(), *schema.iter_link_field_names()]
    return [name for name in names if name not in _HIDDEN_FIELDS and name != "links"]


def add_rows(
    app: Sphinx,
    docname: str,
    table: Table,
    rows: Sequence[Row],
    file: str,
    extra: Mapping[str, str],
) -> None:
    """Make a full record of each row, on the page that shows the table.

    `extra` are values every row has (the school of a plan). A row whose id is taken is a finding
    and makes no record.
    """
    env = app.env
    data, here = SphinxNeedsData(env), page(env, docname)
    forms = {column.name: column.form for column in table.columns}
    model: NeedItem | None = None
    for row in rows:
        if data.has_need(row.id):
            first = first_place(env, row.id)
            for found in check_ids([(row.id, file, row.line, *first)]):
                report(app, found)
            continue
        model = model or _model_need(app, table.type, docname)
        data.add_need(_need_of_row(model, row, forms, extra, docname))
        here.origins[row.id] = (file, row.line)


def _model_need(app: Sphinx, need_type: str, docname: str) -> NeedItem:
    """A record of the type with nothing set: what every row of a table starts from.

    sphinx-needs takes 1 ms to make a record from options it has to convert and check one by one;
    a table's cells are checked already, and 6,000 rows would take 6 s (docs/decisions/0010).
    """
    config, schema = NeedsSphinxConfig(app.config), SphinxNeedsData(app.env).get_schema()
    prefix = model_of(app.config).types[need_type].prefix
    return generate_need(
        config,
        schema,
        need_type,
        "",
        docname=docname,
        lineno=1,
        id=f"{prefix}MODEL",
        doctype=".csv",
    )


def _need_of_row(
    model: NeedItem, row: Row, forms: Mapping[str, str], extra: Mapping[str, str], docname: str
) -> NeedItem:
    core: Any = {**model._core, "id": row.id, "title": row.title}
    extras, links = dict(model._extras), {name: list(ids) for name, ids in model._links.items()}
    for name, value in {**row.values, **extra}.items():
        if name in links:
            ids = (value,) if isinstance(value, str) else value
            links[name] = [NeedLink(id=target) for target in ids]
        elif name in core:
            core[name] = value
        else:
            extras[name] = _typed(value, forms[name])
    source = NeedItemSourceUnknown(docname=docname, lineno=row.line)
    return NeedItem(
        source=source,
        content=model.content,
        core=core,
        extras=extras,
        links=links,
        _validate=False,
    )


def _typed(value: str | tuple[str, ...], form: str) -> Any:
    if form == "number":
        return float(str(value))
    return list(value) if isinstance(value, tuple) else value


def record_nodes(doctree: nodes.document) -> list[Need]:
    """The places of records in a page, in order."""
    return list(doctree.findall(Need))


def note_texts(app: Sphinx, doctree: nodes.document) -> None:
    """Keep each record's first paragraph and whole text, and which records the page names."""
    data = page(app.env, app.env.docname)
    data.mentions = list(dict.fromkeys(node["reftarget"] for node in doctree.findall(NeedRef)))
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
    order = {docname: index for index, docname in enumerate(_page_order(env))}
    found.sort(key=lambda r: (order.get(r.page, len(order)), r.page, r.from_table, r.line, r.id))
    return found


def _records(env: BuildEnvironment, links: Iterable[str]) -> Iterator[Record]:
    store = pages(env)
    link_names = tuple(links)
    for need in _needs_as_read(env).values():
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
                if value not in (None, "", [], ()) and name not in _HIDDEN_FIELDS
            },
            links={name: tuple(need[name]) for name in link_names if need[name]},
            purpose=purpose,
            text=text,
            lead=data.lead == need["id"],
            from_table=file.endswith(".csv"),
        )


def _needs_as_read(env: BuildEnvironment) -> NeedsView:
    """All needs before sphinx-needs finishes them.

    It finishes them once and then lets no page be read again; asking for its own view here, before
    the environment is saved, would end every later incremental build with an error.
    """
    return NeedsView._from_needs(SphinxNeedsData(env)._env_needs)


def _page_order(env: BuildEnvironment) -> list[str]:
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


def schema_findings(app: Sphinx, records: Mapping[str, Record]) -> list[Finding]:
    """What the schemas of `ubproject.toml` say, at the record's own place.

    The checks are sphinx-needs'; its own report names a page but no row, so it is switched off and
    its validators are asked here.
    """
    config, data = NeedsSphinxConfig(app.config), SphinxNeedsData(app.env)
    schema, needs = data.get_schema(), _needs_as_read(app.env)
    results = [validate_field_link_schemas(config, schema, needs)]
    properties = generate_needs_schema(schema)["properties"]
    for rule in data.get_resolved_schemas():
        # A rule is tried only on the types it is for, not on all of 6,000 actions.
        chosen = needs.filter_types(types) if (types := _types_of(rule)) else needs
        results.append(validate_type_schema(config, rule, chosen, properties, fields_schema=schema))
    found: list[Finding] = []
    for by_need in results:
        for need_id, warnings in by_need.items():
            record = records.get(need_id)
            found.extend(
                _schema_finding(warning, record)
                for warning in warnings
                if warning["severity"] > 0 and record
            )
    return found


def _types_of(rule: Mapping[str, Any]) -> list[str]:
    """The record types a rule selects; empty when it selects by something else."""
    selected = rule.get("select", {}).get("properties", {}).get("type", {})
    return [selected["const"]] if "const" in selected else list(selected.get("enum", ()))


def _schema_finding(warning: Mapping[str, Any], record: Record) -> Finding:
    said = warning.get("user_message", "")
    message, _, fix = said.partition(" Fix: ")
    if said:
        kind = warning["schema_path"][0].split("[")[0]
    else:
        kind = "invalid-value"
        message = f"'{warning.get('field')}' cannot be this: {warning.get('validation_message')}."
        fix = "See docs/reference/model.md for what may stand here."
    severity = Severity.ERROR if warning["severity"] >= 3 else Severity.WARNING
    return Finding(
        kind,
        f"{record.id}: {message}",
        fix[:1].upper() + fix[1:],
        record.file,
        record.line,
        warning.get("field"),
        severity,
    )


def set_config(_app: Sphinx, config: Config) -> None:
    """Settings of sphinx-needs that the kit depends on, whatever conf.py says."""
    config["suppress_warnings"] = [*config.suppress_warnings, *OURS]
    config["needs_schema_validation_enabled"] = False
    config["needs_role_need_template"] = "{{ title }}"


def register_directives(app: Sphinx, config: Config) -> None:
    """Our directive under the name of every type; after sphinx-needs registered its own."""
    for declared in config.needs_types:
        app.add_directive(declared["directive"], RecordDirective, override=True)
    # As sphinx-needs' own, without the emphasis: a link is underlined, not slanted as well.
    role = NeedsXRefRole(nodeclass=NeedRef, innernodeclass=nodes.inline, warn_dangling=True)
    app.add_role("need", role, override=True)


def finish_needs(app: Sphinx, _builder: Builder) -> None:
    """What sphinx-needs does once all pages are read, for a manual without its special features.

    Its own way looks through the whole list of backlinks for each one that it adds: a role that
    leads 6,000 actions costs 18 million comparisons. A page with a needextend, or a field with a
    dynamic function, leaves the work to it.
    """
    data = SphinxNeedsData(app.env)
    needs = data._env_needs
    if data.needs_is_post_processed or data.get_or_create_extends():
        return
    if any(need.has_dynamic_fields or need["constraints"] for need in needs.values()):
        return
    found: dict[tuple[str, str], dict[str, NeedLink]] = {}
    for need_id, need in needs.items():
        for link, targets in need.iter_links_items(as_str=False):
            for target in targets:
                if target.part is not None or target.condition is not None:
                    return
                found.setdefault((target.id, link), {})[need_id] = NeedLink(id=need_id)
    for need in needs.values():
        need.reset_backlinks()
    for (need_id, link), sources in found.items():
        if need_id in needs:
            needs[need_id]._backlinks[link] = list(sources.values())
    for need in needs.values():
        need.sort_links()
    data.needs_is_post_processed = True


def setup_needs(app: Sphinx) -> None:
    """Types become blocks that say plainly what is wrong; texts are kept for lists and search."""
    app.connect("config-inited", set_config, priority=20)
    app.connect("config-inited", register_directives, priority=900)
    app.connect("doctree-read", note_texts)
    app.connect("write-started", finish_needs, priority=400)
