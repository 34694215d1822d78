"""How the time of a session was used: five uses, their shares, and numbers as people say them.

Hours and shares are fractions, so that sums are exact and a number shown is rounded once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from living_manual.core.finding import Finding, finding

if TYPE_CHECKING:
    from living_manual.core.model import Manual, Record

#: The uses of a session's time (source S3), in the order of the source, as people say them.
USES: Mapping[str, str] = {
    "logistics": "Logistics",
    "pacing": "Pacing",
    "strategies": "Surface strategies",
    "talk": "Unfocused talk",
    "lessons": "Planning tied to lessons",
}
#: The use that changes lessons: its hours are the meaningful ones.
MEANINGFUL = "lessons"
#: What the shares of a session may add up to, in percent. Each is rounded to a whole number by
#: whoever writes it down, as in the source, whose five add up to 99.
LEAST, MOST = 99, 101


def number(text: str) -> Fraction | None:
    """A number as it was written, exactly; None when it is none."""
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def say(value: Fraction, places: int = 2) -> str:
    """A number rounded half up to so many decimals, without zeros at its end."""
    scale = 10**places
    whole, part = divmod(floor(value * scale + Fraction(1, 2)), scale)
    decimals = f"{part:0{places}}".rstrip("0") if places else ""
    return f"{whole}.{decimals}" if decimals else str(whole)


def written_shares(session: Record) -> tuple[Fraction | None, ...]:
    """The five shares of a session in percent, as written; None where one is blank."""
    return tuple([number(session.get(f"time_{use}")) for use in USES])


def shares(session: Record) -> tuple[Fraction, ...] | None:
    """The five shares of a session in percent; None when nobody recorded them, or they are wrong.

    A blank beside a written share is 0.
    """
    fields = session.fields
    if all(fields.get(name) in (None, "") for name in _FIELDS):
        return None
    found = tuple(share or Fraction(0) for share in written_shares(session))
    in_bounds = all(0 <= share <= 100 for share in found)
    return found if in_bounds and LEAST <= sum(found) <= MOST else None


_FIELDS = tuple(f"time_{use}" for use in USES)


def check_use_of_time(manual: Manual) -> Iterator[Finding]:
    """A finding for each session whose shares cannot be the parts of a whole."""
    for session in manual.of_type("session"):
        written = [
            (name, share)
            for name, share in zip(_FIELDS, written_shares(session), strict=True)
            if share is not None
        ]
        wrong = [(name, share) for name, share in written if not 0 <= share <= 100]
        together = sum((share for _, share in written), Fraction(0))
        if wrong:
            name, share = wrong[0]
            yield _finding(
                session,
                f"{session.id}: {name} is {say(share)}. A share is between 0 and 100 percent.",
                "Write the percent of the session's time, such as 25.",
                name,
            )
        elif written and not LEAST <= together <= MOST:
            yield _finding(
                session,
                f"{session.id}: the shares of its time add up to {say(together)}, not to 100.",
                f"Change them so that they add up to 100 ({LEAST} or {MOST} is fine: shares are "
                "rounded), or leave all five blank when nobody knows.",
                written[0][0],
            )


def _finding(session: Record, message: str, fix: str, column: str) -> Finding:
    return finding("session-use", message, fix, session.file, session.line, column)
