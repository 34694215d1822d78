"""What Sphinx, MyST and sphinx-needs warn of, told as findings in plain words."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.finding import KINDS, Finding
from living_manual.core.warnings import CASES, Case, place, translated
from tests.strategies import sharp_texts, texts

LOGGED: list[dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "warnings.toml").read_text(encoding="utf-8")
)["case"]


def told(case: dict[str, str], text: str | None = None) -> Finding:
    type_name, _, subtype = case["type"].partition(".")
    return translated(type_name, subtype, text or case["text"], "plc/visit.md", 12)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in LOGGED])
def test_a_warning_is_told_in_plain_words(case: dict[str, str]) -> None:
    found = told(case)
    assert (found.kind, found.place) == (case["kind"], "plc/visit.md:12")
    if "message" in case or case["kind"] == "markup":
        assert found.message == case.get("message", case["text"])
    assert found.message.strip()
    assert found.fix.endswith(".")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.message)
def test_every_case_is_reached_by_a_real_warning(case: Case) -> None:
    # The message is the case's own, so a case that an earlier one hides is found here.
    wording = re.sub(r"\\\{\w+\\\}", ".*", re.escape(case.message))
    reached = [
        logged["name"]
        for logged in LOGGED
        if re.fullmatch(wording, told(logged).message)
        and re.search(case.pattern, f"{logged['type']}: {logged['text']}")
    ]
    assert reached


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.message)
def test_the_wording_of_a_case_uses_what_its_pattern_finds(case: Case) -> None:
    groups = dict.fromkeys(re.compile(case.pattern).groupindex, "x")
    assert case.kind in KINDS
    assert case.message.format(**groups)
    assert case.fix.format(**groups)


#: Starts of messages that some case knows, so that hypothesis gets past the patterns.
starts = st.sampled_from(
    ["", *(case["text"] for case in LOGGED), "{what} {0} Field '{' is invalid: {"]
)


@given(st.sampled_from(LOGGED), starts, texts | sharp_texts)
def test_any_warning_becomes_a_finding(case: dict[str, str], start: str, text: str) -> None:
    found = told(case, start + text)
    assert found.kind in KINDS
    assert "\n" not in found.message
    assert (found.file, found.line) == ("plc/visit.md", 12)


@pytest.mark.parametrize(
    ("location", "source", "found"),
    [
        (None, "/m/source", (None, None)),
        ("", "/m/source", (None, None)),
        ("/m/source/index.md:3", "/m/source", ("index.md", 3)),
        ("/m/source/index.md:3", "/m/source/", ("index.md", 3)),
        ("/m/source/plc/visit.md", "/m/source", ("plc/visit.md", None)),
        ("/m/source/plc/visit.md:", "/m/source", ("plc/visit.md", None)),
        ("/m/source/plc/visit.md:12:", "/m/source", ("plc/visit.md", 12)),
        ("/m/source/a.md:<unknown>", "/m/source", ("a.md", None)),
        ("/m/kit/conf.py:7", "/m/source", ("/m/kit/conf.py", 7)),
        ("/m/source2/a.md:7", "/m/source", ("/m/source2/a.md", 7)),
        ("/m/so urce/é.md:7", "/m/so urce", ("é.md", 7)),
        (r"C:\m\source\plc\visit.md:3", r"C:\m\source", ("plc/visit.md", 3)),
        (r"C:\m\source\index.md", r"C:\m\source", ("index.md", None)),
        ("<unknown>:5", "/m/source", ("<unknown>", 5)),
    ],
)
def test_the_place_of_a_warning(
    location: str | None, source: str, found: tuple[str | None, int | None]
) -> None:
    assert place(location, source) == found


names = st.text("ab-_. é", min_size=1, max_size=8)


@given(st.lists(names, min_size=1, max_size=3).map("/".join), st.integers(1, 99_999))
def test_a_page_of_the_source_folder_is_named_from_there(page: str, line: int) -> None:
    assert place(f"/m/source/{page}:{line}", "/m/source") == (page, line)
    assert place(f"/m/source/{page}", "/m/source") == (page, None)


@given(texts | sharp_texts, texts)
def test_any_place_can_be_read(location: str, source: str) -> None:
    file, line = place(location, source)
    assert (file is None) == (not location)
    assert line is None or line >= 0
