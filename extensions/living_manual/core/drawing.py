"""What a drawing (SVG) may hold: elements, attributes, properties and values, and nothing else.

An allow-list, since a deny-list would have to know every way of SVG to run a script, fetch a file
or carry a note. Values are matched as a whole against what their kind can be; what does not match
is left out, so that two programs cannot read it in two ways.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SHAPES = "circle ellipse g line path polygon polyline rect"
_TEXT = "desc text textPath title tspan"
_PAINT = "clipPath defs linearGradient marker mask pattern radialGradient stop switch symbol use"
_FILTERS = (
    "feBlend feColorMatrix feComponentTransfer feComposite feDropShadow feFlood feFuncA feFuncB "
    "feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset filter"
)
ELEMENTS = _words(f"{_SHAPES} {_TEXT} {_PAINT} {_FILTERS} image style svg")
#: Elements whose text is shown or read out; between others there are only blanks.
WITH_TEXT = _words(_TEXT)
#: Elements that may point at another part of the same drawing.
POINTING = _words("use linearGradient radialGradient pattern textPath filter mask clipPath marker")

#: Attributes that say where and how large, by numbers, units and few words.
_PLACES = _words(
    "amplitude azimuth baseFrequency clipPathUnits cx cy d dx dy edgeMode exponent "
    "filterUnits fr fx fy gradientTransform gradientUnits height in in2 intercept k1 k2 k3 k4 "
    "lengthAdjust markerHeight markerUnits markerWidth maskContentUnits maskUnits method mode "
    "offset operator order orient pathLength patternContentUnits patternTransform "
    "patternUnits points preserveAspectRatio primitiveUnits r radius refX refY result rotate "
    "rx ry scale side slope spacing spreadMethod startOffset stdDeviation systemLanguage "
    "tableValues textLength transform type values version viewBox width x x1 x2 y y1 y2"
)
#: Attributes and properties of style that say how it looks.
PROPERTIES = _words(
    "alignment-baseline baseline-shift clip-path clip-rule color color-interpolation "
    "color-interpolation-filters cx cy direction display dominant-baseline fill fill-opacity "
    "fill-rule filter flood-color flood-opacity font font-family font-size font-size-adjust "
    "font-stretch font-style font-variant font-weight glyph-orientation-vertical height "
    "image-rendering isolation letter-spacing lighting-color line-height marker marker-end "
    "marker-mid marker-start mask mask-type mix-blend-mode opacity overflow paint-order r rx "
    "ry shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset "
    "stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-align "
    "text-anchor text-decoration text-rendering transform transform-box transform-origin "
    "unicode-bidi vector-effect visibility white-space width word-spacing writing-mode x y"
)
_READ_OUT = _words("aria-describedby aria-hidden aria-label aria-labelledby aria-roledescription")
_NUMBERS = re.compile(r"[\w\s.,()%#+-]*")
_NAME = re.compile(r"[\w.:-]+")
_NAMES = re.compile(r"[\w\s.:-]*")
_LOCAL = re.compile(r"#[\w.:-]+")
#: Functions that only count or colour; `url` leads to a part of the same drawing.
_FUNCTION = re.compile(r"([\w-]*)\(")
_FUNCTIONS = _words(
    "rgb rgba hsl hsla calc min max clamp var matrix translate translatex translatey "
    "scale scalex scaley rotate skewx skewy blur brightness contrast grayscale opacity saturate "
    "drop-shadow"
)
_URL = re.compile(r"""url\(\s*(["']?)(#[\w.:-]+)\1\s*\)""")
_VALUE = re.compile(r"""(?:[\w\s.,()%#+*/!-]|"[\w\s.,-]*"|'[\w\s.,-]*')*""")
_VARIABLE = re.compile(r"--[a-z][\w-]*")
_SELECTOR = re.compile(r"""[\w\s.,#*>+~:()-]+""")
_MEDIA = re.compile(r"@media[\s(][\w\s():,.-]*", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)


def attribute(element: str, name: str, value: str) -> str | None:
    """The value that the attribute may have; None for one that is left out.

    `name` is without a namespace; `href` is for parts of the same drawing only.
    """
    if name in ("id", "role", "lang"):
        return value if _NAME.fullmatch(value.strip()) else None
    if name == "class":
        return value if _NAMES.fullmatch(value) else None
    if name in _READ_OUT:
        return value
    if name == "href":
        return value.strip() if element in POINTING and _LOCAL.fullmatch(value.strip()) else None
    if name == "style":
        return declarations(value) or None
    if name == "media":
        return value if element == "style" and _NUMBERS.fullmatch(value) else None
    if name in _PLACES and _NUMBERS.fullmatch(value) and not _odd_functions(value):
        return value
    return css_value(value) if name in PROPERTIES else None


def css_value(text: str) -> str | None:
    """A value of a property; None for one that could fetch, or that is not understood."""
    inside = _URL.sub(" ", text)
    if not _VALUE.fullmatch(inside) or _odd_functions(inside) or _COMMENT.search(text):
        return None
    return " ".join(text.split()) or None


def _odd_functions(text: str) -> bool:
    return any(name.lower() not in _FUNCTIONS for name in _FUNCTION.findall(text) if name)


def declarations(text: str) -> str:
    """The declarations of a style that may stay, in their order."""
    kept = []
    for each in _COMMENT.sub(" ", text).split(";"):
        name, colon, value = each.partition(":")
        name = name.strip().lower()
        known = name in PROPERTIES or _VARIABLE.fullmatch(name)
        if colon and known and (found := css_value(value)):
            kept.append(f"{name}:{found}")
    return ";".join(kept)


def style_sheet(text: str, *, inside: bool = False) -> str:
    """The rules of a style sheet that may stay; `@media` is the one rule that holds others."""
    rest, rules = _COMMENT.sub(" ", text), []
    while rest:
        head, brace, rest = rest.partition("{")
        if not brace:
            break
        head = head.rpartition(";")[2].strip()  # @import and the like end so
        body, rest = _block(rest)
        if _MEDIA.fullmatch(head) and not inside:
            rules.append(f"{' '.join(head.split())}{{{style_sheet(body, inside=True)}}}")
        elif _SELECTOR.fullmatch(head) and "{" not in body and (kept := declarations(body)):
            rules.append(f"{' '.join(head.split())}{{{kept}}}")
    return "\n".join(rules)


def _block(text: str) -> tuple[str, str]:
    """What stands before the brace that closes the block, and after it."""
    depth = 1
    for at, sign in enumerate(text):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth == 0:
            return text[:at], text[at + 1 :]
    return text, ""
