"""How far an entry is codified: each level on both sides of its edge, for each type of entry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.codification import ENTRIES, LEVELS, standing
from living_manual.core.forms import FORMS, lacking
from living_manual.core.model import STATUSES, Manual, Record, Ref
from tests.build_manual import MODEL, manual, rec, whole

LINKS = {"aligns_with": "STD_ARGUE", "illustrates": "TERM_TALK", "affects": "SUB_PLC"}


def entry(record_id: str, **said: Any) -> Record:
    """A whole entry, in the first stage."""
    form = FORMS[next(t.name for t in MODEL.types.values() if record_id.startswith(t.prefix))]
    links = {p.takes[0]: LINKS[p.takes[0]] for p in form if p.takes[:1] and p.takes[0] in LINKS}
    return whole(record_id, **{**links, "stage": "STAGE_ONE", **said})


def linked_from(page: str, lead: Record | None = None) -> Ref:
    return lead.ref if lead else Ref("", "page", "A page", page)


def level(record: Record, *others: Record, named_on: Iterable[Ref] = ()) -> tuple[str, str]:
    """An entry's level, and the first word of what the next one is."""
    district = manual(rec("STAGE_ONE", page="vision/flywheel"), record, *others)
    district = replace(district, mentions={record.id: tuple(named_on)})
    reached = standing(district, record)
    assert reached is not None
    return reached.level, reached.next


RUN = rec("SES_FALL", runs="PRO_VISIT")
PROTOCOL = rec("PRO_VISIT", page="protocols/visit", lead=True)
ELSEWHERE = linked_from("guide/index")
PATH, PLAN, YEAR = (
    linked_from(p) for p in ("onboarding/coach", "schools/oak/index", "learning/index")
)

