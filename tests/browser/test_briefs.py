"""The link to a brief and the list of all of them, by every way of looking."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest

from tests.browser.test_accessibility import RUN_AXE, TAGS, axe

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
LIST, PROTOCOL = "protocols/briefs.html", "protocols/plc/looking-at-student-work.html"


def test_the_link_brings_a_pdf(open_page: OpenPage) -> None:
    page = open_page(PROTOCOL, javascript=False).page
    link = page.get_by_role("link", name="One-page brief (PDF)")
    answer = page.request.get(urljoin(page.url, link.get_attribute("href") or ""))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_list_is_for_everybody(open_page: OpenPage, axe: str, width: int, dark: bool) -> None:
    page = open_page(LIST, width=width, dark=dark).page
    page.evaluate(axe)
    found = page.evaluate(RUN_AXE, TAGS)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    boxes = [link.bounding_box() for link in page.locator(".brief-list a").all()]
    assert len(boxes) > 160
    assert min(box["height"] for box in boxes if box) >= 44
    assert min(box["width"] for box in boxes if box) >= 44


def test_names_of_links_tell_them_apart(open_page: OpenPage) -> None:
    page = open_page(LIST).page
    assert page.get_by_role("link", name="One-page brief of Access, PDF").count() == 1


@pytest.mark.parametrize("url", [LIST, PROTOCOL])
def test_on_paper_there_is_no_link_to_paper(open_page: OpenPage, url: str) -> None:
    page = open_page(url).page
    page.emulate_media(media="print")
    assert page.locator(".brief-link:visible, .brief-pdf:visible").count() == 0
