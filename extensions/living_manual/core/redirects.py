"""Where an address of an earlier release leads now: by itself, by `redirects.csv`, or nowhere.

A record is found wherever its id stands now. What the kit cannot know a writer says in one row of
`redirects.csv`; an address for which neither gives an answer is a finding.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from urllib.parse import unquote

from living_manual.core.addresses import Ledger, Site
from living_manual.core.edition import EDITIONS, Edition
from living_manual.core.finding import Finding, finding
from living_manual.core.tables import ID, Column, Table, read_table

FILE = "redirects.csv"
GONE = "gone"
TABLE = Table(
    FILE,
    "",
    (
        Column(
            "from",
            "text",
            "The old address, such as protocols/plc/old.html, or the old id, such as OBJ_OLD.",
            True,
        ),
        Column(
            "to",
            "text",
            "Where to go on: a page such as protocols/plc/new.html, an id, or the word gone.",
            True,
        ),
        Column("why", "text", "One sentence for whoever comes by the old address."),
    ),
    (
        Column(
            "edition",
            "choice",
            "The edition that the row is for; leave it empty for both.",
            choices=EDITIONS,
        ),
    ),
)
#: Endings that a writer may leave out of an address.
_ENDINGS = (".html", "/index.html", "index.html", ".csv", ".json", ".xlsx", ".pdf", ".ics", ".atom")


@dataclass(frozen=True, slots=True)
class Target:
    """Where an old address leads: `href` from the site's root, or empty when it was taken out.

    `why` is for the reader. `title` names what was there, as far as it is known.
    """

    href: str = ""
    why: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of `redirects.csv`: `source` is an id or an address as the site writes it."""

    source: str
    to: str
    why: str
    line: int


@dataclass
class Rules:
    """The rows that hold for an edition, by what they are for, and what is wrong with rows."""

    rows: Mapping[str, Row] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def read_rules(text: str, site: Site, ledger: Ledger, edition: Edition, home: str) -> Rules:
    """The rows of `redirects.csv`, checked against a build; `home` is the manual's own address.

    Rows for the other edition are passed over. So are, in the public edition, those for what it
    never showed: an address of the staff's pages must not be told there.
    """
    table, found = read_table(TABLE, text, FILE, "")
    if found:
        return Rules({}, found)
    rows: dict[str, Row] = {}
    wrong: list[Finding] = []
    for raw in table:
        said = {name: str(value) for name, value in raw.values.items()}
        if said.get("edition", edition) != edition:
            continue
        source = _known(said["from"], site, ledger, home)
        row = Row(source, _there(_plain(said["to"], home), site), said.get("why", ""), raw.line)
        if edition == "public" and not _was_there(source, ledger):
            continue
        problem = _fault(row, rows.get(source), site)
        if problem:
            wrong.append(finding(*problem, FILE, raw.line))
        else:
            rows[source] = row
    for row in rows.values():
        problem = _leads_nowhere(row, rows, site, ledger)
        if problem:
            wrong.append(finding(*problem, FILE, row.line))
    return Rules(rows, tuple(wrong))


def _plain(said: str, home: str) -> str:
    """An address as the site writes it, whatever a writer copied it from."""
    if ID.fullmatch(said) or said.casefold() == GONE:
        return GONE if said.casefold() == GONE else said
    path = said.removeprefix(home) if home else said
    path = re.sub(r"^\.?/+", "", unquote(path))
    path = re.sub(r"\.md(?=#|$)", ".html", path)
    stem, mark, anchor = path.partition("#")
    return (f"{stem}index.html" if not stem or stem.endswith("/") else stem) + mark + anchor


def _known(said: str, site: Site, ledger: Ledger, home: str) -> str:
    """The `from` of a row; an ending that was left out is added where the address is known."""
    source = _plain(said, home)
    path, mark, anchor = source.partition("#")
    if ID.fullmatch(source) or path in ledger.pages or path in ledger.files or path in site.pages:
        return source
    if f"{path}/index.html" in ledger.pages:
        return f"{path}/index.html{mark}{anchor}"
    if f"{path}.html" in ledger.pages or "." not in path.rpartition("/")[2]:
        files = any(f"{path}{ending}" in ledger.files for ending in _ENDINGS)
        return source if files else f"{path}.html{mark}{anchor}"
    return source


def _there(said: str, site: Site) -> str:
    """The `to` of a row, with the ending that its page has."""
    path, mark, anchor = said.partition("#")
    if said == GONE or ID.fullmatch(said) or site.has(path):
        return said
    whole = next((path + end for end in _ENDINGS if path + end in site.pages), path)
    return whole + mark + anchor


