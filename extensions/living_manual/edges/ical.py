"""Calendar files (RFC 5545, RFC 7986): the one door to `icalendar`.

Each event is written once and put into every file that holds it: the same session stands in the
file of each school. There is no METHOD and no ORGANIZER: the files are published, nobody is
invited, and no person is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Timezone, TimezoneDaylight, TimezoneStandard, vDuration, vText
from icalendar import Event as Component

from living_manual.core.event_stamps import Stamp
from living_manual.core.events import Event

#: How often a calendar program should look for changes.
REFRESH = timedelta(days=1)
_END = b"END:VCALENDAR\r\n"
_NO_TIME = timedelta()


@dataclass(frozen=True, slots=True)
class CalendarText:
    """What a file says of itself: its name, what it holds, its own address (may be empty).

    `years` are the first and the last year in which the clocks matter: the same for all files of a
    site, since a program may keep the first rules that it reads of a zone for all of them.
    """

    name: str
    about: str
    address: str
    time_zone: str
    years: tuple[int, int] | None = None


class _Text(vText):
    """Text as RFC 5545, 3.3.11 escapes it. The library takes a written `\\N` for an end of line."""

    def to_ical(self) -> bytes:
        """The text with every sign that has a meaning escaped."""
        escaped = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return escaped.replace("\n", "\\n").encode("utf-8")


def event_text(event: Event, stamp: Stamp) -> bytes:
    """An event as it stands in each file."""
    made = Component()
    first, last = event.span
    made.add("uid", event.uid)
    made.add("summary", _Text(event.title))
    made.add("dtstart", first)
    made.add("dtend", last)
    # Without METHOD, the stamp is the moment of the last change (RFC 5545, 3.8.7.2).
    made.add("dtstamp", stamp.changed)
    made.add("last-modified", stamp.changed)
    made.add("sequence", stamp.sequence)
    for name, text in (("location", event.place), ("description", event.description)):
        if text:
            made.add(name, _Text(text))
    if event.categories:
        made.add("categories", list(event.categories))
    if event.url:
        made.add("url", event.url)
    made.add("transp", "TRANSPARENT" if event.all_day else "OPAQUE")
    whole: bytes = made.to_ical()
    return whole


def calendar_bytes(said: CalendarText, events: Iterable[bytes]) -> bytes:
    """A whole file."""
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", "-//Living Manual//Calendar//EN")
    made.add("calscale", "GREGORIAN")
    # The same twice: by RFC 7986, and as programs have long read it (not declared as text there).
    for name in ("name", "x-wr-calname"):
        made.add(name, _Text(said.name))
    for name in ("description", "x-wr-caldesc"):
        made.add(name, _Text(said.about))
    made.add("x-wr-timezone", said.time_zone)
    made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESH))
    if said.address:
        made.add("source", said.address, parameters={"VALUE": "URI"})
    zone = zone_text(said.time_zone, *said.years) if said.years else b""
    head: bytes = made.to_ical()
    return b"".join((head.removesuffix(_END), zone, *events, _END))


@cache
def zone_text(name: str, first: int, last: int) -> bytes:
    """The time zone's rules for some years, as a component; nothing for UTC, which needs none.

    Written change by change. The library's own (icalendar 7.3) sets the change in spring an hour
    late: RFC 5545, 3.6.5 asks for the time that the clocks show before it.
    """
    zone = ZoneInfo(name)
    if name in ("UTC", "Etc/UTC"):
        return b""
    made = Timezone()
    made.add("tzid", name)
    start = datetime(first, 1, 1, tzinfo=UTC)
    offset = start.astimezone(zone).utcoffset() or _NO_TIME
    _observe(made, zone, start, offset)
    for moment, before in _changes(zone, start, datetime(last + 1, 1, 2, tzinfo=UTC)):
        _observe(made, zone, moment, before)
    text: bytes = made.to_ical()
    return text


def _observe(made: Timezone, zone: tzinfo, moment: datetime, before: timedelta) -> None:
    """Add what the clocks show from a moment on; `before` is what they were ahead until then."""
    local = moment.astimezone(zone)
    part = TimezoneDaylight() if local.dst() else TimezoneStandard()
    part.add("dtstart", (moment + before).replace(tzinfo=None))
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", local.utcoffset() or _NO_TIME)
    part.add("tzname", local.tzname() or "")
    made.add_component(part)


def _changes(zone: tzinfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, timedelta]]:
    """Each moment in UTC at which the clocks change, with how far ahead they were before it."""
    day = timedelta(days=1)
    while start < end:
        before, after = _ahead(zone, start), _ahead(zone, start + day)
        if before != after:
            low, high = start, start + day
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                low, high = (middle, high) if _ahead(zone, middle) == before else (low, middle)
            yield high, before
        start += day


def _ahead(zone: tzinfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or _NO_TIME
