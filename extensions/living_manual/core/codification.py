"""How far an entry is codified: captured, documented, named, embedded (source S1).

Work that lives in one head leaves with it. Source S1 names the way out: capture what works,
document it, name it, embed it in what people do anyway. Nobody claims a level here; each follows by
rule from what the manual holds, and a level counts only when all those before it do:

- *captured*: it is a record of the manual;
- *documented*: no part of its form is empty (`core/forms.py`);
- *named*: another record or page calls it by its name, through a link;
- *embedded*: something runs it. What that is, `ENTRIES` says for each type.

Entries are the types that have a form: what people write down for those who come after them. The
sessions, actions, assessments and the paths of new colleagues are what runs entries, and have no
level themselves; roles, schools, stages and standards are what everything is tied to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from living_manual.core.forms import lacking
from living_manual.core.model import Manual, Record, Ref

#: The levels, lowest first, each with what it says in a sentence.
LEVELS: Mapping[str, str] = {
    "captured": "It is in the manual, and no longer only in one person's head.",
    "documented": "No part of its form is empty.",
    "named": "Another page or record calls it by its name.",
    "embedded": "Something runs it: a session, an action, or a path for new colleagues.",
}
_NAMES = tuple(LEVELS)
#: The folder of the paths for new colleagues; and all folders of pages on which work is planned.
PATHS = "onboarding/"
AT_WORK = (PATHS, "schools/", "learning/")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an entry is, what the next level is called, and what it takes to get there.

    `next` and `missing` are empty for what is embedded. `about` is the page of the entry's stage,
    where the levels are told.
    """

    level: str
    next: str = ""
    missing: str = ""
    about: Ref | None = None

    @property
    def step(self) -> int:
        """1 for captured to 4 for embedded."""
        return _NAMES.index(self.level) + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """How an entry of a type gets on.

    `named` is what calls it by its name and `run` what runs it, in words that complete "It needs";
    `runs` is the rule for the second.
    """

    named: str
    run: str
    runs: Callable[[Manual, Record], bool]


def standing(manual: Manual, record: Record) -> Standing | None:
    """How far a record is codified; None for what is no entry, and where not every record is here.

    Looks only at what links to the record, so that it costs little to ask again.
    """
    entry = ENTRIES.get(record.type)
    if entry is None or not manual.whole:
        return None
    stages = manual.linked(record, "stage")
    about = Ref("", "page", "", stages[0].page) if stages else None
    if empty := lacking(record):
        return Standing("captured", "documented", empty, about)
    if not is_named(manual, record):
        return Standing("documented", "named", f"It needs {entry.named}.", about)
    if not entry.runs(manual, record):
        return Standing("named", "embedded", f"It needs {entry.run}.", about)
    return Standing("embedded", about=about)


def is_named(manual: Manual, record: Record) -> bool:
    """Whether another record links to it, or the text of another page does."""
    return any(other.id != record.id for _, other in manual.incoming_by_link(record.id)) or any(
        ref.id != record.id and ref.page != record.page
        for ref in manual.mentions.get(record.id, ())
    )


def is_run(manual: Manual, protocol: Record) -> bool:
    """Whether a session runs a protocol, a living action uses it, or a path links to it."""
    return any(
        (link == "runs" and other.type == "session") or (link == "uses" and other.living)
        for link, other in manual.incoming_by_link(protocol.id)
    ) or _mentioned(manual, protocol, PATHS)


def _mentioned(manual: Manual, record: Record, *folders: str) -> bool:
    return any(ref.page.startswith(folders) for ref in manual.mentions.get(record.id, ()))


def _protocol_mentions(manual: Manual, record: Record) -> bool:
    """Whether the page of a protocol that is itself run links to the record."""
    protocols = (manual.get(ref.id) for ref in manual.mentions.get(record.id, ()) if ref.id)
    return any(p and p.type == "protocol" and is_run(manual, p) for p in protocols)


def _term_runs(manual: Manual, term: Record) -> bool:
    return _mentioned(manual, term, *AT_WORK) or any(
        link == "develops" and is_run(manual, other)
        for link, other in manual.incoming_by_link(term.id)
    )


def _exemplar_runs(manual: Manual, exemplar: Record) -> bool:
    # What it illustrates does not count: that is written in the exemplar, by the one who made it.
    return _mentioned(manual, exemplar, *AT_WORK) or _protocol_mentions(manual, exemplar)


def _decision_runs(manual: Manual, decision: Record) -> bool:
    # What it affects counts when it is dated work: then the decision is in the calendar or a plan.
    return (
        any(
            target.type == "session" or _is_living_action(target)
            for target in manual.linked(decision, "affects")
        )
        or _mentioned(manual, decision, *AT_WORK)
        or _protocol_mentions(manual, decision)
    )


def _is_living_action(record: Record) -> bool:
    return record.type == "action" and record.living


def _key_result_runs(manual: Manual, result: Record) -> bool:
    return any(
        (link == "advances" and other.living)
        or (link == "informs" and bool(manual.linked(other, "analysed_in")))
        for link, other in manual.incoming_by_link(result.id)
    )


def _objective_runs(manual: Manual, objective: Record) -> bool:
    return any(
        (link == "advances" and other.living)
        or (link == "serves" and other.type == "session")
        or (link == "measures" and _key_result_runs(manual, other))
        for link, other in manual.incoming_by_link(objective.id)
    )


def _subsystem_runs(manual: Manual, subsystem: Record) -> bool:
    return any(
        link == "strengthens" and is_run(manual, other)
        for link, other in manual.incoming_by_link(subsystem.id)
    )


def _vision_runs(manual: Manual, vision: Record) -> bool:
    return any(
        link == "realises" and _objective_runs(manual, other)
        for link, other in manual.incoming_by_link(vision.id)
    )


#: The types of entries, in the order in which readers meet them.
ENTRIES: Mapping[str, Entry] = {
    "vision": Entry(
        "an objective that realises it",
        "an objective that a school or a session works on",
        _vision_runs,
    ),
    "objective": Entry(
        "a key result that measures it, or a link from another page",
        "a school's action that advances it, or a session that serves it",
        _objective_runs,
    ),
    "key_result": Entry(
        "an action that advances it, or a link from another page",
        "a school's action that advances it, or an assessment that a session analyses",
        _key_result_runs,
    ),
    "subsystem": Entry(
        "a protocol that strengthens it, or a link from another page",
        "a protocol that strengthens it and is run",
        _subsystem_runs,
    ),
    "term": Entry(
        "a protocol that develops it, an exemplar that shows it, or a link from another page",
        "a protocol that develops it and is run, or a link from a school's page, the year's "
        "learning or a path for new colleagues",
        _term_runs,
    ),
    "protocol": Entry(
        "a link from another page, or an exemplar that shows it",
        "a session that runs it, a school's action that uses it, or a link from a path for new "
        "colleagues",
        is_run,
    ),
    "exemplar": Entry(
        "a link from another page, such as the protocol it is read with",
        "a link from a protocol that is run, a school's page, the year's learning or a path for "
        "new colleagues",
        _exemplar_runs,
    ),
    "decision": Entry(
        "a link from another page, such as the page it changed",
        "a session or an action that carries it out, named in what it affects, or a link from a "
        "protocol that is run, the year's learning or a path for new colleagues",
        _decision_runs,
    ),
}
