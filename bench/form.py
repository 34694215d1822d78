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
from bench.readings import read_in
from bench.words import (
    FAMILIES,
)
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


def _page(title: str, *parts: str) -> str:
    return "\n".join([f"# {title}", "", *(part for part in parts if part)]).rstrip() + "\n"


def _toctree(*names: str) -> str:
    return "\n:::{toctree}\n:hidden:\n" + "\n".join(names) + "\n:::\n"


def pages(form: Form) -> Iterable[tuple[str, str]]:
    """Every page, as (file, text)."""
    yield from _vision_pages(form)
    yield from _word_and_protocol_pages(form)
    yield from _school_pages(form)
    yield from _other_pages(form)


def _own_pages(form: Form, folder: str, items: Iterable[Item]) -> Iterable[tuple[str, str]]:
    for item in items:
        steps = f"\n## Steps\n\n{form.steps(item)}" if item.steps else ""
        yield (
            f"{folder}/{item.slug}.md",
            _page(item.title, form.record(item, lead=True), item.body, steps),
        )


def _vision_pages(form: Form) -> Iterable[tuple[str, str]]:
    district = form.district
    parts = {
        "flywheel": ("The flywheel", district.stages),
        "subsystems": ("The subsystems of support", district.subsystems),
        "standards": ("The standards for doing mathematics", district.standards),
        "roles": ("The roles", district.roles),
        "decisions": ("The decisions", district.decisions),
    }
    objectives = [f"objectives/{item.slug}" for item in district.objectives]
    yield (
        "vision/index.md",
        _page(
            district.vision.title,
            form.record(district.vision, lead=True),
            district.vision.body,
            "\n## The objectives\n",
            form.view("record-list", "objective"),
            _toctree(*objectives, *parts),
        ),
    )
    for item in district.objectives:
        results = "\n".join(map(form.record, district.key_results[item.id]))
        yield (
            f"vision/objectives/{item.slug}.md",
            _page(
                item.title,
                form.record(item, lead=True),
                item.body,
                f"\n## Key results\n\n{results}",
                "\n## Where it stands\n",
                form.view("chain", item.id),
            ),
        )
    for name, (title, items) in parts.items():
        purpose = "Each one is kept here with its reason, so that nobody has to guess.\n"
        yield f"vision/{name}.md", _page(title, purpose, "\n".join(map(form.record, items)))


def _word_and_protocol_pages(form: Form) -> Iterable[tuple[str, str]]:
    district = form.district
    yield (
        "glossary/index.md",
        _page(
            "Words we share",
            "Here is what we mean by the words we use most.\n",
            form.view("record-list", "term"),
            _toctree(*(term.slug for term in district.terms)),
        ),
    )
    yield from _own_pages(form, "glossary", district.terms)
    yield (
        "protocols/index.md",
        _page(
            "Protocols",
            "A protocol is a short set of timed steps.\n",
            *(form.view("record-list", "protocol", kind=family) for family in FAMILIES),
            _toctree(*(f"{family}/index" for family in FAMILIES)),
        ),
    )
    for family in FAMILIES:
        own = [item for item in district.protocols if item.options["kind"] == family]
        yield (
            f"protocols/{family}/index.md",
            _page(
                f"Protocols for {family}",
                "Use these in the time that is protected for them.\n",
                form.view("record-list", "protocol", kind=family),
                _toctree(*(item.slug for item in own)),
            ),
        )
        yield from _own_pages(form, f"protocols/{family}", own)


def _school_pages(form: Form) -> Iterable[tuple[str, str]]:
    schools = form.district.schools
    yield (
        "schools/index.md",
        _page(
            "Schools",
            "Each school shows what it has decided to do.\n",
            form.view("record-list", "school"),
            _toctree(*(f"{school.record.slug}/index" for school in schools)),
        ),
    )
    for school in schools:
        yield (
            f"schools/{school.record.slug}/index.md",
            _page(
                school.record.title,
                form.record(school.record, lead=True),
                "## What the district expects, and what we do\n",
                form.plan(school),
                school.record.body,
                *_computed("## Learning together", form.learning(school)),
                *_computed("## Plan and classroom", form.view("school-balance")),
                *_computed("## Our readings", form.view("school-readings")),
            ),
        )


