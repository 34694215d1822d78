"""The pack as a value: what is open, what comes first, whom to ask, and where lists are cut."""

from __future__ import annotations

import pytest

from living_manual.core.handover import LIMIT, Pack, pack, what_and_why
from living_manual.core.handover_list import handover_list, page_of
from living_manual.core.handover_paper import pack_data, pack_text
from living_manual.core.language import people_in
from living_manual.core.model import Manual, Record
from living_manual.core.record_names import NotMeant, meant
from tests.build_manual import manual, rec

ROLES = (
    rec("ROLE_HEAD", title="Head", status="filled", contact="head@x.example", text="Holds: it."),
    rec("ROLE_COACH", title="Coach", status="filled"),
    rec("ROLE_DATA", title="Data lead", status="vacant", covered_by="ROLE_HEAD"),
    rec("SCH_OAK", title="Oak School", short="Oak", owner="ROLE_HEAD"),
    rec("OBJ_TALK"),
    rec("KR_TALK", measures="OBJ_TALK"),
    *(rec(f"PRO_{name}", minutes=20) for name in ("A", "B", "C", "D")),
)


def act(number: int, status: str = "active", **said: str) -> Record:
    given = {"at": "SCH_OAK", "led_by": "ROLE_HEAD", "advances": "KR_TALK", **said}
    return rec(f"ACT_{number}", status=status, **given)


def made(*records: Record, role: str = "ROLE_HEAD", school: str = "") -> Pack:
    district = manual(*ROLES, *records)
    return pack(district, district.records[role], district.get(school))


def ids(some: tuple[object, ...], name: str) -> list[str]:
    return [getattr(each, name).id for each in some]


def test_what_is_late_comes_first_then_what_is_under_way() -> None:
    view = made(
        act(1, "paused"),
        act(2, "planned", due="2027-01-01"),
        act(3, "active", due="2027-02-01"),
        act(4, "planned", due="2026-11-20"),
        act(5, "done"),
        act(6, "dropped"),
        act(7, "active", due="2026-11-21"),
        act(8, led_by="ROLE_COACH"),
    )
    assert ids(view.open.items, "action") == ["ACT_4", "ACT_7", "ACT_3", "ACT_2", "ACT_1"]
    assert [ref.id for ref in view.closed.items] == ["ACT_5", "ACT_6"]
    assert view.late == 1
    assert ids(view.dates.items, "record") == ["ACT_4", "ACT_7", "ACT_2", "ACT_3"]


def test_lists_are_cut_and_say_so() -> None:
    view = made(*(act(number, due="2026-11-01") for number in range(100, 150)))
    assert view.late == 50
    assert len(view.open.items) == LIMIT
    assert (view.open.total, view.open.rest) == (50, 50 - LIMIT)
    assert f"The first {LIMIT} of 50 stand here" in pack_text(manual(*ROLES), view)
    assert [(each.school.id, each.open) for each in view.schools] == [("SCH_OAK", 50)]


def test_protocols_are_ranked_by_the_stated_rule() -> None:
    view = made(
        rec("SES_1", date="2026-12-01", led_by="ROLE_HEAD", runs="PRO_D"),
        rec("SES_2", date="2026-11-01", led_by="ROLE_HEAD", runs="PRO_C"),
        act(1, uses="PRO_A"),
        act(2, uses="PRO_B PRO_D"),
        act(3, uses="PRO_B"),
    )
    assert ids(view.protocols, "protocol") == ["PRO_D", "PRO_B", "PRO_A", "PRO_C"]
    assert [each.why for each in view.protocols] == [
        "run on 1 Dec 2026: 1",
        "used by 2 open actions",
        "used by 1 open action",
        "run in a session now over",
    ]


def test_a_pack_at_a_school_has_that_school_and_what_is_for_all() -> None:
    records = (
        rec("SCH_ELM", owner="ROLE_COACH"),
        rec("SES_ALL", date="2026-12-01", owner="ROLE_HEAD"),
        rec("SES_ELM", date="2026-12-02", owner="ROLE_HEAD", at="SCH_ELM"),
        rec("SES_OAK", date="2026-12-03", owner="ROLE_HEAD", led_by="ROLE_HEAD", at="SCH_OAK"),
        act(1),
        act(2, at="SCH_ELM"),
    )
    view = made(*records, school="SCH_OAK")
    assert ids(view.dates.items, "record") == ["SES_ALL", "SES_OAK"]
    assert view.dates.items[1].does == "prepares and leads a session"
    assert ids(view.open.items, "action") == ["ACT_1"]
    assert view.shared == 1
    assert {each.type for each in view.held} == {"school", "session"}


