"""What changed from publish to publish: the page, the command, the feeds, and what is left alone.

The edits of `tests.data.changed` are compared with a count of their own: the two source folders,
read without the kit.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree, html

from tests.data.changed import BOAT, EDITED, compared, four_edits, with_changes, written
from tests.sites import KIT, SAMPLE, TINY, TODAY, Said, Source, copy, manual

LATER = "2030-10-20"
SCHEMA = etree.RelaxNG(etree.parse(str(KIT / "tests" / "data" / "atom.rng")))


def publish(source: Source, site: Path, today: str = TODAY, *more: str) -> Said:
    words = ("publish", "--kit", KIT, "--source", source.root, "--site", site, "--today", today)
    said = manual(*words, *more)
    assert said.code == 0, said
    return said


def changes(site: Path, *words: str) -> dict[str, Any]:
    said = manual("changes", "--site", site, "--format", "json", *words)
    assert said.code == 0, said
    found: dict[str, Any] = json.loads(said.out)
    return found


def told(found: dict[str, Any]) -> set[tuple[str, str]]:
    return {(each["what"], each["id"]) for each in found["changes"]}


def the_page(live: Path) -> Any:
    return html.parse(str(live / "progress" / "changes.html")).getroot()


def log_of(live: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((live / "changes.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `before`, `after` (sources) and `site`, published from both."""
    root = tmp_path_factory.mktemp("twice")
    before = with_changes(copy(TINY, root / "before"))
    publish(before, root / "site")
    four_edits(copy(before.root, root / "after"))
    publish(Source(root / "after"), root / "site", LATER)
    return root


@pytest.fixture
def site(twice: Path, tmp_path: Path) -> Path:
    """A copy of the site that was published twice."""
    shutil.copytree(twice / "site", tmp_path / "site", symlinks=True)
    return tmp_path / "site"


# ------------------------------------------------------------------------- exactly the edits


def test_the_edits_are_what_a_plain_comparison_finds(twice: Path) -> None:
    found = compared(written(twice / "before"), written(twice / "after"))
    # The list of pages under a word's own page belongs to that page's words.
    assert found - {("changed", "TERM_EXPLAIN")} == EDITED


def test_the_command_says_the_edits_and_nothing_else(twice: Path) -> None:
    found = changes(twice / "site")
    assert told(found) == EDITED
    parts = {
        each["id"]: {field["label"]: (field["was"], field["now"]) for field in each["fields"]}
        for each in found["changes"]
    }
    assert parts["OBJ_TALK"] == {
        "Title": ("Students talk mathematics", "Students argue mathematics")
    }
    assert parts["ACT_PIER_01"] == {"Status": ("active", "done")}
    assert parts["TERM_TIDE"] == parts["SES_BOATS"] == {}


def test_the_page_says_the_edits_and_nothing_else(twice: Path) -> None:
    page = the_page(twice / "site" / "current")
    (day,) = page.xpath("//section[contains(@class, 'change-day')]")
    assert day.xpath(".//time/@datetime") == [LATER]
    said = day.xpath("./p")[0].text_content()
    assert said == "1 new word, 1 action and 1 objective changed, 1 session removed."
    assert len(day.xpath(".//*[@data-item]")) == len(EDITED)
    places = {
        place.xpath("./h3")[0].text_content(): sorted(place.xpath(".//@data-what"))
        for place in day.xpath(".//section[@data-item-group]")
    }
    assert places == {
        "The whole district": ["added", "changed"],
        "Pier School": ["changed", "removed"],
    }
    marks = [(e.tag, e.text_content()) for e in day.xpath(".//*[self::ins or self::del]")]
    assert sorted(marks) == [
        ("del", "removed: active"),
        ("del", "removed: talk"),
        ("ins", "added: argue"),
        ("ins", "added: done"),
    ]
    gone = day.xpath(".//li[@data-what='removed']")[0]
    assert "Boats and bows" in gone.text_content()
    assert not gone.xpath(".//a")
    links = {a.get("href").partition("#")[2] for a in day.xpath(".//li[@data-item]//a")}
    assert links == {each for what, each in EDITED if what != "removed"}


