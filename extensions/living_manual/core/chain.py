"""The chain: from an objective down to actions and evidence; from a record up to the vision.

Each type's links up and down are declared here once, for the tree of a chain, for the small diagram
at the end of a record's page (`core/used_in.py`) and for the line in an action's card.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import DataTable


@dataclass(frozen=True, slots=True)
class ChainNode:
    """A record in the chain: how it hangs on the one before, a short note, and what follows."""

    record: Ref
    relation: str
    note: str = ""
    place: Ref | None = None
    following: tuple[ChainNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain of one record: what it serves (above) and what carries it (below)."""

    record: Ref
    above: tuple[ChainNode, ...]
    below: tuple[ChainNode, ...]
    actions: int
    schools: int


#: What a record serves, going up towards the vision.
UP = {
    "objective": ("realises",),
    "key_result": ("measures",),
    "action": ("advances",),
    "session": ("serves",),
    "assessment": ("informs",),
    "protocol": ("strengthens", "develops"),
    "exemplar": ("illustrates",),
    "term": ("aligns_with",),
    "standard": ("part_of",),
}
#: What a record is carried out with, as the last step of its chain.
MEANS = ("uses", "runs")
#: Which type stands above which: the vision on top, what happens in classrooms at the bottom.
RANK = {
    "vision": 0,
    "standard": 0,
    "stage": 0,
    "role": 0,
    "decision": 0,
    "subsystem": 0,
    "objective": 1,
    "term": 1,
    "key_result": 2,
    "protocol": 2,
    "school": 2,
    "exemplar": 3,
    "action": 3,
    "session": 3,
    "assessment": 4,
}
#: What carries a record, going down towards the classroom.
DOWN = {
    "vision": ("realises",),
    "objective": ("measures", "advances", "serves"),
    "key_result": ("advances", "informs"),
}


def chain(manual: Manual, record: Record) -> Chain:
    """Both directions for one record; a cycle of links is followed once."""
    below = tuple(_below(manual, record, frozenset({record.id})))
    actions = {node.record.id for node in _walk(below) if node.record.type == "action"}
    schools = {school for action in actions for school in manual.records[action].to("at")}
    return Chain(
        record.ref,
        above(manual, record),
        below,
        len(actions),
        len(schools),
    )


def above(manual: Manual, record: Record) -> tuple[ChainNode, ...]:
    """What a record stands on, each with what that stands on.

    A school stands on the objectives that its actions advance: that is what it does for the
    district.
    """
    if record.type == "school":
        return tuple(_above_school(manual, record))
    return tuple(_above(manual, record, frozenset({record.id})))


def lines(nodes: tuple[ChainNode, ...]) -> Iterator[tuple[tuple[int, int], str, Ref]]:
    """Each line above a record: the height of its upper end, the id of its lower, the upper.

    The lower id of the first ones is empty: they lead to the record itself. A standard that
    others are part of stands above them.
    """
    waiting = [("", 0, node) for node in nodes]
    while waiting:
        lower, parts, node = waiting.pop(0)
        yield (RANK.get(node.record.type, 0), -parts), lower, node.record
        for each in node.following:
            deeper = parts + 1 if node.record.type == each.record.type else 0
            waiting.append((node.record.id, deeper, each))


def trail(nodes: tuple[ChainNode, ...]) -> tuple[tuple[Ref, ...], ...]:
    """The records above in one line: those of one height and type together, the highest first."""
    heights: dict[str, tuple[tuple[int, int], Ref]] = {}
    for height, _, ref in lines(nodes):
        known = heights.get(ref.id)
        heights[ref.id] = (min(height, known[0]) if known else height, ref)
    rows: dict[tuple[tuple[int, int], str], list[Ref]] = {}
    for height, ref in heights.values():
        rows.setdefault((height, ref.type), []).append(ref)
    return tuple(tuple(rows[key]) for key in sorted(rows))


def means(manual: Manual, record: Record) -> tuple[Ref, ...]:
    """The protocols that an action uses or a session runs, each once."""
    found = (target.ref for link in MEANS for target in manual.linked(record, link))
    return tuple({ref.id: ref for ref in found}.values())


def _above_school(manual: Manual, school: Record) -> Iterator[ChainNode]:
    found: dict[str, Record] = {}
    for action in manual.incoming(school.id, "at"):
        for objective in manual.objectives_of(action):
            found.setdefault(objective.id, objective)
    for objective in manual.of_type("objective"):
        if objective.id in found:
            up = tuple(_above(manual, objective, frozenset({school.id, objective.id})))
            yield ChainNode(objective.ref, "advances by its actions", following=up)


def _above(manual: Manual, record: Record, seen: frozenset[str]) -> Iterator[ChainNode]:
    for link in UP.get(record.type, ()):
        relation = manual.model.links[link].outgoing
        for target in manual.linked(record, link):
            if target.id not in seen:
                yield ChainNode(
                    target.ref,
                    relation,
                    _note(target),
                    _place(manual, target),
                    tuple(_above(manual, target, seen | {target.id})),
                )


def _below(manual: Manual, record: Record, seen: frozenset[str]) -> Iterator[ChainNode]:
    for link in DOWN.get(record.type, ()):
        relation = manual.model.links[link].incoming
        for source in manual.incoming(record.id, link):
            if source.id not in seen:
                yield ChainNode(
                    source.ref,
                    relation,
                    _note(source),
                    _place(manual, source),
                    tuple(_below(manual, source, seen | {source.id})),
                )
    for link in MEANS:
        for protocol in manual.linked(record, link):
            if protocol.id not in seen:
                yield ChainNode(protocol.ref, manual.model.links[link].outgoing)


def _place(manual: Manual, record: Record) -> Ref | None:
    schools = manual.linked(record, "at")
    if not schools:
        return None
    school = schools[0]
    return Ref(school.id, school.type, school.get("short") or school.title, school.page)


def _note(record: Record) -> str:
    if record.type == "key_result" and record.get("target"):
        return f"{record.get('baseline') or 'no baseline'} to {record.get('target')}"
    if record.type == "action" and record.get("evidence"):
        return f"evidence: {record.get('evidence')}"
    return ""


def _walk(nodes: tuple[ChainNode, ...]) -> Iterator[ChainNode]:
    for node in nodes:
        yield node
        yield from _walk(node.following)


def chain_table(view: Chain) -> DataTable:
    """One row a link of the chain: level, direction, and the two records it joins."""
    rows: list[tuple[str | int | float | None, ...]] = []

    def add(nodes: tuple[ChainNode, ...], parent: Ref, direction: str, level: int) -> None:
        for node in nodes:
            rows.append(
                (
                    direction,
                    level,
                    parent.id,
                    node.relation,
                    node.record.id,
                    node.record.type,
                    node.record.title,
                    node.record.status,
                    node.place.title if node.place else "",
                    node.note,
                )
            )
            add(node.following, node.record, direction, level + 1)

    add(view.above, view.record, "above", 1)
    add(view.below, view.record, "below", 1)
    return DataTable(
        (
            "direction",
            "level",
            "from",
            "relation",
            "id",
            "type",
            "title",
            "status",
            "school",
            "note",
        ),
        tuple(rows),
    )
