"""What is to be confirmed: records that depend on a wording that has changed since it was agreed.

A record is clear of a change when it carries a confirmation of the wording as it is now. That is a
line with the record, by content: it holds whatever the file is called and however it is versioned.
The parent may carry the line itself, which says that it means the same as before (a typo).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from living_manual.core.compare import Comparison, compare
from living_manual.core.finding import Finding, finding
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import DataTable
from living_manual.core.wording import (
    DEPENDS,
    MARK,
    WORDINGS,
    Reworded,
    digest,
    mark,
    marks,
    not_kept,
    reworded,
)
from living_manual.core.words import listed


@dataclass(frozen=True, slots=True)
class Change:
    """A wording as it was known to somebody, since when, and as it is now.

    `key` is the same for all who know the same old wording.
    """

    parent: Ref
    since: date
    key: str
    wording: str
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """A record with the changes its owner has not confirmed, and how to confirm them all.

    `line` is what to write: an option of its block, or (`cell`) its cell of the column `confirmed`,
    in the file and row where the record was written.
    """

    record: Ref
    changes: tuple[Change, ...]
    line: str
    cell: bool
    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A record whose wording has changed: who is to confirm, and how many have.

    `same` is the line in its own block that says it means the same as before; `typo` that it is
    there. Without anybody to confirm, the wording waits to be kept.
    """

    change: Change
    open: tuple[tuple[Ref, str], ...]
    confirmed: int
    same: str
    typo: bool
    file: str
    row: int


@dataclass(frozen=True, slots=True)
class ConfirmItem:
    """A record to be confirmed, with the roles that own it."""

    what: ToConfirm
    roles: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class ConfirmGroup:
    """What is to be confirmed at a school (None: in the district), by who owns it."""

    school: Ref | None
    roles: tuple[tuple[str, tuple[ConfirmItem, ...]], ...]
    count: int


@dataclass(frozen=True, slots=True)
class Confirmations:
    """Everything that is to be confirmed.

    `kept` and `not_kept` count the wordings by whether one is kept that could be compared.
    """

    changed: tuple[Asked, ...]
    groups: tuple[ConfirmGroup, ...]
    records: int
    schools: int
    kept: int
    not_kept: int


def depends_on(record: Record) -> tuple[str, ...]:
    """The ids whose wording a record depends on, each once."""
    ids = (target for link in DEPENDS.get(record.type, ()) for target in record.to(link))
    return tuple(target for target in dict.fromkeys(ids) if target != record.id)


def dependants(manual: Manual, record_id: str) -> tuple[Record, ...]:
    """The records that depend on a wording, in the order of the manual."""
    found = manual.incoming_by_link(record_id)
    return tuple(
        {
            source.id: source
            for link, source in found
            if link in DEPENDS.get(source.type, ()) and source.id != record_id
        }.values()
    )


def open_parents(manual: Manual, record: Record) -> tuple[Reworded, ...]:
    """The changed wordings that a record depends on and has not confirmed."""
    changed = reworded(manual)
    if not changed:
        return ()
    confirmed = marks(record)
    return tuple(
        changed[target]
        for target in depends_on(record)
        if target in changed
        and not changed[target].typo
        and mark(target, changed[target].wording) not in confirmed
    )


def to_confirm(manual: Manual, record: Record) -> ToConfirm | None:
    """What the owner of a record is asked to confirm; None when there is nothing."""
    parents = open_parents(manual, record)
    if not parents:
        return None
    cell = record.file.endswith(".csv")
    said = with_marks(marks(record), {each.record.id: each.wording for each in parents})
    return ToConfirm(
        record.ref,
        tuple(_change(each, record) for each in parents),
        ";".join(said) if cell else f":confirmed: {', '.join(said)}",
        cell,
        record.file,
        record.line,
    )


def with_marks(said: tuple[str, ...], new: Mapping[str, str]) -> tuple[str, ...]:
    """Confirmations with new ones in place of those of the same parents."""
    kept = [each for each in said if each.partition("@")[0] not in new]
    return (*kept, *(mark(parent, wording) for parent, wording in new.items()))


def _change(parent: Reworded, by: Record | None = None) -> Change:
    """The change as a record knows it: since the wording it confirmed last, or the agreed one."""
    known = parent.agreed
    for said in marks(by) if by else ():
        found = MARK.fullmatch(said)
        if found and found[1] == parent.record.id:
            known = parent.kept.get(found[2], known)
    key = f"{parent.record.id}-{digest(known.text)}"
    compared = compare(known.text, parent.text)
    return Change(parent.record, known.since, key, parent.wording, compared)


