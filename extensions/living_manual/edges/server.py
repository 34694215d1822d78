"""Serve a site folder as a plain static host would, to look at it before or after publishing.

The folder is resolved anew for every request, so a server started on the `current` link shows
each release from the moment of its switch.
"""

from __future__ import annotations

import errno
import gzip
import os
import re
import socketserver
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import closing, suppress
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import parse_qs, parse_qsl, quote, unquote, urlsplit

from living_manual.core.edition import PUBLIC
from living_manual.core.headers import (
    FINGERPRINTS,
    asks_again,
    content_type,
    headers_of,
    is_text,
    keeps_long,
)

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_CHUNK = 1 << 16  # bytes
_CACHED_FILES = 2048
_COMPRESS_UP_TO = 32 << 20  # bytes; a larger file is sent as it is rather than held in memory


class _Range(NamedTuple):
    """Part of a file: the first byte and the one after the last."""

    start: int
    stop: int


class Reply(NamedTuple):
    """An answer that is no file: its media type and its body, whole or piece by piece."""

    kind: str
    body: bytes | Generator[bytes]


#: Gives the answer for one path, from the query of the address.
Answer = Callable[[Mapping[str, str]], Reply]


class SiteServer(ThreadingHTTPServer):
    """A server of one folder, which may be a symlink that changes while it runs.

    `answers` are paths that are no files; `mounts` are folders of their own for a first part of
    the path. A published site has neither.
    """

    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"  # there it would share a port that is in use

    def __init__(
        self,
        address: tuple[str, int],
        root: Path,
        answers: Mapping[str, Answer] | None = None,
        mounts: Mapping[str, Path] | None = None,
    ) -> None:
        self.root = Path(root).absolute()
        self.answers, self.mounts = dict(answers or {}), dict(mounts or {})
        self.compressed = lru_cache(maxsize=_CACHED_FILES)(_compress)
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Take the port, without the parent's question to the network for this machine's name."""
        socketserver.TCPServer.server_bind(self)
        host, self.server_port = self.server_address[:2]
        self.server_name = str(host)

    @property
    def url(self) -> str:
        """The address of the front page."""
        return f"http://{self.server_name}:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet when a reader closes the page in the middle of a file."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def make_server(
    root: Path,
    port: int = 0,
    host: str = "127.0.0.1",
    answers: Mapping[str, Answer] | None = None,
    mounts: Mapping[str, Path] | None = None,
) -> SiteServer:
    """A bound server that does not answer yet; port 0 takes a free one.

    Raises OSError, with a sentence for the reader, when the port or host cannot be had.
    """
    try:
        return SiteServer((host, port), root, answers, mounts)
    except OverflowError as error:
        raise OSError(f"{port} is not a port: use a number from 1 to 65535.") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            words = f"Port {port} is in use by another program: choose another one."
        elif error.errno in {errno.EACCES, errno.EPERM}:
            words = f"This account may not use port {port}: choose one above 1023."
        else:
            words = f"Cannot serve on {host}, port {port}: {error.strerror or error}."
        raise OSError(words) from error


def serve(
    root: Path,
    port: int = 8000,
    host: str = "127.0.0.1",
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve `root` until Ctrl+C; `ready` gets the address once requests are accepted.

    Raises OSError, with a sentence for the reader, when there is no such folder or the port or
    host cannot be had.
    """
    if not root.is_dir():
        raise OSError(f"There is no site at {root}: build or publish it first.")
    with make_server(root, port, host) as server:
        if ready is not None:
            ready(server.url)
        with suppress(KeyboardInterrupt):  # that is how it is stopped
            server.serve_forever()


