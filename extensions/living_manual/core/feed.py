"""Atom feeds of the record of changes (RFC 4287): one of everything, and one for each role.

A feed's entry is what one publish changed for that role. Ids stay what they are when the manual is
published again: the feed's own address, and for an entry a `tag:` URI (RFC 4151) of the district's
host, the entry's day and the entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from html import escape
from urllib.parse import quote, urljoin, urlsplit
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from living_manual.core.changelog import Entry, Log
from living_manual.core.changes import WORDS, Change, FieldChange, concerning, say, sum_sentence
from living_manual.core.settings import Settings
from living_manual.core.word_difference import IN, OUT
from living_manual.core.words import say_day

#: Folder of the published site that holds the feeds.
FOLDER = "feeds"
MEDIA_TYPE = "application/atom+xml"
#: Changes that an entry of a feed lists; the page has the others.
MOST_LISTED = 100
ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: The address, from the site's root, of the record of that id; None for one that is gone.
Address = Callable[[str], "str | None"]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed to offer: of a role, or of everything when `role` is empty."""

    role: str
    title: str

    @property
    def file(self) -> str:
        """Its address from the site's root."""
        name = self.role.lower().replace("_", "-") if self.role else "all"
        return f"{FOLDER}/{name}.atom"


def feeds_of(settings: Settings, roles: Mapping[str, str]) -> tuple[Feed, ...]:
    """The feeds of a manual, everything first; `roles` are titles by id.

    None without an address in district.toml: a feed is read far from the site.
    """
    if not _host(settings.address):
        return ()
    by_title = sorted(roles.items(), key=lambda pair: (pair[1].casefold(), pair[0]))
    return (Feed("", "Everything"), *(Feed(role, title) for role, title in by_title))


def feed_xml(feed: Feed, log: Log, settings: Settings, page: str, address: Address) -> str:
    """The feed as XML. `page` is the address of the page of changes from the site's root."""
    own = urljoin(settings.address, feed.file)
    entries = [
        (entry, found) for entry in log.entries if (found := concerning(entry.changes, feed.role))
    ]
    began = datetime.combine(log.began, time(), ZoneInfo(settings.time_zone))
    updated = entries[0][0].moment(settings.time_zone) if entries else began
    of_whom = f"{feed.title} · " if feed.role else ""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": settings.language})
    _add(root, "id", _iri(own))
    _add(root, "title", f"What changed · {of_whom}{settings.short_name} {settings.manual_name}")
    _add(root, "updated", updated.isoformat())
    _add(root, "link", rel="self", type=MEDIA_TYPE, href=_iri(own))
    _add(root, "link", rel="alternate", type="text/html", href=_absolute(settings, page))
    _add(ET.SubElement(root, "author"), "name", settings.name)
    for entry, found in entries:
        _entry(root, feed, entry, found, settings, page, address)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _entry(
    root: ET.Element,
    feed: Feed,
    entry: Entry,
    changes: Sequence[Change],
    settings: Settings,
    page: str,
    address: Address,
) -> None:
    element = ET.SubElement(root, "entry")
    said = sum_sentence(changes)
    _add(element, "id", _tag(settings.address, feed, entry))
    _add(element, "title", f"{say_day(entry.day)}: {said}")
    _add(element, "updated", entry.moment(settings.time_zone).isoformat())
    place = _absolute(settings, f"{page}#{entry.anchor}")
    _add(element, "link", rel="alternate", type="text/html", href=place)
    _add(element, "summary", said)

    def link(change: Change) -> str:
        at = None if change.what == "removed" else address(change.id)
        title = escape(change.title)
        return f'<a href="{escape(_absolute(settings, at))}">{title}</a>' if at else title

    lines = [_line(change, link(change)) for change in changes[:MOST_LISTED]]
    more = len(changes) - MOST_LISTED
    if more > 0:
        lines.append(f'<li>and {more} more: <a href="{escape(place)}">see what changed</a></li>')
    _add(element, "content", f"<ul>{''.join(lines)}</ul>", type="html")


def _line(change: Change, title: str) -> str:
    parts = "".join(f"<li>{_field(say(field))}</li>" for field in change.fields)
    if change.moved_from:
        parts += "<li>It stands on another page now.</li>"
    lead = f"{WORDS[change.what]} · {escape(change.type_title)}: {title}"
    return f"<li>{lead}{f'<ul>{parts}</ul>' if parts else ''}</li>"


def _field(field: FieldChange) -> str:
    marks = {OUT: "del", IN: "ins"}
    said = [f"{escape(field.label)}: "]
    for before, (op, text) in field.spaced:
        shown = escape(text) or "…"
        said += [before, f"<{marks[op]}>{shown}</{marks[op]}>" if op in marks else shown]
    return "".join(said)


def _tag(address: str, feed: Feed, entry: Entry) -> str:
    path, whom = urlsplit(address).path, f"/{feed.role}" if feed.role else ""
    return f"tag:{_host(address)},{entry.day.isoformat()}:{quote(path)}changes/{entry.id}{whom}"


def _host(address: str) -> str:
    """The host as the name system knows it; empty when there is none."""
    try:
        return (urlsplit(address).hostname or "").encode("idna").decode("ascii")
    except ValueError:
        return ""


def _absolute(settings: Settings, href: str) -> str:
    return _iri(urljoin(settings.address, href))


def _iri(address: str) -> str:
    return quote(address, safe="/:?#[]@!$&'()*+,;=%~-._")


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> None:
    element = ET.SubElement(parent, name, attributes)
    element.text = _NOT_XML.sub("", text) or None
