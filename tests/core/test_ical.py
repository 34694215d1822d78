"""Calendar files: an independent parser reads the right moments and the very words.

The parser is vobject; the time zones in the files are read by dateutil, and compared with the
zones of the system hour by hour.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil.tz import tzical
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from living_manual.core.calendar_files import calendar_files, file_of_grade, files_of
from living_manual.core.event_stamps import (
    Kept,
    Stamp,
    digest,
    keep,
    kept_json,
    read_kept,
    stamped,
)
from living_manual.core.events import Event, event_of, plain, years_of
from living_manual.core.model import Manual, Record
from living_manual.edges.ical import CalendarText, calendar_bytes, event_text, zone_text
from tests.build_manual import manual, rec
from tests.strategies import days, texts

SITE = "https://manual.alder-valley.example/"
ZONES = (
    *("America/Toronto", "America/Denver", "Europe/Paris", "America/Phoenix", "Asia/Kolkata"),
    *("Australia/Adelaide", "Europe/Dublin", "America/St_Johns", "Africa/Casablanca"),
)


def address(record: Record) -> str:
    return f"{SITE}{record.page}.html#{record.id}"


def session(**said: Any) -> Record:
    name = said.pop("name", "ONE")
    return rec(f"SES_{name}", **{"date": "2026-10-30", **said})


def written(*records: Record, name: str = "all", zone: str = "America/Toronto") -> bytes:
    """The file of that name."""
    made = manual(*records, time_zone=zone, address=SITE, name="Alder Valley")
    return file_of(made, name)


def file_of(made: Manual, name: str = "all", kept: Kept | None = None) -> bytes:
    dates = calendar_files(made)[name]
    events = [(each, event) for each in dates.records if (event := event_of(made, each, address))]
    stamps = stamped(made, events, kept)
    said = CalendarText(
        plain(dates.file.title),
        plain(dates.about),
        dates.file.address,
        made.settings.time_zone,
        years_of(event for _, event in events),
    )
    return calendar_bytes(said, [event_text(each, stamps[each.uid]) for _, each in events])


def events_in(data: bytes) -> list[Any]:
    # vobject keeps the first rules it reads of a zone for every later file of the process.
    vobject.icalendar.__dict__["__tzidMap"].clear()
    return list(vobject.readOne(data.decode("utf-8")).contents.get("vevent", []))


def moments(event: Any) -> tuple[str, str]:
    """When it begins and ends, in UTC or as days."""
    found = []
    for value in (event.dtstart.value, event.dtend.value):
        if isinstance(value, datetime):
            assert value.tzinfo is not None
            found.append(value.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ"))
        else:
            found.append(value.isoformat())
    return found[0], found[1]


# ------------------------------------------------------------------------------------- times

#: The zone; in autumn and in spring a day before the clocks change and one after it, with the hour
#: in UTC at which a session begins that is called for 15:30.
AROUND = (
    ("America/Toronto", "2026-10-30 19:30", "2026-11-02 20:30"),
    ("America/Toronto", "2027-03-12 20:30", "2027-03-15 19:30"),
    ("America/Denver", "2026-10-30 21:30", "2026-11-02 22:30"),
    ("America/Denver", "2027-03-12 22:30", "2027-03-15 21:30"),
    ("Europe/Paris", "2026-10-23 13:30", "2026-10-26 14:30"),
    ("Europe/Paris", "2027-03-26 14:30", "2027-03-29 13:30"),
    ("America/Phoenix", "2026-10-30 22:30", "2026-11-02 22:30"),
    ("America/Phoenix", "2027-03-12 22:30", "2027-03-15 22:30"),
    ("Asia/Kolkata", "2026-10-30 10:00", "2026-11-02 10:00"),
    ("Asia/Kolkata", "2027-03-12 10:00", "2027-03-15 10:00"),
    ("Australia/Adelaide", "2026-10-02 06:00", "2026-10-05 05:00"),
    ("Australia/Adelaide", "2027-04-02 05:00", "2027-04-05 06:00"),
    ("UTC", "2026-10-30 15:30", "2027-03-29 15:30"),
)


@pytest.mark.parametrize(("zone", "before", "after"), AROUND)
def test_right_moments_on_both_sides_of_a_change_of_clocks(
    zone: str, before: str, after: str
) -> None:
    told = {"BEFORE": before, "AFTER": after}
    data = written(
        *(
            session(name=name, date=said.split()[0], begins="15:30", hours=1.5)
            for name, said in told.items()
        ),
        zone=zone,
    )
    for event in events_in(data):
        begins = datetime.fromisoformat(told[event.uid.value[4:].split("@")[0]] + "+00:00")
        ends = begins + timedelta(hours=1.5)
        assert moments(event) == tuple(m.strftime("%Y-%m-%dT%H:%MZ") for m in (begins, ends))
    if zone != "UTC":
        assert re.findall(rb"DTSTART;TZID=([^:]+):\d{8}T153000\r", data) == [zone.encode()] * 2


@pytest.mark.parametrize("zone", ZONES)
def test_the_zone_in_a_file_is_the_zone_of_the_system(zone: str) -> None:
    read = tzical(io.StringIO(zone_text(zone, 2026, 2027).decode())).get()
    system, moment = ZoneInfo(zone), datetime(2026, 1, 3, tzinfo=UTC)
    while moment.year < 2028:
        local = moment.astimezone(system)
        # What local time names twice or not at all no reader can ask for.
        if not local.fold and local.replace(fold=1).utcoffset() == local.utcoffset():
            there = local.replace(tzinfo=None).replace(tzinfo=read)
            assert there.utcoffset() == local.utcoffset(), moment
        moment += timedelta(minutes=30)


ODD = {
    "no time: the whole day": ({"begins": ""}, "2026-10-30", "2026-10-31"),
    "no time that anybody knows": ({"begins": "3 pm"}, "2026-10-30", "2026-10-31"),
    "no length: an hour": ({"begins": "15:30"}, "2026-10-30T19:30Z", "2026-10-30T20:30Z"),
    "a length of nothing": (
        {"begins": "15:30", "hours": 0},
        "2026-10-30T19:30Z",
        "2026-10-30T20:30Z",
    ),
    "a length that is no number": (
        {"begins": "15:30", "hours": "long"},
        "2026-10-30T19:30Z",
        "2026-10-30T20:30Z",
    ),
    "past midnight": (
        {"begins": "22:00", "hours": 4},
        "2026-10-31T02:00Z",
        "2026-10-31T06:00Z",
    ),
    "in the hour that is left out": (
        {"date": "2027-03-14", "begins": "02:30", "hours": 1},
        "2027-03-14T07:30Z",
        "2027-03-14T08:30Z",
    ),
    "in the hour that comes twice": (
        {"date": "2026-11-01", "begins": "01:30", "hours": 0.25},
        "2026-11-01T05:30Z",
        "2026-11-01T05:45Z",
    ),
    "until the second of the two": (
        {"date": "2026-11-01", "begins": "01:30", "hours": 1},
        "2026-11-01T05:30Z",
        "2026-11-01T06:30Z",
    ),
    "over the change in autumn": (
        {"date": "2026-11-01", "begins": "00:30", "hours": 3},
        "2026-11-01T04:30Z",
        "2026-11-01T07:30Z",
    ),
    "over the change in spring": (
        {"date": "2027-03-14", "begins": "01:00", "hours": 3},
        "2027-03-14T06:00Z",
        "2027-03-14T09:00Z",
    ),
}


@pytest.mark.parametrize(("said", "begins", "ends"), ODD.values(), ids=ODD)
def test_what_is_odd_has_a_rule(said: dict[str, Any], begins: str, ends: str) -> None:
    (event,) = events_in(written(session(**said)))
    assert moments(event) == (begins, ends)
    assert event.transp.value == ("OPAQUE" if "T" in begins else "TRANSPARENT")


@given(days, st.times(), st.floats(0.25, 24), st.sampled_from(ZONES))
@hypothesis_settings(max_examples=50)
def test_a_session_lasts_as_long_as_it_says(day: date, time: Any, hours: float, zone: str) -> None:
    hours = round(hours * 4) / 4
    said = session(date=day.isoformat(), begins=time.strftime("%H:%M"), hours=hours)
    (event,) = events_in(written(said, zone=zone))
    begins, ends = (value.value.astimezone(UTC) for value in (event.dtstart, event.dtend))
    assert ends - begins == timedelta(hours=hours)


@pytest.mark.parametrize("day", ["1066-10-14", "9999-12-31", "0001-01-01"])
def test_a_day_that_no_calendar_program_knows_is_left_out(day: str) -> None:
    data = written(session(date=day, begins="15:30"), session(name="TWO"))
    assert [event.uid.value for event in events_in(data)] == ["SES_TWO@manual.alder-valley.example"]


ASSESSMENTS = {
    "a day": ({"date": "2026-10-14"}, ("2026-10-14", "2026-10-15")),
    "several days": (
        {"date": "2026-10-14", "ends": "2026-10-16"},
        ("2026-10-14", "2026-10-17"),
    ),
    "an end before its start": (
        {"date": "2026-10-14", "ends": "2026-10-01"},
        ("2026-10-14", "2026-10-15"),
    ),
    "an end beyond all calendars": (
        {"date": "2026-10-14", "ends": "9999-12-31"},
        ("2026-10-14", "2026-10-15"),
    ),
}


@pytest.mark.parametrize(("said", "expected"), ASSESSMENTS.values(), ids=ASSESSMENTS)
def test_assessments_take_whole_days(said: dict[str, Any], expected: tuple[str, str]) -> None:
    (event,) = events_in(written(rec("ASM_ONE", **said)))
    assert moments(event) == expected
    assert event.categories.value == ["Assessment"]


# ------------------------------------------------------------------------------------- words


def tidy(text: str) -> str:
    """What a calendar file can hold of a text: RFC 5545 knows no control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (sign for sign in lines if sign in "\t\n" or (sign >= " " and sign != "\x7f"))
    return "".join(kept).strip()


