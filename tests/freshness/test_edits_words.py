"""Words of the glossary: after an edit of one, just the pages that mention it are written again."""

from __future__ import annotations

from tests.freshness.site import District, assert_fresh
from tests.freshness.test_edits import (
    FIRST,
    PROTOCOL,
    SECOND,
    TOML,
    WORD,
    Case,
    add,
    all_of,
    assert_each_fresh,
    by_name,
    case,
    move,
    remove,
    swap,
    there_and_back,
    write,
)

TIDE = """\
# Tide table

:::{term}
:id: TERM_TIDE_TABLE
:owner: ROLE_HEAD
:stage: STAGE_SET
:audiences: teacher
:reviewed: 2030-08-20
:aligns_with: STD_ARGUE

When the water comes and goes.
:::
"""
TABLE = "glossary/tide-table.md"
LISTED = "\n:::{toctree}\n:hidden:\ntide-table\n:::\n"
WATCH = '\n[words]\nwatch = ["explain", "rigour"]\n'

new_word = all_of(
    add(FIRST, "\nKeep the gull log. Read the tide tables.\n"),
    add(SECOND, "\nA tide table hangs here, and {word}`tide table` is marked.\n"),
    write(TABLE, TIDE),
    add(WORD, LISTED),
)
CASES = [
    case(
        "a word comes",
        add(FIRST, "\nRead the tide tables.\n"),
        all_of(write(TABLE, TIDE), add(WORD, LISTED)),
    ),
    case("a word goes", new_word, all_of(remove(TABLE), swap(WORD, LISTED, ""))),
    case("a word is named anew", new_word, swap(TABLE, "# Tide table", "# Gull log")),
    case("its meaning changes", new_word, swap(TABLE, "comes and goes", "rises and falls")),
    case("another form comes", new_word, swap(TABLE, ":aligns", ":also: gull log\n:aligns")),
    case(
        "another form goes",
        all_of(new_word, swap(TABLE, ":aligns", ":also: gull log\n:aligns")),
        swap(TABLE, ":also: gull log\n", ""),
    ),
    there_and_back("only marked", swap(WORD, ":aligns_with:", ":linking: marked\n:aligns_with:")),
    case("its id changes", new_word, swap(TABLE, "TERM_TIDE_TABLE", "TERM_TIDES")),
    case(
        "its page moves",
        new_word,
        all_of(
            move(TABLE, "vision/tides.md"),
            swap(WORD, "\ntide-table\n", "\n/vision/tides\n"),
        ),
    ),
    case(
        "a longer word takes the place",
        add(SECOND, "\nTo explain why, to explain.\n"),
        all_of(swap(WORD, ":aligns_with:", ":also: to explain why\n:aligns_with:")),
    ),
    there_and_back("a mark that leads nowhere", add(SECOND, "\n{word}`to explian`\n")),
    there_and_back(
        "two words of one form", all_of(new_word, swap(TABLE, "# Tide table", "# To explain"))
    ),
    case(
        "a link made by hand comes before",
        add(SECOND, "\nTo explain is hard.\n"),
        swap(SECOND, "{ref}", "{need}`TERM_EXPLAIN`, {ref}"),
    ),
    case("plurals of another language", new_word, swap(TOML, 'language = "en"', 'language = "fr"')),
    case("a watched word", add(TOML, WATCH), swap(TOML, '["explain", "rigour"]', '["rigour"]')),
    case("a watched word in a step", add(TOML, WATCH), swap(PROTOCOL, "Nobody speaks", "Rigour")),
    there_and_back(
        "no words at all",
        all_of(swap(WORD, ":id: TERM_", ":id: EX_"), swap(WORD, "{term}", "{exemplar}")),
    ),
]


@by_name(CASES)
def test_build_after_an_edit_equals_a_clean_one(edits: Case, built: District) -> None:
    assert_each_fresh(edits, built)


def test_only_pages_that_mention_a_word_are_written_again(built: District) -> None:
    new_word(built)
    assert_fresh(built)
    pages = [path for path in built.output.rglob("*.html") if "_static" not in path.parts]
    before = {path: path.stat().st_mtime_ns for path in pages}
    built.replace(TABLE, "comes and goes", "rises and falls")
    built.built()
    changed = names(built, before)
    assert "glossary/tide-table" in changed
    assert not changed & {"guide/first-week", "guide/second-week"}
    before = {path: path.stat().st_mtime_ns for path in pages}
    built.replace(TABLE, ":aligns", ":also: gull log\n:aligns")
    built.built()
    changed = names(built, before)
    assert {"glossary/tide-table", "guide/first-week"} <= changed
    assert not changed & {"vision/index", "schools/pier/index", "protocols/index"}


def names(built: District, before: dict) -> set[str]:  # type: ignore[type-arg]
    """The pages that were written since."""
    return {
        path.relative_to(built.output).with_suffix("").as_posix()
        for path, then in before.items()
        if path.exists() and path.stat().st_mtime_ns != then
    }
