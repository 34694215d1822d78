"""Impact: what a change would reach, through others too, and nothing else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from living_manual.core.impact import HANDED_ON, SHAPES, impact
from living_manual.core.model import Manual, Record
from tests.build_manual import MODEL, SOUND, manual, rec
from tests.strategies import districts

ACTIONS = ["ACT_OAK_TALK", "ACT_OAK_TASKS", "ACT_ELM_TALK", "ACT_ELM_TASKS"]


def reached(record_id: str, district: Manual | None = None) -> dict[str, str]:
    """Each dependant's id with the id of the record between (empty when it links by itself)."""
    district = district or manual(*SOUND)
    found = impact(district, district.records[record_id]).dependants
    return {each.record.id: each.through.id if each.through else "" for each in found}


CASES = {
    "an action: nothing": ("ACT_OAK_TALK", []),
    "an assessment: nothing": ("ASM_FALL", []),
    "a session: what it analyses": ("SES_FALL", ["ASM_FALL"]),
    "a key result: actions and assessments": (
        "KR_TALK",
        ["ACT_ELM_TALK", "ACT_OAK_TALK", "ASM_FALL"],
    ),
    "an objective: its key results and through them the rest": (
        "OBJ_TALK",
        ["ACT_ELM_TALK", "ACT_OAK_TALK", "ASM_FALL", "KR_TALK", "KR_TALK_PLANS", "SES_FALL"],
    ),
    "a protocol: who uses and runs it": ("PRO_VISIT", sorted([*ACTIONS, "ASM_FALL", "SES_FALL"])),
    "a word: protocols, and who uses them": (
        "TERM_TALK",
        sorted([*ACTIONS, "ASM_FALL", "PRO_VISIT", "SES_FALL"]),
    ),
    "a standard: words, protocols, actions": (
        "STD_ARGUE",
        sorted([*ACTIONS, "ASM_FALL", "PRO_VISIT", "SES_FALL", "TERM_TALK"]),
    ),
    "a school: what takes place there": ("SCH_OAK", ["ACT_OAK_TALK", "ACT_OAK_TASKS"]),
    "a role that backs up: its actions and words, no further": (
        "ROLE_COACH",
        sorted([*ACTIONS, "TERM_TALK"]),
    ),
}


@pytest.mark.parametrize(("record_id", "told"), CASES.values(), ids=CASES)
def test_what_depends_on_each_type(record_id: str, told: list[str]) -> None:
    assert sorted(reached(record_id)) == told


def test_through_whom_is_told_and_by_itself_comes_first() -> None:
    found = reached("OBJ_TASKS")
    assert found["ACT_OAK_TASKS"] == ""
    assert found["KR_TASKS"] == ""
    assert reached("OBJ_TALK")["ACT_OAK_TALK"] == "KR_TALK"
    both = manual(rec("OBJ_A"), rec("KR_A", measures="OBJ_A"), rec("ACT_A", advances="KR_A OBJ_A"))
    assert reached("OBJ_A", both) == {"KR_A": "", "ACT_A": ""}


def test_an_owner_reaches_one_step_only() -> None:
    district = manual(
        rec("ROLE_A"), rec("OBJ_A", owner="ROLE_A"), rec("KR_A", measures="OBJ_A"), rec("STAGE_A")
    )
    assert reached("ROLE_A", district) == {"OBJ_A": ""}


def test_a_decision_reaches_what_it_affects_and_does_not_depend_on_it() -> None:
    district = manual(rec("DEC_A", affects="OBJ_A"), rec("OBJ_A"), rec("KR_A", measures="OBJ_A"))
    assert reached("DEC_A", district) == {"OBJ_A": "", "KR_A": "OBJ_A"}
    assert reached("OBJ_A", district) == {"KR_A": ""}


