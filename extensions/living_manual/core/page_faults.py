"""What is wrong with a page's text and would else be lost without a word, or stop the build.

A block that is not closed takes all that follows with it; a record after a blank line loses its
options. The page is taken apart as Markdown takes it apart, so that what is said here is what a
build would make of it. Nothing here knows Sphinx.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from living_manual.core.finding import Finding, finding

_INFO = re.compile(r"\{(?P<name>[^\s}]+)\}[ \t]*(?P<title>.*)$", re.DOTALL)
_OPTION = re.compile(r"[ \t]*:(?!::)(?P<name>[\w-]+):(?:[ \t]+(?P<value>.*))?$")
_YAML = re.compile(r"(?P<name>[\w-]+)[ \t]*:[ \t]*(?P<value>.*)$")
_COUNT = re.compile(r"\{need_count\}`(?P<filter>[^`]*)`")
_TICKS = re.compile(r"[ \t]*`{3,}\{(?P<name>[\w-]+)\}(?P<title>.*`.*)$")
#: Blocks whose content is no Markdown.
_LITERAL = frozenset(
    "code code-block sourcecode literalinclude math mermaid raw csv-table toctree".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Part:
    """A directive as Markdown finds it; lines count from 1, `body` is its content's first line."""

    name: str
    line: int
    options: Mapping[str, str]
    option_lines: Mapping[str, int]
    body: int
    lines: tuple[str, ...]


class _FaultError(Exception):
    """What follows on the page can no longer be told apart."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.message)
        self.found = found


def faults(text: str, file: str, prefixes: Mapping[str, str]) -> tuple[Finding, ...]:
    """Everything that is wrong; `prefixes` are the types of record with what their ids start with.

    Where a block is not closed, only that is told: the rest of the page belongs to it.
    """
    page = _Page(file)
    try:
        parts = list(page.parts(_lines(text), 0, None))
    except _FaultError as fault:
        return (fault.found,)
    found: list[Finding] = []
    for part in parts:
        found += _record_faults(part, file, prefixes)
        written = part.options.get("filter", "") if part.name.startswith("need") else ""
        if written:
            found += _filter_faults(written, file, part.option_lines["filter"])
    for line, words in page.prose:
        for match in _COUNT.finditer(words):
            at = line + words[: match.start()].count("\n")
            for one in match["filter"].split(" ? "):
                found += _filter_faults(one, file, at)
    return tuple(found)


def included(text: str) -> tuple[tuple[str, int], ...]:
    """The files whose text a page takes in as its own, as it names them, with the lines."""
    try:
        parts = list(_Page("").parts(_lines(text), 0, None))
    except _FaultError:
        return ()
    return tuple(
        (part.lines[0].strip(), part.line)
        for part in parts
        if part.name == "include" and not {"literal", "code", "parser"} & part.options.keys()
    )


def _lines(text: str) -> list[str]:
    """The lines as Markdown counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


class _Page:
    """Takes a page apart; `prose` is (line, text) of what is no block."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.prose: list[tuple[int, str]] = []
        self.markdown = MarkdownIt("commonmark").use(front_matter_plugin)
        self.markdown.use(deflist_plugin).use(colon_fence_plugin)

    def parts(self, lines: Sequence[str], before: int, outer: Part | None) -> Iterator[Part]:
        """Every directive in these lines, those inside another after it."""
        for token in self.markdown.parse("\n".join(lines)):
            if token.map is None:
                continue
            line = before + token.map[0] + 1
            if token.type == "inline":
                self._prose(token, line)
            elif token.type in ("fence", "colon_fence"):
                yield from self._block(token, lines, line, outer)

    def _prose(self, token: Token, line: int) -> None:
        self.prose.append((line, token.content))
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
        self, token: Token, lines: Sequence[str], line: int, outer: Part | None
    ) -> Iterator[Part]:
        assert token.map is not None
        info = _INFO.match(token.info.strip())
        if not info and token.type == "colon_fence":
            raise self._fault(
                "block-not-closed",
                f"The {token.markup} here closes nothing: the block above it has ended before.",
                "Take it away; or, if a block ended too early, open that one with one colon more "
                "than the blocks inside it.",
                line,
            )
        if not _closed(token, lines):
            name = f"{{{info['name']}}} block" if info else "code"
            if outer is None:
                raise self._fault(
                    "block-not-closed",
                    f"This {name} is not closed: everything below it belongs to it.",
                    f"Write {token.markup} on a line of its own where it ends.",
                    line,
                )
            raise self._fault(
                "block-not-closed",
                f"This {{{outer.name}}} block ends where the {name} of line {line} should.",
                f"Close it above line {line}; or, if the other stands inside it, open and close "
                "this one with one more sign than the other.",
                outer.line,
            )
        if not info:
            return
        part = _part(info["name"], info["title"], token.content, line)
        yield part
        if part.name not in _LITERAL:
            body = part.lines[1:]
            yield from self.parts(body, part.body - 1, part)

    def _fault(self, kind: str, message: str, fix: str, line: int) -> _FaultError:
        return _FaultError(Finding(kind, message, fix, self.file, line))


def _closed(token: Token, lines: Sequence[str]) -> bool:
    """Whether the last line of a block is the one that closes it."""
    assert token.map is not None
    start, end = token.map
    last = lines[min(end, len(lines)) - 1].strip(" \t>")
    return end - 1 > start and len(last) >= len(token.markup) and not last.strip(token.markup[0])


def _part(name: str, title: str, content: str, line: int) -> Part:
    """A block's options, and its argument and the lines of its body."""
    lines = content.split("\n")
    options: dict[str, str] = {}
    places: dict[str, int] = {}
    yaml = lines[0].startswith("---")
    number = 1 if yaml else 0
    while number < len(lines):
        found = (_YAML if yaml else _OPTION).match(lines[number])
        if not found:
            break
        options[found["name"]] = (found["value"] or "").strip()
        places[found["name"]] = line + 1 + number
        number += 1
    number += yaml and number < len(lines)
    return Part(name, line, options, places, line + 1 + number, (title, *lines[number:]))


def _record_faults(part: Part, file: str, prefixes: Mapping[str, str]) -> Iterator[Finding]:
    """Options of a record that a blank line has made part of its text."""
    if part.name not in prefixes:
        return
    body = [(part.body + number, words) for number, words in enumerate(part.lines[1:])]
    while body and not body[0][1].strip():
        body.pop(0)
    late: dict[str, int] = {}
    for number, words in body:
        option = _OPTION.match(words)
        if not option:
            break
        late.setdefault(option["name"], number)
    if "id" not in part.options:
        yield finding(
            "missing-id",
            f"This {part.name} has no id.",
            f"Add `:id: {prefixes[part.name]}...` as the first line of the block; a blank line "
            "before the options makes them part of the text.",
            file,
            part.line,
        )
    elif late:
        name, number = next(iter(late.items()))
        yield finding(
            "option-as-text",
            f"The option '{name}' stands after a blank line, which makes it part of the text.",
            "Take the blank line above it away.",
            file,
            number,
        )


def _filter_faults(written: str, file: str, line: int) -> Iterator[Finding]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python has its own opinion of odd escapes
            ast.parse(written.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield finding(
            "filter",
            f"The filter `{written.strip()}` cannot be understood.",
            "Write it as in: type == 'term' and status == 'planned'.",
            file,
            line,
        )
