"""Two axes and what stands where they cross: the value behind every matrix.

A matrix is counted from items (`core.work.Item`): each stands in every cell whose row and column it
carries. What can narrow it travels with rows, columns and items as short marks, so that a page can
count again in the browser (theme/static/scripts/matrix.js) by the very rule that counted it here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from living_manual.core.filters import Facet
from living_manual.core.model import Manual, Ref
from living_manual.core.work import STATES, Item

#: The most columns that are drawn as columns; more of them flow as named tiles under each row.
MOST_COLUMNS = 12
#: The rows of one part of a long table: what a sheet of paper holds.
PART = 25
#: Days in marks are counted from here: four digits each.
DAY_ONE = date(2000, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Head:
    """A row or a column: what it is called, where it leads, and what it can be narrowed by.

    Heads of one `group` stand together. What is not `asked` may be blank without being a gap.
    """

    id: str
    title: str
    short: str
    ref: Ref | None = None
    group: str = ""
    note: str = ""
    asked: bool = True
    values: Mapping[str, tuple[str, ...]] | None = None

    def of(self, facet: str) -> tuple[str, ...]:
        """What it carries of a facet."""
        return (self.values or {}).get(facet, ())


@dataclass(frozen=True, slots=True)
class Axis:
    """A side of a matrix: the facet whose ids are its heads, and what else narrows it."""

    facet: str
    title: str
    heads: Callable[[Manual], Sequence[Head]]
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatrixSpec:
    """A declared matrix.

    `other` is the one that shows the same from the other side. `every` says that each cell should
    hold something; else each row should, in any of its cells. `names` shows the items by name
    instead of counting their states. `todo` says what to do about a blank. `lists` says that the
    counts of a cell lead to the list of all actions and sessions. `dated` says that the district
    asks for each cell by the day of its objective.
    """

    key: str
    other: str
    rows: Axis
    columns: Axis
    items: Callable[[Manual], Iterable[Item]]
    noun: str
    narrowed: tuple[str, ...]
    states: tuple[str, ...]
    todo: str
    filled: str
    names: bool = False
    every: bool = True
    lists: bool = False
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a row and a column cross.

    `counts` are the items by state, in the order people read them, `living` how many of them count;
    `names` are the items themselves where they are shown by name; `marks` what each can be
    narrowed by. `asked` says that it should hold something, `asked_by` by which day, and `late`
    that this has passed.
    """

    counts: tuple[tuple[str, int], ...]
    living: int
    asked: bool
    names: tuple[Ref, ...]
    marks: str
    asked_by: date | None
    late: bool

    @property
    def blank(self) -> bool:
        """Whether it should hold something that counts and does not."""
        return self.asked and not self.living


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its cells, or a column (without): how many cells are asked of it and filled.

    `items` counts what stands in it, each once.
    """

    id: str
    title: str
    short: str
    ref: Ref | None
    group: str
    note: str
    marks: str
    cells: tuple[Cell, ...]
    filled: int
    asked: int
    items: int

    @property
    def share(self) -> str:
        """`4 of 5 · 80%`."""
        return share(self.filled, self.asked)


@dataclass(frozen=True, slots=True)
class Matrix:
    """A whole matrix, ready to be shown and to be narrowed.

    `other` is the page that shows it from the other side, `list` the page with all actions and
    sessions, where the manual has them.
    """

    key: str
    other: Ref | None
    row_facet: str
    column_facet: str
    row_title: str
    column_title: str
    noun: str
    todo: str
    filled_label: str
    names: bool
    every: bool
    list: Ref | None
    sessions: Ref | None
    dated: bool
    columns: tuple[Line, ...]
    rows: tuple[Line, ...]
    facets: tuple[Facet, ...]
    row_facets: tuple[str, ...]
    column_facets: tuple[str, ...]
    item_facets: tuple[str, ...]
    states: tuple[str, ...]
    filled: int
    asked: int
    late: int
    items: int
    day: date

    @property
    def wide(self) -> bool:
        """Whether its columns are too many to stand side by side."""
        return len(self.columns) > MOST_COLUMNS

    @property
    def parts(self) -> tuple[tuple[Line, ...], ...]:
        """The rows as they stand in tables: long ones in parts, which a browser lays out apart."""
        if len(self.rows) <= 2 * PART:
            return (self.rows,)
        return tuple(self.rows[at : at + PART] for at in range(0, len(self.rows), PART))

    @property
    def blanks(self) -> int:
        """What should hold something and does not."""
        return self.asked - self.filled

    @property
    def share(self) -> str:
        """`46 of 55 · 84%`."""
        return share(self.filled, self.asked)


#: The views with every action and every session: what matrices of work are turned round to.
ACTION_LIST = "action-list"
SESSION_LIST = "session-list"


def page_of(manual: Manual, view: str) -> Ref | None:
    """The page that a view stands on; None when it stands on none."""
    return manual.places.get(view)


def percent(part: int, whole: int) -> int:
    """A share in whole percent; 100 only for all, 0 only for none."""
    if not part or not whole:
        return 0
    if part == whole:
        return 100
    return min(99, max(1, (200 * part + whole) // (2 * whole)))


def share(part: int, whole: int) -> str:
    """`4 of 5 · 80%`; without percent where there is nothing to share."""
    return f"{part} of {whole} · {percent(part, whole)}%" if whole else "–"


class Marks:
    """Writes what items and heads carry of some facets as numbers: places among the options."""

    def __init__(self, facets: Mapping[str, Facet], names: Sequence[str]) -> None:
        self.places = [
            (name, {value: str(n) for n, (value, _) in enumerate(facets[name].options)})
            for name in names
        ]

    def of(self, carrier: Head | Item) -> str:
        """`3,0+2,9754-9947`: one part a facet; several values are joined by `+`."""
        parts = []
        for name, places in self.places:
            if name == "date" and isinstance(carrier, Item):
                parts.append(days(carrier.first, carrier.last))
            else:
                found = [places[value] for value in carrier.of(name) if value in places]
                parts.append("+".join(found))
        return ",".join(parts)


def days(first: date | None, last: date | None) -> str:
    """The days of an item, counted from `DAY_ONE`: one, or first and last; empty without any."""
    start = str(first.toordinal() - DAY_ONE) if first else ""
    end = str(last.toordinal() - DAY_ONE) if last else ""
    return start if start == end else f"{start}~{end}"


#: Facets of which only values are offered that something carries; all others are offered whole, so
#: that an address that was sent keeps its meaning.
ONLY_CARRIED = ("kind", "stage", "role", "type")


def offered(facets: Mapping[str, Facet], carriers: Sequence[Head | Item]) -> dict[str, Facet]:
    """The facets with the choices that make sense among these."""
    made = dict(facets)
    for name in ONLY_CARRIED:
        held = {value for carrier in carriers for value in carrier.of(name)}
        options = tuple(option for option in facets[name].options if option[0] in held)
        made[name] = replace(facets[name], options=options)
    return made


def matrix(manual: Manual, spec: MatrixSpec, facets: Mapping[str, Facet]) -> Matrix:
    """Count a declared matrix; `facets` are all that anything can be narrowed by."""
    rows, columns = spec.rows.heads(manual), spec.columns.heads(manual)
    items = tuple(spec.items(manual))
    facets = offered(facets, (*rows, *columns, *items))
    row_facets = (spec.rows.facet, *spec.rows.facets)
    column_facets = (spec.columns.facet, *spec.columns.facets)
    item_facets = tuple(f for f in spec.narrowed if f not in (*row_facets, *column_facets))
    if not spec.names:
        item_facets = ("status", *(name for name in item_facets if name != "status"))
    counting = _Counting(manual, spec, items, Marks(facets, item_facets))
    mark_row, mark_column = Marks(facets, row_facets), Marks(facets, column_facets)
    lines = []
    for row in rows:
        cells = tuple(counting.cell(row, column) for column in columns)
        filled, asked = counting.sums(row, cells)
        inside = counting.inside(row.id, columns)
        lines.append(_line(row, mark_row.of(row), cells, filled, asked, inside))
    sides = []
    for place, column in enumerate(columns):
        filled, asked = _filled([line.cells[place] for line in lines])
        inside = counting.inside_column(column.id, rows)
        sides.append(_line(column, mark_column.of(column), (), filled, asked, inside))
    shown = tuple(
        name for name in dict.fromkeys((*row_facets, *column_facets, *item_facets))
        if name == "date" or len(facets[name].options) > 1
    )  # fmt: skip
    return Matrix(
        spec.key,
        page_of(manual, spec.other),
        spec.rows.facet,
        spec.columns.facet,
        spec.rows.title,
        spec.columns.title,
        spec.noun,
        spec.todo,
        spec.filled,
        spec.names,
        spec.every,
        page_of(manual, ACTION_LIST) if spec.lists else None,
        page_of(manual, SESSION_LIST) if spec.lists else None,
        spec.dated,
        tuple(sides),
        tuple(lines),
        (*(facets[name] for name in shown), Facet("blank", "Blanks only", "mark")),
        row_facets,
        column_facets,
        item_facets,
        spec.states,
        sum(line.filled for line in lines),
        sum(line.asked for line in lines),
        sum(cell.late for line in lines for cell in line.cells),
        counting.everything(rows, columns),
        manual.today,
    )


def _line(
    head: Head, marks: str, cells: tuple[Cell, ...], filled: int, asked: int, items: int
) -> Line:
    return Line(
        head.id,
        head.title,
        head.short,
        head.ref,
        head.group,
        head.note,
        marks,
        cells,
        filled,
        asked,
        items,
    )


def _filled(cells: Sequence[Cell]) -> tuple[int, int]:
    """How many of the cells that are asked for hold something, and how many are asked for."""
    return sum(cell.asked and bool(cell.living) for cell in cells), sum(c.asked for c in cells)


class _Counting:
    """The items of a matrix by cell."""

    def __init__(
        self, manual: Manual, spec: MatrixSpec, items: tuple[Item, ...], marks: Marks
    ) -> None:
        self.manual, self.spec, self.items = manual, spec, items
        self.marks = [f"{number},{marks.of(item)}" for number, item in enumerate(self.items)]
        self.at: dict[tuple[str, str], list[int]] = {}
        for number, item in enumerate(self.items):
            for place in product(item.of(spec.rows.facet), item.of(spec.columns.facet)):
                self.at.setdefault(place, []).append(number)

    def cell(self, row: Head, column: Head) -> Cell:
        """What stands in one cell."""
        spec, here = self.spec, self.at.get((row.id, column.id), ())
        items = [self.items[number] for number in here]
        found = Counter(item.state for item in items)
        living = sum(item.living for item in items)
        asked = row.asked and column.asked and spec.every
        by = None
        if spec.dated and asked:
            objective = row.id if spec.rows.facet == "objective" else column.id
            by = self.manual.asked_by(objective)
        return Cell(
            () if spec.names else tuple((name, found[name]) for name in STATES if found[name]),
            living,
            asked,
            tuple(item.record.ref for item in items) if spec.names else (),
            " ".join([self.marks[number] for number in here]),
            by,
            late=asked and not living and by is not None and by < self.manual.today,
        )

    def sums(self, row: Head, cells: tuple[Cell, ...]) -> tuple[int, int]:
        """How many cells of a row are filled and asked; without `every` the row is one."""
        if not row.asked:
            return 0, 0
        if self.spec.every:
            return _filled(cells)
        return int(any(cell.living for cell in cells)), 1

    def inside(self, row: str, columns: Sequence[Head]) -> int:
        """How many items stand in a row, each once."""
        return len({n for column in columns for n in self.at.get((row, column.id), ())})

    def inside_column(self, column: str, rows: Sequence[Head]) -> int:
        """How many items stand in a column, each once."""
        return len({n for row in rows for n in self.at.get((row.id, column), ())})

    def everything(self, rows: Sequence[Head], columns: Sequence[Head]) -> int:
        """How many items stand in any cell, each once."""
        known = {head.id for head in rows}, {head.id for head in columns}
        return len(
            {n for (r, c), here in self.at.items() if r in known[0] and c in known[1] for n in here}
        )
