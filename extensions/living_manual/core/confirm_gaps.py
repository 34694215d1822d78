"""What is to be confirmed, as gaps: `core/gaps.py` lists these rules among its own."""

from __future__ import annotations

from collections.abc import Iterator

from living_manual.core.confirm import to_confirm
from living_manual.core.gap import Gap, GapRule
from living_manual.core.model import Manual
from living_manual.core.wording import kept_wordings, not_kept, reworded
from living_manual.core.words import listed, plural, say_day


def confirm_gaps(manual: Manual) -> Iterator[Gap]:
    """A gap for each record and wording that it is to confirm."""
    for record in manual.records.values() if reworded(manual) else ():
        what = to_confirm(manual, record)
        for change in what.changes if what else ():
            said = f"the wording has changed since {say_day(change.since)}"
            owner = listed(manual.owner_names(record))
            yield Gap(record.ref, change.parent, said, None, False, owner)


def keeping_gaps(manual: Manual) -> Iterator[Gap]:
    """One gap for all wordings that are not kept yet, once a district keeps any."""
    missing = not_kept(manual) if kept_wordings(manual) else ()
    if missing:
        first = missing[0]
        count = len(missing)
        more = f", and {plural(count - 1, 'other')} like it" if count > 1 else ""
        said = f"its wording is not kept yet{more}"
        yield Gap(first.ref, None, said, None, False, listed(manual.owner_names(first)))


CONFIRM_RULES: tuple[GapRule, ...] = (
    GapRule(
        "to-confirm",
        "To be confirmed",
        "What the record depends on says something else than when it was agreed.",
        "Read both wordings on the record's page; revise the record, or confirm it by one line.",
        confirm_gaps,
        pair=True,
    ),
    GapRule(
        "wordings",
        "Wording not kept yet",
        "An objective, key result, protocol or word is new: nobody could tell when its wording "
        "changes.",
        "Run `manual confirm --keep` once.",
        keeping_gaps,
    ),
)
