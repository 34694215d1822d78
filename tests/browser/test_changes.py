"""What changed, in the browser: the page reads well, and the home page says what is new since."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from living_manual.core.words import say_day
from tests.browser.test_accessibility import RUN_AXE, STICKING_OUT, TAGS, axe
from tests.browser.test_html import CONFIG, PROGRAM
from tests.data.changed import four_edits, with_changes
from tests.sites import KIT, TINY, TODAY, Source, copy, manual
from tests.tools import BROWSER_TOOLS, node_tools, require, run_node

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Route

    from tests.browser.conftest import NewContext

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
HOST = "http://manual.test/"
HOME, PAGE = HOST + "index.html", HOST + "progress/changes.html"
SINCE = "changes-since.json"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three releases: the first, one after the four edits, one with many equal changes."""
    root = tmp_path_factory.mktemp("changes")
    source = with_changes(copy(TINY, root / "source"))

    def publish(today: str) -> Path:
        words = ("--source", source.root, "--site", root / "site", "--today", today)
        said = manual("publish", "--kit", KIT, *words)
        assert said.code == 0, said
        return (root / "site" / "current").resolve()

    made = [publish(TODAY)]
    four_edits(source)
    made.append(publish("2030-10-20"))
    more_edits(source)
    return [*made, publish("2030-11-03")]


def more_edits(source: Source) -> None:
    plan = source.read("schools/pier/plan.csv")
    plan = re.sub(r",(done|paused),", ",planned,", plan)
    plan += "ACT_PIER_04,Count gulls,KR_EXPLAIN,,ROLE_HEAD,,planned,,,,,,\n"
    source.write("schools/pier/plan.csv", plan)
    source.replace("vision/index.md", "explains an idea aloud each day", "explains one idea a day")
    source.replace("glossary/tide.md", "and brings a reason", "with a reason")


@pytest.fixture
def reader(releases: list[Path], new_context: NewContext) -> Callable[..., Reader]:
    return lambda **how: Reader(new_context(**how), releases)


class Reader:
    """One browser that comes to the manual, before and after it is published anew."""

    def __init__(self, context: BrowserContext, releases: list[Path]) -> None:
        self.releases, self.live, self.asked = releases, releases[0], list[str]()
        self.errors: list[str] = []
        context.route(f"{HOST}**", self._serve)
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _serve(self, route: Route) -> None:
        name = route.request.url.removeprefix(HOST).partition("?")[0]
        self.asked.append(name)
        file = self.live / name
        if file.is_file():
            route.fulfill(path=file)
        else:
            route.fulfill(status=404, body="")

    def comes(self, release: int, url: str = HOME) -> Page:
        """Open a page of a release."""
        self.live = self.releases[release]
        self.page.goto(url, wait_until="networkidle")
        return self.page

    @property
    def told(self) -> str:
        """What the block on the home page says; empty while it is hidden."""
        block = self.page.locator(".since")
        return " ".join(block.inner_text().split()) if block.is_visible() else ""


def today() -> str:
    return say_day(date.today()).rsplit(" ", 1)[0]


# --------------------------------------------------------------------- since you were here


def test_a_reader_who_comes_back_is_told(reader: Callable[..., Reader]) -> None:
    one = reader()
    one.comes(0)
    assert one.told == ""
    page = one.comes(1)
    said = "1 new word, 1 action and 1 objective changed, 1 session removed."
    assert one.told == f"Since {today()}: {said} See what changed I have seen it"
    one.comes(1, HOST + "vision/index.html")
    one.comes(1)
    assert one.told.startswith("Since"), "it stays until it was seen"
    page.get_by_role("link", name="See what changed").click()
    page.wait_for_url("**/progress/changes.html")
    one.comes(1)
    assert one.told == ""
    assert one.errors == []


def test_nothing_is_fetched_without_news(reader: Callable[..., Reader]) -> None:
    one = reader()
    one.comes(1)
    one.comes(1)
    assert not [name for name in one.asked if name.endswith(SINCE)]
    one.comes(2)
    assert [name for name in one.asked if name.endswith(SINCE)] == [SINCE]
    assert "changed" in one.told


def test_over_two_releases_each_record_counts_once(reader: Callable[..., Reader]) -> None:
    one = reader()
    one.comes(0)
    one.comes(2)
    assert one.told.startswith(
        f"Since {today()}: 1 new action and 1 new word, 2 actions, 1 objective and 1 vision"
        " changed, 1 session removed."
    )


