"""Where a record is used: what links to it, and whose text names it, grouped for a reader."""

from __future__ import annotations

from dataclasses import dataclass

from living_manual.core.codification import Standing, standing
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import DataTable
from living_manual.core.words import plural


@dataclass(frozen=True, slots=True)
class Use:
    """One record that links here: how, and at which school."""

    record: Ref
    relation: str
    place: str


@dataclass(frozen=True, slots=True)
class UseGroup:
    """The uses of one type, under a heading."""

    title: str
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class UsedIn:
    """All uses of a record, one line that counts them, and how far it is codified, if it can be."""

    record: Ref
    groups: tuple[UseGroup, ...]
    summary: str
    codified: Standing | None = None


#: Headings, in the order shown: where the work happens first.
HEADINGS = {
    "action": ("Actions", "action"),
    "session": ("Sessions", "session"),
    "protocol": ("Protocols", "protocol"),
    "exemplar": ("Exemplars", "exemplar"),
    "term": ("Words", "word"),
    "key_result": ("Key results", "key result"),
    "objective": ("Objectives", "objective"),
    "assessment": ("Assessments", "assessment"),
    "decision": ("Decisions", "decision"),
    "school": ("Schools", "school"),
    "subsystem": ("Subsystems", "subsystem"),
    "vision": ("Vision", "vision"),
    "role": ("Roles", "role"),
}


def used_in(manual: Manual, record: Record) -> UsedIn:
    """Every record that links to this one, each named once; then pages whose text names it."""
    groups: dict[str, dict[str, Use]] = {}
    schools: set[str] = set()
    for link, source in manual.incoming_by_link(record.id):
        if record.type == "school" and source.type == "action":
            continue  # the school's plan on the same page tells them in full
        if link == "part_of":
            continue  # a standard's parts stand below it on its own page
        at = manual.linked(source, "at")
        schools.update(school.id for school in at)
        declared = manual.model.links.get(link)
        relation = declared.incoming if declared else link
        place = ", ".join(school.get("short") or school.title for school in at)
        groups.setdefault(source.type, {}).setdefault(source.id, Use(source.ref, relation, place))
    ordered = sorted(
        groups, key=lambda name: list(HEADINGS).index(name) if name in HEADINGS else 99
    )
    shown = tuple(
        UseGroup(
            HEADINGS.get(name, (manual.model.title(name), ""))[0], tuple(groups[name].values())
        )
        for name in ordered
    )
    named = {use.record.id for group in shown for use in group.uses}
    mentions = tuple(
        Use(ref, "mentioned in", "")
        for ref in manual.mentions.get(record.id, ())
        if ref.id != record.id and (not ref.id or ref.id not in named)
    )
    counts = [plural(len(groups[name]), HEADINGS[name][1]) for name in ordered if name in HEADINGS]
    if len(schools) > 1 and record.type != "school":
        counts.insert(0, plural(len(schools), "school"))
    if mentions:
        shown = (*shown, UseGroup("Mentioned in", mentions))
        counts.append(f"mentioned in {plural(len(mentions), 'page')}")
    return UsedIn(record.ref, shown, " · ".join(counts), standing(manual, record))


def used_in_table(view: UsedIn) -> DataTable:
    """One row a use."""
    return DataTable(
        ("record_id", "relation", "used_by_id", "type", "title", "status", "school"),
        tuple(
            (
                view.record.id,
                use.relation,
                use.record.id,
                use.record.type,
                use.record.title,
                use.record.status,
                use.place,
            )
            for group in view.groups
            for use in group.uses
        ),
    )
