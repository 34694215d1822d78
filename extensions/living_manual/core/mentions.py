"""Which words of the glossary a page mentions, and at which place each becomes a link."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from living_manual.core.vocabulary import Vocabulary

#: A page with fewer words is read as a whole, and links to each word once.
SHORT_PAGE = 250


@dataclass(frozen=True, slots=True)
class Passage:
    """An unbroken stretch of a page's text.

    `section` is the number of its part of the page, a part beginning at each heading of the second
    level. `open` says that a link may stand in it: not in a heading, code, another link.
    """

    section: int
    text: str
    open: bool = True


@dataclass(frozen=True, slots=True)
class Named:
    """A word that a writer marked with {word}, with the place it was written at."""

    section: int
    name: str
    file: str
    line: int


@dataclass(slots=True)
class Prose:
    """What reading a page found of its text.

    `links` are (section, record id or page) of links that a writer made.
    """

    passages: list[Passage] = field(default_factory=list)
    links: list[tuple[int, str]] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that becomes a link: the number of the passage, from where to where, which word."""

    passage: int
    start: int
    end: int
    term: str


def mentions(
    prose: Prose, vocabulary: Vocabulary, own: Collection[str], leads: dict[str, str]
) -> tuple[Mention, ...]:
    """The places of a page that become links: each word once in a part of the page.

    `own` are the words that the page itself is about, which never link; `leads` gives the word that
    a page is about, so that a link to the page counts as one to the word.
    """
    whole = sum(passage.text.count(" ") + 1 for passage in prose.passages) < SHORT_PAGE
    done = {(0 if whole else section, leads.get(to, to)) for section, to in prose.links}
    for each in prose.named:
        done.add((0 if whole else each.section, vocabulary.term(each.name) or ""))
    found = []
    for number, passage in enumerate(prose.passages):
        if not passage.open:
            continue
        section = 0 if whole else passage.section
        for start, end, term in vocabulary.find(passage.text):
            if term not in own and (section, term) not in done:
                done.add((section, term))
                found.append(Mention(number, start, end, term))
    return tuple(found)


def split(text: str, places: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """A text in parts, with whether each is one of the places; joined, they are the text again."""
    parts, at = [], 0
    for start, end in places:
        parts += [(text[at:start], False), (text[start:end], True)]
        at = end
    parts.append((text[at:], False))
    return [part for part in parts if part[0]]
