"""Which files of earlier releases a new one still holds: what pages opened before may ask for.

A page that stays open while the manual is published goes on loading: the next word that is searched
needs another part of the search index. Files whose names tell their content can lie beside the new
ones without harm. Pictures and clips are not carried: what is not shown any more may have lost its
consent.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from living_manual.core.release import Carried, Manifest, parse_id

#: Names that tell a file's content, so that another content has another name.
_FINGERPRINTED = re.compile(
    r"pagefind/(?:fragment|index|filter)/[^/]+_[0-9a-f]+\.pf_(?:fragment|index|filter)"
    r"|pagefind/pagefind\.[^/]+_[0-9a-f]+\.pf_meta"
)
#: For so long, at least, and for so many releases, a page is taken to stay open.
OPEN, RELEASES = timedelta(hours=24), 2


def fingerprinted(path: str) -> bool:
    """Whether a file's name tells its content."""
    return _FINGERPRINTED.fullmatch(path) is not None


def to_carry(
    live_id: str, live: Manifest, kept: Sequence[str], own: Collection[str], now: datetime
) -> tuple[Carried, ...]:
    """The files of the live release, and of those it carried, that the next one is to carry.

    `kept` are the ids of all releases, `own` the paths of the new one, `now` the time of publishing
    with its time zone. A file's age counts from the last release that it was part of.
    """
    recent = set(sorted(known for known in kept if known <= live_id)[-RELEASES:])
    found = [Carried(entry, live_id) for entry in live.entries if fingerprinted(entry.path)]
    found += [carried for carried in live.carried if _young(carried.release_id, recent, now)]
    return tuple(sorted(carried for carried in found if carried.entry.path not in own))


def _young(release_id: str, recent: Collection[str], now: datetime) -> bool:
    published = parse_id(release_id)
    return release_id in recent or (published is not None and now - published.published < OPEN)
