"""Key results: the numbers of the built pages, counted again from pages and tables by hand.

Nothing of the kit is used here: CSV rows, patterns over the pages, and loops.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bench.district import TODAY
from tests.sites import SAMPLE

BLOCK = re.compile(r"^:::\{(\w+)\}[^\n]*\n((?::\w+: [^\n]*\n)+)", re.MULTILINE)
OPTION = re.compile(r"^:(\w+): (.*)$", re.MULTILINE)
WORDS = {"met": "Met", "on-track": "On track", "behind": "Behind", "unread": "No reading yet"}
LIVING = ("planned", "active", "done")
GROUPS = {"plc": 0, "coaching": 1, "pd": 2, "pd-day": 2, "opening-day": 2, "half-day": 2}


@dataclass
class Counted:
    """A source folder as read by patterns: records by type, rows by table, the year's first day."""

    records: dict[str, list[dict[str, str]]]
    readings: list[dict[str, str]]
    actions: list[dict[str, str]]
    sessions: list[dict[str, str]]
    starts: date

    def options(self, kind: str) -> dict[str, dict[str, str]]:
        return {each["id"]: each for each in self.records[kind]}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counted(source: Path) -> Counted:
    found: dict[str, list[dict[str, str]]] = {}
    for path in sorted(source.rglob("*.md")):
        for kind, options in BLOCK.findall(path.read_text(encoding="utf-8")):
            said = {**dict(OPTION.findall(options)), "folder": path.parent.name}
            found.setdefault(kind, []).append(said)
    plans = [row for path in source.rglob("plan.csv") for row in table(path)]
    year = tomllib.loads((source / "district.toml").read_text(encoding="utf-8"))["school_year"]
    sessions = [row for path in source.rglob("sessions.csv") for row in table(path)]
    return Counted(
        found,
        [row for path in source.rglob("readings.csv") for row in table(path)],
        [*plans, *found.get("action", [])],
        [*sessions, *found.get("session", [])],
        year["starts"],
    )


def number(text: str) -> Decimal:
    found = re.search(r"-?\d+(\.\d+)?", text)
    assert found
    return Decimal(found[0])


def line(result: dict[str, str], taken: date, starts: date) -> Decimal:
    """What the straight way reaches on a day."""
    start, end, due = number(result["baseline"]), number(result["target"]), result["due"]
    whole, gone = (date.fromisoformat(due) - starts).days, (taken - starts).days
    return start + (end - start) * min(Decimal(gone) / whole, Decimal(1))


def verdict(result: dict[str, str], value: Decimal, taken: date, starts: date, today: date) -> str:
    start, end = number(result["baseline"]), number(result["target"])
    assert end > start, "the sample and the bench have rising targets"
    if value >= end:
        return "met"
    short = line(result, taken, starts) - value
    late = today > date.fromisoformat(result["due"])
    return "behind" if late or short > (end - start) / 10 + Decimal("1e-20") else "on-track"


def standing_value(
    made: Counted, result: str, today: date
) -> tuple[Decimal, date, int, int] | None:
    """The district's value by the rule on the page, its day, and from how many schools of them."""
    rows = [
        (date.fromisoformat(row["date"]), row["at"], Decimal(row["value"]))
        for row in made.readings
        if row["key_result"] == result
    ]
    rows = [row for row in rows if made.starts <= row[0] <= today]
    own = sorted((day, value) for day, at, value in rows if not at)
    latest: dict[str, tuple[date, Decimal]] = {}
    for day, at, value in sorted(rows):
        if at:
            latest[at] = (day, value)
    newer = [at for at, (day, _) in latest.items() if not own or day > own[-1][0]]
    if own and 2 * len(newer) <= len(made.records["school"]):
        return own[-1][1], own[-1][0], 0, len(latest)
    if not latest:
        return None
    mean = sum(value for _, value in latest.values()) / len(latest)
    return mean, max(day for day, _ in latest.values()), len(latest), len(latest)


