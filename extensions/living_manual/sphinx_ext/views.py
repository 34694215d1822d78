"""Views: computed parts of a page. One function in core, one template, one directive each.

A view is a plain node while pages are read; its HTML is made when the page is written, straight
from the value, so that thousands of rows never become thousands of docutils nodes. A page keeps a
digest of what its views showed and is written again when that changes. `view_list` declares them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from jinja2 import Environment
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from living_manual.core.facts import card
from living_manual.core.finding import finding
from living_manual.core.lately import lately
from living_manual.core.matrices import MATRICES
from living_manual.core.model import Manual, Ref
from living_manual.core.table import BookSheet
from living_manual.edges.files import write_if_changed
from living_manual.edges.sheets import workbook_bytes
from living_manual.sphinx_ext.briefs import brief_key
from living_manual.sphinx_ext.handover import pack_links
from living_manual.sphinx_ext.interchange import exports_key
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.store import ViewUse, build_of, page, pages
from living_manual.sphinx_ext.templating import make_environment, rendered
from living_manual.sphinx_ext.view_list import ONE_OF_A_KIND, VIEWS

#: Folder of the published site that holds the views as CSV, JSON and XLSX.
DATA = "data"


class view_node(nodes.General, nodes.Element):
    """Stands for a view until its page is written."""


class ViewDirective(SphinxDirective):
    """Places a view on a page."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = False
    option_spec = {"kind": directives.unchanged}  # noqa: RUF012 (docutils reads it off the class)

    def run(self) -> list[nodes.Node]:
        """Note the view; it is computed once all pages are read."""
        argument = self.arguments[0].strip() if self.arguments else ""
        use = ViewUse(self.name, argument, self.options.get("kind", ""), self.lineno)
        return [place_view(self.env, self.env.docname, use)]


def place_view(env: BuildEnvironment, docname: str, use: ViewUse) -> view_node:
    """The node of a view on a page that is being read."""
    page(env, docname).views.append(use)
    return view_node("", use=use)


def matrix_key(use: ViewUse) -> str:
    """The matrix that a view is; empty when it is none."""
    return {"matrix": use.argument, "coverage": "school-objective"}.get(use.view, "")


def data_name(use: ViewUse, docname: str) -> str:
    """File name, without ending, of a view's rows: unique for what it shows."""
    if use.view in ONE_OF_A_KIND:
        return use.view
    what = use.argument or docname.replace("/index", "").replace("/", "-")
    return f"{use.view}-{what}".lower().replace("_", "-")


def jinja(app: Sphinx) -> Environment:
    """The build's Jinja environment."""
    found = getattr(app, "living_manual_jinja", None)
    if found is None:
        manual = manual_of(app)
        found = make_environment(manual.model.title)
        found.globals["previewed"] = app.config.manual_preview
        app.living_manual_jinja = found  # type: ignore[attr-defined]
    return found


def manual_of(app: Sphinx) -> Manual:
    """The manual of the running build; only once every page is read."""
    manual = build_of(app).manual
    if manual is None:
        raise RuntimeError("the manual is not read yet")
    return manual


def url_from(app: Sphinx, docname: str) -> Callable[[Ref], str]:
    """Addresses of records, as seen from a page."""
    relative = cache(partial(app.builder.get_relative_uri, docname))

    def url(ref: Ref) -> str:
        anchor = f"#{ref.id}" if ref.id else ""
        return anchor or "#" if ref.page == docname else f"{relative(ref.page)}{anchor}"

    return url


def has_value(app: Sphinx, docname: str, use: ViewUse) -> bool:
    """Whether there is something that a view could show."""
    view, manual = VIEWS[use.view], manual_of(app)
    lead = manual.get(page(app.env, docname).lead or "")
    given = {
        "": True,
        "type": True,
        "record": use.argument in manual.records,
        "matrix": use.argument in MATRICES,
    }
    stands = {
        "": True,
        "record": lead is not None,
        "school": lead is not None and lead.type == "school",
        "questions": docname in manual.questions,
    }
    return given[view.argument] and stands[view.on]


def value_of(app: Sphinx, docname: str, use: ViewUse) -> Any:
    """What a view shows on a page; None when there is nothing it could show."""
    if not has_value(app, docname, use):
        return None
    manual, lead_id = manual_of(app), page(app.env, docname).lead
    lead = manual.get(lead_id) if lead_id else None
    return VIEWS[use.view].compute(manual, lead, docname, use)


