"""The wording that matters of a record, and the wording that is agreed.

Records depend on what others say: a school's action on the words of a key result. When those words
change, whoever depends on them looks again (`core/confirm.py`; the field calls such links suspect).
What counts as wording is declared in `WORDINGS`; the agreed wordings are kept in `wordings.csv`,
a ledger of the source, so that nothing rests on a history of versions that a district may not have.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from living_manual.core.finding import Finding, finding
from living_manual.core.ledgers import Entry
from living_manual.core.model import Manual, Record, Ref

LEDGER = "wordings.csv"
#: How a wording came to be the agreed one: kept first, confirmed by all, or it means the same.
FIRST, SETTLED, TYPO = "first", "settled", "typo"
WAYS = (FIRST, SETTLED, TYPO)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a wording: the title, the text of its block, a field, or the steps of its page.

    `label` stands before a field.
    """

    name: str
    label: str = ""


_TITLE, _TEXT, _STEPS = Part("title"), Part("text"), Part("steps")
#: What would change what people do. Baselines, dates, owners and sources would not.
WORDINGS: Mapping[str, tuple[Part, ...]] = {
    "objective": (_TITLE, _TEXT),
    "key_result": (_TITLE, _TEXT, Part("measure", "Looks at"), Part("target", "Target")),
    "protocol": (_TITLE, _TEXT, _STEPS),
    "term": (_TITLE, _TEXT),
}
#: Who depends on a wording: records of a type, by these links that they write. A key result in
#: between decides for its actions: they are asked when its own wording changes.
DEPENDS: Mapping[str, tuple[str, ...]] = {
    "key_result": ("measures",),
    "action": ("advances", "uses"),
    "session": ("serves", "runs"),
    "assessment": ("informs",),
    "protocol": ("develops",),
    "exemplar": ("illustrates",),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A wording of a record that is kept: what stands for it, since when, how it came, the text."""

    wording: str
    since: date
    way: str
    text: str


@dataclass(frozen=True, slots=True)
class Reworded:
    """A record whose wording is not the agreed one.

    `kept` are the texts that are known, by what stands for each.
    """

    record: Ref
    wording: str
    text: str
    agreed: Kept
    kept: Mapping[str, Kept]
    typo: bool


def wording_of(manual: Manual, record: Record) -> str:
    """The wording that matters, a line for each part; empty for a record nobody depends on."""
    lines: list[str] = []
    for part in WORDINGS.get(record.type, ()):
        if part.name == "title":
            lines.append(record.title)
        elif part.name == "text":
            lines.append(record.text)
        elif part.name == "steps":
            steps = manual.steps.get(record.id, ())
            lines += [f"{n}. {title} ({m} min)" for n, (title, m) in enumerate(steps, 1)]
        elif value := record.get(part.name):
            words = value.replace("-", " ") if part.name == "measure" else value
            lines.append(f"{part.label}: {words}")
    return "\n".join(line for line in (" ".join(each.split()) for each in lines) if line)


#: Sixteen letters: no vowels, so that no word comes about; no digits, so that a spreadsheet does
#: not take `12345678` or `1234e567` for a number.
_LETTERS = "bcdfghjkmnpqrstv"
_QUOTES = str.maketrans(dict.fromkeys("‘’‚‛′‹›", "'") | dict.fromkeys("“”„‟″«»", '"'))
_MARKS = re.compile(r"[*_`~\\]")
_DASHES = re.compile(r"-{2,3}|[‐-―−]")


def folded(text: str) -> str:
    """The text as it is compared: kinds of blanks, quotes and dashes, and Markdown's marks, go."""
    lines = unicodedata.normalize("NFKC", text).translate(_QUOTES).splitlines()
    plain = (_DASHES.sub("-", _MARKS.sub("", line)) for line in lines)
    return "\n".join(line for line in (" ".join(each.split()) for each in plain) if line)


@lru_cache(maxsize=4096)
def digest(text: str) -> str:
    """Eight letters that stand for a wording (32 bits of SHA-256).

    Districts write them down: what stands for a text never changes from version to version.
    """
    value = hashlib.sha256(folded(text).encode()).hexdigest()[:8]
    return "".join(_LETTERS[int(sign, 16)] for sign in value)


def kept_wordings(manual: Manual) -> dict[str, tuple[Kept, ...]]:
    """The wordings kept of each record, oldest first; the last one is the agreed one."""
    found: dict[str, list[Kept]] = {}
    for row in manual.ledger(LEDGER):
        found.setdefault(row.get("record"), []).append(_kept(row))
    return {
        record_id: tuple(sorted(rows, key=lambda kept: kept.since))
        for record_id, rows in found.items()
    }


def _kept(row: Entry) -> Kept:
    text = row.get("text").replace("\r\n", "\n").replace("\r", "\n")
    day = row.day("since") or date.min
    return Kept(row.get("wording"), day, row.get("kind"), text)


def parents(manual: Manual) -> Iterator[Record]:
    """Every record with a wording that others may depend on."""
    for name in WORDINGS:
        yield from manual.of_type(name)


def reworded(manual: Manual) -> Mapping[str, Reworded]:
    """The records whose wording is another than the agreed one, by id; not those that keep none.

    It is worked out once for a manual: every card asks for it.
    """
    return manual.once(_reworded)


def _reworded(manual: Manual) -> Mapping[str, Reworded]:
    found = {}
    kept = kept_wordings(manual)
    for record in parents(manual) if kept else ():
        rows = kept.get(record.id)
        text = wording_of(manual, record) if rows else ""
        if rows and digest(text) != rows[-1].wording:
            now = digest(text)
            found[record.id] = Reworded(
                record.ref,
                now,
                text,
                rows[-1],
                {row.wording: row for row in rows},
                mark(record.id, now) in marks(record),
            )
    return found


def not_kept(manual: Manual) -> tuple[Record, ...]:
    """The records of which no wording is kept yet: nobody can tell when theirs changes."""
    kept = kept_wordings(manual)
    return tuple(record for record in parents(manual) if record.id not in kept)


def mark(record_id: str, wording: str) -> str:
    """What a confirmation says: the record and its wording, as `OBJ_TALK@cdfghjkm`."""
    return f"{record_id}@{wording}"


MARK = re.compile(rf"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)@([{_LETTERS}]{{8}})")


def marks(record: Record) -> tuple[str, ...]:
    """The confirmations a record carries, as they are written."""
    said = record.fields.get("confirmed", ())
    parts = said.split(",") if isinstance(said, str) else said
    return tuple(part.strip() for part in parts if part.strip())


def check_wordings(manual: Manual) -> Iterator[Finding]:
    """A finding for each row of the ledger that stands for nothing."""
    for row in manual.ledger(LEDGER):
        kept, record_id = _kept(row), row.get("record")
        record = manual.get(record_id)
        column, what, fix = "record", "", ""
        if record is None:
            what = f"keeps a wording of {record_id}, which is no record of this manual"
            fix = "Write its new id here; if the record is gone for good, delete the row."
        elif record.type not in WORDINGS:
            what = f"keeps a wording of {record_id}, and nobody depends on the wording of that"
            fix = "Delete the row."
        elif kept.way not in WAYS:
            column, what = "kind", f"says '{kept.way}'"
            fix = f"Write one of {', '.join(WAYS)}."
        elif digest(kept.text) != kept.wording:
            column = "wording"
            what = f"says {kept.wording}, and its text would be {digest(kept.text)}"
            fix = (
                "Take the last edit of this row back: it keeps what was agreed. "
                "New wording belongs on the record's own page."
            )
        if what:
            message = f"Row {row.line} of {LEDGER} {what}."
            yield finding("wording-row", message, fix, row.file, row.line, column)
