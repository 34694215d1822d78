"""Measure with Lighthouse how light the published pages are on a telephone.

    python -m tests.lighthouse.run --site FOLDER --page index.html --page ... [--runs 3]

Serves the folder as a common static host does (compressed, cacheable) and asks for what the
project promises: every score at least 95, and no page above 300 KB over the wire. Lighthouse
stands apart from the other tests since its installation is large and one page takes about ten
seconds; `python -m tests.tools --lighthouse` installs it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any, ClassVar

from tests.tools import (
    CHROMIUM_FLAGS,
    LIGHTHOUSE_TOOLS,
    ToolError,
    chromium,
    node_tools,
    run_node,
)

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LOWEST_SCORE = 95
MOST_KILOBYTES = 300
TEXT = ("text/", "application/json", "application/javascript", "image/svg+xml", "application/xml")


@dataclass(frozen=True)
class Result:
    """What Lighthouse says about a page: four scores of 100, its weight, and what cost points."""

    page: str
    scores: tuple[int, ...]
    kilobytes: float
    reasons: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the page keeps all promises."""
        return min(self.scores) >= LOWEST_SCORE and self.kilobytes <= MOST_KILOBYTES


class _Handler(SimpleHTTPRequestHandler):
    """Serves files compressed and cacheable, so that the figures are those of a real host."""

    protocol_version = "HTTP/1.1"
    compressed: ClassVar[dict[tuple[str, int], bytes]] = {}

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "public, max-age=600")
        super().end_headers()

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.split("?")[0].endswith("/"):
            path /= "index.html"
        kind = self.guess_type(str(path))
        accepts = "gzip" in self.headers.get("Accept-Encoding", "")
        if not (path.is_file() and accepts and kind.startswith(TEXT)):
            super().do_GET()
            return
        key = (str(path), path.stat().st_mtime_ns)
        if key not in self.compressed:
            self.compressed[key] = gzip.compress(path.read_bytes(), mtime=0)
        body = self.compressed[key]
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Vary", "Accept-Encoding")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def measure(url: str, page: str, browser: Path, modules: Path, runs: int) -> Result:
    """Run Lighthouse on a page some times; the median of each figure counts."""
    reports = [_report(url + page, browser, modules) for _ in range(runs)]
    scores = tuple(
        # Whole points, as Lighthouse shows them. A category without a score counts as none.
        round(100 * median(report["categories"][name]["score"] or 0 for report in reports))
        for name in CATEGORIES
    )
    weight = median(
        report["audits"]["total-byte-weight"].get("numericValue", 0) for report in reports
    )
    low = [name for name, score in zip(CATEGORIES, scores, strict=True) if score < LOWEST_SCORE]
    return Result(page, scores, weight / 1024, tuple(_reasons(reports[-1], low)))


def main(arguments: list[str] | None = None) -> int:
    """Measure pages of a published site with Lighthouse, as a telephone sees them."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.lighthouse.run", description=main.__doc__
    )
    parser.add_argument("--site", type=Path, required=True, help="the folder of the site")
    parser.add_argument(
        "--page", action="append", required=True, help="a page in the folder; can be repeated"
    )
    parser.add_argument("--runs", type=int, default=1, help="runs for each page (median counts)")
    options = parser.parse_args(arguments)
    missing = [page for page in options.page if not (options.site / page).is_file()]
    if missing:
        parser.error(f"not in {options.site}: {', '.join(missing)}")
    if options.runs < 1:
        parser.error("--runs: at least 1")
    try:
        browser, modules = _tools()
        results = _measure_all(options.site.resolve(), options.page, options.runs, browser, modules)
    except ToolError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    failed = [result for result in results if not result.passed]
    for result in failed:
        print(f"\n{result.page}: below {LOWEST_SCORE} or above {MOST_KILOBYTES} KB")
        for reason in result.reasons:
            print(f"  - {reason}")
    print(f"\n{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def _tools() -> tuple[Path, Path]:
    """Return the browser and Lighthouse's node_modules."""
    browser, modules = chromium(), node_tools(LIGHTHOUSE_TOOLS)
    if not browser or not modules:
        what = "Lighthouse" if browser else "Chromium"
        raise ToolError(f"{what} is not installed; run: python -m tests.tools --lighthouse")
    return browser, modules


def _measure_all(
    site: Path, pages: list[str], runs: int, browser: Path, modules: Path
) -> list[Result]:
    """Measure all pages; print each row of the table as soon as it is known."""
    width = max(len(page) for page in [*pages, "page"])
    heads = ("performance", "accessibility", "practices", "seo", "KB")
    print(f"{'page':<{width}}" + "".join(f"{head:>15}" for head in heads), flush=True)
    results = []
    with serving(site) as url:
        for page in pages:
            result = measure(url, page, browser, modules, runs)
            results.append(result)
            cells = [_cell(score, score < LOWEST_SCORE) for score in result.scores]
            cells.append(_cell(result.kilobytes, result.kilobytes > MOST_KILOBYTES))
            print(f"{page:<{width}}" + "".join(cells), flush=True)
    return results


def _cell(figure: float, bad: bool) -> str:
    """Format a figure of the table; a bad one is marked."""
    return f"{'!' if bad else ''}{figure:.0f}".rjust(15)


def _report(url: str, browser: Path, modules: Path) -> dict[str, Any]:
    """Run Lighthouse once and return its report."""
    try:
        done = run_node(
            [
                str(modules / "lighthouse" / "cli" / "index.js"),
                url,
                "--output=json",
                "--output-path=stdout",
                "--quiet",
                "--no-enable-error-reporting",
                f"--only-categories={','.join(CATEGORIES)}",
                f"--chrome-flags={' '.join(('--headless=new', *CHROMIUM_FLAGS))}",
            ],
            env=os.environ | {"CHROME_PATH": str(browser)},
            timeout=180,
        )
    except subprocess.TimeoutExpired as late:
        raise ToolError(f"Lighthouse did not finish {url} within 3 minutes.") from late
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except json.JSONDecodeError as broken:
        raise ToolError(f"Lighthouse failed at {url}:\n{done.stderr.strip()}") from broken
    if "runtimeError" in report:
        raise ToolError(f"Lighthouse failed at {url}: {report['runtimeError']['message']}")
    return report


def _reasons(report: dict[str, Any], categories: list[str]) -> Iterator[str]:
    """Name the audits that cost points, and the heaviest files of a page that is too heavy."""
    for category in categories:
        for reference in report["categories"][category]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                value = f": {audit['displayValue']}" if audit.get("displayValue") else ""
                yield f"{category}: {audit['title']} ({audit['id']}){value}"
    weight = report["audits"]["total-byte-weight"]
    if weight.get("numericValue", 0) / 1024 > MOST_KILOBYTES:
        for item in weight["details"]["items"][:5]:
            yield f"{item['totalBytes'] / 1024:.0f} KB: {item['url']}"


if __name__ == "__main__":
    sys.exit(main())
