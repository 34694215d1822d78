"""System health as it is shown elsewhere: its rows for spreadsheets, its chart, its short line."""

from __future__ import annotations

from dataclasses import dataclass

from living_manual.core.chart import Amount, Chart, bars
from living_manual.core.codification import LEVELS
from living_manual.core.health import HealthRow, SystemHealth, system_health
from living_manual.core.model import Manual, Ref
from living_manual.core.table import Cell, DataTable

#: The block of the page of system health.
VIEW = "system-health"


def health_table(view: SystemHealth) -> DataTable:
    """One row a part."""
    return DataTable(
        (
            *("part_id", "type", "part", "mark"),
            *("there", "expected", "there_mark"),
            *("entries", *LEVELS, "codified_mark"),
            *("records", "reviewed_in_time", "fresh_mark", "oldest_review", "due_soon"),
            *("lacks", "missing", "empty_parts", "gaps", "late_gaps"),
            *("elements", "elements_carried", "protocols", "sessions", "actions", "objectives"),
        ),
        tuple(_cells(row) for row in view.rows),
    )


def _cells(row: HealthRow) -> tuple[Cell, ...]:
    oldest = row.reviews.oldest.reviewed if row.reviews.oldest else None
    return (
        *(row.part.id, row.part.type, row.part.title, row.mark),
        *(row.there.part, row.there.whole, row.there.mark),
        row.tally.total,
        *row.tally.counts,
        row.codified.mark,
        *(row.fresh.whole, row.fresh.part, row.fresh.mark),
        *(oldest.isoformat() if oldest else "", row.reviews.soon_count),
        *(row.lacking, len(row.missing), len(row.empty)),
        *(sum(each.count for each in row.gaps), row.late),
        *(len(row.elements), sum(each.state == "carried" for each in row.elements)),
        *(row.count("protocol"), row.count("session"), row.count("action")),
        len(row.carries),
    )


def health_chart(view: SystemHealth) -> Chart:
    """The entries of each part by level, each part to the same length."""
    levels = tuple(LEVELS)[::-1]
    amounts = []
    for row in view.rows:
        total = row.tally.total
        counts = tuple(reversed(row.tally.counts))
        sizes = tuple(100 * count / total if total else 0.0 for count in counts)
        said = f"{row.codified.part} of {total}" if total else "no entry"
        amounts.append(Amount(row.name, sizes, said))
    shown = [row for row in view.rows if row.tally.total]
    embedded = sum(row.codified.part == row.tally.total for row in shown)
    return Chart(
        "health-levels",
        "How far the entries of each part are codified",
        "One bar for each stage and subsystem, all to the same length, parted by the share of its "
        "entries at each level. The number beside it says how many are embedded. "
        f"{embedded} of {len(view.rows)} bars are embedded from end to end.",
        bars(amounts, tuple(level.capitalize() for level in levels), whole=100),
        ("Part", "Entries", *(level.capitalize() for level in levels)),
        tuple(
            (row.part.title, str(row.tally.total), *map(str, reversed(row.tally.counts)))
            for row in view.rows
        ),
    )


@dataclass(frozen=True, slots=True)
class HealthLine:
    """The marks of all stages, or of all subsystems, in a line: (part, its short name, mark).

    `where` is the page that says why, None when no page shows it.
    """

    where: Ref | None
    marks: tuple[tuple[Ref, str, str], ...]


def health_line(manual: Manual, type_name: str) -> HealthLine:
    """The marks of the parts of a type; none while there is nothing to judge."""
    view = system_health(manual)
    rows = () if view.steps else view.rows
    return HealthLine(
        manual.places.get(VIEW),
        tuple((row.part, row.name, row.mark) for row in rows if row.part.type == type_name),
    )
