"""The page of what changed: entries by day, and in each the changes by school and by role.

Many equal changes (the same new status, the same move) are told once, with the records they
happened to; an entry with very many is told in sums alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from living_manual.core.changelog import Entry, Log, log_table
from living_manual.core.changes import WHATS, WORDS, Change, FieldChange, say, sum_sentence
from living_manual.core.feed import Feed, feeds_of
from living_manual.core.filters import Facet, choice
from living_manual.core.model import Manual, Ref
from living_manual.core.table import DataTable

#: An entry with more changes than this, and those below so many listed, are told in sums.
MOST_IN_ENTRY, MOST_ON_PAGE = 600, 1500
#: So many equal changes are told as one.
ALIKE = 3


@dataclass(frozen=True, slots=True)
class Carried:
    """What a build that will be a release carries: the log, and the page that shows it."""

    log: Log
    page: str


@dataclass(frozen=True, slots=True)
class Item:
    """A record that changed; `record` is where it stands now, None when it is gone."""

    change: Change
    record: Ref | None
    fields: tuple[FieldChange, ...]
    schools: tuple[str, ...]

    @property
    def word(self) -> str:
        """What happened, in one word."""
        return WORDS[self.change.what]


@dataclass(frozen=True, slots=True)
class Bunch:
    """Equal changes told as one: what happened, and the records it happened to."""

    what: str
    field: FieldChange | None
    items: tuple[Item, ...]

    @property
    def word(self) -> str:
        """What happened, in one word."""
        return WORDS[self.what]


@dataclass(frozen=True, slots=True)
class Place:
    """The changes at one school, at several, or of the whole district (neither)."""

    key: str
    title: str
    said: str
    items: tuple[Item, ...]
    bunches: tuple[Bunch, ...]


@dataclass(frozen=True, slots=True)
class OfRole:
    """What changed for a role, and the changed records; none when there are too many to name."""

    title: str
    said: str
    records: tuple[tuple[str, Ref | None], ...]


@dataclass(frozen=True, slots=True)
class Day:
    """An entry as the page tells it."""

    id: str
    anchor: str
    day: date
    said: str
    listed: bool
    places: tuple[Place, ...]
    roles: tuple[OfRole, ...]


@dataclass(frozen=True, slots=True)
class WhatChanged:
    """The page; `began` is None in a build that nobody publishes.

    `facets` are what a reader can narrow the list of `listed` changes by.
    """

    began: date | None
    newest: str
    days: tuple[Day, ...]
    feeds: tuple[Feed, ...]
    facets: tuple[Facet, ...]
    listed: int
    log: Log | None


def what_changed(manual: Manual) -> WhatChanged:
    """The page of what changed, from what the manual carries."""
    carried = manual.changes
    if carried is None:
        return WhatChanged(None, "", (), (), (), 0, None)
    log, days, left = carried.log, [], MOST_ON_PAGE
    for entry in log.entries:
        listed = len(entry.changes) <= min(MOST_IN_ENTRY, left)
        left -= len(entry.changes) if listed else 0
        days.append(_day(manual, entry, listed))
    shown = {day.id for day in days if day.listed}
    entries = [entry for entry in log.entries if entry.id in shown]
    return WhatChanged(
        log.began,
        log.newest,
        tuple(days),
        role_feeds(manual),
        _facets(manual, entries),
        sum(len(entry.changes) for entry in entries),
        log,
    )


def what_changed_table(view: WhatChanged) -> DataTable | None:
    """Every change of the log; nothing in a build that nobody publishes."""
    return log_table(view.log) if view.log else None


def role_feeds(manual: Manual) -> tuple[Feed, ...]:
    """The feeds that a release of this manual has."""
    return feeds_of(manual.settings, {role.id: role.title for role in manual.of_type("role")})


def _day(manual: Manual, entry: Entry, listed: bool) -> Day:
    names = _titles(manual, entry)
    by_place: dict[str, list[Change]] = {}
    for change in entry.changes:
        several = len(change.schools) > 1
        key = "several" if several else change.schools[0] if change.schools else ""
        by_place.setdefault(key, []).append(change)
    order = {"": 0, "several": 1}
    places = sorted(by_place, key=lambda key: (order.get(key, 2), names.get(key, key), key))
    titles = {"": "The whole district", "several": "More than one school", **names}
    return Day(
        entry.id,
        entry.anchor,
        entry.day,
        sum_sentence(entry.changes),
        listed,
        tuple(
            _place(manual, key, titles.get(key, key), by_place[key], names, listed)
            for key in places
        ),
        tuple(_roles(manual, entry, names, listed)),
    )


def _titles(manual: Manual, entry: Entry) -> dict[str, str]:
    """Titles of the schools and roles of an entry: today's, or for one that is gone its last."""
    now = ((name, manual.get(name)) for name in entry.names)
    return {name: record.title if record else entry.names[name] for name, record in now}


