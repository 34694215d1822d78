"""Values become HTML here: one Jinja environment, escaping on, the same helpers everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from living_manual.core.facts import counted
from living_manual.core.model import Ref
from living_manual.core.words import say_day, say_weekday

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
    environment.filters.update(day=say_day, weekday=say_weekday)
    environment.globals.update(type_title=type_title, counted=counted)
    return environment


def rendered(environment: Environment, template: str, view: Any, url: Url, **more: Any) -> str:
    """A view's value as HTML for one page; `url` gives the address of a record from that page."""
    return environment.get_template(template).render(view=view, url=url, **more)
