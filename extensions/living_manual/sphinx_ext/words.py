"""Words of the glossary in the text of pages: each becomes a link, with its meaning at hand.

Reading a page keeps its text in passages. Once every page is read, the forms of all words are known
and one pass over the passages says where links stand; that is part of what a page shows, so a page
is written again when its links change. The meanings themselves lie in one file beside the pages,
which a script reads: a changed meaning rewrites no page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxRole

from living_manual.core.finding import finding
from living_manual.core.mentions import Mention, Named, Passage, Prose, mentions, split
from living_manual.core.model import Manual, Record
from living_manual.core.vocabulary import Vocabulary, check_forms
from living_manual.edges.files import write_if_changed
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.store import PageWords, build_of, page, pages

#: Words with their meanings, for the script.
FILE = "words.json"
#: Classes of links to words; the script and the style sheet know them.
WRITTEN, AUTOMATIC = "word-link", "word-link--auto"

#: What a reader is not to be led away from: names, code, and what somebody says (in italics).
CLOSED = (
    nodes.title,
    nodes.subtitle,
    nodes.rubric,
    nodes.caption,
    nodes.attribution,
    nodes.emphasis,
    nodes.reference,
    nodes.literal,
    nodes.thead,
    nodes.term,
    nodes.field_name,
    nodes.footnote_reference,
    nodes.label,
)
#: What holds no prose at all.
PASSED_OVER = (nodes.Invisible, nodes.FixedTextElement, nodes.math, nodes.system_message)
#: Parts of sphinx-design that are a link or a button as a whole.
BUTTONS = ("sd-card", "sd-btn", "sd-badge", "sd-tab-label", "sd-summary")


class word_node(nodes.Inline, nodes.TextElement):
    """A word that a writer marked; it becomes a link once all words are known."""


class WordRole(SphinxRole):
    """{word}`fluency`, or {word}`rich tasks <rich task>` to show it in other words."""

    title = ""
    target = ""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Keep the name; the text shows at once."""
        shown, opening, name = self.text.partition("<")
        name = name.rstrip().removesuffix(">") if opening else shown
        source, line = self.get_source_info()
        file = str(source).replace("\\", "/").removeprefix(f"{self.env.srcdir}/")
        words = shown.strip() or name.strip()
        node = word_node("", words, word=name.strip(), file=file, line=line or self.lineno)
        return [node], []


# ------------------------------------------------------------------------------- reading a page


class _Walk:
    """Goes over the text of a page in order, in the same way when it is read and when written."""

    def __init__(self) -> None:
        self.section = 0

    def over(
        self, node: nodes.Element, depth: int = 0, open_: bool = True
    ) -> Iterator[tuple[int, bool, nodes.Node]]:
        """(part of the page, whether a link may stand there, text or written link)."""
        for child in node.children:
            if isinstance(child, nodes.Text):
                if any(map(str.isalnum, child)):
                    yield self.section, open_, child
            elif not isinstance(child, nodes.Element) or isinstance(child, PASSED_OVER):
                continue
            elif isinstance(child, word_node) or "reftarget" in child:
                yield self.section, False, child
            elif isinstance(child, nodes.section):
                self.section += depth < 2
                yield from self.over(child, depth + 1, open_)
            else:
                yield from self.over(child, depth, open_ and not _closed(child))


def _closed(node: nodes.Element) -> bool:
    return (
        isinstance(node, CLOSED)
        # Bold words that begin a line are its name.
        or (isinstance(node, nodes.strong) and _begins_line(node))
        or any(name.startswith(BUTTONS) for name in node["classes"])
    )


def _begins_line(node: nodes.Element) -> bool:
    before = node.parent.children[: node.parent.index(node)]
    return not any(each.astext().strip() for each in before)


def join_lines(doctree: nodes.document) -> None:
    """Make one text of neighbours: MyST has one for each line, and a word may go over the end."""
    for node in doctree.findall(nodes.TextElement):
        if sum(isinstance(child, nodes.Text) for child in node.children) < 2:
            continue
        joined: list[nodes.Node] = []
        for child in node.children:
            if isinstance(child, nodes.Text) and joined and isinstance(joined[-1], nodes.Text):
                joined[-1] = nodes.Text(joined[-1] + child)
            else:
                joined.append(child)
        node.children = []
        node.extend(joined)


