"""System health: every number of the built page, counted again from the sources by plain loops.

Nothing of the kit is used here. What the register of gaps holds is counted as in the test of the
register; here it is told to whom each gap belongs.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from tests.sphinx_ext.test_gap_counts import (
    COUNTED_ELSEWHERE,
    LIVING,
    Shown,
    is_day,
    key_of,
    of_forms,
    of_others,
    shown,
    split,
)

__all__ = ["shown"]
ENTRIES = (
    "vision",
    "objective",
    "key_result",
    "subsystem",
    "term",
    "protocol",
    "exemplar",
    "decision",
)
EXPECTED = (
    *(("vision", "objective", "key_result", "term"), ("session",)),
    *(("protocol",), ("exemplar", "decision")),
)
#: The words of a link are the name of what it leads to, and no other word of the glossary.
LINK = re.compile(r"\{(?!word\})\w+\}`[^`]*`|\[[^\]]*\]\([^)]*\)")
CARRIERS = ("protocol", "session", "exemplar", "action", "decision", "key_result", "assessment")
TOLD = ("term-parts", "protocol-parts", "exemplar-parts", "subsystem")
AT_WORK = ("onboarding", "schools", "learning")


class Counted:
    """A source folder, counted for the page of system health."""

    def __init__(self, shown: Shown) -> None:
        self.shown, self.read, self.today = shown, shown.read, shown.today
        self.records = self.read.records

    def links(self, link: str, target: str) -> set[str]:
        return {name for name, each in self.records.items() if target in split(each.get(link, ""))}

    def all(self, kind: str) -> list[str]:
        return [name for name, each in self.records.items() if each["type"] == kind]

    # ---------------------------------------------------------------- what belongs to a part

    def work(self, subsystem: str) -> dict[str, set[str]]:
        protocols = {n for n in self.links("strengthens", subsystem) if n in self.all("protocol")}
        by_type: dict[str, set[str]] = {"protocol": protocols}
        for kind, link in (("session", "runs"), ("action", "uses"), ("exemplar", "illustrates")):
            by_type[kind] = {
                name
                for name in self.all(kind)
                if protocols & set(split(self.records[name].get(link, "")))
                and (kind != "action" or self.records[name]["status"] in LIVING)
            }
        return by_type

    def objectives(self, by_type: dict[str, set[str]]) -> set[str]:
        found = set()
        for name in by_type["action"]:
            found |= self.read.objectives(self.records[name])
        for name in by_type["session"]:
            found |= set(split(self.records[name]["serves"]))
        return found

    # ---------------------------------------------------------------- elements

    def elements(self, subsystem: str) -> list[str]:
        """Each bullet of the subsystem's block, with its links."""
        text = Path(self.records[subsystem]["file"]).read_text(encoding="utf-8")
        block = re.search(rf"(?ms)^:::\{{subsystem\}}[^\n]*\n:id: {subsystem}\n(.*?)^:::", text)
        assert block
        return re.findall(r"(?ms)^- (.*?)(?=^- |\Z|\n\n)", block[1])

    def carried(self, element: str) -> bool:
        named = re.findall(r"\{need\}`[^`]*?(\w+)>?`", element)
        return any(self.records.get(name, {"type": ""})["type"] in CARRIERS for name in named)

    # ---------------------------------------------------------------- how far codified

    @cached_property
    def captured(self) -> set[str]:
        return {name for _, name, _ in of_forms(self.read, self.today)} | set(self.bare())

    def bare(self) -> Iterator[str]:
        """Key results and decisions with an option left out."""
        for kind, options in (
            ("key_result", ("baseline", "target", "due", "source")),
            ("decision", ("date", "body", "affects")),
            ("exemplar", ("grade",)),
            ("protocol", ("group", "bring", "minutes")),
            ("term", ("aligns_with",)),
        ):
            for name in self.all(kind):
                if not all(self.records[name].get(option) for option in options):
                    yield name

    @cached_property
    def pages(self) -> dict[str, str]:
        root = self.read.root
        return {
            path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
            for path in root.rglob("*.md")
        }

    def named_in(self, record: str, *folders: str) -> bool:
        """Whether a page of these folders links to it, or says a word of the glossary."""
        own = self.records[record]["file"]
        words = []
        if self.records[record]["type"] == "term":
            title = re.search(r"(?m)^# (.*)$", Path(own).read_text(encoding="utf-8"))
            assert title
            words = [title[1], *split(self.records[record].get("also", ""))]
        linked = re.compile(rf"[`<]{record}[`>]")
        marked = r"\{word\}`[^`]*" if self.records[record].get("linking") == "marked" else ""
        forms = "|".join(rf"{marked}\b{re.escape(word)}(?:e?s)?\b" for word in words)
        said = re.compile(forms or "(?!)", re.IGNORECASE)
        return any(
            linked.search(text) or said.search(LINK.sub("", text))
            for page, text in self.pages.items()
            if page.split("/")[0] in folders and not own.endswith(page)
        )

    def is_run(self, protocol: str) -> bool:
        return (
            bool(self.links("runs", protocol) & set(self.all("session")))
            or any(self.records[n]["status"] in LIVING for n in self.links("uses", protocol))
            or self.named_in(protocol, "onboarding")
        )

    def run_pages_name(self, record: str) -> bool:
        """Whether the page of a protocol that is run links to it."""
        for protocol in self.all("protocol"):
            text = Path(self.records[protocol]["file"]).read_text(encoding="utf-8")
            if (f"`{record}`" in text or f"<{record}>" in text) and self.is_run(protocol):
                return True
        return False

    def runs(self, name: str) -> bool:
        """Whether something runs an entry that has no empty part."""
        kind, said = self.records[name]["type"], self.records[name]
        if kind == "protocol":
            return self.is_run(name)
        if kind == "term":
            developing = self.links("develops", name)
            return any(map(self.is_run, developing)) or self.named_in(name, *AT_WORK)
        if kind == "exemplar":
            return self.named_in(name, *AT_WORK) or self.run_pages_name(name)
        if kind == "decision":
            dated = (self.records.get(target, {"type": ""}) for target in split(said["affects"]))
            return (
                any(
                    each["type"] == "session"
                    or (each["type"] == "action" and each["status"] in LIVING)
                    for each in dated
                )
                or self.named_in(name, *AT_WORK)
                or self.run_pages_name(name)
            )
        if kind == "key_result":
            living = (self.records[n]["status"] in LIVING for n in self.links("advances", name))
            informs = (self.records[n].get("analysed_in") for n in self.links("informs", name))
            return any(living) or any(informs)
        if kind == "objective":
            return (
                any(self.records[n]["status"] in LIVING for n in self.links("advances", name))
                or bool(self.links("serves", name))
                or any(map(self.runs, self.links("measures", name)))
            )
        if kind == "subsystem":
            return any(map(self.is_run, self.links("strengthens", name)))
        return any(map(self.runs, self.links("realises", name)))

    @cached_property
    def embedded(self) -> set[str]:
        entries = (name for kind in ENTRIES for name in self.all(kind))
        return {name for name in entries if name not in self.captured and self.runs(name)}

    # ---------------------------------------------------------------- how fresh, what lacks

    @cached_property
    def overdue(self) -> set[str]:
        return {name for rule, name, _ in of_others(self.read, self.today) if rule == "review"}

    def soon(self, names: set[str]) -> int:
        """Not overdue today, and overdue so many days on: asked of the plain count of reviews."""
        days = self.read.settings.get("thresholds", {}).get("due_soon_days", 60)
        later = of_others(self.read, self.today + timedelta(days=days))
        return len({name for rule, name, _ in later if rule == "review"} & names - self.overdue)

    @cached_property
    def gaps(self) -> dict[str, set[tuple[str, str, str]]]:
        """Gaps that count by record: counted plainly, but for rules that are counted elsewhere."""
        keys = {key for key in self.shown.counted - self.shown.excepted() if key[0] not in TOLD}
        told = (row["key"].split("-") for row in self.shown.rows if row["state"] == "open")
        keys |= {key for key in map(key_of, told) if key[0] in COUNTED_ELSEWHERE}
        found: dict[str, set[tuple[str, str, str]]] = {}
        for key in keys:
            found.setdefault(key[1], set()).add(key)
        return found

    def late(self, names: set[str]) -> int:
        return sum(
            row["late"] == "yes"
            and row["state"] == "open"
            and key_of(row["key"].split("-"))[0] not in TOLD
            for row in self.shown.rows
            if row["record_id"] in names
        )

    # ---------------------------------------------------------------- a row of the page

    def expected(self) -> dict[str, dict[str, Any]]:
        made = {}
        for number, stage in enumerate(self.all("stage")):
            here = self.links("stage", stage)
            kinds = {self.records[name]["type"] for name in here}
            entries = {name for name in here if self.records[name]["type"] in ENTRIES}
            there = [kind in kinds for kind in EXPECTED[number]]
            made[stage] = self.row({stage} | here, there, entries, here)
            made[stage] |= {"elements": 0, "elements_carried": 0, "objectives": 0}
            for kind in ("protocol", "session", "action"):
                made[stage][f"{kind}s"] = sum(self.records[n]["type"] == kind for n in here)
        for subsystem in self.all("subsystem"):
            by_type = self.work(subsystem)
            elements = self.elements(subsystem)
            there = [bool(names) for names in by_type.values()]
            carried = [self.carried(each) for each in elements]
            entries = by_type["protocol"] | by_type["exemplar"]
            everything = entries | by_type["session"] | by_type["action"] | {subsystem}
            dated = entries | by_type["session"]
            made[subsystem] = self.row(everything, [*there, *carried], entries, dated)
            made[subsystem] |= {"elements": len(elements), "elements_carried": sum(carried)}
            made[subsystem] |= {"objectives": len(self.objectives(by_type))}
            for kind in ("protocol", "session", "action"):
                made[subsystem][f"{kind}s"] = len(by_type[kind])
        return made

    def row(
        self, everything: set[str], there: list[bool], entries: set[str], dated: set[str]
    ) -> dict[str, Any]:
        days = [day for name in dated if (day := is_day(self.records[name].get("reviewed")))]
        fresh = dated - self.overdue
        empty = entries & self.captured
        gaps = sum(len(self.gaps.get(name, ())) for name in everything)
        marks = {
            "there": mark(sum(there), len(there)) if any(there) else "empty",
            "codified": mark(len(entries & self.embedded), len(entries)),
            "fresh": mark(len(fresh), len(dated)),
        }
        order = ["empty", "weak", "growing", "strong"]
        return {
            "mark": min((each for each in marks.values() if each), key=order.index),
            "there": sum(there),
            "expected": len(there),
            "there_mark": marks["there"],
            "entries": len(entries),
            "captured": len(empty),
            "embedded": len(entries & self.embedded),
            "codified_mark": marks["codified"],
            "records": len(dated),
            "reviewed_in_time": len(fresh),
            "fresh_mark": marks["fresh"],
            "oldest_review": min(days).isoformat() if days else "",
            "due_soon": self.soon(dated),
            "lacks": there.count(False) + len(empty) + gaps,
            "missing": there.count(False),
            "empty_parts": len(empty),
            "gaps": gaps,
            "late_gaps": self.late(everything),
        }


