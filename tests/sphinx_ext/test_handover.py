"""Handover packs as built: each list agrees with plain loops over the pages and tables."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from tests.freshness.site import build
from tests.read_source import Read, read_source
from tests.sites import KIT, SAMPLE, TINY, copy
from tests.sphinx_ext.html import page, target

OPEN = ("active", "planned", "paused")
#: A list is cut after so many entries; the page says so.
MOST = 25


@dataclass(frozen=True)
class Pack:
    """A pack's page in its site, and whose it is."""

    file: Path
    role: str
    school: str

    @property
    def text(self) -> str:
        return self.file.read_text(encoding="utf-8")

    def section(self, name: str) -> str:
        found = re.search(rf'(?s)<section class="[^"]*" id="{name}".*?</section>', self.text)
        return found[0] if found else ""

    def entries(self, name: str) -> list[str]:
        """What the head of each entry leads to, by its id."""
        heads = re.findall(
            r'(?s)<li>.*?<span class="handover-head">(.*?)</span>', self.section(name)
        )
        return [_id(head) for head in heads]

    def rows(self, name: str) -> list[list[str]]:
        """The text of each cell, row by row; the head left out."""
        rows = re.findall(r"<tr>(<td>.*?)</tr>", self.section(name))
        return [[_plain(cell) for cell in re.findall(r"<td>(.*?)</td>", row)] for row in rows]

    def fact(self, name: str) -> str:
        found = re.search(rf"<dt>{name}</dt><dd>(.*?)</dd>", self.text)
        return _plain(found[1]) if found else ""


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html)).strip()


def _id(html: str) -> str:
    found = re.search(r'href="[^"#]*#([A-Z0-9_]+)"', html)
    return found[1] if found else ""


def address(record_id: str) -> str:
    return record_id.partition("_")[2].lower().replace("_", "-")


@cache
def read(source: Path) -> dict[str, Read]:
    return read_source(source)


def names(record: Read, link: str, role: str) -> bool:
    return role in re.findall(r"[A-Z][A-Z0-9_]+", record.get(link, ""))


def at(record_id: str, record: Read) -> list[str]:
    return [record_id] if record["type"] == "school" else record.to("at")


def day_of(pack: Pack) -> date:
    said = re.search(r"As the manual stood on (\d+ \w+ \d{4})", pack.text)
    assert said
    return datetime.strptime(said[1], "%d %b %Y").date()


def packs_of(site: Path, records: dict[str, Read]) -> list[Pack]:
    """The packs that should be there, by plain loops."""
    found = []
    for role in [name for name, record in records.items() if record["type"] == "role"]:
        schools = {
            school
            for record_id, record in records.items()
            for school in at(record_id, record)
            if any(names(record, link, role) for link in ("owner", "led_by", "backed_up_by"))
        }
        own = site / "handover" / f"{address(role)}.html"
        found.append(Pack(own, role, ""))
        found += [
            Pack(own.with_suffix("") / f"{address(school)}.html", role, school)
            for school in sorted(schools)
        ]
    return found


def counted(pack: Pack, records: dict[str, Read]) -> dict[str, Any]:
    """What a pack should tell, by plain loops over the records."""
    role, school, today = pack.role, pack.school, day_of(pack)
    here = {n: r for n, r in records.items() if not school or school in at(n, r)}
    wide = {n: r for n, r in records.items() if not school or school in at(n, r) or not at(n, r)}
    opened = {
        n: r
        for n, r in here.items()
        if r["type"] == "action" and names(r, "led_by", role) and r.get("status") in OPEN
    }
    late = {n for n, r in opened.items() if r.get("due") and r["due"] < today.isoformat()}
    backed = {
        n
        for n, r in here.items()
        if names(r, "backed_up_by", role)
        and (
            (r["type"] == "action" and r.get("status") in OPEN)
            or (r["type"] == "session" and r.get("date", "") >= today.isoformat())
        )
    }
    sessions = {
        n
        for n, r in wide.items()
        if r["type"] == "session"
        and any(names(r, link, role) for link in ("owner", "led_by", "backed_up_by"))
        and r.get("date", "") >= today.isoformat()
    }
    assessments = {
        n
        for n, r in wide.items()
        if r["type"] == "assessment"
        and names(r, "owner", role)
        and r.get("date", "") >= today.isoformat()
    }
    reviews = {
        n
        for n, r in wide.items()
        if names(r, "owner", role) and r.get("reviewed") and _year_on(r["reviewed"]) <= _soon(today)
    }
    held: dict[str, int] = {}
    for n, r in here.items():
        leads = r["type"] != "action" and names(r, "led_by", role)
        if n != role and r["type"] != "role" and (names(r, "owner", role) or leads):
            held[r["type"]] = held.get(r["type"], 0) + 1
    return {
        "open": set(opened),
        "late": late,
        "backed": backed,
        "dates": len(sessions)
        + len(assessments)
        + len(reviews)
        + sum(1 for r in opened.values() if r.get("due")),
        "held": sorted(held.values()),
        "decisions": _decisions(role, school, here, records),
    }


