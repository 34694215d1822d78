"""System health: what belongs to a part, its three answers, its marks, and what to do next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.elements import Element, carried
from living_manual.core.health import MARKS, HealthRow, SystemHealth, share, system_health
from living_manual.core.health_shown import health_chart, health_line, health_table
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.settings import Settings
from tests.build_manual import manual, rec, whole

PLC = "SUB_PLC"
BASE: tuple[Record, ...] = (
    rec("VIS_MATHS", stage="STAGE_SET", reviewed="2026-09-01"),
    rec("STAGE_SET", title="Set the course", short="Set"),
    rec("STAGE_LEARN"),
    rec("ROLE_LEAD", title="Lead", status="filled"),
    rec("SCH_OAK"),
    rec("OBJ_TALK", short="Talk", stage="STAGE_SET", reviewed="2026-09-01"),
    rec("OBJ_TASKS", stage="STAGE_SET", reviewed="2025-09-01"),
    rec("KR_TALK", measures="OBJ_TALK", stage="STAGE_SET", reviewed="2025-12-01"),
    rec(PLC, title="Learning communities"),
    rec("SUB_IDLE", title="Idle"),
    whole(
        "PRO_LOOK",
        title="Looking",
        strengthens=PLC,
        owner="ROLE_LEAD",
        reviewed="2026-09-01",
        page="protocols/look",
    ),
    whole("PRO_TUNE", title="Tuning", strengthens=PLC, reviewed="2025-06-01"),
    whole("EX_TILES", title="Tiles", illustrates="PRO_LOOK", reviewed="2026-01-15"),
    whole("EX_OTHER", title="Other", illustrates="PRO_LEAD", reviewed="2026-01-15"),
    rec(
        "SES_FALL", runs="PRO_LOOK", serves="OBJ_TASKS", stage="STAGE_LEARN", reviewed="2026-10-01"
    ),
    rec("SES_MEET", serves="OBJ_TASKS", stage="STAGE_LEARN", reviewed="2026-10-01"),
    rec("ACT_ONE", uses="PRO_LOOK PRO_TUNE", advances="KR_TALK", at="SCH_OAK", status="active"),
    rec("ACT_GONE", uses="PRO_LOOK", advances="OBJ_TASKS", at="SCH_OAK", status="dropped"),
)
ELEMENTS = {
    PLC: (
        Element("The time is protected", ("TERM_PLC", "SES_FALL")),
        Element("Somebody facilitates", ("ROLE_LEAD",)),
        Element("The talk is deep", (PLC, "PRO_UNWRITTEN"), pages=True),
        Element("Teams rehearse"),
    )
}
PLACES = {
    "gaps": Ref("", "page", "Gaps", "progress/gaps"),
    "system-health": Ref("", "page", "Health", "progress/health"),
}


def made(*more: Record, without: tuple[str, ...] = (), **settings: int) -> Manual:
    kept = [record for record in BASE if record.id not in without]
    return replace(manual(*kept, *more, **settings), elements=ELEMENTS, places=PLACES)


def rows(of: Manual) -> dict[str, HealthRow]:
    return {row.part.id: row for row in system_health(of).rows}


def test_stages_come_before_subsystems_each_as_written() -> None:
    assert list(rows(made())) == ["STAGE_SET", "STAGE_LEARN", PLC, "SUB_IDLE"]
    assert [row.name for row in system_health(made()).rows[:2]] == ["Set", "Learn"]


def test_what_belongs_to_a_subsystem() -> None:
    row = rows(made())[PLC]
    assert {held.type: [ref.id for ref in held.refs] for held in row.held} == {
        "protocol": ["PRO_LOOK", "PRO_TUNE"],
        "session": ["SES_FALL"],
        "action": ["ACT_ONE"],
        "exemplar": ["EX_TILES"],
    }
    actions = next(held for held in row.held if held.type == "action")
    assert (actions.said, actions.listed) == ("1 living action", 2)
    assert actions.asks == "subsystem=SUB_PLC"
    assert [(ref.id, ref.title) for ref in row.carries] == [
        ("OBJ_TALK", "Talk"),
        ("OBJ_TASKS", "Tasks"),
    ]


def test_what_belongs_to_a_stage_and_what_is_expected_of_it() -> None:
    found = rows(made())
    assert [held.said for held in found["STAGE_SET"].held] == [
        "1 vision",
        "2 objectives",
        "1 key result",
    ]
    assert [each.missing for each in found["STAGE_SET"].missing] == ["No word belongs to it yet."]
    assert (found["STAGE_SET"].there.part, found["STAGE_SET"].there.whole) == (3, 4)
    # Nothing that could be codified: no answer, and the part stands as the others do.
    assert found["STAGE_LEARN"].codified.mark == ""
    assert found["STAGE_LEARN"].mark == "strong"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        pytest.param(0, ("carried", ["SES_FALL"], []), id="a session carries it"),
        pytest.param(1, ("told", [], ["ROLE_LEAD"]), id="a role does not"),
        pytest.param(2, ("told", [], []), id="nor a page, itself or what is not there"),
        pytest.param(3, ("bare", [], []), id="no link"),
    ],
)
def test_what_carries_an_element(number: int, said: tuple[str, list[str], list[str]]) -> None:
    of = made()
    found = carried(of, of.records[PLC])[number]
    assert (found.state, [r.id for r in found.by], [r.id for r in found.told]) == said


def test_elements_are_expected_beside_the_four_kinds() -> None:
    row = rows(made())[PLC]
    assert (row.there.part, row.there.whole, row.there.mark) == (5, 8, "growing")
    assert [each.missing for each in row.missing] == [
        "“Somebody facilitates” is explained, and nothing carries it.",
        "“The talk is deep” leads to a page, and nothing carries it.",
        "“Teams rehearse” has nothing behind it yet.",
    ]


def test_a_subsystem_with_nothing_is_empty_and_says_how_to_begin() -> None:
    row = rows(made())["SUB_IDLE"]
    assert (row.mark, row.there.mark, row.codified.mark, row.fresh.mark) == (
        "empty",
        "empty",
        "",
        "",
    )
    assert row.missing[0].missing == "No protocol strengthens it yet."
    first = system_health(made()).places[0]
    assert (first.part.id, first.question) == ("SUB_IDLE", "there")
    assert first.why == "0 of 4 things that are expected of it are there."
    assert first.fix.startswith("No protocol strengthens it yet. Name the subsystem")


@pytest.mark.parametrize(
    ("reviewed", "in_time", "soon"),
    [
        pytest.param("2025-11-21", 0, 0, id="due today is overdue"),
        pytest.param("2025-11-22", 1, 1, id="due tomorrow"),
        pytest.param("2026-01-20", 1, 1, id="due in 60 days"),
        pytest.param("2026-01-21", 1, 0, id="due in 61 days"),
        pytest.param("", 0, 0, id="never reviewed"),
    ],
)
def test_how_fresh(reviewed: str, in_time: int, soon: int) -> None:
    said = {"reviewed": reviewed} if reviewed else {}
    row = rows(made(rec("PRO_NEW", strengthens="SUB_IDLE", **said)))["SUB_IDLE"]
    assert (row.fresh.part, row.fresh.whole) == (in_time, 1)
    assert (row.reviews.soon_count, row.reviews.overdue_count) == (soon, 1 - in_time)
    oldest = row.reviews.oldest
    assert (oldest.reviewed if oldest else None) == (
        date.fromisoformat(reviewed) if reviewed else None
    )


def test_the_settings_move_the_edges() -> None:
    row = rows(made(review_months=18, due_soon_days=10))[PLC]
    assert (row.fresh.part, row.fresh.whole) == (4, 4)
    assert row.reviews.soon_count == 1  # reviewed 1 June 2025: due 1 December 2026
    assert rows(made(health_growing=70))[PLC].there.mark == "weak"


def test_codified_counts_what_is_embedded() -> None:
    row = rows(made())[PLC]
    # PRO_LOOK and PRO_TUNE are used by an action; EX_TILES is whole, and no page names it.
    assert row.tally.counts == (0, 1, 0, 2)
    assert (row.codified.part, row.codified.whole, row.codified.mark) == (2, 3, "growing")
    assert [each.record.id for each in row.behind] == ["EX_TILES"]


def test_what_it_lacks_is_wanted_empty_or_a_gap() -> None:
    row = rows(made(rec("PRO_BARE", strengthens=PLC, reviewed="2026-09-01")))[PLC]
    assert [each.record.id for each in row.empty] == ["PRO_BARE"]
    assert {each.rule: each.count for each in row.gaps} == {
        "review": 1,
        "protocol": 1,
        "backup": 1,
        "look-for": 1,
        "evidence": 1,
    }
    assert (row.lacking, row.late) == (3 + 1 + 5, 1)


def test_the_weakest_places_are_named_first_one_a_part() -> None:
    view = system_health(made())
    assert [(each.part.id, each.question, each.share.mark) for each in view.places] == [
        ("SUB_IDLE", "there", "empty"),
        ("STAGE_SET", "codified", "weak"),
        (PLC, "there", "growing"),
    ]
    assert view.sentence == (
        "Of 4 parts of the system, 1 is strong, 1 is growing, 1 is weak and 1 is empty."
    )


def test_a_stale_place_names_the_oldest_review_and_its_owner() -> None:
    stale = whole("PRO_OLD", strengthens="SUB_IDLE", owner="ROLE_LEAD", reviewed="2020-01-31")
    of = made(
        stale,
        rec("SES_OLD", runs="PRO_OLD", reviewed="2020-02-01"),
        rec("ACT_OLD", uses="PRO_OLD", status="active"),
        whole("EX_OLD", illustrates="PRO_OLD", reviewed="2020-02-01"),
    )
    place = next(each for each in system_health(of).places if each.part.id == "SUB_IDLE")
    assert (place.question, place.about and place.about.id, place.owner) == (
        "fresh",
        "PRO_OLD",
        "Lead",
    )
    assert place.why == "0 of its 3 records were reviewed in time."
    assert place.fix.startswith("It was last reviewed on 31 Jan 2020. Read it")


def test_a_new_manual_is_told_how_to_begin_and_not_how_weak_it_is() -> None:
    view = system_health(made(without=("VIS_MATHS", "SES_FALL", "SES_MEET")))
    assert [each.done for each in view.steps] == [False, True, True, True, False]
    assert health_line(made(without=("VIS_MATHS",)), "stage").marks == ()
    assert [each.done for each in system_health(manual()).steps] == [False] * 5
    assert system_health(made()).steps == ()


def test_the_short_line_leads_to_the_page() -> None:
    line = health_line(made(), "subsystem")
    assert line.where == PLACES["system-health"]
    assert [(ref.id, name, mark) for ref, name, mark in line.marks] == [
        (PLC, "Learning communities", "growing"),
        ("SUB_IDLE", "Idle", "empty"),
    ]


def test_rows_and_chart_say_the_same() -> None:
    view = system_health(made())
    table, chart = health_table(view), health_chart(view)
    assert {len(row) for row in table.rows} == {len(table.columns)}
    told = {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}
    assert (told[PLC]["embedded"], told[PLC]["entries"], told[PLC]["elements_carried"]) == (2, 3, 1)
    assert chart.rows[2] == ("Learning communities", "3", "2", "0", "1", "0")
    assert [bar.said for bar in chart.drawing.bars] == ["0 of 4", "no entry", "2 of 3", "no entry"]


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 99), st.integers(2, 100))
def test_a_mark_follows_from_the_share_alone(
    part: int, more: int, growing: int, strong: int
) -> None:
    settings = Settings(health_growing=min(growing, strong - 1), health_strong=strong)
    found = share(part, part + more, settings, none=True)
    if part + more == 0:
        assert found.mark == ""
    elif part == 0:
        assert found.mark == "empty"
    else:
        percent = 100 * part / (part + more)
        edges = [(strong, "strong"), (settings.health_growing, "growing"), (0, "weak")]
        assert found.mark == next(mark for edge, mark in edges if percent >= edge)
        better = share(part + 1, part + more, settings) if more else found
        assert list(MARKS).index(better.mark) >= list(MARKS).index(found.mark)


def test_a_part_stands_as_its_weakest_answer() -> None:
    view: SystemHealth = system_health(made())
    order = list(MARKS)
    for row in view.rows:
        given_ = [s.mark for s in (row.there, row.codified, row.fresh) if s.mark]
        assert row.mark == min(given_, key=order.index)
