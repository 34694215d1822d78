"""The year's professional learning, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from living_manual.core.calendar_files import CalendarFile, files_beside
from living_manual.core.confirm import ToConfirm, to_confirm
from living_manual.core.facts import KINDS
from living_manual.core.lately import Lately, lately
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import DataTable
from living_manual.core.used_in import UsedIn, used_in
from living_manual.core.words import MONTHS


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A session on its day. `here` says that this page is where the session is told in full."""

    session: Ref
    day: date
    kind: str
    hours: str
    serves: tuple[Ref, ...]
    runs: tuple[Ref, ...]
    at: tuple[Ref, ...]
    owner: tuple[Ref, ...]
    notes: str
    past: bool
    used_in: UsedIn
    to_confirm: ToConfirm | None
    lately: tuple[Lately, ...] = ()
    begins: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """One month that holds a session."""

    title: str
    entries: tuple[CalendarEntry, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """All months in order; `files` are the calendar files that hold these dates."""

    months: tuple[CalendarMonth, ...]
    sessions: int
    hours: float
    files: tuple[CalendarFile, ...] = ()


def calendar(manual: Manual, page: str) -> Calendar:
    """The sessions told on a page, by day; sessions without a day are findings, not entries."""
    entries = []
    for session in manual.of_type("session"):
        day = session.day("date")
        if day is not None and session.page == page:
            entries.append(_entry(manual, session, day))
    entries.sort(key=lambda entry: (entry.day, entry.session.id))
    months: dict[tuple[int, int], list[CalendarEntry]] = {}
    for entry in entries:
        months.setdefault((entry.day.year, entry.day.month), []).append(entry)
    return Calendar(
        tuple(
            CalendarMonth(f"{MONTHS[month - 1]} {year}", tuple(found))
            for (year, month), found in months.items()
        ),
        len(entries),
        sum(float(entry.hours) for entry in entries if entry.hours),
        files_beside(manual, [entry.session for entry in entries]),
    )


def _entry(manual: Manual, session: Record, day: date) -> CalendarEntry:
    def refs(link: str) -> tuple[Ref, ...]:
        return tuple(target.ref for target in manual.linked(session, link))

    hours = session.get("hours")
    return CalendarEntry(
        session.ref,
        day,
        KINDS.get(session.get("kind"), session.get("kind")),
        f"{float(hours):g}" if hours else "",
        tuple(
            Ref(target.id, target.type, target.get("short") or target.title, target.page)
            for target in manual.linked(session, "serves")
        ),
        refs("runs"),
        refs("at"),
        refs("owner"),
        session.get("notes"),
        day < manual.today,
        used_in(manual, session),
        to_confirm(manual, session),
        lately(manual, session),
        session.get("begins"),
        session.get("place"),
    )


def calendar_table(view: Calendar) -> DataTable:
    """One row a session."""
    return DataTable(
        (
            "id",
            "title",
            "date",
            "kind",
            "hours",
            "serves",
            "runs",
            "at",
            "owner",
            "notes",
            "begins",
            "place",
        ),
        tuple(
            (
                entry.session.id,
                entry.session.title,
                entry.day.isoformat(),
                entry.kind,
                float(entry.hours) if entry.hours else None,
                *(
                    ";".join(ref.id for ref in refs)
                    for refs in (entry.serves, entry.runs, entry.at, entry.owner)
                ),
                entry.notes,
                entry.begins,
                entry.place,
            )
            for month in view.months
            for entry in month.entries
        ),
    )
