"""Handover packs: a page and a PDF for each role, and for each role at a school.

A pack is no page of the source: a district of 200 schools has 2,600 of them. The frame of a page is
made once for each depth of folders, as Sphinx makes every page, and filled in for each pack. They
are written at the end of every build, so that none can be older than what it tells; what was made
once as a PDF is kept by a digest of its value. A preview makes none.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from living_manual.core.finding import Finding, finding
from living_manual.core.handover import Pack, pack
from living_manual.core.handover_list import (
    BLOCK,
    FOLDER,
    PackRef,
    pack_ref,
    page_of,
    pairs,
)
from living_manual.core.handover_paper import address, pack_data
from living_manual.core.handover_sheet import Line, Said, sheet
from living_manual.core.model import Manual
from living_manual.edges.files import write_if_changed
from living_manual.edges.pdf import HANDOVER, PressError, Shelf, key_of_data, make_sheets
from living_manual.sphinx_ext.handover import are_made
from living_manual.sphinx_ext.pages import crumbs_of
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.store import build_of
from living_manual.sphinx_ext.templating import make_environment

#: Where PDFs are kept from build to build, beside the kit, and how many.
SHELF, MOST = Path("build", "handover"), 4000
#: What the frame holds in the places that each pack fills.
_TITLE, _PURPOSE, _BODY = "@handover-title@", "@handover-purpose@", "@handover-body@"
_ROLE, _ROLE_PAGE = "@handover-role@", "@handover-role-page@"


@dataclass(frozen=True, slots=True)
class Made:
    """A pack that is meant, with how pages point at it."""

    at: PackRef
    pack: Pack


# ------------------------------------------------------------------------------------- the files


def write_packs(app: Sphinx, exception: Exception | None) -> None:
    """At the end of a build: every page and PDF, and nothing that is no longer meant."""
    builder, manual = app.builder, build_of(app).manual
    if exception or manual is None or not isinstance(builder, StandaloneHTMLBuilder):
        return
    root, kept = Path(app.outdir), set[Path]()
    if are_made(app):
        papers: dict[Path, dict[str, Any]] = {}
        write = _page_writer(builder, manual, root)
        # One after the other: all of them at once would be a fifth of a district's memory.
        for role, school in pairs(manual):
            made = Made(pack_ref(manual, role, school), pack(manual, role, school))
            if made.at.page not in app.env.all_docs:
                kept.add(write(made))
                if made.at.pdf:
                    papers[root / f"{made.at.page}.pdf"] = pack_data(manual, made.pack)
        kept |= _write_pdfs(app, papers)
    kept |= {Path(builder.get_output_path(name)) for name in app.env.all_docs}
    _remove_others(root / FOLDER, kept)


def _page_writer(
    builder: StandaloneHTMLBuilder, manual: Manual, root: Path
) -> Callable[[Made], Path]:
    """Writes the page of a pack, and says which file that is."""
    template = make_environment(manual.model.title).get_template("handover.html.jinja")
    frames = {depth: frame(builder, depth) for depth in (1, 2)}
    here = manual.places[BLOCK]

    def write(made: Made) -> Path:
        depth = 2 if made.pack.school else 1
        up = "../" * depth
        told = sheet(made.pack, manual.model.title)
        body = template.render(
            view=told,
            at=made.at,
            said=_teller(made.pack, up),
            root=up,
            gaps=_gaps_address(made.pack, up),
            every=f"{up}{here.page}.html",
            command=_command(made.pack),
        )
        path = root / f"{made.at.page}.html"
        write_if_changed(path, fill(frames[depth], made.pack, told.purpose, body))
        return path

    return write


def _teller(pack: Pack, up: str) -> Any:
    """Writes a line of a pack, its links as seen from the pack's page."""

    def piece(said: Said) -> str:
        words = escape(said.text)
        if said.strong:
            words = f"<strong>{words}</strong>"
        href = said.href or (f"{up}{address(pack, said)}" if said.to else "")
        return f'<a href="{escape(href)}">{words}</a>' if href else words

    def tell(line: Line) -> Markup:
        return Markup("".join([piece(said) for said in line]))

    return tell


def _gaps_address(pack: Pack, up: str) -> str:
    if not pack.gaps_at:
        return ""
    where, asks = pack.gaps_at
    return f"{up}{where.page}.html?{asks}"


