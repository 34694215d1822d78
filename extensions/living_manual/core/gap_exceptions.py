"""Exceptions: gaps that a body of the district agreed to leave open until a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from living_manual.core.gap import Gap, GapRule
from living_manual.core.ledgers import Entry
from living_manual.core.model import Manual


@dataclass(frozen=True, slots=True)
class Agreed:
    """One exception: until its last day it holds, and from the day after the gap counts again."""

    reason: str
    approved_by: str
    until: date


@dataclass(frozen=True, slots=True)
class Exceptions:
    """All exceptions, by the rule, the record and, for a rule about two records, the other one.

    Of several for one gap the one that ends last stands.
    """

    today: date
    by_gap: Mapping[tuple[str, str, str], Agreed]

    def of(self, rule: GapRule, gap: Gap) -> Agreed | None:
        """The exception for a gap, in force or ended."""
        about = gap.about.id if gap.about else ""
        exact = self.by_gap.get((rule.key, gap.record.id, about))
        plain = None if rule.pair else self.by_gap.get((rule.key, gap.record.id, ""))
        return max((each for each in (exact, plain) if each), key=_strength, default=None)

    def in_force(self, rule: GapRule, gap: Gap) -> Agreed | None:
        """The exception that takes a gap out of the count today."""
        found = self.of(rule, gap)
        return found if found and found.until >= self.today else None

    def ended(self, rule: GapRule, gap: Gap) -> date | None:
        """The last day of an exception that has ended."""
        found = self.of(rule, gap)
        return found.until if found and found.until < self.today else None


def exceptions(manual: Manual) -> Exceptions:
    """The exceptions of the manual, whatever the order of their rows."""
    found: dict[tuple[str, str, str], Agreed] = {}
    for entry in manual.ledger("exceptions.csv"):
        until = entry.day("until")
        if until is None:
            continue
        agreed = Agreed(entry.get("reason"), entry.get("approved_by"), until)
        for key in keys_of(entry):
            if key not in found or _strength(found[key]) < _strength(agreed):
                found[key] = agreed
    return Exceptions(manual.today, found)


def keys_of(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Rule, record and other record of each gap that a row is for."""
    for record in entry.ids("record"):
        for about in entry.ids("about") or ("",):
            yield entry.get("rule").strip(), record, about


def _strength(agreed: Agreed) -> tuple[date, str, str]:
    return agreed.until, agreed.reason, agreed.approved_by
