"""Notes on parts of a picture: W3C Web Annotation JSON beside it, read and checked.

The form is an AnnotationPage (Web Annotation Data Model, section 5.2) whose items point at a part
of the picture with a media fragment in per cent (Media Fragments URI 1.0, section 4.2.2). Their
order is their number.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from living_manual.core.finding import Finding, finding

#: What the file beside `work.png` is called: `work.annotations.json`.
ENDING = ".annotations.json"
_NUMBER = r"(\d+(?:\.\d+)?)"
_PART = re.compile(rf"xywh=percent:{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}")
_ITALICS = re.compile(r"\*([^*\s](?:[^*]*[^*\s])?)\*")
#: Numbers of editors are rounded; a hair beyond the edge is no fault.
_HAIR = 0.05
_WRITE_PART = 'Write the selector\'s value as "xywh=percent:10,20,30,15": left, top, width, height.'


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note and the part of the picture it speaks of, in per cent of the picture's sides.

    `words` are (text, italic) in order.
    """

    words: tuple[tuple[str, bool], ...]
    left: float
    top: float
    width: float
    height: float

    @property
    def text(self) -> str:
        """The note as plain text."""
        return "".join(text for text, _ in self.words)


def read_annotations(
    text: str, picture: str, file: str
) -> tuple[tuple[Annotation, ...], tuple[Finding, ...]]:
    """The notes in order, and everything that is wrong, with the lines of `file`.

    `picture` is the name of the picture that the notes must be about.
    """
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        said = error.msg if isinstance(error, json.JSONDecodeError) else "it is nested too deeply"
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        return (), (
            _page_fault(
                f"The notes cannot be read as JSON: {said[0].lower()}{said[1:]}.",
                "Look at this line and the one above it: often a comma or a quotation mark is "
                "missing or one too many.",
                file,
                line,
            ),
        )
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(data, dict) or data.get("type") != "AnnotationPage":
        return (), (
            _page_fault(
                "The notes are no AnnotationPage.",
                'Begin with {"@context": "http://www.w3.org/ns/anno.jsonld", '
                '"type": "AnnotationPage", "items": [...]}.',
                file,
                1,
            ),
        )
    if not isinstance(items, list) or not items:
        return (), (
            _page_fault(
                "The notes are empty: there is no item.",
                "Write one item for each note, or show the picture with {figure}.",
                file,
                1,
            ),
        )
    notes: list[Annotation] = []
    found: list[Finding] = []
    lines = _lines_of_items(text, len(items))
    for number, (item, line) in enumerate(zip(items, lines, strict=True), 1):
        note = _Item(item, number, picture, file, line)
        found += note.faults()
        if not note.told:
            notes.append(note.annotation())
    return tuple(notes), tuple(found)


def _page_fault(message: str, fix: str, file: str, line: int) -> Finding:
    return finding("annotations-unreadable", message, fix, file, line)


class _Item:
    """One item of the page, as it was written."""

    def __init__(self, item: Any, number: int, picture: str, file: str, line: int) -> None:
        self.item, self.number, self.picture = item, number, picture
        self.file, self.line = file, line
        self.told = False

    def faults(self) -> Iterator[Finding]:
        """What is wrong with it."""
        source = _within(self.item, "target", "source")
        if not self._words.strip():
            yield self._fault(
                "says nothing", 'Write the note into "value" of its "body", or take the item away.'
            )
        if source != self.picture:
            named = f"is about '{source}'" if isinstance(source, str) else "names no picture"
            yield self._fault(
                f"{named}, and stands beside {self.picture}",
                f'Write "source": "{self.picture}" into its "target".',
            )
        part = self._part
        if part is None:
            yield self._fault("points at no part of the picture", _WRITE_PART)
            return
        left, top, width, height = part
        if width <= 0 or height <= 0:
            yield self._fault("points at a part without a size", _WRITE_PART)
        elif left + width > 100 + _HAIR or top + height > 100 + _HAIR:
            yield self._fault(
                "points at a part that leaves the picture",
                "Left and width together, and top and height together, are at most 100 per cent.",
            )

    def annotation(self) -> Annotation:
        """The item as a value; only when nothing is wrong with it."""
        assert self._part is not None
        left, top, width, height = self._part
        return Annotation(
            _segments(" ".join(self._words.split())),
            left,
            top,
            min(width, 100 - left),
            min(height, 100 - top),
        )

    @property
    def _words(self) -> str:
        value = _within(self.item, "body", "value")
        return value if isinstance(value, str) else ""

    @property
    def _part(self) -> tuple[float, float, float, float] | None:
        value = _within(self.item, "target", "selector", "value")
        found = _PART.fullmatch(value.replace(" ", "")) if isinstance(value, str) else None
        if found is None:
            return None
        left, top, width, height = map(float, found.groups())
        return (left, top, width, height) if math.isfinite(left + top + width + height) else None

    def _fault(self, what: str, fix: str) -> Finding:
        self.told = True
        return finding("annotation", f"Note {self.number} {what}.", fix, self.file, self.line)


