"""A school's own plan and classrooms: each objective over the year, with what was seen."""

from __future__ import annotations

from dataclasses import dataclass

from living_manual.core.balance import Pair, pairs, spans
from living_manual.core.evidence import evidence
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import DataTable


@dataclass(frozen=True, slots=True)
class SchoolBalance:
    """A school's own pairs; `file` is where its people write what they saw."""

    school: Ref
    pairs: tuple[Pair, ...]
    seen: int
    file: str

    def count(self, verdict: str) -> int:
        """How many objectives have a verdict."""
        return sum(pair.verdict == verdict for pair in self.pairs)


def school_balance(manual: Manual, school: Record) -> SchoolBalance:
    """A school's own pairs, with what was seen."""
    year, found = spans(manual.settings, manual.today), pairs(manual)
    days = [seen.day for where, seen in evidence(manual).seen if where == school.id]
    return SchoolBalance(
        school.ref,
        tuple(found[school.id, objective.id] for objective in manual.of_type("objective")),
        sum(year[0].first <= day <= year[-1].last for day in days),
        f"{school.page.rpartition('/')[0]}/evidence.csv".lstrip("/"),
    )


def school_balance_table(view: SchoolBalance) -> DataTable:
    """One row a thing seen this year, objective by objective; one with blanks where nothing was."""
    rows: list[tuple[str, ...]] = []
    for each in view.pairs:
        start = (each.objective.id, each.title)
        told = [
            (
                *(*start, period.span.name, seen.day.isoformat(), seen.kind, seen.about.id),
                *(";".join(role.title for role in seen.by), seen.text),
            )
            for period in each.periods
            for seen in period.seen
        ]
        rows.extend(told or [(*start, *[""] * 6)])
    return DataTable(
        ("objective_id", "balance", "period", "date", "kind", "about_id", "by", "seen"), tuple(rows)
    )
