"""My school: its living actions, and its sessions from today on."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from living_manual.core.model import STATUSES, Manual, Record, Ref
from living_manual.core.my_school import AtSchool, at_school, at_school_json, my_school
from living_manual.core.path import PathPage
from tests.build_manual import SOUND, TODAY, but, manual, rec


def day(offset: int) -> str:
    return (TODAY + timedelta(days=offset)).isoformat()


def oak(found: Manual) -> AtSchool:
    return at_school(found, found.records["SCH_OAK"])


def session(name: str, **said: Any) -> Record:
    return rec(f"SES_{name}", **{"date": day(5), "serves": "OBJ_TALK", **said})


def sessions(*more: Record) -> list[str]:
    return [each.session.id for each in oak(manual(*SOUND, *more)).sessions]


@pytest.mark.parametrize("status", STATUSES)
def test_only_what_lives_is_shown(status: str) -> None:
    found = oak(manual(*but("ACT_OAK_TALK", status=status)))
    shown = {each.action.id for each in found.actions}
    assert ("ACT_OAK_TALK" in shown) == (status not in ("paused", "dropped"))
    assert shown <= {"ACT_OAK_TALK", "ACT_OAK_TASKS"}


@pytest.mark.parametrize(
    ("status", "first"), [("done", False), ("planned", False), ("active", True)]
)
def test_what_is_under_way_comes_first(status: str, first: bool) -> None:
    found = oak(manual(*but("ACT_OAK_TALK", status=status)))
    assert (found.actions[0].action.id == "ACT_OAK_TALK") == first


@pytest.mark.parametrize("status", ["planned", "active", "done"])
@pytest.mark.parametrize("offset", [-1, 0, 1, None])
def test_overdue(status: str, offset: int | None) -> None:
    due = None if offset is None else day(offset)
    found = oak(manual(*but("ACT_OAK_TALK", status=status, due=due)))
    action = next(each for each in found.actions if each.action.id == "ACT_OAK_TALK")
    assert action.overdue == (status != "done" and offset == -1)
    assert [role.id for role in action.led_by] == ["ROLE_LEAD"]
    assert [role.id for role in action.backed_up_by] == ["ROLE_COACH"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({"date": day(-1)}, False),
        ({"date": day(0)}, True),
        ({"date": day(1)}, True),
        ({"date": "soon"}, False),
        ({"at": "SCH_OAK"}, True),
        ({"at": "SCH_ELM"}, False),
        ({"at": "SCH_ELM SCH_OAK"}, True),
        ({"at": "SCH_GONE"}, False),
    ],
)
def test_which_sessions_are_to_come_here(said: dict[str, str], shown: bool) -> None:
    assert sessions(session("NEW", **said)) == (["SES_NEW"] if shown else [])


def test_sessions_stand_by_day() -> None:
    more = [session("C", date=day(9)), session("B"), session("A", at="SCH_OAK")]
    assert sessions(*more) == ["SES_A", "SES_B", "SES_C"]


def test_the_choice_is_by_name_and_knows_the_roles_of_the_page() -> None:
    page = PathPage(Ref("", "page", "New", "new"), 1, ("ROLE_COACH",), "", (), ())
    found = manual(*SOUND, paths=(page,))
    assert [school.title for school in my_school(found, "new").schools] == [
        "Elm Middle",
        "Oak Elementary",
    ]
    assert my_school(found, "new").roles == ("ROLE_COACH",)
    assert my_school(found, "schools/index").roles == ()


def test_the_file_in_full() -> None:
    more = session("NEW", title="Talk & <draw>", hours="1.50", at="SCH_OAK")
    found = oak(manual(*but("ACT_OAK_TALK", due=day(-2), backed_up_by=None), more))
    said = json.loads(at_school_json(found, lambda ref: f"{ref.page}.html#{ref.id}"))
    assert said["school"] == {
        "title": "Oak Elementary",
        "url": "pages/sch_oak.html#SCH_OAK",
    }
    assert said["actions"][0] == {
        "title": "Oak talk",
        "url": "pages/act_oak_talk.html#ACT_OAK_TALK",
        "status": "active",
        "due": {"iso": "2026-11-19", "said": "19 Nov 2026"},
        "overdue": True,
        "led_by": [{"id": "ROLE_LEAD", "title": "Mathematics lead"}],
        "backed_up_by": [],
    }
    assert said["sessions"] == [
        {
            "title": "Talk & <draw>",
            "url": "pages/ses_new.html#SES_NEW",
            "day": {"iso": "2026-11-26", "said": "26 Nov 2026"},
            "hours": "1.5",
            "here": True,
        }
    ]
