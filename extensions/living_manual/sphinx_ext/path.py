"""Onboarding paths: a page of steps that a newcomer ticks, and the school that goes with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from living_manual.core.finding import finding
from living_manual.core.model import Ref
from living_manual.core.my_school import at_school, at_school_json
from living_manual.core.path import PathPage, PathStep, say_minutes, stage_of
from living_manual.core.words import plural, slug
from living_manual.edges.files import write_if_changed
from living_manual.sphinx_ext.needs.reading import page_order
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.store import PathData, ViewUse, page, pages
from living_manual.sphinx_ext.views import DATA, heading_level, manual_of, place_view

#: Folder, within that of the data, with a file for each school that a reader may choose.
FOLDER = "my-school"
#: Classes of the paragraphs that say what a path brings, and what done means.
PURPOSE, DONE = "path-purpose", "path-done"
_DONE_MEANS = "Done means:"


class path_step_node(nodes.General, nodes.Element):
    """One step; the children are what to do."""


class path_title_node(nodes.General, nodes.TextElement):
    """The title of a step: text, so that its quotes and apostrophes become as elsewhere."""


class path_steps_node(nodes.General, nodes.Element):
    """The steps that follow each other under one heading."""


class path_stage_node(nodes.General, nodes.Element):
    """How many steps a stage has, and how long they take."""


class PathDirective(SphinxDirective):
    """Says that the page is a path, for which roles, and what it brings them."""

    has_content = True
    option_spec = {"for": directives.unchanged}  # noqa: RUF012 (docutils reads it off the class)

    def run(self) -> list[nodes.Node]:
        """Note the roles; what the reader sees is computed once all pages are read."""
        data = page(self.env, self.env.docname)
        if data.path is not None:
            report(
                self.env.app,
                finding(
                    "path-role",
                    "This is the second {path} block of the page.",
                    "Keep one and name all roles in its `:for:`, separated by commas.",
                    f"{self.env.docname}.md",
                    self.lineno,
                ),
            )
            return []
        said = self.options.get("for", "").replace(",", " ").replace(";", " ").split()
        inside = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, inside)
        for paragraph in inside.findall(nodes.paragraph):
            paragraph["classes"].append(PURPOSE)
        data.path = PathData(self.lineno, tuple(dict.fromkeys(said)))
        views = [
            place_view(self.env, self.env.docname, ViewUse(name, "", "", self.lineno))
            for name in ("path", "my-school")
        ]
        return [*inside.children, *views]


class PathStepDirective(SphinxDirective):
    """One step: its title, `:minutes:`, `:done:`, and what to do, with a link to a page.

    The address is made from the title; `:anchor:` keeps an old one when the title changes. What is
    missing is told once all pages are read.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {  # noqa: RUF012 (docutils reads it off the class)
        "minutes": directives.unchanged,
        "done": directives.unchanged,
        "anchor": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Read what the step holds."""
        title = " ".join(self.arguments[0].split())
        anchor = f"step-{slug(self.options.get('anchor', title))}"
        minutes = (self.options.get("minutes") or "").strip()
        done = " ".join((self.options.get("done") or "").split())
        node = path_step_node("", minutes=minutes, ids=[anchor])
        node += path_title_node("", "", *self.parse_inline(title, lineno=self.lineno)[0])
        node.line = self.lineno
        if anchor not in self.state.document.ids:
            self.state.document.note_explicit_target(node)
        self.state.nested_parse(self.content, self.content_offset, node)
        if done:
            means = nodes.strong("", _DONE_MEANS)
            said = self.parse_inline(done, lineno=self.lineno)[0]
            node += nodes.paragraph("", "", means, nodes.Text(" "), *said, classes=[DONE])
        return [node]


def read_path(app: Sphinx, doctree: nodes.document) -> None:
    """Keep a page's steps and stages, and put steps that follow each other into one list."""
    data = page(app.env, app.env.docname)
    found = list(doctree.findall(path_step_node))
    if data.path is None:
        if not found:
            return
        data.path = PathData(None)
    data.path.stages = tuple(
        (stage, section.children[0].line or section.line or 1)
        for section in doctree.findall(nodes.section)
        if (stage := _stage(section))
    )
    steps = [(node, _step(node)) for node in found]
    data.path.steps = tuple(step for _, step in steps)
    data.path.purpose = _text(doctree, PURPOSE)
    # A role's own page tells where somebody who is new in it begins.
    data.mentions = list(dict.fromkeys([*data.mentions, *data.path.roles]))
    for section in doctree.findall(nodes.section):
        if stage := _stage(section):
            inside = [step for _, step in steps if step.stage == stage]
            minutes = sum(step.minutes for step in inside)
            section.insert(1, path_stage_node("", steps=len(inside), minutes=minutes))
    for node in found:
        _into_list(node)


def _step(node: path_step_node) -> PathStep:
    above = (_stage(section) for section in _sections_above(node))
    return PathStep(
        node.children[0].astext(),
        node["ids"][0],
        node["minutes"],
        _text(node, DONE).removeprefix(_DONE_MEANS).strip(),
        any(map(_leads_on, node.findall())),
        next(filter(None, above), ""),
        node.line or 1,
    )


def _text(within: nodes.Node, name: str) -> str:
    """What the paragraphs of a class say, as a reader sees it."""
    found = (each for each in within.findall(nodes.paragraph) if name in each["classes"])
    return " ".join(" ".join(each.astext() for each in found).split())


def _sections_above(node: nodes.Node) -> Iterator[nodes.section]:
    above = node.parent
    while above is not None:
        if isinstance(above, nodes.section):
            yield above
        above = above.parent


def _stage(section: nodes.section) -> str:
    """The stage that a section of a page is, empty when none; the page itself is none."""
    if not isinstance(section.parent, nodes.section):
        return ""
    return stage_of(section.children[0].astext())


def _leads_on(node: nodes.Node) -> bool:
    """Whether it is a link to a record, or to another page of the manual."""
    if isinstance(node, addnodes.pending_xref):
        return not isinstance(node, addnodes.download_reference)
    return type(node).__name__ == "NeedRef"


def _into_list(node: path_step_node) -> None:
    parent = node.parent
    place = parent.index(node)
    before = parent[place - 1] if place else None
    parent.remove(node)
    if isinstance(before, path_steps_node):
        before.append(node)
    else:
        parent.insert(place, path_steps_node("", node))


def paths_of(env: BuildEnvironment) -> tuple[PathPage, ...]:
    """Every page with steps, in the order of the lists of pages."""
    order = {docname: place for place, docname in enumerate(page_order(env))}
    found = sorted(pages(env).items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
    return tuple(
        PathPage(
            Ref("", "page", env.titles[docname].astext(), docname),
            data.path.line,
            data.path.roles,
            data.path.purpose,
            data.path.stages,
            data.path.steps,
        )
        for docname, data in found
        if data.path is not None
    )


# --------------------------------------------------------------------------------- what is written


def visit_steps(translator: HTML5Translator, _node: path_steps_node) -> None:
    """Open the list."""
    translator.body.append('<ol class="path-steps">\n')


def depart_steps(translator: HTML5Translator, _node: path_steps_node) -> None:
    """Close the list."""
    translator.body.append("</ol>\n")


def visit_step(translator: HTML5Translator, node: path_step_node) -> None:
    """Open a step with a box to tick, which works without a script, and prints."""
    anchor = node["ids"][0]
    translator.body.append(
        f'<li class="path-step" id="{anchor}" data-minutes="{_minutes(node)}">'
        f'<input class="path-tick" type="checkbox" data-pagefind-ignore '
        f'aria-labelledby="{anchor}-title">'
    )


def visit_title(translator: HTML5Translator, node: path_title_node) -> None:
    """Open the heading of a step."""
    anchor, level = node.parent["ids"][0], heading_level(node)
    translator.body.append(f'<h{level} class="path-title"><span id="{anchor}-title">')


def depart_title(translator: HTML5Translator, node: path_title_node) -> None:
    """Close the heading; the minutes follow it, then what to do."""
    anchor, level = node.parent["ids"][0], heading_level(node)
    translator.body.append(
        f'</span><a class="headerlink" href="#{anchor}" title="Link to this step">#</a></h{level}>'
        f'<p class="path-minutes">{_minutes(node.parent)} min</p><div class="path-body">\n'
    )


def _minutes(node: nodes.Element) -> int:
    return int(node["minutes"]) if node["minutes"].isdigit() else 0


def depart_step(translator: HTML5Translator, _node: path_step_node) -> None:
    """Close a step."""
    translator.body.append("</div></li>\n")


def visit_stage(translator: HTML5Translator, node: path_stage_node) -> None:
    """One line below a stage's heading."""
    said = f"{plural(node['steps'], 'step')}, {say_minutes(node['minutes'])}"
    translator.body.append(f'<p class="path-stage muted" data-pagefind-ignore>{said}</p>\n')
    raise nodes.SkipNode


def write_schools(app: Sphinx, exception: Exception | None) -> None:
    """Write a small file for each school, where a page lets the reader choose one."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir) / DATA / FOLDER
    kept: set[str] = set()
    if any(use.view == "my-school" for data in pages(app.env).values() for use in data.views):
        manual = manual_of(app)

        def url(ref: Ref) -> str:
            return f"{app.builder.get_target_uri(ref.page)}#{ref.id}"

        for school in manual.of_type("school"):
            name = f"{school.id}.json"
            kept.add(name)
            write_if_changed(folder / name, at_school_json(at_school(manual, school), url))
    remove_others(folder, kept)


def remove_others(folder: Path, kept: Iterable[str]) -> None:
    """Remove the files of schools that are gone, and the folder when nothing is left in it."""
    if not folder.is_dir():
        return
    left = set(kept)
    for path in folder.iterdir():
        if path.name not in left:
            path.unlink()
    if not left:
        folder.rmdir()


def setup_path(app: Sphinx) -> None:
    """`{path}` and `{path-step}`, and what they show; `{my-school}` is a view."""
    app.add_node(path_steps_node, html=(visit_steps, depart_steps))
    app.add_node(path_step_node, html=(visit_step, depart_step))
    app.add_node(path_title_node, html=(visit_title, depart_title))
    app.add_node(path_stage_node, html=(visit_stage, None))
    app.add_directive("path", PathDirective, override=True)  # in the place of the bare view
    app.add_directive("path-step", PathStepDirective)
    app.add_js_file("scripts/path.js", loading_method="defer")
    app.add_js_file("scripts/my-school.js", loading_method="defer")
    # Once the needs have noted which records the page names (500).
    app.connect("doctree-read", read_path, priority=600)
    # Before the views remove what they do not know from the folder of the data (500).
    app.connect("build-finished", write_schools, priority=450)