def _year_on(said: str) -> date:
    day = date.fromisoformat(said)
    last = day.month == 2 and day.day == 29
    return day.replace(year=day.year + 1, day=28 if last else day.day)


def _soon(today: date) -> date:
    return today + timedelta(days=90)


def _decisions(role: str, school: str, here: dict[str, Read], records: dict[str, Read]) -> set[str]:
    about = {role, school}
    for n, r in here.items():
        if r["type"] != "role" and (names(r, "owner", role) or names(r, "led_by", role)):
            about |= {n, *r.to("advances"), *r.to("serves"), *r.to("informs")}
            for each in r.to("advances"):
                about |= set(records[each].to("measures"))
    return {
        n
        for n, r in records.items()
        if r["type"] == "decision" and about & set(re.findall(r"\w+", r.get("affects", "")))
    }


def disagreements(pack: Pack, records: dict[str, Read]) -> list[str]:
    """What a pack tells otherwise than the plain loops."""
    mine = counted(pack, records)
    told = pack.fact("Open actions")
    total = int(re.findall(r"\d+", told)[0])
    past = re.search(r", (\d+) past", told)
    said: dict[str, tuple[object, object]] = {
        "open": (total, len(mine["open"])),
        "open listed": (len(pack.entries("actions")), min(MOST, total)),
        "dates": (len(pack.rows("dates")), min(MOST, mine["dates"])),
        "backed up": (
            len([e for e in pack.entries("backs-up") if e in records and e[:5] != "ROLE_"]),
            min(MOST, len(mine["backed"])),
        ),
        "decisions": (set(pack.entries("decisions")), mine["decisions"]),
        "held": (sorted(_held(pack)), mine["held"]),
    }
    if total <= MOST:
        said["which are open"] = (set(pack.entries("actions")), mine["open"])
    said["late"] = (int(past[1]) if past else 0, len(mine["late"]))
    return [f"{pack.file.name} {what}: {a} != {b}" for what, (a, b) in said.items() if a != b]


def _held(pack: Pack) -> list[int]:
    heads = re.findall(r'<span class="handover-head">(\d+) [^<]*</span>', pack.section("holds"))
    return [int(each) for each in heads]


