"""A handover pack in sections and sentences: the page, the PDF and the command all say these.

A section is a list of numbered steps, a list of entries, or a table. Whatever leads somewhere is a
`Said` with the record it leads to; addresses are made by whoever shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from living_manual.core.handover import Backed, Held, OpenAction, Pack, Some
from living_manual.core.handover_next import REVIEW_DAYS
from living_manual.core.model import Ref
from living_manual.core.words import listed, plural, say_age, say_day, say_weekday


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of text, with the record or the address that it leads to, if it leads anywhere."""

    text: str
    to: Ref | None = None
    href: str = ""
    strong: bool = False


Line = tuple[Said, ...]
#: A label on a role's card is no longer than this.
LABEL = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of a list: what it is, and what else there is to say of it."""

    head: Line
    lines: tuple[Line, ...] = ()
    status: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the pack; `blank` is said when there is nothing in it."""

    name: str
    title: str
    note: str = ""
    blank: str = ""
    form: Literal["steps", "entries", "table"] = "entries"
    entries: tuple[Entry, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Line, ...], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it."""
        return not self.entries and not self.rows


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole pack: title, the strip of facts below it, sections in the order of their use."""

    title: str
    purpose: str
    facts: tuple[tuple[str, Line], ...]
    says: tuple[Line, ...]
    sections: tuple[Section, ...]


def sheet(pack: Pack, type_title: Callable[[str], str]) -> Sheet:
    """The pack as it is shown; `type_title` names a type of record for people."""
    made = (
        _first_week(pack),
        _dates(pack),
        _actions(pack),
        _schools(pack),
        _backs_up(pack),
        _held(pack, type_title),
        _protocols(pack),
        _decisions(pack),
        _contacts(pack),
        _unconfirmed(pack),
        _gaps(pack),
    )
    where = f" at {pack.school.title}" if pack.school else ""
    return Sheet(
        pack.title,
        f"What this role holds{where}, what comes next, and which role to ask. "
        f"As the manual stood on {say_day(pack.day)}.",
        tuple(_facts(pack)),
        tuple(_label_first(line) for line in pack.says),
        tuple(section for section in made if section.blank or not section.empty),
    )


def _link(ref: Ref) -> Said:
    return Said(ref.title, ref)


def _links(refs: Iterable[Ref]) -> Line:
    found: list[Said] = []
    for ref in refs:
        found += [Said(", "), _link(ref)] if found else [_link(ref)]
    return tuple(found)


def _label(word: str) -> Said:
    return Said(f"{word}: ", strong=True)


def _label_first(line: str) -> Line:
    """A line of a role's card: what stands before its colon is its label."""
    label, found, rest = line.partition(": ")
    short = found and len(label) <= LABEL
    return (_label(label), Said(rest)) if short else (Said(line),)


def _more(some: Some[Any], where: str) -> str:
    return f" The first {len(some.items)} of {some.total} stand here; {where}" if some.rest else ""


def _facts(pack: Pack) -> Iterator[tuple[str, Line]]:
    if pack.school:
        yield "School", (_link(pack.school),)
    yield "Role", (_link(pack.role),)
    if pack.vacant:
        said = (Said("vacant; "), _link(pack.steps_in), Said(" steps in")) if pack.steps_in else ()
        yield "Post", said or (Said("vacant, and no role steps in"),)
    if pack.contact:
        yield "Mailbox", (_contact(pack.contact),)
    late = f", {pack.late} past {'its' if pack.late == 1 else 'their'} day" if pack.late else ""
    yield "Open actions", (Said(f"{pack.open.total}{late}"),)
    if pack.gaps.total:
        yield "Gaps to close", (Said(str(pack.gaps.total)),)


def _contact(text: str) -> Said:
    return Said(text, href=f"mailto:{text}" if "@" in text and " " not in text else "")


def _first_week(pack: Pack) -> Section:
    return Section(
        "first-week",
        "The first week",
        "In this order. Most steps take less than half an hour.",
        form="steps",
        entries=tuple(
            Entry((Said(step.before), _link(step.about), Said(step.after)))
            for step in pack.first_week
        ),
    )


def _dates(pack: Pack) -> Section:
    placed = any(each.place for each in pack.dates.items)
    rows = tuple(
        (
            (Said(_day(each.day, pack.day) + (f", {each.begins}" if each.begins else "")),),
            (Said(f"{each.does.capitalize()}: ", strong=each.late), _link(each.record)),
            *(((Said(each.place),),) if placed else ()),
        )
        for each in pack.dates.items
    )
    return Section(
        "dates",
        "Next dates",
        "What is late comes first. Sessions and assessments are told from today on, reviews when "
        f"they are late or due within {REVIEW_DAYS} days."
        + _more(pack.dates, "the pack of each school tells its own."),
        "No date is set from today on.",
        "table",
        columns=("Day", "What", "Where") if placed else ("Day", "What"),
        rows=rows,
    )


def _day(day: date, today: date) -> str:
    return say_day(day) if day < today else f"{say_weekday(day)} {day.year}"


def _actions(pack: Pack) -> Section:
    return Section(
        "actions",
        "Open actions",
        "Active, planned and paused actions that this role leads."
        + _more(pack.open, "the pack of each school tells its own."),
        "This role leads no open action.",
        entries=tuple(_action(pack, each) for each in pack.open.items),
    )


def _action(pack: Pack, each: OpenAction) -> Entry:
    about: list[Said] = []
    if each.due:
        about.append(
            Said(f"{'Was due' if each.late else 'Due'} {say_day(each.due)}", strong=each.late)
        )
    if each.school and not pack.school:
        about.append(Said(f"{' · ' if about else ''}{each.school}"))
    about.append(Said(" · backed up by " if about else "Backed up by "))
    about += _links(each.backed_up_by) or [Said("no role yet")]
    lines = [tuple(about)]
    lines.append((_label("Look for"), Said(each.look_for or "not said yet")))
    if each.evidence:
        lines.append((_label("Evidence"), Said(each.evidence)))
    return Entry((_link(each.action),), tuple(lines), each.action.status)


