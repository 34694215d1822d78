"""Records of a type as a list."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from living_manual.core.codification import standing
from living_manual.core.model import Manual
from living_manual.core.record_list import ListItem, record_list
from tests.build_manual import MODEL, manual, rec
from tests.strategies import districts


def titles(district: Manual, type_name: str, kind: str = "") -> list[str]:
    return [item.record.title for item in record_list(district, type_name, kind).items]


def test_an_item_says_what_it_is_and_why() -> None:
    visit = rec("PRO_A", title="Visit", kind="rounds", minutes=45, purpose="See students at work.")
    district = manual(visit)
    view = record_list(district, "protocol")
    assert (view.type, view.type_title) == ("protocol", "Protocol")
    assert view.items == (
        ListItem(visit.ref, "Rounds · 45 min", "See students at work.", standing(district, visit)),
    )


def test_words_are_listed_by_title_whatever_their_capitals() -> None:
    district = manual(
        *(rec(f"TERM_{n}", title=t) for n, t in enumerate(["strategy", "Fluency", "rich task"]))
    )
    assert titles(district, "term") == ["Fluency", "rich task", "strategy"]


def test_letters_lead_through_a_long_list_only() -> None:
    words = [f"{letter}{n}" for letter in "cAb" for n in range(8)]
    short, long = (
        manual(*(rec(f"TERM_{n}", title=title) for n, title in enumerate(words[:count])))
        for count in (23, 24)
    )
    assert record_list(short, "term").letters == ()
    view = record_list(long, "term")
    assert view.letters == (("A", 0), ("B", 8), ("C", 16))
    assert [view.items[place].record.title[0].upper() for _, place in view.letters] == list("ABC")


@pytest.mark.parametrize(
    "type_name", ["objective", "key_result", "stage", "subsystem", "standard", "session"]
)
def test_these_keep_the_order_they_were_written_in(type_name: str) -> None:
    prefix = MODEL.types[type_name].prefix
    district = manual(*(rec(f"{prefix}{n}", title=t) for n, t in enumerate("cab")))
    assert titles(district, type_name) == ["c", "a", "b"]


def test_one_kind_alone() -> None:
    district = manual(
        rec("PRO_A", title="A", kind="plc"),
        rec("PRO_B", title="B", kind="rounds"),
        rec("PRO_C", title="C"),
    )
    assert titles(district, "protocol", "plc") == ["A"]
    assert titles(district, "protocol", "pd") == []
    assert titles(district, "protocol") == ["A", "B", "C"]


def test_a_type_without_records() -> None:
    assert record_list(manual(), "decision").items == ()


@settings(max_examples=40)
@given(districts())
def test_every_record_is_in_the_list_of_its_type(district: Manual) -> None:
    for type_name in MODEL.types:
        listed = [item.record.id for item in record_list(district, type_name).items]
        assert sorted(listed) == sorted(r.id for r in district.of_type(type_name))
