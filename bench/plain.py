"""The same district for the plain stack: Sphinx, MyST, sphinx-design, sphinx-needs, stock theme.

One directive a record, one needtable a school, one over all actions, Sphinx's own search. Where
there is a choice, the plain stack gets the quicker one: it has no schemas to check, no matrix, no
chains, no lists of gaps and no links to where a record is used.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from pprint import pformat

from bench.district import Item, School, make
from bench.form import Form, write
from bench.learning import sessions_of

MODEL = Path(__file__).resolve().parent.parent / "ubproject.toml"
COLUMNS = "id; title; advances; led_by; status; due"


class PlainForm(Form):
    """A district as a careful author writes it with nothing but the stock extensions."""

    def record(self, item: Item, *, lead: bool = False) -> str:
        """A lead record has no way to take the heading: the title is written again."""
        del lead
        return super().record(item)

    def view(self, name: str, argument: str = "", **options: str) -> str:
        """Nothing in the stock extensions computes these."""
        del name, argument, options
        return ""

    def steps(self, item: Item) -> str:
        """sphinx-design's steps, with the minutes in words."""
        made = "".join(
            f":::{{step}} {title} ({minutes} minutes)\n{text}\n:::\n"
            for title, minutes, text in item.steps
        )
        return f"::::{{steps}}\n{made}::::\n"

    def plan(self, school: School) -> str:
        """A table of the school's actions, then each action."""
        table = needtable(f'type == "action" and "{school.record.id}" in at', COLUMNS)
        return table + "\n" + "\n".join(self.record(_at(a, school)) for a in school.actions)

    def calendar(self) -> str:
        """A table of the sessions, then each session."""
        table = needtable('type == "session"', "id; title; date; hours; serves; runs")
        return table + "\n" + "\n".join(map(self.record, self.district.sessions))

    def assessments(self) -> str:
        """A table of the assessments, then each assessment."""
        table = needtable('type == "assessment"', "id; title; grade; period; date; analysed_in")
        return table + "\n" + "\n".join(map(self.record, self.district.assessments))

    def learning(self, school: School) -> str:
        """A table of the school's own sessions, then each session."""
        sessions = sessions_of(self.district, school)
        if not sessions:
            return ""
        table = needtable(
            f'type == "session" and "{school.record.id}" in at', "id; title; date; hours"
        )
        return table + "\n" + "\n".join(self.record(_at(each, school)) for each in sessions)

    def actions(self) -> str:
        """One table over all."""
        return needtable('type == "action"', COLUMNS.replace("title;", "title; at;"))

    def matrices(self) -> Iterable[str]:
        """None: nothing in the stock extensions crosses two types of records."""
        return ()

    def tables(self) -> Iterable[tuple[str, str]]:
        """None: records are written in pages."""
        return ()

    def settings(self) -> Iterable[tuple[str, str]]:
        """The stack's own conf.py, with the model of the manual in it."""
        yield "conf.py", conf()


def needtable(expression: str, columns: str) -> str:
    """A needtable in its stock style."""
    return f":::{{needtable}}\n:filter: {expression}\n:columns: {columns}\n:::\n"


def _at(action: Item, school: School) -> Item:
    return Item(
        action.type, action.id, action.title, {**action.options, "at": school.record.id}, ""
    )


def conf() -> str:
    """conf.py: types, links and fields by the names of the kit's model, and no rules."""
    needs = tomllib.loads(MODEL.read_text(encoding="utf-8"))["needs"]
    links = {
        name: {key: link[key] for key in ("outgoing", "incoming")}
        for name, link in needs["links"].items()
    }
    fields = {
        name: {"description": said["description"], "schema": {"type": "string"}, "nullable": True}
        for name, said in needs["fields"].items()
    }
    return (
        'project = "The same district, plain"\n'
        'extensions = ["myst_parser", "sphinx_design", "sphinx_needs"]\n'
        'myst_enable_extensions = ["colon_fence", "deflist"]\n'
        'html_theme = "pydata_sphinx_theme"\n'
        f"needs_types = {pformat(needs['types'])}\n"
        f"needs_links = {pformat(links)}\n"
        f"needs_fields = {pformat(fields)}\n"
    )


def write_plain(folder: Path, schools: int, actions: int, seed: int = 1) -> None:
    """Write a district in the plain stack's form."""
    write(PlainForm(make(schools, actions, seed)), folder)
