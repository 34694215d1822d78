"""The district's own settings: `source/district.toml`, declared once, checked with line numbers.

The reference page is generated from `SETTINGS`; nothing about a district stands in code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

FILE = "district.toml"

#: The grounds that the brand colour is read on, light and dark (docs/decisions/0006).
GROUND_LIGHT, GROUND_DARK = "#FBFAF7", "#12181D"
#: WCAG 2.2, success criterion 1.4.3: contrast of normal text.
LOWEST_CONTRAST = 4.5
#: The largest count or number of months a setting may be: a hundred years of months.
MOST = 1200
#: The most pixels a side of a picture may be allowed: more than any scanner of a page gives.
MOST_PIXELS = 20_000
#: The sizes of paper that briefs are made for.
PAPERS = ("letter", "a4")


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of `district.toml`: its table, form, default and what it is for.

    `form` is one of text, colour, date, time zone, language, address, whole number, pixels,
    paper, record id, list of words, list of gap rules.
    A setting without default is required.
    """

    table: str
    key: str
    form: str
    meaning: str
    default: Any = None
    required: bool = False
    many: bool = False

    @property
    def name(self) -> str:
        """`table.key`, as the reference page and findings say it."""
        return f"{self.table}.{self.key}"


SETTINGS: tuple[Setting, ...] = (
    Setting("district", "name", "text", "The district's full name.", required=True),
    Setting(
        "district",
        "short_name",
        "text",
        "The name people say, shown at the top of each page.",
        required=True,
    ),
    Setting("district", "manual_name", "text", "What you call the manual.", "Living Manual"),
    Setting(
        "district",
        "address",
        "address",
        "Where the manual is published, with https:// and a final slash; may be left empty.",
        "",
    ),
    Setting(
        "district",
        "time_zone",
        "time zone",
        "The district's time zone, such as America/Toronto.",
        "UTC",
    ),
    Setting(
        "district", "language", "language", "The language of the pages, such as en or fr.", "en"
    ),
    Setting("district", "note", "text", "One sentence at the foot of every page.", ""),
    Setting("look", "brand", "colour", "The brand colour on light pages.", "#0B5A6B"),
    Setting("look", "brand_dark", "colour", "The brand colour on dark pages.", "#7CC7D6"),
    Setting("school_year", "name", "text", "The school year as people say it.", required=True),
    Setting("school_year", "starts", "date", "First day of the school year.", required=True),
    Setting("school_year", "ends", "date", "Last day of the school year.", required=True),
    Setting(
        "school_year.marking_periods",
        "name",
        "text",
        "The name of a marking period.",
        required=True,
        many=True,
    ),
    Setting(
        "school_year.marking_periods", "starts", "date", "Its first day.", required=True, many=True
    ),
    Setting(
        "school_year.marking_periods", "ends", "date", "Its last day.", required=True, many=True
    ),
    Setting("actions_due", "objective", "record id", "An objective ...", required=True, many=True),
    Setting(
        "actions_due",
        "by",
        "date",
        "... and the day by which each school owes an action for it.",
        required=True,
        many=True,
    ),
    Setting(
        "privacy",
        "not_names",
        "text",
        "Words that look like a person's name and are not, separated by commas.",
        "",
    ),
    Setting(
        "thresholds",
        "review_months",
        "whole number",
        "After how many months a record asks to be reviewed again.",
        12,
    ),
    Setting(
        "thresholds",
        "key_results_min",
        "whole number",
        "Fewest key results an objective should have.",
        2,
    ),
    Setting(
        "thresholds",
        "key_results_max",
        "whole number",
        "Most key results an objective should have.",
        4,
    ),
    Setting(
        "thresholds",
        "analysis_days",
        "whole number",
        "How many days after an assessment its PLC may be.",
        14,
    ),
    Setting(
        "thresholds",
        "health_strong",
        "whole number",
        "From which percentage on a part of the system counts as strong.",
        80,
    ),
    Setting(
        "thresholds",
        "health_growing",
        "whole number",
        "From which percentage on it counts as growing; below that it is weak.",
        50,
    ),
    Setting(
        "thresholds",
        "due_soon_days",
        "whole number",
        "So many days before its day a review is named as due soon.",
        60,
    ),
    Setting(
        "assessments",
        "grades",
        "list of words",
        "The grades and courses that have an assessment in each marking period, in the order in "
        "which the assessment calendar shows them. What they lack is listed as a gap.",
        (),
    ),
    Setting(
        "gaps",
        "fail_on",
        "list of gap rules",
        'Rules of gaps that keep the manual from being published, such as ["look-for"]; ["all"] '
        "for every rule.",
        (),
    ),
    Setting(
        "gaps",
        "exception_months",
        "whole number",
        "How many months ahead an exception may end: then somebody looks at it again.",
        12,
    ),
    Setting(
        "words",
        "watch",
        "list of words",
        "Words that people use in different ways. Where an action or a protocol uses one that the "
        "glossary lacks, it is listed as a gap.",
        (),
    ),
    Setting("media", "image_mb", "whole number", "The largest picture, in megabytes.", 2),
    Setting("media", "image_px", "pixels", "The longest side of a picture, in pixels.", 4000),
    Setting("media", "video_mb", "whole number", "The largest file of a clip, in megabytes.", 12),
    Setting(
        "consent",
        "ending_days",
        "whole number",
        "So many days before its last day a consent is listed as ending soon.",
        30,
    ),
    Setting(
        "briefs",
        "paper",
        "paper",
        "The paper that one-page briefs are made for: letter or a4.",
        "letter",
    ),
)


def grade_key(grade: str) -> str:
    """What two ways of writing a grade or course have in common: its letters, not their size."""
    return " ".join(grade.split()).casefold()


@dataclass(frozen=True, slots=True)
class MarkingPeriod:
    """A marking period with its first and last day."""

    name: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Settings:
    """The checked settings of a district.

    `actions_due_lines` are the lines of the objectives named in `[[actions_due]]`.
    """

    name: str = "A school district"
    short_name: str = "Our district"
    manual_name: str = "Living Manual"
    address: str = ""
    time_zone: str = "UTC"
    language: str = "en"
    note: str = ""
    brand: str = "#0B5A6B"
    brand_dark: str = "#7CC7D6"
    year_name: str = ""
    year_starts: date = date(2000, 1, 1)
    year_ends: date = date(2000, 12, 31)
    marking_periods: tuple[MarkingPeriod, ...] = ()
    actions_due: Mapping[str, date] = field(default_factory=dict)
    actions_due_lines: Mapping[str, int] = field(default_factory=dict)
    not_names: str = ""
    review_months: int = 12
    key_results_min: int = 2
    key_results_max: int = 4
    analysis_days: int = 14
    grades: tuple[str, ...] = ()
    health_strong: int = 80
    health_growing: int = 50
    due_soon_days: int = 60
    fail_on: tuple[str, ...] = ()
    exception_months: int = 12
    watch: tuple[str, ...] = ()
    image_mb: int = 2
    image_px: int = 4000
    video_mb: int = 12
    ending_days: int = 30
    paper: str = "letter"