sharp = st.text(st.sampled_from("ab ,;:\\\"'\n\r\tnN=^\u2028\x85é👩🏽‍🏫️ש\0\x1c"))


@given(title=texts | sharp, notes=texts | sharp, place=sharp)
@hypothesis_settings(max_examples=150)
def test_any_text_survives(title: str, notes: str, place: str) -> None:
    data = written(session(title=title, notes=notes, place=place))
    (event,) = events_in(data)
    assert event.contents["summary"][0].value == tidy(title)
    said = event.description.value.removesuffix(address(session())).strip()
    assert said == tidy(notes)
    assert [each.value for each in event.contents.get("location", [])] == [
        part for part in [tidy(place)] if part
    ]
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        assert b"\r" not in line
    assert data.decode("utf-8").replace("\r\n ", "").endswith("END:VCALENDAR\r\n")


@given(texts | sharp)
@hypothesis_settings(max_examples=50)
def test_any_name_of_a_calendar_survives(title: str) -> None:
    role = rec("ROLE_LEAD", title=title)
    data = written(role, session(owner="ROLE_LEAD"), name="role-lead")
    read = vobject.readOne(data.decode("utf-8"))
    for name in ("name", "x-wr-calname"):
        assert read.contents[name][0].value == tidy(title)


def test_what_an_event_says() -> None:
    data = written(
        rec("SCH_OAK", title="Oak High School"),
        rec("OBJ_TALK", title="Students talk"),
        rec("PRO_LOOK", title="Looking at work"),
        rec("ROLE_LEAD", title="Team lead"),
        session(
            title="PLC, first of four",
            kind="plc",
            begins="15:15",
            hours=1.5,
            serves="OBJ_TALK",
            runs="PRO_LOOK",
            led_by="ROLE_LEAD",
            at="SCH_OAK",
            notes="Bring three pieces of work; no names.",
            reviewed="2026-10-22",
        ),
    )
    (event,) = events_in(data)
    said = {name: [each.value for each in values] for name, values in event.contents.items()}
    assert said["uid"] == ["SES_ONE@manual.alder-valley.example"]
    assert said["summary"] == ["PLC, first of four"]
    assert said["location"] == ["Oak High School"]
    assert said["categories"] == [["PLC"]]
    assert said["url"] == [f"{SITE}pages/ses_one.html#SES_ONE"]
    assert said["description"][0].splitlines() == [
        "Serves: Students talk",
        "Protocol: Looking at work",
        "Led by: Team lead",
        "Bring three pieces of work; no names.",
        f"{SITE}pages/ses_one.html#SES_ONE",
    ]
    assert said["last-modified"] == said["dtstamp"] == [datetime(2026, 10, 22, 4, tzinfo=UTC)]
    for name in (b"METHOD", b"ORGANIZER", b"ATTENDEE", b"mailto"):
        assert name not in data
    for line in (
        b"VERSION:2.0",
        b"REFRESH-INTERVAL;VALUE=DURATION:P1D",
        b"X-PUBLISHED-TTL:P1D",
        b"X-WR-TIMEZONE:America/Toronto",
    ):
        assert line in data.split(b"\r\n")


