"""Cut a public page's text for the public edition: what only staff see is not in it any more.

A page is staff unless its front matter says `edition: public`. On a public page, `{staff}` blocks
and spans, records with `:edition: staff` and comments are taken out; the number of lines stays, so
that findings can name the writer's line. Whatever cannot be told apart is a finding, and then the
page is not in the public edition at all: nothing is published by a slip of the pen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from living_manual.core.allowed import Allowed
from living_manual.core.edition import EDITIONS, PUBLIC, STAFF
from living_manual.core.finding import Finding, finding
from living_manual.core.front_matter import Front, front_of
from living_manual.core.page_blocks import Block, Parts, Words, all_tokens, lines_of, parts_of
from living_manual.core.page_faults import faults
from living_manual.core.page_parts import take_apart
from living_manual.core.words import listed

#: What records hold that is not published unless the page's `public_fields` name it.
WITHHELD = ("contact",)
_SPAN = re.compile(r"\{staff\}(?P<ticks>`+)(?!`)(?P<words>.+?)(?P=ticks)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
#: What is left of a mark that nobody could read.
_LEFT = re.compile(r"\{\s*staff|:staff:\s*`|\.\.\s+staff\s*::|<!--", re.IGNORECASE)
_LEFT_OPTION = re.compile(r"^\W*edition[\"']?\s*:", re.IGNORECASE)
_MARKERS = re.compile(r"[\s>]*(?:(?:[-*+]|#{1,6}|\d+[.)]|:)(?=\s|$)[\s>]*)*")
_CELLS = re.compile(r"[\s>|]*")
_HOW = "Write {staff}`words` within a line, or :::{staff} and ::: on lines of their own."


@dataclass(frozen=True, slots=True)
class CutPage:
    """A page as the public edition has it; `text` is None when it has it not.

    `lines` is the writer's line of each line of the text, `parts` the text taken apart.
    """

    front: Front
    text: str | None = None
    lines: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()
    parts: Parts = field(default_factory=Parts)


def cut_page(text: str, file: str, prefixes: Mapping[str, str]) -> CutPage:
    """The public part of a page; `prefixes` are the types of record with what ids start with."""
    front = front_of(text, file)
    if not front.public:
        said = (*front.findings, *_public_on_staff_page(text, file, prefixes))
        return CutPage(front, findings=said)
    broken = faults(take_apart(text, file, Allowed(records=frozenset(prefixes))), prefixes)
    if broken:
        return CutPage(front, findings=broken)
    cutter = _Cutter(text, file, prefixes, front)
    cutter.cut()
    if cutter.found:
        return CutPage(front, findings=tuple(cutter.found))
    result = cutter.result()
    cut = "\n".join(result)
    parts = cutter.parts if result == lines_of(text) else parts_of(cut)
    return CutPage(front, cut, cutter.numbers(), parts=parts)


def _public_on_staff_page(text: str, file: str, prefixes: Mapping[str, str]) -> tuple[Finding, ...]:
    """Records that say they are public on a page that is not, and what says no edition at all."""
    if "edition" not in text:
        return ()
    found = []
    for block in parts_of(text).blocks:
        said = block.options.get("edition")
        if said is None or block.name not in prefixes:
            continue
        line = block.option_lines["edition"]
        if said == PUBLIC:
            found.append(
                finding(
                    "edition-on-staff-page",
                    f"This {block.name} says that it is public, and its page is not: nobody but "
                    "staff sees it.",
                    "Write `edition: public` between --- lines at the top of the page, or take "
                    "`:edition: public` away.",
                    file,
                    line,
                )
            )
        elif said != STAFF:
            found.append(_value(said, file, line))
    return tuple(found)


def _value(said: str, file: str, line: int) -> Finding:
    message = f"'{said}' is no edition: a record is {listed(EDITIONS, 'or')}."
    fix = "Write `:edition: staff`, or leave it out: then it is as its page."
    return finding("edition-value", message, fix, file, line)


class _Cutter:
    """Cuts one page. Lines count from 1 outside, and from 0 in `lines`."""

    def __init__(self, text: str, file: str, prefixes: Mapping[str, str], front: Front) -> None:
        self.file, self.prefixes, self.front = file, prefixes, front
        self.lines = lines_of(text)
        self.parts: Parts = parts_of(text)
        self.found: list[Finding] = []
        self.gone: set[int] = set()
        """Lines of blocks and comments that are taken out, from 1."""
        self.drops: dict[tuple[int, int], set[int]] = {}
        """Lines that leave no hole, from 1, by the lines of the list or paragraph they stood in."""
        self.options: set[int] = set()
        """Lines whose `edition` was understood."""

    def cut(self) -> None:
        """Blocks first, then spans in what is left, then comments; what remains is looked at."""
        for block in self.parts.blocks:
            if block.line not in self.gone:
                self._cut_block(block)
        for first, end in self.parts.hidden:
            self.gone.update(range(first, end))
        for number in self.gone:
            self.lines[number - 1] = ""
        touched = [words for words in self.parts.words if self._cut_spans(words)]
        for words in touched:
            self._close_up(words)
        self._cut_comments()
        self._look_at_rest()

    # Blocks

    def _cut_block(self, block: Block) -> None:
        said = block.options.get("edition")
        if said is not None:
            line = block.option_lines["edition"]
            self.options.add(line)
            if block.name not in self.prefixes:
                fix = f"Put the {{{block.name}}} block into a {{staff}} block instead."
                message = f"A {{{block.name}}} block has no edition of its own."
                self.found.append(finding("edition-value", message, fix, self.file, line))
            elif said not in EDITIONS:
                self.found.append(_value(said, self.file, line))
        if block.name == "staff" or (said is not None and said != PUBLIC):
            self.gone.update(range(block.line, block.end))
        elif block.name in self.prefixes:
            for name in WITHHELD:
                if name in block.options and name not in self.front.fields:
                    self._withhold(block, block.option_lines[name])

    def _withhold(self, block: Block, line: int) -> None:
        """Take an option out; a blank line among the options would end them."""
        self.lines[line - 1] = ""
        self.drops.setdefault((block.line + 1, block.end - 1), set()).add(line)

    # Spans

    def _cut_spans(self, words: Words) -> bool:
        """Take the spans out of running words; whether there were any."""
        if words.line in self.gone:
            return False
        roles = [
            token
            for token in all_tokens(words)
            if token.type == "myst_role" and token.meta["name"] == "staff"
        ]
        raw = "\n".join(self.lines[words.line - 1 : words.end - 1])
        if not roles:
            return False
        spans = list(_SPAN.finditer(raw))
        if any(role.level for role in roles):
            self._unclear(
                words.line,
                "A {staff} span stands inside bold, slanted or linked words.",
                "Put {staff} around the whole: {staff}`**words**`.",
            )
        elif [_plain(span["words"]) for span in spans] != [_plain(role.content) for role in roles]:
            self._unclear(words.line, "It cannot be told where a {staff} span ends.", _HOW)
        else:
            for span in reversed(spans):
                raw = _without(raw, span.start(), span.end())
            self.lines[words.line - 1 : words.end - 1] = raw.split("\n")
            return True
        return False

    def _close_up(self, words: Words) -> None:
        """Take out the lines that held nothing but spans, so that a list stays one list."""
        for number in range(words.line, words.end):
            line = self.lines[number - 1]
            row = words.kind in ("td", "th") and _CELLS.fullmatch(line)
            if not row and not _MARKERS.fullmatch(line):
                continue
            if words.kind in ("heading", "dt", "th"):
                self._unclear(
                    number,
                    "A heading, a term or the head of a table is for staff alone, and what "
                    "belongs to it is not.",
                    "Put all of it into a :::{staff} block, or on a staff page.",
                )
            elif words.item and number == words.item[0] and self._more_in(words.item):
                self._unclear(
                    number,
                    "The first words of a point are for staff, and more stands under it.",
                    "Put the whole point into a :::{staff} block.",
                )
            self.lines[number - 1] = ""
            self.drops.setdefault(words.group, set()).add(number)

    def _more_in(self, item: tuple[int, int]) -> bool:
        first, end = item
        return any(not _MARKERS.fullmatch(line) for line in self.lines[first : end - 1])

    # Comments, and the rest

    def _cut_comments(self) -> None:
        for number in range(1, self.front.lines - 1):
            if self.lines[number].lstrip().startswith("#"):
                self.lines[number] = ""
        text = "\n".join(self.lines)
        if "<!--" in text:
            kept = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text).split("\n")
            pairs = zip(kept, self.lines, strict=True)
            self.lines = [new if new == old else new.rstrip() for new, old in pairs]

    def _look_at_rest(self) -> None:
        for number, line in enumerate(self.lines, 1):
            if number > self.front.lines and _LEFT_OPTION.match(line):
                if number not in self.options:
                    message = "This 'edition' is not an option of a record."
                    self._unclear(
                        number,
                        message,
                        "Write `:edition: staff` among the record's options, with no blank line "
                        "above it; if these are words, begin the line with another word.",
                    )
            elif left := _LEFT.search(line):
                what = "comment" if left[0] == "<!--" else "{staff} mark"
                self._unclear(number, f"It cannot be told where this {what} begins and ends.", _HOW)

    def _unclear(self, line: int, message: str, fix: str) -> None:
        self.found.append(finding("edition-unclear", message, fix, self.file, line))

    # What comes of it

    def _order(self) -> list[int]:
        """The lines of the page, from 0, in the order of the cut text."""
        order = list(range(len(self.lines)))
        for (first, end), dropped in sorted(self.drops.items(), key=lambda it: it[0][1] - it[0][0]):
            part = order[first - 1 : end - 1]
            stays = [index for index in part if index + 1 not in dropped]
            order[first - 1 : end - 1] = stays + [index for index in part if index + 1 in dropped]
        return order

    def result(self) -> list[str]:
        """The lines of the cut text."""
        return [self.lines[index] for index in self._order()]

    def numbers(self) -> tuple[int, ...]:
        """The writer's line of each of them."""
        return tuple(index + 1 for index in self._order())


def _plain(words: str) -> str:
    return " ".join(words.split())


def _without(raw: str, start: int, end: int) -> str:
    """Text without a stretch; of the blanks on both its sides one stays, and its line ends stay."""
    before, after = raw[:start], raw[end:]
    line = before.rpartition("\n")[2]
    begins = _MARKERS.fullmatch(line) or line.rstrip().endswith("|")
    if not begins and line.endswith(" ") and (not after or after[0] in " \n.,;:!?)"):
        before = before.rstrip(" ")
    return before + "\n" * raw[start:end].count("\n") + after


def records_in(parts: Parts, prefixes: Collection[str]) -> set[str]:
    """The ids that a page's records declare."""
    blocks = (block for block in parts.blocks if block.name in prefixes)
    return {block.options["id"] for block in blocks if block.options.get("id")}
