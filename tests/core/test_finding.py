"""Findings: order, severity, and that what the code reports is what is declared."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import living_manual
from living_manual.core.finding import (
    KINDS,
    Finding,
    Severity,
    finding,
    has_errors,
    moved,
    ordered,
    without_consequences,
)
from living_manual.core.warnings import CASES
from tests.build_manual import NEEDS
from tests.strategies import findings

PACKAGE = Path(living_manual.__file__).parent


def test_a_finding_has_the_severity_of_its_kind() -> None:
    for kind in KINDS.values():
        assert finding(kind.name, "What.", "How.").severity is kind.severity


def test_an_undeclared_kind_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        finding("no-such-kind", "What.", "How.")


@pytest.mark.parametrize(
    ("file", "line", "place"),
    [(None, None, ""), (None, 3, ""), ("a.md", None, "a.md"), ("a/b.csv", 12, "a/b.csv:12")],
)
def test_the_place_is_one_that_editors_understand(
    file: str | None, line: int | None, place: str
) -> None:
    assert finding("markup", "What.", "How.", file, line).place == place


def test_a_finding_is_ready_for_json() -> None:
    found = finding("table-date", "What.", "How.", "plan.csv", 4, "due")
    assert json.loads(json.dumps(found.as_dict())) == {
        "kind": "table-date",
        "message": "What.",
        "fix": "How.",
        "file": "plan.csv",
        "line": 4,
        "column": "due",
        "severity": "error",
    }


def test_errors_come_first_then_the_order_of_pages() -> None:
    late = finding("markup", "What.", "How.", "b.md", 2)
    early = finding("markup", "What.", "How.", "b.md", 1)
    tenth = finding("markup", "What.", "How.", "b.md", 10)
    first = finding("markup", "What.", "How.", "a.md", 99)
    nowhere = finding("build-stopped", "What.", "How.")
    warning = finding("key-result-count", "What.", "How.", "a.md", 1)
    assert ordered([warning, tenth, late, first, early, nowhere, first]) == (
        nowhere,
        first,
        early,
        late,
        tenth,
        warning,
    )


@given(st.lists(findings), st.randoms())
def test_two_runs_print_the_same_list(found: list[Finding], random: Random) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert ordered(shuffled) == ordered(found)
    assert set(ordered(found)) == set(found)
    assert len(ordered(found)) == len(set(found))


@given(st.lists(findings))
def test_only_errors_keep_a_manual_from_being_published(found: list[Finding]) -> None:
    assert has_errors(found) == any(one.severity is Severity.ERROR for one in found)


@given(findings)
def test_a_moved_finding_says_the_same(found: Finding) -> None:
    there = moved(found, file="c.csv", line=7)
    assert there.place == "c.csv:7"
    assert moved(there, file="", line=None) == moved(found, file="", line=None)


#: What a build finds when the page plc/visit.md, with PRO_VISIT, cannot be read.
LOST = ("plc/visit", "plc/visit.md", "PRO_VISIT")


@pytest.mark.parametrize(
    ("kind", "message", "kept"),
    [
        ("page-unreadable", "plc/visit.md is not UTF-8 text from this line on.", True),
        ("link-missing-target", "ACT_1: `uses` names PRO_VISIT, which does not exist.", False),
        ("link-missing-target", "ACT_1: `uses` names PRO_VISIT_2, which does not exist.", True),
        ("link-missing-target", "ACT_1: `uses` names XPRO_VISIT, which does not exist.", True),
        ("view-argument", "{used-in} names 'PRO_VISIT', which is not a record.", False),
        ("page-reference", "The list of pages names 'plc/visit', which does not exist.", False),
        ("page-reference", "The list of pages names 'plc/visitors', which does not exist.", True),
        ("page-reference", "The link to '../plc/visit.md' leads nowhere.", False),
        ("page-reference", "The link to 'plc/visit.md' leads nowhere.", False),
        ("page-reference", "The record 'PRO_VISIT' does not exist.", False),
        ("page-reference", "The record 'PRO_TALK' does not exist.", True),
        ("root-vision", "The manual has no vision.", False),
        ("key-result-count", "OBJ_A has 1 key result.", False),
        ("page-not-listed", "No list of pages leads to this page.", False),
        ("table-date", "Row 3: 'soon' is not a day of the calendar for PRO_VISIT.", True),
        ("markup", "PRO_VISIT", True),
    ],
)
def test_what_only_follows_from_a_lost_page_is_left_out(
    kind: str, message: str, kept: bool
) -> None:
    found = finding(kind, message, "How.", "a.md", 3)
    assert without_consequences([found], LOST) == ((found,) if kept else ())


@given(st.lists(findings), st.sets(st.sampled_from(["a.md", "OBJ_A", "x(", "."])))
def test_what_is_left_out_is_left_out_for_a_reason(found: list[Finding], lost: set[str]) -> None:
    kept = without_consequences(found, lost)
    assert [one for one in found if one in kept] == list(kept)
    if not lost:
        assert kept == tuple(found)


def _calls(tree: ast.Module) -> Iterator[str]:
    """The kinds that a module names outright when it makes or reports a finding."""
    imported = {
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "living_manual.core.finding"
        for alias in node.names
    }
    if "finding" not in imported:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func
            name = name.id if isinstance(name, ast.Name) else name
            if name in ("finding", "report", "_say") and isinstance(node.args[0].value, str):
                yield node.args[0].value


def _sources() -> dict[str, ast.Module]:
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def test_every_kind_the_code_reports_is_declared() -> None:
    named = {(kind, file) for file, tree in _sources().items() for kind in _calls(tree)}
    assert len(named) > 20  # the scan sees the calls
    assert {(kind, file) for kind, file in named if kind not in KINDS} == set()
    assert {case.kind for case in CASES} <= set(KINDS)


def test_every_declared_kind_is_reported_somewhere() -> None:
    said = {
        node.value
        for file, tree in _sources().items()
        if file != "core/finding.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(KINDS) - said == set()


def test_kinds_of_the_kit_and_rules_of_the_model_have_different_names() -> None:
    rules = [rule["id"] for rule in NEEDS["schema_definitions"]["schemas"]]
    assert len(rules) == len(set(rules))
    assert set(rules) & set(KINDS) == set()


def test_every_rule_of_the_model_says_how_to_mend_it() -> None:
    for rule in NEEDS["schema_definitions"]["schemas"]:
        message, found, fix = rule["message"].partition(" Fix: ")
        assert found, rule["id"]
        assert message.endswith("."), rule["id"]
        assert fix, rule["id"]
