"""The one door to git. Without git, or outside a checkout, answers are None."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path


def last_change(folder: Path) -> date | None:
    """The day of the last commit that touched the folder; None without git or without a commit."""
    said = _git(folder, "log", "-1", "--format=%cs", "--", ".")
    return date.fromisoformat(said) if said else None


def _git(folder: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None if done.returncode == 0 else None
