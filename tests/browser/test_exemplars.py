"""Exemplars in a browser: notes both ways, a clip and its comments, slides; by key and touch."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Site
from tests.browser.test_accessibility import RUN_AXE, TAGS, axe
from tests.browser.test_html import test_html_is_valid
from tests.exemplars import add_exemplar
from tests.sites import KIT, TINY, TODAY, copy, manual

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe", "test_html_is_valid"]
OpenPage = Callable[..., "Visit"]
PAGE = "exemplars/ferry/index.html"
WAYS = pytest.mark.parametrize(
    ("width", "dark"), [(390, False), (1280, True)], ids=["telephone", "dark desktop"]
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The tiny district with an exemplar, published, and served as `manual serve` does."""
    from living_manual.edges.server import make_server

    folder = tmp_path_factory.mktemp("exemplars")
    source = copy(TINY, folder / "source")
    add_exemplar(source)
    words = ("--kit", KIT, "--source", source.root, "--today", TODAY, "--site", folder / "site")
    said = manual("publish", *words)
    assert said.code == 0, said.out + said.err
    root = (folder / "site" / "current").resolve()
    server = make_server(root, port=0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site(root, f"http://127.0.0.1:{server.server_address[1]}/")
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def pages() -> list[str]:
    """What `test_html_is_valid` looks at here: the sample has it for all other pages."""
    return [PAGE]


def assert_axe_finds_nothing(page: Page, axe: str) -> None:
    page.evaluate(axe)
    found = page.evaluate(RUN_AXE, TAGS)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"Tab does not come to {selector}")


# ------------------------------------------------------------------------------------- notes


def test_a_note_is_followed_both_ways_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(PAGE).page
    tab_to(page, "#work-mark-2")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#work-note-2"
    note = page.locator("#work-note-2")
    assert "Adds fifty" in note.inner_text()
    assert note.evaluate("e => getComputedStyle(e).backgroundColor") != "rgba(0, 0, 0, 0)"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.note')?.id") == "work-note-2"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#work-mark-2"
    assert page.evaluate("document.activeElement.id") == "work-mark-2"


def test_a_note_lights_its_part_of_the_picture(open_page: OpenPage) -> None:
    page = open_page(PAGE).page
    part = page.locator("#work-mark-1 .mark-part")
    before = part.evaluate("e => getComputedStyle(e).strokeWidth")
    page.locator("#work-note-1").hover()
    assert part.evaluate("e => getComputedStyle(e).strokeWidth") > before
    page.locator("h1").hover()
    assert part.evaluate("e => getComputedStyle(e).strokeWidth") == before


def test_marks_on_a_telephone_are_on_their_parts_and_large_enough(open_page: OpenPage) -> None:
    page = open_page(PAGE, width=390).page
    picture = page.locator(".annotated-frame img").bounding_box()
    part = page.locator("#work-mark-1 .mark-part").bounding_box()
    disc = page.locator("#work-mark-1 .mark-target").bounding_box()
    assert picture and part and disc  # noqa: PT018
    assert part["x"] == pytest.approx(picture["x"] + 0.1 * picture["width"], abs=2)
    assert part["width"] == pytest.approx(0.3 * picture["width"], abs=4)
    assert part["height"] == pytest.approx(0.2 * picture["height"], abs=4)
    assert disc["width"] >= 44
    assert disc["height"] >= 44
    page.locator("#work-mark-1 .mark-disc").click()
    assert page.evaluate("location.hash") == "#work-note-1"


def test_the_browser_takes_the_small_avif(open_page: OpenPage) -> None:
    image = open_page(PAGE, width=390).page.locator(".annotated-frame img")
    image.scroll_into_view_if_needed()
    image.evaluate("e => e.decode()")
    assert re.search(r"work-480-\w+\.avif$", image.evaluate("e => e.currentSrc"))


# ------------------------------------------------------------------------------------- clips


def test_a_clip_plays_to_a_comment(open_page: OpenPage) -> None:
    page = open_page(PAGE).page
    second = page.locator(".clip-comment").nth(1)
    tab_to(page, ".clip-comment:nth-child(2) button")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('video').currentTime >= 2.2")
    assert second.get_attribute("aria-current") == "true"
    assert page.locator(".clip-comment.is-lit").count() == 1
    page.wait_for_function("document.querySelector('video').ended", timeout=10_000)
    assert page.locator(".clip-comment.is-lit").count() == 0


def test_a_chapter_goes_there_and_captions_show(open_page: OpenPage) -> None:
    page = open_page(PAGE).page
    page.get_by_role("link", name="A question from a student").click()
    page.wait_for_function("document.querySelector('video').currentTime >= 2")
    assert page.evaluate("location.hash") == ""
    page.evaluate("document.querySelector('video').pause()")
    page.wait_for_function("document.querySelector('video').textTracks[0].activeCues?.length")
    shown = "[...document.querySelector('video').textTracks[0].activeCues].map(c => c.text)"
    assert "How do you know" in page.evaluate(shown)[0]
    kinds = page.evaluate("[...document.querySelector('video').textTracks].map(t => t.kind)")
    assert kinds == ["captions", "chapters", "metadata"]


