"""How large a page, a table and its parts may be: far more than people write, far less than harms.

What is larger was made by a program, or by a slip, and would keep every build waiting. The numbers
are bounds of the kit and no settings: docs/limits.md says them.
"""

from __future__ import annotations

from living_manual.core.finding import Finding, finding

#: Bytes of a page before it is opened (what its text may have is in `safe_text`), and of a table
#: or a file of notes or settings.
PAGE, FILE = 1_000_000, 20_000_000
#: Signs of a cell: as many as a spreadsheet holds.
CELL = 32_767
#: Rows of one table.
ROWS = 50_000
#: Records that one page may hold as blocks.
RECORDS = 1_000


def page_size(size: int, file: str) -> Finding | None:
    """A finding when a page has more bytes than a page may have."""
    fix = "Part it into several pages, or move its records into a table."
    return _size("page", size, PAGE, fix, file)


def file_size(size: int, file: str) -> Finding | None:
    """A finding when a table, or another file beside a page, has more bytes than it may have."""
    fix = "Take away what nobody reads, or part it into several."
    return _size("file", size, FILE, fix, file)


def _size(what: str, size: int, most: int, fix: str, file: str) -> Finding | None:
    if size <= most:
        return None
    message = f"This {what} has {size:,} bytes; it may have {most:,}."
    return finding("too-large", message, fix, file, 1)


def too_many_records(text: str, file: str) -> Finding | None:
    """The record that is one too many on a page."""
    if text.count(":id:") <= RECORDS:
        return None
    records = 0
    for number, line in enumerate(text.split("\n"), 1):
        records += line.lstrip().startswith(":id:")
        if records > RECORDS:
            return finding(
                "too-large",
                f"This page holds more than {RECORDS:,} records.",
                "Write them into a table, or part the page into several.",
                file,
                number,
            )
    return None


def cell_fault(cell: str) -> str:
    """What is wrong with the size of a cell, as the end of a sentence; empty for none."""
    if len(cell) > CELL:
        return f"has {len(cell):,} signs; a cell may have {CELL:,}"
    return ""


def rows_fault(line: int, file: str) -> Finding:
    """A finding at the row that is one too many."""
    return finding(
        "too-large",
        f"This table has more than {ROWS:,} rows.",
        "Take away what nobody reads, or part it into several.",
        file,
        line,
    )
