"""Whatever is renamed, moved and taken out, in whatever order: an old address leads on, or nothing
is published."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from living_manual.core.addresses import Ledger, Named, Site, every_address, grown
from living_manual.core.finding import has_errors
from living_manual.core.lost_addresses import Plan, plan
from living_manual.core.redirects import read_rules

PAGES = ("a.html", "b/index.html", "c/d.html", "e.html", "f.html")
FIRST = {"a.html": "PRO_ONE", "b/index.html": "SCH_TWO", "c/d.html": "TERM_THREE"}
TYPES = {"PRO": "protocol", "SCH": "school", "TERM": "term", "KR": "key_result"}
MADE = ("pdf", "csv")


@dataclass
class State:
    """A manual: where each record stands, which lead their page, what the rows say."""

    at: dict[str, str] = field(default_factory=dict)
    leads: set[str] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)
    rows: dict[str, tuple[str, str]] = field(default_factory=dict)
    names: int = 0

    def copy(self) -> State:
        return State(dict(self.at), {*self.leads}, dict(self.titles), dict(self.rows), self.names)

    def site(self) -> Site:
        pages = dict.fromkeys(("index.html", *self.at.values()), "")
        pages |= {self.at[lead]: lead for lead in self.leads}
        anchors = {
            page: frozenset(
                (*(i for i, p in self.at.items() if p == page), *([f"step-{lead}"] if lead else []))
            )
            for page, lead in pages.items()
        }
        files = frozenset(
            f"data/used-in-{i.lower().replace('_', '-')}.{end}" for i in self.at for end in MADE
        )
        records = {
            i: Named(self.titles[i], TYPES[i.split("_")[0]], page, i in self.leads)
            for i, page in self.at.items()
        }
        return Site(pages, anchors, anchors, files, records)

    def csv(self) -> str:
        """The rows that still hold: a writer takes out the others when told to."""
        known = {*self.at, *self.at.values()}
        lines = [f"{old},{to},{why}" for old, (to, why) in self.rows.items() if old not in known]
        return "\n".join(("from,to,why", *lines, ""))


def begin() -> State:
    """Three pages with their records, and a key result on each."""
    state = State()
    for number, (page, lead) in enumerate(FIRST.items()):
        state.at |= {lead: page, f"KR_{number}A": page}
        state.leads.add(lead)
    state.titles = {record: f"Title of {record}" for record in state.at}
    return state


def change(state: State, chance: random.Random) -> None:
    """One thing that a writer does, with or without a row for it."""
    if not state.at:
        return
    record = chance.choice(sorted(state.at))
    new = f"{record.split('_')[0]}_N{state.names}A"
    what = chance.choice(("move", "swap", "rename", "rename", "drop", "drop", "row"))
    free = [page for page in PAGES if page not in {state.at[lead] for lead in state.leads}]
    if what == "move" and (record not in state.leads or free):
        state.at[record] = chance.choice(free if record in state.leads else PAGES)
    elif what == "swap" and len(state.leads) > 1:
        one, two = chance.sample(sorted(state.leads), 2)
        state.at[one], state.at[two] = state.at[two], state.at[one]
    elif what == "rename":
        state.names += 1
        state.at[new] = state.at.pop(record)
        kept = chance.random() < 0.5
        state.titles[new] = state.titles[record] if kept else f"Title of {new}"
        if record in state.leads:
            state.leads ^= {record, new}
        if chance.random() < 0.7:
            state.rows[record] = (new, "")
    elif what == "drop":
        page = state.at.pop(record)
        state.leads.discard(record)
        targets = [*state.at, "gone", "gone", "index.html", "nowhere.html"]
        if chance.random() < 0.8:
            state.rows[record] = (chance.choice(targets), "It was time.")
        if chance.random() < 0.2:
            state.rows[page] = (chance.choice(targets), "It was time.")
    elif what == "row":
        state.rows[chance.choice(sorted({*state.titles} - {*state.at}) or ["PRO_NONE"])] = (
            chance.choice(sorted(state.titles)),
            "",
        )


def check_leads_on(address: str, site: Site, told: Plan) -> None:
    """As a browser: the redirect first, then the place on the page where it ends."""
    path, _, anchor = address.partition("#")
    if path in site.files or path in told.copies or path in told.notices:
        assert told.copies.get(path, path) in site.files or path in told.notices
        return
    target = told.pages.get(path)
    if target and target.href:
        path, _, place = target.href.partition("#")
        anchor = place or anchor
        assert path not in told.pages, f"{address}: one redirect after the other"
    assert path in site.pages or path in told.pages, address
    notes = {note.anchor: note for note in told.notes.get(path, ())}
    if anchor in notes:
        href = notes[anchor].target.href
        assert not href or site.has(href), f"{address} is told to go to {href}"
        assert not notes[anchor].beside or site.has(f"{path}#{notes[anchor].beside}")
    elif anchor:
        assert site.has(f"{path}#{anchor}"), address


@settings(max_examples=300, deadline=None)
@given(chance=st.randoms(use_true_random=False), turns=st.integers(1, 8))
def test_every_address_leads_on_or_nothing_is_published(chance: random.Random, turns: int) -> None:
    state, ledger, before = begin(), Ledger(), dict[str, Named]()
    for turn in range(turns):
        tried = state.copy()
        for _ in range(chance.randint(0, 2) if turn else 0):
            change(tried, chance)
        site = tried.site()
        now = grown(ledger, site, before, f"2030-10-{turn + 1:02}")
        rules = read_rules(tried.csv(), site, now, "staff", "")
        told = plan(now, site, rules, ledger, MADE)
        if has_errors(told.findings):
            continue
        state, ledger, before = tried, now, dict(site.records)
        for address in every_address(ledger):
            check_leads_on(address, site, told)
        again = grown(Ledger.from_json(ledger.to_json()), site, before, "2031-01-01")
        assert again.to_json() == ledger.to_json(), "an equal build changes the ledger"


@settings(max_examples=100, deadline=None)
@given(chance=st.randoms(use_true_random=False))
def test_a_move_alone_is_never_refused(chance: random.Random) -> None:
    """What keeps its id is found wherever it stands, without a row."""
    state = begin()
    ledger = grown(Ledger(), state.site(), {}, "2030-10-01")
    before = state.site().records
    for record in sorted(set(state.at) - state.leads):
        state.at[record] = chance.choice([state.at[lead] for lead in sorted(state.leads)])
    pages = chance.sample(PAGES, len(state.leads))
    moved = {state.at[lead]: page for lead, page in zip(sorted(state.leads), pages, strict=True)}
    state.at = {record: moved[page] for record, page in state.at.items()}
    site = state.site()
    now = grown(ledger, site, before, "2030-10-02")
    told = plan(now, site, read_rules("from,to,why\n", site, now, "staff", ""), ledger, MADE)
    assert not told.findings
    for address in every_address(now):
        check_leads_on(address, site, told)


def test_the_public_edition_passes_over_what_it_never_showed() -> None:
    """The rows are written for both editions; the staff's addresses are not told to everybody."""
    site, empty = begin().site(), Ledger()
    shown = grown(empty, begin().site(), {}, "2030-10-01")
    rows = (
        "from,to,why,edition\n"
        "staff/plan.html,a.html,Of the staff alone.,\n"
        "KR_SECRET,PRO_ONE,Of the staff alone.,\n"
        "c/d.html,gone,For the staff only from now on.,public\n"
    )
    public = read_rules(rows, site, shown, "public", "")
    assert [each.kind for each in public.findings] == ["redirect-not-needed"]
    assert public.rows == {}
    staff = read_rules(rows, site, shown, "staff", "")
    assert not staff.findings
    assert set(staff.rows) == {"staff/plan.html", "KR_SECRET"}
