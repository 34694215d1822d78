"""Values that a build would take as more than words: filters, formulas, front matter, letters."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Iterator

#: Letters that end lines or turn words round where nobody sees it; a tab and line ends are fine.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
#: Commands of TeX that link, load, define or set the look of a page: in a formula they do more
#: than show one.
_TEX = re.compile(
    r"\\(?:href|url|class|cssId|style|html\w*|data|require|unicode|include\w*|input|def|gdef|edef"
    r"|xdef|let|futurelet|newcommand|renewcommand|providecommand|newenvironment|renewenvironment"
    r"|DeclareMathOperator|write|immediate|openin|openout|read|catcode|csname|expandafter|loop"
    r"|special|directlua|bbox|mmlToken|mathtip|texttip|toggle|endtoggle|action|usepackage)"
    r"(?![A-Za-z])"
)
#: A formula longer than this is a page of its own.
MOST_TEX = 2000
#: A filter longer than this is a program.
MOST_FILTER = 500
#: `key: value`; a value that is not quoted begins with a letter and holds no `: `, ` #`.
_KEY = re.compile(
    r"""(?P<key>[A-Za-z][\w-]*):(?: +(?:\w(?:(?!:(?: |$)|[ \t]#)[^\n])*|"[^"\\\n]*"|'[^'\n]*'))?""",
    re.ASCII,
)
#: Keys and values of a front matter, all together.
MOST_FRONT = 4000

_COMPARE = (ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def unseen(text: str) -> Iterator[tuple[int, str]]:
    """Letters nobody sees, as (line, name of the letter); one a line."""
    if text.isascii() and text.isprintable():
        return
    last = 0
    line, at = 1, 0
    for found in UNSEEN.finditer(text):
        line += text.count("\n", at, found.start())
        at = found.start()
        if line != last:
            last = line
            yield line, f"U+{ord(found[0]):04X}"


def tex_fault(formula: str) -> str | None:
    """The command of a formula that does more than show it; None when there is none."""
    if len(formula) > MOST_TEX:
        return "more than a formula"
    found = _TEX.search(formula)
    return found[0] if found else None


def is_portable(written: str) -> bool | None:
    """Whether a filter only compares fields; None when it cannot be understood at all.

    Names, texts, numbers and lists of them, compared and joined by and, or, not. No calls, no
    attributes: those are what a program is made of.
    """
    if len(written) > MOST_FILTER:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python has its own opinion of odd escapes
            tree = ast.parse(written.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return _plain(tree.body)


def _plain(node: ast.expr) -> bool:
    match node:
        case ast.BoolOp():
            return all(_plain(value) for value in node.values)
        case ast.UnaryOp(op=ast.Not()):
            return _plain(node.operand)
        case ast.Compare():
            parts = [node.left, *node.comparators]
            return all(isinstance(op, _COMPARE) for op in node.ops) and all(map(_word, parts))
        case ast.Name() | ast.Constant():
            return _word(node)
    return False


def _word(node: ast.expr) -> bool:
    match node:
        case ast.Name():
            return not node.id.startswith("_")
        case ast.Constant():
            return node.value is None or isinstance(node.value, str | bool | int | float)
        case ast.List() | ast.Tuple() | ast.Set():
            return all(isinstance(one, ast.Constant) and _word(one) for one in node.elts)
    return False


def front_matter_faults(content: str, keys: Collection[str]) -> Iterator[tuple[int, str, str]]:
    """What is wrong with a front matter, as (line below the first ---, key or "", what is wrong).

    Each line is `key: value`, the value words or words in quotation marks: a part of YAML that
    every reader of YAML takes alike, and in which nothing can stand for something else.
    """
    if len(content) > MOST_FRONT:
        yield 1, "", "is too long"
        return
    seen: set[str] = set()
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _KEY.fullmatch(line.rstrip(" "))
        if not found:
            yield number, "", "is not of the form `key: words`"
            continue
        key = found["key"]
        if key in seen:
            yield number, key, "says this twice"
        elif key not in keys:
            yield number, key, "not allowed"
        seen.add(key)
