"""Paths in a tiny district: the page, the schools' files, and each way to get one wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.data.paths import FILE, NEW, with_path
from tests.freshness.site import build
from tests.sites import KIT, SAMPLE, TINY, Source, check, copy
from tests.sphinx_ext.html import Page, page


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("path")
    source = copy(TINY, folder / "source")
    with_path(source)
    source.write("guide/index.md", "# Guides\n\n:::{path-list}\n:::\n")
    source.replace("index.md", "guide/new\n", "guide/index\nguide/new\n")
    said = build(source.root, KIT, folder / "html", folder / "trees", {})
    assert said["findings"] == []
    return folder / "html"


@pytest.fixture(scope="module")
def new(site: Path) -> Page:
    return page(site / "guide" / "new.html")


def test_each_step_can_be_linked_to_and_ticked(new: Page) -> None:
    anchors = ["step-read-the-vision", "step-say-why", "step-boat", "step-visit-the-goat"]
    assert [each for each in new.ids if each in anchors] == anchors
    boxes = [attrs for tag, attrs in new.tags if tag == "input" and attrs["type"] == "checkbox"]
    assert [box["aria-labelledby"] for box in boxes] == [f"{each}-title" for each in anchors]
    assert new.elements["step-boat-title"].text == "Talk on the boat"
    step = new.elements["step-read-the-vision"]
    assert step.attrs["data-minutes"] == "5"
    assert "Done means: You can say: “Everybody explains.”" in step.text
    assert "../vision/index.html" in step.links


def test_stages_say_what_they_take_and_other_text_parts_the_list(site: Path, new: Page) -> None:
    text = (site / "guide" / "new.html").read_text(encoding="utf-8")
    for words in ("2 steps, 8 minutes", "2 steps, 1 h 35 min", "4 steps, 1 h 43 min in all"):
        assert words in text
    assert [attrs.get("class") for tag, attrs in new.tags if tag == "ol"].count("path-steps") == 3


def test_the_list_of_paths_says_what_the_first_day_takes(site: Path) -> None:
    text = (site / "guide" / "index.html").read_text(encoding="utf-8")
    assert "First day: 8 minutes." in text
    assert "For whoever steps off the ferry." in text
    assert "For: Head of school, Ferry teacher." in text


def test_a_role_leads_to_its_path(site: Path) -> None:
    links = [href for _, href in page(site / "vision" / "index.html").links]
    assert "../guide/new.html" in links


def test_a_file_for_each_school(site: Path) -> None:
    folder = site / "data" / "my-school"
    assert [path.name for path in folder.iterdir()] == ["SCH_PIER.json"]
    said = json.loads((folder / "SCH_PIER.json").read_text(encoding="utf-8"))
    assert {each["title"] for each in said["actions"]} == {
        "Boat talk on Fridays",
        "Explain the tide table at breakfast",
    }
    assert said["sessions"] == []  # opening day is over
    for each in (said["school"], *said["actions"]):
        file, _, anchor = each["url"].partition("#")
        assert anchor in page(site / file).ids


def test_the_steps_as_a_table(site: Path) -> None:
    rows = (site / "data" / "path-guide-new.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "stage,step,minutes,done_means,anchor"
    assert rows[1] == (
        "First day,Read the vision,5,You can say: “Everybody explains.”,step-read-the-vision"
    )
    assert rows[3].startswith("First week,Talk on the boat,85,")
    assert len(rows) == 5


class Wrong(NamedTuple):
    """Words replaced in the path, and the finding: its kind, and words of its line."""

    old: str
    new: str
    kind: str
    at: str


WRONG = {
    "no minutes": Wrong(":minutes: 3\n", "", "path-step", "Say why"),
    "minutes in words": Wrong(":minutes: 3", ":minutes: three", "path-step", "Say why"),
    "no done": Wrong(":done: You gave one reason.\n", "", "path-step", "Say why"),
    "an empty done": Wrong(":done: You gave one reason.", ":done:", "path-step", "Say why"),
    "no link": Wrong(
        "[the school](../schools/pier/index.md)", "school", "path-step", "{path-step} Visit"
    ),
    "a link to elsewhere only": Wrong(
        "../schools/pier/index.md", "https://goat.example/", "path-step", "{path-step} Visit"
    ),
    "a link to its own page only": Wrong(
        "../schools/pier/index.md", "#first-day", "path-step", "{path-step} Visit"
    ),
    "a stage of another name": Wrong(
        "## First week\n\n", "## First day\n\n", "path-stage", "## First day\n\n:::{path-step} Talk"
    ),
    "the same title": Wrong("Say why", "Read the vision", "path-step-twice", "x"),
    "no role": Wrong(":for: ROLE_HEAD, ROLE_FERRY\n", "", "path-role", ":::{path}"),
    "a role that is not there": Wrong("ROLE_FERRY", "ROLE_FERY", "path-role", ":::{path}"),
    "a school for a role": Wrong("ROLE_FERRY", "SCH_PIER", "path-role", ":::{path}"),
    "a step to a page that is not there": Wrong(
        "../schools/pier/index.md", "../schools/quay/index.md", "page-reference", "It lives"
    ),
    "a step to a record that is not there": Wrong(
        "{need}`PRO_BOAT_TALK`", "{need}`PRO_BOAT`", "page-reference", "Run {need}"
    ),
    "two blocks": Wrong(
        "Take a coat.",
        ":::{path}\n:for: ROLE_HEAD\n:::",
        "path-role",
        ":::{path}\n:for: ROLE_HEAD\n:::",
    ),
    "steps without a block": Wrong(
        ":::{path}\n:for: ROLE_HEAD, ROLE_FERRY\n\nFor whoever steps off the ferry.\n:::\n",
        "Hello.\n",
        "path-role",
        "{path-step} Read",
    ),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=[name.replace(" ", "_") for name in WRONG])
def test_one_finding_at_its_place(wrong: Wrong, tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    assert NEW.count(wrong.old) == 1
    with_path(source, NEW.replace(wrong.old, wrong.new))
    said = check(source)
    assert said.err == ""
    line = 18 if wrong.kind == "path-step-twice" else source.line(FILE, wrong.at)
    found = [(each["kind"], each["file"], each["line"]) for each in said.findings]
    assert found == [(wrong.kind, FILE, line)]


def test_a_stage_out_of_order_is_told_once(tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    swapped = NEW.replace("## First day", "## First 90 days")
    with_path(source, swapped)
    (found,) = check(source).findings
    assert (found["kind"], found["line"]) == ("path-stage", source.line(FILE, "## First week"))
    assert "after 'First 90 days'" in found["message"]


def test_a_step_under_another_heading_stands_in_no_stage(tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    with_path(source, NEW.replace("## First week", "## When the boat is late"))
    found = check(source).findings
    assert [each["kind"] for each in found] == ["path-stage", "path-stage"]


def test_a_heading_within_a_stage_keeps_its_steps_there(tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    with_path(source, NEW.replace("Take a coat.", "### On land"))
    assert check(source).findings == []


def test_the_example_of_the_documentation_is_a_path(tmp_path: Path) -> None:
    """It stands in for the sample's own path for coaches."""
    told = (KIT / "docs" / "onboarding.md").read_text(encoding="utf-8")
    found = re.search(
        r"(?ms)^```\{code-block\} markdown\n:caption: source/(\S+)\n\n(.*?)^```$", told
    )
    assert found
    source = copy(SAMPLE, tmp_path / "source")
    source.write(found[1], found[2])
    assert check(source).findings == []


