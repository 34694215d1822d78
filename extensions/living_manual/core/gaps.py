"""Gaps: what the manual promises and does not yet hold, each with its rule and how to close it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from living_manual.core.coverage import coverage
from living_manual.core.english import plurals
from living_manual.core.forms import lacking
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import DataTable
from living_manual.core.vocabulary import Phrases, Vocabulary
from living_manual.core.words import listed, months_later, say_day


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing missing: where, what, since when (None when it has no date), and whose it is."""

    record: Ref
    about: Ref | None
    what: str
    since: date | None
    late: bool
    owner: str


@dataclass(frozen=True, slots=True)
class GapGroup:
    """All gaps of one rule. `rule` says when it is a gap, `fix` how to close it."""

    key: str
    title: str
    rule: str
    fix: str
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """All groups that hold a gap, and what was looked at and found whole."""

    groups: tuple[GapGroup, ...]
    clear: tuple[str, ...]
    total: int
    late: int


@dataclass(frozen=True, slots=True)
class GapRule:
    """A declared rule."""

    key: str
    title: str
    rule: str
    fix: str
    find: Callable[[Manual], Iterator[Gap]]


def gaps(manual: Manual) -> Gaps:
    """Everything the rules find on the manual's day."""
    groups, clear = [], []
    for rule in GAP_RULES:
        found = tuple(
            sorted(rule.find(manual), key=lambda gap: (not gap.late, gap.since or date.max))
        )
        if found:
            groups.append(GapGroup(rule.key, rule.title, rule.rule, rule.fix, found))
        else:
            clear.append(rule.title)
    everything = [gap for group in groups for gap in group.gaps]
    return Gaps(tuple(groups), tuple(clear), len(everything), sum(gap.late for gap in everything))


def gaps_table(view: Gaps) -> DataTable:
    """One row a gap."""
    return DataTable(
        (
            "rule",
            "record_id",
            "record",
            "about_id",
            "what",
            "since",
            "late",
            "owner",
            "how_to_close",
        ),
        tuple(
            (
                group.title,
                gap.record.id,
                gap.record.title,
                gap.about.id if gap.about else "",
                gap.what,
                gap.since.isoformat() if gap.since else "",
                "yes" if gap.late else "no",
                gap.owner,
                group.fix,
            )
            for group in view.groups
            for gap in group.gaps
        ),
    )


def _owner(manual: Manual, record: Record) -> str:
    return listed(manual.owner_names(record))


def _blank_cells(manual: Manual) -> Iterator[Gap]:
    for row in coverage(manual).rows:
        school = manual.records[row.school.id]
        for cell in row.cells:
            if not cell.living:
                by = cell.asked_by
                if by is None:
                    what = "no living action yet"
                else:
                    said = "asked for by" if cell.late else "due by"
                    what = f"no living action; {said} {say_day(by)}"
                yield Gap(row.school, cell.objective, what, by, cell.late, _owner(manual, school))


def _started(manual: Manual) -> Iterator[Record]:
    for action in manual.of_type("action"):
        starts = action.day("starts")
        if action.status in ("active", "done") or (
            action.status == "planned" and starts is not None and starts <= manual.today
        ):
            yield action


def _without(field: str, what: str) -> Callable[[Manual], Iterator[Gap]]:
    def find(manual: Manual) -> Iterator[Gap]:
        for action in _started(manual):
            if not action.get(field):
                starts = action.day("starts")
                yield Gap(
                    action.ref, _school(manual, action), what, starts, False, _owner(manual, action)
                )

    return find


def _school(manual: Manual, record: Record) -> Ref | None:
    schools = manual.linked(record, "at")
    return schools[0].ref if schools else None


def _overdue(manual: Manual) -> Iterator[Gap]:
    for action in manual.of_type("action"):
        due = action.day("due")
        if action.status in ("planned", "active") and due is not None and due < manual.today:
            yield Gap(
                action.ref,
                _school(manual, action),
                f"was due {say_day(due)}",
                due,
                True,
                _owner(manual, action),
            )


def _no_backup(manual: Manual) -> Iterator[Gap]:
    for action in manual.of_type("action"):
        if action.status in ("planned", "active") and not action.to("backed_up_by"):
            yield Gap(
                action.ref,
                _school(manual, action),
                "nobody carries on when the leader is away",
                None,
                False,
                _owner(manual, action),
            )


def _not_analysed(manual: Manual) -> Iterator[Gap]:
    for assessment in manual.of_type("assessment"):
        if not manual.linked(assessment, "analysed_in"):
            day = assessment.day("date")
            late = day is not None and day < manual.today
            yield Gap(
                assessment.ref,
                None,
                "no session looks at the student work",
                day,
                late,
                _owner(manual, assessment),
            )


def _unreviewed(manual: Manual) -> Iterator[Gap]:
    for record in manual.records.values():
        reviewed = record.day("reviewed")
        if reviewed is None:
            continue
        due = months_later(reviewed, manual.settings.review_months)
        if due <= manual.today:
            yield Gap(
                record.ref,
                None,
                f"last reviewed {say_day(reviewed)}",
                due,
                True,
                _owner(manual, record),
            )


def _unused(type_name: str, links: tuple[str, ...], what: str) -> Callable[[Manual], Iterator[Gap]]:
    def find(manual: Manual) -> Iterator[Gap]:
        for record in manual.of_type(type_name):
            if not manual.incoming(record.id, *links):
                yield Gap(record.ref, None, what, None, False, _owner(manual, record))

    return find


