"""What every form shares in which other programs take the records: fields, links, addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from living_manual.core.model import Manual, Record

#: text, one of some choices, several words (of some choices or free), a whole number, a number.
Form = Literal["text", "choice", "words", "whole number", "number"]

_FORMS: Mapping[str, Form] = {
    "array": "words",
    "integer": "whole number",
    "number": "number",
}


@dataclass(frozen=True, slots=True)
class FieldType:
    """A declared field: its form, and the words it may hold (empty: any)."""

    name: str
    description: str
    form: Form
    choices: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The name as people read it: `look_for` is "Look for"."""
        return title_of(self.name)


def title_of(name: str) -> str:
    """The name of a field or link as people read it."""
    return name.replace("_", " ").capitalize()


def read_fields(declared: Mapping[str, Any]) -> tuple[FieldType, ...]:
    """The fields from the `[needs.fields]` table of `ubproject.toml`, in its order."""
    found = []
    for name, entry in declared.items():
        schema = entry.get("schema") or {}
        choices = tuple(schema.get("items", schema).get("enum", ()))
        form = _FORMS.get(schema.get("type", "string"), "choice" if choices else "text")
        found.append(FieldType(name, entry.get("description", ""), form, choices))
    return tuple(found)


def links_of(manual: Manual, record: Record) -> Iterator[tuple[str, Record]]:
    """Each link of a record with the record it leads to, once.

    Ids without a record are left out: they are findings, and other programs refuse them.
    """
    records = manual.records
    for name, targets in record.links.items():
        for target in dict.fromkeys(targets):
            if target in records:
                yield name, records[target]


def by_type(manual: Manual) -> tuple[tuple[str, tuple[Record, ...]], ...]:
    """The types that have records, in the order declared, each with its records."""
    groups = ((name, manual.of_type(name)) for name in manual.model.types)
    return tuple((name, records) for name, records in groups if records)


def fields_used(fields: tuple[FieldType, ...], records: tuple[Record, ...]) -> list[FieldType]:
    """The fields that any of the records has."""
    used = {name for record in records for name in record.fields}
    return [field for field in fields if field.name in used]


def address_of(manual: Manual, record: Record, page_urls: Mapping[str, str]) -> str:
    """The record's whole address; from the site's root when the district has not set its own."""
    page = page_urls.get(record.page, f"{record.page}.html")
    return f"{manual.settings.address}{page}#{record.id}"
