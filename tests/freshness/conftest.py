"""A district with its first build behind it, as each test's starting point."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.freshness.site import District, district

FOLDERS = ("source", "output", "trees")


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the district and its first build, and a copy of all of it in `kept`."""
    folder = tmp_path_factory.mktemp("district")
    made = district(folder)
    first = made.built()
    assert first.findings == ()
    assert not first.difference(made.clean())
    return keep_as_built(folder)


def keep_as_built(folder: Path) -> Path:
    """Keep a copy of a built district in `kept`, for `as_built` to begin each test with."""
    for name in FOLDERS:
        shutil.copytree(folder / name, folder / "kept" / name)
    return folder


def as_built(folder: Path) -> District:
    """The district as its first build left it. Page trees know their folder: it stays the same."""
    for name in FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
        shutil.copytree(folder / "kept" / name, folder / name)
    return District(folder / "source")


@pytest.fixture
def built(built_once: Path) -> District:
    """Each test has the district as its first build left it."""
    return as_built(built_once)
