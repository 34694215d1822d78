"""Files that Sphinx would copy as they are go out clean, or their page is told why not.

What cannot be published is found when its page is read, so that `manual check` finds it too.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging

from living_manual.core.finding import finding, has_errors
from living_manual.edges.clean_media import KINDS, SHOWN, clean_file, publish_file
from living_manual.edges.pictures import picture_fault
from living_manual.edges.refusal import RefusalError
from living_manual.sphinx_ext.reporting import place_of, report
from living_manual.sphinx_ext.store import build_of

LOGGER = logging.getLogger(__name__)
PICTURE, CLIP, OFFERED = "picture-unreadable", "clip-unreadable", "download-refused"
_CALLED = {PICTURE: "picture", CLIP: "clip", OFFERED: "file"}


def kept_in(app: Sphinx) -> Path:
    """Where made files are kept from one build to the next: outside every site."""
    named = app.config.manual_media_cache
    return Path(named) if named else Path(app.confdir, "build", "media")


def refuse(app: Sphinx, kind: str, path: Path, why: RefusalError, place: tuple[str, int]) -> None:
    """Tell the writer of a page that a file of it is not published."""
    message = f"The {_CALLED[kind]} {path.name} {why.fault}."
    report(app, finding(kind, message, why.fix, *place))


def check_pictures_as_they_are(app: Sphinx, doctree: nodes.document) -> None:
    """A finding for each picture that is not made in several sizes, and cannot be made clean."""
    for node in doctree.findall(nodes.image):
        if "picture" in node:
            continue
        for how, candidate in (node.get("candidates") or {}).items():
            if candidate.lower().startswith("data:"):
                message = "A picture is written into the page itself."
                fix = "Put it beside the page as a file, and name the file."
                report(app, finding(PICTURE, message, fix, *place_of(app, node)))
                continue
            path = Path(app.srcdir, candidate)
            if how == "?" or not path.is_file() or picture_fault(path):
                continue  # not ours, or told already
            try:
                if path.suffix.lower() in SHOWN or path.suffix.lower() not in KINDS:
                    clean_file(path, kept_in(app))
                else:
                    raise RefusalError(
                        "is no picture", "Show a clip with {clip}; offer a file with {download}."
                    )
            except RefusalError as why:
                refuse(app, PICTURE, path, why, place_of(app, node))


def check_downloads(app: Sphinx, doctree: nodes.document) -> None:
    """A finding for each file that a page offers, and that cannot be made clean."""
    for node in doctree.findall(addnodes.download_reference):
        if "filename" not in node:  # elsewhere, or told by Sphinx
            continue
        path = Path(app.env.relfn2path(node["reftarget"], app.env.docname)[1])
        try:
            clean_file(path, kept_in(app))
        except RefusalError as why:
            refuse(app, OFFERED, path, why, place_of(app, node))


def publish(app: Sphinx, kind: str, path: Path, target: Path) -> None:
    """Put a clean copy at `target`; what is refused is not there, and keeps the site unpublished.

    Raises `OSError` when it cannot be written.
    """
    try:
        publish_file(path, target, kept_in(app))
    except RefusalError as why:
        target.unlink(missing_ok=True)
        # When its page was read it was told already, but for a file that was changed since.
        if not has_errors(build_of(app).findings):
            message = f"The {_CALLED[kind]} {path.name} {why.fault}."
            report(app, finding(kind, message, why.fix))


def publish_all(app: Sphinx, kind: str, files: Iterable[tuple[Path, Path]]) -> None:
    """Publish files in the place of Sphinx's own copying; what the disk refuses is a warning."""
    for path, target in files:
        try:
            publish(app, kind, path, target)
        except OSError as error:
            LOGGER.warning("cannot copy file '%s': %s", path, error)


def clean_copied(app: Sphinx, folders: Iterable[str], site: Path) -> None:
    """Make clean what Sphinx has copied from folders of the settings for HTML.

    Whoever keeps conf.py says what lies there; scripts, style sheets and pages stay as they are.
    """
    for folder in folders:
        root = Path(app.confdir, folder)
        for path in sorted(root.rglob("*") if root.is_dir() else [root]):
            target = site / (path.relative_to(root) if root.is_dir() else path.name)
            if target.is_file() and KINDS.get(path.suffix.lower(), "text") != "text":
                publish_all(app, OFFERED, [(path, target)])


def setup_clean_media(app: Sphinx) -> None:
    """After `note_pictures`, which says what is made in several sizes."""
    app.connect("doctree-read", check_pictures_as_they_are, priority=655)
    app.connect("doctree-read", check_downloads, priority=655)
