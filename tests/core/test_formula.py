"""Formulas: what becomes of TeX, and what is refused."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.formula import ATTRIBUTES, PARTS, FormulaError, mathml

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\frac{3}{4}", "34"),
        (r"3 \times 4 = 12", "3×4=12"),
        (r"7 \div 2", "7÷2"),
        (r"a < b", "a<b"),
        (r"\$5 \cdot 20\%", "$5·20%"),
        (r"\sqrt{x^2 + y^2}", "x2+y2"),
        (r"\text{rate} = \frac{\text{how much}}{\text{per one}}", "rate=how\xa0muchper\xa0one"),
        (r"\begin{align} a &= b \\ c &= d \end{align}", "a=b(1)c=d(2)"),
        (r"\text{&lt;script&gt; <script>}", "<script>\xa0<script>"),
        (r"\{1, 2\}", "{1,2}"),
    ],
)
def test_read(tex: str, text: str) -> None:
    tree = fromstring(mathml(tex))
    assert "".join(tree.itertext()) == text
    assert tree.get("alttext") == tex


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        ("", "empty"),
        ("{", "not whole"),
        ("x^", "not whole"),
        (r"\left( x", "not whole"),
        (r"\begin{matrix} 1", "not whole"),
        (r"\begin{cats} 1 \end{cats}", r"\begin{cats} is not known"),
        (r"\frac{1}", "missing"),
        ("x}", "A } stands"),
        ("$x$", "A $ stands"),
        (r"\fraq{1}{2}", r"\fraq is not known"),
        (r"\href{javascript:alert(1)}{x}", "a link"),
        (r"\style{color: red}{x}", "a style"),
        (r"\class{big}{x}", "a class"),
        (r"\color{red} x", "a colour"),
        (r"\colorbox{red}{x}", "a colour"),
        (r"\newcommand{\a}{\b\b} \a", r"\newcommand"),
        (r"\def\a{\a\a} \a", r"\def"),
        (r"\DeclareMathOperator{\lcm}{lcm}", r"\DeclareMathOperator"),
        ("x" * 2001, "longer"),
        ("{" * 1900, "not whole"),
        ("x\x1b", "cannot be shown"),
        ("x % \x1b", "cannot be shown"),
    ],
)
def test_refused(tex: str, words: str) -> None:
    with pytest.raises(FormulaError) as refused:
        mathml(tex)
    assert words in str(refused.value)
    assert refused.value.fix


PIECES = st.sampled_from(
    r"""
    \frac \sqrt \left \right \begin{array} \end{array} \text{ \href{ \style{ \over \limits \hspace
    \overset \color{ \rule \genfrac \sideset \cfrac { } ( ) [ ] ^ _ & \\ # $ % ' < > " = x 1 2.5
    javascript: \verb|a| \operatorname{a} \mathbb{N} \unicode{60} \bra \middle
    """.split()  # noqa: SIM905
)


@given(st.lists(PIECES | st.text(max_size=4), max_size=12).map(" ".join), st.booleans())
def test_whatever_is_written(tex: str, block: bool) -> None:
    """It is refused, or it becomes well-formed MathML of what is allowed."""
    try:
        made = mathml(tex, block=block)
    except FormulaError:
        return
    for element in fromstring(made).iter():
        assert element.tag.removeprefix(NAMESPACE) in PARTS
        assert element.attrib.keys() - {"alttext"} <= ATTRIBUTES
