"""The records in the terms of ReqIF: object types with attributes, objects, relations.

Times are days that the manual itself says, so that the same records give the same file: a record
changed when it was last reviewed, or, where that is not said, when the school year began.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from living_manual.core.interchange import FieldType, address_of, by_type, links_of
from living_manual.core.model import Manual, Record
from living_manual.core.words import listed

FILE = "records.reqifz"
#: The file inside the archive.
INSIDE = "records.reqif"

#: Names that requirements tools know (ReqIF implementation guide of the ProSTEP ReqIF forum).
ID, NAME, TEXT = "ReqIF.ForeignID", "ReqIF.Name", "ReqIF.Text"
_FIRST = (FieldType(ID, "", "text"), FieldType(NAME, "", "text"), FieldType("status", "", "text"))
_LAST = (FieldType("address", "", "text"), FieldType(TEXT, "", "text"))
#: Signs that XML cannot hold, and white space, which it does not keep in an attribute.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Value = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A record type with the attributes that its records have."""

    name: str
    title: str
    attributes: tuple[FieldType, ...]


@dataclass(frozen=True, slots=True)
class ExchangeObject:
    """A record; `values` are by attribute, in the order of its type, without empty ones."""

    id: str
    type: str
    title: str
    changed: date
    values: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """How one record leads to another: by one link, seldom by several.

    Several links between the same two records make one relation, since StrictDoc takes no more
    than one: a decision `affects` the role that is its `owner`.
    """

    source: str
    links: tuple[str, ...]
    target: str
    changed: date


@dataclass(frozen=True, slots=True)
class Exchange:
    """All there is to hand over. `links` are the kinds of relations, each with how it reads."""

    title: str
    day: date
    began: date
    types: tuple[ObjectType, ...]
    links: tuple[tuple[tuple[str, ...], str], ...]
    objects: tuple[ExchangeObject, ...]
    relations: tuple[Relation, ...]


def exchange(
    manual: Manual, fields: tuple[FieldType, ...], page_urls: Mapping[str, str]
) -> Exchange:
    """The whole manual."""
    open_fields = {field.name: _with_what_is_said(field, manual) for field in fields}
    types, objects, relations = [], [], []
    for name, records in by_type(manual):
        used = {field for record in records for field in record.fields}
        own = tuple(field for each, field in open_fields.items() if each in used)
        types.append(ObjectType(name, manual.model.title(name), (*_FIRST, *own, *_LAST)))
        for record in records:
            changed = record.day("reviewed") or manual.settings.year_starts
            values = _values(manual, record, own, page_urls)
            objects.append(ExchangeObject(record.id, name, fit(record.title), changed, values))
            relations += _relations(manual, record, changed)
    return Exchange(
        fit(f"{manual.settings.short_name} · {manual.settings.manual_name}"),
        manual.today,
        manual.settings.year_starts,
        tuple(types),
        _kinds(manual, relations),
        tuple(objects),
        tuple(relations),
    )


def _relations(manual: Manual, record: Record, changed: date) -> list[Relation]:
    found: dict[str, tuple[str, ...]] = {}
    for link, target in links_of(manual, record):
        found[target.id] = (*found.get(target.id, ()), link)
    return [Relation(record.id, links, target, changed) for target, links in found.items()]


def _kinds(manual: Manual, relations: list[Relation]) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Every declared link, and the groups of links that there are."""
    reads = {name: link.outgoing for name, link in manual.model.links.items()}
    groups = sorted({each.links for each in relations if len(each.links) > 1})
    kinds = [*((name,) for name in reads), *groups]
    return tuple((names, listed([reads[name] for name in names])) for names in kinds)


def fit(text: str) -> str:
    """Text as an attribute of XML can hold it."""
    return text if text.isprintable() else " ".join(_UNFIT.sub("", text).split())


def _with_what_is_said(field: FieldType, manual: Manual) -> FieldType:
    """The field, its choices with words that records have beside those declared.

    Such a word is a finding; it is handed over all the same. Words without choices are text.
    """
    if not field.choices:
        return field if field.form != "words" else replace(field, form="text")
    said = {w for each in manual.records.values() for w in _words(each.fields.get(field.name))}
    return replace(field, choices=(*field.choices, *sorted(said.difference(field.choices))))


def _words(value: object) -> tuple[str, ...]:
    words = value if isinstance(value, (list, tuple)) else (value,)
    return tuple([fit(str(word)) for word in words if word])


def _values(
    manual: Manual, record: Record, own: tuple[FieldType, ...], page_urls: Mapping[str, str]
) -> tuple[tuple[str, Value], ...]:
    values: list[tuple[str, Value]] = [
        (ID, record.id),
        (NAME, fit(record.title)),
        ("status", fit(record.status)),
    ]
    held = record.fields
    for field in own:
        if field.name in held:
            several = field.form in ("choice", "words")
            value = _words(held[field.name]) if several else fit(record.get(field.name))
            values.append((field.name, value))
    values += [("address", address_of(manual, record, page_urls)), (TEXT, fit(record.text))]
    return tuple([pair for pair in values if pair[1]])