def test_the_school_that_was_chosen_comes_first(reader: Callable[..., Reader]) -> None:
    one = reader()
    one.comes(0).evaluate("localStorage.setItem('my-school', 'SCH_PIER')")
    page = one.comes(1)
    assert "at your school, 1 action changed, 1 session removed. In the whole manual" in one.told
    address = page.get_by_role("link", name="See what changed").get_attribute("href")
    assert address == "progress/changes.html?school=SCH_PIER"


def test_seen_is_seen(reader: Callable[..., Reader]) -> None:
    one = reader()
    one.comes(0)
    page = one.comes(1)
    page.get_by_role("button", name="I have seen it").click()
    assert one.told == ""
    one.comes(1)
    assert one.told == ""


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ({"entry": "2030-10-20-gone", "on": "2030-10-21"}, "2 actions"),
        ({"entry": "2030-12-01-gone", "on": "2030-12-01"}, ""),
        ("nonsense", ""),
        ({"entry": 4}, ""),
    ],
    ids=["an entry that was rolled back", "and nothing after it", "nonsense", "no day"],
)
def test_what_the_browser_kept_may_be_of_another_time(
    kept: object, told: str, reader: Callable[..., Reader]
) -> None:
    one = reader()
    one.comes(0)
    one.page.evaluate("kept => localStorage.setItem('changes-seen', kept)", json.dumps(kept))
    one.comes(2)
    assert (told in one.told) if told else (one.told == "")
    assert one.errors == []


def test_a_browser_that_keeps_nothing_is_told_nothing(reader: Callable[..., Reader]) -> None:
    one = reader()
    one.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('blocked'); }});"
    )
    one.comes(0)
    one.comes(1)
    assert one.told == ""
    assert one.errors == []


def test_without_a_script_there_is_no_block(reader: Callable[..., Reader]) -> None:
    one = reader(javascript=False)
    one.comes(1)
    assert one.told == ""


# ------------------------------------------------------------------------------- the page


def test_narrowed_by_school_the_address_keeps_it(reader: Callable[..., Reader]) -> None:
    one = reader()
    page = one.comes(2, f"{PAGE}?role=ROLE_FERRY")
    visible = "[data-item]:visible"
    assert {item.get_attribute("data-role") for item in page.locator(visible).all()} <= {
        "ROLE_FERRY",
        "ROLE_HEAD ROLE_FERRY",
    }
    assert page.locator(visible).count() == 4
    page.get_by_label("What happened").select_option("added")
    assert page.locator(visible).count() == 1
    assert "what=added" in page.url
    assert page.locator(".change-place:visible").count() == 1
    assert one.errors == []


def test_old_and_new_are_told_apart_without_colour(reader: Callable[..., Reader]) -> None:
    page = reader().comes(1, PAGE)
    style = "([tag, name]) => getComputedStyle(document.querySelector(`.changes ${tag}`))[name]"
    assert "line-through" in page.evaluate(style, ["del", "textDecorationLine"])
    assert int(page.evaluate(style, ["ins", "fontWeight"])) >= 600
    title = page.locator(".change-wording", has=page.locator("del")).first
    assert title.text_content() == "Title: Students removed: talk added: argue mathematics"


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(reader: Callable[..., Reader], axe: str, width: int, dark: bool) -> None:
    one = reader(width=width, dark=dark)
    one.comes(0)
    for release, url in ((2, HOME), (2, PAGE), (0, PAGE)):
        page = one.comes(release, url)
        if url == HOME:
            assert one.told
        for details in page.locator("main details").all():
            details.evaluate("each => { each.open = true; }")
        page.evaluate(axe)
        found: list[dict[str, Any]] = page.evaluate(RUN_AXE, TAGS)
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
        assert page.evaluate(STICKING_OUT) is None


def test_html_is_valid(releases: list[Path], tmp_path: Path) -> None:
    modules = require("html-validate", node_tools(BROWSER_TOOLS))
    report = tmp_path / "report.json"
    pages = ["index.html", "progress/changes.html"]
    words = [str(modules / PROGRAM), f"--config={CONFIG}", f"--formatter=json={report}", *pages]
    run_node(words, cwd=releases[2])
    said = json.loads(report.read_text("utf-8"))
    found = [(m["ruleId"], m["message"], m["line"]) for page in said for m in page["messages"]]
    # Labels around their fields that name them too are the filters' own, and do no harm.
    assert [each for each in found if each[0] != "no-redundant-for"] == []
