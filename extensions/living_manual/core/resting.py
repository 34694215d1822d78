"""On whom a record rests: the held roles that have it, and who would if one of them fell vacant.

The work of a vacant role goes to the role that covers it (`covered_by`) and, when that is vacant,
to its cover in turn, as `Manual.cover_of` says.
"""

from __future__ import annotations

from living_manual.core.model import Manual, Record

#: Links by which a record names who has it, in the order in which one asks.
LEADING = ("led_by", "owner")
OPEN = ("planned", "active")


def live(manual: Manual, record: Record) -> bool:
    """Whether something of the record can still be lost.

    An action that is done, paused or dropped is over, and so is a session or an assessment whose
    day has passed.
    """
    if record.type == "action":
        return record.status in OPEN
    if record.type in ("session", "assessment"):
        day = record.day("date")
        return day is None or day >= manual.today
    return record.type != "role"


def all_live(manual: Manual) -> tuple[Record, ...]:
    """Every live record that a role owns or leads, in the order of the manual."""
    return manual.once(_all_live)


def _all_live(manual: Manual) -> tuple[Record, ...]:
    return tuple(
        record
        for record in manual.records.values()
        if any(record.to(link) for link in LEADING) and live(manual, record)
    )


def stands_in(manual: Manual, role: Record, gone: str = "") -> tuple[Record, ...]:
    """The held roles that have a role's work when the role of the id `gone` is vacant, too.

    That is the role itself while it is held. Otherwise those that cover it and, in place of a
    cover that is vacant, those that cover that one; nearest first.
    """
    known = manual.once(_known)
    key = (role.id, gone)
    if key not in known:
        waiting, seen, found = [role], set[str](), []
        while waiting:
            each = waiting.pop(0)
            if each.id in seen or each.type != "role":
                continue
            seen.add(each.id)
            if each.status == "filled" and each.id != gone:
                found.append(each)
            else:
                waiting.extend(manual.linked(each, "covered_by"))
        known[key] = tuple(found)
    return known[key]


def _known(_manual: Manual) -> dict[tuple[str, str], tuple[Record, ...]]:
    """What `stands_in` has found out; there are few roles and many records."""
    return {}


def leaders(manual: Manual, record: Record) -> tuple[Record, ...]:
    """The roles that lead a record or, where none does, own it."""
    return manual.linked(record, "led_by") or manual.linked(record, "owner")


def in_charge(manual: Manual, record: Record) -> tuple[Record, ...]:
    """The held roles that have a record today: who leads or owns it, or the first to stand in."""
    found = {
        first.id: first
        for link in LEADING
        for role in manual.linked(record, link)
        for first in stands_in(manual, role)[:1]
    }
    return tuple(found.values())


def carriers(manual: Manual, record: Record, gone: str = "") -> tuple[Record, ...]:
    """The held roles that lead, own or back up a record, or stand in for one that does.

    `gone` is the id of a role that is taken to be vacant.
    """
    found = {
        each.id: each
        for link in ("led_by", "owner", "backed_up_by")
        for role in manual.linked(record, link)
        for each in stands_in(manual, role, gone)
    }
    return tuple(found.values())


def after(manual: Manual, record: Record, role: Record) -> tuple[Record, ...]:
    """Who would have a record if this role fell vacant, nearest first."""
    return carriers(manual, record, role.id)


def only_role(manual: Manual, record: Record) -> Record | None:
    """The held role without which nobody has the record; None when there is no such role."""
    found = carriers(manual, record)
    return found[0] if len(found) == 1 and not after(manual, record, found[0]) else None


def rests_on_one(manual: Manual, record: Record) -> bool:
    """Whether a live record rests on one role.

    An action or a session does when one role leads it and none is named to back it up: someone
    must have it in the calendar. Anything else does when nobody would have it without that role.
    """
    if record.type in ("action", "session"):
        first = {role.id for role in leaders(manual, record)}
        second = {role.id for role in manual.linked(record, "backed_up_by")} - first
        return len(first) <= 1 and not second
    return not carriers(manual, record) or only_role(manual, record) is not None
