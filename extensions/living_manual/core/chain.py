"""The chain: from an objective down to actions and evidence; from a record up to the vision."""

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
    "protocol": ("strengthens",),
    "exemplar": ("illustrates",),
    "term": ("aligns_with",),
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
        tuple(_above(manual, record, frozenset({record.id}))),
        below,
        len(actions),
        len(schools),
    )


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
    for link in ("uses", "runs"):
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
