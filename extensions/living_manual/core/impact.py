"""Impact: every record that a change would reach, by following links against their direction.

A record that links to another depends on it: an action on the key result that it advances, a
protocol on the words that it develops. Whoever changes a record should know all that depend on it,
also through others.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from living_manual.core.model import Manual, Record

#: Links that hand a change on: what links so depends on the record named, and what depends on it
#: in turn does too. The others (an owner, a school, a stage) reach one step only: a role that
#: changes hands touches the objective it owns, and leaves the actions of all schools as they are.
HANDED_ON = frozenset(
    (
        "realises",
        "measures",
        "advances",
        "serves",
        "informs",
        "strengthens",
        "develops",
        "illustrates",
        "aligns_with",
        "uses",
        "runs",
        "analysed_in",
        "part_of",
    )
)
#: The one link that points the other way: what a decision affects depends on the decision.
SHAPES, DECISION = "affects", "decision"


@dataclass(frozen=True, slots=True)
class Dependant:
    """A record that depends on another: how, and through which record (None when by itself)."""

    record: Record
    relation: str
    through: Record | None


@dataclass(frozen=True, slots=True)
class Impact:
    """All dependants, nearest first, and the pairs of types that a dependence joins.

    In `joined` the record itself stands as an empty type: ("", "key_result"), ("key_result",
    "action").
    """

    dependants: tuple[Dependant, ...]
    joined: frozenset[tuple[str, str]]


def impact(manual: Manual, record: Record) -> Impact:
    """Every record that depends on this one; a circle of links is followed once."""
    found: dict[str, Dependant] = {}
    joined: set[tuple[str, str]] = set()
    onward: dict[str, Record] = {}
    for link, relation, source in _first(manual, record):
        if source.id == record.id:
            continue
        found.setdefault(source.id, Dependant(source, relation, None))
        joined.add(("", source.type))
        if link in HANDED_ON or link == SHAPES:
            onward[source.id] = source
    waiting, said = deque(onward.values()), manual.once(_handed_on)
    while waiting:
        here = waiting.popleft()
        for link, source in manual.incoming_by_link(here.id):
            if link not in said or source.id == record.id:
                continue
            joined.add((here.type, source.type))
            if source.id not in onward:
                onward[source.id] = source
                waiting.append(source)
                if source.id not in found:
                    found[source.id] = Dependant(source, said[link], here)
    return Impact(tuple(found.values()), frozenset(joined))


def _first(manual: Manual, record: Record) -> Iterator[tuple[str, str, Record]]:
    """Every (link, how it is said, record) that depends on this one by itself."""
    for link, source in manual.incoming_by_link(record.id):
        if link != SHAPES or source.type != DECISION:
            yield link, _incoming(manual, link), source
    if record.type == DECISION:
        declared = manual.model.links.get(SHAPES)
        for target in manual.linked(record, SHAPES):
            yield SHAPES, declared.outgoing if declared else SHAPES, target


def _handed_on(manual: Manual) -> Mapping[str, str]:
    """The links that hand a change on, with how each is said from its other end."""
    return {link: _incoming(manual, link) for link in HANDED_ON}


def _incoming(manual: Manual, link: str) -> str:
    declared = manual.model.links.get(link)
    return declared.incoming if declared else link
