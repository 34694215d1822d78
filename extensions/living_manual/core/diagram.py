"""The small diagram of a record: boxes in rows and lines between them, laid out here, drawn as SVG.

A layered layout (after Sugiyama): each box lies in a row by its height in the chain, a line that
passes over a row gets a place of its own there, and a line that another way already tells is left
out. Sizes are in the units of the drawing, of which a page shows about one a pixel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from living_manual.core.chain import RANK, ChainNode, lines
from living_manual.core.model import Ref
from living_manual.core.used_in import DiagramGroup, UsedIn, counted_as

WIDTH = 720
#: Widths of a box by how many stand in its row.
BOX = {1: 320, 2: 280, 3: 216, 4: 162}
GAP_X, GAP_Y, PASS = 20, 34, 12
LINE, SMALL, PAD = 19, 17, 11
#: At most so many boxes in a row and lines of text in a box; a list beside the diagram has all.
IN_ROW, LINES = 4, 3
#: Widths of letters as shares of the size, on the safe side for the manual's own face.
_NARROW, _WIDE = set("fijlrt.,:;'’|!()[] "), set("mwMW—%@")
TEXT_SIZE, SMALL_SIZE = 15.0, 13.0


@dataclass(frozen=True, slots=True)
class Box:
    """One box: where it is, a small line (how it hangs on, or what it is), its text in lines.

    It leads to `record`, or to the list of a type on the same page (`list`), or nowhere.
    """

    x: int
    y: int
    width: int
    height: int
    small: str
    lines: tuple[str, ...]
    record: Ref | None = None
    list: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True)
class Diagram:
    """All boxes, highest first, and the lines between them as SVG paths."""

    height: int
    boxes: tuple[Box, ...]
    paths: tuple[str, ...]
    width: int = WIDTH


@dataclass(slots=True)
class _Node:
    """A box to be, or (`passing`) a place that a line keeps free in a row."""

    key: str
    row: int
    small: str = ""
    text: str = ""
    record: Ref | None = None
    list: str = ""
    here: bool = False
    type: str = ""
    passing: bool = False
    lines: tuple[str, ...] = ()
    x: int = 0
    y: int = 0
    width: int = 0
    height: int = 0


@dataclass(slots=True)
class _Graph:
    """Boxes by key in their order, and lines from the upper to the lower."""

    nodes: dict[str, _Node] = field(default_factory=dict)
    edges: dict[tuple[str, str], None] = field(default_factory=dict)

    def add(self, node: _Node) -> None:
        self.nodes.setdefault(node.key, node)

    def join(self, upper: str, lower: str) -> None:
        if self.nodes[upper].row < self.nodes[lower].row:
            self.edges[(upper, lower)] = None


_HERE = ""


def diagram(view: UsedIn, title: Callable[[str], str]) -> Diagram | None:
    """The diagram of a record with what stands above it and hangs on it; None when nothing does.

    `title` names a type of record for people.
    """
    if not view.nodes and not view.hanging:
        return None
    graph = _Graph()
    this = f"This {title(view.record.type).lower()}"
    graph.add(_Node(_HERE, 0, this, view.record.title, here=True))
    _add_above(graph, view.nodes, title)
    _add_below(graph, view, title)
    _close_rows(graph, title)
    _drop_told_lines(graph)
    _keep_places(graph)
    rows = _ordered(graph)
    _measure(rows)
    return _drawn(graph, rows)


_Title = Callable[[str], str]


def _add_above(graph: _Graph, nodes: tuple[ChainNode, ...], title: _Title) -> None:
    """Rows above have negative numbers. Too many of one type share a box."""
    found = list(lines(nodes))
    rows: dict[str, int] = {}
    for (rank, part), _, ref in found:
        rows[ref.id] = min(rank * 100 + part - 1000, rows.get(ref.id, 0))
    for _, _, ref in found:
        graph.add(_Node(ref.id, rows[ref.id], title(ref.type), ref.title, ref, type=ref.type))
    for _, lower, ref in found:
        graph.join(ref.id, lower)


def _add_below(graph: _Graph, view: UsedIn, title: _Title) -> None:
    names = {group.type: f"below {group.type}" for group in view.hanging}
    for group in view.hanging:
        graph.add(_below(group, names[group.type], title))
    for upper, lower in sorted(view.joined):
        if lower in names and (not upper or upper in names):
            graph.join(names[upper] if upper else _HERE, names[lower])
    joined = {lower for _, lower in graph.edges}
    for key in names.values():
        if key not in joined:
            graph.join(_HERE, key)


def _below(group: DiagramGroup, key: str, title: _Title) -> _Node:
    row = 1 + RANK.get(group.type, 0)
    if group.one is not None:
        return _Node(key, row, title(group.type), group.one.title, group.one, type=key)
    told = group.type if group.told else ""
    return _Node(key, row, group.relation, group.said, list=told, type=key)


def _close_rows(graph: _Graph, title: _Title) -> None:
    """Number the rows from the top without holes, none with more boxes than there is room for."""
    used = sorted({node.row for node in graph.nodes.values()})
    for node in graph.nodes.values():
        node.row = used.index(node.row)
    for row in range(len(used)):
        while len(inside := [node for node in graph.nodes.values() if node.row == row]) > IN_ROW:
            of_type: dict[str, list[_Node]] = {}
            for node in inside:
                of_type.setdefault(node.type, []).append(node)
            most = max(of_type.values(), key=len)
            if len(most) > 1:
                said, where = counted_as(most[0].type, len(most), title), "above"
                _fold(
                    graph, most, _Node(f"{row} {said}", row, title(most[0].type), said, list=where)
                )
            else:
                rest = inside[IN_ROW - 1 :]
                said = ", ".join(node.text for node in rest)
                _fold(graph, rest, _Node(f"{row} more", row, "and", said))


def _fold(graph: _Graph, nodes: Sequence[_Node], one: _Node) -> None:
    """One box in the place of several."""
    gone = {node.key for node in nodes}
    edges = list(graph.edges)
    graph.nodes = {key: node for key, node in graph.nodes.items() if key not in gone}
    graph.add(one)
    graph.edges = {}
    for upper, lower in edges:
        graph.join(one.key if upper in gone else upper, one.key if lower in gone else lower)


def _drop_told_lines(graph: _Graph) -> None:
    """Leave out a line over several rows where other lines lead the same way."""
    under: dict[str, set[str]] = {}
    for upper, lower in graph.edges:
        under.setdefault(upper, set()).add(lower)

    def leads(start: str, end: str) -> bool:
        waiting, seen = [each for each in under.get(start, ()) if each != end], set()
        while waiting:
            here = waiting.pop()
            if here == end:
                return True
            if here not in seen:
                seen.add(here)
                waiting.extend(under.get(here, ()))
        return False

    graph.edges = {pair: None for pair in graph.edges if not leads(*pair)}


def _keep_places(graph: _Graph) -> None:
    """Give a line that passes over rows a place in each of them."""
    for upper, lower in list(graph.edges):
        last, first = graph.nodes[lower].row, graph.nodes[upper].row
        if last - first < 2:
            continue
        del graph.edges[(upper, lower)]
        before = upper
        for row in range(first + 1, last):
            key = f"{upper} over {row} to {lower}"
            graph.add(_Node(key, row, passing=True))
            graph.edges[(before, key)] = None
            before = key
        graph.edges[(before, lower)] = None


def _ordered(graph: _Graph) -> list[list[_Node]]:
    """The rows, each ordered by the middle of what it hangs on in the row before, to cross less.

    Seen from the record outwards: downwards below it, upwards above it.
    """
    count = 1 + max(node.row for node in graph.nodes.values())
    rows: list[list[_Node]] = [[] for _ in range(count)]
    for node in graph.nodes.values():
        rows[node.row].append(node)
    middle = graph.nodes[_HERE].row
    for step, numbers in ((-1, range(middle + 1, count)), (1, range(middle - 1, -1, -1))):
        for row in numbers:
            before = {node.key: place for place, node in enumerate(rows[row + step])}
            rows[row].sort(key=lambda node: (_mean(graph, node, before), node.passing))
    return rows


def _mean(graph: _Graph, node: _Node, before: dict[str, int]) -> float:
    places = [
        before[other]
        for pair in graph.edges
        for other in pair
        if node.key in pair and other != node.key and other in before
    ]
    return sum(places) / len(places) if places else 0.0


def _measure(rows: list[list[_Node]]) -> None:
    """Sizes and places: a row is as high as its highest box, and stands in the middle."""
    y = 1
    for row in rows:
        boxes = [node for node in row if not node.passing]
        free = WIDTH - (PASS + GAP_X) * (len(row) - len(boxes)) - GAP_X * (len(boxes) - 1)
        for node in row:
            if node.passing:
                node.width = PASS
                continue
            node.width = min(BOX[len(boxes)], free // len(boxes))
            inside = node.width - 2 * PAD
            node.small = _cut(node.small, inside * TEXT_SIZE / SMALL_SIZE)
            node.lines = wrapped(node.text, inside)
            node.height = 2 * PAD + SMALL + LINE * len(node.lines)
        height = max(node.height for node in row)
        x = (WIDTH - sum(node.width for node in row) - GAP_X * (len(row) - 1)) // 2
        for node in row:
            node.x, node.y, node.height = x, y, height
            x += node.width + GAP_X
        y += height + GAP_Y


def _drawn(graph: _Graph, rows: list[list[_Node]]) -> Diagram:
    boxes = tuple(
        Box(
            node.x,
            node.y,
            node.width,
            node.height,
            node.small,
            node.lines,
            node.record,
            node.list,
            node.here,
        )
        for row in rows
        for node in row
        if not node.passing
    )
    last = rows[-1][0]
    return Diagram(last.y + last.height + 1, boxes, tuple(_paths(graph)))


def _paths(graph: _Graph) -> Iterator[str]:
    for upper_key, lower_key in graph.edges:
        upper, lower = graph.nodes[upper_key], graph.nodes[lower_key]
        x1, x2 = upper.x + upper.width // 2, lower.x + lower.width // 2
        y1, y2 = upper.y + upper.height, lower.y
        half = (y1 + y2) // 2
        through = f" L{x2} {y2 + lower.height}" if lower.passing else ""
        yield f"M{x1} {y1}C{x1} {half} {x2} {half} {x2} {y2}{through}"


def wrapped(text: str, width: float) -> tuple[str, ...]:
    """A text in lines of at most that width; what is too long for the last line ends in `…`."""
    lines: list[str] = []
    for word in text.split():
        if lines and _width(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    kept = lines[:LINES]
    if len(lines) > LINES:
        kept[-1] += " …"
    return tuple(_cut(line, width) for line in kept)


def _cut(line: str, width: float) -> str:
    if _width(line) <= width:
        return line
    ending = line.rstrip(" …")
    while ending and _width(f"{ending}…") > width:
        ending = ending[:-1]
    return f"{ending.rstrip()}…"


def _width(text: str) -> float:
    return sum(
        TEXT_SIZE
        * (0.36 if letter in _NARROW else 0.9 if letter in _WIDE else 0.7 if letter < "a" else 0.58)
        for letter in text
    )
