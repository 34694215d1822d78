"""What a page names: other pages, files, labels, blocks; each with its line.

From the text alone: whatever could be a path is a path when there is such a file. So a link, a
picture, a card's `:link:` and a block that is yet to be invented are found in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from posixpath import dirname, join, normpath, splitext
from urllib.parse import unquote

from living_manual.core.page_blocks import LITERAL, Block, Parts, all_tokens, lines_of, parts_of

ID = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?!\w)")
_TARGET = re.compile(r"^(?:.*<(?P<target>[^<>]+)>|(?P<whole>[^<>]+))$", re.DOTALL)
_SCHEME = re.compile(r"(?:project|path):")
_LABEL = re.compile(r"^[\s>]*\((?P<label>[^()\s][^()]*)\)=\s*$")
#: Files that a block shows beside the one that it names, by their endings in place of its own.
BESIDE = {
    "annotated-image": (".annotations.json",),
    "clip": (
        ".mp4",
        ".webm",
        ".poster.png",
        ".captions.vtt",
        ".chapters.vtt",
        ".commentary.vtt",
    ),
}


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a page names, as it is written; `includes` is whether its text is taken in.

    `beside` are the endings of the files that are shown with it.
    """

    text: str
    line: int
    includes: bool = False
    beside: tuple[str, ...] = ()


def named_in(parts: Parts) -> Iterator[Named]:
    """Everything in a page that could name a file, a page or a label."""
    for words in parts.words:
        for token in all_tokens(words):
            if token.type == "link_open":
                yield Named(str(token.attrs.get("href", "")), words.line)
            elif token.type == "image":
                yield Named(str(token.attrs.get("src", "")), words.line)
            elif token.type == "myst_role" and (target := _TARGET.match(token.content)):
                yield Named(target["target"] or target["whole"], words.line)
    for block in parts.blocks:
        if block.name != "toctree":
            yield from _named_by(block)


def _named_by(block: Block) -> Iterator[Named]:
    includes, beside = block.name == "include", BESIDE.get(block.name, ())
    yield Named(block.title, block.line, includes, beside)
    for name, value in block.options.items():
        yield Named(value, block.option_lines[name])
    if block.name in LITERAL or (block.lines and not block.title):
        for number, line in enumerate(block.lines):
            yield Named(line, block.body + number, includes, beside)


def place_of(named: str, file: str) -> str:
    """The path from the source folder that a page means; empty for another site or a mere label."""
    path = _SCHEME.sub("", unquote(named.strip()), count=1).partition("#")[0].partition("?")[0]
    if not path or len(path) > 500 or re.match(r"[\w+.-]+:|//", path) or "\n" in path:
        return ""
    return normpath(join("/", dirname(file), path)).lstrip("/")


def label_of(named: str) -> str:
    """The label that a reference means."""
    return _SCHEME.sub("", named.strip(), count=1).removeprefix("#").lower()


def labels_in(text: str) -> set[str]:
    """The labels that a text declares: `(label)=` and `:name: label`."""
    return {
        found["label"].strip().lower() for line in lines_of(text) if (found := _LABEL.match(line))
    }


def page_meant(place: str, pages: Collection[str]) -> str | None:
    """The page's file that a path means: with or without its ending, or as a page of the site."""
    stem = place.removesuffix(".html")
    return next((each for each in (place, f"{place}.md", f"{stem}.md") if each in pages), None)


def files_meant(place: str, beside: tuple[str, ...], files: Collection[str]) -> set[str]:
    """The files that a path means, with those that are shown beside it."""
    if place.endswith(".*"):
        return {each for each in files if fnmatchcase(each, place)}
    stem = splitext(place)[0]
    return {each for each in (place, *(stem + ending for ending in beside)) if each in files}


def without_entries(text: str, file: str, gone: Collection[str], pages: Collection[str]) -> str:
    """The text without the entries of its lists of pages that lead to pages which are gone.

    A pattern stays while it means a page that is there.
    """
    if "toctree" not in text:
        return text
    lines = lines_of(text)
    for block in parts_of(text).blocks:
        if block.name != "toctree":
            continue
        for number, entry in enumerate(block.lines):
            target = _TARGET.match(entry.strip())
            place = place_of((target["target"] or target["whole"]) if target else "", file)
            if not place:
                continue
            pattern = "glob" in block.options and any(sign in place for sign in "*?[")
            left = any(fnmatchcase(page.removesuffix(".md"), place) for page in pages)
            if (pattern and not left) or (not pattern and page_meant(place, gone)):
                lines[block.body + number - 1] = ""
    return "\n".join(lines)