def _computed(title: str, view: str) -> tuple[str, ...]:
    """A view below its heading; nothing where the form does not compute it."""
    return (f"\n{title}\n", view) if view else ()


def _other_pages(form: Form) -> Iterable[tuple[str, str]]:
    district, actions = form.district, form.actions()
    rooms = ("vision", "glossary", "protocols", "exemplars", "schools", "progress", "learning")
    doors = "\n".join(f"- [{room.capitalize()}]({room}/index.md)" for room in rooms)
    yield (
        "index.md",
        _page(
            "How we teach and lead mathematics here",
            "One place for what we mean, how we work and what each school is doing about it.\n",
            form.view("search-box"),
            f":::::{{grid}} 1 2 2 2\n::::{{grid-item-card}} I teach\n{doors}\n::::\n"
            f"::::{{grid-item-card}} I lead\n{doors}\n::::\n:::::\n",
            _toctree(*(f"{room}/index" for room in rooms)),
        ),
    )
    yield (
        "exemplars/index.md",
        _page(
            "Exemplars",
            "See what our words mean in a classroom.\n",
            form.view("record-list", "exemplar"),
            _toctree(*(item.slug for item in district.exemplars)),
        ),
    )
    yield from _own_pages(form, "exemplars", district.exemplars)
    views = {"coverage": "Objectives by school", "gaps": "Gaps to close"}
    for name, title in views.items():
        text = form.view(name)
        yield f"progress/{name}.md", _page(title, "This page shows where we stand.\n", text)
    chains = [f"## {item.title}\n\n{form.view('chain', item.id)}" for item in district.objectives]
    yield "progress/chain.md", _page("From objective to classroom", "\n".join(chains))
    names = [*views, "chain"]
    if text := form.view("balance"):
        names.append("balance")
        yield "progress/balance.md", _page("Plan and classroom", "Do both move?\n", text)
    for name, title in {
        "key-results": "Key results",
        "key-results-by-school": "Key results by school",
    }.items():
        if text := form.view(name):
            names.append(name)
            yield f"progress/{name}.md", _page(title, "What was read?\n", text)
    if text := form.view("system-health"):
        names.append("health")
        yield "progress/health.md", _page("System health", "What would hold?\n", text)
    if text := form.view("fragility"):
        names.append("fragility")
        more = [form.view(name) for name in ("role-drills", "single-points", "facilitation")]
        yield "progress/fragility.md", _page("If somebody left", "What then?\n", text, *more)
    if text := form.view("handover-list"):
        names.append("handover")
        yield "progress/handover.md", _page("Handover", "What does each role hold?\n", text)
    if actions:
        names.append("actions")
        yield (
            f"{form.page_of_actions}.md",
            _page("All actions", "Every action of every school.\n", actions),
        )
    keys = list(form.matrices())
    if keys:
        names.append("matrices/index")
        made = _toctree(*keys)
        yield "progress/matrices/index.md", _page("The matrices", "Read from both sides.\n", made)
    for key in keys:
        title = f"By {key.replace('-', ' and ')}"
        text = form.view("matrix", key)
        yield f"progress/matrices/{key}.md", _page(title, "Read it by rows.\n", text)
    yield (
        "progress/index.md",
        _page("Progress", "Here a leader sees where the objectives are alive.\n", _toctree(*names)),
    )
    yield (
        "learning/index.md",
        _page(
            "This year's learning",
            "This page shows when we learn together this year.\n",
            form.calendar(),
            _toctree("assessments", *(("hours", "what-if") if form.view("what-if") else ())),
        ),
    )
    if form.view("what-if"):
        for name, view in (("hours", "learning-hours"), ("what-if", "what-if")):
            text = form.view(view)
            yield f"learning/{name}.md", _page("Hours of learning", "What we get.\n", text)
    yield (
        "learning/assessments.md",
        _page("Assessments", form.assessments()),
    )


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