def test_each_role_and_its_feed_say_what_is_its_own(twice: Path) -> None:
    live = twice / "site" / "current"
    after = written(twice / "after") | {"SES_BOATS": BOAT}
    feeds = sorted(path.name for path in (live / "feeds").iterdir())
    assert feeds == ["all.atom", "role-ferry.atom", "role-head.atom"]
    for name in feeds:
        text = (live / "feeds" / name).read_bytes()
        assert SCHEMA.validate(etree.fromstring(text)), SCHEMA.error_log
        feed = feedparser.parse(text)
        assert not feed.bozo
        (entry,) = feed.entries
        role = "" if name == "all.atom" else name.removesuffix(".atom").upper().replace("-", "_")
        own = {each for _, each in EDITED if role in after[each]}
        anchors = set(re.findall(r'href="[^"]*#(\w+)"', entry.content[0].value))
        assert anchors == own - {"SES_BOATS"}, name
        assert ("Boats and bows" in entry.content[0].value) == ("SES_BOATS" in own)
        assert entry.link.startswith("https://tern-rock.example/handbook/progress/changes.html#")
    page = the_page(live)
    offered = page.xpath("//link[@type='application/atom+xml']/@href")
    assert sorted(offered) == [f"../feeds/{name}" for name in feeds]
    assert sorted(page.xpath("//main//a[@type='application/atom+xml']/@href")) == sorted(offered)


def test_the_home_page_can_say_it_too(twice: Path) -> None:
    live = twice / "site" / "current"
    (block,) = html.parse(str(live / "index.html")).xpath("//*[@data-since]")
    assert block.get("hidden") is not None
    said = json.loads((live / block.get("data-since")).read_text(encoding="utf-8"))
    assert (
        block.get("data-newest-change") == said["steps"][0][0] == log_of(live)["entries"][0]["id"]
    )
    assert said["since"]["start"] == {
        "all": "1 new word, 1 action and 1 objective changed, 1 session removed",
        "schools": {"SCH_PIER": "1 action changed, 1 session removed"},
    }


def test_of_the_sample_district(published_site: Path, tmp_path: Path) -> None:
    """The same four kinds of edit in a whole district, over the sample's own release."""
    site = tmp_path / "site"
    shutil.copytree(published_site, site / "releases" / published_site.name)
    (site / "current").symlink_to(Path("releases", published_site.name))
    source = copy(SAMPLE, tmp_path / "source")
    source.replace(
        "vision/objectives/collaboration.md", "# Teachers learn together", "# We all learn together"
    )
    plan = source.read("schools/alder/plan.csv")
    source.write("schools/alder/plan.csv", plan.replace(",active,", ",paused,", 1))
    word = source.read("glossary/access.md").replace("TERM_ACCESS", "TERM_DOORWAY")
    source.write("glossary/doorway.md", re.sub(r"(?m)^# .*", "# Doorway", word, count=1))
    source.replace("glossary/index.md", "\nkey-result\n:::", "\nkey-result\ndoorway\n:::")
    table = source.read("learning/sessions.csv")
    row = re.search(r"(?m)^SES_COACHING_START,.*\n", table)
    assert row
    source.write("learning/sessions.csv", table.replace(row[0], ""))

    manual("publish", "--source", source.root, "--site", site)
    found = told(changes(site))
    assert found == compared(written(SAMPLE), written(source.root))
    assert sorted(what for what, _ in found) == ["added", "changed", "changed", "removed"]
    page = the_page(site / "current")
    assert len(page.xpath("//*[@data-item]")) == 4
    for path in (site / "current" / "feeds").iterdir():
        assert SCHEMA.validate(etree.parse(str(path))), path


# ------------------------------------------------------------------------- over other releases


def test_the_first_release_says_so(twice: Path, tmp_path: Path) -> None:
    first = sorted((twice / "site" / "releases").iterdir())[0]
    page = the_page(first)
    assert "This is the first release that keeps a record of changes" in page.text_content()
    assert not page.xpath("//*[@data-item]")
    assert log_of(first) == {"version": 1, "began": TODAY, "entries": []}


def test_a_build_that_nobody_publishes_says_what_it_would_show(twice: Path, tmp_path: Path) -> None:
    words = ("build", "--kit", KIT, "--source", twice / "after", "--output", tmp_path / "out")
    assert manual(*words, "--today", TODAY).code == 0
    assert "fills when the manual is published" in the_page(tmp_path / "out").text_content()
    home = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "data-since" not in home
    for name in ("changes.json", "wordings.json", "feeds", "data/changes.csv"):
        assert not (tmp_path / "out" / name).exists(), name


