"""The school year in `district.toml`, changed in place: comments and blanks stay where they are."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from living_manual.core.importing import Draft, problem
from living_manual.core.oneroster import Year
from living_manual.core.page_text import line_end, lines_of
from living_manual.core.settings import FILE as DISTRICT
from living_manual.core.words import plural


def set_year(draft: Draft, year: Year) -> None:
    """Let the draft's `district.toml` tell this year and its marking periods."""
    text = draft.text(DISTRICT)
    data = _toml(text)
    if text is None or data is None:
        draft.problems.append(
            problem(
                "import-manual",
                f"{DISTRICT} is not there, or cannot be read.",
                "Run `manual check`: it says what to mend.",
                DISTRICT,
                1,
            )
        )
        return
    school_year = data.get("school_year")
    told = school_year if isinstance(school_year, dict) else {}
    starts = told.get("starts")
    moved = not isinstance(starts, date) or starts.year != year.starts.year
    wanted: dict[str, Any] = {
        "name": year.name if moved or not told.get("name") else told["name"],
        "starts": year.starts,
        "ends": year.ends,
    }
    was = told.get("marking_periods", [])
    old: list[dict[str, Any]] = was if isinstance(was, list) else []
    periods = [{"name": p.name, "starts": p.starts, "ends": p.ends} for p in year.periods]
    expected = {
        **data,
        "school_year": {
            **told,
            **wanted,
            "marking_periods": [
                {**(old[nth] if nth < len(old) else {}), **period}
                for nth, period in enumerate(periods)
            ],
        },
    }
    if expected == data:
        return
    changed = _Toml(text).with_year(wanted, periods)
    if _toml(changed) != expected:
        draft.problems.append(
            problem(
                "import-manual",
                f"{DISTRICT} writes the school year in a form that cannot be changed in place.",
                "Write one setting a line under [school_year], and each marking period as a block "
                "[[school_year.marking_periods]] with name, starts and ends.",
                DISTRICT,
                _Toml(text).line_of("school_year"),
            )
        )
        return
    draft.write(DISTRICT, changed)
    for key, value in wanted.items():
        if told.get(key) != value:
            draft.said.append(f"{DISTRICT}: the school year's {key} is {value}.")
    for nth, period in enumerate(periods):
        before = old[nth] if nth < len(old) else None
        if before is None or {key: before.get(key) for key in period} != period:
            how = "is new" if before is None else f"was {_said(before)}"
            draft.said.append(f"{DISTRICT}: marking period {nth + 1} is {_said(period)}; it {how}.")
    for before in old[len(periods) :]:
        draft.said.append(f"{DISTRICT}: the marking period {_said(before)} is taken out.")
    if moved and starts:
        other = "an earlier" if isinstance(starts, date) and starts > year.starts else "another"
        draft.notes.append(
            f"This is {other} school year than the manual had. Check the dates of "
            f"[[actions_due]] in {DISTRICT}, and the sessions under learning/."
        )
    if len(periods) != 4:
        draft.notes.append(
            f"The year has {plural(len(periods), 'marking period')}; assessments are told by the "
            "number of theirs, 1 to 4. Check learning/."
        )


def _said(period: Mapping[str, Any]) -> str:
    return f"“{period.get('name')}”, {period.get('starts')} to {period.get('ends')}"


def _toml(text: str | None) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text.removeprefix("\ufeff")) if text is not None else None
    except tomllib.TOMLDecodeError:
        return None


_HEADER = re.compile(r"^\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?$")
_VALUE = r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^\s#\"'\[{]+"


class _Toml:
    """`district.toml` as lines, so that comments and blanks stay where a person put them."""

    def __init__(self, text: str) -> None:
        self.lines, self.end = lines_of(text), line_end(text)
        if self.lines and not self.lines[-1].endswith("\n"):
            self.lines[-1] += self.end

    def line_of(self, table: str) -> int:
        """Line of a table's first header; 1 when it has none."""
        return next((start + 1 for start, _ in self._ranges(table)), 1)

    def with_year(self, year: Mapping[str, Any], periods: Sequence[Mapping[str, Any]]) -> str:
        """The text with these values; nothing else of it is changed."""
        name = "school_year.marking_periods"
        for nth, period in enumerate(periods):
            found = self._ranges(name)
            if nth < len(found):
                self._set(found[nth], period)
            else:
                self._append(found[-1] if found else self._last("school_year"), name, period)
        for start, stop in reversed(self._ranges(name)[len(periods) :]):
            del self.lines[start:stop]
        for part in self._ranges("school_year")[:1]:
            self._set(part, year)
        return "".join(self.lines)

    def _ranges(self, table: str) -> list[tuple[int, int]]:
        """First line and end of each part under that header, the notes of the next left out."""
        heads = [
            (number, found[1])
            for number, line in enumerate(self.lines)
            if (found := _HEADER.match(line))
        ]
        result = []
        for index, (start, name) in enumerate(heads):
            if name == table:
                stop = heads[index + 1][0] if index + 1 < len(heads) else len(self.lines)
                while stop > start + 1 and self.lines[stop - 1].lstrip().startswith("#"):
                    stop -= 1
                result.append((start, stop))
        return result

    def _last(self, table: str) -> tuple[int, int]:
        found = self._ranges(table)
        return found[0] if found else (len(self.lines), len(self.lines))

    def _set(self, part: tuple[int, int], values: Mapping[str, Any]) -> None:
        start, stop = part
        after = start + 1
        for key, value in values.items():
            pattern = re.compile(rf"^(\s*{key}\s*=\s*)(?:{_VALUE})(\s*(?:#.*)?)$", re.DOTALL)
            for number in range(start + 1, stop):
                found = pattern.match(self.lines[number])
                if found:
                    words = f"{found[1]}{_written(value)}{found[2]}"
                    if _toml(self.lines[number]) != {key: value}:
                        self.lines[number] = words
                    after = number + 1
                    break
            else:
                self.lines.insert(after, f"{key} = {_written(value)}{self.end}")
                after, stop = after + 1, stop + 1

    def _append(self, after: tuple[int, int], name: str, values: Mapping[str, Any]) -> None:
        at = after[1]
        while at > after[0] and not self.lines[at - 1].strip():
            at -= 1
        block = [self.end, f"[[{name}]]{self.end}"]
        block += [f"{key} = {_written(value)}{self.end}" for key, value in values.items()]
        self.lines[at:at] = block


def _written(value: str | date) -> str:
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
