"""A self-assessment for the tiny district, and plain counting of what the page's rule gives.

The counting is by itself: exact fractions and plain loops.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

from tests.sites import KIT, SAMPLE, Source

SCHEMAS = KIT / "extensions/living_manual/sphinx_ext/theme/static/schemas"
SAMPLE_QUESTIONS = SAMPLE / "progress/self-assessment/questions.toml"

PAGE, FILE = "guide/ask.md", "guide/questions.toml"
ASK = "# How are we?\n\n:::{self-assessment}\n:::\n"
QUESTIONS = """\
[[scale]]
name = "Never"
means = "I have not seen it."

[[scale]]
name = "At times"
means = "I saw it once."

[[scale]]
name = "Always"
means = "I see it each week."

[[part]]
subsystem = "SUB_TABLE"

[[part.element]]
id = "boat"
title = "We talk on the boat"
statements = ["Two students talk on the boat.", "The pilot hears them."]
next = "Take the boat."
link = "PRO_BOAT_TALK"

[[part.element]]
id = "goat"
title = "The goat listens"
statements = ["The goat stands by."]
next = "Visit the goat."
link = "schools/pier/index"
"""


def with_self_assessment(source: Source, text: str = QUESTIONS) -> None:
    """Add the page and its questions, and name it in the list of pages."""
    source.write(PAGE, ASK)
    source.write(FILE, text)
    start, end = source.read("index.md").rsplit(":::", 1)
    source.write("index.md", f"{start}guide/ask\n:::{end}")


def asked(path: Path = SAMPLE_QUESTIONS) -> list[tuple[str, list[tuple[str, str, list[str]]]]]:
    """What a file asks, by the look of its lines: (subsystem, [(id, title, statements)])."""
    parts: list[tuple[str, list[tuple[str, str, list[str]]]]] = []
    for line in path.read_text("utf-8").splitlines():
        name, _, value = line.partition(" = ")
        said = re.findall(r'"([^"]*)"', value)
        if name == "subsystem":
            parts.append((said[0], []))
        elif name == "id":
            parts[-1][1].append((said[0], "", []))
        elif name in ("title", "statements") and parts:
            each = parts[-1][1].pop()
            new = (each[0], said[0], each[2]) if name == "title" else (each[0], each[1], said)
            parts[-1][1].append(new)
    return parts


def say(value: Fraction) -> str:
    """One decimal, halves up."""
    tenths = math.floor(abs(value) * 10 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}"


def mean(answers: list[Any]) -> Fraction | None:
    points = [each for each in answers if isinstance(each, int)]
    return Fraction(sum(points), len(points)) if points else None


def answers_of(element: dict[str, Any]) -> list[Any]:
    return [each["answer"] for each in element["statements"]]


def part_value(part: dict[str, Any]) -> Fraction | None:
    every = [answer for element in part["elements"] for answer in answers_of(element)]
    given = sum(isinstance(each, int) for each in every)
    return mean(every) if given * 2 >= len(every) else None


def element_value(element: dict[str, Any]) -> Fraction | None:
    return mean(answers_of(element))


def three(saved: dict[str, Any], sign: int, wanted: Any) -> list[str]:
    """Titles of three elements: by turns of the parts, in each turn the lowest (highest) first."""
    waiting = []
    order = 0
    for part in saved["parts"]:
        group = []
        for element in part["elements"]:
            value = element_value(element)
            if value is not None and wanted(element, value):
                group.append((sign * value, order, element["title"]))
            order += 1
        waiting.append(sorted(group))
    picked: list[str] = []
    while any(waiting) and len(picked) < 3:
        turn = sorted(group.pop(0) for group in waiting if group)
        picked += [title for _, _, title in turn]
    return picked[:3]


def next_steps(saved: dict[str, Any]) -> list[str]:
    most = len(saved["scale"]) - 1
    return three(saved, 1, lambda _, value: value < most)


def strong(saved: dict[str, Any]) -> list[str]:
    most, low = len(saved["scale"]) - 1, next_steps(saved)
    return three(saved, -1, lambda each, value: value >= most - 1 and each["title"] not in low)


def spread(values: list[Fraction | None]) -> tuple[Fraction, Fraction, Fraction, Fraction] | None:
    """Median, lowest, highest, mean distance from the median."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    middle = Fraction(median(known))
    away = sum((abs(value - middle) for value in known), Fraction(0)) / len(known)
    return middle, min(known), max(known), away
