"""The views of key results, as `views.py` declares them: name, argument, value, rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from living_manual.core.key_result_schools import (
    key_results_by_school,
    key_results_by_school_table,
    school_readings,
)
from living_manual.core.key_results import key_results, key_results_sum, key_results_table
from living_manual.core.model import Manual, Record
from living_manual.core.table import DataTable
from living_manual.sphinx_ext.store import ViewUse

Compute = Callable[[Manual, Record | None, str, ViewUse], Any]
Rows = Callable[[Any], DataTable | None]

OF_KEY_RESULTS: tuple[tuple[str, str, Compute, Rows | None], ...] = (
    ("key-results", "", lambda m, _lead, _page, _use: key_results(m), key_results_table),
    (
        "key-results-by-school",
        "",
        lambda m, _lead, _page, _use: key_results_by_school(m),
        key_results_by_school_table,
    ),
    ("key-results-sum", "", lambda m, _lead, _page, _use: key_results_sum(m), None),
    (
        "school-readings",
        "",
        lambda m, lead, _page, _use: school_readings(m, lead) if lead else None,
        None,
    ),
)
