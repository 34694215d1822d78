"""What a reader sees first of a record: its facts, in the order that answers questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from living_manual.core.calendar_files import CalendarFile, files_of
from living_manual.core.codification import Standing, standing
from living_manual.core.confirm import Asked, ToConfirm, asked, to_confirm
from living_manual.core.evidence import last_seen
from living_manual.core.gaps import GapSum, gap_sum
from living_manual.core.key_result_card import Measured, ObjectiveMeasured, measured
from living_manual.core.key_results import MEASURES, standings
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.readings import latest, say_reading
from living_manual.core.used_in import UsedIn, used_in
from living_manual.core.words import plural, say_day


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled fact: text, or a day, or links to records."""

    label: str
    text: str = ""
    day: date | None = None
    refs: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A record as its page or card tells it, around the text a person wrote.

    `codified` is how far an entry is codified; None for what is no entry. `gaps` are those that
    wait for a role. `to_confirm` is what the owner is to confirm, `asked` who is to confirm the
    record's own new wording. `measured` is where a key result or an objective stands.
    `calendars` are the files with the dates of a school or a role.
    """

    record: Ref
    type_title: str
    lead: bool
    facts: tuple[Fact, ...]
    used_in: UsedIn
    codified: Standing | None = None
    gaps: GapSum | None = None
    to_confirm: ToConfirm | None = None
    asked: Asked | None = None
    measured: Measured | ObjectiveMeasured | None = None
    calendars: tuple[CalendarFile, ...] = ()


KINDS = {
    "plc": "PLC",
    "coaching": "Coaching",
    "rounds": "Rounds",
    "leadership": "Leadership",
    "pd": "Professional development",
    "student-work": "Student work",
    "video": "Classroom video",
    "lesson": "Lesson",
    "unpacking": "Unpacking",
    "smp": "Mathematical practice",
    "ontario": "Ontario process",
    "opening-day": "Opening day",
    "half-day": "Half day",
    "staff-meeting": "Staff meeting",
    "curriculum": "Curriculum session",
    "pd-day": "PD day",
    "leadership-team": "Leadership team",
}
#: Facts a record shows, in order: (field or link, label). Only what is set is shown.
FACTS: tuple[tuple[str, str], ...] = (
    ("status", "Status"),
    ("also", "Also called"),
    ("minutes", "Time"),
    ("grade", "Grade"),
    ("period", "Marking period"),
    ("date", "Date"),
    ("ends", "Until"),
    ("begins", "Begins"),
    ("hours", "Length"),
    ("place", "Place"),
    ("level", "Level"),
    ("group", "Group"),
    ("bring", "Bring"),
    ("body", "Decided by"),
    ("measure", "Looks at"),
    ("baseline", "Baseline"),
    ("target", "Target"),
    ("source", "Read from"),
    ("at", "School"),
    ("advances", "Advances"),
    ("measures", "Measures"),
    ("realises", "Realises"),
    ("serves", "Serves"),
    ("runs", "Runs"),
    ("uses", "Uses"),
    ("strengthens", "Strengthens"),
    ("develops", "Develops"),
    ("illustrates", "Illustrates"),
    ("aligns_with", "Aligns with"),
    ("informs", "Informs"),
    ("analysed_in", "Analysed in"),
    ("affects", "Affects"),
    ("led_by", "Led by"),
    ("backed_up_by", "Backed up by"),
    ("covered_by", "Covered by"),
    ("contact", "Mailbox"),
    ("starts", "Starts"),
    ("due", "Due"),
    ("funding", "Funding"),
    ("look_for", "Look for"),
    ("evidence", "Evidence"),
    ("notes", "Notes"),
    ("owner", "Owner"),
    ("stage", "Stage"),
    ("reviewed", "Reviewed"),
)
#: The facts that a reading is told after.
_MEASURED = ("Looks at", "Baseline", "Target")
_DAYS = {"date", "ends", "starts", "due", "reviewed"}


def card(manual: Manual, record: Record) -> Card:
    """The facts of a record and where it is used."""
    facts = tuple(fact for name, label in FACTS if (fact := _fact(manual, record, name, label)))
    if record.type == "key_result":
        facts = _with_latest(manual, record, facts)
    facts += _last_seen(manual, record)
    uses = used_in(manual, record)
    title = manual.model.title(record.type)
    if not manual.whole:  # what waits to be done would be told wrongly
        return Card(record.ref, title, record.lead, facts, uses, calendars=files_of(manual, record))
    return Card(
        record.ref,
        title,
        record.lead,
        facts,
        uses,
        standing(manual, record),
        gap_sum(manual, record) if record.type == "role" else None,
        to_confirm(manual, record),
        asked(manual, record),
        measured(manual, record),
        files_of(manual, record),
    )


def _fact(manual: Manual, record: Record, name: str, label: str) -> Fact | None:
    if name in manual.model.links:
        refs = tuple(target.ref for target in manual.linked(record, name))
        return Fact(label, refs=refs) if refs else None
    if name == "status":
        return Fact(label, record.status) if record.status and record.type == "role" else None
    if not record.get(name):
        return None
    if name in _DAYS:
        day = record.day(name)
        return Fact(label, day=day) if day else Fact(label, record.get(name))
    return Fact(label, _said(name, record.get(name)))


def _with_latest(manual: Manual, record: Record, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """The facts of a key result with its latest reading, after what it is measured against."""
    said = _latest(manual, record)
    if not said:
        return facts
    labels = [fact.label for fact in facts]
    place = max((labels.index(name) + 1 for name in _MEASURED if name in labels), default=0)
    return (*facts[:place], Fact("Latest", said), *facts[place:])


def _latest(manual: Manual, record: Record) -> str:
    """What was read last: rolled up, or at a school where nothing stands for the whole district."""
    stands = standings(manual)[record.id]
    if stands.day is not None:
        mean = f", mean of {stands.rolled} of {plural(stands.of, 'school')}"
        return f"{stands.latest}{mean if stands.rolled else ''}, {say_day(stands.day)}"
    read = latest(manual, record.id)
    if read is None:
        return ""
    school = manual.get(read.school)
    where = f" at {school.title}" if school else ""
    return f"{say_reading(read.text, record)}{where}, {say_day(read.day)}"


def _last_seen(manual: Manual, record: Record) -> tuple[Fact, ...]:
    """What was seen last of an action in a classroom."""
    seen = last_seen(manual, record.id)
    if seen is None:
        return ()
    more = f" ({seen.count} in all)" if seen.count > 1 else ""
    return (Fact("Seen", f"{say_day(seen.day)}: {seen.text}{more}"),)


def _said(name: str, value: str) -> str:
    if name == "minutes":
        return f"{value} min"
    if name == "hours":
        return f"{float(value):g} h"
    if name == "measure":
        return MEASURES.get(value, value)
    return value.capitalize() if name == "level" else value


def short_note(record: Record) -> str:
    """A few words beside a record in a list: its kind and how long, or its level or grade."""
    parts = [KINDS.get(record.get("kind"), record.get("kind"))]
    if record.get("minutes"):
        parts.append(f"{record.get('minutes')} min")
    if record.get("grade"):
        grade = record.get("grade")
        parts.append(f"grade {grade}" if grade[:1].isdigit() else grade)
    if record.type == "school" and record.get("level"):
        parts.append(record.get("level").capitalize())
    return " · ".join(part for part in parts if part)


def counted(count: int, word: str) -> str:
    """`14 actions`, for templates."""
    return plural(count, word)
