"""Cut a table for the public edition: rows that are not marked public leave empty lines.

A row is staff unless its cell `edition` says public, or a public page beside the table names it in
`public_tables`; the cell wins. A row that cannot be read is staff.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from living_manual.core.edition import EDITIONS, PUBLIC
from living_manual.core.finding import Finding, finding
from living_manual.core.words import listed

COLUMN = "edition"
#: Columns of `consent.csv`: the media a row is about, and what is never published of it.
MEDIA, CONSENT = "media", "consent"


@dataclass(frozen=True, slots=True)
class CutTable:
    """A table as the public edition has it; `text` is None when no row is public.

    `kept` and `cut` are the ids of the rows, as many as have one; `staff_rows` how many were cut.
    """

    text: str | None = None
    kept: frozenset[str] = frozenset()
    cut: frozenset[str] = frozenset()
    staff_rows: int = 0
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Lines:
    """A row with the lines it takes, from 0."""

    cells: list[str]
    first: int
    end: int


def cut_table(text: str, file: str, all_public: bool) -> CutTable:
    """The public rows, each as it was written and in its line."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        rows = [row for row in _rows(lines) if any(cell.strip() for cell in row.cells)]
    except csv.Error:
        return CutTable()  # a check of the whole table says where
    if not rows:
        return CutTable()
    header = [cell.strip() for cell in rows[0].cells]
    at = header.index(COLUMN) if COLUMN in header else None
    kept_lines: set[int] = set()
    kept, cut, found, staff_rows = set[str](), set[str](), list[Finding](), 0
    for row in rows[1:]:
        whole = len(row.cells) == len(header)
        said = row.cells[at].strip() if at is not None and whole else ""
        if said and said not in EDITIONS:
            found.append(_value(said, file, row.first + 1))
        public = whole and (said == PUBLIC or (not said and all_public))
        record = row.cells[header.index("id")].strip() if "id" in header and whole else ""
        (kept if public else cut).add(record)
        if public:
            kept_lines.update(range(row.first, row.end))
        else:
            staff_rows += 1
    if kept_lines:
        kept_lines.update(range(rows[0].first, rows[0].end))
    text = "\n".join(line if n in kept_lines else "" for n, line in enumerate(lines))
    ids = frozenset(kept - {""}), frozenset(cut - {""})
    return CutTable(text if kept_lines else None, *ids, staff_rows, tuple(found))


def cut_consent(text: str, media: frozenset[str]) -> str | None:
    """The consents of what the public edition shows, without what they refer to; or nothing.

    `media` are the files shown, by their paths from the source folder. Each row stays in its line.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        rows = [row for row in _rows(lines) if any(cell.strip() for cell in row.cells)]
    except csv.Error:
        return None
    header = [cell.strip() for cell in rows[0].cells] if rows else []
    if MEDIA not in header:
        return None
    out = [""] * len(lines)
    out[rows[0].first] = _line(header)
    for row in rows[1:]:
        if len(row.cells) == len(header) and row.cells[header.index(MEDIA)].strip() in media:
            cells = zip(header, row.cells, strict=True)
            out[row.first] = _line(["" if name == CONSENT else cell for name, cell in cells])
    return "\n".join(out)


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(" ".join(cell.split("\n")) for cell in cells)
    return out.getvalue()


def _rows(lines: list[str]) -> Iterator[_Lines]:
    """Every row, blank ones too. Raises `csv.Error` where the quotes do not close."""
    reader = csv.reader(io.StringIO("\n".join(lines), newline=""), strict=True)
    first = 0
    for cells in reader:
        yield _Lines(cells, first, reader.line_num)
        first = reader.line_num


def _value(said: str, file: str, line: int) -> Finding:
    message = f"Row {line}: '{said}' is no edition: a row is {listed(EDITIONS, 'or')}."
    fix = "Write public in the row, or leave the cell empty: then only staff see it."
    return finding("edition-value", message, fix, file, line, COLUMN)
