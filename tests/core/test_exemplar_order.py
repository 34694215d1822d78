"""Students first: the order of an exemplar's parts."""

from __future__ import annotations

import pytest

from living_manual.core.exemplar_order import DID, SAID, check_order, is_teacher_part

MOVES = "What the teacher did next"
CASES = {
    "student work": (["The task", DID, SAID, MOVES, "Talk about it"], []),
    "no parts": ([], []),
    "no teacher": (["The task", DID], []),
    "more parts": (["The clip", DID, SAID, "The lesson", "Teacher guide", "Extension"], []),
    "capitals and spaces": (["what  STUDENTS did", "What students said", MOVES], []),
    "words before work": ([SAID, DID, MOVES], [0]),
    "teacher first": ([MOVES, DID, SAID], [0]),
    "teacher between": ([DID, "What the teachers did next", SAID], [1]),
    "lesson first": (["The lesson", DID, SAID, "Teacher guide"], [0]),
    "guide first": (["Teacher’s guide", DID, SAID], [0]),
    "no words of students": (["The task", DID, MOVES], [2]),
    "no students at all": (["The lesson: mixing paint"], [0]),
}


@pytest.mark.parametrize(("titles", "wanted"), CASES.values(), ids=CASES)
def test_order(titles: list[str], wanted: list[int]) -> None:
    found = check_order([(title, 10 + nth) for nth, title in enumerate(titles)], "a.md")

    assert [each.kind for each in found] == ["exemplar-order"] * len(wanted)
    assert [each.line for each in found] == [10 + nth for nth in wanted]


@pytest.mark.parametrize("title", ["The lessons students drew", "What students taught", "Talk"])
def test_parts_that_are_not_the_teachers(title: str) -> None:
    assert not is_teacher_part(title)
