"""Fill a folder whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from living_manual.publish.build import BuildError

#: What a folder must hold before a build takes its place: never somebody's own files.
MARK = "records.json"


@contextmanager
def replace_folder(target: Path) -> Iterator[Path]:
    """A fresh folder that takes the target's place when the block ends well.

    Raises `BuildError` when the target holds something that no build of ours made.
    """
    if target.exists() and (
        not target.is_dir() or (any(target.iterdir()) and not (target / MARK).exists())
    ):
        raise BuildError(f"{target} holds other files. Name an empty or new folder with --output.")
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield fresh
        fresh.chmod(0o755)
        if target.exists():
            old = fresh.with_name(f"{fresh.name}-old")
            target.rename(old)
            fresh.rename(target)
            shutil.rmtree(old)
        else:
            fresh.rename(target)
    finally:
        if fresh.exists():
            shutil.rmtree(fresh)
