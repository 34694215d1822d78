"""The names by which another Sphinx site links into the manual (intersphinx, `objects.inv`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from living_manual.core.model import Manual


@dataclass(frozen=True, slots=True)
class Label:
    """A name to link to, where it leads (`anchor` on `page`), and the text such a link shows."""

    name: str
    page: str
    anchor: str
    title: str


#: Anchor and title of each step, by the id of the protocol.
Steps = Mapping[str, Sequence[tuple[str, str]]]


def step_name(record_id: str, anchor: str) -> str:
    """The name of a step: the id of its protocol, a dot, and what its address shows after the #."""
    return f"{record_id}.{anchor}"


def labels(manual: Manual, steps: Steps) -> tuple[Label, ...]:
    """A label for each record, under its id, and for each step of a protocol."""
    found = []
    for record in manual.records.values():
        found.append(Label(record.id, record.page, record.id, record.title))
        found += [
            Label(step_name(record.id, anchor), record.page, anchor, title)
            for anchor, title in steps.get(record.id, ())
        ]
    return tuple(found)


def term_labels(manual: Manual) -> tuple[Label, ...]:
    """Every word of the glossary under its name and its other forms.

    Sites ask for a word without minding capitals: of two that differ by them only, the first stays.
    """
    found: dict[str, Label] = {}
    terms = manual.of_type("term")
    named = [(term, term.title) for term in terms]
    named += [(term, str(form)) for term in terms for form in term.fields.get("also", ())]
    for term, name in named:
        said = " ".join(name.split())
        found.setdefault(said.casefold(), Label(said, term.page, term.id, term.title))
    return tuple(found.values())
