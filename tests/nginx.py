"""A real nginx for a test: on 127.0.0.1, in a folder of its own, gone when the test is done."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.tools import require_program

_FRAME = """\
daemon off;
master_process {master};
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{http}
}}
"""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens at just now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def nginx(folder: Path, http: str, port: int) -> Iterator[None]:
    """Run nginx with these lines inside its `http` block, until the block ends.

    `folder` is for its own files. It is ready when somebody listens at `port`.
    """
    program = require_program("nginx")
    folder.mkdir(parents=True, exist_ok=True)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    # Workers of a server begun by root are nobody, who may not read a test's folder.
    frame = {"master": "on", "user": "user root;" if root else "", "folder": folder, "http": http}
    config = folder / "nginx.conf"
    config.write_text(_FRAME.format(**frame), encoding="utf-8")
    with subprocess.Popen(
        [str(program), "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(config)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            _await(process, port, folder / "error.log")
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        if process.poll() is not None:
            assert process.stderr
            said = process.stderr.read().decode(errors="replace")
            raise AssertionError(f"nginx ended: {said} {log.read_text() if log.exists() else ''}")
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < deadline, "nginx does not listen"
        time.sleep(0.02)
