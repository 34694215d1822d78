"""Find LibreOffice Calc, and install it where there is none: `python -m tests.office.calc`.

Calc is driven by a Python that has `uno`, which is the system's or LibreOffice's own, never ours;
so `edit_in_calc.py` runs in a process of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("edit_in_calc.py")
PACKAGES = ("libreoffice-calc-nogui", "python3-uno")


class NoCalc(Exception):
    """LibreOffice is not there; the message says how to get it."""


@cache
def programs() -> tuple[str, str]:
    """(soffice, a Python with uno); raises `NoCalc`."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice:
        beside = Path(soffice).resolve().parent
        pythons = [str(beside / "python"), "/usr/bin/python3", shutil.which("python3") or ""]
        for python in filter(Path.is_file, map(Path, filter(None, pythons))):
            asked = subprocess.run([python, "-c", "import uno"], capture_output=True, check=False)
            if asked.returncode == 0:
                return soffice, str(python)
    raise NoCalc(
        f"LibreOffice Calc with its Python is missing. On Debian or Ubuntu, as root: "
        f"apt-get install {' '.join(PACKAGES)}. Elsewhere, install LibreOffice and put soffice on "
        "PATH."
    )


def edit(before: Path, after: Path, *steps: tuple[Any, ...]) -> list[Any]:
    """Open a workbook in Calc, do the steps, save it as `after` is named; what steps gave."""
    soffice, python = programs()
    told = {"soffice": soffice, "open": str(before), "save": str(after), "do": steps}
    done = subprocess.run(
        [python, str(SCRIPT)],
        input=json.dumps(told),
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: list[Any] = json.loads(done.stdout)
    return said


def install() -> int:
    """Install Calc with apt if it is missing; the exit code."""
    try:
        print(f"LibreOffice: {programs()[0]}")
        return 0
    except NoCalc as missing:
        if not shutil.which("apt-get"):
            print(f"error: {missing}", file=sys.stderr)
            return 1
    print("LibreOffice: none found, installing Calc with apt-get ...", flush=True)
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    for words in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
        done = subprocess.run([*apt, *words], capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"error: {' '.join(words)}: {done.stderr.strip()}", file=sys.stderr)
            return 1
    try:
        print(f"LibreOffice: {programs()[0]}")
    except NoCalc as missing:
        print(f"error: {missing}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(install())
