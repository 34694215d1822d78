"""What the words of a row tell of its marks: nothing is told wrongly, and most is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.told_marks import Told, ToldRow, learn, rest_of

FACETS = ("school", "status", "key_result", "protocol", "stage", "date")
HEAD = ("school",)


def row(*, uses: str = "Talk", protocol: str = "3", day: str = "9803~9928") -> ToldRow:
    words = ((), ("active",), ("Explain",), (uses,) if uses else (), ("Head",), ("8 Mar 2027",))
    return ToldRow(words, ("0", "1", "6", protocol, "", day))


def told_by(*rows: ToldRow) -> Told:
    return learn(FACETS, HEAD, rows)


def test_a_row_writes_only_what_its_words_do_not_tell() -> None:
    told = told_by(row())
    assert (told.rest, told.group) == ((4, 5), (0,))
    assert told.columns == {
        1: {"active": {1: "1"}},
        2: {"Explain": {2: "6"}},
        3: {"Talk": {3: "3"}},
    }
    assert rest_of(told, FACETS, row(), ["0"]) == ",9803"
    assert rest_of(told, FACETS, row(day="9928"), ["0"]) == ",9928"


def test_two_protocols_of_one_title_are_told_apart_by_marks() -> None:
    first, second = row(protocol="3"), row(protocol="4")
    told = told_by(first, second)
    assert rest_of(told, FACETS, first, ["0"]) is not None
    assert rest_of(told, FACETS, second, ["0"]) is None


def test_what_stands_under_another_head_is_written_in_full() -> None:
    assert rest_of(told_by(row()), FACETS, row(), ["2"]) is None


def test_a_day_that_the_words_do_not_tell_is_written_in_full() -> None:
    told = told_by(row())
    assert rest_of(told, FACETS, row(day="9803~9999"), ["0"]) is None


NAMES = st.lists(st.sampled_from(["A", "B", "C"]), max_size=2, unique=True)
MARK = st.lists(st.sampled_from(["0", "1", "2"]), max_size=2, unique=True).map("+".join)


@given(st.lists(st.tuples(NAMES, NAMES, MARK, MARK), min_size=1, max_size=12))
def test_what_is_told_is_what_was_meant(
    made: list[tuple[list[str], list[str], str, str]],
) -> None:
    rows = [
        ToldRow(
            ((), ("active",), tuple(results), tuple(uses), (), ()),
            ("0", "1", result, protocol, "", ""),
        )
        for results, uses, result, protocol in made
    ]
    told = learn(FACETS, HEAD, rows)
    for each in rows:
        if rest_of(told, FACETS, each, ["0"]) is None:
            continue
        for column, place in ((2, 2), (3, 3)):
            known = told.columns.get(column, {})
            found = {
                part
                for words in each.words[column]
                for part in known.get(words, {}).get(place, "").split("+")
                if part
            }
            assert found == set(each.marks[place].split("+")) - {""}
