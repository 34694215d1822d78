"""Blocks that count: beside records that the public edition lacks they would show wrong numbers."""

from __future__ import annotations

from collections.abc import Mapping

_CHAIN = frozenset(("objective", "key_result", "action"))
_ALL = frozenset(("*",))

#: What each block counts: types of record, and tables that are no records. `*` is every type.
COUNTED: Mapping[str, frozenset[str]] = {
    "coverage": frozenset(("school", "objective", "action")),
    "matrix": _ALL,
    "blank-schools": frozenset(("school", "objective", "action")),
    "action-list": frozenset(("action", "school")),
    "session-list": frozenset(("session", "school")),
    "codification": _ALL,
    "system-health": _ALL | {"readings.csv", "evidence.csv"},
    "health-line": _ALL | {"readings.csv", "evidence.csv"},
    "to-confirm": _ALL | {"wordings.csv"},
    "handover-list": _ALL,
    "gaps": _ALL | {"exceptions.csv", "readings.csv", "evidence.csv"},
    "balance": _CHAIN | {"school", "evidence.csv"},
    "school-balance": _CHAIN | {"evidence.csv"},
    "school-plan": frozenset(("action",)),
    "fragility": _ALL,
    "single-points": _ALL,
    "role-drills": _ALL,
    "facilitation": frozenset(("session", "role")),
    "session-calendar": frozenset(("session",)),
    "reported-hours": frozenset(("reported-hours.csv", "reported-use.csv")),
    "learning-hours": frozenset(("session", "reported-hours.csv", "benchmarks.csv")),
    "school-hours": frozenset(("session",)),
    "assessment-calendar": frozenset(("assessment",)),
    "key-results": frozenset(("key_result", "objective", "readings.csv")),
    "key-results-by-school": frozenset(("key_result", "school", "readings.csv")),
    "key-results-sum": frozenset(("key_result", "objective", "readings.csv")),
    "school-readings": frozenset(("key_result", "readings.csv")),
}


def wrong_count(block: str, cut: Mapping[str, int]) -> str:
    """What of what the block counts is cut; empty when nothing is.

    `cut` is how many records of each type, and rows of each table, the public edition lacks.
    """
    counted = COUNTED.get(block, frozenset())
    for name, number in sorted(cut.items()):
        if number and (name in counted or ("*" in counted and not name.endswith(".csv"))):
            return name
    return ""
