"""What a change would reach, as pages say it, beside a count over the source by plain loops.

On the sample and on a district of 200 schools.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

from tests.data.counting import Written, dependants, written
from tests.sites import SAMPLE

WORDS = {
    "action": "action",
    "session": "session",
    "protocol": "protocol",
    "exemplar": "exemplar",
    "term": "word",
    "key_result": "key result",
    "objective": "objective",
    "assessment": "assessment",
    "decision": "decision",
    "school": "school",
    "subsystem": "subsystem",
    "vision": "vision",
    "role": "role",
    "standard": "standard",
    "stage": "flywheel stage",
}


@dataclass(frozen=True)
class Counted:
    """A built district with what plain loops find in its source."""

    site: Path
    records: dict[str, Written]
    reached: dict[str, set[str]]
    pieces: dict[str, str]

    def affected(self, record_id: str) -> Counter[str]:
        """How many of each type depend on the record."""
        return Counter(self.records[each].type for each in self.reached[record_id])

    def schools(self, record_id: str, type_name: str) -> Counter[str]:
        """How many of that type a change would reach at each school."""
        return Counter(
            school
            for each in self.reached[record_id]
            if self.records[each].type == type_name
            for school in set(self.records[each].ids("at"))
        )


PIECE = re.compile(
    r'<section class="used-in" data-record="(\w+)".*?(?=</section>)'
    r'|<article class="record-card" id="(\w+)".*?(?=</article>)',
    re.S,
)
SUM = re.compile(r'<div class="school-sum".*?</div>', re.S)


def pieces(site: Path, records: dict[str, Written]) -> dict[str, str]:
    """The card of each record, or the end of its page; for a school the sum on its page."""
    found = {}
    for name in sorted({record.page for record in records.values()}):
        html = (site / f"{name}.html").read_text("utf-8")
        found.update({piece[1] or piece[2]: piece[0] for piece in PIECE.finditer(html)})
        school = next(
            (each.id for each in records.values() if each.page == name and each.type == "school"),
            None,
        )
        if school and (told := SUM.search(html)):
            found[school] = told[0]
    return found


@pytest.fixture(scope="module", params=["sample", "wide"])
def counted(request: pytest.FixtureRequest) -> Counted:
    if request.param == "sample":
        source, site = SAMPLE, Path(request.getfixturevalue("published_site"))
    else:
        source = Path(request.getfixturevalue("wide_source"))
        site = Path(request.getfixturevalue("wide_site"))
    records = written(source)
    return Counted(site, records, dependants(records), pieces(site, records))


def numbers(sentence: str) -> tuple[Counter[str], Counter[str]]:
    """From `3 actions in 2 schools, 1 session`: how many of each, and in how many schools."""
    many = {f"{word}s": name for name, word in WORDS.items()}
    one = {word: name for name, word in WORDS.items()}
    counts: Counter[str] = Counter()
    schools: Counter[str] = Counter()
    for part in re.split(r", | and | · ", sentence):
        if found := re.fullmatch(r"(\d+) ([a-z ]+?)(?: in (\d+) schools)?", part):
            name = many.get(found[2]) or one[found[2]]
            counts[name] = int(found[1])
            schools[name] = int(found[3] or 0)
    return counts, schools


def compare(counted: Counted, record_id: str, sentence: str) -> list[str]:
    said, in_schools = numbers(sentence)
    wrong = []
    if said != counted.affected(record_id):
        wrong.append(f"{record_id}: {said} said, {counted.affected(record_id)} counted")
    for name, told in in_schools.items():
        real = len(counted.schools(record_id, name))
        if told != (real if real > 1 else 0):
            wrong.append(f"{record_id}: {told} schools said, {real} counted ({name})")
    return wrong


def test_pages_say_how_much_a_change_would_reach(counted: Counted) -> None:
    wrong, seen = [], Counter[str]()
    for record_id, piece in counted.pieces.items():
        if piece.startswith("<section"):
            said = re.search(r"If this changed, <strong>(.*?)</strong>", piece)
            wrong += compare(counted, record_id, said[1] if said else "")
            seen[counted.records[record_id].type] += 1
    assert wrong == []
    assert {"vision", "objective", "protocol", "term", "exemplar"} <= set(seen)


def test_cards_say_how_much_a_change_would_reach(counted: Counted) -> None:
    wrong, seen = [], Counter[str]()
    for record_id, piece in counted.pieces.items():
        if piece.startswith("<article"):
            said = re.search(r"<summary>Where this is used: (.*?)</summary>", piece)
            told = re.split(r"(?: · |^)(?:mentioned in|shaped by)", said[1])[0] if said else ""
            wrong += compare(counted, record_id, told)
            seen[counted.records[record_id].type] += 1
    assert wrong == []
    assert {"key_result", "role", "standard", "stage", "subsystem", "decision"} <= set(seen)


def test_lists_by_school_count_as_plain_loops_do(counted: Counted) -> None:
    wrong, seen = [], 0
    for record_id, piece in counted.pieces.items():
        for told in re.findall(r'class="by-school">(.*?)</details>', piece, re.S):
            rows = re.findall(r'#(\w+)">[^<]*</a> (\d+)</li>', told)
            type_name = "action" if "actions" in told else "session"
            seen += 1
            real = counted.schools(record_id, type_name)
            if Counter({school: int(count) for school, count in rows}) != real:
                wrong.append(record_id)
    assert wrong == []
    assert seen


def test_files_count_as_plain_loops_do(counted: Counted) -> None:
    files = sorted((counted.site / "data").glob("used-in-*.csv"))
    assert len(files) > 30
    wrong = []
    for path in files:
        with path.open(encoding="utf-8", newline="") as rows:
            told = list(csv.DictReader(rows))
        record_id = told[0]["record_id"]
        if counted.records[record_id].type == "school":
            continue
        said: Counter[str] = Counter()
        for row in told:
            if row["relation"] not in ("mentioned in", "decided in"):
                said[row["type"]] += 0 if row["relation"] == "through others" else 1
        named = {row["used_by_id"] for row in told if row["relation"] != "mentioned in"}
        through = [row for row in told if row["relation"] == "through others"]
        for type_name, count in counted.affected(record_id).items():
            left = {
                each
                for each in counted.reached[record_id] - named
                if counted.records[each].type == type_name
            }
            at = sum(len(set(counted.records[each].ids("at"))) for each in left)
            sums = sum(int(row["count"]) for row in through if row["type"] == type_name)
            if (said[type_name] + len(left), sums) != (count, at):
                wrong.append(f"{path.name}: {type_name}")
    assert wrong == []


def test_schools_say_what_is_blank(counted: Counted) -> None:
    """Objectives, those with a living action, and each that is blank, by name."""
    objectives = {r.id for r in counted.records.values() if r.type == "objective"}
    covered: dict[str, set[str]] = {}
    for action in counted.records.values():
        if action.type == "action" and action.said["status"] in ("planned", "active", "done"):
            for target in action.ids("advances"):
                for objective in (
                    [target] if target in objectives else counted.records[target].ids("measures")
                ):
                    for school in action.ids("at"):
                        covered.setdefault(school, set()).add(objective)
    titles = {
        name: title(counted.site / f"{counted.records[name].page}.html") for name in objectives
    }
    schools = [record for record in counted.records.values() if record.type == "school"]
    assert schools
    blanks = 0
    for school in schools:
        told = counted.pieces[school.id]
        living = len(covered.get(school.id, ()))
        blank = objectives - covered.get(school.id, set())
        sentence = f"{len(objectives)} objectives, {living} with a living action"
        sentence += f", {len(blank)} blank." if blank else "."
        assert sentence in told, school.id
        named = re.findall(r'<a href="#plan-\d+">(.*?)</a>', told)
        assert sorted(map(unescape, named)) == sorted(titles[name] for name in blank), school.id
        blanks += len(blank)
    assert blanks


def title(path: Path) -> str:
    found = re.search(r"<h1>(.*?)<", path.read_text("utf-8"))
    assert found
    return unescape(found[1])


def test_schools_say_what_is_due_next(counted: Counted) -> None:
    """The three that are due first, after all that are past their day."""
    actions: dict[str, list[tuple[str, str]]] = {}
    for action in counted.records.values():
        if action.type == "action" and action.said["status"] in ("planned", "active"):
            for school in action.ids("at"):
                if due := action.said.get("due"):
                    actions.setdefault(school, []).append((due, action.id))
    for school in (record for record in counted.records.values() if record.type == "school"):
        told = counted.pieces[school.id]
        rows = re.findall(r'<li[^>]*><a href="#(ACT_\w+)">.*?datetime="([\d-]+)"', told)
        late = told.count(">was due <")
        expected = sorted(actions.get(school.id, []))[: late + 3]
        assert [(due, name) for name, due in rows] == expected, school.id
