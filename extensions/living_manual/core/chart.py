"""Charts as values: what is drawn, where, and the table behind it.

There are two: a trend (readings over time, on the way from a baseline to a target) and bars (parts
of a whole, or amounts beside a mark). Everything is measured in units of a picture that is 360
wide, about the width of a phone, so that its text stays readable there; a wider page shows the
picture larger. Colours and faces come from the style sheet (`53-charts.css`), and nothing is told
by colour alone: parts differ by pattern, and every number is in the table.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from living_manual.core.words import say_day

WIDTH = 360
#: Patterns, in the order in which parts take them: each is told from the next without its colour.
PATTERNS = ("solid", "stripes", "dots", "open", "grid")
_LINE = 17
_BAR = 14
_LETTERS = 46


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its words: `name` is unique on its page, `description` says what one sees.

    `rows` are the numbers as people read them, under `columns`.
    """

    name: str
    title: str
    description: str
    drawing: Trend | Bars
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where it is, and what it says."""

    at: float
    said: str


@dataclass(frozen=True, slots=True)
class Trend:
    """Readings over time; all places in units of the picture.

    `path` runs from the baseline to the target, `points` are the readings in order. `target` is the
    height of the target line.
    """

    height: int
    left: float
    right: float
    ticks: tuple[Tick, ...]
    days: tuple[Tick, ...]
    points: tuple[tuple[float, float], ...]
    path: tuple[tuple[float, float], ...]
    target: Tick | None
    last: str


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a bar, from `at`, `length` long; its key says what it stands for."""

    at: float
    length: float
    key: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: the lines of its label (which begins at `top`), its parts and what its end says."""

    label: tuple[str, ...]
    parts: tuple[Part, ...]
    said: str
    top: float
    bar_top: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars below one another, with a key for their parts and a line that all are held against."""

    height: float
    bars: tuple[Bar, ...]
    keys: tuple[tuple[str, str], ...]
    mark: Tick | None
    thick: int = _BAR


@dataclass(frozen=True, slots=True)
class Amount:
    """What a bar shows: a label, the size of each part, and the sum in words."""

    label: str
    sizes: tuple[float, ...]
    said: str


def bars(
    amounts: Sequence[Amount],
    keys: Sequence[str] = (),
    mark: tuple[float, str] | None = None,
    whole: float | None = None,
) -> Bars:
    """Bars to one scale; its end is `whole`, or the largest sum or mark when it is None.

    Each amount has one size for each key (one size when there are no keys); sizes are 0 or more.
    """
    ends = [math.fsum(amount.sizes) for amount in amounts]
    end = whole if whole is not None else max([*ends, mark[0] if mark else 0.0], default=0.0)
    scale = (WIDTH - 2) / end if end > 0 else 0.0
    top, drawn = float(_LINE + 4 if mark else 0), []
    for amount in amounts:
        label = tuple(textwrap.wrap(amount.label, _LETTERS - len(amount.said))) or ("",)
        bar_top = top + _LINE * len(label) + 2
        at, parts = 1.0, []
        for key, size in enumerate(amount.sizes):
            if size > 0:
                parts.append(Part(_round(at), _round(size * scale), key))
                at += size * scale
        drawn.append(Bar(label, tuple(parts), amount.said, top, bar_top))
        top = bar_top + _BAR + 10
    return Bars(
        top,
        tuple(drawn),
        tuple(zip(keys, _patterns(len(keys)), strict=True)),
        Tick(_round(1 + mark[0] * scale), mark[1]) if mark else None,
    )


def _patterns(count: int) -> Iterable[str]:
    return [PATTERNS[each % len(PATTERNS)] for each in range(count)]


def trend(
    readings: Sequence[tuple[date, float]],
    baseline: tuple[date, float] | None,
    target: tuple[date, float] | None,
    say: str = "",
) -> Trend:
    """Readings with the way from baseline to target; at least one of the three must be given.

    `say` is the unit that follows a number, such as `%`.
    """
    height, left, right, top, bottom = 210, 44.0, WIDTH - 12.0, 26.0, 178.0
    known = [*readings, *([baseline] if baseline else []), *([target] if target else [])]
    first, last = min(day for day, _ in known), max(day for day, _ in known)
    steps = nice_steps(min(value for _, value in known), max(value for _, value in known))
    low, high = steps[0], steps[-1]

    def place(day: date, value: float) -> tuple[float, float]:
        along = (day - first).days / max((last - first).days, 1)
        up = (value - low) / (high - low)
        return _round(left + along * (right - left)), _round(bottom - up * (bottom - top))

    return Trend(
        height,
        left,
        right,
        tuple(Tick(place(first, step)[1], f"{say_number(step)}{say}") for step in steps),
        tuple(Tick(place(day, low)[0], say_day(day)) for day in dict.fromkeys((first, last))),
        tuple(place(day, value) for day, value in sorted(readings)),
        (place(*baseline), place(*target)) if baseline and target else (),
        Tick(place(*target)[1], f"Target {say_number(target[1])}{say}") if target else None,
        f"{say_number(sorted(readings)[-1][1])}{say}" if readings else "",
    )


def nice_steps(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """Round numbers, evenly spaced, from at or below `low` to at or above `high`; at most `most`+1.

    Steps are 1, 2 or 5 times a power of ten. Two at least, also when both are the same.
    """
    if high <= low:
        low, high = low - (abs(low) or 1) / 2, high + (abs(high) or 1) / 2
    step = 10.0 ** math.floor(math.log10((high - low) / most))
    while math.ceil(high / step) - math.floor(low / step) > most:
        mantissa = step / 10.0 ** math.floor(math.log10(step) + 1e-9)
        step *= 2.5 if round(mantissa) == 2 else 2
    start, end = math.floor(low / step), math.ceil(high / step)
    return tuple(round(each * step, 10) for each in range(start, end + 1))


def say_number(value: float) -> str:
    """A number as people write it: no `.0`, at most two decimals."""
    return f"{round(value, 2):g}" if abs(value) < 1e6 else f"{value:,.0f}"


def _round(value: float) -> float:
    return round(value, 2)
