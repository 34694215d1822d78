"""What the browser tests share: one browser, the published site on a port, and its pages."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urljoin

import pytest

from living_manual.core.headers import HEADERS
from tests.tools import CHROMIUM_FLAGS, require, require_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

HEIGHT = {390: 844}
"""The height that goes with a width: a telephone's for 390; 800 for all others."""

SET_MODE = """mode => {
  try {
    if (localStorage.getItem("mode")) return;
    localStorage.setItem("mode", mode);
    localStorage.setItem("theme", mode);
  } catch {}
}"""
"""Chooses light or dark as the theme's own button does, before the page's scripts run.

Only where nothing is chosen yet, so that what a test chooses on the page outlives a reload.
"""


@dataclass(frozen=True)
class Site:
    """The published site: its folder, and the address it is served at."""

    root: Path
    url: str


@dataclass
class Visit:
    """An open page, with what it complained about and every address it asked for."""

    page: Page
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


class _Handler(SimpleHTTPRequestHandler):
    """Serves files without a log, and lets the browser keep them as a real host would."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def end_headers(self) -> None:
        # Without this every page fetches style sheets and scripts anew: twice the time.
        self.send_header("Cache-Control", "max-age=3600")
        for name, value in HEADERS.items():  # as every host of a manual is to send them
            self.send_header(name, value)
        super().end_headers()


def _wait_for_function(
    page: Page, expression: str, *, arg: Any = None, timeout: float = 30_000
) -> None:
    """What `Page.wait_for_function` does, asking from here.

    Playwright's own asks by `eval` within the page, which the site's policy does not let it.
    `timeout` is in milliseconds; raises `TimeoutError`.
    """
    from playwright.sync_api import Error

    deadline = time.monotonic() + timeout / 1000
    while time.monotonic() < deadline:
        with suppress(Error):  # the page was being left
            if page.evaluate(expression, arg):
                return
        page.wait_for_timeout(50)
    raise TimeoutError(f"not so after {timeout} ms: {expression}")


def _going_all_the_way(click: Callable[..., None]) -> Callable[..., None]:
    """A click that waits until the page it leads to has loaded, scripts and all.

    Playwright's own goes on as soon as the other page is on its way, and what a test reads next may
    be there before the page's scripts have run.
    """

    from playwright.sync_api import Error

    def clicked(self: Locator, *words: Any, **named: Any) -> None:
        click(self, *words, **named)
        with suppress(Error):  # the click closed the page
            self.page.wait_for_load_state()

    return clicked


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    try:
        from playwright.sync_api import Locator, Page, sync_playwright
    except ImportError:
        require("Playwright", ImportError("not installed; install the test requirements"))
    Page.wait_for_function = _wait_for_function  # type: ignore[assignment,method-assign]
    Locator.click = _going_all_the_way(Locator.click)  # type: ignore[method-assign]
    path = require_chromium()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path, headless=True, args=list(CHROMIUM_FLAGS)
        )
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """The site of MANUAL_TEST_SITE, else the one that `published_site` built; on a free port."""
    named = os.environ.get("MANUAL_TEST_SITE")
    root = Path(named).resolve() if named else Path(request.getfixturevalue("published_site"))
    if not (root / "index.html").is_file():
        pytest.fail(f"{root} is no published site: it has no index.html", pytrace=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site(root, f"http://127.0.0.1:{server.server_port}/")
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def pages(site: Site) -> list[str]:
    """Every page of the site, as an address relative to the site's own.

    Folders that start with an underscore hold files of the theme, among them pieces of HTML that
    are no pages.
    """
    found = (path.relative_to(site.root) for path in site.root.rglob("*.html"))
    return sorted(
        path.as_posix()
        for path in found
        if not any(part.startswith("_") for part in path.parent.parts)
    )


NewContext = Callable[..., "BrowserContext"]


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """Makes browser contexts (an empty cache and storage each) and closes them after the test.

    dark=None is a reader who has chosen nothing and whose system is light.
    """
    opened: list[BrowserContext] = []

    def make(
        *, width: int = 1280, dark: bool | None = False, javascript: bool = True
    ) -> BrowserContext:
        mode: Literal["dark", "light"] = "dark" if dark else "light"
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHT.get(width, 800)},
            color_scheme=mode,
            java_script_enabled=javascript,
            reduced_motion="reduce",  # else a colour can be measured halfway through a change
        )
        opened.append(context)
        if dark is not None:
            context.add_init_script(f"({SET_MODE})('{mode}')")
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def open_page(site: Site, new_context: NewContext) -> Callable[..., Visit]:
    """Opens an address of the site in a fresh context and waits until the page has loaded."""

    def open_one(
        url: str, *, width: int = 1280, dark: bool | None = False, javascript: bool = True
    ) -> Visit:
        page = new_context(width=width, dark=dark, javascript=javascript).new_page()
        visit = Visit(page)

        def on_console(message: ConsoleMessage) -> None:
            if message.type == "error":
                visit.console.append(f"{message.text} ({message.location.get('url', '')})")

        page.on("console", on_console)
        page.on("pageerror", lambda error: visit.console.append(f"uncaught: {error}"))
        page.on("request", lambda request: visit.requests.append(request.url))
        page.goto(urljoin(site.url, url))
        return visit

    return open_one