def check_views(app: Sphinx) -> None:
    """A finding for each view that names something that is not there."""
    manual = manual_of(app)
    arguments: dict[str, tuple[str, str, Iterable[str]]] = {
        "": ("", "", ()),
        "record": ("a record", "its id", manual.records),
        "type": ("a type of record", "action, term, ...", manual.model.types),
        "matrix": ("a matrix", f"one of {', '.join(MATRICES)}", MATRICES),
    }
    for docname, data in pages(app.env).items():
        for use in data.views:
            kind = VIEWS[use.view].argument
            what, example, known = arguments[kind]
            if kind and use.argument not in known:
                report(
                    app,
                    finding(
                        "view-argument",
                        f"{{{use.view}}} names '{use.argument}', which is not {what}.",
                        f"Write it as {{{use.view}}} followed by {example}.",
                        f"{docname}.md",
                        use.line,
                    ),
                )


def stale_pages(app: Sphinx) -> list[str]:
    """Pages whose views or cards would show something else than when they were last written.

    A build that keeps nothing for a later one has nothing to compare, and keeps no digests.
    """
    if app.config.manual_once:
        return []
    manual, stale = manual_of(app), []
    for docname, data in pages(app.env).items():
        shown = [repr(value_of(app, docname, use)) for use in data.views]
        records = [manual.records[each] for each in data.origins if each in manual.records]
        # What a row of a table says is in the view that shows the table.
        own = [record for record in records if not record.from_table]
        shown += [repr((card(manual, record), lately(manual, record))) for record in own]
        shown.append(repr(build_of(app).words.get(docname)))
        shown += [brief_key(app, record) for record in records]
        shown += [repr(pack_links(app, record)) for record in own]
        shown.append(exports_key(app, docname))
        digest = hashlib.sha256("\n".join(shown).encode()).hexdigest()
        if digest != data.digest:
            data.digest = digest
            stale.append(docname)
    return stale


def drop_empty_views(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Take out views that show nothing; all of them for a builder that writes no HTML."""
    for node in list(doctree.findall(view_node)):
        if app.builder.format != "html" or not has_value(app, docname, node["use"]):
            node.parent.remove(node)


def visit_view(translator: HTML5Translator, node: view_node) -> None:
    """Write the view's HTML straight into the page, and its rows into their files."""
    app, docname = translator.builder.app, translator.builder.current_docname
    use: ViewUse = node["use"]
    value = value_of(app, docname, use)
    root = app.builder.get_relative_uri(docname, "index").removesuffix("index.html")
    html = rendered(
        jinja(app),
        VIEWS[use.view].template,
        value,
        url_from(app, docname),
        data=f"{root}{DATA}/{data_name(use, docname)}",
        root=root,
        use=use,
        level=heading_level(node),
    )
    translator.body.append(html)
    write_data(app, docname, use, value)
    raise nodes.SkipNode


def heading_level(node: nodes.Node) -> int:
    """The level of a heading inside a node: one below the section the node stands in, 2 to 5."""
    depth, parent = 1, node.parent
    while parent is not None:
        depth += isinstance(parent, nodes.section)
        parent = parent.parent
    return min(max(depth, 2), 5)


def write_data(app: Sphinx, docname: str, use: ViewUse, value: Any) -> None:
    """Write the rows of a view as CSV, JSON and XLSX; for a view without rows there are none.

    JSON tells text from numbers, so that an equal one stands for an equal workbook, which takes
    much longer to make.
    """
    table = VIEWS[use.view].table
    if table is None:
        return
    rows, path = table(value), app.outdir / DATA / data_name(use, docname)
    files = {ending: path.with_name(f"{path.name}.{ending}") for ending in ("csv", "json", "xlsx")}
    if rows is None or not rows.rows:
        for file in files.values():
            file.unlink(missing_ok=True)
        return
    write_if_changed(files["csv"], rows.csv())
    if write_if_changed(files["json"], rows.json()) or not files["xlsx"].exists():
        write_if_changed(files["xlsx"], workbook_bytes((BookSheet(use.view, rows),), use.view))


def remove_old_data(app: Sphinx, exception: Exception | None) -> None:
    """Remove the files of views that are gone."""
    folder = app.outdir / DATA
    if exception or app.builder.format != "html" or not folder.is_dir():
        return
    kept = {
        data_name(use, docname)
        for docname, data in pages(app.env).items()
        for use in data.views
        if has_value(app, docname, use)
    }
    for path in folder.iterdir():
        if path.stem not in kept:
            path.unlink()


def add_used_in(app: Sphinx, doctree: nodes.document) -> None:
    """End the page of every lead record with where it is used."""
    docname = app.env.docname
    lead = page(app.env, docname).lead
    if lead:
        use = ViewUse("used-in", lead, "", 1)
        target: Sequence[nodes.section] = list(doctree.findall(nodes.section))
        (target[0] if target else doctree).append(place_view(app.env, docname, use))


def setup_views(app: Sphinx) -> None:
    """Directives, the late HTML, and the data files."""
    app.add_node(view_node, html=(visit_view, None))
    for view in VIEWS.values():
        app.add_directive(view.name, ViewDirective)
    app.connect("doctree-read", add_used_in)
    app.connect("doctree-resolved", drop_empty_views, priority=400)
    app.connect("build-finished", remove_old_data)
