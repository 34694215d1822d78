"""The eight matrices, each from both sides: their axes, what stands in them, what narrows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from living_manual.core.facts import KINDS
from living_manual.core.filters import Facet, choice
from living_manual.core.matrix import Axis, Head, Matrix, MatrixSpec, matrix
from living_manual.core.model import STATUSES, Manual, Record
from living_manual.core.work import (
    DISTRICT,
    DISTRICT_TITLE,
    ENTRY,
    HELD,
    IMPERATIVES,
    STATES,
    TO_COME,
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


def _schools_and_district(manual: Manual) -> list[Head]:
    whole = Head(
        DISTRICT, DISTRICT_TITLE, DISTRICT_TITLE, asked=False, values={"school": (DISTRICT,)}
    )
    return [*_schools(manual), whole]


def _objectives(manual: Manual) -> list[Head]:
    return [_head(objective) for objective in manual.of_type("objective")]


def _subsystems(manual: Manual) -> list[Head]:
    return [_head(subsystem) for subsystem in manual.of_type("subsystem")]


def _key_results(manual: Manual) -> list[Head]:
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


def _levels(manual: Manual) -> list[Head]:
    there = {school.get("level") for school in manual.of_type("school")}
    return [
        Head(level, f"{level.capitalize()} schools", level.capitalize(), values={"level": (level,)})
        for level in LEVELS
        if level in there
    ]


def _protocols(manual: Manual) -> list[Head]:
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


def _types(*names: str) -> Callable[[Manual], Sequence[Head]]:
    def heads(manual: Manual) -> list[Head]:
        titles = {name: f"{manual.model.title(name)}s" for name in names}
        return [Head(name, titles[name], titles[name], values={"type": (name,)}) for name in names]

    return heads


def _terms(manual: Manual) -> list[Head]:
    return [
        _head(
            term,
            stage=ids(manual.linked(term, "stage")),
            role=ids(manual.linked(term, "owner")),
        )
        for term in sorted(manual.of_type("term"), key=lambda term: term.title.lower())
    ]


def _entries(manual: Manual) -> list[Head]:
    return [
        *(
            replace(head, values={**(head.values or {}), "entry": (head.id,)})
            for head in _protocols(manual)
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


def _standards(manual: Manual) -> list[Head]:
    return [
        _head(each, group=_kind(each), kind=(each.get("kind"),))
        for each in manual.of_type("standard")
    ]


def _standard_kinds(manual: Manual) -> list[Head]:
    kinds = {each.get("kind"): _kind(each) for each in manual.of_type("standard")}
    return [Head(kind, title, title, values={"kind": (kind,)}) for kind, title in kinds.items()]


def _imperatives(_manual: Manual) -> list[Head]:
    return [
        Head(name, title, title, values={"imperative": (name,)})
        for name, (title, _) in IMPERATIVES.items()
    ]


def _roles(manual: Manual) -> list[Head]:
    return [
        _head(role, note="vacant" if role.status == "vacant" else "")
        for role in manual.of_type("role")
    ]


def _owned_types(manual: Manual) -> list[Head]:
    there = {record.type for record in manual.records.values() if _owners(manual, record)}
    return [
        Head(name, f"{declared.title}s", f"{declared.title}s", values={"type": (name,)})
        for name, declared in manual.model.types.items()
        if name in there
    ]


def facets_of(manual: Manual, states: Sequence[str]) -> Mapping[str, Facet]:
    """Everything that can be narrowed by, with its choices; `states` are those of the items."""
    schools = _schools_and_district if HELD in states else _schools

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
        choice("level", "School level", heads(_levels)),
        choice("objective", "Objective", of_type("objective")),
        choice("key_result", "Key result", heads(_key_results)),
        choice("status", "Status", [(name, STATES[name]) for name in states]),
        choice("role", "Role", of_type("role")),
        choice("stage", "Stage", of_type("stage")),
        choice("subsystem", "Subsystem", of_type("subsystem")),
        choice("protocol", "Protocol", heads(_protocols)),
        choice("imperative", "Imperative", heads(_imperatives)),
        choice("kind", "Kind", kinds),
        choice("term", "Word", heads(_terms)),
        choice("standard", "Standard", of_type("standard")),
        choice("entry", "Entry", heads(_entries)),
        choice("type", "Type", [(t.name, t.title) for t in manual.model.types.values()]),
        Facet("date", "Date", "days"),
    )
    return {facet.name: facet for facet in everything}


SCHOOL = Axis("school", "School", _schools, ("level",))
OBJECTIVE = Axis("objective", "Objective", _objectives)
SUBSYSTEM = Axis("subsystem", "Subsystem", _subsystems)
ROLE = Axis("role", "Role", _roles)


# ----------------------------------------------------------------------------------------- items
def _actions(manual: Manual) -> list[Item]:
    return [item for item in all_work(manual) if item.record.type == "action"]


def _entry_items(link: str, facet: str, *types: str) -> Callable[[Manual], list[Item]]:
    """Records that lead by a link to the heads of an axis, shown by name."""

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


def _words_of_entries(manual: Manual) -> list[Item]:
    found: dict[str, list[str]] = {}
    for link, types in (("develops", ("protocol",)), ("illustrates", ("exemplar",))):
        for name in types:
            for record in manual.of_type(name):
                for term in ids(manual.linked(record, link)):
                    found.setdefault(term, []).append(record.id)
    return [
        _entry(manual, term, entry=tuple(found.get(term.id, ()))) for term in manual.of_type("term")
    ]


def _entries_of_words(manual: Manual) -> list[Item]:
    return [
        *_entry_items("develops", "term", "protocol")(manual),
        *_entry_items("illustrates", "term", "exemplar")(manual),
    ]


def _standards_of_words(manual: Manual) -> list[Item]:
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


def _owned(manual: Manual) -> list[Item]:
    """Every record that a role owns or leads; work with all it belongs to."""
    work = {item.record.id: item for item in all_work(manual)}
    return [
        work.get(record.id) or _entry(manual, record)
        for record in manual.records.values()
        if _owners(manual, record)
    ]


# -------------------------------------------------------------------------------------- matrices
_WORK = ("status", "school", "level", "objective", "role", "subsystem", "stage", "date")
#: States of actions, of all work, and of everything a role can own.
_OF_ACTIONS = STATUSES
OF_WORK = (*STATUSES, HELD, TO_COME)
_OF_ALL = (*OF_WORK, ENTRY)
_NONE = "No living action yet: ask the school what would help."
_FIT = "Look for a protocol that strengthens it, and an action or a session that could run it."


def _turned(spec: MatrixSpec) -> MatrixSpec:
    """The same from the other side."""
    return replace(spec, key=spec.other, other=spec.key, rows=spec.columns, columns=spec.rows)


_SCHOOL_OBJECTIVE = MatrixSpec(
    "school-objective",
    "objective-school",
    SCHOOL,
    OBJECTIVE,
    _actions,
    "actions",
    tuple(name for name in _WORK if name != "stage"),
    _OF_ACTIONS,
    _NONE,
    "cells with a living action",
    lists=True,
    dated=True,
)
_OBJECTIVE_SUBSYSTEM = MatrixSpec(
    "objective-subsystem",
    "subsystem-objective",
    OBJECTIVE,
    SUBSYSTEM,
    all_work,
    "actions and sessions",
    _WORK,
    OF_WORK,
    _FIT,
    "cells with a living action or a session",
    lists=True,
)
_SCHOOL_IMPERATIVE = MatrixSpec(
    "school-imperative",
    "imperative-school",
    replace(SCHOOL, heads=_schools_and_district),
    Axis("imperative", "Imperative", _imperatives),
    all_work,
    "actions and sessions",
    _WORK,
    OF_WORK,
    _NONE,
    "cells with a living action or a session of the school",
    lists=True,
)
_ROLE_OWNED = MatrixSpec(
    "role-owned",
    "owned-role",
    ROLE,
    Axis("type", "What it owns", _owned_types),
    _owned,
    "records",
    ("status", "school", "level", "objective", "stage", "date"),
    _OF_ALL,
    "It owns and leads nothing: is it still needed, or does its work stand under another role?",
    "roles that own something",
    every=False,
)
_OWNED_ROLE = replace(
    _turned(_ROLE_OWNED), filled="kinds of record that a role owns", todo="Give it an owner role."
)

MATRICES: Mapping[str, MatrixSpec] = {
    spec.key: spec
    for spec in (
        _SCHOOL_OBJECTIVE,
        _turned(_SCHOOL_OBJECTIVE),
        _OBJECTIVE_SUBSYSTEM,
        _turned(_OBJECTIVE_SUBSYSTEM),
        MatrixSpec(
            "key-result-action",
            "action-list",
            Axis("key_result", "Key result", _key_results, ("objective",)),
            Axis("level", "School level", _levels),
            _actions,
            "actions",
            ("status", "school", "role", "subsystem", "date"),
            _OF_ACTIONS,
            "No living action at these schools: ask which class would feel it first.",
            "cells with a living action",
            lists=True,
        ),
        MatrixSpec(
            "protocol-action",
            "action-list",
            Axis("protocol", "Protocol", _protocols, ("kind", "subsystem")),
            Axis("type", "Work", _types("action", "session")),
            all_work,
            "actions and sessions",
            ("status", "school", "level", "objective", "role", "stage", "date"),
            OF_WORK,
            "Nobody runs it: offer it to a team, or ask whether it is still needed.",
            "protocols that a living action or a session runs",
            every=False,
            lists=True,
        ),
        MatrixSpec(
            "term-entry",
            "entry-term",
            Axis("term", "Word", _terms, ("stage", "role")),
            Axis("type", "Entries", _types("protocol", "exemplar")),
            _entries_of_words,
            "protocols and exemplars",
            ("kind", "subsystem"),
            (ENTRY,),
            "Nothing yet: which protocol or exemplar shows this word at work?",
            "cells with an entry",
            names=True,
        ),
        MatrixSpec(
            "entry-term",
            "term-entry",
            Axis("entry", "Protocol or exemplar", _entries, ("kind", "role", "stage")),
            Axis("type", "Words", _types("term")),
            _words_of_entries,
            "words",
            (),
            (ENTRY,),
            "No word is tied to it: name the one that it helps to understand.",
            "protocols and exemplars with a word",
            names=True,
        ),
        MatrixSpec(
            "standard-term",
            "term-standard",
            Axis("standard", "Standard", _standards, ("kind",)),
            Axis("type", "Words", _types("term")),
            _entry_items("aligns_with", "standard", "term"),
            "words",
            ("role", "stage"),
            (ENTRY,),
            "No word is tied to it: which of our words says what students do here?",
            "standards with a word",
            names=True,
        ),
        MatrixSpec(
            "term-standard",
            "standard-term",
            Axis("term", "Word", _terms, ("stage", "role")),
            Axis("kind", "Standards", _standard_kinds),
            _standards_of_words,
            "standards",
            (),
            (ENTRY,),
            "No standard is named: which one does this word belong to?",
            "words with a standard",
            names=True,
            every=False,
        ),
        _ROLE_OWNED,
        _OWNED_ROLE,
        _SCHOOL_IMPERATIVE,
        _turned(_SCHOOL_IMPERATIVE),
    )
}


def matrix_of(manual: Manual, key: str) -> Matrix:
    """A declared matrix of this manual; counted once."""
    counted = manual.once(_counted)
    if key not in counted:
        spec = MATRICES[key]
        counted[key] = matrix(manual, spec, facets_of(manual, spec.states))
    return counted[key]


def _counted(_manual: Manual) -> dict[str, Matrix]:
    """The matrices of a manual that were asked for so far."""
    return {}
