"""If a role fell vacant tomorrow: what is orphaned, covered, written down, or only in a head."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from living_manual.core.codification import ENTRIES, standing
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.resting import after, all_live, in_charge, stands_in
from living_manual.core.table import DataTable

#: Days that a drill looks ahead.
AHEAD = 60
#: The step from which an entry counts as written down: documented.
DOCUMENTED = 2


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a role has today.

    `others` are the roles that could carry it on, nearest first; none means that it is orphaned.
    `written` are the entries that say how it is done, itself among them when it is such an entry.
    `empty` names what the plan leaves empty. `in_head` says that neither a role nor a page has it.
    """

    record: Ref
    type_title: str
    at: tuple[Ref, ...]
    others: tuple[Ref, ...]
    written: tuple[Ref, ...]
    empty: tuple[str, ...]
    in_head: bool


@dataclass(frozen=True, slots=True)
class Dated:
    """A day on which the role would be missed: `what` happens, and who steps in."""

    day: date
    what: str
    record: Ref
    others: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Drill:
    """What a role has today and what would become of it; at one school when `school` is given."""

    role: Ref
    school: Ref | None
    steps_in: tuple[Ref, ...]
    items: tuple[Item, ...]
    dates: tuple[Dated, ...]
    until: date
    backs_up: int

    @property
    def orphaned(self) -> tuple[Item, ...]:
        """What nobody else owns, leads, backs up or covers."""
        return tuple(item for item in self.items if not item.others)

    @property
    def covered(self) -> tuple[Item, ...]:
        """What another role could carry on."""
        return tuple(item for item in self.items if item.others)

    @property
    def covered_by(self) -> tuple[tuple[Ref, tuple[Item, ...]], ...]:
        """The covered things by the role that is nearest, the role with most of them first."""
        found: dict[Ref, list[Item]] = {}
        for item in self.covered:
            found.setdefault(item.others[0], []).append(item)
        return tuple(
            (role, tuple(each)) for role, each in sorted(found.items(), key=lambda t: -len(t[1]))
        )

    @property
    def written(self) -> tuple[Item, ...]:
        """What runs on a written protocol, or is itself a whole entry."""
        return tuple(item for item in self.items if item.written)

    @property
    def in_head(self) -> tuple[Item, ...]:
        """What neither another role nor a page has."""
        return tuple(item for item in self.items if item.in_head)


def drill(manual: Manual, role: Record, school: Record | None = None) -> Drill:
    """The drill for a role, or for what it has at one school."""
    every = school is None
    items = tuple(
        _item(manual, record, role)
        for record in _has(manual, role)
        if every or _is_at(record, school)
    )
    return Drill(
        role.ref,
        school.ref if school else None,
        tuple(each.ref for each in stands_in(manual, role, role.id)),
        items,
        _dates(manual, items),
        manual.today + timedelta(days=AHEAD),
        sum(
            role.id in record.to("backed_up_by") and (every or _is_at(record, school))
            for record in all_live(manual)
        ),
    )


def _has(manual: Manual, role: Record) -> tuple[Record, ...]:
    """The live records that a role has today; for a vacant role those that name it."""
    return manual.once(_held).get(role.id, ())


def _held(manual: Manual) -> Mapping[str, tuple[Record, ...]]:
    found: dict[str, list[Record]] = {}
    for record in all_live(manual):
        named = {
            role.id
            for link in ("led_by", "owner")
            for role in manual.linked(record, link)
            if role.status != "filled"
        }
        for role_id in [*(each.id for each in in_charge(manual, record)), *sorted(named)]:
            found.setdefault(role_id, []).append(record)
    return {role_id: tuple(records) for role_id, records in found.items()}


def _is_at(record: Record, school: Record | None) -> bool:
    return school is not None and (school.id in record.to("at") or record.id == school.id)


