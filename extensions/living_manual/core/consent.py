"""Consent: which pictures and clips may be shown, in which edition, from when and until when.

A row of `consent.csv` speaks of one picture or clip; a clip's row speaks of all its files. What is
shown on an exemplar's page needs a row, and so does every file that a row names, wherever it is
shown. Without a row that holds, nothing of it is published: not its words either.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from living_manual.core.edition import PUBLIC, STAFF
from living_manual.core.ledgers import Entry
from living_manual.core.people_names import FAMILY_NAMES, NAMES, NAMES_AND_WORDS
from living_manual.core.words import say_day

FILE = "consent.csv"
#: Endings of a clip's own file, and of what lies beside it under the same name.
CLIPS = (".webm", ".mp4")
BESIDE_CLIP = (".poster.png", ".captions.vtt", ".chapters.vtt", ".commentary.vtt")
#: What counts as a picture or clip; other files only when a row names them.
MEDIA = (
    *CLIPS,
    *(".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".svg", ".bmp", ".tif", ".tiff"),
    *(".mov", ".m4v", ".ogv", ".mp3", ".m4a", ".wav", ".ogg"),
)
#: Files below this folder need a row wherever they are shown.
EXEMPLARS = "exemplars/"


class Standing(StrEnum):
    """What a build may do with a picture or clip, and if nothing, why."""

    FREE = "needs no consent"
    VALID = "may be shown"
    NONE = "has no row in consent.csv"
    WITHDRAWN = "was withdrawn"
    EARLY = "may not be shown yet"
    ENDED = "has ended"
    STAFF_ONLY = "is for staff only"

    @property
    def shown(self) -> bool:
        """Whether it is shown."""
        return self in (Standing.FREE, Standing.VALID)


@dataclass(frozen=True, slots=True)
class Consent:
    """A row: where a picture or clip may be shown, and its first and last day."""

    media: str
    kind: str
    reference: str
    scope: str
    starts: date | None
    ends: date | None
    withdrawn: date | None
    file: str
    line: int

    @classmethod
    def of(cls, entry: Entry) -> Consent:
        """The row of a ledger that was read."""
        return cls(
            entry.get("media"),
            entry.get("kind"),
            entry.get("consent"),
            entry.get("scope"),
            entry.day("starts"),
            entry.day("ends"),
            entry.day("withdrawn"),
            entry.file,
            entry.line,
        )

    def standing(self, edition: str, day: date) -> Standing:
        """What the row allows an edition on a day.

        A withdrawal counts at once, whatever its date: nobody waits for a day to come.
        """
        if self.withdrawn is not None:
            return Standing.WITHDRAWN
        if self.starts is None or day < self.starts:
            return Standing.EARLY
        if self.ends is not None and day > self.ends:
            return Standing.ENDED
        if edition == PUBLIC and self.scope != PUBLIC:
            return Standing.STAFF_ONLY
        return Standing.VALID

    def days_left(self, day: date) -> int | None:
        """How many days it holds after this one; None when it has no last day."""
        return None if self.ends is None else (self.ends - day).days


def family(media: str) -> str:
    """What the files of one clip have in common; another file's own path.

    >>> family("exemplars/talk/talk.captions.vtt") == family("exemplars/talk/talk.mp4")
    True
    """
    lower = media.lower()
    for ending in (*BESIDE_CLIP, *CLIPS):
        if lower.endswith(ending):
            return f"{media[: -len(ending)]} (clip)"
    return media


@dataclass(frozen=True)
class Consents:
    """Every row, for one edition on one day."""

    rows: tuple[Consent, ...]
    edition: str = STAFF
    day: date = date.min

    @classmethod
    def of(cls, entries: Iterable[Entry], edition: str, day: date) -> Consents:
        """From the rows of the ledger."""
        return cls(tuple(Consent.of(entry) for entry in entries), edition, day)

    @cached_property
    def _families(self) -> Mapping[str, tuple[Consent, ...]]:
        found: dict[str, tuple[Consent, ...]] = {}
        for row in self.rows:
            found[family(row.media)] = (*found.get(family(row.media), ()), row)
        return found

    def rows_of(self, file: str) -> tuple[Consent, ...]:
        """The rows that speak of a file; of a clip there may be one for each of its files."""
        return self._families.get(family(file), ())

    def standing(self, file: str, *, on_exemplar: bool = False) -> Standing:
        """What may be done with a file; all of its rows must hold."""
        rows = self.rows_of(file)
        for row in rows:
            found = row.standing(self.edition, self.day)
            if not found.shown:
                return found
        if rows:
            return Standing.VALID
        pictured = file.lower().endswith(MEDIA)
        needs = pictured and (on_exemplar or file.startswith(EXEMPLARS))
        return Standing.NONE if needs else Standing.FREE


@dataclass(frozen=True, slots=True)
class MediaUse:
    """A place where a page names a picture or clip, and what a build made of it.

    `noun` is what readers call it: picture, clip or file. `page` is the page's name, `lead` the id
    of the record it is about.
    """

    media: str
    noun: str
    page: str
    lead: str
    file: str
    line: int
    on_exemplar: bool
    standing: Standing


def why(standing: Standing, rows: Collection[Consent]) -> str:
    """Why something is not shown, to be said after its name."""
    row = next(iter(rows), None)
    if row is None or standing is Standing.NONE:
        return "has no consent written down"
    if standing is Standing.WITHDRAWN:
        days = [each.withdrawn for each in rows if each.withdrawn]
        return f"was withdrawn on {say_day(min(days))}" if days else "was withdrawn"
    if standing is Standing.ENDED:
        days = [each.ends for each in rows if each.ends]
        return f"had consent until {say_day(min(days))}" if days else "has no consent any more"
    if standing is Standing.EARLY:
        days = [each.starts for each in rows if each.starts]
        return f"has consent from {say_day(max(days))}" if days else "has no consent yet"
    return "is for staff only"


_WORD = re.compile(r"[^\W\d_]{2,}")
_NAMES = frozenset(name.casefold() for name in NAMES | FAMILY_NAMES | NAMES_AND_WORDS)


def name_in(reference: str, allowed: Collection[str] = ()) -> str:
    """The words of a reference that look like a person's name; empty when none does.

    Two words without a number are one too: no list of names is ever whole.
    """
    known = {word.casefold() for word in allowed}
    words = [word for word in _WORD.findall(reference) if word.casefold() not in known]
    named = [word for word in words if word.casefold() in _NAMES]
    if not named and len(words) > 1 and not re.search(r"\d", reference):
        named = words
    return " ".join(named)


def path_fault(media: str) -> str:
    """What is wrong with the path of a picture or clip, to be said after it; empty when nothing."""
    if "\\" in media:
        return "is written with \\ and not with /"
    if media.startswith("/") or re.match(r"[A-Za-z]:", media):
        return "does not begin at the folder of the pages"
    if any(part in ("", ".", "..") for part in media.split("/")):
        return "is no plain path"
    return ""


def ending_soon(manual_rows: Iterable[Consent], day: date, within: int) -> Iterator[Consent]:
    """The rows that hold today and end within so many days, the first to end first."""
    found = [
        row
        for row in manual_rows
        if row.ends is not None
        and row.standing(STAFF, day) is Standing.VALID
        and (row.ends - day).days <= within
    ]
    return iter(sorted(found, key=lambda row: (row.ends or day, row.media)))