def read_on(site: Path) -> date:
    """The day that a release names at its foot."""
    text = (site / "index.html").read_text(encoding="utf-8")
    found = re.search(r'release-label">[^<]*</span>,\s*<time datetime="([0-9-]{10})', text)
    assert found
    return date.fromisoformat(found[1])


@pytest.fixture(params=["sample", "wide"])
def place(request: pytest.FixtureRequest) -> tuple[Counted, Path, date]:
    """The source as counted here, its site, and the day it was read on."""
    if request.param == "sample":
        site: Path = request.getfixturevalue("published_site")
        return counted(SAMPLE), site, read_on(site)
    source: Path = request.getfixturevalue("wide_source")
    return counted(source), request.getfixturevalue("wide_site"), date.fromisoformat(TODAY)


def test_every_key_result_stands_where_the_rule_says(place: tuple[Counted, Path, date]) -> None:
    made, site, today = place
    rows = {row["key_result_id"]: row for row in table(site / "data" / "key-results.csv")}
    results = made.options("key_result")
    assert rows.keys() == results.keys()
    words: Counter[str] = Counter()
    for name, result in results.items():
        row, stands = rows[name], standing_value(made, name, today)
        assert (row["objective_id"], row["measure"]) == (result["measures"], result["measure"])
        assert (row["baseline"], row["target"]) == (result["baseline"], result["target"])
        if stands is None:
            word = "unread"
            assert (row["latest"], row["read_on"], row["from_schools"]) == ("", "", "0")
        else:
            value, taken, schools, having = stands
            word = verdict(result, value, taken, made.starts, today)
            assert abs(number(row["latest"]) - value) <= Decimal("0.05"), name
            near = line(result, taken, made.starts)
            assert abs(number(row["straight_way"]) - near) <= Decimal("0.05"), name
            assert row["read_on"] == taken.isoformat()
            assert (int(row["from_schools"]), int(row["schools_with_a_reading"])) == (
                schools,
                having,
            )
        assert row["stands"] == WORDS[word], name
        words[word] += 1
    page = (site / "progress" / "key-results.html").read_text(encoding="utf-8")
    figures = dict(re.findall(r'data-count="status=([\w-]+)">(\d+)<', page))
    assert {key: int(count) for key, count in figures.items()} == {
        key: words[key] for key in ("met", "behind", "unread")
    }
    well = f"{words['met'] + words['on-track']} of {len(results)}"
    assert f'<p class="figure-value">{well}</p>' in page
    shown = Counter(re.findall(r'<li class="stands"[^>]*data-status="([\w-]+)"', page))
    assert shown == words
    # What is tried shows every standing that has a value, and one that has none.
    assert all(words[key] for key in ("on-track", "behind", "unread"))


def test_the_sample_shows_each_standing_and_says_so_on_progress(published_site: Path) -> None:
    rows = table(published_site / "data" / "key-results.csv")
    stands = Counter(row["stands"] for row in rows)
    assert set(stands) == set(WORDS.values())
    page = (published_site / "progress" / "index.html").read_text(encoding="utf-8")
    well = stands["Met"] + stands["On track"]
    assert f"met</a>: {well} of {len(rows)}, {stands['Behind']} behind." in page


