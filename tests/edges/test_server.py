"""The preview server, asked over a real connection."""

from __future__ import annotations

import gzip
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from living_manual.core.headers import content_type, headers_of
from living_manual.edges import server as module
from living_manual.edges.server import SiteServer, accepts_gzip, make_server, serve

PAGE = "<!doctype html><title>Manual</title>" + "<p>A word about fluency.</p>" * 200


class Answer:
    """A whole answer: status, headers and body as sent."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = answer.status, answer.headers, answer.read()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "protocols").mkdir(parents=True)
    (site / "empty").mkdir()
    (site / "index.html").write_text(PAGE)
    (site / "protocols" / "index.html").write_text("<p>Protocols</p>")
    (site / "two words é.html").write_text("<p>Named</p>")
    (site / "app.css").write_text("p { color: teal }\n" * 50)
    (site / "video.mp4").write_bytes(bytes(range(256)) * 1000)
    (tmp_path / "secret.txt").write_text("secret")
    return site


@pytest.fixture
def server(root: Path) -> Iterator[SiteServer]:
    with make_server(root) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def ask(server: SiteServer, path: str, method: str = "GET", **headers: str) -> Answer:
    """Send the path as it is: a browser would tidy `..` away."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers={"Accept-Encoding": "identity"} | named)
    try:
        return Answer(connection.getresponse())
    finally:
        connection.close()


def test_front_page(server: SiteServer) -> None:
    answer = ask(server, "/")
    assert answer.status == 200
    assert answer.body.decode() == PAGE
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Content-Length"] == str(len(PAGE))


@pytest.mark.parametrize(
    "path", ["/", "/app.css", "/video.mp4", "/protocols", "/nowhere", "/a.pdf"]
)
def test_policy(server: SiteServer, root: Path, path: str) -> None:
    """Every answer says the policy; that of a PDF lets the browser show it."""
    (root / "a.pdf").write_bytes(b"%PDF-1.7")
    kind = "application/pdf" if path == "/a.pdf" else None
    answer = ask(server, path)
    for name, value in headers_of(kind).items():
        assert answer.headers.get_all(name) == [value]


def test_head_sends_no_body(server: SiteServer) -> None:
    for encoding in ("identity", "gzip"):
        answer = ask(server, "/", "HEAD", Accept_Encoding=encoding)
        assert (answer.status, answer.body) == (200, b"")
        assert int(answer.headers["Content-Length"]) > 0
    assert ask(server, "/nowhere", "HEAD").body == b""


def test_name_with_spaces_and_accents(server: SiteServer) -> None:
    assert ask(server, "/two%20words%20%C3%A9.html").body == b"<p>Named</p>"


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/protocols", "/protocols/"),
        ("/protocols?role=coach", "/protocols/?role=coach"),
        # Never on to another host.
        ("//protocols", "/protocols/"),
    ],
)
def test_folder_without_slash_is_sent_on(server: SiteServer, path: str, location: str) -> None:
    answer = ask(server, path)
    assert (answer.status, answer.headers["Location"]) == (301, location)
    assert ask(server, location).body == b"<p>Protocols</p>"


@pytest.mark.parametrize(
    "path",
    [
        "/empty/",
        "/empty",
        "/nowhere.html",
        "/index.html/",
        "/../secret.txt",
        "/protocols/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/outside/secret.txt",
        "/outside.txt",
        "/nul%00.html",
        "/loop",
        "/" + "long" * 200,
        "http://example.org/index.html",
    ],
)
def test_not_found(server: SiteServer, root: Path, path: str) -> None:
    (root / "outside").symlink_to(root.parent)
    (root / "outside.txt").symlink_to(root.parent / "secret.txt")
    (root / "loop").symlink_to(root / "loop")
    answer = ask(server, path)
    assert (answer.status, answer.body) == (404, b"This page does not exist.\n")
    (root / "404.html").write_text("<p>Lost?</p>")
    answer = ask(server, path)
    assert (answer.status, answer.body) == (404, b"<p>Lost?</p>")
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("path", "caching"),
    [
        ("/app.css", "no-cache"),
        ("/app.css?v=3f9a", "public, max-age=31536000, immutable"),
        ("/app.css?digest=3f9a", "public, max-age=31536000, immutable"),
        ("/app.css?v=", "no-cache"),
        ("/app.css?view=1", "no-cache"),
        ("/index.html?v=3f9a", "no-cache"),
    ],
)
def test_caching(server: SiteServer, path: str, caching: str) -> None:
    assert ask(server, path).headers["Cache-Control"] == caching


