"""The form of an entry: the parts that make a word, a protocol or an exemplar whole.

Each form is declared once, here. The check for empty parts, the levels of codification and the
reference page for writers (docs/reference/forms.md) all follow from it. The parts are those that
the sources ask for (S2: shared meanings start from what students do; S1: what is kept must be
complete enough to be used without its writer) and that the good pages of the starter manual share.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from living_manual.core.model import Record
from living_manual.core.sentences import plain, says_something, sentences
from living_manual.core.words import listed


class Place(StrEnum):
    """Where a part is written."""

    TEXT = "text"
    OPTION = "option"
    HEADING = "heading"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form.

    `takes` are the accepted headings, or the options, the first being the one to suggest; `kinds`
    are the kinds of record that have the part (none: all of them); `most` is how many sentences the
    text may have (0: any number). A part that is only `welcome` may be left out.
    """

    name: str
    place: Place
    why: str
    fill: str
    takes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    most: int = 0
    welcome: bool = False


def _text(name: str, why: str, fill: str, most: int = 0) -> Part:
    return Part(name, Place.TEXT, why, fill, most=most)


def _option(option: str, name: str, why: str, fill: str) -> Part:
    return Part(name, Place.OPTION, why, fill, (option,))


def _heading(headings: str, why: str, fill: str, kinds: str = "", *, welcome: bool = False) -> Part:
    """`headings` are separated by `|`, `kinds` by blanks."""
    takes = tuple(headings.split("|"))
    return Part(takes[0], Place.HEADING, why, fill, takes, tuple(kinds.split()), welcome=welcome)


#: What an entry lacks that is only a card on another page, where no heading can belong to it.
OWN_PAGE = Part(
    "A page of its own",
    Place.PAGE,
    "The parts of an entry stand under headings, and a card has none.",
    "Give it a file of its own, and write the record right under the page's title.",
)

_TERM = (
    _text(
        "Definition",
        "A meaning that fits in a breath can be said in a meeting, and remembered.",
        "Write one or two sentences below the options, in words that a new teacher knows.",
        most=2,
    ),
    _heading(
        "It looks like|What it looks like|Looks like",
        "A shared meaning starts from what students do (source S2).",
        "List two or three things a visitor would see students do.",
    ),
    _heading(
        "It sounds like|What it sounds like|Sounds like",
        "Students' own words are the quickest way to hear whether it is there.",
        "List two or three sentences that students would say.",
    ),
    _heading(
        "It feels like|What it feels like|Feels like",
        "Two rooms may look alike and feel very different to the students in them.",
        "List two or three thoughts a student would have.",
    ),
    _heading(
        "What it is not|It is not",
        "People agree on a word and mean different things; the edges are where that shows.",
        "List two or three things that people take for it.",
    ),
    _heading(
        "Meanings people bring|Meanings people commonly bring",
        "Nobody starts from nothing: each reader should find the meaning they came with.",
        "List the meanings you have heard, then say which one is used here.",
    ),
    _option(
        "aligns_with",
        "Standards",
        "A word that is tied to a standard does not drift from what must be taught.",
        "Name one or more standards in the option aligns_with.",
    ),
    _heading(
        "Try it this week|Try it",
        "One small thing to do turns a page into a habit.",
        "Say what a teacher could do in one lesson.",
        welcome=True,
    ),
)

