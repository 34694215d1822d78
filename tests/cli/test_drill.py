"""`manual drill` from its front door, as a leader runs it before a colleague leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.district import TODAY as WIDE_DAY
from bench.form import write_kit
from tests.sites import KIT, TINY, TODAY, Said, Source, copy, manual
from tests.sphinx_ext.test_fragility import Plain


def drill(source: Path, *words: str, day: str = TODAY) -> Said:
    said = manual("drill", *words, "--kit", KIT, "--source", source, "--today", day)
    assert "Traceback" not in said.out + said.err
    return said


def told(source: Path, *words: str, day: str = TODAY) -> dict[str, Any]:
    said = drill(source, *words, "--format", "json", day=day)
    assert said.code == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


@pytest.fixture
def tiny(tmp_path: Path) -> Source:
    return copy(TINY, tmp_path / "source")


def lines_below(text: str, title: str) -> Iterator[str]:
    """The lines of a part of the text, up to the empty line that ends it."""
    at = text.index(f"\n{title}")
    yield from text[at:].strip().split("\n\n")[0].splitlines()[1:]


def test_text_tells_each_part(tiny: Source) -> None:
    said = drill(tiny.root, "ROLE_HEAD")
    assert said.code == 0
    assert said.out.startswith(
        "If the role Head of school fell vacant tomorrow\nSteps in: nobody is named.\n"
    )
    for part in ("Left to nobody", "Written down, or run on", "Only in a head", "Dates until"):
        assert f"\n{part}" in said.out
    orphaned = [line.split()[0] for line in lines_below(said.out, "Left to nobody")]
    assert orphaned == [item["id"] for item in told(tiny.root, "ROLE_HEAD")["orphaned"]]
    assert "VIS_TABLE" in orphaned


def test_a_cover_changes_what_is_left_to_nobody(tiny: Source) -> None:
    tiny.replace("vision/index.md", ":covered_by: ROLE_HEAD", ":covered_by: ROLE_MORE")
    tiny.replace(
        "vision/index.md",
        ":id: ROLE_HEAD\n:status: filled\n",
        ":id: ROLE_HEAD\n:status: filled\n:covered_by: ROLE_FERRY\n",
    )
    tiny.append(
        "vision/index.md",
        "\n:::{role} Boat keeper\n:id: ROLE_MORE\n:status: filled\n\nKeeps the boat.\n:::\n",
    )
    found = told(tiny.root, "head of school")
    assert (found["orphaned"], found["steps_in"]) == ([], ["ROLE_MORE"])
    assert "Boat keeper: " in drill(tiny.root, "head of school").out


@pytest.mark.parametrize(
    "name", ["ROLE_FERRY", "role_ferry", "Ferry teacher", " ferry TEACHER ", "ferry", "teacher"]
)
def test_a_role_by_its_id_its_title_or_a_word(name: str, tiny: Source) -> None:
    assert told(tiny.root, name)["role"] == "ROLE_FERRY"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("principle",), "There is no role 'principle'. There are: Head of school (ROLE_HEAD)"),
        (("ROLE_HED",), "Did you mean: Head of school (ROLE_HEAD)"),
        (("head of schol",), "Did you mean: Head of school (ROLE_HEAD)"),
        (("e",), "There is no role 'e'."),
        (("",), "There is no role ''."),
        (("ROLE_HEAD", "--school", "peer"), "There is no school 'peer'. Did you mean: Pier"),
        (("SCH_PIER",), "There is no role 'SCH_PIER'"),
        ((), "Missing argument 'ROLE'"),
    ],
)
def test_unknown_names_are_told_near_ones(
    words: tuple[str, ...], message: str, tiny: Source
) -> None:
    said = drill(tiny.root, *words)
    assert said.code == 2
    assert message in " ".join(said.err.split())


def test_a_word_that_fits_two_roles_asks_which(tiny: Source) -> None:
    tiny.append(
        "vision/index.md",
        "\n:::{role} Boat teacher\n:id: ROLE_BOAT\n:status: filled\n\nTeaches.\n:::\n",
    )
    said = drill(tiny.root, "teacher")
    assert said.code == 2
    assert "More than one role fits 'teacher'" in said.err
    assert "ROLE_FERRY" in said.err
    assert "ROLE_BOAT" in said.err


def test_a_vacant_role_says_so(tiny: Source) -> None:
    assert "It is vacant today.\nSteps in: Head of school." in drill(tiny.root, "ferry").out


def test_errors_in_the_pages_are_told(tiny: Source) -> None:
    tiny.replace("vision/talk.md", ":realises: VIS_TABLE", ":realises: VIS_GONE")
    said = drill(tiny.root, "ROLE_HEAD")
    assert said.code == 0
    assert "`manual check` finds errors" in said.err


def test_nothing_is_written(tiny: Source) -> None:
    before = {path: path.stat().st_mtime_ns for path in tiny.root.rglob("*")}
    drill(tiny.root, "ROLE_HEAD")
    assert {path: path.stat().st_mtime_ns for path in tiny.root.rglob("*")} == before


@pytest.mark.parametrize("at_school", [False, True], ids=["everywhere", "at one school"])
def test_a_district_agrees_with_a_plain_count(at_school: bool, tmp_path: Path) -> None:
    write_kit(tmp_path, schools=3, actions=8)
    today = date.fromisoformat(WIDE_DAY)
    plain = Plain(tmp_path, today)
    school = next(name for name in plain.records if name.startswith("SCH_")) if at_school else ""
    actions = [each for each in plain.live() if each.type == "action"]
    role = max(plain.status, key=lambda one: sum(one in each.ids("led_by") for each in actions))
    words = (role, *(("--school", school) if school else ()))
    found = told(tmp_path, *words, day=WIDE_DAY)
    has = [
        record
        for record in plain.live()
        if role in plain.charge(record) and (not school or school in (*record.ids("at"), record.id))
    ]
    orphaned = {record.id for record in has if not plain.carriers(record, role)}
    assert found["things"] == len(has) > 0
    assert {item["id"] for item in found["orphaned"]} == orphaned
    assert {item["id"]: set(item["carried_on_by"]) for item in found["covered"]} == {
        record.id: after for record in has if (after := plain.carriers(record, role))
    }
    until = today + timedelta(days=60)
    days = {"action": ("starts", "due"), "session": ("date",), "assessment": ("date",)}
    assert len(found["dates"]) == sum(
        today <= date.fromisoformat(day) <= until
        for record in has
        for name in (*days.get(record.type, ()), *(("due",) if record.type == "key_result" else ()))
        if (day := record.said.get(name))
    )
    assert found["until"] == until.isoformat()
    bare = {each.id for each in has if each.type == "action" and not each.ids("uses")}
    assert bare & orphaned <= set(found["only_in_a_head"]) <= orphaned
