"""What becomes of each address that a new build lacks: the whole answer, before a file is written.

A page that is gone gets a page in its place; an anchor gets a line on the page where people arrive;
a calendar, feed or file of data is the one that took its place, or says in its own form that it
ended. What nobody can know is a finding: one for each page or record, however much it took along.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from living_manual.core.addresses import STEP, Ledger, Site
from living_manual.core.finding import Finding, finding
from living_manual.core.lost_files import Owners, stem_of, twin
from living_manual.core.redirects import FILE, Rules, Target, find
from living_manual.core.tables import ID
from living_manual.core.words import listed, say_day

#: Files named in one finding before the others are only counted.
_NAMED = 6
#: Types that end with their year: an old link tells so, and a writer need say nothing.
OF_A_YEAR = frozenset({"action", "session", "assessment"})


@dataclass(frozen=True, slots=True)
class Note:
    """A place that a page must have for old links: an id with where its record is now.

    `beside` is the id on the very page that it stands beside; otherwise a line tells the target.
    """

    anchor: str
    target: Target
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to put in the place of lost addresses.

    `pages` are pages to write, `notes` lines for pages (their path) that are there or are written,
    `copies` files that another file took the place of, `notices` files that tell where to go on.
    """

    pages: Mapping[str, Target] = field(default_factory=dict)
    notes: Mapping[str, tuple[Note, ...]] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)
    notices: Mapping[str, Target] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


class _Lost:
    """Addresses without an answer, by the page, record or name that they belong to."""

    def __bool__(self) -> bool:
        return bool(self.pages or self.records or self.names or self.anchors)

    def add(self, owner: str, name: str, path: str, ledger: Ledger) -> None:
        """Count an address to the lost record or page that it was of, or to its own name."""
        page = ledger.pages.get(owner)
        if page and page.lead in ledger.names:
            owner = page.lead
        if owner in ledger.names:
            self.records.setdefault(owner, []).append(path)
        elif owner in ledger.pages or name in ledger.pages:
            self.pages.setdefault(owner or name, []).append(path)
        else:
            self.names.setdefault(name, []).append(path)

    def __init__(self) -> None:
        self.pages: dict[str, list[str]] = {}
        self.records: dict[str, list[str]] = {}
        self.names: dict[str, list[str]] = {}
        self.anchors: dict[str, list[str]] = {}


def plan(
    ledger: Ledger, site: Site, rules: Rules, before: Ledger, endings: Collection[str]
) -> Plan:
    """What becomes of every address of the ledger that the site lacks.

    What has no answer is in `findings`, as are the faults of the rules. `before` is the ledger of
    the live release; `endings` are those of files that can say in their own form that they ended.
    """
    if rules.findings:
        return Plan(findings=rules.findings)
    lost, owners = _Lost(), Owners(ledger, site)
    pages = _pages(ledger, site, rules, owners, lost)
    ended: dict[str, list[str]] = {}
    notes = _notes(ledger, site, rules, pages, lost, ended, before)
    copies, notices = _files(ledger, site, rules, owners, pages, lost)
    for path in [path for path in notices if path.rpartition(".")[2] not in endings]:
        lost.add("", stem_of(path), path, ledger)
    found = (*_findings(lost, ledger), *_ended(ended)) if lost else ()
    if found:
        return Plan(findings=found)
    _from_rules_alone(ledger, site, rules, pages, notes)
    return Plan(
        pages,
        {path: tuple(told[name] for name in sorted(told)) for path, told in notes.items()},
        copies,
        notices,
        tuple(_ended(ended)),
    )


def _from_rules_alone(
    ledger: Ledger,
    site: Site,
    rules: Rules,
    pages: dict[str, Target],
    notes: dict[str, dict[str, Note]],
) -> None:
    """What a row asks for whether or not the ledger knows the old address."""
    for old in {**rules.rows, **ledger.renamed}:
        target = find(old, rules, site, ledger)
        if target is None or "#" in old:
            continue
        if ID.fullmatch(old):
            path, _, anchor = target.href.partition("#")
            if anchor and not site.has(f"{path}#{old}"):
                notes.setdefault(path, {})[old] = Note(old, target, anchor)
        elif old.endswith(".html") and old not in ledger.pages:
            pages[old] = _whole(target, site)


