"""Tables beside a page become records of that page."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from living_manual.core.finding import finding
from living_manual.core.tables import TABLES, other_schools, read_table
from living_manual.edges.files import ids_in, read_text, walk
from living_manual.sphinx_ext.needs import add_rows, model_of
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.store import ViewUse, build_of, page, pages
from living_manual.sphinx_ext.views import ViewDirective, place_view

#: Which view reads which table beside its page.
TABLE_OF_VIEW = {
    "school-plan": "plan.csv",
    "session-calendar": "sessions.csv",
    "assessment-calendar": "assessments.csv",
    "standard-table": "standards.csv",
}


class TableViewDirective(ViewDirective):
    """A view that also reads the table beside its page."""

    def run(self) -> list[nodes.Node]:
        """Make the table's records, then place the view."""
        self._read()
        use = ViewUse(self.name, "", "", self.lineno)
        return [place_view(self.env, self.env.docname, use)]

    def _read(self) -> None:
        app, docname = self.env.app, self.env.docname
        table = TABLES[TABLE_OF_VIEW[self.name]]
        path = self.env.doc2path(docname).parent / table.name
        file = path.relative_to(self.env.srcdir).as_posix()
        data = page(self.env, docname)
        data.tables[file] = path.exists()
        if path.exists():
            self.env.note_dependency(str(path))
        extra = {}
        if table.type == "action":
            if not data.lead or not data.lead.startswith("SCH_"):
                place = file if path.exists() else f"{docname}.md"
                line = 1 if path.exists() else self.lineno
                report(
                    app,
                    finding(
                        "school-without-page",
                        "This plan belongs to no school.",
                        f"Put a {{school}} record under the heading of {docname}.md, "
                        "above {school-plan}.",
                        place,
                        line,
                    ),
                )
                return
            extra = {"at": data.lead}
        elif table.type == "session" and data.lead and data.lead.startswith("SCH_"):
            extra = {"at": data.lead}
        text, unreadable = read_text(path, file)
        if unreadable:
            report(app, unreadable)
            build_of(app).lost |= ids_in(path)
        if text is None:
            return
        rows, findings = read_table(
            table, text, file, model_of(app.config).types[table.type].prefix
        )
        for found in findings:
            report(app, found)
        if extra and not findings:
            findings = other_schools(rows, extra["at"], file)
            rows = () if findings else rows
            for found in findings:
                report(app, found)
        if findings:
            build_of(app).lost |= ids_in(path)
        add_rows(app, docname, table, rows, file, extra)


def check_tables(app: Sphinx) -> None:
    """A finding for each table that no page shows: its records would silently be missing."""
    shown = {file for data in pages(app.env).values() for file in data.tables}
    views = {table: view for view, table in TABLE_OF_VIEW.items()}
    for path in walk(app.srcdir):
        if path.name not in TABLES:
            continue
        file = path.relative_to(app.srcdir).as_posix()
        if file in shown:
            continue
        view, folder = views[path.name], file.removesuffix(path.name)
        if path.name == "plan.csv" and not (path.parent / "index.md").exists():
            report(
                app,
                finding(
                    "school-without-page",
                    "This plan has no page.",
                    f"Write {folder}index.md with a {{school}} record and {{school-plan}}.",
                    file,
                    1,
                ),
            )
        else:
            report(
                app,
                finding(
                    "plan-not-shown",
                    f"No page shows {file}.",
                    f"Put :::{{{view}}} on {folder}index.md.",
                    file,
                    1,
                ),
            )


def pages_with_other_tables(
    app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """Pages whose table has come or gone; Sphinx itself sees only changes of one that was there."""
    return [
        docname
        for docname, data in pages(env).items()
        if any((app.srcdir / file).exists() != there for file, there in data.tables.items())
    ]


def setup_tables(app: Sphinx) -> None:
    """Views with a table read it where they stand."""
    app.connect("env-get-outdated", pages_with_other_tables)
    for view in TABLE_OF_VIEW:
        app.add_directive(view, TableViewDirective, override=True)
