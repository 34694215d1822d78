"""The readings of a published text: without its markup, and with every escape undone.

A word can stand in a file in many disguises: `&eacute;`, `%C3%A9`, `\\u00e9`, a line folded in its
middle, a tag between two letters. Each function gives plain text in which it can be found.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from living_manual.core.leaks import BREAK

_TAG = re.compile(r"<[^>]*>")
#: Names of sheets, words for pictures, titles: what people wrote into a tag.
_TOLD = re.compile(
    r"""(?<=[\s:])(?:name|title|descr|alt|aria-label|the-value|long-name)=["']([^"']+)""", re.I
)
_STARTS_AS_MARKUP = re.compile(r"\s*<[!?a-zA-Z]")
#: Elements that stand within a line: a word may go on behind them.
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strong|sub"
    r"|sup|tspan|u|var|wbr)\b[^>]*>"
)
#: Rich text in a workbook or a document: one word may be several runs.
_RUNS = re.compile(r"<(?:\w+:)?r[ >]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_NAMED = {"n": "\n", "N": "\n", "r": "\r", "t": "\t", "b": " ", "f": " "}
_FOLD = re.compile(r"\r?\n[ \t]")
#: Escapes within escapes are undone so many times.
_DEEPEST = 3


def is_markup(text: str) -> bool:
    """Whether a text is HTML or XML, whatever its name says."""
    return _STARTS_AS_MARKUP.match(text) is not None


def markup(text: str, seen: set[str], *, only_words: bool = False) -> Iterator[str]:
    """The words of a page between its tags, and the tags themselves with all they hold.

    What was `seen` in an earlier page (its head, its navigation) is not given again. With
    `only_words`, of the tags only what people are shown or told of them.
    """
    for parts in (
        _TOLD.findall(text) if only_words else _TAG.findall(text),
        _TAG.split(_INLINE.sub("", text)),
    ):
        new = [part for part in dict.fromkeys(parts) if part not in seen]
        seen.update(new)
        if new:
            yield html.unescape(BREAK.join(new))
    if _RUNS.search(text):
        yield html.unescape(_TAG.sub("", text))


def unfolded(text: str) -> str:
    """A calendar's lines as they were before they were folded at 75 bytes."""
    return _FOLD.sub("", text)


def escapes_undone(text: str) -> str:
    """A text with the escapes of JSON and JavaScript undone."""
    plain = _ESCAPE.sub(_undone, text)
    if not plain.isascii():  # a sign beyond U+FFFF is written as two halves
        plain = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return plain


def hidden(text: str) -> Iterator[str]:
    """The lines of a text that hold escapes, with these undone, level by level."""
    for _ in range(_DEEPEST):
        lines = [line for sign, undo in _UNDO for line in _undone_lines(text, sign, undo)]
        if not lines:
            return
        text = "\n".join(dict.fromkeys(lines))
        yield text


_UNDO: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("\\", escapes_undone),
    ("%", unquote),
    ("&", html.unescape),
)


def _undone_lines(text: str, sign: str, undo: Callable[[str], str]) -> Iterator[str]:
    if sign in text:
        for line in text.split("\n"):
            if sign in line and (plain := undo(line)) != line:
                yield plain


def _undone(found: re.Match[str]) -> str:
    number = found[1] or found[2]
    return chr(int(number, 16)) if number else _NAMED.get(found[3], found[3])
