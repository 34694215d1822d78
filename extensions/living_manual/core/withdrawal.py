"""Taking a consent back: the row that says so, and what the pages say of a picture or clip."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from posixpath import dirname, join, normpath

from living_manual.core.consent import FILE, family
from living_manual.core.ledgers import LEDGERS
from living_manual.core.page_text import blocks, line_end, lines_of
from living_manual.core.tables import read_table
from living_manual.core.traces import plain, sentences

#: Blocks that show a picture or clip, and a picture within a line.
_SHOWS = ("annotated-image", "clip", "figure", "image")
_PICTURE = re.compile(r"!\[(?P<alt>(?:[^\[\]\\]|\\.)*)\]\(\s*<?(?P<name>[^)\s>]+)>?[^)]*\)")
_OPTION = re.compile(r"^\s*:[\w-]+:\s?")


class CannotMarkError(Exception):
    """The table cannot be changed; the message says why."""


# ---------------------------------------------------------------------------------- the row


def marked(text: str | None, media: str, day: date, kind: str) -> str:
    """`consent.csv` with every row of a picture or clip withdrawn, or a new row where none is.

    A row that was withdrawn before keeps its day. Raises `CannotMarkError` for a table with faults.
    """
    if text is None or not text.strip("\ufeff \r\n"):
        header = [column.name for column in LEDGERS[FILE].columns]
        return _row(header, "\n") + _row(_new(header, media, day, kind), "\n")
    rows, found = read_table(LEDGERS[FILE], text, FILE, "")
    if found:
        raise CannotMarkError(f"{found[0].message} {found[0].fix}")
    lines, end = lines_of(text), line_end(text)
    head = next(nth for nth, line in enumerate(lines) if line.strip("\ufeff \r\n,"))
    header = [name.strip() for name in _cells(lines[head].removeprefix("\ufeff"))]
    starts = [row.line - 1 for row in rows]
    mine = [
        nth for nth, row in enumerate(rows) if family(str(row.values["media"])) == family(media)
    ]
    if not mine:
        whole = text if text.endswith("\n") else text + end
        return whole + _row(_new(header, media, day, kind), end)
    for nth in reversed(mine):
        if rows[nth].values.get("withdrawn"):
            continue
        stop = starts[nth + 1] if nth + 1 < len(starts) else len(lines)
        while stop > starts[nth] + 1 and not lines[stop - 1].strip(" ,\r\n"):
            stop -= 1
        cells = _cells("".join(lines[starts[nth] : stop]))
        cells[header.index("withdrawn")] = day.isoformat()
        lines[starts[nth] : stop] = [_row(cells, end)]
    return "".join(lines)


def _new(header: Iterable[str], media: str, day: date, kind: str) -> list[str]:
    said = {"media": media, "kind": kind, "scope": "staff"}
    said |= {"starts": day.isoformat(), "withdrawn": day.isoformat()}
    return [said.get(name, "") for name in header]


def _cells(line: str) -> list[str]:
    return next(csv.reader(io.StringIO(line, newline="")))


def _row(cells: Iterable[str], end: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerow(cells)
    return out.getvalue()


# ---------------------------------------------------------------------------------- its words


@dataclass(frozen=True, slots=True)
class Said:
    """A paragraph of a page or table: its file, its first line, its words."""

    file: str
    line: int
    words: str


@dataclass(frozen=True, slots=True)
class PageWords:
    """What pages say of a picture or clip, and what they say themselves.

    `shown_by` are the pages that show it.
    """

    of_media: tuple[str, ...]
    own: tuple[Said, ...]
    shown_by: tuple[str, ...]


def page_words(texts: Mapping[str, str], media: str) -> PageWords:
    """Part the words of all pages and tables into those of a picture or clip, and the others.

    Quotes on a page that shows it are not the page's own: they leave with it when they are its.
    """
    of_media: list[str] = []
    own: list[Said] = []
    shown_by: list[str] = []
    for file, text in texts.items():
        lines = text.replace("\r\n", "\n").split("\n")
        taken = list(_taken(file, text, lines, media))
        of_media += [words for words, _ in taken]
        if taken:
            shown_by.append(file)
        for _, numbers in taken:
            for number in numbers:
                lines[number] = ""
        if taken:
            lines = [_without_pictures(file, line, media) for line in lines]
            lines = ["" if line.lstrip().startswith(">") else line for line in lines]
        own += _paragraphs(file, lines)
    return PageWords(tuple(of_media), tuple(own), tuple(shown_by))


def _taken(
    file: str, text: str, lines: list[str], media: str
) -> Iterator[tuple[str, Collection[int]]]:
    """The words of each block and picture that is about it, with the lines that are all its."""
    for block in blocks(text):
        if block.name in _SHOWS and _is(file, block.title, media):
            body = [_OPTION.sub("", line) for line in lines[block.line : block.end - 1]]
            yield "\n".join(body), range(block.line - 1, min(block.end, len(lines)))
    for line in lines:
        for found in _PICTURE.finditer(line):
            if _is(file, found["name"], media):
                yield found["alt"], ()


def _without_pictures(file: str, line: str, media: str) -> str:
    return _PICTURE.sub(lambda m: "" if _is(file, m["name"], media) else m[0], line)


def _is(file: str, name: str, media: str) -> bool:
    path = normpath(join("/", dirname(file), name.strip())).lstrip("/")
    return family(path) == family(media)


def _paragraphs(file: str, lines: Iterable[str]) -> Iterator[Said]:
    start, kept = 0, list[str]()
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            start = start or number
            kept.append(line)
        elif kept:
            yield Said(file, start, plain("\n".join(kept)))
            start, kept = 0, []


@dataclass(frozen=True, slots=True)
class Own:
    """The sentences that only a picture or clip says, and those that pages say as well."""

    sentences: frozenset[str]
    repeated: tuple[tuple[str, Said], ...]


def own_sentences(words: Iterable[str], elsewhere: Iterable[Said]) -> Own:
    """Which sentences of a picture or clip are its own: those that nothing else in the manual says.

    "How do you know?" stands on many pages and proves nothing.
    """
    mine, others = sentences(words), tuple(elsewhere)
    repeated = [
        (sentence, said) for said in others for sentence in sorted(mine) if sentence in said.words
    ]
    return Own(mine - {sentence for sentence, _ in repeated}, tuple(repeated))
