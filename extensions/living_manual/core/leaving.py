"""How many people would have to leave before an area has lost the people who wrote it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

#: Sets of people looked at before the answer is an upper bound; a fraction of a second.
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Leaving:
    """So many people; `exact` says that fewer are not enough."""

    people: int
    exact: bool = True

    @property
    def said(self) -> str:
        """For people to read."""
        return str(self.people) if self.exact else f"{self.people} or fewer"


def leaving(pages: Sequence[Collection[int]]) -> Leaving | None:
    """The smallest number of people whose leaving leaves more than half of the pages to nobody.

    A page is given by the numbers of its authors; pages without authors are left out. None when
    there is no page. To be exact takes longer the more people there are, so that from some size on
    the answer is that of taking, step by step, whoever has written most of what is still held.
    """
    sets = Counter(frozenset(authors) for authors in pages if authors)
    everybody = sorted(set().union(*sets))
    if not everybody:
        return None
    total, most, tried = sum(sets.values()), _step_by_step(sets), 0
    for size in range(1, most):
        tried += comb(len(everybody), size)
        if tried > MOST:
            return Leaving(most, exact=False)
        if any(_lost(sets, set(gone)) * 2 > total for gone in combinations(everybody, size)):
            return Leaving(size)
    return Leaving(most)


def _lost(sets: Counter[frozenset[int]], gone: set[int]) -> int:
    return sum(count for authors, count in sets.items() if authors <= gone)


def _step_by_step(sets: Counter[frozenset[int]]) -> int:
    gone: set[int] = set()
    while _lost(sets, gone) * 2 <= sum(sets.values()):
        held: Counter[int] = Counter()
        for authors, count in sets.items():
            if not authors <= gone:
                held.update(dict.fromkeys(sorted(authors - gone), count))
        gone.add(min(held, key=lambda each: (-held[each], each)))
    return len(gone)