def test_what_serves_each_key_result(place: tuple[Counted, Path, date]) -> None:
    made, site, _ = place
    kinds = {name: each.get("kind", "") for name, each in made.options("protocol").items()}
    rows = {row["key_result_id"]: row for row in table(site / "data" / "key-results.csv")}
    seen = 0
    for name, result in made.options("key_result").items():
        counts, protocols = [[0, 0] for _ in range(4)], set()
        actions = sessions = 0
        for action in made.actions:
            if action["status"] in LIVING and name in re.findall(r"\w+", action["advances"]):
                used = re.findall(r"\w+", action.get("uses", ""))
                protocols |= set(used)
                actions += 1
                for group in {GROUPS.get(kinds[each], 3) for each in used} or {3}:
                    counts[group][0] += 1
        for session in made.sessions:
            if result["measures"] in re.findall(r"\w+", session["serves"]):
                protocols |= set(re.findall(r"\w+", session.get("runs", "")))
                sessions += 1
                counts[GROUPS.get(session["kind"], 3)][1] += 1
        row = rows[name]
        told = [int(row[key]) for key in ("actions", "sessions_of_objective", "protocols")]
        assert told == [actions, sessions, len(protocols)], name
        groups = ("plc", "coaching", "pd", "other")
        assert [[int(row[f"{g}_{what}"]) for what in ("actions", "sessions")] for g in groups] == (
            counts
        ), name
        seen += actions + sessions
    assert seen > 30


def test_schools_stand_where_the_rule_says(place: tuple[Counted, Path, date]) -> None:
    made, site, today = place
    results = made.options("key_result")
    latest: dict[tuple[str, str], tuple[date, str]] = {}
    for row in made.readings:
        taken = date.fromisoformat(row["date"])
        if row["at"] and made.starts <= taken <= today:
            key = (row["at"], row["key_result"])
            if key not in latest or latest[key][0] <= taken:
                latest[key] = (taken, row["value"])
    named = {result for _, result in latest}
    schools = [each["id"] for each in made.records["school"]]
    mine = {}
    for school in schools:
        for name in named:
            taken_value = latest.get((school, name))
            if taken_value is None:
                mine[school, name] = ("", "", "No reading")
                continue
            taken, value = taken_value
            word = verdict(results[name], Decimal(value), taken, made.starts, today)
            mine[school, name] = (f"{value}%", taken.isoformat(), WORDS[word])
    rows = table(site / "data" / "key-results-by-school.csv")
    assert {
        (row["school_id"], row["key_result_id"]): (row["value"], row["read_on"], row["stands"])
        for row in rows
    } == mine
    assert len(rows) == len(schools) * len(named)
    page = (site / "progress" / "key-results-by-school.html").read_text(encoding="utf-8")
    words = Counter(word for _, _, word in mine.values())
    figures = dict(re.findall(r'data-count="status=([\w-]+)">(\d+)<', page))
    assert {key: int(count) for key, count in figures.items()} == {
        "met": words["Met"],
        "on-track": words["On track"],
        "behind": words["Behind"],
        "none": words["No reading"],
    }
    assert len(re.findall(r"<td data-item ", page)) == len(mine)
    own = 0
    for each in made.records["school"]:
        html = (site / "schools" / each["folder"] / "index.html").read_text(encoding="utf-8")
        part = html.partition('<ul class="own-readings"')[2]
        texts = re.findall(r"<dt>Our school</dt><dd>(.*?)</dd>", part, re.DOTALL)
        have = [text for text in texts if "no reading yet" not in text]
        assert len(have) == sum(school == each["id"] for school, _ in latest), each["id"]
        own += len(have)
    assert own == len(latest) > 10


def test_an_objective_page_draws_each_key_result_that_was_read(
    place: tuple[Counted, Path, date],
) -> None:
    made, site, today = place
    charts: dict[str, int] = {}
    for path in (site / "vision" / "objectives").glob("*.html"):
        html = path.read_text(encoding="utf-8")
        for picture in re.findall(r'<svg class="chart-picture".*?</svg>', html, re.DOTALL):
            named = re.search(r'<desc id="chart-(\w+)-desc">([^<]+)<', picture)
            assert named
            assert "The target is" in named[2]
            charts[named[1]] = picture.count('class="chart-dot"')
    read = {
        name for name in made.options("key_result") if standing_value(made, name, today) is not None
    }
    assert charts.keys() == read
    for name, dots in charts.items():
        days = {
            row["date"]
            for row in made.readings
            if row["key_result"] == name
            and not row["at"]
            and made.starts <= date.fromisoformat(row["date"]) <= today
        }
        if days:
            assert dots >= len(days)
