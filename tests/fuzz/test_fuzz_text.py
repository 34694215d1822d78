"""A bounded, seeded run of the fuzzer; `make fuzz` goes on for an hour."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.sites import KIT
from tests.tools import require

RUNS = 1500
"""Texts that the fuzzer tries besides its corpus: ten seconds or so of a quiet machine."""


def require_fuzzer() -> None:
    """Fail on CI where the fuzzer could be and is not; skip where it cannot be."""
    if sys.platform != "linux" or sys.version_info >= (3, 14):
        pytest.skip("atheris runs on Linux with a Python before 3.14")
    require("atheris", find_spec("atheris"))


def fuzz(folder: Path, *options: str, timeout: float) -> subprocess.CompletedProcess[str]:
    words = (sys.executable, "-m", "tests.fuzz.fuzz_text", f"-artifact_prefix={folder}/", *options)
    path = os.pathsep.join([str(KIT / "extensions"), str(KIT)])
    return subprocess.run(
        words,
        cwd=KIT,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=timeout,
        check=False,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """What the fuzzer found, without the thousand lines of its progress."""
    return "\n".join(line for line in done.stderr.splitlines() if not line.startswith("#"))


def test_nothing_that_the_fuzzer_makes_up_escapes(tmp_path: Path) -> None:
    require_fuzzer()
    options = ("-seed=20300815", f"-runs={RUNS}", "-max_len=600", "-timeout=120")
    done = fuzz(tmp_path, *options, timeout=600)
    assert done.returncode == 0, said(done)
    assert "DONE" in done.stderr


@pytest.mark.skipif("MANUAL_FUZZ_MINUTES" not in os.environ, reason="make fuzz runs this")
def test_long() -> None:
    require_fuzzer()
    seconds = int(60 * float(os.environ["MANUAL_FUZZ_MINUTES"]))
    found = KIT / "build" / "fuzz"
    found.mkdir(parents=True, exist_ok=True)
    options = (f"-max_total_time={seconds}", "-max_len=2000", "-timeout=120")
    done = fuzz(found, *options, timeout=seconds + 600)
    print(f"The fuzzer's text is in {found}" if done.returncode else "Nothing found.")
    assert done.returncode == 0, said(done)
