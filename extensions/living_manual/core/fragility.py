"""Where the work rests on one person or one role: what would be lost at a transition (source S1).

Authors come from the git history and are counted, never named. Roles come from the records. The
index of an area is the share of its pages, entries, actions and sessions that rest on one; the rule
of each stands in `RULES`, and on the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from living_manual.core.gaps import gaps
from living_manual.core.history import NOTES, UNASKED, Written
from living_manual.core.leaving import Leaving, leaving
from living_manual.core.matrix import percent
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.resting import (
    after,
    all_live,
    in_charge,
    only_role,
    rests_on_one,
    stands_in,
)
from living_manual.core.table import DataTable
from living_manual.core.words import plural

#: Areas with their names, in the order in which readers meet them; other folders follow by name.
AREAS: Mapping[str, str] = {
    "vision": "Vision",
    "glossary": "Words",
    "protocols": "Protocols",
    "exemplars": "Exemplars",
    "schools": "Schools",
    "learning": "Learning",
    "onboarding": "First weeks",
}
#: Folders whose pages the kit computes: there is nothing in them that a person could take away.
COMPUTED = ("progress",)
#: From which share of an area, in percent, it is called so; the first that fits.
MARKS: tuple[tuple[int, str, str], ...] = (
    (50, "fragile", "Fragile"),
    (25, "thin", "Thin"),
    (0, "steady", "Steady"),
)
#: What is counted in an area, and when one of it rests on one.
RULES: Mapping[str, str] = {
    "page": "A page rests on one person when the history names one author of it, and no other.",
    "entry": "An entry (a word, a protocol, an objective, a school and so on) rests on one role "
    "when that role alone has it: no second role owns it, and no role covers for the owner.",
    "work": "An open action, or a session to come, rests on one role when one role leads it and "
    "no other is named to back it up.",
}


@dataclass(frozen=True, slots=True)
class Part:
    """How many things of a kind there are, and how many of them rest on one."""

    all: int
    single: int


@dataclass(frozen=True, slots=True)
class Area:
    """A folder of the manual. `pages` is None when nothing is known of authors.

    `next` is the one step that takes the most weight off, `about` the role or page it is about.
    """

    name: str
    where: Ref | None
    pages: Part | None
    entries: Part
    work: Part
    leaving: Leaving | None
    next: str
    about: Ref | None = None

    @property
    def all(self) -> int:
        """Everything that is counted."""
        return self.entries.all + self.work.all + (self.pages.all if self.pages else 0)

    @property
    def single(self) -> int:
        """What of it rests on one."""
        return self.entries.single + self.work.single + (self.pages.single if self.pages else 0)

    @property
    def index(self) -> int:
        """The share of what rests on one, in percent."""
        return percent(self.single, self.all)

    @property
    def mark(self) -> tuple[str, str]:
        """Key and word of the mark, from the exact share."""
        shares = (each for each in MARKS if self.single * 100 >= each[0] * self.all)
        _, key, word = next(shares)
        return key, word


@dataclass(frozen=True, slots=True)
class SinglePage:
    """A page that one person alone has written, with the day of its last change."""

    page: Ref
    area: str
    changed: date


@dataclass(frozen=True, slots=True)
class SingleRecord:
    """An entry, action or session that rests on one role; None for the role when nobody has it."""

    record: Ref
    kind: str
    area: str
    role: Ref | None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class AloneRole:
    """A held role that no role covers, with how many things would be left to nobody."""

    role: Ref
    alone: int


@dataclass(frozen=True, slots=True)
class ElsewhereGap:
    """What the page of gaps tells already: its rule, and how many there are."""

    rule: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class Fragility:
    """All single points of failure, by area.

    `state` says what became of reading the history (`core.history`); `unseen` counts pages that no
    commit holds yet, `read` the others. `register` is the page of gaps, None where there is none.
    """

    state: str
    areas: tuple[Area, ...]
    pages: tuple[SinglePage, ...]
    records: tuple[SingleRecord, ...]
    roles: tuple[AloneRole, ...]
    elsewhere: tuple[ElsewhereGap, ...]
    unseen: int
    read: int
    register: Ref | None
    day: date
    rules: tuple[str, ...] = tuple(RULES.values())

    @property
    def note(self) -> str:
        """Why nothing is said about authors; empty when they are counted."""
        return NOTES.get(self.state, "")

    @property
    def worst(self) -> tuple[Area, ...]:
        """The three areas with the largest share of what rests on one."""
        some = [area for area in self.areas if area.single]
        some.sort(key=lambda area: (-area.single / area.all, -area.single))
        return tuple(some[:3])

    def of_kind(self, kind: str) -> tuple[SingleRecord, ...]:
        """The records of a kind: `entry`, `action` or `session`."""
        return tuple(each for each in self.records if each.kind == kind)

    @property
    def entries_by_role(self) -> tuple[tuple[Ref | None, tuple[SingleRecord, ...]], ...]:
        """The entries of each role that has them alone, the role with most of them first."""
        found: dict[Ref | None, list[SingleRecord]] = {}
        for each in self.of_kind("entry"):
            found.setdefault(each.role, []).append(each)
        return tuple(
            (role, tuple(each)) for role, each in sorted(found.items(), key=lambda t: -len(t[1]))
        )

    @property
    def pages_by_area(self) -> tuple[tuple[str, tuple[SinglePage, ...]], ...]:
        """The pages of each area, in the order of the areas."""
        found: dict[str, list[SinglePage]] = {area.name: [] for area in self.areas}
        for each in self.pages:
            found[each.area].append(each)
        return tuple((name, tuple(each)) for name, each in found.items() if each)


def fragility(manual: Manual) -> Fragility:
    """Every single point of failure on the manual's day; worked out once."""
    return manual.once(_fragility)


