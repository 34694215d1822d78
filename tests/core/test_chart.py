"""Charts: places on the picture, and the words that go with it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from PIL import ImageFont

import living_manual.edges
from living_manual.core.chart import (
    WIDTH,
    Amount,
    Chart,
    Trend,
    bars,
    nice_steps,
    say_axis,
    say_number,
    trend,
)
from living_manual.core.chart_label import Box
from living_manual.core.chart_text import text_width, wrapped
from living_manual.sphinx_ext.templating import make_environment


def drawn(chart: Chart) -> html.HtmlElement:
    """The figure as a browser would read it."""
    macros = make_environment(str).get_template("chart.html.jinja").module
    return html.fragment_fromstring(str(macros.chart(chart)).strip())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("low", "high", "steps"),
    [
        pytest.param(0, 100, (0, 20, 40, 60, 80, 100), id="percent"),
        pytest.param(27, 46, (25, 30, 35, 40, 45, 50), id="between"),
        pytest.param(0, 0.9, (0, 0.2, 0.4, 0.6, 0.8, 1), id="small"),
        pytest.param(3, 3, (1, 2, 3, 4, 5), id="one-number"),
        pytest.param(0, 0, (-0.5, 0, 0.5), id="nothing"),
    ],
)
def test_axes_have_round_numbers(low: float, high: float, steps: tuple[float, ...]) -> None:
    found = nice_steps(low, high)
    assert found[0] <= low
    assert found[-1] >= high
    if (low, high) != (0, 0) and low != high:
        assert found == steps


@given(st.decimals(-1_000_000, 1_000_000, places=3), st.decimals(0, 1_000_000, places=3))
def test_an_axis_holds_all_and_is_even(at: Decimal, by: Decimal) -> None:
    low, more = float(at), float(by)
    steps = nice_steps(low, low + more)
    assert 2 <= len(steps) <= 7
    assert steps[0] <= low + 1e-6
    assert steps[-1] >= low + more - 1e-6
    gaps = [b - a for a, b in pairwise(steps)]
    assert gaps == pytest.approx([gaps[0]] * len(gaps))


@given(st.lists(st.lists(st.integers(0, 1000), min_size=3, max_size=3), min_size=1, max_size=12))
def test_bars_stay_in_the_picture_and_keep_their_shares(sizes: list[list[int]]) -> None:
    drawing = bars([Amount("School", tuple(each), "1 h") for each in sizes], ("a", "b", "c"))
    end = max(sum(each) for each in sizes)
    for bar, each in zip(drawing.bars, sizes, strict=True):
        assert all(part.at >= 0.99 and part.at + part.length <= WIDTH for part in bar.parts)
        if end > 0:
            whole = sum(part.length for part in bar.parts)
            assert whole == pytest.approx(sum(each) / end * (WIDTH - 2), abs=0.05)


def test_a_trend_says_all_that_it_draws() -> None:
    drawing = trend(
        [(date(2027, 1, 20), 60.0), (date(2026, 10, 21), 51.5)],
        (date(2026, 8, 31), 48.0),
        (date(2027, 6, 18), 80.0),
        "%",
    )
    chart = Chart("kr", "Perseverance", "It rises.", drawing, ("Day", "Read"), (("x", "60%"),))
    figure = drawn(chart)
    picture = figure.find("svg")
    assert picture is not None
    said = [text.text for text in picture.iter("text")]
    assert {"80%", "60%", "31 Aug 2026", "18 Jun 2027"} <= set(said)
    assert picture.get("aria-labelledby") == "kr-title kr-desc"
    assert [title.text for title in picture.iter("title")] == ["Perseverance"]
    assert len(list(picture.iter("circle"))) == 2
    assert [p[0] for p in drawing.points] == sorted(p[0] for p in drawing.points)
    assert figure.find(".//table") is not None


def test_parts_of_a_bar_differ_by_pattern() -> None:
    keys = ("logistics", "pacing", "strategies", "talk", "lessons")
    drawing = bars([Amount("All", (35, 8, 24, 8, 24), "99%")], keys, whole=100)
    assert len({kind for _, kind in drawing.keys}) == 5
    figure = drawn(Chart("use", "Use", "Shares.", drawing, ("Use",), ()))
    fills = [rect.get("fill") for rect in figure.iter("rect") if rect.get("fill")]
    names = {p.get("id") for p in figure.iter("pattern")}
    assert {fill[5:-1] for fill in fills} == names


def test_a_mark_is_drawn_to_scale() -> None:
    drawing = bars([Amount("Elm", (20.27,), "20.27 h")], mark=(49, "49 h"))
    assert drawing.mark is not None
    assert drawing.mark.at == pytest.approx(WIDTH - 1)
    assert drawing.bars[0].parts[0].length == pytest.approx(20.27 / 49 * (WIDTH - 2), abs=0.01)


@pytest.mark.parametrize(
    ("value", "said"),
    [(4.8648, "4.86"), (5.0, "5"), (2_500_000, "2,500,000"), (-0.5, "-0.5"), (-0.001, "0")],
)
def test_numbers_as_people_write_them(value: float, said: str) -> None:
    assert say_number(value) == said


FACES = Path(living_manual.edges.__file__).parent / "paper" / "fonts"
DAYS = st.dates(date(2026, 8, 1), date(2027, 7, 31))
VALUES = st.one_of(
    st.integers(0, 100).map(float),
    st.decimals(-5, 5, places=1).map(float),
    st.integers(-2_000_000, 2_000_000_000).map(float),
)
POINTS = st.tuples(DAYS, VALUES)


@pytest.mark.parametrize("weight", [400, 700])
def test_no_letter_takes_more_room_than_is_kept_for_it(weight: int) -> None:
    face = ImageFont.truetype(str(FACES / f"atkinson-hyperlegible-next-{weight}.ttf"), 1000)
    letters = [chr(code) for code in (*range(32, 127), *range(0xC0, 0x17F), 0x2019, 0x2026)]
    wider = {x: face.getlength(x) for x in letters if face.getlength(x) > text_width(x, 1000)}
    assert wider == {}


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "Z", "P"))), st.integers(40, 360))
def test_lines_are_no_wider_than_their_room_and_keep_every_letter(text: str, width: int) -> None:
    lines = wrapped(text, width, 13)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(line, 13) <= width or len(line) == 1 for line in lines)


def text_boxes(drawing: Trend) -> list[Box]:
    """The room that each text of a trend takes, from its place in the picture."""
    made = []
    for tick in drawing.ticks:
        width = text_width(tick.said, 12)
        made.append(Box(drawing.left - 6 - width, tick.at - 5, drawing.left - 6, tick.at + 5))
    for day in drawing.days:
        width = text_width(day.said, 12)
        left = day.at - {"start": 0, "middle": width / 2, "end": width}[day.anchor]
        made.append(Box(left, day.y - 10, left + width, day.y + 3))
    if drawing.target:
        width, at = text_width(drawing.target.said, 13), drawing.target.at
        made.append(Box(drawing.right + 5, at - 6, drawing.right + 5 + width, at + 5))
    if drawing.label:
        made.append(drawing.label.box)
    return made


@given(
    st.lists(POINTS, max_size=16, unique_by=lambda each: each[0]),
    st.none() | POINTS,
    st.none() | POINTS,
    st.sampled_from(["", "%"]),
)
def test_no_text_of_a_trend_meets_another_or_what_is_drawn(
    readings: list[tuple[date, float]],
    baseline: tuple[date, float] | None,
    target: tuple[date, float] | None,
    say: str,
) -> None:
    if not readings and not baseline and not target:
        return
    drawing = trend(readings, baseline, target, say)
    boxes = text_boxes(drawing)
    for box in boxes:
        assert box.left >= 0, box
        assert box.right <= WIDTH, box
        assert 0 <= box.top < box.bottom <= drawing.height, box
    ticks = len(drawing.ticks)
    for one, other in combinations(boxes[ticks - 1 :], 2):
        assert (
            one.right <= other.left
            or other.right <= one.left
            or one.bottom <= other.top
            or other.bottom <= one.top
        )
    label = drawing.label
    assert (label is None) == (not readings)
    if label is None:
        return
    assert not any(label.box.meets(dot, dot) for dot in drawing.points)
    drawn_lines = [*pairwise(drawing.points), *pairwise(drawing.path)]
    if drawing.target:
        at = drawing.target.at
        drawn_lines.append(((drawing.left, at), (drawing.right, at)))
    assert not any(label.box.meets(*line) for line in drawn_lines)


@given(
    st.lists(st.tuples(st.text(max_size=120), st.text("0123456789 h.", max_size=12)), min_size=1)
)
def test_no_text_of_bars_meets_another(said: list[tuple[str, str]]) -> None:
    drawing = bars([Amount(label, (1.0,), end) for label, end in said], mark=(1, "49 h"))
    below = 0.0
    for bar in drawing.bars:
        assert bar.top >= below
        assert bar.bar_top >= bar.top + 17 * len(bar.label)
        end = WIDTH - 1 - text_width(bar.said, 13)
        assert all(1 + text_width(line, 13) <= end or len(line) == 1 for line in bar.label)
        below = bar.bar_top + drawing.thick + 3
    assert below <= drawing.height


@pytest.mark.parametrize(
    ("value", "said"), [(1200, "1,200"), (1_234_567, "1,234,567"), (12_345_678_901, "1.23e+10")]
)
def test_long_numbers_beside_an_axis_are_cut(value: float, said: str) -> None:
    assert say_axis(value) == said