def _item(manual: Manual, record: Record, role: Record) -> Item:
    others = tuple(each.ref for each in after(manual, record, role))
    written = tuple(each.ref for each in _written(manual, record))
    empty: tuple[str, ...] = ()
    if record.type == "action":
        fields = (("look_for", "look-for"), ("evidence", "evidence"))
        empty = tuple(label for name, label in fields if not record.get(name))
    return Item(
        record.ref,
        manual.model.title(record.type),
        tuple(each.ref for each in manual.linked(record, "at")),
        others,
        written,
        empty,
        not others and not written and record.type != "school",
    )


def _written(manual: Manual, record: Record) -> tuple[Record, ...]:
    """The entries without an empty part that say how the work of a record is done."""
    whole = manual.once(_whole)
    found = [record]
    for link in ("uses", "runs"):
        found += manual.linked(record, link)
    for session in manual.linked(record, "analysed_in"):
        found += manual.linked(session, "runs")
    unique = {each.id: each for each in found}
    return tuple(each for each in unique.values() if each.id in whole)


def _whole(manual: Manual) -> frozenset[str]:
    """The entries that are documented or further, by their ids."""
    return frozenset(
        record.id
        for type_name in ENTRIES
        for record in manual.of_type(type_name)
        if (level := standing(manual, record)) and level.step >= DOCUMENTED
    )


def _dates(manual: Manual, items: tuple[Item, ...]) -> tuple[Dated, ...]:
    """The days of the next weeks, in order."""
    found = []
    for item in items:
        record = manual.records[item.record.id]
        for name, what in _DAYS.get(record.type, ()):
            day = record.day(name)
            if day and manual.today <= day <= manual.today + timedelta(days=AHEAD):
                found.append(Dated(day, what, record.ref, item.others))
    return tuple(sorted(found, key=lambda each: (each.day, each.record.id, each.what)))


_DAYS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "session": (("date", "Session"),),
    "assessment": (("date", "Assessment"),),
    "action": (("starts", "Action starts"), ("due", "Action due")),
    "key_result": (("due", "Key result due"),),
}


#: How many things and days of a role a page shows; the command shows all.
SHOWN, SHOWN_DAYS = 8, 4


@dataclass(frozen=True, slots=True)
class RoleDrill:
    """The drill of a role in short: how many things, and the first of them."""

    role: Ref
    steps_in: tuple[Ref, ...]
    items: int
    covered: tuple[tuple[Ref, int], ...]
    orphaned: tuple[Item, ...]
    orphans: int
    written: int
    in_head: int
    dates: tuple[Dated, ...]
    days: int


@dataclass(frozen=True, slots=True)
class Drills:
    """The drill of every role, the one with most orphaned things first; roles without work last."""

    drills: tuple[RoleDrill, ...]
    ahead: int = AHEAD


def drills(manual: Manual) -> Drills:
    """The drill of every role, in short."""
    found = [_short(drill(manual, role)) for role in manual.of_type("role")]
    found.sort(key=lambda each: (-each.orphans, -each.items))
    return Drills(tuple(found))


def _short(view: Drill) -> RoleDrill:
    orphaned = sorted(view.orphaned, key=lambda item: not item.in_head)
    return RoleDrill(
        view.role,
        view.steps_in,
        len(view.items),
        tuple((role, len(items)) for role, items in view.covered_by),
        tuple(orphaned[:SHOWN]),
        len(orphaned),
        len(view.written),
        len(view.in_head),
        view.dates[:SHOWN_DAYS],
        len(view.dates),
    )


def drills_table(view: Drills) -> DataTable:
    """One row a role."""
    return DataTable(
        (
            *("role_id", "role", "steps_in", "things", "orphaned", "covered", "written"),
            *("only_in_a_head", "dates"),
        ),
        tuple(
            (
                each.role.id,
                each.role.title,
                ";".join(ref.id for ref in each.steps_in),
                each.items,
                each.orphans,
                each.items - each.orphans,
                each.written,
                each.in_head,
                each.days,
            )
            for each in view.drills
        ),
    )
