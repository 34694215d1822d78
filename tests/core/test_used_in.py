"""Where a record is used: what links to it, grouped, counted, and never told twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from living_manual.core.model import Manual, Ref
from living_manual.core.settings import Settings
from living_manual.core.used_in import HEADINGS, MANY, UsedIn, used_in, used_in_table
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
        "Assessments": [("ASM_FALL", "analyses", "")],
    }
    assert view.summary == "4 actions in 2 schools · 1 session · 1 assessment"


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
    assert of("SCH_OAK", district).summary == "2 actions · 1 session"


def test_an_action_at_two_schools_names_both() -> None:
    district = manual(
        rec("SCH_A", short="A"),
        rec("SCH_B", title="B School"),
        rec("PRO_A"),
        rec("ACT_1", uses="PRO_A", at="SCH_A SCH_B"),
    )
    assert uses(of("PRO_A", district))["Actions"] == [("ACT_1", "used in", "A, B School")]
    assert of("PRO_A", district).summary == "1 action in 2 schools"


def test_types_and_links_without_a_heading_of_their_own_come_last() -> None:
    district = manual(rec("STAGE_A", owner="ROLE_A"), rec("ROLE_A"), rec("DEC_1", affects="ROLE_A"))
    view = of("ROLE_A", district)
    assert [group.title for group in view.groups] == ["Flywheel stage", "Shaped by"]
    assert (view.affected, view.also) == ("1 flywheel stage", "shaped by 1 decision")
    assert view.summary == "1 flywheel stage · shaped by 1 decision"


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
    assert list(uses(view)) == [
        "Actions",
        "Sessions",
        "Protocols",
        "Assessments",
        "Mentioned in",
    ]
    assert uses(view)["Mentioned in"] == [
        ("", "mentioned in", ""),
        ("OBJ_TALK", "mentioned in", ""),
    ]
    assert view.affected == "4 actions in 2 schools, 1 session, 1 protocol and 1 assessment"
    assert view.summary.endswith("1 protocol · 1 assessment · mentioned in 2 pages")


def test_the_table_in_full() -> None:
    assert used_in_table(of("KR_TALK")).csv() == (
        "record_id,relation,used_by_id,type,title,status,school,through_id,count\n"
        "KR_TALK,advanced by,ACT_OAK_TALK,action,Oak talk,active,Oak,,1\n"
        "KR_TALK,advanced by,ACT_ELM_TALK,action,Elm talk,active,Elm Middle,,1\n"
        "KR_TALK,informed by,ASM_FALL,assessment,Fall,,,,1\n"
    )
    told = used_in_table(of("OBJ_TASKS")).csv().splitlines()
    assert "OBJ_TASKS,measured by,KR_TASKS,key_result,Tasks,,,,1" in told
    told = used_in_table(of("OBJ_TALK")).csv().splitlines()
    assert "OBJ_TALK,advanced by,ACT_ELM_TALK,action,Elm talk,active,Elm Middle,KR_TALK,1" in told


def wide(actions: int) -> Manual:
    """Two schools with so many actions in all, each through a key result; every fifth at both."""
    return manual(
        rec("OBJ_A"),
        rec("KR_A", measures="OBJ_A"),
        rec("SCH_A", short="A"),
        rec("SCH_B", title="B School"),
        *(
            rec(
                f"ACT_{number}",
                advances="KR_A",
                at="SCH_A SCH_B" if number % 5 == 0 else "SCH_A",
            )
            for number in range(actions)
        ),
        rec("ACT_NOWHERE", advances="KR_A"),
    )


def test_few_are_named_and_many_are_counted_by_school() -> None:
    few = of("OBJ_A", wide(MANY - 1)).groups[0]
    assert (len(few.single), few.by_school) == (MANY, ())
    many = of("OBJ_A", wide(MANY))
    group = many.groups[0]
    assert group.said == f"{MANY + 1} actions in 2 schools"
    assert [(ref.title, count) for ref, count in group.by_school] == [
        ("A", MANY),
        ("B School", MANY // 5),
    ]
    assert [use.record.id for use in group.single] == ["ACT_NOWHERE"]
    told = [row[2:] for row in used_in_table(many).rows if row[3] == "action"]
    assert told == [
        ("ACT_NOWHERE", "action", "Nowhere", "", "", "KR_A", 1),
        ("", "action", "", "", "A", "", MANY),
        ("", "action", "", "", "B School", "", MANY // 5),
    ]
    # What links by itself is always named in the file, however many there are.
    direct = used_in_table(of("KR_A", wide(MANY)))
    assert sum(row[2] != "" for row in direct.rows) == MANY + 1
    assert all(row[1] == "advanced by" for row in direct.rows)


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
        by_itself = {
            use.record.id for group in view.groups for use in group.uses if use.through is None
        }
        assert len(told) == len(set(told))
        assert by_itself == linking
        assert len(used_in_table(view).rows) == len(told)


@pytest.mark.parametrize("type_name", [name for name in HEADINGS if name != "decision"])
def test_each_heading_counts_its_records(type_name: str) -> None:
    prefix = MODEL.types[type_name].prefix
    target = rec("DEC_TARGET")
    sources = [rec(f"{prefix}A", affects="DEC_TARGET"), rec(f"{prefix}B", affects="DEC_TARGET")]
    view = of("DEC_TARGET", manual(target, *sources))
    title, word = HEADINGS[type_name]
    assert [group.title for group in view.groups] == [title]
    assert view.summary == f"2 {word}s"
