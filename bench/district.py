"""A synthetic district of any size: the same numbers always give the same one.

How it is written down is in `bench.form`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product
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
    # Their own: how many there are changes nothing in what the schools say.
    others = Words(Random(f"{seed} assessments"))
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

    kept = _keeper(words, roles, stages)
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
        assessments=tuple(_assessments(others, results, sessions, _keeper(others, roles, stages))),
    )
    names = [f"{place} {tree}" for tree, place in product(TREES, PLACES)]
    return replace(
        district,
        schools=tuple(
            _school(words, name, actions, results, district, kept) for name in names[:schools]
        ),
    )


Kept = Callable[..., Options]


def _keeper(words: Words, roles: Sequence[Item], stages: Sequence[Item]) -> Kept:
    """Says of each record that people look after whose it is."""

    def kept(audiences: str = EVERYONE) -> Options:
        return {
            "owner": words.one(roles).id,
            "stage": words.one(stages).id,
            "audiences": audiences,
            "reviewed": words.day(date(2026, 8, 24), 80),
        }

    return kept


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


#: The grades that have a shared assessment in each marking period.
GRADES = ("Kindergarten", *(f"Grade {number}" for number in range(1, 13)))
#: The session that looks at the work of each marking period, by its place among the sessions.
ANALYSES = (4, 10, 15, 21)


def _assessments(
    words: Words, results: Sequence[str], sessions: Sequence[Item], kept: Kept
) -> Iterator[Item]:
    """One for each grade and period, a few days before its session; grade 9 waits for one."""
    for grade, (period, nth) in product(GRADES, enumerate(ANALYSES, start=1)):
        session = sessions[nth]
        held = date.fromisoformat(session.options["date"])
        yield Item(
            "assessment",
            f"{_id('ASM', grade)}_PERIOD_{period}",
            f"{grade}, period {period}",
            {
                **kept(),
                "period": str(period),
                "grade": grade,
                "date": (held - timedelta(days=words.random.randrange(3, 12))).isoformat(),
                "informs": words.one(results),
                "analysed_in": "" if (grade, period) == ("Grade 9", 1) else session.id,
                "notes": words.sentence(),
            },
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
