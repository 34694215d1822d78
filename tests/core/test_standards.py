"""The view of a framework: each standard once, under the first it is part of."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.model import Record
from living_manual.core.standards import DEEPEST, Standard, standards, standards_table
from tests.build_manual import manual, rec

PAGE = "vision/math/index"


def std(name: str, part_of: str = "", **said: str) -> Record:
    links = {"part_of": part_of} if part_of else {}
    return rec(f"STD_{name}", page=PAGE, from_table=True, **links, **said)


def outline(entries: tuple[Standard, ...]) -> list[object]:
    return [
        [entry.standard.id.removeprefix("STD_"), *outline(entry.parts)]
        if entry.parts
        else entry.standard.id.removeprefix("STD_")
        for entry in entries
    ]


def test_standards_stand_under_what_they_are_part_of_in_the_tables_order() -> None:
    view = standards(
        manual(
            rec("STD_LEAD", page=PAGE, lead=True),
            std("A", "STD_LEAD"),
            std("A2", "STD_A"),
            std("A1", "STD_A"),
            std("B", "STD_LEAD"),
            std("B1", "STD_B STD_A"),
            rec("STD_ELSEWHERE", page="other", part_of="STD_A", from_table=True),
        ),
        PAGE,
    )
    assert outline(view.roots) == [["A", "A2", "A1"], ["B", "B1"]]
    (b1,) = view.roots[1].parts
    assert [ref.id for ref in b1.also] == ["STD_A"]


def test_who_uses_a_standard_is_told_and_its_own_parts_are_not() -> None:
    view = standards(
        manual(
            std("A", code="3.A", kind="Domain", notes="More."),
            std("A1", "STD_A"),
            rec("TERM_TALK", aligns_with="STD_A"),
        ),
        PAGE,
    )
    (a,) = view.roots
    assert [ref.id for ref in a.uses] == ["TERM_TALK"]
    assert (a.code, a.kind, a.notes) == ("3.A", "Domain", "More.")
    assert view.summary == "2 standards, 1 of them used in the manual"
    assert standards_table(view).rows == (
        ("STD_A", "3.A", "A", "Domain", "", 1, "More.", "TERM_TALK"),
        ("STD_A1", "", "A1", "", "STD_A", 2, "", ""),
    )


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=13))
def test_every_standard_is_told_once_whatever_is_part_of_what(
    parents: list[tuple[int, bool]],
) -> None:
    records = [
        std(f"N{n}", f"STD_N{parent}" if has else "") for n, (parent, has) in enumerate(parents)
    ]
    view = standards(manual(*records), PAGE)
    told = [row[0] for row in standards_table(view).rows]
    assert sorted(told, key=str) == sorted(record.id for record in records)
    assert view.count == len(records)


def test_a_table_without_end_of_levels_is_told_in_full() -> None:
    chain = [std("N0"), *(std(f"N{n}", f"STD_N{n - 1}") for n in range(1, 3_000))]
    rows = standards_table(standards(manual(*chain), PAGE)).rows
    assert len(rows) == 3_000
    assert max(int(str(row[5])) for row in rows) == DEEPEST + 1
