"""A page's text taken apart as a build would take it apart: once, for every check of it.

Blocks within blocks, lines of text, links' targets and the front matter are found with the parser
that MyST has, by the rules by which MyST finds a block's options and its text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it.token import Token

from living_manual.core.allowed import Allowed, Block, Body, Takes
from living_manual.core.finding import Finding, finding
from living_manual.core.markdown import tokens
from living_manual.core.safe_links import shown

_OPTION = re.compile(r"[ \t]*:(?P<name>[\w-]+):(?:[ \t]+(?P<value>.*))?$")
_YAML = re.compile(r"(?P<name>[\w-]+)[ \t]*:(?:[ \t]+(?P<value>.*))?$")
#: A value that is what it says: not cut at a #, nor carried on to the next line, nor unquoted.
_PLAIN = re.compile(r"""(?![\s|>#"'])(?:(?!\s#)[^\t])*|"[^"\\\t]*"|'[^'\t]*'""")
_TICKS = re.compile(r"[ \t]*`{3,}\{(?P<name>[\w-]+)\}(?P<title>.*`.*)$")
#: Blocks inside blocks; each level parses the text again.
MOST_LEVELS = 10
#: Blocks on a page: beyond it a page is a table, and belongs into one.
MOST_BLOCKS = 3000


@dataclass(frozen=True, slots=True)
class Part:
    """A block as Markdown finds it; lines count from 1, `body` is its content's first line.

    `lines` are what stands after its name, and the lines of its content. `odd` are lines among its
    options that a build would read otherwise than a person does.
    """

    name: str
    line: int
    options: Mapping[str, str]
    option_lines: Mapping[str, int]
    body: int
    lines: tuple[str, ...]
    odd: tuple[tuple[int, str], ...] = ()
    within: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What stands after its name."""
        return self.lines[0]


@dataclass(slots=True)
class Apart:
    """A page taken apart. `fault` is set where the rest can no longer be told apart.

    `prose` are the lines of text that are in no block but as Markdown, with their kind of place
    (`heading`, `paragraph`, ...), `fences` the code that is shown, `front` the front matter.
    """

    file: str
    parts: list[Part] = field(default_factory=list)
    prose: list[tuple[int, Token, str]] = field(default_factory=list)
    blocks: list[tuple[int, Token]] = field(default_factory=list)
    front: list[tuple[int, str, bool]] = field(default_factory=list)
    targets: list[tuple[int, str]] = field(default_factory=list)
    env: dict[str, Any] = field(default_factory=dict)
    fault: Finding | None = None

    def included(self) -> tuple[tuple[str, int], ...]:
        """The files whose text the page takes in as its own, as it names them, with the lines."""
        return tuple(
            (part.title.strip(), part.line)
            for part in self.parts
            if part.name == "include" and not {"literal", "code", "parser"} & part.options.keys()
        )


class _FaultError(Exception):
    """What follows on the page can no longer be told apart."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.message)
        self.found = found


def take_apart(text: str, file: str, allowed: Allowed) -> Apart:
    """A text's parts; what it says of a text that Markdown cannot take apart is in `fault`."""
    walk = _Walk(Apart(file), allowed)
    try:
        walk.text(lines_of(text), 0, ())
    except _FaultError as error:
        walk.apart.fault = error.found
    except (RecursionError, ValueError, IndexError, AttributeError, TypeError):
        # A parser that stops at a text here would stop a build there, without a place.
        walk.apart.fault = finding(
            "not-allowed",
            "This text cannot be taken apart as Markdown.",
            "Take away what was added last, and save it a part at a time.",
            file,
            1,
        )
    walk.note_targets()
    return walk.apart


def lines_of(text: str) -> list[str]:
    """The lines as Markdown counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


class _Walk:
    """Goes through a text and the blocks in it, in the order in which a build does."""

    def __init__(self, apart: Apart, allowed: Allowed) -> None:
        self.apart = apart
        self.allowed = allowed

    def text(self, lines: Sequence[str], before: int, outer: tuple[Part, ...]) -> None:
        """Everything in these lines; blocks as they come, each with what is inside it."""
        place, line = "", before + 1
        for token in tokens("\n".join(lines), self.apart.env, self.allowed.extensions):
            if token.type.endswith("_open"):
                place = token.type.removesuffix("_open")
            line = before + token.map[0] + 1 if token.map else line
            if token.type == "inline":
                self._prose(token, line, place)
            elif token.type in ("fence", "colon_fence"):
                self._block(token, lines, line, outer)
            elif token.type == "front_matter":
                whole = _closes_front_matter(lines, token)
                self.apart.front.append((line, token.content, whole and not outer))
            elif token.nesting == 0:
                self.apart.blocks.append((line, token))

    def note_targets(self) -> None:
        """The addresses that links of the page go to by a name, used or not."""
        env = self.apart.env
        named = [*env.get("references", {}).values(), *env.get("duplicate_refs", [])]
        self.apart.targets += [(one["map"][0] + 1, one["href"]) for one in named]

    def _prose(self, token: Token, line: int, place: str) -> None:
        self.apart.prose.append((line, token, place))
        if "```" not in token.content:
            return
        for number, words in enumerate(token.content.split("\n")):
            if lost := _TICKS.match(words):
                raise self._fault(
                    "backtick-in-title",
                    f"The title of this {lost['name']} holds a backtick, so that the block is "
                    "none.",
                    "Open and close the block with ::: in place of ```, or leave the backtick out.",
                    line + number,
                )

    def _block(
        self, token: Token, lines: Sequence[str], line: int, outer: tuple[Part, ...]
    ) -> None:
        words = token.info.strip().split(maxsplit=1)
        name = words[0] if words else ""
        named = name.startswith("{") and name.endswith("}")
        if not named and token.type == "colon_fence":
            raise self._fault(*_not_named(token, name), line)
        if not _closed(token, lines):
            raise self._not_closed(token, f"{shown(name)} block" if named else "code", line, outer)
        if not named:
            if name.startswith("{"):
                raise self._fault(*_not_named(token, name), line)
            self.apart.blocks.append((line, token))
            return
        if len(outer) >= MOST_LEVELS or len(self.apart.parts) >= MOST_BLOCKS:
            raise self._fault(
                "too-large",
                f"Blocks stand inside one another more than {MOST_LEVELS} deep, or there are more "
                f"than {MOST_BLOCKS}.",
                "Take them out of one another, or make several pages.",
                line,
            )
        self._named(name[1:-1], words[1] if len(words) > 1 else "", token, line, outer)

    def _named(
        self, name: str, title: str, token: Token, line: int, outer: tuple[Part, ...]
    ) -> None:
        block = self.allowed.block(name)
        within = tuple(part.name for part in outer)
        part = _part(name, title, token.content, line, block, within)
        self.apart.parts.append(part)
        if block and block.body not in (Body.TEXT, Body.NONE):
            return
        if not block and name in _SHOWN:
            return
        first, body = part.body, list(part.lines[1:])
        if body and not body[0].strip():  # as MyST does; a --- on the next line would be the first
            first, body = first + 1, body[1:]
        if (block is None or block.takes is Takes.NOTHING) and title:
            first, body = part.body - 1, [title, *part.lines[1:]]
        self.text(body, first - 1, (*outer, part))

    def _not_closed(
        self, token: Token, name: str, line: int, outer: tuple[Part, ...]
    ) -> _FaultError:
        if not outer:
            return self._fault(
                "block-not-closed",
                f"This {name} is not closed: everything below it belongs to it.",
                f"Write {token.markup} on a line of its own where it ends.",
                line,
            )
        return self._fault(
            "block-not-closed",
            f"This {{{shown(outer[-1].name)}}} block ends where the {name} of line {line} should.",
            f"Close it above line {line}; or, if the other stands inside it, open and close "
            "this one with one more sign than the other.",
            outer[-1].line,
        )

    def _fault(self, kind: str, message: str, fix: str, line: int) -> _FaultError:
        return _FaultError(finding(kind, message, fix, self.apart.file, line))


#: Blocks that no page may use and whose content is no Markdown: it is not taken apart.
_SHOWN = frozenset("sourcecode literalinclude mermaid raw csv-table eval-rst".split())  # noqa: SIM905


def _not_named(token: Token, name: str) -> tuple[str, str, str]:
    if name.startswith("{"):
        return (
            "not-allowed",
            f"The name of this block, {shown(name)}, does not end where it should.",
            "Write the name between { and }, then a blank, then the title.",
        )
    return (
        "block-not-closed",
        f"The {token.markup} here closes nothing: the block above it has ended before.",
        "Take it away; or, if a block ended too early, open that one with one colon more "
        "than the blocks inside it.",
    )


def _closed(token: Token, lines: Sequence[str]) -> bool:
    """Whether the last line of a block is the one that closes it."""
    assert token.map is not None
    start, end = token.map
    last = lines[min(end, len(lines)) - 1].strip(" \t>")
    return end - 1 > start and len(last) >= len(token.markup) and not last.strip(token.markup[0])


def _closes_front_matter(lines: Sequence[str], token: Token) -> bool:
    """Whether the lines around the front matter are three dashes and nothing else.

    MyST looks at the front matter twice, with two ideas of where it ends; they agree on this form.
    """
    assert token.map is not None
    start, end = token.map
    inner = lines[start + 1 : end - 1]
    return (
        lines[start].rstrip() == lines[end - 1].rstrip() == "---"
        and end - 1 > start
        and not any(line.startswith(("---", "...")) for line in inner)
    )


def _part(
    name: str, title: str, content: str, line: int, block: Block | None, within: Collection[str]
) -> Part:
    """A block's options, and its argument and the lines of its body."""
    lines = content.split("\n")
    options: dict[str, str] = {}
    places: dict[str, int] = {}
    odd: list[tuple[int, str]] = []
    number = 0
    if block is None or block.options is not None:
        yaml = content.startswith("---")
        number = int(yaml)
        while number < len(lines) and _is_option(lines[number], yaml):
            words = lines[number]
            found = (_YAML if yaml else _OPTION).match(words)
            value = (found["value"] or "").strip(" ") if found else ""
            if not found or not _PLAIN.fullmatch(value):
                odd.append((line + 1 + number, words))
            if found:
                options[found["name"]] = _unquoted(value)
                places[found["name"]] = line + 1 + number
            number += 1
        if yaml:
            ends = lines[number] if number < len(lines) else ""
            if lines[0].rstrip() != "---" or ends.rstrip() != "---":
                odd.append((line + 1 + min(number, len(lines) - 1), ends))
            number += number < len(lines)
    rest = (title, *lines[number:])
    return Part(name, line, options, places, line + 1 + number, rest, tuple(odd), tuple(within))


def _is_option(line: str, yaml: bool) -> bool:
    """Whether MyST takes a line as an option's; anything may stand between lines of ---."""
    if yaml:
        return not line.startswith("---")
    words = line.lstrip()
    return words.startswith(":") and not words.startswith(":::")


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value