# ------------------------------------------------------------------------- pages nobody comes to


def lonely(source: Source) -> None:
    source.write("guide/lost.md", "# Lost\n\nNobody comes here.\n")


def orphan(source: Source) -> None:
    source.write("guide/lost.md", "---\norphan: true\n---\n# Lost\n\nNobody comes here.\n")


def two_of_them(source: Source) -> None:
    source.write("guide/lost.md", "---\norphan: true\n---\n# Lost\n\n:::{toctree}\nmore\n:::\n")
    source.write("guide/more.md", "# More\n\nBelow a page nobody comes to.\n")


@pytest.mark.parametrize(
    ("spoil", "files"),
    [
        (lonely, ["guide/lost.md"]),
        (orphan, ["guide/lost.md"]),
        (two_of_them, ["guide/lost.md", "guide/more.md"]),
    ],
    ids=["in no list", "an orphan by its own word", "listed by such a one"],
)
@pytest.mark.parametrize("led_to", [False, True], ids=["no path leads there", "a path leads there"])
def test_a_page_that_nobody_comes_to(
    spoil: object, files: list[str], led_to: bool, tmp_path: Path
) -> None:
    assert callable(spoil)
    source = copy(TINY, tmp_path / "source")
    text = NEW.replace("Take a coat.", "See [the lost one](lost.md).") if led_to else NEW
    with_path(source, text)
    spoil(source)
    found = [(each["kind"], each["file"]) for each in check(source).findings]
    reached = led_to and spoil is not lonely  # a page in no list has to say that it means it
    assert found == ([] if reached else [("page-not-listed", file) for file in files])
