"""Two hundred publishes while two clients load the site through a real nginx."""

from __future__ import annotations

import hashlib
import http.client
import re
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from living_manual.edges.site_folder import SiteFolder
from living_manual.publish.releases import publish_tree, roll_back
from tests.hosting.nginx import PUBLIC, Server, nginx

START = datetime(2026, 11, 21, 21, 45, tzinfo=UTC)
PUBLISHES, PAGES = 200, 12
#: Long enough to be sent in several pieces, so that a torn one could be seen.
FILLER = "x" * 40_000


def served(folder: Path, site: SiteFolder) -> AbstractContextManager[Server]:
    """The live release of a site folder, by the ready file for nginx."""
    yours = {
        "listen 80;": "listen 127.0.0.1:{port};",
        f"server_name {PUBLIC};": f"server_name {PUBLIC} 127.0.0.1;",
        "root /srv/manual/public/current;": f"root {site.current};",
    }
    return nginx(folder, "nginx.conf", yours)


def site_of(number: int) -> dict[str, str]:
    """The files of release `number`: pages that say it, and name a file by the digest of it."""
    style = f"/* {number} */{FILLER}"
    mark = hashlib.sha256(style.encode()).hexdigest()[:12]
    pages = {
        f"page-{n}.html": f"<p>{number}</p><link href=style-{mark}.css>{FILLER}<p>{number}</p>end"
        for n in range(PAGES)
    }
    return {**pages, f"style-{mark}.css": style}


def publish(site: SiteFolder, number: int) -> str:
    """Publish release `number`; gives its id."""

    def fill(stage: Path) -> None:
        for name, text in site_of(number).items():
            (stage / name).write_text(text, encoding="utf-8")

    return publish_tree(site, fill, now=lambda: START + timedelta(minutes=number)).release_id


@dataclass(eq=False)
class Client(threading.Thread):
    """Loads page after page over one connection, and notes what a reader would have met."""

    port: int
    wrong: list[str] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.stop = threading.Event()

    def run(self) -> None:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        turn = 0
        while not self.stop.is_set():
            path = f"/page-{turn % PAGES}.html"
            turn += 1
            try:
                client.request("GET", path)
                answer = client.getresponse()
                text = answer.read().decode()
            except (OSError, http.client.HTTPException) as error:
                self.wrong.append(f"{path}: {error!r}")
                client.close()
                continue
            numbers = set(re.findall(r"<p>(\d+)</p>", text))
            if answer.status != 200 or len(numbers) != 1 or not text.endswith("</p>end"):
                self.wrong.append(f"{path}: {answer.status}, of releases {sorted(numbers)}")
                continue
            number = int(numbers.pop())
            if self.seen and number < self.seen[-1]:
                self.wrong.append(f"{path}: {number} after {self.seen[-1]}")
            self.seen.append(number)
        client.close()


@contextmanager
def clients(port: int) -> Iterator[list[Client]]:
    """Two clients that load the site until the block ends."""
    both = [Client(port), Client(port)]
    for each in both:
        each.start()
    try:
        yield both
    finally:
        for each in both:
            each.stop.set()
            each.join(timeout=120)


def await_a_page_of(both: list[Client]) -> None:
    """Wait until each client has had a page more."""
    had = [len(each.seen) + len(each.wrong) for each in both]
    deadline = time.monotonic() + 60
    while any(len(each.seen) + len(each.wrong) == n for each, n in zip(both, had, strict=True)):
        assert time.monotonic() < deadline
        time.sleep(0.001)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def fetched(port: int, name: str) -> bytes:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    client.request("GET", f"/{name}")
    answer = client.getresponse()
    body = answer.read()
    client.close()
    assert answer.status == 200, name
    return body


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    return SiteFolder(tmp_path / "site")


def test_two_hundred_publishes(site: SiteFolder, tmp_path: Path) -> None:
    publish(site, 0)
    with served(tmp_path / "nginx", site) as server, clients(server.port) as both:
        for number in range(1, PUBLISHES + 1):
            publish(site, number)
            await_a_page_of(both)
        await_a_page_of(both)
    for each in both:
        assert each.wrong == []
        # One page at least after each switch, which may have been asked for before it.
        assert len(set(each.seen)) >= PUBLISHES / 2
        assert each.seen[-1] == PUBLISHES
    check_whole(site)


def test_rollback_under_load(site: SiteFolder, tmp_path: Path) -> None:
    """The very next request is answered as before, byte for byte; bench/ says how long it takes."""
    older = publish(site, 1)
    before = files(site.root / "current")
    publish(site, 2)
    with served(tmp_path / "nginx", site) as server:
        port = server.port
        assert b"<p>2</p>" in fetched(port, "page-0.html")
        assert roll_back(site) == older
        assert fetched(port, "page-0.html") == before["page-0.html"]
        assert {name: fetched(port, name) for name in before} == before
    assert files(site.root / "current") == before


def check_whole(site: SiteFolder) -> None:
    """Every release that is kept is as it was sealed."""
    assert len(site.release_ids()) == 5
    for release_id in site.release_ids():
        assert site.verify(release_id) == []
