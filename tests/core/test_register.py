"""The register: what search and later releases read of a manual."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from living_manual.core.model import Manual
from living_manual.core.register import entry_of, read_register, register
from tests.build_manual import SOUND, manual, rec
from tests.strategies import districts, texts


def urls(district: Manual) -> dict[str, str]:
    return {record.page: f"{record.page}.html" for record in district.records.values()}


@settings(max_examples=40)
@given(districts())
def test_what_is_written_is_read_back(district: Manual) -> None:
    text = register(district, urls(district))
    assert read_register(text) == tuple(
        entry_of(district, record, f"{record.page}.html")
        for record in sorted(district.records.values(), key=lambda r: (r.type, r.id))
    )


@given(texts, texts, st.lists(st.sampled_from(["teacher", "coach"]), unique=True))
def test_any_words_survive(title: str, text: str, audiences: list[str]) -> None:
    district = manual(rec("TERM_A", title=title, text=text, audiences=audiences))
    (entry,) = read_register(register(district, urls(district)))
    assert (entry.title, entry.text, entry.audiences) == (title, text, tuple(audiences))


@settings(max_examples=40)
@given(districts(), st.randoms(use_true_random=False))
def test_the_order_of_pages_does_not_change_the_list_of_ids(district: Manual, random: Any) -> None:
    records = list(district.records.values())
    random.shuffle(records)
    shuffled = Manual.of(records, district.model, district.settings, district.today)
    assert register(shuffled, urls(shuffled)) == register(district, urls(district))


def test_a_record_in_full() -> None:
    district = manual(
        *SOUND,
        rec(
            "ACT_NEW",
            title="Ask first",
            page="schools/oak/index",
            status="active",
            at="SCH_OAK SCH_ELM",
            advances="KR_TALK",
            uses="PRO_VISIT",
            led_by="ROLE_LEAD",
            audiences=["teacher", "coach"],
            look_for="Students ask.",
            text="Every day.",
            minutes=None,
            notes="",
        ),
    )
    data = json.loads(register(district, {"schools/oak/index": "schools/oak/index.html"}))
    assert data["version"] == 1
    (item,) = [item for item in data["records"] if item["id"] == "ACT_NEW"]
    assert item == {
        "id": "ACT_NEW",
        "type": "action",
        "type_title": "Action",
        "title": "Ask first",
        "href": "schools/oak/index.html#ACT_NEW",
        "page": "schools/oak/index",
        "lead": False,
        "status": "active",
        "fields": {"audiences": ["teacher", "coach"], "look_for": "Students ask."},
        "links": {
            "at": ["SCH_OAK", "SCH_ELM"],
            "advances": ["KR_TALK"],
            "uses": ["PRO_VISIT"],
            "led_by": ["ROLE_LEAD"],
        },
        "place": "Oak Elementary, Elm Middle",
        "text": item["text"],
    }
    # A reader finds an action by what it says, by what to look for, and by what it moves and uses.
    for words in ("Every day.", "Students ask.", "Talk", "Visit"):
        assert words in item["text"]


def test_the_place_is_the_school_or_a_few_words() -> None:
    district = manual(*SOUND)
    places = {
        record_id: entry_of(district, district.records[record_id], "x.html").place
        for record_id in ("ACT_OAK_TALK", "PRO_VISIT", "SCH_ELM", "TERM_TALK")
    }
    assert places == {
        "ACT_OAK_TALK": "Oak Elementary",
        "PRO_VISIT": "45 min",
        "SCH_ELM": "Middle",
        "TERM_TALK": "",
    }


def test_links_that_lead_nowhere_are_kept_as_written_and_not_told() -> None:
    district = manual(rec("ACT_1", advances="KR_NOWHERE", text="Words."))
    data = json.loads(register(district, {}))["records"][0]
    assert data["links"] == {"advances": ["KR_NOWHERE"]}
    assert data["text"] == "Words."
    assert data["href"] == "pages/act_1#ACT_1"


def test_an_empty_manual() -> None:
    assert read_register(register(manual(), {})) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "records",
        "{}",
        '{"version": 2, "records": []}',
        "[]",
        "3",
        "null",
        '{"version": 1}',
        '{"version": 1, "records": [{"id": "ACT_1"}]}',
        '{"version": 1, "records": 3}',
    ],
)
def test_what_is_no_register(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_register(text)
