"""Under the shipped policy everything works, and nothing that a name or title holds is obeyed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import pytest

from living_manual.edges.server import make_server
from tests.hostile_names import MARK, PART, built_unchecked
from tests.hosting.nginx import nginx, public_lines

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import NewContext, Site

pytestmark = pytest.mark.browser

#: Has the page say on its console what the policy stopped, also where the browser says nothing.
TELL = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`))"""


def watched(page: Page, host: str) -> list[str]:
    """What will be wrong: violations, errors, and requests that fail or lead elsewhere."""
    wrong: list[str] = []
    page.add_init_script(TELL)
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    # A request given up because the next page was opened is no fault of the page's.
    page.on(
        "requestfailed",
        lambda r: wrong.append(f"failed: {r.url}") if r.failure != "net::ERR_ABORTED" else None,
    )
    page.on("response", lambda r: wrong.append(f"{r.status}: {r.url}") if r.status > 399 else None)
    page.on(
        "request",
        # What a page saves for the reader is an address of its own.
        lambda r: (
            wrong.append(r.url) if urlsplit(r.url.removeprefix("blob:")).netloc != host else None
        ),
    )
    return wrong


@pytest.fixture(scope="module")
def behind_nginx(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample as the ready file for nginx serves it; its address."""
    folder = tmp_path_factory.mktemp("nginx")
    with nginx(folder, "nginx.conf", public_lines(site.root, "127.0.0.1")) as server:
        yield server.url


def test_every_page_and_what_it_does(
    behind_nginx: str, pages: list[str], new_context: NewContext
) -> None:
    """Every page of the sample by a real nginx; then what readers do, and printing."""
    page = new_context().new_page()
    wrong = watched(page, urlsplit(behind_nginx).netloc)
    for name in pages:
        answer = page.goto(urljoin(behind_nginx, name))
        assert answer
        assert "default-src 'self'" in (answer.header_value("content-security-policy") or "")
    assert wrong == []
    for step in (searches, narrows, runs_a_protocol, plays, assesses, asks_what_if, changes_mode):
        step(page, behind_nginx)
        assert (step.__name__, wrong) == (step.__name__, [])
    assert len(page.pdf()) > 10_000
    assert wrong == []


def searches(page: Page, url: str) -> None:
    page.goto(urljoin(url, "search.html?q=fluency"))
    page.locator(".results .result mark").first.wait_for()


def narrows(page: Page, url: str) -> None:
    page.goto(urljoin(url, "progress/coverage.html"))
    rows = page.locator("[data-row]:visible")
    before = rows.count()
    page.get_by_label("School level").select_option("middle")
    assert 0 < rows.count() < before
    page.get_by_role("button", name="Clear").click()
    assert rows.count() == before


def runs_a_protocol(page: Page, url: str) -> None:
    page.goto(urljoin(url, "protocols/plc/looking-at-student-work.html"))
    link = page.locator(".step .headerlink").nth(2).get_attribute("href") or ""
    page.goto(urljoin(page.url, link))
    step = page.locator(f"[id='{link.removeprefix('#')}']")
    assert step.evaluate("e => e.getBoundingClientRect().top") < 200
    page.get_by_role("button", name="Run it").click()
    page.wait_for_selector("dialog.run[open]")
    page.keyboard.press("Escape")


def plays(page: Page, url: str) -> None:
    page.goto(urljoin(url, "exemplars/number-talk-49-36/index.html"))
    video = page.locator("video").first
    video.evaluate("video => { video.muted = true; return video.play(); }")
    page.wait_for_function("document.querySelector('video').currentTime > 0.3")
    page.wait_for_function("document.querySelector('video').textTracks[0].cues?.length > 0")


def assesses(page: Page, url: str) -> None:
    page.goto(urljoin(url, "progress/self-assessment/index.html"))
    page.get_by_role("button", name="Begin").click()
    for _ in range(6):
        for group in page.locator("fieldset:visible").all():
            group.locator("input[type=radio]").nth(1).check()
        page.get_by_role("button", name="Next part").or_(
            page.get_by_role("button", name="See the report")
        ).locator("visible=true").first.click()
    page.locator(".assess-report svg .chart-ink").first.wait_for()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save to a file").click()
    assert saved.value.suggested_filename.endswith(".json")


def asks_what_if(page: Page, url: str) -> None:
    page.goto(urljoin(url, "learning/what-if.html"))
    told = page.locator(".what-if").inner_text()
    page.locator("[data-use=lessons]").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".what-if").inner_text() != told


def changes_mode(page: Page, _url: str) -> None:
    button = page.locator("[data-mode-switch]")
    while page.evaluate("document.documentElement.dataset.theme") != "dark":
        button.click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


# ------------------------------------------------------------------------------- hostile titles


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A district with HTML in its names and titles, as `manual serve` shows it; its address."""
    root = tmp_path_factory.mktemp("hostile")
    built_unchecked(root / "source", root / "html")
    with make_server(root / "html") as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server.url
        server.shutdown()


def test_scripts_put_titles_in_as_text(hostile_site: str, new_context: NewContext) -> None:
    """Search results, crumbs and the meanings beside words."""
    page = new_context().new_page()
    wrong = watched(page, urlsplit(hostile_site).netloc)
    for name in ("index.html", "protocols/index.html", "schools/pier/index.html"):
        page.goto(urljoin(hostile_site, name))
        for link in page.locator("a.word-link").all():
            link.hover()
        assert page.locator(f"[{MARK}]").count() == 0
    for words in ("boat talk", "pier"):
        page.goto(urljoin(hostile_site, f"search.html?q={words}"))
        page.locator(".results .result").first.wait_for()
        assert PART.split(">", 1)[0] in page.locator(".results").inner_text()
        assert page.locator(f"[{MARK}]").count() == 0
    assert page.evaluate("typeof hostile") == "undefined"
    assert wrong == []


BREAK_IN = """() => {
  globalThis.stopped = new Set();
  addEventListener("securitypolicyviolation", (event) => stopped.add(event.effectiveDirective));
  const script = document.createElement("script");
  script.append("globalThis.hostile = 1");
  document.head.append(script);
  document.body.setAttribute("style", "color: red");
  document.body.append(Object.assign(new Image(), { src: "http://elsewhere.example/a" }));
  try { document.body.innerHTML = "<b>"; } catch (error) { return error.name; }
  return "it went through";
}"""


def test_the_policy_is_in_force(hostile_site: str, new_context: NewContext) -> None:
    """What the policy is for is stopped: else the tests above could not fail."""
    page = new_context().new_page()
    page.goto(hostile_site)
    assert page.evaluate(BREAK_IN) == "TypeError"
    page.wait_for_function("stopped.size >= 3")
    stopped = page.evaluate("[...stopped].sort()")
    assert stopped == ["img-src", "require-trusted-types-for", "style-src-attr"]
    assert page.evaluate("typeof hostile") == "undefined"
