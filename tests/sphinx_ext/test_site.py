"""What the published sample holds: every link leads somewhere, and the views tell the truth.

The numbers of each view are counted again here, from the plain records of `records.json`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.sites import SAMPLE
from tests.sphinx_ext.html import Page, page, pages, target

STATUSES = ("planned", "active", "done", "paused", "dropped")
LIVING = STATUSES[:3]

Row = dict[str, Any]
Records = dict[str, Row]


@pytest.fixture(scope="module")
def site(published_site: Path) -> Path:
    return published_site


@pytest.fixture(scope="module")
def records(site: Path) -> Records:
    data = json.loads((site / "records.json").read_text(encoding="utf-8"))
    return {record["id"]: record for record in data["records"]}


def of_type(records: Records, name: str) -> list[Row]:
    return [record for record in records.values() if record["type"] == name]


def rows(site: Path, view: str) -> list[Row]:
    """The rows of a view, from its JSON."""
    found: list[Row] = json.loads((site / "data" / f"{view}.json").read_text(encoding="utf-8"))
    return found


def objectives_of(records: Records, action: Row) -> set[str]:
    found = set()
    for aim in action["links"].get("advances", []):
        found |= {aim} if aim.startswith("OBJ_") else set(records[aim]["links"]["measures"])
    return found


# ------------------------------------------------------------------------------- the sample


def test_sample_is_as_large_as_it_should_be(records: Records) -> None:
    count = Counter(record["type"] for record in records.values())
    assert count["vision"] == 1
    assert count["objective"] == 5
    assert count["subsystem"] == 6
    assert count["stage"] == 4
    assert count["standard"] == 15
    assert count["role"] >= 12
    assert count["term"] == 50
    assert count["protocol"] == 31
    kinds = Counter(exemplar["fields"]["kind"] for exemplar in of_type(records, "exemplar"))
    assert kinds == {"student-work": 8, "video": 2, "lesson": 2, "unpacking": 1}
    places = Counter(session["page"].split("/")[0] for session in of_type(records, "session"))
    assert places == {"learning": 16, "schools": 71}
    assert count["decision"] == 8
    assert count["action"] == 80
    levels = Counter(school["fields"]["level"] for school in of_type(records, "school"))
    assert levels == {"elementary": 8, "middle": 2, "high": 1}
    by_page = {action["page"] for action in of_type(records, "action")}
    by_table = {page for page in by_page if (SAMPLE / page).with_name("plan.csv").is_file()}
    assert (len(by_table), len(by_page - by_table)) == (9, 2)


def test_each_objective_has_two_to_four_key_results(records: Records) -> None:
    results = Counter(record["links"]["measures"][0] for record in of_type(records, "key_result"))
    assert set(results) == {record["id"] for record in of_type(records, "objective")}
    assert all(2 <= number <= 4 for number in results.values())


# ------------------------------------------------------------------------- links and anchors


def test_every_link_leads_somewhere(site: Path) -> None:
    dead = []
    for path in pages(site):
        for tag, address in page(path).links:
            if re.match(r"[a-z][a-z0-9+.-]*:", address):
                continue  # named as such in the next test
            file, anchor = target(site, path, address)
            if not file.is_file():
                dead.append(f"{path.relative_to(site)}: {address}")
            elif anchor and file.suffix == ".html" and tag == "a" and anchor not in page(file).ids:
                dead.append(f"{path.relative_to(site)}: {address} (no such anchor)")
    assert dead == []


def test_no_page_names_another_host(site: Path) -> None:
    """The site makes no request to another host: only the canonical address names one."""
    for path in pages(site):
        for tag, attrs in page(path).tags:
            if tag == "link" and attrs.get("rel") == "canonical":
                continue
            for name, value in attrs.items():
                assert not re.match(r"\s*(https?:)?//", value), f"{path}: {tag} {name}={value}"
                assert "javascript:" not in value.lower(), f"{path}: {tag} {name}={value}"
    for path in [*site.glob("_static/**/*.css"), *site.glob("_static/**/*.js")]:
        text = re.sub(r"(?s)/\*.*?\*/", "", path.read_text(encoding="utf-8"))
        # A name that is never asked for: the namespace of SVG.
        hosts = set(re.findall(r"https?://[^\s'\")]+", text)) - {"http://www.w3.org/2000/svg"}
        assert not hosts, f"{path}: {hosts}"


def test_no_page_holds_code(site: Path) -> None:
    """Scripts and styles are files, so that a host can forbid all others."""
    for path in pages(site):
        for tag, attrs in page(path).tags:
            assert tag != "script" or "src" in attrs, f"{path}: a script in the page"
            assert tag != "style", f"{path}: a style in the page"
            assert not any(name.startswith("on") for name in attrs), f"{path}: {tag} {attrs}"


def test_every_id_is_on_a_page_once(site: Path) -> None:
    for path in pages(site):
        twice = [name for name, number in Counter(page(path).ids).items() if number > 1]
        assert twice == [], path


def test_every_record_has_its_anchor(site: Path, records: Records) -> None:
    for record in records.values():
        file, anchor = target(site, site / "index.html", record["href"])
        assert anchor == record["id"]
        assert page(file).ids.count(anchor) == 1
        assert record["title"].split()[0] in page(file).elements[anchor].text
    everywhere = Counter(name for path in pages(site) for name in page(path).ids if name in records)
    assert set(everywhere.values()) == {1}


def test_every_step_has_an_anchor(site: Path, records: Records) -> None:
    for protocol in of_type(records, "protocol"):
        shown = page(site / f"{protocol['page']}.html")
        text = (SAMPLE / f"{protocol['page']}.md").read_text(encoding="utf-8")
        written = re.findall(r"^:::\{step\} (.*)$", text, re.MULTILINE)
        steps = [e for e in shown.elements.values() if e.attrs.get("class") == "step"]
        assert len(steps) == len(written) > 0
        for step, title in zip(steps, written, strict=True):
            assert step.id.startswith("step-")
            assert f"#{step.id}" in step.links
            assert title.split()[0] in step.text
        minutes = sum(int(step.attrs["data-minutes"]) for step in steps)
        assert minutes == protocol["fields"]["minutes"]


# ---------------------------------------------------------------------------- search engines


def test_sphinx_index_is_neither_built_nor_loaded(site: Path) -> None:
    for name in ("searchindex.js", "_static/searchtools.js", "_static/language_data.js"):
        assert not (site / name).exists()
    for path in pages(site):
        scripts = [attrs["src"] for tag, attrs in page(path).tags if tag == "script"]
        assert not [src for src in scripts if "searchtools" in src or "searchindex" in src]
        # The search page is the one place where the dialog would stand beside itself.
        box = "page-search" if path == site / "search.html" else "pst-search-dialog"
        assert page(path).ids.count(box) == 1
    assert (site / "pagefind" / "pagefind.js").is_file()


def test_every_page_says_what_it_is_about(site: Path) -> None:
    for path in pages(site):
        meta = [named for tag, named in page(path).tags if tag == "meta"]
        (said,) = (named["content"] for named in meta if named.get("name") == "description")
        assert 20 < len(said) <= 165, path
        assert sum(named.get("name") == "viewport" for named in meta) == 1, path


def test_release_holds_what_readers_get_and_nothing_else(site: Path) -> None:
    for name in (".buildinfo", ".doctrees", "_sources", "permalink.html", "_records"):
        assert not (site / name).exists(), name
    assert not list(site.rglob("*.pickle"))
    assert not list(site.rglob("*.csv.html"))


# ------------------------------------------------------------------------------------- views


def test_every_view_has_its_csv_and_json(site: Path) -> None:
    tables = sorted((site / "data").glob("*.csv"))
    assert {path.stem for path in tables} == {p.stem for p in (site / "data").glob("*.json")}
    assert len(tables) > 40
    linked = {
        target(site, path, address)[0].name
        for path in pages(site)
        for _, address in page(path).links
        if "data/" in address
    }
    unlinked = {path.name for path in (site / "data").iterdir()} - linked - {"my-school"}
    assert not unlinked, f"no page leads to {sorted(unlinked)}"
    for path in tables:
        text = path.read_text(encoding="utf-8")
        read = list(csv.DictReader(io.StringIO(text, newline="")))
        plain = [
            {name: "" if v is None else str(v) for name, v in row.items()}
            for row in rows(site, path.stem)
        ]
        assert read == plain, path.name


def test_coverage_counts_the_actions(site: Path, records: Records) -> None:
    told = {(row["school_id"], row["objective_id"]): row for row in rows(site, "coverage")}
    schools = [record["id"] for record in of_type(records, "school")]
    objectives = [record["id"] for record in of_type(records, "objective")]
    assert set(told) == {(school, objective) for school in schools for objective in objectives}
    for (school, objective), row in told.items():
        here = [
            action
            for action in of_type(records, "action")
            if school in action["links"]["at"] and objective in objectives_of(records, action)
        ]
        for status in STATUSES:
            assert row[status] == sum(action["status"] == status for action in here)
        assert row["living"] == sum(action["status"] in LIVING for action in here)
    blanks = sum(not row["living"] for row in told.values())
    assert 0 < blanks < 20
    figures = re.findall(
        r'figure-value">([^<]*)<', (site / "progress" / "coverage.html").read_text("utf-8")
    )
    assert figures[0] == f"{len(told) - blanks} of {len(told)}"
    assert figures[1] == str(blanks)


def test_matrix_shows_what_its_table_says(site: Path, records: Records) -> None:
    """The page without scripts: each cell holds the counts, or a mark for a blank."""
    text = (site / "progress" / "coverage.html").read_text(encoding="utf-8")
    cells = re.findall(r"(?s)<td[^>]*>(.*?)</td>", text.split('class="matrix"')[1])
    told = rows(site, "coverage")
    per_row = len(of_type(records, "objective"))
    # The last cell of each row is the school's sum.
    body = [cell for index, cell in enumerate(cells) if (index + 1) % (per_row + 1)]
    for cell, row in zip(body, told, strict=False):
        shown = {name: int(number) for number, name in re.findall(r">(\d+) (\w+)<", cell)}
        assert shown == {status: row[status] for status in STATUSES if row[status]}
        assert ("status--none" in cell) == (not row["living"])


def test_each_school_shows_every_objective(site: Path, records: Records) -> None:
    """Every district objective stands beside the school's own actions, or beside a blank."""
    for school in of_type(records, "school"):
        shown = page(site / f"{school['page']}.html")
        name = f"school-plan-schools-{school['page'].split('/')[1]}"
        told = rows(site, name)
        for objective in of_type(records, "objective"):
            here = {
                action["id"]
                for action in of_type(records, "action")
                if school["id"] in action["links"]["at"]
                and objective["id"] in objectives_of(records, action)
            }
            mine = [row for row in told if row["objective_id"] == objective["id"]]
            assert {row["action_id"] for row in mine if row["action_id"]} == here
            assert here or [row["blank"] for row in mine] != [""]
            assert any(link.endswith(f"#{objective['id']}") for _, link in shown.links)
            for row in mine:
                if row["action_id"]:
                    action = records[row["action_id"]]
                    assert row["status"] == action["status"]
                    for day in ("starts", "due"):
                        assert row[day] == action["fields"].get(day, "")


