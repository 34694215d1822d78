"""What hypothesis may come up with: texts, findings, tables and whole districts."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from living_manual.core.finding import KINDS, Finding, finding
from living_manual.core.model import STATUSES, Manual, Record
from living_manual.core.settings import Settings
from living_manual.core.tables import Column, Table
from tests.build_manual import MODEL, TODAY, rec

#: Any text a UTF-8 file may hold.
texts = st.text(st.characters(exclude_categories=["Cs"]))
#: Text full of the signs that formats care about.
sharp_texts = st.text(st.sampled_from(" ab,;\"'`\n\r\t\0\ufeff=+-@#[]{}<>&|:\\é٣\u2028"))
days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
#: Days around the day on which a test's manual is read.
near_days = st.integers(-3, 3).map(lambda days: date.fromordinal(TODAY.toordinal() + days))
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


def ids(prefix: str) -> st.SearchStrategy[str]:
    """Record ids with that prefix."""
    part = st.text("ABCXYZ0123456789", min_size=1, max_size=4)
    return st.lists(part, min_size=1, max_size=3).map(lambda parts: prefix + "_".join(parts))


findings: st.SearchStrategy[Finding] = st.builds(
    finding,
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(["This.", "That."]),
    st.sampled_from(["Mend it.", "Drop it."]),
    st.sampled_from([None, "a.md", "b.md"]),
    st.sampled_from([None, 1, 2, 10]),
    st.sampled_from([None, "title", "due"]),
)


@st.composite
def table_rows(draw: st.DrawFn, table: Table, prefix: str) -> list[dict[str, str]]:
    """Rows of a table as somebody writes them correctly: (column, cell) with some cells empty."""
    names = draw(st.lists(ids(prefix), unique=True, max_size=3))
    return [
        {
            column.name: name if column.form == "id" else draw(_cell(column, optional=True))
            for column in table.columns
        }
        for name in names
    ]


def _cell(column: Column, *, optional: bool) -> st.SearchStrategy[str]:
    forms: dict[str, st.SearchStrategy[str]] = {
        "text": sharp_texts.map(lambda text: text.replace("\0", "")),
        "ids": st.lists(ids("OBJ_"), max_size=3).map(";".join),
        "words": st.lists(st.sampled_from(["teacher", "coach"]), max_size=2).map(" ; ".join),
        "status": st.sampled_from(STATUSES),
        "date": days.map(date.isoformat),
        "time": st.times().map(lambda time: time.strftime("%H:%M")),
        "whole": st.integers(1, 99).map(str),
        "number": st.integers(0, 40).map(lambda quarters: str(quarters / 4)),
    }
    cell = forms[column.form]
    if column.required:
        return cell.filter(lambda text: bool(text.strip()))
    return st.one_of(st.just(""), cell) if optional else cell


@st.composite
def districts(draw: st.DrawFn) -> Manual:
    """A district with any number of schools, objectives, key results and actions.

    Links may be missing, name a record twice, or lead nowhere: a manual with findings is still
    computed, for a person who is writing it.
    """

    def some(of: list[str], most: int = 3) -> str:
        return " ".join(draw(st.lists(st.sampled_from([*of, "OBJ_NOWHERE"]), max_size=most)))

    schools = [f"SCH_{number}" for number in range(draw(st.integers(0, 4)))]
    objectives = [f"OBJ_{number}" for number in range(draw(st.integers(0, 4)))]
    results = [f"KR_{number}" for number in range(draw(st.integers(0, 5)))]
    records: list[Record] = [rec(name, level="middle") for name in schools]
    records += [rec(name) for name in objectives]
    records += [rec(name, measures=some(objectives, 2)) for name in results]
    for number in range(draw(st.integers(0, 8))):
        extra = {
            name: draw(near_days).isoformat() for name in ("starts", "due") if draw(st.booleans())
        }
        records.append(
            rec(
                f"ACT_{number}",
                at=" ".join(dict.fromkeys(some(schools, 2).split())),
                advances=some(objectives + results),
                status=draw(st.sampled_from(STATUSES)),
                from_table=draw(st.booleans()),
                **extra,
            )
        )
    due = {name: draw(near_days) for name in objectives if draw(st.booleans())}
    if draw(st.booleans()):  # pages may stand in any order
        records.reverse()
    return Manual.of(records, MODEL, Settings(actions_due=due), TODAY)
