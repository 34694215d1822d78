"""A picture with numbered notes: marks over it and a list beneath it, each leading to the other."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from living_manual.core.annotation import ENDING, Annotation, place_marks, read_annotations
from living_manual.core.finding import finding
from living_manual.core.words import slug
from living_manual.edges.files import read_text
from living_manual.edges.media import ink_of
from living_manual.sphinx_ext.consent import withheld_by_row
from living_manual.sphinx_ext.media import root_of
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.views import jinja


class annotated_node(nodes.General, nodes.Element):
    """The picture with its notes; its children are the picture and the words beneath it."""


class AnnotatedImageDirective(SphinxDirective):
    """A picture whose notes lie in a JSON file beside it."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {"alt": directives.unchanged}  # noqa: RUF012 (docutils reads it off the class)

    def run(self) -> list[nodes.Node]:
        """The picture as docutils knows it, so that Sphinx finds and names it, and its notes."""
        name = self.arguments[0].strip()
        if (withheld := withheld_by_row(self, name)) is not None:
            return [withheld]
        image = nodes.image("", uri=name, alt=" ".join(self.options.get("alt", "").split()))
        self.set_source_info(image)
        node = annotated_node("", image, notes=self._notes(name), base=self._base(name))
        self.set_source_info(node)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]

    def _notes(self, name: str) -> tuple[Annotation, ...]:
        picture = PurePosixPath(name)
        beside = picture.with_name(picture.stem + ENDING).as_posix()
        file, path = self.env.relfn2path(beside)
        text, unreadable = read_text(Path(path), file, "annotations-unreadable")
        if unreadable:
            self.env.note_dependency(file)
            report(self.env.app, unreadable)
            return ()
        if text is None:
            report(
                self.env.app,
                finding(
                    "annotations-unreadable",
                    f"There are no notes beside {picture.name}.",
                    f"Write them into {picture.stem}{ENDING}, or show the picture with {{figure}}.",
                    f"{self.env.docname}.md",
                    self.lineno,
                ),
            )
            return ()
        self.env.note_dependency(file)
        notes, found = read_annotations(text, picture.name, file)
        for each in found:
            report(self.env.app, each)
        return notes

    def _base(self, name: str) -> str:
        """What the anchors of this picture begin with, its own on the page."""
        base = slug(PurePosixPath(name).stem) or "picture"
        before = [each["base"] for each in self.state.document.findall(annotated_node)]
        same = sum(one == base or one.rpartition("-")[0] == base for one in before)
        return f"{base}-{same + 1}" if same else base


def place_numbers(app: Sphinx, doctree: nodes.document) -> None:
    """Find each number its place, once the picture is known."""
    for node in doctree.findall(annotated_node):
        image = cast("nodes.image", node[0])
        picture = image.get("picture")
        if picture is not None:
            shape = (picture.width, picture.height)
            ink = ink_of(Path(app.srcdir, picture.file))
            node["marks"] = place_marks(node["notes"], shape, ink)


def take_picture(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Keep the picture and leave the caption; what has no picture is shown as plain parts."""
    for node in list(doctree.findall(annotated_node)):
        image = cast("nodes.image", node[0])
        if app.builder.format != "html" or "marks" not in node:
            node.replace_self(node.children)
            continue
        node["picture"], node["alt"] = image["picture"], image.get("alt", "")
        node.remove(image)


def visit_annotated(translator: HTML5Translator, node: annotated_node) -> None:
    """Remember where the caption begins."""
    node["start"] = len(translator.body)


def depart_annotated(translator: HTML5Translator, node: annotated_node) -> None:
    """Put the caption that was written since into the template."""
    caption = "".join(translator.body[node["start"] :])
    del translator.body[node["start"] :]
    app = translator.builder.app
    translator.body.append(
        jinja(app)
        .get_template("annotated.html.jinja")
        .render(
            picture=node["picture"],
            marks=node["marks"],
            base=node["base"],
            alt=node["alt"],
            caption=caption,
            classes="",
            root=root_of(app, translator.builder.current_docname),
        )
    )


def setup_annotated(app: Sphinx) -> None:
    """`{annotated-image}`."""
    app.add_node(annotated_node, html=(visit_annotated, depart_annotated))
    app.add_directive("annotated-image", AnnotatedImageDirective)
    app.connect("doctree-read", place_numbers, priority=660)  # after note_pictures
    app.connect("doctree-resolved", take_picture, priority=420)  # before show_pictures
