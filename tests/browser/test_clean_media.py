"""What was made clean looks and plays as before, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageChops

from living_manual.edges.clean_media import clean
from living_manual.edges.server import make_server
from tests.data.planted import SAMPLES
from tests.sites import KIT
from tests.tools import require_program

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import NewContext

pytestmark = pytest.mark.browser

THEME = KIT / "extensions" / "living_manual" / "sphinx_ext" / "theme" / "static"
EDITOR = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" viewBox="0 0 200 100">
<style type="text/css"><![CDATA[ .a { fill: teal } /* b */ #t { font: bold 14px sans-serif }
@media (min-width: 1px) { .b { stroke: #800; stroke-width: 3px } } ]]></style>
<sodipodi:namedview id="view"/>
<defs><linearGradient id="g"><stop offset="0" style="stop-color:#036"/><stop offset="1"
 stop-color="#6cf"/></linearGradient><radialGradient id="r" xlink:href="#g"/>
<marker id="m" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path d="M0 0L8 4L0 8z"/></marker><pattern id="p" width="8" height="8"
 patternUnits="userSpaceOnUse"><circle cx="4" cy="4" r="2" fill="orange"/></pattern>
<clipPath id="c"><circle cx="150" cy="50" r="30"/></clipPath><filter id="f"><feGaussianBlur
 stdDeviation="2"/></filter><symbol id="s" viewBox="0 0 10 10"><rect width="10" height="10"
 class="a"/></symbol></defs>
<rect width="60" height="40" fill="url(#g)"/><circle cx="90" cy="30" r="20" fill="url(#r)"/>
<rect x="110" y="10" width="80" height="80" fill="url(#p)" clip-path="url(#c)"/>
<path class="b" d="M10 60 L60 90" marker-end="url(#m)"/><use xlink:href="#s" x="70" y="60"
 width="20" height="20" transform="rotate(10 80 70)"/><rect x="20" y="50" width="20" height="20"
 style="filter:url(#f);fill:rgb(200,30,30);opacity:.5"/><switch><text id="t" x="100"
 y="95">49 + <tspan fill="red">36</tspan></text><rect width="200" height="100"/></switch>
<a xlink:href="https://elsewhere.example/"><ellipse cx="180" cy="15" rx="15" ry="9"/></a></svg>"""
DRAWINGS = {
    "architecture": (KIT / "docs" / "architecture.svg").read_bytes(),
    "favicon": (THEME / "favicon.svg").read_bytes(),
    "of a drawing program": EDITOR.encode(),
}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS)
def test_a_drawing_looks_the_same(
    drawing: bytes, dark: bool, new_context: NewContext, tmp_path: Path
) -> None:
    shown = []
    page = new_context(width=1000, dark=dark).new_page()
    for name in ("before", "after"):
        path = tmp_path / f"{name}.svg"
        path.write_bytes(clean(tmp_path / "before.svg") if name == "after" else drawing)
        page.goto(path.as_uri())
        shown.append(Image.open(BytesIO(page.screenshot())).convert("RGB"))
    assert len(set(shown[0].resize((50, 50)).get_flattened_data())) > 2
    assert ImageChops.difference(*shown).getbbox() is None


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a folder with the cleaned clips."""
    require_program("ffmpeg")
    require_program("exiftool")
    folder = tmp_path_factory.mktemp("films")
    (folder / "site").mkdir()
    for name in ("film.mp4", "film.webm"):
        SAMPLES[name](folder / name)
        (folder / "site" / name).write_bytes(clean(folder / name))
    (folder / "site" / "index.html").write_text("<!doctype html><title>t</title>")
    server = make_server(folder / "site")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def video(page: Page, name: str) -> dict[str, Any]:
    """Open a clip, go to a place near its end, and play it from there to the end."""
    found: dict[str, Any] = page.evaluate(
        """name => new Promise((done, fail) => {
          const film = document.createElement("video");
          film.muted = true;
          film.onerror = () => fail(new Error(film.error.message));
          film.onloadedmetadata = () => { film.currentTime = 2.5; };
          film.onseeked = () => { film.play(); };
          film.onended = () => done({
            duration: film.duration, at: film.currentTime, width: film.videoWidth });
          film.src = name;
        })""",
        name,
    )
    return found


@pytest.mark.parametrize("name", ["film.mp4", "film.webm"])
def test_a_clip_plays_from_any_place_to_its_end(
    name: str, films: str, new_context: NewContext
) -> None:
    page = new_context().new_page()
    page.goto(films)
    kind = 'video/mp4; codecs="avc1.64000a, mp4a.40.2"'
    if name == "film.mp4" and not page.evaluate(
        "kind => document.createElement('video').canPlayType(kind)", kind
    ):
        pytest.skip("this Chromium does not play H.264")
    seen = video(page, name)
    assert seen["width"] == 128
    assert abs(seen["duration"] - 3) < 0.1
    assert seen["at"] == pytest.approx(seen["duration"], abs=0.05)