def area_of(page: str) -> str:
    """The folder of a page that counts as an area; empty for computed pages and the first page."""
    folder, slash, _ = page.partition("/")
    return folder if slash and folder not in COMPUTED else ""


def _fragility(manual: Manual) -> Fragility:
    history = manual.history
    known = history is not None and history.known
    counted = [
        (ref, written) for ref, written in (history.pages if history else ()) if area_of(ref.page)
    ]
    written = [(ref, each) for ref, each in counted if each and each.authors]
    live = [record for record in all_live(manual) if area_of(record.page)]
    single = {record.id for record in live if rests_on_one(manual, record)}
    names = {ref.page.partition("/")[0] for ref, _ in counted}
    names |= {area_of(record.page) for record in live}
    titles = {ref.page: ref for ref, _ in counted}
    return Fragility(
        history.state if history else UNASKED,
        tuple(
            _area(manual, name, titles.get(f"{name}/index"), written if known else None, live)
            for name in [*AREAS, *sorted(names - AREAS.keys())]
            if name in names
        ),
        tuple(
            SinglePage(ref, _name(area_of(ref.page)), each.changed)
            for ref, each in written
            if len(each.authors) == 1
        ),
        tuple(_single(manual, record) for record in live if record.id in single),
        _alone(manual),
        _elsewhere(manual),
        len(counted) - len(written) if known else 0,
        len(written),
        manual.places.get("gaps"),
        manual.today,
    )


def _name(folder: str) -> str:
    return AREAS.get(folder, folder.replace("-", " ").capitalize())


def _kind(record: Record) -> str:
    return record.type if record.type in ("action", "session") else "entry"


def _single(manual: Manual, record: Record) -> SingleRecord:
    kind = _kind(record)
    alone = only_role(manual, record)
    if kind != "entry":
        first = in_charge(manual, record)
        alone = first[0] if first else None
    return SingleRecord(
        record.ref,
        kind,
        _name(area_of(record.page)),
        alone.ref if alone else None,
        record.day("date"),
    )


