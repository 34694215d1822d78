"""Once every page is read: the manual as a whole, its rules, and the pages to write again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from living_manual.core.confirm import check_confirmations
from living_manual.core.consent_list import check_consents
from living_manual.core.gap_findings import NONE, check_exceptions, failing_gaps
from living_manual.core.gaps import gaps
from living_manual.core.ledgers import check_ledgers
from living_manual.core.model import Manual, Ref
from living_manual.core.rules import check, check_steps
from living_manual.core.wording import check_wordings
from living_manual.edges.files import ids_in, unreadable_page
from living_manual.sphinx_ext.changes import carry
from living_manual.sphinx_ext.consent import is_there, media_uses
from living_manual.sphinx_ext.history import authorship_of
from living_manual.sphinx_ext.ledgers import ledgers_of
from living_manual.sphinx_ext.media import check_media
from living_manual.sphinx_ext.needs import model_of, records_of, schema_findings
from living_manual.sphinx_ext.path import paths_of
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.self_assessment import questions_of
from living_manual.sphinx_ext.settings import today
from living_manual.sphinx_ext.store import build_of, pages
from living_manual.sphinx_ext.tables import check_tables
from living_manual.sphinx_ext.views import check_views, manual_of, matrix_key, stale_pages
from living_manual.sphinx_ext.words import check_words, protocol_texts, read_words


def read_manual(app: Sphinx, env: BuildEnvironment) -> Sequence[str]:
    """Gather the records, report what the rules find, and name the pages that are stale."""
    gather(app, env)
    return check_manual(app, env)


def gather(app: Sphinx, env: BuildEnvironment) -> None:
    """The manual, as it has been read."""
    build, records = build_of(app), records_of(env)
    read_words(app, records)
    mentions = mentions_of(app, {record.id: record.ref for record in records})
    manual = Manual.of(
        records,
        model_of(app.config),
        build.settings,
        today(app),
        mentions=mentions,
        texts=protocol_texts(env),
        paths=paths_of(env),
        ledgers=ledgers_of(app),
        places=places_of(app),
        questions=questions_of(app, records),
        steps={
            data.lead: tuple((title, minutes) for title, minutes, _ in data.steps)
            for data in pages(env).values()
            if data.lead and data.steps
        },
        elements={name: of for data in pages(env).values() for name, of in data.elements.items()},
        history=authorship_of(app, records),
        media=media_uses(env),
        edition=app.config.manual_edition,
        whole=not app.config.manual_partial,
    )
    build.manual = carry(app, manual)


def check_manual(app: Sphinx, env: BuildEnvironment) -> Sequence[str]:
    """Report what the rules find in the manual, and name the pages that are stale."""
    manual = manual_of(app)
    findings = [
        *schema_findings(app, manual.records),
        *check(manual),
        *check_ledgers(manual),
        *check_wordings(manual),
        *check_confirmations(manual),
        *check_exceptions(manual),
        *check_consents(manual, is_there(app)),
        *failing_gaps(manual, fail_on(app)),
    ]
    if app.builder.format == "html" and "gaps" in manual.places:
        gaps(manual)  # before several processes write pages: each would look for itself
    for docname, data in pages(env).items():
        protocol = manual.get(data.lead) if data.lead and data.lead.startswith("PRO_") else None
        findings.extend(check_steps(protocol, data.steps, f"{docname}.md"))
    for found in findings:
        report(app, found)
    check_media(app)
    check_tables(app)
    check_views(app)
    check_words(app, manual)
    return stale_pages(app)


def fail_on(app: Sphinx) -> tuple[str, ...]:
    """The rules of gaps that close the gate: the command's when it names any, or the district's."""
    said: str = app.config.manual_fail_on
    if not said:
        return build_of(app).settings.fail_on
    return () if said == NONE else tuple(said.split(","))


def places_of(app: Sphinx) -> dict[str, Ref]:
    """The page that shows each view or matrix; the first, where several do."""
    found: dict[str, Ref] = {}
    for docname, data in sorted(pages(app.env).items()):
        for use in data.views:
            name = matrix_key(use) or use.view
            if name not in found:
                found[name] = Ref("", "page", app.env.titles[docname].astext(), docname)
    return found


def mentions_of(app: Sphinx, refs: Mapping[str, Ref]) -> dict[str, tuple[Ref, ...]]:
    """For each record, the pages whose text links to it, by their lead record if they have one."""
    env, words = app.env, build_of(app).words
    found: dict[str, list[Ref]] = {}
    for docname, data in sorted(pages(env).items()):
        here = refs.get(data.lead or "") or Ref("", "page", env.titles[docname].astext(), docname)
        said = words[docname].ids if docname in words else ()
        for record_id in dict.fromkeys((*data.mentions, *said)):
            found.setdefault(record_id, []).append(here)
    return {record_id: tuple(named) for record_id, named in found.items()}


def leave_out_unreadable(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Report pages that are not text and read the others, so that all there is to mend is named."""
    for docname in list(docnames):
        path = Path(env.doc2path(docname))
        found = unreadable_page(path, path.relative_to(app.srcdir).as_posix())
        if found:
            report(app, found)
            build_of(app).lost |= {docname, f"{docname}.md", *ids_in(path)}
            docnames.remove(docname)
            env.project.docnames.discard(docname)  # or Sphinx would write what it has not read


def setup_check(app: Sphinx) -> None:
    """Runs on every build, also when no page was read again."""
    app.connect("env-before-read-docs", leave_out_unreadable)
    app.connect("env-updated", read_manual)
