"""Rules over the whole manual: for each, what breaks it and what keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given, settings

from living_manual.core.finding import KINDS, Severity
from living_manual.core.model import Manual, Record
from living_manual.core.rules import check, check_ids, check_steps
from tests.build_manual import MODEL, SOUND, but, manual, rec, without
from tests.strategies import districts


def found(records: Iterable[Record], **settings: object) -> list[tuple[str, str | None, int]]:
    return [(f.kind, f.file, f.line or 0) for f in check(manual(*records, **settings))]


def test_nothing_is_wrong_with_a_sound_manual() -> None:
    assert check(manual(*SOUND, actions_due={"OBJ_TALK": date(2026, 10, 15)})) == ()


@settings(max_examples=40)
@given(districts())
def test_any_district_can_be_checked(district: Manual) -> None:
    for one in check(district):
        assert one.kind in KINDS
        assert one.file
        assert one.line
        assert one.message.endswith((".", "_"))
        assert one.fix


#: The file and line of the record that each case changes.
HERE = {"file": "some/page.md", "line": 7}
WRONG = [
    # (record, link, target, kind, start of the fix)
    ("OBJ_TALK", "realises", "VIS_NOWHERE", "link-missing-target", "Write the id as it stands"),
    ("OBJ_TALK", "realises", "SCH_OAK", "link-wrong-type", "Name a vision instead."),
    ("KR_TALK", "measures", "OBJ_TALKS", "link-missing-target", "Did you mean OBJ_TALK?"),
    ("KR_TALK_PLANS", "measures", "KR_TALK", "link-wrong-type", "Name an objective instead."),
    ("ACT_OAK_TALK", "advances", "KR_TALK KR_NONE_OF_IT", "link-missing-target", ""),
    ("ACT_OAK_TALK", "advances", "PRO_VISIT", "link-wrong-type", "Name a key result or objective"),
    ("ACT_OAK_TALK", "at", "SCH_OKA", "link-missing-target", "Did you mean SCH_OAK?"),
    ("ACT_OAK_TALK", "at", "OBJ_TASKS", "link-wrong-type", "Name a school instead."),
    ("ACT_OAK_TALK", "led_by", "ROLE_LEED", "link-missing-target", "Did you mean ROLE_LEAD?"),
    ("ACT_OAK_TALK", "backed_up_by", "SCH_OAK", "link-wrong-type", "Name a role instead."),
    ("ACT_OAK_TALK", "uses", "TERM_TALK", "link-wrong-type", "Name a protocol instead."),
    ("PRO_VISIT", "strengthens", "SUB_NOTHING_OF", "link-missing-target", ""),
    ("PRO_VISIT", "develops", "OBJ_TALK", "link-wrong-type", "Name a word instead."),
    ("SES_FALL", "serves", "KR_TALK", "link-wrong-type", "Name an objective instead."),
    ("SES_FALL", "runs", "SUB_COACHING", "link-wrong-type", "Name a protocol instead."),
    ("ASM_FALL", "informs", "OBJ_TALK", "link-wrong-type", "Name a key result instead."),
    ("ASM_FALL", "analysed_in", "ASM_FALL", "link-wrong-type", "Name a session instead."),
    # What is nearest may be of a type to which the link must not lead; then it is no help.
    ("SES_FALL", "serves", "PRO_VISITT", "link-missing-target", "Write the id"),
    ("SCH_OAK", "owner", "ROLE_NOBODY_AT_ALL", "link-missing-target", "Write the id"),
]


@pytest.mark.parametrize(
    ("record_id", "link", "targets", "kind", "fix"),
    [pytest.param(*case, id=f"{case[0]} {case[1]} {case[2]}") for case in WRONG],
)
def test_a_link_that_leads_wrong_is_found_at_its_record(
    record_id: str, link: str, targets: str, kind: str, fix: str
) -> None:
    records = but(record_id, **{link: targets}, **HERE)
    one = next(f for f in check(manual(*records)) if f.kind == kind)
    assert (one.place, one.column) == ("some/page.md:7", link)
    assert targets.rsplit(maxsplit=1)[-1] in one.message
    assert record_id in one.message
    assert one.fix.startswith(fix)


def test_every_wrong_target_of_a_link_is_found() -> None:
    kinds = [kind for kind, *_ in found(but("ACT_OAK_TALK", uses="PRO_NO1 PRO_VISIT PRO_NO2"))]
    assert kinds == ["link-missing-target"] * 2


def test_a_decision_may_affect_any_record() -> None:
    everything = " ".join(record.id for record in SOUND)
    assert found([*SOUND, rec("DEC_1", affects=everything)]) == []
    assert [kind for kind, *_ in found([*SOUND, rec("DEC_1", affects="OBJ_X")])] == [
        "link-missing-target"
    ]


@pytest.mark.parametrize("type_name", [t for t in MODEL.types if t != "vision"])
def test_an_id_says_the_type_of_its_record(type_name: str) -> None:
    prefix = MODEL.types[type_name].prefix
    whole = rec(f"{prefix}EXTRA_1", type=type_name)
    wrong = rec("XYZ_EXTRA_1", type=type_name, **HERE)
    assert "invalid-id" not in [kind for kind, *_ in found([*SOUND, whole])]
    one = next(f for f in check(manual(*SOUND, wrong)) if f.kind == "invalid-id")
    assert (one.place, one.column) == ("some/page.md:7", "id")
    assert f"{prefix}EXTRA_1" in one.fix
    article = "an" if type_name[0] in "aeiou" else "a"
    assert f" of {article} {MODEL.title(type_name).lower()} " in one.message


#: Roles by (id, status, who covers); the vacant role is ROLE_COACH, on which actions rest.
COVER = {
    "held": (("filled", ""), {}, False),
    "vacant": (("vacant", ""), {}, True),
    "covered": (("vacant", "ROLE_A"), {"ROLE_A": ("filled", "")}, False),
    "covered by a vacant role": (("vacant", "ROLE_A"), {"ROLE_A": ("vacant", "")}, True),
    "covered down a chain": (
        ("vacant", "ROLE_A"),
        {"ROLE_A": ("vacant", "ROLE_B"), "ROLE_B": ("filled", "")},
        False,
    ),
    "one of two covers": (
        ("vacant", "ROLE_A ROLE_B"),
        {"ROLE_A": ("vacant", ""), "ROLE_B": ("filled", "")},
        False,
    ),
    "covered by itself": (("vacant", "ROLE_COACH"), {}, True),
    "covered in a circle": (
        ("vacant", "ROLE_A"),
        {"ROLE_A": ("vacant", "ROLE_B"), "ROLE_B": ("vacant", "ROLE_COACH")},
        True,
    ),
    "covered in a circle with a way out": (
        ("vacant", "ROLE_A"),
        {"ROLE_A": ("vacant", "ROLE_COACH ROLE_B"), "ROLE_B": ("filled", "")},
        False,
    ),
    "covered by a role that is not there": (("vacant", "ROLE_NOWHERE"), {}, True),
    "covered by a role that does not say": (("vacant", "ROLE_A"), {"ROLE_A": ("", "")}, True),
}


@pytest.mark.parametrize(
    ("coach", "others", "wrong"), [pytest.param(*case, id=name) for name, case in COVER.items()]
)
def test_a_vacant_role_that_records_rest_on_is_covered(
    coach: tuple[str, str], others: dict[str, tuple[str, str]], wrong: bool
) -> None:
    records = but("ROLE_COACH", status=coach[0], covered_by=coach[1], **HERE)
    extra = [rec(name, status=held, covered_by=by) for name, (held, by) in others.items()]
    findings = [f for f in check(manual(*records, *extra)) if f.kind == "vacant-role"]
    assert ("some/page.md:7" in [f.place for f in findings]) == wrong


def test_a_vacant_role_that_nothing_rests_on_is_no_error() -> None:
    assert found([*SOUND, rec("ROLE_SPARE", status="vacant")]) == []


@pytest.mark.parametrize("link", ["owner", "led_by", "backed_up_by", "covered_by"])
def test_each_way_to_rest_on_a_role_counts(link: str) -> None:
    spare = rec("ROLE_SPARE", status="vacant", title="Spare")
    resting = rec("ROLE_OTHER", status="filled", **{link: "ROLE_SPARE"})
    (one,) = check(manual(*SOUND, spare, resting))
    assert one.kind == "vacant-role"
    assert "1 record depends on it: ROLE_OTHER." in one.message


def test_the_records_that_rest_on_a_vacant_role_are_counted() -> None:
    (one,) = check(manual(*but("ROLE_COACH", status="vacant")))
    assert "5 records depend on it: TERM_TALK, ACT_OAK_TALK and ACT_OAK_TASKS and 2 more." in (
        one.message
    )


@pytest.mark.parametrize(
    ("gone", "kind", "file"),
    [
        ("vision", "root-vision", "vision/index.md"),
        ("objective", "root-objectives", "vision/index.md"),
        ("key_result", "root-key-results", "vision/index.md"),
        ("session", "root-learning", "learning/index.md"),
    ],
)
def test_the_root_of_a_manual_is_there(gone: str, kind: str, file: str) -> None:
    assert (kind, file, 1) in found(without(gone))
    assert kind not in [one[0] for one in found(SOUND)]


def test_an_empty_manual_lacks_all_of_its_root() -> None:
    assert [kind for kind, *_ in found([])] == [
        "root-vision",
        "root-objectives",
        "root-key-results",
        "root-learning",
    ]


def test_every_vision_after_the_first_is_one_too_many() -> None:
    more = [rec("VIS_2", file="b.md", line=3), rec("VIS_3", file="c.md", line=4)]
    assert found([*SOUND, *more]) == [("root-vision", "b.md", 3), ("root-vision", "c.md", 4)]


@pytest.mark.parametrize(
    ("least", "most", "count", "fix"),
    [
        (2, 4, 0, "Add a key result that measures it."),
        (2, 4, 1, "Add a key result that measures it."),
        (2, 4, 2, None),
        (2, 4, 4, None),
        (2, 4, 5, "Keep the ones you will act on."),
        (1, 1, 1, None),
        (1, 1, 2, "Keep the ones you will act on."),
        (3, 5, 2, "Add a key result that measures it."),
    ],
)
def test_an_objective_has_a_few_key_results(
    least: int, most: int, count: int, fix: str | None
) -> None:
    records = [rec("OBJ_X", **HERE)]
    records += [rec(f"KR_{n}", measures="OBJ_X", measure="student-outcome") for n in range(count)]
    findings = check(manual(*records, key_results_min=least, key_results_max=most))
    about = [f for f in findings if f.kind == "key-result-count"]
    assert [f.fix for f in about] == ([fix] if fix else [])
    assert all(f.place == "some/page.md:7" for f in about)
    assert all(f.severity is Severity.WARNING for f in about)


@pytest.mark.parametrize(
    ("measures", "warned"),
    [
        (["implementation", "implementation"], True),
        (["implementation", "student-outcome"], False),
        (["student-experience", "teacher-practice"], False),
        (["implementation", ""], False),
        ([], False),
    ],
)
def test_an_objective_looks_at_students(measures: list[str], warned: bool) -> None:
    records = [rec("OBJ_X", **HERE)]
    records += [
        rec(f"KR_{n}", measures="OBJ_X", measure=measure) for n, measure in enumerate(measures)
    ]
    about = [f for f in check(manual(*records)) if f.kind == "implementation-only"]
    assert [f.place for f in about] == ["some/page.md:7"] * warned
    assert all(f.severity is Severity.WARNING for f in about)


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("OBJ_TALKS", "Did you mean OBJ_TALK?"),
        ("OBJ_COMMUNITY_WIDE", "Name an objective's id."),
        ("KR_TALK", None),
        ("OBJ_TALK", "nothing wrong"),
    ],
)
def test_dates_by_which_actions_are_due_name_objectives(name: str, fix: str | None) -> None:
    due = {"actions_due": {name: date(2026, 10, 15)}, "actions_due_lines": {name: 33}}
    findings = check(manual(*SOUND, **due))
    if fix == "nothing wrong":
        assert findings == ()
        return
    (one,) = findings
    assert (one.kind, one.place) == ("settings-value", "district.toml:33")
    assert name in one.message
    assert fix is None or one.fix == fix


def test_an_id_used_twice_names_the_first_place() -> None:
    (one,) = check_ids([("TERM_A", "b.md", 9, "a.md", 3)])
    assert (one.kind, one.place) == ("duplicate-id", "b.md:9")
    assert "a.md:3" in one.message
    assert check_ids([]) == ()


VISIT = rec("PRO_VISIT", minutes=45, **HERE)


@pytest.mark.parametrize(
    ("protocol", "steps", "found_at"),
    [
        pytest.param(VISIT, [("Look", 20, 30), ("Talk", 25, 34)], None, id="adds up"),
        pytest.param(VISIT, [("Look", 20, 30)], ("step-minutes", "some/page.md:7"), id="too short"),
        pytest.param(
            VISIT,
            [("Look", 20, 30), ("Talk", 26, 34)],
            ("step-minutes", "some/page.md:7"),
            id="too long",
        ),
        pytest.param(VISIT, [], None, id="no steps yet"),
        pytest.param(rec("PRO_FREE"), [("Look", 20, 30)], None, id="no time named"),
        pytest.param(rec("PRO_A", minutes="20"), [("Look", 20, 30)], None, id="minutes as text"),
        pytest.param(None, [], None, id="neither"),
        pytest.param(
            None,
            [("Look", 20, 30), ("Talk", 25, 34)],
            ("step-outside-protocol", "page.md:30"),
            id="no protocol",
        ),
    ],
)
def test_steps_belong_to_a_protocol_and_fill_its_time(
    protocol: Record | None, steps: list[tuple[str, int, int]], found_at: tuple[str, str] | None
) -> None:
    findings = check_steps(protocol, steps, "page.md")
    assert [(f.kind, f.place) for f in findings] == ([found_at] if found_at else [])


# ------------------------------------------------------------------------ links in a circle


def standards(**part_of: str) -> list[Record]:
    return [rec(f"STD_{name}", part_of=to, **HERE) for name, to in part_of.items()]


@pytest.mark.parametrize(
    ("records", "cycles"),
    [
        pytest.param(standards(A="STD_B", B="STD_A"), 1, id="two"),
        pytest.param(standards(A="STD_A"), 1, id="itself"),
        pytest.param(standards(A="STD_B", B="STD_C", C="STD_A"), 1, id="three"),
        pytest.param(standards(A="STD_B", B="STD_C", C="STD_B"), 1, id="after a start"),
        pytest.param(standards(A="STD_B", B="STD_A", C="STD_D", D="STD_C"), 2, id="two pairs"),
        pytest.param(standards(A="STD_B STD_C", B="STD_D", C="STD_D", D=""), 0, id="a diamond"),
        pytest.param(standards(A="STD_B", B="STD_C", C=""), 0, id="a line"),
    ],
)
def test_links_that_lead_back(records: list[Record], cycles: int) -> None:
    said = [one for one in check(manual(*SOUND, *records)) if one.kind == "link-cycle"]
    assert len(said) == cycles
    for one in said:
        assert (one.file, one.line, one.column) == ("some/page.md", 7, "part_of")


def test_roles_may_stand_in_for_each_other() -> None:
    records = [
        rec("ROLE_A", status="filled", covered_by="ROLE_B"),
        rec("ROLE_B", status="filled", covered_by="ROLE_A"),
    ]
    assert "link-cycle" not in {one.kind for one in check(manual(*SOUND, *records))}