def _place(
    manual: Manual,
    key: str,
    title: str,
    changes: Sequence[Change],
    names: Mapping[str, str],
    listed: bool,
) -> Place:
    if not listed:
        return Place(key, title, sum_sentence(changes), (), ())
    several = key == "several"
    items = [_item(manual, change, names if several else {}) for change in changes]
    alike: dict[object, list[Item]] = {}
    for item in items:
        alike.setdefault(_signature(item.change), []).append(item)
    bunched = {sign for sign, group in alike.items() if sign and len(group) >= ALIKE}
    single = tuple(item for item in items if _signature(item.change) not in bunched)
    bunches = (
        Bunch(group[0].change.what, next(iter(group[0].fields), None), tuple(group))
        for sign, group in alike.items()
        if sign in bunched
    )
    return Place(key, title, sum_sentence(changes), single, tuple(bunches))


def _item(manual: Manual, change: Change, names: Mapping[str, str]) -> Item:
    record = manual.get(change.id)
    now = record.ref if record and change.what != "removed" else None
    schools = tuple(names[school] for school in change.schools if school in names)
    return Item(change, now, tuple(say(field) for field in change.fields), schools)


def _signature(change: Change) -> object:
    """What makes two changes equal to a reader; None for one that is told by itself."""
    if change.what == "moved":
        return ("moved", change.type)
    if change.what in ("added", "removed"):
        return (change.what, change.type)
    if len(change.fields) == 1 and not change.moved_from and change.fields[0].name != "title":
        return (change.type, change.fields[0])
    return None


def _roles(
    manual: Manual, entry: Entry, names: Mapping[str, str], listed: bool
) -> Iterator[OfRole]:
    roles = {role for change in entry.changes for role in change.roles}
    by_role: dict[str, list[Change]] = {role: [] for role in roles}
    for change in entry.changes:
        for role in change.roles:
            by_role[role].append(change)
    for role in sorted(roles, key=lambda role: (names.get(role, role).casefold(), role)):
        found = by_role[role]
        items = [_item(manual, change, {}) for change in found] if listed else []
        records = tuple((item.change.title, item.record) for item in items)
        yield OfRole(names.get(role, role), sum_sentence(found), records)


def _facets(manual: Manual, entries: Sequence[Entry]) -> tuple[Facet, ...]:
    """School, role, type and what happened, as far as there is something to choose."""
    changes = [change for entry in entries for change in entry.changes]
    names = {k: v for entry in reversed(entries) for k, v in _titles(manual, entry).items()}
    schools = {school for change in changes for school in change.schools}
    roles = {role for change in changes for role in change.roles}
    whats = [(what, WORDS[what]) for what in WHATS if any(c.what == what for c in changes)]
    types = _by_title((change.type, change.type_title) for change in changes)
    found = (
        choice("school", "School", _by_title((name, names.get(name, name)) for name in schools)),
        choice("role", "Role", _by_title((name, names.get(name, name)) for name in roles)),
        choice("type", "Kind of record", types),
        choice("what", "What happened", whats),
    )
    # One school is a choice as well: other changes are of no school. One type is none.
    return tuple(f for f in found if len(f.options) > (f.name in ("type", "what")))


def _by_title(choices: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(set(choices), key=lambda choice: (choice[1].casefold(), choice[0])))


# ------------------------------------------------------------------- since the reader was here


@dataclass(frozen=True, slots=True)
class SinceHere:
    """What the home page needs to tell a reader what is new: the newest entry, and the page."""

    newest: str
    page: Ref


def since_here(manual: Manual) -> SinceHere | None:
    """The home page's block; None when no page would tell the rest."""
    carried = manual.changes
    if carried is None or not carried.page:
        return None
    return SinceHere(carried.log.newest, Ref("", "page", "What changed", carried.page))
