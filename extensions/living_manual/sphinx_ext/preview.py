"""What the preview asks of Sphinx: to build again and again in one process, and to check later.

Loaded by the preview alone, beside what conf.py names; a published build knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

from living_manual.sphinx_ext.check import check_manual, gather, read_manual
from living_manual.sphinx_ext.freshness.kept import facts_of, run_of
from living_manual.sphinx_ext.freshness.writing import shown_by
from living_manual.sphinx_ext.store import build_of, pages

#: Asks for the check of the whole manual; gives the pages to write again.
CHECK = "manual-check"
#: Where sphinx-needs keeps in the environment whether its records are finished, and its view of
#: them. It has no door for a process that builds again.
FINISHED, VIEW = "_needs_is_post_processed", "_needs_view"


@dataclass(slots=True)
class Again:
    """Between one build of the process and the next.

    `check_later` is set by the one who will emit `manual-check`; `reusable` says whether what was
    read is as it was after writing.
    """

    check_later: bool = False
    reusable: bool = False


def again_of(app: Sphinx) -> Again:
    """The running application's own data."""
    return cast("Again", app.living_manual_again)  # type: ignore[attr-defined]


def gather_first(app: Sphinx, env: BuildEnvironment) -> Sequence[str]:
    """Once every page is read: the records, and the checks unless they are asked for later."""
    gather(app, env)
    return () if again_of(app).check_later else check_manual(app, env)


def check_now(app: Sphinx) -> Sequence[str]:
    """The checks, and which pages show something new; nothing when they are done already.

    They may be broken off at any point, and then nobody is told of the pages found so far.
    """
    if not again_of(app).check_later:
        return ()
    found, run = build_of(app).findings, run_of(app)
    before, digests = len(found), {name: data.digest for name, data in pages(app.env).items()}
    try:
        stale = check_manual(app, app.env)
    except BaseException:
        for name, digest in digests.items():
            pages(app.env)[name].digest = digest
        raise
    run.computed |= set(found[before:])
    run.state.shown = shown_by(app.env)
    return stale


def note_reusable(app: Sphinx, _builder: Builder) -> None:
    """Whether sphinx-needs left the records as they were read; for its own views it does not."""
    foreign = any(facts.foreign for facts in facts_of(app.env).values())
    again_of(app).reusable = bool(app.env.__dict__.get(FINISHED)) and not foreign


def begin_again(app: Sphinx, _exception: Exception | None) -> None:
    """Drop sphinx-needs' view of what was; it opens its lock by itself."""
    app.env.__dict__.pop(VIEW, None)


def setup(app: Sphinx) -> dict[str, Any]:
    """Take the place of the check that every other build does at once."""
    app.living_manual_again = Again()  # type: ignore[attr-defined]
    for listener in list(app.events.listeners["env-updated"]):
        if listener.handler is read_manual:
            app.disconnect(listener.id)
    app.add_event(CHECK)
    app.connect("env-updated", gather_first)
    app.connect(CHECK, check_now)
    app.connect("write-started", note_reusable, priority=410)  # needs.finish_needs has 400
    app.connect("build-finished", begin_again, priority=10_000)  # after sphinx-needs' last (9999)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
