"""Pictures of the ledger of hours: the year, and the use of its time, beside what was reported."""

from __future__ import annotations

from fractions import Fraction

from living_manual.core.chart import Amount, Chart, bars
from living_manual.core.reported_hours import Reported
from living_manual.core.session_hours import Hours
from living_manual.core.time_use import USES, say


def year_chart(name: str, who: str, hours: tuple[Fraction, Fraction], told: Reported) -> Chart:
    """A year's hours, held and planned, beside the reported year and the mark.

    `who` is whose year it is, such as `An average school`.
    """
    held, planned = hours
    here = Amount(who, (0.0, float(held), float(planned)), f"{say(held + planned, 1)} h")
    rows = [(who, say(held), say(planned), say(held + planned))]
    amounts = [here]
    if told.total:
        sizes = (float(told.total), 0.0, 0.0)
        amounts = [Amount("The reported year", sizes, f"{say(told.total)} h"), here]
        rows.insert(0, ("The reported year", say(told.total), "0", say(told.total)))
    mark = told.mark
    line = f" The line stands at {mark.said} hours ({mark.name})." if mark else ""
    return Chart(
        name,
        "Hours of learning in a year",
        f"{who}: {say(held, 1)} hours held and {say(planned, 1)} still planned.{line}",
        bars(
            amounts,
            ("reported", "held", "still planned"),
            (float(mark.least), f"{mark.said} h") if mark else None,
            _room(mark.least if mark else told.total, told.total, held + planned),
        ),
        ("Whose year", "Held", "Still planned", "Together"),
        tuple(rows),
    )


def _room(*ends: Fraction) -> float:
    """The end of the scale: beyond the longest, so that the line of the mark meets no number."""
    return float(max(ends)) * 1.35 or 1.0


def use_chart(name: str, who: str, hours: Hours, told: Reported) -> Chart | None:
    """How the recorded time was used, beside what was reported; None when nothing is recorded."""
    if not hours.recorded:
        return None
    mine = hours.percents
    amounts = [Amount(who, tuple(map(float, mine)), f"{say(mine[-1], 1)}% tied to lessons")]
    theirs: tuple[Fraction, ...] = ()
    if told.uses:
        theirs = tuple(each.percent for each in told.uses)
        said = f"{say(told.share)}% tied to lessons"
        amounts.insert(0, Amount("Reported", tuple(map(float, theirs)), said))
    columns = ("Use of the time", *(("Reported",) if theirs else ()), "Here", "Hours here")
    rows = [
        (
            title,
            *((f"{say(theirs[place])}%",) if theirs else ()),
            f"{say(mine[place], 1)}%",
            say(hours.uses[place]),
        )
        for place, title in enumerate(USES.values())
    ]
    rows.append(
        (
            "Together",
            *((f"{say(told.percent)}%",) if theirs else ()),
            f"{say(sum(mine, Fraction(0)), 1)}%",
            say(sum(hours.uses, Fraction(0))),
        )
    )
    return Chart(
        name,
        "Use of the time",
        f"Shares of five uses, of {say(hours.recorded)} hours with a record. The last one, "
        "planning tied to lessons, is the meaningful part.",
        bars(amounts, tuple(USES.values()), whole=101.0),
        columns,
        tuple(rows),
    )
