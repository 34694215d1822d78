"""Which pages a reader can come to from the first page, by lists of pages and by links."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def unreached(root: str, leads: Mapping[str, Collection[str]], pages: Collection[str]) -> list[str]:
    """The pages that no way from `root` comes to, by name; `leads` are where each page leads."""
    seen, waiting = {root}, [root]
    while waiting:
        new = set(leads.get(waiting.pop(), ())) - seen
        seen |= new
        waiting.extend(new)
    return sorted(set(pages) - seen)
