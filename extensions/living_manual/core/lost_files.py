"""Whose a made file was: its name tells the record or page, as in `calendar/sch-oak.ics`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from living_manual.core.addresses import Ledger, Site

#: Folders whose files the kit makes and names after records and pages.
MADE = ("briefs/", "calendar/", "data/", "feeds/", "handover/")
#: Types after whose records files are named without their prefix, as in `handover/principal/`.
_SHORT = frozenset({"SCH", "ROLE", "PRO", "TERM", "EX", "OBJ"})
_PARTS = re.compile(r"[/._-]+")


def stem_of(path: str) -> str:
    """A file's address without its ending: a view is published in several forms."""
    return path[: path.rindex(".")] if "." in path.rpartition("/")[2] else path


def twin(path: str, old: str, new: str) -> str:
    """The file's name if it were made for another record or page; the same when it is not told.

    `old` and `new` are ids, or addresses of pages.
    """
    for was, now in zip(_names(old), _names(new), strict=False):
        found = re.search(rf"(?<![a-z0-9]){re.escape(was)}(?![a-z0-9])", path)
        if found:
            return path[: found.start()] + now + path[found.end() :]
    return path


def _names(owner: str) -> list[str]:
    """How files are named after a record or a page: the longest first."""
    if owner.isupper() or re.fullmatch(r"[A-Z0-9_]+", owner):
        whole = owner.lower().replace("_", "-")
        return [whole, whole.partition("-")[2]]
    page = owner.removesuffix(".html").removesuffix("/index")
    return [page.replace("/", "-").replace("_", "-")]


class Owners:
    """Finds the record or page that a made file was named after."""

    def __init__(self, ledger: Ledger, site: Site) -> None:
        self._ledger, self._site = ledger, site

    def made(self, path: str) -> bool:
        """Whether the kit makes files of this folder."""
        return path.startswith(MADE)

    def of(self, path: str) -> str:
        """The record's id or the page that a made file was for; empty when its name tells none.

        Of several, such as a role at a school, one that is lost goes before one that is there.
        """
        if not self.made(path):
            return ""
        parts = tuple(part for part in _PARTS.split(stem_of(path).lower()) if part)
        found = [
            (start, start + length, owner)
            for start in range(len(parts))
            for length in range(1, min(self._longest, len(parts) - start) + 1)
            for owner in self._named.get(parts[start : start + length], ())
        ]
        best = [one for one in found if not any(_inside(one, other) for other in found)]
        return min(best, key=self._order)[2] if best else ""

    def _order(self, one: tuple[int, int, str]) -> tuple[bool, bool, int, str]:
        start, end, owner = one
        lost = owner in self._ledger.names
        return not lost, owner.endswith(".html"), start - end, owner

    @cached_property
    def _named(self) -> dict[tuple[str, ...], list[str]]:
        named: dict[tuple[str, ...], list[str]] = {}
        for owner in self._all():
            for nth, name in enumerate(_names(owner)):
                if nth == 0 or owner.partition("_")[0] in _SHORT:
                    parts = tuple(part for part in _PARTS.split(name.lower()) if part)
                    named.setdefault(parts, []).append(owner)
        return named

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._named), default=0)

    def _all(self) -> Iterator[str]:
        yield from sorted({*self._ledger.names, *self._site.records})
        pages: Iterable[str] = {*self._ledger.pages, *self._site.pages}
        yield from sorted(path for path in pages if not path.startswith(MADE) and "/" in path)


def _inside(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    """Whether the words of one name are part of another, longer one."""
    longer = other[1] - other[0] > one[1] - one[0]
    return longer and other[0] <= one[0] and one[1] <= other[1]
