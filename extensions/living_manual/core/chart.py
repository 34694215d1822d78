"""Charts as values: what is drawn, where, and the table behind it.

There are two: a trend (readings over time, on the way from a baseline to a target) and bars (parts
of a whole, or amounts beside a mark). Everything is measured in units of a picture that is 320
wide, about what a card on a phone has room for, so that its text stays readable there; a wider page
shows the picture larger. Colours and faces come from the style sheet (`53-charts.css`), and nothing
is told by colour alone: parts differ by pattern, and every number is in the table.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from living_manual.core.chart_label import Box, Label, place_label
from living_manual.core.chart_text import text_width, wrapped
from living_manual.core.words import say_day

WIDTH = 320
#: Patterns, in the order in which parts take them: each is told from the next without its colour.
PATTERNS = ("solid", "stripes", "dots", "open", "grid")
_LINE = 17
_BAR = 14
#: Sizes of type on the picture: what marks and values say, and the numbers along its edges.
_TYPE, _SMALL = 13.0, 12.0
#: More readings than this are drawn with smaller dots; longer numbers beside an axis are cut.
_MANY, _AXIS = 12, 11


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
class DayTick:
    """A day below the picture: where it stands, at which end of its text, and on which height."""

    at: float
    anchor: str
    y: float
    said: str


@dataclass(frozen=True, slots=True)
class Trend:
    """Readings over time; all places in units of the picture.

    `path` runs from the baseline to the target, `points` are the readings in order, `dot` is the
    radius of each. `target` is the height of the target line; what it says stands to its right,
    where nothing else is drawn. `last` is what the last reading says, `label` where. `days` are the
    first and the last day, each from `at` to the right (`start`) or to the left (`end`).
    """

    height: int
    left: float
    right: float
    ticks: tuple[Tick, ...]
    days: tuple[DayTick, ...]
    points: tuple[tuple[float, float], ...]
    path: tuple[tuple[float, float], ...]
    target: Tick | None
    last: str
    label: Label | None
    dot: float
    width: int = WIDTH


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
    width: int = WIDTH


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
    top, drawn = 0.0, []
    for amount in amounts:
        room = WIDTH - 12 - text_width(amount.said, _TYPE)
        label = wrapped(amount.label, max(room, WIDTH / 3), _TYPE)
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
    read = sorted(readings)
    known = [*read, *([baseline] if baseline else []), *([target] if target else [])]
    first, last = min(day for day, _ in known), max(day for day, _ in known)
    steps = nice_steps(min(value for _, value in known), max(value for _, value in known))
    low, high = steps[0], steps[-1]
    marks = [f"{say_axis(step)}{say}" for step in steps]
    aim = f"{say_axis(target[1])}{say}" if target else ""
    plot = Box(
        10 + max(text_width(mark, _SMALL) for mark in marks),
        26.0,
        WIDTH - (8 + text_width(aim, _TYPE) if aim else 12),
        178.0,
    )

    def place(day: date, value: float) -> tuple[float, float]:
        along = (day - first).days / (last - first).days if last > first else 0.5
        up = (value - low) / (high - low)
        return (
            _round(plot.left + along * (plot.right - plot.left)),
            _round(plot.bottom - up * (plot.bottom - plot.top)),
        )

    points = tuple(place(day, value) for day, value in read)
    path = (place(*baseline), place(*target)) if baseline and target else ()
    height = place(*target)[1] if target else 0.0
    goal = ((plot.left, height), (plot.right, height)) if target else ()
    last_said = f"{say_number(read[-1][1])}{say}" if read else ""
    days = _days(first, last, plot)
    return Trend(
        int(max(day.y for day in days)) + 10,
        _round(plot.left),
        _round(plot.right),
        tuple(Tick(place(first, step)[1], mark) for step, mark in zip(steps, marks, strict=True)),
        days,
        points,
        path,
        Tick(height, aim) if target else None,
        last_said,
        _label(last_said, points, plot, (points, path, goal)) if points else None,
        4.5 if len(points) <= _MANY else 3.0,
    )


def _days(first: date, last: date, plot: Box) -> tuple[DayTick, ...]:
    """The first and the last day, below one another where there is no room side by side."""
    says, y = (say_day(first), say_day(last)), 200.0
    if first == last:
        return (DayTick(_round((plot.left + plot.right) / 2), "middle", y, says[0]),)
    wide = sum(text_width(said, _SMALL) for said in says) + 8
    lower = y if wide <= plot.right - plot.left else y + _LINE
    return (
        DayTick(_round(plot.left), "start", y, says[0]),
        DayTick(_round(plot.right), "end", lower, says[1]),
    )


def _label(
    said: str,
    points: Sequence[tuple[float, float]],
    plot: Box,
    lines: Sequence[Sequence[tuple[float, float]]],
) -> Label:
    inside = Box(plot.left + 2, plot.top - 6, plot.right - 2, plot.bottom - 2)
    size = (text_width(said, _TYPE), _TYPE + 2)
    return place_label(points[-1], size, inside, lines, points)


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
    """A number as people write it: no `.0`, at most two decimals, thousands parted by commas."""
    said = f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if said == "-0" else said


def say_axis(value: float) -> str:
    """A number beside an axis, where room is short."""
    said = say_number(value)
    return said if len(said) <= _AXIS else f"{value:.3g}"


def _round(value: float) -> float:
    return round(value, 2)
