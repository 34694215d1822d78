"""A page's text: what is not closed or would be lost is found; what is in order is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.allowed import Allowed
from living_manual.core.finding import Finding
from living_manual.core.page_faults import faults
from living_manual.core.page_parts import take_apart
from tests.sites import SAMPLE, TINY
from tests.strategies import sharp_texts, texts

PREFIXES = {"term": "TERM_", "protocol": "PRO_"}


def kinds(text: str) -> list[tuple[str, int | None]]:
    return [(found.kind, found.line) for found in told(text)]


def told(text: str) -> tuple[Finding, ...]:
    return faults(take_apart(text, "page.md", Allowed(frozenset(PREFIXES))), PREFIXES)


def included(text: str) -> tuple[tuple[str, int], ...]:
    return take_apart(text, "page.md", Allowed()).included()


IN_ORDER = {
    "a record": "# A\n\n:::{term}\n:id: TERM_A\n\nSaid.\n:::\n",
    "a record between backticks": "```{term} A\n:id: TERM_A\n\nSaid.\n```\n",
    "options in YAML": ":::{term} A\n---\nid: TERM_A\n---\nSaid.\n:::\n",
    "blocks in a block": "::::{steps}\n:::{step} One\n:minutes: 4\n:::\n:::{step} Two\n:::\n::::\n",
    "three levels": ":::::{a}\n::::{b}\n:::{c}\n:::\n::::\n:::::\n",
    "code in a block": ":::{note}\n```text\n:::{term}\n```\n:::\n",
    "a block in code": "````markdown\n:::{term}\n```\nx\n````\n",
    "a block shown": ":::::{code-block} markdown\n:caption: x\n\n:::{term}\n:::::\n",
    "a block in a list": "- One\n\n  :::{note}\n  So.\n  :::\n\n- Two\n",
    "code in a quotation": "> ```\n> x\n> ```\n",
    "a longer closing line": ":::{note}\nSo.\n:::::\n",
    "two roles and code": "`a` and ``b`` and {need}`TERM_A`\n",
    "a backtick in a title": ":::{term} A `b\n:id: TERM_A\n:::\n",
    "front matter": "---\ntitle: ':::{term}'\n---\n\n# A\n",
    "a filter": ":::{needtable}\n:filter: type == 'term' and \"a\" in tags\n:::\n",
    "a count": "{need_count}`type == 'term' ? status == 'open'`\n",
    "a word and what it means": "Tide\n: Water.\n\n  ```\n  x\n  ```\n",
    "Windows line ends": ":::{term} A\r\n:id: TERM_A\r\n\r\nSaid.\r\n:::\r\n",
    "a separator that ends no line": "Words\u2028:::{note}\n",
    "a table of pages": ":::{toctree}\n:hidden:\n\na\nb <c>\n:::\n",
}


@pytest.mark.parametrize("text", IN_ORDER.values(), ids=IN_ORDER)
def test_what_is_in_order_is_left_alone(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize("root", [SAMPLE, TINY], ids=["sample", "tiny"])
def test_real_pages_are_in_order(root: object) -> None:
    pages = list(SAMPLE.rglob("*.md") if root == SAMPLE else TINY.rglob("*.md"))
    assert pages
    assert [kinds(page.read_text(encoding="utf-8")) for page in pages] == [[]] * len(pages)


NAMES = st.sampled_from(["note", "steps", "grid-item", "term"])
PROSE = st.sampled_from(["Words.", "- one\n- two", "> said", "## Heading", "A {need}`TERM_A`."])


@st.composite
def nested(draw: st.DrawFn, depth: int = 3) -> str:
    """Blocks in blocks, each with more colons than those inside it."""
    parts = [draw(PROSE)]
    for _ in range(draw(st.integers(0, 2)) if depth else 0):
        name, fence = draw(NAMES), ":" * (2 + depth)
        options = ":id: TERM_A\n\n" if name == "term" else ""
        parts.append(f"{fence}{{{name}}} A\n{options}{draw(nested(depth - 1))}\n{fence}")
        parts.append(draw(PROSE))
    return "\n\n".join(parts)


@given(nested())
def test_blocks_that_nest_are_in_order(text: str) -> None:
    assert kinds(text + "\n") == []


@given(nested(), st.data())
def test_a_closing_line_taken_away_is_missed(text: str, data: st.DataObject) -> None:
    lines = text.split("\n")
    closing = [number for number, line in enumerate(lines) if line and not line.strip(":")]
    if closing:
        del lines[data.draw(st.sampled_from(closing))]
        ((kind, line),) = kinds("\n".join(lines) + "\n")
        assert kind == "block-not-closed"
        assert line
        assert lines[line - 1].startswith(":::")


@given(
    st.lists(st.sampled_from(["```", ":::", "{term}", "{include}", "\n", ":id:", "---"]) | texts)
)
def test_any_text_is_taken(parts: list[str]) -> None:
    text = "".join(parts)
    for found in told(text):
        assert found.line
        assert 1 <= found.line <= len(text.replace("\r", "\n").split("\n"))
    included(text)


@given(sharp_texts)
def test_any_filter_is_taken(written: str) -> None:
    line = " ".join(written.split())
    assert {kind for kind, _ in kinds(f":::{{needtable}}\n:filter: {line}\n:::\n")} <= {"filter"}


def test_included_texts_are_named() -> None:
    text = (
        "::::{note}\n:::{include} a.txt\n:::\n::::\n```{include} b.md\n```\n"
        ":::{include} c.txt\n:literal:\n:::\n:::{literalinclude} d.py\n:::\n"
    )
    assert included(text) == (("a.txt", 2), ("b.md", 5))
