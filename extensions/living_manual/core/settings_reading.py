"""Read `district.toml`: every value checked, each finding with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from living_manual.core.colour import contrast, parse_colour
from living_manual.core.finding import Finding, finding
from living_manual.core.gap_findings import rule_meant, unknown_rules
from living_manual.core.settings import (
    FILE,
    GROUND_DARK,
    GROUND_LIGHT,
    LOWEST_CONTRAST,
    MOST,
    MOST_PIXELS,
    PAPERS,
    SETTINGS,
    MarkingPeriod,
    Settings,
    grade_key,
)
from living_manual.core.toml_lines import Path, lines_of


def read_settings(text: str | None) -> tuple[Settings, tuple[Finding, ...]]:
    """Settings from the text of `district.toml` (None when there is no such file).

    Never raises for what a writer can get wrong: what is wrong is a finding with its line, and the
    default stands in so that the rest can be checked too.
    """
    if text is None:
        return Settings(), (
            finding(
                "settings-missing-key",
                "There is no district.toml in the source folder.",
                "Copy the sample's district.toml and put in your district's own words.",
                FILE,
                1,
            ),
        )
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        return Settings(), (
            finding(
                "settings-unreadable",
                f"district.toml cannot be read: {str(error).split(' (at')[0]}.",
                "Put text between double quotes, write dates as 2026-08-31, one setting a line.",
                FILE,
                line,
            ),
        )
    reader = _Reader(data, lines_of(text))
    reader.check_known_keys()
    return reader.settings(), tuple(reader.findings)


class _Reader:
    """Walks the parsed TOML beside the declared settings and collects findings."""

    def __init__(self, data: dict[str, Any], lines: dict[Path, int]) -> None:
        self.data = data
        self.lines = lines
        self.findings: list[Finding] = []

    def report(self, kind: str, message: str, fix: str, path: Path) -> None:
        """A finding at the line of a key, or of the nearest table above it that is there."""
        line = next(
            (self.lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.lines), 1
        )
        column = ".".join(str(part) for part in path if isinstance(part, str))
        self.findings.append(finding(kind, message, fix, FILE, line, column))

    def tables(self, name: str) -> list[tuple[Path, dict[str, Any]]]:
        """The tables of that dotted name with where they stand: one for `[x]`, many for `[[x]]`."""
        value: Any = self.data
        path: Path = ()
        for part in name.split("."):
            value = value.get(part, {}) if isinstance(value, dict) else {}
            path = (*path, part)
        if isinstance(value, dict):
            return [(path, value)] if value else []
        if not isinstance(value, list):
            return []
        return [((*path, n), entry) for n, entry in enumerate(value) if isinstance(entry, dict)]

    def check_known_keys(self) -> None:
        """A finding for each key that is not declared, and for each table that is not a table."""
        known: dict[str, set[str]] = {"": set()}
        for setting in SETTINGS:
            known.setdefault(setting.table, set()).add(setting.key)
            parent, _, own = setting.table.rpartition(".")
            known.setdefault(parent, set()).add(own)
        many = {setting.table for setting in SETTINGS if setting.many}
        for name in sorted(known):
            for path, table in self.tables(name) if name else [((), self.data)]:
                for key, value in table.items():
                    inner = f"{name}.{key}".strip(".")
                    if key not in known[name]:
                        self.unknown(key, sorted(known[name]), (*path, key))
                    elif inner in known:
                        self.check_form(inner, value, (*path, key), listed=inner in many)

    def check_form(self, name: str, value: Any, path: Path, *, listed: bool) -> None:
        """A finding when something stands where a table, or a list of tables, should."""
        tables = value if isinstance(value, list) else [value]
        if isinstance(value, list) == listed and all(isinstance(one, dict) for one in tables):
            return
        header = f"[[{name}]]" if listed else f"[{name}]"
        self.report(
            "settings-value",
            f"'{name}' is {value!r}, which is not {'a list of tables' if listed else 'a table'}.",
            f"Write {header} on a line of its own, and its settings on the lines below.",
            path,
        )

    def unknown(self, key: str, known: Sequence[str], path: Path) -> None:
        near = get_close_matches(key, known, n=1, cutoff=0.5)
        fix = (
            f"Did you mean '{near[0]}'?"
            if near
            else f"The keys known here are: {', '.join(known)}."
        )
        self.report("settings-unknown-key", f"district.toml has an unknown key '{key}'.", fix, path)

    def value(self, table: str, key: str, nth: int = 0) -> Any:
        """The checked value of a setting, or its default (None when required and not there)."""
        setting = next(s for s in SETTINGS if s.table == table and s.key == key)
        tables = self.tables(table)
        path, values = tables[nth] if nth < len(tables) else (tuple(table.split(".")), {})
        raw = values.get(key)
        if raw is None:
            if setting.required:
                self.report(
                    "settings-missing-key",
                    f"district.toml lacks '{setting.name}'.",
                    f"Add `{key} = ...` under [{table}]: {setting.meaning}",
                    path,
                )
            return setting.default
        problem = _problem(setting.form, raw)
        if not problem and setting.required and isinstance(raw, str) and not raw.strip():
            problem = "a text that readers can see", "Write it between the double quotes."
        if problem:
            self.report(
                "settings-value",
                f"'{setting.name}' is {raw!r}, which is not {problem[0]}.",
                problem[1],
                (*path, key),
            )
            return setting.default
        return raw

    def settings(self) -> Settings:
        plain = Settings()
        self.check_contrast("brand", GROUND_LIGHT)
        self.check_contrast("brand_dark", GROUND_DARK)
        periods = self.marking_periods()
        due, due_lines = self.actions_due()
        starts = self.value("school_year", "starts") or plain.year_starts
        ends = self.value("school_year", "ends") or plain.year_ends
        if ends < starts:
            self.report(
                "settings-value",
                "The school year ends before it starts.",
                "Check the two dates under [school_year].",
                ("school_year", "ends"),
            )
        least = self.value("thresholds", "key_results_min")
        most = self.value("thresholds", "key_results_max")
        if least > most:
            self.report(
                "settings-value",
                f"An objective should have at least {least} key results and at most {most}.",
                "Make key_results_max as large as key_results_min, or larger.",
                ("thresholds", "key_results_max"),
            )
        return Settings(
            name=self.value("district", "name") or plain.name,
            short_name=self.value("district", "short_name") or plain.short_name,
            manual_name=self.value("district", "manual_name"),
            address=self.value("district", "address"),
            time_zone=self.value("district", "time_zone"),
            language=self.value("district", "language"),
            note=self.value("district", "note"),
            brand=self.value("look", "brand"),
            brand_dark=self.value("look", "brand_dark"),
            year_name=self.value("school_year", "name") or plain.year_name,
            year_starts=starts,
            year_ends=ends,
            marking_periods=periods,
            actions_due=due,
            actions_due_lines=due_lines,
            not_names=self.value("privacy", "not_names"),
            review_months=self.value("thresholds", "review_months"),
            key_results_min=least,
            key_results_max=most,
            analysis_days=self.value("thresholds", "analysis_days"),
            grades=self.grades(),
            **self.health(),
            fail_on=self.fail_on(),
            exception_months=self.value("gaps", "exception_months"),
            watch=tuple(self.value("words", "watch")),
            **{key: self.value("media", key) for key in ("image_mb", "image_px", "video_mb")},
            ending_days=self.value("consent", "ending_days"),
            paper=self.value("briefs", "paper"),
        )

    def health(self) -> dict[str, int]:
        """The thresholds of the page of system health; they must rise."""
        names = ("health_strong", "health_growing", "due_soon_days")
        found: dict[str, int] = {name: self.value("thresholds", name) for name in names}
        if not found["health_growing"] < found["health_strong"] <= 100:
            self.report(
                "settings-value",
                f"A part counts as growing from {found['health_growing']} percent on and as strong "
                f"from {found['health_strong']}.",
                "Make health_growing smaller than health_strong, and both at most 100.",
                ("thresholds", "health_strong"),
            )
        return found

    def marking_periods(self) -> tuple[MarkingPeriod, ...]:
        """The periods; one that ends before it starts or overlaps the last is a finding."""
        periods: list[MarkingPeriod] = []
        for nth in range(len(self.tables("school_year.marking_periods"))):
            name, starts, ends = (
                self.value("school_year.marking_periods", key, nth)
                for key in ("name", "starts", "ends")
            )
            if not (name and starts and ends):
                continue
            path: Path = ("school_year", "marking_periods", nth)
            if ends < starts:
                self.report(
                    "settings-value",
                    f"The marking period '{name}' ends before it starts.",
                    "Check its two dates.",
                    (*path, "ends"),
                )
            elif periods and starts <= periods[-1].ends:
                self.report(
                    "settings-value",
                    f"The marking period '{name}' starts before '{periods[-1].name}' has ended.",
                    "Write the periods in their order, each after the end of the one before.",
                    (*path, "starts"),
                )
            periods.append(MarkingPeriod(name, starts, ends))
        return tuple(periods)

    def grades(self) -> tuple[str, ...]:
        """The grades and courses; one that is named twice is a finding."""
        found: dict[str, str] = {}
        for grade in self.value("assessments", "grades"):
            if grade_key(grade) in found:
                self.report(
                    "settings-value",
                    f"'assessments.grades' names '{grade}' a second time.",
                    "Keep each grade or course once.",
                    ("assessments", "grades"),
                )
            found.setdefault(grade_key(grade), " ".join(grade.split()))
        return tuple(found.values())

    def fail_on(self) -> tuple[str, ...]:
        """The rules of gaps that close the gate; one that is no rule is a finding."""
        named = tuple(self.value("gaps", "fail_on"))
        for unknown in unknown_rules(named):
            self.report(
                "settings-value",
                f"'gaps.fail_on' names '{unknown}', which is no rule of gaps.",
                rule_meant(unknown),
                ("gaps", "fail_on"),
            )
        return named

    def actions_due(self) -> tuple[dict[str, date], dict[str, int]]:
        """By which day each objective asks for an action, and the line that says so."""
        due: dict[str, date] = {}
        lines: dict[str, int] = {}
        for nth in range(len(self.tables("actions_due"))):
            objective = self.value("actions_due", "objective", nth)
            by = self.value("actions_due", "by", nth)
            if not (objective and by):
                continue
            if objective in due:
                self.report(
                    "settings-value",
                    f"[[actions_due]] names {objective} a second time.",
                    "Keep one day for each objective.",
                    ("actions_due", nth, "objective"),
                )
            due[objective] = by
            lines[objective] = self.lines.get(("actions_due", nth, "objective"), 1)
        return due, lines

    def check_contrast(self, key: str, ground: str) -> None:
        """A warning when a brand colour is hard to read on its ground."""
        for path, table in self.tables("look"):
            raw = table.get(key)
            if not isinstance(raw, str) or parse_colour(raw) is None:
                continue
            ratio = contrast(raw, ground)
            if ratio < LOWEST_CONTRAST:
                self.report(
                    "settings-contrast",
                    f"'look.{key}' {raw} has a contrast of {ratio:.1f}:1 on its ground {ground};"
                    f" text needs {LOWEST_CONTRAST}:1.",
                    "Choose a darker colour for light pages, a lighter one for dark pages.",
                    (*path, key),
                )


def _problem(form: str, value: Any) -> tuple[str, str] | None:
    """What a value is not, and how to write it; None when it fits the form."""
    if form == "date":
        if isinstance(value, date) and not isinstance(value, datetime):
            return None
        return "a day", "Write it as 2026-08-31, without quotes."
    if form in ("whole number", "pixels"):
        most = MOST_PIXELS if form == "pixels" else MOST
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= most:
            return None
        return f"a whole number from 1 to {most}", "Write digits only, without quotes."
    if form == "list of gap rules" and not isinstance(value, list):
        return "a list of rules of gaps", 'Write it as ["look-for", "evidence"].'
    if form in ("list of words", "list of gap rules"):
        if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
            return None
        return "a list of words", 'Write it as ["rigour", "growth mindset"].'
    if not isinstance(value, str):
        return "text", "Put it between double quotes."
    checks: dict[str, tuple[bool, str, str]] = {
        "colour": (parse_colour(value) is not None, "a colour", 'Write it as "#0B5A6B".'),
        "time zone": (
            form != "time zone" or _is_zone(value),
            "a time zone the system knows",
            'Use a name such as "America/Toronto" or "America/Chicago".',
        ),
        "language": (
            re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", value) is not None,
            "a language code",
            'Write it as "en" or "fr-CA".',
        ),
        "address": (
            value == "" or re.fullmatch(r"https?://\S+/", value) is not None,
            "a web address with a final slash",
            'Write it as "https://manual.example.org/" or leave it empty.',
        ),
        "paper": (value in PAPERS, "a size of paper", 'Write it as "letter" or "a4".'),
        "record id": (
            re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", value) is not None,
            "a record id",
            'Write it as the record has it, such as "OBJ_REASONING".',
        ),
    }
    fits, what, fix = checks.get(form, (True, "", ""))
    return None if fits else (what, fix)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
