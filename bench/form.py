"""A synthetic district as pages and tables, in this kit's form.

`bench.plain` writes the same district for the plain stack: what the two have in common is written
once, here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.district import GRADES, District, Item, Options, School, make
from bench.evidence import seen_at
from bench.learning import MORE, sessions_of
from bench.pages import pages
from bench.readings import read_in
from living_manual.core.matrices import MATRICES


class Form:
    """How the kit writes a district down; another form overrides what differs."""

    page_of_actions = "progress/actions"

    def __init__(self, district: District) -> None:
        self.district = district

    def record(self, item: Item, *, lead: bool = False) -> str:
        """A record in a page. A lead record takes the heading above it as its title."""
        return block(item.type, "" if lead else item.title, {"id": item.id, **item.options}) + (
            f"\n{item.text}\n:::\n" if item.text else ":::\n"
        )

    def view(self, name: str, argument: str = "", **options: str) -> str:
        """A computed part of a page."""
        return block(name, argument, options) + ":::\n"

    def steps(self, item: Item) -> str:
        """The timed steps of a protocol."""
        made = "".join(
            block("step", title, {"minutes": str(minutes)}) + f"\n{text}\n:::\n"
            for title, minutes, text in item.steps
        )
        return f"::::{{steps}}\n{made}::::\n"

    def plan(self, _school: School) -> str:
        """A school's actions, on its page."""
        return self.view("school-plan")

    def calendar(self) -> str:
        """The year's sessions, on their page."""
        return self.view("session-calendar")

    def assessments(self) -> str:
        """The year's shared assessments, on their page."""
        return self.view("assessment-calendar")

    def learning(self, _school: School) -> str:
        """A school's own hours and sessions, on its page."""
        return self.view("school-hours") + "\n" + self.view("session-calendar")

    def actions(self) -> str:
        """All actions of the district, on a page of their own."""
        return self.view("action-list")

    def matrices(self) -> Iterable[str]:
        """The matrices of the district, by their keys; those of schools stand on its own page."""
        return (*(key for key in MATRICES if key != "school-objective"),)

    def tables(self) -> Iterable[tuple[str, str]]:
        """Tables beside pages, as (file, text)."""
        for school in self.district.schools:
            folder = f"schools/{school.record.slug}"
            yield f"{folder}/plan.csv", csv_of(school.actions, PLAN)
            yield f"{folder}/evidence.csv", _csv([EVIDENCE, *seen_at(self.district, school)])
            if sessions := sessions_of(self.district, school):
                yield f"{folder}/sessions.csv", csv_of(sessions, (*SESSIONS, *MORE))
        yield "learning/sessions.csv", csv_of(self.district.sessions, SESSIONS)
        yield "progress/readings.csv", _csv([READINGS, *read_in(self.district)])
        yield "learning/assessments.csv", csv_of(self.district.assessments, ASSESSMENTS)

    def settings(self) -> Iterable[tuple[str, str]]:
        """Files that say how the folder is built, as (file, text)."""
        yield "district.toml", _settings(self.district)


#: Columns of the tables; the test holds them in step with the kit's own.
PLAN = (
    *("id", "title", "advances", "uses", "led_by", "backed_up_by", "status", "starts", "due"),
    *("funding", "look_for", "evidence", "notes"),
)
SESSIONS = (
    *("id", "title", "kind", "date", "hours", "serves", "runs", "at", "owner", "stage"),
    *("audiences", "reviewed", "notes"),
)
READINGS = ("key_result", "at", "date", "value", "note")
ASSESSMENTS = (
    *("id", "title", "grade", "period", "date", "informs", "analysed_in", "owner", "stage"),
    *("audiences", "reviewed", "notes"),
)
EVIDENCE = ("date", "action", "objective", "at", "kind", "seen", "by")


def block(name: str, argument: str, options: Options) -> str:
    """The opening of a block: its name, argument and options; blank options are left out."""
    lines = [f":::{{{name}}} {argument}".rstrip()]
    lines += [f":{key}: {value}" for key, value in options.items() if value]
    return "\n".join(lines) + "\n"


def csv_of(items: Iterable[Item], columns: Sequence[str]) -> str:
    """Records as a table; lists are separated by semicolons."""
    rows: list[Sequence[str]] = [columns]
    lists = ("advances", "uses", "led_by", "backed_up_by", "serves", "runs", "audiences")
    for item in items:
        values = {"id": item.id, "title": item.title, **item.options}
        rows.append(
            [values[name].replace(", ", ";") if name in lists else values[name] for name in columns]
        )
    return _csv(rows)


def _csv(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def write(form: Form, folder: Path) -> None:
    """Write a district's files into a new folder."""
    files = dict([*pages(form), *form.tables(), *form.settings()])
    for file, text in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def write_kit(folder: Path, schools: int, actions: int, seed: int = 1) -> None:
    """Write a district in this kit's form."""
    write(Form(make(schools, actions, seed)), folder)


def _settings(district: District) -> str:
    due = "".join(
        f'\n[[actions_due]]\nobjective = "{item.id}"\nby = {("2026-10-15", "2027-01-15")[n % 2]}\n'
        for n, item in enumerate(district.objectives)
    )
    days = (
        ("2026-08-31", "2026-11-06"),
        ("2026-11-09", "2027-01-29"),
        ("2027-02-01", "2027-04-09"),
        ("2027-04-12", "2027-06-18"),
    )
    periods = "".join(
        f'\n[[school_year.marking_periods]]\nname = "Period {number}"\n'
        f"starts = {starts}\nends = {ends}\n"
        for number, (starts, ends) in enumerate(days, start=1)
    )
    grades = ", ".join(f'"{grade}"' for grade in GRADES)
    return (
        '[district]\nname = "Synthetic School District"\nshort_name = "Synthetic"\n'
        'address = "https://manual.synthetic.example/"\n\n'
        '[school_year]\nname = "2026-27"\nstarts = 2026-08-31\nends = 2027-06-18\n'
        f"{periods}{due}\n[assessments]\ngrades = [{grades}]\n"
    )


# ------------------------------------------------------------------------------------- edits
def change_action(folder: Path, school: School, words: str) -> None:
    """Give a school's first action another title, where that school writes it."""
    action, place = school.actions[0], folder / "schools" / school.record.slug
    path = place / "plan.csv"
    if not path.exists():
        path = place / "index.md"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if action.id in line)
    if path.suffix == ".csv":
        row = next(csv.reader([lines[at]]))
        row[1] = f"{action.title}, {words}"
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerow(row)
        lines[at] = out.getvalue()
    else:
        lines[at - 1] = f":::{{action}} {action.title}, {words}\n"
    path.write_text("".join(lines), encoding="utf-8")


def change_prose(folder: Path, item: Item, words: str) -> None:
    """Add a sentence to the last section of a term's page."""
    path = folder / "glossary" / f"{item.slug}.md"
    path.write_text(path.read_text(encoding="utf-8") + f"\nAnd then {words}.\n", encoding="utf-8")
