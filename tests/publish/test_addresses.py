"""A published address never dies: what moved is found, what was taken out says so, or nothing is
published."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.publish.addresses import (
    addresses,
    close_rock,
    district,
    everywhere,
    follow,
    publish,
)
from tests.sites import TODAY, Source, copy, manual

Change = Callable[[Source], None]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district with its site, published once: `source` and `site`."""
    root = tmp_path_factory.mktemp("addresses")
    said = publish(district(root / "source"), root / "site")
    assert said.code == 0, said
    return root


@pytest.fixture
def after(before: Path, tmp_path: Path) -> tuple[Source, Path]:
    """The district as it was published, to be changed."""
    shutil.copytree(before / "site", tmp_path / "site", symlinks=True)
    return copy(before / "source", tmp_path / "source"), tmp_path / "site"


def rows(*said: str) -> Change:
    """Write `redirects.csv`."""
    return lambda source: source.write("redirects.csv", "\n".join(("from,to,why", *said, "")))


def move_trio(source: Source) -> None:
    (source.root / "protocols" / "trio.md").rename(source.root / "protocols" / "three.md")
    source.replace("protocols/index.md", "trio\n", "three\n")


def drop_trio(source: Source) -> None:
    source.remove("protocols/trio.md")
    source.replace("protocols/index.md", ":::{toctree}\n:hidden:\ntrio\n:::\n", "")
    source.replace("learning/sessions.csv", ",PRO_TRIO,", ",PRO_BOAT_TALK,")


def swap(source: Source) -> None:
    trio, boat = source.read("protocols/trio.md"), source.read("protocols/index.md")
    boat, tree = boat.split("\n:::{toctree}")
    source.write("protocols/trio.md", boat)
    source.write("protocols/index.md", f"{trio}\n:::{{toctree}}{tree}")


def rename(old: str, new: str) -> Change:
    return lambda source: everywhere(source, old, new)


def retitle(source: Source) -> None:
    source.replace("protocols/trio.md", "# Trio talk", "# Talk in threes")


def rename_step(source: Source) -> None:
    source.replace("protocols/trio.md", "{step} Draw", "{step} Sketch")


def drop_action(source: Source) -> None:
    source.without_record("schools/pier/index.md", "ACT_PIER_02")


def key_result_to_vision(source: Source) -> None:
    start, end = source._block("vision/talk.md", "KR_TUESDAYS")
    block = source.read("vision/talk.md")[start:end]
    source.without_record("vision/talk.md", "KR_TUESDAYS")
    source.replace("vision/index.md", "## Roles", f"{block}\n## Roles")


def drop_view(source: Source) -> None:
    source.replace("progress/index.md", ":::{coverage}\n:::\n", "")


# ------------------------------------------------------------------ what leads on, and where to

