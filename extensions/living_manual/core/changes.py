"""What changed from one release to another: records added, removed, changed and moved.

`Kept` is a record as a release keeps it (`records.json`, and its whole wording in `wording.json`).
`compare` makes the changes from two releases; nothing here knows where they lie.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from living_manual.core.facts import FACTS, KINDS
from living_manual.core.key_results import MEASURES
from living_manual.core.model import Manual
from living_manual.core.table import json_lines
from living_manual.core.word_difference import (
    IN,
    KEPT,
    OUT,
    Piece,
    difference,
    items,
    shortened,
    spaced,
)
from living_manual.core.words import listed, parse_day, plural, say_day

What = Literal["added", "removed", "changed", "moved"]
#: The order in which people are told.
WHATS: tuple[What, ...] = ("added", "changed", "removed", "moved")
#: What happened, in one word.
WORDS = {"added": "New", "changed": "Changed", "removed": "Removed", "moved": "Moved"}
#: The links by which a role has a record: its owner, who leads it, who backs it up.
ROLE_LINKS = ("owner", "led_by", "backed_up_by")
LABELS = {
    **dict(FACTS),
    "title": "Title",
    "wording": "Text",
    "audiences": "For",
    "short": "Short name",
    "code": "Code",
    "part_of": "Part of",
    "type": "Type",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as a release keeps it; `wording` is None when the release kept none."""

    id: str
    type: str
    type_title: str
    title: str
    href: str
    status: str
    fields: Mapping[str, str | tuple[str, ...]]
    links: Mapping[str, tuple[str, ...]]
    wording: str | None


Snapshot = Mapping[str, Kept]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What changed in one part of a record; `many` says that each piece is an item of a list."""

    name: str
    label: str
    pieces: tuple[Piece, ...]
    many: bool = False

    @property
    def spaced(self) -> tuple[tuple[str, Piece], ...]:
        """The pieces to be shown one after the other, with what stands before each."""
        return tuple(spaced(self.pieces, self.many))

    @property
    def was(self) -> str:
        """The old wording; what was passed over is left out."""
        return self._joined(OUT)

    @property
    def now(self) -> str:
        """The new wording."""
        return self._joined(IN)

    def _joined(self, side: str) -> str:
        texts = [text for op, text in self.pieces if op in (KEPT, side)]
        return (", " if self.many else "").join(texts).strip()


@dataclass(frozen=True, slots=True)
class Change:
    """One record that changed. `moved_from` is its old address when its page is another now.

    `href` is from the site's root: the new address, or for a removed record its last one. `schools`
    and `roles` are those of before and after, so that a role also sees what it gave away.
    """

    what: What
    id: str
    type: str
    type_title: str
    title: str
    href: str
    schools: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    fields: tuple[FieldChange, ...] = ()
    moved_from: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes, in the order in which people are told, and the titles of schools and roles."""

    changes: tuple[Change, ...]
    names: Mapping[str, str]


# ------------------------------------------------------------------------ what a release keeps


def kept_of(
    manual: Manual, page_urls: Mapping[str, str], wordings: Mapping[str, str]
) -> dict[str, Kept]:
    """The records of a manual as a release will keep them."""
    return {
        record.id: Kept(
            record.id,
            record.type,
            manual.model.title(record.type),
            record.title,
            f"{page_urls.get(record.page, record.page)}#{record.id}",
            record.status,
            _values(record.fields),
            {name: tuple(targets) for name, targets in record.links.items() if targets},
            wordings.get(record.id, ""),
        )
        for record in manual.records.values()
    }


def read_kept(records: str, wording: str | None) -> dict[str, Kept]:
    """The records that a release keeps, from the text of its files; it may have no wording.

    Raises `ValueError` for a text that this kit does not know.
    """
    try:
        data = json.loads(records)
        if data["version"] != 1:
            raise ValueError("another version")
        words = None if wording is None else read_wordings(wording)
        return {item["id"]: _kept(item, words) for item in data["records"]}
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"not records this kit knows: {error}") from error


