"""The manual says what its sources say: standards word for word, figures, timings, the shape.

What a district replaces with its own (dates, roles, schools) is only held together here: a page
that repeats a date must have the one that the table has.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise

import pytest

from living_manual.core.words import parse_day, say_day
from tests.sites import SAMPLE

SMP = (
    "Make sense of problems and persevere in solving them",
    "Reason abstractly and quantitatively",
    "Construct viable arguments and critique the reasoning of others",
    "Model with mathematics",
    "Use appropriate tools strategically",
    "Attend to precision",
    "Look for and make use of structure",
    "Look for and express regularity in repeated reasoning",
)
ONTARIO = (
    "Problem solving",
    "Reasoning and proving",
    "Reflecting",
    "Connecting",
    "Communicating",
    "Representing",
    "Selecting tools and strategies",
)
HOURS = {"opening": 5, "midyear": 2.5, "meetings": 12.77}
SHARES = {
    "Logistics": 35,
    "Pacing": 8,
    "Surface strategies": 24,
    "Unfocused talk": 8,
    "Planning tied to lessons": 24,
}
KEEP = "*When you make this manual yours:"


def read(file: str) -> str:
    return (SAMPLE / file).read_text("utf-8")


def flat(text: str) -> str:
    """Text on one line, so that a sentence is found however its lines are cut."""
    return " ".join(text.split())


def section(file: str, heading: str) -> str:
    """What stands under a heading, down to the next one of its level."""
    found = re.search(rf"(?ms)^(#+) {re.escape(heading)}\n(.*?)(?=^#{{1,2}} |\Z)", read(file))
    assert found, f"{heading!r} is no heading of {file}"
    return flat(found[2])


def table(file: str, heading: str) -> list[list[str]]:
    """The rows of the table under a heading, its head left out, emphasis taken off."""
    found = re.search(rf"(?ms)^#+ {re.escape(heading)}\n(.*?)(?=^#{{1,3}} |\Z)", read(file))
    assert found, f"{heading!r} is no heading of {file}"
    rows = [line for line in found[1].splitlines() if line.startswith("|")]
    return [[cell.strip(" *") for cell in row.strip("|").split("|")] for row in rows[2:]]


def record(file: str, record_id: str) -> str:
    found = re.search(rf"(?ms)^:::\{{\w+\}}[^\n]*\n:id: {record_id}\n.*?^:::$", read(file))
    assert found, f"{record_id} is not in {file}"
    return flat(found[0])


def sessions() -> dict[str, dict[str, str]]:
    with (SAMPLE / "learning" / "sessions.csv").open(encoding="utf-8", newline="") as lines:
        return {row["id"]: row for row in csv.DictReader(lines)}


def steps(file: str) -> list[tuple[str, int]]:
    """(title, minutes) of a protocol's steps."""
    found = re.findall(r"(?m)^:::\{step\} (.+)\n(?::\w+:.*\n)*?:minutes: (\d+)", read(file))
    return [(title, int(minutes)) for title, minutes in found]


# ---------------------------------------------------------------- standards


@pytest.mark.parametrize(
    ("kind", "wording"), [("smp", SMP), ("ontario", ONTARIO)], ids=["practices", "Ontario"]
)
def test_standards_are_quoted_word_for_word(kind: str, wording: tuple[str, ...]) -> None:
    blocks = re.findall(
        r"(?m)^:::\{standard\} (.+)\n:id: (\w+)\n:kind: (\w+)", read("vision/standards.md")
    )
    assert tuple(title for title, _, of in blocks if of == kind) == wording
    if kind == "smp":
        ids = [name for _, name, of in blocks if of == "smp"]
        assert ids == [f"STD_SMP_{number}" for number in range(1, 9)]


# ------------------------------------------------------------------ figures


