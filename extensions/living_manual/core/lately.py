"""What changed lately about one record, from the record of changes that a release carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from living_manual.core.changes import WORDS
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.words import listed

#: So many of a record's changes are told, the newest first.
MOST = 3


@dataclass(frozen=True, slots=True)
class Lately:
    """One change: its day, what happened (`New`, `Changed`, `Moved`) and to which parts.

    `where` is the entry on the page of what changed, with the old and the new wording.
    """

    day: date
    word: str
    parts: str
    where: Ref


def lately(manual: Manual, record: Record) -> tuple[Lately, ...]:
    """The newest changes of a record; none in a build that nobody publishes."""
    return manual.once(_by_record).get(record.id, ())


def _by_record(manual: Manual) -> Mapping[str, tuple[Lately, ...]]:
    carried = manual.changes
    if carried is None or not carried.page:
        return {}
    found: dict[str, list[Lately]] = {}
    page = Ref("", "page", "What changed", carried.page)
    for entry in carried.log.entries:
        where = replace(page, id=entry.anchor)
        for change in entry.changes:
            told = found.setdefault(change.id, [])
            if len(told) < MOST:
                parts = listed(tuple(field.label.lower() for field in change.fields))
                told.append(Lately(entry.day, WORDS[change.what], parts, where))
    return {record_id: tuple(told) for record_id, told in found.items()}
