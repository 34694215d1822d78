"""Plan and classroom: the numbers of the built pages, counted again from the tables by hand.

Nothing of the kit is used here: CSV rows, patterns over the pages, and loops.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from bench.district import TODAY
from tests.sites import SAMPLE

BLOCK = re.compile(r"^:::\{(\w+)\}[^\n]*\n((?::\w+: [^\n]*\n)+)", re.MULTILINE)
OPTION = re.compile(r"^:(\w+): (.*)$", re.MULTILINE)
LIVING = ("planned", "active", "done")


class Action(NamedTuple):
    """What a plan says of an action."""

    school: str
    objectives: frozenset[str]
    status: str
    starts: date | None
    due: date | None


class Counted(NamedTuple):
    """A source folder, counted."""

    schools: list[str]
    objectives: list[str]
    periods: list[tuple[date, date]]
    actions: dict[str, Action]
    seen: list[tuple[date, str, frozenset[str]]]


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counted(source: Path) -> Counted:
    """The pages and tables of a source folder, read with patterns and csv alone."""
    found: dict[str, list[dict[str, str]]] = {}
    for path in sorted(source.rglob("*.md")):
        for kind, options in BLOCK.findall(path.read_text(encoding="utf-8")):
            said = dict(OPTION.findall(options))
            found.setdefault(kind, []).append({**said, "folder": str(path.parent)})
    schools = {each["folder"]: each["id"] for each in found["school"]}
    objectives = [each["id"] for each in found["objective"]]
    results = {each["id"]: each for each in found["key_result"]}
    measures = {name: each["measures"] for name, each in results.items()}

    def objectives_of(text: str) -> frozenset[str]:
        return frozenset(measures.get(one, one) for one in re.split(r"[;,]\s*", text))

    rows = [
        {**row, "at": schools[str(path.parent)]}
        for path in source.rglob("plan.csv")
        for row in table(path)
    ]
    actions = {
        row["id"]: Action(
            row["at"],
            objectives_of(row["advances"]),
            row["status"],
            day(row.get("starts", "")),
            day(row.get("due", "")),
        )
        for row in (*rows, *found.get("action", []))
    }
    seen = []
    for path in source.rglob("evidence.csv"):
        for row in table(path):
            at = row["at"] or schools.get(str(path.parent), "")
            about = actions[row["action"]] if row["action"] else None
            aims = about.objectives if about else frozenset({row["objective"]})
            seen.append((date.fromisoformat(row["date"]), about.school if about else at, aims))
    for path in source.rglob("readings.csv"):
        for row in table(path):
            measure = results[row["key_result"]]["measure"]
            if row["at"] and measure != "implementation":
                aims = frozenset({measures[row["key_result"]]})
                seen.append((date.fromisoformat(row["date"]), row["at"], aims))
    year = tomllib.loads((source / "district.toml").read_text(encoding="utf-8"))["school_year"]
    starts = [each["starts"] for each in year["marking_periods"]]
    ends = [each - timedelta(days=1) for each in starts[1:]]
    starts[0] = min(starts[0], year["starts"])
    periods = list(zip(starts, [*ends, year["ends"]], strict=True))
    return Counted(list(schools.values()), objectives, periods, actions, seen)


def expected(source: Counted, today: date) -> list[tuple[str, ...]]:
    """The rows of the data file: school, objective, verdict, then four cells a period."""
    made = []
    for school in source.schools:
        for objective in source.objectives:
            mine = [
                action
                for action in source.actions.values()
                if action.school == school
                and objective in action.objectives
                and action.status in LIVING
            ]
            days = [
                when
                for when, at, aims in source.seen
                if at == school and objective in aims and when <= today
            ]
            made.append((school, objective, *verdicts(source, mine, days, today)))
    return made


def verdicts(
    source: Counted, actions: list[Action], days: list[date], today: date
) -> tuple[str, ...]:
    cells: list[str] = []
    judged = None
    for first, last in source.periods:
        milestones = under_way = begun = 0
        for action in actions:
            assert action.starts
            assert action.due
            here = [first <= each <= last for each in (action.starts, action.due)]
            milestones += sum(here)
            runs = action.starts <= last and action.due >= first
            under_way += runs and not any(here)
            begun += runs and action.starts <= today
        seen = sum(first <= when <= last for when in days)
        if today < first:
            word = "Not begun"
        elif seen:
            word = "Balanced" if actions else "Practice only"
        else:
            word = "Paper only" if begun else "Nothing yet"
        if first <= today <= last and word != "Nothing yet":
            word += " so far"
        if last < today and milestones + under_way:
            judged = (first, last)
        cells += [str(milestones), str(under_way), str(seen), word]
    year = (source.periods[0][0], source.periods[-1][1])
    since = judged[0] if judged else year[0]
    if any(since <= when <= year[1] for when in days):
        return ("Balanced" if actions else "Practice only", *cells)
    if judged:
        return ("Paper only", *cells)
    return ("Too early to say" if actions else "Nothing yet", *cells)


def shown(site: Path) -> list[tuple[str, ...]]:
    """The same cells from the data file of a site, without names and levels."""
    return [
        (row.pop("school_id"), row.pop("objective_id"), row.pop("balance"), *row.values())
        for row in table(site / "data" / "balance.csv")
        if row.pop("school") and row.pop("level")
    ]


def read_on(site: Path) -> date:
    """The day that a release names at its foot."""
    text = (site / "index.html").read_text(encoding="utf-8")
    found = re.search(r'release-label">[^<]*</span>,\s*<time datetime="([0-9-]{10})', text)
    assert found
    return date.fromisoformat(found[1])


def check(source: Path, site: Path, today: date) -> Counter[str]:
    mine = expected(counted(source), today)
    assert sorted(shown(site)) == sorted(mine)
    words = Counter(row[2] for row in mine)
    page = (site / "progress" / "balance.html").read_text(encoding="utf-8")
    figures = dict(re.findall(r'data-count="status=(\w+)">(\d+)<', page))
    assert {name: int(number) for name, number in figures.items()} == {
        "paper": words["Paper only"],
        "practice": words["Practice only"],
        "balanced": words["Balanced"],
    }
    assert len(re.findall(r"<td data-item ", page)) == len(mine)
    gaps = Counter(row["rule"] for row in table(site / "data" / "gaps.csv"))
    assert gaps["Paper only"] == words["Paper only"]
    assert gaps["Practice only"] == words["Practice only"]
    return words


def test_the_numbers_of_the_sample(published_site: Path) -> None:
    words = check(SAMPLE, published_site, read_on(published_site))
    # The sample shows what each verdict looks like, from the end of the first period on.
    assert words["Balanced"] > 0
    assert words["Practice only"] > 0


def test_the_numbers_of_a_wide_district(wide_source: Path, wide_site: Path) -> None:
    words = check(wide_source, wide_site, date.fromisoformat(TODAY))
    assert words["Paper only"] > 100
    assert words["Balanced"] > 100
    assert sum(words.values()) == 1600


@pytest.mark.parametrize("wide", [False, True], ids=["sample", "wide"])
def test_a_school_lists_each_thing_seen(wide: bool, request: pytest.FixtureRequest) -> None:
    source = request.getfixturevalue("wide_source") if wide else SAMPLE
    site = request.getfixturevalue("wide_site" if wide else "published_site")
    made = counted(source)
    today = date.fromisoformat(TODAY) if wide else read_on(site)
    first, last = made.periods[0][0], min(today, made.periods[-1][1])
    mine = Counter(
        (at, aim, when.isoformat())
        for when, at, aims in made.seen
        for aim in aims
        if first <= when <= last
    )
    told: Counter[tuple[str, str, str]] = Counter()
    on_pages = 0
    for page in source.rglob("index.md"):
        school = re.search(r"^:id: (SCH_\w+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        if school:
            name = page.parent.name
            rows = table(site / "data" / f"school-balance-schools-{name}.csv")
            told.update(
                (school[1], row["objective_id"], row["date"]) for row in rows if row["date"]
            )
            html = (site / "schools" / name / "index.html").read_text(encoding="utf-8")
            balance = html.partition('<div class="school-balance"')[2]
            on_pages += len(re.findall(r"<li><strong><time", balance))
    assert told == mine
    assert on_pages == sum(mine.values()) > 60
