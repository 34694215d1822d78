"""What all tests share: where the kit is, one published sample, and how hypothesis runs."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest

from tests.sites import KIT, SAMPLE, real_manual

# A case that takes long on a busy machine is no fault; on CI the same cases run each time.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the list of warnings short enough to be read."""
    # sphinx-needs and MyST-Parser ask for `env.app` at every step; nothing takes its place yet.
    config.addinivalue_line("filterwarnings", "ignore:.*is deprecated. Check CHANGES for Sphinx")


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
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    site = shared / "published"
    with _one_at_a_time(shared / "published.lock"):
        if not (site / "current").exists():
            said = real_manual("publish", "--source", SAMPLE, "--site", site)
            assert said.code == 0, said.out + said.err
    return (site / "current").resolve()


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
