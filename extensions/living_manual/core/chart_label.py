"""Where the label of a point can stand on a chart without touching what is drawn there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
#: Clear space around a label, and how far a dot reaches from its middle.
_AIR = 2.0
_DOT = 6.0


@dataclass(frozen=True, slots=True)
class Box:
    """A stretch of the picture, from its upper left corner to its lower right one."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: Box) -> bool:
        """Whether the other lies inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def meets(self, start: Point, end: Point) -> bool:
        """Whether a straight line runs through the box, or touches it (Liang and Barsky)."""
        first, last = 0.0, 1.0
        for at, to, low, high in (
            (start[0], end[0], self.left, self.right),
            (start[1], end[1], self.top, self.bottom),
        ):
            step = to - at
            if abs(step) < 1e-9:
                if not low <= at <= high:
                    return False
                continue
            near, far = sorted(((low - at) / step, (high - at) / step))
            first, last = max(first, near), min(last, far)
        return first <= last


@dataclass(frozen=True, slots=True)
class Label:
    """A label: the middle of its line, the height of its foot, and its box.

    `lead` is the line that ties it to its point where it could not stand beside it.
    """

    x: float
    y: float
    box: Box
    lead: tuple[Point, Point] | None = None


def place_label(
    point: Point,
    size: tuple[float, float],
    inside: Box,
    lines: Sequence[Sequence[Point]],
    dots: Sequence[Point],
) -> Label:
    """The nearest free place beside a point for a label so wide and high.

    `lines` and `dots` must stay clear. Where every place is taken, the label stands above `inside`
    with a line down to its point: nothing else is ever drawn there.
    """
    segments = [pair for line in lines for pair in pairwise(line)]
    for box in _around(point, size):
        if inside.holds(box) and not _taken(box, segments, dots):
            return Label((box.left + box.right) / 2, box.bottom - size[1] * 0.25, box)
    width, height = size
    left = min(max(point[0] - width / 2, inside.left), inside.right - width)
    box = Box(left, inside.top - height - _AIR, left + width, inside.top - _AIR)
    foot = min(max(point[0], left), left + width)
    lead = ((foot, inside.top - _AIR), (point[0], point[1] - _DOT))
    return Label(left + width / 2, box.bottom - height * 0.25, box, lead)


def _around(point: Point, size: tuple[float, float]) -> Iterator[Box]:
    """Places beside a point: above and below it first, then at its corners and sides."""
    x, y = point
    width, height = size
    for gap in (_DOT + _AIR, _DOT + 3 * _AIR, _DOT + 6 * _AIR):
        for across, down in (
            (-width / 2, -gap - height),
            (-width / 2, gap),
            (gap / 2, -gap / 2 - height),
            (gap / 2, gap / 2),
            (-gap / 2 - width, -gap / 2 - height),
            (-gap / 2 - width, gap / 2),
            (gap, -height / 2),
            (-gap - width, -height / 2),
        ):
            left, top = x + across, y + down
            yield Box(left, top, left + width, top + height)


def _taken(box: Box, segments: Iterable[tuple[Point, Point]], dots: Iterable[Point]) -> bool:
    air = Box(box.left - _AIR, box.top - _AIR, box.right + _AIR, box.bottom + _AIR)
    reach = Box(box.left - _DOT, box.top - _DOT, box.right + _DOT, box.bottom + _DOT)
    return any(air.meets(*each) for each in segments) or any(reach.meets(dot, dot) for dot in dots)
