"""Who depends on whose wording, counted from the files themselves: tables and pages, plain loops.

Nothing here uses the kit's code, so that its numbers can be held against these.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

#: The links by which a record of a type depends on another's wording.
LINKS = {
    "key_result": ("measures",),
    "action": ("advances", "uses"),
    "session": ("serves", "runs"),
    "assessment": ("informs",),
    "protocol": ("develops",),
    "exemplar": ("illustrates",),
}
TABLES = {"plan.csv": "action", "sessions.csv": "session"}


def dependants(source: Path, parent: str) -> set[str]:
    """The ids of the records that name this one in a link that counts."""
    found = set()
    for path in source.rglob("*.csv"):
        if path.name in TABLES:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                for row in csv.DictReader(lines):
                    for link in LINKS[TABLES[path.name]]:
                        if parent in (row[link] or "").replace(" ", "").split(";"):
                            found.add(row["id"])
    for path in source.rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        for block in re.findall(r"(?ms)^:{3,}\{(\w+)\}[^\n]*\n((?::\w+:[^\n]*\n)+)", text):
            options = dict(re.findall(r"(?m)^:(\w+):[ ]*(.*)$", block[1]))
            for link in LINKS.get(block[0], ()):
                if parent in options.get(link, "").replace(" ", "").split(","):
                    found.add(options["id"])
    return found
