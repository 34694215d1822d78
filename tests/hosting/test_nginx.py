"""The ready files for web servers: in step with the policy, and what a real nginx makes of them."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from http.client import HTTPMessage, HTTPResponse
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest

from living_manual.core.edition import EDITIONS
from living_manual.core.edition import PUBLIC as FOR_ALL
from living_manual.core.edition import STAFF as FOR_STAFF
from living_manual.core.headers import HEADERS, TYPES, asks_again, content_type, is_text, keeps_long
from living_manual.core.hosting import headers_file, ready_files
from tests.hosting.nginx import (
    HOSTING,
    PUBLIC,
    STAFF,
    Identity,
    Server,
    both_lines,
    identity,
    nginx,
    public_lines,
)

#: Words of every file of the small staff edition.
SECRET = "only for staff"
FILES = (
    "index.html",
    "schools/pier/index.html",
    "_static/manual.css",
    "_images/work-480-0a1b2c3d4e5f.avif",
    "_headers",
    "_media/clip.mp4",
    "pagefind/pagefind.js",
    "pagefind/wasm.en.pagefind",
    "pagefind/fragment/en_1.pf_fragment",
    "data/school-plan.json",
    "feeds/everything.atom",
    "calendar/sessions.ics",
    "handover/head/pack.pdf",
    "records.reqifz",
    "objects.inv",
    "release.json",
    ".hidden",
)


class Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    body: bytes


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two site folders: what is live, and what lies beside it."""
    root = tmp_path_factory.mktemp("srv")
    for edition in EDITIONS:
        for name in (*FILES, "../../.lock", "../../.work/stage/index.html"):
            file = root / edition / "releases" / "1" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            words = SECRET if edition == FOR_STAFF else "for everybody"
            file.write_text(f"{words}: {name}. " * 40, encoding="utf-8")
        (root / edition / "current").symlink_to("releases/1")
    (root / FOR_ALL / "current" / "way-out").symlink_to(root / FOR_STAFF / "releases" / "1")
    return root


@pytest.fixture(scope="module")
def asked() -> Iterator[Identity]:
    with identity() as running:
        yield running


@pytest.fixture(scope="module")
def server(folder: Path, asked: Identity, published_site: Path) -> Iterator[Server]:
    """Both editions; `staff/whole` leads to the release of the sample."""
    lines = both_lines(folder / FOR_ALL / "current", folder / FOR_STAFF / "current", asked.address)
    with nginx(folder / "nginx", "nginx-staff.conf", lines) as running:
        yield running


@pytest.fixture(autouse=True)
def _identity_is_itself(asked: Identity) -> Iterator[None]:
    yield
    asked.answer = None


def ask(server: Server, path: str, host: str = STAFF, method: str = "GET", **more: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in more.items()}
    with server.connect() as connection:
        connection.request(method, path, headers={"Host": host, **named})
        return read(connection.getresponse())


def read(answer: HTTPResponse) -> Answer:
    return Answer(answer.status, answer.headers, answer.read())


# ------------------------------------------------------------------------------------- the files


def test_ready_files_are_what_the_code_says() -> None:
    """`make reference` writes them again."""
    assert {path.name for path in HOSTING.iterdir()} == set(ready_files())
    for name, text in ready_files().items():
        assert (HOSTING / name).read_text(encoding="utf-8") == text, f"make reference ({name})"


@pytest.mark.parametrize("edition", EDITIONS)
def test_headers_file(edition: str) -> None:
    """One rule for all paths, as Netlify and Cloudflare Pages read it."""
    rules: dict[str, dict[str, str]] = {}
    for line in headers_file(edition).splitlines():  # type: ignore[arg-type]
        if line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            rules[list(rules)[-1]][name] = value
        else:
            rules[line] = {}
    caching = "private, no-cache" if edition == FOR_STAFF else "no-cache"
    policy = HEADERS["Content-Security-Policy"].replace("object-src 'none'; ", "")
    assert rules == {"/*": {**HEADERS, "Content-Security-Policy": policy, "Cache-Control": caching}}


def test_a_release_holds_its_headers(published_site: Path) -> None:
    text = (published_site / "_headers").read_text(encoding="utf-8")
    assert text in {headers_file(edition) for edition in EDITIONS}


def test_every_file_of_a_release_has_a_type(published_site: Path) -> None:
    endings = {path.suffix for path in published_site.rglob("*") if path.is_file()}
    assert endings - TYPES.keys() == {""}  # `_headers`


def test_caddy_says_the_same() -> None:
    """Read as text: Caddy itself is not among the programs of the tests."""
    text = (HOSTING / "Caddyfile").read_text(encoding="utf-8")
    for name, value in HEADERS.items():
        assert f'\t\theader {name} "{value}"\n' in text
    assert text.count("{") == text.count("}")


# ------------------------------------------------------------------------------- the public edition


