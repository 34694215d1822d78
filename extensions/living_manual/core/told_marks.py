"""Marks of a long list that its own words tell already, so that they need not be written twice.

A row carries marks by which it can be narrowed: places among the choices of the filters. For 6,000
actions they were two fifths of the page, and nearly all follow from what the row says: its key
result, its protocol, its role. So the list learns from its rows which words stand for which marks
and writes that down once. A row for which the words would tell something else, such as one of two
protocols of one title, keeps its marks in full: what a reader finds is the same by construction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

#: Which column of a row tells a facet, counted from 0; the column of the days is told apart.
COLUMN_OF = {
    "status": 1,
    "objective": 2,
    "key_result": 2,
    "subsystem": 3,
    "protocol": 3,
    "imperative": 3,
    "role": 4,
}
#: The column that says the last day, and the facet of the days.
LAST, DAYS = 5, "date"


@dataclass(frozen=True, slots=True)
class ToldRow:
    """A row: the words of each column, and its marks in the order of the facets."""

    words: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What words stand for: by column and words, the mark of each facet by its place.

    `last` are the days that the words of the last column stand for. `rest` are the places of facets
    that each row writes itself, the days among them by their first day only; `group` those that
    stand at the head of a group.
    """

    columns: Mapping[int, Mapping[str, Mapping[int, str]]]
    last: Mapping[str, str]
    rest: tuple[int, ...]
    group: tuple[int, ...]

    @property
    def data(self) -> dict[str, object]:
        """For the page: the same with names that JSON allows."""
        return {
            "columns": {str(column): words for column, words in self.columns.items()},
            "last": self.last,
            "rest": self.rest,
            "group": self.group,
        }


def learn(facets: Sequence[str], group: Sequence[str], rows: Iterable[ToldRow]) -> Told:
    """What can be learnt from rows that say one thing only in a column."""
    columns: dict[int, dict[str, dict[int, str]]] = {}
    last: dict[str, str] = {}
    told = {place: COLUMN_OF[name] for place, name in enumerate(facets) if name in COLUMN_OF}
    days = facets.index(DAYS) if DAYS in facets else None
    for row in rows:
        for place, column in told.items():
            if len(row.words[column]) == 1:
                known = columns.setdefault(column, {}).setdefault(row.words[column][0], {})
                known.setdefault(place, row.marks[place])
        if days is not None and row.words[LAST]:
            last.setdefault(row.words[LAST][0], _ends(row.marks[days])[1])
    heads = tuple(place for place, name in enumerate(facets) if name in group)
    rest = tuple(place for place in range(len(facets)) if place not in told and place not in heads)
    return Told(columns, last, rest, heads)


def rest_of(told: Told, facets: Sequence[str], row: ToldRow, head: Sequence[str]) -> str | None:
    """What a row writes beside its words; None when its words would tell something else.

    `head` are the marks of its group.
    """
    for place, mark in zip(told.group, head, strict=True):
        if _set(row.marks[place]) != _set(mark):
            return None
    for place, name in enumerate(facets):
        if name in COLUMN_OF:
            known = told.columns.get(COLUMN_OF[name], {})
            found = {
                part
                for words in row.words[COLUMN_OF[name]]
                for part in _set(known.get(words, {}).get(place, ""))
            }
            if found != _set(row.marks[place]):
                return None
    parts = []
    for place in told.rest:
        mark = row.marks[place]
        if facets[place] == DAYS:
            first, end = _ends(mark)
            if end != (told.last.get(row.words[LAST][0], "") if row.words[LAST] else ""):
                return None
            mark = first
        parts.append(mark)
    return ",".join(parts)


def _ends(days: str) -> tuple[str, str]:
    """`9803~9928` as its two ends; one day is both."""
    first, between, end = days.partition("~")
    return (first, end) if between else (first, first)


def _set(mark: str) -> set[str]:
    return set(mark.split("+")) - {""}