def test_chain_reaches_every_action_protocol_and_evidence(site: Path, records: Records) -> None:
    for objective in of_type(records, "objective"):
        told = rows(site, f"chain-{objective['id'].lower().replace('_', '-')}")
        below = {row["id"] for row in told if row["direction"] == "below"}
        results = {
            record["id"]
            for record in of_type(records, "key_result")
            if objective["id"] in record["links"]["measures"]
        }
        actions = {
            record["id"]
            for record in of_type(records, "action")
            if objective["id"] in objectives_of(records, record)
        }
        used = {use for action in actions for use in records[action]["links"].get("uses", [])}
        assert results | actions | used <= below
        assert {record["id"] for record in records.values() if record["id"] in below} == below
        assert {name for name in below if name.startswith("ACT_")} == actions
        above = {row["id"] for row in told if row["direction"] == "above"}
        assert set(objective["links"]["realises"]) <= above
        shown = page(site / "progress" / "chain.html")
        for name in below:
            assert any(link.endswith(f"#{name}") for _, link in shown.links), name
        text = (site / "progress" / "chain.html").read_text(encoding="utf-8")
        assert "evidence" in text.lower()


def test_gaps_hold_every_blank_and_every_omission(site: Path, records: Records) -> None:
    told = rows(site, "gaps")
    pairs = [(row["rule"], row["record_id"], row["about_id"]) for row in told]
    assert len(pairs) == len(set(pairs))

    def gaps(rule: str) -> set[str]:
        found = {row["record_id"] for row in told if row["rule"] == rule}
        assert found, f"nothing to tell about: {rule}"
        return found

    blanks = {
        (row["school_id"], row["objective_id"])
        for row in rows(site, "coverage")
        if not row["living"]
    }
    assert blanks == {
        (row["record_id"], row["about_id"])
        for row in told
        if row["rule"] == "Objective without an action"
    }
    open_actions = [a for a in of_type(records, "action") if a["status"] in ("planned", "active")]
    assert gaps("Action that rests on one role") == {
        action["id"] for action in open_actions if not action["links"].get("backed_up_by")
    }
    assert gaps("Assessment without an analysis session") == {
        record["id"]
        for record in of_type(records, "assessment")
        if not record["links"].get("analysed_in")
    }
    assert gaps("Vacant role") == {
        record["id"] for record in of_type(records, "role") if record["status"] == "vacant"
    }
    for row in told:
        assert row["record_id"] in records
        assert row["how_to_close"]
        assert row["late"] in ("yes", "no")
        assert not row["since"] or date.fromisoformat(row["since"])
    shown = page(site / "progress" / "gaps.html")
    for row in told:
        assert any(link.endswith(f"#{row['record_id']}") for _, link in shown.links)