#: What is changed, and where old addresses lead: the page, and words at the place.
LEADS_ON: dict[str, tuple[list[Change], dict[str, tuple[str, str]]]] = {
    "page moved with its record": (
        [move_trio],
        {
            "protocols/trio.html": ("protocols/three.html", "Trio talk"),
            "protocols/trio.html#PRO_TRIO": ("protocols/three.html", "Trio talk"),
            "protocols/trio.html#step-draw": ("protocols/three.html", "Draw"),
            "briefs/protocol-trio.pdf": ("briefs/protocol-trio.pdf", ""),
        },
    ),
    "two pages changed places": (
        [swap],
        {
            "protocols/trio.html#step-draw": ("protocols/trio.html", "index.html#step-draw"),
            "protocols/index.html#PRO_BOAT_TALK": ("protocols/index.html", "trio.html"),
        },
    ),
    "id renamed, with a row": (
        [rename("PRO_TRIO", "PRO_THREES"), retitle, rows("PRO_TRIO,PRO_THREES,")],
        {
            "protocols/trio.html#PRO_TRIO": ("protocols/trio.html", ""),
            "data/used-in-pro-trio.csv": ("data/used-in-pro-trio.csv", "Rock day"),
        },
    ),
    "id renamed, its title kept": (
        [rename("KR_EXPLAIN", "KR_REASON")],
        {"vision/talk.html#KR_EXPLAIN": ("vision/talk.html", "")},
    ),
    "id renamed and page moved": (
        [rename("PRO_TRIO", "PRO_THREES"), retitle, move_trio, rows("PRO_TRIO,PRO_THREES,")],
        {
            "protocols/trio.html#PRO_TRIO": ("protocols/three.html", ""),
            "protocols/three.html#PRO_TRIO": ("protocols/three.html", ""),
            "protocols/trio.html#step-draw": ("protocols/three.html", "Draw"),
        },
    ),
    "record moved to another page": (
        [key_result_to_vision],
        {"vision/talk.html#KR_TUESDAYS": ("vision/talk.html", "index.html#KR_TUESDAYS")},
    ),
    "page deleted, with a row for its address": (
        [drop_trio, rows("protocols/trio,protocols/index.html,Both are one now.")],
        {
            "protocols/trio.html": ("protocols/index.html", "Boat talk"),
            "protocols/trio.html#step-draw": ("protocols/index.html", "Both are one now."),
            "data/used-in-pro-trio.json": ("data/used-in-pro-trio.json", "Both are one now."),
        },
    ),
    "a row through another row": (
        [drop_trio, rows("PRO_TRIO,PRO_OLD,", "PRO_OLD,PRO_BOAT_TALK,One talk is enough.")],
        {"protocols/trio.html#PRO_TRIO": ("protocols/index.html", "")},
    ),
    "protocol taken out": (
        [drop_trio, rows("PRO_TRIO,gone,Nobody used it.")],
        {
            "protocols/trio.html": ("protocols/trio.html", "Nobody used it."),
            "briefs/protocol-trio.pdf": ("briefs/protocol-trio.pdf", "%PDF"),
        },
    ),
    "school closed": (
        [close_rock, rows("SCH_ROCK,gone,The school on the rock closed in June.")],
        {
            "schools/rock/index.html": ("schools/rock/index.html", "closed in June"),
            "schools/rock/index.html#ACT_ROCK_01": ("schools/rock/index.html", "closed in June"),
            "learning/index.html#SES_ROCK": ("learning/index.html", "closed in June"),
            "calendar/sch-rock.ics": ("calendar/sch-rock.ics", "closed in June"),
            "data/used-in-sch-rock.xlsx": ("data/used-in-sch-rock.xlsx", "PK"),
        },
    ),
    "school joined to another": (
        [close_rock, rows("SCH_ROCK,SCH_PIER,The two schools are one.")],
        {
            "schools/rock/index.html": ("schools/pier/index.html", "Pier School"),
            "calendar/sch-rock.ics": ("calendar/sch-rock.ics", "Opening day"),
            "data/used-in-sch-rock.csv": ("data/used-in-sch-rock.csv", "SCH_PIER"),
        },
    ),
    "an action of the year ended": (
        [drop_action],
        {"schools/pier/index.html#ACT_PIER_02": ("schools/pier/index.html", "no longer")},
    ),
    "a step renamed, its address kept": (
        [
            lambda s: s.replace(
                "protocols/trio.md", "{step} Draw\n", "{step} Sketch\n:anchor: Draw\n"
            )
        ],
        {"protocols/trio.html#step-draw": ("protocols/trio.html", "Sketch")},
    ),
    "a view taken off its page, with a row": (
        [drop_view, rows("data/coverage,progress/index.html,See the page.")],
        {"data/coverage.csv": ("data/coverage.csv", "See the page.")},
    ),
}


@pytest.mark.parametrize("case", LEADS_ON)
def test_old_addresses_lead_on(case: str, after: tuple[Source, Path], before: Path) -> None:
    changes, expected = LEADS_ON[case]
    source, site = after
    for change in changes:
        change(source)
    said = publish(source, site)
    assert said.code == 0, said.out
    live = site / "current"
    for address, (path, words) in expected.items():
        arrived = follow(live, address)
        assert arrived.path == path
        assert words in (arrived.at or arrived.text), arrived
    for address in addresses(before / "site" / "current"):
        follow(live, address)
    again = publish(source, site, "--today", "2030-10-15")
    assert "Nothing has changed" in again.out, again.out


