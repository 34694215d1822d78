"""The elements of a subsystem (source S3), and what carries each of them.

A writer keeps an element as a line of the list in the subsystem's block, and links in it to what
carries it. Nothing else has to be kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from living_manual.core.model import Manual, Record, Ref

#: Types of records that make an element happen, or show that it does. A word explains it, a page
#: tells of it, a role could do it: none of these makes it happen.
CARRIERS = (
    "protocol",
    "session",
    "exemplar",
    "action",
    "decision",
    "key_result",
    "assessment",
)


@dataclass(frozen=True, slots=True)
class Element:
    """An element as its page says it: its name, and the ids of the records that its text links to.

    `pages` says that it also links to a page or to a place on one.
    """

    name: str
    links: tuple[str, ...] = ()
    pages: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """An element with what carries it (`by`) and what only explains it (`told`).

    `state` is carried, told (there are links, and none of them carries it) or bare (no link).
    """

    name: str
    by: tuple[Ref, ...]
    told: tuple[Ref, ...]
    state: str


def carried(manual: Manual, subsystem: Record) -> tuple[Carried, ...]:
    """The elements of a subsystem in the order written."""
    return tuple(
        _carried(manual, subsystem, each) for each in manual.elements.get(subsystem.id, ())
    )


def _carried(manual: Manual, subsystem: Record, element: Element) -> Carried:
    found = [manual.get(name) for name in element.links if name != subsystem.id]
    refs = [record.ref for record in found if record]
    by = tuple(ref for ref in refs if ref.type in CARRIERS)
    told = tuple(ref for ref in refs if ref.type not in CARRIERS)
    state = "carried" if by else "told" if told or element.pages else "bare"
    return Carried(element.name, by, told, state)
