"""Which views there are: for each what its directive is given, its value, its rows, its template.

To add one is a line here, a function in core and a template.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from living_manual.core.action_list import action_list, action_list_table, session_list
from living_manual.core.assessment_calendar import (
    assessment_calendar,
    assessment_calendar_table,
)
from living_manual.core.balance import balance, balance_table
from living_manual.core.blank_schools import blank_schools
from living_manual.core.brief_list import brief_list, brief_list_table
from living_manual.core.calendar import calendar, calendar_table
from living_manual.core.chain import chain, chain_table
from living_manual.core.confirm import confirmations, confirmations_table
from living_manual.core.consent_list import consent_list, consent_table
from living_manual.core.drill import drills, drills_table
from living_manual.core.facilitation import facilitation, facilitation_table
from living_manual.core.flywheel import flywheel, flywheel_table
from living_manual.core.fragility import fragility, fragility_table, single_points_table
from living_manual.core.gaps import gaps, gaps_table
from living_manual.core.handover_list import handover_list, handover_table
from living_manual.core.health import system_health
from living_manual.core.health_shown import health_line, health_table
from living_manual.core.key_result_schools import (
    key_results_by_school,
    key_results_by_school_table,
    school_readings,
)
from living_manual.core.key_results import key_results, key_results_sum, key_results_table
from living_manual.core.learning_hours import learning_hours, learning_hours_table, school_hours
from living_manual.core.matrices import matrix_of
from living_manual.core.matrix_table import matrix_table
from living_manual.core.model import Manual, Record
from living_manual.core.my_school import my_school
from living_manual.core.path import path_list, path_sum, path_table
from living_manual.core.record_list import record_list
from living_manual.core.reported_hours import reported, reported_table
from living_manual.core.school_balance import school_balance, school_balance_table
from living_manual.core.school_plan import school_plan, school_plan_table
from living_manual.core.self_assessment import self_assessment_table
from living_manual.core.standards import standards, standards_table
from living_manual.core.table import DataTable
from living_manual.core.used_in import used_in, used_in_table
from living_manual.core.what_changed import since_here, what_changed, what_changed_table
from living_manual.core.what_if import what_if, what_if_table
from living_manual.sphinx_ext.store import ViewUse

Compute = Callable[[Manual, Record | None, str, ViewUse], Any]


@dataclass(frozen=True, slots=True)
class View:
    """A declared view.

    `argument` says what its directive is given: nothing, a record's id, a record type, or the key
    of a matrix. `on` says where it can stand: anywhere, on the page of a record or of a school, or
    beside a file of questions. `compute` gets the manual, the page's lead record (when it has one),
    the page and the use. `table` turns the value into rows for CSV, JSON and XLSX; views without
    rows of their own leave it out.
    """

    name: str
    compute: Compute
    table: Callable[[Any], DataTable | None] | None = None
    argument: str = ""
    on: str = ""
    drawn_by: str = ""

    @property
    def template(self) -> str:
        """The view's template: named like it, unless it says another."""
        return self.drawn_by or f"{self.name.replace('-', '_')}.html.jinja"


def _whole(function: Callable[[Manual], Any]) -> Compute:
    """A view of the whole manual."""
    return lambda manual, _lead, _page, _use: function(manual)


def _here(function: Callable[[Manual, str], Any]) -> Compute:
    """A view that depends on the page it stands on."""
    return lambda manual, _lead, here, _use: function(manual, here)


def _of_lead(function: Callable[[Manual, Record], Any]) -> Compute:
    """A view of the record that the page is about."""
    return lambda manual, lead, _page, _use: function(manual, lead) if lead else None


def _of_record(function: Callable[[Manual, Record], Any]) -> Compute:
    """A view of the record that it names."""
    return lambda manual, _lead, _page, use: function(manual, manual.records[use.argument])


VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        View(
            "coverage",
            _whole(lambda m: matrix_of(m, "school-objective")),
            matrix_table,
            drawn_by="matrix.html.jinja",
        ),
        View("matrix", lambda m, _l, _p, use: matrix_of(m, use.argument), matrix_table, "matrix"),
        View("blank-schools", _whole(blank_schools)),
        View("action-list", _whole(action_list), action_list_table),
        View("session-list", _whole(session_list), action_list_table),
        View("codification", _whole(flywheel), flywheel_table),
        View("system-health", _whole(system_health), health_table),
        View("health-line", lambda m, _l, _p, use: health_line(m, use.argument), argument="type"),
        View("brief-list", _whole(brief_list), brief_list_table),
        View("to-confirm", _whole(confirmations), confirmations_table),
        View("consents", _whole(consent_list), consent_table),
        View("handover-list", _whole(handover_list), handover_table),
        View("gaps", _whole(gaps), gaps_table),
        View("chain", _of_record(chain), chain_table, "record"),
        View("school-plan", _of_lead(school_plan), school_plan_table, on="record"),
        View("balance", _whole(balance), balance_table),
        View("school-balance", _of_lead(school_balance), school_balance_table, on="school"),
        View("fragility", _whole(fragility), fragility_table),
        View("single-points", _whole(fragility), single_points_table),
        View("role-drills", _whole(drills), drills_table),
        View("facilitation", _whole(facilitation), facilitation_table),
        View(
            "session-calendar", lambda m, lead, here, _use: calendar(m, here, lead), calendar_table
        ),
        View("reported-hours", _whole(reported), reported_table),
        View("learning-hours", _whole(learning_hours), learning_hours_table),
        View("school-hours", _of_lead(school_hours), on="school"),
        View("what-if", _whole(what_if), what_if_table),
        View("assessment-calendar", _here(assessment_calendar), assessment_calendar_table),
        View("standard-table", _here(standards), standards_table),
        View(
            "record-list",
            lambda m, _l, _p, use: record_list(m, use.argument, use.kind),
            argument="type",
        ),
        View(
            "used-in",
            _of_record(lambda m, record: used_in(m, record, drawn=True)),
            used_in_table,
            "record",
        ),
        View("changes", _whole(what_changed), what_changed_table),
        View("since-you-were-here", _whole(since_here)),
        View("path", _here(path_sum), path_table),
        View("path-list", _whole(path_list)),
        View("my-school", _here(my_school)),
        View(
            "self-assessment",
            _here(lambda m, here: m.questions[here]),
            self_assessment_table,
            on="questions",
        ),
        View("key-results", _whole(key_results), key_results_table),
        View("key-results-by-school", _whole(key_results_by_school), key_results_by_school_table),
        View("key-results-sum", _whole(key_results_sum)),
        View("school-readings", _of_lead(school_readings), on="school"),
    )
}

#: Views that show the same wherever they stand.
ONE_OF_A_KIND = frozenset(
    (
        "action-list",
        "balance",
        "changes",
        "codification",
        "consents",
        "coverage",
        "facilitation",
        "fragility",
        "gaps",
        "handover-list",
        "key-results",
        "key-results-by-school",
        "learning-hours",
        "my-school",
        "reported-hours",
        "role-drills",
        "since-you-were-here",
        "session-list",
        "single-points",
        "system-health",
        "to-confirm",
        "what-if",
    )
)
