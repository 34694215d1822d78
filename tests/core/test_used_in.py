"""Where a record is used: what links to it, grouped, counted, and never told twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from living_manual.core.model import Manual, Ref
from living_manual.core.settings import Settings
from living_manual.core.used_in import HEADINGS, UsedIn, used_in, used_in_table
from tests.build_manual import MODEL, SOUND, TODAY, but, manual, rec
from tests.strategies import districts


def uses(view: UsedIn) -> dict[str, list[tuple[str, str, str]]]:
    return {
        group.title: [(use.record.id, use.relation, use.place) for use in group.uses]
        for group in view.groups
    }


def of(record_id: str, district: Manual | None = None) -> UsedIn:
    district = district or manual(*SOUND)
    return used_in(district, district.records[record_id])


def test_a_protocol_is_used_by_actions_first_then_by_sessions() -> None:
    view = of("PRO_VISIT")
    assert uses(view) == {
        "Actions": [
            ("ACT_OAK_TALK", "used in", "Oak"),
            ("ACT_OAK_TASKS", "used in", "Oak"),
            ("ACT_ELM_TALK", "used in", "Elm Middle"),
            ("ACT_ELM_TASKS", "used in", "Elm Middle"),
        ],
        "Sessions": [("SES_FALL", "run in", "")],
    }
    assert view.summary == "2 schools · 4 actions · 1 session"


def test_a_record_that_nothing_uses() -> None:
    view = of("STAGE_VISION")
    assert (view.groups, view.summary) == ((), "")
    assert used_in_table(view).rows == ()


def test_one_school_is_not_counted() -> None:
    district = manual(rec("SCH_A"), rec("PRO_A"), rec("ACT_1", uses="PRO_A", at="SCH_A"))
    assert of("PRO_A", district).summary == "1 action"


def test_a_record_that_links_twice_is_named_once() -> None:
    district = manual(*but("ACT_OAK_TALK", led_by="ROLE_LEAD", backed_up_by="ROLE_LEAD"))
    found = [use for use in uses(of("ROLE_LEAD", district))["Actions"] if use[0] == "ACT_OAK_TALK"]
    assert found == [("ACT_OAK_TALK", "leads", "Oak")]


def test_a_schools_own_actions_are_told_by_its_plan() -> None:
    district = manual(*SOUND, rec("SES_OAK", title="At Oak", at="SCH_OAK"))
    assert uses(of("SCH_OAK", district)) == {"Sessions": [("SES_OAK", "takes place here", "Oak")]}
    assert of("SCH_OAK", district).summary == "1 session"


def test_an_action_at_two_schools_names_both() -> None:
    district = manual(
        rec("SCH_A", short="A"),
        rec("SCH_B", title="B School"),
        rec("PRO_A"),
        rec("ACT_1", uses="PRO_A", at="SCH_A SCH_B"),
    )
    assert uses(of("PRO_A", district))["Actions"] == [("ACT_1", "used in", "A, B School")]
    assert of("PRO_A", district).summary == "2 schools · 1 action"


def test_types_and_links_without_a_heading_of_their_own_come_last() -> None:
    district = manual(rec("STAGE_A", owner="ROLE_A"), rec("ROLE_A"), rec("DEC_1", affects="ROLE_A"))
    view = of("ROLE_A", district)
    assert [group.title for group in view.groups] == ["Decisions", "Flywheel stage"]
    assert view.summary == "1 decision"


def test_headings_are_of_declared_types() -> None:
    assert set(HEADINGS) <= set(MODEL.types)


MENTIONS = {
    "TERM_TALK": (
        Ref("", "page", "Welcome", "index"),
        Ref("PRO_VISIT", "protocol", "Visit", "pages/pro_visit"),
        Ref("TERM_TALK", "term", "Number talk", "pages/term_talk"),
        Ref("OBJ_TALK", "objective", "Students talk", "pages/obj_talk"),
    )
}


def test_pages_whose_text_names_the_record_come_last() -> None:
    district = Manual.of(SOUND, MODEL, Settings(), TODAY, mentions=MENTIONS)
    view = of("TERM_TALK", district)
    # The protocol links already, and a record's own page does not count.
    assert list(uses(view)) == ["Protocols", "Mentioned in"]
    assert uses(view)["Mentioned in"] == [
        ("", "mentioned in", ""),
        ("OBJ_TALK", "mentioned in", ""),
    ]
    assert view.summary == "1 protocol · mentioned in 2 pages"


def test_the_table_in_full() -> None:
    assert used_in_table(of("KR_TALK")).csv() == (
        "record_id,relation,used_by_id,type,title,status,school\n"
        "KR_TALK,advanced by,ACT_OAK_TALK,action,Oak talk,active,Oak\n"
        "KR_TALK,advanced by,ACT_ELM_TALK,action,Elm talk,active,Elm Middle\n"
        "KR_TALK,informed by,ASM_FALL,assessment,Fall,,\n"
    )


@settings(max_examples=40)
@given(districts())
def test_everything_that_links_here_is_told_once(district: Manual) -> None:
    for record in district.records.values():
        view = used_in(district, record)
        told = [use.record.id for group in view.groups for use in group.uses]
        linking = {
            source.id
            for source in district.records.values()
            if any(record.id in targets for targets in source.links.values())
            and not (record.type == "school" and source.type == "action")
        }
        assert len(told) == len(set(told))
        assert set(told) == linking
        assert len(used_in_table(view).rows) == len(told)


@pytest.mark.parametrize("type_name", list(HEADINGS))
def test_each_heading_counts_its_records(type_name: str) -> None:
    prefix = MODEL.types[type_name].prefix
    target = rec("DEC_TARGET")
    sources = [rec(f"{prefix}A", affects="DEC_TARGET"), rec(f"{prefix}B", affects="DEC_TARGET")]
    view = of("DEC_TARGET", manual(target, *sources))
    title, word = HEADINGS[type_name]
    assert [group.title for group in view.groups] == [title]
    assert view.summary == f"2 {word}s"
