"""Paths for newcomers: what is shown adds up, and each thing that is missing is told once."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.model import Manual, Ref
from living_manual.core.path import (
    STAGES,
    PathPage,
    PathStep,
    path_list,
    path_sum,
    path_table,
    paths_are_whole,
    say_minutes,
    stage_of,
)
from living_manual.core.words import slug
from tests.build_manual import SOUND, manual

PAGE = Ref("", "page", "New here", "onboarding/coach")


def step(title: str = "Read the vision", **said: Any) -> PathStep:
    whole = PathStep(title, f"step-{slug(title)}", "5", "You can say it.", True, STAGES[0], 12)
    return replace(whole, **said)


def path(*steps: PathStep, **said: Any) -> PathPage:
    stages = tuple((name, 10 * place) for place, name in enumerate(STAGES, 1))
    return replace(PathPage(PAGE, 3, ("ROLE_COACH",), "Go on.", stages, steps), **said)


def having(*paths: PathPage) -> Manual:
    return manual(*SOUND, paths=paths)


def told(*paths: PathPage) -> list[tuple[str, int | None]]:
    return [(found.kind, found.line) for found in paths_are_whole(having(*paths))]


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (89, "89 minutes"),
        (90, "1 h 30 min"),
        (120, "2 h"),
        (585, "9 h 45 min"),
    ],
)
def test_minutes_in_words(minutes: int, said: str) -> None:
    assert say_minutes(minutes) == said


@pytest.mark.parametrize(
    ("heading", "stage"),
    [
        ("First day", "First day"),
        ("first 30 Days", "First 30 days"),
        ("First 90 days.", "First 90 days"),
        ("First month", ""),
        ("", ""),
    ],
)
def test_a_heading_names_a_stage(heading: str, stage: str) -> None:
    assert stage_of(heading) == stage


@given(st.lists(st.tuples(st.integers(1, 300), st.sampled_from(STAGES)), max_size=12))
def test_the_stages_add_up_to_the_path(lengths: list[tuple[int, str]]) -> None:
    steps = [
        step(f"Step {n}", said=str(minutes), stage=stage)
        for n, (minutes, stage) in enumerate(lengths)
    ]
    found = having(path(*steps))
    view = path_sum(found, PAGE.page)
    assert view is not None
    assert [stage.title for stage in view.stages] == list(STAGES)
    assert sum(stage.steps for stage in view.stages) == view.steps == len(lengths)
    assert view.time == say_minutes(sum(minutes for minutes, _ in lengths))
    assert path_list(found) == (view,)
    table = path_table(view)
    assert [row[2] for row in table.rows] == [minutes for minutes, _ in lengths]
    assert told(path(*steps)) == []


def test_what_a_path_shows() -> None:
    roles = ("ROLE_LEAD", "ROLE_GONE", "ROLE_COACH")
    view = path_sum(having(path(step(), roles=roles)), PAGE.page)
    assert view is not None
    assert [role.title for role in view.roles] == ["Mathematics lead", "Coach"]
    assert (view.purpose, view.time, view.steps) == ("Go on.", "5 minutes", 1)


def test_a_page_without_a_block_is_no_path() -> None:
    found = having(path(step(), line=None))
    assert path_sum(found, PAGE.page) is None
    assert path_sum(found, "elsewhere") is None
    assert path_list(found) == ()


WRONG = {
    "no minutes": (path(step(said="")), "path-step", 12, "has no minutes"),
    "minutes in words": (path(step(said="ten")), "path-step", 12, "its minutes as 'ten'"),
    "minutes of nothing": (path(step(said="0")), "path-step", 12, "its minutes as '0'"),
    "half a minute": (path(step(said="0.5")), "path-step", 12, "its minutes as '0.5'"),
    "minutes below nothing": (path(step(said="-5")), "path-step", 12, "its minutes as '-5'"),
    "odd digits": (path(step(said="²")), "path-step", 12, "its minutes as '²'"),
    "no done": (path(step(done="")), "path-step", 12, "does not say what done means"),
    "no link": (path(step(leads=False)), "path-step", 12, "leads to no page"),
    "in no stage": (path(step(stage="")), "path-stage", 12, "stands under no stage"),
    "the same address": (
        path(step(), step("Read again", anchor="step-read-the-vision", line=20)),
        "path-step-twice",
        20,
        "as the one of line 12",
    ),
    "no role": (path(step(), roles=()), "path-role", 3, "does not say which role"),
    "a role that is none": (
        path(step(), roles=("ROLE_COACH", "ROLE_GONE")),
        "path-role",
        3,
        "ROLE_GONE, which does not exist",
    ),
    "a school for a role": (
        path(step(), roles=("SCH_OAK",)),
        "path-role",
        3,
        "SCH_OAK, which is not a role",
    ),
    "steps without a block": (path(step(), line=None, roles=()), "path-role", 12, "to no path"),
    "a stage twice": (
        path(step(), stages=((STAGES[0], 5), (STAGES[0], 9))),
        "path-stage",
        9,
        "a second time",
    ),
    "a stage too late": (
        path(step(), stages=((STAGES[0], 5), (STAGES[4], 7), (STAGES[2], 9))),
        "path-stage",
        9,
        "after 'First 90 days'",
    ),
}


@pytest.mark.parametrize(("wrong", "kind", "line", "words"), WRONG.values(), ids=list(WRONG))
def test_what_is_wrong_is_told_at_its_place(
    wrong: PathPage, kind: str, line: int, words: str
) -> None:
    (found,) = paths_are_whole(having(wrong))
    assert (found.kind, found.file, found.line) == (kind, "onboarding/coach.md", line)
    assert words in found.message
    assert found.fix


def test_everything_that_is_missing_is_told_at_once() -> None:
    bare = step(said="", done="", leads=False, stage="")
    assert told(path(bare, roles=())) == [
        ("path-role", 3),
        ("path-stage", 12),
        ("path-step", 12),
        ("path-step", 12),
        ("path-step", 12),
    ]


@pytest.mark.parametrize("some", list(permutations(range(5), 2)))
def test_two_stages_stand_in_order_or_are_told(some: tuple[int, int]) -> None:
    stages = tuple((STAGES[place], 10 + line) for line, place in enumerate(some))
    one = path(step(stage=STAGES[some[0]]), stages=stages)
    assert told(one) == ([] if some[0] < some[1] else [("path-stage", 11)])
