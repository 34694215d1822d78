"""What a key result is counted in: the numbers of its baseline and its target, and their unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from living_manual.core.chart import say_number
from living_manual.core.model import Record

#: A number as people write it: 58, 61.5, 1,200, -2.
_NUMBER = r"-?\d+(?:[.,]\d+)*"
_PERCENT = re.compile(rf"({_NUMBER})\s*%")
_PLAIN = re.compile(rf"({_NUMBER})")
#: What follows the number of a count of things (`of 46 teams`, `/ 11`), or of a rate (`in 10`).
_WHOLE = re.compile(r"\s*(?:(of|/)|out of|in)\s*(?:the |all )?(\d+)\b(?!\s*%)")
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Scale:
    """The way of a key result, in numbers.

    `percent` says that both are shares in percent; `whole` is what a count or a rate is out of (46
    for `19 of 46 teams`, 10 for `9 in 10`). `counted` says that it is a count of the district's own
    things, which schools add up to. `why` says, for people, why no way can be drawn; it is empty
    when one can.
    """

    baseline: Fraction | None
    target: Fraction | None
    percent: bool = False
    whole: Fraction | None = None
    counted: bool = False
    why: str = ""

    @property
    def unit(self) -> str:
        """What follows a number."""
        return "%" if self.percent else ""

    @property
    def limits(self) -> tuple[Fraction, Fraction] | None:
        """The least and the most that a reading can be; None where the unit sets no limits."""
        most = Fraction(100) if self.percent else self.whole
        known = [each for each in (self.baseline, self.target) if each is not None]
        if most is None or any(not 0 <= each <= most for each in known):
            return None
        return Fraction(0), most

    def say(self, value: Fraction) -> str:
        """A number with its unit, to one decimal."""
        return f"{say_number(round(float(value), 1))}{self.unit}"


def scale(key_result: Record) -> Scale:
    """The numbers of a key result's baseline and target, or why they make no way."""
    texts = key_result.get("baseline"), key_result.get("target")
    found = [number_in(text) for text in texts]
    values = [as_number(each[1]) if each else None for each in found]
    baseline, target = values
    percents = {each.re is _PERCENT for each in found if each}
    wholes = [
        after
        for text, each in zip(texts, found, strict=True)
        if each and each.re is _PLAIN and (after := _WHOLE.match(text, each.end()))
    ]
    alike = percents == {False}
    return Scale(
        baseline,
        target,
        percents == {True},
        max(Fraction(after[2]) for after in wholes) if wholes and alike else None,
        alike and any(after[1] for after in wholes),
        _why(baseline, target, percents),
    )


def _why(baseline: Fraction | None, target: Fraction | None, percents: set[bool]) -> str:
    if target is None:
        return "its target says no number"
    if baseline is None:
        return "its baseline says no number"
    if len(percents) > 1:
        return "its baseline and its target are not in the same unit"
    if baseline == target:
        return "its target is the same as its baseline"
    return ""


def number_in(text: str) -> re.Match[str] | None:
    """The number that a baseline or target is about: the first in percent, else the first."""
    return _PERCENT.search(text) or _PLAIN.search(text)


def as_number(text: str) -> Fraction:
    """A number as written: `1,200` has a thousand, `61,5` a decimal comma."""
    if _THOUSANDS.fullmatch(text):
        return Fraction(text.replace(",", ""))
    if text.count(",") == 1 and "." not in text:
        return Fraction(text.replace(",", "."))
    head, dot, tail = text.replace(",", ".").rpartition(".")
    return Fraction(head.replace(".", "") + dot + tail)
