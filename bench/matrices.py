"""How long a reader waits for a computed page of a built district: until it shows, after a filter.

`python -m bench.matrices SITE` opens every matrix of a built site in Chromium, and the other pages
that leaders read, five times each. It prints the median milliseconds until the page has been
painted whole, those from a choice in a filter until the narrowed page has been painted, and the
size of the page in KB, as it is and compressed.
"""

from __future__ import annotations

import argparse
import gzip
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.tools import CHROMIUM_FLAGS, require_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Pages that show computed views, beside the matrices.
PAGES = (
    *("progress/coverage", "progress/actions", "progress/sessions", "progress/gaps"),
    *("progress/balance", "progress/key-results", "progress/key-results-by-school"),
    *("progress/health", "progress/fragility", "progress/handover"),
    *("learning/index", "learning/hours", "learning/what-if", "learning/assessments"),
)
#: Milliseconds until the page has been painted with everything in it.
SHOWN = """() => new Promise(done => requestAnimationFrame(() => setTimeout(() => {
  document.querySelector("main").getBoundingClientRect();
  done(performance.now());
}, 0)))"""
#: Sets a choice and waits until the next two frames are painted.
CHOOSE = """([name, place]) => new Promise(done => {
  const field = document.querySelector(`.filters select[name="${name}"]`);
  field.selectedIndex = place;
  const start = performance.now();
  field.dispatchEvent(new Event("change", { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => {
    document.querySelector("main").getBoundingClientRect();
    done(performance.now() - start);
  }, 0));
})"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def measure(page: Page, address: str, rounds: int) -> tuple[float, float, str]:
    """Median milliseconds until a page shows, those of its slowest filter, and which that is."""
    shown = []
    for _ in range(rounds):
        page.goto(address, wait_until="load")
        shown.append(page.evaluate(SHOWN))
    slowest = (0.0, "")
    for name in page.locator(".filters select").evaluate_all("all => all.map(one => one.name)"):
        taken = []
        for place in (1, 2, 0):
            taken.append(page.evaluate(CHOOSE, [name, place]))
        slowest = max(slowest, (max(taken), name))
    return median(shown), *slowest


def main() -> None:
    """Print one line a matrix."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path, help="folder of a built site")
    parser.add_argument("--rounds", type=int, default=5)
    said = parser.parse_args()
    from playwright.sync_api import sync_playwright

    handler = partial(_Quiet, directory=str(said.site))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    matrices = sorted((said.site / "progress" / "matrices").glob("*.html"))
    names = [*PAGES, *(f"progress/matrices/{path.stem}" for path in matrices)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=require_chromium(), args=list(CHROMIUM_FLAGS)
        )
        page = browser.new_page()
        print(f"{'page':44} {'shows':>8} {'filter':>8} {'KB':>6} {'gzip':>5}")
        for name in names:
            address = f"http://127.0.0.1:{server.server_port}/{name}.html"
            shows, narrows, facet = measure(page, address, said.rounds)
            whole = (said.site / f"{name}.html").read_bytes()
            sizes = f"{len(whole) / 1000:6.0f} {len(gzip.compress(whole, 9)) / 1000:5.0f}"
            print(f"{name:44} {shows:5.0f} ms {narrows:5.0f} ms {sizes}  {facet}")
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