def _command(pack: Pack) -> str:
    """The command that makes the PDF of this pack."""
    names = [each.id for each in (pack.role, pack.school) if each]
    return f"manual handover {' '.join(names)}"


def frame(builder: StandaloneHTMLBuilder, depth: int) -> str:
    """The page around a pack so many folders deep, as Sphinx makes every page of the manual."""
    name = "/".join([FOLDER, *("x" * depth)])
    with tempfile.TemporaryDirectory(prefix="living-manual-") as scratch:
        out = Path(scratch) / "frame.html"
        context = {"title": _TITLE, "body": _BODY}
        builder.handle_page(name, context, "page.html", outfilename=out)
        # A pack is found by its list and its role's card; 2,600 of them would drown the search.
        return out.read_text(encoding="utf-8").replace(" data-pagefind-body", "")


def fill(frame: str, pack: Pack, purpose: str, body: str) -> str:
    """A page of its frame."""
    role = pack.role
    for mark, text in (
        (_TITLE, escape(pack.title)),
        (_PURPOSE, escape(purpose)),
        (_ROLE_PAGE, f"../{page_of(role.id).rpartition('/')[2]}.html"),
        (_ROLE, escape(role.title)),
        (_BODY, body),
    ):
        frame = frame.replace(mark, text)
    return frame


def tell_frame(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    """What the frame of a pack says of the pack, and the way up from it."""
    manual = build_of(app).manual
    if not pagename.startswith(f"{FOLDER}/") or pagename in app.env.all_docs or manual is None:
        return
    here, to = manual.places[BLOCK], app.builder.get_relative_uri
    context["page_description"] = _PURPOSE
    above = [
        *crumbs_of(app, pagename, here.page),
        {"title": here.title, "href": to(pagename, here.page)},
    ]
    if pagename.count("/") == 2:
        above.append({"title": _ROLE, "href": _ROLE_PAGE})
    context["crumbs"] = above


def _write_pdfs(app: Sphinx, orders: Mapping[Path, Mapping[str, Any]]) -> set[Path]:
    """The PDFs of these values; those that are missing on the shelf are made together."""
    keys = {path: key_of_data(data) for path, data in orders.items()}
    shelf = shelf_of(app)
    sheets = {key: kept for key in keys.values() if (kept := shelf.get(key))}
    missing = {keys[path]: data for path, data in orders.items() if keys[path] not in sheets}
    try:
        fresh = make_sheets(list(missing.values()), HANDOVER)
    except PressError as error:
        report(app, _not_made(str(error).rstrip(".")))
        return set()
    for key, sheet_ in zip(missing, fresh, strict=True):
        sheets[key] = sheet_
        shelf.put(key, sheet_)
    if missing:
        shelf.tidy()
    written, lacking = set(), ""
    for path, key in keys.items():
        made_ = sheets[key]
        lacking += made_.lacking
        if made_.fault:
            report(app, _not_made(f"{orders[path]['name']}: {made_.fault}"))
        if made_.pdf:
            if not path.is_file() or path.read_bytes() != made_.pdf:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(made_.pdf)
            written.add(path)
    if lacking:
        report(app, _letters("".join(dict.fromkeys(lacking))))
    return written


def _not_made(why: str) -> Finding:
    return finding(
        "handover-not-made",
        f"A handover pack could not be made as a PDF: {why}.",
        "Look for something unusual in what the pack tells. If every pack is named, delete the "
        "folder .venv and run `make check`: it installs the kit's packages again.",
    )


def _letters(lacking: str) -> Finding:
    return finding(
        "handover-letters",
        f"The PDFs of handover packs leave out what their faces do not have: {' '.join(lacking)}",
        "Say it in words, or in other letters.",
    )


def shelf_of(app: Sphinx) -> Shelf:
    """Beside the kit, for every build on this machine; with the page trees of a kit kept shut."""
    kit = Path(app.confdir)
    folder = kit / SHELF if os.access(kit, os.W_OK) else Path(app.doctreedir) / FOLDER
    return Shelf(folder, MOST)


def _remove_others(folder: Path, kept: set[Path]) -> None:
    """Remove packs that are no longer meant, and folders that are empty then."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in kept and path.suffix in (".html", ".pdf"):
            path.unlink()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def setup_handover(app: Sphinx) -> None:
    """The files; `{handover-list}` is a view."""
    app.connect("html-page-context", tell_frame, priority=700)
    app.connect("build-finished", write_packs)
