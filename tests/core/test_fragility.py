"""Fragility in core: who wrote a file, who has a record, what a drill says, and the index."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.drill import AHEAD, drill, drills
from living_manual.core.facilitation import facilitation, facilitation_table
from living_manual.core.fragility import Fragility, fragility, single_points_table
from living_manual.core.history import (
    NOTES,
    WHOLE,
    Authorship,
    Change,
    Commit,
    Written,
    files_written,
)
from living_manual.core.leaving import Leaving, leaving
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.resting import after, in_charge, only_role, rests_on_one
from tests.build_manual import SOUND, TODAY, but, manual, rec, whole

# ---- Who wrote a file ----

START = date(2030, 1, 1)


def commits(*said: str) -> list[Commit]:
    """`0+1 A a, M b, R a>c, D d`: authors, then what they did, a day apart."""
    made = []
    for number, text in enumerate(said):
        who, _, what = text.partition(" ")
        changes = []
        for part in what.split(", "):
            kind, _, path = part.partition(" ")
            old, _, new = path.rpartition(">")
            changes.append(Change(kind, new, old))
        authors = frozenset(map(int, who.split("+")))
        made.append(Commit(START + timedelta(number), authors, tuple(changes)))
    return made


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["0 A a", "1 M a"], {"a": {0, 1}}),
        (["0 A a", "1+2 M a"], {"a": {0, 1, 2}}),
        (["0 A a", "1 R a>b", "2 M b"], {"b": {0, 1, 2}}),
        (["0 A a", "1 R a>b", "2 R b>c"], {"c": {0, 1, 2}}),
        (["0 A a", "1 R a>b", "2 R b>a", "3 M a"], {"a": {0, 1, 2, 3}}),
        (["0 A a", "1 R a>b", "2 M a"], {"b": {0, 1, 2}}),  # changed on another branch
        (["0 A a", "1 R a>b", "2 A a"], {"a": {2}, "b": {0, 1}}),
        (["0 A a", "1 R a>b", "2 R a>c"], {"b": {0, 1}, "c": {0, 2}}),  # two branches
        (["0 A a", "1 D a"], {}),
        (["0 A a", "1 D a", "2 A a"], {"a": {2}}),
        (["0 A a", "1 D a", "2 M a", "3 A a"], {"a": {3}}),
        (["0 A a", "1 A a"], {"a": {0, 1}}),  # added on two branches
        (["0 T a"], {"a": {0}}),
        (["0 A a, A b", "1 R a>c, R b>a"], {"a": {0, 1}, "c": {0, 1}}),
    ],
    ids=lambda each: " / ".join(each) if isinstance(each, list) else "",
)
def test_authors_follow_a_file(said: list[str], expected: dict[str, set[int]]) -> None:
    found = files_written(commits(*said))
    assert {path: set(each.authors) for path, each in found.items()} == expected


def test_last_change_is_the_latest_day() -> None:
    first, second = commits("0 A a", "1 M a")
    assert files_written([first, second])["a"].changed == START + timedelta(1)
    early = replace(second, day=START - timedelta(9))
    assert files_written([first, early])["a"].changed == START


@given(
    st.lists(
        st.builds(
            lambda who, kind, path, old: (
                f"{who} {kind} {old}>{path}"
                if kind == "R" and old != path
                else f"{who} {'M' if kind == 'R' else kind} {path}"
            ),
            st.integers(0, 3),
            st.sampled_from("AMDRT"),
            st.sampled_from("abc"),
            st.sampled_from("abc"),
        )
    )
)
def test_any_history_can_be_folded(said: list[str]) -> None:
    found = files_written(commits(*said))
    assert set(found) <= set("abc")
    assert all(each.authors for each in found.values())


# ---- How many people would have to leave ----

PAGES = st.lists(st.frozensets(st.integers(0, 5), max_size=4), max_size=9)


@given(PAGES)
def test_people_to_lose_half_by_trying_all(pages: list[frozenset[int]]) -> None:
    held = [page for page in pages if page]
    everybody = sorted(set().union(*held))
    fewest = next(
        (
            size
            for size in range(1, len(everybody) + 1)
            for gone in combinations(everybody, size)
            if 2 * sum(page <= set(gone) for page in held) > len(held)
        ),
        None,
    )
    assert leaving(pages) == (Leaving(fewest) if fewest else None)


def test_very_many_people_give_an_upper_bound() -> None:
    pages = [{each, each + 1, each + 2} for each in range(60)]
    found = leaving(pages)
    assert found
    assert not found.exact
    assert found.said == f"{found.people} or fewer"
    assert found.people >= 31


# ---- On whom a record rests ----

COVERED = (
    rec("ROLE_A", status="filled", covered_by="ROLE_B"),
    rec("ROLE_B", status="filled", covered_by="ROLE_V ROLE_C"),
    rec("ROLE_C", status="filled"),
    rec("ROLE_V", status="vacant", covered_by="ROLE_D"),
    rec("ROLE_D", status="filled", covered_by="ROLE_V"),
    rec("ROLE_W", status="vacant"),
)


@pytest.mark.parametrize(
    ("said", "charge", "alone", "single"),
    [
        ({"owner": "ROLE_A"}, "A", None, False),
        ({"owner": "ROLE_C"}, "C", "C", True),
        ({"owner": "ROLE_C ROLE_A"}, "C A", None, False),
        ({"owner": "ROLE_C", "backed_up_by": "ROLE_A"}, "C", None, False),
        ({"owner": "ROLE_C", "backed_up_by": "ROLE_C"}, "C", "C", True),
        ({"owner": "ROLE_C", "backed_up_by": "ROLE_W"}, "C", "C", True),
        ({"owner": "ROLE_V"}, "D", "D", True),
        ({"owner": "ROLE_D"}, "D", "D", True),
        ({"owner": "ROLE_W"}, "", None, True),
        ({"owner": "ROLE_NOBODY"}, "", None, True),
        ({"owner": "ROLE_B"}, "B", None, False),
    ],
    ids=str,
)
def test_who_has_an_entry(
    said: dict[str, str], charge: str, alone: str | None, single: bool
) -> None:
    made = manual(*COVERED, rec("TERM_X", **said))
    term = made.records["TERM_X"]
    assert [role.id for role in in_charge(made, term)] == [
        f"ROLE_{each}" for each in charge.split()
    ]
    found = only_role(made, term)
    assert (found.id if found else None) == (f"ROLE_{alone}" if alone else None)
    assert rests_on_one(made, term) is single


def test_after_a_role_come_its_covers() -> None:
    made = manual(*COVERED, rec("TERM_X", owner="ROLE_B"))
    found = after(made, made.records["TERM_X"], made.records["ROLE_B"])
    assert [role.id for role in found] == ["ROLE_C", "ROLE_D"]


@pytest.mark.parametrize(
    ("said", "single"),
    [
        ({"led_by": "ROLE_A"}, True),  # a cover is no successor
        ({"led_by": "ROLE_A", "backed_up_by": "ROLE_C"}, False),
        ({"led_by": "ROLE_A", "backed_up_by": "ROLE_A"}, True),
        ({"led_by": "ROLE_A ROLE_C"}, False),
        ({"owner": "ROLE_A"}, True),
        ({"owner": "ROLE_A", "led_by": "ROLE_B ROLE_C"}, False),
    ],
    ids=str,
)
@pytest.mark.parametrize("record_id", ["ACT_X", "SES_X"])
def test_work_needs_a_second_role_of_its_own(
    record_id: str, said: dict[str, str], single: bool
) -> None:
    made = manual(*COVERED, rec(record_id, status="active", **said))
    assert rests_on_one(made, made.records[record_id]) is single


# ---- The view ----


def with_pages(made: Manual, state: str = WHOLE, **pages: str) -> Manual:
    """A manual with the authors of pages: `words__a="0 1"`; an empty text is a new page."""
    day = TODAY - timedelta(5)
    found = tuple(
        (
            Ref("", "page", name, name.replace("__", "/")),
            Written(frozenset(map(int, who.split())), day) if who else None,
        )
        for name, who in pages.items()
    )
    return replace(made, history=Authorship(state, found))


DISTRICT = (
    rec("ROLE_LEAD", status="filled", covered_by="ROLE_COACH"),
    rec("ROLE_COACH", status="filled"),
    rec("ROLE_GONE", status="vacant"),
    rec("TERM_A", owner="ROLE_LEAD", page="glossary/a"),
    rec("TERM_B", owner="ROLE_COACH", page="glossary/b"),
    rec("PRO_A", owner="ROLE_COACH", page="protocols/a"),
    rec("DEC_A", owner="ROLE_GONE", page="vision/decisions"),
    rec("DEC_HOME", owner="ROLE_COACH", page="index"),
    rec("DEC_SUM", owner="ROLE_COACH", page="progress/sums"),
    rec("SES_PAST", led_by="ROLE_LEAD", date="2026-11-20", page="learning/index"),
    rec("SES_TODAY", led_by="ROLE_LEAD", date="2026-11-21", page="learning/index"),
    rec(
        "SES_NEXT",
        owner="ROLE_LEAD",
        backed_up_by="ROLE_COACH",
        date="2027-01-10",
        page="learning/index",
    ),
    rec("ACT_OPEN", led_by="ROLE_COACH", status="planned", page="schools/a/index"),
    rec("ACT_DONE", led_by="ROLE_COACH", status="done", page="schools/a/index"),
    rec("ACT_PAUSED", led_by="ROLE_COACH", status="paused", page="schools/a/index"),
)
PAGES_OF = {
    "index": "0",
    "progress__sums": "0",
    "glossary__index": "0 1",
    "glossary__a": "0",
    "glossary__b": "1",
    "glossary__new": "",
    "protocols__a": "0",
}


def seen(view: Fragility) -> dict[str, tuple[object, ...]]:
    """Each area: index, then single and all of pages, entries and work."""
    return {
        area.name: (
            area.index,
            (area.pages.single, area.pages.all) if area.pages else None,
            (area.entries.single, area.entries.all),
            (area.work.single, area.work.all),
        )
        for area in view.areas
    }


def test_areas_and_their_parts() -> None:
    view = fragility(with_pages(manual(*DISTRICT), **PAGES_OF))
    assert seen(view) == {
        "Vision": (100, None, (1, 1), (0, 0)),
        "Words": (60, (2, 3), (1, 2), (0, 0)),
        "Protocols": (100, (1, 1), (1, 1), (0, 0)),
        "Schools": (100, None, (0, 0), (1, 1)),
        "Learning": (50, None, (0, 0), (1, 2)),
    }
    assert {area.name: area.leaving and area.leaving.people for area in view.areas} == {
        "Vision": None,
        "Words": 2,
        "Protocols": 1,
        "Schools": None,
        "Learning": None,
    }
    assert [area.name for area in view.worst] == ["Protocols", "Vision", "Schools"]
    assert [(each.role.id, each.alone) for each in view.roles] == [("ROLE_COACH", 5)]
    assert {
        area.name: area.about and (area.about.id or area.about.page) for area in view.areas
    } == {
        "Vision": None,  # nobody has the decision: any held role will do
        "Words": "glossary/a",
        "Protocols": "ROLE_COACH",
        "Schools": None,
        "Learning": None,
    }
    assert all(area.next for area in view.areas)
    assert view.unseen == 1
    assert (view.read, view.note) == (4, "")
    assert [row[:3] for row in single_points_table(view).rows] == [
        ("page", "Words", ""),
        ("page", "Words", ""),
        ("page", "Protocols", ""),
        ("entry", "Words", "TERM_B"),
        ("entry", "Protocols", "PRO_A"),
        ("entry", "Vision", "DEC_A"),
        ("session", "Learning", "SES_TODAY"),
        ("action", "Schools", "ACT_OPEN"),
    ]


@pytest.mark.parametrize("state", NOTES)
def test_without_a_whole_history_authors_are_not_counted(state: str) -> None:
    view = fragility(with_pages(manual(*DISTRICT), state, **dict.fromkeys(PAGES_OF, "")))
    assert view.note == NOTES[state]
    assert view.pages == ()
    assert all(area.pages is None and area.leaving is None for area in view.areas)
    assert seen(view)["Words"] == (50, None, (1, 2), (0, 0))


def test_nothing_to_count() -> None:
    view = fragility(manual())
    assert (view.areas, view.worst, view.roles) == ((), (), ())


ROLES = st.sampled_from(["ROLE_LEAD", "ROLE_COACH", "ROLE_GONE"])


@st.composite
def two_districts(draw: st.DrawFn) -> tuple[Manual, Manual]:
    """A district, and the same with one thing more that rests on one."""
    terms = [
        rec(f"TERM_{n}", page=f"glossary/t{n}", owner=" ".join(draw(st.lists(ROLES, min_size=1))))
        for n in range(draw(st.integers(1, 5)))
    ]
    pages = {
        f"glossary__t{n}": " ".join(map(str, draw(st.sets(st.integers(0, 3), min_size=1))))
        for n in range(len(terms))
    }
    first = with_pages(manual(*DISTRICT[:3], *terms), **pages)
    number = draw(st.integers(0, len(terms) - 1))
    kind = draw(st.sampled_from(["an author leaves", "an owner", "a page", "an entry"]))
    if kind == "an author leaves":
        pages[f"glossary__t{number}"] = pages[f"glossary__t{number}"].split()[0]
    elif kind == "an owner":
        terms[number] = rec(f"TERM_{number}", page=f"glossary/t{number}", owner="ROLE_COACH")
    elif kind == "a page":
        pages["glossary__more"] = "2"
    else:
        terms.append(rec("TERM_MORE", page="glossary/more", owner="ROLE_COACH"))
    return first, with_pages(manual(*DISTRICT[:3], *terms), **pages)


@given(two_districts())
def test_one_more_single_point_never_lowers_the_index(both: tuple[Manual, Manual]) -> None:
    before, now = (fragility(each).areas[0] for each in both)
    assert now.single >= before.single
    assert now.single * before.all >= before.single * now.all
    assert now.index >= before.index


@pytest.mark.parametrize(
    ("single", "all_", "key"),
    [(0, 4, "steady"), (24, 100, "steady"), (1, 4, "thin"), (49, 100, "thin"), (1, 2, "fragile")],
)
def test_marks_begin_at_a_quarter_and_a_half(single: int, all_: int, key: str) -> None:
    made = manual(
        *DISTRICT[:2],
        *(
            rec(f"TERM_{n}", page="glossary/a", owner="ROLE_COACH" if n < single else "ROLE_LEAD")
            for n in range(all_)
        ),
    )
    assert fragility(made).areas[0].mark[0] == key


# ---- Facilitation ----


def test_sessions_by_who_leads_them() -> None:
    view = facilitation(manual(*DISTRICT, rec("SES_TWO", led_by="ROLE_LEAD ROLE_COACH")))
    assert facilitation_table(view).rows == (
        ("ROLE_LEAD", "", 1, 1, "2026-11-21", "yes"),
        ("ROLE_LEAD", "ROLE_COACH", 0, 1, "2027-01-10", "no"),
        ("ROLE_LEAD;ROLE_COACH", "", 0, 1, "", "no"),
    )
    assert (view.sessions, view.open) == (3, 1)


# ---- The drill ----


def test_a_sound_district_where_one_role_leaves() -> None:
    made = manual(*SOUND)
    found = drill(made, made.records["ROLE_LEAD"])
    orphaned = {item.record.id for item in found.orphaned}
    covered = {item.record.id: [ref.id for ref in item.others] for item in found.covered}
    assert "VIS_MATHS" in orphaned
    assert covered["ACT_OAK_TALK"] == ["ROLE_COACH"]
    assert orphaned.isdisjoint(covered)
    assert {item.record.id for item in found.items} == {
        record.id for record in SOUND if "ROLE_LEAD" in (*record.to("owner"), *record.to("led_by"))
    }
    (act,) = (item for item in found.items if item.record.id == "ACT_OAK_TALK")
    assert [ref.id for ref in act.written] == ["PRO_VISIT"]


ALONE = {"led_by": "ROLE_COACH", "backed_up_by": None}


@pytest.mark.parametrize(
    ("records", "in_head", "empty"),
    [
        (but("ACT_OAK_TALK", **ALONE), False, ()),
        (but("ACT_OAK_TALK", uses=None, **ALONE), True, ()),
        (but("ACT_OAK_TALK", uses=None, look_for=None, **ALONE), True, ("look-for",)),
        (
            but("ACT_OAK_TALK", look_for=None, evidence=None, **ALONE),
            False,
            ("look-for", "evidence"),
        ),
        (but("ACT_OAK_TALK", uses=None, led_by="ROLE_COACH", backed_up_by="ROLE_LEAD"), False, ()),
    ],
    ids=["protocol", "nothing", "no look-for", "protocol, nothing else", "backup"],
)
def test_what_is_only_in_a_head(
    records: tuple[Record, ...], in_head: bool, empty: tuple[str, ...]
) -> None:
    made = manual(*records)
    found = drill(made, made.records["ROLE_COACH"])
    (item,) = (item for item in found.items if item.record.id == "ACT_OAK_TALK")
    assert (item.in_head, item.empty) == (in_head, empty)


def test_protocol_with_an_empty_part_is_not_written() -> None:
    made = manual(*but("ACT_OAK_TALK", **ALONE), whole("PRO_MORE"))
    lacking = replace(made.records["PRO_VISIT"], parts={})
    made = replace(made, records={**made.records, "PRO_VISIT": lacking})
    found = drill(made, made.records["ROLE_COACH"])
    assert "ACT_OAK_TALK" in {item.record.id for item in found.in_head}


def test_a_school_narrows_a_drill() -> None:
    made = manual(*SOUND)
    found = drill(made, made.records["ROLE_LEAD"], made.records["SCH_OAK"])
    assert {item.record.id for item in found.items} == {
        "SCH_OAK",
        "ACT_OAK_TALK",
        "ACT_OAK_TASKS",
    }
    backs_up = drill(made, made.records["ROLE_COACH"], made.records["SCH_OAK"]).backs_up
    assert (backs_up, drill(made, made.records["ROLE_COACH"]).backs_up) == (2, 4)


def test_dates_of_the_next_weeks() -> None:
    def on(days: int) -> str:
        return (TODAY + timedelta(days)).isoformat()

    made = manual(
        *DISTRICT[:3],
        *(rec(f"SES_{n}", led_by="ROLE_LEAD", date=on(n)) for n in (0, AHEAD, AHEAD + 1)),
        rec("SES_OVER", led_by="ROLE_LEAD", date=on(-1)),
        rec("ACT_A", led_by="ROLE_COACH", status="active", starts=on(-9), due=on(7)),
    )
    found = drill(made, made.records["ROLE_LEAD"])
    assert [(each.record.id, each.others[0].id) for each in found.dates] == [
        ("SES_0", "ROLE_COACH"),
        (f"SES_{AHEAD}", "ROLE_COACH"),
    ]
    other = drill(made, made.records["ROLE_COACH"])
    assert [(each.what, each.others) for each in other.dates] == [("Action due", ())]


def test_who_stands_in_today_has_the_work_of_a_vacant_role() -> None:
    made = manual(
        rec("ROLE_LEAD", status="filled"),
        rec("ROLE_DATA", status="vacant", covered_by="ROLE_LEAD"),
        rec("TERM_A", owner="ROLE_DATA"),
    )
    lead, data = (drill(made, made.records[name]) for name in ("ROLE_LEAD", "ROLE_DATA"))
    assert [item.record.id for item in lead.orphaned] == ["TERM_A"]
    assert [item.others[0].id for item in data.items] == ["ROLE_LEAD"]
    assert [ref.id for ref in data.steps_in] == ["ROLE_LEAD"]


def test_drills_put_the_role_with_most_to_lose_first() -> None:
    found = drills(manual(*SOUND)).drills
    assert [each.role.id for each in found] == ["ROLE_LEAD", "ROLE_COACH"]
    assert found[0].orphans == len(drill(manual(*SOUND), SOUND[4]).orphaned)
    assert len(found[0].orphaned) <= 8
