"""What is missing in the ledger of hours: held sessions whose use of time nobody recorded."""

from __future__ import annotations

from collections.abc import Iterator

from living_manual.core.gap import Gap, GapRule
from living_manual.core.model import Manual
from living_manual.core.session_hours import counts, in_year, is_held, length
from living_manual.core.time_use import shares, written_shares
from living_manual.core.words import listed, say_day


def unrecorded(manual: Manual) -> Iterator[Gap]:
    """Held sessions of teachers without their shares, in a district that writes shares down."""
    held = [
        session
        for session in manual.of_type("session")
        if counts(session) and in_year(manual, session) and is_held(manual, session)
    ]
    if not any(shares(session) for session in held):
        return
    for session in held:
        day = session.day("date")
        if (
            day is None
            or length(session) is None
            or any(s is not None for s in written_shares(session))
        ):
            continue
        schools = manual.linked(session, "at")
        yield Gap(
            session.ref,
            schools[0].ref if schools else None,
            f"held on {say_day(day)}; nobody wrote down what its time went to",
            day,
            False,
            listed(manual.owner_names(session)),
        )


HOURS_RULES = (
    GapRule(
        "use-of-time",
        "Held session without its use of time",
        "A session of this school year in which teachers take part is over, and its five shares "
        "of time are blank. The rule waits until the district has recorded one session.",
        "Ask who led it for five rough shares that add up to 100, and write them in the table of "
        "sessions. If nobody can say, ask for an exception.",
        unrecorded,
    ),
)