def test_calendar_tells_every_session_in_order(site: Path, records: Records) -> None:
    told = rows(site, "session-calendar-learning")
    everywhere = [r for r in of_type(records, "session") if r["page"] == "learning/index"]
    assert {row["id"] for row in told} == {r["id"] for r in everywhere}
    assert [row["date"] for row in told] == sorted(row["date"] for row in told)
    for row in told:
        assert row["hours"] == records[row["id"]]["fields"]["hours"]
        assert row["serves"].split(";") == records[row["id"]]["links"]["serves"]
    shown = page(site / "learning" / "index.html")
    order = [name for name in shown.ids if name in {row["id"] for row in told}]
    assert order == [row["id"] for row in told]


# ------------------------------------------------------------------------- where it is used


def links_here(records: Records) -> Iterable[tuple[Row, str, Row]]:
    """(record, link, record it leads to)."""
    for source in records.values():
        for link, ids in source["links"].items():
            for name in ids:
                yield source, link, records[name]


def test_lead_records_say_where_they_are_used(site: Path, records: Records) -> None:
    for source, link, used in links_here(records):
        if not used["lead"] or (used["type"], source["type"]) == ("school", "action"):
            continue  # a school's plan tells its actions
        told = rows(site, f"used-in-{used['id'].lower().replace('_', '-')}")
        assert source["id"] in {row["used_by_id"] for row in told}, f"{link} from {source['id']}"


def test_every_record_leads_back_to_what_links_to_it(site: Path, records: Records) -> None:
    missing = []
    for source, link, used in links_here(records):
        if used["page"] == source["page"]:
            continue
        shown: Page = page(site / f"{used['page']}.html")
        links = [a for _, a in shown.links] if used["lead"] else shown.elements[used["id"]].links
        # Of more than 40 actions the school of each is named, which tells them.
        named = (source["id"], *source["links"].get("at", ()))
        if not any(address.endswith(f"#{name}") for address in links for name in named):
            missing.append(f"{used['id']} does not tell that {source['id']} names it ({link})")
    assert missing == []
