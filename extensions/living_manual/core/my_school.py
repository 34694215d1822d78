"""My school: what a reader's own school is doing, and which sessions are to come there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from living_manual.core.model import Manual, Record, Ref
from living_manual.core.words import say_day

#: The living states in the order in which a newcomer needs them.
_UNDER_WAY = ("active", "planned", "done")


@dataclass(frozen=True, slots=True)
class MySchool:
    """What a page offers: the schools to choose from, and the roles whose actions come first."""

    schools: tuple[Ref, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnAction:
    """A living action of the school."""

    action: Ref
    due: date | None
    overdue: bool
    led_by: tuple[Ref, ...]
    backed_up_by: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A session to come; `here` says that it is at this school, and not for the whole district."""

    session: Ref
    day: date
    hours: str
    here: bool


@dataclass(frozen=True, slots=True)
class AtSchool:
    """A school with its living actions, what is under way first, and its sessions from today on."""

    school: Ref
    actions: tuple[OwnAction, ...]
    sessions: tuple[OwnSession, ...]


def my_school(manual: Manual, page: str) -> MySchool:
    """The schools by name; the roles of the path on the page, if there is one."""
    roles = next((each.roles for each in manual.paths if each.page.page == page), ())
    schools = sorted(manual.of_type("school"), key=lambda school: (school.title, school.id))
    return MySchool(tuple(school.ref for school in schools), roles)


def at_school(manual: Manual, school: Record) -> AtSchool:
    """What the school does and what comes; a session that names no school is for all of them."""
    actions = (
        _action(manual, record)
        for record in manual.incoming(school.id, "at")
        if record.type == "action" and record.living
    )
    sessions = (
        _session(record, day)
        for record, day in manual.once(_to_come)
        if not record.to("at") or school.id in record.to("at")
    )
    return AtSchool(
        school.ref,
        tuple(sorted(actions, key=lambda each: _UNDER_WAY.index(each.action.status))),
        tuple(sorted(sessions, key=lambda entry: (entry.day, entry.session.id))),
    )


def _to_come(manual: Manual) -> tuple[tuple[Record, date], ...]:
    """Every session from today on, with its day; looked for once, not for each school."""
    return tuple(
        (record, day)
        for record in manual.of_type("session")
        if (day := record.day("date")) is not None and day >= manual.today
    )


def _action(manual: Manual, action: Record) -> OwnAction:
    due = action.day("due")
    return OwnAction(
        action.ref,
        due,
        action.status != "done" and due is not None and due < manual.today,
        tuple(role.ref for role in manual.linked(action, "led_by")),
        tuple(role.ref for role in manual.linked(action, "backed_up_by")),
    )


def _session(session: Record, day: date) -> OwnSession:
    hours = session.get("hours")
    return OwnSession(
        session.ref, day, f"{float(hours):g}" if hours else "", bool(session.to("at"))
    )


def at_school_json(view: AtSchool, url: Callable[[Ref], str]) -> str:
    """The school for a page that asks for it; `url` gives addresses from the site's root."""

    def told(ref: Ref) -> dict[str, str]:
        return {"title": ref.title, "url": url(ref)}

    def roles(refs: tuple[Ref, ...]) -> list[dict[str, str]]:
        return [{"id": ref.id, "title": ref.title} for ref in refs]

    def when(day: date | None) -> dict[str, str] | None:
        return {"iso": day.isoformat(), "said": say_day(day)} if day else None

    value: dict[str, Any] = {
        "school": told(view.school),
        "actions": [
            {
                **told(each.action),
                "status": each.action.status,
                "due": when(each.due),
                "overdue": each.overdue,
                "led_by": roles(each.led_by),
                "backed_up_by": roles(each.backed_up_by),
            }
            for each in view.actions
        ],
        "sessions": [
            {**told(each.session), "day": when(each.day), "hours": each.hours, "here": each.here}
            for each in view.sessions
        ],
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
