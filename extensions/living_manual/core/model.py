"""The records of a manual and how they hang together. Start reading here.

A `Record` is one thing the manual says (an objective, an action, a word). A `Manual` holds all of
them with the district's settings and the day it is read on, and answers who links to whom. The
types, links and fields themselves are declared in `ubproject.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

from living_manual.core.edition import STAFF, Edition
from living_manual.core.path import PathPage
from living_manual.core.settings import Settings
from living_manual.core.words import parse_day

if TYPE_CHECKING:
    from living_manual.core.consent import MediaUse
    from living_manual.core.elements import Element
    from living_manual.core.history import Authorship
    from living_manual.core.ledgers import Entry
    from living_manual.core.self_assessment import SelfAssessment
    from living_manual.core.what_changed import Carried

T = TypeVar("T")

#: Action states that count as living: the school is doing it, has done it, or has set it for
#: this year. Paused and dropped actions move nothing (docs/decisions/0005).
LIVING = ("planned", "active", "done")
#: Every action state, in the order in which people read them.
STATUSES = (*LIVING, "paused", "dropped")


@dataclass(frozen=True, slots=True)
class Ref:
    """What a view needs to point at a record: enough for a link, a chip and an order.

    A page that is no record has an empty id and the type `page`.
    """

    id: str
    type: str
    title: str
    page: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One record.

    `page` is the page's name without suffix, relative to the source folder; `file` and `line` are
    where a person wrote it, which for a table is the row. `purpose` is the first paragraph as plain
    text, `text` all of it. `lead` says that the record is its page (it took the heading as title);
    `parts` are then the headings of the page, each with whether anything stands below it.
    """

    id: str
    type: str
    title: str
    page: str
    file: str
    line: int
    status: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    purpose: str = ""
    text: str = ""
    lead: bool = False
    from_table: bool = False
    parts: Mapping[str, bool] = field(default_factory=dict)

    @property
    def ref(self) -> Ref:
        """The record as a view points at it."""
        return Ref(self.id, self.type, self.title, self.page, self.status)

    def get(self, name: str) -> str:
        """A field as text; empty when it is not set."""
        value = self.fields.get(name)
        if value is None:
            return ""
        if isinstance(value, (list, tuple)):
            return ", ".join(str(part) for part in value)
        return str(value)

    def day(self, name: str) -> date | None:
        """A field as a day; None when it is not set or not a day."""
        return parse_day(self.get(name))

    def to(self, link: str) -> tuple[str, ...]:
        """The ids a link names, in the order written."""
        return self.links.get(link, ())

    @property
    def living(self) -> bool:
        """Whether an action counts as something the school does this year."""
        return self.status in LIVING


@dataclass(frozen=True, slots=True)
class LinkType:
    """A declared link: how it reads from both ends, and the types it may lead to (empty: any)."""

    name: str
    outgoing: str
    incoming: str
    target_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordType:
    """A declared record type: its name in directives, its title for people, its id prefix."""

    name: str
    title: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Model:
    """The declared types and links, in the order of `ubproject.toml`."""

    types: Mapping[str, RecordType]
    links: Mapping[str, LinkType]

    def title(self, type_name: str) -> str:
        """A type's title for people; the name itself, with a capital, for what is no type."""
        declared = self.types.get(type_name)
        return declared.title if declared else type_name.capitalize()


def read_model(needs: Mapping[str, Any]) -> Model:
    """The model from the `[needs]` table of `ubproject.toml`, as parsed."""
    types = {
        entry["directive"]: RecordType(entry["directive"], entry["title"], entry["prefix"])
        for entry in needs.get("types", ())
    }
    links = {
        name: LinkType(
            name,
            entry.get("outgoing", name),
            entry.get("incoming", name),
            tuple(entry.get("target_types", ())),
        )
        for name, entry in needs.get("links", {}).items()
    }
    return Model(types, links)


class Beside(TypedDict, total=False):
    """What a `Manual` knows beside its records."""

    mentions: Mapping[str, tuple[Ref, ...]]
    texts: Mapping[str, str]
    paths: tuple[PathPage, ...]
    ledgers: Mapping[str, tuple[Entry, ...]]
    places: Mapping[str, Ref]
    steps: Mapping[str, tuple[tuple[str, int], ...]]
    elements: Mapping[str, tuple[Element, ...]]
    changes: Carried | None
    history: Authorship | None
    questions: Mapping[str, SelfAssessment]
    media: tuple[MediaUse, ...]
    edition: Edition
    whole: bool


