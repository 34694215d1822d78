"""Confirming from the command line: which lines of which files change, and nothing else in them.

Everything is worked out before a file is touched. What cannot be done raises `NotConfirmed`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from living_manual.core.compare import Comparison
from living_manual.core.confirm import (
    Asked,
    asked,
    depends_on,
    open_parents,
    with_marks,
)
from living_manual.core.importing import FileChange
from living_manual.core.ledgers import LEDGERS
from living_manual.core.model import Manual, Record
from living_manual.core.page_text import blocks, line_end, lines_of, with_line
from living_manual.core.sheet_text import Edit, edited, split_rows, typed
from living_manual.core.tables import CONFIRMED
from living_manual.core.wording import (
    FIRST,
    LEDGER,
    SETTLED,
    TYPO,
    WORDINGS,
    Reworded,
    digest,
    kept_wordings,
    marks,
    not_kept,
    reworded,
    wording_of,
)
from living_manual.core.words import listed, plural, say_day

#: Where the agreed wordings are kept when there is no such file yet.
NEW_LEDGER = f"progress/{LEDGER}"
Texts = Mapping[str, str]


class NotConfirmed(Exception):
    """It cannot be confirmed. The message says why and what to do, in a sentence or two."""


@dataclass(frozen=True, slots=True)
class Confirming:
    """What a confirmation writes: the files, and what it does in sentences."""

    changes: tuple[FileChange, ...]
    said: tuple[str, ...]


def plan_confirm(manual: Manual, record_id: str, parent_id: str | None, texts: Texts) -> Confirming:
    """The owner of a record confirms one changed wording, or all that are open.

    A wording that nobody is left to confirm becomes the agreed one.
    """
    record = _record(manual, record_id)
    parents = open_parents(manual, record)
    if parent_id is not None:
        parents = (_open(manual, record, parent_id, parents),)
    if not parents:
        raise NotConfirmed(_nothing_open(manual, record))
    new = {each.record.id: each.wording for each in parents}
    text = with_confirmation(texts[record.file], record, with_marks(marks(record), new))
    said = [f"{record.file}:{record.line}: {record.id} confirms {listed(list(new))}."]
    rows = []
    for each in parents:
        left = [ref for ref, _ in _asked(manual, each).open if ref.id != record.id]
        if left:
            said.append(f"{each.record.id}: {plural(len(left), 'record')} left to confirm.")
        else:
            rows.append(_row(manual, manual.records[each.record.id], SETTLED))
            said.append(f"{each.record.id}: nobody is left to confirm; the new wording is agreed.")
    return _both(FileChange(record.file, texts[record.file], text), rows, texts, said)


def plan_typo(manual: Manual, record_id: str, texts: Texts) -> Confirming:
    """A new wording means the same as the agreed one: nobody has to confirm."""
    record = _record(manual, record_id)
    change = reworded(manual).get(record.id)
    if change is None:
        raise NotConfirmed(_not_changed(manual, record))
    count = len(_asked(manual, change).open)
    spared = f"; {plural(count, 'record')} need not confirm it" if count else ""
    said = [f"{record.id}: the new wording is agreed as one that means the same{spared}."]
    return _both(None, [_row(manual, record, TYPO)], texts, said)


def plan_keep(manual: Manual, texts: Texts) -> Confirming:
    """Keep every wording that nobody has to confirm: those not kept yet, and those agreed since."""
    rows = [_row(manual, record, FIRST) for record in not_kept(manual)]
    said = [f"{plural(len(rows), 'wording')} kept for the first time."] if rows else []
    for change in reworded(manual).values():
        asked_ = _asked(manual, change)
        if asked_.open:
            count = plural(len(asked_.open), "record")
            said.append(f"{change.record.id} waits: {count} left to confirm.")
        else:
            way = TYPO if change.typo else SETTLED
            rows.append(_row(manual, manual.records[change.record.id], way))
            said.append(f"{change.record.id}: the new wording is agreed.")
    return _both(None, rows, texts, said)


def _both(
    page: FileChange | None, rows: Sequence[Mapping[str, str]], texts: Texts, said: Sequence[str]
) -> Confirming:
    changes = [page] if page else []
    if rows:
        file = next((name for name in sorted(texts) if _is_ledger(name)), NEW_LEDGER)
        before = texts.get(file)
        changes.append(FileChange(file, before, with_rows(before, rows)))
    return Confirming(tuple(changes), tuple(said))


def _is_ledger(file: str) -> bool:
    return file.rpartition("/")[2] == LEDGER


def _row(manual: Manual, record: Record, way: str) -> dict[str, str]:
    text = wording_of(manual, record)
    return {
        "record": record.id,
        "wording": digest(text),
        "since": manual.today.isoformat(),
        "kind": way,
        "text": text,
    }


# ------------------------------------------------------------------- what cannot be done, and why


def _record(manual: Manual, said: str) -> Record:
    record = manual.get(said)
    if record is None:
        near = get_close_matches(said.upper(), manual.records, n=1)
        hint = f"Did you mean {near[0]}?" if near else "Copy the id from the record's own page."
        raise NotConfirmed(f"There is no record '{said}'. {hint}")
    return record


def _open(manual: Manual, record: Record, parent_id: str, parents: Sequence[Reworded]) -> Reworded:
    for each in parents:
        if each.record.id == parent_id:
            return each
    parent = _record(manual, parent_id)
    if parent.id not in depends_on(record):
        mine = [target for target in depends_on(record) if target in manual.records]
        more = f" It depends on {listed(mine)}." if mine else ""
        raise NotConfirmed(f"{record.id} does not depend on the wording of {parent.id}.{more}")
    if parent.id not in reworded(manual):
        raise NotConfirmed(_not_changed(manual, parent))
    raise NotConfirmed(f"{record.id} need not confirm {parent.id}: it has, or it means the same.")


def _not_changed(manual: Manual, record: Record) -> str:
    if record.type not in WORDINGS:
        title = manual.model.title(record.type).lower()
        return f"{record.id} is a {title}: nobody depends on its wording."
    kept = kept_wordings(manual).get(record.id)
    if not kept:
        return f"No wording of {record.id} is kept yet. Run `manual confirm --keep` first."
    return f"The wording of {record.id} is the one agreed on {say_day(kept[-1].since)}."


def _nothing_open(manual: Manual, record: Record) -> str:
    said = f"{record.id} has nothing to confirm."
    change = asked(manual, record)
    if change and change.open:
        who = plural(len(change.open), "record")
        first = change.open[0][0].id
        said += (
            f" Its own wording has changed, and {who} may confirm it, such as {first}. "
            "If it means the same as before, use --typo."
        )
    return said


def _asked(manual: Manual, change: Reworded) -> Asked:
    found = asked(manual, manual.records[change.record.id])
    assert found is not None  # it is among the reworded
    return found


# ---------------------------------------------------------------------------------- the texts


def with_confirmation(text: str, record: Record, said: Sequence[str]) -> str:
    """The file's text with these confirmations of a record; nothing else in it changes."""
    if record.file.endswith(".csv"):
        return _with_cell(text, record.id, ";".join(said))
    return _with_option(text, record, ", ".join(said))


