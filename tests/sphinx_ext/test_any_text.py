"""Whatever letters stand in a page, a title, an id or a cell: it is read, and nothing in it runs.

A few examples each time; `MANUAL_SOAK_MINUTES` is how long to go on.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import html

from tests.sites import KIT, TINY, TODAY, Source, check, copy, manual
from tests.strategies import sharp_texts, texts

PLAN, WORD = "schools/pier/plan.csv", "glossary/index.md"
MINUTES = float(os.environ.get("MANUAL_SOAK_MINUTES", "0"))
#: Letters that mean something to Markdown, MyST, docutils, sphinx-needs, HTML or Jinja.
SIGNS = st.text(
    st.sampled_from([*"<>\"'&:;/\\`*_[](){}#!|$%^~=+-.@, \n\t", "\u200b", "\u2028", "\u202e", "a"])
)
PARTS = st.lists(
    st.sampled_from(
        [
            *("<script>", "<img src=x onerror=a>", "javascript:", "{raw}", "{need}", ":::", "```"),
            *("{eval-rst}", "{note}", ":id:", "[[", "]]", "{{", "}}", "{%", "<<", "---", "a", " "),
            *("](", "![", "://", "&lt;", "&#x3c;", "$", "\\", "`", '"', "'", ">", "\n", "|"),
        ]
    ),
    max_size=12,
).map("".join)
TEXT = st.one_of(SIGNS, PARTS, sharp_texts, texts)
SMALL = settings(
    max_examples=3,
    deadline=timedelta(minutes=5),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


def fresh(ground: Path) -> Source:
    """The tiny district, in a new folder."""
    number = len(list(ground.iterdir()))
    return copy(TINY, ground / f"{number}" / "source")


def sound(source: Source) -> None:
    """The manual is built, or what is wrong is told; no page holds anything that runs."""
    output = source.root.parent / "output"
    words = ("--kit", KIT, "--source", source.root, "--output", output, "--today", TODAY)
    said = manual("build", *words)
    assert said.code in (0, 1), said.err
    assert "Traceback" not in said.out + said.err
    assert "fault of the kit" not in said.err
    if said.code:
        assert re.search(r"^\S.*:\d+: error: ", said.out, re.MULTILINE), said.out
        return
    for path in output.rglob("*.html"):
        runs = list(running(path.read_bytes()))
        assert runs == [], (path.name, runs)


def running(page: bytes) -> Iterator[str]:
    """What of the body of a page would run, less the kit's own scripts, which are files."""
    main = html.fromstring(page).find(".//main")
    if main is None:
        return
    for element in main.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in ("script", "iframe", "object", "embed", "base", "meta", "link"):
            yield element.tag
        for name, value in element.attrib.items():
            if name.startswith("on"):
                yield name
            plain = re.sub(r"[\x00-\x20]", "", value).lower()
            if plain.startswith(("javascript:", "vbscript:", "data:text")):
                yield f"{name}={value}"


@SMALL
@given(cells=st.lists(TEXT, min_size=4, max_size=4))
@example(cells=["<script>a</script>", '"><img src=x onerror=a>', "javascript:a", "{{ 7*7 }}"])
def test_any_cells(cells: list[str], ground: Path) -> None:
    source = fresh(ground)
    rows = list(csv.reader(io.StringIO(source.read(PLAN), newline="")))
    for name, cell in zip(("title", "look_for", "evidence", "notes"), cells, strict=True):
        rows[1][rows[0].index(name)] = cell.encode("utf-8", "replace").decode("utf-8")
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    source.write(PLAN, out.getvalue())
    sound(source)


@SMALL
@given(title=TEXT, name=TEXT, text=TEXT)
@example(title="A <img src=x onerror=a>", name="TERM_A", text="<script>a</script>")
@example(title="A", name="TERM_A\n:owner: [[copy('id')]]", text="[a](java\tscript:a)")
def test_any_record(title: str, name: str, text: str, ground: Path) -> None:
    source = fresh(ground)
    written = (
        f"\n::::{{term}} {title}\n:id: {name}\n:owner: ROLE_HEAD\n:stage: STAGE_SET\n"
        f":audiences: teacher\n:reviewed: 2030-08-20\n\n{text}\n::::\n\n{text}\n"
    )
    source.append(WORD, written.encode("utf-8", "replace").decode("utf-8"))
    sound(source)


@pytest.mark.skipif(not MINUTES, reason="only with MANUAL_SOAK_MINUTES, in `make soak`")
def test_any_text_for_long(ground: Path) -> None:
    ends = monotonic() + MINUTES * 60
    tried = 0

    @settings(SMALL, max_examples=20, database=None)
    @given(text=st.lists(TEXT, min_size=1, max_size=6).map("\n\n".join))
    def some(text: str) -> None:
        source = fresh(ground)
        source.append(WORD, "\n" + text.encode("utf-8", "replace").decode("utf-8") + "\n")
        said = check(source)
        assert said.code in (0, 1), said.err
        sound(source)

    while monotonic() < ends:
        some()
        tried += 20
    print(f"{tried} texts")