def test_a_place_of_its_own_goes_before_the_school() -> None:
    oak = rec("SCH_OAK", title="Oak High School")
    (event,) = events_in(written(oak, session(at="SCH_OAK", place="The library")))
    assert event.location.value == "The library"


def test_without_an_address_nothing_points_anywhere() -> None:
    made = manual(session(), name="Tern Rock Schools")
    (event,) = (event_of(made, each, lambda _: "") for each in made.of_type("session"))
    assert event is not None
    assert (event.uid, event.url) == ("SES_ONE@tern-rock-schools", "")
    file = calendar_files(made)["all"].file
    assert (file.address, file.subscribe, file.href) == ("", "", "calendar/all.ics")
    assert b"URL" not in written(session()).replace(b"\r\n ", b"").split(b"SOURCE")[0]


# ------------------------------------------------------------------------------ what changes


def test_a_file_is_the_same_each_time_and_in_any_order() -> None:
    records = [session(name=f"S{n}", date=f"2026-11-{n:02}") for n in range(1, 9)]
    assert written(*records) == written(*reversed(records))


def test_a_new_session_leaves_the_others_as_they_were() -> None:
    def blocks(data: bytes) -> set[bytes]:
        return set(re.findall(rb"(?s)BEGIN:VEVENT.*?END:VEVENT", data))

    before = blocks(written(session(begins="09:00"), session(name="TWO", date="2027-02-01")))
    after = blocks(
        written(
            session(begins="09:00"),
            session(name="TWO", date="2027-02-01"),
            session(name="NEW", date="2027-01-05", begins="10:00"),
        )
    )
    assert before < after
    assert len(after) == 3


