"""Content is not code: what in a text would be more than words, told before anything reads it.

Text goes in, findings come out. Names of blocks, roles, options and keys are looked up in what is
allowed (`core/allowed.py`); addresses, filters, formulas, ids and letters are looked at for what
they would do. What is refused is an error: the page is left out and nothing is published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.token import Token

from living_manual.core.allowed import INSTEAD, Allowed, Block, Body, Takes
from living_manual.core.finding import Finding, finding
from living_manual.core.markdown import inline_tokens, tokens
from living_manual.core.page_parts import Apart, Part, lines_of, take_apart
from living_manual.core.safe_inline import inline_faults
from living_manual.core.safe_links import Leads, link_fault, shown
from living_manual.core.safe_values import front_matter_faults, is_portable, tex_fault, unseen
from living_manual.core.text_sizes import MOST_PARAGRAPH, MOST_VALUE, too_large

#: Findings told for one text: who mends forty sees the others then.
MOST_FINDINGS = 40

_ID = re.compile(r"\A[A-Za-z0-9_]{1,80}\Z")
_NAME = re.compile(r"\A[\w .:+-]{1,100}\Z")
_CARD_CUT = re.compile(r"(?:\^{3,}|\+{3,})\s*\Z")
_ENTRY = re.compile(r"^(?P<title>.+?)\s*(?<!\x00)<(?P<page>[^<]*?)>$", re.DOTALL)
_SHARP = re.compile(r"[{}<>\[\]`~\\&$]|:::|---")
#: Options whose value is an address, with what it is for.
_ADDRESSES = {
    "target": Leads.LINK,
    "link": Leads.LINK,
    "img-top": Leads.PICTURE,
    "img-bottom": Leads.PICTURE,
    "img-background": Leads.PICTURE,
}


def unsafe(apart: Apart, text: str, allowed: Allowed) -> tuple[Finding, ...]:
    """What in a page taken apart is more than words, in the order of its lines."""
    check = _Check(apart, allowed)
    large = check.too_large(text)
    if large:
        return (large,)
    found = [*check.letters(text), *check.head(text), *check.all()]
    found = list(dict.fromkeys(found))
    found.sort(key=lambda each: each.line or 0)
    return tuple(found[:MOST_FINDINGS])


def text_findings(text: str, file: str, allowed: Allowed) -> tuple[Finding, ...]:
    """`unsafe` for a text that no other check has taken apart; also what cannot be taken apart."""
    if large := too_large(text, file, 1):
        return (large,)
    apart = take_apart(text, file, allowed)
    fault = (apart.fault,) if apart.fault else ()
    return (*fault, *unsafe(apart, text, allowed))


def cell_faults(text: str, file: str, line: int, allowed: Allowed) -> tuple[Finding, ...]:
    """What in a cell or an imported value is more than words.

    Every way in which a value may come to be read is looked at: as a page, as a line, and as the
    option or title of a record. `line` is the row; all findings are there.
    """
    if not _SHARP.search(text) and not any(True for _ in unseen(text)) and len(text) < MOST_VALUE:
        return ()
    found = [*text_findings(text, file, allowed)]
    if not found:
        check = _Check(Apart(file), allowed)
        found += check.value(" ".join(lines_of(text)), line, "this cell")
    at_row = (Finding(f.kind, f.message, f.fix, file, line, f.column, f.severity) for f in found)
    return tuple(dict.fromkeys(at_row))


class _Check:
    """The checks of one text."""

    def __init__(self, apart: Apart, allowed: Allowed) -> None:
        self.apart = apart
        self.allowed = allowed
        self.file = apart.file

    def too_large(self, text: str) -> Finding | None:
        """What would take a build too long."""
        if large := too_large(text, self.file, 1):
            return large
        for line, token, _ in self.apart.prose:
            if len(token.content) > MOST_PARAGRAPH:
                return finding(
                    "too-large",
                    f"This paragraph has {len(token.content):,} letters; it may have at most "
                    f"{MOST_PARAGRAPH:,}.",
                    "Break it into several, with a blank line between them.",
                    self.file,
                    line,
                )
        return None

    def letters(self, text: str) -> Iterator[Finding]:
        """Letters that nobody sees."""
        for line, name in unseen(text.replace("\r\n", "\n").replace("\r", "\n")):
            yield self._no(
                line,
                f"This line holds a sign that nobody sees ({name}).",
                "Type the line again instead of pasting it.",
            )

    def all(self) -> Iterator[Finding]:
        """Everything else."""
        for line, content, whole in self.apart.front:
            yield from self.front(line, content, whole)
        for part in self.apart.parts:
            yield from self.part(part)
        for line, token, place in self.apart.prose:
            yield from inline_faults(token, self.file, line, self.allowed, place)
        for line, token in self.apart.blocks:
            yield from self.block(line, token)
        for line, address in self.apart.targets:
            yield from self.address(address, line, Leads.LINK)

    # ------------------------------------------------------------------ the head of a page

    def head(self, text: str) -> Iterator[Finding]:
        """Dashes at the head that MyST would read as a front matter and Markdown would not."""
        if text.startswith("---") and not self.apart.front and not self.apart.fault:
            yield self._broken_front(1)

    def _broken_front(self, line: int) -> Finding:
        return self._no(
            line,
            "The front matter stands between two lines of exactly three dashes, at the head of "
            "a page.",
            "Write --- alone on its first and last line, and nothing like it between them; "
            "for a line across the page write *** instead.",
        )

    def front(self, line: int, content: str, whole: bool) -> Iterator[Finding]:
        """The front matter: known keys, each once, each with plain words."""
        if not whole:
            yield self._broken_front(line)
        for below, key, wrong in front_matter_faults(content, self.allowed.keys):
            if wrong == "not allowed":
                known = ", ".join(f"`{name}`" for name in sorted(self.allowed.keys))
                yield self._no(
                    line + below,
                    f"A page may not set `{shown(key)}` in its front matter.",
                    INSTEAD.get(key, f"Take the line away. Pages may set {known}."),
                )
            else:
                told = f" at `{shown(key)}`" if key else ""
                yield self._no(
                    line + below,
                    f"The front matter{told} {wrong}.",
                    'Write each key once, as in `title: A word` or `title: "A: word"`.',
                )

    # ------------------------------------------------------------------------------ blocks

    def part(self, part: Part) -> Iterator[Finding]:
        """A block: its name, its options, what stands after its name, its text."""
        block = self.allowed.block(part.name)
        if block is None:
            yield self._unknown(part)
            return
        for line, words in part.odd:
            yield self._no(
                line,
                f"`{shown(words.strip())}` is no option of the form `:name: words`.",
                "Write each option on a line of its own; put quotation marks around a value that "
                "begins with one of | > # or holds a blank and #.",
            )
        for name, value in part.options.items():
            yield from self._option(part, block, name, value, part.option_lines[name])
        if part.title:
            yield from self._title(part, block)
        yield from self._body(part, block)

    def _unknown(self, part: Part) -> Finding:
        near = part.name.strip().lower()
        if near != part.name and self.allowed.block(near):
            fix = f"Write {{{near}}}, in small letters."
        else:
            fix = INSTEAD.get(
                near.rpartition(":")[2],
                "docs/reference/allowed.md lists the blocks that a page may use.",
            )
        return self._no(part.line, f"A page may not use the block {{{shown(part.name)}}}.", fix)

    def _option(
        self, part: Part, block: Block, name: str, value: str, line: int
    ) -> Iterator[Finding]:
        if not block.free and block.options is not None and name not in block.options:
            known = ", ".join(f"`{one}`" for one in sorted(block.options)) or "none"
            yield self._no(
                line,
                f"A {{{part.name}}} may not have the option `{shown(name)}`.",
                f"Take the line away. Its options: {known}.",
            )
        elif name in _ADDRESSES:
            kind = part.options.get("link-type", "url") if name == "link" else "url"
            if kind == "url" or ":" in value:
                yield from self.address(value, line, _ADDRESSES[name])
        elif name == "filter":
            yield from self._filter(value, line)
        elif name == "id" and value and not _ID.match(value):
            yield self._no(
                line,
                f"An id may not be `{shown(value)}`.",
                "Write it with capital letters, figures and _, as in TERM_NUMBER_TALK.",
            )
        elif name.startswith("class") or name in ("name", "anchor", "figclass", "figname", "label"):
            if value and not _NAME.match(value):
                yield self._no(
                    line,
                    f"`{shown(value)}` is no name.",
                    "Write it with letters, figures and hyphens.",
                )
        else:
            yield from self.value(value, line, f"the option `{name}`")

    def _title(self, part: Part, block: Block) -> Iterator[Finding]:
        match block.takes:
            case Takes.PICTURE:
                yield from self.address(part.title, part.line, Leads.PICTURE)
            case Takes.ADDRESS:
                yield from self.address(part.title, part.line, Leads.LINK)
            case Takes.FILE:
                yield from self.address(part.title, part.line, Leads.TEXT)
            case Takes.TEXT | Takes.WORDS:
                if block.body is Body.MATHS:
                    yield from self.maths(part.title, part.line)
                else:
                    yield from self.value(part.title, part.line, "the title", heading=True)

    def _body(self, part: Part, block: Block) -> Iterator[Finding]:
        body = part.lines[1:]
        if block.body is Body.MATHS:
            yield from self.maths("\n".join(body), part.body)
        elif block.body is Body.PAGES:
            for number, words in enumerate(body):
                yield from self._entry(words.strip(), part.body + number)
        elif part.name.startswith("need"):
            yield from self._no_program(part, block)
        if block.cards:
            for number, words in enumerate(body):
                if _CARD_CUT.match(words):
                    yield self._no(
                        part.body + number,
                        f"A line of {words.strip()[:3]} cuts a card where nobody expects it.",
                        "Write a {card-header} or {card-footer} block in the card.",
                    )

    def _no_program(self, part: Part, block: Block) -> Iterator[Finding]:
        """sphinx-needs runs the lines of its tables and lists as a program that finds records."""
        first = part.title if block.takes is Takes.NOTHING else ""
        for number, words in enumerate((first, *part.lines[1:])):
            if words.strip():
                yield self._no(
                    part.body + number - 1 if number else part.line,
                    f"A {{{part.name}}} may not have a text: it would be run as a program.",
                    "Say what it finds with `:filter:`, as in type == 'term'.",
                )
                return

    def _entry(self, words: str, line: int) -> Iterator[Finding]:
        """An entry of a list of pages: `page` or `title <page>`."""
        if not words:
            return
        found = _ENTRY.match(words)
        if found:
            yield from self.value(found["title"], line, "the title", heading=True)
        yield from self.address(found["page"] if found else words, line, Leads.PAGE)

    def block(self, line: int, token: Token) -> Iterator[Finding]:
        """A block without a name: a formula, a comment, a line across."""
        if token.type in ("math_block", "math_block_label", "amsmath"):
            yield from self.maths(token.content, line)
        elif token.type == "myst_target":
            if _NAME.match(token.content):
                return
            yield self._no(
                line,
                f"`{shown(token.content)}` is no name of a place.",
                "Write it with letters, figures and hyphens.",
            )
        elif token.type not in _BLOCKS:
            yield self._no(
                line,
                "This is nothing that a page may hold.",
                "Write it as text, a list, a table or a block of the manual.",
            )

    # ------------------------------------------------------------------------------ values

    def value(self, words: str, line: int, what: str, heading: bool = False) -> Iterator[Finding]:
        """A title or the value of an option, which may be read as a line or as a block."""
        if len(words) > MOST_VALUE:
            yield finding(
                "too-large",
                f"{what[0].upper()}{what[1:]} has {len(words):,} letters; it may have "
                f"{MOST_VALUE:,}.",
                "Write it below, as text.",
                self.file,
                line,
            )
            return
        if not _SHARP.search(words):
            return
        if "[[" in words or "<<" in words or "<{" in words:
            yield self._no(
                line,
                f"{what[0].upper()}{what[1:]} may not compute anything: {shown(words)}",
                "Write the words themselves; [[, << and <{ cannot stand there.",
            )
        for token in inline_tokens(words, {}, self.allowed.extensions):
            yield from inline_faults(
                token, self.file, line, self.allowed, "heading" if heading else "value", one=True
            )
        for token in tokens(words, {}, self.allowed.extensions):
            if token.type == "inline":
                yield from inline_faults(token, self.file, line, self.allowed, "value", one=True)
            elif token.type in ("fence", "colon_fence", "front_matter", "math_block", "amsmath"):
                yield self._no(
                    line,
                    f"A block may not stand in {what}: {shown(words)}",
                    "Write it below, on lines of its own.",
                )

    def address(self, address: str, line: int, leads: Leads) -> Iterator[Finding]:
        """Where a link, picture or file leads."""
        wrong = link_fault(address, self.file, leads)
        if wrong:
            yield self._no(line, *wrong)

    def maths(self, formula: str, line: int) -> Iterator[Finding]:
        """A formula that does more than show one."""
        if wrong := tex_fault(formula):
            yield self._no(
                line + formula[: max(0, formula.find(wrong))].count("\n"),
                f"A formula may not use {shown(wrong)}.",
                "Write the formula with the usual commands; put links and explanations beside it.",
            )

    def _filter(self, written: str, line: int) -> Iterator[Finding]:
        if is_portable(written) is False:
            yield not_portable(written, self.file, line)

    def _no(self, line: int, message: str, fix: str) -> Finding:
        return finding("not-allowed", message, fix, self.file, line)


#: Blocks without a name that are only words.
_BLOCKS = frozenset(
    {"fence", "code_block", "hr", "myst_line_comment", "myst_block_break", "footnote_anchor"}
)


def not_portable(written: str, file: str, line: int) -> Finding:
    """A filter that is more than a comparison."""
    return finding(
        "not-allowed",
        f"The filter `{shown(written.strip())}` may only compare fields.",
        "Write it as in: type == 'term' and status in ['planned', 'active'].",
        file,
        line,
    )