def test_without_a_script_all_of_a_clip_can_be_read(open_page: OpenPage) -> None:
    page = open_page(PAGE, javascript=False).page
    assert page.locator("video").get_attribute("controls") is not None
    assert "The student speaks first" in page.locator(".clip-commentary").inner_text()
    page.locator(".clip-transcript summary").click()
    words = page.locator(".clip-transcript").inner_text()
    assert "Student A: I moved one over. So it is fifty and thirty-five." in " ".join(words.split())
    assert page.locator(".clip-time").first.inner_text() == "0:00"
    assert page.locator("button:has-text('0:0')").count() == 0
    assert "#t=2.0" in str(page.locator(".clip-chapters a").nth(1).get_attribute("href"))
    assert page.locator(".mark").count() == page.locator(".note").count() == 2
    assert page.get_by_role("button", name="Show as slides").count() == 0


# ------------------------------------------------------------------------------------- slides


def start(page: Page) -> None:
    page.get_by_role("button", name="Show as slides").click()


def slide(page: Page) -> tuple[str, str]:
    return page.locator(".slides-title").inner_text(), page.locator(".slides-count").inner_text()


def test_slides_by_keyboard_students_first_and_teacher_last(open_page: OpenPage) -> None:
    page = open_page(PAGE).page
    html = page.locator("main").inner_html()
    page.get_by_role("button", name="Show as slides").focus()
    page.keyboard.press("Enter")
    seen = [slide(page)[0]]
    total = int(slide(page)[1].split(" of ")[1])
    for key in ["ArrowRight", "PageDown", " "] * total:
        assert page.evaluate("document.activeElement.className") == "slides-title"
        page.keyboard.press(key)
        if len(seen) == total:
            break
        seen.append(slide(page)[0])
    assert seen == [
        "Seats on the ferry",
        "The task",
        "Student A: move one over",
        "The talk",
        "What students said",
        "Talk about it",
        "What the teacher did next",
    ]
    assert page.get_by_role("button", name="Next").is_disabled()
    page.keyboard.press("Home")
    assert slide(page) == ("Seats on the ferry", f"1 of {total}")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert slide(page)[0] == "Talk about it"
    page.keyboard.press("Escape")
    assert not page.locator(".slides").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Show as slides"
    assert page.locator("main").inner_html() == html


def test_slides_by_touch(browser: Browser, site: Site) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(site.url + PAGE)
    page.get_by_role("button", name="Show as slides").tap()
    page.get_by_role("button", name="Next").tap()
    assert slide(page)[0] == "The task"
    hand = context.new_cdp_session(page)

    def swipe(start: int, end: int) -> None:
        for kind, x in [
            ("touchStart", start),
            ("touchMove", (start + end) // 2),
            ("touchMove", end),
        ]:
            points = [{"x": x, "y": 500}]
            hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    swipe(320, 60)
    assert slide(page)[0] == "Student A: move one over"
    swipe(60, 320)
    assert slide(page)[0] == "The task"
    box = page.get_by_role("button", name="Back").bounding_box()
    assert box
    assert box["height"] >= 44
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    context.close()


def test_slides_go_on_without_the_network(open_page: OpenPage) -> None:
    visit = open_page(PAGE)
    page = visit.page
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    start(page)
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    image = page.locator(".slides img")
    assert image.evaluate("e => e.complete && e.naturalWidth > 0")
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="0:02: play from here").first.click()
    page.wait_for_function("document.querySelector('.slides video').currentTime > 2")
    page.keyboard.press("Escape")
    page.wait_for_function("document.querySelector('video').paused")
    assert not visit.console


def test_a_note_is_followed_within_a_slide(open_page: OpenPage) -> None:
    page = open_page(PAGE).page
    start(page)
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.locator(".slides #work-mark-2 .mark-disc").click()
    assert page.locator(".slides #work-note-2").is_visible()
    page.keyboard.press("ArrowRight")
    assert slide(page)[0] == "The talk"


# ------------------------------------------------------------------------------- all the states


@WAYS
def test_axe_finds_nothing_in_any_state(
    open_page: OpenPage, axe: str, width: int, dark: bool
) -> None:
    page = open_page(PAGE, width=width, dark=dark).page
    page.locator("#work-mark-1").focus()
    page.locator(".clip-transcript summary").click()
    page.locator(".clip-comment button").nth(1).click()
    page.wait_for_function("document.querySelector('video').currentTime > 2.1")
    assert_axe_finds_nothing(page, axe)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    page.evaluate("document.querySelector('video').pause()")
    start(page)
    for _ in range(4):
        assert_axe_finds_nothing(page, axe)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        page.keyboard.press("ArrowRight")


def test_on_paper_the_transcript_is_open_and_marks_stand_with_their_list(
    open_page: OpenPage,
) -> None:
    page = open_page(PAGE).page
    page.emulate_media(media="print")
    assert page.locator(".clip-transcript li p").first.is_visible()
    assert page.locator(".mark-number").first.is_visible()
    assert page.locator(".note p").first.is_visible()
    assert not page.get_by_role("button", name="Show as slides").is_visible()
    inside = "getComputedStyle(document.querySelector('.annotated')).breakInside"
    assert page.evaluate(inside) == "avoid"


def test_nothing_is_asked_of_another_host(open_page: OpenPage, site: Site) -> None:
    visit = open_page(PAGE)
    visit.page.wait_for_load_state("networkidle")
    assert all(url.startswith((site.url, "data:")) for url in visit.requests)
    assert not visit.console
