"""What a reader sees first of a record."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from living_manual.core.facts import FACTS, KINDS, Fact, card, counted, short_note
from living_manual.core.key_results import MEASURES
from living_manual.core.model import Manual
from living_manual.core.tables import TABLES, USE_OF_TIME
from tests.build_manual import MODEL, NEEDS, SOUND, manual, rec
from tests.strategies import districts


def facts(record_id: str, **said: Any) -> dict[str, Fact]:
    record = rec(record_id, **said)
    district = manual(*(one for one in SOUND if one.id != record_id), record)
    return {fact.label: fact for fact in card(district, record).facts}


@pytest.mark.parametrize(
    ("record_id", "said", "label", "text"),
    [
        ("PRO_A", {"minutes": 45}, "Time", "45 min"),
        ("PRO_A", {"minutes": "45"}, "Time", "45 min"),
        ("PRO_A", {"group": "3 to 6 teachers"}, "Group", "3 to 6 teachers"),
        ("SES_A", {"hours": 2.5}, "Length", "2.5 h"),
        ("SES_A", {"hours": "2.0"}, "Length", "2 h"),
        ("KR_A", {"measure": "student-outcome"}, "Looks at", "student outcome"),
        ("KR_A", {"measure": "something-new"}, "Looks at", "something-new"),
        ("SCH_A", {"level": "middle"}, "Level", "Middle"),
        ("ASM_A", {"period": 3}, "Marking period", "3"),
        ("ROLE_A", {"status": "vacant"}, "Status", "vacant"),
        ("ACT_A", {"due": "by spring"}, "Due", "by spring"),
    ],
)
def test_facts_as_text(record_id: str, said: dict[str, Any], label: str, text: str) -> None:
    assert facts(record_id, **said) == {label: Fact(label, text)}


def test_facts_as_days_and_links() -> None:
    found = facts("SES_A", date="2026-10-09", runs="PRO_VISIT PRO_NOWHERE", owner="ROLE_LEAD")
    assert found["Date"].day == date(2026, 10, 9)
    assert [ref.title for ref in found["Runs"].refs] == ["Visit"]
    assert [ref.title for ref in found["Owner"].refs] == ["Mathematics lead"]
    assert list(found) == ["Date", "Runs", "Owner"]


def test_what_is_not_set_is_not_shown() -> None:
    assert facts("ACT_A", notes="", runs="PRO_NOWHERE", group=None) == {}


def test_only_a_role_shows_its_status_as_a_fact() -> None:
    assert facts("ACT_A", status="active") == {}


def test_a_card() -> None:
    district = manual(*SOUND, rec("TERM_A", lead=True, illustrates="PRO_VISIT"))
    made = card(district, district.records["TERM_A"])
    assert (made.record.id, made.type_title, made.lead) == ("TERM_A", "Word", True)
    assert made.used_in.groups == ()
    assert card(district, district.records["TERM_TALK"]).used_in.summary.startswith("4 actions")


def test_every_fact_is_a_field_or_link_of_the_model_and_every_link_is_a_fact() -> None:
    names = [name for name, _ in FACTS]
    assert len(names) == len(set(names))
    assert set(names) <= {*MODEL.links, *NEEDS["fields"], "status"}
    # What a fact does not say: who it is for, its family and its short name stand elsewhere, and
    # the table of standards tells their codes and what they are part of. How a word is linked
    # shows in the pages that mention it, what is confirmed in what is no longer asked, and how a
    # session's time was used in the ledger of learning hours.
    said_elsewhere = {
        *("audiences", "kind", "short", "code", "identifier", "part_of", "linking"),
        *("confirmed", *(column.name for column in USE_OF_TIME)),
    }
    assert {*MODEL.links, *NEEDS["fields"]} - set(names) == said_elsewhere


def test_every_kind_and_measure_that_the_model_allows_has_its_words() -> None:
    assert list(MEASURES) == NEEDS["fields"]["measure"]["schema"]["enum"]
    for rule in NEEDS["schema_definitions"]["schemas"]:
        kinds = rule["validate"]["local"].get("properties", {}).get("kind", {}).get("enum", ())
        assert set(kinds) <= set(KINDS), rule["id"]
    # The structures that the column's own description names.
    column = next(c for c in TABLES["sessions.csv"].columns if c.name == "kind")
    said = column.meaning.partition(": ")[2].rstrip(".").replace(" or ", ", ").split(", ")
    assert set(said) <= set(KINDS)


@pytest.mark.parametrize(
    ("record_id", "said", "note"),
    [
        ("PRO_A", {"kind": "plc", "minutes": 45}, "PLC · 45 min"),
        ("PRO_A", {"kind": "book-club"}, "book-club"),
        ("PRO_A", {}, ""),
        ("EX_A", {"kind": "student-work", "grade": "5"}, "Student work · grade 5"),
        ("ASM_A", {"grade": "6 to 8"}, "grade 6 to 8"),
        ("ASM_A", {"grade": "Kindergarten"}, "Kindergarten"),
        ("SCH_A", {"level": "high"}, "High"),
        ("ROLE_A", {"level": "high"}, ""),
    ],
)
def test_a_few_words_beside_a_record(record_id: str, said: dict[str, Any], note: str) -> None:
    assert short_note(rec(record_id, **said)) == note


def test_counted() -> None:
    assert (counted(1, "action"), counted(14, "action")) == ("1 action", "14 actions")


@settings(max_examples=40)
@given(districts())
def test_every_record_has_a_card_whose_facts_say_something(district: Manual) -> None:
    for record in district.records.values():
        made = card(district, record)
        labels = [fact.label for fact in made.facts]
        assert len(labels) == len(set(labels))
        assert all(fact.text or fact.day or fact.refs for fact in made.facts)
        assert labels == [label for _, label in FACTS if label in labels]
