"""Ledgers are read anew at every build: they belong to no page."""

from __future__ import annotations

from sphinx.application import Sphinx

from living_manual.core.ledgers import LEDGERS, Entry, read_ledger
from living_manual.edges.files import read_text, walk
from living_manual.sphinx_ext.reporting import report


def ledgers_of(app: Sphinx) -> dict[str, tuple[Entry, ...]]:
    """The entries of every ledger in the source folder, file by file; what is wrong is reported."""
    entries: dict[str, list[Entry]] = {name: [] for name in LEDGERS}
    for path in walk(app.srcdir):
        if path.name not in LEDGERS:
            continue
        file = path.relative_to(app.srcdir).as_posix()
        text, unreadable = read_text(path, file)
        if unreadable:
            report(app, unreadable)
        if text is None:
            continue
        read, found = read_ledger(path.name, text, file)
        for each in found:
            report(app, each)
        entries[path.name].extend(read)
    return {name: tuple(rows) for name, rows in entries.items()}
