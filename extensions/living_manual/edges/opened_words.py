"""What looks like words among other bytes, and what to say of a file that cannot be opened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from living_manual.core.leaks import BREAK

#: Runs of at least so many signs: shorter ones stand everywhere in packed pictures by chance.
_SHORTEST = 6
_PLAIN = re.compile(rb"(?:[\x20-\x7e]|[\xc3-\xf4][\x80-\xbf]{1,3}){%d,}" % _SHORTEST)
_WIDE = re.compile(rb"(?:[\x20-\x7e]\0){%d,}" % _SHORTEST)


class NotOpened(Exception):
    """A file that cannot be looked into: which, and why (to be said after its name)."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where} {why}")
        self.where, self.why = where, why


def apart(texts: Iterable[str]) -> str:
    """Several texts as one, in which nothing goes on from one to the next."""
    return BREAK.join(texts)


def strings_in(data: bytes) -> Iterator[str]:
    """The runs of letters among other bytes, in UTF-8 and in UTF-16 of either order."""
    plain = _PLAIN.findall(data)
    if plain:
        yield apart(found.decode("utf-8", "replace") for found in plain)
    wide = _WIDE.findall(data)
    if wide:
        yield apart(found.decode("utf-16-le", "replace") for found in wide)