def note_prose(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the text of the page, the links its writer made, and the words that were marked.

    Of text where no link may stand, only a protocol's is kept: it is searched for words that are
    not settled.
    """
    join_lines(doctree)
    data = page(app.env, app.env.docname)
    everything, prose = (data.lead or "").startswith("PRO_"), Prose()
    for section, open_, node in _Walk().over(doctree):
        if isinstance(node, word_node):
            prose.named.append(Named(section, node["word"], node["file"], node["line"]))
        elif isinstance(node, nodes.Element):
            prose.links.append((section, node["reftarget"]))
        elif open_ or everything:
            prose.passages.append(Passage(section, str(node), open_))
    data.prose = prose


# --------------------------------------------------------------------------- once all are read


def read_words(app: Sphinx, records: Iterable[Record]) -> None:
    """Find every mention of every word; kept for the build."""
    build = build_of(app)
    terms = {record.id: record for record in records if record.type == "term"}
    vocabulary = Vocabulary(terms.values(), build.settings.language)
    own: dict[str, set[str]] = {}
    for term in terms.values():
        own.setdefault(term.page, set()).add(term.id)
    leads = {term.page: term.id for term in terms.values() if term.lead}
    build.words = {}
    for docname, data in pages(app.env).items():
        found = mentions(data.prose, vocabulary, own.get(docname, ()), leads)
        named = tuple((each.name, vocabulary.term(each.name)) for each in data.prose.named)
        ids = {mention.term for mention in found} | {term for _, term in named if term}
        linked = {leads.get(to, to) for _, to in data.prose.links} & terms.keys()
        if found or named or linked:
            places = tuple((each, terms[each].page) for each in sorted(ids | linked))
            build.words[docname] = PageWords(found, named, places)
    build.vocabulary = vocabulary


def protocol_texts(env: BuildEnvironment) -> dict[str, str]:
    """What the page of each protocol says, its steps' titles too."""
    return {
        data.lead: "\n".join(
            [*(passage.text for passage in data.prose.passages), *(step[0] for step in data.steps)]
        )
        for data in pages(env).values()
        if data.lead and data.lead.startswith("PRO_")
    }


def check_words(app: Sphinx, manual: Manual) -> None:
    """A finding for each marked word that the glossary lacks, and for each form of two words."""
    vocabulary = build_of(app).vocabulary
    for found in check_forms(manual.of_type("term")):
        report(app, found)
    for data in pages(app.env).values():
        for each in data.prose.named:
            if vocabulary.term(each.name) is None:
                near = vocabulary.nearest(each.name)
                report(
                    app,
                    finding(
                        "word-missing",
                        f"The word '{each.name}' has no entry in the glossary.",
                        f"Did you mean '{near}'?"
                        if near
                        else "Check its spelling, write an entry for it, or name it as another "
                        "form in the `:also:` of the word that it belongs to.",
                        each.file,
                        each.line,
                    ),
                )


# ------------------------------------------------------------------------------- writing a page


def link_words(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the links where the build found that they stand."""
    said = build_of(app).words.get(docname)
    targets = _targets(app, docname, said) if said else {}
    marked = dict(said.named) if said else {}
    for node in list(doctree.findall(word_node)):
        target = targets.get(marked.get(node["word"]) or "")
        node.replace_self(
            _link(node.astext(), target, WRITTEN) if target else nodes.Text(node.astext())
        )
    if said and said.mentions and app.builder.format == "html":
        _link_mentions(doctree, page(app.env, docname).prose.passages, said.mentions, targets)


def _targets(app: Sphinx, docname: str, said: PageWords) -> dict[str, str]:
    """The address of each word that the page leads to, as seen from it."""
    return {
        term: f"{'' if where == docname else app.builder.get_relative_uri(docname, where)}#{term}"
        for term, where in said.places
    }


def _link(words: str, address: str, *classes: str) -> nodes.reference:
    return nodes.reference("", words, internal=True, refuri=address, classes=list(classes))


def _link_mentions(
    doctree: nodes.document,
    passages: list[Passage],
    found: Iterable[Mention],
    targets: dict[str, str],
) -> None:
    """The text is as it was read, save that whole pieces may have been taken out since."""
    by_passage: dict[int, list[Mention]] = {}
    for mention in found:
        by_passage.setdefault(mention.passage, []).append(mention)
    at = 0
    for _, open_, node in list(_Walk().over(doctree)):
        if not open_ or not isinstance(node, nodes.Text):
            continue
        here = next((n for n in range(at, len(passages)) if passages[n].text == node), None)
        if here is None or not passages[here].open:
            continue
        at = here + 1
        if here in by_passage:
            terms = iter(by_passage[here])
            parts = split(str(node), [(each.start, each.end) for each in by_passage[here]])
            node.parent.replace(
                node,
                [
                    _link(words, targets[next(terms).term], WRITTEN, AUTOMATIC)
                    if link
                    else nodes.Text(words)
                    for words, link in parts
                ],
            )


def mark_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Links to words that a writer made by id or by page show the meaning as well."""
    said = build_of(app).words.get(docname)
    if said is None or app.builder.format != "html" or not page(app.env, docname).prose.links:
        return
    addresses = set(_targets(app, docname, said).values())
    addresses |= {address.partition("#")[0] for address in addresses} - {""}
    for node in doctree.findall(nodes.reference):
        if node.get("refuri") in addresses and WRITTEN not in node["classes"]:
            node["classes"].append(WRITTEN)


def write_meanings(app: Sphinx, exception: Exception | None) -> None:
    """What each word means, for the script; nothing when there are no words."""
    manual = build_of(app).manual
    if exception or manual is None or app.builder.format != "html":
        return
    meanings: dict[str, dict[str, Any]] = {
        term.id: {
            "word": term.title,
            "means": term.purpose,
            "url": f"{app.builder.get_target_uri(term.page)}#{term.id}",
        }
        for term in manual.of_type("term")
    }
    if meanings:
        text = json.dumps(meanings, ensure_ascii=False, indent=0, sort_keys=True)
        write_if_changed(app.outdir / FILE, f"{text}\n")
    else:
        (app.outdir / FILE).unlink(missing_ok=True)


def setup_words(app: Sphinx) -> None:
    """{word}, links by themselves, and the file of meanings."""
    app.add_node(word_node)
    app.add_role("word", WordRole())
    app.add_js_file("scripts/words.js", loading_method="defer")
    app.connect("doctree-read", note_prose, priority=700)
    app.connect("doctree-resolved", link_words, priority=200)
    # After sphinx-needs has made its links (500).
    app.connect("doctree-resolved", mark_links, priority=600)
    app.connect("build-finished", write_meanings)
