"""Pictures and clips without a consent that holds: a quiet box stands in their place.

A page that is read is looked through before anything of a picture or clip is taken from it: what
may not be shown leaves the page with its words, so that no index, brief or workbook can have them.
Where a row says so, the files are not even opened: they may be gone already.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from glob import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from living_manual.core.consent import FILE, Consents, MediaUse, Standing, family
from living_manual.core.ledgers import Entry, read_ledger
from living_manual.core.traces import repeats, sentences
from living_manual.edges.files import read_text, walk
from living_manual.edges.media_words import words_beside
from living_manual.sphinx_ext.reporting import place_of
from living_manual.sphinx_ext.settings import today
from living_manual.sphinx_ext.store import Build, build_of, page, pages
from living_manual.sphinx_ext.views import jinja


class withheld_node(nodes.General, nodes.Element):
    """Stands where a picture, a clip or a student's words stood."""


#: What an inline picture or a link to a file leaves behind.
_INLINE = {
    Standing.STAFF_ONLY: "not in this edition",
    Standing.EARLY: "not shown yet",
    Standing.NONE: "not shown yet",
}


# --------------------------------------------------------------------------------- the table


def consents_of(app: Sphinx) -> Consents:
    """The rows of every consent.csv; what is wrong with them is told once all is read."""
    build: Build = build_of(app)
    if build.consents is None:
        entries: list[Entry] = []
        for path in walk(app.srcdir):
            if path.name == FILE:
                file = path.relative_to(app.srcdir).as_posix()
                text, _ = read_text(path, file)
                entries += read_ledger(FILE, text, file)[0] if text is not None else ()
        build.consents = Consents.of(entries, app.config.manual_edition, today(app))
    return build.consents


