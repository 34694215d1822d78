"""The ledger of addresses: everything a release has ever shown under a lasting name.

A page, an anchor of a record or a step, a calendar, a feed, a file of data: people paste these into
agendas and subscribe to them. The ledger goes from release to release in `addresses.json`, so that
an address that a new build lacks is noticed before anybody meets it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

FILE = "addresses.json"
_FORMAT = 1
#: Folders of the site whose files have no lasting name, or a ledger of their own.
_PASSING = ("_", "pagefind/", "archive/", "data/my-school/")
#: Files that no person links to: what the kit keeps for itself, for scripts and for web servers.
_OWN = frozenset(
    {
        FILE,
        "calendar/revisions.json",
        "changes-since.json",
        "changes.json",
        "redirects.map",
        "release.json",
        "search.html",
        "wordings.json",
        "words.json",
    }
)
#: How the anchors of steps begin.
STEP = "step-"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was published: since when, the ids of its lead records (the newest first), its
    anchors with their days."""

    since: str
    leads: tuple[str, ...] = ()
    anchors: Mapping[str, str] = field(default_factory=dict)

    @property
    def lead(self) -> str:
        """The record that the page was about when it was last there; empty when about none."""
        return self.leads[0] if self.leads else ""


@dataclass(frozen=True, slots=True)
class Named:
    """A record as people know it: its title, its type, its page, the one school it belongs to."""

    title: str
    type: str
    page: str
    lead: bool = False
    at: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every address ever published. Days are written as 2026-11-22.

    `left` says on which day an address was first missed from a build. `names` are the records that
    are no longer in the manual, `renamed` the ids that the kit itself found under another name.
    """

    pages: Mapping[str, Page] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    left: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Named] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """The one text form: days first, since most addresses share a few of them."""
        return (
            json.dumps(
                {
                    "files": _by_day((day, path) for path, day in self.files.items()),
                    "format": _FORMAT,
                    "left": _by_day((day, address) for address, day in self.left.items()),
                    "names": {
                        record_id: [named.title, named.type, named.page, named.lead, named.at]
                        for record_id, named in self.names.items()
                    },
                    "pages": {
                        path: {
                            "anchors": _by_day((day, name) for name, day in page.anchors.items()),
                            "leads": page.leads,
                            "since": page.since,
                        }
                        for path, page in self.pages.items()
                    },
                    "renamed": dict(self.renamed),
                },
                ensure_ascii=False,
                separators=(",", ":"),
                sort_keys=True,
            )
            + "\n"
        )

    @staticmethod
    def from_json(text: str) -> Ledger:
        """Read what `to_json` wrote. Raises ValueError when the text is no ledger."""
        try:
            value = json.loads(text)
            if value["format"] != _FORMAT:
                raise ValueError(f"it has format {value['format']!r}, not {_FORMAT}")
            return Ledger(
                {path: _page(said) for path, said in value["pages"].items()},
                _flat(value["files"]),
                _flat(value["left"]),
                {record_id: _named(said) for record_id, said in value["names"].items()},
                {str(old): str(new) for old, new in value["renamed"].items()},
            )
        except (AttributeError, KeyError, TypeError, RecursionError, json.JSONDecodeError) as error:
            raise ValueError(f"this is not a ledger of addresses: {error}") from error

    def joined(self, other: Ledger) -> Ledger:
        """Both ledgers in one; where they differ, the earlier day and this ledger's word count."""
        pages = dict(other.pages)
        for path, page in self.pages.items():
            known = pages.get(path, page)
            pages[path] = Page(
                min(page.since, known.since),
                page.leads or known.leads,
                _earliest(page.anchors, known.anchors),
            )
        return Ledger(
            pages,
            _earliest(self.files, other.files),
            _earliest(self.left, other.left),
            {**other.names, **self.names},
            {**other.renamed, **self.renamed},
        )


@dataclass(frozen=True, slots=True)
class Site:
    """A build as its addresses show it.

    `pages` gives each page's lead record, `anchors` those of its records and steps, `ids` every
    place of it that a link can name; `files` are the other files with a lasting name.
    """

    pages: Mapping[str, str]
    anchors: Mapping[str, frozenset[str]]
    ids: Mapping[str, frozenset[str]]
    files: frozenset[str]
    records: Mapping[str, Named]

    def has(self, address: str) -> bool:
        """Whether an address, with or without an anchor, is there."""
        path, _, anchor = address.partition("#")
        if path in self.pages:
            return not anchor or anchor in self.ids.get(path, frozenset())
        return not anchor and path in self.files


def lasting(path: str) -> bool:
    """Whether a file of a build has a name that people keep."""
    return not path.startswith(_PASSING) and path not in _OWN


#: Every id of a page.
_ID = re.compile(r' id="([^"]+)"')


def ids_in(html: str) -> frozenset[str]:
    """Every id of a page."""
    return frozenset(_ID.findall(html))


