"""What a view can be narrowed by."""

from __future__ import annotations

from datetime import date

import pytest

from living_manual.core.filters import Facet, choice, records, span
from living_manual.core.model import Ref


def test_a_value_is_offered_once() -> None:
    made = choice(
        "status", "Status", [("active", "Active"), ("done", "Done"), ("active", "Active")]
    )
    assert made == Facet("status", "Status", "choice", (("active", "Active"), ("done", "Done")))


def test_records_are_offered_by_title() -> None:
    elm = Ref("SCH_ELM", "school", "Elm Elementary", "schools/elm/index")
    assert records("school", "School", [elm]).options == (("SCH_ELM", "Elm Elementary"),)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (None, None, ""),
        (date(2026, 9, 1), date(2026, 9, 1), "2026-09-01"),
        (date(2026, 9, 1), date(2027, 3, 26), "2026-09-01/2027-03-26"),
        (date(2026, 9, 1), None, "2026-09-01/"),
        (None, date(2027, 3, 26), "/2027-03-26"),
    ],
)
def test_days_of_an_item(first: date | None, last: date | None, said: str) -> None:
    assert span(first, last) == said
