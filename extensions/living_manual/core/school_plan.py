"""A school's page: every district objective beside the school's own actions, or an honest blank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from living_manual.core.confirm import Change, ToConfirm, to_confirm
from living_manual.core.coverage import CoverageCell, coverage_cell
from living_manual.core.evidence import LastSeen, last_seen
from living_manual.core.gap import gap_key
from living_manual.core.gaps import GapSum, excepted_until, gap_sum
from living_manual.core.lately import Lately, lately
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.table import DataTable
from living_manual.core.used_in import UsedIn, used_in
from living_manual.core.words import say_day


@dataclass(frozen=True, slots=True)
class PlanAction:
    """An action as the school's page tells it.

    `advances` pairs each target with the objective above it (None when it is an objective itself).
    `here` says that the full text stands in this place: an action that advances two objectives is
    told under the first and pointed to under the second; one with a card of its own on the page is
    pointed to as well.
    """

    action: Ref
    advances: tuple[Ref, ...]
    led_by: tuple[Ref, ...]
    backed_up_by: tuple[Ref, ...]
    uses: tuple[Ref, ...]
    starts: date | None
    due: date | None
    look_for: str
    details: tuple[tuple[str, str], ...]
    overdue: bool
    here: bool
    used_in: UsedIn
    to_confirm: ToConfirm | None
    seen: LastSeen | None = None
    lately: tuple[Lately, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanRow:
    """An objective at this school; `excepted` is until when it may do without an action."""

    objective: Ref
    key_results: int
    actions: tuple[PlanAction, ...]
    cell: CoverageCell
    excepted: date | None = None


@dataclass(frozen=True, slots=True)
class Coming:
    """An action under way with its day: those past it, then the next ones."""

    action: Ref
    due: date
    overdue: bool


@dataclass(frozen=True, slots=True)
class SchoolPlan:
    """The school's whole plan, and what a newcomer asks first.

    `blanks` are the objectives without a living action, each with its place among the rows (from
    1); `coming` is what is due next; `changes` are the new wordings its actions are to confirm.
    """

    school: Ref
    rows: tuple[PlanRow, ...]
    covered: int
    actions: int
    living: int
    late: int
    changes: tuple[Change, ...]
    to_confirm: int
    gaps: GapSum | None = None
    blanks: tuple[tuple[int, CoverageCell], ...] = ()
    coming: tuple[Coming, ...] = ()


#: So many actions are told as what is due next; what is past its day is told in full.
NEXT = 3
DETAILS = (("evidence", "Evidence"), ("funding", "Funding"), ("notes", "Notes"))


class _Last:
    """The plan that was asked for last: a school's page asks twice, for its card and its plan."""

    def __init__(self, _manual: Manual) -> None:
        self.plan: SchoolPlan | None = None


def school_plan(manual: Manual, school: Record) -> SchoolPlan:
    """Every objective of the district beside what this school does for it."""
    last = manual.once(_Last)
    if last.plan is None or last.plan.school.id != school.id:
        last.plan = _school_plan(manual, school)
    return last.plan


def _school_plan(manual: Manual, school: Record) -> SchoolPlan:
    told: set[str] = set()
    rows = []
    for objective in manual.of_type("objective"):
        actions = manual.actions_by_school_and_objective.get((school.id, objective.id), ())
        entries = []
        for action in actions:
            here = action.from_table and action.id not in told
            told.add(action.id)
            entries.append(_entry(manual, action, here))
        rows.append(
            PlanRow(
                objective.ref,
                len(manual.incoming(objective.id, "measures")),
                tuple(entries),
                coverage_cell(manual, school, objective),
                manual.once(excepted_until).get(gap_key("blank", school.id, objective.id)),
            )
        )
    mine = [record for record in manual.incoming(school.id, "at") if record.type == "action"]
    open_ = [what for action in mine if (what := to_confirm(manual, action))]
    changes = {change.key: change for what in open_ for change in what.changes}
    return SchoolPlan(
        school.ref,
        tuple(rows),
        covered=sum(1 for row in rows if row.cell.living),
        actions=len(mine),
        living=sum(1 for action in mine if action.living),
        late=sum(1 for row in rows if row.cell.late),
        changes=tuple(changes.values()),
        to_confirm=len(open_),
        gaps=gap_sum(manual, school),
        blanks=tuple((place, row.cell) for place, row in enumerate(rows, 1) if not row.cell.living),
        coming=_coming(manual, mine),
    )


def _coming(manual: Manual, actions: list[Record]) -> tuple[Coming, ...]:
    dated = (
        Coming(action.ref, due, due < manual.today)
        for action in actions
        if action.status in ("planned", "active") and (due := action.day("due")) is not None
    )
    found = sorted(dated, key=lambda each: (each.due, each.action.id))
    late = sum(each.overdue for each in found)
    return tuple(found[: late + NEXT])


def _entry(manual: Manual, action: Record, here: bool) -> PlanAction:
    due = action.day("due")
    return PlanAction(
        action.ref,
        advances=tuple(target.ref for target in manual.linked(action, "advances")),
        led_by=tuple(role.ref for role in manual.linked(action, "led_by")),
        backed_up_by=tuple(role.ref for role in manual.linked(action, "backed_up_by")),
        uses=tuple(protocol.ref for protocol in manual.linked(action, "uses")),
        starts=action.day("starts"),
        due=due,
        look_for=action.get("look_for"),
        details=tuple((label, action.get(name)) for name, label in DETAILS if action.get(name)),
        overdue=action.status in ("planned", "active") and due is not None and due < manual.today,
        here=here,
        used_in=used_in(manual, action),
        to_confirm=to_confirm(manual, action),
        seen=last_seen(manual, action.id),
        lately=lately(manual, action),
    )


def school_plan_table(view: SchoolPlan) -> DataTable:
    """One row an objective and action; an objective without any action has one row with blanks."""
    rows: list[tuple[str | int | float | None, ...]] = []
    for row in view.rows:
        for entry in row.actions:
            rows.append(
                (
                    row.objective.id,
                    row.objective.title,
                    entry.action.id,
                    entry.action.title,
                    entry.action.status,
                    ";".join(ref.id for ref in entry.advances),
                    ";".join(ref.title for ref in entry.led_by),
                    ";".join(ref.title for ref in entry.backed_up_by),
                    ";".join(ref.id for ref in entry.uses),
                    entry.starts.isoformat() if entry.starts else "",
                    entry.due.isoformat() if entry.due else "",
                    entry.look_for,
                    dict(entry.details).get("Evidence", ""),
                    "",
                )
            )
        if not row.cell.living:
            by = row.cell.asked_by
            asked = f"asked for by {say_day(by)}" if by else "not asked for yet"
            rows.append(
                (row.objective.id, row.objective.title, *[""] * 11, f"no living action; {asked}")
            )
    return DataTable(
        (
            "objective_id",
            "objective",
            "action_id",
            "action",
            "status",
            "advances",
            "led_by",
            "backed_up_by",
            "uses",
            "starts",
            "due",
            "look_for",
            "evidence",
            "blank",
        ),
        tuple(rows),
    )