def _schools(pack: Pack) -> Section:
    return Section(
        "schools",
        "School by school",
        "Each school has a pack of its own.",
        form="table",
        columns=("School", "Open actions", "Late", "Backs up"),
        rows=tuple(
            (
                (Said(each.school.title, Ref(each.school.id, "pack", "", "")),),
                *((Said(str(count)),) for count in (each.open, each.late, each.backs_up)),
            )
            for each in pack.schools
        ),
    )


def _until(each: Backed) -> str:
    word = "on" if each.record.type == "session" else "until"
    return f" · {word} {say_day(each.day)}" if each.day else ""


def _backs_up(pack: Pack) -> Section:
    entries = [
        Entry(
            (_link(each.record),),
            (
                (
                    *((Said(f"{each.school} · "),) if each.school and not pack.school else ()),
                    Said("led by "),
                    *(_links(each.led_by) or (Said("no role"),)),
                    Said(_until(each)),
                ),
            ),
        )
        for each in pack.backs_up.items
    ]
    if pack.covers:
        entries.insert(0, Entry((Said("Steps in for: "), *_links(pack.covers))))
    return Section(
        "backs-up",
        "What it backs up",
        "If the role that leads cannot, this role goes on."
        + _more(pack.backs_up, "the pack of each school tells its own."),
        entries=tuple(entries),
    )


def _held(pack: Pack, type_title: Callable[[str], str]) -> Section:
    entries = [_holding(held, type_title) for held in pack.held]
    if pack.closed.total:
        rest = f" and {pack.closed.rest} more" if pack.closed.rest else ""
        told = (*_links(pack.closed.items), Said(rest))
        entries.append(Entry((Said("Actions that are done or dropped"),), (told,)))
    if pack.shared:
        entries.append(
            Entry(
                (
                    Said(f"{plural(pack.shared, 'more thing')} for no school in particular: "),
                    Said(f"the pack of the whole role, {pack.role.title}", Ref("", "pack", "", "")),
                )
            )
        )
    return Section(
        "holds",
        "What it owns and leads",
        "The owner keeps the page true. The open actions stand above.",
        "This role owns and leads nothing yet.",
        entries=tuple(entries),
    )


def _holding(held: Held, type_title: Callable[[str], str]) -> Entry:
    title = type_title(held.type)
    parts = []
    for word, some in (("Owns", held.owned), ("Leads", held.led)):
        if some.total:
            rest = f" and {some.rest} more" if some.rest else ""
            parts.append((_label(word), *_links(some.items), Said(rest)))
    total = len({ref.id for some in (held.owned, held.led) for ref in some.items})
    total = max(total, held.owned.total, held.led.total)
    return Entry((Said(plural(total, title.lower()) if title else held.type),), tuple(parts))


def _protocols(pack: Pack) -> Section:
    return Section(
        "protocols",
        "Protocols to learn first",
        "First what the next sessions run, then what open actions use, then the rest.",
        "No session or action of this role uses a protocol.",
        "steps",
        tuple(
            Entry(
                (_link(each.protocol),),
                ((Said((f"{each.minutes} min · " if each.minutes else "") + each.why),),),
            )
            for each in pack.protocols
        ),
    )


def _decisions(pack: Pack) -> Section:
    return Section(
        "decisions",
        "Decisions behind the work",
        "Those that affect this role, its records or the objectives they serve; the newest first.",
        entries=tuple(
            Entry(
                (_link(each.decision),),
                (
                    (
                        Said(
                            " · ".join(
                                filter(None, (say_day(each.day) if each.day else "", each.body))
                            )
                        ),
                    ),
                    ((_label("Why"), Said(each.why)) if each.why else (Said(each.what),)),
                ),
            )
            for each in pack.decisions
        ),
    )


def _contacts(pack: Pack) -> Section:
    return Section(
        "contacts",
        "Roles to know",
        "Roles, never people: whoever holds the role reads its mailbox.",
        "No other role works with this one yet.",
        entries=tuple(
            Entry(
                (_link(each.role), Said(" (vacant)" if each.vacant else "")),
                (
                    (Said(listed(each.why)),),
                    *(((_contact(each.contact),),) if each.contact else ()),
                ),
            )
            for each in pack.contacts
        ),
    )


def _unconfirmed(pack: Pack) -> Section:
    return Section(
        "to-confirm",
        "Waiting for an answer",
        "These depend on words that have changed. Does each still fit? Revise it, or confirm it."
        + _more(pack.unconfirmed, "the page of confirmations has all."),
        "Nothing waits to be confirmed.",
        entries=tuple(
            Entry(
                (_link(each.record),),
                (
                    (
                        Said("the wording has changed of "),
                        *_links(change.parent for change in each.changes),
                    ),
                ),
            )
            for each in pack.unconfirmed.items
        ),
    )


def _gaps(pack: Pack) -> Section:
    return Section(
        "gaps",
        "Gaps to close",
        "What the manual promises and does not yet hold."
        + _more(pack.gaps, "the page of gaps has all."),
        "No open gap waits for this role.",
        entries=tuple(
            Entry(
                (_link(gap.record),),
                (
                    (
                        Said(gap.what, strong=gap.late),
                        *((Said(" · "), _link(gap.about)) if gap.about else ()),
                        Said(f" · for {say_age(gap.days)}" if gap.days else ""),
                    ),
                ),
            )
            for gap in pack.gaps.items
        ),
    )
