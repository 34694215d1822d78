"""Faults of input that Sphinx passes over, or stops at without saying where: told at their place.

A page whose text cannot be taken apart is left out, and the others are read, so that all there is
to mend is named at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from posixpath import dirname, join, normpath
from unicodedata import normalize

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from living_manual.core.allowed import Allowed
from living_manual.core.finding import Finding, finding
from living_manual.core.page_faults import faults
from living_manual.core.page_parts import take_apart
from living_manual.core.safe_text import unsafe
from living_manual.core.text_sizes import too_large
from living_manual.edges.files import ids_in, unreadable_page, walk
from living_manual.edges.pictures import picture_fault
from living_manual.sphinx_ext.content import allowed_of
from living_manual.sphinx_ext.gate import OutOfBoundsError, bounded
from living_manual.sphinx_ext.needs import model_of
from living_manual.sphinx_ext.reporting import place_of, report
from living_manual.sphinx_ext.store import build_of

#: Roles of sphinx-needs that list what a record links to; it stops at one that is not there.
LISTS_OF_LINKS = {"NeedOutgoing": "need_outgoing", "NeedIncoming": "need_incoming"}
#: Said of a picture that shows nothing a reader has to know.
DECORATIVE = "decorative"


# ------------------------------------------------------------------------------- before reading


def leave_out_faulty(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Report pages whose text cannot be taken apart, and read the others."""
    prefixes = {name: one.prefix for name, one in model_of(app.config).types.items()}
    allowed = allowed_of(app)
    for docname in list(docnames):
        path = Path(env.doc2path(docname))
        file = path.relative_to(app.srcdir).as_posix()
        found: list[Finding] = []
        try:
            with bounded(app, file):
                found = text_faults(Path(app.srcdir), file, prefixes, allowed)
            if not found:
                continue
        except OutOfBoundsError:
            pass  # it is told already
        for each in found:
            report(app, each)
        lost = build_of(app).lost
        lost |= {docname, f"{docname}.md", *ids_in(path)}
        if any(each.kind == "missing-id" for each in found):
            # Nobody knows which id it should have had; links to its like may have meant it.
            lost |= {
                prefix
                for name, prefix in prefixes.items()
                if any(f"This {name} has no id" in each.message for each in found)
            }
        docnames.remove(docname)
        env.project.docnames.discard(docname)  # or Sphinx would write what it has not read


def text_faults(
    root: Path,
    file: str,
    prefixes: dict[str, str],
    allowed: Allowed,
    above: tuple[str, ...] = (),
) -> list[Finding]:
    """What is wrong with a page's text, and with the texts that it includes."""
    if not above and not file.endswith(".md"):
        return [
            finding(
                "not-allowed",
                "This page is not written in Markdown.",
                "Write it in a file whose name ends in .md.",
                file,
                1,
            )
        ]
    text = (root / file).read_text(encoding="utf-8-sig")
    if large := too_large(text, file, 1):
        return [large]
    apart = take_apart(text, file, allowed)
    found = [*faults(apart, prefixes), *unsafe(apart, text, allowed)]
    for name, line in apart.included() if not apart.fault else ():
        other = normpath(join(dirname(f"/{file}"), name)).lstrip("/")
        chain = (*above, file)
        if other in chain:
            ways = " includes ".join([*chain[chain.index(other) :], other])
            found.append(
                finding(
                    "include-cycle",
                    f"A text takes itself in without end: {ways}.",
                    "Take one of these {include} blocks away.",
                    file,
                    line,
                )
            )
        elif (root / other).is_file():
            unreadable = unreadable_page(root / other, other)
            more = [unreadable] if unreadable else None
            found += more or text_faults(root, other, prefixes, allowed, chain)
    return found


# --------------------------------------------------------------------------------- on each page


def check_pictures(app: Sphinx, doctree: nodes.document) -> None:
    """A finding for each picture that cannot be shown, or that has no words beside it."""
    for node in doctree.findall(nodes.image):
        name = PurePosixPath(node["uri"]).name
        file, line = place_of(app, node)
        for candidate in (node.get("candidates") or {}).values():
            path = Path(app.srcdir, candidate)
            if path.is_file() and (fault := picture_fault(path)):  # Sphinx tells what is not there
                report(
                    app,
                    finding(
                        "picture-unreadable",
                        f"The picture {name} {fault}.",
                        "Save or copy it again from where it came from.",
                        file,
                        line,
                    ),
                )
        if DECORATIVE in node["classes"]:
            node["alt"] = ""
        elif not node.get("alt", "").strip():
            report(
                app,
                finding(
                    "image-without-alt",
                    f"The picture {name} has no words for those who cannot see it.",
                    "Say in `:alt:`, or between the square brackets, what it shows; "
                    f"`:class: {DECORATIVE}` says that it shows nothing to know.",
                    file,
                    line,
                ),
            )


