"""Gaps: what the manual promises and does not yet hold, each with its rule and how to close it.

To add a rule, write its finder (`gap_finders.py`, or a module of the capability it belongs to) and
declare it here: the page, the command, exceptions and the reference follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from living_manual.core.assessment_gaps import ASSESSMENT_RULES
from living_manual.core.balance_gaps import paper_only, practice_only
from living_manual.core.confirm_gaps import CONFIRM_RULES
from living_manual.core.consent_list import CONSENT_RULES
from living_manual.core.gap import Gap, GapRule
from living_manual.core.gap_finders import (
    blanks_to_come,
    carrying_nothing,
    incomplete,
    late_blanks,
    no_backup,
    not_run,
    overdue,
    seen_by_doing_only,
    unread,
    unreviewed,
    unsettled,
    unused_terms,
    vacant,
    without,
    without_path,
)
from living_manual.core.gap_register import (
    Excepted,
    GapGroup,
    Gaps,
    OpenGap,
    gap_sums,
    gaps_table,
    register,
)
from living_manual.core.hours_gaps import HOURS_RULES
from living_manual.core.model import Manual, Record, Ref

__all__ = [
    "GAP_RULES",
    "Excepted",
    "Gap",
    "GapGroup",
    "GapRule",
    "GapSum",
    "Gaps",
    "OpenGap",
    "excepted_until",
    "gap_sum",
    "gaps",
    "gaps_table",
]


def gaps(manual: Manual) -> Gaps:
    """Everything the rules find on the manual's day; worked out once."""
    return manual.once(_gaps)


def _gaps(manual: Manual) -> Gaps:
    return register(manual, GAP_RULES)


@dataclass(frozen=True, slots=True)
class GapSum:
    """How many gaps count for a school or a role, and where the register shows just these.

    `asks` is what the address of the register `where` must ask for.
    """

    where: Ref
    asks: str
    total: int
    late: int


def gap_sum(manual: Manual, record: Record) -> GapSum | None:
    """The open gaps of a school or a role; None where no page shows the register."""
    where = manual.places.get("gaps")
    if where is None:
        return None
    total, late = manual.once(_sums).get(record.id, (0, 0))
    return GapSum(where, f"{record.type}={record.id}", total, late)


def excepted_until(manual: Manual) -> Mapping[str, date]:
    """The end of each exception in force, by the key of its gap."""
    return {each.gap.key: each.until for each in gaps(manual).excepted}


def _sums(manual: Manual) -> Mapping[str, tuple[int, int]]:
    return gap_sums(gaps(manual))


GAP_RULES: tuple[GapRule, ...] = (
    GapRule(
        "blank",
        "Objective without an action",
        "A school has no planned, active or done action for an objective, and the day that the "
        "district set for it has passed. Before that day it is not due yet, and not counted.",
        "Write one action in the school's plan, or agree one at the next leadership meeting.",
        late_blanks,
        pair=True,
        waiting=blanks_to_come,
    ),
    GapRule(
        "overdue",
        "Action past its date",
        "An action is still planned or active after the day it was due.",
        "Set it to done, give it a new date, or drop it and say why in the notes.",
        overdue,
    ),
    GapRule(
        "look-for",
        "Action without a look-for",
        "An action has started and does not say what a visitor would see students do.",
        "Write one sentence in the plan's look_for column.",
        without("look_for", "no look-for"),
    ),
    GapRule(
        "evidence",
        "Action without evidence",
        "An action has started and does not say what the school keeps to show it.",
        "Write in the plan's evidence column what is kept, and where.",
        without("evidence", "no evidence"),
    ),
    GapRule(
        "paper-only",
        "Paper only",
        "A school's plan was moving for an objective in a marking period that has ended, and "
        "nothing was seen in a classroom in that period or since.",
        "Visit, read student work or ask students, and add one line to the school's evidence.csv. "
        "If there is nothing to see, ask what would help, or pause the action.",
        paper_only,
        pair=True,
    ),
    GapRule(
        "practice-only",
        "Practice only",
        "Something good was seen in classrooms of a school for an objective, and no living action "
        "of the school protects it.",
        "Write one action in the school's plan that protects it, with the role that leads it.",
        practice_only,
        pair=True,
    ),
    GapRule(
        "backup",
        "Action that rests on one role",
        "A planned or active action has no role to back up its leader.",
        "Name a second role in the plan's backed_up_by column.",
        no_backup,
    ),
    GapRule(
        "reading",
        "Key result without a reading",
        "A marking period has ended, and nobody wrote down a reading of the key result that was "
        "taken in it.",
        "Add a row to readings.csv with the day the reading was taken. If nobody took one, take "
        "one now, and ask for an exception for the period that is over.",
        unread,
    ),
    GapRule(
        "measure",
        "Objective measured only by implementation",
        "All key results of an objective say that something was done. None says what students "
        "do, say or feel, or what teachers do differently.",
        "Add a key result that looks at students, or change one.",
        seen_by_doing_only,
    ),
    *ASSESSMENT_RULES,
    GapRule(
        "review",
        "Review overdue",
        "A record was last reviewed longer ago than the district allows.",
        "Read it, mend it or confirm it, and set its reviewed date.",
        unreviewed,
    ),
    *HOURS_RULES,
    *CONFIRM_RULES,
    *CONSENT_RULES,
    GapRule(
        "term-parts",
        "Word with an empty part",
        "A part of the form of a word is missing, empty or too long.",
        "Open its page and write the part that is named; docs/reference/forms.md shows each part.",
        incomplete("term"),
    ),
    GapRule(
        "protocol-parts",
        "Protocol with an empty part",
        "A part of the form of a protocol is missing or empty.",
        "Write the part that is named, so that a colleague can run it without you.",
        incomplete("protocol"),
    ),
    GapRule(
        "exemplar-parts",
        "Exemplar with an empty part",
        "A part of the form of an exemplar is missing or empty.",
        "Write the part that is named; students' work and words come before the teacher's moves.",
        incomplete("exemplar"),
    ),
    GapRule(
        "protocol",
        "Protocol nobody runs",
        "No living action uses the protocol and no session runs it.",
        "Plan a session that runs it, or retire it.",
        not_run,
    ),
    GapRule(
        "term",
        "Word nobody uses",
        "No protocol develops the word and no exemplar shows it.",
        "Name it in a protocol's develops or an exemplar's illustrates.",
        unused_terms,
    ),
    GapRule(
        "unsettled",
        "Word used but not settled",
        "An action or a protocol uses a word that people take in different ways, and the glossary "
        "has no entry for it. The district's settings list these words.",
        "Write an entry for the word, name it in the :also: of the word it belongs to, or say in "
        "plain words what is meant.",
        unsettled,
    ),
    GapRule(
        "subsystem",
        "Subsystem that carries nothing",
        "No living action and no session that serves an objective runs a protocol of the "
        "subsystem.",
        "Run one of its protocols in an action or a session, or write one for it.",
        carrying_nothing,
    ),
    GapRule(
        "role",
        "Vacant role",
        "A role is vacant. It is an error when records depend on it and nobody covers it.",
        "Fill the role, or name who stands in.",
        vacant,
    ),
    GapRule(
        "path",
        "Role without a path",
        "No path says what somebody who is new in the role does first.",
        "Name the role in the `for` of the path that suits it, or write a path for it.",
        without_path,
    ),
)
