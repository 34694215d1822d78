"""Formulas are drawn by the browser from MathML that is made here, at build: nothing is loaded."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from living_manual.core.finding import finding
from living_manual.core.formula import FormulaError, mathml
from living_manual.sphinx_ext.reporting import place_of, report


def check_formulas(app: Sphinx, doctree: nodes.document) -> None:
    """A finding for each formula that cannot be read."""
    for kind in (nodes.math, nodes.math_block):
        for node in doctree.findall(kind):
            try:
                mathml(node.astext(), block=kind is nodes.math_block)
            except FormulaError as fault:
                short = " ".join(node.astext().split())
                short = short if len(short) <= 60 else f"{short[:60]} …"
                message = f"The formula `{short}` cannot be read. {fault}"
                report(app, finding("formula", message, fault.fix, *place_of(app, node)))


def visit_formula(self: HTML5Translator, node: nodes.math) -> None:
    """A formula in a line of text."""
    self.body.append(_made(node, block=False))
    raise nodes.SkipNode


def visit_formula_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """A formula of its own, with its number if it has one; a wide one can be scrolled."""
    self.body.append(self.starttag(node, "div", CLASS="formula"))
    self.body.append(_made(node, block=True))
    if node.get("number"):
        number = self.encode(get_node_equation_number(self, node))
        self.body.append(f'<span class="formula-number">({number})</span>')
    self.body.append("</div>\n")
    raise nodes.SkipNode


def _made(node: nodes.Element, *, block: bool) -> str:
    try:
        return mathml(node.astext(), block=block)
    except FormulaError:  # a finding says so
        return ""


def setup_formulas(app: Sphinx) -> None:
    """Sphinx takes another renderer than its own, which loads a program from elsewhere."""
    app.add_html_math_renderer("mathml", (visit_formula, None), (visit_formula_block, None))
    app.connect("doctree-read", check_formulas)
