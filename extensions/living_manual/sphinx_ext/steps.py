"""Timed steps of a protocol: each with minutes and an anchor that can be linked to."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from living_manual.core.finding import finding
from living_manual.core.words import slug
from living_manual.edges.files import read_text
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.store import page


class steps_node(nodes.General, nodes.Element):
    """The list of steps."""


class step_node(nodes.General, nodes.Element):
    """One step; the children are what happens in it."""


class StepsDirective(SphinxDirective):
    """A list of `{step}` blocks."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Read the steps inside."""
        node = steps_node("")
        self.state.nested_parse(self.content, self.content_offset - self._added(), node)
        return [node]

    def _added(self) -> int:
        """The blank line that MyST puts before content that starts with `:::`, and then counts."""
        text, _ = read_text(Path(self.env.doc2path(self.env.docname)), self.env.docname)
        below = (text or "").split("\n")[self.lineno :][:1]
        return int(self.content_offset == 1 and below == list(self.content[:1]))


class StepDirective(SphinxDirective):
    """One step: its title, `:minutes:`, and what happens.

    The anchor is made from the title; `:anchor:` keeps an old one when the title changes. `:cue:`
    says in a few words who speaks or is silent.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {  # noqa: RUF012 (docutils reads it off the class)
        "minutes": directives.positive_int,
        "anchor": directives.unchanged_required,
        "cue": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Note the step for the check of minutes, and read what it holds."""
        title = self.arguments[0]
        anchor = f"step-{slug(self.options.get('anchor', title))}"
        data = page(self.env, self.env.docname)
        line = self.lineno
        minutes = self.options.get("minutes")
        if minutes is None:
            self._say(
                line,
                "step-minutes",
                f"The step '{title}' has no minutes.",
                "Add `:minutes: 5` under its title.",
            )
            minutes = 0
        cue = self.options.get("cue", "")
        node = step_node("", title=title, minutes=minutes, cue=cue, ids=[anchor])
        if anchor in self.state.document.ids:
            self._say(
                line,
                "step-duplicate",
                f"Two steps of this page have the address #{anchor}.",
                "Give one another title or another `:anchor:`, so that each can be linked to.",
            )
        else:
            self.state.document.note_explicit_target(node)
            data.anchors.append((anchor, title))
        data.steps.append((title, minutes, line))
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]

    def _say(self, line: int, kind: str, message: str, fix: str) -> None:
        report(self.env.app, finding(kind, message, fix, f"{self.env.docname}.md", line))


def visit_steps(translator: HTML5Translator, _node: steps_node) -> None:
    """Open the list."""
    translator.body.append('<ol class="steps">\n')


def depart_steps(translator: HTML5Translator, _node: steps_node) -> None:
    """Close the list."""
    translator.body.append("</ol>\n")


def visit_step(translator: HTML5Translator, node: step_node) -> None:
    """Open a step: minutes at the left, title and text at the right."""
    anchor, title = node["ids"][0], translator.encode(node["title"])
    cue = f'<p class="step-cue">{translator.encode(node["cue"])}</p>\n' if node["cue"] else ""
    translator.body.append(
        f'<li class="step" id="{anchor}" data-minutes="{node["minutes"]}">'
        f'<p class="step-time"><strong>{node["minutes"]}</strong> min</p>'
        f'<div class="step-body"><h3 class="step-title">{title}'
        f'<a class="headerlink" href="#{anchor}" title="Link to this step">#</a></h3>\n{cue}'
    )


def depart_step(translator: HTML5Translator, _node: step_node) -> None:
    """Close a step."""
    translator.body.append("</div></li>\n")


def setup_steps(app: Sphinx) -> None:
    """`{steps}` and `{step}`; sphinx-design's blocks of the same names know no minutes."""
    app.add_node(steps_node, html=(visit_steps, depart_steps))
    app.add_node(step_node, html=(visit_step, depart_step))
    app.add_directive("steps", StepsDirective, override=True)
    app.add_directive("step", StepDirective, override=True)
