"""The handover pack: what somebody new in a role, or in a role at a school, must know and do.

Everything in it is worked out from the records; nobody has to write it before they leave. How long
lists are cut, what comes first and what "open" means is declared here and said in the pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from living_manual.core.brief_text import Run, first_sentences
from living_manual.core.gaps import OpenGap, gap_sum
from living_manual.core.handover_first import Contact, Step, contacts, first_week
from living_manual.core.handover_next import NextDate, Ranked, dates, protocols
from living_manual.core.handover_work import (
    EVERYWHERE,
    OPEN,
    SHARED,
    Unconfirmed,
    Work,
    gaps_of,
    school_name,
    schools_of,
    unconfirmed_of,
    work_of,
)
from living_manual.core.model import Manual, Record, Ref

T = TypeVar("T")

#: So many entries of a list are told; the pack says how many more there are, and where.
LIMIT = 25
#: Of what the role owns so many of a type are named, on a line or two.
NAMED = 60
#: Of a decision's reason so many letters are told, in whole sentences; its page has all.
REASON = 240


@dataclass(frozen=True, slots=True)
class Some(Generic[T]):
    """The first entries of a list, and how many it has in all."""

    items: tuple[T, ...]
    total: int

    @property
    def rest(self) -> int:
        """How many are not told."""
        return self.total - len(self.items)


@dataclass(frozen=True, slots=True)
class Held:
    """The records of one type that the role owns, and those that it leads."""

    type: str
    owned: Some[Ref]
    led: Some[Ref]


@dataclass(frozen=True, slots=True)
class OpenAction:
    """An action that the role leads and that is not over; `late` says that its day is past."""

    action: Ref
    school: str
    due: date | None
    late: bool
    look_for: str
    evidence: str
    backed_up_by: tuple[Ref, ...]
    uses: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Backed:
    """An action, or a session to come, that the role backs up, and who leads it."""

    record: Ref
    school: str
    led_by: tuple[Ref, ...]
    day: date | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision behind the role's work: why it was taken, and which of its records it affects."""

    decision: Ref
    day: date | None
    body: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class AtSchool:
    """What the role has at one school: open actions it leads, those late, those it backs up."""

    school: Ref
    open: int
    late: int
    backs_up: int


@dataclass(frozen=True, slots=True)
class Pack:
    """A handover pack.

    `school` is None for the whole role. `says` are the lines of the role's card, `steps_in` who
    stands in while the post is vacant. `late` counts the open actions past their day; `shared` what
    the role owns or leads for no school in particular, which a pack at a school leaves to the
    role's own. `gaps_at` is the page of gaps and what it must be asked for.
    """

    role: Ref
    school: Ref | None
    day: date
    vacant: bool
    steps_in: Ref | None
    contact: str
    says: tuple[str, ...]
    first_week: tuple[Step, ...]
    dates: Some[NextDate]
    open: Some[OpenAction]
    late: int
    closed: Some[Ref]
    held: tuple[Held, ...]
    shared: int
    backs_up: Some[Backed]
    covers: tuple[Ref, ...]
    schools: tuple[AtSchool, ...]
    protocols: tuple[Ranked, ...]
    decisions: tuple[Decided, ...]
    contacts: tuple[Contact, ...]
    unconfirmed: Some[Unconfirmed]
    gaps: Some[OpenGap]
    gaps_at: tuple[Ref, str] | None

    @property
    def title(self) -> str:
        """As a heading says it."""
        return f"Handover: {self.name}"

    @property
    def name(self) -> str:
        """The role, and its school."""
        return f"{self.role.title}, {self.school.title}" if self.school else self.role.title


def pack(manual: Manual, role: Record, school: Record | None = None) -> Pack:
    """The pack of a role, or of a role at a school."""
    place = school.id if school else EVERYWHERE
    here = work_of(manual, role.id, place)
    # Sessions and reviews for no school in particular concern the role at each school.
    shared = work_of(manual, role.id, SHARED)
    wide = here + shared if school else here
    to_come = dates(manual, wide, here, place)
    opened = _open_actions(manual, here)
    learn = protocols(manual, wide if school is None else here, to_come)
    decided = _decisions(manual, role, school, here)
    people = contacts(manual, role, here, wide)
    unconfirmed = unconfirmed_of(manual, role.id, place)
    waiting = gaps_of(manual, role.id, place)
    first = first_week(
        manual,
        role,
        school,
        people,
        to_come,
        learn,
        next((each.action for each in opened if each.late), None),
        next((each for each in opened if each.look_for), None),
        len(unconfirmed),
        decided[0].decision if decided else None,
    )
    cover = manual.cover_of(role) if role.status == "vacant" else None
    found = gap_sum(manual, role)
    return Pack(
        role=role.ref,
        school=school.ref if school else None,
        day=manual.today,
        vacant=role.status == "vacant",
        steps_in=cover.ref if cover else None,
        contact=role.get("contact"),
        says=tuple(line for part in role.text.split("  ") if (line := part.strip())),
        first_week=first,
        dates=_some(to_come),
        open=_some(opened),
        late=sum(each.late for each in opened),
        closed=_some([each.ref for each in here.actions if each.status not in OPEN], NAMED),
        held=_held(manual, here),
        shared=len(_each(shared.owner, shared.led_by)) if school else 0,
        backs_up=_some(_backed(manual, here)),
        covers=tuple(each.ref for each in manual.incoming(role.id, "covered_by")),
        schools=() if school else _schools(manual, role),
        protocols=learn,
        decisions=decided,
        contacts=people,
        unconfirmed=_some(unconfirmed),
        gaps=_some(waiting),
        gaps_at=(found.where, _asks(role, school)) if found else None,
    )


