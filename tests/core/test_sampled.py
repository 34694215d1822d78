"""A sampled run is the same each time, and leaves no group of tests out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.sampled import left_out

EDITS = "tests/freshness/test_edits.py::test_build_after_an_edit_equals_a_clean_one"


def test_one_of_three() -> None:
    names = [f"{EDITS}[{n}]" for n in range(30)]
    assert len(left_out(names)) == 20
    assert left_out(names) == left_out(names[::-1])


def test_other_tests_are_all_run() -> None:
    assert left_out([f"tests/core/test_gaps.py::test_rule[{n}]" for n in range(30)]) == set()


@given(st.lists(st.text(), unique=True, min_size=1))
def test_at_least_one_of_each(cases: list[str]) -> None:
    names = {f"{EDITS}[{each}]" for each in cases}
    assert left_out(names) < names
