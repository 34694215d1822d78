"""Atom feeds: valid by RFC 4287's grammar and by a feed reader, the same twice, ids that stay."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from lxml import etree

from living_manual.core.changelog import Log, continued
from living_manual.core.changes import Change, Comparison, FieldChange
from living_manual.core.feed import MOST_LISTED, Feed, feed_xml, feeds_of
from living_manual.core.settings import Settings
from living_manual.core.word_difference import difference
from tests.strategies import texts

SCHEMA = etree.RelaxNG(etree.parse(str(Path(__file__).resolve().parents[1] / "data" / "atom.rng")))
DISTRICT = Settings(
    name="Alder Valley School District",
    short_name="Alder Valley",
    address="https://manual.example.org/maths/",
    time_zone="America/Toronto",
)
DAY = date(2026, 10, 14)
COACH, EVERYTHING = Feed("ROLE_COACH", "Coach & co"), Feed("", "Everything")


def change(
    record_id: str, *roles: str, title: str = "Number talk", now: str = "We argue"
) -> Change:
    field = FieldChange("wording", "Text", difference("We talk", now))
    href = f"glossary/talk.html#{record_id}"
    return Change(
        "changed", record_id, "term", "Word", title, href, (), roles, ("teacher",), (field,)
    )


def log(*entries: tuple[Change, ...]) -> Log:
    made = Log(DAY)
    for changes in entries:
        made = continued(made, Comparison(changes, {}), DAY)
    return made


def xml(feed: Feed, made: Log, settings: Settings = DISTRICT) -> str:
    return feed_xml(
        feed, made, settings, "progress/changes.html", lambda name: f"glossary/talk.html#{name}"
    )


def assert_valid(text: str) -> None:
    assert SCHEMA.validate(etree.fromstring(text.encode())), SCHEMA.error_log
    assert not feedparser.parse(text.encode()).bozo


def test_the_schema_refuses_what_is_no_feed() -> None:
    for wrong in ("<updated>yesterday</updated>", "<id>a b</id>", "", "<updated/><id/>"):
        text = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>{wrong}</feed>'
        assert not SCHEMA.validate(etree.fromstring(text))


def test_a_role_gets_what_is_its_own_and_nothing_else() -> None:
    made = log((change("TERM_A", "ROLE_COACH"), change("TERM_B", "ROLE_LEAD")),
               (change("TERM_C", "ROLE_LEAD"),))  # fmt: skip
    text = xml(COACH, made)
    assert_valid(text)
    feed = feedparser.parse(text)
    assert feed.feed.title == "What changed · Coach & co · Alder Valley Living Manual"
    assert feed.feed.id == "https://manual.example.org/maths/feeds/role-coach.atom"
    (entry,) = feed.entries
    assert entry.title == "14 Oct 2026: 1 word changed"
    assert entry.updated == "2026-10-14T00:00:00-04:00"
    assert entry.id == (
        f"tag:manual.example.org,2026-10-14:/maths/changes/{made.entries[1].id}/ROLE_COACH"
    )
    assert entry.link == (
        f"https://manual.example.org/maths/progress/changes.html#{made.entries[1].anchor}"
    )
    said = entry.content[0].value
    assert "https://manual.example.org/maths/glossary/talk.html#TERM_A" in said
    assert "Text: We <del>talk</del> <ins>argue</ins>" in said
    assert "TERM_B" not in text
    assert [len(feedparser.parse(xml(EVERYTHING, made)).entries)] == [2]


def test_a_feed_without_news_is_whole() -> None:
    text = xml(COACH, log())
    assert_valid(text)
    assert feedparser.parse(text).feed.updated == "2026-10-14T00:00:00-04:00"


def test_entries_of_one_day_stand_in_order() -> None:
    made = log((change("TERM_A"),), (change("TERM_B"),))
    moments = [entry.updated for entry in feedparser.parse(xml(EVERYTHING, made)).entries]
    assert moments == ["2026-10-14T00:00:01-04:00", "2026-10-14T00:00:00-04:00"]


def test_a_flood_is_cut_off_and_says_so() -> None:
    made = log(tuple(change(f"TERM_{number}") for number in range(MOST_LISTED + 7)))
    text = xml(EVERYTHING, made)
    assert_valid(text)
    assert "and 7 more" in text


@pytest.mark.parametrize(
    "address",
    ["", "https://[/", "https:///x/", "https://a..b/"],
    ids=["none", "bad", "bare", "dots"],
)
def test_without_an_address_of_the_site_there_is_no_feed(address: str) -> None:
    assert feeds_of(Settings(address=address), {"ROLE_COACH": "Coach"}) == ()


def test_each_role_has_a_file_of_its_own() -> None:
    feeds = feeds_of(DISTRICT, {"ROLE_Z": "Aide", "ROLE_A_B": "Lead"})
    assert [feed.file for feed in feeds] == [
        "feeds/all.atom",
        "feeds/role-z.atom",
        "feeds/role-a-b.atom",
    ]


@given(texts, texts)
def test_whatever_people_write_the_feed_is_valid(title: str, words: str) -> None:
    made = log((change("TERM_A", "ROLE_COACH", title=title, now=words),))
    district = Settings(
        name=title, short_name=words, manual_name=title, address="https://müsterle.example/é à/"
    )
    text = xml(COACH, made, district)
    assert SCHEMA.validate(etree.fromstring(text.encode())), SCHEMA.error_log
    assert text == xml(COACH, made, district)
