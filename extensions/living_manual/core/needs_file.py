"""The records as `needs.json`, the form in which sphinx-needs hands them from site to site.

The form is that of sphinx-needs 9.1 (`needsfile.py`, and `ub_needs_exchange` which reads it). It is
written from the manual's own records: sphinx-needs' own builder takes a tenth of a district's build
in place of a 200th, and adds what it works out by itself (backlinks, layouts, places).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from living_manual.core.interchange import FieldType, Form
from living_manual.core.model import Manual, Record

FILE = "needs.json"
#: The types, links and fields, for the settings of a site that takes the records in.
MODEL = "needs-model.toml"

_CORE: Mapping[str, str] = {
    "id": "ID of the record.",
    "type": "Type of the record.",
    "type_name": "Name of the type, as people say it.",
    "title": "Title of the record.",
    "status": "Status of the record.",
    "content": "Text of the record, without marks.",
    "docname": "Page of the record; its address is this, .html#, and the ID.",
}
_SCHEMAS: Mapping[Form, Mapping[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "choice": {"type": ["string", "null"]},
    "words": {"type": ["array", "null"], "items": {"type": "string"}},
    "whole number": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
}


def needs_file(manual: Manual, fields: Sequence[FieldType], project: str, kit_version: str) -> str:
    """All records, sorted by id, one a line. The version of the file is the school year.

    What a record does not have is not written, and there are no times: the same records give the
    same bytes.
    """
    year = manual.settings.year_name
    encode = json.JSONEncoder(ensure_ascii=False).encode
    head = encode({"project": project, "current_version": year})[:-1]
    version = encode(
        {
            "creator": {"program": "living-manual", "version": kit_version},
            "needs_amount": len(manual.records),
            "needs_schema": _schema(manual, fields),
        }
    )[:-1]
    needs = ",\n".join(
        f"{encode(record_id)}: {encode(_need(manual, manual.records[record_id]))}"
        for record_id in sorted(manual.records)
    )
    return f'{head}, "versions": {{{encode(year)}: {version}, "needs": {{\n{needs}\n}}}}}}}}\n'


def _need(manual: Manual, record: Record) -> dict[str, Any]:
    need: dict[str, Any] = {
        "id": record.id,
        "type": record.type,
        "type_name": manual.model.title(record.type),
        "title": record.title,
        "docname": record.page,
    }
    if record.status:
        need["status"] = record.status
    if record.text:
        need["content"] = record.text
    need.update(record.fields)
    need.update((name, list(targets)) for name, targets in record.links.items() if targets)
    return need


def _schema(manual: Manual, fields: Sequence[FieldType]) -> dict[str, Any]:
    """What one record may hold, as sphinx-needs says it, for people and programs that look."""
    properties: dict[str, Any] = {
        name: {"type": "string", "description": said, "field_type": "core"}
        for name, said in _CORE.items()
    }
    for field in fields:
        properties[field.name] = {
            **_SCHEMAS[field.form],
            "description": field.description,
            "field_type": "extra",
        }
    for link in manual.model.links.values():
        properties[link.name] = {
            "type": "array",
            "items": {"type": "string"},
            "description": f"This record {link.outgoing} these.",
            "field_type": "links",
        }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "properties": properties,
    }


def model_file(manual: Manual, fields: Sequence[FieldType]) -> str:
    """The data model as TOML that sphinx-needs reads (`needs_from_toml`).

    Without it the other site would have to write down all of it, since sphinx-needs drops, with a
    warning, what it does not know. The manual's rules are not among it: they are for its writers.
    """
    encode = json.JSONEncoder(ensure_ascii=False).encode  # a string of JSON is one of TOML
    lines = ["# Types, links and fields of the records in needs.json."]
    for kind in manual.model.types.values():
        lines += ["", "[[needs.types]]", f"directive = {encode(kind.name)}"]
        lines += [f"title = {encode(kind.title)}", f"prefix = {encode(kind.prefix)}"]
    for link in manual.model.links.values():
        lines += ["", f"[needs.links.{link.name}]", f"outgoing = {encode(link.outgoing)}"]
        lines += [f"incoming = {encode(link.incoming)}"]
    for field in fields:
        lines += ["", f"[needs.fields.{field.name}]", f"description = {encode(field.description)}"]
        lines += [f"schema = {_TOML[field.form]}"]
    return "\n".join(lines) + "\n"


_TOML: Mapping[Form, str] = {
    "text": '{ type = "string" }',
    "choice": '{ type = "string" }',
    "words": '{ type = "array", items = { type = "string" } }',
    "whole number": '{ type = "integer" }',
    "number": '{ type = "number" }',
}
