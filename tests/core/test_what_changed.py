"""The page of what changed: by school, by role, equal changes told once, floods in sums."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from living_manual.core.changelog import Log, continued
from living_manual.core.changes import Change, Comparison, FieldChange
from living_manual.core.filters import choice
from living_manual.core.model import Manual
from living_manual.core.settings import Settings
from living_manual.core.what_changed import (
    MOST_IN_ENTRY,
    Carried,
    WhatChanged,
    since_here,
    what_changed,
    what_changed_table,
)
from living_manual.core.word_difference import Piece
from tests.build_manual import SOUND, manual

DAY = date(2026, 11, 21)
PAUSED = FieldChange("status", "Status", (Piece("-", "active"), Piece("+", "paused")))


def paused(record_id: str, *schools: str, field: FieldChange = PAUSED) -> Change:
    return Change(
        "changed",
        record_id,
        "action",
        "Action",
        record_id.capitalize(),
        "",
        schools,
        ("ROLE_COACH",),
        (),
        (field,),
    )


def shown(*entries: tuple[Change, ...], today: Manual | None = None) -> WhatChanged:
    log = Log(DAY)
    names = {"SCH_OAK": "Oak (as it was)", "SCH_GONE": "Gone School", "ROLE_COACH": "Coach"}
    for changes in entries:
        log = continued(log, Comparison(changes, names), DAY)
    made = today or manual(*SOUND)
    return what_changed(replace(made, changes=Carried(log, "progress/changes")))


def test_by_school_the_district_first() -> None:
    (day,) = shown(
        (
            paused("ACT_OAK_TALK", "SCH_OAK"),
            paused("ACT_ELM_TALK", "SCH_ELM", "SCH_OAK"),
            paused("OBJ_TALK"),
            paused("ACT_GONE", "SCH_GONE"),
        )
    ).days
    assert [(place.title, [i.change.id for i in place.items]) for place in day.places] == [
        ("The whole district", ["OBJ_TALK"]),
        ("More than one school", ["ACT_ELM_TALK"]),
        ("Gone School", ["ACT_GONE"]),
        ("Oak Elementary", ["ACT_OAK_TALK"]),
    ]
    here, gone = day.places[3].items[0], day.places[2].items[0]
    assert here.record is not None
    assert here.record.page == "pages/act_oak_talk"
    assert gone.record is None


def test_by_role() -> None:
    (day,) = shown((paused("ACT_OAK_TALK", "SCH_OAK"), paused("OBJ_TALK"))).days
    (role,) = day.roles
    assert (role.title, role.said) == ("Coach", "2 actions changed")
    assert [title for title, _ in role.records] == ["Act_oak_talk", "Obj_talk"]


def test_equal_changes_are_told_once() -> None:
    same = tuple(paused(f"ACT_{number}", "SCH_OAK") for number in range(3))
    other = paused("ACT_OTHER", "SCH_OAK", field=replace(PAUSED, pieces=(Piece("+", "done"),)))
    (day,) = shown((*same, other)).days
    (place,) = day.places
    (bunch,) = place.bunches
    assert [item.change.id for item in bunch.items] == ["ACT_0", "ACT_1", "ACT_2"]
    assert bunch.field == PAUSED
    assert [item.change.id for item in place.items] == ["ACT_OTHER"]


def test_a_flood_is_told_in_sums_and_whole_in_the_table() -> None:
    flood = tuple(paused(f"ACT_{number}", "SCH_OAK") for number in range(MOST_IN_ENTRY + 1))
    view = shown((paused("ACT_OAK_TALK", "SCH_OAK"),), flood)
    newest, first = view.days
    assert (newest.listed, first.listed, view.listed) == (False, True, 1)
    assert [(place.said, place.items) for place in newest.places] == [("601 actions changed", ())]
    table = what_changed_table(view)
    assert table is not None
    assert len(table.rows) == MOST_IN_ENTRY + 2


def test_500_changes_of_200_schools_are_listed() -> None:
    many = tuple(paused(f"ACT_{number}", f"SCH_{number % 200}") for number in range(500))
    (day,) = shown(many).days
    assert day.listed
    assert sum(len(p.items) + sum(len(b.items) for b in p.bunches) for p in day.places) == 500


def test_narrowed_by_what_there_is() -> None:
    assert shown((paused("A"),)).facets == (choice("role", "Role", [("ROLE_COACH", "Coach")]),)
    both = shown((paused("A", "SCH_OAK"), paused("B", "SCH_GONE")))
    assert {facet.name: facet.options for facet in both.facets} == {
        "school": (("SCH_GONE", "Gone School"), ("SCH_OAK", "Oak Elementary")),
        "role": (("ROLE_COACH", "Coach"),),
    }


def test_nothing_without_a_publish() -> None:
    view = what_changed(manual(*SOUND))
    assert (view.began, view.days, view.feeds) == (None, (), ())
    assert what_changed_table(view) is None
    assert since_here(manual(*SOUND)) is None


def test_feeds_for_every_role_of_a_manual_with_an_address() -> None:
    made = replace(manual(*SOUND), settings=Settings(address="https://manual.example.org/"))
    titles = [feed.title for feed in shown(today=made).feeds]
    assert titles == ["Everything", "Coach", "Mathematics lead"]
    assert shown().feeds == ()
