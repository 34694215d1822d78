"""Pages as people write them: find the records in a page's text and change a title or a list.

Only what an import changes is touched; every other sign of a page, its line ends too, stays as it
is. Nothing here knows Sphinx: a page that an import looks at may not build yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from posixpath import dirname, join, normpath

_OPEN = re.compile(r"^(?P<fence>:{3,}|`{3,}|~{3,})(?:\{(?P<name>[\w-]+)\})?[ \t]*(?P<title>.*)$")
_OPTION = re.compile(r"^:(?P<name>[\w-]+):[ \t]*(?P<value>.*)$")
_YAML = re.compile(r"^(?P<name>[\w-]+)[ \t]*:[ \t]*(?P<value>.*)$")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class Block:
    """A directive of a page: its name, title, options, and line numbers from 1.

    `last_option` is the line of the last option, or of the opening when there is none; `end` is the
    line that closes the block. `yaml` says that the options stand between `---`.
    """

    name: str
    title: str
    options: Mapping[str, str]
    line: int
    last_option: int
    end: int
    yaml: bool = False


def lines_of(text: str) -> list[str]:
    """The lines of a text with their ends; only `\\n` ends a line."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def line_end(text: str) -> str:
    """How the lines of a text end: `\\r\\n` when its first does."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def blocks(text: str) -> Iterator[Block]:
    """Every directive of a page, also inside another one; code is passed over."""
    lines = [line.rstrip("\r\n") for line in lines_of(text)]
    number, closing = 0, set[int]()
    while number < len(lines):
        found = _OPEN.match(lines[number].lstrip())
        if not found or number in closing:
            number += 1
            continue
        end = _closing(lines, number, found["fence"])
        if found["name"] is None:
            # Code runs to its end; three colons alone open nothing.
            number = number + 1 if found["fence"][0] == ":" else end + 1
            continue
        closing.add(end)
        options, last, yaml = _options(lines, number + 1)
        yield Block(found["name"], found["title"].strip(), options, number + 1, last, end + 1, yaml)
        literal = found["name"] in ("code", "code-block", "literalinclude", "math", "mermaid")
        number = end + 1 if literal else max(last, number + 1)


def _closing(lines: Sequence[str], start: int, fence: str) -> int:
    for number in range(start + 1, len(lines)):
        line = lines[number].strip()
        if len(line) >= len(fence) and not line.strip(fence[0]):
            return number
    return len(lines)


def _options(lines: Sequence[str], start: int) -> tuple[dict[str, str], int, bool]:
    """Options from a line index on, and the line number (from 1) of the last one."""
    options: dict[str, str] = {}
    number, yaml = start, start < len(lines) and lines[start].strip() == "---"
    if yaml:
        number += 1
    while number < len(lines):
        line = lines[number].strip()
        found = (_YAML if yaml else _OPTION).match(line)
        if not found:
            break
        options[found["name"]] = found["value"].strip().strip("\"'" if yaml else "")
        number += 1
    return options, number, yaml


def heading(text: str) -> tuple[int, str] | None:
    """Line and text of a page's first heading written with `#`."""
    fences: list[str] = []
    for number, line in enumerate(lines_of(text), 1):
        bare = line.strip()
        if fences and len(bare) >= len(fences[-1]) and not bare.strip(fences[-1][0]):
            fences.pop()
        elif (found := _OPEN.match(bare)) and found["fence"][0] != ":":
            fences.append(found["fence"])
        elif not fences and (found := re.match(r"#\s+(.*?)(?:\s+#+)?$", bare)):
            return number, unescaped(found[1])
    return None


def with_line(text: str, number: int, words: str) -> str:
    """The text with the words of one line replaced; the line keeps its end."""
    lines = lines_of(text)
    old = lines[number - 1]
    lines[number - 1] = words + old[len(old.rstrip("\r\n")) :]
    return "".join(lines)


