"""Every page works for everyone: axe-core finds nothing, and nothing hangs over a telephone's edge.

axe-core runs all rules for WCAG 2.0 to 2.2, levels A and AA, and its best practices. Left out are
level AAA and the rules that axe-core itself calls experimental.

The same finding usually repeats on many pages (a template's), so findings are listed once each,
with the pages they were seen on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sampled import SAMPLED
from tests.tools import BROWSER_TOOLS, node_tools, require

if TYPE_CHECKING:
    from tests.browser.conftest import NewContext, Site

pytestmark = [pytest.mark.browser, pytest.mark.node]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]

RUN_AXE = """tags => axe.run(document, {
  runOnly: {type: "tag", values: tags},
  resultTypes: ["violations"],
}).then(result => result.violations)"""

STICKING_OUT = """() => {
  const edge = innerWidth;
  if (document.scrollingElement.scrollWidth <= edge) return null;
  const held = element => {
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== "visible") return true;
    return false;
  };
  const name = element => element.localName + (element.id ? "#" + element.id : "")
    + [...element.classList].slice(0, 3).map(one => "." + one).join("");
  const wide = [...document.body.querySelectorAll("*")]
    .filter(element => element.getBoundingClientRect().right > edge + 0.5 && !held(element));
  // The innermost culprits say more than the boxes that they stretch.
  const inner = wide.filter(element => !wide.some(other => element !== other
    && element.contains(other)));
  return {
    width: document.scrollingElement.scrollWidth,
    elements: inner.slice(0, 5).map(element => name(element)
      + ` (to ${Math.round(element.getBoundingClientRect().right)} px)`),
  };
}"""


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core."""
    modules = require("axe-core", node_tools(BROWSER_TOOLS))
    return (modules / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("width", [390, 1280], ids=["telephone", "desktop"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe(
    width: int, dark: bool, axe: str, site: Site, pages: list[str], new_context: NewContext
) -> None:
    """No page breaks a rule of axe-core.

    Every page is looked at in one of the four ways, in turn, and (unless the run is sampled) one
    page of each room and its index in all of them: what a way changes is in templates and styles,
    which many pages share.
    """
    rooms = {(url.split("/")[0], url.endswith("index.html")): url for url in reversed(pages)}
    way = [(1280, False), (390, False), (390, True), (1280, True)].index((width, dark))
    pages = sorted({*pages[way::4], *([] if SAMPLED else rooms.values())})
    page = new_context(width=width, dark=dark).new_page()
    seen: dict[str, list[str]] = {}
    for url in pages:
        page.goto(site.url + url)
        # Evaluated, not added as a script element, which a content security policy would refuse.
        page.evaluate(axe)
        for violation in page.evaluate(RUN_AXE, TAGS):
            for node in violation["nodes"]:
                seen.setdefault(_finding(violation, node), []).append(url)
    _assert_none("axe-core", seen, len(pages))


def test_no_page_scrolls_sideways(site: Site, pages: list[str], new_context: NewContext) -> None:
    """On a telephone a page only scrolls down; what is wide scrolls inside its own box."""
    page = new_context(width=390).new_page()
    seen: dict[str, list[str]] = {}
    for url in pages:
        page.goto(site.url + url)
        wide = page.evaluate(STICKING_OUT)
        if wide:
            what = ", ".join(wide["elements"]) or "no element found, perhaps a margin"
            seen.setdefault(f"{wide['width']} px wide at 390 px: {what}", []).append(url)
    _assert_none("pages that scroll sideways", seen, len(pages))


def _finding(violation: dict[str, Any], node: dict[str, Any]) -> str:
    """Say in a few lines which rule is broken, where, and what to do."""
    # A target is a selector, or a list of them for an element in a frame or a shadow tree.
    target = " ".join(part if isinstance(part, str) else " ".join(part) for part in node["target"])
    summary = node["failureSummary"].replace("\n", "\n    ")
    return f"{violation['id']} ({node['impact']}) at {target}\n    {summary}"


def _assert_none(what: str, seen: dict[str, list[str]], total: int) -> None:
    """Fail with every finding and its pages, the most frequent first."""
    if not seen:
        return
    lines = [f"{what}: {len(seen)} different findings"]
    for finding, urls in sorted(seen.items(), key=lambda item: -len(item[1])):
        where = list(dict.fromkeys(urls))
        more = f" and {len(where) - 5} more" if len(where) > 5 else ""
        lines += [
            f"- {finding}",
            f"    on {len(where)} of {total} pages: {', '.join(where[:5])}{more}",
        ]
    pytest.fail("\n".join(lines), pytrace=False)
