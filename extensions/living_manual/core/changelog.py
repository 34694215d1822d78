"""The record of changes that a release carries: an entry for each publish that changed a record.

The newest entry stands first. An entry is dated by the day that the manual is read on, and never
before the one below it; its id follows from that day, from the entry below it and from what
changed, so that two publishers of the same words over the same release write the same record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from living_manual.core.changes import (
    WHATS,
    Change,
    Comparison,
    FieldChange,
    concerning,
    label_of,
    sum_sentence,
)
from living_manual.core.table import DataTable, json_lines
from living_manual.core.word_difference import Piece
from living_manual.core.words import months_later, parse_day

#: An entry is kept while it is among so many, no older than so many months before the newest, and
#: while it and those above it hold no more changes than this. The newest is always kept.
MOST_ENTRIES, MOST_MONTHS, MOST_CHANGES = 20, 13, 5000
#: Stands for the moment before the first entry.
START = "start"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one publish changed; `nth` counts the entries of a day from 0.

    `names` are the titles of the schools and roles that the changes name, as they were.
    """

    id: str
    day: date
    nth: int
    changes: tuple[Change, ...]
    names: Mapping[str, str]

    @property
    def anchor(self) -> str:
        """Where the page of what changed tells it."""
        return f"changes-{self.id}"

    def moment(self, time_zone: str) -> datetime:
        """A moment for machines: the day's first in the district, a second later for each entry."""
        midnight = datetime.combine(self.day, time(), ZoneInfo(time_zone))
        return midnight + timedelta(seconds=self.nth)


@dataclass(frozen=True, slots=True)
class Log:
    """The entries, newest first, and the day the record began."""

    began: date
    entries: tuple[Entry, ...] = ()

    @property
    def newest(self) -> str:
        """The id that stands for all that is in the log."""
        return self.entries[0].id if self.entries else START


def continued(log: Log | None, comparison: Comparison | None, today: date) -> Log:
    """The log of a release that follows one with this log.

    Without a log a new one begins; without changes it stays as it is.
    """
    log = log or Log(today)
    if comparison is None or not comparison.changes:
        return log
    newest = log.entries[0] if log.entries else None
    day = max(today, newest.day) if newest else max(today, log.began)
    nth = newest.nth + 1 if newest and newest.day == day else 0
    made = Entry("", day, nth, comparison.changes, dict(comparison.names))
    said = json.dumps([log.newest, _entry_data(made)], sort_keys=True)
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
    made = replace(made, id=f"{day.isoformat()}-{digest[:8]}")
    return Log(log.began, _kept((made, *log.entries)))


def _kept(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    newest, counted, kept = entries[0], 0, 0
    for entry in entries[:MOST_ENTRIES]:
        counted += len(entry.changes)
        old = months_later(entry.day, MOST_MONTHS) < newest.day
        if kept and (old or counted > MOST_CHANGES):
            break
        kept += 1
    return tuple(entries[:kept])


# ------------------------------------------------------------------------------- as JSON


def log_json(log: Log) -> str:
    """The one text form of a log, an entry a line."""
    return json_lines(
        f'{{"version": 1, "began": "{log.began.isoformat()}", "entries": [',
        map(_entry_data, log.entries),
        "]}",
    )


def read_log(text: str) -> Log:
    """What `log_json` wrote; raises `ValueError` for another text."""
    try:
        data = json.loads(text)
        if data["version"] != 1:
            raise ValueError("another version")
        entries = tuple(_entry(item) for item in data["entries"])
        days = [entry.day for entry in entries]
        if days != sorted(days, reverse=True) or len({e.id for e in entries}) < len(entries):
            raise ValueError("its entries are out of order")
        return Log(_day(data["began"]), entries)
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"not a record of changes this kit knows: {error}") from error


def change_data(change: Change) -> dict[str, Any]:
    """A change as plain data; what is empty is left out."""
    data = {
        "what": change.what,
        "id": change.id,
        "type": change.type,
        "type_title": change.type_title,
        "title": change.title,
        "href": change.href,
        "moved_from": change.moved_from,
        "schools": list(change.schools),
        "roles": list(change.roles),
        "audiences": list(change.audiences),
        "fields": [
            {"name": field.name, "many": field.many, "pieces": [list(p) for p in field.pieces]}
            for field in change.fields
        ],
    }
    return {name: value for name, value in data.items() if value not in ("", [])}


