"""A record whole: the diagram and the list say the same, on a screen, a phone and paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

import pytest

from tests.browser.test_accessibility import RUN_AXE, STICKING_OUT, TAGS, axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
OBJECTIVE = "vision/objectives/mindset.html"
PAGES = (
    OBJECTIVE,
    "protocols/plc/looking-at-student-work.html",
    "glossary/fluency.html",
    "exemplars/sharing-brownies/index.html",
    "schools/elm/index.html",
    "vision/index.html",
)

TOLD_IN_LIST = """section => [...section.querySelectorAll('.trail a, .record-links a')]
  .map(link => link.href)"""


@pytest.mark.parametrize("name", PAGES)
def test_the_list_says_what_the_diagram_says(open_page: OpenPage, name: str) -> None:
    page = open_page(name).page
    section = page.locator("section.used-in")
    listed = set(section.evaluate(TOLD_IN_LIST))
    boxes = section.locator("svg.trace a").all()
    assert boxes
    for box in boxes:
        target = box.evaluate("link => new URL(link.getAttribute('href'), location).href")
        words = box.text_content() or ""
        if "#used-in-" not in target:
            assert target in listed, words
            continue
        heading = page.locator(f"[id='{urldefrag(target).fragment}']")
        assert heading.count() == 1, words
        following = heading.locator("xpath=following-sibling::*[1]")
        if target.endswith("#used-in-above"):
            told = following.locator("li", has_text=words.split()[0]).locator("a").count()
        elif "by-school" in (following.get_attribute("class") or ""):
            said = following.locator("li").evaluate_all("rows => rows.map(row => row.textContent)")
            told = sum(int(row.split()[-1]) for row in said)
            # What takes place at no school stands below.
            told += following.locator("xpath=following-sibling::*[1][self::ul]/li").count()
        else:
            told = following.locator("li").count()
        assert told == next(int(word) for word in words.split() if word.isdigit()), words


def test_each_box_leads_where_it_says(open_page: OpenPage) -> None:
    page = open_page(OBJECTIVE).page
    page.locator("svg.trace a", has_text="actions").click()
    heading = page.locator(":target")
    assert heading.inner_text().startswith("Actions")
    assert heading.evaluate("e => e.getBoundingClientRect().top") < 200
    page.locator("svg.trace a", has_text="Vision").click()
    assert urldefrag(page.url).fragment.startswith("VIS_")
    page.locator("svg.trace a", has_text="5 objectives").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash === '#used-in-objective'")


def shown(page: Page, selector: str) -> bool:
    return page.locator(selector).first.is_visible()


def test_a_phone_shows_the_list_and_no_small_print(open_page: OpenPage) -> None:
    for name in PAGES:
        page = open_page(name, width=390).page
        assert not shown(page, "svg.trace")
        if page.locator("section.used-in .trail").count():
            assert shown(page, "section.used-in .trail")
        assert page.evaluate(STICKING_OUT) is None, name


def test_text_in_the_diagram_is_large_enough_and_inside_its_box(open_page: OpenPage) -> None:
    for width in (800, 1280):
        page = open_page("schools/elm/index.html", width=width).page
        found = page.locator("svg.trace g").evaluate_all(
            """groups => groups.map(group => {
              const box = group.querySelector('rect').getBoundingClientRect();
              const text = group.querySelector('text').getBoundingClientRect();
              return { size: text.height, high: box.height, out: text.right > box.right
                || text.left < box.left || text.bottom > box.bottom || text.top < box.top };
            })"""
        )
        assert len(found) > 4
        assert not [each for each in found if each["out"]]
        assert min(each["high"] for each in found) >= 43.5
        scale = page.locator("svg.trace").evaluate("e => e.getBoundingClientRect().width / 720")
        assert scale >= 0.9


def test_on_paper_the_diagram_is_black_on_white(open_page: OpenPage) -> None:
    visit = open_page(OBJECTIVE, width=390, dark=True)
    page = visit.page
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("main a[data-address]").count() > 5
    assert visit.console == []
    assert shown(page, "svg.trace")
    here = page.locator("svg.trace .is-here rect")
    assert here.evaluate("e => getComputedStyle(e).fill") == "rgb(255, 255, 255)"
    words = page.locator("svg.trace a tspan").last
    assert words.evaluate("e => getComputedStyle(e).fill") == "rgb(0, 0, 0)"


def test_without_a_script_all_is_there(open_page: OpenPage) -> None:
    page = open_page(OBJECTIVE, javascript=False).page
    assert shown(page, "svg.trace")
    assert "would be affected" in page.locator(".impact").inner_text()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_diagrams_and_open_cards(
    open_page: OpenPage, axe: str, dark: bool
) -> None:
    for name in (OBJECTIVE, "schools/juniper/index.html", "vision/roles.html"):
        page = open_page(name, dark=dark).page
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        page.evaluate(axe)
        found = page.evaluate(RUN_AXE, TAGS)
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], name