#: (what, the entry, other records, pages that link to it, its level)
CASES: list[tuple[str, Record, tuple[Record, ...], tuple[Ref, ...], str]] = [
    (
        "a word with an empty part",
        entry("TERM_TALK", parts={}),
        (PROTOCOL, RUN),
        (PATH,),
        "captured",
    ),
    ("a word nobody names", entry("TERM_TALK"), (), (), "documented"),
    ("a word named by itself", entry("TERM_TALK"), (), (entry("TERM_TALK").ref,), "documented"),
    ("a word another page names", entry("TERM_TALK"), (), (ELSEWHERE,), "named"),
    (
        "a word an exemplar shows",
        entry("TERM_TALK"),
        (rec("EX_A", illustrates="TERM_TALK"),),
        (),
        "named",
    ),
    (
        "a word of a protocol that is not run",
        entry("TERM_TALK"),
        (rec("PRO_VISIT", develops="TERM_TALK"),),
        (),
        "named",
    ),
    (
        "a word of a protocol that is run",
        entry("TERM_TALK"),
        (rec("PRO_VISIT", develops="TERM_TALK"), RUN),
        (),
        "embedded",
    ),
    ("a word on a path", entry("TERM_TALK"), (), (PATH,), "embedded"),
    ("a word on a school's page", entry("TERM_TALK"), (), (PLAN,), "embedded"),
    ("a word in the year's learning", entry("TERM_TALK"), (), (YEAR,), "embedded"),
    ("a protocol nobody names", entry("PRO_VISIT"), (), (), "documented"),
    ("a protocol another page names", entry("PRO_VISIT"), (), (ELSEWHERE,), "named"),
    ("a protocol that a school's page names", entry("PRO_VISIT"), (), (PLAN,), "named"),
    (
        "a protocol that is shown",
        entry("PRO_VISIT"),
        (rec("EX_A", illustrates="PRO_VISIT"),),
        (),
        "named",
    ),
    ("a protocol a session runs", entry("PRO_VISIT"), (RUN,), (), "embedded"),
    ("a protocol on a path", entry("PRO_VISIT"), (), (PATH,), "embedded"),
    *(
        (
            f"a protocol that a {status} action uses",
            entry("PRO_VISIT"),
            (rec("ACT_A", uses="PRO_VISIT", status=status),),
            (),
            "named" if status in ("paused", "dropped") else "embedded",
        )
        for status in STATUSES
    ),
    ("an exemplar nobody names", entry("EX_A"), (rec("TERM_TALK"),), (), "documented"),
    (
        "an exemplar that only shows what is run",
        entry("EX_A", illustrates="PRO_VISIT"),
        (PROTOCOL, RUN),
        (),
        "documented",
    ),
    ("an exemplar an idle protocol links to", entry("EX_A"), (PROTOCOL,), (PROTOCOL.ref,), "named"),
    (
        "an exemplar a run protocol links to",
        entry("EX_A"),
        (PROTOCOL, RUN),
        (PROTOCOL.ref,),
        "embedded",
    ),
    ("an exemplar in the year's learning", entry("EX_A"), (), (YEAR,), "embedded"),
    ("a decision nobody names", entry("DEC_A"), (), (), "documented"),
    ("a decision another page names", entry("DEC_A"), (), (ELSEWHERE,), "named"),
    (
        "a decision a session carries out",
        entry("DEC_A", affects="SES_FALL"),
        (RUN,),
        (ELSEWHERE,),
        "embedded",
    ),
    ("a decision on a path", entry("DEC_A"), (), (PATH,), "embedded"),
    (
        "a decision that changed an action that is dropped",
        entry("DEC_A", affects="ACT_A"),
        (rec("ACT_A", status="dropped"),),
        (ELSEWHERE,),
        "named",
    ),
    ("a subsystem nobody strengthens", entry("SUB_PLC"), (), (), "documented"),
    (
        "a subsystem of an idle protocol",
        entry("SUB_PLC"),
        (rec("PRO_VISIT", strengthens="SUB_PLC"),),
        (),
        "named",
    ),
    (
        "a subsystem of a protocol that is run",
        entry("SUB_PLC"),
        (rec("PRO_VISIT", strengthens="SUB_PLC"), RUN),
        (),
        "embedded",
    ),
    ("an objective alone", entry("OBJ_A"), (), (), "documented"),
    (
        "an objective that is measured",
        entry("OBJ_A"),
        (rec("KR_A", measures="OBJ_A"),),
        (),
        "named",
    ),
    (
        "an objective a session serves",
        entry("OBJ_A"),
        (rec("SES_A", serves="OBJ_A"),),
        (),
        "embedded",
    ),
    (
        "an objective that an action reaches through a key result",
        entry("OBJ_A"),
        (rec("KR_A", measures="OBJ_A"), rec("ACT_A", advances="KR_A", status="active")),
        (),
        "embedded",
    ),
    (
        "a key result nobody moves",
        entry("KR_A"),
        (rec("ACT_A", advances="KR_A", status="paused"),),
        (),
        "named",
    ),
    (
        "a key result an action moves",
        entry("KR_A"),
        (rec("ACT_A", advances="KR_A", status="planned"),),
        (),
        "embedded",
    ),
    ("a key result of an assessment", entry("KR_A"), (rec("ASM_A", informs="KR_A"),), (), "named"),
    (
        "a key result of an assessment that is looked at",
        entry("KR_A"),
        (rec("ASM_A", informs="KR_A", analysed_in="SES_FALL"), RUN),
        (),
        "embedded",
    ),
    ("a vision without work", entry("VIS_A"), (rec("OBJ_A", realises="VIS_A"),), (), "named"),
    (
        "a vision that is worked on",
        entry("VIS_A"),
        (rec("OBJ_A", realises="VIS_A"), rec("SES_A", serves="OBJ_A")),
        (),
        "embedded",
    ),
]