def with_option(text: str, block: Block, name: str, value: str) -> str:
    """The text with an option added after the block's `id`, or as its first."""
    lines, end = lines_of(text), line_end(text)
    at = block.line + 1 if block.yaml else block.line
    for number in range(block.line, min(block.last_option, len(lines))):
        if re.match(r":?id[ \t]*:", lines[number].strip()):
            at = number + 1
    words = f'{name}: "{value}"' if block.yaml else f":{name}: {value}"
    lines.insert(at, words + end)
    return "".join(lines)


def escaped(text: str) -> str:
    """Text so that a page shows it as it is: Markdown's signs lose their meaning."""
    kept = re.sub(r"[\\`*_\[\]<>]", r"\\\g<0>", text)
    return re.sub(r"&(?=#?\w+;)|#(?=#*$)", r"\\\g<0>", kept)


def paragraph(text: str) -> str:
    """Text as a paragraph of its own: its first signs start no list, heading or comment."""
    kept = escaped(text)
    if kept[:1] in "#+-:=>%(~|{" and kept:
        return "\\" + kept
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", kept)


def unescaped(text: str) -> str:
    """What a page shows for text in which signs are escaped."""
    return _ESCAPED.sub(r"\1", text)


def listed_pages(file: str, text: str) -> tuple[str, ...]:
    """The pages (or patterns) a page's lists of pages name, from the source folder, no suffix."""
    found: list[str] = []
    lines = [line.strip() for line in lines_of(text)]
    for block in blocks(text):
        if block.name == "toctree":
            for line in lines[block.last_option : block.end - 1]:
                entry = line.split("<")[-1].removesuffix(">").removesuffix(".md")
                if line and not line.startswith((":", "---")):
                    found.append(normpath(join("/", dirname(file), entry)).lstrip("/"))
    return tuple(found)


def is_listed(page: str, listed: Sequence[str]) -> bool:
    """Whether a page is named, or meant by a pattern."""
    return any(page == entry or fnmatch(page, entry) for entry in listed)


def with_listed(text: str, entries: Sequence[str]) -> str:
    """The page with more entries in its last list of pages; a new hidden list when it has none.

    A list in alphabetical order stays in order; in another, new entries come last.
    """
    end = line_end(text)
    lists = [block for block in blocks(text) if block.name == "toctree"]
    if not lists:
        start = text if not text or text.endswith("\n") else text + end
        more = "".join(f"{entry}{end}" for entry in entries)
        return f"{start}{end}:::{{toctree}}{end}:hidden:{end}{end}{more}:::{end}"
    block, lines = lists[-1], lines_of(text)
    body = lines[block.last_option : block.end - 1]
    if body and not body[-1].endswith("\n"):
        body[-1] += end
    names = [line.strip() for line in body if line.strip()]
    ordered = names == sorted(names)
    if not names and not any(not line.strip() for line in body):
        body.insert(0, end)
    for entry in entries:
        place = next(
            (n for n, line in enumerate(body) if ordered and line.strip() > entry),
            max((n for n, line in enumerate(body) if line.strip()), default=len(body) - 1) + 1,
        )
        body.insert(place, entry + end)
    return "".join([*lines[: block.last_option], *body, *lines[block.end - 1 :]])


@dataclass(frozen=True, slots=True)
class Written:
    """A record as it stands in the source: its block on a page, or its row in a table."""

    id: str
    file: str
    line: int
    block: Block | None = None


def records(source: Mapping[str, str], types: Sequence[str]) -> tuple[Written, ...]:
    """Every record of the source folder: blocks of these types, and rows of the tables."""
    found: list[Written] = []
    for file in sorted(source):
        if file.endswith(".md"):
            found += [
                Written(block.options.get("id", ""), file, block.line, block)
                for block in blocks(source[file])
                if block.name in types
            ]
        elif file.endswith(".csv"):
            rows = lines_of(source[file])
            ids = [re.match(r'"?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"?[,\r\n]', row) for row in rows]
            found += [Written(got[1], file, n, None) for n, got in enumerate(ids, 1) if got]
    return tuple(found)