def _within(value: Any, *keys: str) -> Any:
    """The value under these keys; None where one of them is not there."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _segments(text: str) -> tuple[tuple[str, bool], ...]:
    """`a *b* c` as (text, italic)."""
    parts = _ITALICS.split(text)
    return tuple((part, bool(nth % 2)) for nth, part in enumerate(parts) if part)


def _lines_of_items(text: str, count: int) -> list[int]:
    """The line of each item; 1 where it cannot be told."""
    start = re.search(r'"items"\s*:\s*\[', text)
    at, lines, decoder = start.end() if start else len(text), list[int](), json.JSONDecoder()
    while len(lines) < count:
        at += len(text[at:]) - len(text[at:].lstrip(" \t\r\n,"))
        try:
            _, end = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            break
        lines.append(text.count("\n", 0, at) + 1)
        at = end
    return lines + [1] * (count - len(lines))


# ---------------------------------------------------------------------------------- their marks


@dataclass(frozen=True, slots=True)
class Mark:
    """A note with the place of its number, in per cent of the picture's sides."""

    note: Annotation
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Ink:
    """How much is drawn where: `rows` of cells from the top, each 0 (paper) to 255."""

    rows: tuple[bytes, ...]

    def under(self, left: float, top: float, right: float, bottom: float) -> int:
        """The ink in a part of the picture, in per cent of its sides."""
        high, wide = len(self.rows), len(self.rows[0]) if self.rows else 0
        first, last = max(0, round(left * wide / 100)), round(right * wide / 100)
        rows = self.rows[max(0, round(top * high / 100)) : round(bottom * high / 100)]
        return sum(sum(row[first:last]) for row in rows)


#: Half the size of a number's disc, in per cent of a picture's width on a telephone: 13 of 354 px.
DISC = 3.7
#: A disc is round: what stands in the corners of its square is not hidden.
_HIDES = 0.82
#: Where a disc may stand beside or on the edge of a part: shares of the part's width and height,
#: and how many half discs further out.
_SEATS = (
    (0, 0.5, -1.15, 0),
    (0, 0, -0.9, -0.9),
    (0, 0, -1.15, 0.8),
    (1, 0.5, 1.15, 0),
    (1, 0, 0.9, -0.9),
    (0.5, 0, 0, -1.15),
    (0, 1, -0.9, 0.9),
    (0.5, 1, 0, 1.15),
    (1, 1, 0.9, 0.9),
    (0, 0, 0, 0),
    (1, 0, 0, 0),
    (0, 1, 0, 0),
    (1, 1, 0, 0),
    (0.25, 0, 0, -1.15),
    (0.75, 0, 0, -1.15),
    (0, 0.25, -1.15, 0),
    (0, 0.75, -1.15, 0),
    (0.25, 1, 0, 1.15),
    (0.75, 1, 0, 1.15),
    (1, 0.25, 1.15, 0),
    (1, 0.75, 1.15, 0),
    (1, 0.5, 3.4, 0),
    (0.5, 1, 0, 3.4),
    (0, 0.5, -3.4, 0),
    (0.5, 0, 0, -3.4),
    (1, 1, 3.4, 3.4),
)


def place_marks(
    notes: Sequence[Annotation], shape: tuple[int, int], ink: Ink | None = None
) -> tuple[Mark, ...]:
    """Each note's number where it hides least of the work and no other number.

    `shape` is the picture's width and height in pixels. Of places that hide the same, the first
    stands, so that numbers line up at the left edge of what they speak of.
    """
    high = DISC * shape[0] / shape[1]
    marks: list[Mark] = []
    for note in notes:
        best = (math.inf, 0.0, 0.0)
        for order, (across, down, right, below) in enumerate(_SEATS):
            x = _inside(note.left + across * note.width + right * DISC, DISC)
            y = _inside(note.top + down * note.height + below * high, high)
            wide, tall = DISC * _HIDES, high * _HIDES
            hidden = ink.under(x - wide, y - tall, x + wide, y + tall) if ink else 0
            crowd = sum(_near(x - one.x, (y - one.y) * shape[1] / shape[0]) for one in marks)
            best = min(best, (hidden + order * 40 + crowd * 1_000_000, x, y))
        marks.append(Mark(note, round(best[1], 2), round(best[2], 2)))
    return tuple(marks)


def _inside(at: float, room: float) -> float:
    return min(max(at, room), 100 - room)


def _near(across: float, down: float) -> bool:
    """Whether two discs touch; `down` in per cent of the width."""
    return math.hypot(across, down) < 2.15 * DISC