def _incomplete(type_name: str) -> Callable[[Manual], Iterator[Gap]]:
    def find(manual: Manual) -> Iterator[Gap]:
        for record in manual.of_type(type_name):
            if empty := lacking(record):
                yield Gap(record.ref, None, empty, None, False, _owner(manual, record))

    return find


def _unsettled(manual: Manual) -> Iterator[Gap]:
    watched = manual.settings.watch
    if not watched:
        return
    language = manual.settings.language
    vocabulary = Vocabulary(manual.of_type("term"), language)
    open_ = {word: word for word in reversed(watched) if vocabulary.term(word) is None}
    phrases = Phrases({more: word for word in open_ for more in (*plurals(word, language), word)})
    for record in (*manual.of_type("action"), *manual.of_type("protocol")):
        said = (record.title, record.get("look_for"), record.text, manual.texts.get(record.id, ""))
        found = {word for text in said for _, _, word in phrases.find(text)}
        for word in sorted(found):
            yield Gap(
                record.ref,
                _school(manual, record),
                f"says “{word}”, which has no entry",
                None,
                False,
                _owner(manual, record),
            )


def _vacant(manual: Manual) -> Iterator[Gap]:
    for role in manual.of_type("role"):
        if role.status == "vacant":
            held = manual.cover_of(role)
            cover = held.title if held else ""
            yield Gap(
                role.ref,
                None,
                f"vacant; {cover} stands in" if cover else "vacant",
                None,
                not cover,
                cover,
            )


def _without_path(manual: Manual) -> Iterator[Gap]:
    served = {role for path in manual.paths for role in path.roles}
    for role in manual.of_type("role"):
        if role.id not in served:
            yield Gap(role.ref, None, "no path for who is new in it", None, False, "")


GAP_RULES: tuple[GapRule, ...] = (
    GapRule(
        "blank",
        "Objective without an action",
        "A school has no planned, active or done action for an objective of the district.",
        "Write one action in the school's plan, or agree one at the next leadership meeting.",
        _blank_cells,
    ),
    GapRule(
        "overdue",
        "Action past its date",
        "An action is still planned or active after the day it was due.",
        "Set it to done, give it a new date, or drop it and say why in the notes.",
        _overdue,
    ),
    GapRule(
        "look-for",
        "Action without a look-for",
        "An action has started and does not say what a visitor would see students do.",
        "Write one sentence in the plan's look_for column.",
        _without("look_for", "no look-for"),
    ),
    GapRule(
        "evidence",
        "Action without evidence",
        "An action has started and does not say what the school keeps to show it.",
        "Write in the plan's evidence column what is kept, and where.",
        _without("evidence", "no evidence"),
    ),
    GapRule(
        "backup",
        "Action that rests on one role",
        "A planned or active action has no role to back up its leader.",
        "Name a second role in the plan's backed_up_by column.",
        _no_backup,
    ),
    GapRule(
        "analysis",
        "Assessment without an analysis session",
        "An assessment has no session in which teachers look at the student work.",
        "Add a session to the calendar and name it in the assessment's analysed_in.",
        _not_analysed,
    ),
    GapRule(
        "review",
        "Review overdue",
        "A record was last reviewed longer ago than the district allows.",
        "Read it, mend it or confirm it, and set its reviewed date.",
        _unreviewed,
    ),
    GapRule(
        "term-parts",
        "Word with an empty part",
        "A part of the form of a word is missing, empty or too long.",
        "Open its page and write the part that is named; docs/reference/forms.md shows each part.",
        _incomplete("term"),
    ),
    GapRule(
        "protocol-parts",
        "Protocol with an empty part",
        "A part of the form of a protocol is missing or empty.",
        "Write the part that is named, so that a colleague can run it without you.",
        _incomplete("protocol"),
    ),
    GapRule(
        "exemplar-parts",
        "Exemplar with an empty part",
        "A part of the form of an exemplar is missing or empty.",
        "Write the part that is named; students' work and words come before the teacher's moves.",
        _incomplete("exemplar"),
    ),
    GapRule(
        "protocol",
        "Protocol nobody runs",
        "No action uses the protocol and no session runs it.",
        "Plan a session that runs it, or retire it.",
        _unused("protocol", ("uses", "runs"), "no action or session runs it"),
    ),
    GapRule(
        "term",
        "Word nobody uses",
        "No protocol develops the word and no exemplar shows it.",
        "Name it in a protocol's develops or an exemplar's illustrates.",
        _unused("term", ("develops", "illustrates"), "no protocol or exemplar uses it"),
    ),
    GapRule(
        "unsettled",
        "Word used but not settled",
        "An action or a protocol uses a word that people take in different ways, and the glossary "
        "has no entry for it. The district's settings list these words.",
        "Write an entry for the word, name it in the :also: of the word it belongs to, or say in "
        "plain words what is meant.",
        _unsettled,
    ),
    GapRule(
        "subsystem",
        "Subsystem that carries nothing",
        "No protocol strengthens the subsystem.",
        "Choose a protocol that strengthens it, or write one.",
        _unused("subsystem", ("strengthens",), "no protocol strengthens it"),
    ),
    GapRule(
        "role",
        "Vacant role",
        "A role is vacant. It is an error when records depend on it and nobody covers it.",
        "Fill the role, or name who stands in.",
        _vacant,
    ),
    GapRule(
        "path",
        "Role without a path",
        "No path says what somebody who is new in the role does first.",
        "Name the role in the `for` of the path that suits it, or write a path for it.",
        _without_path,
    ),
)
