"""A record as a small page for the search index."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.register import Entry
from living_manual.core.searchdoc import (
    AUDIENCES,
    group_page,
    search_facts,
    search_page,
    search_pages,
)
from tests.build_manual import NEEDS
from tests.strategies import texts

#: Words of a manual, with the signs that HTML cares about. A NUL or a carriage return is no
#: character of a page.
words = st.one_of(texts, st.text(st.sampled_from("ab <>&\"'=/-!;#x27\n"))).map(
    lambda text: text.replace("\0", "").replace("\r", "")
)
entries = st.builds(
    Entry,
    id=words,
    type=words,
    type_title=words,
    title=words,
    href=words,
    place=words,
    audiences=st.lists(words, max_size=3).map(tuple),
    text=words,
    lead=st.booleans(),
)
ACTION = Entry(
    id="ACT_OAK_1",
    type="action",
    type_title="Action",
    title="Ask <first>",
    href="schools/oak/index.html#ACT_OAK_1",
    place="Oak Elementary",
    audiences=("teacher", "coach"),
    text='Say "why" & draw.',
    lead=False,
)


class Read(HTMLParser):
    """The tags of a page with their attributes, and the text inside each tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.texts.append((tag, ""))

    def handle_data(self, data: str) -> None:
        if self.texts:
            tag, before = self.texts[-1]
            self.texts[-1] = (tag, before + data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def test_a_page_in_full() -> None:
    assert search_page(ACTION, "en") == (
        '<!doctype html><html lang="en"><head><title>Ask &lt;first&gt;</title></head>'
        "<body data-pagefind-body>"
        '<span data-value="Action" data-pagefind-meta="type[data-value]"></span>'
        '<span data-value="Action" data-pagefind-filter="type[data-value]"></span>'
        '<span data-value="action" data-pagefind-meta="kind[data-value]"></span>'
        '<span data-value="schools/oak/index.html#ACT_OAK_1" '
        'data-pagefind-meta="href[data-value]"></span>'
        '<span data-value="Oak Elementary" data-pagefind-meta="place[data-value]"></span>'
        '<span data-value="Teachers" data-pagefind-filter="audience[data-value]"></span>'
        '<span data-value="Coaches" data-pagefind-filter="audience[data-value]"></span>'
        "<h1>Ask &lt;first&gt;</h1><p>Say &quot;why&quot; &amp; draw.</p>"
        "<p>ACT_OAK_1 ACT OAK 1</p></body></html>\n"
    )


def test_a_record_without_place_or_audience_has_no_mark_for_them() -> None:
    bare = Entry("TERM_A", "term", "Word", "A", "a.html#TERM_A", "", (), "", True)
    assert [(what, name) for what, name, _ in search_facts(bare)] == [
        ("meta", "type"),
        ("filter", "type"),
        ("meta", "kind"),
        ("meta", "href"),
    ]


def test_every_audience_of_the_model_has_its_words() -> None:
    assert list(AUDIENCES) == NEEDS["fields"]["audiences"]["schema"]["items"]["enum"]


@pytest.mark.parametrize(
    "text",
    ["</p><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<!--", "&lt;", "]]>"],
)
def test_markup_in_a_record_is_text(text: str) -> None:
    entry = Entry(text, text, text, text, text, text, (text,), text, True)
    read = Read(search_page(entry, "en"))
    assert {tag for tag, _ in read.tags} == {"html", "head", "title", "body", "span", "h1", "p"}


@given(entries)
def test_what_a_page_holds_is_what_the_record_says(entry: Entry) -> None:
    read = Read(search_page(entry, "fr-CA"))
    assert read.tags[0] == ("html", {"lang": "fr-CA"})
    assert [tag for tag, _ in read.tags if tag != "span"] == [
        "html",
        "head",
        "title",
        "body",
        "h1",
        "p",
        "p",
    ]
    marks = [attributes for tag, attributes in read.tags if tag == "span"]
    assert [
        (what, (name or "").removesuffix("[data-value]"), mark["data-value"])
        for mark in marks
        for what in ("meta", "filter")
        if (name := mark.get(f"data-pagefind-{what}"))
    ] == search_facts(entry)
    said = dict(read.texts[:4] + read.texts[-3:-1])
    assert (said["title"], said["h1"], said["p"]) == (entry.title, entry.title, entry.text)
    assert read.texts[-1][1].rstrip("\n") == (
        f"{entry.id} {entry.id.replace('_', ' ')}".rstrip("\n")
    )


def test_actions_of_one_page_are_found_through_one_search_page() -> None:
    second = replace(ACTION, id="ACT_OAK_2", title="Draw", audiences=("principal",))
    other = replace(ACTION, id="ACT_ELM_1", href="schools/elm/index.html#ACT_ELM_1")
    word = Entry("TERM_A", "term", "Word", "A", "a.html#TERM_A", "", (), "", False)
    pages = search_pages([ACTION, word, other, second], "en")
    assert list(pages) == ["TERM_A", "action-ACT_OAK_1", "action-ACT_ELM_1"]
    assert pages["TERM_A"] == search_page(word, "en")
    assert pages["action-ACT_OAK_1"] == group_page([ACTION, second], "en")
    read = Read(pages["action-ACT_OAK_1"])
    assert [a["id"] for tag, a in read.tags if tag == "h2"] == ["ACT_OAK_1", "ACT_OAK_2"]
    marks = [
        (mark["data-value"], what, name)
        for tag, mark in read.tags
        if tag == "span"
        for what in ("meta", "filter")
        if (name := mark.get(f"data-pagefind-{what}"))
    ]
    assert ("schools/oak/index.html", "meta", "page[data-value]") in marks
    assert not [name for _, _, name in marks if name == "href[data-value]"]
    assert [value for value, _, name in marks if name == "audience[data-value]"] == [
        "Coaches",
        "Principals",
        "Teachers",
    ]


@given(st.lists(entries, min_size=1, max_size=4))
def test_markup_in_a_group_is_text(group: list[Entry]) -> None:
    read = Read(group_page(group, "en"))
    assert [tag for tag, _ in read.tags if tag == "h2"] == ["h2"] * len(group)
    assert {tag for tag, _ in read.tags} <= {
        "html", "head", "title", "body", "span", "h1", "h2", "p"
    }  # fmt: skip
