"""Views: computed parts of a page. One function in core, one template, one directive each.

A view is a plain node while pages are read; its HTML is made when the page is written, straight
from the value, so that thousands of rows never become thousands of docutils nodes. A page keeps a
digest of what its views showed and is written again when that changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from jinja2 import Environment
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from living_manual.core.action_list import action_list, action_list_table
from living_manual.core.assessment_calendar import (
    assessment_calendar,
    assessment_calendar_table,
)
from living_manual.core.balance import balance, balance_table
from living_manual.core.blank_schools import blank_schools
from living_manual.core.brief_list import brief_list, brief_list_table
from living_manual.core.calendar import calendar, calendar_table
from living_manual.core.chain import chain, chain_table
from living_manual.core.confirm import confirmations, confirmations_table
from living_manual.core.drill import drills, drills_table
from living_manual.core.facilitation import facilitation, facilitation_table
from living_manual.core.facts import card
from living_manual.core.finding import finding
from living_manual.core.flywheel import flywheel, flywheel_table
from living_manual.core.fragility import fragility, fragility_table, single_points_table
from living_manual.core.gaps import gaps, gaps_table
from living_manual.core.handover_list import handover_list, handover_table
from living_manual.core.health import system_health
from living_manual.core.health_shown import health_line, health_table
from living_manual.core.lately import lately
from living_manual.core.learning_hours import learning_hours, learning_hours_table, school_hours
from living_manual.core.matrices import MATRICES, matrix_of
from living_manual.core.matrix_table import matrix_table
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.my_school import my_school
from living_manual.core.path import path_list, path_sum, path_table
from living_manual.core.record_list import record_list
from living_manual.core.reported_hours import reported, reported_table
from living_manual.core.school_balance import school_balance, school_balance_table
from living_manual.core.school_plan import school_plan, school_plan_table
from living_manual.core.self_assessment import self_assessment_table
from living_manual.core.standards import standards, standards_table
from living_manual.core.table import BookSheet, DataTable
from living_manual.core.used_in import used_in, used_in_table
from living_manual.core.what_changed import since_here, what_changed, what_changed_table
from living_manual.core.what_if import what_if, what_if_table
from living_manual.edges.files import write_if_changed
from living_manual.edges.sheets import workbook_bytes
from living_manual.sphinx_ext.briefs import brief_key
from living_manual.sphinx_ext.handover import pack_links
from living_manual.sphinx_ext.interchange import exports_key
from living_manual.sphinx_ext.key_results import OF_KEY_RESULTS
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.store import ViewUse, build_of, page, pages
from living_manual.sphinx_ext.templating import make_environment, rendered

#: Folder of the published site that holds the views as CSV, JSON and XLSX.
DATA = "data"


@dataclass(frozen=True, slots=True)
class View:
    """A declared view.

    `argument` says what its directive is given: nothing, a record id, or a record type. `compute`
    gets the manual, the page's lead record (when it has one), the page and the use. `table` turns
    the value into rows for CSV, JSON and XLSX; views without rows of their own leave it out.
    """

    name: str
    argument: str
    compute: Callable[[Manual, Record | None, str, ViewUse], Any]
    table: Callable[[Any], DataTable | None] | None = None
    drawn_by: str = ""

    @property
    def template(self) -> str:
        """The view's template: named like it, unless it says another."""
        return self.drawn_by or f"{self.name.replace('-', '_')}.html.jinja"


VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        View(
            "coverage",
            "",
            lambda m, _lead, _page, _use: matrix_of(m, "school-objective"),
            matrix_table,
            "matrix.html.jinja",
        ),
        View(
            "matrix",
            "matrix",
            lambda m, _lead, _page, use: matrix_of(m, use.argument),
            matrix_table,
        ),
        View("blank-schools", "", lambda m, _lead, _page, _use: blank_schools(m)),
        View("action-list", "", lambda m, _lead, _page, _use: action_list(m), action_list_table),
        View("codification", "", lambda m, _lead, _page, _use: flywheel(m), flywheel_table),
        View("system-health", "", lambda m, _lead, _page, _use: system_health(m), health_table),
        View("health-line", "type", lambda m, _lead, _page, use: health_line(m, use.argument)),
        View("brief-list", "", lambda m, _lead, _page, _use: brief_list(m), brief_list_table),
        View(
            "to-confirm",
            "",
            lambda m, _lead, _page, _use: confirmations(m),
            confirmations_table,
        ),
        View("handover-list", "", lambda m, _lead, _page, _use: handover_list(m), handover_table),
        View("gaps", "", lambda m, _lead, _page, _use: gaps(m), gaps_table),
        View(
            "chain",
            "record",
            lambda m, _lead, _page, use: chain(m, m.records[use.argument]),
            chain_table,
        ),
        View(
            "school-plan",
            "",
            lambda m, lead, _page, _use: school_plan(m, lead) if lead else None,
            school_plan_table,
        ),
        View("balance", "", lambda m, _lead, _page, _use: balance(m), balance_table),
        View(
            "school-balance",
            "",
            lambda m, lead, _page, _use: school_balance(m, lead) if lead else None,
            school_balance_table,
        ),
        View("fragility", "", lambda m, _lead, _page, _use: fragility(m), fragility_table),
        View("single-points", "", lambda m, _lead, _page, _use: fragility(m), single_points_table),
        View("role-drills", "", lambda m, _lead, _page, _use: drills(m), drills_table),
        View("facilitation", "", lambda m, _lead, _page, _use: facilitation(m), facilitation_table),
        View(
            "session-calendar", "", lambda m, lead, here, _: calendar(m, here, lead), calendar_table
        ),
        View("reported-hours", "", lambda m, _lead, _page, _use: reported(m), reported_table),
        View("learning-hours", "", lambda m, _l, _page, _: learning_hours(m), learning_hours_table),
        View("school-hours", "", lambda m, lead, _page, _: school_hours(m, lead) if lead else None),
        View("what-if", "", lambda m, _lead, _page, _use: what_if(m), what_if_table),
        View(
            "assessment-calendar",
            "",
            lambda m, _lead, here, _use: assessment_calendar(m, here),
            assessment_calendar_table,
        ),
        View(
            "standard-table",
            "",
            lambda m, _lead, here, _use: standards(m, here),
            standards_table,
        ),
        View(
            "record-list",
            "type",
            lambda m, _lead, _page, use: record_list(m, use.argument, use.kind),
        ),
        View(
            "used-in",
            "record",
            lambda m, _lead, _page, use: used_in(m, m.records[use.argument], drawn=True),
            used_in_table,
        ),
        View("changes", "", lambda m, _lead, _page, _use: what_changed(m), what_changed_table),
        View("since-you-were-here", "", lambda m, _lead, _page, _use: since_here(m)),
        View("path", "", lambda m, _lead, here, _use: path_sum(m, here), path_table),
        View("path-list", "", lambda m, _lead, _page, _use: path_list(m)),
        View(
            "self-assessment",
            "",
            lambda m, _lead, here, _use: m.questions[here],
            self_assessment_table,
        ),
        View("my-school", "", lambda m, _lead, here, _use: my_school(m, here)),
        *(View(*each) for each in OF_KEY_RESULTS),
    )
}

#: Views that show the same wherever they stand.
ONE_OF_A_KIND = frozenset(
    (
        "action-list",
        "balance",
        "changes",
        "codification",
        "coverage",
        "facilitation",
        "fragility",
        "gaps",
        "handover-list",
        "key-results",
        "key-results-by-school",
        "learning-hours",
        "my-school",
        "reported-hours",
        "role-drills",
        "since-you-were-here",
        "single-points",
        "system-health",
        "to-confirm",
        "what-if",
    )
)


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
    kind = VIEWS[use.view].argument
    if kind == "record":
        return use.argument in manual_of(app).records
    if use.view in ("school-balance", "school-hours", "school-readings"):
        lead = manual_of(app).get(page(app.env, docname).lead or "")
        return lead is not None and lead.type == "school"
    if use.view == "self-assessment":
        return docname in manual_of(app).questions
    if kind == "matrix":
        return use.argument in MATRICES
    return use.view != "school-plan" or page(app.env, docname).lead in manual_of(app).records


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
