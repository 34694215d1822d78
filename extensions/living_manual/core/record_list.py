"""Records of a type as a list a reader can choose from."""

from __future__ import annotations

from dataclasses import dataclass

from living_manual.core.codification import Standing, standing
from living_manual.core.facts import short_note
from living_manual.core.model import Manual, Ref


@dataclass(frozen=True, slots=True)
class ListItem:
    """A record with a few words about it, its purpose, and how far an entry is codified."""

    record: Ref
    note: str
    purpose: str
    codified: Standing | None = None


@dataclass(frozen=True, slots=True)
class RecordList:
    """Records of one type (and kind, when one is named).

    `letters` leads through a long list: each first letter with the place of its first record, from
    0; empty for a short list and for one that is not by title.
    """

    type: str
    type_title: str
    items: tuple[ListItem, ...]
    letters: tuple[tuple[str, int], ...] = ()


#: From so many records on, a reader wants to jump.
LONG = 24
#: Types whose order of writing means something; the others are listed by title.
_AS_WRITTEN = frozenset({"objective", "key_result", "stage", "subsystem", "standard", "session"})


def record_list(manual: Manual, type_name: str, kind: str = "") -> RecordList:
    """Every record of the type, of that kind when one is given."""
    found = [
        record for record in manual.of_type(type_name) if not kind or record.get("kind") == kind
    ]
    if type_name not in _AS_WRITTEN:
        found.sort(key=lambda record: record.title.casefold())
    letters: dict[str, int] = {}
    if type_name not in _AS_WRITTEN and len(found) >= LONG:
        for place, record in enumerate(found):
            letters.setdefault(record.title[:1].upper(), place)
    return RecordList(
        type_name,
        manual.model.title(type_name),
        tuple(
            ListItem(record.ref, short_note(record), record.purpose, standing(manual, record))
            for record in found
        ),
        tuple(letters.items()),
    )
