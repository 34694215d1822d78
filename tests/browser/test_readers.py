"""The site as its readers meet it: ways through it, without a script, in the dark, on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

import pytest

if TYPE_CHECKING:
    from tests.browser.conftest import Site, Visit

pytestmark = pytest.mark.browser
OpenPage = Callable[..., "Visit"]


@pytest.mark.parametrize("width", [390, 1280])
def test_a_principal_finds_the_blanks_of_the_school(open_page: OpenPage, width: int) -> None:
    """Home, Schools, the school: at most three steps to what is expected and what is blank.

    The first screen tells it without scrolling, and leads to the row that says what to do.
    """
    visit = open_page("index.html", width=width)
    page = visit.page
    page.get_by_role("link", name="My school’s plan").click()
    page.get_by_role("link", name="Elm Elementary").first.click()
    told = page.locator(".school-sum")
    assert "5 objectives, 4 with a living action, 1 blank." in told.inner_text()
    late = told.locator("li.is-late")
    assert "asked for by 15 Oct 2026" in late.inner_text()
    for item in told.locator("li").all():
        box = item.bounding_box()
        assert box
        assert box["y"] + box["height"] <= (page.viewport_size or {})["height"]
    late.get_by_role("link").click()
    row = page.locator(".plan-row", has=page.locator(":target"))
    assert "No action yet." in row.inner_text()
    assert page.locator(".plan-row").count() == 5
    blank = page.locator(".blank")
    assert blank.count() == 1
    assert "No action yet." in (blank.text_content() or "")
    assert "15 Oct 2026" in (blank.text_content() or "")


def test_a_leader_finds_every_school_without_a_living_action(open_page: OpenPage) -> None:
    visit = open_page("index.html")
    page = visit.page
    page.get_by_role("link", name="Objectives by school").click()
    late = page.locator("td.is-blank.is-late")
    schools = late.evaluate_all(
        "cells => cells.map(c => c.parentElement.querySelector('th').innerText)"
    )
    assert sorted(schools) == ["Elm", "Juniper", "Juniper", "Larch"]


def test_a_coach_links_to_one_step(open_page: OpenPage, site: Site) -> None:
    visit = open_page("protocols/plc/looking-at-student-work.html")
    href = visit.page.locator(".step .headerlink").nth(2).get_attribute("href") or ""
    other = open_page(f"protocols/plc/looking-at-student-work.html{href}")
    step = other.page.locator(f"[id='{href.removeprefix('#')}']")
    assert step.evaluate("e => e.getBoundingClientRect().top") < 200


def test_from_an_action_up_to_the_vision(open_page: OpenPage) -> None:
    """An action's own text leads to its key result, that to the objective, that to the vision."""
    page = open_page("schools/birch/index.html#ACT_BIRCH_01").page
    action = page.locator("[id='ACT_BIRCH_01']")
    action.locator("summary").click()
    steps = action.locator(".trail li")
    assert [text.split()[0] for text in steps.all_inner_texts()] == [
        "Vision",
        "Objective",
        "Key",
        "This",
        "Protocol",
    ]
    steps.nth(2).get_by_role("link").first.click()
    key_result = urldefrag(page.url).fragment
    assert key_result.startswith("KR_")
    page.locator(f"[id='{key_result}'] dt:text-is('Measures') + dd a").click()
    assert urldefrag(page.url).fragment.startswith("OBJ_")
    page.locator(".record-lead dt:text-is('Realises') + dd a").click()
    assert urldefrag(page.url).fragment.startswith("VIS_")


@pytest.mark.parametrize(
    "name",
    [
        "index.html",
        "schools/elm/index.html",
        "progress/coverage.html",
        "progress/gaps.html",
        "protocols/plc/looking-at-student-work.html",
        "glossary/fluency.html",
        "onboarding/principal.html",
    ],
)
def test_without_a_script_everything_is_said(open_page: OpenPage, name: str) -> None:
    """Scripts add tools, no text of the manual's own; the six rooms can be reached."""
    plain = open_page(name, width=390, javascript=False).page
    assert plain.locator("header a:visible").count() >= 7
    assert plain.locator("[data-search-open]:visible").count() == 0
    scripted = open_page(name, width=390).page
    text, said = (
        page.locator("main").evaluate(
            """main => { const copy = main.cloneNode(true);
              copy.querySelectorAll('button, .search-box, .run-start, .lab-tool'
                + ', .path-tool, .my-school-tool')
                .forEach(tool => tool.remove());
              return copy.textContent; }"""
        )
        for page in (plain, scripted)
    )
    assert " ".join(said.split()) == " ".join(text.split())
    words = set(re.findall(r"\w{4,}", text))
    assert len(words) > 30


