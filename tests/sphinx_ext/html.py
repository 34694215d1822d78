"""Reading built pages: their ids, their addresses, and the text of one element."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
ADDRESSES = ("href", "src", "action", "data-src", "poster")


@dataclass
class Element:
    """An element with an id: the addresses it names and the text it holds."""

    tag: str
    id: str
    attrs: dict[str, str]
    links: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


class Page(HTMLParser):
    """A built page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.elements: dict[str, Element] = {}
        self.links: list[tuple[str, str]] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._open: list[tuple[str, Element | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.tags.append((tag, named))
        element = None
        if "id" in named:
            self.ids.append(named["id"])
            element = Element(tag, named["id"], named)
            self.elements.setdefault(named["id"], element)
        if tag not in VOID:
            self._open.append((tag, element))
        for name in ADDRESSES:
            if name in named:
                self.links.append((tag, named[name]))
                for _, around in self._open:
                    if around:
                        around.links.append(named[name])

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index][0] == tag:
                del self._open[index:]
                return

    def handle_data(self, data: str) -> None:
        for _, around in self._open:
            if around:
                around.words.append(data)


@cache
def page(path: Path) -> Page:
    """A page, read once."""
    return Page(path.read_text(encoding="utf-8"))


def pages(root: Path) -> list[Path]:
    """Every page of a built site; what a folder of the theme or of the search holds is none."""
    return sorted(
        path
        for path in root.rglob("*.html")
        if not any(part.startswith("_") or part == "pagefind" for part in path.parts)
    )


def target(root: Path, base: Path, address: str) -> tuple[Path, str]:
    """The file and the anchor that an address on a page leads to."""
    parts = urlsplit(address)
    path = (base.parent / unquote(parts.path)).resolve() if parts.path else base
    if path.is_dir():
        path /= "index.html"
    assert path.is_relative_to(root.resolve()), f"{address} leads out of the site"
    return path, unquote(parts.fragment)
