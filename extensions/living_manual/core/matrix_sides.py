"""The sides of the matrices: their heads, what stands between them, and what narrows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from living_manual.core.facts import KINDS
from living_manual.core.filters import Facet, choice
from living_manual.core.matrix import Axis, Head
from living_manual.core.model import Manual, Record
from living_manual.core.work import (
    DISTRICT,
    DISTRICT_TITLE,
    ENTRY,
    HELD,
    IMPERATIVES,
    STATES,
    Item,
    all_work,
    ids,
)

LEVELS = ("elementary", "middle", "high")


def _named(record: Record) -> str:
    return record.get("short") or record.title


def _kind(record: Record) -> str:
    return KINDS.get(record.get("kind"), record.get("kind").replace("-", " ").capitalize())


def _head(record: Record, group: str = "", note: str = "", **values: Iterable[str]) -> Head:
    own = {record.type: (record.id,), **{name: tuple(held) for name, held in values.items()}}
    return Head(record.id, record.title, _named(record), record.ref, group, note, values=own)


# ------------------------------------------------------------------------------------------ axes
def _schools(manual: Manual) -> list[Head]:
    return [
        _head(school, note=school.get("level"), level=(school.get("level"),))
        for school in manual.of_type("school")
    ]


def schools_and_district(manual: Manual) -> list[Head]:
    """Schools, then the whole district, which may be blank."""
    whole = Head(
        DISTRICT, DISTRICT_TITLE, DISTRICT_TITLE, asked=False, values={"school": (DISTRICT,)}
    )
    return [*_schools(manual), whole]


def _objectives(manual: Manual) -> list[Head]:
    return [_head(objective) for objective in manual.of_type("objective")]


def _subsystems(manual: Manual) -> list[Head]:
    return [_head(subsystem) for subsystem in manual.of_type("subsystem")]


def key_results(manual: Manual) -> list[Head]:
    """Key results, objective by objective."""
    return [
        _head(
            result,
            group=", ".join(_named(each) for each in manual.linked(result, "measures")),
            objective=ids(manual.linked(result, "measures")),
        )
        for objective in manual.of_type("objective")
        for result in manual.incoming(objective.id, "measures")
        if result.type == "key_result"
    ]


def levels(manual: Manual) -> list[Head]:
    """The levels that a school of the manual has."""
    there = {school.get("level") for school in manual.of_type("school")}
    return [
        Head(level, f"{level.capitalize()} schools", level.capitalize(), values={"level": (level,)})
        for level in LEVELS
        if level in there
    ]


def protocols(manual: Manual) -> list[Head]:
    """Protocols, family by family."""
    found = sorted(manual.of_type("protocol"), key=_kind)
    return [
        _head(
            each,
            group=_kind(each),
            kind=(each.get("kind"),),
            subsystem=ids(manual.linked(each, "strengthens")),
            stage=ids(manual.linked(each, "stage")),
            role=ids(manual.linked(each, "owner")),
        )
        for each in found
    ]


def types(*names: str) -> Callable[[Manual], Sequence[Head]]:
    """Finds types of record by their names."""

    def heads(manual: Manual) -> list[Head]:
        titles = {name: f"{manual.model.title(name)}s" for name in names}
        return [Head(name, titles[name], titles[name], values={"type": (name,)}) for name in names]

    return heads


def terms(manual: Manual) -> list[Head]:
    """Words by their letters."""
    return [
        _head(
            term,
            stage=ids(manual.linked(term, "stage")),
            role=ids(manual.linked(term, "owner")),
        )
        for term in sorted(manual.of_type("term"), key=lambda term: term.title.lower())
    ]


def entries(manual: Manual) -> list[Head]:
    """Protocols, then exemplars."""
    return [
        *(
            replace(head, values={**(head.values or {}), "entry": (head.id,)})
            for head in protocols(manual)
        ),
        *(
            _head(
                each,
                group="Exemplars",
                entry=(each.id,),
                kind=(each.get("kind"),),
                stage=ids(manual.linked(each, "stage")),
                role=ids(manual.linked(each, "owner")),
            )
            for each in manual.of_type("exemplar")
        ),
    ]


def standards(manual: Manual) -> list[Head]:
    """Standards by what their framework calls them."""
    return [
        _head(each, group=_kind(each), kind=(each.get("kind"),))
        for each in manual.of_type("standard")
    ]


def standard_kinds(manual: Manual) -> list[Head]:
    """What the frameworks call their standards."""
    kinds = {each.get("kind"): _kind(each) for each in manual.of_type("standard")}
    return [Head(kind, title, title, values={"kind": (kind,)}) for kind, title in kinds.items()]


def imperatives(_manual: Manual) -> list[Head]:
    """The three imperatives."""
    return [
        Head(name, title, title, values={"imperative": (name,)})
        for name, (title, _) in IMPERATIVES.items()
    ]


def _roles(manual: Manual) -> list[Head]:
    return [
        _head(role, note="vacant" if role.status == "vacant" else "")
        for role in manual.of_type("role")
    ]


def owned_types(manual: Manual) -> list[Head]:
    """The types of record that some role owns."""
    there = {record.type for record in manual.records.values() if _owners(manual, record)}
    return [
        Head(name, f"{declared.title}s", f"{declared.title}s", values={"type": (name,)})
        for name, declared in manual.model.types.items()
        if name in there
    ]


def facets_of(manual: Manual, states: Sequence[str]) -> Mapping[str, Facet]:
    """Everything that can be narrowed by, with its choices; `states` are those of the items."""
    schools = schools_and_district if HELD in states else _schools

    def heads(axis: Callable[[Manual], Sequence[Head]]) -> list[tuple[str, str]]:
        return [(head.id, head.short) for head in axis(manual)]

    def of_type(name: str) -> list[tuple[str, str]]:
        return [(record.id, _named(record)) for record in manual.of_type(name)]

    kinds = [
        (record.get("kind"), _kind(record))
        for name in ("protocol", "exemplar", "standard")
        for record in manual.of_type(name)
    ]
    everything = (
        choice("school", "School", heads(schools)),
        choice("level", "School level", heads(levels)),
        choice("objective", "Objective", of_type("objective")),
        choice("key_result", "Key result", heads(key_results)),
        choice("status", "Status", [(name, STATES[name]) for name in states]),
        choice("role", "Role", of_type("role")),
        choice("stage", "Stage", of_type("stage")),
        choice("subsystem", "Subsystem", of_type("subsystem")),
        choice("protocol", "Protocol", heads(protocols)),
        choice("imperative", "Imperative", heads(imperatives)),
        choice("kind", "Kind", kinds),
        choice("term", "Word", heads(terms)),
        choice("standard", "Standard", of_type("standard")),
        choice("entry", "Entry", heads(entries)),
        choice("type", "Type", [(t.name, t.title) for t in manual.model.types.values()]),
        Facet("date", "Date", "days"),
    )
    return {facet.name: facet for facet in everything}


SCHOOL = Axis("school", "School", _schools, ("level",))
OBJECTIVE = Axis("objective", "Objective", _objectives)
SUBSYSTEM = Axis("subsystem", "Subsystem", _subsystems)
ROLE = Axis("role", "Role", _roles)


# ----------------------------------------------------------------------------------------- items
def actions(manual: Manual) -> list[Item]:
    """Every action of a school."""
    return [item for item in all_work(manual) if item.record.type == "action"]


def entry_items(link: str, facet: str, *types: str) -> Callable[[Manual], list[Item]]:
    """Finds records that lead by a link to the heads of a side, shown by name."""

    def items(manual: Manual) -> list[Item]:
        return [
            _entry(manual, record, **{facet: ids(manual.linked(record, link))})
            for name in types
            for record in manual.of_type(name)
        ]

    return items


def _entry(manual: Manual, record: Record, **values: tuple[str, ...]) -> Item:
    common = {
        "status": (ENTRY,),
        "type": (record.type,),
        "kind": (record.get("kind"),),
        "role": ids(manual.linked(record, "owner")),
        "stage": ids(manual.linked(record, "stage")),
        "subsystem": ids(manual.linked(record, "strengthens")),
    }
    return Item(record, ENTRY, True, {**common, **values})


def words_of_entries(manual: Manual) -> list[Item]:
    """Words with the protocols and exemplars that stand for them."""
    found: dict[str, list[str]] = {}
    for link, types in (("develops", ("protocol",)), ("illustrates", ("exemplar",))):
        for name in types:
            for record in manual.of_type(name):
                for term in ids(manual.linked(record, link)):
                    found.setdefault(term, []).append(record.id)
    return [
        _entry(manual, term, entry=tuple(found.get(term.id, ()))) for term in manual.of_type("term")
    ]


def entries_of_words(manual: Manual) -> list[Item]:
    """Protocols and exemplars with the words they stand for."""
    return [
        *entry_items("develops", "term", "protocol")(manual),
        *entry_items("illustrates", "term", "exemplar")(manual),
    ]


def standards_of_words(manual: Manual) -> list[Item]:
    """Standards with the words that belong to them."""
    found: dict[str, list[str]] = {}
    for term in manual.of_type("term"):
        for standard in ids(manual.linked(term, "aligns_with")):
            found.setdefault(standard, []).append(term.id)
    return [
        _entry(manual, standard, term=tuple(found.get(standard.id, ())))
        for standard in manual.of_type("standard")
    ]


def _owners(manual: Manual, record: Record) -> tuple[str, ...]:
    return ids(manual.linked(record, "owner") or manual.linked(record, "led_by"))


def owned(manual: Manual) -> list[Item]:
    """Every record that a role owns or leads; work with all it belongs to."""
    work = {item.record.id: item for item in all_work(manual)}
    return [
        work.get(record.id) or _entry(manual, record)
        for record in manual.records.values()
        if _owners(manual, record)
    ]
