"""A synthetic district of any size, in this kit's form.

The same numbers always give the same files, so that two runs measure the same work. What a district
holds (`District`) is kept apart from how it is written down (`Form`): `bench.plain` writes the same
district for the plain stack, and what the two have in common is written once.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from random import Random

from bench.words import (
    ACTS,
    DEEDS,
    FAMILIES,
    LEVELS,
    MEASURES,
    MONEY,
    OBJECTIVES,
    PEOPLE,
    PLACES,
    PROTOCOL_MOVES,
    PROTOCOL_THINGS,
    RHYTHMS,
    ROLES,
    STAGES,
    STANDARDS,
    SUBSYSTEMS,
    TERM_KINDS,
    TERM_SORTS,
    THINGS,
    TREES,
    Words,
)

#: The day that the district is read on; all dates are set around it.
TODAY = "2026-11-21"

Options = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """A record: its options are the fields and links, in the order they are written.

    `text` is what stands in the block, `body` the Markdown below it on a page of its own.
    """

    type: str
    id: str
    title: str
    options: Options
    text: str = ""
    body: str = ""
    slug: str = ""
    steps: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class School:
    """A school's record and its actions."""

    record: Item
    actions: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class District:
    """All records of a district; `key_results` by the id of their objective."""

    vision: Item
    objectives: tuple[Item, ...]
    key_results: Mapping[str, tuple[Item, ...]]
    stages: tuple[Item, ...]
    subsystems: tuple[Item, ...]
    standards: tuple[Item, ...]
    roles: tuple[Item, ...]
    decisions: tuple[Item, ...]
    terms: tuple[Item, ...]
    protocols: tuple[Item, ...]
    exemplars: tuple[Item, ...]
    sessions: tuple[Item, ...]
    assessments: tuple[Item, ...]
    schools: tuple[School, ...] = field(default_factory=tuple)

    @property
    def actions(self) -> tuple[Item, ...]:
        """Every school's actions."""
        return tuple(action for school in self.schools for action in school.actions)


EVERYONE = "teacher, principal, coach, leader"


def _id(prefix: str, words: str) -> str:
    return f"{prefix}_{words.upper().replace(' ', '_')}"


def _slug(words: str) -> str:
    return words.lower().replace(" ", "-")


