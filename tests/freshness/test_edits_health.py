"""How the system stands follows from everything else: its page, and its marks on other pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.freshness.conftest import as_built, keep_as_built
from tests.freshness.site import District, assert_fresh, district
from tests.freshness.test_edits import (
    PLAN,
    PROTOCOL,
    SESSIONS,
    TOML,
    VISION,
    Case,
    all_of,
    assert_each_fresh,
    case,
    remove,
    setting,
    swap,
    there_and_back,
)

PAGE = "# System health\n\nWhat would hold?\n\n:::{system-health}\n:::\n"
LINE = "\n## How it stands\n\n:::{health-line} stage\n:::\n\n:::{health-line} subsystem\n:::\n"
TABLE = "Teachers sit together on Tuesdays.\n"
ELEMENTS = f"{TABLE}\n- **Time is kept.** See {{need}}`PRO_BOAT_TALK`.\n- **Tea is made.** Hot.\n"
TREE = "\n:::{toctree}\n:hidden:\nhealth\n:::\n"

CASES = [
    case(
        "an element is renamed, loses its link and gets another",
        swap(VISION, "**Time is kept.**", "**Time is protected.**"),
        swap(VISION, "See {need}`PRO_BOAT_TALK`.", "See {need}`TERM_EXPLAIN`."),
        swap(VISION, "**Tea is made.** Hot.", "**Tea is made.** In {need}`PRO_BOAT_TALK`."),
    ),
    there_and_back("the elements gone", swap(VISION, ELEMENTS, TABLE)),
    case(
        "a protocol strengthens nothing, then again",
        swap(PROTOCOL, ":strengthens: SUB_TABLE\n", ""),
    ),
    there_and_back("no session runs it", swap(SESSIONS, ",PRO_BOAT_TALK,", ",,")),
    there_and_back("an action dropped", swap(PLAN, ",active,", ",dropped,")),
    case("a record reviewed long ago", swap(PROTOCOL, "2030-08-20", "2028-08-20")),
    case("the day", setting("manual_today", "2031-07-01"), setting("manual_today", "2031-09-01")),
    case(
        "the marks' own settings",
        swap(TOML, "[thresholds]\n", "[thresholds]\nhealth_strong = 100\nhealth_growing = 99\n"),
    ),
    there_and_back(
        "the page gone",
        all_of(remove("progress/health.md"), swap("progress/index.md", TREE, "")),
    ),
    case(
        "a subsystem renamed",
        swap(VISION, "{subsystem} The Tuesday table", "{subsystem} The table"),
    ),
]


@pytest.fixture(scope="module")
def pier_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small district with elements, the page, its short lines and a first build."""
    folder = tmp_path_factory.mktemp("health")
    made = district(folder)
    made.replace(VISION, TABLE, ELEMENTS)
    made.append("guide/index.md", LINE)
    made.write("progress/health.md", PAGE)
    made.append("progress/index.md", TREE)
    assert assert_fresh(made).findings == ()
    return keep_as_built(folder)


@pytest.fixture
def pier(pier_once: Path) -> District:
    return as_built(pier_once)


@pytest.mark.parametrize("edits", CASES, ids=lambda each: each.name)
def test_the_marks_follow(pier: District, edits: Case) -> None:
    assert_each_fresh(edits, pier)


def test_a_mark_on_another_page_follows_an_edit_elsewhere(pier: District) -> None:
    """The guide shows the mark, and is not edited."""
    guide = pier.output / "guide/index.html"
    assert "status--weak" in guide.read_text(encoding="utf-8")
    pier.replace(VISION, "See {need}`PRO_BOAT_TALK`.", "See nothing.")
    pier.replace(PROTOCOL, ":strengthens: SUB_TABLE\n", "")
    pier.built()
    assert "status--empty" in guide.read_text(encoding="utf-8")


def test_a_new_manual_is_told_how_to_begin(pier: District) -> None:
    pier.remove(SESSIONS)
    pier.built()
    page = (pier.output / "progress/health.html").read_text(encoding="utf-8")
    assert re.findall(r'<li><span class="status status--(\w+)">', page) == [
        *("done", "done", "done", "done", "planned")
    ]
    assert 'class="health-table"' not in page
    assert "health-line" not in (pier.output / "guide/index.html").read_text(encoding="utf-8")
