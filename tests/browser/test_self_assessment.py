"""The self-assessment: by keyboard from the start to a saved file and back, and files compared."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import jsonschema_rs
import pytest

from tests.browser.test_accessibility import RUN_AXE, STICKING_OUT, TAGS, axe
from tests.browser.test_html import CONFIG, PROGRAM
from tests.data.self_assessment import (
    SCHEMAS,
    answers_of,
    asked,
    element_value,
    mean,
    next_steps,
    part_value,
    say,
    spread,
    strong,
)
from tests.tools import BROWSER_TOOLS, node_tools, require, run_node

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.browser.conftest import Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.node]
__all__ = ["axe"]
OpenPage = Callable[..., "Visit"]
URL = "progress/self-assessment/index.html"
SCALE = ["Not yet", "Here and there", "In most places", "Built in"]
SCHEMA = json.loads((SCHEMAS / "self-assessment-file.schema.json").read_text("utf-8"))
NAMES = {
    "SUB_VISION_LEADERSHIP": "Vision and leadership",
    "SUB_COACHING": "Coaching",
    "SUB_SCHOOL_LEADERSHIP": "School leadership support",
    "SUB_PLC": "Professional learning communities",
    "SUB_PULL_OUT": "Pull-out professional learning",
    "SUB_MATERIALS": "Instructional materials and intervention",
}
Saved = dict[str, Any]


def saved(seed: int, answers: tuple[Any, ...] = (0, 1, 1, 2, 2, 3, 3, "not-sure", None)) -> Saved:
    """A file with random answers to the sample's questions."""
    chance = random.Random(seed)
    return {
        "format": "living-manual-self-assessment",
        "version": 1,
        "label": f"School {seed}",
        "date": f"2026-{seed % 12 + 1:02}-{seed % 28 + 1:02}",
        "questions": "00000000",
        "scale": SCALE,
        "parts": [
            {
                "id": name,
                "title": NAMES[name],
                "elements": [
                    {
                        "id": element,
                        "title": title,
                        "statements": [
                            {"text": text, "answer": chance.choice(answers)} for text in texts
                        ],
                    }
                    for element, title, texts in elements
                ],
            }
            for name, elements in asked()
        ],
    }


def payload(name: str, content: Saved | str) -> Any:
    text = content if isinstance(content, str) else json.dumps(content)
    return {"name": name, "mimeType": "application/json", "buffer": text.encode()}


def open_file(page: Page, content: Saved | str, name: str = "one.json") -> None:
    page.get_by_label("Open a saved file").set_input_files([payload(name, content)])


def compare(page: Page, *files: Saved | str) -> None:
    chosen = [payload(f"{n}.json", each) for n, each in enumerate(files)]
    page.get_by_label("Compare saved files").set_input_files(chosen)
    page.locator(".assess-list li").first.wait_for()


def table(page: Page, where: str) -> list[list[str]]:
    """The cells of each row of a table's body, as they are read aloud or seen."""
    rows: list[list[str]] = page.locator(f"{where} .assess-table tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.replace('–', '')))"
    )
    return rows


def titles(page: Page, heading: str) -> list[str]:
    """The titles in the list below a heading."""
    found: list[str] = page.locator(f"h3:text-is('{heading}') + :is(ol, ul) > li").evaluate_all(
        "items => items.map(item => item.querySelector('strong').textContent)"
    )
    return found


def back_to_start(page: Page) -> None:
    page.locator("button:visible", has_text="Back to the beginning").click()


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is on what a selector names; nothing but the keyboard."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"Tab does not reach {wanted}")


