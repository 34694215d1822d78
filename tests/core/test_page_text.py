"""Pages' texts: records are found where people write them, and edits touch nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from living_manual.core.page_text import (
    blocks,
    escaped,
    heading,
    is_listed,
    line_end,
    lines_of,
    listed_pages,
    paragraph,
    records,
    unescaped,
    with_line,
    with_listed,
    with_option,
)
from tests.strategies import sharp_texts, texts

#: Markdown as the manual's pages have it.
MYST = create_md_parser(
    MdParserConfig(
        enable_extensions={"colon_fence", "deflist"}, disable_syntax=["html_block", "html_inline"]
    ),
    RendererHTML,
)

PAGE = """\
# A \\*school\\*

:::{school}
:id: SCH_OAK
:level: middle

Text.
:::

```
:::{school} Only an example
:id: SCH_CODE
:::
```

```{note}
A note.
```

::::{steps}
:::{action} Inside
:id: ACT_IN
:::
::::

:::{role} Head
---
id: ROLE_HEAD
status: "filled"
---
:::
"""


def test_every_record_is_found_with_its_line_and_options_and_code_is_not_one() -> None:
    found = {block.options["id"]: block for block in blocks(PAGE) if "id" in block.options}
    assert {name: (b.name, b.title, b.line) for name, b in found.items()} == {
        "SCH_OAK": ("school", "", 3),
        "ACT_IN": ("action", "Inside", 21),
        "ROLE_HEAD": ("role", "Head", 26),
    }
    assert found["SCH_OAK"].options == {"id": "SCH_OAK", "level": "middle"}
    assert found["ROLE_HEAD"].options == {"id": "ROLE_HEAD", "status": "filled"}


def test_records_are_blocks_of_the_types_and_rows_of_tables() -> None:
    table = 'id,title\nACT_A_1,One\n"ACT_A_2","Two\nlines"\nnot an id,x\n'
    found = records({"a.md": PAGE, "b.csv": table}, ["school", "role"])
    assert [(r.id, r.file, r.line) for r in found] == [
        ("SCH_OAK", "a.md", 3),
        ("ROLE_HEAD", "a.md", 26),
        ("ACT_A_1", "b.csv", 2),
        ("ACT_A_2", "b.csv", 3),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_an_option_goes_under_the_id_with_the_pages_own_line_ends(end: str) -> None:
    text = PAGE.replace("\n", end)
    by_id = {block.options.get("id"): block for block in blocks(text)}
    changed = with_option(text, by_id["SCH_OAK"], "identifier", "X-1")
    assert changed == text.replace(f":id: SCH_OAK{end}", f":id: SCH_OAK{end}:identifier: X-1{end}")
    changed = with_option(text, by_id["ROLE_HEAD"], "identifier", "X-1")
    assert changed == text.replace(
        f"id: ROLE_HEAD{end}", f'id: ROLE_HEAD{end}identifier: "X-1"{end}'
    )


def test_the_heading_is_the_first_outside_of_code() -> None:
    assert heading(PAGE) == (1, "A *school*")
    assert heading("```\n# not this\n```\n\n# This #\n") == (5, "This")
    assert heading("## Only a second level\n") is None
    changed = with_line("a\r\n# Old\r\nb", 2, "# New")
    assert changed == "a\r\n# New\r\nb"


LISTS = {
    "in order": (":::{toctree}\n:hidden:\n\na\nc\n:::\n", ["b"], "\na\nb\nc\n:::"),
    "in an order of their own": (":::{toctree}\n\nz\na\n:::\n", ["b"], "\nz\na\nb\n:::"),
    "first and last": (":::{toctree}\n\nb\n:::\n", ["a", "c"], "\na\nb\nc\n:::"),
    "no blank line": (":::{toctree}\n:hidden:\nb\n:::\n", ["a"], ":hidden:\na\nb\n:::"),
    "empty": (":::{toctree}\n:hidden:\n:::\n", ["a"], ":hidden:\n\na\n:::"),
    "back ticks": ("```{toctree}\na\n```\n", ["b"], "{toctree}\na\nb\n```"),
    "none yet": ("# Page\n\nText", ["b"], "Text\n\n:::{toctree}\n:hidden:\n\nb\n:::\n"),
    "windows": (":::{toctree}\r\n\r\na\r\n:::\r\n", ["b"], "\r\n\r\na\r\nb\r\n:::"),
}


@pytest.mark.parametrize(
    ("text", "entries", "shows"), [pytest.param(*case, id=name) for name, case in LISTS.items()]
)
def test_a_page_is_added_to_a_list_of_pages(text: str, entries: list[str], shows: str) -> None:
    changed = with_listed(text, entries)
    assert shows in changed
    assert set(entries) <= set(listed_pages("index.md", changed))


def test_pages_are_listed_by_name_title_suffix_root_and_pattern() -> None:
    text = "```{toctree}\n:glob:\n\none/index\nTwo <two.md>\n../up\n/top\nall/*\n```\n"
    named = listed_pages("schools/index.md", text)
    assert named == ("schools/one/index", "schools/two", "up", "top", "schools/all/*")
    assert is_listed("schools/all/oak", named)
    assert not is_listed("schools/oak", named)


@given(texts | sharp_texts)
def test_lines_are_whole_and_nothing_is_lost(text: str) -> None:
    assert "".join(lines_of(text)) == text
    assert line_end(text) in ("\n", "\r\n")
    list(blocks(text))
    listed_pages("a/b.md", text)
    heading(text)


_words = (
    st.text(st.sampled_from("ab *_`[]<>#&;:{}()\\-+.1~|!x27"), min_size=1)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)


@given(_words)
def test_text_from_elsewhere_is_shown_as_it_is(text: str) -> None:
    assert unescaped(escaped(text)) == text
    shown = MYST.parseInline(escaped(text))[0].children or []
    assert "".join(token.content for token in shown) == text


@given(_words)
def test_a_paragraph_starts_nothing_else(text: str) -> None:
    tokens = MYST.parse(paragraph(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
