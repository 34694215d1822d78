"""A handover pack off the web: as values for paper, as plain text, as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from living_manual.core.brief_text import clean
from living_manual.core.handover import Pack
from living_manual.core.handover_list import page_of
from living_manual.core.handover_sheet import Entry, Line, Said, Section, Sheet, sheet
from living_manual.core.model import Manual

#: So many rows of a table stand on paper: 200 schools would fill seven sheets.
ROWS = 60
#: Which column of a table takes the room that is left, by the name of its section.
_WIDE = {"dates": 1}


def pack_data(manual: Manual, pack: Pack) -> dict[str, Any]:
    """The pack for the template of the PDF; plain values only.

    Links lead to the manual's permanent address; a district without one has a pack without links.
    """
    root, settings = manual.settings.address, manual.settings
    told = sheet(pack, manual.model.title)

    def piece(said: Said) -> dict[str, Any]:
        href = said.href or (f"{root}{address(pack, said)}" if said.to and root else "")
        return {"text": _kept(said.text), "href": href, "strong": said.strong}

    def line(said: Line) -> list[dict[str, Any]]:
        return [piece(each) for each in said if each.text]

    return {
        "title": told.title,
        "name": clean(pack.name),
        "purpose": clean(told.purpose),
        "facts": [[label, line(said)] for label, said in told.facts],
        "says": [line(each) for each in told.says],
        "sections": [_section(each, line) for each in told.sections],
        "foot": clean(f"{settings.name} · {settings.manual_name} · {told.title}"),
        "language": settings.language,
        "brand": settings.brand,
        "paper": settings.paper,
    }


def _kept(text: str) -> str:
    """Clean, with a blank where it begins or ends with one: pieces stand side by side."""
    before, after = text[:1].isspace(), text[-1:].isspace() and text.strip()
    return f"{' ' if before else ''}{clean(text)}{' ' if after else ''}"


def _section(section: Section, line: Callable[[Line], Any]) -> dict[str, Any]:
    note, rows = section.note, section.rows[:ROWS]
    if len(rows) < len(section.rows):
        note += f" The first {len(rows)} of {len(section.rows)} stand here; the page has all."
    return {
        "title": section.title,
        "note": clean(note),
        "blank": clean(section.blank),
        "empty": section.empty,
        "form": section.form,
        "columns": list(section.columns),
        "wide": _WIDE.get(section.name, 0),
        "rows": [[line(cell) for cell in row] for row in rows],
        "entries": [
            {
                "head": line(each.head),
                "status": each.status.capitalize(),
                "lines": [line(said) for said in each.lines],
            }
            for each in section.entries
        ],
    }


def address(pack: Pack, said: Said) -> str:
    """Where a piece of a pack leads, from the site's root on."""
    to = said.to
    if to is None:
        return ""
    if to.type == "pack":
        return f"{page_of(pack.role.id, to.id)}.html"
    return f"{to.page}.html#{to.id}" if to.id else f"{to.page}.html"


def pack_text(manual: Manual, pack: Pack) -> str:
    """The pack as plain text, for a terminal or a message."""
    return "\n".join(_lines(sheet(pack, manual.model.title))) + "\n"


def _lines(told: Sheet) -> Iterator[str]:
    yield from (told.title, "=" * len(told.title), "", told.purpose, "")
    yield from (f"{label}: {_plain(said)}" for label, said in told.facts)
    if told.says:
        yield from ("", *map(_plain, told.says))
    for section in told.sections:
        yield from ("", section.title, "-" * len(section.title))
        yield section.blank if section.empty else section.note
        for number, entry in enumerate(section.entries, 1):
            yield from _entry(entry, f"{number}. " if section.form == "steps" else "- ")
        for row in section.rows:
            yield "- " + " | ".join(_plain(cell) for cell in row if _plain(cell))


def _entry(entry: Entry, mark: str) -> Iterator[str]:
    yield f"{mark}{f'[{entry.status}] ' if entry.status else ''}{_plain(entry.head)}"
    for line in entry.lines:
        yield " " * len(mark) + _plain(line)


def _plain(line: Line) -> str:
    return "".join(said.text for said in line)


def pack_json(pack: Pack) -> str:
    """The pack as JSON: its lists with their totals, days as YYYY-MM-DD."""
    value = asdict(pack)
    for gap in value["gaps"]["items"]:
        gap.pop("owners")
    return json.dumps(value, ensure_ascii=False, indent=1, default=_as_text) + "\n"


def _as_text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
