"""Two texts side by side: which words went and which came."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from living_manual.core.word_difference import spans_of

#: A word with the blanks after it, or the end of a line.
_WORD = re.compile(r"\n|[^\s]+[^\S\n]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that both texts have, or only this one."""

    text: str
    only_here: bool = False


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both texts line by line, in pieces."""

    old: tuple[Line, ...]
    new: tuple[Line, ...]


@lru_cache(maxsize=1024)  # all actions of a district may depend on one key result
def compare(old: str, new: str) -> Comparison:
    """The two texts, word by word; joined again, the pieces give each text but for its blanks."""
    left, right = _WORD.findall(old), _WORD.findall(new)
    was, now = [word.strip(" \t") for word in left], [word.strip(" \t") for word in right]
    before, after = [False] * len(left), [False] * len(right)
    for same, i, ii, j, jj in spans_of(was, now):
        if not same:
            before[i:ii] = [True] * (ii - i)
            after[j:jj] = [True] * (jj - j)
    return Comparison(_lines(left, before), _lines(right, after))


def _lines(words: list[str], only_here: list[bool]) -> tuple[Line, ...]:
    lines: list[list[tuple[str, bool]]] = [[]]
    for word, only in zip(words, only_here, strict=True):
        if word == "\n":
            lines.append([])
        else:
            lines[-1].append((word, only))
    return tuple(tuple(_pieces(line)) for line in lines if line)


def _pieces(line: list[tuple[str, bool]]) -> Iterable[Piece]:
    for only, words in groupby(line, key=lambda pair: pair[1]):
        yield Piece("".join(word for word, _ in words).rstrip(), only)