class _Handler(BaseHTTPRequestHandler):
    server: SiteServer
    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds an idle connection keeps its thread

    def do_GET(self) -> None:
        parts = urlsplit("/" + self.path.lstrip("/"))  # `//host` would read as another host
        if answer := self.server.answers.get(parts.path):
            self._send_reply(answer(dict(parse_qsl(parts.query))))
            return
        root: Path | None = None
        found: Path | str | None = None
        first, _, rest = parts.path.lstrip("/").partition("/")
        with suppress(OSError):  # no folder at this moment
            root = self.server.root.resolve(strict=True)
            if mount := self.server.mounts.get(first):
                found = locate(mount.resolve(strict=True), rest)
            else:
                found = locate(root, parts.path)
        if isinstance(found, str):
            self._redirect(found + (f"?{parts.query}" if parts.query else ""))
        elif found is None:
            self._not_found(root)
        else:
            fingerprinted = not set(FINGERPRINTS).isdisjoint(parse_qs(parts.query))
            self._send_file(found, HTTPStatus.OK, fingerprinted=fingerprinted)

    do_HEAD = do_GET

    def version_string(self) -> str:
        return "living-manual"

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet: the person at the terminal waits for other things."""

    def _send_reply(self, reply: Reply) -> None:
        headers = {"Cache-Control": "no-store"}
        if isinstance(reply.body, bytes):
            self._send(HTTPStatus.OK, reply.kind, headers, reply.body)
            return
        self.close_connection = True  # its end is the end of the body
        self._send_head(HTTPStatus.OK, {**headers, "Connection": "close"}, reply.kind)
        with closing(reply.body) as pieces:
            if self.command != "HEAD":
                for piece in pieces:
                    self.wfile.write(piece)

    def _redirect(self, location: str) -> None:
        headers = {"Location": location, "Cache-Control": "no-cache"}
        self._send_head(HTTPStatus.MOVED_PERMANENTLY, headers, length=0)

    def _not_found(self, root: Path | None) -> None:
        page = root / "404.html" if root else None
        if page is not None and page.is_file():
            self._send_file(page, HTTPStatus.NOT_FOUND, fingerprinted=False)
            return
        words = b"This page does not exist.\n"
        self._send(HTTPStatus.NOT_FOUND, "text/plain", {"Cache-Control": "no-cache"}, words)

    def _send_file(self, file: Path, status: HTTPStatus, *, fingerprinted: bool) -> None:
        try:
            content = file.open("rb")
        except OSError:  # dropped, or closed to this account
            self._not_found(None)
            return
        with content:
            about = os.fstat(content.fileno())
            kind = content_type(file.name)
            text = is_text(kind)
            packed = text and about.st_size <= _COMPRESS_UP_TO and self._accepts_gzip()
            etag = f'"{about.st_mtime_ns:x}-{about.st_size:x}{"-gz" if packed else ""}"'
            long = fingerprinted and kind != "text/html"
            caching = keeps_long(PUBLIC) if long else asks_again(PUBLIC)
            headers = {"Cache-Control": caching, "ETag": etag}
            if text:
                headers["Vary"] = "Accept-Encoding"
            if status is HTTPStatus.OK and etag in self._known_etags():
                self._send_head(HTTPStatus.NOT_MODIFIED, headers)
            elif packed:
                headers["Content-Encoding"] = "gzip"
                body = self.server.compressed(file, about.st_mtime_ns, about.st_size)
                self._send(status, kind, headers, body)
            else:
                self._send_part(status, kind, headers, content, about.st_size)

    def _send_part(
        self,
        status: HTTPStatus,
        kind: str,
        headers: dict[str, str],
        content: BinaryIO,
        size: int,
    ) -> None:
        part, status = self._part(size, status)
        headers["Accept-Ranges"] = "bytes"
        if status is HTTPStatus.PARTIAL_CONTENT:
            headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
        elif status is HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            headers["Content-Range"] = f"bytes */{size}"
        length = part.stop - part.start
        self._send_head(status, headers, kind, length)
        if self.command == "HEAD":
            return
        content.seek(part.start)
        while length > 0 and (chunk := content.read(min(_CHUNK, length))):
            self.wfile.write(chunk)
            length -= len(chunk)
        if length:  # the file became shorter: the promised length cannot be kept
            self.close_connection = True

    def _send(self, status: HTTPStatus, kind: str, headers: dict[str, str], body: bytes) -> None:
        self._send_head(status, headers, kind, len(body))
        if self.command != "HEAD":
            self.wfile.write(body)

    def _send_head(
        self,
        status: HTTPStatus,
        headers: dict[str, str],
        kind: str | None = None,
        length: int | None = None,
    ) -> None:
        self.send_response(status)
        if kind is not None:
            charset = "; charset=utf-8" if is_text(kind) else ""
            self.send_header("Content-Type", kind + charset)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in {**headers_of(kind), **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _accepts_gzip(self) -> bool:
        return accepts_gzip(self.headers.get("Accept-Encoding", ""))

    def _known_etags(self) -> set[str]:
        known = self.headers.get("If-None-Match", "")
        return {etag.strip().removeprefix("W/") for etag in known.split(",")}

    def _part(self, size: int, status: HTTPStatus) -> tuple[_Range, HTTPStatus]:
        """What was asked for of a file of `size` bytes: a video is played and searched in parts."""
        whole = _Range(0, size)
        asked = self.headers.get("Range")
        # If-Range names a version; sending the whole file is always a right answer to it.
        if asked is None or status is not HTTPStatus.OK or "If-Range" in self.headers:
            return whole, status
        match = _RANGE.fullmatch(asked.strip())
        if match is None or match[1] == match[2] == "":
            return whole, status  # several parts, or another unit: the whole file is allowed
        if match[1] == "":  # the last so many bytes
            part = _Range(max(0, size - int(match[2])), size)
        else:
            part = _Range(int(match[1]), min(size, int(match[2]) + 1) if match[2] else size)
        if part.start >= part.stop:
            return _Range(0, 0), HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        return part, HTTPStatus.PARTIAL_CONTENT


def locate(root: Path, path: str) -> Path | str | None:
    """Find what an address path names below `root`, which is a resolved folder.

    Gives the file, the address of the folder to send the reader on to, or None. Nothing outside
    `root` is ever given, by `..` or by a symlink.
    """
    segments = [unquote(segment) for segment in path.split("/") if segment not in ("", ".")]
    if any(segment in (".", "..") or re.search(r"[\0/\\]", segment) for segment in segments):
        return None
    try:
        target = root.joinpath(*segments).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):  # no such file; not a name; a loop of symlinks
        return None
    if not target.is_relative_to(root):
        return None
    if target.is_dir():
        page = (target / "index.html").resolve()
        if not page.is_file() or not page.is_relative_to(root):
            return None  # folders are not listed
        return page if path.endswith("/") else "/" + "/".join(map(quote, segments)) + "/"
    return target if target.is_file() and not path.endswith("/") else None


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header lets the answer be packed with gzip."""
    weights: dict[str, float] = {}
    for item in header.split(","):
        coding, _, weight = item.partition(";")
        try:
            weights[coding.strip().lower()] = float(weight.replace(" ", "").removeprefix("q=") or 1)
        except ValueError:
            return False
    return weights.get("gzip", weights.get("*", 0)) > 0


def _compress(file: Path, modified: int, size: int) -> bytes:
    """Pack a file; the time it was changed and its size in bytes are there as the cache's key."""
    del modified, size
    return gzip.compress(file.read_bytes(), compresslevel=6, mtime=0)
