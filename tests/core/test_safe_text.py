"""What is more than words is refused at its line; what authors write is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from living_manual.core.allowed import BLOCKS, KEYS, NEVER, ROLES, Allowed, allow
from living_manual.core.finding import Finding
from living_manual.core.markdown import EXTENSIONS, MORE_EXTENSIONS, NO_SYNTAX, parser
from living_manual.core.page_parts import lines_of
from living_manual.core.safe_links import Leads, link_fault
from living_manual.core.safe_text import cell_faults, text_findings
from living_manual.core.safe_values import is_portable
from living_manual.core.text_sizes import MOST_LINE, MOST_PAGE, MOST_VALUE
from tests.build_manual import MODEL
from tests.hostile import HARMLESS, Case, cases, hostile_texts, nested_texts

ALLOWED, _ = allow(MODEL.types)
CASES = cases()


def told(text: str, allowed: Allowed = ALLOWED) -> list[tuple[str, int | None]]:
    return [(each.kind, each.line) for each in text_findings(text, "page.md", allowed)]


def plain(found: Finding) -> bool:
    """Whether a finding says what is wrong and what to do, in words that a terminal can print."""
    said = found.message + found.fix
    return bool(found.message) and bool(found.fix) and said.isprintable()


def test_the_corpus_is_large() -> None:
    assert len(CASES) >= 200
    assert len({case.text for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_hostile_text_is_refused_at_its_line(case: Case) -> None:
    found = text_findings(case.text, "page.md", ALLOWED)
    assert (case.kind, case.line) in [(each.kind, each.line) for each in found]
    assert all(map(plain, found))
    if "cell" in case.ways:
        in_cell = cell_faults(case.text, "plan.csv", 7, ALLOWED)
        assert in_cell
        assert {(each.file, each.line) for each in in_cell} == {("plan.csv", 7)}
        assert all(map(plain, in_cell))


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_what_authors_write_is_left_alone(text: str) -> None:
    assert text_findings(text, "a/page.md", ALLOWED) == ()


@pytest.mark.parametrize(
    "cell",
    [
        "Number talks each week; 3 < 4 & more",
        "- the board\n- a photo",
        "**Strong** and {need}`TERM_A`, see [the plan](plan.csv)",
        "~ 20 minutes, $5, 100 %, {so}, [x]",
        "",
    ],
)
def test_cells_that_are_words_are_left_alone(cell: str) -> None:
    assert cell_faults(cell, "plan.csv", 2, ALLOWED) == ()


def test_a_cell_of_any_size_is_told() -> None:
    (found,) = cell_faults("a" * (MOST_VALUE + 1), "plan.csv", 2, ALLOWED)
    assert (found.kind, found.line) == ("too-large", 2)


@pytest.mark.parametrize(
    ("text", "line"),
    [("word\n" * (MOST_PAGE // 4), 1), ("# A\n\n" + "a" * (MOST_LINE + 1), 3)],
    ids=["page", "line"],
)
def test_what_is_too_large_is_not_looked_at(text: str, line: int) -> None:
    assert told(text) == [("too-large", line)]


@pytest.mark.parametrize("unit", ["{{", "{a}`", "<a b="])
def test_the_largest_text_is_looked_at_to_its_end(unit: str) -> None:
    """A rule that takes a text again for each of its signs would stand here for hours."""
    line = (unit * 400)[:800] if "\n" not in unit else unit
    told((line + "\n\n") * (MOST_PAGE // (len(line) + 2)))


@given(hostile_texts)
def test_any_text_is_taken_and_told_at_a_line_of_its_own(text: str) -> None:
    for found in text_findings(text, "page.md", ALLOWED):
        assert found.line
        assert 1 <= found.line <= len(lines_of(text))
        assert plain(found)
    assert {each.line for each in cell_faults(text, "a.csv", 3, ALLOWED)} <= {3}


@given(nested_texts)
def test_windows_line_ends_change_nothing(text: str) -> None:
    text = text.replace("\r", "")
    assert told(text.replace("\n", "\r\n")) == told(text)


# ------------------------------------------------------------------------------- the parser


class _NoRenderer:
    __output__ = "none"

    def __init__(self, _: object) -> None: ...


@pytest.mark.parametrize(
    "more", [(), tuple(sorted(MORE_EXTENSIONS)), ("dollarmath",)], ids=["own", "all", "one"]
)
def test_the_parser_is_the_one_of_the_build(more: tuple[str, ...]) -> None:
    extensions = EXTENSIONS | set(more)
    config = MdParserConfig(enable_extensions=set(extensions), disable_syntax=list(NO_SYNTAX))
    theirs = create_md_parser(config, _NoRenderer)  # type: ignore[arg-type]
    ours = parser(extensions)
    assert rules(ours) == rules(theirs)
    for name in ("maxNesting", "html", "typographer", "linkify", "breaks"):
        assert ours.options.get(name) == theirs.options.get(name), name


def rules(md: MarkdownIt) -> dict[str, list[str]]:
    """The names of all rules that run, in their order."""
    active = {
        name: getattr(md, name).ruler.get_active_rules() for name in ("core", "block", "inline")
    }
    active["inline2"] = md.inline.ruler2.get_active_rules()
    return {name: [rule for rule in found if rule not in AFTER] for name, found in active.items()}


#: Rules that count words and join them, when all has been taken apart.
AFTER = {"wordcount", "text_join"}


# ---------------------------------------------------------------------- what may be switched on


def test_what_is_switched_on_is_let_through_and_checked() -> None:
    more = ("directive:poll", "literal:mermaid", "role:octicon", "front-matter:author")
    allowed, refused = allow(MODEL.types, more)
    assert refused == ()
    text = (
        "---\nauthor: A\n---\n:::{poll} A\n:choices: b\n\nWords.\n:::\n:::{mermaid}\na --> b\n:::\n"
    )
    assert told(text + "{octicon}`star`\n", allowed) == []
    assert told(text + "{octicon}`star`\n") != []
    assert told(":::{poll}\n{raw}`x`\n:::\n", allowed) == [("not-allowed", 2)]


@pytest.mark.parametrize("name", [*sorted(NEVER), "needimport", "needuml", "needpie"])
def test_what_can_never_be_switched_on(name: str) -> None:
    entries = [f"{kind}:{name}" for kind in ("directive", "literal", "role", "front-matter")]
    assert allow((), entries)[1] == tuple(entries)


@pytest.mark.parametrize("entry", ["mermaid", "block:x", "directive:", ":x", ""])
def test_an_entry_that_says_nothing_is_refused(entry: str) -> None:
    assert allow((), [entry])[1] == (entry,)


def test_nothing_is_allowed_that_can_never_be() -> None:
    assert not NEVER & {*BLOCKS, *ROLES}
    assert not NEVER & {*KEYS} - {"title"}  # as a block it would name the page anew


# ------------------------------------------------------------------------------ single rules


@pytest.mark.parametrize(
    ("written", "portable"),
    [
        ("type == 'term'", True),
        ("'a' in tags and not (status in ['x', 'y'] or minutes > 5)", True),
        ("needs", True),
        ("len(tags)", False),
        ("a.b == 1", False),
        ("__class__ == 1", False),
        ("a[0] == 1", False),
        ("f'{a}' == 'b'", False),
        ("(lambda: 1)", False),
        ("a if b else c", False),
        ("(a := 1)", False),
        ("2 ** 9 ** 9", False),
        ("'a' * 9999999", False),
        ("search('(a+)+$', title)", False),
        ("await a", False),
        ("a ==", None),
        ("a; b", None),
        ("", None),
        ("a == '\0'", None),
        ("(" * 300 + ")" * 100, None),
        ("a == 'b' and " * 100 + "a", False),
    ],
)
def test_filters(written: str, portable: bool | None) -> None:
    assert is_portable(written) is portable


@pytest.mark.parametrize(
    ("address", "leads", "good"),
    [
        ("../b/c.md", Leads.LINK, True),
        ("../../b/c.md", Leads.LINK, False),
        ("/b.md", Leads.LINK, True),
        ("a?b=c:d", Leads.LINK, True),
        ("a:b", Leads.LINK, False),
        ("HTTPS://a.example", Leads.LINK, True),
        ("h\tttps://a.example", Leads.LINK, False),
        ("ftp://a.example", Leads.LINK, False),
        ("a" * 2001, Leads.LINK, False),
        ("a.png", Leads.PICTURE, True),
        ("a.PNG", Leads.PICTURE, True),
        ("a.*", Leads.PICTURE, False),
        ("a.png#x", Leads.PICTURE, True),
        ("", Leads.PICTURE, False),
        ("https://a.example/a.png", Leads.PICTURE, False),
        ("a.md", Leads.TEXT, True),
        ("~/a.md", Leads.TEXT, False),
        ("a.toml", Leads.TEXT, False),
        ("a.csv", Leads.DOWNLOAD, True),
        ("a.html", Leads.DOWNLOAD, False),
        ("a.svg", Leads.DOWNLOAD, False),
        ("self", Leads.PAGE, True),
        ("mailto:a@b", Leads.PAGE, False),
    ],
)
def test_addresses(address: str, leads: Leads, good: bool) -> None:
    assert (link_fault(address, "a/page.md", leads) is None) is good
