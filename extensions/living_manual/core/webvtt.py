"""WebVTT: captions, chapters and commentary of a clip, read and checked.

Of the format (W3C WebVTT, section 4) what browsers show of it is kept: times, voices and text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from living_manual.core.finding import Finding, finding

UNREADABLE, ORDER = "timed-text-unreadable", "timed-text-order"
_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMES = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}(?:\s+(?P<settings>.*))?\s*")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>", re.IGNORECASE)
_TAG = re.compile(r"</?[^>]*>")
_WRITE_TIMES = "Write the times as 00:04.500 --> 00:07.000, minutes, seconds and thousandths."
#: Ends written by hand may be a little past the last picture of the clip, in seconds.
_SLACK = 0.5


@dataclass(frozen=True, slots=True)
class Turn:
    """What one voice says; `speaker` is empty for text without a voice."""

    speaker: str
    text: str
    start: float = 0


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue: its times in seconds, what is said in it, and its line in the file."""

    start: float
    end: float
    turns: tuple[Turn, ...]
    line: int

    @property
    def text(self) -> str:
        """Everything that is said, without the voices' names."""
        return " ".join(turn.text for turn in self.turns)


def read_webvtt(text: str, file: str) -> tuple[tuple[Cue, ...], tuple[Finding, ...]]:
    """The cues in the order written, and what is wrong with the text, with its lines."""
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    if not re.match(r"WEBVTT(?:[ \t]|$)", lines[0]):
        return (), (
            _fault(
                "The file is not WebVTT.",
                "Write WEBVTT on the first line, and leave the second line empty.",
                file,
                1,
            ),
        )
    cues: list[Cue] = []
    found: list[Finding] = []
    for start, block in _blocks(lines):
        cue = _cue(start, block, file)
        if isinstance(cue, Finding):
            found.append(cue)
        elif cue is not None:
            cues.append(cue)
    if not cues and not found:
        found.append(
            _fault(
                "The file has no cue: nothing would be shown.",
                "Write at least one: its times on a line, its text on the next.",
                file,
                1,
            )
        )
    return tuple(cues), tuple(found)


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """What stands between empty lines, less the first line and notes, with its first line."""
    block: list[str] = []
    for number, words in enumerate([*lines, ""], 1):
        if number == 1:
            continue
        if words.strip():
            block.append(words)
        elif block:
            if not re.match(r"(?:NOTE|STYLE|REGION)(?:[ \t]|$)", block[0]):
                yield number - len(block), block
            block = []


def _cue(line: int, block: list[str], file: str) -> Cue | Finding | None:
    at = next((nth for nth, words in enumerate(block[:2]) if "-->" in words), None)
    if at is None:
        if line == 2:  # more of the header
            return None
        return _fault(
            f"'{block[0].strip()[:40]}' stands under no times.",
            "Write a line of times above it; an empty line ends what is said.",
            file,
            line,
        )
    times, words = _TIMES.fullmatch(block[at]), block[at + 1 :]
    if times is None:
        return _fault(
            f"The times '{block[at].strip()[:40]}' cannot be read.", _WRITE_TIMES, file, line + at
        )
    numbers = times.groups()
    start, end = _seconds(numbers[:4]), _seconds(numbers[4:8])
    turns = _turns(" ".join(one.strip() for one in words), start)
    if any("-->" in one for one in words):
        return _fault(
            "Two lines of times stand together.", "Put an empty line above the second.", file, line
        )
    if not any(turn.text for turn in turns):
        return _fault(
            "This cue says nothing.",
            "Write its text on the line below the times, or take it away.",
            file,
            line + at,
        )
    if end <= start:
        return _fault(
            "This cue ends before it begins.", "Check its two times.", file, line + at, ORDER
        )
    return Cue(start, end, turns, line + at)


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _turns(text: str, start: float) -> tuple[Turn, ...]:
    """Voices and what they say; what stands before the first voice has none."""
    first, *voices = _VOICE.split(text)
    pairs = [("", first), *zip(voices[::2], voices[1::2], strict=True)]
    turns = (Turn(_plain(name), _plain(said), start) for name, said in pairs)
    return tuple(turn for turn in turns if turn.text)


def _plain(text: str) -> str:
    """Text without tags, with its characters for `&amp;` and the like."""
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def _fault(message: str, fix: str, file: str, line: int, kind: str = UNREADABLE) -> Finding:
    return finding(kind, message, fix, file, line)


def check_times(
    cues: Sequence[Cue], file: str, duration: float | None = None
) -> tuple[Finding, ...]:
    """What is wrong with the order of cues, and with those beyond the clip's end (in seconds)."""
    found = []
    for before, cue in zip((None, *cues), cues, strict=False):
        if before is not None and cue.start < before.start:
            found.append(
                _fault(
                    f"This cue begins at {say_time(cue.start)}, before the one above it.",
                    "Put the cues in the order of their times.",
                    file,
                    cue.line,
                    ORDER,
                )
            )
        elif before is not None and cue.start < before.end:
            found.append(
                _fault(
                    f"This cue begins at {say_time(cue.start)}, while the one above still shows.",
                    "Let the one above it end before, or put both into one cue.",
                    file,
                    cue.line,
                    ORDER,
                )
            )
        if duration is not None and cue.end > duration + _SLACK:
            found.append(
                _fault(
                    f"This cue ends at {say_time(cue.end)}; the clip has only "
                    f"{say_time(duration)}.",
                    "Check its times, and that the text belongs to this clip.",
                    file,
                    cue.line,
                    ORDER,
                )
            )
    return tuple(found)


def transcript(cues: Iterable[Cue]) -> tuple[Turn, ...]:
    """What is said, by voice: a voice that goes on in the next cue stays one turn."""
    turns: list[Turn] = []
    for turn in (turn for cue in cues for turn in cue.turns):
        if turns and turns[-1].speaker == turn.speaker:
            turns[-1] = Turn(turn.speaker, f"{turns[-1].text} {turn.text}", turns[-1].start)
        else:
            turns.append(turn)
    return tuple(turns)


def say_time(seconds: float) -> str:
    """1:04; with hours 1:01:04."""
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