def note_page(app: Sphinx, _doctree: nodes.document, docname: str) -> None:
    """Keep which page is being written, for whoever has to say where a build stopped."""
    build_of(app).page = docname


def check_lists_of_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """A finding for a list of links of a record that is not there, and its id in its place."""
    manual = build_of(app).manual
    for node in list(doctree.findall(nodes.Element)):
        role = LISTS_OF_LINKS.get(type(node).__name__)
        if role is None or manual is None or node["reftarget"] in manual.records:
            continue
        line = place_of(app, node)[1] if node.line or node.parent is not None else 1
        report(
            app,
            finding(
                "page-reference",
                f"The record '{node['reftarget']}' does not exist.",
                f"Check the id in {{{role}}}`...`.",
                f"{docname}.md",
                line,
            ),
        )
        node.replace_self(nodes.Text(node["reftarget"]))


# --------------------------------------------------------------------------- once all are read


def check_files(app: Sphinx, env: BuildEnvironment) -> None:
    """What shows in the folder as a whole: names that many computers take for one, and cycles."""
    for each in (*names_alike(app), *page_list_cycles(env)):
        report(app, each)


def names_alike(app: Sphinx) -> Iterator[Finding]:
    """Names that differ by capital letters only: on Windows and macOS one hides the other."""
    spelled: dict[str, str] = {}
    told: set[str] = set()
    for path in walk(app.srcdir):
        file = path.relative_to(app.srcdir)
        for part in (*reversed(file.parents), file):
            name = part.as_posix()
            first = spelled.setdefault(normalize("NFC", name).casefold(), name)
            if first == name:
                continue
            if name not in told:
                told.add(name)
                yield finding(
                    "name-case",
                    f"{name} and {first} differ by {_difference(name, first)}; many computers take "
                    "them for the same.",
                    "Rename one of them, or put their pages into one folder.",
                    file.as_posix(),
                    1,
                )
            break


def _difference(one: str, other: str) -> str:
    if one.casefold() != other.casefold():
        return "how their accents are stored only"
    return "capital letters only"


def page_list_cycles(env: BuildEnvironment) -> Iterator[Finding]:
    """Lists of pages that lead back to a page above them."""
    done: set[str] = set()

    def below(docname: str, above: tuple[str, ...]) -> Iterator[Finding]:
        if docname in done:
            return
        for child in env.toctree_includes.get(docname, ()):
            if child in (*above, docname):
                yield finding(
                    "page-list-cycle",
                    f"This list of pages names {child}.md, which stands above this page already.",
                    "Take it out of the {toctree}; link to the page in the text instead.",
                    f"{docname}.md",
                    line_of_entry(Path(env.doc2path(docname)), docname, child),
                )
            else:
                yield from below(child, (*above, docname))
        done.add(docname)

    for docname in (env.config.root_doc, *sorted(env.toctree_includes)):
        yield from below(docname, ())


def line_of_entry(path: Path, docname: str, entry: str) -> int:
    """The line in which a page's list of pages names another page; 1 when a pattern does."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    for number, words in enumerate(lines, 1):
        name = words.strip().split("<")[-1].removesuffix(">").removesuffix(".md")
        if name and normpath(join("/", dirname(docname), name)) == f"/{entry}":
            return number
    return 1


def leave_cycles_to_us(_app: Sphinx, config: Config) -> None:
    """Sphinx tells of a cycle only where it writes a list, without a line, and once a page."""
    config["suppress_warnings"] = [*config.suppress_warnings, "toc.circular"]


def setup_faults(app: Sphinx) -> None:
    """After the pages that are no text at all are left out, and before anything is read."""
    app.connect("config-inited", leave_cycles_to_us)
    app.connect("env-before-read-docs", leave_out_faulty, priority=600)
    app.connect("doctree-read", check_pictures, priority=600)
    app.connect("env-updated", check_files)
    app.connect("doctree-resolved", note_page, priority=0)
    app.connect("doctree-resolved", check_lists_of_links, priority=300)
