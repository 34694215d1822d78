"""What changed between two wordings, word by word, short enough to be read.

A difference is a row of pieces: kept (`=`), taken out (`-`), put in (`+`) and passed over (`…`).
Spacing is no wording: two texts that differ by blanks and line ends alone are equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

KEPT, OUT, IN, PASSED = "=", "-", "+", "…"
#: Words shown on each side of a change; the others between two changes are passed over.
AROUND = 8
#: Above this product of both lengths, in words, finding the best match takes too long.
TOO_MANY = 1_000_000
#: Below this share of kept words the two wordings are shown whole, one after the other.
LEAST_ALIKE = 0.3

# A word with the blanks before it; a sign of its own otherwise. Dates, times and hyphenated words
# are one word each.
_WORDS = re.compile(r"\s*(?:\w+(?:[-'’./:]\w+)*|[^\w\s])")


class Piece(NamedTuple):
    """A stretch of a difference; the text of a passed-over one is empty."""

    op: str
    text: str


def difference(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces that lead from one wording to the other; none when they say the same."""
    before, after = _words(old), _words(new)
    was, now = [word.strip() for word in before], [word.strip() for word in after]
    if was == now:
        return ()
    spans = list(_together(spans_of(was, now)))
    kept = sum(end - start for same, _, _, start, end in spans if same)
    if kept < LEAST_ALIKE * min(len(was), len(now)):
        spans = [(False, 0, len(was), 0, len(now))]
    return tuple(_pieces(before, after, spans))


def shortened(pieces: Sequence[Piece], around: int = AROUND) -> tuple[Piece, ...]:
    """The same difference with only so many words kept on each side of a change."""
    found: list[Piece] = []
    for number, (op, text) in enumerate(pieces):
        words = _words(text) if op == KEPT else []
        first, last = number == 0, number == len(pieces) - 1
        if len(words) <= around * (2 - (first or last)) + 2:
            found.append(Piece(op, text))
            continue
        if not first:
            found.append(Piece(KEPT, "".join(words[:around])))
        found.append(Piece(PASSED, ""))
        if not last:
            found.append(Piece(KEPT, "".join(words[-around:])))
    return tuple(found)


def items(old: Sequence[str], new: Sequence[str]) -> tuple[Piece, ...]:
    """The pieces that lead from one list to the other, an item each."""
    if tuple(old) == tuple(new):
        return ()
    found: list[Piece] = []
    for same, i, j, k, m in spans_of(old, new):
        if same:
            found += [Piece(KEPT, text) for text in new[k:m]]
        else:
            found += [Piece(OUT, text) for text in old[i:j]]
            found += [Piece(IN, text) for text in new[k:m]]
    return tuple(found)


def spaced(pieces: Iterable[Piece], many: bool = False) -> Iterator[tuple[str, Piece]]:
    """Each piece without blanks around it, and what to put before it; `many` are items of a list.

    Old and new wording stand apart, and what was passed over; a full stop keeps to its word.
    """
    last = ""
    for op, text in pieces:
        word = text[:1].isspace() or text[:1].isalnum()
        apart = text[:1].isspace() or op == PASSED or (last, op) == (OUT, IN)
        apart = apart or (last == PASSED and word)
        between = ", " if many else " " if apart else ""
        yield between if last else "", Piece(op, text.strip())
        last = op


Span = tuple[bool, int, int, int, int]


def _words(text: str) -> list[str]:
    return [" " + word.strip() if word[0].isspace() else word for word in _WORDS.findall(text)]


def spans_of(was: Sequence[str], now: Sequence[str]) -> Iterator[Span]:
    """(equal, from, to, from, to) over both, in order; what begins and ends both goes quickly."""
    start = next(
        (at for at, (a, b) in enumerate(zip(was, now, strict=False)) if a != b),
        min(len(was), len(now)),
    )
    end = 0
    while end < min(len(was), len(now)) - start and was[-1 - end] == now[-1 - end]:
        end += 1
    if start:
        yield True, 0, start, 0, start
    i, j, k, m = start, len(was) - end, start, len(now) - end
    if (j - i) * (m - k) > TOO_MANY:
        yield False, i, j, k, m
    else:
        matcher = SequenceMatcher(None, was[i:j], now[k:m], autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            yield tag == "equal", i + a, i + b, k + c, k + d
    if end:
        yield True, j, len(was), m, len(now)


def _together(spans: Iterable[Span]) -> Iterator[Span]:
    """Changes with at most one word between them as one: easier to read than crumbs."""
    found: list[Span] = []
    for same, i, j, k, m in spans:
        start, other = i, k
        while not same and len(found) >= 2 and found[-1][0] and found[-1][2] - found[-1][1] <= 1:
            found.pop()
            _, start, _, other, _ = found.pop()
        found.append((same, start, j, other, m))
    yield from found


def _pieces(before: Sequence[str], after: Sequence[str], spans: Iterable[Span]) -> Iterator[Piece]:
    for same, i, j, k, m in spans:
        if same:
            yield Piece(KEPT, "".join(after[k:m]))
            continue
        if j > i:
            yield Piece(OUT, "".join(before[i:j]))
        if m > k:
            yield Piece(IN, "".join(after[k:m]))
