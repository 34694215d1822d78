"""The register's numbers against a count by plain loops over pages and tables.

Nothing of the kit is used here: blocks are found by regular expressions, tables by `csv`.
"""

from __future__ import annotations

import csv
import html
import json
import re
import tomllib
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from tests.sites import KIT, SAMPLE

LIVING = ("planned", "active", "done")
BLOCK = re.compile(r"(?m)^:{3,}\{([\w-]+)\}[ \t]*(.*)\n((?::[\w-]+:.*\n)*)")
Key = tuple[str, str, str]
#: Tables of records: their file, the type of a row, and the page that shows them.
OF_TABLES = (
    ("plan.csv", "action", "index.md"),
    ("sessions.csv", "session", "index.md"),
    ("assessments.csv", "assessment", "assessments.md"),
)


@dataclass
class Read:
    """A source folder, read without the kit: records by id, pages, ledgers, settings."""

    root: Path
    records: dict[str, dict[str, str]] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.settings = tomllib.loads((self.root / "district.toml").read_text(encoding="utf-8"))
        for page in sorted(self.root.rglob("*.md")):
            text = page.read_text(encoding="utf-8")
            school = ""
            for kind, _, options in BLOCK.findall(text):
                said = dict(re.findall(r"(?m)^:([\w-]+): *(.*)$", options))
                if kind == "path":
                    self.paths += split(said.get("for", ""))
                if "id" in said:
                    self.records[said["id"]] = {**said, "type": kind, "file": str(page)}
                    school = said["id"] if kind == "school" else school
            for name, kind, shown in OF_TABLES:
                if page.name == shown and (page.parent / name).exists():
                    for row in rows(page.parent / name):
                        at = {"at": school} if school else {}
                        self.records[row["id"]] = {**row, **at, "type": kind}

    def all(self, kind: str) -> Iterator[tuple[str, dict[str, str]]]:
        return ((name, each) for name, each in self.records.items() if each["type"] == kind)

    def ledger(self, name: str) -> list[dict[str, str]]:
        return [row for path in sorted(self.root.rglob(name)) for row in rows(path)]

    def objectives(self, record: dict[str, str]) -> set[str]:
        found = set()
        for target in split(record.get("advances", "")):
            other = self.records.get(target, {"type": ""})
            found |= {target} if other["type"] == "objective" else set(split(other["measures"]))
        return found


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,]", text) if part.strip()]


def is_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def blanks(read: Read, today: date, *, late: bool) -> Iterator[Key]:
    due = {each["objective"]: each["by"] for each in read.settings.get("actions_due", [])}
    for school, _ in read.all("school"):
        living = set()
        for _, action in read.all("action"):
            if school in split(action["at"]) and action["status"] in LIVING:
                living |= read.objectives(action)
        for objective, _ in read.all("objective"):
            passed = objective in due and due[objective] < today
            if objective not in living and passed == late:
                yield "blank", school, objective


def of_actions(read: Read, today: date) -> Iterator[Key]:
    for name, action in read.all("action"):
        status, starts = action["status"], is_day(action.get("starts"))
        open_, due = status in ("planned", "active"), is_day(action.get("due"))
        started = status in ("active", "done") or (open_ and starts and starts <= today)
        if open_ and due and due < today:
            yield "overdue", name, ""
        if open_ and not action.get("backed_up_by"):
            yield "backup", name, ""
        for column in ("look_for", "evidence"):
            if started and not action.get(column):
                yield column.replace("_", "-"), name, ""


def of_readings(read: Read, today: date) -> Iterator[Key]:
    for name, result in read.all("key_result"):
        taken = [is_day(r["date"]) for r in read.ledger("readings.csv") if r["key_result"] == name]
        for period in read.settings["school_year"]["marking_periods"]:
            asked = period["ends"] < today and period["starts"] <= (
                is_day(result.get("due")) or today
            )
            if asked and not any(
                day and period["starts"] <= day <= period["ends"] for day in taken
            ):
                yield "reading", name, ""
                break


def of_use(read: Read, _today: date) -> Iterator[Key]:
    runs: dict[str, set[str]] = {}
    for name, action in read.all("action"):
        for protocol in split(action.get("uses", "")) if action["status"] in LIVING else ():
            runs.setdefault(protocol, set()).add(name)
    for name, session in read.all("session"):
        for protocol in split(session.get("runs", "")):
            runs.setdefault(protocol, set()).add(name)
    for name, _ in read.all("protocol"):
        if name not in runs:
            yield "protocol", name, ""
    used = {
        term
        for _, each in (*read.all("protocol"), *read.all("exemplar"))
        for term in (*split(each.get("develops", "")), *split(each.get("illustrates", "")))
    }
    for name, _ in read.all("term"):
        if name not in used:
            yield "term", name, ""
    carrying = {
        subsystem
        for name, each in read.all("protocol")
        for subsystem in split(each.get("strengthens", ""))
        if any(
            read.objectives(read.records[run]) or split(read.records[run].get("serves", ""))
            for run in runs.get(name, ())
        )
    }
    for name, _ in read.all("subsystem"):
        if name not in carrying:
            yield "subsystem", name, ""


