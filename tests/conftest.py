"""What all tests share: where the kit is, one published sample, and how hypothesis runs."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest

from bench.district import TODAY
from bench.form import write_kit
from tests.sampled import SAMPLED, left_out
from tests.sites import KIT, SAMPLE, real_manual

#: Schools of the wide district.
WIDE = 200

# A case that takes long on a busy machine is no fault; on CI the same cases run each time.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the list of warnings short enough to be read."""
    # sphinx-needs and MyST-Parser ask for `env.app` at every step; nothing takes its place yet.
    config.addinivalue_line("filterwarnings", "ignore:.*is deprecated. Check CHANGES for Sphinx")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a sampled run, leave out what tests/sampled.py leaves to a long one."""
    if SAMPLED:
        out = left_out(item.nodeid for item in items)
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in out])
        items[:] = [item for item in items if item.nodeid not in out]


@pytest.fixture(scope="session")
def kit() -> Path:
    """The folder with conf.py."""
    return KIT


@pytest.fixture(scope="session")
def published_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release folder of the sample: MANUAL_TEST_SITE, or published once for all workers."""
    named = os.environ.get("MANUAL_TEST_SITE")
    if named:
        return Path(named).resolve()
    shared = _shared(tmp_path_factory)
    site = shared / "published"
    with _one_at_a_time(shared / "published.lock"):
        if not (site / "current").exists():
            said = real_manual("publish", "--source", SAMPLE, "--site", site)
            assert said.code == 0, said.out + said.err
    return (site / "current").resolve()


@pytest.fixture(scope="session")
def wide_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages and tables of a synthetic district of 200 schools with 30 actions each."""
    shared = _shared(tmp_path_factory)
    with _one_at_a_time(shared / "wide-source.lock"):
        if not (shared / "wide-source").exists():
            write_kit(shared / "wide-new", schools=WIDE, actions=30)
            (shared / "wide-new").rename(shared / "wide-source")
    return shared / "wide-source"


@pytest.fixture(scope="session")
def wide_site(wide_source: Path) -> Path:
    """The built pages of `wide_source`: MANUAL_TEST_WIDE, or built once for all workers."""
    named = os.environ.get("MANUAL_TEST_WIDE")
    if named:
        return Path(named).resolve()
    site = wide_source.with_name("wide-site")
    with _one_at_a_time(wide_source.with_name("wide-site.lock")):
        if not site.exists():
            words = ("--source", wide_source, "--output", site, "--today", TODAY)
            said = real_manual("build", *words)
            assert said.code == 0, said.out + said.err
    return site


def _shared(factory: pytest.TempPathFactory) -> Path:
    """The folder that all workers of a run share."""
    base = factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@contextmanager
def _one_at_a_time(lock: Path, most: float = 300) -> Iterator[None]:
    """Wait, at most so many seconds, until no other worker is in here."""
    deadline = time.monotonic() + most
    while True:
        try:
            lock.touch(exist_ok=False)
            break
        except FileExistsError:
            assert time.monotonic() < deadline, f"{lock} is held for too long"
            time.sleep(0.1)
    try:
        yield
    finally:
        lock.unlink()
