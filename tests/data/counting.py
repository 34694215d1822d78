"""What hangs on what, counted from the pages and tables of a manual as they are written.

Plain loops and regular expressions over the source, without the kit's own code: another way to the
numbers that a site shows.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path

PREFIXES = {
    "VIS": "vision",
    "STAGE": "stage",
    "SUB": "subsystem",
    "STD": "standard",
    "ROLE": "role",
    "SCH": "school",
    "OBJ": "objective",
    "KR": "key_result",
    "ACT": "action",
    "PRO": "protocol",
    "TERM": "term",
    "EX": "exemplar",
    "SES": "session",
    "ASM": "assessment",
    "DEC": "decision",
}
#: A change goes on from the record named to the record that says so, and further.
FURTHER = (
    *("realises", "measures", "advances", "serves", "informs", "uses", "runs", "analysed_in"),
    *("strengthens", "develops", "illustrates", "aligns_with", "part_of"),
)
#: It goes one step only.
NEXT = ("at", "owner", "led_by", "backed_up_by", "covered_by", "stage")
BLOCK = re.compile(r"^:{3,}\{(\w+)\}.*?$\n(.*?)^:{3,}\s*$", re.M | re.S)
OPTION = re.compile(r"^:(\w+):[ \t]*(.*)$", re.M)


#: The tables whose rows are records.
TABLES = ("plan.csv", "sessions.csv", "standards.csv", "assessments.csv")


#: The page that shows a table, where it is not the index of its folder.
PAGE_OF = {"assessments.csv": "assessments"}


@dataclass
class Written:
    """A record as written: its id, its page (without suffix), links and fields as lists of ids."""

    id: str
    page: str
    said: dict[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        return PREFIXES[self.id.split("_")[0]]

    def ids(self, name: str) -> list[str]:
        return [part for part in re.split(r"[,;\s]+", self.said.get(name, "")) if part]


def written(source: Path) -> dict[str, Written]:
    """Every record of the folder."""
    found = {}
    for path in sorted(source.rglob("*.md")):
        page = path.relative_to(source).with_suffix("").as_posix()
        for _, inside in BLOCK.findall(path.read_text("utf-8")):
            said = dict(OPTION.findall(inside.split("\n\n")[0]))
            if "id" in said and said["id"].split("_")[0] in PREFIXES:
                found[said["id"]] = Written(said["id"], page, said)
    for path in (path for name in TABLES for path in sorted(source.rglob(name))):
        school = re.search(r"^:id: (SCH_\w+)", path.with_name("index.md").read_text("utf-8"), re.M)
        with path.open(encoding="utf-8-sig", newline="") as rows:
            for row in csv.DictReader(rows):
                page = (
                    path.with_name(PAGE_OF.get(path.name, "index")).relative_to(source).as_posix()
                )
                record = Written(row["id"], page, dict(row))
                if school:
                    record.said["at"] = school[1]
                found[record.id] = record
    return found


def dependants(records: dict[str, Written]) -> dict[str, set[str]]:
    """By record, the ids of all that a change of it would reach."""
    further: dict[str, set[str]] = {name: set() for name in records}
    once: dict[str, set[str]] = {name: set() for name in records}
    for record in records.values():
        for link in (*FURTHER, *NEXT):
            for target in record.ids(link):
                if target in records:
                    (further if link in FURTHER else once)[target].add(record.id)
    found = {}
    for name, record in records.items():
        reached = set(further[name])
        if record.type == "decision":
            reached |= {target for target in record.ids("affects") if target in records}
        edge = set(reached)
        while edge:
            edge = {lower for upper in edge for lower in further[upper]} - reached
            reached |= edge
        found[name] = (reached | once[name]) - {name}
    return found
