r"""Formulas: TeX, as mathematics is written, becomes MathML that browsers draw themselves.

`latex2mathml` reads the TeX. Its tree is looked through before anything is made of it: it passes on
what it does not know, and addresses, styles and classes that a formula has no need of.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from xml.etree.ElementTree import Element, tostring

from latex2mathml import exceptions
from latex2mathml.commands import MATRICES
from latex2mathml.converter import Converter

#: Characters. A formula that is longer belongs into several.
LONGEST = 2000

#: Elements of MathML that a formula may be made of, with how many parts each must have, if it must.
PARTS: dict[str, int | None] = {
    **dict.fromkeys(("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mstyle"), None),
    **dict.fromkeys(("mpadded", "mphantom", "msqrt", "menclose", "mtable", "mtr", "mtd"), None),
    **dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
#: Attributes that say how an element is laid out; none leads anywhere or styles anything else.
ATTRIBUTES = frozenset(
    {
        "accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth", "display",
        "displaystyle", "fence", "form", "height", "largeop", "linebreak", "linethickness",
        "lspace", "mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowlines",
        "rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset",
        "width", "xmlns",
    }
)  # fmt: skip

_DEFINES = re.compile(
    r"\\(?:(?:re|provide)?newcommand|(?:re)?newenvironment|DeclareMathOperator|[egx]?def|let)"
    r"(?![a-zA-Z])"
)
_ENVIRONMENT = re.compile(r"\\begin\s*\{([^}]*)\}")
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COMMAND = re.compile(r"\\[a-zA-Z]+")
#: What is not closed or not whole ends in one of latex2mathml's own errors or, in places, Python's.
_BROKEN: tuple[type[Exception], ...] = (
    *(e for e in vars(exceptions).values() if isinstance(e, type) and issubclass(e, Exception)),
    LookupError, ValueError, TypeError, AttributeError, StopIteration, RuntimeError,
)  # fmt: skip


class FormulaError(Exception):
    """A formula that cannot be read; `fix` says what to write instead."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


@lru_cache(maxsize=1024)
def mathml(tex: str, *, block: bool = False) -> str:
    """The formula as a `math` element, with its TeX as the text for programs that draw none.

    Raises `FormulaError`.
    """
    written = tex.strip()
    _check_text(written)
    try:
        tree = Converter(display="block" if block else "inline").convert_to_element(written)
        _check(tree)
    except FormulaError:
        raise
    except _BROKEN:
        raise FormulaError(
            "It is not whole.",
            "Look for a brace that is not closed, a \\left without its \\right, or something that "
            "is missing after ^, _ or \\frac.",
        ) from None
    tree.set("alttext", " ".join(written.split()))
    return tostring(tree, encoding="unicode")


def _check_text(written: str) -> None:
    """What can be told of the TeX before it is taken apart."""
    if not written:
        raise FormulaError("It is empty.", r"Write it in TeX, as in: \frac{3}{4} + x^2")
    if len(written) > LONGEST:
        raise FormulaError(f"It is longer than {LONGEST} characters.", "Make several of it.")
    if found := _DEFINES.search(written):
        raise FormulaError(f"It defines something with {found[0]}.", "Write out what is meant.")
    if _UNPRINTABLE.search(written):
        raise FormulaError("It holds a character that cannot be shown.", "Type it anew.")
    for name in _ENVIRONMENT.findall(written):
        if f"\\{name}" not in MATRICES:
            raise FormulaError(f"\\begin{{{name}}} is not known.", "Check its spelling.")


def _check(tree: Element) -> None:
    """Look at every element, and read the characters that latex2mathml leaves as references."""
    for element in tree.iter():
        parts = PARTS.get(element.tag, 0)
        if element.tag not in PARTS or not ATTRIBUTES.issuperset(element.attrib):
            raise FormulaError(
                "It holds a link, a colour, a style or a class.",
                "Leave that out: a formula looks as the page around it.",
            )
        if parts and len(element) != parts:
            raise FormulaError(
                "Something is missing in a fraction, a root, a power or an index.",
                r"Write both parts, as in: \frac{3}{4} or x^{2}",
            )
        if element.tag == "mi" and element.text in {"$", "\\", "#", "&", "{", "}"}:
            raise FormulaError(
                f"A {element.text} stands where it means nothing.",
                f"Take it away, or write \\{element.text} for the sign itself.",
            )
        element.text = unescape(element.text or "") or None
        if element.tag != "mtext" and (found := _COMMAND.search(element.text or "")):
            raise FormulaError(
                f"{found[0]} is not known.", "Check its spelling, or write it in other words."
            )
