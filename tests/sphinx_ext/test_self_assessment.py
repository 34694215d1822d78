"""A self-assessment on a page: the sheet, its data and schemas, and each way to get it wrong."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.content.reading import HIGHEST, grade, prose
from tests.data.self_assessment import (
    ASK,
    FILE,
    PAGE,
    QUESTIONS,
    SAMPLE_QUESTIONS,
    SCHEMAS,
    asked,
    with_self_assessment,
)
from tests.freshness.site import build
from tests.sites import KIT, TINY, Source, check, copy
from tests.sphinx_ext.html import Page, page, target


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ask")
    source = copy(TINY, folder / "source")
    with_self_assessment(source)
    said = build(source.root, KIT, folder / "html", folder / "trees", {})
    assert said["findings"] == []
    return folder / "html"


@pytest.fixture(scope="module")
def sheet(site: Path) -> Page:
    return page(site / "guide" / "ask.html")


def test_every_statement_has_the_whole_scale_and_not_sure(sheet: Page) -> None:
    radios = [attrs for tag, attrs in sheet.tags if tag == "input" and attrs["type"] == "radio"]
    found: dict[str, list[str]] = {}
    for each in radios:
        found.setdefault(each["name"], []).append(each["value"])
    assert found == {name: ["0", "1", "2", "not-sure"] for name in ("boat-1", "boat-2", "goat-1")}
    assert [tag for tag, _ in sheet.tags].count("fieldset") == 3


def test_next_steps_lead_to_where_they_say(site: Path, sheet: Page) -> None:
    links = [href for tag, href in sheet.links if tag == "a"]
    for href, anchor in (
        ("../protocols/index.html#PRO_BOAT_TALK", "PRO_BOAT_TALK"),
        ("../schools/pier/index.html", ""),
    ):
        assert href in links
        path, found = target(site, site / "guide" / "ask.html", href)
        assert path.is_file()
        assert found == anchor


def test_data_and_schemas_are_published(site: Path) -> None:
    with (site / "data" / "self-assessment-guide-ask.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["statement"] for row in rows] == [
        "Two students talk on the boat.",
        "The pilot hears them.",
        "The goat stands by.",
    ]
    for path in SCHEMAS.glob("*.json"):
        assert (site / "_static" / "schemas" / path.name).read_bytes() == path.read_bytes()


def test_scripts_come_only_to_pages_that_need_them(site: Path) -> None:
    def scripts(file: str) -> list[str]:
        found = re.findall(
            r'src="[^"]*/scripts/(self-assessment[a-z-]*)\.js', (site / file).read_text()
        )
        return [name.removeprefix("self-assessment-") for name in found]

    assert scripts("guide/ask.html") == ["score", "draw", "compare", "form"]
    assert scripts("progress/index.html") == []


def test_no_inline_script_or_style(site: Path) -> None:
    text = (site / "guide" / "ask.html").read_text("utf-8")
    assert re.findall(r"<script(?![^>]* src=)[^>]*>|\sstyle=|\son[a-z]+=", text) == []
    for path in (site / "_static" / "scripts").glob("self-assessment-*.js"):
        code = path.read_text("utf-8")
        assert not re.search(r"\beval\b|new Function|innerHTML|\.style\b|fetch\(|XMLHttp", code)


def test_the_sample_says_what_an_independent_count_gives(published_site: Path) -> None:
    file = published_site / "progress" / "self-assessment" / "index.html"
    text, found = file.read_text("utf-8"), page(file)
    parts = asked()
    statements = [each for _, part in parts for element in part for each in element[2]]
    legends = re.findall(r"<legend>([^<]*)</legend>", text)
    assert [each.replace("&#39;", "'") for each in legends] == statements
    assert f"{len(statements)} statements, about {round(len(statements) * 25 / 60)} minutes" in text
    assert text.count('class="assess-part"') == len(parts)
    assert text.count("data-next-of=") == sum(len(part) for _, part in parts)
    for tag, href in found.links:
        if tag == "a" and "#" in href:
            path, anchor = target(published_site, file, href)
            assert anchor in page(path).ids


def test_the_sample_asks_of_every_element_of_every_subsystem(published_site: Path) -> None:
    text = (SAMPLE_QUESTIONS.parents[2] / "vision" / "subsystems.md").read_text("utf-8")
    blocks = re.findall(r"(?ms)^:::\{subsystem\}.*?\n:id: (\w+)\n(.*?)^:::$", text)
    plain = {name: len(re.findall(r"(?m)^- \*\*", block)) for name, block in blocks}
    assert {name: len(part) for name, part in asked()} == plain


def test_home_and_progress_lead_to_it(published_site: Path) -> None:
    for file in ("index.html", "progress/index.html"):
        links = [href for _, href in page(published_site / file).links]
        assert any(href.endswith("self-assessment/index.html") for href in links), file


def test_statements_and_page_read_at_or_below_grade_10(published_site: Path) -> None:
    said = tomllib.loads(SAMPLE_QUESTIONS.read_text("utf-8"))
    elements = [element for part in said["part"] for element in part["element"]]
    blocks = [
        *(each for element in elements for each in element["statements"]),
        *(element["next"] for element in elements),
        *(step["means"] for step in said["scale"]),
    ]
    assert grade(blocks) <= HIGHEST
    assert max(len(each.split()) for each in blocks) <= 25
    text = (published_site / "progress" / "self-assessment" / "index.html").read_text("utf-8")
    assert grade(prose(text)) <= HIGHEST


def findings(source: Source) -> list[tuple[str, str, int]]:
    said = check(source)
    assert said.err == ""
    return [(each["kind"], each["file"], each["line"]) for each in said.findings]


WRONG = {
    "no TOML": ('"goat"', '"goat', "self-assessment-unreadable", 'id = "goat'),
    "a slip": ('title = "The goat', 'tilte = "The goat', "self-assessment-value", "tilte"),
    "no such record": ("PRO_BOAT_TALK", "PRO_BOAT_TALE", "link-missing-target", "PRO_BOAT_TALE"),
    "no such page": ("pier/index", "quay/index", "page-reference", "quay"),
}


@pytest.mark.parametrize("name", WRONG)
def test_one_finding_at_its_place(name: str, tmp_path: Path) -> None:
    old, new, kind, at = WRONG[name]
    source = copy(TINY, tmp_path / "source")
    with_self_assessment(source, QUESTIONS.replace(old, new))
    assert findings(source) == [(kind, FILE, source.line(FILE, at))]


def test_a_page_without_questions_is_told(tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    with_self_assessment(source)
    source.remove(FILE)
    assert findings(source) == [
        ("self-assessment-unreadable", PAGE, ASK.split("\n").index(":::{self-assessment}") + 1)
    ]


def test_a_second_block_is_told(tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    with_self_assessment(source)
    source.append(PAGE, "\n:::{self-assessment}\n:::\n")
    assert findings(source) == [("self-assessment-value", PAGE, 6)]


def test_a_file_of_an_old_editor_is_told(tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    with_self_assessment(source)
    source.latin_1(FILE, "The goat stands by.", "The goat stands by, café.")
    assert findings(source) == [
        ("self-assessment-unreadable", FILE, source.line(FILE, "stands by"))
    ]


def test_schemas_say_where_editors_find_them() -> None:
    first = SAMPLE_QUESTIONS.read_text("utf-8").splitlines()[0]
    named = (SAMPLE_QUESTIONS.parent / first.removeprefix("#:schema ")).resolve()
    assert json.loads(named.read_text("utf-8"))["title"] == "Questions of a self-assessment"
