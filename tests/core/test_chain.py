"""The chain from an objective to the classroom, and from an action to the vision."""

from __future__ import annotations

import pytest
from hypothesis import given

from living_manual.core.chain import (
    RANK,
    UP,
    Chain,
    ChainNode,
    chain,
    chain_table,
    means,
    trail,
)
from living_manual.core.model import Manual, Record
from tests.build_manual import MODEL, SOUND, but, manual, rec, without
from tests.strategies import districts

Tree = list[tuple[str, "Tree"]]


def tree(nodes: tuple[ChainNode, ...]) -> Tree:
    """Relation and id of each node, with what follows."""
    return [(f"{node.relation} {node.record.id}", tree(node.following)) for node in nodes]


def chain_of(record_id: str, district: Manual | None = None) -> Chain:
    district = district or manual(*SOUND)
    return chain(district, district.records[record_id])


def test_from_an_objective_down() -> None:
    view = chain_of("OBJ_TALK")
    visit: Tree = [("uses PRO_VISIT", [])]
    assert tree(view.below) == [
        (
            "measured by KR_TALK",
            [
                ("advanced by ACT_OAK_TALK", visit),
                ("advanced by ACT_ELM_TALK", visit),
                ("informed by ASM_FALL", []),
            ],
        ),
        ("measured by KR_TALK_PLANS", []),
        ("served by SES_FALL", [("runs PRO_VISIT", [])]),
    ]
    assert (view.actions, view.schools) == (2, 2)


def test_from_an_action_up_to_the_vision() -> None:
    view = chain_of("ACT_OAK_TALK")
    assert tree(view.above) == [
        ("advances KR_TALK", [("measures OBJ_TALK", [("realises VIS_MATHS", [])])])
    ]
    assert tree(view.below) == [("uses PRO_VISIT", [])]
    assert (view.actions, view.schools) == (0, 0)


def test_from_the_vision_down_to_every_action() -> None:
    view = chain_of("VIS_MATHS")
    assert view.above == ()
    assert [node.record.id for node in view.below] == ["OBJ_TALK", "OBJ_TASKS"]
    assert (view.actions, view.schools) == (4, 2)


def test_a_school_stands_on_the_objectives_that_its_actions_advance() -> None:
    up: Tree = [("realises VIS_MATHS", [])]
    assert tree(chain_of("SCH_OAK").above) == [
        ("advances by its actions OBJ_TALK", up),
        ("advances by its actions OBJ_TASKS", up),
    ]
    elm = chain_of("SCH_ELM", manual(*without("ACT_ELM_TALK")))
    assert [node.record.id for node in elm.above] == ["OBJ_TASKS"]


@pytest.mark.parametrize(
    ("record_id", "told"),
    [
        ("VIS_MATHS", []),
        ("KR_TALK", ["VIS_MATHS", "OBJ_TALK"]),
        ("ACT_OAK_TALK", ["VIS_MATHS", "OBJ_TALK", "KR_TALK"]),
        ("ACT_OAK_TASKS", ["VIS_MATHS", "OBJ_TASKS"]),
        ("SES_FALL", ["VIS_MATHS", "OBJ_TALK"]),
        ("ASM_FALL", ["VIS_MATHS", "OBJ_TALK", "KR_TALK"]),
        ("TERM_TALK", ["STD_ARGUE"]),
        ("PRO_VISIT", ["STD_ARGUE", "SUB_COACHING", "TERM_TALK"]),
        ("SCH_OAK", ["VIS_MATHS", "OBJ_TALK OBJ_TASKS"]),
    ],
)
def test_in_one_line_the_highest_first(record_id: str, told: list[str]) -> None:
    rows = trail(chain_of(record_id).above)
    assert [" ".join(ref.id for ref in row) for row in rows] == told


def test_a_record_above_by_two_ways_stands_once_at_its_height() -> None:
    records = [
        rec("STD_TOP"),
        rec("STD_PART", part_of="STD_TOP"),
        rec("TERM_A", aligns_with="STD_PART STD_TOP"),
    ]
    rows = trail(chain_of("TERM_A", manual(*records)).above)
    assert [[ref.id for ref in row] for row in rows] == [["STD_TOP"], ["STD_PART"]]


def test_every_type_has_its_height_and_every_link_up_is_declared() -> None:
    assert set(RANK) == set(MODEL.types)
    for type_name, links in UP.items():
        for link in links:
            heights = [RANK[name] for name in MODEL.links[link].target_types]
            assert max(heights) < RANK[type_name] or link == "part_of"


