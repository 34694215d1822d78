"""What a measured process took is kept, also of a process that ended before it was waited for."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bench.measure import MeasureError, run

#: Start a process named pagefind that takes 40 MB, and wait for it long after it has ended.
LATE = """
import pathlib, subprocess, sys, time
link = pathlib.Path(sys.argv[1]) / "pagefind"
link.symlink_to(sys.executable)
code = "import time; kept = bytes(1) * 40_000_000; time.sleep(0.5)"
child = subprocess.Popen([link, "-c", code])
time.sleep(1.5)
child.wait()
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_the_peak_of_a_process_that_waits_to_be_collected_is_kept(tmp_path: Path) -> None:
    took = run([sys.executable, "-c", LATE, tmp_path], tmp_path / "log", tmp_path, os.environ)
    assert 40 < took.pagefind < 200
    assert took.peak >= took.pagefind - 1


def test_a_process_that_fails_is_not_measured(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "raise SystemExit('it broke')"]
    with pytest.raises(MeasureError, match="it broke"):
        run(words, tmp_path / "log", tmp_path, os.environ)
