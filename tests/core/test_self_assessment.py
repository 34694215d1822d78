"""Questions of a self-assessment: read, or told what to mend, with its line."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.finding import Finding
from living_manual.core.model import Ref
from living_manual.core.self_assessment import SelfAssessment, self_assessment_table
from living_manual.core.self_assessment_reading import read_questions
from tests.data.self_assessment import QUESTIONS, SAMPLE_QUESTIONS, SCHEMAS, asked
from tests.sites import KIT

SCHEMA = json.loads((SCHEMAS / "self-assessment-questions.schema.json").read_text("utf-8"))
KNOWN = {
    "SUB_TABLE": Ref("SUB_TABLE", "subsystem", "The table", "vision/index"),
    "PRO_BOAT_TALK": Ref("PRO_BOAT_TALK", "protocol", "Boat talk", "protocols/index"),
    "schools/pier/index": Ref("", "page", "Pier School", "schools/pier/index"),
}
SAMPLE = SAMPLE_QUESTIONS.read_text("utf-8")


def read(text: str) -> tuple[SelfAssessment | None, tuple[Finding, ...]]:
    return read_questions(text, "q.toml", SCHEMA, KNOWN.get)


def tiny(text: str = QUESTIONS) -> SelfAssessment:
    found, faults = read(text)
    assert faults == ()
    assert found
    return found


def test_the_questions_as_they_are_written() -> None:
    found = tiny()
    assert [(step.name, step.means) for step in found.scale] == [
        ("Never", "I have not seen it."),
        ("At times", "I saw it once."),
        ("Always", "I see it each week."),
    ]
    (part,) = found.parts
    assert part.subsystem.title == "The table"
    assert [(each.id, each.statements, each.link.title) for each in part.elements] == [
        ("boat", ("Two students talk on the boat.", "The pilot hears them."), "Boat talk"),
        ("goat", ("The goat stands by.",), "Pier School"),
    ]
    assert (found.statements, found.minutes, found.most) == (3, 1, 2)
    rows = self_assessment_table(found).csv().splitlines()
    assert len(rows) == 4
    assert rows[3].endswith("The goat stands by.,Visit the goat.,schools/pier/index")


def test_a_page_may_be_named_with_its_ending() -> None:
    assert tiny(QUESTIONS.replace("pier/index", "pier/index.md")) == tiny()


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("Two students", "Three students", False),
        ('"goat"', '"ram"', False),
        ("At times", "Once", False),
        ("Take the boat.", "Row the boat.", True),
        ("The goat listens", "A goat listens", True),
    ],
    ids=["statement", "id", "step", "next step", "title"],
)
def test_the_wording_stands_for_what_is_asked(old: str, new: str, same: bool) -> None:
    assert (tiny(QUESTIONS.replace(old, new)).wording == tiny().wording) is same
    assert len(tiny().wording) == 8


def test_the_sample_takes_12_minutes() -> None:
    found, faults = read_questions(SAMPLE, "q", SCHEMA, lambda name: Ref(name, "", name, ""))
    assert faults == ()
    assert found
    plain = asked()
    assert found.statements == sum(len(each[2]) for _, part in plain for each in part)
    assert 24 <= found.statements <= 30
    assert found.minutes == 12
    assert [part.subsystem.id for part in found.parts] == [name for name, _ in plain]
    assert len(plain) == 6


def test_the_example_of_the_documentation_works() -> None:
    text = (KIT / "docs" / "self-assessment.md").read_text("utf-8")
    (example,) = re.findall(r"(?ms)^```toml\n(.*?)^```$", text)
    found, faults = read_questions(example, "q", SCHEMA, lambda name: Ref(name, "", name, ""))
    assert faults == ()
    assert found


def test_schemas_are_schemas() -> None:
    for path in SCHEMAS.glob("self-assessment-*.json"):
        assert jsonschema_rs.meta.is_valid(json.loads(path.read_text("utf-8"))), path.name


class Wrong(NamedTuple):
    """Words replaced in the questions, and the finding: its kind, words of its line, of it."""

    old: str
    new: str
    kind: str
    at: str
    says: str


VALUE, LINK = "self-assessment-value", "link-missing-target"
WRONG = {
    "a quote left out": Wrong(
        'title = "The goat listens"',
        "title = The goat listens",
        "self-assessment-unreadable",
        "title = The goat",
        "cannot be read",
    ),
    "a line left out": Wrong(
        'next = "Visit the goat."\n', "", VALUE, 'id = "goat"', "element 2 lacks 'next'"
    ),
    "a slip in a key": Wrong(
        'next = "Visit', 'nxet = "Visit', VALUE, "nxet", "Did you mean 'next'?"
    ),
    "a key of their own": Wrong(
        'id = "goat"', 'id = "goat"\nweight = 2', VALUE, "weight", "unknown key 'weight'"
    ),
    "a number for text": Wrong(
        '"Take the boat."', "7", VALUE, "next = 7", "'next' should be text between quotes"
    ),
    "text for a list": Wrong(
        '["The goat stands by."]',
        '"The goat stands by."',
        VALUE,
        'statements = "The goat',
        "'statements' should be a list",
    ),
    "no statement": Wrong(
        '["The goat stands by."]', "[]", VALUE, "statements = []", "Write 1 to 2"
    ),
    "an empty statement": Wrong(
        '"The goat stands by."', '" "', VALUE, 'statements = [" "]', "statement 1 is empty"
    ),
    "an id with capitals": Wrong('"goat"', '"Goat"', VALUE, '"Goat"', "small letters"),
    "the same id": Wrong('"goat"', '"boat"', VALUE, "The goat listens", "'boat' is in the file"),
    "the same step": Wrong('"Always"', '"Never"', VALUE, "each week", "Two steps of the scale"),
    "a long title": Wrong(
        "The goat listens", "The goat listens " * 6, VALUE, "listens The", "longer than 80"
    ),
    "no subsystem": Wrong('"SUB_TABLE"', '"PRO_BOAT_TALK"', VALUE, "subsystem", "SUB_PLC"),
    "a subsystem that is not there": Wrong(
        "SUB_TABLE", "SUB_TABEL", LINK, "SUB_TABEL", "no record"
    ),
    "a record that is not there": Wrong("PRO_BOAT_TALK", "PRO_BOAT", LINK, "PRO_BOAT", "no record"),
    "a page that is not there": Wrong(
        "schools/pier", "schools/quay", "page-reference", "quay", "no page"
    ),
    "no scale": Wrong(
        QUESTIONS[: QUESTIONS.index("[[part]]")], "", VALUE, "[[part]]", "The file lacks 'scale'"
    ),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=[name.replace(" ", "_") for name in WRONG])
def test_one_finding_at_its_line(wrong: Wrong) -> None:
    assert QUESTIONS.count(wrong.old) == 1
    text = QUESTIONS.replace(wrong.old, wrong.new)
    found, faults = read(text)
    assert found is None
    (fault,) = faults
    line = next(n for n, each in enumerate(text.splitlines(), 1) if wrong.at in each)
    near = {line, line - 1} if wrong.kind == VALUE else {line}  # an entry begins at its head
    assert (fault.kind, fault.file) == (wrong.kind, "q.toml")
    assert fault.line in near, fault
    assert wrong.says in f"{fault.message} {fault.fix}"
    assert fault.fix.strip(". ")


def test_each_fault_is_told() -> None:
    text = QUESTIONS.replace('"goat"', '"Goat"').replace('"Take the boat."', "7")
    assert len(read(text)[1]) == 2


ODD = st.sampled_from(
    [
        "",
        '"',
        "[",
        "]",
        "{",
        "= ",
        "\n",
        "[[part]]\n",
        "2026-11-20",
        "nan",
        "9" * 40,
        "é",
        "\0",
        "true",
    ]
)


@given(st.integers(0, len(QUESTIONS)), st.integers(0, 60), ODD | st.text(max_size=8))
def test_whatever_is_written_is_read_or_told(start: int, length: int, put: str) -> None:
    text = QUESTIONS[:start] + put + QUESTIONS[start + length :]
    found, faults = read(text)
    assert (found is None) == bool(faults)
    for fault in faults:
        assert fault.message
        assert fault.fix
        assert 1 <= (fault.line or 0) <= text.count("\n") + 1


@pytest.mark.parametrize(
    "text",
    ["", "x = " + "[" * 2000, "scale = 3\npart = 4", "[scale]\n[part]", "scale = [[[]]]\npart=[1]"],
    ids=["empty", "deep", "numbers", "tables", "lists"],
)
def test_odd_files_are_told(text: str) -> None:
    found, faults = read(text)
    assert found is None
    assert faults
