"""The contents page of the kit: every capability, in the order in which they hang on events."""

from __future__ import annotations

from living_manual.sphinx_ext.briefs import setup_briefs
from living_manual.sphinx_ext.builder import setup_builder
from living_manual.sphinx_ext.calendar_files import setup_calendar_files
from living_manual.sphinx_ext.cards import setup_cards
from living_manual.sphinx_ext.changes import setup_changes
from living_manual.sphinx_ext.check import setup_check
from living_manual.sphinx_ext.consent import setup_consent
from living_manual.sphinx_ext.content import setup_content
from living_manual.sphinx_ext.elements import setup_elements
from living_manual.sphinx_ext.exemplars import setup_exemplars
from living_manual.sphinx_ext.faults import setup_faults
from living_manual.sphinx_ext.forms import setup_forms
from living_manual.sphinx_ext.formulas import setup_formulas
from living_manual.sphinx_ext.freshness import setup_freshness
from living_manual.sphinx_ext.gate import setup_gate
from living_manual.sphinx_ext.handover_files import setup_handover
from living_manual.sphinx_ext.interchange import setup_interchange
from living_manual.sphinx_ext.lab import setup_lab
from living_manual.sphinx_ext.needs import setup_needs
from living_manual.sphinx_ext.page_gate import setup_page_gate
from living_manual.sphinx_ext.pages import setup_pages
from living_manual.sphinx_ext.path import setup_path
from living_manual.sphinx_ext.reach import setup_reach
from living_manual.sphinx_ext.register import setup_register
from living_manual.sphinx_ext.reporting import setup_reporting
from living_manual.sphinx_ext.search import setup_search
from living_manual.sphinx_ext.settings import setup_settings
from living_manual.sphinx_ext.staff import setup_staff
from living_manual.sphinx_ext.steps import setup_steps
from living_manual.sphinx_ext.store import setup_store
from living_manual.sphinx_ext.tables import setup_tables
from living_manual.sphinx_ext.views import setup_views
from living_manual.sphinx_ext.widths import setup_widths
from living_manual.sphinx_ext.words import setup_words

CAPABILITIES = (
    setup_reporting,
    setup_builder,
    setup_store,
    setup_settings,
    setup_content,
    setup_needs,
    setup_gate,
    setup_page_gate,
    setup_steps,
    setup_staff,
    setup_views,
    setup_lab,
    setup_forms,
    setup_elements,
    setup_words,
    setup_path,
    setup_consent,
    setup_exemplars,
    setup_briefs,
    setup_handover,
    setup_changes,
    setup_tables,
    setup_cards,
    setup_check,
    setup_faults,
    setup_reach,
    setup_formulas,
    setup_widths,
    setup_pages,
    setup_search,
    setup_register,
    setup_interchange,
    setup_calendar_files,
    setup_freshness,
)