def test_the_mode_is_kept(open_page: OpenPage) -> None:
    """Automatic, light, dark by one button; the choice outlives a reload and says its name."""
    page = open_page("index.html", dark=None).page
    button = page.locator("[data-mode-switch]")
    names = []
    for _ in range(3):
        names.append(button.get_attribute("aria-label"))
        button.click()
    assert len(set(names)) == 3
    while page.evaluate("document.documentElement.dataset.theme") != "dark":
        button.click()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground


def test_menu_on_a_phone(open_page: OpenPage) -> None:
    page = open_page("index.html", width=390).page
    menu = page.get_by_role("button", name="Menu")
    assert not page.locator("#rooms a").first.is_visible()
    menu.press("Enter")
    assert menu.get_attribute("aria-expanded") == "true"
    page.locator("#rooms a", has_text="Protocols").click()
    assert page.url.endswith("/protocols/index.html")


def test_targets_are_large_enough(open_page: OpenPage) -> None:
    """Buttons and the header's links are 44 px or larger where fingers use them."""
    for name in ("index.html", "schools/birch/index.html", "progress/coverage.html"):
        page = open_page(name, width=390).page
        page.get_by_role("button", name="Menu").click()
        small = page.eval_on_selector_all(
            "button, header a, .btn, summary, .downloads a",
            """items => items.filter(item => item.offsetParent && !item.closest('.record-id'))
              .map(item => [item.textContent.trim(), item.getBoundingClientRect()])
              .filter(([, box]) => box.height < 43.5)
              .map(([text, box]) => `${text}: ${box.height}`)""",
        )
        assert small == [], name


@pytest.mark.parametrize(
    "name", ["progress/coverage.html", "schools/birch/index.html", "progress/gaps.html"]
)
def test_on_paper(open_page: OpenPage, name: str) -> None:
    """Nothing of the frame is printed, everything of the content is, and black on white."""
    page = open_page(name, dark=True).page
    page.emulate_media(media="print", color_scheme="dark")
    for frame in ("header.site-header", ".crumbs", ".downloads", "[data-search-open]"):
        assert page.locator(f"{frame}:visible").count() == 0, frame
    for box in page.locator(".table-box:visible").all():
        assert box.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
        assert box.evaluate("e => e.scrollHeight <= e.clientHeight + 1")
    ink = page.locator("h1").evaluate("e => getComputedStyle(e).color")
    assert ink in ("rgb(0, 0, 0)", "rgb(0 0 0)"), ink
    assert len(page.pdf(prefer_css_page_size=True)) > 10_000


def test_a_leader_sends_a_narrowed_list_of_actions(open_page: OpenPage) -> None:
    """Words narrow the rows, schools without any are put away, the address keeps the words."""
    page = open_page("progress/actions.html").page
    rows = page.locator(".long-list tbody tr:not(.long-list-group)")
    total = rows.count()
    assert total > 20
    assert page.locator(".long-list tbody tr:not(.long-list-group):visible").count() == total
    words = page.get_by_label("Find words")
    words.fill("birch number talks")
    page.wait_for_function("new URLSearchParams(location.search).get('find')")
    shown = page.locator(".long-list tbody tr:not(.long-list-group):visible")
    assert 0 < shown.count() < total
    assert "umber talk" in shown.first.inner_text()
    assert page.locator(".long-list-group:visible").count() == 1
    said = f"{shown.count()} of {total} rows shown"
    assert page.locator(".filters output").inner_text() == said

    sent = open_page(f"progress/actions.html?{urlsplit(page.url).query}").page
    assert (
        sent.locator(".long-list tbody tr:not(.long-list-group):visible").count() == shown.count()
    )
    sent.get_by_label("Find words").fill("")
    sent.wait_for_function("!location.search")
    assert sent.locator(".long-list tbody tr:not(.long-list-group):visible").count() == total


def test_all_actions_print_and_need_no_script(open_page: OpenPage) -> None:
    with_script = open_page("progress/actions.html").page
    total = with_script.locator(".long-list tbody tr:not(.long-list-group)").count()
    with_script.emulate_media(media="print")
    rows = with_script.locator(".long-list tbody tr:not(.long-list-group):visible")
    assert rows.count() == total
    assert with_script.locator(".filters:visible").count() == 0
    plain = open_page("progress/actions.html", javascript=False).page
    assert plain.locator(".long-list tbody tr:not(.long-list-group):visible").count() == total


def test_a_teacher_jumps_to_a_letter(open_page: OpenPage) -> None:
    page = open_page("glossary/index.html", width=390).page
    page.get_by_role("link", name="R", exact=True).click()
    first = page.locator(".record-item:target a")
    assert first.inner_text().startswith("R")
    assert first.evaluate("e => e.getBoundingClientRect().top") < 200
