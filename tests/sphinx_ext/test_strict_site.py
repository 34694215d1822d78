"""No page holds a script, a style or HTML of a writer's own; formulas and widths are kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from tests.hostile_names import MARK, PART, built_unchecked
from tests.sites import TINY, check, copy

Page = Any


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("strict")
    built_unchecked(root / "source", root / "html")
    return root / "html"


def parsed(path: Path) -> Page:
    return html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


def elements(root: Path) -> Iterator[tuple[str, Page]]:
    """Every element of every page, with the page's name."""
    for path in sorted(root.rglob("*.html")):
        for element in parsed(path).iter(etree.Element):
            yield path.relative_to(root).as_posix(), element


def not_strict(root: Path) -> set[str]:
    """What the policy would stop: inline scripts, styles and handlers, other schemes and hosts."""
    found = set()
    for page, element in elements(root):
        if element.tag == "style" or (element.tag == "script" and not element.get("src")):
            found.add(f"{page}: {element.tag}")
        for name, value in element.attrib.items():
            # Links lead where a writer wants; what is loaded comes from the site.
            loads = name in {"src", "srcset", "poster", "data", "action"} or element.tag == "link"
            address = value.strip().lower()
            if (
                name in {"style", "srcdoc"}
                or name.startswith("on")
                or address.startswith(("javascript:", "data:", "vbscript:"))
                or (loads and name != "data" and address.startswith(("http:", "//")))
            ):
                found.add(f"{page}: {element.tag} {name}={value[:60]}")
    return found


def test_nothing_inline_in_the_sample(published_site: Path) -> None:
    assert not_strict(published_site) == set()


def test_nothing_inline_whatever_a_page_asks_for(built: Path) -> None:
    assert not_strict(built) == set()


def test_names_and_titles_stay_text(built: Path) -> None:
    """No element came of the HTML in a heading, a record, a row, a school's or district's name."""
    there, told = set(), set()
    for page, element in elements(built):
        if MARK in element.attrib:
            there.add(f"{page}: {element.tag}")
        if PART in "".join(element.itertext()) and element.tag not in {"html", "body", "main"}:
            told.add(element.tag)
    assert there == set()
    assert {"title", "h1", "h3", "a", "p", "span", "li", "dd"} <= told


def test_widths_are_classes(built: Path) -> None:
    page = parsed(built / "protocols" / "index.html")
    assert [each.get("class") for each in page.iterfind(".//col")] == ["width-35", "width-65"]
    (table,) = page.xpath("//table[contains(@class, 'width-')]")
    assert "width-50" in table.get("class").split()
    (figure,) = page.iterfind(".//figure")
    assert "width-40" in figure.get("class").split()
    assert figure.find(".//img").get("width") == "192"
    assert ".width-35 " in (built / "_static" / "manual.css").read_text(encoding="utf-8")


def test_formulas_are_drawn_by_the_browser(built: Path) -> None:
    page = parsed(built / "protocols" / "index.html")
    block, line = page.iterfind(".//math")
    assert block.get("display") == "block"
    assert block.find(".//mfrac") is not None
    assert block.get("alttext").startswith(r"\frac{3}{4} + x^2 <")
    assert block.find(".//mtext").text.replace("\xa0", " ") == "one <b data-hostile>half</b>"
    assert [each.text for each in line.iterfind(".//mn")] == ["3", "4", "12"]
    assert not list(built.rglob("*athjax*"))


WRONG = (
    ("```{math}\n\\frac{1}{\n```", "formula", "It is not whole."),
    ("Say {math}`\\fraq{1}{2}`.", "formula", "\\fraq is not known."),
    ("```{list-table}\n:width: 300px\n\n* - One\n```", "own-style", "300px is no share"),
)


def test_what_cannot_be_is_named(tmp_path: Path) -> None:
    """With its file and the line it begins in, or one of its own."""
    source, page = copy(TINY, tmp_path / "source"), "protocols/index.md"
    source.append(page, "".join(f"\n{written}\n" for written, _, _ in WRONG))
    found = check(source).findings
    assert [each["kind"] for each in found] == [kind for _, kind, _ in WRONG]
    for each, (written, _, words) in zip(found, WRONG, strict=True):
        assert words in each["message"]
        first = source.line(page, written.partition("\n")[0])
        assert each["file"] == page
        assert first <= each["line"] <= first + written.count("\n")
