"""What looks like words among other bytes, and what to say of a file that cannot be opened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from living_manual.core.leaks import BREAK

#: Runs of at least so many letters: shorter ones stand everywhere in packed pictures by chance.
_PLAIN = re.compile(rb"[\x20-\x7e]{8,}")
#: The same in two bytes a letter, whichever of them comes first.
_WIDE = re.compile(rb"(?:\0[\x20-\x7e]){7,}")


class NotOpened(Exception):
    """A file that cannot be looked into: which, and why (to be said after its name)."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where} {why}")
        self.where, self.why = where, why


def apart(texts: Iterable[str]) -> str:
    """Several texts as one, in which nothing goes on from one to the next."""
    return BREAK.join(texts)


def strings_in(data: bytes) -> Iterator[str]:
    """The runs of plain letters among other bytes, of one byte each or of two.

    Letters beyond ASCII are met where notes are read as notes, and not here: in packed pictures
    they are everywhere.
    """
    plain = _PLAIN.findall(data)
    if plain:
        yield apart(found.decode("ascii") for found in plain)
    wide = [data[max(0, found.start() - 1) : found.end()] for found in _WIDE.finditer(data)]
    if wide:
        yield apart(found.replace(b"\0", b"").decode("latin-1") for found in wide)
