"""What a page's first lines say of its edition: who it is for, and what beside it is public.

Three keys, each in one plain form. Whatever else looks like one of them is a finding, and the page
staff: a mark that two programs could read in two ways publishes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from living_manual.core.edition import EDITIONS, PUBLIC
from living_manual.core.finding import Finding, finding
from living_manual.core.words import listed

EDITION, TABLES, FIELDS = "edition", "public_tables", "public_fields"
_END = re.compile(r"---+[ \t]*")
_KEY = re.compile(rf"\s*[\"']?(?P<key>{EDITION}|{TABLES}|{FIELDS})[\"']?\s*:", re.IGNORECASE)
_SAID = re.compile(
    r"(?P<key>\w+):[ \t]+(?P<quote>[\"']?)(?P<value>.*?)(?P=quote)[ \t]*(?:[ \t]#.*)?"
)
_LIST = re.compile(r"\[(?P<names>[^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Front:
    """`public` is whether everybody may read the page; `tables` and `fields` are public with it.

    `lines` is how many lines the front matter takes; `tables_line` where the tables are named.
    """

    public: bool = False
    tables: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    lines: int = 0
    tables_line: int = 1
    findings: tuple[Finding, ...] = ()


def front_of(text: str, file: str) -> Front:
    """Read the front matter: the lines between two `---`, at the very top of the page."""
    if not text.startswith("---"):
        return Front()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    end = next((n for n, line in enumerate(lines[1:], 1) if _END.fullmatch(line)), None)
    if end is None or not _END.fullmatch(lines[0]):
        return Front()
    said: dict[str, str] = {}
    places: dict[str, int] = {}
    found: list[Finding] = []
    for number, line in enumerate(lines[1:end], 2):
        key = _KEY.match(line)
        if not key:
            continue
        name = key["key"]
        plain = _SAID.fullmatch(line)
        if not plain or plain["key"] != name:
            found.append(_unclear(f"'{name}' is not written as it must be here.", file, number))
        elif name in said:
            found.append(_unclear(f"'{name}' is said twice.", file, number))
        else:
            said[name], places[name] = plain["value"], number
    edition = said.get(EDITION)
    if edition is not None and edition not in EDITIONS:
        message = f"'{edition}' is no edition: a page is {listed(EDITIONS, 'or')}."
        found.append(_unclear(message, file, places[EDITION]))
    names = {name: _names(said.get(name, "[]")) for name in (TABLES, FIELDS)}
    for name, given in names.items():
        if given is None:
            found.append(_unclear(f"'{name}' is no list.", file, places[name], name))
    return Front(
        edition == PUBLIC and not found,
        names[TABLES] or (),
        names[FIELDS] or (),
        end + 1,
        places.get(TABLES, 1),
        tuple(found),
    )


def _names(said: str) -> tuple[str, ...] | None:
    """The names of a list in square brackets; None when it is no such list."""
    read = _LIST.fullmatch(said)
    if not read:
        return None
    return tuple(name for part in read["names"].split(",") if (name := part.strip().strip("\"'")))


def _unclear(message: str, file: str, line: int, name: str = "") -> Finding:
    fix = "Write `edition: public` between the two --- lines, or leave it out: then it is staff."
    if name:
        fix = f"Write the names in square brackets: `{name}: [...]`."
    return finding("edition-value", message, fix, file, line)
