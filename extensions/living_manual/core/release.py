"""What a release is: the list of its files, its id, and which releases are kept.

A release is named by when it was published and what is in it, so ids sort by age and two releases
with the same content can be told apart from two with different content without opening them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

DIGEST_IN_ID = 12
"""How many hex characters of a manifest's digest an id carries."""

KEPT_RELEASES = 5
"""How many releases a site folder keeps, the live one included."""

_FORMAT = 1
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ID = re.compile(rf"([0-9]{{8}}-[0-9]{{6}})-([0-9a-f]{{{DIGEST_IN_ID}}})")
_STAMP = "%Y%m%d-%H%M%S"


class Entry(NamedTuple):
    """One file of a release: path with ``/`` from the release's root, sha256 in hex, bytes."""

    path: str
    sha256: str
    size: int


class Carried(NamedTuple):
    """A file kept from a release before, and the id of the last release that it was part of."""

    entry: Entry
    release_id: str


@dataclass(frozen=True)
class Manifest:
    """Every file of a release, sorted by path. Made by :func:`manifest`."""

    entries: tuple[Entry, ...]
    carried: tuple[Carried, ...] = ()
    """Files of releases before, kept for pages that were opened then; no part of the content."""

    @cached_property
    def whole(self) -> Manifest:
        """Every file that is on disk, the carried ones among them."""
        rows = sorted((*self.entries, *(kept.entry for kept in self.carried)))
        return Manifest(tuple(rows))

    @cached_property
    def digest(self) -> str:
        """The sha256, in hex, of the sorted list: equal exactly when the content is equal."""
        # JSON rather than joined lines: a file name may hold a space or a line break.
        text = json.dumps(self.entries, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(entry.size for entry in self.entries)

    def to_json(self) -> str:
        """The one text form: keys sorted, a newline at the end."""
        value: dict[str, object] = {
            "digest": self.digest,
            "files": [entry._asdict() for entry in self.entries],
            "format": _FORMAT,
        }
        if self.carried:
            value["carried"] = [{**c.entry._asdict(), "of": c.release_id} for c in self.carried]
        return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @staticmethod
    def from_json(text: str) -> Manifest:
        """Read what :meth:`to_json` wrote.

        Raises ValueError when the text is not a manifest or its digest does not fit its list.
        """
        try:
            value = json.loads(text)
            if value["format"] != _FORMAT:
                raise ValueError(f"it has format {value['format']!r}, not {_FORMAT}")
            read = manifest((row["path"], row["sha256"], row["size"]) for row in value["files"])
            kept = [
                Carried(Entry(row["path"], row["sha256"], row["size"]), row["of"])
                for row in value.get("carried", ())
            ]
            manifest((*read.entries, *(carried.entry for carried in kept)))  # refuses bad rows
            digest = value["digest"]
        except (KeyError, TypeError, json.JSONDecodeError, RecursionError) as error:
            raise ValueError(f"this is not a list of a release's files: {error}") from error
        if digest != read.digest:
            raise ValueError("the list of files does not fit its own digest: it was edited")
        return replace(read, carried=tuple(kept))


def manifest(entries: Iterable[tuple[str, str, int]]) -> Manifest:
    """Put (path, sha256 hex, bytes) rows, in any order, into a manifest.

    Raises ValueError for a path that is not plain and relative, a path that comes twice, a hash
    that is not 64 lower-case hex digits or a size that is not a count of bytes.
    """
    rows: dict[str, Entry] = {}
    for entry in (Entry(*row) for row in entries):
        fault = _fault(entry)
        if fault is None and entry.path in rows:
            fault = "the path comes twice"
        if fault is not None:
            raise ValueError(f"{entry.path!r}: {fault}")
        rows[entry.path] = entry
    return Manifest(tuple(rows[path] for path in sorted(rows)))


def _fault(entry: Entry) -> str | None:
    # The values may come from JSON that someone edited, so the types are not taken on trust.
    path, sha256, size = entry
    if not isinstance(path, str) or "\0" in path:
        return "a path must be text"
    if any("\ud800" <= letter <= "\udfff" for letter in path):
        return "the name is not valid UTF-8"
    if any(part in ("", ".", "..") for part in path.split("/")):
        return "a path must be relative and without '..'"
    if not isinstance(sha256, str) or _SHA256.fullmatch(sha256) is None:
        return "the hash must be 64 lower-case hex digits"
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        return "the size must be a count of bytes"
    return None


@dataclass(frozen=True)
class Differences:
    """Paths by what happened to them between two manifests, each sorted."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """All of them together, sorted."""
        return tuple(sorted((*self.added, *self.removed, *self.changed)))


def differences(before: Manifest, after: Manifest) -> Differences:
    """What happened to the files between one manifest and another."""
    old = {entry.path: entry for entry in before.entries}
    new = {entry.path: entry for entry in after.entries}
    return Differences(
        added=tuple(path for path in new if path not in old),
        removed=tuple(path for path in old if path not in new),
        changed=tuple(path for path in new if path in old and old[path] != new[path]),
    )


@dataclass(frozen=True)
class ReleaseId:
    """The parts of an id: the second it was published, in UTC, and the digest's first digits."""

    published: datetime
    digest: str

    def __str__(self) -> str:
        # Not strftime: on some systems %Y does not pad, and then ids no longer sort by age.
        at = self.published
        day = f"{at.year:04d}{at.month:02d}{at.day:02d}"
        return f"{day}-{at.hour:02d}{at.minute:02d}{at.second:02d}-{self.digest}"


def parse_id(text: str) -> ReleaseId | None:
    """Read an id such as ``20261121-214500-3f9a2c1b7d04``; None when it is not one."""
    match = _ID.fullmatch(text)
    if match is None:
        return None
    try:
        published = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
    except ValueError:  # the digits are there, but no such day or hour
        return None
    return ReleaseId(published, match[2])


def new_id(now: datetime, digest: str, existing: Sequence[str]) -> str:
    """Name a release published at `now` so that it sorts after every existing id.

    Raises ValueError when `now` carries no time zone, `digest` is not a sha256 in hex, or
    `existing` holds something that is not an id.
    """
    if now.tzinfo is None:
        raise ValueError("the time of publishing needs a time zone")
    if _SHA256.fullmatch(digest) is None:
        raise ValueError("the digest must be 64 lower-case hex digits")
    second = now.astimezone(UTC).replace(microsecond=0)
    for text in existing:
        known = parse_id(text)
        if known is None:
            raise ValueError(f"{text!r} is not a release id")
        if second <= known.published:  # the clock stands still, or was set back
            second = known.published + timedelta(seconds=1)
    return str(ReleaseId(second, digest[:DIGEST_IN_ID]))


def to_drop(
    existing: Sequence[str], current: str | None, keep: int = KEPT_RELEASES
) -> tuple[str, ...]:
    """The ids that are no longer kept, oldest first; never the current one.

    Kept are `keep` releases: the current one and the newest others. Raises ValueError when `keep`
    is less than one.
    """
    if keep < 1:
        raise ValueError("at least one release is kept")
    others = sorted(set(existing) - {current})
    keep_others = keep - 1 if current in existing else keep
    return tuple(others[: max(0, len(others) - keep_others)])
