"""Fragility: every number of the built pages, counted again from the tables, the pages and git.

Nothing of the kit is used here: CSV rows, patterns over the pages, plain loops, and `git log` for
one file at a time.
"""

from __future__ import annotations

import csv
import html
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.data.counting import TABLES, Written, written
from tests.sites import SAMPLE

NAMES = {
    "vision": "Vision",
    "glossary": "Words",
    "protocols": "Protocols",
    "exemplars": "Exemplars",
    "schools": "Schools",
    "learning": "Learning",
    "onboarding": "First weeks",
}
ROW = re.compile(r"<tr>(.*?)</tr>", re.S)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.S)


def table(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(text: str) -> str:
    """The text of a piece of HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


class Plain:
    """A source folder, read on a day."""

    def __init__(self, source: Path, today: date) -> None:
        self.source, self.today = source, today
        self.records = written(source)
        self.status = {
            record.id: record.said["status"]
            for record in self.records.values()
            if record.type == "role"
        }

    def area(self, page: str) -> str:
        folder, slash, _ = page.partition("/")
        return NAMES.get(folder, folder) if slash and folder != "progress" else ""

    def reach(self, role: str, gone: str = "") -> set[str]:
        """The held roles that have a role's work while `gone` is vacant."""
        todo, seen, found = [role], set(), set()
        while todo:
            each = todo.pop()
            if each in seen or each not in self.status:
                continue
            seen.add(each)
            if self.status[each] == "filled" and each != gone:
                found.add(each)
            else:
                todo += self.records[each].ids("covered_by")
        return found

    def carriers(self, record: Written, gone: str = "") -> set[str]:
        named = [*record.ids("led_by"), *record.ids("owner"), *record.ids("backed_up_by")]
        return {held for role in named for held in self.reach(role, gone)}

    def live(self) -> Iterator[Written]:
        for record in self.records.values():
            if record.type == "role" or not (record.ids("owner") or record.ids("led_by")):
                continue
            if record.type == "action" and record.said["status"] not in ("planned", "active"):
                continue
            day = record.said.get("date", "")
            over = day and date.fromisoformat(day) < self.today
            if record.type in ("session", "assessment") and over:
                continue
            yield record

    def alone(self, record: Written) -> bool:
        """Whether a record rests on one role."""
        if record.type in ("action", "session"):
            first = set(record.ids("led_by") or record.ids("owner"))
            return len(first) == 1 and not set(record.ids("backed_up_by")) - first
        return any(not self.carriers(record, gone) for gone in ("", *self.status))

    def charge(self, record: Written) -> set[str]:
        """Who has a record today. Of several covers of a vacant role it is the first."""
        found = set()
        for role in (*record.ids("led_by"), *record.ids("owner")):
            held = self.reach(role)
            found |= held if len(held) < 2 else {self.records[role].ids("covered_by")[0]}
        return found

    def pages(self) -> Iterator[tuple[str, list[Path]]]:
        """Each page of an area with its files: its own, and the tables that it shows."""
        for path in sorted(self.source.rglob("*.md")):
            page = path.relative_to(self.source).with_suffix("").as_posix()
            tables = [path.with_name(name) for name in TABLES] if path.stem == "index" else []
            if self.area(page):
                yield page, [path, *(each for each in tables if each.exists())]


def git(folder: Path, *said: str) -> str:
    done = subprocess.run(
        ["git", *said], cwd=folder, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout


def authors(path: Path) -> set[str]:
    """The addresses of everybody who wrote a file, asked of git for this file alone."""
    log = ("log", "--follow", "--no-merges", "--format=%aN <%aE>%n%b", "--", path.name)
    found = set()
    for line in git(path.parent, *log).splitlines():
        person = re.fullmatch(r"(?:Co-authored-by: )?(.* <[^ ]+@[^ ]+>)", line, re.I)
        if person and "[bot]" not in person[1]:
            found.add(git(path.parent, "check-mailmap", person[1]).split("<")[1].strip().lower())
    return found


def whole_history(source: Path) -> bool:
    done = subprocess.run(
        ["git", "rev-parse", "--is-shallow-repository", "HEAD"],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0 and done.stdout.startswith("false")


def percent(part: int, all_: int) -> int:
    exact = 100 * part / all_ if all_ else 0
    if part in (0, all_):
        return round(exact)
    return min(99, max(1, int(exact + 0.5)))


def check(plain: Plain, site: Path, wrote: dict[str, set[str]] | None) -> None:
    """The numbers of the areas, in the data and on the page; `wrote` is None without a history."""
    entries, work, pages = Counter[str](), Counter[str](), Counter[str]()
    one = Counter[tuple[str, str]]()
    for record in plain.live():
        area = plain.area(record.page)
        kind = "work" if record.type in ("action", "session") else "entry"
        if area:
            (work if kind == "work" else entries)[area] += 1
            one[kind, area] += plain.alone(record)
    for page, people in (wrote or {}).items():
        if people:
            pages[plain.area(page)] += 1
            one["page", plain.area(page)] += len(people) == 1
    text = (site / "progress" / "fragility.html").read_text("utf-8")
    (body,) = re.findall(r'<table class="matrix fragile-areas">.*?<tbody>(.*?)</tbody>', text, re.S)
    told = {
        words(row[0]): [words(cell) for cell in row[1:]]
        for row in map(CELL.findall, ROW.findall(body))
    }
    rows = {row["area"]: row for row in table(site / "data" / "fragility.csv")}
    assert set(rows) == set(told) == {plain.area(page) for page, _ in plain.pages()}
    for area, row in rows.items():
        single = sum(one[kind, area] for kind in ("page", "entry", "work"))
        all_ = pages[area] + entries[area] + work[area]
        counted = {
            "index_percent": percent(single, all_),
            "pages": pages[area] or "",
            "pages_by_one_person": one["page", area] if pages[area] else "",
            "entries": entries[area],
            "entries_on_one_role": one["entry", area],
            "actions_and_sessions": work[area],
            "without_backup": one["work", area],
        }
        assert {key: row[key] for key in counted} == {k: str(v) for k, v in counted.items()}, area
        mark = "Fragile" if single * 2 >= all_ else "Thin" if single * 4 >= all_ else "Steady"
        if all_:
            assert (row["mark"], told[area][0]) == (mark, f"{mark} {percent(single, all_)}%")
        for kind, place, among in (("page", 1, pages), ("entry", 2, entries), ("work", 3, work)):
            said = f"{one[kind, area]} of {among[area]}" if among[area] else None
            assert told[area][place] == said or (
                not said and told[area][place] in ("none", "not known")
            )
    # The three first places, and the lists below.
    order = sorted(rows.values(), key=lambda row: -int(row["index_percent"]))
    firsts = re.findall(r'<p class="fragile-place">(.*?)</p>', text, re.S)
    shares = [int(re.search(r"(\d+)%:", words(first))[1]) for first in firsts]  # type: ignore[index]
    assert shares == [int(row["index_percent"]) for row in order[: len(shares)]]
    assert len(shares) == min(3, sum(int(row["index_percent"]) > 0 for row in order))
    listed = Counter(row["kind"] for row in table(site / "data" / "single-points.csv"))
    assert listed["page"] == sum(count for (kind, _), count in one.items() if kind == "page")
    assert listed["entry"] == sum(count for (kind, _), count in one.items() if kind == "entry")
    assert listed["action"] + listed["session"] == sum(
        count for (kind, _), count in one.items() if kind == "work"
    )
    heads = dict(re.findall(r'id="single-(\w+)">[^<]*<span class="count[^"]*">(\d+)<', text))
    assert int(heads["entries"]) == listed["entry"]
    assert int(heads["sessions"]) == listed["session"]
    assert int(heads.get("pages", 0)) == listed["page"]
    _check_roles(plain, site, text, int(heads["roles"]))


def _check_roles(plain: Plain, site: Path, text: str, alone: int) -> None:
    """Each role's drill, and the roles that nobody covers."""
    drills = {row["role_id"]: row for row in table(site / "data" / "role-drills.csv")}
    assert set(drills) == set(plain.status)
    uncovered = {}
    until = plain.today + timedelta(days=60)
    for role, row in drills.items():
        has = [
            record
            for record in plain.live()
            if role in plain.charge(record)
            or (
                plain.status[role] == "vacant"
                and role in (*record.ids("led_by"), *record.ids("owner"))
            )
        ]
        orphans = [record for record in has if not plain.carriers(record, role)]
        days = [
            record.said[name]
            for record in has
            for name in {
                "session": ["date"],
                "assessment": ["date"],
                "action": ["starts", "due"],
                "key_result": ["due"],
            }.get(record.type, [])
            if record.said.get(name)
        ]
        dates = [day for day in days if plain.today <= date.fromisoformat(day) <= until]
        assert [row[key] for key in ("things", "orphaned", "covered", "dates")] == [
            str(number) for number in (len(has), len(orphans), len(has) - len(orphans), len(dates))
        ], role
        assert set(row["steps_in"].split(";")) - {""} == plain.reach(role, role)
        name = role.lower().replace("_", "-")
        (part,) = re.findall(rf'id="drill-{name}">.*?</details>', text, re.S)
        assert (f"{len(orphans)} left to nobody" in words(part)) == bool(orphans)
        assert (f"It has {len(has)} thing" in words(part)) == bool(has)
        if plain.status[role] == "filled" and orphans and not plain.reach(role, role):
            uncovered[role] = len(orphans)
    assert alone == len(uncovered)
    if uncovered:
        (body,) = re.findall(
            r'<table class="matrix single-roles">.*?<tbody>(.*?)</tbody>', text, re.S
        )
        told = [words(CELL.findall(row)[1]) for row in ROW.findall(body)]
        assert sorted(map(int, told)) == sorted(uncovered.values())


def check_facilitation(plain: Plain, site: Path) -> None:
    """Sessions by facilitator and successor."""
    mine: dict[tuple[str, str], list[str]] = {}
    for record in plain.records.values():
        if record.type == "session":
            by = ";".join(record.ids("led_by") or record.ids("owner"))
            mine.setdefault((by, ";".join(record.ids("backed_up_by"))), []).append(
                record.said["date"]
            )
    today = plain.today.isoformat()
    rows = table(site / "data" / "facilitation.csv")
    assert {
        (row["led_by"], row["backed_up_by"]): [row["held"], row["to_come"], row["next"]]
        for row in rows
    } == {
        key: [
            str(sum(day < today for day in days)),
            str(sum(day >= today for day in days)),
            min((day for day in days if day >= today), default=""),
        ]
        for key, days in mine.items()
    }
    single = table(site / "data" / "single-points.csv")
    assert sum(int(row["to_come"]) for row in rows if row["open"] == "yes") == sum(
        row["kind"] == "session" for row in single
    )


def counted_on(site: Path) -> date:
    """The day that the page says it was counted on."""
    text = (site / "progress" / "fragility.html").read_text("utf-8")
    found = re.search(r'Counted on <time datetime="([\d-]{10})"', text)
    assert found
    return date.fromisoformat(found[1])


def test_the_numbers_of_the_sample(published_site: Path) -> None:
    plain = Plain(SAMPLE, counted_on(published_site))
    wrote = None
    everybody = (
        git(SAMPLE, "log", "--format=%aE%n%(trailers)").split() if whole_history(SAMPLE) else []
    )
    if len(set(everybody)) == 1:  # then there is no need to ask for each file
        there = set(git(SAMPLE, "ls-files", "-z").split("\0"))
        wrote = {
            page: {everybody[0]} if f"{page}.md" in there else set[str]()
            for page, _ in plain.pages()
        }
    elif everybody:
        wrote = {page: set().union(*map(authors, files)) for page, files in plain.pages()}
    check(plain, published_site, wrote)
    check_facilitation(plain, published_site)
    # What a leader should find in a sample: roles that nobody covers, sessions with no successor.
    kinds = Counter(row["kind"] for row in table(published_site / "data" / "single-points.csv"))
    assert kinds["entry"]
    assert kinds["session"]


@pytest.mark.parametrize("part", ["areas", "facilitation"])
def test_the_numbers_of_a_wide_district(part: str, wide_source: Path, wide_site: Path) -> None:
    plain = Plain(wide_source, counted_on(wide_site))
    if part == "areas":
        check(plain, wide_site, None)
    else:
        check_facilitation(plain, wide_site)
    text = (wide_site / "progress" / "fragility.html").read_text("utf-8")
    assert "Nothing is said about authors here" in text
    others = [wide_site / "progress" / f"{name}.html" for name in ("gaps", "actions", "balance")]
    assert len(text) < max(other.stat().st_size for other in others)