def _pages(
    ledger: Ledger, site: Site, rules: Rules, owners: Owners, lost: _Lost
) -> dict[str, Target]:
    pages: dict[str, Target] = {}
    for path, page in ledger.pages.items():
        if path in site.pages:
            continue
        target = find(path, rules, site, ledger)
        if target is None and not page.lead:
            target = _by_owner(path, rules, site, ledger, owners)
        if target is None:
            lost.add(page.lead or owners.of(path), path, path, ledger)
        else:
            pages[path] = _whole(target, site)
    return pages


def _whole(target: Target, site: Site) -> Target:
    """A lead record's page rather than its anchor: a browser then keeps the anchor it came with."""
    path, _, anchor = target.href.partition("#")
    if anchor and site.pages.get(path) == anchor:
        return Target(path, target.why, target.title)
    return target


def _by_owner(path: str, rules: Rules, site: Site, ledger: Ledger, owners: Owners) -> Target | None:
    """Where a made page leads whose name tells the record that it was made for."""
    owner = owners.of(path)
    if not owner or not owners.made(path):
        return None
    target = find(owner, rules, site, ledger)
    if target and target.href and owner in ledger.names:
        other = twin(path, owner, target.href.partition("#")[2])
        if other in site.pages:
            return Target(other, target.why, target.title)
    return target


def _notes(
    ledger: Ledger,
    site: Site,
    rules: Rules,
    pages: Mapping[str, Target],
    lost: _Lost,
    ended: dict[str, list[str]],
    before: Ledger,
) -> dict[str, dict[str, Note]]:
    """A line for each old anchor on the page where whoever has it in a link arrives."""
    notes: dict[str, dict[str, Note]] = {}
    for path, page in ledger.pages.items():
        arrives = path if path in site.pages else _arrival(pages.get(path))
        for anchor in page.anchors:
            if arrives and anchor in site.ids.get(arrives, frozenset()):
                continue
            target = _anchor(path, anchor, rules, site, ledger)
            named = ledger.names.get(anchor)
            if target is None and path in pages and {path, page.lead} & {*rules.rows}:
                # A writer said where the page went; what was on it went with it.
                target = Target("", pages[path].why, named.title if named else "")
            if target is None and path in site.pages and named and named.type in OF_A_YEAR:
                # Told once, and not of what a school that is gone had.
                if f"{path}#{anchor}" not in before.left and named.at not in ledger.names:
                    ended.setdefault(path, []).append(anchor)
                target = Target("", "", named.title)
            if target is None:
                _lose(lost, ledger, path, anchor)
            elif arrives is None or arrives in site.pages:
                where = arrives or path
                notes.setdefault(where, {})[anchor] = _note(where, anchor, target)
    return notes


def _arrival(target: Target | None) -> str | None:
    return target.href.partition("#")[0] if target and target.href else None


def _anchor(path: str, anchor: str, rules: Rules, site: Site, ledger: Ledger) -> Target | None:
    """Where an anchor of a page is now: a record by its id, a step on the page of its protocol."""
    said = find(f"{path}#{anchor}", rules, site, ledger)
    if said or not anchor.startswith(STEP):
        return said or find(anchor, rules, site, ledger)
    for lead in ledger.pages[path].leads:
        target = find(lead, rules, site, ledger)
        page = target.href.partition("#")[0] if target else ""
        if target and anchor in site.ids.get(page, frozenset()):
            return Target(f"{page}#{anchor}", target.why, target.title)
    return None


def _note(path: str, anchor: str, target: Target) -> Note:
    page, _, beside = target.href.partition("#")
    return Note(anchor, target, beside if page == path and beside else "")


def _lose(lost: _Lost, ledger: Ledger, path: str, anchor: str) -> None:
    page, named = ledger.pages[path], ledger.names.get(anchor)
    if named and named.lead:
        lost.records.setdefault(anchor, [])
    elif path not in lost.pages and page.lead not in lost.records:
        lost.anchors.setdefault(path, []).append(anchor)


def _files(
    ledger: Ledger,
    site: Site,
    rules: Rules,
    owners: Owners,
    pages: Mapping[str, Target],
    lost: _Lost,
) -> tuple[dict[str, str], dict[str, Target]]:
    copies: dict[str, str] = {}
    notices: dict[str, Target] = {}
    for path in ledger.files:
        if path in site.files:
            continue
        owner = owners.of(path)
        target = find(path, rules, site, ledger) or find(stem_of(path), rules, site, ledger)
        if target is None and owner:
            target = pages.get(owner) or find(owner, rules, site, ledger)
        if target is None:
            lost.add(owner, stem_of(path), path, ledger)
            continue
        other = target.href
        if owner and target.href and other not in site.files:
            now = target.href.partition("#")
            other = twin(path, owner, now[2] if owner in ledger.names else now[0])
        if other in site.files and other.rpartition(".")[2] == path.rpartition(".")[2]:
            copies[path] = other
        else:
            notices[path] = target
    return copies, notices


