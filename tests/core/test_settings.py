"""`district.toml`: what is read from it, and what is found wrong in it, line by line."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.finding import Finding
from living_manual.core.settings import FILE, SETTINGS, MarkingPeriod, Settings
from living_manual.core.settings_reading import read_settings
from tests.build_manual import ROOT
from tests.strategies import days, texts

REQUIRED = {
    "district": '[district]\nname = "Birch County Schools"\nshort_name = "Birch County"\n',
    "school_year": '[school_year]\nname = "2026-27"\nstarts = 2026-08-31\nends = 2027-06-18\n',
}
CASES = {
    name: text
    for name, _, text in (
        case.partition("\n")
        for case in re.split(
            r"^--- ",
            (Path(__file__).parent / "cases" / "settings.txt").read_text(encoding="utf-8"),
            flags=re.M,
        )[1:]
    )
}


def completed(snippet: str) -> str:
    """A snippet with the required tables that it does not name."""
    named = re.findall(r"^\s*\[\[?\s*([\w.]+)\s*\]", snippet, re.M)
    return snippet + "".join(text for name, text in REQUIRED.items() if name not in named)


def expected(text: str) -> list[tuple[int, str, str]]:
    """(line, kind, start of the fix) of every finding that the text announces."""
    return [
        (number, *(said.strip().partition(" ")[::2]))
        for number, line in enumerate(text.split("\n"), 1)
        for said in line.split("#! ")[1:]
        if said.strip() != "nothing"
    ]


@pytest.mark.parametrize("text", [pytest.param(t, id=name) for name, t in CASES.items()])
def test_findings_stand_on_their_lines(text: str) -> None:
    assert "#! " in text
    text = completed(text)
    _, findings = read_settings(text)
    found = sorted((f.line or 0, f.kind, f.fix) for f in findings)
    wanted = sorted(expected(text))
    assert [one[:2] for one in found] == [one[:2] for one in wanted]
    for (_, _, fix), (_, _, start) in zip(found, wanted, strict=True):
        assert fix.startswith(start)
    assert {f.file for f in findings} <= {FILE}


@pytest.mark.parametrize(
    "name", ["a whole district", "unknown keys, each on its line", "text without quotes"]
)
def test_windows_line_ends_change_nothing(name: str) -> None:
    text = completed(CASES[name])
    assert read_settings(text.replace("\n", "\r\n"))[1] == read_settings(text)[1]


def test_no_file_at_all() -> None:
    settings, (found,) = read_settings(None)
    assert settings == Settings()
    assert (found.kind, found.place) == ("settings-missing-key", "district.toml:1")


def test_an_empty_file_lacks_every_required_key() -> None:
    _, findings = read_settings("")
    assert {found.kind for found in findings} == {"settings-missing-key"}
    assert {found.column for found in findings} == {
        setting.table for setting in SETTINGS if setting.required and not setting.many
    }
    assert len(findings) == len([s for s in SETTINGS if s.required and not s.many])


def test_every_setting_is_read() -> None:
    lines = CASES["a whole district"].split("\n")
    assert read_settings(CASES["a whole district"])[0] == Settings(
        name="Birch County Schools",
        short_name="Birch County",
        manual_name="Our Maths Book",
        address="https://maths.example.org/manual/",
        time_zone="America/Chicago",
        language="fr-CA",
        note="Ask the coach. # is not a comment here, [district] no table",
        brand="#0B5A6B",
        brand_dark="#7CC7D6",
        year_name="2026-27",
        year_starts=date(2026, 8, 31),
        year_ends=date(2027, 6, 18),
        marking_periods=(MarkingPeriod("Fall", date(2026, 8, 31), date(2026, 11, 6)),),
        actions_due={"OBJ_TALK": date(2026, 10, 15)},
        actions_due_lines={"OBJ_TALK": lines.index('objective = "OBJ_TALK"') + 1},
        review_months=6,
        key_results_min=1,
        key_results_max=3,
    )


def test_what_is_left_out_has_its_declared_default() -> None:
    settings, findings = read_settings("".join(REQUIRED.values()))
    assert findings == ()
    for setting in SETTINGS:
        if not setting.required:
            assert getattr(settings, setting.key) == setting.default, setting.name
    # The defaults a reader gets from the reference page are those of the class.
    assert Settings().brand == settings.brand
    assert Settings().review_months == settings.review_months


def test_a_wrong_value_leaves_the_rest_as_it_is_written() -> None:
    text = completed('[look]\nbrand = "teal"\nbrand_dark = "#FFFFFF"\n')
    settings, findings = read_settings(text)
    assert [found.kind for found in findings] == ["settings-value"]
    assert (settings.brand, settings.brand_dark) == (Settings().brand, "#FFFFFF")
    assert settings.name == "Birch County Schools"


def test_an_entry_of_many_with_a_fault_is_left_out_whole() -> None:
    text = completed(
        '[[actions_due]]\nobjective = "OBJ_TALK"\nby = "soon"\n'
        '[[actions_due]]\nobjective = "OBJ_TASKS"\nby = 2026-10-15\n'
    )
    assert read_settings(text)[0].actions_due == {"OBJ_TASKS": date(2026, 10, 15)}


def test_contrast_counts_from_the_district_own_grounds() -> None:
    text = completed('[look]\nbrand = "#767676"\n')  # 4.54:1 on white, 4.35:1 on the page's ground
    (found,) = read_settings(text)[1]
    assert found.kind == "settings-contrast"
    assert "4.4:1" in found.message
    assert read_settings(text)[0].brand == "#767676"


def test_the_sample_district_has_nothing_to_mend() -> None:
    text = (ROOT / "source" / FILE).read_text(encoding="utf-8")
    settings, findings = read_settings(text)
    assert findings == ()
    # The sample shows a district everything it may set.
    data = tomllib.loads(text)
    for setting in SETTINGS:
        table: Any = data
        for part in setting.table.split("."):
            table = table[part]
        assert setting.key in (table[0] if setting.many else table), setting.name
    assert settings.name not in ("", Settings().name)
    assert len(settings.marking_periods) == 4


@given(texts)
def test_any_text_is_read_or_is_a_finding(text: str) -> None:
    settings, findings = read_settings(text)
    assert findings  # no text that hypothesis finds holds a district's name
    assert all(found.line and found.line >= 1 for found in findings)
    assert isinstance(settings, Settings)


toml_values = st.one_of(
    st.integers(-5, 5).map(str),
    st.booleans().map(lambda truth: str(truth).lower()),
    st.floats(allow_nan=False).map(str),
    days.map(date.isoformat),
    st.sampled_from(
        ["2026-08-31T08:00:00", "2026-08-31T08:00:00Z", "08:00:00", "inf", "nan", "[]", "{}"]
    ),
    st.sampled_from(["[1, 2]", '["a"]', "[{}]", "{ name = 1 }", "[{ name = 1, by = 2 }]", "''"]),
    st.text("aA_#/:. 0b", max_size=12).map(lambda text: f"'{text}'"),
)
names = sorted(
    {s.table.split(".")[0] for s in SETTINGS}
    | {s.name for s in SETTINGS}
    | {"district.x", "x", "school_year.marking_periods"}
)


@given(st.dictionaries(st.sampled_from(names), toml_values, max_size=4))
def test_any_value_anywhere_is_read_or_is_a_finding(values: dict[str, str]) -> None:
    text = "".join(f"{name} = {value}\n" for name, value in values.items())
    settings, findings = read_settings(text)
    assert_usable(settings)
    assert all(isinstance(found, Finding) and found.line for found in findings)


def assert_usable(settings: Settings) -> None:
    """What is read can be used without another look: days are days, numbers are numbers."""
    moments = [settings.year_starts, settings.year_ends, *settings.actions_due.values()]
    moments += [day for period in settings.marking_periods for day in (period.starts, period.ends)]
    assert {type(day) for day in moments} == {date}
    for number in (settings.review_months, settings.key_results_min, settings.key_results_max):
        assert type(number) is int
        assert number > 0
    for text in (settings.name, settings.short_name, settings.time_zone, settings.address):
        assert type(text) is str
