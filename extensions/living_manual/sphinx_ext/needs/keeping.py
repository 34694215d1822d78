"""What sphinx-needs does with its records over a build, where its own way is too slow here.

All of this uses names that sphinx-needs does not promise (docs/decisions/0010).
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx_needs.data import SphinxNeedsData
from sphinx_needs.directives.need import purge_needs
from sphinx_needs.need_item import NeedItem, NeedLink, _link_natural_sort_key

from living_manual.sphinx_ext.freshness.kept import facts_of
from living_manual.sphinx_ext.store import pages


def purge_by_page(app: Sphinx) -> None:
    """Let sphinx-needs forget only pages that were read.

    To forget a page it looks through all records of the manual, also in a first build, where there
    is nothing to forget: the cost grows with pages times records.
    """
    for listener in app.events.listeners.get("env-purge-doc", ()):
        if listener.handler is purge_needs:
            app.disconnect(listener.id)
            break
    # Before the kit forgets its own data of the page, which says whether there may be records.
    app.connect("env-purge-doc", purge, priority=400)


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page's records; also those of a page whose reading was broken off."""
    if docname in env.all_docs or docname in pages(env):
        purge_needs(app, env, docname)


def finish_needs(app: Sphinx, _builder: Builder) -> None:
    """What sphinx-needs does once all pages are read, for a manual without its special features.

    Its own way looks through the whole list of backlinks for each one that it adds: a role that
    leads 6,000 actions costs 18 million comparisons. Nothing of it is seen on pages without a view
    of sphinx-needs' own. A page with a needextend, or a field with a dynamic function, leaves the
    work to it.
    """
    data = SphinxNeedsData(app.env)
    if data.needs_is_post_processed:
        return
    needs = data._env_needs
    special = data.get_or_create_extends() or any(
        need.has_dynamic_fields or need["constraints"] for need in needs.values()
    )
    shown = app.builder.format != "html" or any(each.foreign for each in facts_of(app.env).values())
    if not special and not shown:
        data.needs_is_post_processed = True
        return
    found = None if special else _backlinks(needs)
    if found is None:
        for need in needs.values():
            _unshare(need)
        return
    none: dict[tuple[str, ...], dict[str, list[NeedLink]]] = {}
    for need in needs.values():
        names = tuple(need._backlinks)
        need._backlinks = none.setdefault(names, {name: [] for name in names})
    for (need_id, link), sources in found.items():
        if need_id in needs and link in needs[need_id]._backlinks:
            need = needs[need_id]
            need._backlinks = {**need._backlinks, link: list(sources.values())}
    for need in needs.values():
        _sort(need._links)
    for need_id in {need_id for need_id, _ in found} & needs.keys():
        _sort(needs[need_id]._backlinks)
    data.needs_is_post_processed = True


def _backlinks(needs: dict[str, NeedItem]) -> dict[tuple[str, str], dict[str, NeedLink]] | None:
    """(target, link) to the records that link there; None when only sphinx-needs can tell."""
    found: dict[tuple[str, str], dict[str, NeedLink]] = {}
    for need_id, need in needs.items():
        for link, targets in need._links.items():
            for target in targets:
                if target.part is not None or target.condition is not None:
                    return None
                found.setdefault((target.id, link), {})[need_id] = NeedLink(id=need_id)
    return found


def _sort(links: dict[str, list[NeedLink]]) -> None:
    for name, targets in links.items():
        if len(targets) > 1:
            links[name] = sorted(set(targets), key=_link_natural_sort_key)


def _unshare(need: NeedItem) -> None:
    """Give a record lists of its own: the empty ones of table rows are all the same list."""
    need._links = {name: list(targets) for name, targets in need._links.items()}
    need._backlinks = {name: list(sources) for name, sources in need._backlinks.items()}
