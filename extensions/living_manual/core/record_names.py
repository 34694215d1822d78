"""Which record somebody means who writes its id, a part of it, or its name."""

from __future__ import annotations

from difflib import get_close_matches

from living_manual.core.model import Manual, Record
from living_manual.core.words import listed, slug


class NotMeant(Exception):
    """What was written names no record, or several; the message says which are near."""


def meant(manual: Manual, type_name: str, said: str) -> Record:
    """The record of that type with that id or name; raises `NotMeant`.

    `ROLE_PRINCIPAL`, `principal` and `Principal` are the same. A part of a name is enough when only
    one record has all its words.
    """
    names = {record.id: _names(record) for record in manual.of_type(type_name)}
    wanted = slug(said)
    words = set(wanted.split("-"))
    whole = [each for each, every in names.items() if wanted in every]
    parts = [
        each
        for each, every in names.items()
        if wanted and any(words <= set(name.split("-")) for name in every)
    ]
    found = whole or parts
    if len(found) == 1:
        return manual.records[found[0]]
    if found:
        raise NotMeant(f"'{said}' may mean {listed([_told(manual, f) for f in found], 'or')}.")
    raise NotMeant(_unknown(manual, type_name, said, names))


def _names(record: Record) -> tuple[str, ...]:
    own = record.id.partition("_")[2]
    said = (record.id, own, record.title, record.get("short"))
    return tuple(dict.fromkeys(name for each in said if (name := slug(each))))


def _unknown(manual: Manual, type_name: str, said: str, names: dict[str, tuple[str, ...]]) -> str:
    kind = manual.model.title(type_name).lower()
    if not names:
        return f"The manual has no {kind} yet."
    by_name = {name: record_id for record_id, every in names.items() for name in every}
    near = get_close_matches(slug(said), by_name, n=6, cutoff=0.5)
    ids = list(dict.fromkeys(by_name[name] for name in near))[:3]
    if ids:
        asked = f"Did you mean {listed([_told(manual, each) for each in ids], 'or')}?"
    else:
        some = [_told(manual, each) for each in list(names)[:8]]
        more = f", and {len(names) - 8} more" if len(names) > 8 else ""
        asked = f"There are {', '.join(some)}{more}."
    return f"No {kind} is called '{said}'. {asked}"


def _told(manual: Manual, record_id: str) -> str:
    return f"{manual.records[record_id].title} ({record_id})"