@pytest.mark.parametrize(
    ("record", "others", "named_on", "reached"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_level(
    record: Record, others: tuple[Record, ...], named_on: tuple[Ref, ...], reached: str
) -> None:
    order = [*LEVELS, ""]
    assert level(record, *others, named_on=named_on) == (reached, order[order.index(reached) + 1])


def test_what_it_takes_is_said_in_words() -> None:
    district = manual(
        rec("STAGE_ONE", page="vision/flywheel"), entry("TERM_TALK", parts={}), entry("PRO_VISIT")
    )
    word, protocol = (standing(district, district.records[r]) for r in ("TERM_TALK", "PRO_VISIT"))
    assert word is not None
    assert protocol is not None
    assert word.missing == lacking(district.records["TERM_TALK"])
    assert protocol.missing == f"It needs {ENTRIES['protocol'].named}."
    assert (word.step, protocol.step) == (1, 2)
    assert word.about == Ref("", "page", "", "vision/flywheel")


def test_what_runs_entries_and_what_they_are_tied_to_has_no_level() -> None:
    assert ENTRIES.keys() == FORMS.keys()
    for type_name in MODEL.types.keys() - ENTRIES.keys():
        record = rec(f"{MODEL.types[type_name].prefix}ONE")
        assert standing(manual(record), record) is None


# --------------------------------------------------------------------------------- any district

_IDS = ("TERM_A", "TERM_B", "PRO_A", "PRO_B", "EX_A", "SUB_A", "OBJ_A", "KR_A", "DEC_A", "VIS_A")
_OUT = {
    "TERM": (), "PRO": ("develops", "strengthens"), "EX": ("illustrates",), "SUB": (),
    "OBJ": ("realises",), "KR": ("measures",), "DEC": ("affects",), "VIS": (),
}  # fmt: skip


@st.composite
def entries(draw: st.DrawFn) -> Manual:
    """Entries with any parts and links, mentioned on any pages, with some work going on."""
    records = []
    for record_id in _IDS:
        links = {
            name: " ".join(draw(st.lists(st.sampled_from([*_IDS, "SES_A", "ACT_A"]), max_size=2)))
            for name in _OUT[record_id.partition("_")[0]]
        }
        made = entry(record_id, page=record_id.lower(), **{k: v for k, v in links.items() if v})
        records.append(made if draw(st.booleans()) else replace(made, text=""))
    records += [
        rec(
            "ACT_A",
            uses=draw(st.sampled_from(["PRO_A", ""])),
            status=draw(st.sampled_from(STATUSES)),
        ),
        rec("SES_A", runs=draw(st.sampled_from(["PRO_B", ""])), serves="OBJ_A"),
    ]
    pages = st.sampled_from([ELSEWHERE, PATH, PLAN, YEAR, *(r.ref for r in records)])
    mentions = draw(st.dictionaries(st.sampled_from(_IDS), st.lists(pages, max_size=2).map(tuple)))
    return replace(manual(rec("STAGE_ONE"), *records), mentions=mentions)


def steps(district: Manual) -> dict[str, int]:
    found = {r.id: standing(district, r) for r in district.records.values()}
    return {record_id: reached.step for record_id, reached in found.items() if reached}


@given(entries())
def test_a_level_holds_only_with_all_before_it(district: Manual) -> None:
    for record_id, step in steps(district).items():
        record = district.records[record_id]
        linked = any(other.id != record_id for other in district.incoming(record_id))
        linked |= any(r.page != record.page for r in district.mentions.get(record_id, ()))
        assert (step == 1) == bool(lacking(record))
        assert step < 3 or linked
        assert step != 2 or not linked


@given(entries(), st.sampled_from(["PRO_A", "PRO_B"]), st.sampled_from(["OBJ_A", "OBJ_NONE"]))
def test_one_more_session_or_link_never_lowers_a_level(
    district: Manual, protocol: str, objective: str
) -> None:
    before = steps(district)
    more = rec("SES_MORE", runs=protocol, serves=objective)
    wider = replace(
        manual(*district.records.values(), more),
        mentions={**district.mentions, protocol: (*district.mentions.get(protocol, ()), PATH)},
    )
    after = steps(wider)
    assert all(after[record_id] >= step for record_id, step in before.items())
    assert after[protocol] in (1, 4)
