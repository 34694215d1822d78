"""Which files of earlier releases a new release holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from living_manual.core.carry import fingerprinted, to_carry
from living_manual.core.release import Carried, Entry, Manifest, manifest

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OLD = "pagefind/fragment/en_04b2c1f.pf_fragment"


def release(hours: float) -> str:
    """The id of a release published so many hours ago."""
    return f"{NOW - timedelta(hours=hours):%Y%m%d-%H%M%S}-aaaaaaaaaaaa"


def entry(path: str) -> Entry:
    return Entry(path, "0" * 64, 1)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (OLD, True),
        ("_images/cups-480-dfa81c13b7be.avif", False),
        ("_media/talk-3bc28a6d14b4.mp4", False),
        ("_downloads/3557712c06ca22f130e0a951c1b01867/page.png", False),
        ("pagefind/fragment/en_11302f2.pf_fragment", True),
        ("pagefind/index/en_11302f2.pf_index", True),
        ("pagefind/pagefind.en_ef91c8fea4.pf_meta", True),
        ("pagefind/pagefind.js", False),
        ("pagefind/pagefind-entry.json", False),
        ("_static/manual.css", False),
        ("index.html", False),
        ("data/gaps.json", False),
        ("archive/2025-26/_images/cups-480-dfa81c13b7be.avif", False),
    ],
)
def test_names_that_tell_their_content(path: str, expected: bool) -> None:
    assert fingerprinted(path) is expected


#: Hours since the last release that a file was part of, hours of all kept releases, whether it goes
#: on; the live release is the newest.
AGES = [
    ("of the release before the live one", 500, (1000, 500, 400), True),
    ("of two before", 1000, (1000, 500, 400), False),
    ("of many before, all of them today", 20, (20, 10, 5, 2), True),
    ("a day old, of many before", 25, (25, 10, 5, 2), False),
]


@pytest.mark.parametrize(
    ("hours", "kept", "stays"), [row[1:] for row in AGES], ids=[row[0] for row in AGES]
)
def test_how_long_a_file_is_carried(hours: float, kept: tuple[float, ...], stays: bool) -> None:
    live = Manifest(manifest([]).entries, (Carried(entry(OLD), release(hours)),))
    ids = [release(each) for each in kept]
    found = to_carry(ids[-1], live, ids, set(), NOW)
    assert bool(found) is stays


def test_what_the_new_release_has_itself_is_not_carried() -> None:
    live = manifest([(OLD, "0" * 64, 1), ("index.html", "0" * 64, 1)])
    assert [c.entry.path for c in to_carry(release(1), live, [release(1)], set(), NOW)] == [OLD]
    assert to_carry(release(1), live, [release(1)], {OLD}, NOW) == ()


def test_carried_files_are_no_part_of_the_content() -> None:
    plain = manifest([("index.html", "0" * 64, 1)])
    kept = Manifest(plain.entries, (Carried(entry(OLD), release(1)),))
    assert kept.digest == plain.digest
    assert Manifest.from_json(kept.to_json()) == kept
    assert [each.path for each in kept.whole.entries] == ["index.html", OLD]
