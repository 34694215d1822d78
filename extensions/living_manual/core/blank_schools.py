"""How many schools have an objective without a living action, and where to see which."""

from __future__ import annotations

from dataclasses import dataclass

from living_manual.core.matrices import matrix_of
from living_manual.core.matrix import page_of
from living_manual.core.model import Manual, Ref


@dataclass(frozen=True, slots=True)
class BlankSchools:
    """Schools with a blank, of all; blank cells, and those past their date; the page with them."""

    schools: int
    of: int
    blanks: int
    late: int
    page: Ref | None


def blank_schools(manual: Manual) -> BlankSchools:
    """Counted from the matrix of schools and objectives."""
    view = matrix_of(manual, "school-objective")
    schools = sum(any(cell.blank for cell in row.cells) for row in view.rows)
    page = page_of(manual, "school-objective")
    return BlankSchools(schools, len(view.rows), view.blanks, view.late, page)