@dataclass(frozen=True)
class Manual:
    """All records, with the settings and the day they are read on.

    `mentions` are the pages (or the records they lead with) whose text links to a record; `texts`
    the whole text of the page of each protocol; `paths` the pages with steps for new colleagues;
    `ledgers` the rows that are no records, by the name of their table; `places` the page that shows
    a view or a matrix, by its name; `steps` the title and the minutes of each step of a protocol;
    `elements` the elements that each subsystem lists.
    `changes` the record of changes that a release carries, None in a build that nobody publishes.
    `history` who wrote each page, as numbers; None where no view asks for it.
    `questions` the self-assessment of each page that has one. `media` every place that names a
    picture or clip, for consent; `edition` who the pages are for.
    `questions` the self-assessment of each page that has one. `whole` is whether every record of
    the district is here: what the public edition lacks is no gap, and what it counts no sum.
    """

    records: Mapping[str, Record]
    model: Model
    settings: Settings
    today: date
    mentions: Mapping[str, tuple[Ref, ...]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    paths: tuple[PathPage, ...] = ()
    ledgers: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    places: Mapping[str, Ref] = field(default_factory=dict)
    steps: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    elements: Mapping[str, tuple[Element, ...]] = field(default_factory=dict)
    changes: Carried | None = None
    history: Authorship | None = None
    questions: Mapping[str, SelfAssessment] = field(default_factory=dict)
    media: tuple[MediaUse, ...] = ()
    edition: Edition = STAFF
    whole: bool = True

    @classmethod
    def of(
        cls,
        records: Iterable[Record],
        model: Model,
        settings: Settings,
        today: date,
        **beside: Unpack[Beside],
    ) -> Manual:
        """A manual of these records; the first of two with the same id stands."""
        by_id: dict[str, Record] = {}
        for record in records:
            by_id.setdefault(record.id, record)
        return cls(by_id, model, settings, today, **beside)

    @cached_property
    def _by_type(self) -> dict[str, tuple[Record, ...]]:
        groups: dict[str, list[Record]] = {}
        for record in self.records.values():
            groups.setdefault(record.type, []).append(record)
        return {name: tuple(group) for name, group in groups.items()}

    @cached_property
    def _incoming(self) -> dict[str, tuple[tuple[str, Record], ...]]:
        found: dict[str, list[tuple[str, Record]]] = {}
        for record in self.records.values():
            for link, targets in record.links.items():
                for target in dict.fromkeys(targets):
                    found.setdefault(target, []).append((link, record))
        return {target: tuple(pairs) for target, pairs in found.items()}

    @cached_property
    def _once(self) -> dict[Callable[[Manual], Any], Any]:
        return {}

    def once(self, function: Callable[[Manual], T]) -> T:
        """What a function says of this manual, worked out when first asked for."""
        if function not in self._once:
            self._once[function] = function(self)
        value: T = self._once[function]
        return value

    def ledger(self, name: str) -> tuple[Entry, ...]:
        """The rows of a ledger, such as `readings.csv`, file by file."""
        return self.ledgers.get(name, ())

    def of_type(self, name: str) -> tuple[Record, ...]:
        """Records of a type, in the order of the pages and the lines in them."""
        return self._by_type.get(name, ())

    def get(self, record_id: str) -> Record | None:
        """The record of that id."""
        return self.records.get(record_id)

    def linked(self, record: Record, link: str) -> tuple[Record, ...]:
        """The records a link leads to; ids without a record are left out."""
        targets, records = record.links.get(link), self.records
        if not targets:
            return ()
        return tuple([records[target] for target in targets if target in records])

    def incoming(self, record_id: str, *links: str) -> tuple[Record, ...]:
        """Records that link here, each once; only by the named links when any is named."""
        pairs = self._incoming.get(record_id, ())
        return tuple(
            {record.id: record for link, record in pairs if not links or link in links}.values()
        )

    def incoming_by_link(self, record_id: str) -> tuple[tuple[str, Record], ...]:
        """Every (link, record) that leads here."""
        return self._incoming.get(record_id, ())

    def objectives_of(self, action: Record) -> tuple[Record, ...]:
        """The objectives an action advances, directly or through key results, each once."""
        found: dict[str, Record] = {}
        for target in self.linked(action, "advances"):
            for record in (
                (target,) if target.type == "objective" else self.linked(target, "measures")
            ):
                found.setdefault(record.id, record)
        return tuple(found.values())

    @cached_property
    def actions_by_school_and_objective(self) -> Mapping[tuple[str, str], tuple[Record, ...]]:
        """The actions of each (school id, objective id), in plan order."""
        found: dict[tuple[str, str], list[Record]] = {}
        for action in self.of_type("action"):
            for school in dict.fromkeys(action.to("at")):
                for objective in self.objectives_of(action):
                    found.setdefault((school, objective.id), []).append(action)
        return {key: tuple(actions) for key, actions in found.items()}

    def asked_by(self, objective_id: str) -> date | None:
        """The day by which each school owes an action for the objective, when there is one."""
        return self.settings.actions_due.get(objective_id)

    def cover_of(self, role: Record) -> Record | None:
        """The held role that stands in for a vacant one, through other vacant roles if need be."""
        seen = {role.id}
        waiting = list(self.linked(role, "covered_by"))
        while waiting:
            cover = waiting.pop(0)
            if cover.id in seen:
                continue
            seen.add(cover.id)
            if cover.status == "filled":
                return cover
            waiting.extend(self.linked(cover, "covered_by"))
        return None

    def owner_names(self, record: Record) -> tuple[str, ...]:
        """Titles of the roles that own or lead the record."""
        owners = self.linked(record, "owner") or self.linked(record, "led_by")
        return tuple(owner.title for owner in owners)