def mark(part: int, whole: int) -> str:
    if not whole:
        return ""
    share = part / whole
    return "strong" if share >= 0.8 else "growing" if share >= 0.5 else "weak"


@pytest.fixture(scope="module")
def counted(shown: Shown) -> Counted:
    return Counted(shown)


@pytest.fixture(scope="module")
def page(shown: Shown) -> str:
    return html.unescape((shown.site / "progress" / "health.html").read_text(encoding="utf-8"))


def told(site: Path) -> dict[str, dict[str, Any]]:
    rows = json.loads((site / "data" / "system-health.json").read_text(encoding="utf-8"))
    return {row.pop("part_id"): row for row in rows}


def test_every_number_is_that_of_a_plain_count(shown: Shown, counted: Counted) -> None:
    found = told(shown.site)
    mine = counted.expected()
    assert list(found) == list(mine)
    for part, row in mine.items():
        assert {name: found[part][name] for name in row} == row, part
        levels = ("captured", "documented", "named", "embedded")
        assert sum(found[part][name] for name in levels) == row["entries"]


def test_the_table_of_the_page_says_the_same(shown: Shown, counted: Counted, page: str) -> None:
    mine = counted.expected()
    table = page.partition('<table class="matrix health-table">')[2].partition("</table>")[0]
    rows = re.findall(r'<tr><th scope="row"><a href="#health-(\w+)">.*?</tr>', table, re.S)
    assert rows == list(mine)
    for part, row in mine.items():
        for name, share in (
            ("there", f"{row['there']} of {row['expected']}"),
            ("codified", f"{row['embedded']} of {row['entries']}"),
            ("fresh", f"{row['reviewed_in_time']} of {row['records']}"),
        ):
            cell = table.partition(f'href="#health-{part}-{name}">')[2].partition("</a>")[0]
            assert f"status--{row[f'{name}_mark']}" in cell
            assert f">{share}<" in cell
        lacks = table.partition(f'href="#health-{part}-lacks">')[2].partition("</a>")[0]
        late = (
            f'<span class="health-share">{row["late_gaps"]} late</span>' if row["late_gaps"] else ""
        )
        assert lacks == (f"<span>{row['lacks']}</span>{late}" if row["lacks"] else "nothing")


