"""Calendars in a browser: the first screen says what comes, and the files are within reach."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
import vobject

from tests.browser.test_accessibility import RUN_AXE, STICKING_OUT, TAGS, axe

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
ASSESSMENTS, LEARNING = "learning/assessments.html", "learning/index.html"
SCHOOL, ROLES = "schools/birch/index.html", "vision/roles.html"
OPEN_ALL = "document.querySelectorAll('main details').forEach(each => each.open = true)"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280], ids=["telephone", "desktop"])
@pytest.mark.parametrize("url", [ASSESSMENTS, SCHOOL], ids=["assessments", "school"])
def test_everybody_can_read_it_with_every_fold_open(
    url: str, width: int, dark: bool, axe: str, open_page: OpenPage
) -> None:
    visit = open_page(url, width=width, dark=dark)
    visit.page.evaluate(OPEN_ALL)
    visit.page.evaluate(axe)
    assert visit.page.evaluate(RUN_AXE, TAGS) == []
    assert visit.page.evaluate(STICKING_OUT) is None
    assert visit.console == []


def test_the_first_screen_of_a_telephone_says_what_comes_next(open_page: OpenPage) -> None:
    page = open_page(ASSESSMENTS, width=390).page
    rows = page.locator(".next-dates tbody tr")
    assert rows.count() == 13
    seen = [
        row for row in rows.all() if (box := row.bounding_box()) and box["y"] + box["height"] < 844
    ]
    assert len(seen) >= 5
    assert re.search(r"Kindergarten\s+(\d+ \w+ 20\d\d|none set)", seen[0].inner_text())


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_by_keyboard_from_a_grade_to_its_year_and_its_file(
    javascript: bool, open_page: OpenPage
) -> None:
    page = open_page(ASSESSMENTS, javascript=javascript).page
    page.get_by_role("link", name="Grade 4", exact=True).focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#assessments-grade-4")
    grade = page.locator("section[aria-labelledby=assessments-grade-4]")
    assert [name.strip() for name in grade.locator(".assessment-period").all_inner_texts()] in [
        [f"Period {n}{' now' if n == now else ''}" for n in (1, 2, 3, 4)] for now in range(5)
    ]
    summary = grade.locator(".calendar-offer summary")
    summary.focus()
    page.keyboard.press("Enter")
    way = grade.get_by_role("link", name=re.compile("Download"))
    assert way.is_visible()
    with page.expect_download() as waiting:
        way.focus()
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename == "assessments-grade-4.ics"
    read = vobject.readOne(waiting.value.path().read_text(encoding="utf-8"))
    assert sum(event.uid.value.startswith("ASM_GRADE_4_") for event in read.vevent_list) == 4
    address = grade.locator(".offer-address code").inner_text()
    assert address.endswith("/calendar/assessments-grade-4.ics")
    subscribe = grade.get_by_role("link", name=re.compile("Subscribe")).get_attribute("href")
    assert subscribe == address.replace("https:", "webcal:")


@pytest.mark.parametrize(
    ("url", "inside", "file"),
    [
        (LEARNING, "main", "all"),
        (SCHOOL, ".record-lead", "sch-birch"),
        (ROLES, "#ROLE_PRINCIPAL", "role-principal"),
    ],
    ids=["learning", "school", "role"],
)
def test_dates_are_offered_where_people_look(
    url: str, inside: str, file: str, open_page: OpenPage
) -> None:
    page = open_page(url, width=390).page
    offer = page.locator(inside).locator(".calendar-offer").first
    offer.get_by_text("Put these dates in your calendar").click()
    ways = offer.locator(".offer-way")
    assert ways.nth(0).get_attribute("href").endswith(f"/calendar/{file}.ics")  # type: ignore[union-attr]
    assert ways.nth(1).get_attribute("href").endswith(f"calendar/{file}.ics")  # type: ignore[union-attr]
    for way in ways.all():
        box = way.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 44


def test_an_address_with_a_record_opens_at_its_cell(open_page: OpenPage) -> None:
    page = open_page(f"{ASSESSMENTS}#ASM_GRADE_12_PERIOD_2").page
    cell = page.locator("#ASM_GRADE_12_PERIOD_2")
    assert cell.is_visible()
    assert cell.locator(".assessment-fault").all_inner_texts() == [
        "2 Feb 2027 lies outside Period 2",
        "No session looks at the student work",
    ]


def test_on_paper_four_periods_stand_side_by_side(open_page: OpenPage) -> None:
    page = open_page(ASSESSMENTS).page
    page.emulate_media(media="print")
    cells = page.locator("section[aria-labelledby=assessments-grade-1] .assessment-cell").all()
    boxes = [box for cell in cells if (box := cell.bounding_box())]
    assert len(boxes) == 4
    assert len({round(box["y"]) for box in boxes}) == 1
    assert page.locator(".calendar-offer:visible").count() == 0
