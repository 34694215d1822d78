"""What only staff see, on pages that everybody reads: `{staff}` within a line, or as a block.

In the staff edition it is shown with a quiet mark. The public edition is built from a tree in which
it is not there any more; were one met in it all the same, that is an error and nothing is shown.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.writers.html5 import HTML5Translator

from living_manual.core.edition import PUBLIC
from living_manual.core.finding import finding
from living_manual.sphinx_ext.reporting import report

LABEL = "Staff only"


class staff_words(nodes.inline):
    """Words for staff. Their mark is no text: a record says the same with it and without."""


class staff_block(nodes.General, nodes.Element):
    """A part of a page for staff."""


class StaffRole(SphinxRole):
    """Words of a line for staff; they may hold links and other marks."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """The words with their mark."""
        if _refused(self.env.app, self.env.docname, self.lineno):
            return [], []
        inliner: Any = self.inliner  # MyST's, which takes anything for docutils' own memory
        words, messages = inliner.parse(self.text, self.lineno, inliner, inliner.parent)
        return [staff_words("", "", *words)], messages


class StaffDirective(SphinxDirective):
    """A part of a page for staff: paragraphs, lists, pictures, blocks."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """The part with its mark."""
        if _refused(self.env.app, self.env.docname, self.lineno):
            return []
        node = staff_block()
        self.set_source_info(node)
        self.state.nested_parse(self.content, self.content_offset, node)
        for heading in node.findall(nodes.rubric):  # what Markdown makes of one inside a block
            heading["heading-level"] = heading.get("level", 2)
        return [node]


def _refused(app: Sphinx, docname: str, line: int) -> bool:
    """Whether this is the public edition: then the cut has missed a mark."""
    if app.config.manual_edition != PUBLIC:
        return False
    message = "A {staff} mark was not recognised when the public edition was cut."
    fix = "Write {staff}`words` within a line, or :::{staff} and ::: on lines of their own."
    report(app, finding("edition-unclear", message, fix, f"{docname}.md", line))
    return True


def visit_words(translator: HTML5Translator, _node: staff_words) -> None:
    """The mark is said before the words, for those who do not see it."""
    translator.body.append(
        f'<span class="staff-only"><span class="visually-hidden">{LABEL}: </span>'
    )


def depart_words(translator: HTML5Translator, _node: staff_words) -> None:
    """Their end."""
    translator.body.append("</span>")


def visit_block(translator: HTML5Translator, _node: staff_block) -> None:
    """A part with a name, so that a screen reader says where it begins and ends."""
    translator.body.append(
        f'<div class="staff-only-block" role="group" aria-label="{LABEL}">'
        f'<p class="staff-only-label" aria-hidden="true">{LABEL}</p>\n'
    )


def depart_block(translator: HTML5Translator, _node: staff_block) -> None:
    """Its end."""
    translator.body.append("</div>\n")


def setup_staff(app: Sphinx) -> None:
    """`{staff}`, as a role and as a block."""
    app.add_node(staff_words, html=(visit_words, depart_words))
    app.add_node(staff_block, html=(visit_block, depart_block))
    app.add_role("staff", StaffRole())
    app.add_directive("staff", StaffDirective)
