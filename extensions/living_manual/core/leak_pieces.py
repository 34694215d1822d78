"""What a staff text says, in the pieces in which it could come out: titles, values, sentences.

Nothing here knows what is public; `core/leaks.py` asks that. A piece too many does no harm: what
the public edition says as well is dropped there.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

What = Literal["id", "title", "path", "address", "value", "words"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand together, as a writer wrote them, and the line (None: it has no lines)."""

    what: What
    said: str
    line: int | None


#: The table of the wordings that were once confirmed.
WORDINGS = "wordings.csv"
#: Columns, options and keys whose value is a name that people read or an alternative to one.
_TITLES = frozenset({"title", "short", "name", "alt", "caption", "heading", "label"})

#: An id of a record, as people write it.
ID = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s<>\"'`)\]}|]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_OPTION = re.compile(r"\s*(?::(?P<option>[\w-]+):|(?:- +)?(?P<key>[\w -]+):)\s+(?P<value>\S.*)")
_OPENS = re.compile(r"\s*(?:[:`~]{3,}|>\s*:{3,})\s*(?:\{[\w:.-]+\})?\s*(?P<title>.*)")
_HEADING = re.compile(r"\s*>?\s*#{1,6}\s+(?P<title>.*)")
_LABEL = re.compile(r"\s*\((?P<title>[^()]+)\)=\s*$")
_POINT = re.compile(r"(?m)^[\s>]*(?:[-*+%]|\d+[.)])\s+")
_QUOTE = re.compile(r"(?m)^[\s>]+")
_TARGET = re.compile(r"\s*<([^<>]*)>\s*$")
_ROLE = re.compile(r"\{[\w:.-]+\}(`+)(?P<said>.+?)\1", re.DOTALL)
_LINK = re.compile(r"(?P<picture>!?)\[(?P<said>[^\]]*)\]\(\s*<?(?P<to>[^)\s>]*)>?(?P<more>[^)]*)\)")
_ENDS = re.compile(r"(?<=[.!?:;])[\"'”’»)*_]*\s+|[\x1f|]+|\n\s*\n")
_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_CUE = re.compile(r"(?m)^(?:WEBVTT|NOTE|STYLE|REGION|[\d:.]+ +-->.*)")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def pieces(
    file: str, text: str, public_ids: Collection[str] = (), seen: set[tuple[str, str]] | None = None
) -> Iterator[Piece]:
    """Everything that a text says; what its name ends in tells how it is read.

    A cell that was `seen` in an earlier table under the same heading is not given again.

    The kept wordings of records that are public (`public_ids`) say in one breath what their pages
    say in several: of these, ids and addresses alone are given.
    """
    ending = file.rpartition(".")[2].lower()
    yield from _anywhere(text)
    if ending == "csv":
        passed_over = public_ids if file.rpartition("/")[2] == WORDINGS else ()
        yield from _cells(text, passed_over, set() if seen is None else seen)
    elif ending in ("json", "toml"):
        yield from _strings(text)
    elif ending == "md":
        yield from _page(text)
    elif ending == "vtt":
        yield from prose(_TAG.sub("", _CUE.sub("\x1f", text)), 1)
    else:
        yield from prose(_TAG.sub("\x1f", text), 1)


def without_markup(text: str) -> str:
    """The words of a page as a reader meets them, one after another: no targets of its links."""
    return _ROLE.sub(lambda role: _TARGET.sub("", role["said"]), _LINK.sub(r"\g<said>", text))


def _anywhere(text: str) -> Iterator[Piece]:
    """Ids and addresses, which say the same wherever they stand."""
    for number, line in enumerate(text.splitlines(), 1):
        for found in ID.findall(line):
            yield Piece("id", found, number)
        for found in _ADDRESS.findall(line):
            yield Piece("address", re.sub(r"^\w+://", "", found).rstrip("/.,;:*_"), number)


def _cells(text: str, public_ids: Collection[str], seen: set[tuple[str, str]]) -> Iterator[Piece]:
    """The cells of a table. A table that is no CSV is read as lines; `check` tells of it."""
    reader = csv.reader(io.StringIO(text, newline=""))
    header: list[str] | None = None
    try:
        for row in reader:
            line = reader.line_num - sum(cell.count("\n") for cell in row)
            if row and row[0] in public_ids:
                continue
            names = header if header is not None else row
            for name, cell in zip([*names, *([""] * len(row))], row, strict=False):
                if (name, cell) not in seen:
                    seen.add((name, cell))
                    yield from _value(name if header is not None else "", _in_lines(cell), line)
            header = names
    except csv.Error:
        yield from prose(text, 1)


