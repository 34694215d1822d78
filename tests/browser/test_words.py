"""What a word means, beside each link to it: by pointer, keyboard and finger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.browser.test_accessibility import RUN_AXE, TAGS, axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

    from tests.browser.conftest import Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]

PAGE = "vision/subsystems.html"
BY_HAND = "glossary/structure.html"
PROTOCOL = "protocols/plc/curriculum-unpacking.html"


def first(page: Page) -> Locator:
    """The first link that the kit made."""
    return page.locator("a.word-link--auto").first


def tip(page: Page) -> Locator:
    return page.locator(".word-tip")


def inside(page: Page) -> None:
    """The open meaning is whole within the window, and the page no wider for it."""
    box, size = tip(page).bounding_box(), page.viewport_size
    assert box
    assert size
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= size["height"]
    assert page.evaluate("document.scrollingElement.scrollWidth") <= size["width"]


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens an address on a telephone with a finger for a pointer."""
    opened = []

    def open_one(url: str, *, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": 390, "height": 844},
            has_touch=True,
            is_mobile=True,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        opened.append(context)
        page = context.new_page()
        page.goto(site.url + url)
        return page

    yield open_one
    for context in opened:
        context.close()


# --------------------------------------------------------------------------------- a pointer


def test_hover_shows_the_meaning_and_it_can_be_hovered(open_page: OpenPage) -> None:
    page = open_page(PAGE).page
    first(page).hover()
    tip(page).wait_for()
    assert "steady work by a coach and a teacher" in tip(page).inner_text()
    assert tip(page).get_by_role("link").count() == 0  # the word itself is the link
    tip(page).hover()
    page.wait_for_timeout(500)
    assert tip(page).is_visible()
    page.mouse.move(5, 5)
    tip(page).wait_for(state="hidden")


def test_a_pointer_that_passes_by_opens_nothing(open_page: OpenPage) -> None:
    page = open_page(PAGE).page
    first(page).hover()
    page.mouse.move(5, 5)
    page.wait_for_timeout(500)
    assert not tip(page).is_visible()


def test_links_made_by_hand_show_it_too(open_page: OpenPage) -> None:
    page = open_page(BY_HAND).page
    page.get_by_role("link", name="number sense", exact=True).hover()
    tip(page).wait_for()
    assert "a feel for numbers" in tip(page).inner_text()


def test_the_meanings_are_fetched_once_and_only_when_asked_for(
    open_page: OpenPage, site: Site
) -> None:
    visit = open_page(PAGE)
    page = visit.page

    def fetched() -> list[str]:
        return [url for url in visit.requests if url.endswith("/words.json")]

    page.wait_for_timeout(300)
    assert fetched() == []
    for link in (page.locator("a.word-link").nth(0), page.locator("a.word-link").nth(1)):
        link.hover()
        tip(page).wait_for()
        page.mouse.move(5, 5)
        tip(page).wait_for(state="hidden")
    assert len(fetched()) == 1
    assert {urlsplit(url).netloc for url in visit.requests} == {urlsplit(site.url).netloc}
    assert not visit.console


# ------------------------------------------------------------------------------ the keyboard


def test_focus_shows_the_meaning_and_escape_closes_it_and_keeps_the_focus(
    open_page: OpenPage,
) -> None:
    page = open_page(PAGE).page
    link = first(page)
    page.locator("main").focus()
    for _ in range(250):
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    tip(page).wait_for()
    described = link.get_attribute("aria-describedby")
    assert described
    said = page.locator(f"#{described}")
    assert said.get_attribute("role") == "tooltip"
    assert "steady work by a coach" in said.inner_text()
    page.mouse.move(5, 5)
    page.wait_for_timeout(500)
    assert tip(page).is_visible()
    page.keyboard.press("Escape")
    assert not tip(page).is_visible()
    assert link.evaluate("link => link === document.activeElement")
    assert link.get_attribute("aria-describedby") is None
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    tip(page).wait_for()
    page.keyboard.press("Tab")
    # The next stop may be a word too: what counts is that the meaning of this one is gone.
    gone = "link => !link.hasAttribute('aria-describedby')"
    page.wait_for_function(gone, arg=link.element_handle())
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary/coaching.html#TERM_COACHING")


def test_escape_closes_what_a_pointer_opened(open_page: OpenPage) -> None:
    page = open_page(PAGE).page
    first(page).hover()
    tip(page).wait_for()
    page.keyboard.press("Escape")
    assert not tip(page).is_visible()


def test_in_the_full_screen_view_escape_closes_the_meaning_first(open_page: OpenPage) -> None:
    page = open_page(PROTOCOL).page
    page.get_by_role("button", name="Run it").first.click()
    dialog = page.locator("dialog[open]")
    for _ in range(12):
        if dialog.locator("a.word-link").count():
            break
        page.keyboard.press("ArrowRight")
    dialog.locator("a.word-link").first.hover()
    dialog.locator(".word-tip").wait_for()
    page.keyboard.press("Escape")
    assert not tip(page).is_visible()
    assert dialog.is_visible()


# -------------------------------------------------------------------------------- a finger


def test_the_first_tap_shows_and_the_second_follows(phone: Callable[..., Page]) -> None:
    page = phone(PAGE)
    link = first(page)
    link.tap()
    tip(page).wait_for()
    page.wait_for_timeout(800)
    assert tip(page).is_visible()
    assert page.url.endswith(PAGE)
    inside(page)
    page.locator("h1").first.tap()
    assert not tip(page).is_visible()
    link.tap()
    tip(page).wait_for()
    page.keyboard.press("Escape")
    assert not tip(page).is_visible()
    link.tap()
    tip(page).wait_for()
    link.tap()
    page.wait_for_url("**/glossary/coaching.html#TERM_COACHING")


def test_read_more_is_large_enough_and_leads_to_the_word(phone: Callable[..., Page]) -> None:
    page = phone(PAGE)
    first(page).tap()
    more = tip(page).get_by_role("link")
    more.wait_for()
    box = more.bounding_box()
    assert box
    assert box["height"] >= 44
    more.tap()
    page.wait_for_url("**/glossary/coaching.html#TERM_COACHING")


def test_no_meaning_goes_over_an_edge(phone: Callable[..., Page]) -> None:
    page = phone(PAGE)
    links = page.locator("a.word-link")
    assert links.count() > 1
    for nth in range(links.count()):
        links.nth(nth).tap()
        tip(page).wait_for()
        inside(page)
        page.keyboard.press("Escape")


def test_when_the_meanings_cannot_be_fetched_the_tap_follows(phone: Callable[..., Page]) -> None:
    page = phone(PAGE)
    page.route("**/words.json", lambda route: route.abort())
    first(page).tap()
    page.wait_for_url("**/glossary/coaching.html#TERM_COACHING")


# ------------------------------------------------------------------------------- for everyone


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_while_a_meaning_is_open(
    open_page: OpenPage, phone: Callable[..., Page], axe: str, width: int, dark: bool
) -> None:
    page = phone(PAGE, dark=dark) if width == 390 else open_page(PAGE, dark=dark).page
    page.evaluate(axe)
    if width == 390:
        first(page).tap()
    else:
        first(page).hover()
    tip(page).wait_for()
    found = page.evaluate(RUN_AXE, TAGS)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    inside(page)
    assert tip(page).evaluate("box => getComputedStyle(box).animationName") == "none"


def test_a_reload_changes_nothing(open_page: OpenPage) -> None:
    page = open_page(PAGE).page
    first(page).hover()
    tip(page).wait_for()
    page.mouse.move(5, 5)
    page.reload()
    assert tip(page).count() == 0
    first(page).hover()
    tip(page).wait_for()


def test_without_a_script_the_link_leads_to_the_word(open_page: OpenPage) -> None:
    page = open_page(PAGE, javascript=False).page
    first(page).hover()
    assert tip(page).count() == 0
    first(page).click()
    page.wait_for_url("**/glossary/coaching.html#TERM_COACHING")
    assert "steady work by a coach" in page.locator(".record-lead").inner_text()


def test_on_paper_there_is_no_meaning_and_no_dotted_line(open_page: OpenPage) -> None:
    page = open_page(PAGE).page
    first(page).hover()
    tip(page).wait_for()
    page.emulate_media(media="print")
    assert not tip(page).is_visible()
    line = first(page).evaluate("link => getComputedStyle(link).textDecorationLine")
    assert line == "none"
