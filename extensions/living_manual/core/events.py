"""Sessions and assessments as events of a calendar program (RFC 5545): their times and their words.

Times are the district's. What is odd about them is settled here, by rules that `docs/calendars.md`
tells writers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from living_manual.core.assessments import analysis_of, last_day, period_of
from living_manual.core.facts import KINDS
from living_manual.core.model import Manual, Record
from living_manual.core.settings import Settings
from living_manual.core.words import listed, say_day, slug

#: Length of a session that says when it begins and not how long it is.
USUAL = timedelta(hours=1)
#: Years that calendar programs and time zones are sound for; a date outside is a slip.
YEARS = range(1970, 2200)
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
# RFC 5545, 3.1: no control characters but the tab; line ends are escaped by who writes the file.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

Span = tuple[datetime, datetime] | tuple[date, date]
#: The full address of a record's place on the site; empty where the site has no address.
Address = Callable[[Record], str]


@dataclass(frozen=True, slots=True)
class Event:
    """An event. Days stand for the whole day, and the last of them is no longer part of it."""

    uid: str
    title: str
    span: Span
    place: str
    categories: tuple[str, ...]
    description: str
    url: str

    @property
    def all_day(self) -> bool:
        """Whether it has no time of the day; it then leaves the reader free."""
        return not isinstance(self.span[0], datetime)


def event_of(manual: Manual, record: Record, address: Address) -> Event | None:
    """A session or an assessment as an event; None when it has no sound day."""
    day = record.day("date")
    if day is None or day.year not in YEARS:
        return None
    if record.type == "session":
        zone = ZoneInfo(manual.settings.time_zone)
        span = span_of(day, record.get("begins"), record.get("hours"), zone)
        kind = KINDS.get(record.get("kind"), record.get("kind"))
        lines = _of_session(manual, record)
    else:
        last = last_day(record) or day
        span = day, (last if last.year in YEARS else day) + timedelta(days=1)
        kind, lines = manual.model.title(record.type), _of_assessment(manual, record)
    url = address(record)
    said = [*lines, *([url] if url else [])]
    return Event(
        f"{record.id}@{host_of(manual.settings)}",
        plain(record.title),
        span,
        plain(_place(manual, record)),
        (plain(kind),) if kind else (),
        plain("\n".join(said)),
        url,
    )


def years_of(events: Iterable[Event]) -> tuple[int, int] | None:
    """The first and the last year with a time of the day; None where all take whole days."""
    timed = [day.year for event in events if not event.all_day for day in event.span]
    return (min(timed), max(timed)) if timed else None


def span_of(day: date, begins: str, hours: str, zone: ZoneInfo) -> Span:
    """The first and the last moment of a session, in the district's time.

    It lasts as long as it says, also over a change of the clocks. What is to begin in the hour that
    the clocks leave out begins an hour later by the clock, and what is to begin in the hour that
    comes twice begins in the first of the two (RFC 5545, 3.3.5). Where one end lies in the second
    of the two, which local time cannot name, both are in UTC.
    """
    at = _TIME.fullmatch(begins)
    if not at:
        return day, day + timedelta(days=1)
    try:
        length = timedelta(hours=float(hours)) if hours else USUAL
    except ValueError:
        length = USUAL
    start = datetime.combine(day, time(int(at[1]), int(at[2])), zone).astimezone(UTC)
    end = start + (length if length > timedelta() else USUAL)
    local = start.astimezone(zone), end.astimezone(zone)
    return (start, end) if any(moment.fold for moment in local) else local


def host_of(settings: Settings) -> str:
    """What makes the name of an event the district's own: its host, or its name without one."""
    try:
        host = (urlsplit(settings.address).hostname or "").encode("idna").decode("ascii")
    except ValueError:
        host = ""
    return host or slug(settings.name) or "living-manual"


def plain(text: str) -> str:
    """Text without the characters that a calendar file may not hold."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _place(manual: Manual, record: Record) -> str:
    schools = [school.title for school in manual.linked(record, "at")]
    return record.get("place") or listed(schools)


def _titles(manual: Manual, record: Record, link: str) -> str:
    return "; ".join(target.title for target in manual.linked(record, link))


def _of_session(manual: Manual, session: Record) -> Iterator[str]:
    """What a colleague asks of a session, a line each."""
    if not _TIME.fullmatch(session.get("begins")) and session.get("hours"):
        yield f"{float(session.get('hours')):g} h; the time is not set yet"
    for label, link in (
        ("Serves", "serves"),
        ("Protocol", "runs"),
        ("Led by", "led_by"),
        ("Prepared by", "owner"),
    ):
        if titles := _titles(manual, session, link):
            yield f"{label}: {titles}"
    yield from filter(None, (session.get("notes") or session.text,))


def _of_assessment(manual: Manual, assessment: Record) -> Iterator[str]:
    period = period_of(manual, assessment)
    said = (assessment.get("grade"), period.name if period else "")
    yield from filter(None, (", ".join(part for part in said if part),))
    if titles := _titles(manual, assessment, "informs"):
        yield f"Informs: {titles}"
    session = analysis_of(manual, assessment)
    day = session.day("date") if session else None
    if session:
        yield f"Analysed in: {session.title}{f', {say_day(day)}' if day else ''}"
    else:
        yield "Analysed in: no session yet"
    yield from filter(None, (assessment.get("notes") or assessment.text,))
