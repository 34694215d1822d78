"""Gaps: each rule on both sides of its edge, with dates around the day the manual is read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from living_manual.core.coverage import coverage
from living_manual.core.gaps import GAP_RULES, Gap, gaps, gaps_table
from living_manual.core.model import STATUSES, Manual, Record, Ref
from living_manual.core.path import PathPage
from living_manual.core.settings_reading import read_settings
from tests.build_manual import SOUND, TODAY, but, manual, rec, whole, without
from tests.strategies import districts


def day(offset: int) -> str:
    """A day so many days after the one the manual is read on."""
    return (TODAY + timedelta(days=offset)).isoformat()


def of(key: str, records: Iterable[Record], **settings: Any) -> list[Gap]:
    view = gaps(manual(*records, **settings))
    return [gap for group in view.groups if group.key == key for gap in group.gaps]


def test_a_sound_manual_has_no_gap_and_says_what_was_looked_at() -> None:
    view = gaps(manual(*SOUND))
    assert (view.groups, view.total, view.late) == ((), 0, 0)
    assert view.clear == tuple(rule.title for rule in GAP_RULES)
    assert gaps_table(view).rows == ()


def test_each_rule_has_a_name_of_its_own() -> None:
    for part in ("key", "title", "rule", "fix"):
        assert len({getattr(rule, part) for rule in GAP_RULES}) == len(GAP_RULES)


@settings(max_examples=40)
@given(districts())
def test_the_whole_adds_up(district: Manual) -> None:
    view = gaps(district)
    everything = [gap for group in view.groups for gap in group.gaps]
    assert view.total == len(everything)
    assert view.late == sum(gap.late for gap in everything)
    assert sorted([*view.clear, *(group.title for group in view.groups)]) == sorted(
        rule.title for rule in GAP_RULES
    )
    assert all(group.gaps for group in view.groups)
    for group in view.groups:
        late = [gap.late for gap in group.gaps]
        assert late == sorted(late, reverse=True)
        assert group.late == sum(late)
        for half in (True, False):
            since = [gap.since or date.max for gap in group.gaps if gap.late == half]
            assert since == sorted(since)
    blank = next((group.gaps for group in view.groups if group.key == "blank"), ())
    assert len(blank) == coverage(district).late
    assert len(blank) + len(view.waiting) == coverage(district).blanks
    assert len(gaps_table(view).rows) == view.total + len(view.waiting)
    keys = [gap.key for gap in view.shown]
    assert len(keys) == len(set(keys))


@settings(max_examples=40)
@given(districts())
def test_the_owners_of_the_register_add_up(district: Manual) -> None:
    view = gaps(district)
    assert sum(each.total for each in view.owners) == sum(len(gap.owners) for gap in view.open)
    for each in view.owners:
        mine = [gap for gap in view.open if each.owner in gap.owners]
        assert (each.total, each.late) == (len(mine), sum(gap.late for gap in mine))


@pytest.mark.parametrize(
    ("due", "what", "late"),
    [
        (None, "no living action; no day is set for it", False),
        (-1, "no living action; asked for by 20 Nov 2026", True),
        (0, "no living action; due by 21 Nov 2026", False),
        (1, "no living action; due by 22 Nov 2026", False),
    ],
)
def test_blank(due: int | None, what: str, late: bool) -> None:
    """The day after its date it is a gap; up to then it is shown, and not counted."""
    asked = {} if due is None else {"OBJ_TALK": TODAY + timedelta(days=due)}
    view = gaps(manual(*without("ACT_OAK_TALK"), actions_due=asked))
    (gap,) = view.shown
    assert list(view.open) == ([gap] if late else [])
    assert list(view.waiting) == ([] if late else [gap])
    assert (view.total, view.late) == (late, late)
    assert (gap.record.id, gap.about and gap.about.id) == ("SCH_OAK", "OBJ_TALK")
    assert (gap.what, gap.late, gap.owner) == (what, late, "Mathematics lead")
    assert (gap.since, gap.days) == (asked.get("OBJ_TALK"), 1 if late else 0 if due == 0 else None)
    assert gap.key == "blank-SCH_OAK-OBJ_TALK"


@pytest.mark.parametrize("status", STATUSES)
def test_blank_is_what_no_living_action_fills(status: str) -> None:
    asked = {"OBJ_TALK": TODAY - timedelta(days=1)}
    found = of("blank", but("ACT_OAK_TALK", status=status), actions_due=asked)
    assert bool(found) == (status in ("paused", "dropped"))


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("offset", [-1, 0, 1, None])
def test_overdue(status: str, offset: int | None) -> None:
    due = None if offset is None else day(offset)
    found = of("overdue", but("ACT_OAK_TALK", status=status, due=due))
    assert bool(found) == (status in ("planned", "active") and offset == -1)
    for gap in found:
        assert (gap.record.id, gap.what, gap.late) == ("ACT_OAK_TALK", "was due 20 Nov 2026", True)
        assert gap.about is not None
        assert (gap.about.id, gap.owner) == ("SCH_OAK", "Mathematics lead")


@pytest.mark.parametrize("field", ["look_for", "evidence"])
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("offset", [-1, 0, 1, None])
def test_a_started_action_says_what_it_is_seen_by(
    field: str, status: str, offset: int | None
) -> None:
    starts = None if offset is None else day(offset)
    said: dict[str, Any] = {"status": status, "starts": starts}
    started = status in ("active", "done") or (status == "planned" and offset in (-1, 0))
    key = field.replace("_", "-")
    assert bool(of(key, but("ACT_OAK_TALK", **said, **{field: None}))) == started
    assert of(key, but("ACT_OAK_TALK", **said)) == []


@pytest.mark.parametrize("status", STATUSES)
def test_backup(status: str) -> None:
    found = of("backup", but("ACT_OAK_TALK", status=status, backed_up_by=None))
    assert bool(found) == (status in ("planned", "active"))
    assert of("backup", but("ACT_OAK_TALK", status=status)) == []


@pytest.mark.parametrize(
    ("said", "late"),
    [
        ({"analysed_in": None, "date": day(-1)}, True),
        ({"analysed_in": None, "date": day(0)}, False),
        ({"analysed_in": None, "date": day(1)}, False),
        ({"analysed_in": None, "date": None}, False),
        ({"analysed_in": "SES_NOWHERE", "date": day(-1)}, True),
        ({"date": day(-1)}, None),
    ],
)
def test_analysis(said: dict[str, Any], late: bool | None) -> None:
    found = of("analysis", but("ASM_FALL", **said))
    assert [gap.late for gap in found] == ([] if late is None else [late])


@pytest.mark.parametrize(
    ("reviewed", "months", "overdue"),
    [
        ("2025-11-20", 12, True),
        ("2025-11-21", 12, True),
        ("2025-11-22", 12, False),
        ("2026-05-21", 6, True),
        ("2026-05-22", 6, False),
        ("2027-01-01", 12, False),
        ("soon", 12, False),
        (None, 12, False),
    ],
)
def test_review(reviewed: str | None, months: int, overdue: bool) -> None:
    term = rec("TERM_OLD", owner="ROLE_LEAD", **({"reviewed": reviewed} if reviewed else {}))
    found = of("review", [*SOUND, term], review_months=months)
    assert bool(found) == overdue
    for gap in found:
        assert gap.late
        assert gap.what.startswith("last reviewed ")
        assert gap.since is not None
        assert gap.since <= TODAY


@pytest.mark.parametrize("reviewed", ["9999-01-01", "9999-12-31"])
def test_a_review_at_the_end_of_the_calendar_is_not_overdue(reviewed: str) -> None:
    assert of("review", [*SOUND, rec("TERM_OLD", reviewed=reviewed)]) == []


@pytest.mark.parametrize("months", [1_200, 100_000, 10**12])
def test_any_number_of_months_that_a_district_may_set_is_computed(months: int) -> None:
    settings, findings = read_settings(f"thresholds.review_months = {months}\n")
    refused = [found for found in findings if found.kind == "settings-value"]
    term = rec("TERM_OLD", reviewed="2025-01-01")
    found = of("review", [*SOUND, term], review_months=settings.review_months)
    assert bool(found) == bool(refused)  # the default stands in for what was refused


@pytest.mark.parametrize(
    ("key", "record_id", "used_by"),
    [
        (
            "protocol",
            "PRO_NEW",
            [
                rec("ACT_1", uses="PRO_NEW", status="planned"),
                rec("ACT_1", uses="PRO_NEW", status="done"),
                rec("SES_1", runs="PRO_NEW"),
            ],
        ),
        (
            "term",
            "TERM_NEW",
            [rec("PRO_1", develops="TERM_NEW"), rec("EX_1", illustrates="TERM_NEW")],
        ),
    ],
)
def test_unused(key: str, record_id: str, used_by: list[Record]) -> None:
    new = rec(record_id)
    mentioned = rec("DEC_1", affects=record_id)
    (gap,) = of(key, [*SOUND, new, mentioned])
    assert (gap.record.id, gap.late) == (record_id, False)
    for user in used_by:
        assert record_id not in [g.record.id for g in of(key, [*SOUND, new, user])]


@pytest.mark.parametrize("status", STATUSES)
def test_a_protocol_of_an_action_that_is_off_is_run_by_nobody(status: str) -> None:
    more = [rec("PRO_NEW"), rec("ACT_1", uses="PRO_NEW", status=status)]
    found = [gap.record.id for gap in of("protocol", [*SOUND, *more])]
    assert found == (["PRO_NEW"] if status in ("paused", "dropped") else [])


NEW_SUBSYSTEM = (rec("SUB_NEW"), rec("PRO_1", strengthens="SUB_NEW"))


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ((rec("SUB_NEW"),), "no protocol strengthens it"),
        (
            NEW_SUBSYSTEM,
            "1 protocol for it, and no living action or session runs one for an objective",
        ),
        (
            (*NEW_SUBSYSTEM, rec("ACT_1", uses="PRO_1", advances="KR_TALK", status="dropped")),
            "1 protocol for it, and no living action or session runs one for an objective",
        ),
        (
            (*NEW_SUBSYSTEM, rec("SES_1", runs="PRO_1", serves="OBJ_NOWHERE")),
            "1 protocol for it, and no living action or session runs one for an objective",
        ),
        ((*NEW_SUBSYSTEM, rec("ACT_1", uses="PRO_1", advances="KR_TALK", status="active")), None),
        ((*NEW_SUBSYSTEM, rec("ACT_1", uses="PRO_1", advances="OBJ_TALK", status="done")), None),
        ((*NEW_SUBSYSTEM, rec("SES_1", runs="PRO_1", serves="OBJ_TALK")), None),
    ],
    ids=["no protocol", "nobody runs it", "dropped", "for nothing", "action", "done", "session"],
)
def test_a_subsystem_carries_what_an_action_or_session_brings_through_it(
    more: tuple[Record, ...], what: str | None
) -> None:
    found = [(gap.record.id, gap.what) for gap in of("subsystem", [*SOUND, *more])]
    assert found == ([("SUB_NEW", what)] if what else [])


@pytest.mark.parametrize(
    ("kinds", "alone"),
    [
        (("implementation", "implementation"), True),
        (("implementation", "teacher-practice"), False),
        (("implementation", "student-outcome"), False),
    ],
)
def test_an_objective_measured_only_by_implementation(kinds: tuple[str, str], alone: bool) -> None:
    own = [rec(f"KR_NEW_{n}", measures="OBJ_NEW", measure=kind) for n, kind in enumerate(kinds)]
    view = gaps(manual(*SOUND, rec("OBJ_NEW", owner="ROLE_LEAD"), *own))
    found = [gap for gap in view.open if gap.rule == "measure"]
    assert [(gap.record.id, gap.since, gap.late) for gap in found] == (
        [("OBJ_NEW", None, False)] if alone else []
    )


@pytest.mark.parametrize(("starts", "age"), [(-10, 10), (-1, 1), (0, 0), (1, None), (None, None)])
def test_the_age_of_a_gap_is_counted_from_its_start(starts: int | None, age: int | None) -> None:
    said = {"status": "planned", "backed_up_by": None}
    records = but("ACT_OAK_TALK", starts=None if starts is None else day(starts), **said)
    (gap,) = of("backup", records)
    assert gap.days == age


def test_each_gap_says_where_it_is_and_whose() -> None:
    records = but("ACT_OAK_TALK", evidence=None, file="schools/oak/plan.csv", line=7)
    (gap,) = gaps(manual(*records)).open
    assert gap.key == "evidence-ACT_OAK_TALK"
    assert [ref.id for ref in gap.schools] == ["SCH_OAK"]
    assert [ref.id for ref in gap.objectives] == ["OBJ_TALK"]
    assert [ref.id for ref in gap.owners] == ["ROLE_LEAD"]
    assert gap.levels == ("elementary",)
    assert (gap.file, gap.line) == ("schools/oak/plan.csv", 7)


def test_what_nobody_owns_is_asked_of_whoever_keeps_the_vision() -> None:
    records = [*SOUND, whole("PRO_NEW", strengthens="SUB_COACHING", develops="TERM_TALK")]
    (gap,) = of("protocol", records)
    assert (gap.owner, [ref.id for ref in gap.owners]) == ("Mathematics lead", ["ROLE_LEAD"])


@pytest.mark.parametrize(
    ("said", "what", "late"),
    [
        ({"status": "filled"}, None, None),
        ({"status": "vacant"}, "vacant", True),
        ({"status": "vacant", "covered_by": "ROLE_LEAD"}, "vacant; Mathematics lead stands in", 0),
        ({"status": "vacant", "covered_by": "ROLE_NOWHERE"}, "vacant", True),
    ],
)
def test_vacant_role(said: dict[str, Any], what: str | None, late: bool | None) -> None:
    found = of("role", but("ROLE_COACH", **said))
    assert [(gap.record.id, gap.what, gap.late) for gap in found] == (
        [("ROLE_COACH", what, bool(late))] if what else []
    )


def test_a_vacant_role_stands_in_for_nobody() -> None:
    spare = rec("ROLE_A", status="vacant")
    records = [*but("ROLE_COACH", status="vacant", covered_by="ROLE_A"), spare]
    assert {gap.record.id: (gap.what, gap.late) for gap in of("role", records)} == {
        "ROLE_COACH": ("vacant", True),
        "ROLE_A": ("vacant", True),
    }


@pytest.mark.parametrize(
    ("served", "left"),
    [
        ((), ["ROLE_LEAD", "ROLE_COACH"]),
        (("ROLE_COACH",), ["ROLE_LEAD"]),
        (("ROLE_COACH", "ROLE_LEAD", "ROLE_NOBODY"), []),
    ],
)
@pytest.mark.parametrize("status", ["filled", "vacant"])
def test_a_role_without_a_path(served: tuple[str, ...], left: list[str], status: str) -> None:
    """Also of a vacant role: somebody will be new in it."""
    path = PathPage(Ref("", "page", "New", "new"), 1, served, "", (), ())
    view = gaps(manual(*but("ROLE_LEAD", status=status), paths=(path,)))
    found = [gap for group in view.groups if group.key == "path" for gap in group.gaps]
    assert [gap.record.id for gap in found] == left
    assert not any(gap.late for gap in found)


def test_the_table_in_full() -> None:
    view = gaps(manual(*but("ACT_OAK_TALK", due=day(-1))))
    assert gaps_table(view).csv().split("\n")[:2] == [
        "key,state,rule,record_id,record,about_id,what,since,days,late,owner,schools,objectives,"
        "how_to_close,written_in,until,reason,approved_by",
        "overdue-ACT_OAK_TALK,open,Action past its date,ACT_OAK_TALK,Oak talk,SCH_OAK,"
        "was due 20 Nov 2026,2026-11-20,1,yes,Mathematics lead,SCH_OAK,OBJ_TALK,"
        '"Set it to done, give it a new date, or drop it and say why in the notes.",'
        "pages/act_oak_talk.md:1,,,",
    ]


def test_what_is_late_longest_comes_first() -> None:
    records = [
        *but("ACT_OAK_TALK", due=day(-1)),
        rec("TERM_OLD", owner="ROLE_LEAD", reviewed="2024-01-01"),
    ]
    view = gaps(manual(*records))
    assert [group.key for group in view.groups][:2] == ["review", "overdue"]
    assert [group.late for group in view.groups] == [1, 1, *[0] * (len(view.groups) - 2)]
    for group in view.groups:
        ages = [gap.days for gap in group.gaps if gap.days is not None]
        assert group.oldest == (max(ages) if ages else None)
