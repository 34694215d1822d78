"""Which pages to read again: by content, and by what reading them depended on."""

from __future__ import annotations

import logging as python_logging
import os
import time
from collections.abc import Collection
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from living_manual.core.finding import Finding
from living_manual.sphinx_ext.clip import clip_node
from living_manual.sphinx_ext.consent import withheld_node
from living_manual.sphinx_ext.freshness.beginning import mark
from living_manual.sphinx_ext.freshness.kept import Facts, facts_of, pending, run_of
from living_manual.sphinx_ext.freshness.writing import shown_by, writer

#: sphinx-needs' nodes that a page's own digests cover; what its other nodes show, they do not.
COVERED = ("Need", "NeedRef")


def outdated(
    app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> Collection[str]:
    """Pages to read again, by content and not by time; before anything is read."""
    run, facts = run_of(app), facts_of(env)
    run.started, run.keys, run.computed = time.time_ns(), {}, set()
    run.all_stale = run.state.shown != shown_by(env) or run.state.writer != writer(app)
    mark(app)
    for docname in env.found_docs:
        run.key(str(env.doc2path(docname)))
    there, before = names_there(Path(app.srcdir)), getattr(env, "living_manual_there", None)
    env.living_manual_there = there  # type: ignore[attr-defined]
    in_doubt = getattr(env, "living_manual_doubt", False)
    if in_doubt or env.numbered_toctrees or any(each.foreign for each in facts.values()):
        return set(env.found_docs)
    again = set(run.state.again)
    for docname, each in facts.items():
        if (each.looks and there != before) or any(
            run.key(path) != key for path, key in each.files.items()
        ):
            again.add(docname)
    return again


def names_there(root: Path) -> set[str]:
    """The paths of all files of the source folder, less hidden ones."""
    found = set()
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found |= {f"{folder}/{name}" for name in files if not name.startswith(".")}
    return found


def clear_all(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Forget every page to be read before any is read, and those that cannot be.

    Sphinx forgets each page just before reading it: a record moved from a later page to an earlier
    one would be there twice.
    """
    run_of(app).read = list(docnames)
    for docname in {*docnames, *(env.all_docs.keys() - env.found_docs)} & env.all_docs.keys():
        app.emit("env-purge-doc", env, docname)
        env.clear_doc(docname)


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what a page names, while its text is at hand."""
    env = app.env
    facts = facts_of(env)[env.docname] = Facts()
    for node in doctree.findall():
        if isinstance(node, addnodes.pending_xref):
            facts.looks = True
            to_page = (node.get("reftype"), node.get("refdomain")) == ("myst", "doc")
            facts.names.add(node["reftarget"] if to_page else "*")
        elif isinstance(node, addnodes.toctree):
            facts.looks = True
            if not node.get("hidden"):
                facts.names.add("*")
        elif isinstance(node, (nodes.image, addnodes.download_reference, clip_node, withheld_node)):
            facts.looks = True
        elif type(node).__module__.startswith("sphinx_needs."):
            facts.foreign |= type(node).__name__ not in COVERED


def read_all_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """When something is declared twice, read every page in order: the order decides which stands.

    Also the next build reads every page, since the one that lost may have to come back.
    """
    held = pending()
    twice = [record for record in held if says_twice(record)]
    env.living_manual_doubt = bool(twice)  # type: ignore[attr-defined]
    if not twice or env.found_docs <= set(run_of(app).read):
        return []
    for record in twice:
        held.remove(record)
    every = sorted(env.found_docs)
    clear_all(app, env, every)
    for docname in every:
        app.builder.read_doc(docname)
    env.living_manual_doubt = any(map(says_twice, held))  # type: ignore[attr-defined]
    return every


def says_twice(record: python_logging.LogRecord) -> bool:
    """Whether a warning is about something declared twice."""
    found: Finding | None = getattr(record, "finding", None)
    return (found is not None and found.kind == "duplicate-id") or (
        "duplicate" in record.getMessage().lower()
    )
