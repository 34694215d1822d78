"""Evidence from classrooms: what was seen, at which school, for which objective.

Two ledgers hold it. A row of `evidence.csv` says what students did, wrote or said. A reading of a
key result at a school counts as well, unless the key result measures implementation: that a routine
ran is a fact about the plan, not about a classroom (source S2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from living_manual.core.finding import Finding, finding
from living_manual.core.ledgers import Entry
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.words import say_day

#: The kind of a reading, beside those that a row of evidence may have.
READING = "reading"
KINDS = {
    "walkthrough": "Walkthrough",
    "look-for": "Look-for seen",
    "student-work": "Student work",
    "student-voice": "Student voice",
    "assessment": "Assessment",
    READING: "Reading",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing seen: the day, how, in which words, by which role, and what it is about.

    `about` is the action, the objective or the key result that was named.
    """

    day: date
    kind: str
    text: str
    by: tuple[Ref, ...]
    about: Ref

    @property
    def kind_title(self) -> str:
        """Its kind, as people say it."""
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was seen up to the manual's day, oldest first, by what it is about.

    What names an action that advances two objectives stands under both; `seen` has it once, with
    its school.
    """

    seen: tuple[tuple[str, Seen], ...] = ()
    by_pair: Mapping[tuple[str, str], tuple[Seen, ...]] = field(default_factory=dict)
    by_action: Mapping[str, tuple[Seen, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A row with its school and objectives."""

    school: str
    objectives: tuple[str, ...]
    seen: Seen


@dataclass(frozen=True, slots=True)
class LastSeen:
    """What was seen last of an action, and how much was seen of it in all."""

    day: date
    text: str
    count: int


def last_seen(manual: Manual, action_id: str) -> LastSeen | None:
    """The latest evidence of an action; None when nothing was seen yet."""
    seen = evidence(manual).by_action.get(action_id)
    return LastSeen(seen[-1].day, seen[-1].text, len(seen)) if seen else None


def evidence(manual: Manual) -> Evidence:
    """The evidence of a manual; worked out once."""
    return manual.once(_evidence)


def check_evidence(manual: Manual) -> Iterator[Finding]:
    """A finding for each row that cannot be placed, or bears a day to come."""
    yield from (each for each in manual.once(_read) if isinstance(each, Finding))


def _evidence(manual: Manual) -> Evidence:
    placed = [each for each in manual.once(_read) if isinstance(each, _Placed)]
    placed.extend(_readings(manual))
    placed.sort(key=lambda each: each.seen.day)
    pairs: dict[tuple[str, str], list[Seen]] = {}
    actions: dict[str, list[Seen]] = {}
    for each in placed:
        for objective in each.objectives:
            pairs.setdefault((each.school, objective), []).append(each.seen)
        if each.seen.about.type == "action":
            actions.setdefault(each.seen.about.id, []).append(each.seen)
    return Evidence(
        tuple((each.school, each.seen) for each in placed),
        {key: tuple(seen) for key, seen in pairs.items()},
        {key: tuple(seen) for key, seen in actions.items()},
    )


def _read(manual: Manual) -> tuple[_Placed | Finding, ...]:
    """Each row of `evidence.csv` as placed, or what is wrong with it; none for unknown ids."""
    schools = _schools_by_folder(manual)
    return tuple(
        each
        for entry in manual.ledger("evidence.csv")
        if _known(manual, entry)
        for each in _row(manual, entry, schools.get(entry.file.rpartition("/")[0]))
    )


def _known(manual: Manual, entry: Entry) -> bool:
    """Whether every id of a row is a record of its type; what is not, another rule reports."""
    return all(
        (record := manual.get(target)) is not None and record.type == column
        for column, targets in (
            ("action", entry.ids("action")),
            ("objective", entry.ids("objective")),
            ("school", entry.ids("at")),
            ("role", entry.ids("by")),
        )
        for target in targets
    )


def _schools_by_folder(manual: Manual) -> Mapping[str, Record]:
    """The school that a folder belongs to: the only one whose page lies in it."""
    found: dict[str, list[Record]] = {}
    for school in manual.of_type("school"):
        found.setdefault(school.page.rpartition("/")[0], []).append(school)
    return {folder: schools[0] for folder, schools in found.items() if len(schools) == 1}


def _row(manual: Manual, entry: Entry, here: Record | None) -> Iterator[_Placed | Finding]:
    """A row beside the page of the school `here`, if it lies beside one."""
    named = [*entry.ids("action"), *entry.ids("objective")]
    day = entry.day("date")
    if len(named) != 1 or day is None:
        said = "names no action and no objective" if not named else "names more than one thing"
        yield finding(
            "evidence-about",
            f"Row {entry.line} {said}.",
            "Name one action. Name one objective instead when no action of the school is about "
            "it. What shows two things takes two rows.",
            entry.file,
            entry.line,
            "action",
        )
        return
    about = manual.records[named[0]]
    school = _school(manual, entry, about, here)
    if isinstance(school, Finding):
        yield school
    elif day > manual.today:
        yield finding(
            "evidence-to-come",
            f"Row {entry.line} was seen on {say_day(day)}, a day to come. It is not counted yet.",
            "Write the day on which it was seen, as 2026-11-05.",
            entry.file,
            entry.line,
            "date",
        )
    else:
        objectives = manual.objectives_of(about) if about.type == "action" else (about,)
        roles = tuple(manual.records[name].ref for name in entry.ids("by"))
        seen = Seen(day, entry.get("kind"), entry.get("seen"), roles, about.ref)
        yield _Placed(school.id, tuple(one.id for one in objectives), seen)


def _school(manual: Manual, entry: Entry, about: Record, here: Record | None) -> Record | Finding:
    """The school of a row: named in it, told by its folder, or the only one of its action."""
    named = [manual.records[name] for name in entry.ids("at")]
    own = manual.linked(about, "at") if about.type == "action" else ()
    possible = [school for school in (*named, here) if school is not None] or list(own)
    places = {school.id: school for school in possible}
    if not places:
        message = f"Row {entry.line} does not say at which school."
        fix = "Write the school's id in the column 'at', or keep the file beside the school's page."
    elif len(places) > 1:
        message = f"Row {entry.line} may belong to {' or '.join(places)}."
        fix = "Name one school in the column 'at', and keep the row beside that school's page."
    elif about.type == "action" and not places.keys() & {school.id for school in own}:
        message = f"Row {entry.line} names {about.id}, an action of another school."
        fix = f"Name an action of {possible[0].title}, or move the row to the other school's file."
    else:
        return possible[0]
    return finding("evidence-place", message, fix, entry.file, entry.line, "at")


def _readings(manual: Manual) -> Iterator[_Placed]:
    """Readings of key results at a school that say something of students or of teaching."""
    for entry in manual.ledger("readings.csv"):
        day = entry.day("date")
        results = [manual.get(name) for name in entry.ids("key_result")]
        schools = [manual.get(name) for name in entry.ids("at")]
        if day is None or day > manual.today:
            continue
        for result in results:
            if result is None or result.get("measure") in ("", "implementation"):
                continue
            text = f"{entry.get('value')}. {entry.get('note')}".removesuffix(". ")
            seen = Seen(day, READING, text, (), result.ref)
            objectives = tuple(one.id for one in manual.linked(result, "measures"))
            for school in schools:
                if school is not None and school.type == "school":
                    yield _Placed(school.id, objectives, seen)
