"""The published data set: what teachers were reported to get, and what research points to.

Three ledgers hold it (source S3), so that the page, the ledger of hours and the what-if work from
the same rows and nobody types a sum by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from living_manual.core.chart import Amount, Chart, bars
from living_manual.core.model import Manual
from living_manual.core.table import DataTable
from living_manual.core.time_use import MEANINGFUL, USES, number, say

_TIMES = ("", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class ReportedPart:
    """A part of the reported year: when, how many hours, and anything to know."""

    part: str
    hours: Fraction
    note: str


@dataclass(frozen=True, slots=True)
class ReportedUse:
    """A use of the reported time: its percent, and the hours which that makes."""

    use: str
    title: str
    percent: Fraction
    hours: Fraction


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What research points to, in hours a year: one number, or from `least` to `most`."""

    name: str
    least: Fraction
    most: Fraction | None
    note: str
    source: str

    @property
    def said(self) -> str:
        """49 hours; 30 to 100 hours."""
        return f"{say(self.least)} to {say(self.most)}" if self.most else say(self.least)


@dataclass(frozen=True, slots=True)
class Reported:
    """The data set with its sums; all parts are empty where the manual holds none.

    `mark` is the benchmark that hours are held against: the first that is one number.
    """

    parts: tuple[ReportedPart, ...]
    uses: tuple[ReportedUse, ...]
    benchmarks: tuple[Benchmark, ...]
    total: Fraction
    percent: Fraction
    mark: Benchmark | None
    charts: tuple[Chart, ...] = ()

    @property
    def meaningful(self) -> Fraction:
        """The hours tied to lessons."""
        return sum((each.hours for each in self.uses if each.use == MEANINGFUL), Fraction(0))

    @property
    def share(self) -> Fraction:
        """The percent tied to lessons."""
        return sum((each.percent for each in self.uses if each.use == MEANINGFUL), Fraction(0))

    @property
    def gap(self) -> str:
        """How often the meaningful hours would fit into the mark: tenfold; empty when they do not.

        That is once or less often, or there is nothing to compare.
        """
        if self.mark is None or not self.meaningful:
            return ""
        times = self.mark.least / self.meaningful
        return fold(times) if times >= Fraction(3, 2) else ""


def fold(times: Fraction) -> str:
    """Ten times as much is tenfold; to the nearest whole number."""
    whole = int(say(times, 0))
    return f"{_TIMES[whole]}fold" if 2 <= whole < len(_TIMES) else f"{whole}-fold"


def reported(manual: Manual) -> Reported:
    """The published data set; worked out once."""
    return manual.once(_reported)


def _reported(manual: Manual) -> Reported:
    parts = tuple(
        ReportedPart(row.get("part"), number(row.get("hours")) or Fraction(0), row.get("note"))
        for row in manual.ledger("reported-hours.csv")
    )
    total = sum((part.hours for part in parts), Fraction(0))
    percents = {use: Fraction(0) for use in USES}
    for row in manual.ledger("reported-use.csv"):
        percents[row.get("use")] += number(row.get("percent")) or Fraction(0)
    told = any(percents.values())
    uses = tuple(
        ReportedUse(use, USES[use], percent, total * percent / 100)
        for use, percent in percents.items()
        if told
    )
    benchmarks = tuple(
        Benchmark(
            row.get("name"),
            number(row.get("hours")) or Fraction(0),
            number(row.get("up_to")),
            row.get("note"),
            row.get("source"),
        )
        for row in manual.ledger("benchmarks.csv")
    )
    mark = next((each for each in benchmarks if each.most is None), None)
    found = Reported(parts, uses, benchmarks, total, sum(percents.values(), Fraction(0)), mark)
    if not parts or not uses:
        return found
    return Reported(parts, uses, benchmarks, total, found.percent, mark, _charts(found))


def _charts(view: Reported) -> tuple[Chart, ...]:
    """The parts of the year beside the mark, and the uses of its time."""
    mark = (float(view.mark.least), f"{view.mark.said} h") if view.mark else None
    above = f" The line stands at {view.mark.said} hours ({view.mark.name})." if view.mark else ""
    hours = Chart(
        "reported-hours",
        "Reported hours of learning in a year",
        f"One bar of {say(view.total)} hours in {len(view.parts)} parts.{above}",
        bars(
            [
                Amount(
                    "Reported year",
                    tuple(float(part.hours) for part in view.parts),
                    f"{say(view.total)} h",
                )
            ],
            [f"{part.part}, {say(part.hours)} h" for part in view.parts],
            mark,
            1.35 * max(float(view.total), mark[0] if mark else 0.0),
        ),
        ("When", "Hours a year"),
        (
            *((part.part, say(part.hours)) for part in view.parts),
            ("Together", say(view.total)),
        ),
    )
    use = Chart(
        "reported-use",
        "Where the reported time goes",
        f"Only the last part, {say(view.share)} percent, is planning tied to lessons. "
        f"The shares add up to {say(view.percent)}.",
        bars(
            [
                Amount(
                    "Share of the time",
                    tuple(float(each.percent) for each in view.uses),
                    f"{say(view.percent)}%",
                )
            ],
            [f"{each.title}, {say(each.percent)}%" for each in view.uses],
            whole=max(100.0, float(view.percent)),
        ),
        ("What the time went to", "Share", f"Hours of {say(view.total)}"),
        (
            *((each.title, f"{say(each.percent)}%", say(each.hours)) for each in view.uses),
            (
                "Together",
                f"{say(view.percent)}%",
                say(view.total * view.percent / 100),
            ),
        ),
    )
    return hours, use


def reported_table(view: Reported) -> DataTable:
    """One row a part, a use and a benchmark."""
    rows: list[tuple[str | int | float | None, ...]] = []
    rows += [("hours", each.part, float(each.hours), None, None) for each in view.parts]
    rows += [
        ("use", each.title, float(each.hours), None, float(each.percent)) for each in view.uses
    ]
    rows += [
        ("benchmark", each.name, float(each.least), float(each.most) if each.most else None, None)
        for each in view.benchmarks
    ]
    return DataTable(("what", "name", "hours", "up_to", "percent"), tuple(rows))