def test_the_sentence_counts_the_marks(counted: Counted, page: str) -> None:
    marks = Counter(row["mark"] for row in counted.expected().values())
    sentence = re.search(r'<p class="health-sentence">(.*?)</p>', page)
    assert sentence
    if len(marks) == 1:
        assert sentence[1] == f"All {marks.total()} parts of the system are {next(iter(marks))}."
        return
    said = re.findall(r"(\d+) (?:is|are) (\w+)", sentence[1])
    assert {word: int(count) for count, word in said} == marks
    assert f"Of {marks.total()} parts" in sentence[1]


def test_the_weakest_places_are_the_weakest(counted: Counted, page: str) -> None:
    order = ["empty", "weak", "growing", "strong"]
    ranks = {}
    for part, row in counted.expected().items():
        shares = {
            "there": (row["there_mark"], row["there"] / (row["expected"] or 1)),
            "codified": (row["codified_mark"], row["embedded"] / (row["entries"] or 1)),
            "fresh": (row["fresh_mark"], row["reviewed_in_time"] / (row["records"] or 1)),
        }
        ranks[part] = min(
            (order.index(mark), share, name) for name, (mark, share) in shares.items() if mark
        )
    weakest = sorted(rank[:2] for rank in ranks.values() if rank[0] < 3)[:3]
    places = re.findall(r'<p class="health-place"><a href="#health-(\w+)-(\w+)">', page)
    assert [ranks[part][:2] for part, _ in places] == weakest
    assert len({part for part, _ in places}) == len(places) == 3


