"""Each number of each matrix, in the page and in its files, counted again from the source."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.read_source import Read, read_source
from tests.sites import SAMPLE

STATUSES = ("planned", "active", "done", "paused", "dropped")
Records = dict[str, Read]
#: Each matrix: its rows and columns, and what it counts.
WORK, ACTIONS = ("action", "session"), ("action",)
MATRICES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "school-objective": ("school", "objective", ACTIONS),
    "objective-school": ("objective", "school", ACTIONS),
    "objective-subsystem": ("objective", "subsystem", WORK),
    "subsystem-objective": ("subsystem", "objective", WORK),
    "key-result-action": ("key_result", "level", ACTIONS),
    "protocol-action": ("protocol", "type", WORK),
    "term-entry": ("term", "type", ("protocol", "exemplar")),
    "entry-term": ("entry", "type", ("term",)),
    "standard-term": ("standard", "type", ("term",)),
    "term-standard": ("term", "kind", ("standard",)),
    "role-owned": ("role", "type", ()),
    "owned-role": ("type", "role", ()),
    "school-imperative": ("school", "imperative", WORK),
    "imperative-school": ("imperative", "school", WORK),
}
#: Matrices in which a row is blank only when all of it is.
BY_ROW = ("protocol-action", "term-standard", "role-owned", "owned-role")
COUNTING = {
    "job-embedded": {"plc", "rounds", "coaching"},
    "collaboration": {"plc", "leadership", "leadership-team", "staff-meeting", "curriculum"},
    "coaching": {"coaching"},
}


def objectives(all_: Records, record: Read) -> set[str]:
    if record["type"] == "session":
        return set(record.to("serves"))
    found = set()
    for target in record.to("advances"):
        found |= {target} if target.startswith("OBJ_") else set(all_[target].to("measures"))
    return found


def protocols(record: Read) -> list[str]:
    return record.to("uses" if record["type"] == "action" else "runs")


def imperatives(all_: Records, record: Read) -> set[str]:
    kinds = {all_[each]["kind"] for each in protocols(record)}
    if record["type"] == "session":
        kinds.add(record.get("kind", ""))
    return {name for name, counting in COUNTING.items() if counting & kinds}


def under(all_: Records, facet: str, record: Read) -> set[str]:
    """Where a record stands on one side of a matrix."""
    kind = record["type"]
    sides: dict[str, Callable[[], set[str]]] = {
        "school": lambda: set(record.to("at")) or ({"district"} if kind == "session" else set()),
        "objective": lambda: objectives(all_, record),
        "subsystem": lambda: {s for p in protocols(record) for s in all_[p].to("strengthens")},
        "key_result": lambda: {t for t in record.to("advances") if t.startswith("KR_")},
        "level": lambda: {all_[school]["level"] for school in record.to("at")},
        "protocol": lambda: set(protocols(record)),
        "type": lambda: {kind},
        "kind": lambda: {record["kind"]},
        "role": lambda: set(record.to("owner") or record.to("led_by")),
        "imperative": lambda: imperatives(all_, record),
        "standard": lambda: set(record.to("aligns_with")),
        "term": lambda: (
            {t for t, each in all_.items() if record["id"] in each.to("aligns_with")}
            if kind == "standard"
            else {
                t for t in record.to("develops") + record.to("illustrates") if t.startswith("TERM_")
            }
        ),
        "entry": lambda: {
            name
            for name, each in all_.items()
            if (each["type"] == "protocol" and record["id"] in each.to("develops"))
            or (each["type"] == "exemplar" and record["id"] in each.to("illustrates"))
        },
    }
    return sides[facet]()


def state(record: Read, today: str) -> str:
    if record["type"] == "session":
        return "held" if record["date"] < today else "to-come"
    return record["status"] if record["type"] == "action" else "entry"


Counted = dict[tuple[str, str], list[Read]]


def count(all_: Records, key: str) -> Counted:
    """The records in each cell that holds any."""
    row_facet, column_facet, types = MATRICES[key]
    found: Counted = {}
    for record in all_.values():
        if record["type"] not in types if types else not under(all_, "role", record):
            continue
        for row in under(all_, row_facet, record):
            for column in under(all_, column_facet, record):
                found.setdefault((row, column), []).append(record)
    return found


def page_of(site: Path, key: str) -> str:
    for page in [site / "progress/coverage.html", *(site / "progress/matrices").glob("*.html")]:
        text = page.read_text(encoding="utf-8")
        name = "coverage" if key == "school-objective" else f"matrix-{key}"
        if f"/data/{name}.csv" in text:
            return text
    raise AssertionError(f"no page shows {key}")


def data_of(site: Path, key: str) -> list[dict[str, str | int]]:
    name = "coverage" if key == "school-objective" else f"matrix-{key}"
    rows: list[dict[str, str | int]] = json.loads((site / "data" / f"{name}.json").read_text())
    return rows


def whole_percent(part: int, of: int) -> int:
    if part in (0, of):
        return 100 if part and part == of else 0
    return min(99, max(1, int(100 * part / of + 0.5)))


def said(part: int, of: int) -> str:
    return f"{part} of {of} · {whole_percent(part, of)}%" if of else "–"


CELL = re.compile(r"(?s)<(td|li)\b([^>]*\bdata-cell\b[^>]*)>(.*?)</\1>\n")


def check(site: Path, source: Path, key: str, today: str) -> None:
    """The data rows and the page against the count."""
    all_ = read_source(source)
    there, rows = count(all_, key), data_of(site, key)
    row_facet, column_facet, _ = MATRICES[key]
    places = [(str(row[f"{row_facet}_id"]), str(row[f"{column_facet}_id"])) for row in rows]
    assert len(set(places)) == len(places)
    assert set(there) <= set(places)
    text = page_of(site, key)
    shown = CELL.findall(text.split("data-own-filter")[1])
    assert len(shown) == len(places)
    by_row: dict[str, list[bool]] = {}
    by_column: dict[str, list[bool]] = {}
    items: dict[str, set[str]] = {}
    blanks = 0
    for place, row, (_, attributes, html) in zip(places, rows, shown, strict=True):
        here = there.get(place, [])
        states = Counter(state(record, today) for record in here)
        living = sum(n for name, n in states.items() if name not in ("paused", "dropped"))
        asked = "district" not in place and key not in BY_ROW
        if "ids" in row:
            assert sorted(str(row["ids"]).split(";") if row["ids"] else []) == sorted(
                record["id"] for record in here
            )
            links = {link.split("#")[1] for link in re.findall(r'href="([^"]*)"', html)}
            assert links - {place[1]} == {record["id"] for record in here}
        else:
            counts = {name: row[name.replace("-", "_")] for name in states}
            assert counts == dict(states)
            assert row["living"] == living
            numbers = re.findall(r'status--([\w-]+)">(\d+)', html)
            assert {name: int(number) for name, number in numbers} == dict(states)
        assert ("is-blank" in attributes) == (asked and not living), place
        assert ("status--none" in html) == (asked and not living)
        blanks += asked and not living
        for side, name in ((by_row, place[0]), (by_column, place[1])):
            side.setdefault(name, [])
            if asked or key in BY_ROW:
                side[name].append(living > 0)
        for name in place:
            items.setdefault(name, set()).update(record["id"] for record in here)
    sums = re.findall(r"(?s)data-row-sum[^>]*>(.*?)</(?:td|span)>", text)
    feet = re.findall(r"data-column-sum>([^<]*)<", text)
    if key in BY_ROW:
        wanted = [str(len(items[name])) for name in by_row]
        assert [re.sub(r"<.*", "", each) or "0" for each in sums] == wanted
        assert feet in ([], [str(len(items[name])) for name in by_column])
        full = sum(any(cells) for cells in by_row.values())
        figures = (full, len(by_row))
    else:
        assert sums == [said(sum(cells), len(cells)) for cells in by_row.values()]
        assert feet in ([], [said(sum(cells), len(cells)) for cells in by_column.values()])
        every = [cell for cells in by_row.values() for cell in cells]
        figures = (sum(every), len(every))
        assert blanks == figures[1] - figures[0]
    told = dict(re.findall(r'data-figure="(\w+)"[^>]*>([^<]*)<', text))
    assert told["filled"] == f"{figures[0]} of {figures[1]}"
    assert told["percent"] == f"{whole_percent(*figures)}%"
    assert told["blanks"] == str(figures[1] - figures[0])
    inside = {record["id"] for here in there.values() for record in here}
    assert told["items"] == str(len(inside))


@pytest.mark.parametrize("key", MATRICES)
def test_sample(published_site: Path, key: str) -> None:
    today = re.findall(r'Counted on <time datetime="([\d-]+)"', page_of(published_site, key))[0]
    check(published_site, SAMPLE, key, today)


@pytest.mark.parametrize("key", MATRICES)
def test_two_hundred_schools(wide_site: Path, wide_source: Path, key: str) -> None:
    check(wide_site, wide_source, key, "2026-11-21")


@pytest.mark.parametrize("which", ["sample", "wide"])
def test_the_lists_of_all_work(request: pytest.FixtureRequest, which: str) -> None:
    """The other side of two matrices: each action and each session with what it is for."""
    sample = which == "sample"
    site: Path = request.getfixturevalue("published_site" if sample else "wide_site")
    source: Path = SAMPLE if sample else request.getfixturevalue("wide_source")
    all_ = read_source(source).values()
    for kind, link in (("action", "advances"), ("session", "serves")):
        listed = [record for record in all_ if record["type"] == kind]
        rows = json.loads((site / "data" / f"{kind}-list.json").read_text(encoding="utf-8"))
        text = (site / "progress" / f"{kind}s.html").read_text(encoding="utf-8")
        told = {row["id"]: row for row in rows}
        assert set(told) == {record["id"] for record in listed}
        stands = sum(len(record.to("at")) or 1 for record in listed)
        assert len(re.findall(r"<tr data-row[ =]", text)) == len(rows) == stands
        for record in listed:
            assert told[record["id"]]["advances"].split(";") == record.to(link)
            assert told[record["id"]]["uses"] == ";".join(protocols(record))
        figures = [int(n) for n in re.findall(r'figure-value">(\d+)<', text)]
        unguided = sum(not protocols(record) for record in listed)
        if kind == "session":
            assert figures == [len(listed), unguided]
            continue
        living = [each for each in listed if each["status"] in STATUSES[:3]]
        unmeasured = [a for a in listed if not any(t.startswith("KR_") for t in a.to("advances"))]
        assert f"actions, {len(living)} living" in text
        schools = {school for action in listed for school in action.to("at")}
        assert figures == [len(listed), len(schools), len(unmeasured), unguided]


@pytest.mark.parametrize(
    "name", ["coverage", "matrix-term-entry", "action-list", "session-list", "gaps"]
)
def test_a_workbook_holds_the_same_rows(published_site: Path, name: str) -> None:
    rows = json.loads((published_site / "data" / f"{name}.json").read_text(encoding="utf-8"))
    data = (published_site / "data" / f"{name}.xlsx").read_bytes()
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert sheet.freeze_panes == "B2"
    head, *body = sheet.iter_rows(values_only=True)
    assert list(head) == list(rows[0])
    assert body == [tuple(None if v == "" else v for v in row.values()) for row in rows]


def test_every_table_is_a_workbook_too(published_site: Path) -> None:
    names = {ending: set() for ending in ("csv", "json", "xlsx")}  # type: dict[str, set[str]]
    for path in (published_site / "data").iterdir():
        if path.is_file() and path.suffix[1:] in names:
            names[path.suffix[1:]].add(path.stem)
    assert names["csv"] == names["xlsx"]
    assert names["csv"]
