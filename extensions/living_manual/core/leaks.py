"""What the staff edition says and the public one does not, and whether a published text says it.

What is a secret is told by `core/leak_secrets.py`.

All secrets are looked for at once (Aho-Corasick), in two readings of a published text: *exact*, in
small letters, for ids, paths and addresses; and *worded*, its words alone with one blank between
them, so that no sign, line break or markup can part a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ahocorasick_rs import BytesAhoCorasick

SecretKind = Literal["id", "title", "path", "address", "words", "file"]

#: Stands between texts that are not read together (cells, paragraphs): no phrase goes across.
BREAK = "\x1f"
_BREAK = BREAK.encode()
#: What is read out of a film or another file of bytes by chance is shorter.
_SURE = 8

_ONLY_WORDS = bytes(
    sign if sign > 127 or chr(sign).isalnum() or chr(sign) == BREAK else 32 for sign in range(256)
)
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
#: U+0300 to U+036F: accents, letters of their own until they are joined with the one before.
_ACCENTS = re.compile(rb"\xcc[\x80-\xbf]|\xcd[\x80-\xaf]")
#: Marks where a word may be parted: no reader sees them.
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff\ufffe\uffff]")
#: Dashes, quotation marks, arrows and other signs: no part of a word.
_SIGNS = re.compile("[\u0080-\u00bf\u2000-\u2fff\u3000-\u303f\ufffd]")


def exact(text: str) -> bytes:
    """A text in small letters and one form of each letter, in UTF-8."""
    read = text.encode("utf-8", "surrogatepass").lower()
    if read.isascii():
        return read
    if _ACCENTS.search(read):
        read = unicodedata.normalize("NFC", read.decode("utf-8", "replace")).encode()
    return _BEYOND_ASCII.sub(_one_form, read)


def _one_form(found: re.Match[bytes]) -> bytes:
    return _form(found[0])


@lru_cache(maxsize=10_000)
def _form(read: bytes) -> bytes:
    text = unicodedata.normalize("NFKC", read.decode("utf-8", "replace"))
    return _SIGNS.sub(" ", _UNSEEN.sub("", text)).casefold().encode()


def worded(read: bytes) -> bytes:
    """The words of what `exact` gave, one blank before each and after the last."""
    plain = read.translate(_ONLY_WORDS).replace(_BREAK, b" %s " % _BREAK)
    return b" " + b" ".join(plain.split()) + b" "


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that only staff may read: as it was written, and where."""

    kind: SecretKind
    said: str
    file: str
    line: int | None


class Watch:
    """Secrets, made ready to be looked for in many texts."""

    def __init__(self, exactly: Mapping[bytes, Secret], in_words: Mapping[bytes, Secret]) -> None:
        self._exact, self._worded = tuple(exactly.values()), tuple(in_words.values())
        self._exact_watch = BytesAhoCorasick(list(exactly)) if exactly else None
        self._worded_watch = BytesAhoCorasick(list(in_words)) if in_words else None

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """All of them."""
        return (*self._exact, *self._worded)

    def found(self, text: str, *, by_chance: bool = False) -> tuple[Secret, ...]:
        """The secrets that a text holds, each once.

        `by_chance` says that the text is what looked like letters among other bytes: only what is
        too long to stand there by chance counts.
        """
        read = exact(text)
        least = _SURE if by_chance else 0
        found: dict[Secret, None] = {}
        if self._exact_watch:
            for index, begins, ends in self._exact_watch.find_matches_as_indexes(read, True):
                if ends - begins >= least and stands_alone(read, begins, ends):
                    found[self._exact[index]] = None
        if self._worded_watch:
            words = worded(read)
            for index, begins, ends in self._worded_watch.find_matches_as_indexes(words, True):
                if ends - begins - 2 >= least:
                    found[self._worded[index]] = None
        return tuple(found)


def stands_alone(read: bytes, begins: int, ends: int) -> bool:
    """Whether what was found is no part of a longer name: `ACT_OAK_1` is not in `ACT_OAK_10`."""
    return not (begins and _goes_on(read[begins - 1])) and not (
        ends < len(read)
        and (
            _goes_on(read[ends])
            or (read[ends] in b"_-" and ends + 1 < len(read) and _goes_on(read[ends + 1]))
        )
    )


def _goes_on(sign: int) -> bool:
    return sign > 127 or chr(sign).isalnum()
