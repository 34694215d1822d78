"""What is to be confirmed, on the pages of a tiny district: record, school, register."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from tests.data.dependants import dependants
from tests.freshness.site import build
from tests.sites import KIT, TINY, TODAY, Source, copy, manual
from tests.sphinx_ext.html import Page, page, pages

TALK, LIST = "vision/talk.md", "progress/index.md"
VIEW = "\n:::{to-confirm}\n:::\n"
EDITS = {
    "OBJ_TALK": (TALK, "what they think, and why", "what they mean, and why"),
    "KR_EXPLAIN": (TALK, ":target: 9 in 10", ":target: 10 in 10"),
    "TERM_EXPLAIN": ("glossary/index.md", "doubt or add to", "doubt"),
    "PRO_BOAT_TALK": ("protocols/index.md", "{step} Say one thing", "{step} Say 1 < 2 things"),
}
#: The element that each record is told in; a lead record has its page.
ALONE = {"EX_GULLS": "exemplars/index.html", "PRO_BOAT_TALK": "protocols/index.html"}
PLACES = {
    **dict.fromkeys(("KR_EXPLAIN", "KR_TUESDAYS"), "vision/talk.html"),
    **dict.fromkeys(("ACT_PIER_01", "ACT_PIER_02"), "schools/pier/index.html"),
    **dict.fromkeys(("SES_OPENING", "ASM_FALL"), "learning/index.html"),
    **ALONE,
}


def kept(folder: Path) -> Source:
    source = copy(TINY, folder / "source")
    source.append(LIST, VIEW)
    said = manual("confirm", "--keep", "--kit", KIT, "--source", source.root, "--today", TODAY)
    assert said.code == 0
    return source


def built(source: Source) -> Path:
    html = source.root.parent / "html"
    said = build(source.root, KIT, html, source.root.parent / "trees", {})
    assert said["findings"] == []
    return html


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The district after an edit of one wording of each type."""
    made = kept(tmp_path_factory.mktemp("confirm"))
    for file, old, new in EDITS.values():
        made.replace(file, old, new)
    return made


@pytest.fixture(scope="module")
def site(source: Source) -> Path:
    return built(source)


@pytest.fixture(scope="module")
def wanted(source: Source) -> dict[str, set[str]]:
    """Each record that depends on a changed wording, with those wordings, by plain loops."""
    found: dict[str, set[str]] = {}
    for parent in EDITS:
        for record in dependants(source.root, parent):
            found.setdefault(record, set()).add(parent)
    assert set(found) == set(PLACES)
    return found


def in_list(site: Path) -> list[dict[str, str]]:
    tags = page(site / "progress" / "index.html").tags
    return [attrs for _, attrs in tags if "data-item" in attrs and "data-record" in attrs]


def test_the_list_has_exactly_the_dependants(site: Path, wanted: dict[str, set[str]]) -> None:
    found = {}
    for item in in_list(site):
        record, *parents = item["data-record"].split()
        found[record] = set(parents)
    assert found == wanted
    text = (site / "progress" / "index.html").read_text(encoding="utf-8")
    (figure,) = re.findall(r'figure-value">(\d+)</p><p class="figure-label">records to be', text)
    assert int(figure) == len(wanted)


def test_items_say_school_role_and_type(site: Path) -> None:
    by_id = {item["data-record"].split()[0]: item for item in in_list(site)}
    session, action = by_id["SES_OPENING"], by_id["ACT_PIER_01"]
    assert (session["data-school"], session["data-type"]) == ("SCH_PIER", "session")
    assert (action["data-role"], by_id["KR_TUESDAYS"]["data-role"]) == ("ROLE_HEAD", "ROLE_FERRY")
    assert by_id["ASM_FALL"]["data-school"] == ""


def test_its_rows_can_be_had(site: Path, wanted: dict[str, set[str]]) -> None:
    with (site / "data" / "to-confirm.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {(row["record_id"], row["parent_id"]) for row in rows} == {
        (record, parent) for record, parents in wanted.items() for parent in parents
    }
    assert json.loads((site / "data" / "to-confirm.json").read_text("utf-8"))[0]["line"] > 0


