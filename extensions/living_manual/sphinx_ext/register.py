"""The register of records, written beside the pages of every HTML build."""

from __future__ import annotations

from sphinx.application import Sphinx

from living_manual.core.register import register
from living_manual.edges.files import write_if_changed
from living_manual.sphinx_ext.store import build_of

FILE = "records.json"


def write_register(app: Sphinx, exception: Exception | None) -> None:
    """Write `records.json`: what search reads, and what a release keeps of its records."""
    manual = build_of(app).manual
    if exception or manual is None or app.builder.format != "html":
        return
    urls = {name: app.builder.get_target_uri(name) for name in app.env.all_docs}
    write_if_changed(app.outdir / FILE, register(manual, urls))


def setup_register(app: Sphinx) -> None:
    """At the end of the build."""
    app.connect("build-finished", write_register)
