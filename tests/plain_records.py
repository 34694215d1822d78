"""The records of a source folder, by plain loops over its pages and tables."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.sites import KIT

MODEL = tomllib.loads((KIT / "ubproject.toml").read_text(encoding="utf-8"))["needs"]
TYPES = [each["directive"] for each in MODEL["types"]]
LINKS = list(MODEL["links"])
OF_TABLE = {
    "plan.csv": "action",
    "sessions.csv": "session",
    "standards.csv": "standard",
    "assessments.csv": "assessment",
}
#: The page that shows a table, where it is not the index of its folder.
PAGE_OF = {"assessments.csv": "assessments"}
_BLOCK = re.compile(rf"(?m)^:::+\{{({'|'.join(TYPES)})\}}[^\n]*\n((?::[\w-]+:[^\n]*\n)+)")


@dataclass(frozen=True)
class Plain:
    """A record as its file says it: type, page, and the ids of each link."""

    type: str
    page: str
    links: dict[str, list[str]] = field(default_factory=dict)


def plain_records(source: Path) -> dict[str, Plain]:
    """Every record by its id."""
    found: dict[str, Plain] = {}
    for path in sorted(source.rglob("*.md")):
        page = path.relative_to(source).with_suffix("").as_posix()
        for type_name, head in _BLOCK.findall(path.read_text(encoding="utf-8")):
            options = dict(re.findall(r"(?m)^:([\w-]+): *(.*?) *$", head))
            found[options["id"]] = Plain(type_name, page, _links(options))
    schools = {each.page: name for name, each in found.items() if each.type == "school"}
    for path in sorted(source.rglob("*.csv")):
        if path.name not in OF_TABLE:  # rows about records are no records
            continue
        shown = PAGE_OF.get(path.name, "index")
        page = path.relative_to(source).with_name(shown).as_posix()
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if page in schools:
                    row["at"] = schools[page]
                found[row["id"]] = Plain(OF_TABLE[path.name], page, _links(row))
    return found


def _links(said: dict[str, str]) -> dict[str, list[str]]:
    split = {name: re.findall(r"[A-Z0-9_]+", said.get(name) or "") for name in LINKS}
    return {name: ids for name, ids in split.items() if ids}


def types_of(records: dict[str, Plain]) -> Counter[str]:
    return Counter(each.type for each in records.values())


def links_of(records: dict[str, Plain]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for each in records.values():
        for name, ids in each.links.items():
            counts[name] += len(ids)
    return counts


def pairs_of(records: dict[str, Plain]) -> set[tuple[str, str, str]]:
    """Every (record, link, record it leads to)."""
    return {
        (name, link, target)
        for name, each in records.items()
        for link, ids in each.links.items()
        for target in ids
    }
