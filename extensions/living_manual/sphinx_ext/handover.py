"""Handover packs, as other pages lead to them; `handover_files` makes and writes them."""

from __future__ import annotations

from sphinx.application import Sphinx

from living_manual.core.handover_list import PackRef, has_packs, pack_ref, packs_at
from living_manual.core.model import Record
from living_manual.sphinx_ext.store import build_of


def are_made(app: Sphinx) -> bool:
    """Whether this build makes packs."""
    manual = build_of(app).manual
    return manual is not None and has_packs(manual) and not app.config.manual_preview


def pack_links(app: Sphinx, record: Record) -> tuple[PackRef, ...]:
    """The packs that the card of a role, or the page of a school, leads to."""
    manual = build_of(app).manual
    if manual is None or not are_made(app):
        return ()
    if record.type == "role":
        return (pack_ref(manual, record),)
    return packs_at(manual, record) if record.type == "school" else ()