_PROTOCOL = (
    _text(
        "Purpose",
        "A group decides by it whether this is the protocol for today.",
        "Say in a sentence or two, below the options, what the group will have at the end.",
    ),
    _heading(
        "When to use it|When to use this",
        "The right protocol at the wrong moment wastes an hour.",
        "List the moments it is made for, and one that it is not.",
    ),
    _option(
        "group",
        "Group",
        "A facilitator invites by it.",
        "Say in the option group who takes part, and how many.",
    ),
    _option(
        "minutes", "Minutes", "It must fit the time there is.", "Say it in the option minutes."
    ),
    _option(
        "bring",
        "Materials",
        "A group that comes with nothing has nothing to look at.",
        "Say in the option bring what lies on the table.",
    ),
    _heading(
        "Roles|Who does what",
        "Roles let any colleague step in.",
        "Name each role and say in a sentence what it does.",
    ),
    _heading(
        "Norms|How we work",
        "Norms keep the talk safe for the one who brings the work.",
        "List three or four agreements that this protocol needs.",
    ),
    _heading(
        "Steps",
        "Timed steps are what makes it the same from team to team.",
        "Write a steps block; its minutes add up to those of the protocol.",
    ),
    _heading(
        "For the facilitator|Facilitator notes|Notes for the facilitator",
        "The know-how of the one who ran it first leaves with them unless it is here (source S1).",
        "Say what goes wrong, and what to say then.",
    ),
    _heading(
        "Sentence stems|Sentence starters",
        "Stems help the quiet and slow the quick.",
        "List four or more beginnings of sentences.",
    ),
    _heading(
        "Look for|Look-fors|What to look for",
        "It worked when students do something, not when the meeting took place (source S2).",
        "List what you would see students do, and what you would see in the meeting.",
    ),
    _heading(
        "What comes next|What follows|Next",
        "A protocol that leads nowhere is forgotten.",
        "Link to the protocol, the word or the date that follows.",
    ),
    _heading(
        "If you have less time|Versions|Variants",
        "Time is short in schools, and people will cut; say where.",
        "Give the minutes of each step in a shorter version.",
        welcome=True,
    ),
)

_EXEMPLAR = (
    _text(
        "Purpose",
        "A reader decides by it whether to read on.",
        "Say in a sentence or two, below the options, what can be seen here.",
    ),
    _option(
        "grade", "Grade", "Readers look for their own grade first.", "Say it in the option grade."
    ),
    _option(
        "illustrates",
        "What it shows",
        "An exemplar is found through the word or the protocol it shows.",
        "Name a word or a protocol in the option illustrates.",
    ),
    _heading(
        "The task|The problem|The question",
        "Readers think best about work on a task that they have tried.",
        "Give the task as students had it.",
    ),
    _heading(
        "What students did|Student work|Students' work",
        "The work comes first, so that people look before they judge (source S2).",
        "Show the work, with a number for each thing to look at.",
    ),
    _heading(
        "What students said|Students' words",
        "Words show the thinking that marks on paper hide.",
        "Quote two or more students as Student A, Student B.",
    ),
    _heading(
        "What the teacher did next|What the teachers did next|What teachers did next"
        "|What the teacher did|What the teachers did|Teacher moves|The teacher's moves",
        "The moves make sense once the work is understood.",
        "Say what the teacher did, and why, after the work.",
        "student-work video unpacking",
    ),
    _heading(
        "Why this lesson|Intentionality|The intention",
        "A lesson is chosen for what it lets students think about.",
        "Say what the lesson is for, and why now.",
        "lesson",
    ),
    _heading(
        "Anticipated student approaches|Approaches to expect|Anticipated approaches"
        "|What students may do|What students may try",
        "A teacher who has met an approach before is ready to build on it.",
        "List the ways students are likely to take, the unfinished ones too.",
        "lesson",
    ),
    _heading(
        "Spark|The spark",
        "Every student needs a way in.",
        "Say what students notice, wonder or estimate at the start.",
        "lesson",
    ),
    _heading(
        "Productive struggle|The struggle|Struggle",
        "Most of the lesson belongs to the students' own thinking.",
        "Say what students work on, with what, and how they convince one another.",
        "lesson",
    ),
    _heading(
        "Consolidation|The consolidation",
        "The idea of the lesson has to be said aloud before the bell.",
        "Say which work is shown, in which order, and what is drawn from it.",
        "lesson",
    ),
    _heading(
        "Extension|The extension|Extensions",
        "Some students are ready for more of the same idea.",
        "Give a question that goes further without going faster.",
        "lesson",
    ),
    _heading(
        "Talk about it|To talk about|Questions to talk about",
        "A question makes an hour of talk out of a page.",
        "Ask three or more questions that have no single answer.",
    ),
)

