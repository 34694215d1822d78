"""One cell of a workbook as text, or what is wrong with it and how to mend it."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from difflib import get_close_matches

from living_manual.core.model import Record
from living_manual.core.sheet import SheetCell, shown
from living_manual.core.words import listed, parse_day, say_day

RETYPE = "Format the cell as Text and type it again."


def read_cell(cell: SheetCell, form: str) -> tuple[str, tuple[str, str] | None]:
    """A cell as text, and (what is wrong, how to mend it) or None."""
    value = cell.value
    if cell.kind == "formula":
        return "", (
            f"The cell holds the formula {shown(str(value), 60)}.",
            "Type what it gives, as plain text.",
        )
    if cell.kind == "error":
        return "", (
            f"The cell holds the error {shown(str(value), 60)}.",
            "Type what it should say.",
        )
    if cell.kind == "flag":
        return "", (f"The cell holds {str(value).upper()} as a yes/no value.", RETYPE)
    if cell.kind == "time":
        fix = "Type the day only, as 2026-10-15." if form == "date" else RETYPE
        return "", (f"The cell holds a clock time ({shown(str(value), 60)}).", fix)
    if isinstance(value, date):
        if form == "date":
            return value.isoformat(), None
        return "", (f"The spreadsheet made a date of this text ({say_day(value)}).", RETYPE)
    if cell.kind in ("number", "formatted") and isinstance(value, (int, float)):
        return _number(value, cell.kind, form)
    return str(value), None


def _number(value: float, kind: str, form: str) -> tuple[str, tuple[str, str] | None]:
    said = number_text(value)
    if form == "date":
        day = _serial_day(value)
        hint = f" (as a date: {day.isoformat()})" if day else ""
        return "", (
            f"The cell holds the number {said}, not a date{hint}.",
            "Format the cell as a date, or type it as 2026-10-15.",
        )
    if kind == "formatted" or not math.isfinite(value):
        return "", (f"The cell holds the number {said}, but shows it in another form.", RETYPE)
    return said, None


def number_text(value: float) -> str:
    """A number as people type it: 5 and not 5.0."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _serial_day(value: float) -> date | None:
    """The day a spreadsheet counts as this number; None where that is no likely day."""
    if not (math.isfinite(value) and 30_000 <= value <= 80_000):
        return None
    return date(1899, 12, 30) + timedelta(days=int(value))


def day_hint(text: str) -> str:
    """How to write the day that was probably meant; both readings when there are two."""
    found = re.fullmatch(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})", text, re.ASCII)
    readings: list[date] = []
    if found:
        first, middle, last = found.groups()
        orders = [(first, middle, last)] if len(first) == 4 else [(last, middle, first)]
        if len(first) != 4:
            orders.append((last, first, middle))
        for year, month, day in orders:
            if len(year) == 4:
                made = parse_day(f"{year}-{int(month):02}-{int(day):02}")
                readings += [made] if made and made not in readings else []
    if not readings:
        return "Type the day as 2026-10-15: year, month, day."
    if len(readings) == 1:
        return f"Write {readings[0].isoformat()}."
    both = listed([f"{day.isoformat()} ({say_day(day)})" for day in readings], "or")
    return f"Write {both}, whichever is meant."


def nearest(text: str, records: tuple[Record, ...]) -> str:
    """The id that was probably meant, by id or title; or where to look."""
    ids = {record.id: record for record in records}
    titles = {record.title.casefold(): record for record in records}
    wanted = text.strip().casefold()
    exact = ids.get(text.strip().upper().replace(" ", "_").replace("-", "_")) or titles.get(wanted)
    close = exact or next(
        (ids[name] for name in get_close_matches(text.strip().upper(), ids, n=1)),
        None,
    )
    close = close or next(
        (titles[name] for name in get_close_matches(wanted, titles, n=1)),
        None,
    )
    if close:
        return f"Did you mean {close.id} ({shown(close.title, 60)})?"
    return "Choose from the drop-down of the cell."
