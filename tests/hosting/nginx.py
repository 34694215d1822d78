"""A real nginx with the ready files of docs/hosting/, and a stand-in for the identity program."""

from __future__ import annotations

import hashlib
import hmac
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from tests.sites import KIT
from tests.tools import require_program

HOSTING = KIT / "docs" / "hosting"
PUBLIC, STAFF = "manual.district.example", "staff.manual.district.example"

#: The server's own settings: where it writes, and that it stays one process of this account.
FRAME = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/manual.conf;
}}
"""


@dataclass(frozen=True)
class Server:
    """A running nginx."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def connect(self) -> closing[HTTPConnection]:
        return closing(HTTPConnection("127.0.0.1", self.port, timeout=30))

    def raw(self, request: str) -> bytes:
        """The whole answer to a request as it is written."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(request.encode("latin-1"))
            answer = b""
            while piece := connection.recv(1 << 16):
                answer += piece
        return answer


@contextmanager
def nginx(folder: Path, file: str, yours: Mapping[str, str]) -> Iterator[Server]:
    """Run one of the ready files, its marked lines changed as a district changes them.

    `yours` maps what such lines say to what they are to say; `{port}` in it is a free port.
    """
    program = require_program("nginx")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nginx.conf").write_text(FRAME.format(folder=folder), encoding="utf-8")
    site = (HOSTING / "manual-site.conf").read_text(encoding="utf-8")
    (folder / "manual-site.conf").write_text(site, encoding="utf-8")
    for _ in range(5):  # another program may take a port that was free a moment ago
        port = free_port()
        (folder / "manual.conf").write_text(_filled_in(file, yours, port), encoding="utf-8")
        words = [str(program), "-p", str(folder), "-c", str(folder / "nginx.conf")]
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if _answers(process, port):
            break
    else:
        said = process.stderr.read().decode() if process.stderr else ""
        log = folder / "error.log"
        raise AssertionError(said + (log.read_text() if log.exists() else ""))
    try:
        yield Server(port, folder)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _filled_in(file: str, yours: Mapping[str, str], port: int) -> str:
    """The text of a ready file; every marked line must be one that was asked to be changed."""
    lines = []
    for line in (HOSTING / file).read_text(encoding="utf-8").splitlines():
        kept, mark, _ = line.partition("  # yours")
        if mark:
            before = kept.strip()
            kept = kept.replace(before, yours[before].format(port=port))
        lines.append(kept)
    return "\n".join(lines) + "\n"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _answers(process: subprocess.Popen[bytes], port: int, most: float = 60) -> bool:
    """Wait until somebody listens there; False when the process ended instead."""
    deadline = time.monotonic() + most
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            time.sleep(0.05)  # a port that was another's: nginx ends by now
            return process.poll() is None
    process.kill()
    return False


# ---------------------------------------------------------------------------------- the identity


@dataclass
class Identity:
    """Answers as oauth2-proxy does: 202 to a session that it signed, 401 to anything else.

    `answer` is given in place of that when it is set: a status, or 0 to hang up.
    """

    secret: bytes = field(default_factory=lambda: os.urandom(32))
    answer: int | None = None
    address: str = ""

    def session(self, until: float | None = None) -> str:
        """A cookie of somebody who signed in; `until` is a time, an hour from now unless said."""
        ends = str(int(time.time() + 3600 if until is None else until))
        return f"_oauth2_proxy=somebody|{ends}|{self.sign(ends)}"

    def sign(self, ends: str) -> str:
        return hmac.new(self.secret, ends.encode(), hashlib.sha256).hexdigest()

    def knows(self, cookies: str) -> bool:
        for cookie in cookies.split(";"):
            name, _, value = cookie.strip().partition("=")
            parts = value.split("|")
            if name == "_oauth2_proxy" and len(parts) == 3 and parts[1].isdigit():
                signed = hmac.compare_digest(parts[2], self.sign(parts[1]))
                if signed and int(parts[1]) > time.time():
                    return True
        return False


@contextmanager
def identity() -> Iterator[Identity]:
    """Run the stand-in."""
    of = Identity()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if of.answer == 0:
                self.connection.close()
                return
            path = urlsplit(self.path).path
            status = of.answer or (202 if of.knows(self.headers.get("Cookie", "")) else 401)
            if path != "/oauth2/auth":
                status = 200
            body = b"Sign in" if path == "/oauth2/sign_in" else b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_HEAD = do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    of.address = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield of
    finally:
        server.shutdown()
        server.server_close()


def public_lines(root: Path, name: str = PUBLIC) -> dict[str, str]:
    """The marked lines of a server for everybody."""
    return {
        "listen 80;": "listen 127.0.0.1:{port};",
        f"server_name {PUBLIC};": f"server_name {name};",
        "root /srv/manual/public/current;": f"root {root};",
    }


def both_lines(public: Path, staff: Path, asked: str) -> dict[str, str]:
    """The marked lines of both editions; `asked` is the address of the identity program."""
    return {
        **public_lines(public),
        "listen 80 default_server;": "listen 127.0.0.1:{port} default_server;",
        f"server_name {STAFF};": f"server_name {STAFF};",
        "root /srv/manual/staff/current;": f"root {staff};",
        "server 127.0.0.1:4180;": f"server {asked};",
    }
