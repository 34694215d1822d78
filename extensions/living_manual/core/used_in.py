"""Where a record belongs and where it is used: what stands above it, and all that depends on it.

What depends on a record is told once, grouped for a reader: the records that link to it, and those
that depend on it through others. Pages whose text names it, and decisions about it, come last:
they do not depend on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from living_manual.core.chain import ChainNode, above, means, trail
from living_manual.core.codification import Standing, standing
from living_manual.core.impact import DECISION, SHAPES, Dependant, Impact, impact
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import DataTable
from living_manual.core.words import listed, plural

#: So many records of one type are named one by one; more of them are told by school.
MANY = 40


@dataclass(frozen=True, slots=True)
class Use:
    """One record that depends on this: how, at which school, and through which other record."""

    record: Ref
    relation: str
    place: str
    through: Ref | None = None


@dataclass(frozen=True, slots=True)
class UseGroup:
    """The uses of one type, under a heading.

    `count` and `said` count all of them (`17 actions in 10 schools`). `uses` are those that the
    data file names, `single` those that the page names: all of them, unless they are many. Of many,
    `by_school` counts those that take place at a school (`by_school_through` those of them that
    depend through others); the page then names only those that take place at none, the file also
    those that link here by themselves.
    """

    title: str
    uses: tuple[Use, ...]
    type: str = ""
    count: int = 0
    said: str = ""
    single: tuple[Use, ...] = ()
    by_school: tuple[tuple[Ref, int], ...] = ()
    by_school_through: tuple[tuple[Ref, int], ...] = ()


@dataclass(frozen=True, slots=True)
class DiagramGroup:
    """Dependants of one type in the diagram: how they hang on, counted; one alone is named."""

    type: str
    relation: str
    said: str
    one: Ref | None
    told: bool


@dataclass(frozen=True, slots=True)
class UsedIn:
    """A record's place in the whole.

    `above` is what it stands on, highest first; `means` what it is carried out with; `groups` what
    depends on it; `affected` counts that in words (empty when nothing does), `also` the rest, and
    `summary` both in one line; `codified` is how far it is codified, if it can be. `nodes`,
    `hanging` and `joined` are what the diagram is drawn from, empty where none is. `whole` is
    whether every record is here: then what is listed is all there is.
    """

    record: Ref
    groups: tuple[UseGroup, ...]
    summary: str
    codified: Standing | None = None
    above: tuple[tuple[Ref, ...], ...] = ()
    means: tuple[Ref, ...] = ()
    affected: str = ""
    also: str = ""
    nodes: tuple[ChainNode, ...] = ()
    hanging: tuple[DiagramGroup, ...] = ()
    joined: tuple[tuple[str, str], ...] = ()
    whole: bool = True


#: Headings, in the order shown: where the work happens first.
HEADINGS = {
    "action": ("Actions", "action"),
    "session": ("Sessions", "session"),
    "protocol": ("Protocols", "protocol"),
    "exemplar": ("Exemplars", "exemplar"),
    "term": ("Words", "word"),
    "key_result": ("Key results", "key result"),
    "objective": ("Objectives", "objective"),
    "assessment": ("Assessments", "assessment"),
    "decision": ("Decisions", "decision"),
    "school": ("Schools", "school"),
    "subsystem": ("Subsystems", "subsystem"),
    "vision": ("Vision", "vision"),
    "role": ("Roles", "role"),
}
_ORDER = tuple(HEADINGS)


class _Last:
    """What was asked for last: the page of a lead record asks twice, for its card and its end."""

    def __init__(self, _manual: Manual) -> None:
        self.told: UsedIn | None = None


def used_in(manual: Manual, record: Record, drawn: bool = False) -> UsedIn:
    """Everything that hangs on this record, each named once; then pages whose text names it.

    Only with `drawn` it holds what the diagram needs: a district has thousands of short cards.
    """
    if not record.lead:
        return _used_in(manual, record, drawn)
    last = manual.once(_Last)
    if last.told is None or last.told.record.id != record.id:
        last.told = _used_in(manual, record, True)
    return last.told if drawn else replace(last.told, nodes=(), hanging=(), joined=())


def _used_in(manual: Manual, record: Record, drawn: bool) -> UsedIn:
    reached = impact(manual, record)
    found = _by_type(reached)
    groups = tuple(_group(manual, name, found[name]) for name in found)
    told = tuple(group for group in groups if not _told_elsewhere(record, group))
    counts = [group.said for group in groups]
    affected, also = listed(counts), []
    if deciding := _deciding(manual, record):
        told = (*told, deciding)
        also.append(deciding.said)
    if mentions := _mentions(manual, record, told):
        told = (*told, mentions)
        also.append(f"mentioned in {plural(len(mentions.uses), 'page')}")
    nodes = above(manual, record)
    names = {group.type for group in told}
    return UsedIn(
        record.ref,
        told,
        " · ".join([*counts, *also]),
        standing(manual, record),
        trail(nodes),
        means(manual, record),
        affected,
        ", ".join(also),
        nodes if drawn else (),
        tuple(_in_diagram(group, found[group.type], group.type in names) for group in groups)
        if drawn
        else (),
        tuple(sorted(reached.joined)) if drawn else (),
        manual.whole,
    )


def _by_type(reached: Impact) -> dict[str, list[Dependant]]:
    found: dict[str, list[Dependant]] = {}
    for each in reached.dependants:
        found.setdefault(each.record.type, []).append(each)
    return {name: found[name] for name in sorted(found, key=_place_of)}


def _place_of(type_name: str) -> int:
    return _ORDER.index(type_name) if type_name in _ORDER else len(_ORDER)


def _told_elsewhere(record: Record, group: UseGroup) -> bool:
    """A school's plan tells its actions in full; a standard's parts stand below it."""
    return (record.type, group.type) in (("school", "action"), ("standard", "standard"))


def _group(manual: Manual, type_name: str, found: list[Dependant]) -> UseGroup:
    # Plain loops: the vision and each word reach most actions of a district.
    places: dict[str, int] = {}
    through: dict[str, int] = {}
    for each in found:
        at = each.record.to("at")
        for school in at if len(at) < 2 else set(at):
            places[school] = places.get(school, 0) + 1
            if each.through is not None:
                through[school] = through.get(school, 0) + 1
    by_school = _counted(manual, places) if places else ()
    many = len(found) > MANY and bool(by_school)
    said = counted_as(type_name, len(found), manual.model.title)
    if len(by_school) > 1:
        said += f" in {plural(len(by_school), 'school')}"
    known = manual.records.keys()
    uses = tuple(
        [
            _use(manual, each)
            for each in found
            if not many or each.through is None or known.isdisjoint(each.record.to("at"))
        ]
    )
    return UseGroup(
        HEADINGS.get(type_name, (manual.model.title(type_name), ""))[0],
        uses,
        type_name,
        len(found),
        said,
        tuple(use for use in uses if not use.place) if many else uses,
        by_school if many else (),
        _counted(manual, through) if many and through else (),
    )


def _counted(manual: Manual, places: Mapping[str, int]) -> tuple[tuple[Ref, int], ...]:
    schools = manual.once(_schools).items()
    return tuple([(ref, places[school]) for school, ref in schools if school in places])


def _schools(manual: Manual) -> Mapping[str, Ref]:
    """Every school under its short name, in the order of the manual."""
    return {school.id: _short(school) for school in manual.of_type("school")}


def counted_as(type_name: str, count: int, title: Callable[[str], str]) -> str:
    """`3 key results`; `title` names a type that has no word here."""
    word = HEADINGS[type_name][1] if type_name in HEADINGS else title(type_name).lower()
    return plural(count, word)


def _use(manual: Manual, each: Dependant) -> Use:
    place = ", ".join([_short(school).title for school in manual.linked(each.record, "at")])
    through = each.through.ref if each.through else None
    return Use(each.record.ref, each.relation, place, through)


def _short(school: Record) -> Ref:
    return Ref(school.id, school.type, school.get("short") or school.title, school.page)


def _deciding(manual: Manual, record: Record) -> UseGroup | None:
    """The decisions about a record: it depends on them, not they on it."""
    found = [each for each in manual.incoming(record.id, SHAPES) if each.type == DECISION]
    if not found:
        return None
    declared = manual.model.links.get(SHAPES)
    relation = declared.incoming if declared else SHAPES
    uses = tuple(Use(each.ref, relation, "") for each in found)
    said = f"shaped by {plural(len(uses), HEADINGS[DECISION][1])}"
    return UseGroup("Shaped by", uses, "", len(uses), said, uses)


def _mentions(manual: Manual, record: Record, told: tuple[UseGroup, ...]) -> UseGroup | None:
    """Pages whose text names the record, where nothing above names them as depending by itself."""
    refs = manual.mentions.get(record.id, ())
    if not refs:
        return None
    named = {use.record.id for group in told for use in group.uses if use.through is None}
    uses = tuple(
        Use(ref, "mentioned in", "")
        for ref in refs
        if ref.id != record.id and (not ref.id or ref.id not in named)
    )
    return UseGroup("Mentioned in", uses, "", len(uses), "", uses) if uses else None


def _in_diagram(group: UseGroup, found: list[Dependant], told: bool) -> DiagramGroup:
    direct = [each.relation for each in found if each.through is None]
    relations = list(dict.fromkeys(direct or (each.relation for each in found)))
    one = found[0].record.ref if len(found) == 1 else None
    return DiagramGroup(group.type, listed(relations), group.said, one, told)


def used_in_table(view: UsedIn) -> DataTable:
    """One row a use; `through_id` is the record between, empty for what links here by itself.

    Of many that depend through others, one row a school counts its own, as the page does: the
    vision would else repeat every action of the district, and each word most of them.
    """
    rows: list[tuple[str | int | float | None, ...]] = []
    for group in view.groups:
        for use in group.uses:
            ref = use.record
            through = use.through.id if use.through else ""
            named = (ref.id, ref.type, ref.title, ref.status, use.place, through, 1)
            rows.append((view.record.id, use.relation, *named))
        rows += [
            (view.record.id, "through others", "", group.type, "", "", school.title, "", count)
            for school, count in group.by_school_through
        ]
    return DataTable(
        (
            "record_id",
            "relation",
            "used_by_id",
            "type",
            "title",
            "status",
            "school",
            "through_id",
            "count",
        ),
        tuple(rows),
    )