def _kept(item: Mapping[str, Any], words: Mapping[str, str] | None) -> Kept:
    texts = {name: item[name] for name in ("id", "type", "type_title", "title", "href", "status")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise ValueError("a record has no plain text where it should have one")
    return Kept(
        **texts,
        fields=_values(item["fields"]),
        links={name: tuple(map(str, targets)) for name, targets in item["links"].items()},
        wording=None if words is None else words.get(item["id"], ""),
    )


def wordings_json(wordings: Mapping[str, str]) -> str:
    """Every record's whole wording, a record a line."""
    pairs = ([record_id, wordings[record_id]] for record_id in sorted(wordings))
    return json_lines('{"version": 1, "wordings": [', pairs, "]}")


def read_wordings(text: str) -> dict[str, str]:
    """What `wordings_json` wrote; raises `ValueError` or `KeyError` for another text."""
    data = json.loads(text)
    if data["version"] != 1:
        raise ValueError("another version of the wordings")
    return {str(record_id): str(wording) for record_id, wording in data["wordings"]}


def _values(fields: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    return {
        name: tuple(map(_text, value)) if isinstance(value, (list, tuple)) else _text(value)
        for name, value in fields.items()
        if value not in (None, "", [], ())
    }


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


# ------------------------------------------------------------------------------- two releases


def compare(before: Snapshot, after: Snapshot) -> Comparison:
    """What happened to the records from one release to the other."""
    found = list(_changes(before, after))
    found.sort(key=lambda c: (WHATS.index(c.what), c.type_title, c.title, c.id))
    mentioned = {name for change in found for name in (*change.schools, *change.roles)}
    names = {name: _title(name, before, after) for name in sorted(mentioned)}
    return Comparison(tuple(found), names)


def _changes(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    for record_id, old in before.items():
        if record_id not in after:
            yield _change("removed", old, (old,))
    for record_id, new in after.items():
        known = before.get(record_id)
        if known is None:
            yield _change("added", new, (new,))
        elif known != new:
            fields = tuple(_field_changes(known, new, before, after))
            moved = known.href if _page(known) != _page(new) else ""
            if fields or moved:
                change = _change("changed" if fields else "moved", new, (new, known))
                yield replace(change, fields=fields, moved_from=moved)


def _change(what: What, kept: Kept, sides: Sequence[Kept]) -> Change:
    schools = [s for side in sides for s in side.links.get("at", ())]
    roles = [role for side in sides for link in ROLE_LINKS for role in side.links.get(link, ())]
    own = [kept.id]
    return Change(
        what,
        kept.id,
        kept.type,
        kept.type_title,
        kept.title,
        kept.href,
        tuple(dict.fromkeys(own + schools if kept.type == "school" else schools)),
        tuple(dict.fromkeys(own + roles if kept.type == "role" else roles)),
        tuple(kept.fields.get("audiences", ())),
    )


def _page(kept: Kept) -> str:
    return kept.href.partition("#")[0]


def _title(record_id: str, before: Snapshot, after: Snapshot) -> str:
    kept = after.get(record_id) or before.get(record_id)
    return kept.title if kept else record_id


def _field_changes(
    old: Kept, new: Kept, before: Snapshot, after: Snapshot
) -> Iterator[FieldChange]:
    for name in ("title", "type", "status"):
        yield from _words_changed(name, getattr(old, name), getattr(new, name))
    if old.wording is not None and new.wording is not None:
        yield from _words_changed("wording", old.wording, new.wording)
    for name in _names(old.fields, new.fields):
        was, now = old.fields.get(name, ""), new.fields.get(name, "")
        if isinstance(was, str) and isinstance(now, str):
            yield from _words_changed(name, was, now)
        elif pieces := items(_as_list(was), _as_list(now)):
            yield FieldChange(name, label_of(name), pieces, many=True)
    for name in _names(old.links, new.links):
        pieces = items(old.links.get(name, ()), new.links.get(name, ()))
        if pieces:
            titled = tuple(Piece(op, _title(text, before, after)) for op, text in pieces)
            yield FieldChange(name, label_of(name), titled, many=True)


def _words_changed(name: str, was: str, now: str) -> Iterator[FieldChange]:
    if was != now and (pieces := difference(was, now)):
        yield FieldChange(name, label_of(name), shortened(pieces))


def _as_list(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if value else ()


def _names(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Names on either side, in the order in which a record shows its facts."""
    order = {name: at for at, name in enumerate(LABELS)}
    return sorted({*old, *new}, key=lambda name: (order.get(name, len(order)), name))


def label_of(name: str) -> str:
    """What people call a field or link."""
    return LABELS.get(name) or name.replace("_", " ").capitalize()


# --------------------------------------------------------------------------------- telling it


def say(change: FieldChange) -> FieldChange:
    """The same change with days and kinds as people say them."""
    return replace(
        change, pieces=tuple(Piece(op, _said(change.name, text)) for op, text in change.pieces)
    )


def _said(name: str, text: str) -> str:
    day = parse_day(text.strip())
    if day:
        return say_day(day)
    known = {"kind": KINDS, "measure": MEASURES}.get(name, {})
    return known.get(text, text)


def concerning(changes: Iterable[Change], role: str = "", school: str = "") -> list[Change]:
    """The changes of a role and of a school; an empty name means all."""
    return [
        change
        for change in changes
        if (not role or role in change.roles) and (not school or school in change.schools)
    ]


def sums(changes: Iterable[Change]) -> dict[tuple[What, str], int]:
    """How many of each (what happened, title of the type), in the order told."""
    found: dict[tuple[What, str], int] = {}
    for change in changes:
        key = change.what, change.type_title
        found[key] = found.get(key, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: (WHATS.index(pair[0][0]), pair[0][1])))


def sum_sentence(changes: Iterable[Change]) -> str:
    """`1 new word, 2 actions and 1 objective changed, 1 session removed`."""
    by_what: dict[What, list[str]] = {}
    for (what, title), count in sums(changes).items():
        new = "new " if what == "added" else ""
        by_what.setdefault(what, []).append(plural(count, new + title.lower()))
    endings = {"changed": " changed", "removed": " removed", "moved": " moved to another page"}
    return ", ".join(listed(parts) + endings.get(what, "") for what, parts in by_what.items())
