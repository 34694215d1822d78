"""The diagram: boxes that hold their text and do not touch, lines from the upper to the lower."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from living_manual.core.diagram import IN_ROW, LINES, WIDTH, Box, Diagram, diagram, wrapped
from living_manual.core.model import Manual
from living_manual.core.used_in import used_in
from tests.build_manual import MODEL, SOUND, manual, rec
from tests.core.test_impact import tangles
from tests.strategies import districts


def drawn(record_id: str, district: Manual | None = None) -> Diagram:
    district = district or manual(*SOUND)
    found = diagram(used_in(district, district.records[record_id], drawn=True), MODEL.title)
    assert found is not None
    return found


def said(picture: Diagram) -> list[list[str]]:
    """The text of each box, row by row."""
    rows: dict[int, list[Box]] = {}
    for box in picture.boxes:
        rows.setdefault(box.y, []).append(box)
    return [
        [" ".join(box.lines) for box in sorted(rows[y], key=lambda box: box.x)]
        for y in sorted(rows)
    ]


def ends(path: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where a path starts and where it ends."""
    numbers = [int(number) for number in re.findall(r"-?\d+", path)]
    return (numbers[0], numbers[1]), (numbers[-2], numbers[-1])


def joined(picture: Diagram) -> set[tuple[str, str]]:
    """The texts of the boxes that lines join, followed through the places kept free."""
    tops = {(box.x + box.width // 2, box.y): " ".join(box.lines) for box in picture.boxes}
    feet = {
        (box.x + box.width // 2, box.y + box.height): " ".join(box.lines) for box in picture.boxes
    }
    onward: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for path in picture.paths:
        start, end = ends(path)
        onward.setdefault(start, []).append(end)
    found = set()
    for foot, text in feet.items():
        waiting = list(onward.get(foot, ()))
        while waiting:
            here = waiting.pop()
            if here in tops:
                found.add((text, tops[here]))
            else:
                waiting += onward[here]
    return found


def test_an_objective_between_the_vision_and_the_classroom() -> None:
    picture = drawn("OBJ_TALK")
    assert said(picture) == [
        ["Every student reasons"],
        ["Students talk"],
        ["2 key results"],
        ["2 actions in 2 schools", "Fall session"],
        ["Fall"],
    ]
    assert joined(picture) == {
        ("Every student reasons", "Students talk"),
        ("Students talk", "2 key results"),
        ("Students talk", "Fall session"),
        ("2 key results", "2 actions in 2 schools"),
        ("2 key results", "Fall"),
        ("Fall session", "Fall"),
    }
    here = next(box for box in picture.boxes if box.here)
    assert (here.small, here.record, here.list) == ("This objective", None, "")


def test_boxes_say_what_they_are_and_where_they_lead() -> None:
    boxes = {" ".join(box.lines): box for box in drawn("OBJ_TALK").boxes}
    vision = boxes["Every student reasons"]
    assert (vision.small, vision.record and vision.record.id) == ("Vision", "VIS_MATHS")
    results = boxes["2 key results"]
    assert (results.small, results.record, results.list) == ("measured by", None, "key_result")
    session = boxes["Fall session"]
    assert (session.small, session.record and session.record.id) == ("Session", "SES_FALL")


def test_the_vision_is_on_top_and_a_school_under_its_objectives() -> None:
    assert said(drawn("VIS_MATHS"))[0] == ["Every student reasons"]
    school = drawn("SCH_OAK")
    assert said(school) == [
        ["Every student reasons"],
        ["Students talk", "Rich tasks"],
        ["Oak Elementary"],
        ["2 actions"],
    ]
    # Its plan tells the actions: no list of them to lead to.
    assert school.boxes[-1].list == ""


def test_too_many_of_one_type_share_a_box_that_leads_to_the_list() -> None:
    standards = [rec(f"STD_{number}") for number in range(7)]
    ids = " ".join(record.id for record in standards)
    district = manual(*standards, rec("TERM_A", aligns_with=ids, title="A word"))
    assert said(drawn("TERM_A", district)) == [["7 standards"], ["A word"]]
    assert drawn("TERM_A", district).boxes[0].list == "above"


def test_too_many_types_share_the_last_box() -> None:
    owned = ("VIS_A", "SUB_A", "STAGE_A", "DEC_A", "STD_A", "ROLE_B")
    district = manual(rec("ROLE_A"), *(rec(name, owner="ROLE_A") for name in owned))
    below = said(drawn("ROLE_A", district))[1]
    assert len(below) == IN_ROW
    assert all("A" in text or "B" in text for text in below)


def test_a_line_told_by_others_is_left_out() -> None:
    both = manual(rec("OBJ_A"), rec("KR_A", measures="OBJ_A"), rec("ACT_A", advances="KR_A OBJ_A"))
    assert len(drawn("OBJ_A", both).paths) == 2


@pytest.mark.parametrize("record_id", ["STAGE_VISION", "ROLE_NOBODY"])
def test_nothing_above_and_below_is_no_diagram(record_id: str) -> None:
    district = manual(*SOUND, rec("ROLE_NOBODY"))
    assert diagram(used_in(district, district.records[record_id], drawn=True), MODEL.title) is None


@settings(max_examples=60)
@given(st.one_of(districts(), tangles()))
def test_boxes_stay_inside_and_apart_and_lines_go_down(district: Manual) -> None:
    for record in district.records.values():
        view = used_in(district, record, drawn=True)
        picture = diagram(view, MODEL.title)
        if picture is None:
            assert not view.above
            assert not view.affected
            continue
        assert sum(box.here for box in picture.boxes) == 1
        for number, box in enumerate(picture.boxes):
            assert box.x >= 0
            assert box.x + box.width <= WIDTH
            assert box.y + box.height <= picture.height
            assert box.height >= 44
            for other in picture.boxes[number + 1 :]:
                apart_x = other.x >= box.x + box.width or box.x >= other.x + other.width
                assert apart_x or other.y >= box.y + box.height or box.y >= other.y + other.height
        for path in picture.paths:
            start, end = ends(path)
            assert start[1] < end[1]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ()),
        ("Short", ("Short",)),
        ("one two three four five", ("one two three", "four five")),
        ("Donaudampfschifffahrtsgesellschaft", ("Donaudampfs…",)),
        ("aa bb cc dd ee ff gg hh ii jj kk ll mm nn oo pp", None),
    ],
)
def test_text_is_broken_into_lines(text: str, lines: tuple[str, ...] | None) -> None:
    found = wrapped(text, 110)
    if lines is None:
        assert len(found) == LINES
        assert found[-1].endswith("…")
    else:
        assert found == lines


@given(st.text(max_size=200), st.integers(60, 300))
def test_no_text_makes_more_lines_than_there_is_room_for(text: str, width: int) -> None:
    assert len(wrapped(text, width)) <= LINES
