"""The archives of a site folder: one sealed folder for each school year, in `archives/`."""

from __future__ import annotations

import re
from pathlib import Path

from living_manual.edges.sealed import MANIFEST_NAME

STORE = "archives"
#: What an archive may be called: it becomes part of addresses.
NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,39}")


def archive_names(root: Path) -> tuple[str, ...]:
    """The archives of a site folder, the newest year first."""
    store = root / STORE
    if not store.is_dir():
        return ()
    return tuple(
        sorted(
            (each.name for each in store.iterdir() if (each / MANIFEST_NAME).is_file()),
            reverse=True,
        )
    )


def archive_of(root: Path, name: str) -> Path:
    """The folder of an archive, whether or not it is there."""
    return root / STORE / name