# ----------------------------------------------------------------------------------- records
def make(schools: int, actions: int, seed: int = 1) -> District:
    """A district of so many schools with so many actions each (at most 800 schools)."""
    if schools > len(TREES) * len(PLACES):
        raise ValueError(f"There are names for {len(TREES) * len(PLACES)} schools only.")
    words = Words(Random(seed))
    roles = tuple(
        Item(
            "role",
            _id("ROLE", name),
            name,
            {"status": "filled", "audiences": EVERYONE},
            f"- **Holds:** {words.sentence()}\n- **Decides:** {words.sentence()}\n"
            f"- **Steps in:** {words.sentence()}",
        )
        for name in ROLES
    )
    stages = tuple(
        Item(
            "stage",
            f"STAGE_{key}",
            title,
            {"short": short, "audiences": EVERYONE},
            f"{words.paragraph()}\n\n{words.paragraph()}",
        )
        for key, title, short in STAGES
    )
    standards = tuple(
        Item(
            "standard",
            f"STD_{number + 1:02}",
            title,
            {
                "kind": "smp" if number < 8 else "process",
                "short": title,
                "audiences": EVERYONE,
            },
            words.paragraph(2),
        )
        for number, title in enumerate(STANDARDS)
    )

    def kept(audiences: str = EVERYONE) -> Options:
        """What every record that people look after carries."""
        return {
            "owner": words.one(roles).id,
            "stage": words.one(stages).id,
            "audiences": audiences,
            "reviewed": words.day(date(2026, 8, 24), 80),
        }

    vision = Item(
        "vision",
        "VIS_REASONING",
        "Every student reasons, and every reason is heard",
        kept(),
        words.paragraph(),
        f"## What it means\n\n{words.bullets(5)}\n\n## What it rules out\n\n{words.bullets(4)}",
    )
    subsystems = tuple(
        Item("subsystem", _id("SUB", title), title, kept(), words.bullets(4))
        for title in SUBSYSTEMS
    )
    terms = _terms(words, standards, kept)
    protocols = _protocols(words, subsystems, terms, kept)
    objectives, key_results = _objectives(words, vision, terms, kept)
    sessions = _sessions(words, objectives, protocols, kept)
    results = [result.id for group in key_results.values() for result in group]
    district = District(
        vision=vision,
        objectives=objectives,
        key_results=key_results,
        stages=stages,
        subsystems=subsystems,
        standards=standards,
        roles=roles,
        decisions=tuple(
            Item(
                "decision",
                f"DEC_{number:02}",
                f"{words.one(PROTOCOL_MOVES)} {words.one(PROTOCOL_THINGS)} comes first",
                {
                    **kept(),
                    "date": words.day(date(2026, 5, 4), 120),
                    "body": "Mathematics leadership team",
                    "affects": ", ".join(sorted(words.random.sample(results, 3))),
                },
                f"**What.** {words.paragraph(2)}\n\n**Why.** {words.paragraph()}",
            )
            for number in range(1, 5)
        ),
        terms=terms,
        protocols=protocols,
        exemplars=tuple(
            Item(
                "exemplar",
                f"EX_{number:02}",
                f"What students did with {words.one(PROTOCOL_THINGS)}, number {number}",
                {
                    "kind": ("student-work", "lesson", "unpacking")[number % 3],
                    "grade": f"Grade {number + 2}",
                    **kept(),
                    "illustrates": ", ".join(
                        [protocols[number].id, terms[number].id, terms[number + 9].id]
                    ),
                },
                words.paragraph(2),
                f"## The task\n\n{words.paragraph(4)}\n\n## What students did\n\n"
                f"{words.bullets(6)}\n\n## What teachers did next\n\n{words.paragraph(6)}",
                f"exemplar-{number}",
            )
            for number in range(1, 7)
        ),
        sessions=sessions,
        assessments=tuple(
            Item(
                "assessment",
                f"ASM_GRADE_{grade}_PERIOD_{period}",
                f"Grade {grade}, period {period}",
                {
                    **kept(),
                    "period": str(period),
                    "grade": f"Grade {grade}",
                    "date": words.day(date(2026, 9, 21), 200),
                    "informs": words.one(results),
                    "analysed_in": sessions[period].id,
                },
                words.paragraph(2),
            )
            for period, grade in product((1, 2, 3, 4), (3, 7, 9))
        ),
    )
    names = [f"{place} {tree}" for tree, place in product(TREES, PLACES)]
    return replace(
        district,
        schools=tuple(
            _school(words, name, actions, results, district, kept) for name in names[:schools]
        ),
    )


Kept = Callable[..., Options]


def _terms(words: Words, standards: Sequence[Item], kept: Kept) -> tuple[Item, ...]:
    return tuple(
        Item(
            "term",
            _id("TERM", f"{sort} {kind}"),
            f"{sort} {kind}",
            {
                **kept(),
                "aligns_with": ", ".join(
                    item.id for item in words.random.sample(list(standards), 3)
                ),
            },
            words.paragraph(2),
            f"## For students\n\n### It looks like\n\n{words.bullets()}\n\n### It sounds like\n\n"
            f"{words.bullets()}\n\n### It feels like\n\n{words.bullets()}\n\n"
            f"## What it is not\n\n{words.bullets()}\n\n"
            f"## Try it this week\n\n{words.paragraph(3)}",
            _slug(f"{sort} {kind}"),
        )
        for sort, kind in product(TERM_SORTS, TERM_KINDS)
    )


