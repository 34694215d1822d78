"""Kill a build in the middle of its work."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any


def die_at(folder: Path, point: int, *, half: bool) -> list[int]:
    """Be killed at the n-th change of a file below the folder (0: never); gives the running count.

    With `half`, the file that was about to be written is left with half of something in it.
    """
    count, below, within = [0], f"{folder}/", [False]

    def watch(event: str, args: tuple[Any, ...]) -> None:
        opened = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
        changes = ("os.rename", "os.remove", "os.mkdir", "os.rmdir")
        if within[0] or not (opened or event in changes) or not str(args[0]).startswith(below):
            return
        count[0] += 1
        if count[0] == point:
            within[0] = True
            if half and opened:
                Path(args[0]).write_bytes(b"<p>half of someth")
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    return count
