"""Colours of the district: parsing, contrast, and the soft tint drawn from a brand colour."""

from __future__ import annotations

import re


def parse_colour(text: str) -> tuple[int, int, int] | None:
    """Red, green and blue (0 to 255) of `#RRGGBB`; None when the text is not such a colour."""
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", text):
        return None
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, "relative luminance").

    Raises `ValueError` when the text is not `#RRGGBB`.
    """
    rgb = parse_colour(colour)
    if rgb is None:
        raise ValueError(f"not a colour: {colour!r}")
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in rgb)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """`share` (0 to 1) of `one` mixed into `other`, as `#RRGGBB`; raises `ValueError` as above."""
    first, second = parse_colour(one), parse_colour(other)
    if first is None or second is None:
        raise ValueError(f"not colours: {one!r}, {other!r}")
    parts = (round(a * share + b * (1 - share)) for a, b in zip(first, second, strict=True))
    return "#" + "".join(f"{part:02X}" for part in parts)


def brand_tokens(brand: str, brand_dark: str) -> str:
    """The style sheet that sets a district's brand colour, light and dark.

    Text on a filled brand button is white or near-black, whichever reads better.
    """

    def block(selector: str, colour: str, ground: str) -> str:
        on = max(("#FFFFFF", "#12181D"), key=lambda text: contrast(text, colour))
        soft = mixed(colour, ground, 0.12)
        return (
            f"{selector} {{\n  --brand: {colour};\n  --brand-soft: {soft};\n"
            f"  --on-brand: {on};\n}}\n"
        )

    dark = block('html[data-theme="dark"]', brand_dark, "#1A222A")
    return (
        block(":root", brand, "#FFFFFF")
        + dark
        + (
            "@media (prefers-color-scheme: dark) {\n"
            + block('html:not([data-theme="light"])', brand_dark, "#1A222A")
            + "}\n"
        )
    )