def read_again(
    app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """Pages with something that consent allows now and did not, or the other way round."""
    build_of(app).consents = None
    consents = consents_of(app)
    return [
        docname
        for docname, data in pages(env).items()
        if any(
            consents.standing(use.media, on_exemplar=use.on_exemplar) is not use.standing
            for use in data.uses
        )
    ]


def media_uses(env: BuildEnvironment) -> tuple[MediaUse, ...]:
    """Every place that names a picture or clip, page by page."""
    return tuple(use for _, data in sorted(pages(env).items()) for use in data.uses)


def is_there(app: Sphinx) -> Callable[[str], bool]:
    """Whether a path below the source folder is a file."""
    return lambda file: Path(app.srcdir, file).is_file()


# ---------------------------------------------------------------------------------- the pages


def withheld_by_row(directive: SphinxDirective, name: str) -> withheld_node | None:
    """What a block for a picture or clip becomes when its row says that it may not be shown."""
    env = directive.env
    file, _ = env.relfn2path(name)
    consents = consents_of(env.app)
    if not consents.rows_of(file) or consents.standing(file).shown:
        return None
    words = [str(directive.options.get(key, "")) for key in ("alt", "title")]
    noun = "clip" if family(file) != file else "picture"
    node = _box(noun, consents.standing(file), file=file, words=[*words, *directive.content])
    directive.set_source_info(node)
    return node


def _box(noun: str, standing: Standing, **more: Any) -> withheld_node:
    return withheld_node("", noun=noun, standing=standing, **more)


class Withhold(SphinxTransform):
    """Put a box in the place of what may not be shown, before anybody looks at the page."""

    default_priority = 500  # before Sphinx takes titles of figures (850) and names of files (880)

    def apply(self, **_kwargs: Any) -> None:
        """Note every place that names a picture or clip, and empty those that have to be."""
        data = page(self.env, self.env.docname)
        data.uses = []
        lead = data.lead or ""
        on_exemplar = lead.startswith("EX_")
        consents, words = consents_of(self.app), list[str]()
        unknown = False
        for node, noun in list(_media(self.document)):
            for file in _files(self.env, node):
                standing = consents.standing(file, on_exemplar=on_exemplar)
                where, line = place_of(self.app, node)
                docname = self.env.docname
                data.uses.append(
                    MediaUse(file, noun, docname, lead, where, line, on_exemplar, standing)
                )
                if standing.shown:
                    continue
                said, whole = self._words(file)
                words += [*said, *_words_of(node)]
                unknown |= not whole
                if not isinstance(node, withheld_node):
                    _empty(self.document, node, noun, standing)
                break
        gone = {family(use.media) for use in data.uses if not use.standing.shown}
        data.media = [shown for shown in data.media if family(shown.what.file) not in gone]
        self._quotes(words, everything=unknown)

    def _words(self, file: str) -> tuple[tuple[str, ...], bool]:
        """What is said of or in a picture or clip, and whether all of it could be read."""
        said, read, whole = words_beside(Path(self.app.srcdir), file)
        for each in read:
            self.env.note_dependency(each)
        return said, whole

    def _quotes(self, words: Iterable[str], *, everything: bool) -> None:
        """Take away quotes of what is not shown; where its words cannot be read, every quote."""
        gone = sentences(words)
        if not (gone or everything):
            return
        for quote in list(self.document.findall(nodes.block_quote)):
            if everything or repeats(quote.astext(), gone):
                quote.replace_self(_box("quote", Standing.NONE))


def _media(document: nodes.document) -> Iterator[tuple[nodes.Element, str]]:
    """Every place that names a picture, a clip or a file to take along, with what it is."""
    for node in document.findall(nodes.Element):
        if isinstance(node, withheld_node) and "file" in node:
            yield node, node["noun"]
        elif node.tagname == "clip_node":
            yield node, "clip"
        elif isinstance(node, nodes.image):
            yield node, "picture"
        elif isinstance(node, addnodes.download_reference):
            yield node, "file"


def _files(env: BuildEnvironment, node: nodes.Element) -> Iterator[str]:
    """The files that a place names, by their paths from the source folder."""
    name = str(node.get("file", "") or node.get("uri", "") or node.get("reftarget", ""))
    if not name or "://" in name or name.startswith("data:"):
        return
    if "file" in node:
        yield name
        return
    file, path = env.relfn2path(name)
    if name.endswith(".*"):
        found = sorted(Path(path).parent.glob(f"{escape(Path(path).stem)}.*"))
        yield from (posixpath.join(posixpath.dirname(file), each.name) for each in found)
    else:
        yield file


def _words_of(node: nodes.Element) -> list[str]:
    """What a page says of a picture: its alternative text and what stands beneath it."""
    block = _block(node)
    said = [each.astext() for each in block.findall(nodes.TextElement)] if block else []
    return [str(node.get("alt", "")), *node.get("words", ()), *said]


def _block(node: nodes.Element) -> nodes.Element | None:
    """The figure, or picture with notes, that a picture is part of."""
    above = node.parent
    while isinstance(above, nodes.reference):
        above = above.parent
    if isinstance(above, nodes.figure) or (above is not None and above.tagname == "annotated_node"):
        return above
    return None


def _empty(document: nodes.document, node: nodes.Element, noun: str, standing: Standing) -> None:
    """Replace a picture, with its figure or paragraph when it is all of that, or a link."""
    if isinstance(node, addnodes.download_reference):
        words = nodes.inline("", node.astext())
        node.replace_self([words, _inline("", standing)])
        return
    place = _block(node) or node
    while isinstance(place.parent, (nodes.reference, nodes.paragraph)) and len(place.parent) == 1:
        place = place.parent
    if isinstance(place.parent, nodes.TextElement):
        place.replace_self(_inline("a picture, ", standing))
        return
    box = _box(noun, standing)
    box["ids"], box["names"] = list(place["ids"]), list(place["names"])
    for name in box["ids"]:
        document.ids[name] = box  # or the title of a figure would go on in the list of labels
    box.source, box.line = place.source, place.line
    place.replace_self(box)


def _inline(what: str, standing: Standing) -> nodes.inline:
    said = _INLINE.get(standing, "not shown any more")
    return nodes.inline("", f" ({what}{said})", classes=["withheld-inline"])


# ------------------------------------------------------------------------------------ the box


def plain_box(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Nothing for a builder that writes no HTML."""
    if app.builder.format != "html":
        for node in list(doctree.findall(withheld_node)):
            node.parent.remove(node)


def visit_withheld(translator: HTML5Translator, node: withheld_node) -> None:
    """The box, in the page's own style."""
    template = jinja(translator.builder.app).get_template("withheld.html.jinja")
    standing = node["standing"]
    said = "early" if standing in (Standing.EARLY, Standing.NONE) else standing.name.lower()
    translator.body.append(template.render(noun=node["noun"], said=said, ids=node["ids"]))
    raise nodes.SkipNode


def setup_consent(app: Sphinx) -> None:
    """Rows are read anew at every build; pages again where what they allow is another."""
    app.add_node(withheld_node, html=(visit_withheld, None))
    app.add_transform(Withhold)
    app.connect("env-get-outdated", read_again)
    app.connect("doctree-resolved", plain_box, priority=400)
