"""Whom a role works with, and its first week: a short list, most pressing first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from living_manual.core.handover_work import OPEN, Work
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.words import plural, say_day

if TYPE_CHECKING:
    from living_manual.core.handover import OpenAction
    from living_manual.core.handover_next import NextDate, Ranked

#: The first week has so many steps at most.
STEPS = 7


@dataclass(frozen=True, slots=True)
class Contact:
    """A role to know, why, and how to reach it; never a person."""

    role: Ref
    why: tuple[str, ...]
    contact: str
    vacant: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the first week: words, the record that they lead to, and words after it."""

    before: str
    about: Ref
    after: str


def contacts(manual: Manual, role: Record, here: Work, wide: Work) -> tuple[Contact, ...]:
    """The roles that a role works with, those with the most reasons first.

    `here` are its records at the school of the pack, `wide` with those for no school in particular.
    """
    backs: Counter[str] = Counter()
    leads: Counter[str] = Counter()
    backed: Counter[str] = Counter()
    shares: Counter[str] = Counter()
    for action in here.actions:
        if action.status in OPEN:
            backs.update(action.to("backed_up_by"))
            leads.update(action.to("led_by"))
    for action in here.backed_up:
        backed.update(action.to("led_by"))
    sessions = {r.id: r for r in (*wide.owner, *wide.led_by, *wide.backed_up_by)}
    for session in sessions.values():
        if session.type == "session" and (session.day("date") or manual.today) >= manual.today:
            shares.update(
                {*session.to("owner"), *session.to("led_by"), *session.to("backed_up_by")}
            )
    why: dict[str, list[str]] = {}
    for cover in manual.linked(role, "covered_by"):
        why.setdefault(cover.id, []).append("steps in for it")
    for covered in manual.incoming(role.id, "covered_by"):
        why.setdefault(covered.id, []).append("it steps in for this one")
    for counts, word, said in (
        (backs, "open action", "backs up {}"),
        (leads, "open action", "leads {} with it"),
        (backed, "open action", "leads {} that it backs up"),
        (shares, "session", "shares {} to come"),
    ):
        for each, count in counts.items():
            why.setdefault(each, []).append(said.format(plural(count, word)))
    weight = backs + leads + backed + shares
    return tuple(
        Contact(other.ref, tuple(why[each]), other.get("contact"), other.status == "vacant")
        for each in sorted(why, key=lambda each: (-weight[each], each))
        if each != role.id and (other := manual.get(each)) is not None
    )


def first_week(
    manual: Manual,
    role: Record,
    school: Record | None,
    people: Sequence[Contact],
    to_come: Sequence[NextDate],
    learn: Sequence[Ranked],
    late: Ref | None,
    look_for: OpenAction | None,
    unconfirmed: int,
    decision: Ref | None,
) -> tuple[Step, ...]:
    """At most `STEPS` steps: what cannot wait, then whom to ask, then what to read and see."""

    def steps() -> Iterator[Step]:
        path = next((each.page for each in manual.paths if role.id in each.roles), None)
        yield Step("Read what the role holds and decides: ", role.ref, ".")
        if path:
            yield Step(
                "Open the path for new colleagues, and begin with its first day: ", path, "."
            )
        if school:
            yield Step("Read the page of the school: ", school.ref, ".")
        if late:
            yield Step(
                "Look at an action that is past its day: ",
                late,
                ". Set it to done, give it a new day, or drop it.",
            )
        session = next((each for each in to_come if each.record.type == "session"), None)
        if session:
            yield Step(
                f"Put the next session, on {say_day(session.day)}, in your calendar: ",
                session.record,
                ".",
            )
        if people:
            yield Step(
                "Ask for half an hour with a role that works with yours: ", people[0].role, "."
            )
        if learn:
            yield Step(
                "Read the first protocol to learn, and say its steps aloud: ",
                learn[0].protocol,
                ".",
            )
        if look_for:
            yield Step(
                f"Visit one lesson and look for this: {look_for.look_for.rstrip('.')} (",
                look_for.action,
                ").",
            )
        where = manual.places.get("to-confirm")
        if unconfirmed and where:
            yield Step(f"Answer {plural(unconfirmed, 'confirmation')}: ", where, ".")
        if decision:
            yield Step(
                "Read why we decided this, so that it need not be argued again: ", decision, "."
            )

    return tuple(islice(steps(), STEPS))
