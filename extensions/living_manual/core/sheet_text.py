"""A table's text taken apart and put together again without touching what did not change.

Python's csv module gives values only; a plan keeps the quotes, blanks and line ends its writers
chose, so that a change of one cell is a change of one cell in the history too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

_FIELD = re.compile(r'"((?:[^"]|"")*)"|([^,\r\n]*)')
_END = re.compile(r",|\r\n|\r|\n|\Z")


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it was typed: its fields with their quotes, and its line end."""

    fields: tuple[str, ...]
    end: str

    @property
    def values(self) -> tuple[str, ...]:
        """What the fields say."""
        return tuple(_value(field) for field in self.fields)

    @property
    def blank(self) -> bool:
        """Whether no cell says anything."""
        return not any(value.strip() for value in self.values)

    @property
    def text(self) -> str:
        """The row as it was typed."""
        return ",".join(self.fields) + self.end


def split_rows(text: str) -> tuple[RawRow, ...]:
    """The rows of a table's text; joining their texts gives it back.

    Raises `ValueError` where quotes do not match (`read_table` reports those first).
    """
    return tuple(_rows(text))


def _rows(text: str) -> Iterator[RawRow]:
    at = 0
    fields: list[str] = []
    while at < len(text) or fields:
        field = _FIELD.match(text, at)
        end = _END.match(text, field.end()) if field else None
        if not field or not end:
            raise ValueError(f"the quotes do not match after character {at}")
        fields.append(field.group())
        at = end.end()
        if end.group() != ",":
            yield RawRow(tuple(fields), end.group())
            fields = []


def _value(field: str) -> str:
    return field[1:-1].replace('""', '"') if field.startswith('"') else field


def typed(value: str) -> str:
    """A value as a field, in quotes only where it needs them."""
    if any(sign in value for sign in ',"\r\n'):
        return '"' + value.replace('"', '""') + '"'
    return value


@dataclass(frozen=True, slots=True)
class Edit:
    """What to do to a table: cells to change and rows to drop by id, rows to add.

    `added` are (id of the row above, or None for the top; cells by column).
    """

    changed: Mapping[str, Mapping[str, str]]
    removed: frozenset[str]
    added: Sequence[tuple[str | None, Mapping[str, str]]]


def edited(
    text: str, columns: Sequence[str], edit: Edit, clean: Callable[[str], str] = str.strip
) -> str:
    """The text with the edit made, everything else as it was.

    `columns` is the header to write when the text is empty. `clean` is how ids are read.
    """
    rows = split_rows(text) or (RawRow(tuple(columns), "\n"),)
    start = next(number for number, row in enumerate(rows) if not row.blank)
    head = [value.strip().removeprefix("\ufeff") for value in rows[start].values]
    end = rows[start].end or "\n"

    def new_rows(above: str | None) -> list[RawRow]:
        return [
            RawRow(tuple(typed(cells.get(name, "")) for name in head), end)
            for anchor, cells in edit.added
            if anchor == above
        ]

    result = [*rows[: start + 1], *new_rows(None)]
    for row in rows[start + 1 :]:
        if row.blank:
            result.append(row)
            continue
        row_id = clean(row.values[head.index("id")])
        if row_id not in edit.removed:
            change = edit.changed.get(row_id, {})
            fields = tuple(
                typed(change[name]) if name in change else field
                for name, field in zip(head, row.fields, strict=True)
            )
            result.append(replace(row, fields=fields))
        result += new_rows(row_id)
    # The text ends as it ended, with or without a line end; every other row has one.
    *others, last = result
    ended = [row if row.end else replace(row, end=end) for row in others]
    return "".join(row.text for row in (*ended, replace(last, end=rows[-1].end)))