def stamps_of(made: Manual, kept: Kept | None) -> tuple[dict[str, Stamp], Kept]:
    events = [
        (each, event) for each in made.of_type("session") if (event := plain_event(made, each))
    ]
    found = dict(stamped(made, events, kept))
    return found, keep([event for _, event in events], found, kept)


def plain_event(made: Manual, record: Record) -> Event | None:
    return event_of(made, record, address)


#: A history: in each step the day moves on by so many days, and these sessions are there, each with
#: the title that stands for its version.
histories = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.dictionaries(st.sampled_from("ABC"), st.sampled_from(["Old", "New"]), min_size=1),
    ),
    min_size=2,
    max_size=8,
)


@given(histories)
@hypothesis_settings(max_examples=80)
def test_a_version_rises_with_a_change_and_with_nothing_else(
    history: list[tuple[int, dict[str, str]]],
) -> None:
    kept: Kept | None = None
    today = date(2026, 11, 1)
    last: dict[str, tuple[str, Stamp]] = {}
    shown: dict[str, str] = {}
    for more, titles in history:
        today += timedelta(days=more)
        records = (session(name=name, title=title) for name, title in titles.items())
        made = manual(*records, today=today, address=SITE)
        found, kept = stamps_of(made, kept)
        assert read_kept(kept_json(kept)) == kept
        for name, title in titles.items():
            stamp = found[f"SES_{name}@manual.alder-valley.example"]
            if name in last:
                was, before = last[name]
                if was == title and name in shown:
                    assert stamp == before
                else:
                    assert stamp.sequence > before.sequence
                    assert stamp.changed > before.changed
            last[name] = (title, stamp)
        shown = titles


