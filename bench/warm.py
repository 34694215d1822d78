"""The warm preview, measured: from a save to the changed page being served."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from bench.measure import MeasureError

#: Seconds between two looks, and to wait for anything at all.
LOOK, PATIENCE = 0.02, 600.0


class Warm:
    """A running preview, with a reader who has one page open."""

    def __init__(self, url: str, page: str) -> None:
        self.url, self.page = url, page

    def save(self, change: Callable[[], None], words: str) -> float:
        """Make a change and give the seconds until the page shows its words."""
        started = time.monotonic()
        change()
        self._until(lambda: words in self._get(self.page), words)
        took = time.monotonic() - started
        self.settle()
        return took

    def settle(self) -> None:
        """Wait until the preview has nothing left to do."""
        self._until(lambda: not json.loads(self._get("_preview/status"))["busy"], "rest")
        time.sleep(1.0)

    def _get(self, path: str) -> str:
        with urlopen(self.url + path, timeout=PATIENCE) as answer:
            return str(answer.read().decode("utf-8"))

    def _until(self, true: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > deadline:
                raise MeasureError(f"The preview did not come to: {what}")
            time.sleep(LOOK)


@contextmanager
def warm(
    words: Sequence[str | Path], cwd: Path, env: Mapping[str, str], page: str
) -> Iterator[Warm]:
    """Start the preview, open a page of it and end it afterwards."""
    process = subprocess.Popen(
        words,
        cwd=cwd,
        env={**env, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        assert process.stdout
        for line in process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                break
        else:
            raise MeasureError("The preview did not start.")
        with socket.create_connection(("127.0.0.1", int(found[1]))) as reader:
            asked = f"GET /_preview/events?page={page.removesuffix('.html')} HTTP/1.1\r\n"
            reader.sendall(f"{asked}Host: 127.0.0.1\r\n\r\n".encode())
            running = Warm(found[0], page)
            running.settle()
            yield running
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