@pytest.mark.parametrize("record", PLACES)
def test_the_record_says_so_and_shows_the_line(site: Path, record: str) -> None:
    shown = page(site / PLACES[record])
    text = " ".join(shown.elements[record].text.split()) if record not in ALONE else whole(shown)
    assert "To be confirmed:" in text
    rows = json.loads((site / "data" / "to-confirm.json").read_text("utf-8"))
    (write,) = {row["write"] for row in rows if row["record_id"] == record}
    assert write in text


def whole(shown: Page) -> str:
    return " ".join(element.text for element in shown.elements.values())


def test_who_has_confirmed_is_not_asked(site: Path, wanted: dict[str, set[str]]) -> None:
    """A record that depends on nothing that has changed has no notice."""
    assert "ACT_PIER_03" not in wanted
    told = page(site / "schools" / "pier" / "index.html").elements["ACT_PIER_03"].text
    assert "To be confirmed" not in told


def test_the_parent_says_who_is_asked(site: Path, source: Source) -> None:
    card = page(site / "vision" / "talk.html").elements["KR_EXPLAIN"]
    asked = dependants(source.root, "KR_EXPLAIN")
    assert f"New wording: {len(asked)} records are to be confirmed." in card.text
    assert {link.partition("#")[2] for link in card.links} >= asked


def test_both_wordings_stand_side_by_side(site: Path) -> None:
    text = (site / "schools" / "pier" / "index.html").read_text(encoding="utf-8")
    start = text.index('id="ACT_PIER_02"')
    card = re.sub(r'<span class="visually-hidden">[^<]*</span>', "", text[start:])
    assert re.findall(r"<del>(.*?)</del>", card)[0] == "9"
    assert re.findall(r"<ins>(.*?)</ins>", card)[0] == "10"
    assert "Old wording, agreed <time" in card


def test_a_wording_is_text_and_never_markup(site: Path) -> None:
    text = (site / "protocols" / "index.html").read_text(encoding="utf-8")
    assert "1 &lt; 2 things" in text
    assert "1 < 2 things" not in text


def test_the_register_of_gaps_has_each(site: Path, wanted: dict[str, set[str]]) -> None:
    heading = page(site / "progress" / "index.html").elements["gap-to-confirm"].text
    count = sum(len(parents) for parents in wanted.values())
    assert re.fullmatch(rf"To be confirmed {count} ?#", heading)


def test_the_school_counts_its_actions(site: Path, source: Source) -> None:
    text = (site / "schools" / "pier" / "index.html").read_text(encoding="utf-8")
    actions = {
        record
        for parent in EDITS
        for record in dependants(source.root, parent)
        if record.startswith("ACT_PIER_")
    }
    (figure,) = re.findall(r"(\d+) actions? to be confirmed", text)
    assert int(figure) == len(actions)


def test_no_id_stands_twice(site: Path) -> None:
    for path in pages(site):
        ids = page(path).ids
        assert len(ids) == len(set(ids)), path


def test_while_all_is_agreed_no_page_says_a_word_of_it(tmp_path: Path) -> None:
    agreed = kept(tmp_path)
    html = built(agreed)
    for path in pages(html):
        assert 'class="to-confirm' not in path.read_text(encoding="utf-8")
    assert in_list(html) == []


def test_thirty_marked_actions_keep_a_plan_small(tmp_path: Path) -> None:
    """The wordings stand once on the page; each action has a line or two."""
    source = kept(tmp_path)
    head, first, _ = source.read("schools/pier/plan.csv").splitlines()
    rows = [first.replace("ACT_PIER_01", f"ACT_PIER_1{n:02}") for n in range(30)]
    source.write("schools/pier/plan.csv", "\n".join([head, *rows]) + "\n")
    before = (built(source) / "schools/pier/index.html").stat().st_size
    source.replace(*EDITS["KR_EXPLAIN"])
    text = (built(source) / "schools/pier/index.html").read_text(encoding="utf-8")
    assert text.count("How to confirm") == 30
    assert text.count("Old wording") == 2  # for the table, and for the action on the page
    assert (len(text.encode()) - before) / 31 < 1000
