"""What changed since the live release: the log a release carries, its feeds, its small files.

The publisher names the live release in `manual_live`. A build that nobody publishes has none, and
carries nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from living_manual.core.changelog import Log, continued, log_json, read_log, since_json
from living_manual.core.changes import (
    compare,
    kept_of,
    read_kept,
    wordings_json,
)
from living_manual.core.feed import FOLDER, feed_xml
from living_manual.core.finding import finding
from living_manual.core.model import Manual
from living_manual.core.what_changed import Carried, role_feeds
from living_manual.edges.files import read_text, write_if_changed
from living_manual.sphinx_ext import register
from living_manual.sphinx_ext.annotated import annotated_node
from living_manual.sphinx_ext.needs import record_nodes
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.steps import step_node
from living_manual.sphinx_ext.store import build_of, page, pages

#: The log that a release carries, and the whole wording of its records, for the next one.
LOG, WORDINGS = "changes.json", "wordings.json"
#: For the reader's browser, when it was here before.
HERE, SINCE = "since-you-were-here", "changes-since.json"
#: What is said of a picture goes with the picture, and leaves no trace here when it has to go.
_PASSED_OVER = (
    *(addnodes.toctree, nodes.Invisible, nodes.system_message),
    *(nodes.image, nodes.figure, annotated_node),
)


# ------------------------------------------------------------------------------- reading a page


def note_wording(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what the page of a lead record says beyond the records on it."""
    data = page(app.env, app.env.docname)
    if data.lead:
        records = {id(node) for node in record_nodes(doctree)}
        if data.lead.startswith("EX_"):  # what students said is theirs, as their pictures are
            records |= {id(node) for node in doctree.findall(nodes.block_quote)}
        data.wording = "\n".join(_said(doctree, records))


def _said(node: nodes.Element, records: set[int]) -> Iterator[str]:
    """The texts of a page in order; a step begins with its title and its minutes."""
    for child in node.children:
        if not isinstance(child, nodes.Element) or id(child) in records:
            continue
        if isinstance(child, _PASSED_OVER) or _is_title(child):
            continue
        if isinstance(child, nodes.TextElement):
            yield child.astext()
        else:
            if isinstance(child, step_node):
                yield f"{child['title']} ({child['minutes']} min)"
            yield from _said(child, records)


def _is_title(node: nodes.Element) -> bool:
    """Whether it is the page's own title, which is its record's."""
    above = node.parent
    return (
        isinstance(node, nodes.title)
        and isinstance(above, nodes.section)
        and isinstance(above.parent, nodes.document)
    )


# --------------------------------------------------------------------------- once all are read


def carry(app: Sphinx, manual: Manual) -> Manual:
    """The manual with the record of changes that the release made of this build will carry."""
    if not app.config.manual_live:
        return manual
    live = Path(app.config.manual_live)
    log, before = _live_log(app, live), _live_records(app, live)
    comparison = None if before is None else compare(before, kept_of(manual, *_kept(app, manual)))
    places = sorted(
        docname
        for docname, data in pages(app.env).items()
        if any(use.view == "changes" for use in data.views)
    )
    carried = Carried(continued(log, comparison, manual.today), places[0] if places else "")
    return replace(manual, changes=carried)


def _kept(app: Sphinx, manual: Manual) -> tuple[dict[str, str], dict[str, str]]:
    urls = {name: app.builder.get_target_uri(name) for name in app.env.all_docs}
    return urls, wordings(app, manual)


def wordings(app: Sphinx, manual: Manual) -> dict[str, str]:
    """All that is written of each record: its own text, and for a lead record its page's."""
    found = {}
    for record in manual.records.values():
        data = page(app.env, record.page)
        whole = [record.text, data.wording if data.lead == record.id else ""]
        if said := "\n".join(part for part in whole if part):
            found[record.id] = said
    return found