def test_when_all_is_lost_versions_still_rise() -> None:
    """A record of the last release that cannot be read says nothing: all counts as changed now."""
    first, _ = stamps_of(manual(session(reviewed="2026-10-01"), address=SITE), None)
    again, _ = stamps_of(manual(session(reviewed="2026-10-01"), address=SITE), Kept())
    (one,), (other,) = first.values(), again.values()
    assert other.sequence > one.sequence


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2}', '{"version": 1}', "\0"])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not what a release keeps"):
        read_kept(text)


def test_the_first_version_is_of_the_day_it_was_confirmed_and_never_of_a_day_to_come() -> None:
    made = manual(session(reviewed="2030-01-01"), address=SITE, today=date(2026, 11, 21))
    (stamp,) = stamps_of(made, None)[0].values()
    assert stamp.changed == datetime(2026, 11, 21, tzinfo=UTC)


def test_every_word_of_an_event_counts_as_a_change() -> None:
    def of(**said: Any) -> str:
        event = plain_event(manual(session(**said), address=SITE), session(**said))
        assert event is not None
        return digest(event)

    changed = [{"title": "T"}, {"begins": "15:00"}, {"notes": "N"}, {"place": "P"}, {"kind": "plc"}]
    assert len({of(), *(of(**each) for each in changed)}) == 6


# ------------------------------------------------------------------------ which file holds what

DISTRICT = (
    rec("ROLE_HEAD", title="Head", audiences="principal"),
    rec("ROLE_LEAD", title="Lead", audiences="teacher"),
    rec("ROLE_SPARE", title="Spare"),
    rec("SCH_OAK", title="Oak High", short="Oak"),
    rec("SCH_ELM", title="Elm"),
    rec("SES_ALL", date="2026-10-01", audiences="teacher, principal"),
    rec("SES_TEACHERS", date="2026-10-02", audiences="teacher", owner="ROLE_HEAD"),
    rec("SES_OAK", date="2026-10-03", at="SCH_OAK", led_by="ROLE_LEAD", audiences="teacher"),
    rec("SES_ELM", date="2026-10-04", at="SCH_ELM", audiences="teacher"),
    rec("SES_UNDATED", audiences="teacher"),
    rec("ASM_3", date="2026-09-30", grade="Grade 3", period="1", analysed_in="SES_OAK"),
    rec("ASM_4", date="2026-09-29", grade="grade  4", period="1", owner="ROLE_LEAD"),
)
HOLDS = {
    "all": "ASM_4 ASM_3 SES_ALL SES_TEACHERS SES_OAK SES_ELM",
    "sch-oak": "SES_ALL SES_TEACHERS SES_OAK",
    "sch-elm": "SES_ALL SES_TEACHERS SES_ELM",
    "role-head": "SES_ALL SES_TEACHERS",
    "role-lead": "ASM_4 SES_ALL SES_TEACHERS SES_OAK",
    "sch-oak-role-lead": "SES_OAK",
    "assessments-grade-3": "ASM_3 SES_OAK",
    "assessments-grade-4": "ASM_4",
}


def test_each_file_holds_what_its_rule_says() -> None:
    found = calendar_files(manual(*DISTRICT, address=SITE))
    said = {name: " ".join(each.id for each in dates.records) for name, dates in found.items()}
    assert said == HOLDS


def test_what_is_offered_where() -> None:
    made = manual(*DISTRICT, address=SITE)

    def names(files: Iterable[Any]) -> list[str]:
        return [file.name for file in files]

    assert names(files_of(made, made.records["SCH_OAK"])) == ["sch-oak", "sch-oak-role-lead"]
    assert names(files_of(made, made.records["ROLE_LEAD"])) == ["role-lead"]
    assert files_of(made, made.records["ROLE_SPARE"]) == ()
    assert files_of(made, made.records["SES_ALL"]) == ()
    grade = file_of_grade(made, "Grade 4")
    assert grade is not None
    assert grade.address == f"{SITE}calendar/assessments-grade-4.ics"
    assert (
        grade.subscribe == "webcal://manual.alder-valley.example/calendar/assessments-grade-4.ics"
    )
