"""A page taken apart as a build takes it apart: its blocks, its running words, its comments.

The same parser with the same rules as the build's, so that what is said here of a page is what
Sphinx will make of it. Nothing here knows Sphinx.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import make_fence_rule
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

_INFO = re.compile(r"\{(?P<name>[^\s}]+)\}[ \t]*(?P<title>.*)$", re.DOTALL)
_OPTION = re.compile(r"[ \t]*:(?!::)(?P<name>[\w-]+):(?:[ \t]+(?P<value>.*))?$")
_YAML = re.compile(r"(?P<name>[\w-]+)[ \t]*:(?:[ \t]+(?P<value>.*))?$")
#: Blocks whose content is no Markdown.
LITERAL = frozenset(
    (
        "code",
        "code-block",
        "csv-table",
        "eval-rst",
        "literalinclude",
        "math",
        "mermaid",
        "raw",
        "sourcecode",
        "toctree",
    )
)
_GROUPS = frozenset(("bullet_list", "ordered_list", "table", "dl"))


@dataclass(frozen=True, slots=True)
class Block:
    """A directive: lines count from 1, `end` is the line after its last.

    `lines` is what it holds below its options, and `body` the first of them. `name` is in small
    letters, as docutils reads it.
    """

    name: str
    title: str
    options: Mapping[str, str]
    option_lines: Mapping[str, int]
    line: int
    end: int
    body: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Running words: a paragraph, a heading, the cells of a row; lines from `line` to before `end`.

    `group` are the lines of the list or table they stand in (their own when in none), `item` those
    of the list item, `kind` the Markdown token that holds them.
    """

    line: int
    end: int
    kind: str
    group: tuple[int, int]
    item: tuple[int, int] | None
    tokens: tuple[Token, ...]


@dataclass(slots=True)
class Parts:
    """All parts of a page, those inside a block after it.

    `hidden` are the lines of comments, as (first, line after the last).
    """

    blocks: list[Block] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    hidden: list[tuple[int, int]] = field(default_factory=list)


def lines_of(text: str) -> list[str]:
    """The lines as Markdown counts them, without their ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def parts_of(text: str) -> Parts:
    """Takes a page apart."""
    found = Parts()
    _read(lines_of(text), 0, found)
    return found


@cache
def _markdown() -> MarkdownIt:
    """The build's parser: myst_parser's own, with what conf.py switches on and off."""
    markdown = MarkdownIt("commonmark").enable("table")
    markdown.use(front_matter_plugin).use(myst_block_plugin).use(myst_role_plugin)
    markdown.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    markdown.block.ruler.before(
        "fence",
        "colon_fence",
        make_fence_rule(markers=(":",), token_type="colon_fence"),
        {"alt": ["paragraph", "reference", "blockquote", "list", "footnote_def"]},
    )
    return markdown.use(deflist_plugin).disable(["html_block", "html_inline"])


def _read(lines: Sequence[str], before: int, found: Parts) -> None:
    """Take these lines apart; `before` is the number of the page's lines above them."""
    groups: list[tuple[int, int]] = []
    items: list[tuple[int, int]] = []
    rows: dict[tuple[int, int], list[Token]] = {}
    kind = ""
    for token in _markdown().parse("\n".join(lines)):
        name = token.type.rpartition("_")[0]
        if token.nesting < 0:
            if name in _GROUPS:
                groups.pop()
            elif name == "list_item":
                items.pop()
            continue
        start, end = token.map or (0, 0)
        here = (before + start + 1, before + max(end, start + 1) + 1)
        if token.type == "inline":
            cells = rows.setdefault(here, [])
            if not cells:
                group = groups[0] if groups else here
                item = items[-1] if items else None
                found.words.append(Words(*here, kind, group, item, ()))
            cells.append(token)
            found.words[-1] = _with_tokens(found.words[-1], cells)
        elif token.type in ("fence", "colon_fence"):
            _block(token, here, found)
        elif token.type in ("myst_line_comment", "myst_block_break"):
            found.hidden.append(here)
        elif token.nesting > 0:
            kind = name
            if name in _GROUPS:
                groups.append(here)
            elif name == "list_item":
                items.append(here)


def _with_tokens(words: Words, tokens: Sequence[Token]) -> Words:
    return Words(words.line, words.end, words.kind, words.group, words.item, tuple(tokens))


def _block(token: Token, here: tuple[int, int], found: Parts) -> None:
    info = _INFO.match(token.info.strip())
    if not info:
        return
    lines = token.content.removesuffix("\n").split("\n")
    options, places, number = _options(lines, here[0])
    block = Block(
        info["name"].lower(),
        info["title"].strip(),
        options,
        places,
        *here,
        here[0] + 1 + number,
        tuple(lines[number:]),
    )
    found.blocks.append(block)
    if block.name not in LITERAL:
        _read(block.lines, block.body - 1, found)


def _options(lines: Sequence[str], line: int) -> tuple[dict[str, str], dict[str, int], int]:
    """A block's options, the line of each, and how many lines they take."""
    options: dict[str, str] = {}
    places: dict[str, int] = {}
    yaml = lines[0].startswith("---")
    number = 1 if yaml else 0
    while number < len(lines):
        read = (_YAML if yaml else _OPTION).match(lines[number])
        if not read:
            break
        options[read["name"].lower()] = (read["value"] or "").strip().strip("\"'" if yaml else "")
        places[read["name"].lower()] = line + 1 + number
        number += 1
    if yaml and number < len(lines) and lines[number].startswith("---"):
        number += 1
    return options, places, number


def all_tokens(words: Words) -> Iterator[Token]:
    """The signs of running words: links, pictures, roles and text, in order."""
    for token in words.tokens:
        yield from token.children or ()
