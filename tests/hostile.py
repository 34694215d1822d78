"""Texts that try to be more than words: the corpus of cases, and pieces to make others from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

FOLDER = Path(__file__).parent / "data" / "hostile"

#: Stands for a paragraph that is too long.
LONG = "@@long@@"
#: Ways in by which a text may come to be read.
WAYS = ("page", "include", "cell")


@dataclass(frozen=True)
class Case:
    """A hostile text: the kind of finding it gives, on which line, by which ways in.

    `escapes` says that Sphinx, left alone, would do what the text asks for.
    """

    name: str
    text: str
    line: int
    kind: str = "not-allowed"
    ways: tuple[str, ...] = WAYS
    escapes: bool = True


def cases() -> list[Case]:
    """Every case of the corpus."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        for name, case in told.items():
            ways = tuple(case.pop("ways", WAYS))
            case["text"] = case["text"].replace(LONG, "word " * 5000)
            found.append(Case(f"{path.stem}: {name}", ways=ways, **case))
    return found


#: What authors write, by what it is.
HARMLESS: dict[str, str] = tomllib.loads(
    FOLDER.with_name("harmless.toml").read_text(encoding="utf-8")
)

#: Parts of Markdown that matter to a check of it; the fuzzer has them as its words.
PIECES = (
    *(
        "```",
        "````",
        "~~~",
        ":::",
        "::::",
        ":::::",
        "`",
        "``",
        "\n",
        "\n\n",
        "    ",
        "\t",
        " ",
        "  ",
    ),
    *("{eval-rst}", "{raw}", "{note}", "{card}", "{steps}", "{figure}", "{include}", "{term}"),
    *("{code-block}", "{math}", "{toctree}", "{needtable}", "{list-table}", "{admonition}"),
    *("{tab-item}", "{grid-item-card}", "{dropdown}", "{image}", "{table}", "{NOTE}", "{ raw}"),
    *(
        "{raw}`x`",
        "{need}`A`",
        "{math}`x`",
        "{download}`",
        "{need_count}`",
        "{sup}`",
        "{raw-html}`",
    ),
    *(
        ":id: A\n",
        ":class: b\n",
        ":target: ",
        ":link: ",
        ":file: ",
        ":filter: ",
        ":name: |\n",
        ":  x",
    ),
    *("---", "---\n", "...", "myst:", "title: a\n", "&a ", "*a", "!!python/name:x", "+++", "^^^"),
    *(
        "javascript:x",
        "JaVaScRiPt&#58;x",
        "java&Tab;script:x",
        "%6aavascript:x",
        "data:text/html,x",
    ),
    *("//evil.example", "../../x.md", "/etc/passwd", "C:\\x", "http://a.example", "mailto:a@b"),
    *(
        "[a](",
        "[a][b]",
        "[b]: ",
        "![",
        "](",
        ")",
        "<",
        ">",
        "[",
        "]",
        "(",
        "|",
        "| a | b |\n|---|---|\n",
    ),
    *(
        "<b>",
        "<script>",
        "<!--",
        "&lt;",
        "&#x2028;",
        "\\",
        "\u2028",
        "\x0b",
        "\x85",
        "\u200b",
        "\r",
        "\xa0",
    ),
    *(
        "- ",
        "1. ",
        "> ",
        "* ",
        "[^1]",
        "[^1]: ",
        ": ",
        "a",
        "A b",
        "# ",
        "%",
        "(a)=\n",
        "{",
        "}",
        "*",
        "_",
    ),
)

hostile_texts = st.lists(
    st.one_of(st.sampled_from(PIECES), st.sampled_from(PIECES), st.sampled_from("ab1 \n:`-")),
    max_size=30,
).map("".join)


NAMES = """
    note card steps admonition figure term code-block tab-item list-table toctree needtable grid
    dropdown step topic eval-rst raw
""".split()  # noqa: SIM905


def _fence(name: str, sign: str, inside: str, title: str) -> str:
    return f"{sign}{{{name}}}{title}\n{inside}\n{sign}\n"


#: Texts whose blocks are whole, so that what is inside them is reached.
nested_texts = st.recursive(
    hostile_texts,
    lambda inner: st.builds(
        lambda parts, indent: "\n".join(parts).replace("\n", f"\n{indent}"),
        st.lists(
            st.one_of(
                inner,
                st.builds(
                    _fence,
                    st.sampled_from(NAMES),
                    st.sampled_from([":::", "::::", "`````", "~~~~", "::::::"]),
                    inner,
                    st.sampled_from(
                        ["", " a", " {raw}`x`", " ```{raw} html", " :::{raw}", "\xa0b"]
                    ),
                ),
            ),
            max_size=4,
        ),
        st.sampled_from(["", "", "> ", "  ", "   "]),
    ),
    max_leaves=6,
)
