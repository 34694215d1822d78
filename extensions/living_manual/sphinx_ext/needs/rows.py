"""Rows of a table become records, as full as those written in pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sphinx.application import Sphinx
from sphinx_needs.api import generate_need
from sphinx_needs.config import NeedsSphinxConfig
from sphinx_needs.data import SphinxNeedsData
from sphinx_needs.need_item import NeedItem, NeedItemSourceUnknown, NeedLink

from living_manual.core.rules import check_ids
from living_manual.core.tables import Row, Table
from living_manual.sphinx_ext.needs.reading import first_place, model_of
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.store import page


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
    forms = {column.name: column.form for column in table.known}
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
    extras, links = dict(model._extras), {}
    for name, value in {**row.values, **extra}.items():
        if name in model._links:
            ids = (value,) if isinstance(value, str) else value
            links[name] = [link_to(target) for target in ids]
        elif name in core:
            core[name] = value
        else:
            extras[name] = _typed(value, forms[name])
    made = NeedItem(
        source=NeedItemSourceUnknown(docname=docname, lineno=row.line),
        content=model.content,
        core=core,
        extras=extras,
        links={},
        _validate=False,
    )
    # Links that a row does not have, and backlinks, are the model's own empty lists: four fifths
    # of what 6,000 records would take. `keeping` gives each its own before anything adds to them.
    made._links = {**model._links, **links}
    made._backlinks = model._backlinks
    made._backlinks_keymap = model._backlinks_keymap
    return made


@lru_cache(maxsize=4096)
def link_to(target: str) -> NeedLink:
    """One link for all rows that have it: 6,000 actions name some hundred records."""
    return NeedLink(id=target)


def _typed(value: str | tuple[str, ...], form: str) -> Any:
    if form == "number":
        return float(str(value))
    if form == "whole":
        return int(str(value))
    return list(value) if isinstance(value, tuple) else value
