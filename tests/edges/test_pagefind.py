"""The door to Pagefind, tested against the real one."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from pathlib import Path
from types import SimpleNamespace

import cbor2
import pytest

from living_manual.edges import pagefind
from living_manual.edges.pagefind import IndexingError, in_order, index

TYPES = ("Word", "Protocol", "Action", "Objective", "School", "Key result", "Session", "Role")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Forty small pages with filters of many values, and one page that is not to be found."""
    root = tmp_path / "site"
    root.mkdir()
    for number in range(40):
        kind, audience = TYPES[number % len(TYPES)], f"audience {number % 7}"
        (root / f"page-{number}.html").write_text(
            f'<!doctype html><html lang="en"><title>Page {number}</title>'
            f'<body data-pagefind-body><h1>Page {number}<a class="headerlink">pilcrow</a></h1>'
            f'<span data-pagefind-filter="type">{kind}</span>'
            f'<span data-pagefind-filter="audience">{audience}</span>'
            f"<p>Students explain gull number {number}, ACT_PIER_{number}.</p></body></html>"
        )
    (root / "hidden.html").write_text('<!doctype html><html lang="en"><p>Not for search</p></html>')
    return root


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def content(data: bytes) -> bytes:
    return gzip.decompress(data)


def test_pages_are_indexed(site: Path, tmp_path: Path) -> None:
    assert index(site, tmp_path / "out") == 40
    made = files(tmp_path / "out")
    assert "pagefind.js" in made
    assert "pagefind-entry.json" in made
    entry = json.loads(made["pagefind-entry.json"])["languages"]["en"]
    assert entry["page_count"] == 40
    assert f"pagefind.{entry['hash']}.pf_meta" in made
    assert sum(path.startswith("fragment/") for path in made) == 40
    assert all(made.values()), "a file is empty"
    words = b"".join(content(data) for path, data in made.items() if path.startswith("fragment/"))
    assert b"gull number 7" in words
    assert b"pilcrow" not in words
    assert b"Not for search" not in words


def test_own_search_boxes_of_pagefind_are_left_out(site: Path, tmp_path: Path) -> None:
    index(site, tmp_path / "out")
    assert not [path for path in files(tmp_path / "out") if re.search(r"-ui|highlight", path)]


def test_same_pages_give_the_same_bytes(site: Path, tmp_path: Path) -> None:
    """Pagefind itself orders the values of a filter anew at each run; so eight runs."""
    index(site, tmp_path / "first")
    first = files(tmp_path / "first")
    for number in range(8):
        index(site, tmp_path / f"out-{number}")
        again = files(tmp_path / f"out-{number}")
        assert {path for path in first if first[path] != again.get(path)} == set()
        assert sorted(first) == sorted(again)


def test_filters_are_whole_and_in_order(site: Path, tmp_path: Path) -> None:
    index(site, tmp_path / "out")
    found = {}
    for path, data in files(tmp_path / "out").items():
        if path.endswith(".pf_filter"):
            name, values = cbor2.loads(content(data)[len(b"pagefind_dcd") :])
            found[name] = values
    assert [value[0] for value in found["type"]] == sorted(TYPES)
    assert [value[0] for value in found["audience"]] == [f"audience {n}" for n in range(7)]
    assert sum(len(value[1]) for value in found["type"]) == 40


def test_pagefind_that_is_not_installed(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pagefind, "get_executable", lambda: None)
    with pytest.raises(IndexingError, match="not installed"):
        index(site, tmp_path / "out")


def test_pagefind_that_fails(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, **__: object) -> object:
        return SimpleNamespace(returncode=1, stderr="no room for gulls\n", stdout="")

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(IndexingError, match="no room for gulls"):
        index(site, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("filter/en_1.pf_filter", b"not packed"),
        ("filter/en_1.pf_filter", gzip.compress(b"another format")),
        ("pagefind.en_1.pf_meta", gzip.compress(b"pagefind_dcd" + cbor2.dumps([1]))),
        ("pagefind-entry.json", b"{}"),
    ],
    ids=["not packed", "another mark", "fewer parts", "another entry"],
)
def test_index_of_another_kind_is_told(
    path: str,
    data: bytes,
    site: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A later Pagefind may write otherwise: that is said, and nothing is guessed."""
    real = subprocess.run

    def run(words: list[str], **more: object) -> object:
        done = real(words, **more)  # type: ignore[call-overload]
        spoiled = Path(words[words.index("--output-path") + 1]) / path
        spoiled.parent.mkdir(exist_ok=True)
        spoiled.write_bytes(data)
        return done

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(IndexingError, match="an index this kit does not know"):
        index(site, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_putting_in_order_twice_changes_nothing(site: Path, tmp_path: Path) -> None:
    index(site, tmp_path / "out")
    once = files(tmp_path / "out")
    assert in_order(once) == once
