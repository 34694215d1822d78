"""What is to do about consent: findings, gaps by owner, and the list for leaders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from living_manual.core.consent import (
    FILE,
    Consent,
    Consents,
    MediaUse,
    Standing,
    ending_soon,
    family,
    name_in,
    path_fault,
    why,
)
from living_manual.core.edition import PUBLIC
from living_manual.core.finding import Finding, finding
from living_manual.core.gap import Gap, GapRule
from living_manual.core.language import allowed_words
from living_manual.core.ledgers import SHOWS_NOBODY
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import DataTable
from living_manual.core.words import listed, plural, say_day

T = TypeVar("T")


def consents_of(manual: Manual) -> Consents:
    """The rows of the manual, for its edition and its day."""
    return manual.once(_consents)


def _consents(manual: Manual) -> Consents:
    return Consents.of(manual.ledger(FILE), manual.edition, manual.today)


# ------------------------------------------------------------------------------------- findings


def check_consents(manual: Manual, there: Callable[[str], bool]) -> Iterator[Finding]:
    """What is wrong with the rows, and what is not shown; `there` says whether a file is."""
    consents = consents_of(manual)
    seen: dict[str, Consent] = {}
    for row in consents.rows:
        yield from _check_row(manual, row, there)
        first = seen.setdefault(row.media, row)
        if first is not row:
            yield _at(
                row,
                "consent-twice",
                f"Row {row.line} is about {row.media}, as row {first.line} of {first.file} is.",
                "Keep one row for each picture or clip. When a consent is renewed, change its "
                "dates; when two children are seen, write both references into one cell.",
                "media",
            )
    yield from _check_uses(manual)


def _check_row(manual: Manual, row: Consent, there: Callable[[str], bool]) -> Iterator[Finding]:
    person = name_in(row.reference, allowed_words(manual.settings.not_names))
    if person:
        yield _at(
            row,
            "consent-name",
            f"Row {row.line}, column 'consent': this looks like a person's name.",
            "Write the number under which the district keeps the paper, such as C-2026-014.",
            "consent",
        )
    fault = path_fault(row.media)
    named = row.media in manual.once(_named)  # then the page says what is not there
    if fault or not (row.withdrawn or named or there(row.media)):
        yield _at(
            row,
            "consent-media",
            f"Row {row.line}: '{row.media}' {fault or 'is no file of this manual'}.",
            "Write the file's path from the folder of the pages, such as "
            "exemplars/plant-growth/student-a.png.",
            "media",
        )
    if row.withdrawn is not None:
        return
    if not row.reference and manual.edition != PUBLIC:
        yield _at(
            row,
            "consent-reference",
            f"Row {row.line} has no consent.",
            "Write the number under which the district keeps the paper, such as C-2026-014.",
            "consent",
        )
    if row.ends is None and row.kind not in SHOWS_NOBODY:
        yield _at(
            row,
            "consent-ends",
            f"Row {row.line}: consent for {row.kind} has no last day.",
            "Write in 'ends' the day that stands on the paper, such as 2027-06-30. Only what was "
            f"{listed(SHOWS_NOBODY, 'or')} may do without.",
            "ends",
        )
    if row.ends and row.starts and row.ends < row.starts:
        yield _at(
            row,
            "consent-ends",
            f"Row {row.line} ends before it starts.",
            "Check its two days.",
            "ends",
        )


def _named(manual: Manual) -> frozenset[str]:
    return frozenset(use.media for use in manual.media)


def _check_uses(manual: Manual) -> Iterator[Finding]:
    consents = consents_of(manual)
    hidden = {family(use.media) for use in manual.media if not use.standing.shown}
    for use in manual.media:
        name = use.media.rpartition("/")[2]
        if use.standing is Standing.FREE and family(use.media) in hidden:
            yield finding(
                "consent-elsewhere",
                f"This page shows {name}, which an exemplar may not show.",
                f"Write a row for {use.media} into {FILE}, or take it off this page.",
                use.file,
                use.line,
            )
        if use.standing.shown:
            continue
        rows = consents.rows_of(use.media)
        owner = _owner(manual, use)
        yield finding(
            "media-withheld",
            f"The {use.noun} {name} {why(use.standing, rows)}: it is not shown in this edition."
            + (f" Owner: {owner}." if owner else ""),
            _fix(use, rows),
            use.file,
            use.line,
        )


def _fix(use: MediaUse, rows: tuple[Consent, ...]) -> str:
    if not rows:
        return f"Write a row for {use.media} into {FILE}, or take it off the page."
    row = rows[0]
    if use.standing is Standing.WITHDRAWN:
        return "Take it and its words off the page; then delete the file."
    if use.standing is Standing.ENDED:
        return f"Ask again and change row {row.line} of {row.file}, or take it off the page."
    if use.standing is Standing.EARLY:
        return f"Wait for that day, or check row {row.line} of {row.file}."
    return f"Leave it so, or ask for a wider consent and change row {row.line} of {row.file}."


def _owner(manual: Manual, use: MediaUse) -> str:
    record = manual.get(use.lead)
    return listed(manual.owner_names(record)) if record else ""


def _at(row: Consent, kind: str, message: str, fix: str, column: str) -> Finding:
    return finding(kind, message, fix, row.file, row.line, column)


# ----------------------------------------------------------------------------------------- gaps


def not_shown(manual: Manual) -> Iterator[Gap]:
    """Pages with something that may not be shown; names of files stay out of what is published."""
    found: dict[str, list[MediaUse]] = {}
    for use in manual.media:
        if not use.standing.shown and use.standing is not Standing.STAFF_ONLY:
            found.setdefault(use.lead, []).append(use)
    for record, uses in _by_record(manual, found):
        rows = [row for use in uses for row in consents_of(manual).rows_of(use.media)]
        days = [day for row in rows for day in (row.withdrawn, row.ends) if day]
        past = [day for day in days if day <= manual.today]
        reasons = dict.fromkeys(
            why(use.standing, consents_of(manual).rows_of(use.media)) for use in uses
        )
        count = plural(len({family(use.media) for use in uses}), "picture or clip")
        what = f"{count.replace('1 picture', 'a picture')} not shown: {listed(tuple(reasons))}"
        since = min(past, default=None)
        yield Gap(record.ref, None, what, since, True, listed(manual.owner_names(record)))


def ends_soon(manual: Manual) -> Iterator[Gap]:
    """Pages with a consent that ends soon."""
    found: dict[str, list[Consent]] = {}
    for row, uses in soon(manual):
        for lead in dict.fromkeys(use.lead for use in uses if use.lead):
            found.setdefault(lead, []).append(row)
    for record, rows in _by_record(manual, found):
        days = sorted({row.ends for row in rows if row.ends})
        what = f"consent ends on {listed(tuple(say_day(day) for day in days))}"
        yield Gap(record.ref, None, what, None, False, listed(manual.owner_names(record)))


def _by_record(manual: Manual, found: dict[str, list[T]]) -> Iterator[tuple[Record, list[T]]]:
    for lead, what in found.items():
        record = manual.get(lead)
        if record is not None:
            yield record, what


def soon(manual: Manual) -> Iterator[tuple[Consent, tuple[MediaUse, ...]]]:
    """The consents that end soon, each with the places that show what it is for."""
    consents = consents_of(manual)
    uses: dict[str, list[MediaUse]] = {}
    for use in manual.media:
        uses.setdefault(family(use.media), []).append(use)
    for row in ending_soon(consents.rows, manual.today, manual.settings.ending_days):
        yield row, tuple(uses.get(family(row.media), ()))


CONSENT_RULES: tuple[GapRule, ...] = (
    GapRule(
        "consent",
        "Picture or clip without consent",
        "A page names a picture or clip that has no consent today: none was written down, it has "
        "ended, or it was withdrawn. Readers see a quiet box in its place.",
        "Ask again and write the row into consent.csv, or take it and its words off the page.",
        not_shown,
    ),
    GapRule(
        "consent-ends",
        "Consent that ends soon",
        "The consent for a picture or clip ends within the days that the district set (30 unless "
        "it says otherwise).",
        "Ask the family again, or plan what takes its place. On its last day it leaves by itself.",
        ends_soon,
    ),
)


# ------------------------------------------------------------------------------------- the list


@dataclass(frozen=True, slots=True)
class Ending:
    """A consent that ends soon: what it is for, whose page shows it, and the row that says so."""

    media: str
    kind: str
    reference: str
    scope: str
    ends: date
    days: int
    pages: tuple[Ref, ...]
    owners: tuple[str, ...]
    row: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """A place where something is not shown, in words that name no file."""

    page: Ref
    noun: str
    why: str
    owners: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class ConsentList:
    """What leaders should know of consent on a day; `valid` counts the rows that hold."""

    day: date
    within: int
    ending: tuple[Ending, ...]
    hidden: tuple[Hidden, ...]
    valid: int
    rows: int


def consent_list(manual: Manual) -> ConsentList:
    """Consents that end soon, and what is not shown."""
    consents = consents_of(manual)
    ending = []
    for row, uses in soon(manual):
        assert row.ends is not None
        pages = tuple(dict.fromkeys(_page(manual, use) for use in uses))
        owners = tuple(dict.fromkeys(owner for use in uses if (owner := _owner(manual, use))))
        ending.append(
            Ending(
                row.media,
                row.kind,
                row.reference,
                row.scope,
                row.ends,
                (row.ends - manual.today).days,
                pages,
                owners,
                f"{row.file}:{row.line}",
            )
        )
    hidden = [
        Hidden(
            _page(manual, use),
            use.noun,
            why(use.standing, consents.rows_of(use.media)),
            tuple(owner for owner in (_owner(manual, use),) if owner),
            f"{use.file}:{use.line}",
        )
        for use in manual.media
        if not use.standing.shown
    ]
    holds = sum(row.standing(manual.edition, manual.today).shown for row in consents.rows)
    return ConsentList(
        manual.today,
        manual.settings.ending_days,
        tuple(ending),
        tuple(hidden),
        holds,
        len(consents.rows),
    )


def _page(manual: Manual, use: MediaUse) -> Ref:
    record = manual.get(use.lead)
    return record.ref if record else Ref("", "page", use.page, use.page)


def consent_table(view: ConsentList) -> DataTable:
    """One row for each consent that ends soon, and for each place that shows nothing."""
    columns = (
        "state",
        "page_id",
        "page",
        "kind",
        "why",
        "ends",
        "days_left",
        "owner",
        "written_in",
    )
    ending = (
        (
            "ends soon",
            ";".join(page.id for page in each.pages),
            "; ".join(page.title for page in each.pages),
            each.kind,
            f"for {each.scope}",
            each.ends.isoformat(),
            each.days,
            "; ".join(each.owners),
            each.row,
        )
        for each in view.ending
    )
    hidden = (
        (
            "not shown",
            each.page.id,
            each.page.title,
            each.noun,
            each.why,
            "",
            None,
            "; ".join(each.owners),
            each.place,
        )
        for each in view.hidden
    )
    return DataTable(columns, (*ending, *hidden))
