"""A path for newcomers: ticked by keyboard and touch, kept, printed, cleared; and one's school."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.browser.test_accessibility import RUN_AXE, TAGS, axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import NewContext, Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
PATH = "onboarding/principal.html"
PATHS = ("teacher", "principal", "coach", "leader")
NO_STORAGE = """() => Object.defineProperty(window, 'localStorage', {
  get() { throw new DOMException('blocked', 'SecurityError'); } })"""


def minutes(page: Page) -> list[int]:
    said = page.locator(".path-minutes").all_inner_texts()
    return [int(text.split()[0]) for text in said]


def told(number: int) -> str:
    """Minutes in the words of the page, by another way than the page's own."""
    if number < 90:
        return f"{number} minutes"
    return f"{number // 60} h {number % 60} min".removesuffix(" 0 min")


def ticked(page: Page) -> list[int]:
    boxes = page.locator(".path-tick")
    return [n for n in range(boxes.count()) if boxes.nth(n).is_checked()]


def choose(page: Page, school: str) -> None:
    page.get_by_label("My school").select_option(label=school)
    page.wait_for_selector(".my-school-told summary")


@pytest.mark.parametrize("name", PATHS)
def test_every_path_is_whole(open_page: OpenPage, name: str) -> None:
    """Five stages in order, 12 to 21 steps, each with a link; the sums are right."""
    page = open_page(f"onboarding/{name}.html").page
    assert [text.split("#")[0].strip() for text in page.locator("main h2").all_inner_texts()] == [
        "First day",
        "First week",
        "First 30 days",
        "First 60 days",
        "First 90 days",
    ]
    each = minutes(page)
    assert 12 <= len(each) <= 21
    assert page.locator(".path-step:has(.path-body a)").count() == len(each)
    assert page.locator(".path-step:has(.path-done)").count() == len(each)
    line = page.locator(".path-line").inner_text()
    assert line == f"0 of {len(each)} done, {told(sum(each))} to go"
    first_day = page.locator(".path-stage").first.inner_text()
    said = page.locator("section:has(> .path-stage)").first.locator(".path-minutes")
    assert told(sum(int(m.split()[0]) for m in said.all_inner_texts())) in first_day


def test_by_keyboard_tick_reload_and_find_it_kept(open_page: OpenPage) -> None:
    page = open_page(PATH).page
    each = minutes(page)
    page.locator(".path-tick").first.focus()
    page.keyboard.press("Space")
    assert ticked(page) == [0]
    page.get_by_role("checkbox", name="Learn one word").focus()
    page.keyboard.press("Space")
    line = f"2 of {len(each)} done, {told(sum(each) - each[0] - each[2])} to go"
    assert page.locator(".path-line").inner_text() == line
    assert "Open your school’s page" in page.locator(".path-next").inner_text()
    assert "2 done" in page.locator(".path-stage").first.inner_text()
    page.reload()
    assert ticked(page) == [0, 2]
    assert page.locator(".path-line").inner_text() == line
    page.keyboard.press("Tab")
    page.locator(".path-next a").focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#step-open-your-schools-page")
    page.goto(page.url.replace("principal", "coach"))
    assert ticked(page) == []