def test_every_answer_holds_the_policy(server: Server) -> None:
    """Found, sent on, not found, not allowed, and refused."""
    asked_for = {
        ("/", "GET"): 200,
        ("/schools/pier", "GET"): 301,
        ("/nowhere.html", "GET"): 404,
        ("/.hidden", "GET"): 403,
        ("/way-out/index.html", "GET"): 404,
        ("/index.html", "POST"): 405,
    }
    for (path, method), status in asked_for.items():
        answer = ask(server, path, PUBLIC, method)
        assert (path, answer.status) == (path, status)
        assert SECRET.encode() not in answer.body
        for name, value in HEADERS.items():
            assert answer.headers.get_all(name) == [value], (path, name)
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", FILES[:-1])
def test_types_and_packing(server: Server, folder: Path, name: str) -> None:
    answer = ask(server, f"/{quote(name)}", PUBLIC, Accept_Encoding="gzip")
    kind = content_type(name)
    text = is_text(kind)
    assert answer.headers["Content-Type"] == kind + ("; charset=utf-8" if text else "")
    assert answer.headers["Content-Encoding"] == ("gzip" if text else None)
    body = gzip.decompress(answer.body) if text else answer.body
    assert body == (folder / FOR_ALL / "current" / name).read_bytes()


@pytest.mark.parametrize(
    ("path", "long"),
    [
        ("/_static/manual.css?v=1a2b", True),
        ("/_static/manual.css?digest=1a2b", True),
        ("/_static/manual.css", False),
        ("/_static/manual.css?v=", False),
        ("/_static/gone.css?v=1a2b", False),
        ("/index.html?v=1a2b", False),
        ("/?v=1a2b", False),
        ("/schools?v=1a2b", False),
    ],
)
@pytest.mark.parametrize(("host", "edition"), [(PUBLIC, FOR_ALL), (STAFF, FOR_STAFF)])
def test_caching(
    server: Server, asked: Identity, host: str, edition: str, path: str, long: bool
) -> None:
    """Shared caches keep nothing of the staff edition, whatever the status."""
    expected = keeps_long(edition) if long else asks_again(edition)  # type: ignore[arg-type]
    answer = ask(server, path, host, Cookie=asked.session())
    assert answer.headers.get_all("Cache-Control") == [expected]
    if edition == FOR_STAFF:
        refused = ask(server, path, host)
        assert refused.headers.get_all("Cache-Control") == ["private, no-cache"]


def test_a_pdf_can_be_shown(server: Server) -> None:
    """Chrome's viewer is stopped by the policy of pages."""
    answer = ask(server, "/handover/head/pack.pdf", PUBLIC)
    assert answer.headers.get_all("Content-Security-Policy") == ["frame-ancestors 'none'"]
    gone = ask(server, "/handover/head/gone.pdf", PUBLIC)
    assert gone.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_a_part_of_a_clip(server: Server) -> None:
    answer = ask(server, "/_media/clip.mp4", PUBLIC, Range="bytes=0-9")
    assert (answer.status, answer.body) == (206, b"for everyb")


def test_the_public_edition_alone(folder: Path) -> None:
    lines = public_lines(folder / FOR_ALL / "current")
    with nginx(folder / "alone", "nginx.conf", lines) as running:
        answer = ask(running, "/", PUBLIC)
        assert answer.status == 200
        assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


# -------------------------------------------------------------------------------- the staff edition


def refused(answer: Answer) -> None:
    assert answer.status not in {200, 203, 206, 304}
    assert SECRET.encode() not in answer.body


def test_every_file_of_a_release_asks_for_a_session(
    server: Server, asked: Identity, folder: Path, published_site: Path
) -> None:
    """Without one nobody gets a byte of any file; with one everybody gets all of them."""
    live = folder / FOR_STAFF / "current"
    aside = live.with_name("aside")
    live.rename(aside)
    live.symlink_to(published_site)
    try:
        files = [path for path in published_site.rglob("*") if path.is_file()]
        assert len(files) > 500
        cookie = asked.session()
        with server.connect() as connection:
            for path in files:
                address = "/" + quote(path.relative_to(published_site).as_posix())
                connection.request("GET", address, headers={"Host": STAFF})
                answer = read(connection.getresponse())
                assert answer.status == 302, address
                assert answer.headers["Location"] == f"/oauth2/sign_in?rd={address}"
                assert len(answer.body) < 200
                connection.request("GET", address, headers={"Host": STAFF, "Cookie": cookie})
                assert read(connection.getresponse())[::2] == (200, path.read_bytes()), address
    finally:
        live.unlink()
        aside.rename(live)


