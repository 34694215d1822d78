"""A word that people take in different ways, used where the glossary has not settled it."""

from __future__ import annotations

from typing import Any

import pytest

from living_manual.core.gaps import Gap, gaps
from living_manual.core.model import Manual, Record
from living_manual.core.settings import Settings
from tests.build_manual import MODEL, SOUND, TODAY, but, rec

WATCH = ("rigour", "growth mindset", "exit ticket")


def unsettled(*records: Record, texts: dict[str, str] | None = None) -> list[Gap]:
    settings = Settings(watch=WATCH)
    view = gaps(Manual.of(records, MODEL, settings, TODAY, texts=texts or {}))
    return [gap for group in view.groups if group.key == "unsettled" for gap in group.gaps]


@pytest.mark.parametrize(
    ("record_id", "said"),
    [
        ("ACT_OAK_TALK", {"title": "More rigour in grade 4"}),
        ("ACT_OAK_TALK", {"look_for": "Students speak of Rigour."}),
        ("ACT_OAK_TALK", {"text": "We ask for rigour."}),
        ("PRO_VISIT", {"title": "Rigour walk"}),
    ],
)
def test_names_the_record_the_word_and_the_owner(record_id: str, said: dict[str, Any]) -> None:
    (gap,) = unsettled(*but(record_id, **said))
    assert (gap.record.id, gap.what) == (record_id, "says “rigour”, which has no entry")
    assert (gap.since, gap.late) == (None, False)


def test_the_whole_page_of_a_protocol_is_looked_at() -> None:
    (gap,) = unsettled(*SOUND, texts={"PRO_VISIT": "Collect the exit\ntickets.\nExit tickets!"})
    assert (gap.record.id, gap.what) == ("PRO_VISIT", "says “exit ticket”, which has no entry")


@pytest.mark.parametrize(
    "term",
    [
        rec("TERM_RIGOUR", title="Rigour"),
        rec("TERM_DEMAND", title="Demand", also=("rigour",)),
        rec("TERM_DEMAND", title="Demand", also=("rigour",), linking="marked"),
    ],
    ids=["title", "other form", "not linked by itself"],
)
def test_a_word_that_is_settled_is_no_gap(term: Record) -> None:
    assert unsettled(*but("ACT_OAK_TALK", title="More rigour"), term) == []


@pytest.mark.parametrize(
    ("record_id", "said"),
    [
        ("ACT_OAK_TALK", {"title": "Rigourless days"}),
        ("ACT_OAK_TALK", {"evidence": "A note on rigour"}),
        ("OBJ_TALK", {"title": "Rigour"}),
    ],
)
def test_other_words_and_other_places_are_no_gap(record_id: str, said: dict[str, Any]) -> None:
    assert unsettled(*but(record_id, **said)) == []


def test_one_gap_a_record_names_each_word_once() -> None:
    records = but("ACT_OAK_TALK", title="Rigour, rigour, growth mindsets", look_for="Rigour")
    assert [gap.what for gap in unsettled(*records)] == [
        "says “growth mindset” and “rigour”, which have no entry",
    ]