# ----------------------------------------------------------------------------- what has no answer


def _findings(lost: _Lost, ledger: Ledger) -> Iterable[Finding]:
    for record_id, paths in lost.records.items():
        yield _lost_record(record_id, paths, ledger)
    for path, others in lost.pages.items():
        more = [other for other in others if other != path]
        yield finding(
            "address-lost",
            f"The page {path} was published (first on {_day(ledger.pages[path].since)}) and is no "
            f"longer there{_and_files(more)}. Links to it would lead nowhere.",
            f"Add a row to {FILE}: from {path}, to the page that takes its place; or to the word "
            "gone, with the reason.",
            FILE,
        )
    for path, anchors in lost.anchors.items():
        yield _lost_anchors(path, anchors, ledger)
    for stem, paths in lost.names.items():
        yield finding(
            "address-lost",
            f"{listed(_short(paths))} {'was' if len(paths) == 1 else 'were'} published and "
            f"{'is' if len(paths) == 1 else 'are'} no longer made.",
            f"Put the list or view back on its page; or add a row to {FILE}: from {stem}, to the "
            "page to look at instead, or to the word gone, with the reason.",
            FILE,
        )


def _lost_record(record_id: str, paths: list[str], ledger: Ledger) -> Finding:
    named = ledger.names.get(record_id)
    where = named.page if named else ""
    return finding(
        "address-lost",
        f"{_told(record_id, ledger)} stood on {where or 'a page'} and is no "
        f"longer in the manual{_and_files([path for path in paths if path != where])}. Links to it "
        "would lead nowhere.",
        f"Add a row to {FILE}: from {record_id}, to the id or page that takes its place; or to the "
        "word gone, with the reason. The one row also covers its page and files.",
        FILE,
    )


def _lost_anchors(path: str, anchors: list[str], ledger: Ledger) -> Finding:
    steps = [anchor for anchor in anchors if anchor.startswith(STEP)]
    if steps:
        return finding(
            "address-lost",
            f"{path} was published with {listed([f'#{name}' for name in _short(anchors)])}, which "
            "people may have put into an agenda, and has it no longer.",
            f"Give the step that took its place the line :anchor: {steps[0].removeprefix(STEP)}; "
            f"or add a row to {FILE}: from {path}#{steps[0]}, to {path} or another place.",
            FILE,
        )
    told = [_told(name, ledger) for name in _short(anchors)]
    return finding(
        "address-lost",
        f"{path} showed {listed(told)}, which {'is' if len(anchors) == 1 else 'are'} no longer in "
        "the manual. Links would lead nowhere.",
        f"Add a row for each to {FILE}: from {anchors[0]}, to the id or page that takes its place; "
        "or to the word gone, with the reason.",
        FILE,
    )


def _ended(ended: Mapping[str, list[str]]) -> Iterable[Finding]:
    """That what ends with its year has ended: a warning, in case an id was changed by mistake."""
    for path, anchors in ended.items():
        yield finding(
            "address-ended",
            f"{path} showed {listed(_short(anchors))}, no longer in the manual. Links to "
            f"{'it' if len(anchors) == 1 else 'them'} now tell that.",
            f"Nothing is to be done if that is right. If an id was changed, add a row to {FILE}: "
            f"from {anchors[0]}, to the new id.",
            FILE,
        )


def _told(record_id: str, ledger: Ledger) -> str:
    named = ledger.names.get(record_id)
    return f"{record_id} ({named.title})" if named and named.title else record_id


def _short(names: list[str]) -> list[str]:
    if len(names) <= _NAMED:
        return names
    return [*names[:_NAMED], f"{len(names) - _NAMED} more"]


def _and_files(paths: list[str]) -> str:
    if not paths:
        return ""
    return f", nor {'is' if len(paths) == 1 else 'are'} {listed(_short(paths))}"


def _day(text: str) -> str:
    return say_day(date.fromisoformat(text))
