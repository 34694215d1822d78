"""The one door to sphinx-needs: pages and tables go in, `Record` values come out.

No other part of the kit imports sphinx_needs, so that a change of its API is met here.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx_needs.roles import NeedsXRefRole
from sphinx_needs.roles.need_ref import NeedRef

from living_manual.sphinx_ext.needs.directive import RecordDirective
from living_manual.sphinx_ext.needs.keeping import finish_needs, purge_by_page
from living_manual.sphinx_ext.needs.no_code import no_functions
from living_manual.sphinx_ext.needs.reading import (
    model_of,
    named_records,
    note_texts,
    record_nodes,
    records_of,
)
from living_manual.sphinx_ext.needs.rows import add_rows
from living_manual.sphinx_ext.needs.schema import schema_findings

__all__ = [
    "add_rows",
    "model_of",
    "named_records",
    "record_nodes",
    "records_of",
    "schema_findings",
    "setup_needs",
]

#: sphinx-needs reports these as well, with the page in place of the table's row; ours say more.
OURS = ["needs.link_outgoing", "needs.link_target_type"]


def set_config(_app: Sphinx, config: Config) -> None:
    """Settings of sphinx-needs that the kit depends on, whatever conf.py says."""
    config["suppress_warnings"] = [*config.suppress_warnings, *OURS]
    config["needs_schema_validation_enabled"] = False
    config["needs_role_need_template"] = "{{ title }}"
    config["needs_role_need_max_title_length"] = -1  # else long titles end in dots


def register_directives(app: Sphinx, config: Config) -> None:
    """Our directive under the name of every type; after sphinx-needs registered its own."""
    for declared in config.needs_types:
        app.add_directive(declared["directive"], RecordDirective, override=True)
    # As sphinx-needs' own, without the emphasis: a link is underlined, not slanted as well.
    role = NeedsXRefRole(nodeclass=NeedRef, innernodeclass=nodes.inline, warn_dangling=True)
    app.add_role("need", role, override=True)


def setup_needs(app: Sphinx) -> None:
    """Types become blocks that say plainly what is wrong; texts are kept for lists and search."""
    app.connect("config-inited", set_config, priority=20)
    app.connect("config-inited", no_functions, priority=890)  # after sphinx-needs named its own
    app.connect("config-inited", register_directives, priority=900)
    app.connect("builder-inited", purge_by_page)
    app.connect("doctree-read", note_texts)
    app.connect("write-started", finish_needs, priority=400)