# ---------------------------------------------------------------------------- what is refused

REFUSED: dict[str, tuple[list[Change], list[str], str]] = {
    "page deleted": ([drop_trio], ["address-lost"], "PRO_TRIO (Trio talk)"),
    "school closed": ([close_rock], ["address-lost"], "SCH_ROCK (Rock School)"),
    "step renamed": ([rename_step], ["address-lost"], ":anchor: draw"),
    "id renamed with its title": (
        [rename("PRO_TRIO", "PRO_THREES"), retitle],
        ["address-lost"],
        "PRO_TRIO",
    ),
    "view taken off its page": ([drop_view], ["address-lost"], "data/coverage.csv"),
    "a row to nowhere": (
        [drop_trio, rows("PRO_TRIO,protocols/indexx.html,")],
        ["redirect-nowhere"],
        "Did you mean protocols/index.html?",
    ),
    "a row to an unknown id": (
        [drop_trio, rows("PRO_TRIO,PRO_BOATTALK,")],
        ["redirect-nowhere"],
        "Did you mean PRO_BOAT_TALK?",
    ),
    "a row to a place that is not there": (
        [drop_trio, rows("PRO_TRIO,protocols/index.html#step-nine,")],
        ["redirect-nowhere"],
        "#step-nine",
    ),
    "rows in a circle": (
        [drop_trio, rows("PRO_TRIO,PRO_OLD,", "PRO_OLD,PRO_TRIO,")],
        ["redirect-loop", "redirect-loop"],
        "PRO_TRIO leads to PRO_OLD leads to PRO_TRIO",
    ),
    "a row to itself": ([drop_trio, rows("PRO_TRIO,PRO_TRIO,")], ["redirect-loop"], "PRO_TRIO"),
    "a row for a record that is there": (
        [rows("PRO_TRIO,PRO_BOAT_TALK,")],
        ["redirect-not-needed"],
        "PRO_TRIO is in the manual",
    ),
    "a row for a page that is there": (
        [rows("/protocols/trio,PRO_BOAT_TALK,")],
        ["redirect-not-needed"],
        "protocols/trio.html is in the manual",
    ),
    "gone without a reason": ([drop_trio, rows("PRO_TRIO,gone,")], ["redirect-why"], "not why"),
    "two rows for one address": (
        [drop_trio, rows("PRO_TRIO,PRO_BOAT_TALK,", "PRO_TRIO,gone,Why not.")],
        ["redirect-twice"],
        "row 2 does",
    ),
    "no such column": ([lambda s: s.write("redirects.csv", "old,new\na,b\n")], [], "from"),
    "not text": ([lambda s: (s.root / "redirects.csv").write_bytes(b"\xff\xfe\0")], [], "UTF-8"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_lost_addresses_are_refused(case: str, after: tuple[Source, Path]) -> None:
    changes, kinds, words = REFUSED[case]
    source, site = after
    live = (site / "current").readlink()
    for change in changes:
        change(source)
    said = publish(source, site)
    assert said.code == 1, said.out
    assert words in said.out
    if kinds:
        told = [line for line in said.out.splitlines() if line.endswith("]")]
        assert [line.rpartition("[")[2].rstrip("]") for line in told] == kinds
        assert all(line.startswith("redirects.csv") for line in told)
    assert "Nothing was published" in said.out
    assert (site / "current").readlink() == live


def test_a_fault_names_its_row(after: tuple[Source, Path]) -> None:
    source, site = after
    drop_trio(source)
    rows("PRO_OLD,PRO_BOAT_TALK,", "PRO_TRIO,PRO_NONE,")(source)
    assert (
        "redirects.csv:3: error: Row 3 leads from PRO_TRIO to PRO_NONE" in publish(source, site).out
    )


def test_an_ended_year_is_told_once(after: tuple[Source, Path]) -> None:
    source, site = after
    drop_action(source)
    said = publish(source, site)
    assert "address-ended" in said.out
    assert "ACT_PIER_02" in said.out
    source.append("glossary/index.md", "\nAnd to ask back.\n")
    assert "address-ended" not in publish(source, site).out


def test_an_ended_calendar_is_a_calendar(after: tuple[Source, Path]) -> None:
    """A phone that subscribed sees one last entry, on the day the school left."""
    source, site = after
    close_rock(source)
    rows('SCH_ROCK,gone,"The school, on the rock; closed."')(source)
    assert publish(source, site, "--today", "2030-11-20").code == 0
    calendar = Calendar.from_ical((site / "current" / "calendar" / "sch-rock.ics").read_bytes())
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("dtstart").isoformat() == "2030-11-20"
    assert "The school, on the rock; closed." in event["description"]


def test_redirects_outlive_the_next_release(after: tuple[Source, Path]) -> None:
    """What the kit found by itself it goes on knowing; a chain of moves is one step."""
    source, site = after
    move_trio(source)
    assert publish(source, site).code == 0
    (source.root / "protocols" / "three.md").rename(source.root / "vision" / "trio.md")
    source.replace("protocols/index.md", ":::{toctree}\n:hidden:\nthree\n:::\n", "")
    source.replace("vision/index.md", "\ntalk\n", "\ntalk\ntrio\n")
    assert publish(source, site, "--today", "2030-11-20").code == 0
    live = site / "current"
    for old in ("protocols/trio.html", "protocols/three.html"):
        assert follow(live, f"{old}#step-draw").path == "vision/trio.html"
    text = (live / "protocols" / "trio.html").read_text(encoding="utf-8")
    assert "../vision/trio.html" in text
    assert (live / "_redirects").read_text(encoding="utf-8").splitlines() == [
        "/handbook/protocols/three.html /handbook/vision/trio.html 301",
        "/handbook/protocols/trio.html /handbook/vision/trio.html 301",
    ]


def test_redirects_are_not_found_by_search(after: tuple[Source, Path]) -> None:
    source, site = after
    entries = json.loads((site / "current/pagefind/pagefind-entry.json").read_text())
    move_trio(source)
    assert publish(source, site).code == 0
    now = json.loads((site / "current/pagefind/pagefind-entry.json").read_text())
    assert now["languages"]["en"]["page_count"] == entries["languages"]["en"]["page_count"]


def test_a_page_that_came_back_is_itself_again(after: tuple[Source, Path]) -> None:
    source, site = after
    whole = copy(source.root, source.root.parent / "whole")
    drop_trio(source)
    rows("PRO_TRIO,gone,Nobody used it.")(source)
    assert publish(source, site).code == 0
    assert publish(whole, site).code == 0
    assert "Trio talk" in follow(site / "current", "protocols/trio.html#PRO_TRIO").text
    assert json.loads((site / "current" / "addresses.json").read_text())["left"] == {}


# ------------------------------------------------------------------------- the ledger in git


def test_a_ledger_in_the_source_outlives_a_lost_site(after: tuple[Source, Path]) -> None:
    """A host that begins from an empty folder each night still knows every address."""
    source, site = after
    words = ("addresses", "--site", site, "--write", source.root / "addresses.json")
    assert manual(*words).code == 0
    drop_trio(source)
    fresh = site.parent / "fresh"
    said = publish(source, fresh)
    assert said.code == 1
    assert "PRO_TRIO" in said.out
    source.remove("addresses.json")
    assert publish(source, fresh).code == 0


def test_a_broken_ledger_is_named(after: tuple[Source, Path]) -> None:
    source, site = after
    source.write("addresses.json", '{"format": 1, "pages": [')
    said = publish(source, site)
    assert (said.code, "addresses.json:1: error" in said.out) == (1, True), said.out


def test_two_clones_keep_the_same_ledger(before: Path, tmp_path: Path) -> None:
    copied = copy(before / "source", tmp_path / "elsewhere")
    assert publish(copied, tmp_path / "site").code == 0
    one, two = (
        (folder / "site" / "current" / "addresses.json").read_bytes()
        for folder in (before, tmp_path)
    )
    assert one == two
    assert TODAY.encode() in one