def ledger(name: str) -> list[dict[str, str]]:
    with (SAMPLE / "learning" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_hours_of_a_year_add_up_as_in_the_source() -> None:
    parts = [float(row["hours"]) for row in ledger("reported-hours.csv")]
    assert parts == list(HOURS.values())
    assert round(sum(parts), 2) == 20.27
    why = section("learning/index.md", "Why the hours matter")
    assert "a report from 2021 on 71 schools" in why
    assert "[source S3]" in why
    marks = {row["name"]: (row["hours"], row["up_to"]) for row in ledger("benchmarks.csv")}
    assert marks == {
        "Darling-Hammond et al., 2009": ("30", "100"),
        "Learning Policy Institute": ("49", ""),
    }
    assert all("S3" in row["source"] for row in ledger("benchmarks.csv"))
    assert "6 to 12 months" in ledger("benchmarks.csv")[0]["note"]


def test_the_shares_add_up_to_99_as_in_the_source() -> None:
    told = {row["use"]: int(row["percent"]) for row in ledger("reported-use.csv")}
    assert list(told.values()) == list(SHARES.values())
    assert told["lessons"] == 24
    assert sum(told.values()) == 99
    assert all("71 schools, source S3" in row["note"] for row in ledger("reported-use.csv"))


FIGURES = {
    r"20\.27|12\.77": "S3",
    r"4\.86|\b4\.9 (?:meaningful )?hours": "S3",
    r"30 to 100|\b49 hours": "S3",
    r"\b71 schools": "S3",
    r"(?i)logistics\b[^.]{0,60}\b35%|\b35%[^.]{0,60}\blogistics": "S3",
    r"(?i)planning tied to lessons\b[^.]{0,60}\b24%|\b24%[^.]{0,60}planning tied to lessons": "S3",
    r"\b90% of (?:their )?students": "S2",
    r"five evening meetings": "S4",
}


def sections() -> Iterator[tuple[str, str, str]]:
    """(file, heading, text) of every part of every page; a record is a part of its own."""
    for path in sorted({*SAMPLE.rglob("*.md")} - {SAMPLE / "vision" / "sources.md"}):
        file = path.relative_to(SAMPLE).as_posix()
        for part in re.split(r"(?m)^(?=#{1,3} |:::\{(?!step))", path.read_text("utf-8")):
            yield file, part.split("\n")[0], flat(part)


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_stands_with_its_source(figure: str) -> None:
    source = FIGURES[figure]
    found = [(file, head, text) for file, head, text in sections() if re.search(figure, text)]
    without = [
        (file, head) for file, head, text in found if not re.search(rf"[sS]ource {source}\b", text)
    ]
    assert found, f"nothing in the manual says {figure}"
    assert without == []


@pytest.mark.parametrize("file", ["vision/cases/two-teachers.md", "vision/decisions.md"])
def test_the_case_of_two_teachers_is_told_as_it_was(file: str) -> None:
    text = flat(read(file)).replace("*", "")
    for words in (
        "90% of their students met or exceeded the benchmark",
        "omework completion rose",
        "iscipline referrals fell",
        "ushed back",
        "source S2",
    ):
        assert words in text


# ---------------------------------------------------------------- protocols


def test_tuning_has_its_parts_in_three_lengths() -> None:
    file = "protocols/plc/tuning.md"
    parts = "Introduction,Presentation,Clarifying questions,Examination,Pause,Warm and cool feedback,Reflection,Debrief"  # noqa: E501
    rows = table(file, "If you have less time")
    assert [title for title, _ in steps(file)] == [row[0] for row in rows] == parts.split(",")
    assert [minutes for _, minutes in steps(file)] == [int(row[1]) for row in rows]
    assert [sum(int(row[n]) for row in rows) for n in (1, 2, 3)] == [60, 40, 30]


def test_consultancy_takes_about_50_minutes_with_its_parts() -> None:
    told = steps("protocols/plc/consultancy.md")
    minutes = [each for _, each in told]
    assert [title.split()[0] for title, _ in told] == [
        "Overview",
        "Clarifying",
        "Probing",
        "Group",
        "The",
        "Debrief",
    ]
    assert 5 <= minutes[0] <= 10
    assert minutes[1:4] == [5, 10, 15]
    assert sum(minutes) == 50


@pytest.mark.parametrize(
    ("file", "order"),
    [
        ("plc/looking-at-student-work", "Describe,Interpret,implications,presenter speaks,Reflect"),
        ("rounds/rounds-debrief", "Describe,Analyse,Predict,Next level of work"),
        ("coaching/coaching-cycle", "Identify,Learn,Improve"),
    ],
    ids=["student work", "rounds", "coaching cycle"],
)
def test_the_parts_of_a_protocol_keep_their_order(file: str, order: str) -> None:
    titles = "\n".join(title for title, _ in steps(f"protocols/{file}.md"))
    places = [titles.index(part) for part in order.split(",")]
    assert places == sorted(places)


def test_number_talks_and_five_practices() -> None:
    assert "a class conversation of 10 to 15 minutes" in flat(read("glossary/number-talk.md"))
    five = "anticipate, monitor, select, sequence and connect"
    assert five in flat(read("glossary/five-practices.md"))
    fluency = "reason flexibly, efficiently and accurately"
    assert fluency in flat(read("glossary/fluency.md"))


# -------------------------------------------------------------------- frame

ELEMENTS = {
    "SUB_VISION_LEADERSHIP": "anchors decisions;long term;connect to the vision;"
    "coherence, not pressure",
    "SUB_COACHING": "bridge;lead PLCs;support principals;goals into moves",
    "SUB_SCHOOL_LEADERSHIP": "Leaders learn;observe together with coaches;"
    "debrief with shared lenses;about mathematics;stays on the priorities;"
    "Evaluation does not compete",
    "SUB_PLC": "protected;facilitates;student work;rehearse lessons;representations;content;"
    "next unit, not to logistics",
    "SUB_PULL_OUT": "practices that they are to use;depth;link to the classroom",
    "SUB_MATERIALS": "tied to the core lesson;classroom teacher leads it where possible;"
    "Strategies are consistent;Representations are consistent",
}
"""The elements of each subsystem (source S3), as our pages say them."""


@pytest.mark.parametrize("subsystem", ELEMENTS)
def test_each_element_of_a_subsystem_is_there_to_be_seen(subsystem: str) -> None:
    text = record("vision/subsystems.md", subsystem)
    elements = re.findall(
        r"- \*\*(.+?)\*\* (You would .+?) \*Carried by\* (.+?)(?= - \*\*| :::)", text
    )
    wanted = ELEMENTS[subsystem].split(";")
    assert len(elements) == len(wanted)
    for (name, seen, carried), part in zip(elements, wanted, strict=True):
        assert part in name
        assert len(seen.split()) > 5
        assert re.search(r"\{need\}|\]\(", carried), name


PLACES = {
    "Ontario": "Capacity Building Series",
    "Jefferson County, Colorado": "Annotated exemplars",
    "Katy ISD, Texas": "Protocols for analysing student work",
    "Chicago": "Instructional rounds",
    "New Visions, New York": "Curriculum and assessment tools",
    "Huron-Perth Catholic DSB, Ontario": "Shared coaching tools",
}


def test_each_place_says_what_it_wrote_down_and_what_we_do_with_it() -> None:
    page = read("vision/cases/places.md")
    assert "source S1" in page
    for place, form in PLACES.items():
        heading = re.search(rf"(?m)^## ({re.escape(place)}: .+)$", page)
        assert heading, place
        text = section("vision/cases/places.md", heading[1])
        assert form in text
        for part in ("**What was written down.**", "**In which form.**", "**What we do with it.**"):
            assert part in text
        assert re.search(r"\{need\}|\]\(", text.split("**What we do with it.**")[1])


def test_the_case_tells_students_before_teachers() -> None:
    headings = re.findall(r"(?m)^## (.+)$", read("vision/cases/two-teachers.md"))
    assert headings.index("What changed for students") == 0
    assert headings.index("What students met") < headings.index("What the two teachers did")
    assert headings.index("What colleagues said") < headings.index("The turn")


def test_the_plan_page_has_the_six_parts_and_the_three_imperatives() -> None:
    parts = [
        row[0] for row in table("vision/plan-and-practice.md", "What an entry in the plan holds")
    ]
    assert parts == [
        "Goal",
        "Expected outcome",
        "Timeline",
        "Funding",
        "Responsible role",
        "Evidence",
    ]
    three = section("vision/plan-and-practice.md", "Three imperatives")
    assert re.findall(r"- \*\*(.+?)\.\*\*", three) == [
        "Learning inside the job",
        "Structures and time to work together",
        "Coaching",
    ]


def test_days_by_which_schools_act_are_those_of_the_settings() -> None:
    due = tomllib.loads(read("district.toml"))["actions_due"]
    rows = table("vision/plan-and-practice.md", "The danger of waiting")
    told = {re.search(r"<(\w+)>", row[0])[1]: row[1] for row in rows}  # type: ignore[index]
    assert told == {one["objective"]: say_day(one["by"]) for one in due}


def test_five_evenings_each_ended_in_a_decision() -> None:
    rows = table("vision/meetings.md", "What the five evenings decided")
    assert len(rows) == 5
    for number, (evening, question, decision) in enumerate(rows, 1):
        session = sessions()[f"SES_LEADERSHIP_TEAM_{number}"]
        day, named = re.search(r"`(.+?) <(\w+)>`", evening).groups()  # type: ignore[union-attr]
        (decided,) = re.findall(r"<(DEC_\w+)>", decision)
        card = record("vision/decisions.md", decided)
        assert named == session["id"]
        assert question.endswith("?")
        assert day == say_day(parse_day(session["date"]))  # type: ignore[arg-type]
        assert f":date: {session['date']}" in card
        assert ":body: Mathematics leadership team" in card
        for part in ("**What.**", "**Why.**", "**What changes.**"):
            assert part in card


def test_three_district_days_are_spread_over_the_year() -> None:
    rows = table("learning/index.md", "The three district days")
    days = []
    for number, (when, about, back) in enumerate(rows, 1):
        session = sessions()[f"SES_DISTRICT_DAY_{number}"]
        day = parse_day(session["date"])
        assert day
        assert f"{say_day(day)} <{session['id']}>" in when
        assert session["title"] == f"District day {number}: {about}"
        assert back
        assert "PRO_CLASSROOM_LINK" in session["runs"]
        days.append(day)
    assert len(days) == 3
    assert min((later - day).days for day, later in pairwise(days)) > 60


def test_the_district_has_the_shape_of_the_source() -> None:
    levels = [
        re.search(r"(?m)^:level: (\w+)$", path.read_text("utf-8"))[1]  # type: ignore[index]
        for path in sorted(SAMPLE.glob("schools/*/index.md"))
    ]
    counts = [levels.count(level) for level in ("elementary", "middle", "high")]
    assert counts == [8, 2, 1]
    assert len(list(SAMPLE.glob("vision/objectives/*.md"))) == 5


def test_each_page_of_the_frame_says_what_to_keep() -> None:
    pages = [*SAMPLE.glob("vision/*.md"), *SAMPLE.glob("vision/cases/*.md")]
    pages += SAMPLE.glob("learning/*.md")
    silent = [p.name for p in pages if p.name != "flywheel.md" and KEEP not in p.read_text("utf-8")]
    assert silent == []