def _with_cell(text: str, record_id: str, value: str) -> str:
    rows = split_rows(text)
    start = next(number for number, row in enumerate(rows) if not row.blank)
    if CONFIRMED.name not in (cell.strip() for cell in rows[start].values):
        # A column for one row is a column for all, or the rows would differ in length.
        text = "".join(
            row.text
            if row.blank
            else replace(row, fields=(*row.fields, CONFIRMED.name if number == start else "")).text
            for number, row in enumerate(rows)
        )
    return edited(text, (), Edit({record_id: {CONFIRMED.name: value}}, frozenset(), ()))


def _with_option(text: str, record: Record, value: str) -> str:
    block = next((each for each in blocks(text) if each.options.get("id") == record.id), None)
    if block is None:
        raise NotConfirmed(
            f"{record.file} writes {record.id} in a way that cannot be changed from here. "
            f"Paste this line below its id by hand:  :confirmed: {value}"
        )
    lines = lines_of(text)
    words = f'confirmed: "{value}"' if block.yaml else f":confirmed: {value}"
    below = block.line
    for number in range(block.line, min(block.last_option, len(lines))):
        option = re.match(r"([ \t]*):?(id|confirmed)[ \t]*:", lines[number])
        if option and option[2] == "confirmed":
            return with_line(text, number + 1, option[1] + words)
        if option:
            below, words = number + 1, option[1] + words
    lines.insert(below, words + line_end(text))
    return "".join(lines)


def with_rows(text: str | None, rows: Sequence[Mapping[str, str]]) -> str:
    """The ledger with more rows at its end, in the order of its own columns."""
    columns = [column.name for column in LEDGERS[LEDGER].columns]
    if not text or not text.strip():
        text = ",".join(columns) + "\n"
    head = next(row for row in split_rows(text) if not row.blank)
    end = head.end or "\n"
    start = text if text.endswith(("\n", "\r")) else text + end
    names = [cell.strip() for cell in head.values]
    added = [",".join(typed(row[name]) for name in names) + end for row in rows]
    return start + "".join(added)


def told(comparison: Comparison) -> tuple[str, ...]:
    """What differs, for a terminal: lines that went after -, lines that came after +."""
    old = [" ".join(piece.text for piece in line) for line in comparison.old]
    new = [" ".join(piece.text for piece in line) for line in comparison.new]
    gone = [f"- {line}" for line in old if line not in new]
    come = [f"+ {line}" for line in new if line not in old]
    return (*gone, *come)
