"""The rules of releases: lists of files, ids, and which releases are kept."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.release import (
    Manifest,
    ReleaseId,
    differences,
    manifest,
    new_id,
    parse_id,
    to_drop,
)

A, B, C = (letter * 64 for letter in "abc")
NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)

paths = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1)
entries = st.lists(
    st.tuples(
        st.lists(paths.filter(lambda part: part not in (".", "..")), min_size=1, max_size=3).map(
            "/".join
        ),
        st.binary().map(lambda content: hashlib.sha256(content).hexdigest()),
        st.integers(min_value=0),
    ),
    unique_by=lambda row: row[0],
)
moments = st.datetimes(
    datetime(1, 1, 3), datetime(9000, 1, 1), timezones=st.sampled_from([UTC, timezone.min])
)
digests = st.text("0123456789abcdef", min_size=64, max_size=64)


def ids(*seconds: int) -> tuple[str, ...]:
    """Release ids, named by how many seconds after noon they were published."""
    return tuple(
        str(ReleaseId(NOON + timedelta(seconds=second), f"{abs(second):012x}"))
        for second in seconds
    )


def test_manifest_is_sorted_and_adds_up() -> None:
    made = manifest([("b.html", B, 2), ("a/z.css", A, 1), ("a.html", C, 4)])
    assert [entry.path for entry in made.entries] == ["a.html", "a/z.css", "b.html"]
    assert made.size == 7


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("/etc/passwd", A, 1), "relative"),
        (("", A, 1), "relative"),
        (("a//b", A, 1), "relative"),
        (("a/../b", A, 1), "relative"),
        (("a\0b", A, 1), "text"),
        (("a\udcffb", A, 1), "UTF-8"),
        ((None, A, 1), "text"),
        (("a", A.upper(), 1), "hex"),
        (("a", "abc", 1), "hex"),
        (("a", None, 1), "hex"),
        (("a", A, -1), "bytes"),
        (("a", A, True), "bytes"),
        (("a", A, "1"), "bytes"),
    ],
)
def test_manifest_refuses(row: tuple[str, str, int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        manifest([row])


def test_manifest_refuses_a_path_that_comes_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        manifest([("a", A, 1), ("a", B, 1)])


@given(entries)
def test_manifest_survives_json(rows: list[tuple[str, str, int]]) -> None:
    made = manifest(rows)
    text = made.to_json()
    again = Manifest.from_json(text)
    assert again == made
    assert again.digest == made.digest
    assert again.to_json() == text
    assert text.endswith("}\n")


@given(entries, st.randoms())
def test_digest_does_not_depend_on_the_order(rows: list[tuple[str, str, int]], random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert manifest(shuffled).digest == manifest(rows).digest


@given(entries, entries)
def test_digest_tells_contents_apart(
    one: list[tuple[str, str, int]], other: list[tuple[str, str, int]]
) -> None:
    first, second = manifest(one), manifest(other)
    assert (first.digest == second.digest) == (first == second)
    assert (differences(first, second).paths == ()) == (first == second)


def test_digest_is_pinned() -> None:
    # A change here makes every district's next publish look changed: raise the format number.
    assert manifest([("index.html", A, 3)]).digest == (
        hashlib.sha256(f'[["index.html","{A}",3]]'.encode()).hexdigest()
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"format": 2, "files": [], "digest": ""}',
        '{"format": 1, "files": {}, "digest": 3}',
        '{"format": 1, "files": [{"path": "a"}], "digest": ""}',
        '{"format": 1, "files": null, "digest": ""}',
    ],
)
def test_from_json_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a list of a release's files|has format 2|edited"):
        Manifest.from_json(text)


def test_from_json_refuses_an_edited_list() -> None:
    value = json.loads(manifest([("a", A, 1)]).to_json())
    value["files"][0]["sha256"] = B
    with pytest.raises(ValueError, match="edited"):
        Manifest.from_json(json.dumps(value))


def test_differences_by_kind() -> None:
    before = manifest([("same", A, 1), ("gone", A, 1), ("other", A, 1)])
    after = manifest([("same", A, 1), ("new", A, 1), ("other", B, 1)])
    found = differences(before, after)
    assert (found.added, found.removed, found.changed) == (("new",), ("gone",), ("other",))
    assert found.paths == ("gone", "new", "other")


def test_parse_id() -> None:
    parsed = parse_id("20261121-214500-3f9a2c1b7d04")
    assert parsed == ReleaseId(datetime(2026, 11, 21, 21, 45, tzinfo=UTC), "3f9a2c1b7d04")
    assert str(parsed) == "20261121-214500-3f9a2c1b7d04"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "current",
        "20261121-214500",
        "20261121-214500-3f9a2c1b7d0",
        "20261121-214500-3F9A2C1B7D04",
        "20261121-214500-3f9a2c1b7d04x",
        "20261121-214500-3f9a2c1b7d04\n",
        "20261321-214500-3f9a2c1b7d04",
        "20261121-254500-3f9a2c1b7d04",
        "00001121-214500-3f9a2c1b7d04",
        "../20261121-214500-3f9a2c1b7d04",
        "٢٠٢٦1121-214500-3f9a2c1b7d04",
    ],
)
def test_parse_id_gives_none_for_what_is_not_one(text: str) -> None:
    assert parse_id(text) is None


@pytest.mark.parametrize(
    ("now", "existing", "stamp"),
    [
        (NOON, (), "20261121-120000"),
        (NOON.replace(microsecond=999_999), (), "20261121-120000"),
        (NOON.astimezone(timezone(timedelta(hours=-7))), (), "20261121-120000"),
        (NOON, ids(-5), "20261121-120000"),
        (NOON, ids(0), "20261121-120001"),
        (NOON, ids(0, 1, 2), "20261121-120003"),
        (NOON, ids(3600, 0), "20261121-130001"),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), ("20261231-235959-aaaaaaaaaaaa",),
         "20270101-000000"),
    ],
)  # fmt: skip
def test_new_id(now: datetime, existing: tuple[str, ...], stamp: str) -> None:
    assert new_id(now, C, existing) == f"{stamp}-cccccccccccc"


@pytest.mark.parametrize(
    ("now", "digest", "existing", "words"),
    [
        (NOON.replace(tzinfo=None), A, (), "time zone"),
        (NOON, "abc", (), "hex"),
        (NOON, A, ("current",), "not a release id"),
    ],
)
def test_new_id_refuses(now: datetime, digest: str, existing: tuple[str, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        new_id(now, digest, existing)


@given(st.lists(st.tuples(moments, digests), min_size=1, max_size=12))
def test_new_ids_sort_in_the_order_they_were_made(made: list[tuple[datetime, str]]) -> None:
    existing: list[str] = []
    for now, digest in made:  # the clock jumps about at will
        existing.append(new_id(now, digest, existing[::-1]))
        parsed = parse_id(existing[-1])
        assert parsed is not None
        assert str(parsed) == existing[-1]
        assert digest.startswith(parsed.digest)
    assert existing == sorted(existing)
    assert len(set(existing)) == len(existing)


@pytest.mark.parametrize(
    ("existing", "current", "keep", "dropped"),
    [
        ((), None, 5, ()),
        (ids(1, 2, 3), ids(3)[0], 5, ()),
        (ids(1, 2, 3, 4, 5, 6, 7), ids(7)[0], 5, ids(1, 2)),
        (ids(7, 3, 1, 2, 6, 5, 4), ids(7)[0], 5, ids(1, 2)),
        # Rolled back: the live one is kept, and four others.
        (ids(1, 2, 3, 4, 5, 6, 7), ids(1)[0], 5, ids(2, 3)),
        (ids(1, 2, 3), ids(1)[0], 1, ids(2, 3)),
        (ids(1, 2, 3), None, 2, ids(1)),
        # The live one was deleted by hand: it takes nobody's place.
        (ids(1, 2, 3), ids(9)[0], 2, ids(1)),
    ],
)
def test_to_drop(
    existing: tuple[str, ...], current: str | None, keep: int, dropped: tuple[str, ...]
) -> None:
    assert to_drop(existing, current, keep) == dropped


def test_to_drop_refuses_to_keep_nothing() -> None:
    with pytest.raises(ValueError, match="at least one"):
        to_drop(ids(1), None, 0)


@given(
    st.sets(st.integers(0, 10_000), max_size=20).map(lambda seconds: ids(*seconds)),
    st.integers(1, 8),
    st.data(),
)
def test_to_drop_keeps_the_current_one_and_the_newest(
    existing: tuple[str, ...], keep: int, data: st.DataObject
) -> None:
    current = data.draw(st.sampled_from([None, *existing]))
    dropped = to_drop(existing, current, keep)
    kept = set(existing) - set(dropped)
    assert len(kept) == min(keep, len(existing))
    assert current is None or current in kept
    assert all(gone < other for gone in dropped for other in kept - {current})
    assert to_drop(tuple(kept), current, keep) == ()
