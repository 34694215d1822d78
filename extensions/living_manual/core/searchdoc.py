"""A record as a small page for the search index: what is found, how it is shown, where it leads."""

from __future__ import annotations

from html import escape

from living_manual.core.register import Entry

#: How the filter for readers says an audience.
AUDIENCES = {
    "teacher": "Teachers",
    "principal": "Principals",
    "coach": "Coaches",
    "leader": "Leaders",
    "family": "Families",
}


def search_facts(entry: Entry) -> list[tuple[str, str, str]]:
    """(meta or filter, name, value) of a record: what a result shows and what it is filtered by."""
    facts = [
        ("meta", "type", entry.type_title),
        ("filter", "type", entry.type_title),
        ("meta", "kind", entry.type),
        ("meta", "href", entry.href),
    ]
    if entry.place:
        facts.append(("meta", "place", entry.place))
    return facts + [("filter", "audience", AUDIENCES.get(name, name)) for name in entry.audiences]


def search_page(entry: Entry, language: str) -> str:
    """The record as HTML with Pagefind's attributes; all text is escaped.

    The id stands twice, whole and with spaces for its underscores: a part of it is found too.
    """
    marks = "".join(
        f'<span data-value="{escape(value)}" data-pagefind-{what}="{name}[data-value]"></span>'
        for what, name, value in search_facts(entry)
    )
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><title>{escape(entry.title)}</title>'
        f"</head><body data-pagefind-body>{marks}<h1>{escape(entry.title)}</h1>"
        f"<p>{escape(entry.text)}</p>"
        f"<p>{escape(entry.id)} {escape(entry.id.replace('_', ' '))}</p></body></html>\n"
    )
