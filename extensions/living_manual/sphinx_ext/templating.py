"""Values become HTML here: one Jinja environment, escaping on, the same helpers everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from living_manual.core.diagram import diagram
from living_manual.core.facts import counted
from living_manual.core.health_shown import health_chart
from living_manual.core.matrix import percent
from living_manual.core.model import Ref
from living_manual.core.time_use import say
from living_manual.core.words import say_age, say_day, say_weekday

Url = Callable[[Ref], str]


def make_environment(type_title: Callable[[str], str]) -> Environment:
    """The environment of one build; `type_title` names a record type for people."""
    environment = Environment(
        loader=PackageLoader("living_manual.sphinx_ext", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        day=say_day, weekday=say_weekday, age=say_age, hours=say, groupby_run=groupby_run
    )
    environment.globals.update(
        type_title=type_title,
        counted=counted,
        diagram=partial(diagram, title=type_title),
        chip=partial(chip, type_title),
        link=link,
        links=links,
        status=status,
        when=when,
        percent=percent,
        health_chart=health_chart,
        said=say,
        zip=zip,
    )
    return environment


def groupby_run(things: Iterable[Any], name: str) -> list[tuple[Any, list[Any]]]:
    """Things in groups of what an attribute says, in the order given."""
    return [(key, list(group)) for key, group in groupby(things, attrgetter(name))]


# The smallest parts, used 100,000 times in a district: as functions they take a tenth of the time
# that they take as macros.


def chip(type_title: Callable[[str], str], record: Ref, title: str | None = None) -> Markup:
    """What kind of record it is, as a small label."""
    shown = escape(title or type_title(record.type))
    return Markup(f'<span class="chip chip--{escape(record.type)}">{shown}</span>')


def link(record: Ref, url: Url) -> Markup:
    """A record by its title, leading to it."""
    return Markup(f'<a href="{escape(url(record))}">{escape(record.title)}</a>')


def links(records: Iterable[Ref], url: Url) -> Markup:
    """Records by their titles."""
    return Markup(", ").join([link(record, url) for record in records])


def status(name: str, text: str | None = None) -> Markup:
    """A status as a small label."""
    shown = escape(text or name.capitalize())
    return Markup(f'<span class="status status--{escape(name)}">{shown}</span>')


def when(day: date) -> Markup:
    """A day, for people and for machines."""
    return Markup(f'<time datetime="{day.isoformat()}">{escape(say_day(day))}</time>')


def rendered(environment: Environment, template: str, view: Any, url: Url, **more: Any) -> str:
    """A view's value as HTML for one page; `url` gives the address of a record from that page."""
    return environment.get_template(template).render(view=view, url=url, **more)
