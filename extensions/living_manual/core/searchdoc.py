"""Records as small pages for the search index: what is found, how it is shown, where it leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


#: Types whose records are found through one search page for all that stand on the same page of the
#: manual, each under a heading of its own. A page of its own for each of 6,000 actions would cost
#: the index more than all the rest of the manual (docs/decisions/0011). The sessions that a school
#: has of its own are found in the same way.
TOGETHER = ("action",)


def search_pages(entries: Iterable[Entry], language: str) -> Mapping[str, str]:
    """The small pages of these records, by a name that is a valid file name."""
    pages: dict[str, str] = {}
    groups: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in entries:
        page = entry.href.partition("#")[0]
        if entry.type in TOGETHER:
            groups.setdefault((entry.type, page, ""), []).append(entry)
        elif entry.type == "session" and entry.place:
            groups.setdefault((entry.type, page, entry.place), []).append(entry)
        else:
            pages[entry.id] = search_page(entry, language)
    for group in groups.values():
        pages[f"{group[0].type}-{group[0].id}"] = group_page(group, language)
    return pages


def search_page(entry: Entry, language: str) -> str:
    """The record as HTML with Pagefind's attributes; all text is escaped."""
    body = f"<h1>{escape(entry.title)}</h1>{_told(entry)}"
    return _html(entry.title, search_facts(entry), body, language)


def group_page(entries: Sequence[Entry], language: str) -> str:
    """Records of one type on one page of the manual, each under a heading with its id.

    The whole is told by where the records belong, the parts by their own titles.
    """
    first = entries[0]
    facts = search_facts(first)
    said = {fact for entry in entries for fact in search_facts(entry) if fact[0] == "filter"}
    facts = [fact for fact in facts if fact[0] == "meta" and fact[1] != "href"] + sorted(said)
    facts.append(("meta", "page", first.href.partition("#")[0]))
    parts = "".join(
        f'<h2 id="{escape(entry.id)}">{escape(entry.title)}</h2>{_told(entry)}' for entry in entries
    )
    title = first.place or first.type_title
    return _html(title, facts, f"<h1>{escape(title)}</h1>{parts}", language)


def _told(entry: Entry) -> str:
    """What a record says; its id also with spaces for underscores, to be found by a part of it."""
    return (
        f"<p>{escape(entry.text)}</p><p>{escape(entry.id)} {escape(entry.id.replace('_', ' '))}</p>"
    )


def _html(title: str, facts: Iterable[tuple[str, str, str]], body: str, language: str) -> str:
    marks = "".join(
        f'<span data-value="{escape(value)}" data-pagefind-{what}="{name}[data-value]"></span>'
        for what, name, value in facts
    )
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><title>{escape(title)}</title>'
        f"</head><body data-pagefind-body>{marks}{body}</body></html>\n"
    )