def test_nothing_new_leaves_the_record_alone(twice: Path, site: Path) -> None:
    said = publish(Source(twice / "after"), site, LATER)
    assert "Nothing has changed since release" in said.out


def test_other_words_than_records_make_no_entry(twice: Path, site: Path, tmp_path: Path) -> None:
    source = copy(twice / "after", tmp_path / "source")
    source.append("index.md", "\nMore words.\n")
    before = (site / "current" / "changes.json").read_bytes()
    assert "Published release" in publish(source, site, "2030-12-01").out
    assert (site / "current" / "changes.json").read_bytes() == before


def test_a_publish_after_a_rollback_tells_what_readers_will_see(
    twice: Path, site: Path, tmp_path: Path
) -> None:
    taken_back = log_of(site / "current")["entries"][0]["id"]
    assert manual("rollback", "--site", site).code == 0
    source = copy(twice / "before", tmp_path / "source")
    source.replace("schools/pier/plan.csv", "Boat talk on Fridays", "Boat talk on Mondays")
    publish(source, site, LATER)
    (entry,) = log_of(site / "current")["entries"]
    assert [(each["what"], each["id"]) for each in entry["changes"]] == [("changed", "ACT_PIER_01")]
    assert entry["id"] != taken_back


def test_three_publishes_make_two_entries(twice: Path, site: Path, tmp_path: Path) -> None:
    source = copy(twice / "after", tmp_path / "source")
    source.replace("glossary/index.md", "a listener can doubt", "a listener may doubt")
    publish(source, site, "2030-11-01")
    page = the_page(site / "current")
    days = page.xpath("//section[contains(@class, 'change-day')]//h2//time/@datetime")
    assert days == ["2030-11-01", LATER]
    ids = sorted(path.name for path in (site / "releases").iterdir())
    assert told(changes(site)) == {("changed", "TERM_EXPLAIN")}
    assert told(changes(site, ids[0])) == EDITED | {("changed", "TERM_EXPLAIN")}
    assert told(changes(site, ids[0], ids[1])) == EDITED
    swapped = {("added", "SES_BOATS"), ("removed", "TERM_TIDE")}
    assert told(changes(site, ids[1], ids[0])) >= swapped


def test_over_a_site_folder_out_of_a_cache(twice: Path, tmp_path: Path) -> None:
    """As a host's runner gets it: packed after one publish, unpacked before the next."""
    packed = tmp_path / "site.tar"
    subprocess.run(["tar", "--posix", "-cf", packed, "-C", twice, "site"], check=True)
    subprocess.run(["tar", "-xf", packed, "-C", tmp_path], check=True)
    source = copy(twice / "after", tmp_path / "source")
    source.replace("schools/pier/plan.csv", "Boat talk on Fridays", "Boat talk on Mondays")
    publish(source, tmp_path / "site", "2030-11-02")
    assert told(changes(tmp_path / "site")) == MONDAYS
    assert len(log_of(tmp_path / "site" / "current")["entries"]) == 2


def unsealed(site: Path) -> Path:
    """The live release, to be altered as an older kit or a bad disk would have left it."""
    live = (site / "current").resolve()
    live.chmod(0o755)
    for path in live.glob("*.json"):
        path.chmod(0o644)
    return live


MONDAYS = {("changed", "ACT_PIER_01")}
#: How a release is spoiled, what the newest entry then says, and the warning.
SPOILED: dict[str, tuple[Callable[[Path], object], set[tuple[str, str]], str]] = {
    "from before there was a record": (
        lambda live: [(live / name).unlink() for name in ("changes.json", "wordings.json")],
        MONDAYS,
        "",
    ),
    "a record cut off": (
        lambda live: (live / "changes.json").write_text('{"version": 1, "beg'),
        MONDAYS,
        "A new record of changes begins",
    ),
    "a record that is no text": (
        lambda live: (live / "changes.json").write_bytes(b"\xff\xfe\0"),
        MONDAYS,
        "A new record of changes begins",
    ),
    "records of another kit": (
        lambda live: (live / "records.json").write_text('{"version": 9, "records": []}'),
        EDITED,
        "What this publish changes is not told",
    ),
    "no records": (lambda live: (live / "records.json").unlink(), EDITED, ""),
    "wordings cut off": (
        lambda live: (live / "wordings.json").write_text("{"),
        EDITED,
        "What this publish changes is not told",
    ),
}


