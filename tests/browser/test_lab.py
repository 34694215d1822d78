"""The meaning lab: what people write stands beside the meanings they bring, on their device."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.browser.test_accessibility import RUN_AXE, TAGS, axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
WORD = "glossary/fluency.html"


def write(page: Page, *sentences: str) -> None:
    for words in sentences:
        page.get_by_label("What does “Fluency” mean to you?").fill(words)
        page.get_by_role("button", name="Add the sentence").click()


def spread(page: Page) -> dict[str, str]:
    """Each meaning that is shown, by its first words, with its count."""
    names = page.locator(".lab-name").all_inner_texts()
    counts = page.locator(".lab-count").all_inner_texts()
    return {
        " ".join(name.split()[:3]): count.strip() for name, count in zip(names, counts, strict=True)
    }


def test_sentences_spread_over_the_meanings(open_page: OpenPage) -> None:
    page = open_page(WORD).page
    assert page.locator(".lab-meaning").count() == 0
    write(page, "Fast and right", "More than one way", "<b>Bold</b>")
    assert spread(page)["Something else"] == "3 sentences"
    page.locator(".lab-sentence select").first.select_option(index=0)
    first = page.locator(".lab-meaning").first
    assert "speed and accuracy" in first.locator(".lab-name").inner_text()
    assert first.locator(".lab-sentence p").inner_text() == "Fast and right"
    assert spread(page)["Something else"] == "2 sentences"
    assert "<b>Bold</b>" in page.locator(".lab-spread").inner_text()
    page.get_by_role("button", name="Take away: Fast and right").click()
    assert spread(page)["Something else"] == "2 sentences"
    assert "Fast and right" not in page.locator(".lab-spread").inner_text()


def test_the_settled_meaning_waits_to_be_asked_for(open_page: OpenPage) -> None:
    page = open_page(WORD).page
    write(page, "Fast")
    settled = page.locator(".lab-settled")
    assert not settled.is_visible()
    page.get_by_role("button", name="Show the settled meaning").click()
    assert "flexibly, efficiently and accurately" in settled.inner_text()


def test_kept_over_a_reload_and_taken_away_on_a_second_word(open_page: OpenPage) -> None:
    page = open_page(WORD).page
    write(page, "Fast", "Easy")
    page.reload()
    assert page.locator(".lab-sentence").count() == 2
    page.get_by_role("button", name="Take all away").click()
    assert page.locator(".lab-sentence").count() == 2
    page.get_by_role("button", name="Take all away for good?").click()
    assert page.locator(".lab-sentence").count() == 0
    page.reload()
    assert page.locator(".lab-sentence").count() == 0


def test_nothing_leaves_the_browser(open_page: OpenPage, site: Site) -> None:
    visit = open_page(WORD)
    loaded = len(visit.requests)
    write(visit.page, "Fast", "Easy")
    visit.page.get_by_role("button", name="Show the settled meaning").click()
    # The browser may fetch the site's own icon late; nothing else, and nothing with the words.
    assert [url for url in visit.requests[loaded:] if not url.endswith("/favicon.svg")] == []
    assert {urlsplit(url).netloc for url in visit.requests} == {urlsplit(site.url).netloc}
    assert not visit.console


def test_on_paper_stand_meanings_and_sentences(open_page: OpenPage) -> None:
    page = open_page(WORD).page
    write(page, "Fast")
    page.emulate_media(media="print")
    assert page.locator(".lab-sentence p:visible").inner_text() == "Fast"
    assert page.locator(".meaning-lab :is(button, select, textarea):visible").count() == 0


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_a_lab_at_work(
    open_page: OpenPage, axe: str, width: int, dark: bool
) -> None:
    page = open_page(WORD, width=width, dark=dark).page
    page.evaluate(axe)
    write(page, "Fast and right", "More than one way, and a reason for the one that you choose")
    page.get_by_role("button", name="Show the settled meaning").click()
    found = page.evaluate(RUN_AXE, TAGS)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_without_a_script_the_page_says_what_to_do(open_page: OpenPage) -> None:
    lab = open_page(WORD, javascript=False).page.locator(".meaning-lab")
    assert "Each person writes in one sentence" in lab.inner_text()
    assert lab.locator("button").count() == 0
