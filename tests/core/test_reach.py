"""Which pages a reader comes to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.reach import unreached


@pytest.mark.parametrize(
    ("leads", "left"),
    [
        ({}, ["a", "b", "c"]),
        ({"index": ["a"], "a": ["b"], "b": ["c"]}, []),
        ({"index": ["index"], "a": ["b"], "b": ["a"]}, ["a", "b", "c"]),
        ({"index": ["gone"], "gone": ["a"], "a": ["*"]}, ["b", "c"]),
    ],
    ids=["nothing", "a chain", "two that know each other only", "a name that is no page"],
)
def test_unreached(leads: dict[str, list[str]], left: list[str]) -> None:
    assert unreached("index", leads, ["index", "a", "b", "c"]) == left


names = st.sampled_from("iabcdef")


@given(st.dictionaries(names, st.sets(names)))
def test_each_page_is_reached_from_one_that_is(leads: dict[str, set[str]]) -> None:
    left = set(unreached("i", leads, set("iabcdef")))
    reached = set("iabcdef") - left
    assert "i" in reached
    assert not any(leads.get(page, set()) & left for page in reached)
    assert all(
        page == "i" or any(page in leads.get(one, ()) for one in reached) for page in reached
    )
