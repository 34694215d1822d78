"""The records of a source folder, read by plain loops over its pages and tables.

Nothing of the kit is used: what it shows is counted again from this.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

BLOCK = re.compile(r"(?m)^:{3,}\{(\w+)\}[ \t]*(.*)\n((?::[\w-]+:.*\n)+)")
OPTION = re.compile(r"(?m)^:([\w-]+):[ \t]*(.*)$")
LINKS = (
    *("realises", "measures", "advances", "at", "led_by", "uses", "strengthens", "develops"),
    *("aligns_with", "illustrates", "serves", "runs", "owner", "stage"),
)


#: The tables whose rows are counted, with the type of a row.
TABLES = {"plan.csv": "action", "sessions.csv": "session", "assessments.csv": "assessment"}


class Read(dict[str, str]):
    """A record: its options as text, with `type` and `title`."""

    def to(self, link: str) -> list[str]:
        """The ids of a link, each once."""
        return list(dict.fromkeys(re.findall(r"[A-Z][A-Z0-9_]+", self.get(link, ""))))


def read_source(source: Path) -> dict[str, Read]:
    """Every record by its id."""
    found: dict[str, Read] = {}
    for page in sorted(source.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        for kind, title, options in BLOCK.findall(text):
            record = Read(OPTION.findall(options))
            if "id" in record:
                record["type"] = kind
                record["title"] = title.strip() or re.findall(r"(?m)^# (.+)$", text)[0].strip()
                found[record["id"]] = record
    for table in sorted(source.rglob("*.csv")):
        if table.name in TABLES:
            text = table.read_text(encoding="utf-8-sig")
            for row in csv.DictReader(io.StringIO(text, newline="")):
                record = Read({name: cell for name, cell in row.items() if cell})
                record["type"] = TABLES[table.name]
                page = (table.parent / "index.md").read_text(encoding="utf-8")
                school = re.findall(r"(?m)^:id: (SCH_\w+)$", page)
                if school:
                    record["at"] = school[0]
                found[record["id"]] = record
    return found
