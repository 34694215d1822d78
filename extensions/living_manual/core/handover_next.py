"""The dates that come next for a role, and the protocols to learn first.

Both take the work of the role: a pack at a school takes what the role does there, and the sessions
and reviews that it has for no school in particular.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from living_manual.core.handover_work import OPEN, Work, school_name
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.words import listed, months_later, plural, say_day

#: Reviews that are due within so many days are told, with those that are late.
REVIEW_DAYS = 90
#: What a role does in a session, by the link that names it.
_DOES = {"owner": "prepares", "led_by": "leads", "backed_up_by": "backs up"}


@dataclass(frozen=True, slots=True)
class NextDate:
    """A day that concerns the role: a session or assessment, an action due, a review due.

    `does` says what the day asks for; `begins` is a session's hour, `place` its school or room.
    """

    day: date
    does: str
    record: Ref
    place: str
    begins: str
    late: bool
    runs: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A protocol to learn, with why it stands where it does."""

    protocol: Ref
    minutes: int
    why: str


def dates(manual: Manual, work: Work, here: Work, school: str = "") -> tuple[NextDate, ...]:
    """What comes next: late days first, then by day; a pack at a school does not name its school.

    Sessions and assessments from today on, open actions that the role leads, and reviews of what
    it owns that are late or due within `REVIEW_DAYS`.
    """
    found = [
        *_sessions(manual, work),
        *_assessments(manual, work),
        *_due(manual, here, bool(school)),
        *_reviews(manual, work),
    ]
    return tuple(sorted(found, key=lambda each: (not each.late, each.day, each.record.id)))


def _sessions(manual: Manual, work: Work) -> Iterator[NextDate]:
    does: dict[str, list[str]] = {}
    sessions: dict[str, Record] = {}
    for link, said in _DOES.items():
        for record in getattr(work, link):
            if record.type == "session":
                sessions[record.id] = record
                does.setdefault(record.id, []).append(said)
    for record in sessions.values():
        day = record.day("date")
        if day is not None and day >= manual.today:
            yield NextDate(
                day,
                f"{listed(does[record.id])} a session",
                record.ref,
                record.get("place") or school_name(manual, record),
                record.get("begins"),
                False,
                tuple(protocol.ref for protocol in manual.linked(record, "runs")),
            )


def _assessments(manual: Manual, work: Work) -> Iterator[NextDate]:
    for record in work.owner:
        day = record.day("date") if record.type == "assessment" else None
        if day is not None and day >= manual.today:
            yield NextDate(day, "owns an assessment", record.ref, "", "", False)


def _due(manual: Manual, work: Work, at_school: bool) -> Iterator[NextDate]:
    for record in work.actions:
        day = record.day("due") if record.status in OPEN else None
        if day is not None:
            late = day < manual.today
            said = "action was due" if late else "action is due"
            place = "" if at_school else school_name(manual, record)
            yield NextDate(day, said, record.ref, place, "", late)


def _reviews(manual: Manual, work: Work) -> Iterator[NextDate]:
    until = manual.today + timedelta(days=REVIEW_DAYS)
    for record in {each.id: each for each in work.owner}.values():
        reviewed = record.day("reviewed")
        if reviewed is None:
            continue
        day = months_later(reviewed, manual.settings.review_months)
        if day <= until:
            late = day <= manual.today
            said = "review was due" if late else "review is due"
            yield NextDate(day, said, record.ref, "", "", late)


def protocols(manual: Manual, work: Work, to_come: Sequence[NextDate]) -> tuple[Ranked, ...]:
    """The protocols that the role works with, the first to learn first.

    First those that its next sessions run, in the order of the sessions; then those that its open
    actions use, by how many do; then the rest of what it does and owns, by title.
    """
    found: dict[str, str] = {}
    for entry in to_come:
        for ref in entry.runs:
            found.setdefault(ref.id, f"run on {say_day(entry.day)}: {entry.record.title}")
    used = Counter(
        each for action in work.actions if action.status in OPEN for each in action.to("uses")
    )
    for each, count in sorted(used.items(), key=lambda pair: (-pair[1], pair[0])):
        found.setdefault(each, f"used by {plural(count, 'open action')}")
    for title, each, why in sorted(_rest(manual, work)):
        del title
        found.setdefault(each, why)
    return tuple(
        Ranked(protocol.ref, _minutes(protocol), why)
        for each, why in found.items()
        if (protocol := manual.get(each)) is not None and protocol.type == "protocol"
    )


def _rest(manual: Manual, work: Work) -> Iterator[tuple[str, str, str]]:
    """Title, id and reason of what else the role works with; the first reason of two counts."""
    for record in work.owner:
        if record.type == "protocol":
            yield record.title, record.id, "a page it owns"
    for records, why in (
        (work.backed_up, "used by an action it backs up"),
        ([each for each in work.actions if each.status not in OPEN], "used by an action now over"),
        ([*work.owner, *work.led_by], "run in a session now over"),
    ):
        for record in records:
            for protocol in manual.linked(record, "runs" if "session" in why else "uses"):
                yield protocol.title, protocol.id, why


def _minutes(record: Record) -> int:
    said = record.get("minutes")
    return int(said) if said.isdigit() else 0
