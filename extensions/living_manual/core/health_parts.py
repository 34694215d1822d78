"""What belongs to a part of the system, a stage of the flywheel or a subsystem, and what is wanted.

To a stage belongs every record that names it as its `stage`. To a subsystem belong the protocols
that strengthen it, the sessions that run one of them, the living actions that use one, and the
exemplars that show one. Objectives are carried by it; they belong to a stage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from living_manual.core.codification import ENTRIES
from living_manual.core.elements import Carried, carried
from living_manual.core.flywheel import COUNTED, EXPECTED
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.words import plural
from living_manual.core.work import ids

#: So many records are named one by one; more are counted, with a link to where they are listed.
MANY = 40


@dataclass(frozen=True, slots=True)
class Held:
    """What a part holds of one type: the count in words, and the records unless they are many.

    `asks` is what the address of the list of all actions, or of all sessions, must ask for to show
    them; empty when they are no work. `listed` is how many it shows then: paused and dropped
    actions too.
    """

    type: str
    said: str
    count: int
    refs: tuple[Ref, ...] = ()
    asks: str = ""
    listed: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that is expected of a part: whether it is there, and if not, what to do."""

    there: bool
    missing: str
    fix: str


@dataclass(frozen=True, slots=True)
class Belonging:
    """A stage or a subsystem (`part`) with what belongs to it.

    `entries` can be codified, `dated` carry the day of their last review; `all` are the ids of
    everything, the part itself among them. `carries` are the objectives that its work serves.
    """

    part: Record
    held: tuple[Held, ...]
    wanted: tuple[Wanted, ...]
    elements: tuple[Carried, ...]
    entries: tuple[Record, ...]
    dated: tuple[Record, ...]
    all: frozenset[str]
    carries: tuple[Ref, ...] = ()


def parts(manual: Manual) -> Iterator[Belonging]:
    """The stages, then the subsystems, each in the order written."""
    for number, stage in enumerate(manual.of_type("stage")):
        yield _stage(manual, number, stage)
    for subsystem in manual.of_type("subsystem"):
        yield _subsystem(manual, subsystem)


def _stage(manual: Manual, number: int, stage: Record) -> Belonging:
    held = manual.incoming(stage.id, "stage")
    by_type: dict[str, list[Record]] = {}
    for record in held:
        by_type.setdefault(record.type, []).append(record)
    expected = EXPECTED[number] if number < len(EXPECTED) else ()
    wanted = tuple(
        Wanted(
            name in by_type,
            f"No {COUNTED[name][0]} belongs to it yet.",
            f"Write one, or give one that you have the option stage with {stage.id}.",
        )
        for name in expected
    ) or (Wanted(bool(held), "Nothing belongs to it yet.", "Give it a first record."),)
    names = (*ENTRIES, *(name for name in by_type if name not in ENTRIES))
    return Belonging(
        stage,
        tuple(_held(name, by_type[name], f"stage={stage.id}") for name in names if name in by_type),
        wanted,
        (),
        tuple(record for name in ENTRIES for record in by_type.get(name, ())),
        held,
        frozenset((stage.id, *ids(held))),
    )


#: What is expected of every subsystem, beside its elements: what is missing, and what to do.
_OF_SUBSYSTEM: Mapping[str, tuple[str, str]] = {
    "protocol": (
        "No protocol strengthens it yet.",
        "Name the subsystem in the option strengthens of a protocol, or write one for it.",
    ),
    "session": (
        "No session runs one of its protocols yet.",
        "Choose a date, and name one of its protocols in its column runs.",
    ),
    "action": (
        "No school's living action uses one of its protocols yet.",
        "Offer a protocol to a school team, who name it in the column uses of their plan.",
    ),
    "exemplar": (
        "No exemplar shows one of its protocols yet.",
        "Keep work from one session as an exemplar, and name its protocol under illustrates.",
    ),
}


def _subsystem(manual: Manual, subsystem: Record) -> Belonging:
    protocols = manual.incoming(subsystem.id, "strengthens")

    def linked(link: str, fits: Callable[[Record], bool]) -> list[Record]:
        """Records that lead to one of the protocols, each once."""
        found = {
            record.id: record
            for protocol in protocols
            for record in manual.incoming(protocol.id, link)
            if fits(record)
        }
        return list(found.values())

    actions = linked("uses", lambda record: record.type == "action")
    by_type: dict[str, list[Record]] = {
        "protocol": list(protocols),
        "session": linked("runs", lambda record: record.type == "session"),
        "action": [action for action in actions if action.living],
        "exemplar": linked("illustrates", lambda record: record.type == "exemplar"),
    }
    elements = carried(manual, subsystem)
    work = (*by_type["action"], *by_type["session"])
    served = {o for r in by_type["action"] for o in ids(manual.objectives_of(r))}
    served |= {o for r in by_type["session"] for o in ids(manual.linked(r, "serves"))}
    entries = (*by_type["protocol"], *by_type["exemplar"])
    everything = (*entries, *work)
    return Belonging(
        subsystem,
        tuple(
            _held(
                name,
                records,
                f"subsystem={subsystem.id}",
                len(actions) if name == "action" else 0,
            )
            for name, records in by_type.items()
            if records
        ),
        (
            *(Wanted(bool(by_type[name]), *said) for name, said in _OF_SUBSYSTEM.items()),
            *(_wanted(each) for each in elements),
        ),
        elements,
        entries,
        (*entries, *by_type["session"]),
        frozenset((subsystem.id, *ids(everything))),
        tuple(_short(each) for each in manual.of_type("objective") if each.id in served),
    )


def _short(record: Record) -> Ref:
    return Ref(record.id, record.type, record.get("short") or record.title, record.page)


def _wanted(element: Carried) -> Wanted:
    what = "is explained, and nothing carries it." if element.told else "has nothing behind it yet."
    if element.state == "told" and not element.told:
        what = "leads to a page, and nothing carries it."
    return Wanted(
        element.state == "carried",
        f"“{element.name}” {what}",
        "Link its line to a protocol, a session, an exemplar or a decision that carries it.",
    )


def _held(name: str, records: list[Record], asks: str, all_listed: int = 0) -> Held:
    said = plural(len(records), *COUNTED.get(name, (name,)))
    if name == "action":
        said = plural(len(records), "living action")
    few = len(records) <= MANY
    return Held(
        name,
        said,
        len(records),
        tuple(record.ref for record in records) if few else (),
        asks if name in ("action", "session") else "",
        all_listed or len(records),
    )
