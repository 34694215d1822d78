"""Plans without classrooms and classrooms without plans, as gaps to close."""

from __future__ import annotations

from collections.abc import Iterator

from living_manual.core.balance import Pair, pairs
from living_manual.core.gap import Gap
from living_manual.core.model import Manual
from living_manual.core.words import listed, plural, say_day


def paper_only(manual: Manual) -> Iterator[Gap]:
    """A gap for each school and objective with a plan that moves and nothing seen."""
    for pair in pairs(manual).values():
        if pair.verdict == "paper" and pair.since:
            yield _gap(
                manual, pair, f"nothing seen in a classroom by {say_day(pair.since)} or since"
            )


def practice_only(manual: Manual) -> Iterator[Gap]:
    """A gap for each school and objective with something seen and no living action."""
    for pair in pairs(manual).values():
        if pair.verdict == "practice":
            count = sum(len(period.seen) for period in pair.periods)
            yield _gap(manual, pair, f"{plural(count, 'piece')} of evidence, no living action")


def _gap(manual: Manual, pair: Pair, what: str) -> Gap:
    school = manual.records[pair.school]
    owner = listed(manual.owner_names(school))
    return Gap(school.ref, pair.objective, what, pair.since, False, owner)
