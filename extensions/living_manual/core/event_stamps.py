"""When each event was last changed, so that a calendar program takes a changed one for newer.

A release keeps, beside its calendar files, a digest of each event and the moment of its last
change; the next release compares. A moment never goes back: all that one publish changes bears a
moment after those of every publish before. The number of an event's version (SEQUENCE) is that
moment counted in minutes, so that it only grows, also when what the last release kept is lost.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from living_manual.core.events import Event
from living_manual.core.model import Manual, Record
from living_manual.core.table import json_lines

#: Minutes are counted from here.
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment of change, in UTC and whole minutes."""

    changed: datetime

    @property
    def sequence(self) -> int:
        """The number of the version."""
        return max(0, (self.changed - BEGIN) // _MINUTE)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a release keeps: its newest moment, and of each event its digest and its moment."""

    newest: datetime = BEGIN
    events: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)


def digest(event: Event) -> str:
    """Stands for all that a calendar program shows of an event."""
    return hashlib.sha256(repr(event).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def first_stamp(manual: Manual, record: Record) -> Stamp:
    """The stamp of an event that no release has kept: the day its record was last confirmed.

    The start of the school year where it says none, and never a day to come.
    """
    day = record.day("reviewed") or manual.settings.year_starts
    return Stamp(_midnight(min(day, manual.today), manual.settings.time_zone))


def publish_moment(manual: Manual, kept: Kept) -> datetime:
    """The moment that stands for one publish: the day's first, or a minute after the last."""
    return max(_midnight(manual.today, manual.settings.time_zone), kept.newest + _MINUTE)


def stamped(
    manual: Manual, events: Iterable[tuple[Record, Event]], kept: Kept | None
) -> Mapping[str, Stamp]:
    """The stamp of each event by its uid; `kept` is what the last release kept, None for a first.

    An event that is as it was keeps its stamp.
    """
    if kept is None:
        return {event.uid: first_stamp(manual, record) for record, event in events}
    moment, found = Stamp(publish_moment(manual, kept)), {}
    for _, event in events:
        was, when = kept.events.get(event.uid, ("", BEGIN))
        found[event.uid] = Stamp(when) if was == digest(event) else moment
    return found


def keep(events: Iterable[Event], stamps: Mapping[str, Stamp], before: Kept | None) -> Kept:
    """What this release keeps."""
    found = {event.uid: (digest(event), stamps[event.uid].changed) for event in events}
    moments = [before.newest if before else BEGIN, *(moment for _, moment in found.values())]
    return Kept(max(moments), found)


def kept_json(kept: Kept) -> str:
    """The one text form, an event a line."""
    lines = ([uid, of, _iso(moment)] for uid, (of, moment) in sorted(kept.events.items()))
    start = f'{{"version": 1, "newest": "{_iso(kept.newest)}", "events": ['
    return json_lines(start, lines, "]}")


def read_kept(text: str) -> Kept:
    """What `kept_json` wrote; raises `ValueError` for another text."""
    try:
        data: Any = json.loads(text)
        if data["version"] != 1:
            raise ValueError("another version")
        events = {str(uid): (str(of), _moment(when)) for uid, of, when in data["events"]}
        return Kept(_moment(data["newest"]), events)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"not what a release keeps of its calendar: {error}") from error


def _midnight(day: date, time_zone: str) -> datetime:
    local = datetime.combine(day, time(), ZoneInfo(time_zone))
    # A zone may have stood seconds off a whole minute long ago; versions count minutes.
    return local.astimezone(UTC).replace(second=0, microsecond=0)


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%MZ")


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