def records_in(register: str) -> dict[str, Named]:
    """The records of a release from its `records.json`, by id. Raises ValueError for other text."""
    try:
        return {
            row["id"]: Named(
                row["title"],
                row["type"],
                row["href"].partition("#")[0],
                bool(row["lead"]),
                row["links"]["at"][0] if len(row["links"].get("at", ())) == 1 else "",
            )
            for row in json.loads(register)["records"]
        }
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(f"these are not a release's records: {error}") from error


def grown(ledger: Ledger, site: Site, before: Mapping[str, Named], day: str) -> Ledger:
    """The ledger with what this build shows, and with what it was first found to lack.

    `before` are the records of the release that is live. An equal build changes nothing.
    """
    pages: dict[str, Page] = {}
    for path in sorted({*ledger.pages, *site.pages}):
        old = ledger.pages.get(path)
        now = dict.fromkeys(sorted(site.anchors.get(path, ())), day)
        pages[path] = Page(
            old.since if old else day,
            _newest_first(site.pages.get(path, ""), old.leads if old else ()),
            {**now, **(old.anchors if old else {})},
        )
    files = {**dict.fromkeys(sorted(site.files), day), **ledger.files}
    whole = Ledger(pages, files)
    lacking = [address for address in every_address(whole) if not site.has(address)]
    known = {**_nameless(pages), **ledger.names, **before}
    lost = {address.partition("#")[2] for address in lacking}
    lost |= {lead for page in pages.values() for lead in page.leads}
    names = {i: n for i, n in known.items() if i in lost and i not in site.records}
    renamed = dict(ledger.renamed) | renamed_by_title(ledger, site, names)
    renamed = {old: new for old, new in renamed.items() if old not in site.records}
    left = {address: ledger.left.get(address, day) for address in lacking}
    return Ledger(pages, files, left, names, renamed)


def without_titles(ledger: Ledger) -> Ledger:
    """The ledger without the titles of records that are not there any more."""
    names = {record_id: replace(named, title="") for record_id, named in ledger.names.items()}
    return replace(ledger, names=names)


def renamed_by_title(ledger: Ledger, site: Site, lost: Mapping[str, Named]) -> dict[str, str]:
    """Lost ids that another id has taken the place of, beyond doubt: one new record of the same
    type on the same page (or as the lead of a page) with the same title, and no other lost one."""
    seen = {anchor for page in ledger.pages.values() for anchor in page.anchors}
    fresh = {i: n for i, n in site.records.items() if i not in seen}
    found: dict[str, str] = {}
    for old, was in lost.items():
        if not was.title:
            continue
        same = [new for new, now in fresh.items() if _alike(was, now)]
        rivals = [other for other, named in lost.items() if _alike(named, was)]
        if len(same) == 1 and rivals == [old] and old not in ledger.renamed:
            found[old] = same[0]
    return found


def _alike(was: Named, now: Named) -> bool:
    if (was.type, was.title) != (now.type, now.title):
        return False
    return was.page == now.page or (was.lead and now.lead)


def every_address(ledger: Ledger) -> Iterator[str]:
    """Every address of a ledger, anchors after their page."""
    for path, page in ledger.pages.items():
        yield path
        for anchor in page.anchors:
            yield f"{path}#{anchor}"
    yield from ledger.files


def _nameless(pages: Mapping[str, Page]) -> dict[str, Named]:
    """Records as far as the addresses alone tell of them: a ledger kept beside the pages."""
    found = {
        anchor: Named("", "", path)
        for path, page in pages.items()
        for anchor in page.anchors
        if not anchor.startswith(STEP)
    }
    leads = {lead: Named("", "", path, True) for path, p in pages.items() for lead in p.leads}
    return found | leads


def _newest_first(lead: str, before: tuple[str, ...]) -> tuple[str, ...]:
    return (lead, *(other for other in before if other != lead)) if lead else before


def _by_day(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    days: dict[str, list[str]] = {}
    for day, name in sorted(pairs):
        days.setdefault(day, []).append(name)
    return days


def _flat(days: Mapping[str, Any]) -> dict[str, str]:
    for day, names in days.items():
        if not _DAY.fullmatch(day) or not isinstance(names, list):
            raise ValueError(f"{day!r} is not a day with its addresses")
    return {str(name): day for day, names in sorted(days.items()) for name in names}


def _page(said: Mapping[str, Any]) -> Page:
    return Page(str(said["since"]), tuple(map(str, said["leads"])), _flat(said["anchors"]))


def _named(said: Any) -> Named:
    title, kind, page, lead, at = said
    return Named(str(title), str(kind), str(page), bool(lead), str(at))


def _earliest(one: Mapping[str, str], two: Mapping[str, str]) -> dict[str, str]:
    both = sorted({*one, *two})
    return {name: min(filter(None, (one.get(name), two.get(name)))) for name in both}
