"""Everything that must hold, in order: `python -m tests.run` (what `make test` ends with).

The quick checks come first, and the first that fails ends the run with its exit code. The sample is
published once, for all tests that read it. Of some tests a share is run (tests/sampled.py); with
MANUAL_TEST_SAMPLED=0 all of them. Words after the command go to pytest. pytest comes last, so that
its closing line is the last one printed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

KIT = Path(__file__).resolve().parent.parent
SITE = Path("build", "test-site")
SCRIPTS = Path(sysconfig.get_path("scripts"))


def steps(more: list[str]) -> list[tuple[str, list[str]]]:
    """(heading, command) of each step."""
    python = [sys.executable, "-m"]
    publish = [*python, "living_manual", "publish", "--source", "source", "--site", str(SITE)]
    return [
        ("Lint: ruff check", [*python, "ruff", "check", "."]),
        ("Format: ruff format --check", [*python, "ruff", "format", "--check", "."]),
        ("Types: mypy", [*python, "mypy"]),
        ("Layers: lint-imports", [str(SCRIPTS / "lint-imports")]),
        ("The sample, published once", publish),
        (
            "Tests: pytest",
            [*python, "pytest", "-n", "2", "--dist", "worksteal", "--durations", "25", *more],
        ),
    ]


def main(more: list[str]) -> int:
    """Run each step; give the exit code of the first that fails, or 0."""
    # A run begun in the background ignores Ctrl+C, and so would a server that a test stops by it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    environment = {"MANUAL_TEST_SAMPLED": "1"} | os.environ
    environment |= {
        "PYTHONDONTWRITEBYTECODE": "1",
        "MANUAL_TEST_SITE": str(KIT / SITE / "current"),
    }
    for heading, words in steps(more):
        print(f"── {heading}", flush=True)
        started = time.monotonic()
        code = subprocess.run(words, cwd=KIT, env=environment, check=False).returncode
        if code:
            print(f"── {heading}: failed (exit code {code})", file=sys.stderr, flush=True)
            return code
        if "pytest" not in words:
            print(f"   {time.monotonic() - started:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
