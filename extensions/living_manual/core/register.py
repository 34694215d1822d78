"""The register: every record of a release as plain data; search and later releases read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from living_manual.core.facts import short_note
from living_manual.core.model import Manual, Record
from living_manual.core.table import json_lines


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as search shows it.

    `href` is relative to the site's root, with the anchor; `place` tells where the record belongs
    (its school, or a few words on its kind).
    """

    id: str
    type: str
    type_title: str
    title: str
    href: str
    place: str
    audiences: tuple[str, ...]
    text: str
    lead: bool


#: Links whose targets' titles a reader may search a record by.
TOLD = ("advances", "uses", "serves", "runs", "develops", "illustrates", "informs")


def entry_of(manual: Manual, record: Record, page_url: str) -> Entry:
    """A record as search shows it; `page_url` is its page's address from the site's root."""
    schools = [school.title for school in manual.linked(record, "at")]
    linked = [target.title for link in TOLD for target in manual.linked(record, link)]
    said = [
        record.get(name) for name in ("code", "look_for", "evidence", "notes", "group", "bring")
    ]
    return Entry(
        record.id,
        record.type,
        manual.model.title(record.type),
        record.title,
        f"{page_url}#{record.id}",
        ", ".join(schools) or short_note(record),
        tuple(record.fields.get("audiences", ())),
        " ".join(part for part in (record.text, *said, *linked) if part),
        record.lead,
    )


def register(manual: Manual, page_urls: Mapping[str, str]) -> str:
    """All records as JSON in a fixed order. `page_urls` maps pages to addresses."""
    records = [_as_data(manual, record, page_urls) for record in manual.records.values()]
    records.sort(key=lambda data: (data["type"], data["id"]))
    return json_lines('{"version": 1, "records": [', records, "]}")


def _as_data(manual: Manual, record: Record, page_urls: Mapping[str, str]) -> dict[str, Any]:
    entry = entry_of(manual, record, page_urls.get(record.page, record.page))
    return {
        "id": record.id,
        "type": record.type,
        "type_title": entry.type_title,
        "title": record.title,
        "href": entry.href,
        "page": record.page,
        "lead": record.lead,
        "status": record.status,
        "fields": {
            name: value for name, value in record.fields.items() if value not in (None, "", [])
        },
        "links": {name: list(targets) for name, targets in record.links.items() if targets},
        "place": entry.place,
        "text": entry.text,
    }


def read_register(text: str) -> tuple[Entry, ...]:
    """The entries of a register written by `register`; raises `ValueError` for another text."""
    try:
        data = json.loads(text)
        if data["version"] != 1:
            raise ValueError("another version")
        return tuple(
            Entry(
                item["id"],
                item["type"],
                item["type_title"],
                item["title"],
                item["href"],
                item["place"],
                tuple(item["fields"].get("audiences", ())),
                item["text"],
                item["lead"],
            )
            for item in data["records"]
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"not a register this kit knows: {error}") from error
