"""The register of gaps: what the rules find, with age, owner and place, and what is excepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from living_manual.core.filters import Facet, choice, records
from living_manual.core.gap import Gap, GapRule, gap_key
from living_manual.core.gap_exceptions import Exceptions, exceptions
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import Cell, DataTable

#: So many days before its end an exception is marked: time for a meeting to look at it again.
SOON = 30


@dataclass(frozen=True, slots=True)
class OpenGap(Gap):
    """A gap as the register shows it.

    `key` is its name in addresses, `rule` its rule's key; `days` is its age in days, None when it
    has no date. `owners`, `schools`, `levels` and `objectives` are what it can be found by; `file`
    and `line` are where its record is written. `excepted_until` is the end of its last exception.
    """

    key: str
    rule: str
    days: int | None
    owners: tuple[Ref, ...]
    schools: tuple[Ref, ...]
    levels: tuple[str, ...]
    objectives: tuple[Ref, ...]
    file: str
    line: int
    excepted_until: date | None = None


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule in words: `rule` says when it is a gap, `fix` how to close it."""

    key: str
    title: str
    rule: str
    fix: str


@dataclass(frozen=True, slots=True)
class GapGroup(RuleText):
    """All gaps of one rule."""

    gaps: tuple[OpenGap, ...]

    @property
    def late(self) -> int:
        """How many are past their date."""
        return sum(gap.late for gap in self.gaps)

    @property
    def oldest(self) -> int | None:
        """The age in days of the oldest; None when none has a date."""
        return max((gap.days for gap in self.gaps if gap.days is not None), default=None)


@dataclass(frozen=True, slots=True)
class Excepted:
    """A gap that an exception in force takes out of the count; `soon` says that it ends soon."""

    gap: OpenGap
    reason: str
    approved_by: str
    until: date
    soon: bool


@dataclass(frozen=True, slots=True)
class OwnerSum:
    """How many gaps wait for a role, and how many of them are past their date."""

    owner: Ref
    total: int
    late: int


@dataclass(frozen=True, slots=True)
class Gaps:
    """The register.

    `groups` are the rules that find a gap, those with the oldest late gap first; `clear` the titles
    of the others, `rules` all in words. `waiting` will be gaps on a day to come; they are not
    counted, nor is what an exception holds.
    """

    groups: tuple[GapGroup, ...]
    clear: tuple[str, ...]
    total: int
    late: int
    waiting: tuple[OpenGap, ...] = ()
    excepted: tuple[Excepted, ...] = ()
    owners: tuple[OwnerSum, ...] = ()
    rules: tuple[RuleText, ...] = ()

    @property
    def facets(self) -> tuple[Facet, ...]:
        """What the register can be narrowed by."""
        shown, rules = self.shown, {gap.rule for gap in self.shown}
        levels = dict.fromkeys(level for gap in shown for level in gap.levels)
        choices = (
            choice("rule", "Rule", ((r.key, r.title) for r in self.rules if r.key in rules)),
            records("school", "School", _each(ref for gap in shown for ref in gap.schools)),
            choice("level", "Level", ((level, level.capitalize()) for level in levels)),
            records("objective", "Objective", _each(ref for g in shown for ref in g.objectives)),
            records("role", "Owner", _each(ref for gap in shown for ref in gap.owners)),
        )
        offered = (facet for facet in choices if facet.options)
        return (*offered, Facet("late", "Past their date", "mark"))

    @property
    def open(self) -> Iterator[OpenGap]:
        """Every gap that counts."""
        return (gap for group in self.groups for gap in group.gaps)

    @property
    def shown(self) -> tuple[OpenGap, ...]:
        """Every gap on the page, counted or not."""
        return (*self.open, *self.waiting, *(each.gap for each in self.excepted))


def register(manual: Manual, rules: Sequence[GapRule]) -> Gaps:
    """What the rules find on the manual's day, less what an exception in force takes out."""
    agreed, places = exceptions(manual), _Places(manual)
    groups: list[tuple[tuple[bool, date], int, GapGroup]] = []
    clear: list[str] = []
    waiting: list[OpenGap] = []
    excepted: list[Excepted] = []
    for nth, rule in enumerate(rules):
        counted: list[OpenGap] = []
        for found, kept in ((rule.find, counted), (rule.waiting, waiting)):
            for gap in found(manual) if found else ():
                shown = places.opened(gap, rule, agreed)
                held = agreed.in_force(rule, gap)
                if held is None:
                    kept.append(shown)
                else:
                    soon = (held.until - manual.today).days <= SOON
                    excepted.append(
                        Excepted(shown, held.reason, held.approved_by, held.until, soon)
                    )
        if counted:
            counted.sort(key=_first_things_first)
            group = GapGroup(rule.key, rule.title, rule.rule, rule.fix, tuple(counted))
            groups.append((_first_things_first(counted[0]), nth, group))
        else:
            clear.append(rule.title)
    ordered = tuple(group for _, _, group in sorted(groups, key=lambda each: each[:2]))
    everything = [gap for group in ordered for gap in group.gaps]
    return Gaps(
        ordered,
        tuple(clear),
        len(everything),
        sum(gap.late for gap in everything),
        tuple(sorted(waiting, key=_first_things_first)),
        tuple(sorted(excepted, key=lambda each: (each.until, each.gap.key))),
        _owner_sums(everything),
        tuple(RuleText(rule.key, rule.title, rule.rule, rule.fix) for rule in rules),
    )


