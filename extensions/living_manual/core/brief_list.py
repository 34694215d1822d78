"""Every one-page brief: the protocols by family, then the words."""

from __future__ import annotations

from dataclasses import dataclass

from living_manual.core.brief import brief_file
from living_manual.core.facts import KINDS
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import DataTable


@dataclass(frozen=True, slots=True)
class BriefItem:
    """A record with the file of its brief, from the site's root; `minutes` is 0 for a word."""

    record: Ref
    file: str
    minutes: int


@dataclass(frozen=True, slots=True)
class BriefGroup:
    """The briefs of one family of protocols, or of the words."""

    name: str
    title: str
    items: tuple[BriefItem, ...]


@dataclass(frozen=True, slots=True)
class BriefList:
    """All briefs, in the order in which the manual names families; words last, by title."""

    groups: tuple[BriefGroup, ...]


def brief_list(manual: Manual) -> BriefList:
    """The briefs of the manual's protocols and words."""
    families: dict[str, list[Record]] = {name: [] for name in KINDS}
    for record in manual.of_type("protocol"):
        families.setdefault(record.get("kind"), []).append(record)
    groups = [
        BriefGroup(f"protocol-{name}", _family(name), _items(records))
        for name, records in families.items()
        if records
    ]
    if words := manual.of_type("term"):
        groups.append(BriefGroup("word", "Words", _items(words)))
    return BriefList(tuple(groups))


def _family(name: str) -> str:
    return f"{KINDS[name]} protocols" if name in KINDS else "More protocols"


def _items(records: tuple[Record, ...] | list[Record]) -> tuple[BriefItem, ...]:
    return tuple(
        BriefItem(record.ref, brief_file(record.id, record.type), _minutes(record))
        for record in sorted(records, key=lambda record: record.title.casefold())
    )


def _minutes(record: Record) -> int:
    said = record.get("minutes")
    return int(said) if said.isdigit() else 0


def brief_list_table(view: BriefList) -> DataTable:
    """One row a brief."""
    return DataTable(
        ("id", "title", "group", "minutes", "page", "pdf"),
        tuple(
            (
                item.record.id,
                item.record.title,
                group.title,
                item.minutes or None,
                item.record.page,
                item.file,
            )
            for group in view.groups
            for item in group.items
        ),
    )
