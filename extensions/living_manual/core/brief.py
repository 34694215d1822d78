"""A record on one sheet: what a group needs of a protocol, or of a word, while it meets.

The page says everything; the brief takes some of it, whole. What is taken and what is left out
first when a sheet is too small is declared here (`PROTOCOL`, `WORD`); how it looks is the
template's (`edges/paper/brief.typ`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from living_manual.core.brief_text import Run, Text, clean, first_sentences, tidy
from living_manual.core.facts import KINDS
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.words import say_day

#: The types of record that a brief is made of.
BRIEFED = ("protocol", "term")
#: Folder of the published site that holds the briefs.
FOLDER = "briefs"
#: Sizes of the text in points, largest first; 9 pt is the smallest that is read with ease.
SIZES = (12.0, 11.5, 11.0, 10.5, 10.0, 9.5, 9.0)
#: A step's sentences are taken while they are no longer than this together; the first one always.
STEP_LENGTH = 170


@dataclass(frozen=True, slots=True)
class StepPart:
    """A timed step as its page has it; `text` is its first paragraph."""

    title: str
    minutes: int
    cue: str = ""
    text: Text = ()


@dataclass(frozen=True, slots=True)
class PagePart:
    """A heading of a page with the paragraphs and the list items below it."""

    name: str
    title: str
    paragraphs: tuple[Text, ...] = ()
    items: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class PageParts:
    """What a brief can be made of: the page's timed steps, and what stands under each heading."""

    steps: tuple[StepPart, ...] = ()
    parts: tuple[PagePart, ...] = ()


@dataclass(frozen=True, slots=True)
class Take:
    """A part that a brief takes: by the heading's name, so many items, from what the page has.

    `least` items stay in the first round of leaving out. `place` is where the sheet has it;
    `sentence` takes the first sentence of each item only.
    """

    name: str
    place: Literal["side", "columns", "below", "box"]
    most: int = 8
    least: int = 1
    sentence: bool = False


PROTOCOL = (
    Take("roles", "side", least=2, sentence=True),
    Take("norms", "side", least=2),
    Take("sentence-stems", "side", most=5, least=2),
    Take("look-for", "side", most=4),
)
WORD = (
    Take("it-looks-like", "columns"),
    Take("it-sounds-like", "columns"),
    Take("it-feels-like", "columns"),
    Take("what-it-is-not", "below"),
    Take("meanings-people-bring", "below"),
    Take("try-it-this-week", "box"),
)
#: What is left out first, item by item from the end, when a sheet is too small.
LEFT_OUT_FIRST = (
    "sentence-stems",
    "look-for",
    "norms",
    "roles",
    "meanings-people-bring",
    "what-it-is-not",
    "it-feels-like",
    "it-sounds-like",
    "it-looks-like",
)
#: Headings that only hold others together.
_FRAMES = frozenset({"for-students", "steps"})


@dataclass(frozen=True, slots=True)
class Section:
    """A part on the brief: items of a list, or paragraphs (`listed` is false)."""

    name: str
    title: str
    place: str
    items: tuple[Text, ...]
    listed: bool = True
    least: int = 1


@dataclass(frozen=True, slots=True)
class Brief:
    """A record on one sheet.

    `record` says what it is of; `file` is the PDF's name in the site. `address` is the page's
    permanent address, empty when the district has none yet. `elsewhere` are headings of the page
    that the brief does not have, `shortened` those of which it has only some.
    """

    record: Ref
    file: str
    kind: str
    title: str
    purpose: str
    facts: tuple[tuple[str, str], ...]
    steps: tuple[StepPart, ...]
    sections: tuple[Section, ...]
    elsewhere: tuple[str, ...]
    shortened: tuple[str, ...]
    address: str
    foot: str
    language: str
    brand: str
    paper: str


@dataclass(frozen=True, slots=True)
class Fit:
    """One try to fit the sheet: the text's size in points, and how much of each part is kept.

    `keep` counts items, in the order of the sections; `lines` says whether steps say more than
    their title; `elsewhere` and `shortened` are what the page then has beyond the brief.
    """

    size: float
    keep: tuple[int, ...]
    lines: bool
    elsewhere: tuple[str, ...]
    shortened: tuple[str, ...]


def brief_file(record_id: str, type_name: str) -> str:
    """The PDF's name in the site: by the id, which stays when a page is moved or renamed."""
    own = record_id.partition("_")[2] or record_id
    return f"{FOLDER}/{type_name}-{own.lower().replace('_', '-')}.pdf"