def test_text_is_packed_once(
    server: SiteServer, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    real = gzip.compress
    monkeypatch.setattr(
        module.gzip, "compress", lambda *args, **names: calls.append(1) or real(*args, **names)
    )
    for _ in range(3):
        answer = ask(server, "/", Accept_Encoding="br, gzip;q=0.8")
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert len(answer.body) == int(answer.headers["Content-Length"]) < len(PAGE)
        assert gzip.decompress(answer.body).decode() == PAGE
    assert len(calls) == 1
    (root / "index.html").write_text("<p>New</p>")
    assert gzip.decompress(ask(server, "/", Accept_Encoding="gzip").body) == b"<p>New</p>"


def test_what_is_packed_already_is_sent_as_it_is(server: SiteServer) -> None:
    answer = ask(server, "/video.mp4", Accept_Encoding="gzip")
    assert "Content-Encoding" not in answer.headers
    assert len(answer.body) == 256_000


def test_known_version_is_not_sent_again(server: SiteServer, root: Path) -> None:
    etag = ask(server, "/").headers["ETag"]
    answer = ask(server, "/", If_None_Match=f'"other", W/{etag}')
    assert (answer.status, answer.body) == (304, b"")
    (root / "index.html").write_text("<p>New</p>")
    assert ask(server, "/", If_None_Match=etag).status == 200


@pytest.mark.parametrize(
    ("asked", "status", "part", "length"),
    [
        ("bytes=0-9", 206, "bytes 0-9/256000", 10),
        ("bytes=255990-", 206, "bytes 255990-255999/256000", 10),
        ("bytes=255990-999999", 206, "bytes 255990-255999/256000", 10),
        ("bytes=-6", 206, "bytes 255994-255999/256000", 6),
        ("bytes=-0", 416, "bytes */256000", 0),
        ("bytes=256000-", 416, "bytes */256000", 0),
        ("bytes=9-3", 416, "bytes */256000", 0),
        ("bytes=0-1,5-6", 200, None, 256_000),
        ("bytes=-", 200, None, 256_000),
        ("lines=1-2", 200, None, 256_000),
        (f"bytes={'9' * 5000}-", 200, None, 256_000),
    ],
)
def test_video_in_parts(
    server: SiteServer, asked: str, status: int, part: str | None, length: int
) -> None:
    answer = ask(server, "/video.mp4", Range=asked)
    assert (answer.status, answer.headers["Content-Range"]) == (status, part)
    assert len(answer.body) == length
    if part is not None and status == 206:
        start = int(part.removeprefix("bytes ").split("-")[0])
        assert answer.body[0] == start % 256


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.html", "text/html"),
        ("A.HTML", "text/html"),
        ("a.woff2", "font/woff2"),
        ("a.wasm", "application/wasm"),
        ("wasm.en.pagefind", "application/octet-stream"),
        ("en_1.pf_fragment", "application/octet-stream"),
        ("a.svg", "image/svg+xml"),
        ("a.webmanifest", "application/manifest+json"),
        ("a.vtt", "text/vtt"),
        ("a.js", "text/javascript"),
        ("a.png", "image/png"),
        ("a.tar.gz", "application/octet-stream"),
        ("objects.inv", "application/octet-stream"),
        ("README", "application/octet-stream"),
    ],
)
def test_content_type(name: str, kind: str) -> None:
    assert content_type(name) == kind


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("", False),
        ("gzip", True),
        ("deflate, GZIP ; q=0.5", True),
        ("gzip;q=0", False),
        ("gzip;q=0.0, *", False),
        ("*", True),
        ("br", False),
        ("gzip;q=nonsense", False),
    ],
)
def test_accepts_gzip(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


def test_a_switch_shows_at_the_next_request(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(name)
    current = tmp_path / "current"
    with make_server(current) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        try:
            assert ask(made, "/").status == 404  # nothing is published yet
            for name in ("one", "two", "one"):
                (tmp_path / "link").symlink_to(name)
                (tmp_path / "link").replace(current)
                assert gzip.decompress(ask(made, "/", Accept_Encoding="gzip").body) == name.encode()
        finally:
            made.shutdown()
            thread.join()


def test_reader_who_goes_away_leaves_no_traceback(
    server: SiteServer, capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", server.server_port)) as reader:
            reader.sendall(b"GET /video.mp4 HTTP/1.1\r\nHost: a\r\n\r\n")
            reader.recv(10)
            # Closed with an answer still on its way: the server sees a reset.
    assert ask(server, "/").status == 200
    assert capfd.readouterr() == ("", "")


def test_port_in_use(root: Path, server: SiteServer) -> None:
    words = rf"^Port {server.server_port} is in use by another program: choose another one\.$"
    with pytest.raises(OSError, match=words):
        serve(root, server.server_port)


@pytest.mark.parametrize(
    ("port", "host", "words"),
    [(70_000, "127.0.0.1", "^70000 is not a port"), (0, "192.0.2.1", "^Cannot serve on 192.0.2.1")],
)
def test_port_or_host_that_cannot_be_had(root: Path, port: int, host: str, words: str) -> None:
    with pytest.raises(OSError, match=words):
        make_server(root, port, host)


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="There is no site at"):
        serve(tmp_path / "nowhere")


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
def test_serve_until_interrupted(root: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from living_manual.edges.server import serve;"
        "serve(Path(sys.argv[1]), 0, ready=lambda url: print(url, flush=True))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        [sys.executable, "-c", code, str(root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        url = child.stdout.readline().strip()
        port = int(url.removesuffix("/").rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/")
        assert connection.getresponse().read().decode() == PAGE
        connection.close()
        child.send_signal(signal.SIGINT)
        assert (child.wait(10), child.stderr.read()) == (0, "")