def _first_things_first(gap: Gap) -> tuple[bool, date]:
    return not gap.late, gap.since or date.max


def _owner_sums(found: Iterable[OpenGap]) -> tuple[OwnerSum, ...]:
    total: Counter[Ref] = Counter()
    late: Counter[Ref] = Counter()
    for gap in found:
        for owner in gap.owners:
            total[owner] += 1
            late[owner] += gap.late
    sums = [OwnerSum(owner, count, late[owner]) for owner, count in total.items()]
    return tuple(sorted(sums, key=lambda each: (-each.late, -each.total, each.owner.title)))


def _each(refs: Iterable[Ref]) -> tuple[Ref, ...]:
    return tuple(sorted({ref.id: ref for ref in refs}.values(), key=lambda ref: ref.title))


class _Places:
    """Says of each gap whose it is, and where; remembers what many gaps share."""

    def __init__(self, manual: Manual) -> None:
        self.manual = manual
        vision = next(iter(manual.of_type("vision")), None)
        self.keepers = self._owners(vision) if vision else ()

    def opened(self, gap: Gap, rule: GapRule, agreed: Exceptions) -> OpenGap:
        """The gap with all that the register says of it."""
        manual = self.manual
        record = manual.records[gap.record.id]
        about = manual.get(gap.about.id) if gap.about else None
        owners = self.owners(record)
        schools = self._schools(record, about)
        objectives = self._objectives(record, about)
        said = {each.name: getattr(gap, each.name) for each in fields(Gap)}
        said["owner"] = gap.owner or ", ".join(owner.title for owner in owners)
        return OpenGap(
            **said,
            key=gap_key(rule.key, record.id, about.id if about and rule.pair else ""),
            rule=rule.key,
            days=(manual.today - gap.since).days
            if gap.since and gap.since <= manual.today
            else None,
            owners=owners,
            schools=tuple(school.ref for school in schools),
            levels=tuple(dict.fromkeys(level for s in schools if (level := s.get("level")))),
            objectives=tuple(objective.ref for objective in objectives),
            file=record.file,
            line=record.line,
            excepted_until=agreed.ended(rule, gap),
        )

    def owners(self, record: Record) -> tuple[Ref, ...]:
        """The roles to ask: the record's own; who stands in for a vacant role; the vision's."""
        own = self._owners(record)
        if not own and record.type == "role" and record.status == "vacant":
            cover = self.manual.cover_of(record)
            own = (cover.ref,) if cover else ()
        return own or self.keepers

    def _owners(self, record: Record) -> tuple[Ref, ...]:
        manual = self.manual
        found = manual.linked(record, "owner") or manual.linked(record, "led_by")
        return tuple(role.ref for role in found)

    def _schools(self, *records: Record | None) -> tuple[Record, ...]:
        found: dict[str, Record] = {}
        for record in records:
            if record is not None:
                here = (record,) if record.type == "school" else self.manual.linked(record, "at")
                found.update({school.id: school for school in here if school.type == "school"})
        return tuple(found.values())

    def _objectives(self, *records: Record | None) -> tuple[Record, ...]:
        found: dict[str, Record] = {}
        for record in records:
            for objective in self._above(record) if record else ():
                found.setdefault(objective.id, objective)
        return tuple(found.values())

    def _above(self, record: Record) -> Iterator[Record]:
        """The objectives that a record serves."""
        manual = self.manual
        if record.type == "objective":
            yield record
        yield from manual.objectives_of(record)
        for link in ("measures", "serves"):
            yield from manual.linked(record, link)
        for result in manual.linked(record, "informs"):
            yield from manual.linked(result, "measures")


def gap_sums(found: Gaps) -> Mapping[str, tuple[int, int]]:
    """How many gaps count for each school and each owner role, by its id, and how many are late."""
    sums: dict[str, tuple[int, int]] = {}
    for gap in found.open:
        for ref in {*gap.schools, *gap.owners}:
            total, late = sums.get(ref.id, (0, 0))
            sums[ref.id] = total + 1, late + gap.late
    return sums


def gaps_table(view: Gaps) -> DataTable:
    """One row a gap: the open ones, those that an exception holds, and those not due yet."""
    return DataTable(
        (
            *("key", "state", "rule", "record_id", "record", "about_id", "what", "since", "days"),
            *("late", "owner", "schools", "objectives", "how_to_close", "written_in"),
            *("until", "reason", "approved_by"),
        ),
        (
            *(_row(view, gap, "open") for gap in view.open),
            *(_row(view, gap, "not due yet") for gap in view.waiting),
            *(_row(view, each.gap, "exception", each) for each in view.excepted),
        ),
    )


def _row(view: Gaps, gap: OpenGap, state: str, held: Excepted | None = None) -> tuple[Cell, ...]:
    rule = next(rule for rule in view.rules if rule.key == gap.rule)
    return (
        *(gap.key, state, rule.title, gap.record.id, gap.record.title),
        *(gap.about.id if gap.about else "", gap.what),
        *(gap.since.isoformat() if gap.since else "", gap.days),
        *("yes" if gap.late else "no", gap.owner),
        ";".join(school.id for school in gap.schools),
        ";".join(objective.id for objective in gap.objectives),
        *(rule.fix, f"{gap.file}:{gap.line}"),
        *((held.until.isoformat(), held.reason, held.approved_by) if held else ("", "", "")),
    )
