"""The order of an exemplar's parts: what students did and said comes before any teacher's move.

A shared meaning starts from what students experience, not from what teachers do (source S2).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from living_manual.core.finding import Finding, finding

DID, SAID = "What students did", "What students said"
_TEACHER = re.compile(r"(?:what the teachers?\b|the lesson\b|teacher[’']?s?[’']? guide\b)")


def is_teacher_part(heading: str) -> bool:
    """Whether a heading opens a part about the teacher: their moves, the lesson, the guide."""
    return _TEACHER.match(_plain(heading)) is not None


def check_order(headings: Sequence[tuple[str, int]], file: str) -> tuple[Finding, ...]:
    """Findings for parts in another order; `headings` are (title, line) of the page's sections."""
    places = {_plain(title): nth for nth, (title, _) in reversed([*enumerate(headings)])}
    did, said = places.get(_plain(DID)), places.get(_plain(SAID))
    found = []
    if did is not None and said is not None and said < did:
        found.append(
            _fault(
                f"'{SAID}' stands before '{DID}'.",
                f"Move '{DID}' above it: the work speaks first.",
                file,
                headings[said][1],
            )
        )
    for nth, (title, line) in enumerate(headings):
        if not is_teacher_part(title):
            continue
        late = [name for name, at in ((DID, did), (SAID, said)) if at is None or at > nth]
        if late:
            which = " and ".join(f"'{name}'" for name in late)
            found.append(
                _fault(
                    f"'{title}' stands before {which}.",
                    "Students come first: move their parts above it, or write them.",
                    file,
                    line,
                )
            )
    return tuple(found)


def _plain(heading: str) -> str:
    return " ".join(heading.lower().split())


def _fault(message: str, fix: str, file: str, line: int) -> Finding:
    return finding("exemplar-order", message, fix, file, line)
