"""System health: how each stage of the flywheel and each subsystem stands, and what to do next.

"We fall to the level of our systems" (source S1). Every part is asked the same three questions (is
it there, how far is it codified, is it fresh), each answered by a share, and each share has a mark
by the same rule. A part stands as its weakest answer does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from living_manual.core.codification import LEVELS, Standing, standing
from living_manual.core.elements import Carried
from living_manual.core.flywheel import Tally
from living_manual.core.gap_register import OpenGap
from living_manual.core.gaps import excepted_until, gaps
from living_manual.core.health_parts import Belonging, Held, Wanted, parts
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.settings import Settings
from living_manual.core.words import listed, months_later, plural, say_day

#: The marks, weakest first, with how people say them.
MARKS: Mapping[str, str] = {
    "empty": "Empty",
    "weak": "Weak",
    "growing": "Growing",
    "strong": "Strong",
}
_ORDER = tuple(MARKS)
#: The questions, in the order of the columns, and what the answer says with the numbers put in.
ASKED: Mapping[str, str] = {
    "there": "{part} of {whole} things that are expected of it {are} there.",
    "codified": "{part} of its {whole} entries {are} embedded.",
    "fresh": "{part} of its {whole} records {were} reviewed in time.",
}
#: So many weak places are named first: more than a leader keeps in mind helps nobody.
PLACES = 3
#: So many gaps of a rule, or reviews, are named one by one.
NAMED = 12
#: What a manual holds once there is something to judge; until then the page says how to begin.
BEGUN = ("vision", "objective", "key_result", "protocol", "session")
#: Rules of gaps that this page tells in its own words: what is empty, what nothing carries.
TOLD = ("term-parts", "protocol-parts", "exemplar-parts", "subsystem")


@dataclass(frozen=True, slots=True)
class Share:
    """The answer to a question: so many of so many, and the mark for it; none without any."""

    part: int
    whole: int
    mark: str

    @property
    def rank(self) -> tuple[int, float]:
        """Weakest first; what has no answer comes last."""
        return (_ORDER.index(self.mark), self.part / self.whole) if self.whole else (len(MARKS), 1)


@dataclass(frozen=True, slots=True)
class Due:
    """A record whose review is due, and the day it was due or will be; None: never reviewed."""

    record: Ref
    owner: str
    reviewed: date | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Reviews:
    """How fresh a part is: the oldest review, and what is overdue or due soon (the first of it)."""

    oldest: Due | None
    overdue: tuple[Due, ...]
    soon: tuple[Due, ...]
    overdue_count: int
    soon_count: int


@dataclass(frozen=True, slots=True)
class Behind:
    """An entry that is not embedded yet."""

    record: Ref
    standing: Standing
    owner: str


@dataclass(frozen=True, slots=True)
class RuleGaps:
    """The open gaps of one rule that belong to a part; `gaps` are the first of them."""

    rule: str
    title: str
    count: int
    late: int
    gaps: tuple[OpenGap, ...]


@dataclass(frozen=True, slots=True)
class HealthRow:
    """A stage or a subsystem: the three answers, what they rest on, and what it lacks.

    `lacking` counts what is wanted and not there, entries with an empty part, and open gaps;
    `late` are the gaps among them that are past their date.
    """

    part: Ref
    name: str
    there: Share
    codified: Share
    fresh: Share
    mark: str
    held: tuple[Held, ...]
    wanted: tuple[Wanted, ...]
    elements: tuple[Carried, ...]
    carries: tuple[Ref, ...]
    tally: Tally
    behind: tuple[Behind, ...]
    empty: tuple[Behind, ...]
    reviews: Reviews
    gaps: tuple[RuleGaps, ...]
    lacking: int
    late: int

    @property
    def missing(self) -> tuple[Wanted, ...]:
        """What is expected and not there."""
        return tuple(each for each in self.wanted if not each.there)

    @property
    def weakest(self) -> str:
        """The question with the weakest answer; the first of several that are equal."""
        return min(ASKED, key=lambda name: self.share(name).rank)

    def count(self, type_name: str) -> int:
        """How many records of a type it holds."""
        return sum(held.count for held in self.held if held.type == type_name)

    def share(self, name: str) -> Share:
        """The answer to a question."""
        found: Share = getattr(self, name)
        return found


@dataclass(frozen=True, slots=True)
class Place:
    """A weak place: a part and a question, why, and what to do next, about which record."""

    part: Ref
    name: str
    question: str
    share: Share
    why: str
    fix: str
    about: Ref | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Something to begin with, and whether it is done."""

    what: str
    done: bool


