"""What a gap is, and what a rule that finds gaps declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from living_manual.core.model import Manual, Ref


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing missing: where, what, since when (None when it has no date), and whose it is.

    `about` is the school or objective that the gap of the record is about. `late` says that a day
    that was set for it has passed.
    """

    record: Ref
    about: Ref | None
    what: str
    since: date | None
    late: bool
    owner: str


@dataclass(frozen=True, slots=True)
class GapRule:
    """A declared rule: when something is a gap (`rule`), and how to close it (`fix`).

    `find` gives at most one gap a record or, where `pair` says so, one a record and what it is
    `about`. `waiting` gives what will be a gap on a day to come.
    """

    key: str
    title: str
    rule: str
    fix: str
    find: Callable[[Manual], Iterator[Gap]]
    pair: bool = False
    waiting: Callable[[Manual], Iterator[Gap]] | None = None


def gap_key(rule: str, record: str, about: str = "") -> str:
    """The name of a gap for as long as it is open: its address on the page of gaps."""
    return "-".join(part for part in (rule, record, about) if part)