def test_contacts_are_roles_with_reasons() -> None:
    view = made(act(1, backed_up_by="ROLE_COACH"), act(2, led_by="ROLE_COACH ROLE_HEAD"))
    told = {each.role.id: each.why for each in view.contacts}
    assert told == {
        "ROLE_COACH": ("backs up 1 open action", "leads 1 open action with it"),
        "ROLE_DATA": ("it steps in for this one",),
    }
    vacant = made(role="ROLE_DATA")
    assert vacant.vacant
    assert vacant.steps_in
    assert vacant.steps_in.id == "ROLE_HEAD"
    assert [(each.role.id, each.contact) for each in vacant.contacts] == [
        ("ROLE_HEAD", "head@x.example")
    ]


def test_the_first_week_is_short_and_begins_with_the_role() -> None:
    view = made(
        rec("SES_1", date="2026-12-01", led_by="ROLE_HEAD", runs="PRO_D"),
        rec("DEC_1", affects="ROLE_HEAD", date="2026-10-01", text="What. This. Why. That."),
        act(1, due="2026-11-01", look_for="Students talk.", backed_up_by="ROLE_COACH"),
        school="SCH_OAK",
    )
    about = [step.about.id or step.about.type for step in view.first_week]
    assert about == ["ROLE_HEAD", "page", "SCH_OAK", "ACT_1", "SES_1", "ROLE_COACH", "PRO_D"]


def test_decisions_come_by_what_the_work_serves_the_newest_first() -> None:
    view = made(
        rec("DEC_OLD", affects="OBJ_TALK", date="2026-01-01", text="What. This. Why. That."),
        rec("DEC_NEW", affects="ACT_1", date="2026-10-01", text="Only this."),
        rec("DEC_ELSE", affects="PRO_A", date="2026-10-02"),
        act(1),
    )
    assert [(each.decision.id, each.what, each.why) for each in view.decisions] == [
        ("DEC_NEW", "Only this.", ""),
        ("DEC_OLD", "This.", "That."),
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("What. A. Why. B. What changes. C.", ("A.", "B.")),
        ("What. A. Why. B.", ("A.", "B.")),
        ("A.", ("A.", "")),
        ("", ("", "")),
    ],
)
def test_what_and_why(text: str, parts: tuple[str, str]) -> None:
    assert what_and_why(text) == parts


def test_there_is_a_pack_for_each_role_and_each_role_at_a_school() -> None:
    view = handover_list(manual(*ROLES, act(1, backed_up_by="ROLE_COACH")))
    assert [(group.pack.role.id, group.schools) for group in view.groups] == [
        ("ROLE_HEAD", 1),
        ("ROLE_COACH", 1),
        ("ROLE_DATA", 0),
    ]
    assert page_of("ROLE_PLC_LEAD", "SCH_OLD_OAK") == "handover/plc-lead/old-oak"


def test_paper_without_an_address_has_no_links() -> None:
    district = manual(*ROLES, act(1, look_for="Students wait."))
    told = pack_data(district, pack(district, district.records["ROLE_HEAD"]))
    hrefs = {
        each["href"] for part in told["sections"] for e in part["entries"] for each in e["head"]
    }
    assert hrefs == {""}


@pytest.fixture(scope="module")
def district() -> Manual:
    return manual(
        *ROLES, rec("ROLE_SECOND_COACH", title="Second coach"), rec("SCH_ELM", title="Elm School")
    )


@pytest.mark.parametrize(
    ("type_name", "said", "found"),
    [
        ("role", "ROLE_HEAD", "ROLE_HEAD"),
        ("role", "head", "ROLE_HEAD"),
        ("role", "role_head", "ROLE_HEAD"),
        ("role", "Data Lead", "ROLE_DATA"),
        ("role", "lead", "ROLE_DATA"),
        ("role", "coach", "ROLE_COACH"),
        ("role", "second", "ROLE_SECOND_COACH"),
        ("school", "oak", "SCH_OAK"),
        ("school", "Elm School", "SCH_ELM"),
    ],
)
def test_names_mean_records(district: Manual, type_name: str, said: str, found: str) -> None:
    assert meant(district, type_name, said).id == found


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("school", "'school' may mean Oak School (SCH_OAK) or Elm School (SCH_ELM)."),
        ("okk", "No school is called 'okk'. Did you mean Oak School (SCH_OAK)?"),
        ("---", "No school is called '---'. There are Oak School (SCH_OAK), Elm School (SCH_ELM)."),
    ],
)
def test_names_that_mean_none_or_several(district: Manual, said: str, told: str) -> None:
    with pytest.raises(NotMeant, match=r".") as refused:
        meant(district, "school", said)
    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        (":contact: mathematics.coach@x.example", []),
        (":contact: 416-555-0199", []),
        (":contact: maria.santos@x.example", ["person-name"]),
        (":contact: m_santos2@x.example", ["person-name"]),
        (":contact: ask Maria Santos", ["person-name"]),
        ("Write to mathematics.coach@x.example", ["email-address"]),
    ],
)
def test_a_mailbox_of_a_role_is_no_person(line: str, kinds: list[str]) -> None:
    assert [each.kind for each in people_in(line, "roles.md")] == kinds
