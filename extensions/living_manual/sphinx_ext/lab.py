"""The meaning lab of a word: people write what they mean by it, and see how far they spread."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from living_manual.core.finding import finding
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.store import page
from living_manual.sphinx_ext.views import heading_level


class lab_node(nodes.General, nodes.Element):
    """The place of the lab; a script makes the rest."""


class MeaningLabDirective(SphinxDirective):
    """Places the lab below the list of meanings that people bring."""

    def run(self) -> list[nodes.Node]:
        """It belongs to the word that its page is about."""
        lead = page(self.env, self.env.docname).lead or ""
        if not lead.startswith("TERM_"):
            report(
                self.env.app,
                finding(
                    "lab-without-word",
                    "This {meaning-lab} stands on a page that is about no word.",
                    "Put it on the page of a word, below the list of meanings people bring.",
                    f"{self.env.docname}.md",
                    self.lineno,
                ),
            )
            return []
        return [lab_node("")]


def visit_lab(translator: HTML5Translator, node: lab_node) -> None:
    """What to do with it is said without a script too."""
    level = heading_level(node)
    translator.body.append(
        '<section class="meaning-lab" data-meaning-lab data-pagefind-ignore '
        'aria-labelledby="meaning-lab">'
        f'<h{level} id="meaning-lab">Meaning lab</h{level}>'
        "<p>Each person writes in one sentence what the word means to them. Put every sentence "
        "beside the meaning above that it is nearest to, look at how far you spread, and only "
        "then read the settled meaning at the top of this page together.</p></section>\n"
    )
    raise nodes.SkipNode


def drop_labs(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Nothing at all for a builder that writes no HTML."""
    if app.builder.format != "html":
        for node in list(doctree.findall(lab_node)):
            node.parent.remove(node)


def setup_lab(app: Sphinx) -> None:
    """`{meaning-lab}`."""
    app.add_node(lab_node, html=(visit_lab, None))
    app.add_directive("meaning-lab", MeaningLabDirective)
    app.connect("doctree-resolved", drop_labs, priority=400)