def of_others(read: Read, today: date) -> Iterator[Key]:
    for name, _ in read.all("objective"):
        kinds = {kr["measure"] for _, kr in read.all("key_result") if name in split(kr["measures"])}
        if kinds == {"implementation"}:
            yield "measure", name, ""
    for name, assessment in read.all("assessment"):
        if not assessment.get("analysed_in"):
            yield "analysis", name, ""
    months = read.settings.get("thresholds", {}).get("review_months", 12)
    for name, each in read.records.items():
        day = is_day(each.get("reviewed"))
        if day:
            year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
            while day.day > monthrange(year, month + 1)[1]:
                day -= timedelta(days=1)
            if date(year, month + 1, day.day) <= today:
                yield "review", name, ""
    for name, role in read.all("role"):
        if role["status"] == "vacant":
            yield "role", name, ""
        if name not in read.paths:
            yield "path", name, ""


def of_hours(read: Read, today: date) -> Iterator[Key]:
    """Held sessions of teachers in the year without a share of their time, once one has some."""
    year = read.settings["school_year"]
    parts = ("logistics", "pacing", "strategies", "talk", "lessons")
    held = {
        name: [part for part in parts if each.get(f"time_{part}")]
        for name, each in read.all("session")
        if "teacher" in split(each["audiences"])
        and each.get("hours")
        and year["starts"] <= date.fromisoformat(each["date"]) <= year["ends"]
        and date.fromisoformat(each["date"]) < today
    }
    if any(held.values()):
        yield from (("use-of-time", name, "") for name, said in held.items() if not said)


def of_words(read: Read, _today: date) -> Iterator[Key]:
    settled = [name.split("_", 1)[1].replace("_", " ").lower() for name, _ in read.all("term")]
    watched = [w for w in read.settings.get("words", {}).get("watch", []) if w not in settled]
    words = re.compile(rf"(?i)(?<!\w)({'|'.join(map(re.escape, watched)) or '(?!)'})s?(?!\w)")
    for kind in ("action", "protocol"):
        for name, each in read.all(kind):
            text = Path(each["file"]).read_text("utf-8") if kind == "protocol" else str(each)
            if words.search(text):
                yield "unsettled", name, ""


def of_forms(read: Read, _today: date) -> Iterator[Key]:
    """Entries that lack a heading which the reference of forms asks of all of their type."""
    said = (KIT / "docs" / "reference" / "forms.md").read_text(encoding="utf-8")
    for kind, title in (("term", "Word"), ("protocol", "Protocol"), ("exemplar", "Exemplar")):
        table = re.search(rf"(?ms)^## {title}\n(.*?)(?=^## |\Z)", said)
        assert table
        headings = [
            re.findall(r"\*([^*]+)\*", place)
            for part, place in re.findall(r"(?m)^\| ([^|]+) \| (heading [^|]+) \|", table[1])
            if "(welcome)" not in part and "(of " not in part
        ]
        assert headings
        for name, each in read.all(kind):
            text = Path(each["file"]).read_text(encoding="utf-8").lower()
            there = set(re.findall(r"(?m)^#+ (.*?)\s*$", text))
            if not all({one.lower() for one in some} & there for some in headings):
                yield f"{kind}-parts", name, ""


COUNTS: tuple[Callable[[Read, date], Iterator[Key]], ...] = (
    lambda read, today: blanks(read, today, late=True),
    of_actions,
    of_readings,
    of_use,
    of_others,
    of_hours,
    of_words,
    of_forms,
)

#: Rules whose gaps are counted in the tests of the capability they belong to.
COUNTED_ELSEWHERE = (
    *("to-confirm", "wordings", "paper-only", "practice-only"),
    *("assessment", "assessment-day", "analysis-before", "analysis-late"),
)


@dataclass
class Shown:
    """What a built site says, and what was counted for it."""

    site: Path
    read: Read
    rows: list[dict[str, Any]]
    page: str

    @property
    def today(self) -> date:
        """The day of the build: of any dated gap, its start and its age."""
        dated = next(row for row in self.rows if row["days"])
        return date.fromisoformat(dated["since"]) + timedelta(days=dated["days"])

    def keys(self, state: str) -> list[Key]:
        found = [row["key"].split("-") for row in self.rows if row["state"] == state]
        return [key for key in map(key_of, found) if key[0] not in COUNTED_ELSEWHERE]

    @cached_property
    def counted(self) -> set[Key]:
        return {key for count in COUNTS for key in count(self.read, self.today)}

    def excepted(self) -> set[Key]:
        return {
            (row["rule"], row["record"], row["about"] if row["rule"] == "blank" else "")
            for row in self.read.ledger("exceptions.csv")
            if date.fromisoformat(row["until"]) >= self.today
        }