def test_by_touch_on_a_telephone(site: Site, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(site.url + PATH)
    box = page.locator(".path-tick").first
    size = box.bounding_box()
    assert size
    assert min(size["width"], size["height"]) >= 44
    box.tap(position={"x": 3, "y": 3})  # the corner of the target, not the drawn box
    assert ticked(page) == [0]
    small = page.eval_on_selector_all(
        ".path button, .my-school :is(select, summary), .path-tick",
        """items => items.filter(item => item.offsetParent)
          .map(item => item.getBoundingClientRect()).filter(box => box.height < 43.5).length""",
    )
    assert small == 0
    page.reload()
    assert ticked(page) == [0]
    context.close()


def test_all_done_then_cleared_on_a_second_word(open_page: OpenPage) -> None:
    page = open_page(PATH).page
    total = page.locator(".path-tick").count()
    clear = page.get_by_role("button", name="Clear my ticks")
    assert clear.count() == 0
    for nth in range(total):
        page.locator(".path-tick").nth(nth).check()
    assert page.locator(".path-line").inner_text() == f"All {total} steps done"
    assert "all done" in page.locator(".path-stage").last.inner_text()
    clear.click()
    assert len(ticked(page)) == total
    page.get_by_role("button", name="Clear all my ticks for good?").click()
    assert ticked(page) == []
    assert page.evaluate("document.activeElement.textContent") == "Print"
    page.reload()
    assert ticked(page) == []
    assert page.evaluate("localStorage.getItem('path:onboarding/principal')") is None


def test_another_tab_follows(site: Site, new_context: NewContext) -> None:
    context = new_context()
    one, other = context.new_page(), context.new_page()
    for page in (one, other):
        page.goto(site.url + PATH)
    one.locator(".path-tick").nth(3).check()
    other.wait_for_function("document.querySelectorAll('.path-tick')[3].checked")


@pytest.mark.parametrize("kept", ["nonsense", "{}", '[1, "step-gone"]'])
def test_what_somebody_else_kept_there_does_no_harm(open_page: OpenPage, kept: str) -> None:
    visit = open_page(PATH)
    visit.page.evaluate("kept => localStorage.setItem('path:onboarding/principal', kept)", kept)
    visit.page.evaluate("localStorage.setItem('my-school', 'SCH_GONE')")
    visit.page.reload()
    assert ticked(visit.page) == []
    assert visit.page.get_by_label("My school").input_value() == ""
    visit.page.locator(".path-tick").first.check()
    assert not visit.console


def test_without_storage_it_works_for_the_visit(site: Site, new_context: NewContext) -> None:
    context = new_context(dark=None)
    context.add_init_script(f"({NO_STORAGE})()")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(site.url + PATH)
    page.locator(".path-tick").nth(1).check()
    assert page.locator(".path-line").inner_text().startswith("1 of ")
    assert "as long as this page is open" in page.locator(".path-note").inner_text()
    choose(page, "Alder Elementary")
    assert wrong == []


# ------------------------------------------------------------------------------------- my school


def test_my_school_brings_its_actions_and_sessions(open_page: OpenPage, site: Site) -> None:
    """Those of the path's roles first; the choice holds on every path; nothing leaves the site."""
    visit = open_page(PATH)
    page = visit.page
    choose(page, "Alder Elementary")
    about = page.locator(".my-school-told details")
    assert about.get_attribute("open") is not None
    headings = about.locator(".my-school-name").all_inner_texts()
    assert headings[0] == "Led or backed up by a role of this path"
    first = about.locator("ul").first.inner_text()
    assert "Grade 5 and Larch grade 6 teachers visit" in first
    assert re.search(r"(until|was due) 26 Mar 2027 · led by Vice-principal", first)
    assert "Students explain in pairs" in about.locator("ul").nth(1).inner_text()
    counted = about.locator("summary").inner_text()
    assert counted.startswith("7 living actions")
    assert page.locator(".my-school [role=status]").text_content() == f"Alder Elementary: {counted}"
    page.get_by_role("link", name="Alder Elementary: the school’s page").click()
    assert page.url.endswith("schools/alder/index.html#SCH_ALDER")

    page.goto(f"{site.url}onboarding/teacher.html")
    page.wait_for_selector(".my-school-told summary")
    assert page.get_by_label("My school").input_value() == "SCH_ALDER"
    about = page.locator(".my-school-told details")
    assert about.get_attribute("open") is None  # folded: the reader came for the next step
    about.locator("summary").click()
    assert "Students explain in pairs" in about.locator("ul").first.inner_text()
    action = about.get_by_role("link", name="Students explain in pairs")
    action.click()
    assert page.url.endswith("schools/alder/index.html#ACT_ALDER_05")
    page.goto(f"{site.url}schools/index.html")
    page.wait_for_selector(".my-school-told summary")
    assert {urlsplit(url).netloc for url in visit.requests} == {urlsplit(site.url).netloc}
    assert not visit.console


def answer(page: Page, school: str, *days: str) -> None:
    """In place of a school's file: no action, and a session on each of these days."""
    sessions = [
        {
            "title": f"On {day}",
            "url": "learning/index.html",
            "day": {"iso": day, "said": day},
            "hours": "1.5",
            "here": day.endswith("10"),
        }
        for day in days
    ]
    told = {
        "school": {"title": "Elm <b>", "url": "schools/elm/index.html#SCH_ELM"},
        "actions": [],
        "sessions": sessions,
    }
    page.route(f"**/{school}.json", lambda route: route.fulfill(json=told))


@pytest.mark.parametrize(
    ("today", "coming"),
    [
        ("2030-01-09", ["2030-01-10", "2030-01-20"]),
        ("2030-01-10", ["2030-01-10", "2030-01-20"]),
        ("2030-01-11", ["2030-01-20"]),
        ("2030-01-21", []),
    ],
)
def test_a_session_that_is_over_for_the_reader_is_left_out(
    open_page: OpenPage, today: str, coming: list[str]
) -> None:
    """The site may have been built some weeks ago."""
    page = open_page(PATH).page
    page.clock.set_fixed_time(f"{today}T23:30:00")
    answer(page, "SCH_ELM", "2030-01-10", "2030-01-20")
    choose(page, "Elm Elementary")
    told = page.locator(".my-school-told")
    shown = told.locator("time").evaluate_all("each => each.map(one => one.dateTime)")
    assert shown == coming
    said = told.inner_text()
    assert ("No session is on the calendar" in said) == (not coming)
    assert ("1.5 h · at your school" in said) == ("2030-01-10" in coming)


def test_a_school_without_actions_says_so(open_page: OpenPage) -> None:
    page = open_page(PATH).page
    answer(page, "SCH_ELM")
    choose(page, "Elm Elementary")
    said = page.locator(".my-school-told").inner_text()
    assert "Elm <b>: the school’s page" in said
    assert "0 living actions, 0 sessions to come" in said
    assert "No action is alive here." in said


def test_when_the_file_cannot_be_fetched_the_page_of_the_school_is_offered(
    open_page: OpenPage,
) -> None:
    page = open_page(PATH).page
    page.route("**/my-school/*", lambda route: route.abort())
    page.get_by_label("My school").select_option(label="Oak High School")
    page.wait_for_selector(".my-school-told a")
    assert "cannot be fetched" in page.locator(".my-school-told").inner_text()
    page.get_by_role("link", name="Oak High School: the school’s page").click()
    assert page.url.endswith("schools/oak/index.html#SCH_OAK")


# ------------------------------------------------------------------- paper, no script, everybody


def test_on_paper_stand_boxes_and_ticks(open_page: OpenPage) -> None:
    page = open_page(PATH).page
    page.locator(".path-tick").first.check()
    choose(page, "Alder Elementary")
    page.emulate_media(media="print")
    boxes = page.locator(".path-tick:visible")
    assert boxes.count() == page.locator(".path-step").count()
    drawn = """box => { const style = getComputedStyle(box, '::before');
      return [style.content, style.borderTopWidth, style.borderTopColor]; }"""
    assert boxes.nth(0).evaluate(drawn)[0] == '"✓"'
    content, width, colour = boxes.nth(1).evaluate(drawn)
    assert (content, width) == ('""', "2px")
    assert colour not in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    assert page.locator(":is(.path, .my-school) :is(button, select, progress):visible").count() == 0
    assert "Students explain in pairs" in page.locator(".my-school").inner_text()
    assert len(page.pdf(prefer_css_page_size=True)) > 10_000


def test_print_prints(site: Site, new_context: NewContext) -> None:
    context = new_context()
    context.add_init_script("window.print = () => { window.printed = true; }")
    page = context.new_page()
    page.goto(site.url + PATH)
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed")


def test_without_a_script_boxes_can_be_ticked_and_schools_found(open_page: OpenPage) -> None:
    page = open_page(PATH, width=390, javascript=False).page
    assert page.locator(".path-sum").is_visible()
    assert page.locator(".path button, .my-school select").count() == 0
    page.locator(".path-tick").first.check()
    page.locator(".my-school-list summary").click()
    page.locator(".my-school-list a").first.click()
    assert page.url.endswith("schools/alder/index.html#SCH_ALDER")


def test_a_step_can_be_linked_to(open_page: OpenPage) -> None:
    page = open_page(f"{PATH}#step-sit-in-on-a-plc-as-a-learner").page
    step = page.locator(".path-step:target")
    assert step.evaluate("e => e.getBoundingClientRect().top") < 200
    assert step.locator(".headerlink").get_attribute("href") == "#step-sit-in-on-a-plc-as-a-learner"


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_a_path_at_work(
    open_page: OpenPage, axe: str, width: int, dark: bool
) -> None:
    page = open_page(PATH, width=width, dark=dark).page
    page.evaluate(axe)
    for nth in (0, 1, 4):
        page.locator(".path-tick").nth(nth).check()
    choose(page, "Alder Elementary")
    found = page.evaluate(RUN_AXE, TAGS)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