def _was_there(source: str, ledger: Ledger) -> bool:
    path, _, anchor = source.partition("#")
    if ID.fullmatch(source):
        return source in ledger.names or any(source in p.anchors for p in ledger.pages.values())
    page = ledger.pages.get(path)
    if page:
        return not anchor or anchor in page.anchors
    return path in ledger.files or any(f"{path}{ending}" in ledger.files for ending in _ENDINGS)


def _fault(row: Row, other: Row | None, site: Site) -> tuple[str, str, str] | None:
    """What is wrong with a row by itself: the kind, the message, the way to mend it."""
    if other:
        return (
            "redirect-twice",
            f"Row {row.line} says once more where {row.source} leads; row {other.line} does.",
            "Keep one of the two rows.",
        )
    if row.source in site.records or (not ID.fullmatch(row.source) and site.has(row.source)):
        return (
            "redirect-not-needed",
            f"{row.source} is in the manual, so it cannot lead elsewhere.",
            "Take the row out; or, if the page or record was to go, take that out first.",
        )
    if row.to == GONE and not row.why:
        return (
            "redirect-why",
            f"Row {row.line} says that {row.source} is gone, and not why.",
            "Write one sentence in the column why: whoever comes by the old address reads it.",
        )
    return None


def _leads_nowhere(
    row: Row, rows: Mapping[str, Row], site: Site, ledger: Ledger
) -> tuple[str, str, str] | None:
    """What is wrong with where a row leads: the kind, the message, the way to mend it."""
    seen, at = [row.source], row.to
    while at != GONE and not (at in site.records or site.has(at)):
        if at in seen:
            return (
                "redirect-loop",
                f"{' leads to '.join([*seen, at])}: nobody would ever arrive.",
                "Let one of these rows lead to a page or a record that is in the manual.",
            )
        seen.append(at)
        following = _next(at, rows, site, ledger)
        if following is None:
            return "redirect-nowhere", _nowhere(row, at), _nearest(at, site)
        at = following
    return None


def _next(at: str, rows: Mapping[str, Row], site: Site, ledger: Ledger) -> str | None:
    """One step on from an address or an id that is not in the manual; None when there is none."""
    if at in rows:
        return rows[at].to
    if at in ledger.renamed:
        return ledger.renamed[at]
    named = ledger.names.get(at)
    if named and named.at in rows:  # what a school had goes where the school went
        return named.at
    if named and named.lead and named.page in rows:
        return named.page
    page = ledger.pages.get(at)
    lead = page.lead if page else ""
    return lead if lead in site.records or lead in rows or lead in ledger.renamed else None


def _nowhere(row: Row, at: str) -> str:
    what = "a record" if ID.fullmatch(at) else "an address"
    after = "" if at == row.to else f" (where {row.to} leads)"
    return f"Row {row.line} leads from {row.source} to {at}{after}, {what} that is not there."


def _nearest(at: str, site: Site) -> str:
    path, mark, _ = at.partition("#")
    if mark and path in site.pages:
        return f"The page is there, but it has no place #{_}. Copy the address from the browser."
    near = get_close_matches(at, site.records if ID.fullmatch(at) else site.pages, n=1, cutoff=0.8)
    if near:
        return f"Did you mean {near[0]}?"
    return "Write the address of a page as the browser shows it, the id of a record, or gone."


def find(start: str, rules: Rules, site: Site, ledger: Ledger) -> Target | None:
    """Where an id or an address leads now, through any number of moves; None when nowhere.

    Rules must be free of loops, as those of `read_rules` without findings are.
    """
    why, at = "", start
    was = ledger.names.get(start)
    title = was.title if was else ""
    for _ in range(len(rules.rows) + len(ledger.renamed) + len(ledger.pages) + 2):
        if at in site.records:
            return Target(f"{site.records[at].page}#{at}", why, title or site.records[at].title)
        if at == GONE:
            return Target("", why, title)
        if site.has(at):
            return Target(at, why, title)
        row = rules.rows.get(at)
        why = (row.why if row else "") or why
        following = _next(at, rules.rows, site, ledger)
        if following is None:
            return None
        at = following
    return None


def public_rows(text: str, addresses: str) -> str:
    """The rows of `redirects.csv` that the public edition answers by, as text.

    `addresses` is the ledger of the public release: a row for an address that it does not name
    is not for everybody to read.
    """
    kept = []
    for row in csv.DictReader(text.splitlines()):
        source = (row.get("from") or "").strip().removesuffix(".html").partition("#")[0]
        if source and (row.get("edition") or "public") == "public" and source in addresses:
            kept.append(" ".join(value for value in row.values() if isinstance(value, str)))
    return "\n\n".join(kept)