def _entry_data(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "day": entry.day.isoformat(),
        "nth": entry.nth,
        "names": dict(entry.names),
        "changes": [change_data(change) for change in entry.changes],
    }


def _entry(item: Mapping[str, Any]) -> Entry:
    names = {_str(key): _str(value) for key, value in item["names"].items()}
    changes = tuple(_change(each) for each in item["changes"])
    if not changes or not isinstance(item["nth"], int):
        raise ValueError("an entry says nothing")
    return Entry(_str(item["id"]), _day(item["day"]), item["nth"], changes, names)


def _change(item: Mapping[str, Any]) -> Change:
    if item["what"] not in WHATS:
        raise ValueError(f"{item['what']!r} is nothing that happens")
    return Change(
        item["what"],
        _str(item["id"]),
        _str(item["type"]),
        _str(item["type_title"]),
        _str(item["title"]),
        _str(item["href"]),
        schools=tuple(map(_str, item.get("schools", ()))),
        roles=tuple(map(_str, item.get("roles", ()))),
        audiences=tuple(map(_str, item.get("audiences", ()))),
        fields=tuple(_field(each) for each in item.get("fields", ())),
        moved_from=_str(item.get("moved_from", "")),
    )


def _field(item: Mapping[str, Any]) -> FieldChange:
    pieces = tuple(Piece(_str(op), _str(text)) for op, text in item["pieces"])
    return FieldChange(_str(item["name"]), label_of(item["name"]), pieces, bool(item["many"]))


def _str(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")
    return value


def _day(value: object) -> date:
    day = parse_day(_str(value))
    if day is None:
        raise ValueError(f"{value!r} is no day")
    return day


def log_table(log: Log) -> DataTable:
    """A row for each part of each record that changed; a record added or removed has one row."""
    rows = []
    for entry in log.entries:
        for change in entry.changes:
            start = (entry.day.isoformat(), entry.id, change.what, change.id, change.type)
            end = (";".join(change.schools), ";".join(change.roles))
            parts = [(f.label, f.was, f.now) for f in change.fields]
            if change.moved_from:
                parts.append(("Page", change.moved_from, change.href))
            rows += [(*start, change.title, *part, *end) for part in parts or [("", "", "")]]
    columns = ("day", "entry", "what", "id", "type", "title", "part", "was", "now")
    return DataTable((*columns, "schools", "roles"), tuple(rows))


# ----------------------------------------------------------------------- since a reader was here


def net(entries: Iterable[Entry]) -> list[Change]:
    """What several entries, newest first, come to: each record once.

    What was added and removed again in between does not count; what was removed and came back
    has changed.
    """
    found: dict[str, Change] = {}
    for entry in reversed(list(entries)):
        for change in entry.changes:
            before = found.pop(change.id, None)
            if before is None:
                found[change.id] = change
                continue
            merged = replace(
                change,
                schools=tuple(dict.fromkeys((*change.schools, *before.schools))),
                roles=tuple(dict.fromkeys((*change.roles, *before.roles))),
            )
            if before.what == "added":
                if change.what != "removed":
                    found[change.id] = replace(merged, what="added")
            elif change.what == "removed":
                found[change.id] = merged
            else:
                both_moved = before.what == change.what == "moved"
                found[change.id] = replace(merged, what="moved" if both_moved else "changed")
    return list(found.values())


def since_json(log: Log) -> str:
    """For a reader's browser: what changed since each entry, in the manual and at each school.

    `steps` are the entries with their days, newest first, for a reader who saw one that is gone.
    """
    ids = [*(entry.id for entry in log.entries), START]
    days = [*(entry.day.isoformat() for entry in log.entries), log.began.isoformat()]
    since = {}
    for number, entry_id in enumerate(ids):
        changes = net(log.entries[:number])
        schools = sorted({school for change in changes for school in change.schools})
        since[entry_id] = {
            "all": sum_sentence(changes),
            "schools": {
                school: sum_sentence(concerning(changes, school=school)) for school in schools
            },
        }
    value = {"steps": list(zip(ids, days, strict=True)), "since": since}
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