def test_relations_are_said_as_the_model_declares_them() -> None:
    district = manual(*SOUND)
    said = {
        each.record.id: each.relation
        for each in impact(district, district.records["OBJ_TALK"]).dependants
    }
    assert said["KR_TALK"] == "measured by"
    assert said["ACT_OAK_TALK"] == "advanced by"
    assert said["SES_FALL"] == "served by"


def test_every_link_that_hands_on_is_declared() -> None:
    assert {*HANDED_ON, SHAPES} <= set(MODEL.links)
    one_step = set(MODEL.links) - HANDED_ON - {SHAPES}
    assert one_step == {"at", "led_by", "backed_up_by", "covered_by", "owner", "stage"}


CIRCLES = {
    "itself": [rec("OBJ_A", realises="OBJ_A")],
    "two": [rec("KR_A", measures="KR_B"), rec("KR_B", measures="KR_A")],
    "three": [
        rec("STD_A", part_of="STD_B"),
        rec("STD_B", part_of="STD_C"),
        rec("STD_C", part_of="STD_A"),
    ],
    "a decision about itself": [rec("DEC_A", affects="DEC_A")],
    "two decisions": [rec("DEC_A", affects="DEC_B"), rec("DEC_B", affects="DEC_A")],
}


@pytest.mark.parametrize("records", CIRCLES.values(), ids=CIRCLES)
def test_a_circle_ends_and_leaves_the_record_out(records: list[Record]) -> None:
    district = manual(*records)
    for record in records:
        assert sorted(reached(record.id, district)) == sorted(
            each.id for each in records if each.id != record.id
        )


def test_a_long_chain_is_followed_to_its_end() -> None:
    records = [rec("STD_0"), *(rec(f"STD_{n}", part_of=f"STD_{n - 1}") for n in range(1, 3000))]
    assert len(reached("STD_0", manual(*records))) == 2999


@st.composite
def tangles(draw: st.DrawFn) -> Manual:
    """Records of any type joined by any links, in circles too."""
    ids = [
        f"{model_type.prefix}{number}"
        for model_type in MODEL.types.values()
        for number in range(draw(st.integers(0, 2)))
    ]
    some = st.lists(st.sampled_from([*ids, "OBJ_NOWHERE"]), max_size=3).map(" ".join)
    links = st.dictionaries(st.sampled_from(sorted(MODEL.links)), some, max_size=3)
    return manual(*(rec(name, **draw(links)) for name in ids), paths=())


@settings(max_examples=60)
@given(st.one_of(districts(), tangles()))
def test_each_dependant_has_a_way_down_and_the_record_is_not_its_own(district: Manual) -> None:
    for record in district.records.values():
        found = {each.record.id: each.through for each in impact(district, record).dependants}
        assert record.id not in found
        for dependant in found:
            way = [dependant]
            while (through := found[way[-1]]) is not None:
                way.append(through.id)
                assert len(way) <= len(found)
            way.append(record.id)
            for lower, upper in pairwise(way):
                below, above = district.records[lower], district.records[upper]
                links_up = any(upper in targets for targets in below.links.values())
                decided = lower in above.to(SHAPES) and above.type == "decision"
                assert links_up or decided


@settings(max_examples=60)
@given(tangles())
def test_all_are_found_that_plain_loops_find(district: Manual) -> None:
    for record in district.records.values():
        known: set[str] = set()
        one_step: set[str] = set()
        for other in district.records.values():
            for link, targets in other.links.items():
                if record.id in targets and (link, other.type) != (SHAPES, "decision"):
                    (known if link in {*HANDED_ON, SHAPES} else one_step).add(other.id)
        if record.type == "decision":
            known |= {target for target in record.to(SHAPES) if target in district.records}
        grew = True
        while grew:
            more = {
                other.id
                for other in district.records.values()
                for link, targets in other.links.items()
                if link in HANDED_ON and known & {*targets} - {record.id}
            }
            grew = not more <= known
            known |= more
        assert set(reached(record.id, district)) == (known | one_step) - {record.id}
