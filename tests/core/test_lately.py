"""What changed lately about a record: the newest three, each with where it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from living_manual.core.changelog import Entry, Log
from living_manual.core.changes import Change, FieldChange
from living_manual.core.lately import lately
from living_manual.core.model import Manual
from living_manual.core.what_changed import Carried
from tests.build_manual import SOUND, TODAY, manual


def entry(day: int, *changes: Change) -> Entry:
    return Entry(f"2026-11-0{day}-abcdef12", date(2026, 11, day), 0, changes, {})


def changed(record_id: str, *labels: str) -> Change:
    fields = tuple(FieldChange(label.lower(), label, ()) for label in labels)
    return Change("changed", record_id, "objective", "Objective", "", "", fields=fields)


def with_log(*entries: Entry, page: str = "progress/changes") -> Manual:
    return replace(manual(*SOUND), changes=Carried(Log(TODAY, entries), page))


def test_the_newest_come_first_with_their_parts_and_their_place() -> None:
    district = with_log(
        entry(9, changed("OBJ_TALK", "Title", "Text")), entry(8, changed("OBJ_TASKS", "Owner"))
    )
    (told,) = lately(district, district.records["OBJ_TALK"])
    assert (told.day, told.word, told.parts) == (date(2026, 11, 9), "Changed", "title and text")
    assert (told.where.page, told.where.id) == ("progress/changes", "changes-2026-11-09-abcdef12")


def test_three_are_told() -> None:
    district = with_log(*(entry(day, changed("OBJ_TALK", "Text")) for day in (9, 8, 7, 6)))
    told = lately(district, district.records["OBJ_TALK"])
    assert [each.day.day for each in told] == [9, 8, 7]


def test_nothing_is_told_of_others_or_without_a_page_or_a_release() -> None:
    said = entry(9, changed("OBJ_TALK", "Text"))
    for district in (with_log(said), with_log(said, page=""), manual(*SOUND)):
        assert lately(district, district.records["OBJ_TASKS"]) == ()
    assert lately(with_log(said, page=""), district.records["OBJ_TALK"]) == ()
    assert lately(manual(*SOUND), district.records["OBJ_TALK"]) == ()
