"""The eight matrices, each from both sides: what they cross, what they count, what narrows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from living_manual.core.matrix import Axis, Matrix, MatrixSpec, matrix
from living_manual.core.matrix_sides import (
    OBJECTIVE,
    ROLE,
    SCHOOL,
    SUBSYSTEM,
    actions,
    entries,
    entries_of_words,
    entry_items,
    facets_of,
    imperatives,
    key_results,
    levels,
    owned,
    owned_types,
    protocols,
    schools_and_district,
    standard_kinds,
    standards,
    standards_of_words,
    terms,
    types,
    words_of_entries,
)
from living_manual.core.model import STATUSES, Manual
from living_manual.core.work import ENTRY, HELD, TO_COME, all_work

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
    actions,
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
    replace(SCHOOL, heads=schools_and_district),
    Axis("imperative", "Imperative", imperatives),
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
    Axis("type", "What it owns", owned_types),
    owned,
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
            Axis("key_result", "Key result", key_results, ("objective",)),
            Axis("level", "School level", levels),
            actions,
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
            Axis("protocol", "Protocol", protocols, ("kind", "subsystem")),
            Axis("type", "Work", types("action", "session")),
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
            Axis("term", "Word", terms, ("stage", "role")),
            Axis("type", "Entries", types("protocol", "exemplar")),
            entries_of_words,
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
            Axis("entry", "Protocol or exemplar", entries, ("kind", "role", "stage")),
            Axis("type", "Words", types("term")),
            words_of_entries,
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
            Axis("standard", "Standard", standards, ("kind",)),
            Axis("type", "Words", types("term")),
            entry_items("aligns_with", "standard", "term"),
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
            Axis("term", "Word", terms, ("stage", "role")),
            Axis("kind", "Standards", standard_kinds),
            standards_of_words,
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
