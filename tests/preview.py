"""The real `manual preview`, run beside a test: what it says, serves and tells a browser."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from socket import SHUT_RDWR
from typing import Any
from urllib.parse import urlsplit

from tests.sites import KIT, TODAY, Source, command

#: Seconds to wait for anything, on a busy machine.
PATIENCE = 120.0
#: Files and folders of a site that hold no pages of the manual.
NOT_PAGES = ("_", "pagefind", "permalink")


def soon(true: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """Wait until something is true, and give it."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.02)
    return found


def main_of(page: str) -> str:
    """The content of a page: what stands in its `main`."""
    found = re.search(r"<main\b.*?</main>", page, re.DOTALL)
    assert found, page[:500]
    return found[0]


class Previewed:
    """A running preview of a source folder."""

    def __init__(self, source: Source, output: Path, process: subprocess.Popen[str]) -> None:
        self.source, self.output, self.process = source, output, process
        self.lines: list[str] = []
        self.events: list[tuple[str, dict[str, Any]]] = []
        threading.Thread(target=self._listen_to_terminal, daemon=True).start()
        line = soon(self._ready, "the preview is up")
        self.url: str = re.search(r"http://127\.0\.0\.1:\d+/", line)[0]  # type: ignore[index]
        self.port = urlsplit(self.url).port

    @property
    def said(self) -> str:
        """All that the terminal shows."""
        return "".join(self.lines)

    def _ready(self) -> str:
        assert self.process.poll() is None, self.said
        return next((line for line in self.lines if "http://" in line), "")

    def _listen_to_terminal(self) -> None:
        assert self.process.stdout
        self.lines.extend(iter(self.process.stdout.readline, ""))

    def get(self, path: str) -> tuple[int, str]:
        """The status and the body of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def status(self) -> dict[str, Any]:
        """How things stand."""
        told: dict[str, Any] = json.loads(self.get("/_preview/status")[1])
        return told

    @contextmanager
    def listening(self, page: str = "index") -> Iterator[list[tuple[str, dict[str, Any]]]]:
        """What a browser with that page open is told, as it comes."""
        heard: list[tuple[str, dict[str, Any]]] = []
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", f"/_preview/events?page={page}")
        socket = connection.sock  # the connection forgets it, since the answer has no end
        answer = connection.getresponse()
        assert answer.headers["Content-Type"].startswith("text/event-stream")

        def listen() -> None:
            name = ""
            while line := answer.readline().decode():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ").strip()
                elif line.startswith("data: "):
                    heard.append((name, json.loads(line.removeprefix("data: "))))

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        soon(lambda: heard, "the preview says hello")
        try:
            yield heard
        finally:
            with suppress(OSError):  # the preview may have ended first
                socket.shutdown(SHUT_RDWR)
            thread.join(PATIENCE)
            socket.close()

    def after(self, edit: Callable[[Source], None], page: str = "index") -> dict[str, Any]:
        """Edit the source and wait for the rebuild that follows; gives how things stand then."""
        with self.listening(page) as heard:
            edit(self.source)

            def settled() -> bool:
                states = [told["busy"] for name, told in heard if name == "state"]
                return states != [] and not states[-1]

            soon(settled, "the preview has built again")
            # Several files written one after the other may come as several saves.
            quiet, seen = time.monotonic(), len(heard)
            while time.monotonic() - quiet < 0.5:
                if len(heard) != seen or not settled():
                    quiet, seen = time.monotonic(), len(heard)
                time.sleep(0.05)
            self.events = heard
        return self.status()

    def pages(self) -> dict[str, str]:
        """The content of every page that is up."""
        html = self.output / "html"
        return {
            path.relative_to(html).as_posix(): main_of(path.read_text(encoding="utf-8"))
            for path in sorted(html.rglob("*.html"))
            if not path.relative_to(html).parts[0].startswith(NOT_PAGES)
        }


@contextmanager
def preview(source: Source, output: Path, kit: Path = KIT) -> Iterator[Previewed]:
    """The real command on a free port, ended as by Ctrl+C when the block ends."""
    words = ("--kit", kit, "--source", source.root, "--output", output, "--port", "0")
    process = subprocess.Popen(
        command("preview", *words, "--today", TODAY),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        cwd=KIT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        start_new_session=True,
    )
    try:
        running = Previewed(source, output, process)
        yield running
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