def asked(manual: Manual, record: Record) -> Asked | None:
    """Who is to confirm the changed wording of a record; None when it is the agreed one."""
    parent = reworded(manual).get(record.id)
    if parent is None:
        return None
    everybody = dependants(manual, record.id)
    open_ = [each for each in everybody if parent in open_parents(manual, each)]
    own = with_marks(marks(record), {record.id: parent.wording})
    return Asked(
        _change(parent),
        tuple((each.ref, _place(manual, each)) for each in open_),
        len(everybody) - len(open_),
        f":confirmed: {', '.join(own)}",
        parent.typo,
        record.file,
        record.line,
    )


def _place(manual: Manual, record: Record) -> str:
    return ", ".join(school.get("short") or school.title for school in manual.linked(record, "at"))


def owners(manual: Manual, record: Record) -> tuple[Record, ...]:
    """The roles that own or lead a record."""
    return manual.linked(record, "owner") or manual.linked(record, "led_by")


def confirmations(manual: Manual) -> Confirmations:
    """Everything that is to be confirmed, school by school and role by role."""
    found: dict[str, list[tuple[Record, ToConfirm]]] = {}
    for record in manual.records.values() if reworded(manual) else ():
        if what := to_confirm(manual, record):
            schools = manual.linked(record, "at")
            found.setdefault(schools[0].id if schools else "", []).append((record, what))
    order = ["", *(school.id for school in manual.of_type("school"))]
    groups = tuple(_group(manual, school, found[school]) for school in order if school in found)
    missing = len(not_kept(manual))
    return Confirmations(
        tuple(each for parent in reworded(manual) if (each := _asked(manual, parent))),
        groups,
        sum(group.count for group in groups),
        sum(1 for group in groups if group.school),
        sum(len(manual.of_type(name)) for name in WORDINGS) - missing,
        missing,
    )


def _asked(manual: Manual, record_id: str) -> Asked | None:
    return asked(manual, manual.records[record_id])


def _group(manual: Manual, school_id: str, found: list[tuple[Record, ToConfirm]]) -> ConfirmGroup:
    by_role: dict[str, list[ConfirmItem]] = {}
    for record, what in found:
        roles = owners(manual, record)
        name = listed([role.title for role in roles])
        by_role.setdefault(name, []).append(ConfirmItem(what, tuple(role.ref for role in roles)))
    school = manual.get(school_id)
    return ConfirmGroup(
        school.ref if school else None,
        tuple((name, tuple(by_role[name])) for name in sorted(by_role)),
        len(found),
    )


def confirmations_table(view: Confirmations) -> DataTable:
    """One row a record and a wording that it is to confirm."""
    return DataTable(
        (
            "school_id",
            "school",
            "owner",
            "record_id",
            "record",
            "type",
            "parent_id",
            "parent",
            "agreed_since",
            "file",
            "line",
            "write",
        ),
        tuple(
            (
                group.school.id if group.school else "",
                group.school.title if group.school else "",
                role,
                item.what.record.id,
                item.what.record.title,
                item.what.record.type,
                change.parent.id,
                change.parent.title,
                change.since.isoformat(),
                item.what.file,
                item.what.row,
                item.what.line,
            )
            for group in view.groups
            for role, items in group.roles
            for item in items
            for change in item.what.changes
        ),
    )


def check_confirmations(manual: Manual) -> Iterator[Finding]:
    """A finding for each confirmation that confirms nothing: such a line hides nothing either."""
    for record in manual.records.values():
        if "confirmed" in record.fields:
            for said in marks(record):
                yield from _check_mark(record, said)


def _check_mark(record: Record, said: str) -> Iterator[Finding]:
    found = MARK.fullmatch(said)
    parents = depends_on(record)
    if not found:
        what = f"'{said}', which is no confirmation"
        fix = "Write the id, @ and eight letters, as the page of the record shows it to be copied."
    elif found[1] in parents or (found[1] == record.id and record.type in WORDINGS):
        return
    elif not parents:
        what = f"{found[1]}, and {record.id} depends on no other wording"
        fix = "Take the line away."
    else:
        what = f"{found[1]}, which {record.id} does not depend on"
        fix = f"It depends on {listed(parents)}. Name that, or take this away."
    yield finding(
        "confirmed-line",
        f"{record.id}: `confirmed` names {what}.",
        fix,
        record.file,
        record.line,
        "confirmed",
    )
