"""The standards of a framework, each under the one it is part of, with where they are used."""

from __future__ import annotations

from dataclasses import dataclass

from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import DataTable
from living_manual.core.words import plural

#: Deeper levels are told at this one, so that no page can be nested without end.
DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard and what it contains. `uses` are the records that name it, other than its parts.

    `also` are further standards it is part of.
    """

    standard: Ref
    code: str
    kind: str
    notes: str
    uses: tuple[Ref, ...]
    also: tuple[Ref, ...]
    parts: tuple[Standard, ...]


@dataclass(frozen=True, slots=True)
class Standards:
    """The standards a page tells, and one line that counts them."""

    roots: tuple[Standard, ...]
    count: int
    summary: str


def standards(manual: Manual, page: str) -> Standards:
    """The standards of a page's table in order; each once, under the first it is part of."""
    mine = {
        record.id: record
        for record in manual.of_type("standard")
        if record.page == page and record.from_table
    }
    below: dict[str, list[str]] = {}
    roots: list[str] = []
    for record in mine.values():
        above = next((name for name in record.to("part_of") if name in mine), None)
        if above is None:
            roots.append(record.id)
        else:
            below.setdefault(above, []).append(record.id)
    told: set[str] = set()
    shown = [_tree(manual, mine, below, told, root, 1) for root in roots]
    # What is left is part of itself by some way round; it is shown all the same.
    for record_id in mine:
        if record_id not in told:
            shown.append(_tree(manual, mine, below, told, record_id, 1))
    used = sum(1 for record in mine.values() if _uses(manual, record, mine))
    summary = f"{plural(len(mine), 'standard')}, {used} of them used in the manual"
    return Standards(tuple(shown), len(mine), summary)


def _tree(
    manual: Manual,
    mine: dict[str, Record],
    below: dict[str, list[str]],
    told: set[str],
    record_id: str,
    level: int,
) -> Standard:
    told.add(record_id)
    record = mine[record_id]
    children = _all_below(below, record_id, told) if level == DEEPEST else below.get(record_id, [])
    parts = [
        _tree(manual, mine, {} if level == DEEPEST else below, told, child, level + 1)
        for child in children
        if child not in told
    ]
    above = manual.linked(record, "part_of")
    return Standard(
        record.ref,
        record.get("code"),
        record.get("kind"),
        record.get("notes"),
        _uses(manual, record, mine),
        tuple(other.ref for other in above[1:] if other.type == "standard"),
        tuple(parts),
    )


def _all_below(below: dict[str, list[str]], record_id: str, told: set[str]) -> list[str]:
    found: list[str] = []
    seen, waiting = set(told), [record_id]
    while waiting:
        for child in below.get(waiting.pop(), ()):
            if child not in seen:
                seen.add(child)
                found.append(child)
                waiting.append(child)
    return found


def _uses(manual: Manual, record: Record, mine: dict[str, Record]) -> tuple[Ref, ...]:
    return tuple(
        {
            source.id: source.ref
            for _link, source in manual.incoming_by_link(record.id)
            if source.id not in mine
        }.values()
    )


def standards_table(view: Standards) -> DataTable:
    """One row a standard, in the order of the page."""
    rows: list[tuple[str | int | float | None, ...]] = []
    waiting: list[tuple[Standard, str, int]] = [(root, "", 1) for root in reversed(view.roots)]
    while waiting:
        entry, above, level = waiting.pop()
        rows.append(
            (
                entry.standard.id,
                entry.code,
                entry.standard.title,
                entry.kind,
                above,
                level,
                entry.notes,
                ";".join(ref.id for ref in entry.uses),
            )
        )
        waiting += [(part, entry.standard.id, level + 1) for part in reversed(entry.parts)]
    return DataTable(
        ("id", "code", "title", "kind", "part_of", "level", "notes", "used_in"), tuple(rows)
    )