@pytest.mark.parametrize(("spoil", "newest", "warning"), SPOILED.values(), ids=SPOILED)
def test_over_a_release_that_cannot_be_read(
    spoil: Callable[[Path], object],
    newest: set[tuple[str, str]],
    warning: str,
    twice: Path,
    site: Path,
    tmp_path: Path,
) -> None:
    spoil(unsealed(site))
    source = copy(twice / "after", tmp_path / "source")
    source.replace("schools/pier/plan.csv", "Boat talk on Fridays", "Boat talk on Mondays")
    said = publish(source, site, "2030-11-02")
    assert "Published release" in said.out
    assert (warning in said.out) if warning else ("warning" not in said.out)
    assert "Traceback" not in said.out + said.err
    (entry,) = log_of(site / "current")["entries"]
    assert {(each["what"], each["id"]) for each in entry["changes"]} == newest
    again = publish(source, site, "2030-11-02")
    assert "Nothing has changed since release" in again.out
    assert "warning" not in again.out


def test_a_renamed_role_keeps_its_feed_at_both_addresses(
    twice: Path, site: Path, tmp_path: Path
) -> None:
    source = copy(twice / "after", tmp_path / "source")
    for path in source.root.rglob("*"):
        if path.suffix in (".md", ".csv"):
            text = path.read_text(encoding="utf-8").replace("ROLE_FERRY", "ROLE_BOAT")
            path.write_text(text, encoding="utf-8")
    publish(source, site, LATER)
    feeds = {path.name for path in (site / "current" / "feeds").iterdir()}
    assert feeds == {"all.atom", "role-boat.atom", "role-ferry.atom", "role-head.atom"}
    old, new = (site / "current" / "feeds" / f"role-{name}.atom" for name in ("ferry", "boat"))
    assert old.read_bytes() == new.read_bytes()


# ------------------------------------------------------------------------------- the command


def test_said_to_people(twice: Path) -> None:
    said = manual("changes", "--site", twice / "site").out
    assert "1 new word, 1 action and 1 objective changed, 1 session removed." in said
    assert "    Title: Students [-talk-] {+argue+} mathematics" in said
    assert "changed action ACT_PIER_01: Boat talk on Fridays · Pier School" in said


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (("--role", "ROLE_FERRY"), {"ACT_PIER_01", "TERM_TIDE"}),
        (("--role", "ferry teacher"), {"ACT_PIER_01", "TERM_TIDE"}),
        (("--school", "Pier School"), {"ACT_PIER_01", "SES_BOATS"}),
        (("--school", "SCH_PIER", "--role", "ROLE_FERRY"), {"ACT_PIER_01"}),
    ],
    ids=["role", "role by title", "school by title", "both"],
)
def test_narrowed(words: tuple[str, ...], ids: set[str], twice: Path) -> None:
    assert {each["id"] for each in changes(twice / "site", *words)["changes"]} == ids


FAULTS: dict[str, tuple[tuple[str, ...], str]] = {
    "no such release": (("20990101",), "There is no release 20990101"),
    "more than one": (("20",), "2 releases begin with 20"),
    "no such role": (("--role", "Pirate"), "There is no role 'Pirate'"),
    "no such school": (("--school", "ROLE_HEAD"), "There is no school 'ROLE_HEAD'"),
}


@pytest.mark.parametrize(("words", "sentence"), FAULTS.values(), ids=FAULTS)
def test_foreseeable_faults(words: tuple[str, ...], sentence: str, twice: Path) -> None:
    said = manual("changes", "--site", twice / "site", *words)
    assert said.code == 2
    assert sentence in said.err
    assert "fault of the kit" not in said.err


def test_faults_of_the_site_folder(site: Path, tmp_path: Path) -> None:
    said = manual("changes", "--site", tmp_path / "nowhere")
    assert (said.code, "Nothing was published" in said.err) == (2, True)
    first = sorted(path.name for path in (site / "releases").iterdir())[0]
    alone = manual("changes", "--site", site, "", first)
    assert (alone.code, "no release before" in alone.err) == (2, True)
    live = unsealed(site)
    (live / "records.json").write_text("{}", encoding="utf-8")
    broken = manual("changes", "--site", site)
    assert (broken.code, "cannot be compared" in broken.err) == (2, True)
    (live / "records.json").unlink()
    assert "keeps no records" in manual("changes", "--site", site).err
