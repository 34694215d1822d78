"""A self-assessment of the parts of a mathematics program: what is asked, and what to do next.

The questions are a district's own (`questions.toml`, read by `self_assessment_reading`). Answers
never come here: the reader's browser scores them, by the rule that the page tells.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from living_manual.core.model import Ref
from living_manual.core.table import DataTable

#: What it takes to read and answer one statement: 28 of them take the 12 minutes of source S0.
SECONDS = 25


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the scale in words; its points are its place, counted from 0."""

    name: str
    means: str


@dataclass(frozen=True, slots=True)
class Element:
    """One thing to look at, the statements about it, and what helps where it is low."""

    id: str
    title: str
    statements: tuple[str, ...]
    next_step: str
    link: Ref


@dataclass(frozen=True, slots=True)
class Part:
    """A subsystem with its elements."""

    subsystem: Ref
    elements: tuple[Element, ...]

    @property
    def statements(self) -> int:
        """How many statements the part asks."""
        return sum(len(element.statements) for element in self.elements)


@dataclass(frozen=True, slots=True)
class SelfAssessment:
    """The scale, lowest step first, and the parts in the order in which they are asked."""

    scale: tuple[Step, ...]
    parts: tuple[Part, ...]

    @property
    def statements(self) -> int:
        """How many statements there are in all."""
        return sum(part.statements for part in self.parts)

    @property
    def minutes(self) -> int:
        """About how long it takes, in whole minutes."""
        return max(1, (self.statements * SECONDS + 30) // 60)

    @property
    def seconds(self) -> int:
        """What one statement takes; the browser says how many minutes are left."""
        return SECONDS

    @property
    def most(self) -> int:
        """The points of the highest step."""
        return len(self.scale) - 1

    @property
    def wording(self) -> str:
        """Eight letters that stand for what is asked: another wording has others."""
        asked = [[step.name for step in self.scale]]
        for part in self.parts:
            asked += [[part.subsystem.id, each.id, *each.statements] for each in part.elements]
        return hashlib.sha256(repr(asked).encode()).hexdigest()[:8]


def self_assessment_table(view: SelfAssessment) -> DataTable:
    """One row a statement."""
    return DataTable(
        ("subsystem_id", "subsystem", "element_id", "element", "statement", "next_step", "link"),
        tuple(
            (
                part.subsystem.id,
                part.subsystem.title,
                element.id,
                element.title,
                statement,
                element.next_step,
                element.link.id or element.link.page,
            )
            for part in view.parts
            for element in part.elements
            for statement in element.statements
        ),
    )
