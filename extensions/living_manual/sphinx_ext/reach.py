"""Pages that nobody comes to: Sphinx tells of those in no list, this of the others.

A page may be in a list that stands on a page nobody comes to, or call itself an orphan so that
Sphinx says nothing. Such a page needs a list, a path or another page that leads to it.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from living_manual.core.finding import finding
from living_manual.core.reach import unreached
from living_manual.sphinx_ext.freshness.kept import facts_of
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.store import page
from living_manual.sphinx_ext.views import manual_of


def check_reach(app: Sphinx, env: BuildEnvironment) -> None:
    """A finding for each page that no list and no link leads to, from the first page on."""
    listed = {name for names in env.toctree_includes.values() for name in names}
    leads = {name: leads_to(app, env, name) for name in env.all_docs}
    for name in unreached(env.config.root_doc, leads, env.all_docs):
        if name in listed or "orphan" in env.metadata.get(name, {}):
            report(
                app,
                finding(
                    "page-not-listed",
                    "No list of pages, no path and no other page leads to this page.",
                    "Add its name to the {toctree} of its folder's index.md, or link to it from a "
                    "page that readers come to.",
                    f"{name}.md",
                    1,
                ),
            )


def leads_to(app: Sphinx, env: BuildEnvironment, docname: str) -> set[str]:
    """The pages that a page lists, links to, or takes in, and those of the records it names."""
    found = {*env.toctree_includes.get(docname, ()), *env.included.get(docname, ())}
    facts = facts_of(env).get(docname)
    found |= facts.names if facts else set()
    records = manual_of(app).records
    named = (records.get(each) for each in page(env, docname).mentions)
    return found | {record.page for record in named if record}


def setup_reach(app: Sphinx) -> None:
    """Once the manual is gathered (500), and while what is found counts as found anew (550)."""
    app.connect("env-updated", check_reach, priority=510)