def _in_lines(cell: str) -> str:
    """A cell in which nothing goes on from a line to the next: the lines stay, to be counted."""
    return cell.replace("\n", "\n\x1f")


def _strings(text: str) -> Iterator[Piece]:
    """The strings of a JSON or TOML file, with the comments and bare text between them."""
    for number, line in enumerate(text.splitlines(), 1):
        name = ""
        for found in _STRING.finditer(line):
            if line[found.end() :].lstrip().startswith(":"):
                name = found[1]
                continue
            try:
                said = str(json.loads(found[0]))
            except ValueError:
                said = found[1]
            yield from _value(name or line.partition("=")[0], said, number)
        yield from prose(_STRING.sub("\x1f", line), number)


def _page(text: str) -> Iterator[Piece]:
    """The front matter, headings, openings of blocks, options and paragraphs of a page."""
    lines = text.splitlines()
    front = bool(lines) and lines[0].strip() == "---"
    paragraph: list[str] = []
    begins = 1
    for number, line in enumerate([*lines, ""], 1):
        if front and number > 1 and line.strip() == "---":
            front = False
        told = list(_line(line, number, front))
        if told or not line.strip():
            if paragraph:
                yield from prose("\n".join(paragraph), begins)
            yield from told
            paragraph = []
            continue
        if not paragraph:
            begins = number
        paragraph.append(line)


def _line(line: str, number: int, front: bool) -> Iterator[Piece]:
    """What a line says that is no part of a paragraph; nothing when it is."""
    if found := _HEADING.match(line) or _OPENS.match(line) or _LABEL.match(line):
        yield from _value("title", found["title"], number)
        yield from prose(found["title"], number)
    elif (found := _OPTION.match(line)) and (front or found["option"]):
        yield from _value(found["option"] or found["key"], found["value"].strip("\"'"), number)
    elif line.lstrip().startswith("|"):
        for cell in line.strip().strip("|").split("|"):
            yield from _value("", cell, number)


def _value(name: str, said: str, line: int) -> Iterator[Piece]:
    """The value of an option, a cell or a key: as a whole, its parts of a list, its sentences."""
    said = said.strip()
    if not said:
        return
    name = name.strip().lower()
    if name in _TITLES:
        yield Piece("title", said, line)
    else:
        for part in {said, *map(str.strip, re.split(r"[;,]", said))}:
            yield Piece("value", part, line)
    yield from prose(said, line)


def prose(text: str, begins: int) -> Iterator[Piece]:
    """The sentences of running text, without its markup; `begins` is its first line."""
    text = _QUOTE.sub(_only_breaks, _POINT.sub(lambda found: f"{_only_breaks(found)}\x1f", text))
    for found in _LINK.finditer(text):
        line = begins + text.count("\n", 0, found.start())
        if found["picture"] and found["said"].strip():
            yield Piece("title", found["said"], line)
        if re.search(r"[/.]", found["to"]):
            yield Piece("path", found["to"], line)
        if found["more"].strip(" \"'"):
            yield Piece("words", found["more"].strip(" \"'"), line)
    text = _LINK.sub(lambda found: f"{found['said']}{_only_breaks(found)}", text)
    for found in _ROLE.finditer(text):
        line = begins + text.count("\n", 0, found.start())
        if target := _TARGET.search(found["said"]):
            yield Piece("path", target[1], line)
        said = _TARGET.sub("", found["said"])
        yield Piece("title" if len(said) < 80 else "words", said, line)
    text = _ROLE.sub(lambda found: f"\x1f{_only_breaks(found)}", text)
    at = 0
    for end in [*(found.span() for found in _ENDS.finditer(text)), (len(text), len(text))]:
        said = text[at : end[0]]
        if said.strip():
            first = at + len(said) - len(said.lstrip())
            yield Piece("words", said.strip(), begins + text.count("\n", 0, first))
        at = end[1]


def _only_breaks(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")
