"""What the synthetic district says: names, and sentences of the length that people write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")

STAGES = (
    ("DESIGN", "Identify, design and measure", "Design"),
    ("ALIGN", "Align and optimise learning", "Align"),
    ("CAPACITY", "Build capacity", "Capacity"),
    ("GROWTH", "Ignite growth", "Growth"),
)
SUBSYSTEMS = (
    "Vision and leadership",
    "Coaching",
    "School leadership support",
    "Learning communities",
    "District learning days",
    "Materials and intervention",
)
ROLES = (
    "Superintendent",
    "Mathematics coordinator",
    "Elementary coach",
    "Secondary coach",
    "Principal",
    "Vice principal",
    "Facilitator",
    "Grade team lead",
    "Department head",
    "Classroom teacher",
    "Intervention teacher",
    "Family liaison",
    "Data lead",
)
STANDARDS = (
    "Make sense of problems",
    "Reason with quantities",
    "Argue and critique",
    "Model with mathematics",
    "Choose tools",
    "Attend to precision",
    "Use structure",
    "See regularity",
    "Solve problems",
    "Reason and prove",
    "Reflect",
    "Connect",
    "Communicate",
    "Represent",
    "Select strategies",
)
OBJECTIVES = (
    ("MINDSET", "Every student sees mathematics as theirs", "Mindset"),
    ("COLLABORATION", "Teachers learn together from kindergarten to grade 12", "Together"),
    ("PURPOSE", "From steps to purpose and connections", "Purpose"),
    ("PRACTICES", "Students argue and model in every unit", "Practices"),
    ("COMMUNITY", "Families know how we learn mathematics", "Community"),
    ("ACCESS", "Support leads back into the core lesson", "Access"),
    ("TASKS", "Every unit holds tasks worth talking about", "Tasks"),
    ("FEEDBACK", "Students act on feedback while it still helps", "Feedback"),
)
MEASURES = (
    ("EXPERIENCE", "student-experience", "student survey, grades 3 to 10"),
    ("OUTCOME", "student-outcome", "the explain item in the period assessments"),
    ("PRACTICE", "teacher-practice", "unit plans, read by grade team leads"),
)
TERM_KINDS = ("argument", "model", "strategy", "talk", "task")
TERM_SORTS = (
    "Visual",
    "Shared",
    "Open",
    "Rich",
    "Quick",
    "Slow",
    "Paired",
    "Written",
    "Spoken",
    "Student",
    "Daily",
    "Partial",
)
PROTOCOL_MOVES = (
    "Looking at",
    "Planning",
    "Rehearsing",
    "Comparing",
    "Sorting",
    "Hearing",
    "Visiting",
    "Closing",
)
PROTOCOL_THINGS = ("student work", "a lesson", "a unit", "an assessment item", "representations")
FAMILIES = ("plc", "coaching", "rounds", "leadership")
WOODS = (
    "Alder Birch Cedar Dogwood Elm Fir Hawthorn Juniper Larch Maple Oak Pine Rowan Spruce Willow "
    "Aspen Beech Chestnut Hazel Linden"
)
SIDES = (
    "North South East West Upper Lower Old New High Little Long Broad Clear Cold Deep Fair Far "
    "Green Grey Hill Lake Mill Moor Park River Rock Sand Sea Spring Stone Sun Three Town Vale "
    "View Water White Wide Wood Field"
)
TREES = tuple(WOODS.split())
PLACES = tuple(SIDES.split())
LEVELS = ("elementary", "elementary", "elementary", "middle", "high")

PEOPLE = (
    "Students in grade 3",
    "Pairs of students",
    "Most tables",
    "The whole class",
    "Students who are often quiet",
    "Small groups",
    "Students in the first weeks of a course",
    "Two students at the board",
)
DEEDS = (
    "explain",
    "compare",
    "draw",
    "question",
    "connect",
    "test",
    "revise",
    "name",
    "estimate",
    "check",
)
THINGS = (
    "two ways to solve the same problem",
    "a drawing and the equation that belongs to it",
    "the size of the parts before they count them",
    "an idea that another table offered",
    "the reason behind a step that they used",
    "a first answer that did not make sense",
    "the strategy that fits these numbers best",
    "a pattern that they noticed in the table",
)
MANNERS = (
    "before the teacher shows a way",
    "in the first five minutes of the lesson",
    "and say what changed in their thinking",
    "with words, drawings and numbers side by side",
    "while the others listen and add to it",
    "at the end of the lesson, without being asked",
    "so that a classmate can follow it",
)
TEAMS = (
    "The grade 2 team",
    "The grade 4 team",
    "All grade 7 classes",
    "The mathematics department",
    "Both kindergarten classes",
    "The coach and two teachers",
    "Teachers new to the school",
    "The leadership team",
)
ACTS = (
    "looks at student work",
    "rehearses one demanding lesson",
    "opens with a number talk",
    "plans the closing discussion",
    "gathers students' own strategies",
    "visits a neighbouring classroom",
    "compares two representations",
)
RHYTHMS = (
    "after each shared assessment",
    "on the first Monday",
    "before every second unit",
    "twice in each period",
    "with a partner school",
    "before the winter break",
)
KEPT = (
    "Notes of four meetings",
    "One unsigned photo from each class",
    "A shared page of drawings",
    "The list of tasks by unit",
    "Three visit records",
    "A folder of students' explanations",
)
SHOWN = (
    "with the next step that each one chose",
    "kept where the whole team can open it",
    "and the question that the team changed",
    "compared at the end of each marking period",
    "with two pieces of student work for each task",
)
MONEY = ("no added cost", "school budget", "district learning fund", "Title II, Part A")


class Words:
    """Sentences of the length people write, from one seed."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def one(self, of: Sequence[T]) -> T:
        """Any of these."""
        return self.random.choice(of)

    def sentence(self) -> str:
        """What students do: about 15 words."""
        return f"{self.one(PEOPLE)} {self.one(DEEDS)} {self.one(THINGS)} {self.one(MANNERS)}."

    def paragraph(self, sentences: int = 3) -> str:
        """A few sentences in one line."""
        return " ".join(self.sentence() for _ in range(sentences))

    def bullets(self, count: int = 3) -> str:
        """A Markdown list."""
        return "\n".join(f"- {self.sentence()}" for _ in range(count))

    def look_for(self) -> str:
        """What a visitor would see: about 12 words."""
        return f"{self.one(PEOPLE)} {self.one(DEEDS)} {self.one(THINGS)}."

    def action(self) -> str:
        """The title of an action: about 12 words."""
        return f"{self.one(TEAMS)} {self.one(ACTS)} {self.one(RHYTHMS)}"

    def evidence(self) -> str:
        """What a school keeps: about 12 words."""
        return f"{self.one(KEPT)} {self.one(SHOWN)}"

    def day(self, start: date, days: int) -> str:
        """A day within so many days of another."""
        return (start + timedelta(days=self.random.randrange(days))).isoformat()