def _some(items: Sequence[T], most: int = LIMIT) -> Some[T]:
    return Some(tuple(items[:most]), len(items))


def _each(*groups: Iterable[Record]) -> list[Record]:
    return list({record.id: record for group in groups for record in group}.values())


def _asks(role: Record, school: Record | None) -> str:
    return f"role={role.id}" + (f"&school={school.id}" if school else "")


def _open_actions(manual: Manual, work: Work) -> list[OpenAction]:
    """The open actions: what is late first, then what is under way; each by its day."""
    found = [_open(manual, each) for each in work.actions if each.status in OPEN]
    return sorted(
        found,
        key=lambda each: (
            not each.late,
            OPEN.index(each.action.status),
            each.due or date.max,
            each.action.id,
        ),
    )


def _open(manual: Manual, action: Record) -> OpenAction:
    due = action.day("due")
    return OpenAction(
        action.ref,
        school_name(manual, action),
        due,
        due is not None and due < manual.today,
        action.get("look_for"),
        action.get("evidence"),
        tuple(role.ref for role in manual.linked(action, "backed_up_by")),
        tuple(protocol.ref for protocol in manual.linked(action, "uses")),
    )


def _held(manual: Manual, work: Work) -> tuple[Held, ...]:
    """What the role owns and leads, by type in the order of the model; actions stand elsewhere."""
    owned: dict[str, list[Ref]] = {}
    led: dict[str, list[Ref]] = {}
    for records, groups in ((work.owner, owned), (work.led_by, led)):
        for record in records:
            if record.type != "action" or records is work.owner:
                groups.setdefault(record.type, []).append(record.ref)
    order = list(manual.model.types)
    names = sorted({*owned, *led}, key=lambda name: order.index(name) if name in order else 99)
    return tuple(
        Held(name, _some(owned.get(name, []), NAMED), _some(led.get(name, []), NAMED))
        for name in names
    )


def _backed(manual: Manual, work: Work) -> list[Backed]:
    sessions = [
        record
        for record in work.backed_up_by
        if record.type == "session" and (record.day("date") or date.min) >= manual.today
    ]
    return [
        Backed(
            record.ref,
            school_name(manual, record),
            tuple(role.ref for role in manual.linked(record, "led_by")),
            record.day("date" if record.type == "session" else "due"),
        )
        for record in (*work.backed_up, *sessions)
    ]


def _schools(manual: Manual, role: Record) -> tuple[AtSchool, ...]:
    found = []
    for school in schools_of(manual, role.id):
        work = work_of(manual, role.id, school.id)
        opened = [each for each in work.actions if each.status in OPEN]
        late = sum((each.day("due") or date.max) < manual.today for each in opened)
        found.append(AtSchool(school.ref, len(opened), late, len(work.backed_up)))
    return tuple(found)


def _decisions(
    manual: Manual, role: Record, school: Record | None, work: Work
) -> tuple[Decided, ...]:
    """Decisions that affect the role, its records or what these serve; the newest first."""
    about = {role.id, *((school.id,) if school else ())}
    for record in (*work.owner, *work.led_by):
        about.add(record.id)
        about.update(record.to("advances"), record.to("serves"), record.to("informs"))
        about.update(objective.id for objective in manual.objectives_of(record))
    affecting = manual.once(_affecting)
    found = {
        decision.id: decision for each in sorted(about) for decision in affecting.get(each, ())
    }
    ordered = sorted(
        found.values(), key=lambda each: (each.day("date") or date.min, each.id), reverse=True
    )
    return tuple(manual.once(_told)[each.id] for each in ordered)


def _affecting(manual: Manual) -> dict[str, list[Record]]:
    """The decisions that affect each record; an objective has 800 other links to it."""
    found: dict[str, list[Record]] = {}
    for decision in manual.of_type("decision"):
        for each in dict.fromkeys(decision.to("affects")):
            found.setdefault(each, []).append(decision)
    return found


def _told(manual: Manual) -> dict[str, Decided]:
    return {each.id: _decided(each) for each in manual.of_type("decision")}


def _decided(decision: Record) -> Decided:
    what, why = map(_short, what_and_why(decision.text))
    return Decided(decision.ref, decision.day("date"), decision.get("body"), what, why)


def _short(text: str) -> str:
    return "".join(run.text for run in first_sentences((Run(text),), REASON)) if text else ""


def what_and_why(text: str) -> tuple[str, str]:
    """What was decided and why, from the text of a decision with its parts What and Why.

    A text without these parts is all what was decided.
    """
    what, found, rest = text.partition("Why. ")
    why = rest.partition("What changes. ")[0] if found else ""
    return what.strip().removeprefix("What. "), why.strip()