def _protocols(
    words: Words, subsystems: Sequence[Item], terms: Sequence[Item], kept: Kept
) -> tuple[Item, ...]:
    made = []
    for number, (move, thing) in enumerate(product(PROTOCOL_MOVES, PROTOCOL_THINGS)):
        title = f"{move} {thing}"
        steps = tuple(
            (f"{name} {thing}", words.random.randrange(3, 12), words.paragraph(2))
            for name in ("Set out", "Read", "Describe", "Interpret", "Decide about", "Close on")
        )
        known = words.random.sample(list(terms), 4)
        made.append(
            Item(
                "protocol",
                _id("PRO", title),
                title,
                {
                    "kind": FAMILIES[number % len(FAMILIES)],
                    "minutes": str(sum(minutes for _, minutes, _ in steps)),
                    "group": "4 to 8 teachers, with a coach",
                    "bring": "the task, the learning goal, unsigned student work",
                    **kept(),
                    "strengthens": words.one(subsystems).id,
                    "develops": ", ".join(term.id for term in known),
                },
                words.paragraph(2),
                f"## When to use it\n\n{words.bullets()}\n\n"
                f"Read {{need}}`{known[0].id}` and {{need}}`{known[1].id}` before.\n\n"
                f"## Norms\n\n{words.bullets(4)}",
                _slug(title),
                steps,
            )
        )
    return tuple(made)


def _objectives(
    words: Words, vision: Item, terms: Sequence[Item], kept: Kept
) -> tuple[tuple[Item, ...], dict[str, tuple[Item, ...]]]:
    objectives, key_results = [], {}
    for key, title, short in OBJECTIVES:
        term = words.random.choice(list(terms))
        objective = Item(
            "objective",
            f"OBJ_{key}",
            title,
            {**kept(), "realises": vision.id, "short": short},
            words.paragraph(2),
            f"## Why\n\n{words.paragraph(4)}\n\nIt rests on {{need}}`{term.id}`.\n\n"
            f"{words.paragraph(4)}",
            key.lower(),
        )
        objectives.append(objective)
        key_results[objective.id] = tuple(
            Item(
                "key_result",
                f"KR_{key}_{name}",
                f"{words.random.randrange(2, 5)} in 5 {words.one(PEOPLE).lower()} "
                f"{words.one(DEEDS)} {words.one(THINGS)}",
                {
                    **kept(),
                    "measures": objective.id,
                    "measure": measure,
                    "baseline": f"{words.random.randrange(20, 50)}% of students",
                    "target": f"{words.random.randrange(55, 80)}% of students",
                    "due": "2027-06-18",
                    "source": source,
                },
                words.paragraph(2),
            )
            for name, measure, source in MEASURES
        )
    return tuple(objectives), key_results


def _sessions(
    words: Words, objectives: Sequence[Item], protocols: Sequence[Item], kept: Kept
) -> tuple[Item, ...]:
    kinds = ("opening-day", "plc", "coaching", "pd-day", "rounds", "leadership-team")
    days = [date(2026, 9, 1) + timedelta(days=12 * number) for number in range(24)]
    return tuple(
        Item(
            "session",
            f"SES_{number + 1:02}",
            f"Session {number + 1}: {words.one(ACTS)} {words.one(RHYTHMS)}",
            {
                "kind": kinds[number % len(kinds)],
                "date": day.isoformat(),
                "hours": words.one(("1.5", "2.5", "5")),
                "serves": objectives[number % len(objectives)].id,
                "runs": words.one(protocols).id,
                "at": "",
                **kept("teacher, coach"),
                "notes": words.sentence(),
            },
        )
        for number, day in enumerate(days)
    )


