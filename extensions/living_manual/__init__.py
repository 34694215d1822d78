"""The Living Manual kit: a Sphinx extension, a publisher and the `manual` command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__version__ = "0.1.0"


def setup(app: Sphinx) -> dict[str, Any]:  # noqa: PLR0915 (a contents page: a line each)
    """Register every capability; each has a module of its name in `sphinx_ext`."""
    from living_manual.sphinx_ext.briefs import setup_briefs
    from living_manual.sphinx_ext.builder import setup_builder
    from living_manual.sphinx_ext.cards import setup_cards
    from living_manual.sphinx_ext.changes import setup_changes
    from living_manual.sphinx_ext.check import setup_check
    from living_manual.sphinx_ext.exemplars import setup_exemplars
    from living_manual.sphinx_ext.faults import setup_faults
    from living_manual.sphinx_ext.forms import setup_forms
    from living_manual.sphinx_ext.freshness import setup_freshness
    from living_manual.sphinx_ext.handover_files import setup_handover
    from living_manual.sphinx_ext.interchange import setup_interchange
    from living_manual.sphinx_ext.lab import setup_lab
    from living_manual.sphinx_ext.needs import setup_needs
    from living_manual.sphinx_ext.pages import setup_pages
    from living_manual.sphinx_ext.path import setup_path
    from living_manual.sphinx_ext.reach import setup_reach
    from living_manual.sphinx_ext.register import setup_register
    from living_manual.sphinx_ext.reporting import setup_reporting
    from living_manual.sphinx_ext.search import setup_search
    from living_manual.sphinx_ext.settings import setup_settings
    from living_manual.sphinx_ext.steps import setup_steps
    from living_manual.sphinx_ext.store import setup_store
    from living_manual.sphinx_ext.tables import setup_tables
    from living_manual.sphinx_ext.views import setup_views
    from living_manual.sphinx_ext.words import setup_words

    setup_reporting(app)
    setup_builder(app)
    setup_store(app)
    setup_settings(app)
    setup_needs(app)
    setup_steps(app)
    setup_views(app)
    setup_lab(app)
    setup_forms(app)
    setup_words(app)
    setup_path(app)
    setup_exemplars(app)
    setup_briefs(app)
    setup_handover(app)
    setup_changes(app)
    setup_tables(app)
    setup_cards(app)
    setup_check(app)
    setup_faults(app)
    setup_reach(app)
    setup_pages(app)
    setup_search(app)
    setup_register(app)
    setup_interchange(app)
    setup_freshness(app)
    return {
        "version": __version__,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
        "env_version": 1,
    }
