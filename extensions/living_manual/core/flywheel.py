"""What each stage of the flywheel holds, how far it is codified, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from living_manual.core.codification import ENTRIES, LEVELS, Standing, standing
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import DataTable
from living_manual.core.words import plural

#: How many of something and of many of it, as readers call the types.
COUNTED: Mapping[str, tuple[str, str]] = {
    "vision": ("vision", "visions"),
    "objective": ("objective", "objectives"),
    "key_result": ("key result", "key results"),
    "subsystem": ("subsystem", "subsystems"),
    "term": ("word", "words"),
    "protocol": ("protocol", "protocols"),
    "exemplar": ("exemplar", "exemplars"),
    "decision": ("decision", "decisions"),
    "session": ("session", "sessions"),
    "assessment": ("assessment", "assessments"),
}
#: What one expects in each of the four stages, in the order of the sources (S1, S3): what matters
#: and its words; the time for learning; the practices; what is passed on.
EXPECTED: tuple[tuple[str, ...], ...] = (
    ("vision", "objective", "key_result", "term"),
    ("session",),
    ("protocol",),
    ("exemplar", "decision"),
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many entries stand at each level, lowest level first."""

    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All entries."""
        return sum(self.counts)

    @property
    def said(self) -> str:
        """The counts in words, highest level first, without those that are 0."""
        pairs = [(count, level) for count, level in zip(self.counts, LEVELS, strict=True) if count]
        return " · ".join(f"{count} {level}" for count, level in reversed(pairs))

    @property
    def spans(self) -> tuple[tuple[str, float, float], ...]:
        """Level, start and length of each part of a bar that is 100 long, highest level first."""
        found, start = [], 0.0
        for count, level in reversed(list(zip(self.counts, LEVELS, strict=True))):
            length = round(100 * count / self.total, 2) if count else 0.0
            if count:
                found.append((level, round(start, 2), length))
            start += length
        return tuple(found)


@dataclass(frozen=True, slots=True)
class HeldRow:
    """The entries of one type in a stage, by level."""

    type: str
    title: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Lack:
    """Something a stage lacks: what to do about it, and the records it is about."""

    what: str
    refs: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry and its level."""

    record: Ref
    type_title: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage: its entries by type and level, what else it holds, and what it lacks."""

    stage: Ref
    rows: tuple[HeldRow, ...]
    tally: Tally
    others: str
    lacks: tuple[Lack, ...]
    entries: tuple[EntryRow, ...]


@dataclass(frozen=True, slots=True)
class Flywheel:
    """All stages, in the order written, and all their entries together."""

    stages: tuple[StageRow, ...]
    tally: Tally
    levels: tuple[tuple[str, str], ...] = tuple(LEVELS.items())


def flywheel(manual: Manual) -> Flywheel:
    """The stages with what belongs to them."""
    stages = tuple(
        _stage(manual, number, stage) for number, stage in enumerate(manual.of_type("stage"))
    )
    return Flywheel(stages, _tally(row.standing for stage in stages for row in stage.entries))


def flywheel_table(view: Flywheel) -> DataTable:
    """One row an entry."""
    return DataTable(
        ("stage_id", "type", "record_id", "title", "level", "next_level", "what_it_takes"),
        tuple(
            (
                stage.stage.id,
                row.record.type,
                row.record.id,
                row.record.title,
                row.standing.level,
                row.standing.next,
                row.standing.missing,
            )
            for stage in view.stages
            for row in stage.entries
        ),
    )


def _stage(manual: Manual, number: int, stage: Record) -> StageRow:
    held = manual.incoming(stage.id, "stage")
    entries = tuple(
        EntryRow(record.ref, manual.model.title(record.type), reached)
        for type_name in ENTRIES
        for record in held
        if record.type == type_name and (reached := standing(manual, record))
    )
    return StageRow(
        stage.ref,
        tuple(
            HeldRow(name, _counted(tally.total, name).capitalize(), tally)
            for name in ENTRIES
            if (tally := _tally(r.standing for r in entries if r.record.type == name)).total
        ),
        _tally(row.standing for row in entries),
        _others(held),
        tuple(_lacks(manual, number, held, entries)),
        entries,
    )


def _counted(count: int, type_name: str) -> str:
    return COUNTED[type_name][count != 1]


def _tally(standings: Iterable[Standing]) -> Tally:
    levels = [each.level for each in standings]
    return Tally(tuple(levels.count(level) for level in LEVELS))


def _others(held: Iterable[Record]) -> str:
    types = [record.type for record in held if record.type not in ENTRIES]
    return " and ".join(
        plural(types.count(name), *COUNTED.get(name, (name,))) for name in dict.fromkeys(types)
    )


#: What a coach does next about entries that stand at a level.
_NEXT = {
    "captured": "with an empty part",
    "documented": "that no other page names",
    "named": "that nothing runs yet",
}


def _lacks(
    manual: Manual, number: int, held: Iterable[Record], entries: Iterable[EntryRow]
) -> Iterator[Lack]:
    types = {record.type for record in held}
    for name in EXPECTED[number] if number < len(EXPECTED) else ():
        if name not in types:
            yield Lack(f"No {COUNTED[name][0]} belongs to this stage yet.")
    for level, what in _NEXT.items():
        found = [row.record for row in entries if row.standing.level == level]
        for name in dict.fromkeys(ref.type for ref in found):
            refs = tuple(ref for ref in found if ref.type == name)
            yield Lack(f"{plural(len(refs), *COUNTED[name])} {what}", refs)
    unseen = tuple(
        row.record
        for row in entries
        if row.record.type == "term" and not manual.incoming(row.record.id, "illustrates")
    )
    if unseen:
        yield Lack(f"{plural(len(unseen), *COUNTED['term'])} that no exemplar shows", unseen)