def _school(
    words: Words, name: str, count: int, results: Sequence[str], district: District, kept: Kept
) -> School:
    level = words.one(LEVELS)
    options = {**kept(f"{EVERYONE}, family"), "level": level, "short": name}
    del options["stage"]
    record = Item(
        "school",
        _id("SCH", name),
        f"{name} {'High School' if level == 'high' else level.capitalize()}",
        options,
        words.paragraph(2),
        f"## How we work together\n\n- **Teams.** {words.paragraph(2)}\n"
        f"- **Coaching.** {words.paragraph(2)}\n- **Walkthrough.** {words.sentence()}",
        _slug(name),
    )
    random, start = words.random, words.random.randrange(len(results))
    made = []
    for number in range(count):
        lead, backup = random.sample(list(district.roles), 2)
        status = random.choices(
            ("active", "planned", "done", "paused", "dropped"), (50, 25, 15, 6, 4)
        )[0]
        uses = random.sample(list(district.protocols), random.choices((0, 1, 2), (2, 6, 2))[0])
        made.append(
            Item(
                "action",
                f"{_id('ACT', name)}_{number + 1:02}",
                words.action(),
                {
                    "advances": results[(start + number) % len(results)],
                    "uses": ", ".join(protocol.id for protocol in uses),
                    "led_by": lead.id,
                    "backed_up_by": backup.id if random.random() < 0.85 else "",
                    "status": status,
                    "starts": words.day(date(2026, 9, 1), 120),
                    "due": words.day(date(2027, 1, 11), 150),
                    "funding": words.one(MONEY),
                    "look_for": words.look_for() if random.random() < 0.9 else "",
                    "evidence": words.evidence() if random.random() < 0.9 else "",
                    "notes": words.sentence() if random.random() < 0.3 else "",
                },
            )
        )
    return School(record, tuple(made))


# ------------------------------------------------------------------------------------- pages
class Form:
    """How the kit writes a district down; another form overrides what differs."""

    page_of_actions = "progress/actions"

    def __init__(self, district: District, *, all_actions: bool = False) -> None:
        self.district = district
        self.all_actions = all_actions

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

    def actions(self) -> str:
        """All actions of the district, on a page of their own; empty when there is no such page."""
        return self.view("action-list") if self.all_actions else ""

    def tables(self) -> Iterable[tuple[str, str]]:
        """Tables beside pages, as (file, text)."""
        for school in self.district.schools:
            yield f"schools/{school.record.slug}/plan.csv", csv_of(school.actions, PLAN)
        yield "learning/sessions.csv", csv_of(self.district.sessions, SESSIONS)

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


def block(name: str, argument: str, options: Options) -> str:
    """The opening of a block: its name, argument and options; blank options are left out."""
    lines = [f":::{{{name}}} {argument}".rstrip()]
    lines += [f":{key}: {value}" for key, value in options.items() if value]
    return "\n".join(lines) + "\n"


def csv_of(items: Iterable[Item], columns: Sequence[str]) -> str:
    """Records as a table; lists are separated by semicolons."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    lists = ("advances", "uses", "led_by", "backed_up_by", "serves", "runs", "audiences")
    for item in items:
        values = {"id": item.id, "title": item.title, **item.options}
        writer.writerow(
            values[name].replace(", ", ";") if name in lists else values[name] for name in columns
        )
    return out.getvalue()


def write(form: Form, folder: Path) -> None:
    """Write a district's files into a new folder."""
    files = dict([*pages(form), *form.tables(), *form.settings()])
    for file, text in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def write_kit(
    folder: Path, schools: int, actions: int, seed: int = 1, *, all_actions: bool = False
) -> None:
    """Write a district in this kit's form; with `all_actions`, also a page that lists them."""
    write(Form(make(schools, actions, seed), all_actions=all_actions), folder)


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
            ),
        )


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
    if actions:
        names.append("actions")
        yield (
            f"{form.page_of_actions}.md",
            _page("All actions", "Every action of every school.\n", actions),
        )
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
            _toctree("assessments"),
        ),
    )
    yield (
        "learning/assessments.md",
        _page("Assessments", "\n".join(map(form.record, district.assessments))),
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
    return (
        '[district]\nname = "Synthetic School District"\nshort_name = "Synthetic"\n'
        'address = "https://manual.synthetic.example/"\n\n'
        '[school_year]\nname = "2026-27"\nstarts = 2026-08-31\nends = 2027-06-18\n'
        f"{periods}{due}"
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
