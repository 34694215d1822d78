"""A small district with a page of what changed, four edits of it, and a count of its own."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from tests.sites import Source

FILE = "progress/changes.md"
PAGE = "# What changed\n\nWhat is new on the island.\n\n:::{changes}\n:::\n"
BOAT = (
    "SES_BOATS,Boats and bows,plc,2030-12-01,1,OBJ_TALK,,SCH_PIER,ROLE_HEAD,STAGE_SET,teacher,"
    "2030-08-20,\n"
)
TIDE = """\
# Tide

:::{term}
:id: TERM_TIDE
:owner: ROLE_FERRY
:stage: STAGE_SET
:audiences: teacher
:reviewed: 2030-08-20
:aligns_with: STD_ARGUE

Water that comes back, and brings a reason.
:::
"""
#: What the four edits change: (what, id).
EDITED = {
    ("changed", "OBJ_TALK"),
    ("changed", "ACT_PIER_01"),
    ("added", "TERM_TIDE"),
    ("removed", "SES_BOATS"),
}


def with_changes(source: Source) -> Source:
    """Add the page of what changed, the block on the home page, and a session to be removed."""
    source.write(FILE, PAGE)
    source.append("progress/index.md", "\n:::{toctree}\n:hidden:\nchanges\n:::\n")
    source.append("learning/sessions.csv", BOAT)
    source.replace("index.md", "- [The vision]", ":::{since-you-were-here}\n:::\n\n- [The vision]")
    return source


def four_edits(source: Source) -> None:
    """A title, a status, a new page, a removed row."""
    source.replace("vision/talk.md", "# Students talk mathematics", "# Students argue mathematics")
    source.replace("schools/pier/plan.csv", "ROLE_FERRY,active", "ROLE_FERRY,done")
    source.write("glossary/tide.md", TIDE)
    source.append("glossary/index.md", "\n:::{toctree}\n:hidden:\ntide\n:::\n")
    source.replace("learning/sessions.csv", BOAT, "")


_BLOCK = re.compile(r"(?ms)^:::+\{(\w+)\}([^\n]*)\n:id: (\w+)\n(.*?)^:::+[ \t]*$")


def written(root: Path) -> dict[str, str]:
    """Everything that a source folder says of each record, by its id, read without the kit."""
    found: dict[str, str] = {}
    for path in sorted(root.rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if re.fullmatch(r"[A-Z]+_\w+", row.get("id") or ""):
                    found[row["id"]] = repr(row)
    for path in sorted(root.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        blocks = list(_BLOCK.finditer(text))
        for block in blocks:
            found[block[3]] = block[0]
            if not block[2].strip():  # its page's own record
                found[block[3]] += _BLOCK.sub("", text)
    return found


def compared(before: dict[str, str], after: dict[str, str]) -> set[tuple[str, str]]:
    """(what, id) of each record that differs between two source folders."""
    return {
        ("added" if each not in before else "removed" if each not in after else "changed", each)
        for each in before.keys() | after.keys()
        if before.get(each) != after.get(each)
    }
