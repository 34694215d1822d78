"""Charts: places on the picture, and the words that go with it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from living_manual.core.chart import WIDTH, Amount, Chart, bars, nice_steps, say_number, trend
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
    assert {"Target 80%", "60%", "31 Aug 2026", "18 Jun 2027"} <= set(said)
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
    ("value", "said"), [(4.8648, "4.86"), (5.0, "5"), (2_500_000, "2,500,000"), (-0.5, "-0.5")]
)
def test_numbers_as_people_write_them(value: float, said: str) -> None:
    assert say_number(value) == said
