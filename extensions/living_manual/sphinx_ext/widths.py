"""Widths without a style of their own: the site's policy lets no element have one.

docutils and Sphinx write the width of a column, a figure or a picture as a `style` attribute. All
of them pass through `starttag`, where a share of the room becomes a class of the style sheet
(62-widths.css) and a length of a picture its `width` attribute.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from living_manual.core.finding import finding
from living_manual.sphinx_ext.reporting import place_of, report

_SHARE = re.compile(r"\s*width:\s*([0-9]+(?:\.[0-9]+)?)\s*%\s*;?\s*")
#: Steps, in per cent, that the style sheet has classes for.
_STEP = 5
#: Pixels of the units that a length may be written in.
_PIXELS = {
    "": 1, "px": 1, "pt": 4 / 3, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 9.6 / 2.54,
    "q": 2.4 / 2.54, "em": 16, "rem": 16, "ex": 8, "ch": 8,
}  # fmt: skip


def width_class(style: str) -> str:
    """The class for a share of the room, to the nearest of the steps; empty for anything else."""
    if not (share := _SHARE.fullmatch(style)):
        return ""
    return f"width-{min(100, max(_STEP, round(float(share[1]) / _STEP) * _STEP))}"


class StylelessTranslator(HTML5Translator):
    """Writes no `style` attribute."""

    def starttag(
        self, node: nodes.Element, tagname: str, suffix: str = "\n", empty: bool = False, **att: Any
    ) -> str:
        """As docutils', the style as a class."""
        for name in [name for name in att if name.lower() == "style"]:
            if own := width_class(att.pop(name)):
                att["classes"] = [*att.get("classes", ()), own]
        return super().starttag(node, tagname, suffix, empty, **att)

    # types-docutils says that it gives text; it gives attributes.
    def image_size(self, node: nodes.image) -> dict[str, str]:  # type: ignore[override]
        """As docutils', lengths as numbers of pixels."""
        scale = node.get("scale", 100) / 100
        size: dict[str, str] = dict(super().image_size(node))  # type: ignore[arg-type]
        size.pop("style", None)
        for name in ("width", "height"):
            if name in node:
                value, unit = nodes.parse_measure(node[name])
                if pixels := _PIXELS.get(unit.lower()):
                    size[name] = f"{round(value * scale * pixels)}"
                elif unit == "%" and name == "width":
                    size["style"] = f"width: {value * scale:g}%"
        return size


def check_widths(app: Sphinx, doctree: nodes.document) -> None:
    """A finding for a width or a style that would be lost."""
    for node in doctree.findall(nodes.Element):
        told = node.get("width") if isinstance(node, (nodes.figure, nodes.table)) else None
        if isinstance(node, nodes.container) and "style" in node:
            what, fix = "A block has a style of its own.", "Take its option `:style:` away."
        elif told and not width_class(f"width: {told}"):
            what, fix = f"The width {told} is no share of the page's.", "Write it as in: `50%`"
        else:
            continue
        report(app, finding("own-style", what, fix, *place_of(app, node)))


def setup_widths(app: Sphinx) -> None:
    """The translator is the builder's (`builder.ManualHTMLBuilder`)."""
    app.connect("doctree-read", check_widths)
