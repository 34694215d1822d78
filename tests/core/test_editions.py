"""What the public edition has of a page: no staff part, every public part, each in its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.edition_cut import Whole, cut_source
from living_manual.core.edition_tables import cut_consent, cut_table
from living_manual.core.editions import CutPage, cut_page

PREFIXES = {"role": "ROLE_", "term": "TERM_"}
PUBLIC = "---\nedition: public\n---\n"
ROLE = ":::{role} Coach\n:id: ROLE_COACH\n"


def cut(body: str, front: str = PUBLIC) -> CutPage:
    return cut_page(front + body, "page.md", PREFIXES)


def kept(body: str) -> str:
    """The public text of a page without its front matter; there is nothing to mend in it."""
    done = cut(body)
    assert done.findings == ()
    assert done.text is not None
    return done.text.removeprefix(PUBLIC)


CASES = {
    "a span": ("We meet {staff}`in room 4` on Monday.", "We meet on Monday."),
    "a span at the end": ("We meet {staff}`in room 4`.", "We meet."),
    "a span first": ("{staff}`Room 4.` We meet.", " We meet."),
    "two spans": ("a {staff}`x` b {staff}`y` c", "a b c"),
    "longer ticks": ("a {staff}``x `y` z`` b", "a b"),
    "a span over two lines": ("a {staff}`x\ny` b", "a\n b"),
    "a line of its own": ("a\n{staff}`x`\nb\n\nc", "a\nb\n\n\nc"),
    "a paragraph": ("a\n\n{staff}`x`\n\nb", "a\n\n\n\nb"),
    "a point": ("- a\n- {staff}`x`\n- b\n\nc", "- a\n- b\n\n\nc"),
    "a point of two lines": ("- a\n- {staff}`x\n  y`\n- b", "- a\n- b\n\n"),
    "a numbered point": ("1. a\n2. {staff}`x`\n3. b", "1. a\n3. b\n"),
    "a point in a point": ("- a\n  - {staff}`x`\n- b", "- a\n- b\n"),
    "a row": (
        "| a | b |\n|---|---|\n| {staff}`x` | {staff}`y` |\n| c | d |",
        "| a | b |\n|---|---|\n| c | d |\n",
    ),
    "a cell": ("| a |\n|---|\n| b {staff}`x` |", "| a |\n|---|\n| b |"),
    "a block": ("a\n\n:::{staff}\nx\n:::\n\nb", "a\n\n\n\n\n\nb"),
    "a block of backticks": ("a\n\n```{staff}\nx\n```\n\nb", "a\n\n\n\n\n\nb"),
    "a block with blocks": ("::::{staff}\n:::{note}\nx\n:::\n::::\nb", "\n\n\n\n\nb"),
    "a block in a block": (":::::{grid}\n::::{staff}\nx\n::::\n:::::", ":::::{grid}\n\n\n\n:::::"),
    "a block in a point": ("- a\n\n  :::{staff}\n  x\n  :::\n- b", "- a\n\n\n\n\n- b"),
    "a span in a block": (":::{note}\na {staff}`x` b\n:::", ":::{note}\na b\n:::"),
    "capital letters": (":::{Staff}\nx\n:::\nb", "\n\n\nb"),
    "a record": (f"{ROLE}:edition: staff\n\nx\n:::\nb", "\n\n\n\n\n\nb"),
    "a record between dashes": (
        ":::{role} Coach\n---\nid: ROLE_COACH\nedition: staff\n---\nx\n:::\nb",
        "\n\n\n\n\n\n\nb",
    ),
    "a public record": (f"{ROLE}:edition: public\n\na\n:::", f"{ROLE}:edition: public\n\na\n:::"),
    "a mailbox": (
        f"{ROLE}:contact: coach@x.example\n:status: filled\n\na\n:::",
        f"{ROLE}:status: filled\n\na\n\n:::",
    ),
    "a comment line": ("a\n\n% x\n% y\n\nb", "a\n\n\n\n\nb"),
    "a comment in a block": (":::{note}\na\n\n% x\n:::", ":::{note}\na\n\n\n:::"),
    "a comment in signs": ("a <!-- x\n\ny --> b", "a\n\n b"),
    "data of a break": ('a\n\n+++ {"x": 1}\n\nb', "a\n\n\n\nb"),
    "a footnote": ("a[^1]\n\n[^1]: b {staff}`x` c", "a[^1]\n\n[^1]: b c"),
    "a quotation": ("> a {staff}`x` b", "> a b"),
    "nothing": ("a\n\n- b\n", "a\n\n- b\n"),
}


@pytest.mark.parametrize(("body", "public"), CASES.values(), ids=CASES)
def test_what_only_staff_see_is_cut_and_the_lines_stay(body: str, public: str) -> None:
    assert kept(body) == public
    assert body.count("\n") == public.count("\n")


UNCLEAR = {
    "not closed": ("a {staff}`x", 4),
    "a blank between": ("a {staff} `x` b", 4),
    "in bold": ("\na **{staff}`x`**", 5),
    "in a link": ("a [{staff}`x`](y.md)", 4),
    "in a picture": ("a ![{staff}`x`](y.png)", 4),
    "in code": ("a\n\n```\n{staff}`x`\n```", 7),
    "in a title": (":::{note} a {staff}`x`\nb\n:::", 4),
    "in a formula": (":::{math}\n{staff}`x`\n:::", 5),
    "in an option": (f"{ROLE}:status: {{staff}}`x`\n:::", 6),
    "escaped": (r"a \{staff}`x` b", 4),
    "in two lines of a quotation": ("> a {staff}`x\n> y` b", 4),
    "a heading": ("## {staff}`x`\n\nb", 4),
    "the head of a table": ("| {staff}`x` |\n|---|\n| b |", 4),
    "a term": ("{staff}`x`\n: b", 4),
    "the first words of a point": ("- {staff}`x`\n  - b", 4),
    "another's edition": (":::{note}\n:edition: staff\n\nx\n:::", 5),
    "no edition": (f"{ROLE}:edition: secret\n\nx\n:::", 6),
    "an edition after a blank line": (f"{ROLE}\n:edition: staff\n\nx\n:::", 7),
    "an edition in words": (f"{ROLE}:edition : staff\n\nx\n:::", 6),
    "a comment without end": ("a <!-- x\n\ny", 4),
    "a block without end": ("a\n\n:::{staff}\nx", 6),
    "a block that ends too early": (":::{staff}\n:::{note}\nx\n:::\ny", 4),
    "a sign too many": (":::{staff}\n\n:::{note}\nx\n:::\ny\n:::\n", 4),
    "a block of another language": ("```{eval-rst}\n.. staff::\n\n   x\n```", 5),
}


@pytest.mark.parametrize(("body", "line"), UNCLEAR.values(), ids=UNCLEAR)
def test_a_page_whose_marks_are_unclear_is_not_published(body: str, line: int) -> None:
    done = cut(body)
    assert done.text is None
    assert [(each.file, each.line) for each in done.findings][:1] == [("page.md", line)]
    assert all(each.fix for each in done.findings)


FRONT = {
    "nothing": ("", False, None),
    "public": (PUBLIC, True, None),
    "staff": ("---\nedition: staff\n---\n", False, None),
    "quoted": ('---\nedition: "public"\n---\n', True, None),
    "a note behind": ("---\nedition: public # for families\n---\n", True, None),
    "Windows": ("---\r\nedition: public\r\n---\r\n", True, None),
    "capitals": ("---\nedition: Public\n---\n", False, 2),
    "capital key": ("---\nEdition: public\n---\n", False, None),
    "nonsense": ("---\ntitle: x\nedition: everybody\n---\n", False, 3),
    "empty": ("---\nedition:\n---\n", False, 2),
    "twice": ("---\nedition: public\nedition: staff\n---\n", False, 3),
    "inside another": ("---\nmeta:\n  edition: public\n---\n", False, 3),
    "a list that is none": ("---\nedition: public\npublic_tables: a.csv\n---\n", False, 3),
    "not at the top": ("\n---\nedition: public\n---\n", False, None),
    "never closed": ("---\nedition: public\n", False, None),
}


@pytest.mark.parametrize(("front", "public", "line"), FRONT.values(), ids=FRONT)
def test_a_page_is_staff_unless_it_says_so_plainly(
    front: str, public: bool, line: int | None
) -> None:
    done = cut("# Page\n", front)
    assert (done.text is not None) is public
    assert [each.line for each in done.findings] == ([line] if line else [])


def test_notes_in_the_front_matter_are_cut() -> None:
    assert cut("a", "---\n# x\nedition: public\n---\n").text == "---\n\nedition: public\n---\na"


def test_a_field_that_is_held_back_can_be_asked_for() -> None:
    front = "---\nedition: public\npublic_fields: [contact]\n---\n"
    assert "a@b.example" in (cut(f"{ROLE}:contact: a@b.example\n:::", front).text or "")


def test_a_public_record_on_a_staff_page_is_told() -> None:
    done = cut(f"{ROLE}:edition: public\n:::", "")
    assert [(each.kind, each.line) for each in done.findings] == [("edition-on-staff-page", 3)]
    assert done.text is None


# --------------------------------------------------------------------------------- tables

ROWS = 'id,title,edition\nA_1,a,public\nA_2,b,staff\nA_3,c,\nA_4,"d\nd",public\n'
TABLES = {
    "by the cell": (ROWS, False, 'id,title,edition\nA_1,a,public\n\n\nA_4,"d\nd",public\n'),
    "by the page": (
        ROWS,
        True,
        'id,title,edition\nA_1,a,public\n\nA_3,c,\nA_4,"d\nd",public\n',
    ),
    "no column": ("id,title\nA_1,a\n", False, None),
    "no column, by the page": ("id,title\nA_1,a\n", True, "id,title\nA_1,a\n"),
    "cells too few": ("id,title,edition\nA_1,public\n", True, None),
    "cells too many": ("id,edition\nA_1,public,x\n", True, None),
    "quotes that do not close": ('id,edition\n"A_1,public\n', True, None),
    "nothing": ("", True, None),
    "several lines of staff": (
        'id,edition\n"A\n1",staff\nA_2,public\n',
        False,
        "id,edition\n\n\nA_2,public\n",
    ),
}


@pytest.mark.parametrize(("text", "named", "public"), TABLES.values(), ids=TABLES)
def test_rows_for_staff_are_cut_and_the_lines_stay(
    text: str, named: bool, public: str | None
) -> None:
    done = cut_table(text, "a.csv", named)
    assert (done.text, done.findings) == (public, ())


def test_a_cell_that_is_no_edition_is_told_and_its_row_is_staff() -> None:
    done = cut_table("id,edition\nA_1,Public\nA_2,public\n", "a.csv", True)
    assert [(each.file, each.line, each.column) for each in done.findings] == [
        ("a.csv", 2, "edition")
    ]
    assert (done.kept, done.cut, done.staff_rows) == ({"A_2"}, {"A_1"}, 1)


def test_consents_come_along_for_what_is_shown_and_without_what_they_refer_to() -> None:
    text = "media,kind,consent,scope\na.png,work,FORM-12,public\nb.png,work,FORM-13,public\n"
    assert (
        cut_consent(text, frozenset({"a.png"}))
        == "media,kind,consent,scope\na.png,work,,public\n\n"
    )


# --------------------------------------------------------------------- a whole source folder


def whole(**more: str) -> Whole:
    """A folder with two public pages and a staff page; tables and other files by their names."""
    pages = {"index.md": f"{PUBLIC}# Home\n", "a/index.md": f"{PUBLIC}# A\n", "b/index.md": "# B\n"}
    texts = {name: text for name, text in more.items() if name.endswith((".md", ".csv"))}
    pages |= {name: text for name, text in texts.items() if name.endswith(".md")}
    tables = {name: text for name, text in texts.items() if name.endswith(".csv")}
    return Whole(pages, tables, frozenset(more.keys() - texts.keys()) | {"district.toml"})


SHOWN = {
    "a picture": ("![x](x.png)", {"a/x.png"}),
    "a picture from above": ("![x](/b/x.png)", {"b/x.png"}),
    "a picture with a blank in its name": ("![x](<a b.png>)", {"a/a b.png"}),
    "a figure": (":::{figure} x.png\n:alt: x\n:::", {"a/x.png"}),
    "a picture with notes": (
        ":::{annotated-image} x.png\n:::",
        {"a/x.png", "a/x.annotations.json"},
    ),
    "a clip": (":::{clip} c.mp4\n:::", {"a/c.mp4", "a/c.webm", "a/c.captions.vtt"}),
    "a file to take away": ("[x](x.pdf)", {"a/x.pdf"}),
    "a download": ("{download}`the form <x.pdf>`", {"a/x.pdf"}),
    "one that only staff see": ("a {staff}`![x](x.png)` b", set()),
    "one in a comment": ("a\n\n% ![x](x.png)\n", set()),
    "none": ("a", set()),
}
FILES = {
    "a/a b.png": "",
    "a/c.captions.vtt": "",
    "a/c.mp4": "",
    "a/c.raw.mov": "",
    "a/c.webm": "",
    "a/other.png": "",
    "a/x.annotations.json": "",
    "a/x.pdf": "",
    "a/x.png": "",
    "b/x.png": "",
}


@pytest.mark.parametrize(("words", "shown"), SHOWN.values(), ids=SHOWN)
def test_only_files_that_public_words_show_come_along(words: str, shown: set[str]) -> None:
    done = cut_source(whole(**{"a/index.md": f"{PUBLIC}# A\n\n{words}\n"}, **FILES), PREFIXES)
    assert done.findings == ()
    assert done.files == shown | {"district.toml"}
    assert done.texts.keys() == {"index.md", "a/index.md"}


NEVER = {
    "a workbook": ("[x](x.xlsx)", "a/x.xlsx"),
    "a copy that an editor keeps": ("[x](x.pdf~)", "a/x.pdf~"),
    "a table of staff": ("[x](x.csv)", "a/x.csv"),
    "a text that cannot say who it is for": (":::{include} x.txt\n:::", "a/x.txt"),
    "a staff page as it is written": (":::{literalinclude} ../b/index.md\n:::", "b/index.md"),
}


@pytest.mark.parametrize(("words", "file"), NEVER.values(), ids=NEVER)
def test_what_may_hold_staff_matter_is_told_where_it_is_named(words: str, file: str) -> None:
    given = {"a/index.md": f"{PUBLIC}# A\n\n{words}\n", file: "# B\n"}
    done = cut_source(whole(**given), PREFIXES)
    told = [(each.kind, each.file, each.line) for each in done.findings]
    assert told == [("edition-leads", "a/index.md", 6)]
    assert file not in done.files | done.texts.keys()


def test_rows_that_no_public_page_shows_are_told_and_not_published() -> None:
    rows = "id,edition\nACT_1,public\n"
    done = cut_source(whole(**{"b/plan.csv": rows}), PREFIXES)
    assert [(each.kind, each.file) for each in done.findings] == [
        ("edition-on-staff-page", "b/plan.csv")
    ]
    assert "b/plan.csv" not in done.texts


def test_a_page_says_which_tables_beside_it_are_public() -> None:
    page = "---\nedition: public\npublic_tables: [plan.csv]\n---\n# A\n"
    given = {"a/index.md": page, "a/plan.csv": "id,title\nACT_1,a\n", "b/plan.csv": "id\nACT_2\n"}
    done = cut_source(whole(**given), PREFIXES)
    assert (done.findings, done.texts.get("a/plan.csv")) == ((), given["a/plan.csv"])
    assert "b/plan.csv" not in done.texts


def test_a_table_to_take_away_is_the_cut_one() -> None:
    given = {
        "a/index.md": f"{PUBLIC}# A\n\n[The table](readings.csv)\n",
        "a/readings.csv": "value,edition\n1,public\n2,staff\n",
    }
    done = cut_source(whole(**given), PREFIXES)
    assert done.findings == ()
    assert done.texts["a/readings.csv"] == "value,edition\n1,public\n\n"
    assert not done.files & done.texts.keys()  # a file is copied as it is


def test_a_table_that_is_not_there_is_told_where_it_is_named() -> None:
    page = "---\nedition: public\npublic_tables: [other.csv]\n---\n# A\n"
    done = cut_source(whole(**{"a/index.md": page}), PREFIXES)
    assert [(each.kind, each.line) for each in done.findings] == [("edition-value", 3)]


def test_a_row_that_leads_to_a_staff_record_is_told() -> None:
    given = {
        "a/sessions.csv": "id,serves,edition\nSES_1,TERM_STAFF,public\n",
        "b/index.md": "# B\n\n:::{term}\n:id: TERM_STAFF\n:::\n",
    }
    done = cut_source(whole(**given), PREFIXES)
    assert [(each.kind, each.file, each.line) for each in done.findings] == [
        ("edition-leads", "a/sessions.csv", 2)
    ]


def test_lists_of_pages_lose_the_pages_of_staff() -> None:
    page = f"{PUBLIC}# Home\n\n:::{{toctree}}\n:glob:\na/index\nStaff <b/index>\nb/*\na/*\n:::\n"
    done = cut_source(whole(**{"index.md": page}), PREFIXES)
    assert done.findings == ()
    assert done.texts["index.md"] == page.replace("Staff <b/index>", "").replace("b/*", "")


# ---------------------------------------------------------------------------- for any page

_WORD = st.text("abcdefghij", min_size=1, max_size=5)
_SIDE = st.booleans()  # whether a part is for staff


def _part(number: int, kind: str, staff: bool, word: str) -> str:
    """A part of a page; its words begin with `public` or `staff`, and its own number."""
    words = f"{'staffword' if staff else 'publicword'}{number} {word}"
    block = f":::{{staff}}\n{words}\n:::" if staff else f":::{{note}}\n{words}\n:::"
    record = f":::{{role}} {words}\n:id: ROLE_{number}\n{':edition: staff' if staff else ''}"
    span = f"{{staff}}`{words}`" if staff else words
    return {
        "words": f"publicword{number}0 {span} and publicword{number}1",
        "paragraph": span,
        "point": f"- publicword{number}0\n- {span}\n- publicword{number}1",
        "nested": f"- publicword{number}0\n\n  - {span}\n  - publicword{number}1",
        "row": f"| publicword{number}0 | a |\n|---|---|\n| {span} | {span} |\n| b | c |",
        "block": block,
        "deep": f":::::{{grid}}\n\n::::{{card}}\n{block}\n::::\n:::::",
        "quote": "\n".join(f"> {line}" for line in block.split("\n")),
        "in a point": f"- publicword{number}0\n\n  " + block.replace("\n", "\n  "),
        "record": f"{record.rstrip()}\n\n{words}\n:::",
        "comment": f"% staffword{number} {word}",
        "signs": f"publicword{number}0 <!-- staffword{number} {word} --> publicword{number}1",
        "code": f"```\npublicword{number} {word}\n```",
        "heading": f"## publicword{number} {word}",
    }[kind]


_KINDS = (
    "words",
    "paragraph",
    "point",
    "nested",
    "in a point",
    "row",
    "block",
    "deep",
    "quote",
    "record",
    "comment",
    "signs",
    "code",
    "heading",
)
_PAGES = st.lists(st.tuples(st.sampled_from(_KINDS), _SIDE, _WORD), max_size=8)


@given(_PAGES, st.sampled_from(["\n\n", "\n\n\n"]), st.sampled_from(["\n", "\r\n"]))
def test_no_staff_part_stays_and_no_public_part_goes(
    parts: list[tuple[str, bool, str]], between: str, end: str
) -> None:
    text = between.join(_part(number, *part) for number, part in enumerate(parts))
    done = cut(text.replace("\n", end))
    assert done.findings == ()
    assert done.text is not None
    assert "staffword" not in done.text
    assert sorted(_public(done.text)) == sorted(_public(text))
    assert len(done.lines) == done.text.count("\n") + 1 == (PUBLIC + text).count("\n") + 1
    assert sorted(done.lines) == list(range(1, len(done.lines) + 1))
    written = (PUBLIC + text).split("\n")
    for line, number in zip(done.text.split("\n"), done.lines, strict=True):
        assert set(_public(line)) <= set(_public(written[number - 1]))
    assert cut_page(done.text, "page.md", PREFIXES).text == done.text


def _public(text: str) -> list[str]:
    return [word for word in text.replace("|", " ").split() if word.startswith("publicword")]


@given(st.text("ab{staff}:`*-|>%<!\n \\[]()"))
def test_whatever_is_written_is_cut_or_told(text: str) -> None:
    done = cut(text)
    assert (done.text is None) == bool(done.findings)
    if done.text is not None:
        assert "{staff" not in done.text
        assert cut_page(done.text, "page.md", PREFIXES).text == done.text
