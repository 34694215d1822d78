"""Records and how they hang together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given, settings

from living_manual.core.model import STATUSES, Manual, Record, Ref, read_model
from tests.build_manual import MODEL, NEEDS, SOUND, but, manual, rec
from tests.strategies import districts


def ids(records: Iterable[Record]) -> list[str]:
    return [record.id for record in records]


def test_the_model_is_what_the_file_declares() -> None:
    assert [t.name for t in MODEL.types.values()] == [t["directive"] for t in NEEDS["types"]]
    assert MODEL.links["advances"].target_types == ("key_result", "objective")
    assert MODEL.links["affects"].target_types == ()
    assert (MODEL.links["uses"].outgoing, MODEL.links["uses"].incoming) == ("uses", "used in")
    assert (MODEL.title("term"), MODEL.title("unicorn")) == ("Word", "Unicorn")


def test_links_lead_to_declared_types_and_ids_tell_types_apart() -> None:
    for link in MODEL.links.values():
        assert set(link.target_types) <= set(MODEL.types), link.name
    prefixes = [t.prefix for t in MODEL.types.values()]
    assert not any(a != b and a.startswith(b) for a in prefixes for b in prefixes)


def test_a_model_of_nothing() -> None:
    assert read_model({}).types == {}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        ("", ""),
        ("45", "45"),
        (45, "45"),
        (0, "0"),
        (["teacher", "coach"], "teacher, coach"),
        ((), ""),
    ],
)
def test_a_field_as_text(value: object, said: str) -> None:
    assert rec("PRO_VISIT", minutes=value).get("minutes") == said
    assert rec("PRO_VISIT").get("minutes") == ""


def test_a_field_as_a_day() -> None:
    assert rec("ACT_1", due="2026-12-01").day("due") == date(2026, 12, 1)
    assert rec("ACT_1", due="soon").day("due") is None
    assert rec("ACT_1").day("due") is None


def test_a_ref_is_enough_to_point_at_a_record() -> None:
    record = rec("ACT_1", title="Talk", page="schools/oak/index", status="active")
    assert record.ref == Ref("ACT_1", "action", "Talk", "schools/oak/index", "active")


@pytest.mark.parametrize("status", ["", *STATUSES])
def test_planned_active_and_done_are_living(status: str) -> None:
    assert rec("ACT_1", status=status).living == (status in ("planned", "active", "done"))


def test_the_first_of_two_with_the_same_id_stands() -> None:
    found = manual(rec("TERM_A", title="first"), rec("TERM_A", title="second"))
    assert [record.title for record in found.of_type("term")] == ["first"]


def test_records_keep_their_order() -> None:
    found = manual(rec("TERM_B"), rec("OBJ_1"), rec("TERM_A"))
    assert ids(found.of_type("term")) == ["TERM_B", "TERM_A"]
    assert found.of_type("vision") == ()


def test_links_are_followed_in_the_order_written_past_what_is_missing() -> None:
    found = manual(rec("ACT_1", uses="PRO_B PRO_NOWHERE PRO_A"), rec("PRO_A"), rec("PRO_B"))
    action = found.records["ACT_1"]
    assert action.to("uses") == ("PRO_B", "PRO_NOWHERE", "PRO_A")
    assert ids(found.linked(action, "uses")) == ["PRO_B", "PRO_A"]
    assert found.linked(action, "at") == ()


def test_incoming_links() -> None:
    found = manual(
        rec("SES_1", runs="PRO_A"),
        rec("ACT_1", uses="PRO_A PRO_A"),
        rec("DEC_1", affects="PRO_A ACT_1"),
        rec("EX_1", illustrates="PRO_A"),
        rec("DEC_2", affects="EX_1"),
        rec("PRO_A"),
    )
    assert ids(found.incoming("PRO_A")) == ["SES_1", "ACT_1", "DEC_1", "EX_1"]
    assert ids(found.incoming("PRO_A", "uses", "runs")) == ["SES_1", "ACT_1"]
    assert ids(found.incoming("PRO_A", "owner")) == []
    assert ids(found.incoming("PRO_NOWHERE")) == []
    assert [(link, source.id) for link, source in found.incoming_by_link("PRO_A")] == [
        ("runs", "SES_1"),
        ("uses", "ACT_1"),
        ("affects", "DEC_1"),
        ("illustrates", "EX_1"),
    ]


def test_a_record_that_links_by_two_links_comes_in_once() -> None:
    found = manual(rec("ACT_1", led_by="ROLE_A", backed_up_by="ROLE_A"), rec("ROLE_A"))
    assert ids(found.incoming("ROLE_A")) == ["ACT_1"]
    assert len(found.incoming_by_link("ROLE_A")) == 2


@pytest.mark.parametrize(
    ("advances", "objectives"),
    [
        ("OBJ_A", ["OBJ_A"]),
        ("KR_A", ["OBJ_A"]),
        ("KR_A KR_A2", ["OBJ_A"]),
        ("KR_A OBJ_A", ["OBJ_A"]),
        ("OBJ_B KR_A", ["OBJ_B", "OBJ_A"]),
        ("KR_AB", ["OBJ_A", "OBJ_B"]),
        ("KR_LOOSE", []),
        ("KR_NOWHERE", []),
        ("", []),
    ],
)
def test_the_objectives_of_an_action(advances: str, objectives: list[str]) -> None:
    found = manual(
        rec("OBJ_A"),
        rec("OBJ_B"),
        rec("KR_A", measures="OBJ_A"),
        rec("KR_A2", measures="OBJ_A"),
        rec("KR_AB", measures="OBJ_A OBJ_B"),
        rec("KR_LOOSE", measures="OBJ_NOWHERE"),
        rec("ACT_1", advances=advances),
    )
    assert ids(found.objectives_of(found.records["ACT_1"])) == objectives


def test_an_action_that_names_a_school_twice_is_one_action() -> None:
    found = manual(
        rec("SCH_A"), rec("OBJ_A"), rec("ACT_1", at="SCH_A SCH_A", advances="OBJ_A OBJ_A")
    )
    assert ids(found.actions_by_school_and_objective[("SCH_A", "OBJ_A")]) == ["ACT_1"]


def test_the_day_an_action_is_asked_for() -> None:
    found = manual(actions_due={"OBJ_A": date(2026, 10, 15)})
    assert found.asked_by("OBJ_A") == date(2026, 10, 15)
    assert found.asked_by("OBJ_B") is None


def test_the_owner_or_else_the_leader() -> None:
    found = manual(*SOUND)
    assert found.owner_names(found.records["OBJ_TALK"]) == ("Mathematics lead",)
    assert found.owner_names(found.records["ACT_OAK_TALK"]) == ("Mathematics lead",)
    both = manual(*but("ACT_OAK_TALK", owner="ROLE_COACH"))
    assert both.owner_names(both.records["ACT_OAK_TALK"]) == ("Coach",)
    assert found.owner_names(found.records["STAGE_VISION"]) == ()


@settings(max_examples=40)
@given(districts())
def test_incoming_is_the_other_end_of_linked(district: Manual) -> None:
    there = {
        (source.id, link, target.id)
        for source in district.records.values()
        for link in source.links
        for target in district.linked(source, link)
    }
    back = {
        (source.id, link, target)
        for target in district.records
        for link, source in district.incoming_by_link(target)
    }
    assert there == back