#: The form of each type of entry, in the order in which readers meet the types.
FORMS: Mapping[str, tuple[Part, ...]] = {
    "vision": (
        _text("The vision", "Everything else hangs on it.", "Say it in a sentence or two."),
    ),
    "objective": (
        _text("What it means", "A title alone is read in many ways.", "Say it in a sentence."),
    ),
    "key_result": (
        _text(
            "How it is counted",
            "Two people must reach the same number.",
            "Say who or what is counted, and what is not.",
        ),
        _option(
            "baseline",
            "Baseline",
            "Progress is measured from it.",
            "Say it in the option baseline.",
        ),
        _option("target", "Target", "It says when to be content.", "Say it in the option target."),
        _option("due", "Due", "A target needs a day.", "Give the day in the option due."),
        _option("source", "Read from", "It says where to look.", "Say it in the option source."),
    ),
    "subsystem": (_text("Its elements", "They say what to build.", "List what belongs to it."),),
    "term": _TERM,
    "protocol": _PROTOCOL,
    "exemplar": _EXEMPLAR,
    "decision": (
        _text("What and why", "A reason keeps it from being argued anew.", "Say both."),
        _option(
            "date",
            "Date",
            "It tells which decision came later.",
            "Give the day in the option date.",
        ),
        _option("body", "Decided by", "It says who can change it.", "Say it in the option body."),
        _option(
            "affects",
            "Affects",
            "Its readers find it there.",
            "Name what it changes in the option affects.",
        ),
    ),
}


def form_of(record: Record) -> tuple[Part, ...]:
    """The parts that a record of this type and kind has; none for what is no entry."""
    kind = record.get("kind")
    return tuple(p for p in FORMS.get(record.type, ()) if not p.kinds or kind in p.kinds)


def empty_parts(record: Record) -> tuple[Part, ...]:
    """The parts of its form that a record leaves empty, in the form's order.

    Of a card with headings in its form, the headings are told as one: a page of its own.
    """
    filled = {
        plain(form)
        for heading, holds in record.parts.items()
        if holds
        for form in (heading, _BEFORE_MORE.split(heading, maxsplit=1)[0])
    }
    found: dict[str, Part] = {}
    for part in form_of(record):
        if part.welcome or _is_filled(part, record, filled):
            continue
        lacking = OWN_PAGE if part.place is Place.HEADING and not record.lead else part
        found.setdefault(lacking.name, lacking)
    return tuple(found.values())


def lacking(record: Record) -> str:
    """What is empty in a record and how to begin, for a coach; empty when nothing is."""
    found = empty_parts(record)
    if not found:
        return ""
    long = [part for part in found if part.most and sentences(record.text) > part.most]
    names = [f"“{part.name}”" for part in found if part not in long]
    said = [f"{listed(names)} {'is' if len(names) == 1 else 'are'} empty."] if names else []
    if OWN_PAGE in found:
        said = ["It has no page of its own yet."]
    said += [f"“{part.name}” has {sentences(record.text)} sentences." for part in long]
    begin = f"Begin with “{found[0].name}”: " if len(found) > 1 else ""
    return f"{' '.join(said)} {begin}{found[0].fill}"


#: What begins the further words of a heading, as in "Spark: notice and wonder".
_BEFORE_MORE = re.compile(r"[:;,(–—]")


def _is_filled(part: Part, record: Record, filled: set[str]) -> bool:
    if part.place is Place.HEADING:
        return any(plain(heading) in filled for heading in part.takes)
    if part.place is Place.OPTION:
        return any(record.to(name) or record.get(name) for name in part.takes)
    return says_something(record.text) and not 0 < part.most < sentences(record.text)
