"""What a reader can narrow a view by: facets of its items, as choices, days, words or a mark."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from living_manual.core.model import Ref


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing to narrow by.

    `name` is its name in the address and, as `data-<name>`, on the items. `kind` is `choice` (one
    of `options`, each a value and what people read), `days` (from a day, to a day), `words` (any
    words of the item) or `mark` (items that carry the value `1`).
    """

    name: str
    label: str
    kind: str = "choice"
    options: tuple[tuple[str, str], ...] = ()


def choice(name: str, label: str, options: Iterable[tuple[str, str]]) -> Facet:
    """A choice among values; each value is offered once, in the order given."""
    return Facet(name, label, "choice", tuple(dict(options).items()))


def records(name: str, label: str, refs: Iterable[Ref]) -> Facet:
    """A choice among records, by their titles."""
    return choice(name, label, ((ref.id, ref.title) for ref in refs))


def span(first: date | None, last: date | None) -> str:
    """The days of an item as its `data-date`: one day, or first and last, parted by a slash."""
    if first == last:
        return first.isoformat() if first else ""
    return f"{first.isoformat() if first else ''}/{last.isoformat() if last else ''}"
