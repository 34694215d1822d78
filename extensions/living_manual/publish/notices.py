"""A file in the place of one that was taken out: it says so in the form its readers' programs read.

A calendar that a phone subscribed to shows one last entry; a feed has one last item; a table of
data has one row. So an address goes on answering on any web server, with the kind it always had.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, urljoin, urlsplit
from xml.etree import ElementTree as ET

from living_manual.core.event_stamps import Stamp
from living_manual.core.events import Event
from living_manual.core.feed import ATOM
from living_manual.core.redirects import Target
from living_manual.core.settings import Settings
from living_manual.core.table import BookSheet, DataTable
from living_manual.edges.ical import CalendarText, calendar_bytes, event_text
from living_manual.edges.pdf import PressError, make_sheets
from living_manual.edges.sheets import workbook_bytes
from living_manual.publish.build import BuildError

PDF_TEMPLATE = "notice.typ"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a file says in the place of what it held: the day it left, where to go on."""

    path: str
    said: str
    see: str
    day: date


def notice_of(path: str, target: Target, day: str, settings: Settings) -> Notice:
    """The words of a notice; `see` is empty where the site's own address is not known."""
    why = f" {target.why}" if target.why else ""
    end = " It lies where the address below says." if target.href else ""
    said = f"What this file held is no longer kept in the {settings.manual_name}.{why}{end}"
    see = urljoin(settings.address, quote(target.href, safe="/#")) if settings.address else ""
    return Notice(path, said, see, date.fromisoformat(day))


def notice_files(notices: list[Notice], settings: Settings) -> dict[str, bytes]:
    """Every notice as a file of the kind that its address says. Raises `BuildError`."""
    files = {
        one.path: _FORMS[ending](one, settings)
        for one in notices
        if (ending := one.path.rpartition(".")[2]) in _FORMS
    }
    papers = [one for one in notices if one.path.endswith(".pdf")]
    try:
        sheets = make_sheets([_paper(one, settings) for one in papers], PDF_TEMPLATE)
    except PressError as error:
        raise BuildError(f"Notices cannot be made as PDF: {error}.") from error
    for one, sheet in zip(papers, sheets, strict=True):
        if not sheet.pdf:
            raise BuildError(f"The notice {one.path} cannot be made: {sheet.fault}.")
        files[one.path] = sheet.pdf
    return files


def _row(one: Notice) -> DataTable:
    return DataTable(("notice", "see", "since"), ((one.said, one.see, one.day.isoformat()),))


def _csv(one: Notice, _: Settings) -> bytes:
    return _row(one).csv().encode()


def _json(one: Notice, _: Settings) -> bytes:
    value = {"notice": one.said, "see": one.see, "since": one.day.isoformat()}
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _workbook(one: Notice, _: Settings) -> bytes:
    return workbook_bytes([BookSheet("Notice", _row(one), plain=True)], "Notice")


def _calendar(one: Notice, settings: Settings) -> bytes:
    host = urlsplit(settings.address).hostname or "living-manual.invalid"
    event = Event(
        f"ended-{one.path.rpartition('/')[2]}@{host}",
        "This calendar has ended: nothing more is planned in it",
        (one.day, one.day + timedelta(days=1)),
        "",
        (),
        f"{one.said}\n{one.see}".strip(),
        one.see,
    )
    made = event_text(event, Stamp(datetime(one.day.year, one.day.month, one.day.day, tzinfo=UTC)))
    said = CalendarText(f"{settings.short_name}: ended", one.said, "", settings.time_zone)
    return calendar_bytes(said, [made])


def _feed(one: Notice, settings: Settings) -> bytes:
    moment = f"{one.day.isoformat()}T00:00:00Z"
    name = urljoin(settings.address or "https://living-manual.invalid/", quote(one.path))
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": settings.language})
    item = ("title", "This feed has ended"), ("updated", moment)
    for tag, text in (*item, ("id", name)):
        ET.SubElement(root, tag).text = text
    ET.SubElement(ET.SubElement(root, "author"), "name").text = settings.name
    entry = ET.SubElement(root, "entry")
    for tag, text in (*item, ("id", f"{name}#ended"), ("summary", one.said)):
        ET.SubElement(entry, tag).text = text
    if one.see:
        ET.SubElement(entry, "link", {"href": one.see})
    ET.indent(root, " ")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root) + b"\n"


def _paper(one: Notice, settings: Settings) -> Mapping[str, str]:
    return {
        "title": "This sheet is no longer kept",
        "said": one.said,
        "see": one.see,
        "foot": settings.name,
        "language": settings.language,
        "paper": settings.paper,
    }


_FORMS = {"csv": _csv, "json": _json, "xlsx": _workbook, "ics": _calendar, "atom": _feed}
#: Endings of files that can say in their own form that they ended.
ENDINGS = frozenset({*_FORMS, "pdf"})
