"""Exemplars: pictures with notes, clips with commentary, and students first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from living_manual.sphinx_ext.annotated import setup_annotated
from living_manual.sphinx_ext.clean_media import setup_clean_media
from living_manual.sphinx_ext.clip import setup_clip
from living_manual.sphinx_ext.exemplar_order import setup_exemplar_order
from living_manual.sphinx_ext.media import setup_media

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup_exemplars(app: Sphinx) -> None:
    """What an exemplar's page is made of."""
    setup_media(app)
    setup_clean_media(app)
    setup_annotated(app)
    setup_clip(app)
    setup_exemplar_order(app)