def _area(
    manual: Manual,
    folder: str,
    where: Ref | None,
    written: Iterable[tuple[Ref, Written]] | None,
    live: Iterable[Record],
) -> Area:
    here = [record for record in live if area_of(record.page) == folder]
    entries = [record for record in here if _kind(record) == "entry"]
    work = [record for record in here if _kind(record) != "entry"]
    mine = [pair for pair in written or () if area_of(pair[0].page) == folder]
    authors = [each.authors for _, each in mine]
    pages = Part(len(authors), sum(len(each) == 1 for each in authors)) if authors else None
    entry_part = Part(len(entries), sum(rests_on_one(manual, each) for each in entries))
    work_part = Part(len(work), sum(rests_on_one(manual, each) for each in work))
    alone = [pair for pair in mine if len(pair[1].authors) == 1]
    what, about = _next(manual, alone, entries, entry_part, work_part)
    place = Ref("", "page", _name(folder), where.page) if where else None
    return Area(
        _name(folder),
        place,
        pages,
        entry_part,
        work_part,
        leaving(authors) if authors else None,
        what,
        about,
    )


def _next(
    manual: Manual,
    pages: Sequence[tuple[Ref, Written]],
    entries: Iterable[Record],
    owned: Part,
    work: Part,
) -> tuple[str, Ref | None]:
    """The one step that takes most weight off an area, and the role or page that it is about.

    `pages` are those of one author. Of these it is an entry's that nobody has touched for longest.
    """
    most = max(owned.single, work.single, len(pages))
    if not most:
        return "", None
    if owned.single == most:
        roles = Counter(role.id for each in entries if (role := only_role(manual, each)))
        if not roles:
            return "Name a held role as the owner of what nobody has.", None
        role_id, count = roles.most_common(1)[0]
        what = plural(count, "entry rests", "entries rest")
        return f"Name a role that covers this one. {what} on it alone:", manual.records[role_id].ref
    if work.single == most:
        what = plural(most, "action or session", "actions and sessions")
        return f"Name a second role for {what}.", None
    first, _ = min(pages, key=lambda pair: (not pair[0].id, pair[1].changed, pair[0].page))
    what = plural(most, "page has", "pages have")
    return f"{what} one author. Ask a second person to read one and improve it, such as", first


def _alone(manual: Manual) -> tuple[AloneRole, ...]:
    """Held roles that nobody covers and whose work, or some of it, nobody else has."""
    lost: Counter[str] = Counter()
    for record in all_live(manual):
        for role in in_charge(manual, record):
            if not after(manual, record, role):
                lost[role.id] += 1
    found = [
        AloneRole(role.ref, lost[role.id])
        for role in manual.of_type("role")
        if lost[role.id] and role.status == "filled" and not stands_in(manual, role, role.id)
    ]
    return tuple(sorted(found, key=lambda each: -each.alone))


def _elsewhere(manual: Manual) -> tuple[ElsewhereGap, ...]:
    """What the page of gaps lists: it is counted here, and told there."""
    found = {group.key: (group.title, len(group.gaps)) for group in gaps(manual).groups}
    titles = {"role": "Vacant role", "backup": "Action that rests on one role"}
    titles["review"] = "Review overdue"
    return tuple(ElsewhereGap(rule, *found.get(rule, (title, 0))) for rule, title in titles.items())


def fragility_table(view: Fragility) -> DataTable:
    """One row an area: its parts, its index, and how many people it takes to lose half."""
    return DataTable(
        (
            *("area", "index_percent", "mark", "pages", "pages_by_one_person"),
            *("entries", "entries_on_one_role", "actions_and_sessions", "without_backup"),
            "people_to_lose_half",
        ),
        tuple(
            (
                area.name,
                area.index,
                area.mark[1],
                area.pages.all if area.pages else None,
                area.pages.single if area.pages else None,
                area.entries.all,
                area.entries.single,
                area.work.all,
                area.work.single,
                area.leaving.said if area.leaving else None,
            )
            for area in view.areas
        ),
    )


def single_points_table(view: Fragility) -> DataTable:
    """One row for everything that rests on one; authors are never told apart."""
    rows = [
        ("page", each.area, each.page.id, each.page.title, each.page.page, "", each.changed)
        for each in view.pages
    ]
    records = [
        (
            each.kind,
            each.area,
            each.record.id,
            each.record.title,
            each.record.page,
            each.role.id if each.role else "",
            each.day,
        )
        for each in view.records
    ]
    return DataTable(
        ("kind", "area", "record_id", "title", "page", "rests_on", "day"),
        tuple((*row[:6], row[6].isoformat() if row[6] else "") for row in (*rows, *records)),
    )