@dataclass(frozen=True, slots=True)
class SystemHealth:
    """The whole system. `steps` says how to begin; empty once there is something to judge.

    `register`, `actions`, `sessions` and `levels` are the pages that list what is counted here.
    """

    rows: tuple[HealthRow, ...]
    sentence: str
    places: tuple[Place, ...]
    steps: tuple[Step, ...]
    strong: int
    growing: int
    review_months: int
    soon_days: int
    register: Ref | None
    actions: Ref | None
    sessions: Ref | None
    levels: Ref | None

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many parts have each mark, strongest first."""
        found = [row.mark for row in self.rows]
        return tuple((mark, found.count(mark)) for mark in reversed(_ORDER))


def system_health(manual: Manual) -> SystemHealth:
    """How the system stands on the manual's day; worked out once."""
    return manual.once(_system_health)


def _system_health(manual: Manual) -> SystemHealth:
    belonging = tuple(parts(manual))
    found = _gaps_by_record(manual, {name for each in belonging for name in each.all})
    rows = tuple(_row(manual, each, found) for each in belonging)
    settings = manual.settings
    return SystemHealth(
        rows,
        _sentence(rows),
        _places(rows),
        _steps(manual, rows),
        settings.health_strong,
        settings.health_growing,
        settings.review_months,
        settings.due_soon_days,
        *map(manual.places.get, ("gaps", "action-list", "session-list", "codification")),
    )


def share(part: int, whole: int, settings: Settings, *, none: bool = False) -> Share:
    """An answer with its mark; `none` says that a part of 0 means that nothing is there at all."""
    percent = 100 * part
    if not whole:
        mark = ""
    elif none and not part:
        mark = "empty"
    elif percent >= settings.health_strong * whole:
        mark = "strong"
    else:
        mark = "growing" if percent >= settings.health_growing * whole else "weak"
    return Share(part, whole, mark)


def _row(manual: Manual, of: Belonging, found: Mapping[str, Sequence[OpenGap]]) -> HealthRow:
    settings = manual.settings
    levels = [(record, reached) for record in of.entries if (reached := standing(manual, record))]
    names = [reached.level for _, reached in levels]
    tally = Tally(tuple(names.count(level) for level in LEVELS))
    behind = tuple(
        Behind(record.ref, reached, listed(manual.owner_names(record)))
        for record, reached in sorted(levels, key=lambda each: each[1].step)
        if reached.next
    )
    agreed = excepted_until(manual)
    empty = tuple(
        each
        for each in behind
        if each.standing.level == "captured"
        and f"{each.record.type}-parts-{each.record.id}" not in agreed
    )
    there = share(sum(each.there for each in of.wanted), len(of.wanted), settings, none=True)
    codified = share(tally.counts[-1], tally.total, settings)
    reviews, in_time = _reviews(manual, of.dated)
    fresh = share(in_time, len(of.dated), settings)
    here = [gap for name in of.all for gap in found.get(name, ())]
    return HealthRow(
        of.part.ref,
        of.part.get("short") or of.part.title,
        there,
        codified,
        fresh,
        min((there, codified, fresh), key=lambda each: each.rank).mark,
        of.held,
        of.wanted,
        of.elements,
        of.carries,
        tally,
        behind,
        empty,
        reviews,
        _by_rule(manual, here),
        there.whole - there.part + len(empty) + len(here),
        sum(gap.late for gap in here),
    )


def _reviews(manual: Manual, dated: Iterable[Record]) -> tuple[Reviews, int]:
    """The reviews of some records, and how many of them were reviewed in time."""
    settings, today = manual.settings, manual.today
    last = today + timedelta(days=settings.due_soon_days)
    known = []
    for record in dated:
        reviewed = record.day("reviewed")
        day = months_later(reviewed, settings.review_months) if reviewed else None
        known.append((record, reviewed, day))
    # What was never reviewed comes before everything that was.
    known.sort(key=lambda each: each[2] or date.min)

    def due(each: tuple[Record, date | None, date | None]) -> Due:
        record, reviewed, day = each
        return Due(record.ref, listed(manual.owner_names(record)), reviewed, day)

    overdue = [each for each in known if each[2] is None or each[2] <= today]
    soon = [each for each in known if each[2] is not None and today < each[2] <= last]
    oldest = next((each for each in known if each[1] is not None), None)
    reviews = Reviews(
        due(oldest) if oldest else None,
        tuple(due(each) for each in overdue[:NAMED]),
        tuple(due(each) for each in soon[:NAMED]),
        len(overdue),
        len(soon),
    )
    return reviews, len(known) - len(overdue)


