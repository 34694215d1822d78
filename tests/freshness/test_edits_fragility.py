"""Fragility after edits and commits: built over what is there, as built afresh."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from living_manual.edges import git as door
from tests.data.authors import LI, OMAR, ZOE, commit, git, with_line
from tests.freshness.conftest import as_built, keep_as_built
from tests.freshness.site import District, assert_fresh, district
from tests.freshness.test_edits import (
    Case,
    Edit,
    add,
    all_of,
    assert_each_fresh,
    by_name,
    case,
    move,
    remove,
    setting,
    swap,
    there_and_back,
    write,
)
from tests.publish.test_no_author import LISTED, PAGE
from tests.sites import Source

PLAN, SESSIONS, VISION = "schools/pier/plan.csv", "learning/sessions.csv", "vision/index.md"
SHOWN = "progress/fragility.html"
MORE = "SES_MORE,More boats,plc,2030-12-01,1,OBJ_TALK,,,ROLE_HEAD,STAGE_SET,teacher,2030-08-20,\n"


class InGit(District):
    """A district in a repository: commits and `.mailmap` are a part of what it is made from."""

    @property
    def state(self) -> tuple[object, ...]:
        mailmap = self.root / ".mailmap"
        people = mailmap.read_text("utf-8") if mailmap.exists() else ""
        return (*super().state, git(self.root, "rev-parse", "HEAD"), people)


def committed(*edits: Edit) -> Edit:
    """Do the edits and commit them as somebody else; without edits the commit is empty."""

    def edit(made: District) -> None:
        all_of(*edits)(made)
        git(made.root, "add", "--all", by=LI)
        git(made.root, "commit", "--quiet", "--allow-empty", "--message", "A change", by=LI)

    return edit


def same_person(made: District) -> None:
    """Say that two addresses are one person's."""
    made.write(".mailmap", f"{ZOE.name} <{ZOE.address}> <{LI.address}>\n")


CASES: tuple[Case, ...] = (
    case(
        "who wrote a page",
        committed(add("glossary/index.md", "\nAnd by another.\n")),
        same_person,
        remove(".mailmap"),
    ),
    case("a commit without a change", committed()),
    case(
        "an edit that is not committed yet", add("glossary/index.md", "\nAnd more.\n"), committed()
    ),
    case(
        "a page moved and committed",
        committed(
            move("vision/talk.md", "vision/talking.md"),
            swap(VISION, "\ntalk\n", "\ntalking\n"),
            swap("guide/index.md", "[](../vision/talk.md) ", "[](../vision/talking.md) "),
            swap("guide/index.md", "talk.md#", "talking.md#"),
        ),
    ),
    case(
        "a new page, before and after its commit",
        all_of(
            write("guide/third-week.md", "# The third week\n\nRest.\n"),
            swap("guide/index.md", "second-week\n", "second-week\nthird-week\n"),
        ),
        committed(),
    ),
    case(
        "who has an entry, an action and a session",
        swap(
            VISION,
            ":id: ROLE_HEAD\n:status: filled\n",
            ":id: ROLE_HEAD\n:status: filled\n:covered_by: ROLE_FERRY\n",
        ),
        swap(VISION, ":status: vacant\n", ":status: filled\n"),
        swap(PLAN, "ROLE_FERRY,active", "ROLE_FERRY,paused"),
        add(SESSIONS, MORE),
    ),
    there_and_back("a role renamed", swap(VISION, "{role} Ferry teacher", "{role} Boat teacher")),
    case("the day", setting("manual_today", "2030-09-01"), setting("manual_today", "2031-10-01")),
    there_and_back(
        "the page gone",
        all_of(remove("progress/fragility.md"), swap("progress/index.md", LISTED, "")),
    ),
    there_and_back(
        "one block gone", swap("progress/fragility.md", ":::{single-points}\n:::\n", "")
    ),
)


@pytest.fixture(scope="module")
def built_in_git(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district in a repository of two authors, with its first build kept."""
    folder = tmp_path_factory.mktemp("fragility")
    made = InGit(district(folder).root)
    made.write("progress/fragility.md", PAGE)
    made.append("progress/index.md", LISTED)
    git(made.root, "init", "--quiet")
    commit(made.root, ZOE, "2030-08-01")
    with_line(made.root / "protocols" / "index.md", "\nBy two.")
    commit(made.root, OMAR, "2030-08-02")
    assert assert_fresh(made).findings == ()
    return keep_as_built(folder)


@pytest.fixture
def in_git(built_in_git: Path) -> InGit:
    return InGit(as_built(built_in_git).root)


@by_name(CASES)
def test_build_after_an_edit_equals_a_clean_one(edits: Case, in_git: District) -> None:
    assert_each_fresh(edits, in_git)


def test_a_commit_of_somebody_else_changes_the_page(in_git: District) -> None:
    """Or the cases above would compare a page with itself."""
    before = in_git.built().files[SHOWN]
    committed(add("glossary/index.md", "\nAnd by another.\n"))(in_git)
    assert in_git.built().files[SHOWN] != before


@pytest.mark.parametrize("shown", [True, False], ids=["a page asks", "no page asks"])
def test_history_is_read_once_a_build_and_only_when_asked_for(
    shown: bool, in_git: District
) -> None:
    if not shown:
        in_git.remove("progress/fragility.md")
        in_git.replace("progress/index.md", LISTED, "")
    with mock.patch.object(door, "_run", wraps=door._run) as run:
        in_git.built()
    logs = [call for call in run.call_args_list if "--name-status" in call.args[1:]]
    assert (len(logs), bool(run.call_args_list)) == (shown, shown)


def test_the_preview_reads_the_history_when_it_has_moved(in_git: District, tmp_path: Path) -> None:
    from datetime import date

    from living_manual.publish.build import Job
    from living_manual.publish.warm import Warm
    from tests.sites import KIT, TODAY

    source = Source(in_git.root)
    warm = Warm(Job(KIT, in_git.root, date.fromisoformat(TODAY)), tmp_path / "preview")
    page = tmp_path / "preview" / "html" / SHOWN

    def save(file: str) -> int:
        """Build after a save: how often the history was read."""
        with mock.patch.object(door, "_run", wraps=door._run) as run:
            assert warm.rebuild([file], [], lambda _pages: None).done
        return sum("--name-status" in call.args[1:] for call in run.call_args_list)

    try:
        assert save("index.md") == 1
        first = page.read_text("utf-8")
        source.append("glossary/index.md", "\nMore.\n")
        assert save("glossary/index.md") == 0
        assert page.read_text("utf-8") == first
        git(in_git.root, "commit", "--quiet", "--all", "--message", "A change", by=LI)
        assert save("glossary/index.md") == 1
        assert page.read_text("utf-8") != first
    finally:
        warm.end()