TRICKS = (
    "/",
    "//index.html",
    "/./index.html",
    "/schools/../index.html",
    "/schools/..%2findex.html",
    "/schools%2fpier%2findex.html",
    "/%69ndex.html",
    "/index.html%00",
    "/index.html/",
    "/index.html.",
    "/index.html?",
    "/index.html;x=1",
    "/INDEX.HTML",
    "/oauth2/../index.html",
    "/oauth2/..%2findex.html",
    "/oauth2/auth/../../index.html",
    "/oauth2/%2e%2e/index.html",
    "/oauth2//../index.html",
    "/oauth2/index.html",
    "/oauth2/auth",
    "/oauth2\\..\\index.html",
    "/404.html",
    "/.hidden",
    "/_headers",
    "/../.lock",
    "/%2e%2e/.lock",
    "/../.work/stage/index.html",
    "/../releases/1/index.html",
    "/releases/1/index.html",
    "/pagefind/pagefind.js",
    "/pagefind/fragment/en_1.pf_fragment",
    "/_static/manual.css?v=1",
    "/_images/work-480-0a1b2c3d4e5f.avif",
    "/_media/clip.mp4",
    "/data/school-plan.json",
    "/feeds/everything.atom",
    "/calendar/sessions.ics",
    "/release.json",
    f"http://{STAFF}/index.html",
    f"http://{PUBLIC}@{STAFF}/index.html",
)


@pytest.mark.parametrize("path", TRICKS)
def test_no_way_round(server: Server, path: str) -> None:
    """However a path is written, by whatever method, whole or in part, under whatever name."""
    for method in ("GET", "HEAD", "POST", "OPTIONS", "PROPFIND"):
        for host in (STAFF, f"{STAFF}.", STAFF.upper(), f"{STAFF}:80", PUBLIC, "localhost", ""):
            lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close"]
            if method == "GET":
                lines += ["Range: bytes=0-40", "If-None-Match: *", "Accept-Encoding: gzip"]
            answer = server.raw("\r\n".join([*lines, "", ""]))
            assert SECRET.encode() not in answer
            head, _, body = answer.partition(b"\r\n\r\n")
            if b"Content-Encoding: gzip" in head:
                assert SECRET.encode() not in body
            of_staff = STAFF in path or host.lower().startswith(STAFF)
            if of_staff and not path.startswith("/oauth2"):
                assert answer[:12] not in {b"HTTP/1.1 200", b"HTTP/1.1 206", b"HTTP/1.1 304"}


def test_other_names_get_no_answer(server: Server) -> None:
    for host in ("localhost", "127.0.0.1", "manual.example"):
        assert server.raw(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n") == b""


def cookies(asked: Identity) -> dict[str, str]:
    """Cookies that are nobody's session."""
    name, ends, signed = asked.session().split("|")
    later = str(int(ends) + 3600)
    return {
        "none": "",
        "another": "session=1",
        "empty": "_oauth2_proxy=",
        "forged": f"{name}|{ends}|{'0' * 64}",
        "longer": f"{name}|{later}|{signed}",
        "expired": asked.session(time.time() - 1),
        "unsigned": f"{name}|{ends}|",
        "of-another-secret": Identity().session(),
        "in-another-name": asked.session().replace("_oauth2_proxy", "_OAuth2_proxy"),
    }


def test_only_a_session_opens(server: Server, asked: Identity) -> None:
    for what, cookie in cookies(asked).items():
        answer = ask(server, "/index.html", Cookie=cookie)
        assert (what, answer.status) == (what, 302)
        refused(answer)
    for more in ({"X_Forwarded_User": "head"}, {"X_Original_URI": "/oauth2/sign_in"}):
        refused(ask(server, "/index.html", **more))
    assert ask(server, "/index.html", Cookie=asked.session()).status == 200


@pytest.mark.parametrize("status", [0, 200, 302, 403, 404, 500, 503])
def test_when_the_identity_program_answers_something_else(
    server: Server, asked: Identity, status: int
) -> None:
    """Only a status of success, or nothing is served; 403 is of who may not."""
    asked.answer = status
    answer = ask(server, "/index.html", Cookie=asked.session())
    assert answer.status == {200: 200, 403: 403}.get(status, 500)
    if status != 200:
        refused(answer)


def test_when_the_identity_program_is_not_there(folder: Path, asked: Identity) -> None:
    with identity() as gone:
        address, cookie = gone.address, gone.session()
    lines = both_lines(folder / FOR_ALL / "current", folder / FOR_STAFF / "current", address)
    with nginx(folder / "down", "nginx-staff.conf", lines) as running:
        answer = ask(running, "/index.html", Cookie=cookie)
        assert answer.status == 500
        refused(answer)
        assert ask(running, "/index.html", PUBLIC).status == 200


def test_signing_in_is_the_identity_programs(server: Server, asked: Identity) -> None:
    """Its pages are not held to the manual's policy, and it cannot be asked from outside."""
    answer = ask(server, "/oauth2/sign_in?rd=/")
    assert (answer.status, answer.body) == (200, b"Sign in")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" not in answer.headers
    assert ask(server, "/oauth2/auth", Cookie=asked.session()).status == 404
