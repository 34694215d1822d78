"""What each stage holds and lacks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.codification import ENTRIES, LEVELS
from living_manual.core.flywheel import COUNTED, Tally, flywheel, flywheel_table
from living_manual.core.model import Manual
from tests.build_manual import manual, rec, whole


def district() -> Manual:
    return manual(
        *(rec(f"STAGE_{number}", title=f"Stage {number}") for number in range(1, 5)),
        rec("STD_ARGUE"),
        whole("TERM_TALK", title="Talk", aligns_with="STD_ARGUE", stage="STAGE_1"),
        rec("TERM_BARE", title="Bare", stage="STAGE_1"),
        whole("PRO_VISIT", title="Visit", develops="TERM_TALK", stage="STAGE_3"),
        whole("PRO_IDLE", title="Idle", stage="STAGE_3"),
        rec("SES_FALL", runs="PRO_VISIT", stage="STAGE_3"),
        rec("SES_SPRING", stage="STAGE_3"),
        rec("ASM_FALL", stage="STAGE_3"),
        whole("EX_TILES", title="Tiles", illustrates="TERM_TALK", stage="STAGE_4"),
    )


def test_each_stage_holds_what_belongs_to_it_by_type_and_level() -> None:
    view = flywheel(district())
    assert [
        (stage.stage.id, [(row.title, row.tally.counts) for row in stage.rows], stage.others)
        for stage in view.stages
    ] == [
        ("STAGE_1", [("Words", (1, 0, 0, 1))], ""),
        ("STAGE_2", [], ""),
        ("STAGE_3", [("Protocols", (0, 1, 0, 1))], "2 sessions and 1 assessment"),
        ("STAGE_4", [("Exemplar", (0, 1, 0, 0))], ""),
    ]
    assert view.tally == Tally((1, 2, 0, 2))
    assert view.tally.said == "2 embedded · 2 documented · 1 captured"


def test_what_a_stage_lacks() -> None:
    assert [
        (stage.stage.id, [(lack.what, [ref.id for ref in lack.refs]) for lack in stage.lacks])
        for stage in flywheel(district()).stages
    ] == [
        (
            "STAGE_1",
            [
                ("No vision belongs to this stage yet.", []),
                ("No objective belongs to this stage yet.", []),
                ("No key result belongs to this stage yet.", []),
                ("1 word with an empty part", ["TERM_BARE"]),
                ("1 word that no exemplar shows", ["TERM_BARE"]),
            ],
        ),
        ("STAGE_2", [("No session belongs to this stage yet.", [])]),
        ("STAGE_3", [("1 protocol that no other page names", ["PRO_IDLE"])]),
        (
            "STAGE_4",
            [
                ("No decision belongs to this stage yet.", []),
                ("1 exemplar that no other page names", ["EX_TILES"]),
            ],
        ),
    ]


def test_rows_say_for_each_entry_what_it_takes() -> None:
    table = flywheel_table(flywheel(district()))
    levels = [(row[0], row[2], row[4], row[5]) for row in table.rows]
    assert levels == [
        ("STAGE_1", "TERM_TALK", "embedded", ""),
        ("STAGE_1", "TERM_BARE", "captured", "documented"),
        ("STAGE_3", "PRO_VISIT", "embedded", ""),
        ("STAGE_3", "PRO_IDLE", "documented", "named"),
        ("STAGE_4", "EX_TILES", "documented", "named"),
    ]
    assert [bool(row[6]) for row in table.rows] == [False, True, False, True, True]


def test_more_stages_than_four_and_none_at_all() -> None:
    five = manual(*(rec(f"STAGE_{number}") for number in range(1, 6)))
    assert flywheel(five).stages[4].lacks == ()
    assert flywheel(manual()).stages == ()


def test_every_entry_can_be_counted() -> None:
    assert ENTRIES.keys() <= COUNTED.keys()


@given(st.tuples(*[st.integers(0, 300)] * len(LEVELS)))
def test_a_bar_is_as_long_as_it_says_and_has_a_part_for_each_level_there_is(
    counts: tuple[int, ...],
) -> None:
    tally = Tally(counts)
    spans = tally.spans
    assert {level for level, _, _ in spans} == {
        level for level, count in zip(LEVELS, counts, strict=True) if count
    }
    for level, start, length in spans:
        count = counts[list(LEVELS).index(level)]
        assert abs(length - 100 * count / tally.total) < 0.01
        assert 0 <= start <= start + length <= 100.05
    assert not spans or abs(sum(length for *_, length in spans) - 100) < 0.05
