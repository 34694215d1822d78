"""The schemas of `ubproject.toml`, asked of sphinx-needs' validators."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sphinx.application import Sphinx
from sphinx_needs.config import NeedsSphinxConfig
from sphinx_needs.data import SphinxNeedsData
from sphinx_needs.needsfile import generate_needs_schema
from sphinx_needs.schema.core import validate_field_link_schemas, validate_type_schema
from sphinx_needs.views import NeedsView

from living_manual.core.finding import Finding, Severity
from living_manual.core.model import Record
from living_manual.sphinx_ext.needs.reading import needs_as_read
from living_manual.sphinx_ext.store import pages

Rule = Any  #: a parsed rule, as sphinx-needs types it
Results = Mapping[str, Any]


def schema_findings(app: Sphinx, records: Mapping[str, Record]) -> list[Finding]:
    """What the schemas of `ubproject.toml` say, at the record's own place.

    The checks are sphinx-needs'; its own report names a page but no row, so it is switched off and
    its validators are asked here. Records of pages that were not read again are not asked again,
    unless a rule looks at linked records.
    """
    rules, store = SphinxNeedsData(app.env).get_resolved_schemas(), pages(app.env)
    if any(set(rule["validate"]) != {"local"} for rule in rules):
        for data in store.values():
            data.schema = None
    new = {docname for docname, data in store.items() if data.schema is None}
    for docname in new:
        store[docname].schema = []
    for need_id, warnings in _asked(app, rules, new):
        if record := records.get(need_id):
            kept = store[record.page].schema or []
            kept.extend(_schema_finding(warning, record) for warning in warnings)
            store[record.page].schema = kept
    return [found for data in store.values() for found in data.schema or ()]


def _asked(
    app: Sphinx, rules: Sequence[Rule], docnames: Collection[str]
) -> Iterator[tuple[str, list[Any]]]:
    """Each record of these pages that breaks a rule, with what sphinx-needs says of it."""
    config, schema = NeedsSphinxConfig(app.config), SphinxNeedsData(app.env).get_schema()
    every = needs_as_read(app.env)
    needs = every.filter_ids([each["id"] for each in every.values() if each["docname"] in docnames])
    properties = generate_needs_schema(schema)["properties"]

    def ask(rule: Rule, chosen: NeedsView) -> Results:
        return validate_type_schema(config, rule, chosen, properties, fields_schema=schema)

    yield from broken(validate_field_link_schemas(config, schema, needs)).items()
    for types, group in by_types(rules).items():
        # A rule is tried only on the types it is for, not on all of 6,000 actions.
        chosen = needs.filter_types(list(types)) if types else needs
        if len(group) > 1:
            chosen = chosen.filter_ids(list(broken(ask(joined(group), chosen))))
        for rule in group:
            yield from broken(ask(rule, chosen)).items()


def broken(results: Results) -> dict[str, list[Any]]:
    """What sphinx-needs says of records that break a rule; it also says which ones keep to it."""
    found = {
        need_id: [warning for warning in warnings if warning["severity"] > 0]
        for need_id, warnings in results.items()
    }
    return {need_id: warnings for need_id, warnings in found.items() if warnings}


def by_types(rules: Iterable[Rule]) -> dict[tuple[str, ...], list[Rule]]:
    """Rules by the record types they select, which is then no longer asked of each record.

    A rule that selects by anything else, or looks at linked records, stays as it is, under no type
    or by itself.
    """
    groups: dict[tuple[str, ...], list[Rule]] = {}
    for rule in rules:
        types = _types_of(rule)
        simple = types and set(rule["validate"]) == {"local"}
        if simple and set(rule["validate"]["local"]) <= {"type", "required", "properties"}:
            groups.setdefault(types, []).append({**rule, "select": {}})
        else:
            groups.setdefault((), []).append(rule)
    return groups


def joined(rules: Iterable[Rule]) -> Rule:
    """One rule that a record breaks when it breaks any of them: most records break none."""
    return {"idx": 0, "validate": {"local": {"allOf": [r["validate"]["local"] for r in rules]}}}


def _types_of(rule: Rule) -> tuple[str, ...]:
    """The record types a rule selects; empty when it selects by anything else."""
    select = rule.get("select", {})
    chosen = select.get("properties", {}).get("type", {})
    if set(select) - {"type"} != {"properties"} or set(select["properties"]) != {"type"}:
        return ()
    if set(chosen) - {"type"} == {"const"}:
        return (chosen["const"],)
    return tuple(chosen["enum"]) if set(chosen) - {"type"} == {"enum"} else ()


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
