"""The texts of a brief: pieces in a style, cut between sentences only, fit for paper."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

#: From so many letters on a word may be broken, after each so many letters.
LONG_WORD, PIECE = 28, 12

Style = Literal["", "strong", "emphasis"]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style; `names` is the id of a record whose title it stands for."""

    text: str
    style: Style = ""
    names: str = ""


#: A paragraph or an item of a list.
Text = tuple[Run, ...]


def first_sentences(text: Text, most: int) -> Text:
    """The first sentence, and those after it while all are no longer than `most` letters."""
    runs = tidy(text)
    whole = "".join(run.text for run in runs)
    end = 0
    for stop in (*_sentence_ends(whole), len(whole)):
        if end and stop > most:
            break
        end = stop
    return tidy(_cut(runs, end))


#: The end of a sentence: its stop with closing quotes, before a blank and what can begin another.
_STOP = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s+[\"'“‘«(\[]*[A-ZÀ-ÖØ-Þ0-9])")


def _sentence_ends(text: str) -> Iterator[int]:
    for match in _STOP.finditer(text):
        so_far = text[: match.end()]
        before = text[: match.start() + 1].rsplit(maxsplit=1)[-1]
        inside = so_far.count("“") > so_far.count("”") or so_far.count('"') % 2
        if not inside and not re.fullmatch(
            r"(?:[A-Za-z]\.)+|(?:e\.g|i\.e|etc|vs|Dr|Mr|Ms|Mrs|St|No)\.", before
        ):
            yield match.end()


def _cut(runs: Text, end: int) -> Iterator[Run]:
    for run in runs:
        if end <= 0:
            return
        yield Run(run.text[:end], run.style)
        end -= len(run.text)


def tidy(runs: Iterable[Run]) -> Text:
    """The text with its letters cleaned, without empty runs and without blanks at its ends."""
    found: list[Run] = []
    for run in runs:
        blank_before = run.text[:1].isspace() and found and not found[-1].text.endswith(" ")
        text = clean(run.text)
        if blank_before and found:
            found[-1] = replace(found[-1], text=f"{found[-1].text} ")
        if text:
            found.append(Run(text + (" " if run.text[-1:].isspace() else ""), run.style))
    if found:
        found[-1] = replace(found[-1], text=found[-1].text.rstrip())
    return tuple(found)


#: Marks that turn the direction of what follows; a text keeps its own without them.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


#: What most texts are made of, and what needs no second look.
_PLAIN = re.compile("[\\s!-~\u00a1-\u00ac\u00ae-\u017f–—‘’“”…−]*")


@lru_cache(maxsize=8192)  # a preview asks for the same texts at each save
def clean(text: str) -> str:
    """The text on one line, without control characters, very long words made breakable."""
    shown = text if _PLAIN.fullmatch(text) else _letters(text)
    return " ".join(_breakable(word) for word in shown.split())


def _letters(text: str) -> str:
    return "".join(
        " " if letter.isspace() else letter
        for letter in unicodedata.normalize("NFC", text)
        if letter.isspace()
        or (unicodedata.category(letter) not in {"Cc", "Cs", "Co", "Cn"} and letter not in _TURNS)
    )


def _breakable(word: str) -> str:
    pieces = word.split("\u200b")  # a text may come by more than once
    if all(len(piece) <= LONG_WORD for piece in pieces):
        return word
    whole = "".join(pieces)
    return "\u200b".join(whole[at : at + PIECE] for at in range(0, len(whole), PIECE))
