"""Every page is valid HTML, by html-validate's recommended rules.

All rules about validity, content and accessibility are on. Off, in htmlvalidate.json (which cannot
hold comments), are rules of taste that docutils and Sphinx do not share; none changes what a
browser makes of the page:

- no-trailing-whitespace: templates leave spaces where they put nothing.
- void-style: docutils writes <br />, Sphinx's templates write both ways.
- attribute-boolean-style: docutils writes checked="checked".
- attribute-empty-style: Sphinx writes download="" on links to files.
- prefer-tbody: Sphinx's template of the index has tables without it; the browser adds it.
- long-title: a record's title is the district's to choose, however long.
- no-redundant-role: Sphinx's own search finds the text of a page by role="main" on <main>.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.tools import BROWSER_TOOLS, node_tools, require, run_node

if TYPE_CHECKING:
    from tests.browser.conftest import Site

pytestmark = pytest.mark.node

CONFIG = Path(__file__).with_name("htmlvalidate.json")
PROGRAM = Path("html-validate", "bin", "html-validate.mjs")


def test_html_is_valid(site: Site, pages: list[str], tmp_path: Path) -> None:
    """No page breaks a rule of html-validate."""
    modules = require("html-validate", node_tools(BROWSER_TOOLS))
    report = tmp_path / "report.json"
    done = run_node(
        [
            str(modules / PROGRAM),
            f"--config={CONFIG}",
            f"--formatter=json={report}",
            *pages,
        ],
        cwd=site.root,
    )
    # 0 is clean and 1 is findings; a report that is missing is a fault of the tool or its config.
    if not report.is_file():
        pytest.fail(f"html-validate did not run:\n{done.stderr or done.stdout}", pytrace=False)
    seen: dict[str, list[str]] = {}
    for page in json.loads(report.read_text("utf-8")):
        for message in page["messages"]:
            finding = f"{message['ruleId']}: {message['message']}"
            place = f"{_relative(page['filePath'], site)}:{message['line']}:{message['column']}"
            seen.setdefault(finding, []).append(place)
    if seen:
        pytest.fail(_listing(seen), pytrace=False)


def _relative(path: str, site: Site) -> str:
    return Path(path).relative_to(site.root).as_posix()


def _listing(seen: dict[str, list[str]]) -> str:
    """List every finding once, with the places it was seen at; the most frequent first."""
    lines = [f"html-validate: {len(seen)} different findings"]
    for finding, places in sorted(seen.items(), key=lambda item: -len(item[1])):
        more = f" and {len(places) - 5} more" if len(places) > 5 else ""
        lines += [f"- {finding}", f"    at {', '.join(places[:5])}{more}"]
    return "\n".join(lines)
