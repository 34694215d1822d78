"""Each file holds every record and every link, as plain loops over the sources count them."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest
from lxml import etree
from sphinx_needs.needsfile import check_needs_data

from tests.interchange.conftest import Manual
from tests.plain_records import LINKS, MODEL, links_of, pairs_of, types_of
from tests.sites import TINY
from tests.sphinx_ext.test_plain_build import sphinx_build

SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def text(element: etree._Element) -> str:
    return "".join(element.itertext())


def needs(manual: Manual) -> dict[str, dict[str, object]]:
    data = json.loads((manual.site / "needs.json").read_text(encoding="utf-8"))
    version = data["versions"][data["current_version"]]
    assert version["needs_amount"] == len(version["needs"])
    found: dict[str, dict[str, object]] = version["needs"]
    return found


@lru_cache
def sheets(manual: Manual) -> dict[str, list[dict[str, str]]]:
    """The sheets by name, as rows by the heads of their columns."""
    with zipfile.ZipFile(manual.site / "records.xlsx") as book:
        named = etree.fromstring(book.read("xl/workbook.xml")).iter(f"{SPREADSHEET}sheet")
        shared = etree.fromstring(book.read("xl/sharedStrings.xml"))
        words = [text(each) for each in shared]
        found = {}
        for nth, name in enumerate([each.attrib["name"] for each in named], 1):
            sheet = etree.fromstring(book.read(f"xl/worksheets/sheet{nth}.xml"))
            rows = [
                {
                    cell.attrib["r"].rstrip("0123456789"): words[int(text(cell))]
                    if cell.get("t") == "s"
                    else text(cell)
                    for cell in row
                }
                for row in sheet.iter(f"{SPREADSHEET}row")
            ]
            found[name] = [{rows[0][at]: said for at, said in row.items()} for row in rows[1:]]
    return found


def test_sources_hold_enough_to_count(manual: Manual) -> None:
    assert len(manual.records) > 250
    assert len(types_of(manual.records)) >= 14
    assert len(links_of(manual.records)) >= 16


def test_needs_json(manual: Manual) -> None:
    found = needs(manual)
    assert Counter(each["type"] for each in found.values()) == types_of(manual.records)
    assert {
        (name, link, target)
        for name, each in found.items()
        for link in LINKS
        for target in each.get(link, [])  # type: ignore[attr-defined]
    } == pairs_of(manual.records)
    counts = Counter({link: sum(len(e.get(link, [])) for e in found.values()) for link in LINKS})  # type: ignore[misc, arg-type]
    assert +counts == links_of(manual.records)
    assert {name: each["docname"] for name, each in found.items()} == {
        name: each.page for name, each in manual.records.items()
    }


def test_needs_json_is_of_the_form_that_sphinx_needs_asks_for(sample: Manual) -> None:
    data = json.loads((sample.site / "needs.json").read_text(encoding="utf-8"))
    assert check_needs_data(data).schema == []
    assert check_needs_data({"versions": []}).schema != []
    schema = data["versions"]["2026-27"]["needs_schema"]["properties"]
    used = {name for each in needs(sample).values() for name in each}
    assert used <= set(schema)


def test_reqif(manual: Manual) -> None:
    content = manual.reqif.core_content.req_if_content
    types = Counter(each.spec_object_type.removeprefix("type.") for each in content.spec_objects)
    assert types == types_of(manual.records)
    names = {each.identifier: each.long_name for each in content.spec_types}
    found = [
        (each.source, link, each.target)
        for each in content.spec_relations
        for link in names[each.relation_type_ref].split(", ")
    ]
    assert len(found) == len(set(found))
    assert set(found) == pairs_of(manual.records)
    assert Counter(link for _, link, _ in found) == links_of(manual.records)
    places = Counter(
        child.spec_object for each in content.specifications for child in each.children
    )
    assert set(places) == set(manual.records)
    assert set(places.values()) == {1}


def test_workbook(manual: Manual) -> None:
    found = sheets(manual)
    about, links = found["About"], found["Links"]
    found = {name: rows for name, rows in found.items() if name not in ("About", "Links")}
    titles = {each["ID"]: each["Title"] for rows in found.values() for each in rows}
    assert set(titles) == set(manual.records)
    assert sorted(map(len, found.values())) == sorted(types_of(manual.records).values())
    for rows in found.values():
        assert len({manual.records[each["ID"]].type for each in rows}) == 1
    assert {(e["From"], e["Link"], e["To"]) for e in links} == pairs_of(manual.records)
    assert Counter(each["Link"] for each in links) == links_of(manual.records)
    assert len(links) == sum(links_of(manual.records).values())
    told = {each["Sheet"]: each["What it holds"] for each in about}
    for name, rows in found.items():
        assert told[name] == f"{len(rows)} record{'s' if len(rows) > 1 else ''}"
    assert told["Links"] == f"{len(links)} links"


@pytest.mark.parametrize("link", ["advances", "led_by", "owner", "uses"])
def test_a_sheet_says_ids_and_titles_of_what_records_link_to(link: str, sample: Manual) -> None:
    found = sheets(sample)
    titles = {e["ID"]: e["Title"] for name, rows in found.items() for e in rows if "ID" in e}
    column = link.replace("_", " ").capitalize()
    told = 0
    for rows in found.values():
        for each in rows:
            ids = [part for part in each.get(column, "").split("; ") if part]
            if "ID" in each and ids:
                told += 1
                assert ids == sample.records[each["ID"]].links[link]
                assert each[f"{column}: titles"] == "; ".join(titles[part] for part in ids)
    assert told > 20


def test_needs_json_says_what_sphinx_needs_own_builder_says(tmp_path: Path) -> None:
    """Its own file has more (backlinks, layouts, places); what ours has is the same."""
    done = sphinx_build("-b", "needs", "-c", ".", TINY, tmp_path / "own")
    assert done.returncode == 0, done.stderr
    assert sphinx_build("-c", ".", TINY, tmp_path / "ours").returncode == 0
    (theirs,) = json.loads((tmp_path / "own" / "needs.json").read_text("utf-8"))[
        "versions"
    ].values()
    (ours,) = json.loads((tmp_path / "ours" / "needs.json").read_text("utf-8"))["versions"].values()
    assert set(ours["needs"]) == set(theirs["needs"])
    assert len(ours["needs"]) > 10
    for name, need in ours["needs"].items():
        own = theirs["needs"][name]
        for key in set(need) - {"content"}:
            said = sorted(own[key]) if isinstance(own[key], list) else own[key]
            assert (sorted(need[key]) if isinstance(need[key], list) else need[key]) == said
        unset = {key for key in own if own[key] in (None, "", [], {})}
        mine = {*LINKS, *MODEL["fields"], "status"}
        assert mine & (set(own) - unset) == mine & set(need)