def test_each_number_leads_to_what_stands_behind_it(
    shown: Shown, counted: Counted, page: str
) -> None:
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert set(re.findall(r'href="#(health-[^"]+)"', page)) <= ids
    gaps = html.unescape((shown.site / "progress" / "gaps.html").read_text(encoding="utf-8"))
    on_register = set(re.findall(r'\bid="(gap-[^"]+)"', gaps))
    leading = set(re.findall(r'href="gaps\.html#(gap-[^"]+)"', page))
    assert leading
    assert leading <= on_register
    for part in counted.all("subsystem"):
        by_type = counted.work(part)
        for kind in ("action", "session"):
            asked = f'"{kind}s.html?subsystem={part}"'
            assert (asked in page) == (len(by_type[kind]) > 40)


def test_one_more_reading_of_elements_in_the_sample(
    request: pytest.FixtureRequest, published_site: Path
) -> None:
    """Of the 28 elements of the sources, those that only a word or a page explains."""
    found = told(published_site)
    assert sum(row["elements"] for row in found.values()) == 28
    page = html.unescape((published_site / "progress" / "health.html").read_text(encoding="utf-8"))
    bare = re.findall(r'status--planned">([^<]+)</span> <span class="muted">', page)
    carried = re.findall(r'<li><span class="status status--done">([^<]+)</span>', page)
    assert len(bare) + len(carried) == 28
    assert "Leaders steer for the long term" in bare
    assert "Teams look at student work" in carried


def test_the_flywheel_and_the_subsystems_show_their_marks(published_site: Path) -> None:
    found = told(published_site)
    for name, kind in (("flywheel", "stage"), ("subsystems", "subsystem")):
        text = (published_site / "vision" / f"{name}.html").read_text(encoding="utf-8")
        line = text.partition('<div class="health-line"')[2].partition("</div>")[0]
        said = re.findall(
            r'status--(\w+)">\w+</span> <a href="../progress/health.html#health-(\w+)">', line
        )
        mine = [(row["mark"], part) for part, row in found.items() if row["type"] == kind]
        assert said == mine
