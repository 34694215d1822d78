"""Who does what where: the records each role owns, leads and backs up, whole and at each school.

Read once for the whole manual: a district of 200 schools has 2,500 pairs of a role and a school.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from living_manual.core.confirm import Change, confirmations
from living_manual.core.gaps import OpenGap, gaps
from living_manual.core.model import Manual, Record, Ref

#: Stands, where a school's id could stand, for everything that a role does.
EVERYWHERE = ""
#: Stands for what a role does for no school in particular.
SHARED = "-"
#: What is left to do: the states of an action that is neither done nor dropped.
OPEN = ("active", "planned", "paused")
_LINKS = ("owner", "led_by", "backed_up_by")


@dataclass(slots=True)
class Work:
    """The records that name a role, by the link that names it, in the order of the manual."""

    owner: list[Record] = field(default_factory=list)
    led_by: list[Record] = field(default_factory=list)
    backed_up_by: list[Record] = field(default_factory=list)

    def __add__(self, other: Work) -> Work:
        """Both, first this."""
        return Work(*(getattr(self, each) + getattr(other, each) for each in _LINKS))

    @property
    def actions(self) -> list[Record]:
        """The actions it leads."""
        return [record for record in self.led_by if record.type == "action"]

    @property
    def backed_up(self) -> list[Record]:
        """The actions it backs up that are not over."""
        return [r for r in self.backed_up_by if r.type == "action" and r.status in OPEN]


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A record that waits for its owner to confirm the new wording of others; where to write so."""

    record: Ref
    changes: tuple[Change, ...]
    line: str
    file: str
    row: int


def places_of(record: Record) -> tuple[str, ...]:
    """The ids of the schools where a record is; a school is where it is itself."""
    return (record.id,) if record.type == "school" else tuple(dict.fromkeys(record.to("at")))


def school_name(manual: Manual, record: Record) -> str:
    """The short names of the schools where a record is."""
    return ", ".join(school.get("short") or school.title for school in manual.linked(record, "at"))


def works(manual: Manual) -> Mapping[tuple[str, str], Work]:
    """The work of each role, by its id and a school's, `EVERYWHERE` or `SHARED`."""
    return manual.once(_works)


def _works(manual: Manual) -> Mapping[tuple[str, str], Work]:
    found: dict[tuple[str, str], Work] = {}
    for record in manual.records.values():
        if record.type == "role":
            continue
        for link in _LINKS:
            for role in dict.fromkeys(record.links.get(link, ())):
                for place in (EVERYWHERE, *(places_of(record) or (SHARED,))):
                    work = found.setdefault((role, place), Work())
                    getattr(work, link).append(record)
    return found


def work_of(manual: Manual, role: str, place: str) -> Work:
    """The work of a role at a place; with nothing in it where it has none."""
    return works(manual).get((role, place)) or Work()


def schools_of(manual: Manual, role: str) -> tuple[Record, ...]:
    """The schools where a role leads, backs up, owns or facilitates something, by name."""
    return manual.once(_schools).get(role, ())


def roles_at(manual: Manual, school: str) -> tuple[Record, ...]:
    """The roles that lead, back up, own or facilitate something at a school, as written."""
    found = works(manual)
    return tuple(role for role in manual.of_type("role") if (role.id, school) in found)


def _schools(manual: Manual) -> Mapping[str, tuple[Record, ...]]:
    found: dict[str, list[Record]] = {}
    for role, place in works(manual):
        school = manual.get(place)
        if school is not None and school.type == "school":
            found.setdefault(role, []).append(school)
    return {
        role: tuple(sorted(schools, key=lambda each: (each.title, each.id)))
        for role, schools in found.items()
    }


def gaps_of(manual: Manual, role: str, place: str) -> tuple[OpenGap, ...]:
    """The open gaps that wait for a role, those with the oldest date first."""
    return manual.once(_gaps).get((role, place), ())


def _gaps(manual: Manual) -> Mapping[tuple[str, str], tuple[OpenGap, ...]]:
    found: dict[tuple[str, str], list[OpenGap]] = {}
    for gap in gaps(manual).open:
        for owner in gap.owners:
            for place in (EVERYWHERE, *(school.id for school in gap.schools)):
                found.setdefault((owner.id, place), []).append(gap)
    return {pair: tuple(each) for pair, each in found.items()}


def unconfirmed_of(manual: Manual, role: str, place: str) -> tuple[Unconfirmed, ...]:
    """What a role is asked to confirm and has not."""
    return manual.once(_unconfirmed).get((role, place), ())


def _unconfirmed(manual: Manual) -> Mapping[tuple[str, str], tuple[Unconfirmed, ...]]:
    found: dict[tuple[str, str], list[Unconfirmed]] = {}
    for group in confirmations(manual).groups:
        items = [item for _, each in group.roles for item in each]
        for item in items:
            what = item.what
            told = Unconfirmed(what.record, what.changes, what.line, what.file, what.row)
            for role in item.roles:
                for place in (EVERYWHERE, *((group.school.id,) if group.school else ())):
                    found.setdefault((role.id, place), []).append(told)
    return {pair: tuple(each) for pair, each in found.items()}
