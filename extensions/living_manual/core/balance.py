"""Macro and micro: the milestones of a school's plan beside what was seen in its classrooms.

Source S4 asks that plan and lesson move at the same time. For each school and objective the year is
looked at in its marking periods, and what has only one half is named: paper only, practice only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from living_manual.core.evidence import Seen, evidence
from living_manual.core.filters import Facet, choice, records
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.settings import Settings
from living_manual.core.table import DataTable

#: Verdicts, in the order in which people read them, with their words.
VERDICTS = {
    "paper": "Paper only",
    "practice": "Practice only",
    "balanced": "Balanced",
    "early": "Too early to say",
    "nothing": "Nothing yet",
    "ahead": "Not begun",
}
#: What each stage of an action is called on the line of its plan.
MILESTONES = {"starts": "Starts", "due": "Due", "done": "Done"}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the year: a marking period, with the days until the next one begins.

    `starts` and `ends` are the days of the marking period; `first` and `last` those that count to
    it, so that each day of the school year belongs to one stretch. `state` is past, running or
    ahead.
    """

    name: str
    starts: date
    ends: date
    first: date
    last: date
    state: str

    def holds(self, day: date) -> bool:
        """Whether a day counts to this stretch."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Milestone:
    """An action of the plan that starts, is due or was done on a day."""

    day: date
    what: str
    action: Ref

    @property
    def title(self) -> str:
        """What happens on that day, as people say it."""
        return MILESTONES[self.what]


@dataclass(frozen=True, slots=True)
class Line:
    """What the plan of a pair holds: milestones by day, and the days each living action runs."""

    living: bool
    milestones: tuple[Milestone, ...]
    runs: tuple[tuple[date, date, Ref], ...]


@dataclass(frozen=True, slots=True)
class PeriodBalance:
    """A school and an objective in one stretch of the year.

    `under_way` are the actions that run through it without a milestone. `verdict` is so far while
    the stretch is running.
    """

    span: Span
    milestones: tuple[Milestone, ...]
    under_way: tuple[Ref, ...]
    seen: tuple[Seen, ...]
    verdict: str

    @property
    def so_far(self) -> bool:
        """Whether the verdict may still change by itself."""
        return self.span.state == "running" and self.verdict != "nothing"

    @property
    def title(self) -> str:
        """The verdict as people say it."""
        return VERDICTS[self.verdict] + (" so far" if self.so_far else "")


@dataclass(frozen=True, slots=True)
class Pair:
    """A school and an objective over the year.

    `living` says that the school has a living action for it; `since` is the last day of the period
    for which it is paper only, or the first on which practice alone was seen.
    """

    school: str
    objective: Ref
    living: bool
    periods: tuple[PeriodBalance, ...]
    verdict: str
    since: date | None

    @property
    def title(self) -> str:
        """The verdict as people say it."""
        return VERDICTS[self.verdict]


@dataclass(frozen=True, slots=True)
class BalanceCell:
    """A pair in the matrix: its verdict, and a mark for each stretch (verdict, its words).

    `plan` counts the milestones and the actions under way in each stretch, `seen` the evidence.
    """

    objective: Ref
    verdict: str
    marks: tuple[tuple[str, str], ...]
    plan: tuple[tuple[int, int], ...]
    seen: tuple[int, ...]

    @property
    def title(self) -> str:
        """The verdict as people say it."""
        return VERDICTS[self.verdict]


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """A school in the matrix."""

    school: Ref
    short: str
    level: str
    cells: tuple[BalanceCell, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """The whole district. `seen` counts each thing seen in the year once, `older` those before."""

    objectives: tuple[tuple[Ref, str], ...]
    spans: tuple[Span, ...]
    rows: tuple[BalanceRow, ...]
    counts: tuple[tuple[str, int], ...]
    seen: int
    older: int
    facets: tuple[Facet, ...]

    @property
    def pairs(self) -> int:
        """Schools times objectives."""
        return len(self.rows) * len(self.objectives)

    def count(self, verdict: str) -> int:
        """How many pairs have a verdict."""
        return dict(self.counts).get(verdict, 0)


def spans(settings: Settings, today: date) -> tuple[Span, ...]:
    """The stretches of the school year. A district without marking periods has one: the year."""
    named = [(each.name, each.starts, each.ends) for each in settings.marking_periods]
    if not named:
        title = settings.year_name or "This year"
        named = [(title, settings.year_starts, settings.year_ends)]
    firsts = [min(settings.year_starts, named[0][1]), *(starts for _, starts, _ in named[1:])]
    lasts = [starts - timedelta(days=1) for starts in firsts[1:]]
    lasts.append(max(settings.year_ends, named[-1][2]))
    return tuple(
        Span(*period, first, last, _state(first, last, today))
        for period, first, last in zip(named, firsts, lasts, strict=True)
    )


def _state(first: date, last: date, today: date) -> str:
    if today < first:
        return "ahead"
    return "past" if last < today else "running"


def line(manual: Manual, school: str, objective: str) -> Line:
    """What the plan of a school holds for an objective; paused and dropped actions hold nothing."""
    actions = manual.actions_by_school_and_objective.get((school, objective), ())
    living = [action for action in actions if action.living]
    milestones = [each for action in living for each in _milestones(action)]
    milestones.sort(key=lambda each: each.day)
    runs = tuple(run for action in living for run in _run(manual.settings, action))
    return Line(bool(living), tuple(milestones), runs)


def _milestones(action: Record) -> list[Milestone]:
    starts, due = action.day("starts"), action.day("due")
    found = [Milestone(starts, "starts", action.ref)] if starts else []
    if due:
        found.append(Milestone(due, "done" if action.status == "done" else "due", action.ref))
    return found


def _run(settings: Settings, action: Record) -> list[tuple[date, date, Ref]]:
    """The days an action runs: to the year's edges where a date is missing.

    A planned action without a first day has not begun: it has its last day only.
    """
    starts, due = action.day("starts"), action.day("due")
    first = starts or (due if action.status == "planned" else settings.year_starts)
    if first is None:
        return []
    return [(first, max(first, due or settings.year_ends), action.ref)]


def pair(manual: Manual, school: Record, objective: Record, year: tuple[Span, ...]) -> Pair:
    """A school and an objective, looked at in each stretch of the year and as a whole."""
    plan = line(manual, school.id, objective.id)
    seen = evidence(manual).by_pair.get((school.id, objective.id), ())
    periods = tuple(_period(plan, seen, span, manual.today) for span in year)
    verdict, since = _standing(plan, periods)
    return Pair(school.id, objective.ref, plan.living, periods, verdict, since)


def _period(plan: Line, seen: tuple[Seen, ...], span: Span, today: date) -> PeriodBalance:
    milestones = tuple(each for each in plan.milestones if span.holds(each.day))
    named = {each.action.id for each in milestones}
    runs = [run for run in plan.runs if run[0] <= span.last and run[1] >= span.first]
    here = tuple(each for each in seen if span.holds(each.day))
    if span.state == "ahead":
        verdict = "ahead"
    elif here:
        verdict = "balanced" if plan.living else "practice"
    else:
        # An action that is to begin later in a running period has nothing to show yet.
        verdict = "paper" if any(first <= today for first, _, _ in runs) else "nothing"
    under_way = tuple(ref for _, _, ref in runs if ref.id not in named)
    return PeriodBalance(span, milestones, under_way, here, verdict)


def _standing(plan: Line, periods: tuple[PeriodBalance, ...]) -> tuple[str, date | None]:
    """The verdict over the year so far, and since when it is so.

    Nothing is judged before its period ends. What counts is the last period that has ended in which
    the plan was moving: it is paper only when nothing was seen in it, nor since.
    """
    judged = [
        index
        for index, each in enumerate(periods)
        if each.span.state == "past" and (each.milestones or each.under_way)
    ]
    recent = [each for period in periods[judged[-1] if judged else 0 :] for each in period.seen]
    if recent:
        return ("balanced", None) if plan.living else ("practice", recent[0].day)
    if judged:
        return "paper", periods[judged[-1]].span.last
    return ("early" if plan.living else "nothing"), None


def pairs(manual: Manual) -> Mapping[tuple[str, str], Pair]:
    """Every school and objective; worked out once."""
    return manual.once(_pairs)


def _pairs(manual: Manual) -> Mapping[tuple[str, str], Pair]:
    year = spans(manual.settings, manual.today)
    return {
        (school.id, objective.id): pair(manual, school, objective, year)
        for school in manual.of_type("school")
        for objective in manual.of_type("objective")
    }


def balance(manual: Manual) -> Balance:
    """Every school and objective of the district, with the sums."""
    year, objectives = spans(manual.settings, manual.today), manual.of_type("objective")
    schools = manual.of_type("school")
    found = pairs(manual)
    rows = tuple(
        BalanceRow(
            school.ref,
            school.get("short") or school.title,
            school.get("level"),
            tuple(_cell(found[school.id, objective.id]) for objective in objectives),
        )
        for school in schools
    )
    counts = Counter(each.verdict for each in found.values())
    days = [seen.day for _, seen in evidence(manual).seen]
    return Balance(
        tuple((one.ref, one.get("short") or one.title) for one in objectives),
        year,
        rows,
        tuple((verdict, counts[verdict]) for verdict in VERDICTS if counts[verdict]),
        seen=sum(year[0].first <= day <= year[-1].last for day in days),
        older=sum(day < year[0].first for day in days),
        facets=(
            records("school", "School", (row.school for row in rows)),
            choice("level", "Level", ((row.level, row.level.capitalize()) for row in rows)),
            records("objective", "Objective", (one.ref for one in objectives)),
            choice("status", "Balance", ((key, VERDICTS[key]) for key in VERDICTS if counts[key])),
        ),
    )


def _cell(each: Pair) -> BalanceCell:
    return BalanceCell(
        each.objective,
        each.verdict,
        tuple((period.verdict, period.title) for period in each.periods),
        tuple((len(period.milestones), len(period.under_way)) for period in each.periods),
        tuple(len(period.seen) for period in each.periods),
    )


def balance_table(view: Balance) -> DataTable:
    """One row a school and objective, with columns for each stretch of the year in its order."""
    parts = ("milestones", "under_way", "evidence", "balance")
    return DataTable(
        (
            *("school_id", "school", "level", "objective_id", "balance"),
            *(f"p{at}_{part}" for at in range(1, len(view.spans) + 1) for part in parts),
        ),
        tuple(
            (
                *(row.school.id, row.school.title, row.level, cell.objective.id, cell.title),
                *(
                    value
                    for plan, seen, (_, said) in zip(cell.plan, cell.seen, cell.marks, strict=True)
                    for value in (*plan, seen, said)
                ),
            )
            for row in view.rows
            for cell in row.cells
        ),
    )
