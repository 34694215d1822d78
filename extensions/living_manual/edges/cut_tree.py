"""Read a source folder to be cut for an edition, and write what was cut to a fresh folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from living_manual.core.edition_cut import Cut, Whole
from living_manual.core.finding import Finding
from living_manual.edges.files import read_text, unreadable_page, walk

#: Never a page of the manual (conf.py leaves it out too).
README = "README.md"


def read_whole(root: Path) -> tuple[Whole, tuple[Finding, ...]]:
    """The folder's pages and tables, and findings for pages that are no text.

    Hidden files, READMEs and links that lead out of the folder are not read and not named: nothing
    of them can be published.
    """
    pages: dict[str, str] = {}
    tables: dict[str, str] = {}
    files: set[str] = set()
    found: list[Finding] = []
    for path, name in _files(root):
        if path.suffix == ".md":
            unreadable = unreadable_page(path, name)
            if unreadable:
                found.append(unreadable)
            else:
                pages[name] = path.read_text(encoding="utf-8-sig")
        elif path.suffix.lower() == ".csv":
            text, _ = read_text(path, name)
            if text is not None:
                tables[name] = text
        else:
            files.add(name)
    return Whole(pages, tables, frozenset(files)), tuple(found)


def _files(root: Path) -> Iterator[tuple[Path, str]]:
    real = root.resolve()
    for path in walk(root):
        inside = not path.is_symlink() or path.resolve().is_relative_to(real)
        if path.name != README and path.is_file() and inside:
            yield path, path.relative_to(root).as_posix()


def write_cut(cut: Cut, root: Path, to: Path) -> None:
    """Write the texts of a cut, and copy the files that it takes along from the source folder."""
    for name, text in sorted(cut.texts.items()):
        path = to / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    for name in sorted(cut.files):
        path = to / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, path)
