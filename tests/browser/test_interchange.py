"""The page of the files to take along: downloads that are there, settings that are copied whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_accessibility import RUN_AXE, TAGS, axe

if TYPE_CHECKING:
    from tests.browser.conftest import Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
PAGE = "progress/records.html"


def test_every_file_can_be_downloaded(open_page: OpenPage, site: Site) -> None:
    links = open_page(PAGE).page.locator(".record-files a[download]")
    names = [link.get_attribute("href") or "" for link in links.all()]
    assert len(names) == 5
    for name in names:
        assert (site.root / "progress" / name).resolve().stat().st_size > 1000
    for link in links.all():
        box = link.bounding_box()
        assert box
        assert box["height"] >= 44


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Copy the settings for links", 'extensions = ["sphinx.ext.intersphinx"]\n'),
        ("Copy the settings for tables", 'needs_from_toml = "needs-model.toml"\n'),
        ("Copy the link to the word Reasoning", "{external+manual:std:term}`Reasoning`"),
    ],
)
def test_settings_and_links_are_copied_as_they_stand(
    name: str, text: str, open_page: OpenPage
) -> None:
    page = open_page(PAGE).page
    page.evaluate(
        "navigator.clipboard.writeText = async (text) => { document.body.dataset.copied = text; }"
    )
    button = page.get_by_role("button", name=name)
    shown = button.locator("xpath=..").locator("code").first.inner_text().strip()
    button.click()
    page.get_by_role("button", name=name.replace("Copy", "Copied")).wait_for()
    copied = page.locator("body").get_attribute("data-copied") or ""
    assert copied.startswith(text)
    assert copied == shown


def test_nothing_keeps_anybody_from_using_it(open_page: OpenPage, axe: str) -> None:
    page = open_page(PAGE).page
    page.evaluate(axe)
    found = page.evaluate(RUN_AXE, TAGS)
    assert found == [], found
