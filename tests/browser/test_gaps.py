"""The register of gaps in a browser: narrowed by the address, sent by a link, quick when wide."""

from __future__ import annotations

import csv
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import _Handler
from tests.browser.test_accessibility import RUN_AXE, STICKING_OUT, TAGS, axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import NewContext, Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
PAGE = "progress/gaps.html"


def rows(root: Path) -> list[dict[str, str]]:
    with (root / "data" / "gaps.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shown(page: Page) -> set[str]:
    return set(
        page.locator("#gaps [data-item]:visible").evaluate_all(
            "items => items.map(item => item.id.replace(/^gap-/, ''))"
        )
    )


def figures(page: Page) -> tuple[int, int]:
    values = page.locator(".figure-value[data-count]").all_inner_texts()
    return int(values[0]), int(values[1])


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("?school=SCH_JUNIPER", lambda row: "SCH_JUNIPER" in row["schools"].split(";")),
        ("?rule=blank", lambda row: row["key"].startswith("blank-")),
        ("?objective=OBJ_PRACTICES", lambda r: "OBJ_PRACTICES" in r["objectives"].split(";")),
        ("?late=1", lambda row: row["late"] == "yes" and row["state"] == "open"),
        (
            "?role=ROLE_PRINCIPAL&late=1",
            lambda row: (row["owner"], row["late"], row["state"]) == ("Principal", "yes", "open"),
        ),
    ],
)
def test_the_address_narrows_the_register(
    open_page: OpenPage, site: Site, query: str, holds: Callable[[dict[str, str]], bool]
) -> None:
    page = open_page(PAGE + query).page
    wanted = [row for row in rows(site.root) if holds(row)]
    assert wanted
    assert shown(page) == {row["key"] for row in wanted}
    open_ = [row for row in wanted if row["state"] == "open"]
    assert figures(page) == (len(open_), sum(row["late"] == "yes" for row in open_))
    for section in page.locator("#gaps > section:visible").all():
        count = section.locator(".count").inner_text()
        assert int(count) == section.locator("[data-item]:visible").count()


def test_a_choice_goes_into_the_address_and_comes_back(open_page: OpenPage) -> None:
    page = open_page(PAGE).page
    everything = shown(page)
    sums = page.locator(".gap-sums")
    assert sums.is_visible()
    page.locator("[data-filters] [name=school]").select_option("SCH_JUNIPER")
    assert not sums.is_visible()
    chosen = shown(page)
    assert chosen < everything
    assert "school=SCH_JUNIPER" in page.url
    page.reload()
    assert shown(page) == chosen
    page.get_by_role("button", name="Clear").click()
    assert shown(page) == everything


def test_a_school_and_a_role_lead_to_their_own(open_page: OpenPage) -> None:
    page = open_page("schools/juniper/index.html").page
    link = page.locator(".open-gaps a")
    said = int(link.inner_text().split()[0])
    link.click()
    page.wait_for_url("**/gaps.html?school=SCH_JUNIPER")
    assert figures(page)[0] == said
    page = open_page("vision/roles.html").page
    link = page.locator("#ROLE_PRINCIPAL .open-gaps a")
    said = int(link.inner_text().split()[0])
    link.click()
    page.wait_for_url("**/gaps.html?role=ROLE_PRINCIPAL")
    assert figures(page)[0] == said


def test_a_link_leads_to_one_gap(open_page: OpenPage, site: Site) -> None:
    last = [row for row in rows(site.root) if row["state"] == "open"][-1]["key"]
    page = open_page(f"{PAGE}#gap-{last}").page
    target = page.locator(f"#gap-{last}")
    assert target.evaluate("item => item.matches(':target')")
    page.wait_for_function(
        "id => { const box = document.getElementById(id).getBoundingClientRect();"
        " return box.top >= 0 && box.bottom <= innerHeight; }",
        arg=f"gap-{last}",
    )
    assert target.locator("a.headerlink").get_attribute("href") == f"#gap-{last}"


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_and_nothing_sticks_out(
    open_page: OpenPage, axe: str, width: int, dark: bool
) -> None:
    visit = open_page(f"{PAGE}?late=1", width=width, dark=dark)
    page = visit.page
    page.evaluate(axe)
    found = page.evaluate(RUN_AXE, TAGS)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate(STICKING_OUT) is None
    assert not visit.console


def test_without_a_script_everything_is_there(open_page: OpenPage, site: Site) -> None:
    page = open_page(f"{PAGE}?school=SCH_JUNIPER", javascript=False).page
    assert shown(page) == {row["key"] for row in rows(site.root)}
    assert page.locator("[data-filters]:visible").count() == 0


def test_on_paper_stands_what_is_chosen(open_page: OpenPage) -> None:
    page = open_page(f"{PAGE}?school=SCH_JUNIPER").page
    chosen = shown(page)
    page.emulate_media(media="print")
    assert shown(page) == chosen
    assert "Juniper" in page.locator(".filters-said").inner_text()


@pytest.fixture
def wide(wide_site: Path) -> Iterator[str]:
    """The address of the wide district's register."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(wide_site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{PAGE}"
    server.shutdown()
    server.server_close()


def test_two_hundred_schools_are_narrowed_to_one(
    wide: str, wide_site: Path, new_context: NewContext
) -> None:
    """How quickly is measured by `bench.matrices`."""
    told = rows(wide_site)
    assert len(told) > 1000
    page = new_context(width=390).new_page()
    page.goto(wide)
    schools = sorted({row["schools"] for row in told if row["schools"]})[:5]
    for school in schools:
        page.evaluate(
            """school => {
              const field = document.querySelector("[data-filters] [name=school]");
              field.value = school;
              field.dispatchEvent(new Event("change", { bubbles: true }));
            }""",
            school,
        )
        assert shown(page) == {row["key"] for row in told if row["schools"] == school}
