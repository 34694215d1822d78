"""How the manual says dates, counts and lists to people."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@lru_cache(maxsize=8192)
def parse_day(text: str) -> date | None:
    """The day written as YYYY-MM-DD, or None when it is not such a day."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def say_day(day: date) -> str:
    """15 Oct 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def say_weekday(day: date) -> str:
    """Fri 9 Oct."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 school`, `3 schools`; `many` for words that do not take an s."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def say_age(days: int) -> str:
    """9 days, and from two weeks on whole weeks: 5 weeks."""
    return plural(days, "day") if days < 14 else plural(days // 7, "week")


def listed(parts: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where there is no such day.

    The calendar's own last day (31 Dec 9999) for what would come after it.
    """
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    if year > date.max.year:
        return date.max
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def slug(text: str) -> str:
    """A name for addresses: lower case letters and digits joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("'", "").replace("’", "")).strip("-")
