"""Every matrix, counted again by plain loops over the records."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from living_manual.core.matrices import MATRICES, matrix_of
from living_manual.core.matrix import Line, Matrix, days, percent, share
from living_manual.core.matrix_table import matrix_table
from living_manual.core.model import Manual, Record
from living_manual.core.settings import Settings
from tests.build_manual import MODEL, SOUND, TODAY, manual, rec
from tests.strategies import districts

LIVING = ("planned", "active", "done")
#: Both sides of the same matrix.
TURNED = [
    ("school-objective", "objective-school"),
    ("objective-subsystem", "subsystem-objective"),
    ("role-owned", "owned-role"),
    ("school-imperative", "imperative-school"),
]


@st.composite
def whole_districts(draw: st.DrawFn) -> Manual:
    """A district with sessions, protocols, words, exemplars, standards and roles as well."""
    base = draw(districts())
    schools = [r.id for r in base.of_type("school")]
    objectives = [r.id for r in base.of_type("objective")]

    def some(of: list[str], most: int = 2) -> str:
        return " ".join(draw(st.lists(st.sampled_from([*of, "TERM_NOWHERE"]), max_size=most)))

    names = {
        prefix: [f"{prefix}_{n}" for n in range(draw(st.integers(0, 3)))]
        for prefix in ("ROLE", "SUB", "STD", "TERM", "PRO", "EX", "SES", "STAGE")
    }
    made = [rec(name) for name in (*names["ROLE"], *names["SUB"], *names["STAGE"])]
    made += [rec(n, kind=draw(st.sampled_from(["smp", "ontario"]))) for n in names["STD"]]
    made += [rec(n, aligns_with=some(names["STD"])) for n in names["TERM"]]
    made += [
        rec(
            n,
            kind=draw(st.sampled_from(["plc", "coaching", "rounds", "leadership", "pd"])),
            strengthens=some(names["SUB"]),
            develops=some(names["TERM"]),
            owner=some(names["ROLE"], 1),
        )
        for n in names["PRO"]
    ]
    made += [
        rec(n, kind="lesson", illustrates=some([*names["TERM"], *names["PRO"]]))
        for n in names["EX"]
    ]
    made += [
        rec(
            n,
            kind=draw(st.sampled_from(["plc", "pd-day", "coaching", "staff-meeting"])),
            date=draw(st.sampled_from(["2026-09-01", "2026-11-21", "2027-02-01"])),
            serves=some(objectives),
            runs=some(names["PRO"]),
            at=some(schools, 1),
            owner=some(names["ROLE"], 1),
        )
        for n in names["SES"]
    ]
    used = [
        rec(
            record.id,
            at=" ".join(record.to("at")),
            advances=" ".join(record.to("advances")),
            status=record.status,
            uses=some(names["PRO"]),
            led_by=some(names["ROLE"]),
        )
        if record.type == "action"
        else record
        for record in base.records.values()
    ]
    return Manual.of([*used, *made], MODEL, Settings(), TODAY)


def linked(district: Manual, record: Record, link: str) -> list[Record]:
    found = {t: district.records[t] for t in record.links.get(link, ()) if t in district.records}
    return list(found.values())


def objectives(district: Manual, record: Record) -> set[str]:
    if record.type == "session":
        return {each.id for each in linked(district, record, "serves")}
    found = set()
    for target in linked(district, record, "advances"):
        if target.type == "objective":
            found.add(target.id)
        else:
            found |= {each.id for each in linked(district, target, "measures")}
    return found


def state(record: Record) -> str:
    if record.type == "session":
        return "held" if date.fromisoformat(record.get("date")) < TODAY else "to-come"
    return record.status if record.type == "action" else "entry"


def protocols(district: Manual, record: Record) -> list[Record]:
    return linked(district, record, "runs" if record.type == "session" else "uses")


def imperatives(district: Manual, record: Record) -> set[str]:
    kinds = {each.get("kind") for each in protocols(district, record)}
    if record.type == "session":
        kinds.add(record.get("kind"))
    found = set()
    if kinds & {"plc", "rounds", "coaching"}:
        found.add("job-embedded")
    if kinds & {"plc", "leadership", "leadership-team", "staff-meeting", "curriculum"}:
        found.add("collaboration")
    if "coaching" in kinds:
        found.add("coaching")
    return found


def schools(district: Manual, record: Record) -> set[str]:
    found = {each.id for each in linked(district, record, "at")}
    return found or ({"district"} if record.type == "session" else set())


def owners(district: Manual, record: Record) -> set[str]:
    found = linked(district, record, "owner") or linked(district, record, "led_by")
    return {each.id for each in found}


def belongs(district: Manual, facet: str, record: Record) -> set[str]:
    """The ids of a side that a record stands under, worked out afresh."""
    match facet:
        case "school":
            return schools(district, record)
        case "objective":
            return objectives(district, record)
        case "subsystem":
            return {
                s.id
                for p in protocols(district, record)
                for s in linked(district, p, "strengthens")
            }
        case "key_result":
            return {r.id for r in linked(district, record, "advances") if r.type == "key_result"}
        case "level":
            return {r.get("level") for r in linked(district, record, "at")}
        case "protocol":
            return {each.id for each in protocols(district, record)}
        case "type":
            return {record.type}
        case "imperative":
            return imperatives(district, record)
        case "role":
            return owners(district, record)
        case "kind":
            return {record.get("kind")}
        case "standard":
            return {each.id for each in linked(district, record, "aligns_with")}
        case "term" if record.type == "standard":
            return {
                t.id
                for t in district.of_type("term")
                if record in linked(district, t, "aligns_with")
            }
        case "term":
            link = "develops" if record.type == "protocol" else "illustrates"
            return {each.id for each in linked(district, record, link)}
        case "entry":
            return {
                each.id
                for each in district.records.values()
                if each.type in ("protocol", "exemplar")
                and record
                in linked(district, each, "develops" if each.type == "protocol" else "illustrates")
            }
    raise AssertionError(facet)


#: The types of records that a matrix counts; None: whatever has an owner.
COUNTED: dict[str, tuple[str, ...] | None] = {
    "school-objective": ("action",),
    "objective-school": ("action",),
    "objective-subsystem": ("action", "session"),
    "subsystem-objective": ("action", "session"),
    "key-result-action": ("action",),
    "protocol-action": ("action", "session"),
    "term-entry": ("protocol", "exemplar"),
    "entry-term": ("term",),
    "standard-term": ("term",),
    "term-standard": ("standard",),
    "role-owned": None,
    "owned-role": None,
    "school-imperative": ("action", "session"),
    "imperative-school": ("action", "session"),
}


def counted(district: Manual, key: str) -> list[Record]:
    types = COUNTED[key]
    return [
        record
        for record in district.records.values()
        if (owners(district, record) if types is None else record.type in types)
    ]


QUICK = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(whole_districts())
def test_every_number_of_each_matrix_counted_again(district: Manual) -> None:
    for key in MATRICES:
        count_again(key, district)


def count_again(key: str, district: Manual) -> None:
    view = matrix_of(district, key)
    records = counted(district, key)
    under = {
        facet: {record.id: belongs(district, facet, record) for record in records}
        for facet in (view.row_facet, view.column_facet)
    }

    def there(row: str, column: str) -> list[Record]:
        return [
            record
            for record in records
            if row in under[view.row_facet][record.id]
            and column in under[view.column_facet][record.id]
        ]

    filled = asked = 0
    everything: set[str] = set()
    for row in view.rows:
        here, full, wanted = set(), 0, 0 if view.every else 1
        for column, cell in zip(view.columns, row.cells, strict=True):
            found = there(row.id, column.id)
            states = [state(record) for record in found]
            living = sum(s not in ("paused", "dropped") for s in states)
            if view.names:
                assert {ref.id for ref in cell.names} == {record.id for record in found}
            else:
                assert dict(cell.counts) == {s: states.count(s) for s in states}
            assert cell.living == living
            assert len(cell.marks.split()) == len(found)
            free = "district" in (row.id, column.id) or not view.every
            assert cell.blank == (not living and not free)
            full += living > 0 and not free
            wanted += view.every and not free
            here |= {record.id for record in found}
            if not view.every:
                full = int(full or living > 0)
        assert (row.filled, row.asked, row.items) == (full, wanted, len(here))
        filled, asked, everything = filled + full, asked + wanted, everything | here
    assert (view.filled, view.asked, view.items) == (filled, asked, len(everything))
    for column in view.columns:
        inside = {record.id for row in view.rows for record in there(row.id, column.id)}
        assert column.items == len(inside)


@QUICK
@given(whole_districts())
def test_turned_round_each_says_the_same(district: Manual) -> None:
    for key, other in TURNED:
        compare(key, other, district)


def compare(key: str, other: str, district: Manual) -> None:
    one, turned = matrix_of(district, key), matrix_of(district, other)

    def cells(view: Matrix) -> dict[tuple[str, str], object]:
        return {
            (row.id, column.id): (cell.counts, cell.blank, cell.late)
            for row in view.rows
            for column, cell in zip(view.columns, row.cells, strict=True)
        }

    assert cells(one) == {(r, c): cell for (c, r), cell in cells(turned).items()}
    assert one.items == turned.items
    if one.every:
        assert (one.filled, one.asked, one.late) == (turned.filled, turned.asked, turned.late)


@pytest.mark.parametrize("key", MATRICES)
def test_a_matrix_of_nothing_is_empty(key: str) -> None:
    view = matrix_of(manual(), key)
    assert (view.filled, view.items) == (0, 0)
    assert all(cell.counts == () and cell.names == () for row in view.rows for cell in row.cells)


@pytest.mark.parametrize("key", MATRICES)
def test_rows_of_the_table_are_the_cells(key: str) -> None:
    view = matrix_of(manual(*SOUND), key)
    table = matrix_table(view)
    assert len(set(table.columns)) == len(table.columns)
    assert len(table.rows) == len(view.rows) * len(view.columns)
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    name = "count" if view.names else "living"
    shown = [cell.living for line in view.rows for cell in line.cells]
    assert [row[name] for row in rows] == shown


def line(view: Matrix, name: str) -> Line:
    return next(row for row in view.rows if row.id == name)


def test_marks_say_the_place_of_each_value() -> None:
    view = matrix_of(manual(*SOUND), "school-objective")
    assert view.row_facets == ("school", "level")
    assert view.item_facets == ("status", "role", "subsystem", "date")
    oak = line(view, "SCH_OAK")
    assert oak.marks == "0,0"
    # The first action; active; led by the lead; for the one subsystem; from September to June.
    first, last = (date.fromisoformat(d).toordinal() for d in ("2026-09-14", "2027-06-11"))
    base = date(2000, 1, 1).toordinal()
    assert oak.cells[0].marks == f"0,1,0,0,{first - base}~{last - base}"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (None, None, ""),
        (date(2000, 1, 2), date(2000, 1, 2), "1"),
        (date(2000, 1, 2), date(2000, 1, 4), "1~3"),
        (date(2000, 1, 2), None, "1~"),
        (None, date(2000, 1, 4), "~3"),
    ],
)
def test_days_as_marks(first: date | None, last: date | None, said: str) -> None:
    assert days(first, last) == said


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        *((0, 0, 0), (0, 9, 0), (9, 9, 100), (1, 3, 33), (2, 3, 67), (1, 2, 50), (1, 8, 13)),
        *((1, 400, 1), (399, 400, 99)),
    ],
)
def test_percent_is_whole_only_for_all_and_nothing_only_for_none(
    part: int, whole: int, said: int
) -> None:
    assert percent(part, whole) == said
    assert share(part, whole) == (f"{part} of {whole} · {said}%" if whole else "–")


def test_many_columns_become_tiles() -> None:
    more = [rec(f"SCH_{number}", level="high") for number in range(11)]
    assert not matrix_of(manual(*SOUND), "objective-school").wide
    assert matrix_of(manual(*SOUND, *more), "objective-school").wide


def test_a_dropped_action_fills_no_cell_of_an_imperative() -> None:
    protocol = rec("PRO_VISIT", kind="coaching", strengthens="SUB_COACHING")
    sound = [record for record in SOUND if record.id != "PRO_VISIT"]
    view = matrix_of(manual(*sound, protocol), "school-imperative")
    assert [cell.living for cell in line(view, "SCH_OAK").cells] == [2, 0, 2]
    dropped = [
        record
        if record.type != "action"
        else rec(record.id, at=" ".join(record.to("at")), uses="PRO_VISIT", status="dropped")
        for record in sound
    ]
    view = matrix_of(manual(*dropped, protocol), "school-imperative")
    assert all(cell.blank for cell in line(view, "SCH_OAK").cells)
    assert not any(cell.asked for cell in line(view, "district").cells)


def test_a_role_that_owns_only_what_was_dropped_owns_nothing() -> None:
    view = matrix_of(manual(*SOUND, rec("ROLE_NEW", status="filled")), "role-owned")
    assert line(view, "ROLE_NEW").filled == 0
    assert line(view, "ROLE_LEAD").filled == 1
    assert view.blanks == 1
