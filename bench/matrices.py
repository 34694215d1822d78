"""How long a reader waits for the matrices of a built district: until one shows, after a filter.

`python -m bench.matrices SITE` opens every matrix of a built site in Chromium, the register of gaps
and the page of plan and classroom, five times each, and
prints the median milliseconds until the page has been painted whole, and from a choice in a filter
until the narrowed page has been painted.
"""

from __future__ import annotations

import argparse
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.tools import CHROMIUM_FLAGS, require_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Page

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
    folder = said.site / "progress"
    names = [
        "coverage",
        "actions",
        "gaps",
        "balance",
        *sorted(f"matrices/{p.stem}" for p in folder.glob("matrices/*")),
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=require_chromium(), args=list(CHROMIUM_FLAGS)
        )
        page = browser.new_page()
        print(f"{'page':34} {'shows':>8} {'filter':>8}")
        for name in names:
            address = f"http://127.0.0.1:{server.server_port}/progress/{name}.html"
            shows, narrows, facet = measure(page, address, said.rounds)
            print(f"{name:34} {shows:5.0f} ms {narrows:5.0f} ms  {facet}")
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
