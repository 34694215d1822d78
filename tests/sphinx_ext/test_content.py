"""Sphinx itself is the judge: what the check lets through does nothing that a page may not do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from docutils.parsers.rst import languages
from hypothesis import HealthCheck, given, settings
from sphinx.util.docutils import docutils_namespace

from living_manual.core.allowed import BLOCKS, ROLES, Body, Takes
from living_manual.core.safe_text import text_findings
from tests.hostile import HARMLESS, Case, cases, hostile_texts, nested_texts
from tests.oracle import PAGE, Oracle

CASES = cases()
FREE = settings(suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oracle]:
    with docutils_namespace():
        yield Oracle(tmp_path_factory.mktemp("oracle"))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_judge_sees_what_is_hostile(case: Case, oracle: Oracle) -> None:
    """Or an oracle that sees nothing would let everything pass."""
    assert bool(oracle.escapes(case.text)) is case.escapes


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_the_judge_sees_nothing_in_what_authors_write(text: str, oracle: Oracle) -> None:
    assert oracle.escapes(text) == []


def no_escape(text: str, oracle: Oracle) -> None:
    if not text_findings(text, PAGE, oracle.allowed):
        assert oracle.escapes(text) == []


@FREE
@given(text=hostile_texts)
def test_nothing_escapes(text: str, oracle: Oracle) -> None:
    no_escape(text, oracle)


@FREE
@given(text=nested_texts)
def test_nothing_escapes_from_blocks_in_blocks(text: str, oracle: Oracle) -> None:
    no_escape(text, oracle)


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_is_what_is_declared(name: str, oracle: Oracle) -> None:
    """The check reads a block's text as a build does only where it knows what the block takes."""
    block, cls = BLOCKS[name], oracle.directive(name)
    assert (block.takes is not Takes.NOTHING) == bool(
        cls.required_arguments or cls.optional_arguments
    )
    assert (block.options is not None) == bool(cls.option_spec)
    assert (block.options or frozenset()) <= set(cls.option_spec or ())
    assert cls.has_content or block.body is Body.NONE


def test_roles_that_are_allowed_exist(oracle: Oracle) -> None:
    assert [name for name in ROLES if not oracle.has_role(name)] == []


def test_every_block_of_the_kit_is_allowed(oracle: Oracle) -> None:
    from docutils.parsers.rst.directives import _directives

    own = {name for name, cls in _directives.items() if cls.__module__.startswith("living_manual.")}
    assert [name for name in sorted(own) if oracle.allowed.block(name) is None] == []


def test_no_language_gives_an_allowed_name_another_meaning() -> None:
    """docutils looks a block up in the language of the manual first."""
    folder = Path(languages.__file__).parent
    for path in folder.glob("*.py"):
        module = languages.get_language(path.stem) if path.stem != "__init__" else None
        for own, meant in (module.directives if module else {}).items():
            if own in BLOCKS:
                assert meant in BLOCKS, f"{path.stem}: {own} is {meant}"
        for own, meant in (module.roles if module else {}).items():
            if own in ROLES:
                assert meant in ROLES or meant in STANDARD, f"{path.stem}: {own} is {meant}"


#: docutils' long names of roles that are allowed.
STANDARD = {"abbreviation", "subscript", "superscript"}
