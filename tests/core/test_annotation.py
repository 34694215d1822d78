"""Notes on a picture: read from Web Annotation JSON, faults at their lines, numbers placed."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.annotation import DISC, Annotation, Ink, place_marks, read_annotations


def item(
    words: Any = "Deals out one each.",
    part: Any = "xywh=percent:10,20,30,15",
    source: Any = "work.png",
) -> dict[str, Any]:
    return {
        "type": "Annotation",
        "motivation": "commenting",
        "body": {"type": "TextualBody", "value": words, "format": "text/plain"},
        "target": {"source": source, "selector": {"type": "FragmentSelector", "value": part}},
    }


def page(*items: Any) -> str:
    head = {"@context": "http://www.w3.org/ns/anno.jsonld", "type": "AnnotationPage"}
    return json.dumps({**head, "items": list(items)}, indent=1)


def read(text: str) -> tuple[tuple[Annotation, ...], list[tuple[str, int | None, str]]]:
    notes, found = read_annotations(text, "work.png", "work.annotations.json")
    assert {each.file for each in found} <= {"work.annotations.json"}
    return notes, [(each.kind, each.line, each.message) for each in found]


def test_notes_keep_their_order_and_their_part() -> None:
    notes, found = read(page(item(), item("Says *half of half*.", "xywh=percent:0,50.5,100,49.5")))

    assert not found
    assert [note.text for note in notes] == ["Deals out one each.", "Says half of half."]
    assert notes[1].words == (("Says ", False), ("half of half", True), (".", False))
    assert (notes[0].left, notes[0].top, notes[0].width, notes[0].height) == (10, 20, 30, 15)


PAGES = {
    "no JSON": ("{", "annotations-unreadable", "cannot be read as JSON"),
    "nested too deeply": ("[" * 100_000, "annotations-unreadable", "nested too deeply"),
    "another thing": ('{"type": "Annotation"}', "annotations-unreadable", "no AnnotationPage"),
    "a list": ("[]", "annotations-unreadable", "no AnnotationPage"),
    "no items": (page(), "annotations-unreadable", "there is no item"),
    "items that are none": (page("x"), "annotation", "Note 1 says nothing"),
    "empty words": (page(item("  ")), "annotation", "Note 1 says nothing"),
    "no words": (page(item(None)), "annotation", "Note 1 says nothing"),
    "another picture": (page(item(source="b.png")), "annotation", "is about 'b.png'"),
    "no picture": (page(item(source=None)), "annotation", "names no picture"),
    "pixels": (page(item(part="xywh=1,2,3,4")), "annotation", "points at no part"),
    "no part": (page(item(part=None)), "annotation", "points at no part"),
    "left of the picture": (page(item(part="xywh=percent:-1,2,3,4")), "annotation", "no part"),
    "without a size": (page(item(part="xywh=percent:1,2,0,4")), "annotation", "without a size"),
    "too wide": (page(item(part="xywh=percent:80,2,30,4")), "annotation", "leaves the picture"),
    "too high": (page(item(part="xywh=percent:8,90,30,14")), "annotation", "leaves the picture"),
    "very large": (page(item(part=f"xywh=percent:{'9' * 400},2,3,4")), "annotation", "no part"),
}


@pytest.mark.parametrize(("text", "kind", "words"), PAGES.values(), ids=PAGES)
def test_faults(text: str, kind: str, words: str) -> None:
    notes, found = read(text)

    assert not notes
    assert found[0][0] == kind
    assert words in found[0][2]


def test_a_fault_has_the_line_of_its_item() -> None:
    text = page(item(), item(""), item())
    second = (
        text.split("\n").index(' "items": [') + 2 + len(json.dumps(item(), indent=1).split("\n"))
    )

    notes, found = read(text)

    assert len(notes) == 2
    assert [line for _, line, _ in found] == [second]


@given(st.text() | st.recursive(st.none() | st.text() | st.floats(), st.lists).map(json.dumps))
def test_no_text_stops_the_reading(text: str) -> None:
    notes, found = read(text)
    assert bool(notes) != bool(found)


SIDE = st.floats(0.5, 60)
PARTS = st.builds(
    lambda left, top, width, height: Annotation((("x", False),), left, top, width, height),
    st.floats(0, 40),
    st.floats(0, 40),
    SIDE,
    SIDE,
)


@given(st.lists(PARTS, max_size=8), st.integers(200, 3000), st.integers(200, 3000))
def test_numbers_stay_on_the_picture(notes: list[Annotation], width: int, height: int) -> None:
    for mark in place_marks(notes, (width, height)):
        assert 0 <= mark.x <= 100
        assert 0 <= mark.y <= 100


@given(st.lists(PARTS, min_size=2, max_size=3))
def test_numbers_do_not_hide_one_another(notes: list[Annotation]) -> None:
    marks = place_marks(notes, (1000, 800))
    for nth, mark in enumerate(marks):
        for other in marks[:nth]:
            across, down = mark.x - other.x, (mark.y - other.y) * 0.8
            assert math.hypot(across, down) >= 2 * DISC


def test_a_number_stands_where_nothing_is_drawn() -> None:
    note = Annotation((("x", False),), 30, 30, 40, 40)
    empty = place_marks([note], (100, 100), Ink((bytes(100),) * 100))
    drawn = Ink((bytes([255] * 50 + [0] * 50),) * 100)

    assert empty[0].x < 30  # beside its left edge
    assert place_marks([note], (100, 100), drawn)[0].x > 50
