"""What changed between two releases: exactly what differs, whichever way it is asked."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from living_manual.core.changes import (
    Change,
    Kept,
    compare,
    concerning,
    kept_of,
    read_kept,
    say,
    sum_sentence,
    wordings_json,
)
from living_manual.core.model import Manual
from living_manual.core.register import register
from tests.build_manual import SOUND, but, manual, rec, without
from tests.strategies import districts

WORDINGS = {"OBJ_TALK": "Students say what they think, and why."}


def kept(made: Manual, **wordings: str) -> dict[str, Kept]:
    urls = {record.page: f"{record.page}.html" for record in made.records.values()}
    return kept_of(made, urls, wordings or WORDINGS)


def changed(before: Manual, after: Manual) -> list[Change]:
    return list(compare(kept(before), kept(after)).changes)


def told(change: Change) -> dict[str, tuple[str, str]]:
    """(was, now) of each part, as people say it."""
    return {f.label: (say(f).was, say(f).now) for f in change.fields}


SAME = manual(*SOUND)
CASES: dict[str, tuple[tuple[Any, ...], dict[str, tuple[str, str]]]] = {
    "a title": (
        but("OBJ_TALK", title="Students argue"),
        {"Title": ("Students talk", "Students argue")},
    ),
    "a status": (but("ACT_OAK_TALK", status="done"), {"Status": ("active", "done")}),
    "a day": (but("ACT_OAK_TALK", due="2027-05-01"), {"Due": ("11 Jun 2027", "1 May 2027")}),
    "a day taken away": (but("ACT_OAK_TALK", due=None), {"Due": ("11 Jun 2027", "")}),
    "a number": (but("PRO_VISIT", minutes=50), {"Time": ("45", "50")}),
    "a link": (
        but("ACT_OAK_TALK", led_by="ROLE_COACH"),
        {"Led by": ("Mathematics lead", "Coach")},
    ),
    "one more link": (
        but("ACT_OAK_TALK", led_by="ROLE_LEAD ROLE_COACH"),
        {"Led by": ("Mathematics lead", "Mathematics lead, Coach")},
    ),
    "a kind": (
        but("SES_FALL", kind="half-day"),
        {"kind": ("", "Half day")},
    ),
}


@pytest.mark.parametrize(("records", "parts"), CASES.values(), ids=CASES)
def test_one_part_of_one_record(
    records: tuple[Any, ...], parts: dict[str, tuple[str, str]]
) -> None:
    (change,) = changed(SAME, manual(*records))
    assert change.what == "changed"
    assert {k.lower(): v for k, v in told(change).items()} == {
        k.lower(): v for k, v in parts.items()
    }


def test_a_role_that_gave_an_action_away_sees_it_too() -> None:
    (change,) = changed(SAME, manual(*but("ACT_OAK_TALK", led_by="ROLE_COACH")))
    assert change.roles == ("ROLE_COACH", "ROLE_LEAD")
    assert change.schools == ("SCH_OAK",)
    assert concerning([change], "ROLE_LEAD", "SCH_OAK") == [change]
    assert concerning([change], "ROLE_LEAD", "SCH_ELM") == []


def test_a_move_is_no_change_of_wording() -> None:
    moved = manual(*(replace(r, page="other/place") if r.id == "TERM_TALK" else r for r in SOUND))
    (change,) = changed(SAME, moved)
    assert (change.what, change.fields) == ("moved", ())
    assert change.moved_from == "pages/term_talk.html#TERM_TALK"
    assert change.href == "other/place.html#TERM_TALK"


def test_the_wording_of_a_page() -> None:
    before = kept(SAME, OBJ_TALK="Students say what they think, and why.")
    after = kept(SAME, OBJ_TALK="Students say what they see, and why.")
    (change,) = compare(before, after).changes
    assert told(change) == {
        "Text": ("Students say what they think, and why.", "Students say what they see, and why.")
    }


def test_a_release_that_kept_no_wording_is_compared_without_it() -> None:
    old = read_kept(register(SAME, {}), None)
    new = kept_of(manual(*but("OBJ_TALK", title="Students argue")), {}, WORDINGS)
    (change,) = compare(old, new).changes
    assert list(told(change)) == ["Title"]


def test_the_sum_in_one_sentence() -> None:
    after = manual(
        *without("SES_FALL", records=but("OBJ_TALK", title="Students argue")),
        rec("TERM_NEW"),
        rec("TERM_NEWER"),
    )
    said = sum_sentence(changed(SAME, after))
    assert said == "2 new words, 1 objective changed, 1 session removed"


def test_what_a_release_keeps_is_read_back() -> None:
    urls = {record.page: f"{record.page}.html" for record in SOUND}
    read = read_kept(register(SAME, urls), wordings_json(WORDINGS))
    assert read == kept_of(SAME, urls, WORDINGS)


WRONG = {
    "another version": '{"version": 2, "records": []}',
    "no JSON": "{",
    "a list": "[]",
    "no title": '{"version": 1, "records": [{"id": "OBJ_TALK"}]}',
    "a number for a title": (
        '{"version": 1, "records": [{"id": "A", "type": "b", "type_title": "c", "title": 4,'
        ' "href": "", "status": "", "fields": {}, "links": {}}]}'
    ),
    "very deep": "[" * 100_000,
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not records this kit knows"):
        read_kept(text, None)


@given(districts(), districts())
def test_the_changes_lead_from_one_to_the_other_and_back(one: Manual, other: Manual) -> None:
    before, after = kept(one), kept(other)
    there, back = compare(before, after).changes, compare(after, before).changes

    def ids(changes: tuple[Change, ...], what: str) -> set[str]:
        return {change.id for change in changes if change.what == what}

    assert set(before) - ids(there, "removed") | ids(there, "added") == set(after)
    assert ids(there, "added") == ids(back, "removed")
    assert ids(there, "removed") == ids(back, "added")
    assert ids(there, "changed") == ids(back, "changed")
    assert compare(before, before).changes == ()
    assert len({change.id for change in there}) == len(there)


@given(districts())
def test_a_manual_does_not_differ_from_what_it_kept(made: Manual) -> None:
    urls = {record.page: f"{record.page}.html" for record in made.records.values()}
    assert compare(read_kept(register(made, urls), wordings_json({})), kept_of(made, urls, {})) == (
        compare({}, {})
    )


def test_a_district_of_200_schools_agrees_with_a_plain_count(wide_site: Path) -> None:
    """6,000 actions: statuses, titles, removed and added records."""
    text = (wide_site / "records.json").read_text(encoding="utf-8")
    data = json.loads(text)
    chance = random.Random(4)
    old = {item["id"]: json.dumps(item) for item in data["records"]}
    for item in data["records"]:
        if item["type"] == "action" and chance.random() < 0.4:
            item["status"] = "paused" if item["status"] != "paused" else "active"
        if chance.random() < 0.1:
            item["title"] += " again"
    removed = {item["id"] for item in data["records"] if chance.random() < 0.05}
    data["records"] = [item for item in data["records"] if item["id"] not in removed]
    data["records"] += [{**item, "id": f"{item['id']}_NEW"} for item in data["records"][:50]]
    new = {item["id"]: json.dumps(item) for item in data["records"]}

    changes = compare(read_kept(text, None), read_kept(json.dumps(data), None)).changes

    assert len(old) > 6000
    found = {(change.what, change.id) for change in changes}
    assert found == {
        *(("added", each) for each in new.keys() - old.keys()),
        *(("removed", each) for each in old.keys() - new.keys()),
        *(("changed", each) for each in new.keys() & old.keys() if old[each] != new[each]),
    }
    assert {what for what, _ in found} == {"added", "removed", "changed"}
