"""The Living Manual kit: a Sphinx extension, a publisher and the `manual` command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__version__ = "0.1.0"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every capability; each has a module of its name in `sphinx_ext`."""
    from living_manual.sphinx_ext.capabilities import CAPABILITIES

    for set_up in CAPABILITIES:
        set_up(app)
    return {
        "version": __version__,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
        "env_version": 1,
    }
