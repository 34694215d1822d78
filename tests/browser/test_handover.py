"""Handover packs for everybody: by keyboard from the first page, on a telephone, on paper."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
from pypdf import PdfReader

from tests.browser.test_accessibility import RUN_AXE, TAGS, axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
LIST, ROLE, SCHOOL = (
    "onboarding/handover.html",
    "handover/grade-team-lead.html",
    "handover/grade-team-lead/elm.html",
)


def press_tab_until(page: Page, words: str, most: int = 150) -> None:
    """Go from stop to stop until the one with these words has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        said = page.evaluate("document.activeElement.textContent.replace(/\\s+/g, ' ').trim()")
        if said == words:
            return
    pytest.fail(f"no stop of the keyboard says {words!r}", pytrace=False)


def test_by_keyboard_alone_from_the_first_page_to_the_pdf(open_page: OpenPage) -> None:
    page = open_page("index.html").page
    for words, where in (
        ("path for your role", "onboarding/index.html"),
        ("handover pack", LIST),
        ("Principal", "handover/principal.html"),
        ("Elm Elementary", "handover/principal/elm.html"),
    ):
        press_tab_until(page, words)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{where}")
    press_tab_until(page, "This pack as a PDF")
    link = page.evaluate("document.activeElement.href")
    answer = page.request.get(link)
    assert answer.headers["content-type"] == "application/pdf"
    assert PdfReader(BytesIO(answer.body())).metadata["/Title"] == (  # type: ignore[index]
        "Handover: Principal, Elm Elementary"
    )


@pytest.mark.parametrize("url", [LIST, ROLE, SCHOOL], ids=["list", "role", "school"])
@pytest.mark.parametrize(("width", "dark"), [(390, False), (390, True), (1280, False)])
def test_packs_are_for_everybody(
    open_page: OpenPage, axe: str, url: str, width: int, dark: bool
) -> None:
    page = open_page(url, width=width, dark=dark, javascript=True).page
    for summary in page.locator("main details > summary").all()[:2]:
        summary.click()
    page.evaluate(axe)
    found = page.evaluate(RUN_AXE, TAGS)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_a_pack_needs_no_script(open_page: OpenPage) -> None:
    page = open_page(SCHOOL, javascript=False).page
    assert page.get_by_role("heading", level=1).inner_text() == (
        "Handover: Grade team lead, Elm Elementary"
    )
    href = page.get_by_role("link", name="This pack as a PDF").get_attribute("href") or ""
    assert page.request.get(urljoin(page.url, href)).ok
    crumbs = page.get_by_role("navigation", name="Breadcrumb").get_by_role("link").all_inner_texts()
    assert crumbs == ["New here?", "When a colleague leaves", "Grade team lead"]


def test_the_list_has_targets_to_touch(open_page: OpenPage) -> None:
    page = open_page(LIST, width=390).page
    boxes = [
        (each.inner_text(), each.bounding_box())
        for each in page.locator(".handover-list > li > :is(a, details > summary)").all()
    ]
    assert len(boxes) >= 26
    small = [name for name, box in boxes if box and min(box["height"], box["width"]) < 44]
    assert small == []


def test_a_pack_prints_whole(open_page: OpenPage) -> None:
    page = open_page(ROLE, width=390).page
    rows = page.locator("#dates tbody tr").count()
    actions = page.locator("#actions li").count()
    made = PdfReader(BytesIO(page.pdf(format="Letter", tagged=True, outline=True)))
    sheets = [sheet.extract_text() for sheet in made.pages]
    text = " ".join(" ".join(sheets).split())
    assert len(sheets) > 3
    assert rows > 20
    assert actions > 15
    # Heads again on every sheet that the table goes on to.
    assert sum("Day What" in " ".join(sheet.split()) for sheet in sheets) >= 2
    for each in page.locator("#dates tbody tr td:nth-child(2) a").all_inner_texts():
        assert " ".join(each.split()) in text
    for each in page.locator("#actions .handover-head").all_inner_texts():
        assert " ".join(each.split()) in text
    assert "/schools/elm/index.html#ACT_ELM_02" in text.replace(" ", "")
    for gone in ("This pack as a PDF", "All packs", "Menu", "Skip to main"):
        assert gone not in text
    assert made.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]


def test_nothing_is_cut_off_on_paper(open_page: OpenPage) -> None:
    page = open_page(ROLE, width=700).page
    page.emulate_media(media="print")
    wide = page.evaluate(
        """() => [...document.querySelectorAll('main *')]
             .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
             .map(each => each.outerHTML.slice(0, 80))"""
    )
    assert wide == []