def brief(manual: Manual, record: Record, page: PageParts, address: str) -> Brief:
    """The brief of a protocol or word; `address` is its page's, from the site's root on."""
    protocol = record.type == "protocol"
    page = named(manual, page)
    takes = PROTOCOL if protocol else WORD
    by_name = {part.name: part for part in reversed(page.parts)}
    found = [(part, _section(take, part)) for take in takes if (part := by_name.get(take.name))]
    sections = [(part, section) for part, section in found if section]
    taken = {section.name for _, section in sections}
    shortened = [part.title for part, section in sections if not _whole(part, section)]
    steps = tuple(_step(step) for step in page.steps) if protocol else ()
    if any(tidy(told.text) != step.text for told, step in zip(page.steps, steps, strict=False)):
        shortened.insert(0, "Steps")
    settings = manual.settings
    return Brief(
        record=record.ref,
        file=brief_file(record.id, record.type),
        kind=_kind(record),
        title=clean(record.title),
        purpose=clean(record.purpose),
        facts=tuple(_facts(record)),
        steps=steps,
        sections=tuple(section for _, section in sections),
        elsewhere=tuple(
            clean(part.title) for part in page.parts if part.name not in taken | _FRAMES
        ),
        shortened=tuple(clean(title) for title in shortened),
        address=f"{settings.address}{address}" if settings.address else "",
        foot=clean(" · ".join(_foot(manual, record))),
        language=settings.language,
        brand=settings.brand,
        paper=settings.paper,
    )


def ladder(brief: Brief) -> tuple[Fit, ...]:
    """Every try to fit the sheet, in order.

    First the whole brief in ever smaller type. Then items are left out in the smallest type: of
    each part in `LEFT_OUT_FIRST` from its end, first down to its least, then all; at last what
    steps say beyond title, minutes and cue. Titles and minutes of steps are never left out.
    """
    keep = {section.name: len(section.items) for section in brief.sections}
    least = {section.name: section.least for section in brief.sections}
    tries = [_fit(brief, size, keep) for size in SIZES]
    for lowest in (least, dict.fromkeys(least, 0)):
        for name in LEFT_OUT_FIRST:
            while keep.get(name, 0) > lowest.get(name, 0):
                keep[name] -= 1
                tries.append(_fit(brief, SIZES[-1], keep))
    if brief.steps:
        steps = tuple(dict.fromkeys(("Steps", *tries[-1].shortened)))
        tries.append(replace(tries[-1], lines=False, shortened=steps))
    return tuple(tries)


def _fit(brief: Brief, size: float, keep: Mapping[str, int]) -> Fit:
    gone = [section.title for section in brief.sections if not keep[section.name]]
    less = [
        section.title
        for section in brief.sections
        if 0 < keep[section.name] < len(section.items) or section.title in brief.shortened
    ]
    steps = [title for title in brief.shortened if title == "Steps"]
    return Fit(
        size,
        tuple(keep[section.name] for section in brief.sections),
        True,
        (*brief.elsewhere, *gone),
        (*steps, *(title for title in less if title not in gone)),
    )


def brief_data(brief: Brief) -> dict[str, Any]:
    """The brief for the template, with its ladder; plain values only."""
    data = asdict(brief)
    del data["record"]
    data["ladder"] = [asdict(fit) for fit in ladder(brief)]
    data["shown_address"] = re.sub(r"^https?://", "", brief.address)
    return data


def _kind(record: Record) -> str:
    if record.type == "term":
        return "A word we share"
    family = KINDS.get(record.get("kind"), "")
    return f"{family} protocol" if family else "Protocol"


def _facts(record: Record) -> Iterator[tuple[str, str]]:
    minutes = record.get("minutes")
    if minutes:
        yield "Time", f"{minutes} min"
    for name, label in (("group", "Group"), ("bring", "Bring")):
        if record.get(name):
            said = clean(record.get(name))
            yield label, said[:1].upper() + said[1:]


def _foot(manual: Manual, record: Record) -> Iterator[str]:
    yield manual.settings.name
    yield manual.settings.manual_name
    reviewed = record.day("reviewed")
    if reviewed:
        yield f"Reviewed {say_day(reviewed)}"


def named(manual: Manual, page: PageParts) -> PageParts:
    """The parts with the titles of the records that their texts name."""

    def say(text: Text) -> Text:
        return tuple(
            Run(found.title, run.style) if (found := manual.get(run.names)) else run for run in text
        )

    return PageParts(
        tuple(replace(step, text=say(step.text)) for step in page.steps),
        tuple(
            replace(
                part,
                paragraphs=tuple(say(text) for text in part.paragraphs),
                items=tuple(say(text) for text in part.items),
            )
            for part in page.parts
        ),
    )


def _step(step: StepPart) -> StepPart:
    return StepPart(
        clean(step.title), step.minutes, clean(step.cue), first_sentences(step.text, STEP_LENGTH)
    )


def _section(take: Take, part: PagePart) -> Section | None:
    listed = bool(part.items)
    texts = part.items if listed else part.paragraphs
    items = [first_sentences(text, 0) if take.sentence else tidy(text) for text in texts]
    items = [item for item in items if item][: take.most]
    if not items:
        return None
    return Section(take.name, clean(part.title), take.place, tuple(items), listed, take.least)


def _whole(part: PagePart, section: Section) -> bool:
    there = part.items if section.listed else part.paragraphs
    return tuple(tidy(text) for text in there) == section.items