def _live_log(app: Sphinx, live: Path) -> Log | None:
    text, unreadable = read_text(live / LOG, LOG, "changes-unreadable")
    try:
        log = None if text is None else read_log(text)
    except ValueError as error:
        log, unreadable = None, finding("changes-unreadable", f"{LOG}: {error}.", "")
    if unreadable:
        _warn(app, unreadable.message, "A new record of changes begins with this release.")
    return log


def _live_records(app: Sphinx, live: Path) -> dict[str, Any] | None:
    """The records of the live release; None when there is none, or it cannot be compared."""
    texts = {}
    for name in (register.FILE, WORDINGS):
        texts[name], unreadable = read_text(live / name, name, "changes-unreadable")
        if unreadable:
            _warn(app, unreadable.message, "What this publish changes is not told.")
            return None
    records = texts[register.FILE]
    if records is None:
        return None
    try:
        return read_kept(records, texts[WORDINGS])
    except ValueError as error:
        _warn(app, f"{register.FILE}: {error}.", "What this publish changes is not told.")
        return None


def _warn(app: Sphinx, message: str, what_follows: str) -> None:
    report(
        app,
        finding(
            "changes-unreadable",
            f"What the live release keeps for the page of what changed cannot be read: {message}",
            f"Nothing needs to be mended. {what_follows}",
        ),
    )


# ------------------------------------------------------------------------------- writing


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Write the log, the wordings, the feeds and the home page's file; remove what is not meant."""
    manual = build_of(app).manual
    if exception or manual is None or app.builder.format != "html":
        return
    meant: dict[str, str] = {}
    if manual.changes:
        log = manual.changes.log
        meant[LOG] = log_json(log)
        meant[WORDINGS] = wordings_json(wordings(app, manual))
        if any(use.view == HERE for data in pages(app.env).values() for use in data.views):
            meant[SINCE] = since_json(log)
        meant |= feeds(app, manual)
    root = Path(app.outdir)
    for name in {LOG, WORDINGS, SINCE, *_feeds_there(root)} - meant.keys():
        (root / name).unlink(missing_ok=True)
    for name, text in meant.items():
        write_if_changed(root / name, text)
    if (root / FOLDER).is_dir() and not any((root / FOLDER).iterdir()):
        (root / FOLDER).rmdir()


def _feeds_there(root: Path) -> Iterator[str]:
    return (path.relative_to(root).as_posix() for path in (root / FOLDER).glob("*.atom"))


def feeds(app: Sphinx, manual: Manual) -> dict[str, str]:
    """The text of each feed by its file; `manual` carries a log."""
    assert manual.changes
    log, place = manual.changes.log, manual.changes.page

    def address(record_id: str) -> str | None:
        record = manual.get(record_id)
        return f"{app.builder.get_target_uri(record.page)}#{record_id}" if record else None

    at = app.builder.get_target_uri(place or app.config.root_doc)
    return {
        feed.file: feed_xml(feed, log, manual.settings, at, address) for feed in role_feeds(manual)
    }


def tell_feeds(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    """The feeds, for the head of the page that shows what changed."""
    manual = build_of(app).manual
    shown = pages(app.env)[pagename].views if pagename in pages(app.env) else ()
    if manual and manual.changes and any(use.view == "changes" for use in shown):
        root = app.builder.get_relative_uri(pagename, "index").removesuffix("index.html")
        context["feeds"] = [
            {"title": f"What changed: {feed.title}", "href": f"{root}{feed.file}"}
            for feed in role_feeds(manual)
        ]


def setup_changes(app: Sphinx) -> None:
    """`manual_live`: folder of the release that the build will take the place of.

    Empty in a build that nobody publishes; a folder that is not there before the first release.
    """
    app.add_config_value("manual_live", "", "", str)
    app.add_js_file("scripts/since.js", loading_method="defer")
    # Once the needs have noted their texts (500).
    app.connect("doctree-read", note_wording, priority=600)
    app.connect("html-page-context", tell_feeds)
    app.connect("build-finished", write_files)