def gap_rows(site: Path) -> list[dict[str, str]]:
    with (site / "data" / "gaps.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["state"] == "open"]


def wrong_gaps(site: Path, packs: list[Pack], records: dict[str, Read]) -> list[str]:
    rows, wrong = gap_rows(site), []
    for pack in packs:
        title = records[pack.role]["title"]
        mine = [
            row
            for row in rows
            if title in row["owner"].split(", ")
            and (not pack.school or pack.school in row["schools"].split(";"))
        ]
        told = int(pack.fact("Gaps to close") or 0)
        listed = pack.section("gaps").count("<li>")
        if (told, listed) != (len(mine), min(MOST, len(mine))):
            wrong.append(f"{pack.file}: {told}, {listed} != {len(mine)}")
    return wrong


def test_every_pack_of_the_sample_agrees(published_site: Path) -> None:
    records = read(SAMPLE)
    packs = packs_of(published_site, records)
    assert len(packs) > 80
    assert {pack.file for pack in packs} == set((published_site / "handover").rglob("*.html"))
    assert [each for pack in packs for each in disagreements(pack, records)] == []
    assert wrong_gaps(published_site, packs, records) == []


def test_packs_of_the_wide_district_agree(wide_site: Path, wide_source: Path) -> None:
    records = read(wide_source)
    packs = packs_of(wide_site, records)
    assert len(packs) > 2000
    assert {pack.file for pack in packs} == set((wide_site / "handover").rglob("*.html"))
    some = [pack for pack in packs if not pack.school][:6] + packs[20::400]
    assert [each for pack in some for each in disagreements(pack, records)] == []
    own = [pack for pack in some if pack.school]
    assert wrong_gaps(wide_site, own, records) == []


def test_the_schools_of_a_role_agree(
    published_site: Path, wide_site: Path, wide_source: Path
) -> None:
    for site, source in ((published_site, SAMPLE), (wide_site, wide_source)):
        records = read(source)
        packs = packs_of(site, records)
        for own in [pack for pack in packs if not pack.school][::5]:
            schools = [pack for pack in packs if pack.role == own.role and pack.school]
            assert len(own.rows("schools")) == len(schools)
            told = {row[0]: row[1:] for row in own.rows("schools")}
            for pack in schools[::50]:
                mine = counted(Pack(own.file, pack.role, pack.school), records)
                actions = {n for n in mine["backed"] if records[n]["type"] == "action"}
                assert told[records[pack.school]["title"]] == [
                    str(len(each)) for each in (mine["open"], mine["late"], actions)
                ]


def test_unanswered_confirmations_are_those_of_the_page(published_site: Path) -> None:
    with (published_site / "data" / "to-confirm.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    records = read(SAMPLE)
    for pack in packs_of(published_site, records):
        title = records[pack.role]["title"]
        mine = {
            row["record_id"]
            for row in rows
            if title in re.split(r", | and ", row["owner"])
            and (not pack.school or row["school_id"] == pack.school)
        }
        assert set(pack.entries("to-confirm")) == mine, pack.file


def test_protocols_come_in_the_stated_order(published_site: Path) -> None:
    records = read(SAMPLE)
    ranks = ("run on ", "used by ", "a page it owns")
    seen = 0
    for pack in packs_of(published_site, records):
        why = [_plain(each) for each in re.findall(r"<p>(.*?)</p>", pack.section("protocols"))]
        why = [re.sub(r"^\d+ min · ", "", each) for each in why]
        order = [
            0 if each.startswith(ranks[0]) else 1 if re.match(r"used by \d+ open", each) else 2
            for each in why
        ]
        assert order == sorted(order), pack.file
        counts = [int(found[1]) for each in why if (found := re.match(r"used by (\d+) open", each))]
        assert counts == sorted(counts, reverse=True)
        if pack.school == "" or order:
            assert all(records[each]["type"] == "protocol" for each in pack.entries("protocols"))
        seen += len(order)
    assert seen > 100


def test_every_link_of_a_pack_leads_somewhere(published_site: Path) -> None:
    for file in (published_site / "handover").rglob("*.html"):
        for tag, link in page(file).links:
            if tag == "a" and not link.startswith(("mailto:", "http")):
                to, anchor = target(published_site, file, link)
                assert to.is_file(), f"{file}: {link}"
                if anchor and to.suffix == ".html" and "?" not in link:
                    assert anchor in page(to).ids, f"{file}: {link}"


def test_each_pack_of_the_sample_has_a_tagged_pdf_with_links_and_bookmarks(
    published_site: Path,
) -> None:
    pages = sorted((published_site / "handover").rglob("*.html"))
    assert [each.with_suffix(".pdf") for each in pages] == sorted(
        (published_site / "handover").rglob("*.pdf")
    )
    made = PdfReader(published_site / "handover" / "grade-team-lead.pdf")
    root = made.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert root["/Lang"] == "en"  # type: ignore[index]
    assert made.metadata
    assert made.metadata.title == "Handover: Grade team lead"
    assert "pdfuaid:part" in made.xmp_metadata.stream.get_data().decode()  # type: ignore[union-attr]
    marks = json.dumps(made.outline, default=str)
    assert "The first week" in marks
    assert "Gaps to close" in marks
    links = {
        str(note.get_object()["/A"]["/URI"])
        for sheet in made.pages
        for note in sheet.get("/Annots", ())
        if "/A" in note.get_object()
    }
    assert "https://manual.alder-valley.example/handover/grade-team-lead/elm.html" in links
    for link in links:
        if link.startswith("http"):
            file, _, anchor = link.removeprefix("https://manual.alder-valley.example/").partition(
                "#"
            )
            assert not anchor or anchor in page(published_site / file).ids, link
    last = made.pages[-1].extract_text()
    assert f"{len(made.pages)} / {len(made.pages)}" in last


def test_role_cards_and_school_pages_lead_to_packs(published_site: Path) -> None:
    roles = page(published_site / "vision" / "roles.html").links
    assert ("a", "../handover/data-lead.html") in roles
    school = page(published_site / "schools" / "elm" / "index.html").links
    assert ("a", "../../handover/principal/elm.html") in school
    listed = page(published_site / "onboarding" / "handover.html").links
    assert {("a", "../handover/principal.html"), ("a", "../handover/principal/elm.html")} <= {
        *listed
    }


def test_search_knows_the_list_and_not_each_pack(published_site: Path) -> None:
    for file in (published_site / "handover").rglob("*.html"):
        assert "data-pagefind-body" not in file.read_text(encoding="utf-8")
    text = (published_site / "onboarding" / "handover.html").read_text(encoding="utf-8")
    assert "data-pagefind-body" in text


def test_no_packs_where_no_page_lists_them(tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    said = build(source.root, KIT, tmp_path / "html", tmp_path / "trees", {})
    assert said["findings"] == []
    assert not (tmp_path / "html" / "handover").exists()
    assert "Handover pack" not in (tmp_path / "html" / "vision" / "index.html").read_text("utf-8")
