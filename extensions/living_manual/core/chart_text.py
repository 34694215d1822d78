"""How much room text takes on a picture, so that nothing on a chart runs into something else.

A picture is drawn before any browser has seen it. The widths are those of the manual's text face,
rounded up (the wider of regular and bold, figures of one width); a letter that is not listed counts
as a wide one.
"""

from __future__ import annotations

from functools import cache

#: Letters by the width they need, in thousandths of the size of the type.
_WIDTHS: tuple[tuple[int, str], ...] = (
    (350, " '.,:;`j|’"),
    (400, '"-frt!()[]il{}'),
    (500, "/I\\_*“"),
    (600, "?csvxyz<>EFJL^abdeghknopqu~×–àâäçèéêëîïíóôöùûüÉÈ"),
    (700, "$+0123456789=BPSTVZACDKRUXYÀÇ÷"),
    (800, "&GHNOw#@Q…"),
    (900, "MWmæ"),
)
_WIDEST = 1050


@cache
def _widths() -> dict[str, int]:
    return {letter: width for width, letters in _WIDTHS for letter in letters}


def text_width(text: str, size: float) -> float:
    """The room that a line of text takes at most, in units of the picture; `size` of its type."""
    widths = _widths()
    return sum(widths.get(letter, _WIDEST) for letter in text) * size / 1000


def wrapped(text: str, width: float, size: float) -> tuple[str, ...]:
    """A text in lines that are no wider than `width`; a word too long for one is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if text_width(longer, size) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while text_width(line, size) > width and len(line) > 1:
            end = next(
                (at for at in range(2, len(line) + 1) if text_width(line[:at], size) > width), 2
            )
            lines.append(line[: end - 1])
            line = line[end - 1 :]
    return (*lines, line) if line or not lines else tuple(lines)