def _gaps_by_record(manual: Manual, wanted: set[str]) -> Mapping[str, Sequence[OpenGap]]:
    found: dict[str, list[OpenGap]] = {}
    for gap in gaps(manual).open:
        if gap.record.id in wanted and gap.rule not in TOLD:
            found.setdefault(gap.record.id, []).append(gap)
    return found


def _by_rule(manual: Manual, here: Iterable[OpenGap]) -> tuple[RuleGaps, ...]:
    """Gaps by rule in the order of the register, the late and the oldest first."""
    found: dict[str, list[OpenGap]] = {}
    for gap in here:
        found.setdefault(gap.rule, []).append(gap)
    made = []
    for group in gaps(manual).groups:
        if group.key in found:
            mine = sorted(
                found[group.key], key=lambda gap: (not gap.late, gap.since or date.max, gap.key)
            )
            late = sum(gap.late for gap in mine)
            made.append(RuleGaps(group.key, group.title, len(mine), late, tuple(mine[:NAMED])))
    return tuple(made)


def _sentence(rows: Sequence[HealthRow]) -> str:
    marks = [row.mark for row in rows]
    counts = [(marks.count(mark), MARKS[mark].lower()) for mark in reversed(_ORDER)]
    said = [f"{count} {'is' if count == 1 else 'are'} {mark}" for count, mark in counts if count]
    if len(set(marks)) == 1:
        return f"All {len(rows)} parts of the system are {MARKS[marks[0]].lower()}."
    return f"Of {plural(len(rows), 'part')} of the system, {listed(said)}."


def _places(rows: Iterable[HealthRow]) -> tuple[Place, ...]:
    """The weakest places, at most one a part; what is strong is none."""
    found = [row for row in rows if row.mark != "strong"]
    found.sort(key=lambda row: row.share(row.weakest).rank)
    return tuple(_place(row) for row in found[:PLACES])


def _place(row: HealthRow) -> Place:
    question = row.weakest
    said = row.share(question)
    one = said.part == 1
    are, were = ("is", "was") if one else ("are", "were")
    why = ASKED[question].format(part=said.part, whole=said.whole, are=are, were=were)
    if question == "codified" and row.behind:
        first = row.behind[0]
        fix = first.standing.missing
        return Place(row.part, row.name, question, said, why, fix, first.record, first.owner)
    if question == "fresh" and row.reviews.overdue:
        due = row.reviews.overdue[0]
        when = f"It was last reviewed on {say_day(due.reviewed)}." if due.reviewed else ""
        fix = f"{when} Read it, mend it or confirm it, and set its reviewed date.".strip()
        return Place(row.part, row.name, question, said, why, fix, due.record, due.owner)
    wanted = row.missing[0] if row.missing else None
    fix = f"{wanted.missing} {wanted.fix}" if wanted else "Give it a first record."
    return Place(row.part, row.name, question, said, why, fix)


def _steps(manual: Manual, rows: Sequence[HealthRow]) -> tuple[Step, ...]:
    if rows and all(manual.of_type(name) for name in BEGUN):
        return ()

    def has(*names: str) -> bool:
        return all(manual.of_type(name) for name in names)

    ran = any(manual.linked(session, "runs") for session in manual.of_type("session"))
    return (
        Step("Say where you are going: one vision, in a sentence or two.", has("vision")),
        Step(
            "Choose one objective, and a key result that looks at students.",
            has("objective", "key_result"),
        ),
        Step(
            "List the stages of the flywheel and the subsystems of support, with their elements.",
            has("stage", "subsystem"),
        ),
        Step("Write down one protocol that a team already runs well.", has("protocol")),
        Step("Put a date in the calendar for a session that runs it.", ran),
    )