def test_an_action_is_carried_out_with_protocols() -> None:
    district = manual(*but("ACT_OAK_TALK", uses="PRO_VISIT PRO_VISIT PRO_GONE"))
    assert [ref.id for ref in means(district, district.records["ACT_OAK_TALK"])] == ["PRO_VISIT"]
    assert [ref.id for ref in means(district, district.records["SES_FALL"])] == ["PRO_VISIT"]
    assert means(district, district.records["OBJ_TALK"]) == ()


@pytest.mark.parametrize("record_id", ["STAGE_VISION", "ROLE_LEAD"])
def test_records_outside_the_chain_have_none(record_id: str) -> None:
    view = chain_of(record_id)
    assert (view.above, view.below) == ((), ())
    assert chain_table(view).rows == ()


def test_notes_tell_where_a_key_result_goes_and_what_shows_an_action() -> None:
    records = but("KR_TALK", baseline="20%", target="60%")
    view = chain_of("OBJ_TALK", manual(*records))
    result = view.below[0]
    assert result.note == "20% to 60%"
    action = result.following[0]
    assert action.note == "evidence: A photo of the board."
    assert action.place is not None
    assert (action.place.id, action.place.title) == ("SCH_OAK", "Oak")
    no_baseline = chain_of("OBJ_TALK", manual(*but("KR_TALK", target="60%")))
    assert no_baseline.below[0].note == "no baseline to 60%"
    assert no_baseline.below[1].note == ""


def test_an_action_for_an_objective_and_its_key_result_counts_once() -> None:
    view = chain_of("OBJ_TALK", manual(*but("ACT_OAK_TALK", advances="OBJ_TALK KR_TALK")))
    named = [row[4] for row in chain_table(view).rows]
    assert named.count("ACT_OAK_TALK") == 2
    assert view.actions == 2


def test_every_school_of_an_action_counts() -> None:
    view = chain_of("OBJ_TALK", manual(*but("ACT_OAK_TALK", at="SCH_OAK SCH_3"), rec("SCH_3")))
    assert (view.actions, view.schools) == (2, 3)


CIRCLES = {
    "itself": [rec("OBJ_A", realises="OBJ_A", measures="OBJ_A", serves="OBJ_A")],
    "two": [rec("KR_A", measures="KR_B", advances="KR_B"), rec("KR_B", measures="KR_A")],
    "three": [
        rec("OBJ_A", measures="OBJ_B", realises="OBJ_B"),
        rec("OBJ_B", measures="OBJ_C", realises="OBJ_C"),
        rec("OBJ_C", measures="OBJ_A", realises="OBJ_A"),
    ],
    "by a protocol": [rec("PRO_A", uses="PRO_B PRO_A"), rec("PRO_B", uses="PRO_A", runs="PRO_B")],
}


@pytest.mark.parametrize("records", CIRCLES.values(), ids=CIRCLES)
def test_a_circle_of_links_is_followed_once(records: list[Record]) -> None:
    district = manual(*records)
    for record in records:
        view = chain(district, record)
        for nodes in (view.above, view.below):
            for path in paths(nodes):
                assert record.id not in path
                assert len(path) == len(set(path))


def paths(nodes: tuple[ChainNode, ...], before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every way down from the top, as ids."""
    found = []
    for node in nodes:
        here = (*before, node.record.id)
        found += [here, *paths(node.following, here)]
    return found


@given(districts())
def test_the_chain_counts_the_actions_that_the_links_lead_to(district: Manual) -> None:
    for objective in district.of_type("objective"):
        view = chain(district, objective)
        actions = [a for a in district.of_type("action") if objective in district.objectives_of(a)]
        named = {row[4] for row in chain_table(view).rows if row[5] == "action"}
        assert named == {action.id for action in actions}
        assert view.actions == len(actions)
        assert all(len(path) == len(set(path)) for path in paths(view.below))


def test_the_table_in_full() -> None:
    lines = chain_table(chain_of("KR_TALK")).csv().split("\n")
    assert lines[:3] == [
        "direction,level,from,relation,id,type,title,status,school,note",
        "above,1,KR_TALK,measures,OBJ_TALK,objective,Students talk,,,",
        "above,2,OBJ_TALK,realises,VIS_MATHS,vision,Every student reasons,,,",
    ]
    assert lines[3] == (
        "below,1,KR_TALK,advanced by,ACT_OAK_TALK,action,Oak talk,active,Oak,"
        "evidence: A photo of the board."
    )
    assert lines[4].startswith("below,2,ACT_OAK_TALK,uses,PRO_VISIT,protocol,Visit,")
