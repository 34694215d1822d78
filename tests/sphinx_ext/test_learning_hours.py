"""Hours of learning on the built pages, counted again from the tables by plain loops.

Nothing of the kit is used for the counts: CSV rows, patterns over the pages, and fractions.
"""

from __future__ import annotations

import csv
import html
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import pytest

from bench.district import TODAY
from tests.sites import KIT, SAMPLE, TINY, check, copy, manual

USES = ("logistics", "pacing", "strategies", "talk", "lessons")
SCHOOL = re.compile(r"(?m)^:id: (SCH_\w+)$")
SESSION = re.compile(r"(?m)^:{3,}\{session\}.*\n((?::[\w-]+:.*\n)+)")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,]", text) if part.strip()]


@dataclass
class Count:
    """A school's hours, by a plain loop."""

    held: Fraction = Fraction(0)
    planned: Fraction = Fraction(0)
    recorded: Fraction = Fraction(0)
    meaningful: Fraction = Fraction(0)
    coaching: Fraction = Fraction(0)
    sessions: int = 0
    kinds: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    aims: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    uses: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))


def sessions(source: Path) -> Iterator[dict[str, str]]:
    """Every session of the folder, those of a school with its id."""
    for page in sorted(source.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        for options in SESSION.findall(text):
            yield dict(re.findall(r"(?m)^:([\w-]+): *(.*)$", options))
        table = page.parent / "sessions.csv"
        if page.name == "index.md" and table.exists():
            school = SCHOOL.search(text)
            for row in rows(table):
                yield {**row, "at": school[1] if school else row["at"]}


def counted(source: Path, today: date) -> dict[str, Count]:
    """The hours of each school of a source folder."""
    found = {}
    for page in sorted(source.rglob("index.md")):
        for school in SCHOOL.findall(page.read_text(encoding="utf-8")):
            found[school] = Count()
    year = tomllib.loads((source / "district.toml").read_text(encoding="utf-8"))["school_year"]
    for session in sessions(source):
        day = date.fromisoformat(session["date"])
        if not year["starts"] <= day <= year["ends"] or not session["hours"]:
            continue
        if "teacher" not in split(session["audiences"]):
            continue
        hours = Fraction(session["hours"])
        for school in split(session["at"]) or found:
            _add(found[school], session, hours, day < today)
    return found


def _add(count: Count, session: dict[str, str], hours: Fraction, held: bool) -> None:
    if session["kind"] == "coaching":
        count.coaching += hours
        return
    count.sessions += 1
    count.kinds[session["kind"]] += hours
    for aim in split(session["serves"]):
        count.aims[aim] += hours / len(split(session["serves"]))
    if not held:
        count.planned += hours
        return
    count.held += hours
    shares = [session.get(f"time_{use}") for use in USES]
    if any(shares):
        count.recorded += hours
        count.meaningful += hours * Fraction(shares[-1] or 0) / 100
        for use, share in zip(USES, shares, strict=True):
            count.uses[use] += hours * Fraction(share or 0) / 100


def said(value: Fraction, places: int = 2) -> str:
    """A number with so many decimals at most, half up."""
    units = int(value * 10**places + Fraction(1, 2))
    text = f"{units / 10**places:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_on(site: Path) -> date:
    text = (site / "index.html").read_text(encoding="utf-8")
    found = re.search(r'release-label">[^<]*</span>,\s*<time datetime="([0-9-]{10})', text)
    assert found
    return date.fromisoformat(found[1])


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@dataclass
class Shown:
    source: Path
    site: Path
    today: date

    def page(self, name: str) -> str:
        return (self.site / f"{name}.html").read_text(encoding="utf-8")

    @cached_property
    def counts(self) -> dict[str, Count]:
        return counted(self.source, self.today)


@pytest.fixture(scope="module", params=["sample", "wide"])
def shown(request: pytest.FixtureRequest) -> Shown:
    if request.param == "sample":
        site = request.getfixturevalue("published_site")
        return Shown(SAMPLE, site, read_on(site))
    source, site = request.getfixturevalue("wide_source"), request.getfixturevalue("wide_site")
    return Shown(source, site, date.fromisoformat(TODAY))


# ---------------------------------------------------------------------------------- the ledger


def test_the_data_of_each_school(shown: Shown) -> None:
    told = {row["school_id"]: row for row in rows(shown.site / "data" / "learning-hours.csv")}
    counts = shown.counts
    assert told.keys() == counts.keys()
    for school, count in counts.items():
        row = told[school]
        mine = {
            "sessions": Fraction(count.sessions),
            "held": count.held,
            "planned": count.planned,
            "year": count.held + count.planned,
            "recorded": count.recorded,
            "unrecorded": count.held - count.recorded,
            "meaningful": count.meaningful,
            "coaching": count.coaching,
        }
        for name in row:
            start, _, key = name.partition("_")
            if start in ("structure", "objective", "use"):
                amounts = {"structure": count.kinds, "objective": count.aims, "use": count.uses}
                mine[name] = amounts[start].get(key, Fraction(0))
        del row["school_id"], row["school"], row["level"]
        assert row.keys() == mine.keys()
        for name, amount in mine.items():
            assert abs(Fraction(row[name]) - amount) <= Fraction(1, 10000), (school, name)
        for names in (count.kinds, count.aims):
            assert sum(names.values()) == count.held + count.planned


def test_the_rows_of_the_page(shown: Shown) -> None:
    page, counts = shown.page("learning/hours"), shown.counts
    table = re.findall(r'<tr data-item data-school="(\w+)"[^>]*>(.*?)</tr>', page, flags=re.DOTALL)
    assert [school for school, _ in table] == list(dict(table))
    told = {school: re.findall(r"<td>([\d.]+)</td>", cells) for school, cells in table}
    assert told == {
        school: [
            said(amount)
            for amount in (
                count.held,
                count.planned,
                count.held + count.planned,
                count.meaningful,
                count.held - count.recorded,
            )
        ]
        for school, count in counts.items()
    }


def test_the_figures_and_sums_of_the_page(shown: Shown) -> None:
    page, counts = shown.page("learning/hours"), list(shown.counts.values())
    held = sum((count.held for count in counts), Fraction(0))
    year = held + sum((count.planned for count in counts), Fraction(0))
    meaningful = sum((count.meaningful for count in counts), Fraction(0))
    figures = re.findall(r'figure-value">([\d.]+) h<', page)
    assert figures[:3] == [said(each / len(counts), 1) for each in (held, year, meaningful)]
    missing = held - sum((count.recorded for count in counts), Fraction(0))
    coaching = sum((count.coaching for count in counts), Fraction(0))
    text = plain(page)
    assert missing > 0
    assert f"Nobody recorded the use of {said(missing)} of {said(held)} held hours" in text
    assert f"comes on top: {said(coaching)} hours, in no sum" in text
    for name, of in (("structure", "kinds"), ("objective", "aims")):
        (table,) = re.findall(rf'aria-label="All schools by {name}".*?</table>', page, re.DOTALL)
        cells = [
            re.findall(r"<td>([\d.]+)</td>", row) for row in re.findall(r"<tr.*?</tr>", table)[1:]
        ]
        sums: dict[str, Fraction] = defaultdict(Fraction)
        for count in counts:
            for key, amount in getattr(count, of).items():
                sums[key] += amount
        assert sorted(row[-1] for row in cells[:-1]) == sorted(map(said, sums.values()))
        assert cells[-1][-3:] == [said(held), said(year - held), said(year)]


def test_the_use_of_time_beside_the_published_split(shown: Shown) -> None:
    counts = list(shown.counts.values())
    recorded = sum((count.recorded for count in counts), Fraction(0))
    (table,) = re.findall(
        r'aria-label="Use of the time: the numbers".*?</table>',
        shown.page("learning/hours"),
        re.DOTALL,
    )
    lines = [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in table.split("<tr>")[2:]]
    mine = {use: sum((count.uses[use] for count in counts), Fraction(0)) for use in USES}
    assert [line[-2:] for line in lines[:-1]] == [
        [f"{said(100 * hours / recorded, 1)}%", said(hours)] for hours in mine.values()
    ]
    if shown.source == SAMPLE:
        assert [line[1] for line in lines] == ["35%", "8%", "24%", "8%", "24%", "99%"]


def test_each_school_tells_its_own_hours(shown: Shown) -> None:
    for page in sorted(shown.source.glob("schools/*/index.md")):
        school = SCHOOL.findall(page.read_text(encoding="utf-8"))[0]
        count = shown.counts[school]
        text = shown.page(f"schools/{page.parent.name}/index")
        box = text.partition('<div class="school-hours"')[2].partition("</details>")[0]
        figures = re.findall(r'figure-value">([\d.]+) h<', box)
        assert figures == [said(count.held), said(count.planned), said(count.meaningful, 1)]
        assert f"That makes {said(count.held + count.planned)} hours" in plain(box)
        own = (
            rows(page.with_name("sessions.csv")) if page.with_name("sessions.csv").exists() else []
        )
        listed = re.findall(r'<li class="session[^"]*" id="(\w+)"', text)
        assert sorted(listed) == sorted(row["id"] for row in own)


def test_the_sample_shows_schools_that_differ(published_site: Path) -> None:
    counts = counted(SAMPLE, read_on(published_site))
    years = sorted(count.held + count.planned for count in counts.values())
    assert 12 <= years[0] < years[-1] <= 45
    assert len(set(years)) >= 8


@pytest.mark.parametrize(("name", "most"), [("hours", 150_000), ("what-if", 60_000)])
def test_the_pages_of_two_hundred_schools_stay_small(wide_site: Path, name: str, most: int) -> None:
    assert (wide_site / "learning" / f"{name}.html").stat().st_size < most


# -------------------------------------------------------------------------- the published figures


def test_the_published_figures_stand_on_the_page(published_site: Path) -> None:
    """20.27 h; 4.86, about 4.9; a tenfold gap to 49; shares that add up to 99."""
    page = (published_site / "learning" / "index.html").read_text(encoding="utf-8")
    text = plain(page)
    hours = [Fraction(row["hours"]) for row in rows(SAMPLE / "learning" / "reported-hours.csv")]
    uses = {
        row["use"]: Fraction(row["percent"])
        for row in rows(SAMPLE / "learning" / "reported-use.csv")
    }
    assert (said(sum(hours, Fraction(0))), sum(uses.values())) == ("20.27", 99)
    for words in (
        "5 + 2.5 + 12.77 = 20.27",
        "20.27 h reported in a year",
        "4.9 h of it tied to lessons",
        "49 h a year",
        "20.27 h × 24% = 4.86 h, about 4.9 meaningful hours a year",
        "Next to 49 hours, that is a tenfold gap",
        "The shares add up to 99, not 100",
        "30 to 100 hours a year: Darling-Hammond et al., 2009",
    ):
        assert words in text, words
    (table,) = re.findall(
        r'aria-label="Where the reported time goes: the numbers".*?</table>', page, re.DOTALL
    )
    lines = [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in table.split("<tr>")[2:]]
    assert [line[1:] for line in lines] == [
        *(
            [f"{said(percent)}%", said(Fraction("20.27") * percent / 100)]
            for percent in uses.values()
        ),
        ["99%", "20.07"],
    ]


LEARNING = """\
# Learning together

:::{session-calendar}
:::

:::{reported-hours}
:::

:::{learning-hours}
:::

:::{what-if}
:::
"""


def test_a_changed_row_changes_the_page(tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    for name in ("reported-hours.csv", "reported-use.csv", "benchmarks.csv"):
        source.write(f"learning/{name}", (SAMPLE / "learning" / name).read_text(encoding="utf-8"))
    rest = source.read("learning/index.md").partition(":::\n")[2]
    source.write("learning/index.md", LEARNING + rest)
    words = ("--kit", KIT, "--source", source.root, "--today", "2030-10-15", "--output")

    def built(name: str) -> str:
        done = manual("build", *words, tmp_path / name)
        assert done.code == 0, done.out + done.err
        page = tmp_path / name / "learning" / "index.html"
        return plain(page.read_text(encoding="utf-8"))

    before = built("before")
    for told in ("20.27 h × 24% = 4.86 h", "a tenfold gap", "20.27 h × 40% = 8.1 h"):
        assert told in before
    source.replace("learning/reported-hours.csv", ",12.77,", ",22.5,")
    source.replace("learning/reported-use.csv", "lessons,24,", "lessons,30,")
    source.replace("learning/benchmarks.csv", "Institute,49,", "Institute,45,")
    after = built("after")
    for told in (
        "5 + 2.5 + 22.5 = 30",
        "30 h × 30% = 9 h, about 9 meaningful hours",
        "Next to 45 hours, that is a fivefold gap",
        "The shares add up to 105, not 100",
        "30 h × 40% = 12 h",
        "45 h a year, Learning Policy Institute",
    ):
        assert told in after, told
    assert "20.27" not in after
    data = json.loads((tmp_path / "after" / "data" / "what-if.json").read_text(encoding="utf-8"))
    assert data[0]["meaningful"] == 9


@pytest.mark.parametrize(
    ("row", "kind", "words"),
    [
        ("SES_A,A,plc,2030-10-01,1,OBJ_TALK,,SCH_ROCK,ROLE_HEAD,STAGE_SET,teacher,2030-08-20,,,,,,",
         "session-place", "names SCH_ROCK"),
        ("SES_A,A,plc,2030-10-01,1,OBJ_TALK,,,ROLE_HEAD,STAGE_SET,teacher,2030-08-20,,20,20,20,20,10",
         "session-use", "add up to 90"),
        ("SES_A,A,plc,2030-10-01,1,OBJ_TALK,,,ROLE_HEAD,STAGE_SET,teacher,2030-08-20,,0,0,0,0,120",
         "session-use", "between 0 and 100"),
        ("SES_A,A,plc,2030-10-01,1,OBJ_TALK,,,ROLE_HEAD,STAGE_SET,teacher,2030-08-20,,0,0,0,0,99",
         "", ""),
    ],
    ids=["another school", "no whole", "out of bounds", "99 is fine"],
)  # fmt: skip
def test_what_is_wrong_in_a_schools_own_table(
    row: str, kind: str, words: str, tmp_path: Path
) -> None:
    source = copy(TINY, tmp_path / "source")
    head = source.read("learning/sessions.csv").splitlines()[0]
    head += "," + ",".join(f"time_{use}" for use in USES)
    source.write("schools/pier/sessions.csv", f"{head}\n{row}\n")
    source.append(
        "schools/pier/index.md", "\n:::{school-hours}\n:::\n\n:::{session-calendar}\n:::\n"
    )
    found = check(source).findings
    told = [(each["kind"], each["file"], each["line"]) for each in found]
    if not kind:
        assert [each for each in told if each[0].startswith("session-")] == []
        return
    assert (kind, "schools/pier/sessions.csv", 2) in told
    assert any(words in each["message"] for each in found)
