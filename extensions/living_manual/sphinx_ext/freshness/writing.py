"""Which pages to write again: those that would show something else beyond their own text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util._files import FilenameUniqDict

from living_manual.core.settings import FILE as SETTINGS
from living_manual.sphinx_ext.freshness.kept import (
    content_key,
    digest,
    facts_of,
    pending,
    run_of,
    save_state,
)
from living_manual.sphinx_ext.freshness.outputs import renew_copies
from living_manual.sphinx_ext.pages import page_context
from living_manual.sphinx_ext.search import PAGEFIND
from living_manual.sphinx_ext.store import page, pages
from living_manual.sphinx_ext.views import manual_of


def rules_begin(app: Sphinx, _env: BuildEnvironment) -> None:
    """What is found from here on, every build finds anew."""
    run_of(app).before_rules = len(pending())


def rules_end(app: Sphinx, _env: BuildEnvironment) -> None:
    """Keep those findings apart: their pages need not be read again."""
    run = run_of(app)
    found = [getattr(record, "finding", None) for record in pending()[run.before_rules :]]
    run.computed = {each for each in found if each is not None}


def stale(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Pages that would show something else beyond their own text than when they were written."""
    run, facts, names = run_of(app), facts_of(env), Names(env)
    name_pictures(env)
    if app.config.manual_once:
        return []
    pictures: dict[str, list[tuple[str, str]]] = {}
    for path, (docnames, name) in env.images.items():
        for docname in docnames:
            pictures.setdefault(docname, []).append((path, name))
    for docname in run.read:
        if docname in facts:
            facts[docname].files = {path: run.key_as_read(path) for path in sources(env, docname)}
    found = set()
    for docname, each in facts.items():
        shown = digest(
            frame_of(app, docname),
            [names.all if name == "*" else names.of_page(name) for name in sorted(each.names)],
            records_named(app, docname),
            sorted(pictures.get(docname, ())),
            env.toc_secnumbers.get(docname),
            env.toc_fignumbers.get(docname),
        )
        if shown != each.shown:
            each.shown = shown
            found.add(docname)
    now = look(app)
    if _indexes(app):
        # Sphinx's index of words is whole only when it is made anew, from every page.
        Path(app.outdir, "searchindex.js").unlink(missing_ok=True)
        run.all_stale = True
    if run.all_stale or run.state.look != now:
        found |= env.found_docs & env.all_docs.keys()
    run.state.writer, run.state.look, run.state.shown = writer(app), now, shown_by(env)
    renew_copies(app)
    save_state(app)
    return found


def name_pictures(env: BuildEnvironment) -> None:
    """Names for pictures of the same name, by their paths and not by which page came first."""
    fresh = FilenameUniqDict()
    for path in sorted(env.images):
        for docname in sorted(env.images[path][0]):
            fresh.add_file(docname, path)
    env.images = fresh


def sources(env: BuildEnvironment, docname: str) -> Iterator[str]:
    """The files that a page is read from."""
    yield str(env.doc2path(docname))
    for path in env.dependencies.get(docname, ()):
        yield str(env.srcdir / path)


class Names:
    """What pages show of one another, and the names that anything may refer to."""

    def __init__(self, env: BuildEnvironment) -> None:
        self.env = env

    def of_page(self, docname: str) -> Any:
        """What a link to the page, or to a place in it, may show."""
        env = self.env
        if docname not in env.all_docs:
            return None
        slugs = env.metadata.get(docname, {}).get("myst_slugs", {})
        places = [(slug, *entry[1:]) for slug, entry in sorted(slugs.items())]
        title = env.titles[docname].pformat() if docname in env.titles else ""
        return title, places, self._labels.get(docname)

    @cached_property
    def all(self) -> str:
        """Stands for every name of the manual: pages, headings, lists of pages, labels, objects."""
        env = self.env
        found: list[Any] = []
        for docname in sorted(env.all_docs):
            toc = env.tocs[docname].pformat() if docname in env.tocs else ""
            found.append((docname, self.of_page(docname), toc, env.toctree_includes.get(docname)))
        for domain in env.domains.sorted():
            found.append((domain.name, sorted(map(repr, domain.get_objects()))))
        return digest(found)

    @cached_property
    def _labels(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        store = self.env.domaindata.get("std", {})
        for name, entry in sorted(
            {**store.get("anonlabels", {}), **store.get("labels", {})}.items()
        ):
            found.setdefault(entry[0], []).append((name, entry))
        return found


def frame_of(app: Sphinx, docname: str) -> Any:
    """What the frame of the page says: all that is told to its template, less what Sphinx tells."""
    if app.builder.format != "html":
        return None
    context: dict[str, Any] = {"css_files": []}
    page_context(app, docname, "", context, None)
    return context


def records_named(app: Sphinx, docname: str) -> list[Any]:
    """The records that the page's prose names, as a link shows them."""
    manual = manual_of(app)
    named = [manual.get(name.partition(".")[0]) for name in page(app.env, docname).mentions]
    return [record and record.ref for record in named]


def look(app: Sphinx) -> str:
    """Stands for what every page is written with: settings for HTML, the district's own."""
    info = getattr(app.builder, "build_info", None)
    return digest(
        info and (info.config_hash, info.tags_hash), content_key(Path(app.srcdir) / SETTINGS)
    )


def writer(app: Sphinx) -> str:
    """What writes, and where: after another builder, no page is as this one would have left it."""
    return f"{app.builder.name} {app.config.manual_search} {app.outdir}"


def shown_by(env: BuildEnvironment) -> str:
    """Stands for the environment: an older one than the last build's says nothing of its pages."""
    views = {docname: data.digest for docname, data in pages(env).items()}
    mine = {name: (sorted(each.files.items()), each.shown) for name, each in facts_of(env).items()}
    return digest(sorted(views.items()), sorted(mine.items()))


def _indexes(app: Sphinx) -> bool:
    """Whether Sphinx's own search index is made."""
    return app.builder.format == "html" and app.config.manual_search != PAGEFIND