def press(page: Page, name: str) -> None:
    """Go to a button by Tab and press it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        said = "document.activeElement.localName + ':' + document.activeElement.textContent.trim()"
        if page.evaluate(said) == f"button:{name}":
            page.keyboard.press("Enter")
            return
    pytest.fail(f"Tab does not reach {name}")


def answer_by_keyboard(page: Page, answers: list[int]) -> None:
    """Every statement of every part: Space takes the first step, arrows go on to the next."""
    for nth, (_, elements) in enumerate(asked()):
        assert f"Part {nth + 1} of 6, about " in page.locator(".assess-where").inner_text()
        for name in (element for element, _, _ in elements):
            tab_to(page, f'[name="{name}-1"]')
            page.keyboard.press("Space")
            for _ in range(answers.pop(0)):
                page.keyboard.press("ArrowDown")
        press(page, "Next part" if nth < 5 else "See the report")


def save_by_keyboard(page: Page, label: str, to: Path) -> Saved:
    tab_to(page, "#assess-label")
    page.keyboard.type(label)
    with page.expect_download() as download:
        press(page, "Save to a file")
    assert download.value.suggested_filename.startswith("self-assessment-elm-autumn-2")
    download.value.save_as(to)
    found: Saved = json.loads(to.read_text("utf-8"))
    return found


def choose_by_keyboard(page: Page, where: str, files: list[Path]) -> None:
    tab_to(page, where)
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(files)


def test_by_keyboard_alone_to_a_saved_file_and_back_and_to_a_comparison(
    open_page: OpenPage, tmp_path: Path
) -> None:
    visit = open_page(URL)
    page = visit.page
    # From here on the browser hands its dialogues over. Asked for only at the press of the key,
    # that and the key go to the page by two ways, and the key can come first.
    page.on("filechooser", lambda _chooser: None)
    press(page, "Begin")
    given = [random.Random(6).randrange(5) for _ in range(28)]
    answer_by_keyboard(page, list(given))
    mine = save_by_keyboard(page, "Elm, autumn", tmp_path / "mine.json")
    assert mine["label"] == "Elm, autumn"
    kept = [
        answer for part in mine["parts"] for each in part["elements"] for answer in answers_of(each)
    ]
    assert kept == [step if step < 4 else "not-sure" for step in given]
    jsonschema_rs.validate(SCHEMA, mine)
    before = table(page, ".assess-report")

    press(page, "Back to the beginning")
    choose_by_keyboard(page, "#assess-open", [tmp_path / "mine.json"])
    page.locator(".assess-report:has-text('Elm, autumn')").wait_for()
    assert table(page, ".assess-report") == before
    assert page.locator(".assess-notes").count() == 0

    press(page, "Back to the beginning")
    others = [tmp_path / f"{n}.json" for n in range(2)]
    for n, path in enumerate(others):
        path.write_text(json.dumps(saved(n)), "utf-8")
    choose_by_keyboard(page, "#assess-several", [tmp_path / "mine.json", *others])
    page.locator(".assess-list li").nth(2).wait_for()
    check_comparison(page, [mine, saved(0), saved(1)])
    assert visit.console == []


def check_report(page: Page, of: Saved) -> None:
    """Every number of a report against the plain reckoning."""
    expected = []
    for part in of["parts"]:
        every = [answer for each in part["elements"] for answer in answers_of(each)]
        rows = [(part["title"], part_value(part), every, "")]
        rows += [
            (each["title"], element_value(each), answers_of(each), "x") for each in part["elements"]
        ]
        for title, value, answers, kind in rows:
            points = [each for each in answers if isinstance(each, int)]
            unsure = answers.count("not-sure")
            why = "not sure" if unsure and kind else "too few" if points else "no answer"
            steps = of["scale"]
            step = "" if value is None else steps[int(value + Fraction(1, 2))]
            said = f"{len(points)} of {len(answers)}" + (f", not sure: {unsure}" if unsure else "")
            expected.append([title, why if value is None else say(value), step, said])
    assert table(page, ".assess-report") == expected
    bars = page.locator(".assess-report svg .chart-value").all_text_contents()
    values = [part_value(part) for part in of["parts"]]
    assert bars == ["no score" if value is None else say(value) for value in values]
    widths = page.locator(".assess-report svg .chart-ink").evaluate_all(
        "bars => bars.map(bar => Number(bar.getAttribute('width')))"
    )
    most = len(of["scale"]) - 1
    assert widths == pytest.approx(
        [float(v) / most * 352 for v in values if v is not None], abs=0.1
    )
    assert titles(page, "Three next steps") == next_steps(of)
    assert titles(page, "What is strong") == strong(of)
    every = [each for part in of["parts"] for e in part["elements"] for each in answers_of(e)]
    given = sum(isinstance(each, int) for each in every)
    assert (
        f"{given} of {len(every)} statements answered"
        in page.locator(".assess-report").inner_text()
    )


CHANCES: dict[str, tuple[Any, ...]] = {
    "mixed": (0, 1, 1, 2, 2, 3, 3, "not-sure", None),
    "half left out": (1, 2, None, "not-sure"),
    "nothing": (None,),
    "only not sure": ("not-sure",),
    "all low": (0,),
    "all at the top": (3,),
    "two steps": (2, 3),
}


@pytest.mark.parametrize(
    "chance", CHANCES.values(), ids=[name.replace(" ", "_") for name in CHANCES]
)
def test_reports_agree_with_a_plain_reckoning(open_page: OpenPage, chance: tuple[Any, ...]) -> None:
    page = open_page(URL).page
    for seed in range(4 if len(chance) > 1 else 1):
        of = saved(seed, chance)
        if seed % 2:  # elements with two statements
            for part in of["parts"]:
                for element in part["elements"][::2]:
                    more = {"text": "And another.", "answer": random.Random(seed).choice(chance)}
                    element["statements"].append(more)
        jsonschema_rs.validate(SCHEMA, of)
        open_file(page, of)
        page.locator(f".assess-report:has-text('School {seed}, ')").wait_for()
        check_report(page, of)
        back_to_start(page)


def check_comparison(page: Page, files: list[Saved]) -> None:
    """Every number of a comparison against the plain reckoning."""
    expected, elements = [], []
    for nth, part in enumerate(files[0]["parts"]):
        rows = [(part["title"], [part_value(each["parts"][nth]) for each in files])]
        for place, element in enumerate(part["elements"]):
            values = [element_value(each["parts"][nth]["elements"][place]) for each in files]
            rows.append((element["title"], values))
        for title, values in rows:
            cells = ["no score" if value is None else say(value) for value in values]
            found = spread(values)
            if found is None:
                expected.append([title, *cells, "no score", "no score", "no score"])
                continue
            middle, low, high, away = found
            expected.append([title, *cells, say(middle), f"{say(low)} to {say(high)}", say(away)])
            known = sum(value is not None for value in values)
            if title != part["title"] and known > 1 and away:
                elements.append((-away, low - high, len(elements), title))
    assert table(page, ".assess-compare") == expected
    assert titles(page, "Talk about this first") == [each[3] for each in sorted(elements)[:3]]


@pytest.mark.parametrize("count", [2, 9, 30])
def test_comparisons_agree_with_a_plain_reckoning(open_page: OpenPage, count: int) -> None:
    page = open_page(URL).page
    files = [saved(seed) for seed in range(count)]
    compare(page, *files)
    check_comparison(page, files)
    heads = page.locator(".assess-compare thead th").all_inner_texts()[1 : count + 1]
    assert heads == [str(n + 1) if count > 8 else f"School {n}" for n in range(count)]


def test_one_view_on_several_days_stands_by_day_with_its_change(open_page: OpenPage) -> None:
    page = open_page(URL).page
    files = [saved(seed, (0, 1, 2, 3)) for seed in (5, 1, 3)]
    compare(page, *files)
    page.get_by_label("One view on several days").check()
    days = page.locator(".assess-list time").evaluate_all("days => days.map(day => day.dateTime)")
    assert days == sorted(each["date"] for each in files)
    first, last = saved(1, (0, 1, 2, 3)), saved(5, (0, 1, 2, 3))
    rows = {row[0]: row[-1] for row in table(page, ".assess-compare")}
    for then, now in zip(first["parts"], last["parts"], strict=True):
        change = (mean_of(now) or Fraction(0)) - (mean_of(then) or Fraction(0))
        sign = "" if say(change) == "0.0" else "+" if change > 0 else "−"
        assert rows[then["title"]] == f"{sign}{say(change)}"
    assert titles(page, "What has moved most")


def mean_of(part: Saved) -> Fraction | None:
    return mean([answer for each in part["elements"] for answer in answers_of(each)])


def test_a_file_of_older_questions_is_opened_and_says_what_differs(open_page: OpenPage) -> None:
    page = open_page(URL).page
    old = saved(2)
    gone = {
        "id": "chalk",
        "title": "There is chalk",
        "statements": [{"text": "Chalk.", "answer": 0}],
    }
    old["parts"][0]["elements"][0] = gone
    old["parts"][1]["elements"][1]["statements"][0]["text"] = "It was worded so."
    open_file(page, old)
    page.locator(".assess-notes").wait_for()
    notes = page.locator(".assess-notes").inner_text()
    assert "Not asked then: The vision anchors decisions." in notes
    assert "Not asked any more: There is chalk." in notes
    assert "Worded in another way then: Coaches lead PLCs." in notes
    check_report(page, old)
    assert "There is chalk" in titles(page, "Three next steps")
    back_to_start(page)
    compare(page, old, saved(3))
    rows = {row[0]: row[1:3] for row in table(page, ".assess-compare")}
    assert rows["There is chalk"] == ["0.0", "no score"]
    assert rows["The vision anchors decisions"][0] == "no score"


def without(key: str) -> str:
    return json.dumps({name: value for name, value in saved(1).items() if name != key})


def changed(**other: Any) -> str:
    return json.dumps({**saved(1), **other})


def wrong_answer(answer: Any) -> str:
    of = saved(1)
    of["parts"][0]["elements"][0]["statements"][0]["answer"] = answer
    return json.dumps(of)


FOREIGN, DAMAGED = "This is not a saved self-assessment", "This file is damaged"
FAULTS = {
    "a picture": ("\ufffdPNG\r\n", FOREIGN),
    "empty": ("", FOREIGN),
    "another JSON": ('{"rows": []}', FOREIGN),
    "a list": ("[1, 2]", FOREIGN),
    "null": ("null", FOREIGN),
    "cut off": (json.dumps(saved(1))[:900], DAMAGED),
    "a newer format": (changed(version=2), "This file was saved by a newer version"),
    "no parts": (without("parts"), DAMAGED),
    "no scale": (without("scale"), DAMAGED),
    "parts that are text": (changed(parts="all"), DAMAGED),
    "empty parts": (changed(parts=[]), DAMAGED),
    "no day": (changed(date="2026-13-45"), DAMAGED),
    "a step beyond the scale": (wrong_answer(4), DAMAGED),
    "half a step": (wrong_answer(1.5), DAMAGED),
    "a word": (wrong_answer("often"), DAMAGED),
    "an element twice": (changed(parts=[saved(1)["parts"][0], saved(1)["parts"][0]]), DAMAGED),
}


def test_a_foreign_or_damaged_file_gets_a_plain_message(open_page: OpenPage) -> None:
    visit = open_page(URL)
    page = visit.page
    for name, (text, message) in FAULTS.items():
        open_file(page, text, name)
        page.locator(f".assess-alert:has-text('{name}: {message}')").wait_for(timeout=5000)
        assert page.locator(".assess-report").is_hidden(), name
    compare(
        page,
        saved(1),
        FAULTS["cut off"][0],
        saved(1),
        saved(2),
        changed(scale=["A", "B", "C", "D", "E"]),
    )
    said = page.locator(".assess-alert").last.inner_text()
    assert "1.json: This file is damaged" in said
    assert "2.json: This file is already here." in said
    assert "4.json: Its scale has 5 steps" in said
    assert page.locator(".assess-list li").count() == 2
    assert visit.console == []


def test_what_a_file_says_is_text_and_never_markup(open_page: OpenPage) -> None:
    page = open_page(URL).page
    of = saved(1)
    of["label"] = "<img src=x onerror=alert(1)>"
    of["parts"][0]["elements"][0]["title"] = "<b>Bold</b>"
    open_file(page, of)
    page.locator(".assess-report:has-text('<b>Bold</b>')").wait_for()
    assert page.locator(".assess-report :is(b, img)").count() == 0


def test_answers_outlive_a_reload_in_this_tab_and_longer_only_when_asked(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page(URL).page
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Built in").first.check()
    page.get_by_role("button", name="Next part").click()
    page.reload()
    page.get_by_role("button", name="Go on with part 2").click()
    page.get_by_role("button", name="Back", exact=True).click()
    assert page.get_by_label("Built in").first.is_checked()

    other = page.context.new_page()
    other.goto(site.url + URL)
    assert other.get_by_role("button", name="Begin", exact=True).is_visible()
    page.reload()
    page.get_by_label("Keep my answers in this browser").check()
    other.reload()
    assert other.get_by_role("button", name="Go on with part 1").is_visible()

    other.locator("button:visible", has_text="Start again").click()
    other.get_by_role("button", name="Take all answers away?").click()
    assert other.get_by_role("button", name="Begin", exact=True).is_visible()
    assert other.evaluate("Object.keys(localStorage).filter(key => key.startsWith('self'))") == []


def test_nothing_leaves_the_browser_and_a_strict_policy_is_kept(
    open_page: OpenPage, site: Site
) -> None:
    visit = open_page("index.html")
    page = visit.page
    policy = "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'"

    def strictly(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(
            response=answer, headers={**answer.headers, "content-security-policy": policy}
        )

    page.route(f"**/{URL}", strictly)
    page.goto(site.url + URL)
    loaded = len(visit.requests)
    open_file(page, saved(1))
    page.locator(".assess-report:has-text('School 1')").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").click()
    assert json.loads(Path(download.value.path()).read_text("utf-8")) == saved(1)
    more = [url for url in visit.requests[loaded:] if not url.startswith("blob:")]
    assert [url for url in more if not url.endswith("/favicon.svg")] == []
    assert {urlsplit(url).netloc for url in visit.requests} <= {urlsplit(site.url).netloc, ""}
    assert visit.console == []


def states(page: Page) -> list[tuple[str, Callable[[], None]]]:
    """Each state of the page, and the way to it from the one before."""

    def part_3() -> None:
        page.get_by_role("button", name="Begin").click()
        for _ in range(2):
            page.locator(".assess-part:not([hidden]) input").nth(2).check()
            page.get_by_role("button", name="Next part").click()

    def report() -> None:
        for _ in range(4):
            page.locator(".assess-part:not([hidden]) input").nth(4).check()
            page.locator(".assess-turns .btn:not(.btn--quiet)").click()
        assert page.locator(".assess-report figure").is_visible()

    def failed() -> None:
        back_to_start(page)
        open_file(page, "no JSON")
        page.locator(".assess-alert p").first.wait_for()

    def several() -> None:
        compare(page, *(saved(seed) for seed in range(3)), "no JSON")
        page.get_by_text("Every element as a chart").click()

    def over_time() -> None:
        page.get_by_label("One view on several days").check()

    return [
        ("start", lambda: None),
        ("part 3", part_3),
        ("report", report),
        ("error", failed),
        ("comparison", several),
        ("over time", over_time),
    ]


SMALL = """() => [...document.querySelectorAll(
    ".assess :is(button, label:has(input), summary, input[type=file], input[type=text])")]
  .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 43.5)
  .map(each => each.textContent)"""


@pytest.mark.parametrize(
    ("width", "dark"), [(390, False), (1280, True)], ids=["telephone_light", "desktop_dark"]
)
def test_everybody_can_use_each_state(
    open_page: OpenPage, axe: str, width: int, dark: bool, tmp_path: Path
) -> None:
    visit = open_page(URL, width=width, dark=dark)
    page = visit.page
    page.evaluate(axe)
    for name, go in states(page):
        go()
        found = page.evaluate(RUN_AXE, TAGS)
        assert [(name, each["id"], each["nodes"][0]["html"]) for each in found] == []
        assert page.evaluate(STICKING_OUT) is None, name
        assert page.evaluate(SMALL) == [], name
        (tmp_path / f"{name.replace(' ', '-')}.html").write_text(page.content(), "utf-8")
    if width == 390:
        validate(tmp_path)
    assert visit.console == []


def validate(folder: Path) -> None:
    """Each state as html-validate sees it."""
    modules = require("html-validate", node_tools(BROWSER_TOOLS))
    report = folder / "report.json"
    files = sorted(path.name for path in folder.glob("*.html"))
    words = [str(modules / PROGRAM), f"--config={CONFIG}", f"--formatter=json={report}", *files]
    run_node(words, cwd=folder)
    said = json.loads(report.read_text("utf-8"))
    found = [
        (Path(each["filePath"]).name, m["ruleId"], m["message"], m["line"])
        for each in said
        for m in each["messages"]
    ]
    assert found == []


def visible(page: Page, *where: str) -> list[bool]:
    return [page.locator(each).first.is_visible() for each in where]


def test_on_paper_stands_the_whole_sheet_and_then_the_report_alone(open_page: OpenPage) -> None:
    page = open_page(URL).page
    page.emulate_media(media="print")
    assert page.locator(".assess-part:visible").count() == 6
    assert page.locator(".assess-sum:visible").count() == 6
    assert visible(page, ".assess-steps", ".assess-start") == [True, False]
    page.emulate_media(media="screen")
    assert page.locator(".assess-part:visible").count() == 0
    open_file(page, saved(4))
    page.locator(".assess-report:has-text('School 4')").wait_for()
    page.emulate_media(media="print")
    hidden = (".assess-save", "#how-it-is-counted", ".assess-part", ".assess-steps")
    assert visible(page, *hidden) == [False] * 4
    assert visible(page, "h1", ".assess-report svg", ".assess-report table") == [True] * 3


def test_without_a_script_there_is_a_sheet_to_fill_in(open_page: OpenPage) -> None:
    page = open_page(URL, javascript=False).page
    assert page.locator("fieldset:visible").count() == 28
    assert page.locator(".assess button").count() == 0
    assert page.locator(".assess-steps a:visible").count() == 28
    assert page.locator(".assess-sum:visible").count() == 6