def key_of(parts: list[str]) -> Key:
    at = next(nth for nth, part in enumerate(parts) if part.isupper())
    return "-".join(parts[:at]), parts[at], parts[at + 1] if len(parts) > at + 1 else ""


@pytest.fixture(scope="module", params=["sample", "wide"])
def shown(request: pytest.FixtureRequest) -> Shown:
    if request.param == "sample":
        site, source = request.getfixturevalue("published_site"), SAMPLE
    else:
        site = request.getfixturevalue("wide_site")
        source = request.getfixturevalue("wide_source")
    told = json.loads((site / "data" / "gaps.json").read_text(encoding="utf-8"))
    page = html.unescape((site / "progress" / "gaps.html").read_text(encoding="utf-8"))
    return Shown(site, Read(source), told, page)


def test_each_rule_finds_what_a_plain_count_finds(shown: Shown) -> None:
    counted, excepted = shown.counted, shown.excepted()
    assert Counter(rule for rule, *_ in shown.keys("open")) == Counter(
        rule for rule, *_ in counted - excepted
    )
    assert set(shown.keys("open")) == counted - excepted
    assert len(shown.keys("open")) == len(counted - excepted)


def test_what_is_not_due_and_what_is_excepted(shown: Shown) -> None:
    to_come = set(blanks(shown.read, shown.today, late=False))
    excepted = shown.excepted() & (to_come | shown.counted)
    assert set(shown.keys("not due yet")) == to_come - excepted
    assert set(shown.keys("exception")) == excepted


def test_the_figures_of_the_page(shown: Shown) -> None:
    open_ = [row for row in shown.rows if row["state"] == "open"]
    late = sum(row["late"] == "yes" for row in open_)
    assert f'data-count="open=1">{len(open_)}<' in shown.page
    assert f'data-count="late=1">{late}<' in shown.page
    by_rule = {
        title: (int(total), int(said))
        for title, total, said in re.findall(
            r'<tr><th scope="row"><a href="#gap-[\w-]+">([^<]+)</a></th><td>(\d+)</td><td>(\d+)<',
            shown.page,
        )
    }
    assert by_rule == {
        title: (
            sum(row["rule"] == title for row in open_),
            sum(row["rule"] == title and row["late"] == "yes" for row in open_),
        )
        for title in {row["rule"] for row in open_}
    }
    ids = re.findall(r'<li class="gap[^>]* id="(gap-[\w-]+)"', shown.page)
    assert sorted(ids) == sorted(f"gap-{row['key']}" for row in shown.rows)


def test_the_sums_by_owner(shown: Shown) -> None:
    """Counted from the pages: the owner of the record, or who leads it."""
    said = {
        role: (int(total), int(late))
        for role, total, late in re.findall(
            r'<a href="\?role=(\w+)">[^<]+</a></th><td>(\d+)</td><td>(\d+)<', shown.page
        )
    }
    counted: Counter[str] = Counter()
    late: Counter[str] = Counter()
    ((_, vision),) = shown.read.all("vision")
    for row in shown.rows:
        if row["state"] == "open":
            record = shown.read.records[row["record_id"]]
            owner = record.get("owner") or record.get("led_by")
            if not owner and record["type"] == "role" and record["status"] == "vacant":
                owner = record.get("covered_by")
            for role in split(owner or vision["owner"]):
                counted[role] += 1
                late[role] += row["late"] == "yes"
    assert said == {role: (count, late[role]) for role, count in counted.items()}


def test_each_school_says_how_many_of_them_are_its_own(shown: Shown) -> None:
    own: Counter[str] = Counter()
    late: Counter[str] = Counter()
    for row in shown.rows:
        record = shown.read.records[row["record_id"]]
        at = row["record_id"] if record["type"] == "school" else record.get("at", "")
        for school in split(at) if row["state"] == "open" else ():
            own[school] += 1
            late[school] += row["late"] == "yes"
    schools = dict(shown.read.all("school"))
    assert own
    for school, each in schools.items():
        file = Path(each["file"]).relative_to(shown.read.root).with_suffix(".html")
        text = (shown.site / file).read_text(encoding="utf-8")
        (box,) = re.findall(r'<p class="open-gaps"[^>]*>(.*?)</p>', text)
        count = own[school]
        plural = "" if count == 1 else "s"
        if count:
            address = (
                f'href="../../progress/gaps.html?school={school}">{count} gap{plural} to close'
            )
            assert address in box
        else:
            assert "No gap to close" in box
        assert (f"{late[school]} past" in box) == (late[school] > 0)
