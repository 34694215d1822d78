"""The year's professional learning, month by month; in a short form on a school's own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from living_manual.core.calendar_files import CalendarFile, files_beside
from living_manual.core.confirm import ToConfirm, to_confirm
from living_manual.core.facts import KINDS
from living_manual.core.lately import Lately, lately
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import DataTable
from living_manual.core.time_use import say, shares
from living_manual.core.used_in import UsedIn, used_in
from living_manual.core.words import MONTHS


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A session on its day. `lessons` is the percent of its time that was tied to lessons."""

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
    led_by: tuple[Ref, ...] = ()
    lessons: str = ""


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """One month that holds a session."""

    title: str
    entries: tuple[CalendarEntry, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """All months in order; `files` are the calendar files that hold these dates.

    `school` says that it stands on a school's page, in its short form.
    """

    months: tuple[CalendarMonth, ...]
    sessions: int
    hours: float
    files: tuple[CalendarFile, ...] = ()
    school: bool = False

    @property
    def groups(self) -> tuple[tuple[CalendarEntry, ...], ...]:
        """The short form: the next few and those to confirm, the later ones, the held ones."""
        entries = [entry for month in self.months for entry in month.entries]
        coming = [entry for entry in entries if not entry.past]
        shown = [e for e in entries if e.to_confirm or e in coming[:NEXT]]
        later = [entry for entry in coming if entry not in shown]
        held = [entry for entry in entries if entry.past and entry not in shown]
        return tuple(shown), tuple(later), tuple(held)


#: So many sessions to come are told on a school's page without a press.
NEXT = 3


def calendar(manual: Manual, page: str, lead: Record | None = None) -> Calendar:
    """The sessions told on a page, by day; sessions without a day are findings, not entries.

    `lead` is the record that the page is about, when it is about one.
    """
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
        lead is not None and lead.type == "school",
    )


def _entry(manual: Manual, session: Record, day: date) -> CalendarEntry:
    def refs(link: str) -> tuple[Ref, ...]:
        return tuple(target.ref for target in manual.linked(session, link))

    hours, used = session.get("hours"), shares(session)
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
        refs("led_by"),
        say(used[-1], 0) if used else "",
    )


def calendar_table(view: Calendar) -> DataTable | None:
    """One row a session; None on a school's page, whose own table lies beside it.

    Two hundred schools would be six hundred files of what the list of all actions holds as well.
    """
    if view.school:
        return None
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
