"""The pages of a synthetic district, in whichever form it is written down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bench.district import Item
from bench.words import FAMILIES

if TYPE_CHECKING:
    from bench.form import Form


def _page(title: str, *parts: str) -> str:
    return "\n".join([f"# {title}", "", *(part for part in parts if part)]).rstrip() + "\n"


def _toctree(*names: str) -> str:
    return "\n:::{toctree}\n:hidden:\n" + "\n".join(names) + "\n:::\n"


def pages(form: Form) -> Iterable[tuple[str, str]]:
    """Every page, as (file, text)."""
    yield from _vision_pages(form)
    yield from _word_and_protocol_pages(form)
    yield from _school_pages(form)
    yield from _front_pages(form)
    yield from _progress_pages(form)
    yield from _learning_pages(form)


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


def _front_pages(form: Form) -> Iterable[tuple[str, str]]:
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
    exemplars = form.district.exemplars
    yield (
        "exemplars/index.md",
        _page(
            "Exemplars",
            "See what our words mean in a classroom.\n",
            form.view("record-list", "exemplar"),
            _toctree(*(item.slug for item in exemplars)),
        ),
    )
    yield from _own_pages(form, "exemplars", exemplars)


#: Pages of progress that show views: their title and one line, then the views one below another.
#: A page is left out when the form computes none of its views.
PROGRESS = {
    "coverage": ("Objectives by school", "Where do we stand?", ("coverage",)),
    "gaps": ("Gaps to close", "Where do we stand?", ("gaps",)),
    "balance": ("Plan and classroom", "Do both move?", ("balance",)),
    "key-results": ("Key results", "What was read?", ("key-results",)),
    "key-results-by-school": (
        "Key results by school",
        "What was read?",
        ("key-results-by-school",),
    ),
    "health": ("System health", "What would hold?", ("system-health",)),
    "fragility": (
        "If somebody left",
        "What then?",
        ("fragility", "role-drills", "single-points", "facilitation"),
    ),
    "sessions": ("All sessions", "Who learns what, and when?", ("session-list",)),
    "handover": ("Handover", "What does each role hold?", ("handover-list",)),
}


def _progress_pages(form: Form) -> Iterable[tuple[str, str]]:
    names = []
    for name, (title, line, views) in PROGRESS.items():
        if shown := [text for view in views if (text := form.view(view))]:
            names.append(name)
            yield f"progress/{name}.md", _page(title, f"{line}\n", *shown)
    chains = [
        f"## {item.title}\n\n{form.view('chain', item.id)}" for item in form.district.objectives
    ]
    names.append("chain")
    yield "progress/chain.md", _page("From objective to classroom", "\n".join(chains))
    if actions := form.actions():
        names.append("actions")
        yield (
            f"{form.page_of_actions}.md",
            _page("All actions", "Every action of every school.\n", actions),
        )
    if keys := list(form.matrices()):
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


def _learning_pages(form: Form) -> Iterable[tuple[str, str]]:
    views = {"hours": "learning-hours", "what-if": "what-if"}
    shown = {name: text for name, view in views.items() if (text := form.view(view))}
    yield (
        "learning/index.md",
        _page(
            "This year's learning",
            "This page shows when we learn together this year.\n",
            form.calendar(),
            _toctree("assessments", *shown),
        ),
    )
    for name, text in shown.items():
        yield f"learning/{name}.md", _page("Hours of learning", "What we get.\n", text)
    yield "learning/assessments.md", _page("Assessments", form.assessments())
