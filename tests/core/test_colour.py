"""Contrast as WCAG defines it, and the style sheet drawn from a brand colour."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.colour import brand_tokens, contrast, luminance, mixed, parse_colour
from tests.strategies import colours, texts


@pytest.mark.parametrize(
    ("text", "rgb"),
    [("#0B5A6B", (11, 90, 107)), ("#0b5a6b", (11, 90, 107)), ("#FFFFFF", (255, 255, 255))],
)
def test_colours_are_read(text: str, rgb: tuple[int, int, int]) -> None:
    assert parse_colour(text) == rgb


@pytest.mark.parametrize(
    "text", ["", "teal", "#FFF", "0B5A6B", "#0B5A6", "#0B5A6BFF", "#GG0000", "#0B5A6B\n", "#٠٠٠٠٠٠"]
)
def test_what_is_no_colour(text: str) -> None:
    assert parse_colour(text) is None
    for use in (luminance, lambda colour: mixed("#000000", colour, 0.5)):
        with pytest.raises(ValueError, match=r"not (a colour|colours)"):
            use(text)


@given(texts)
def test_any_text_may_be_asked_for_its_colour(text: str) -> None:
    rgb = parse_colour(text)
    assert rgb is None or "#{:02X}{:02X}{:02X}".format(*rgb) == text.upper()


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        # Reference pairs: the ends of the scale, and greys and hues around 4.5:1 and 3:1.
        ("#FFFFFF", "#000000", 21.0),
        ("#FFFFFF", "#FFFFFF", 1.0),
        ("#FFFFFF", "#767676", 4.54),
        ("#FFFFFF", "#777777", 4.48),
        ("#FFFFFF", "#949494", 3.03),
        ("#FFFFFF", "#959595", 2.995),
        ("#FFFFFF", "#FF0000", 4.00),
        ("#FFFFFF", "#00FF00", 1.37),
        ("#FFFFFF", "#0000FF", 8.59),
        ("#000000", "#FFFF00", 19.56),
    ],
)
def test_contrast_of_reference_pairs(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.006)


@given(colours, colours)
def test_contrast_is_between_1_and_21_and_has_no_direction(one: str, other: str) -> None:
    assert 1 <= contrast(one, other) <= 21
    assert contrast(one, other) == contrast(other, one)


@given(colours, colours, st.floats(0, 1))
def test_a_mix_lies_between_its_colours(one: str, other: str, share: float) -> None:
    assert mixed(one, other, 1) == one
    assert mixed(one, other, 0) == other
    first, second, made = (parse_colour(c) or () for c in (one, other, mixed(one, other, share)))
    assert all(min(a, b) <= m <= max(a, b) for a, b, m in zip(first, second, made, strict=True))


@given(colours, colours)
def test_text_on_the_brand_colour_is_as_readable_as_it_can_be(brand: str, dark: str) -> None:
    sheet = brand_tokens(brand, dark)
    assert re.findall(r"--brand: (\S+);", sheet) == [brand, dark, dark]
    for filled, text in zip(
        re.findall(r"--brand: (\S+);", sheet), re.findall(r"--on-brand: (\S+);", sheet), strict=True
    ):
        # The better of white and near-black is never below 4.2:1 on any colour.
        assert contrast(filled, text) > 4.2


def test_the_dark_colour_serves_the_dark_page_however_it_was_chosen() -> None:
    sheet = brand_tokens("#0B5A6B", "#7CC7D6")
    light, chosen, preferred = sheet.split("--brand: ")[1:]
    assert ":root {" in sheet.split("--brand: ")[0]
    assert light.startswith("#0B5A6B")
    assert 'html[data-theme="dark"]' in light
    assert "prefers-color-scheme: dark" in chosen
    assert chosen.startswith("#7CC7D6")
    assert preferred.startswith("#7CC7D6")
    assert sheet.count("{") == sheet.count("}")
