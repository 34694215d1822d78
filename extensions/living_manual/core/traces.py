"""What tells that a picture or clip is still somewhere: its sentences, and windows of its bytes.

Two ways of writing a sentence (marks, quotation marks, capital letters, tags between words) are the
same sentence. A window is a run of bytes that no other file has by chance.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator

#: Shorter ones say nothing of anybody: "Yes, I do."
FEWEST_WORDS, FEWEST_LETTERS = 3, 11
#: How long a window is, how many are taken of a file, and how many kinds of bytes one must have.
WINDOW, MOST_WINDOWS, FEWEST_KINDS = 48, 400, 20
#: What stands before a file's own content at most: headers and tables that many files share.
_HEAD = 1024

_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[^\W_]+")
_END = re.compile(r"(?<=[.!?…:;])[\"'”’*_)\]]*\s+|\n+")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|[nrtbf\"\\/])")


def plain(text: str) -> str:
    """The words of a text with single blanks between, before and after; tags are no words."""
    return f" {' '.join(_WORD.findall(html.unescape(_TAG.sub(' ', text)).casefold()))} "


def plain_json(text: str) -> str:
    """The words of a text in which letters may be written as JSON writes them."""
    found = _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else " ", text)
    return plain(found)


def sentences(texts: Iterable[str]) -> frozenset[str]:
    """The sentences of texts, as `plain` writes them, less those that say too little."""
    found = (plain(part) for text in texts for part in _END.split(text))
    return frozenset(
        one for one in found if one.count(" ") > FEWEST_WORDS and len(one) > FEWEST_LETTERS + 1
    )


def repeats(text: str, gone: Collection[str]) -> bool:
    """Whether a text says one of these sentences."""
    words = plain(text)
    return any(sentence in words for sentence in gone)


def windows(data: bytes, most: int = MOST_WINDOWS) -> Iterator[bytes]:
    """Windows of a file's bytes, spread over what is its own and not of its form.

    A file shorter than that is known by its digest.
    """
    start, last = _content(data)
    last -= WINDOW
    if last < start:
        return
    step = max(1, (last - start) // most)
    for at in range(start, last + 1, step):
        window = data[at : at + WINDOW]
        if len(set(window)) >= FEWEST_KINDS:
            yield window


#: Where the dots and sounds begin, by what a file begins with: (sign, to be found, so far behind).
_BEGINS = (
    (b"\xff\xd8\xff", b"\xff\xda", 14),  # JPEG: behind its tables
    (b"\x89PNG", b"IDAT", 6),
    (b"\x1a\x45\xdf\xa3", b"\x1f\x43\xb6\x75", 24),  # WebM: the first cluster
    (b"RIFF", b"VP8", 24),
    (b"GIF8", b",", 16),
)


def _content(data: bytes) -> tuple[int, int]:
    """Where a file's own content begins and ends: pictures of one form begin alike."""
    if data[4:8] == b"ftyp":  # AVIF and MP4: one box holds it, others stand before or behind
        at = data.find(b"mdat")
        if at >= 0:
            size = int.from_bytes(data[at - 4 : at], "big")
            return at + 12, min(len(data), at - 4 + size) if size > 16 else len(data)
    for sign, begins, behind in _BEGINS:
        if data.startswith(sign) and (at := data.find(begins)) >= 0:
            return at + behind, len(data)
    return min(_HEAD, len(data) // 4), len(data)
