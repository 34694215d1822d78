"""Calendar files and the assessment calendar: counted again from pages and tables by hand.

Nothing of the kit is used for the counts: CSV rows, patterns over the pages, and loops. The same
for the sample and for a district of 200 schools.
"""

from __future__ import annotations

import csv
import html
import json
import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.sites import KIT, SAMPLE, TINY, TODAY, Source, check, copy, manual

BLOCK = re.compile(r"^:{3,}\{(\w+)\}[ \t]*([^\n]*)\n((?::\w+: [^\n]*\n)+)", re.MULTILINE)
OPTION = re.compile(r"^:(\w+): *(.*?) *$", re.MULTILINE)
TABLES = {"sessions.csv": "session", "assessments.csv": "assessment"}
DATA = "assessment-calendar-learning-assessments"


@dataclass
class Counted:
    """A source folder, read with patterns and csv alone."""

    settings: dict[str, Any]
    records: dict[str, dict[str, str]]

    def all(self, kind: str) -> dict[str, dict[str, str]]:
        return {name: each for name, each in self.records.items() if each["type"] == kind}

    @property
    def periods(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.settings["school_year"]["marking_periods"]
        return found

    @property
    def grades(self) -> list[str]:
        found: list[str] = self.settings["assessments"]["grades"]
        return found


def counted(source: Path) -> Counted:
    records: dict[str, dict[str, str]] = {}
    for path in sorted(source.rglob("*.md")):
        for kind, title, options in BLOCK.findall(path.read_text(encoding="utf-8")):
            said = dict(OPTION.findall(options))
            if "id" in said:
                records[said["id"]] = {**said, "type": kind, "title": title}
    for name, kind in TABLES.items():
        for path in sorted(source.rglob(name)):
            beside = (path.parent / "index.md").read_text(encoding="utf-8")
            own = re.findall(r"(?m)^:id: (SCH_\w+)$", beside)
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    at = own[0] if own else row.get("at", "")
                    records[row["id"]] = {**row, "type": kind, "at": at}
    return Counted(tomllib.loads((source / "district.toml").read_text("utf-8")), records)


def words(record: dict[str, str], name: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,]", record.get(name) or "") if part.strip()]


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass
class Shown:
    """What a built site says, and what was counted for it."""

    site: Path
    count: Counted
    today: date

    @property
    def rows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((self.site / f"data/{DATA}.json").read_text())
        return found

    @property
    def page(self) -> str:
        return html.unescape((self.site / "learning" / "assessments.html").read_text("utf-8"))

    def gaps(self, state: str) -> list[dict[str, Any]]:
        told = json.loads((self.site / "data" / "gaps.json").read_text(encoding="utf-8"))
        return [row for row in told if row["state"] == state]


@pytest.fixture(scope="module", params=["sample", "wide"])
def shown(request: pytest.FixtureRequest) -> Shown:
    if request.param == "sample":
        site, source = request.getfixturevalue("published_site"), SAMPLE
    else:
        site = request.getfixturevalue("wide_site")
        source = request.getfixturevalue("wide_source")
    told = json.loads((site / "data" / "gaps.json").read_text(encoding="utf-8"))
    dated = next(row for row in told if row["days"])
    today = date.fromisoformat(dated["since"]) + timedelta(days=dated["days"])
    return Shown(Path(site), counted(source), today)


# ------------------------------------------------------------------ the assessment calendar


def analysis(count: Counted, record: dict[str, str]) -> tuple[str, date | None]:
    """The first session on or after the assessment; the last of all when every one is before."""
    sessions = count.all("session")
    dated = sorted(
        (sessions[name]["date"], name) for name in words(record, "analysed_in") if name in sessions
    )
    after = [pair for pair in dated if pair[0] >= (record.get("date") or "")]
    when, name = (after or dated[-1:] or [("", "")])[0]
    return name, day(when)


def faults(count: Counted, record: dict[str, str], days: int) -> set[str]:
    found = set()
    first = day(record.get("date"))
    last = max(first, day(record.get("ends")) or first) if first else None
    period = count.periods[int(record["period"]) - 1]
    if not first or not last or first < period["starts"] or last > period["ends"]:
        found.add("assessment-day")
    name, held = analysis(count, record)
    if not name:
        found.add("analysis")
    elif first and last and held and held < first:
        found.add("analysis-before")
    elif last and held and (held - last).days > days:
        found.add("analysis-late")
    return found


def limit(count: Counted) -> int:
    found: int = count.settings.get("thresholds", {}).get("analysis_days", 14)
    return found


def blanks(count: Counted) -> set[tuple[str, int]]:
    there = {(each["grade"], int(each["period"])) for each in count.all("assessment").values()}
    asked = {(g, n) for g in count.grades for n in range(1, len(count.periods) + 1)}
    return asked - there


def test_every_assessment_stands_in_its_place(shown: Shown) -> None:
    count = shown.count
    names = [period["name"] for period in count.periods]
    told = {
        (row["grade"], row["period"], row["assessment_id"], row["date"], row["analysis_id"])
        for row in shown.rows
        if row["assessment_id"]
    }
    assert told == {
        (
            each["grade"],
            names[int(each["period"]) - 1],
            name,
            each["date"],
            analysis(count, each)[0],
        )
        for name, each in count.all("assessment").items()
    }
    assert {(row["grade"], row["period"]) for row in shown.rows if not row["assessment_id"]} == {
        (grade, names[number - 1]) for grade, number in blanks(count)
    }
    assert list(dict.fromkeys(row["grade"] for row in shown.rows)) == count.grades
    for row in shown.rows:
        if row["days_after"] is not None:
            each = count.records[row["assessment_id"]]
            last = max(each["date"], each.get("ends") or "")
            held = analysis(count, each)[1]
            assert held is not None
            assert row["days_after"] == (held - date.fromisoformat(last)).days


def test_the_figures_of_the_page(shown: Shown) -> None:
    count = shown.count
    asked = len(count.grades) * len(count.periods)
    looked_at = {}
    for each in count.all("assessment").values():
        sound = not faults(count, each, limit(count)) & {"analysis", "analysis-before"}
        place = each["grade"], each["period"]
        looked_at[place] = looked_at.get(place, True) and sound
    figures = re.findall(r'<p class="figure-value">([^<]+)</p>', shown.page)
    assert figures == [
        f"{asked - len(blanks(count))} of {asked}",
        f"{sum(looked_at.values())} of {asked}",
    ]
    found = [
        rule
        for each in count.all("assessment").values()
        for rule in faults(count, each, limit(count))
    ]
    begun = sum(count.periods[n - 1]["starts"] <= shown.today for _, n in blanks(count))
    numbers = re.findall(r"<dt>([^<:]+): (\d+)(?:, and (\d+) not due yet)?</dt>", shown.page)
    assert numbers == [
        (
            "Grade or course without an assessment",
            str(begun),
            or_nothing(len(blanks(count)) - begun),
        ),
        ("Assessment without an analysis session", str(found.count("analysis")), ""),
        ("Assessment outside its period", str(found.count("assessment-day")), ""),
        ("Analysis before the assessment", str(found.count("analysis-before")), ""),
        ("Analysis long after the assessment", str(found.count("analysis-late")), ""),
    ]


def or_nothing(number: int) -> str:
    return str(number) if number else ""


def test_what_comes_next_for_each_grade(shown: Shown) -> None:
    found = {
        grade: re.findall(r'<time datetime="([^"]+)"|none set', cells)
        for grade, cells in re.findall(
            r'<tr><th scope="row"><a href="#assessments-[^"]+">([^<]+)</a></th>(.*?)</tr>',
            shown.page,
        )
    }
    today = shown.today.isoformat()
    for grade in shown.count.grades:
        mine = [e for e in shown.count.all("assessment").values() if e["grade"] == grade]
        ahead = sorted(e["date"] for e in mine if max(e["date"], e.get("ends") or "") >= today)
        sessions = [analysis(shown.count, each)[1] for each in mine]
        held = sorted(each.isoformat() for each in sessions if each and each.isoformat() >= today)
        assert found[grade] == [(ahead or [""])[0], (held or [""])[0]], grade


def test_the_register_lists_the_same(shown: Shown) -> None:
    count = shown.count
    rules = ("assessment-day", "analysis-before", "analysis-late", "analysis")
    expected = {
        (rule, name)
        for name, each in count.all("assessment").items()
        for rule in faults(count, each, limit(count))
    }
    told = {
        (rule, row["record_id"])
        for row in shown.gaps("open")
        if (rule := row["key"].removesuffix(f"-{row['record_id']}")) in rules
    }
    assert told == expected
    for state, due in (("open", True), ("not due yet", False)):
        lacking: dict[str, set[str]] = {}
        for grade, number in blanks(count):
            begun = count.periods[number - 1]["starts"] <= shown.today
            if begun == due:
                lacking.setdefault(grade, set()).add(count.periods[number - 1]["name"])
        if not due:  # what counts already is told as open
            late = {g for g, n in blanks(count) if count.periods[n - 1]["starts"] <= shown.today}
            lacking = {grade: names for grade, names in lacking.items() if grade not in late}
        rows = [
            row for row in shown.gaps(state) if re.fullmatch(r"assessment-[A-Z0-9_]+", row["key"])
        ]
        assert {count.records[row["record_id"]]["grade"] for row in rows} == set(lacking)
        for row in rows:
            names = lacking[count.records[row["record_id"]]["grade"]]
            assert all(name in row["what"] for name in names)


def test_the_sample_shows_every_kind_of_blank() -> None:
    count = counted(SAMPLE)
    found = {
        rule for e in count.all("assessment").values() for rule in faults(count, e, limit(count))
    }
    assert found == {"assessment-day", "analysis", "analysis-before", "analysis-late"}
    assert blanks(count)
    assert len(count.all("assessment")) >= 40


# ------------------------------------------------------------------ the calendar files


def meant(session: dict[str, str], role: dict[str, str]) -> bool:
    return bool(set(words(session, "audiences")) & set(words(role, "audiences")))


def held(record: dict[str, str], role: str) -> bool:
    return any(role in words(record, link) for link in ("owner", "led_by", "backed_up_by"))


def files(count: Counted) -> dict[str, set[str]]:
    """By file, the ids of the sessions and assessments that its rule names."""
    sessions = {name: each for name, each in count.all("session").items() if each["date"]}
    assessments = {name: each for name, each in count.all("assessment").items() if each["date"]}
    wide = {name for name, each in sessions.items() if not words(each, "at")}
    found = {"all": set(sessions) | set(assessments)}
    for role, said in count.all("role").items():
        found[low(role)] = {n for n, e in (sessions | assessments).items() if held(e, role)}
        found[low(role)] |= {name for name in wide if meant(sessions[name], said)}
    for school in count.all("school"):
        own = {name for name, each in sessions.items() if school in words(each, "at")}
        found[low(school)] = wide | own
        for role in count.all("role"):
            found[f"{low(school)}-{low(role)}"] = {n for n in own if held(sessions[n], role)}
    for grade in count.grades:
        mine = {name for name, each in assessments.items() if each["grade"] == grade}
        looked = {analysis(count, assessments[name])[0] for name in mine} - {""}
        found[f"assessments-{grade.lower().replace(' ', '-')}"] = mine | looked
    return {name: ids for name, ids in found.items() if ids}


def low(name: str) -> str:
    return name.lower().replace("_", "-")


def test_each_file_holds_what_its_rule_says(shown: Shown) -> None:
    expected = files(shown.count)
    folder = shown.site / "calendar"
    assert {path.stem for path in folder.glob("*.ics")} == set(expected)
    for name, ids in expected.items():
        text = (folder / f"{name}.ics").read_text(encoding="utf-8")
        assert sorted(re.findall(r"(?m)^UID:([A-Z0-9_]+)@", text)) == sorted(ids), name
        assert len(re.findall("BEGIN:VEVENT", text)) == len(ids)


def test_each_session_begins_when_its_row_says(shown: Shown) -> None:
    text = (shown.site / "calendar" / "all.ics").read_bytes().decode().replace("\r\n ", "")
    zone = ZoneInfo(shown.count.settings["district"].get("time_zone", "UTC"))
    told = {
        re.search(r"UID:(\w+)@", event)[1]: re.search(r"DTSTART(\S*?):(\S+)", event).groups()  # type: ignore[index,union-attr]
        for event in re.findall(r"(?s)BEGIN:VEVENT(.*?)END:VEVENT", text)
    }
    for name, each in (shown.count.all("session") | shown.count.all("assessment")).items():
        parameters, value = told[name]
        if each.get("begins"):
            # The time of the world itself is named by a letter, every other by its zone.
            utc = zone.key == "UTC"
            assert parameters == ("" if utc else f";TZID={zone.key}")
            clock = f"{each['date']}T{each['begins']}00{'Z' if utc else ''}"
            assert value == clock.replace("-", "").replace(":", "")
        else:
            assert (parameters, value) == (";VALUE=DATE", each["date"].replace("-", ""))


def test_an_independent_parser_reads_the_sample(published_site: Path) -> None:
    """The moments in UTC by a reader of another make; the rows with a time, by plain addition."""
    import vobject

    count = counted(SAMPLE)
    for path in sorted((published_site / "calendar").glob("*.ics")):
        for event in vobject.readOne(path.read_text(encoding="utf-8")).vevent_list:
            row = count.records[event.uid.value.split("@")[0]]
            if not row.get("begins"):
                continue
            # Eastern time: four hours behind UTC in summer, five from 1 Nov 2026 to 13 Mar 2027.
            winter = "2026-11-01" <= row["date"] < "2027-03-14"
            local = datetime.fromisoformat(f"{row['date']}T{row['begins']}")
            begins = (local + timedelta(hours=5 if winter else 4)).replace(tzinfo=UTC)
            assert event.dtstart.value.astimezone(UTC) == begins
            ends = begins + timedelta(hours=float(row["hours"]))
            assert event.dtend.value.astimezone(UTC) == ends


def test_pages_offer_the_files_that_are_there(shown: Shown) -> None:
    linked = set()
    for path in shown.site.rglob("*.html"):
        for href in re.findall(r'href="([^":]*\.ics)"', path.read_text(encoding="utf-8")):
            target = (path.parent / href).resolve()
            assert target.is_file(), (path, href)
            linked.add(target.stem)
    there = {path.stem for path in (shown.site / "calendar").glob("*.ics")}
    assert linked == there
    address = shown.count.settings["district"]["address"]
    learning = (shown.site / "learning" / "index.html").read_text(encoding="utf-8")
    assert f'href="webcal:{address.partition(":")[2]}calendar/all.ics"' in learning
    assert f"<code>{address}calendar/all.ics</code>" in learning


def test_no_person_is_named(published_site: Path) -> None:
    for path in (published_site / "calendar").iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search("(?m)^(ORGANIZER|ATTENDEE|CONTACT|METHOD)|mailto", text)


# ------------------------------------------------------------------ from publish to publish


def publish(source: Source, site: Path, today: str) -> Path:
    said = manual(
        *("publish", "--kit", KIT, "--source", source.root, "--site", site, "--today", today)
    )
    assert said.code == 0, said
    return (site / "current").resolve()


def versions(release: Path) -> dict[str, tuple[int, str]]:
    text = (release / "calendar" / "all.ics").read_bytes().decode().replace("\r\n ", "")
    return {
        uid: (int(sequence), changed)
        for event in re.findall(r"(?s)BEGIN:VEVENT(.*?)END:VEVENT", text)
        for uid in re.findall(r"UID:(\w+)@", event)
        for sequence in re.findall(r"SEQUENCE:(\d+)", event)
        for changed in re.findall(r"LAST-MODIFIED:(\S+)", event)
    }


def test_a_changed_session_updates_and_one_that_is_gone_goes(tmp_path: Path) -> None:
    source, site = copy(TINY, tmp_path / "source"), tmp_path / "site"
    row = "SES_%s,%s,plc,%s,1,OBJ_TALK,,,ROLE_HEAD,STAGE_SET,teacher,2030-08-20,\n"
    source.append("learning/sessions.csv", row % ("TWO", "Boats", "2030-11-01"))
    first = publish(source, site, TODAY)
    source.append("learning/sessions.csv", row % ("THREE", "Goats", "2030-12-01"))
    source.replace("learning/sessions.csv", "Boats,plc,2030-11-01", "Boats,plc,2030-11-02")
    second = publish(source, site, "2030-10-20")
    before, after = versions(first), versions(second)
    assert after["SES_OPENING"] == before["SES_OPENING"]
    assert after["SES_TWO"][0] > before["SES_TWO"][0]
    # Midnight of 20 October in St. John's, two and a half hours behind UTC in summer.
    assert after["SES_TWO"][1] == after["SES_THREE"][1] == "20301020T023000Z"
    source.replace("learning/sessions.csv", row % ("TWO", "Boats", "2030-11-02"), "")
    source.replace("learning/sessions.csv", "Goats", "Sheep")
    third = versions(publish(source, site, "2030-10-20"))
    assert third.keys() == after.keys() - {"SES_TWO"}
    assert third["SES_THREE"] == (after["SES_THREE"][0] + 1, "20301020T023100Z")
    assert third["SES_OPENING"] == before["SES_OPENING"]


def test_what_the_live_release_keeps_may_be_broken(tmp_path: Path) -> None:
    source, site = copy(TINY, tmp_path / "source"), tmp_path / "site"
    live = publish(source, site, TODAY)
    before = versions(live)
    kept = live / "calendar" / "revisions.json"
    kept.parent.chmod(0o755)
    kept.chmod(0o644)
    kept.write_text("{", encoding="utf-8")
    source.replace("learning/sessions.csv", "on the pier", "on the quay")
    words = ("publish", "--kit", KIT, "--source", source.root, "--site", site)
    said = manual(*words, "--today", "2030-10-20")
    assert said.code == 0, said
    assert "calendar files cannot be read" in said.out + said.err
    after = versions((site / "current").resolve())
    assert all(after[uid][0] > before[uid][0] for uid in before)


# ------------------------------------------------------------------ what writers are told

SESSIONS, LEARNING = "learning/sessions.csv", "learning/index.md"


def with_begins(source: Source, begins: str) -> None:
    text = source.read(SESSIONS).replace(",notes\n", ",notes,begins\n")
    source.write(SESSIONS, text.replace("Bring a hat.\n", f"Bring a hat.,{begins}\n"))


def test_a_time_that_is_no_time_is_said_at_its_row(tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    with_begins(source, "3 pm")
    (found,) = check(source).findings
    assert (found["file"], found["line"]) == (SESSIONS, 2)
    assert "begins" in found["message"] + str(found["column"])
    assert "15:30" in found["message"]
    source.replace(SESSIONS, "3 pm", "23:30")
    assert check(source).findings == []
    source.without_cell(SESSIONS, "SES_OPENING", "hours")
    (found,) = check(source).findings
    assert (found["kind"], found["severity"], found["line"]) == ("session-hours", "warning", 2)


def test_a_time_that_is_no_time_is_said_in_a_page(tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    head = ":::{session} A talk on the pier\n:id: SES_PIER\n:owner: ROLE_HEAD\n:stage: STAGE_SET\n"
    more = ":audiences: teacher\n:reviewed: 2030-08-20\n:serves: OBJ_TALK\n:date: 2030-09-20\n"
    source.append(LEARNING, f"\n{head}{more}:hours: 1\n:begins: 3 pm\n\nTalk.\n:::\n")
    (found,) = check(source).findings
    line = source.line_of_record(LEARNING, "SES_PIER")
    assert (found["kind"], found["file"], found["line"]) == ("session-begins", LEARNING, line)
    assert "15:30" in found["fix"]
    source.replace(LEARNING, "3 pm", "15:00")
    assert check(source).findings == []


def test_a_table_of_assessments_is_read_and_checked(tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    source.append(LEARNING, "\n:::{assessment-calendar}\n:::\n")
    head = "id,title,grade,period,date,informs,analysed_in,owner,stage,audiences,reviewed,notes"
    row = "ASM_%s,A title,%s,%s,%s,KR_EXPLAIN,SES_OPENING,ROLE_HEAD,STAGE_SET,teacher,2030-08-20,"
    file = "learning/assessments.csv"
    source.write(file, f"{head}\n{row % ('TWO', 'Grade 2', '2', '2031-03-01')}\n")
    assert check(source).findings == []
    bad = row % ("TWO", "Grade 2", "two", "2031-13-01")
    source.write(file, f"{head}\n{bad}\n")
    assert {(each["kind"], each["line"], each["column"]) for each in check(source).findings} == {
        ("table-number", 2, "period"),
        ("table-date", 2, "date"),
    }
    source.write(file, f"{head}\n{row % ('TWO', 'Grade 2', '3', '2031-03-01')}\n")
    (found,) = check(source).findings
    assert (found["kind"], found["file"], found["line"]) == ("assessment-place", file, 2)
    source.replace(LEARNING, "\n:::{assessment-calendar}\n:::\n", "")
    assert "plan-not-shown" in {each["kind"] for each in check(source).findings}
