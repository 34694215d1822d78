"""The one door to watchfiles: what changed in some folders, as it happens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

from watchfiles import Change, watch

#: Milliseconds without another change that end a save, and the longest one may take. An editor
#: that writes a new file and renames it makes several changes within a few milliseconds.
QUIET, LONGEST = 15, 300
#: Milliseconds between two looks at whether to stop.
LOOK_UP = 300
#: Files no writer means: hidden ones, backups and locks of editors and office programs.
_NOT_MEANT = re.compile(r"^[.#]|^~\$|^4913$|^__pycache__$|~$|\.(?:sw[a-z]|tmp|part|bak|pyc)$")


def changes(roots: Sequence[Path], ended: Event) -> Iterator[frozenset[Path]]:
    """Each save below the folders (or of the files) as one set, until `ended` is set.

    Changes made while the caller is busy are given together next.
    """
    meant = _Meant([root.resolve() for root in roots])
    for found in watch(
        *meant.roots,
        watch_filter=meant,
        debounce=LONGEST,
        step=QUIET,
        stop_event=ended,
        rust_timeout=LOOK_UP,
        raise_interrupt=False,
    ):
        yield frozenset(Path(path) for _, path in found)


class _Meant:
    """Whether a change is one a writer meant; names above the watched folder say nothing."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self.roots = roots

    def __call__(self, _change: Change, path: str) -> bool:
        """Whether to tell of a change."""
        changed = Path(path)
        for root in self.roots:
            if changed.is_relative_to(root):
                return not any(map(_NOT_MEANT.search, changed.relative_to(root).parts))
        return True
