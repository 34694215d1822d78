"""Take a picture or clip out of a tree of finished files, without building it again.

For the minutes until the manual is published anew, and for what is never built again: files made
of it are removed, pages that showed it are replaced by a plain one, what programs read loses the
sentences, and the search index is made again.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from living_manual.core.traces import repeats
from living_manual.edges import pagefind
from living_manual.edges.traces import all_files
from living_manual.publish.evidence import Evidence
from living_manual.publish.index import FOLDER as INDEX
from living_manual.publish.index import REGISTER, write_index

_SHEET = re.compile(r"""<link\b[^>]*rel=["']stylesheet["'][^>]*>""")
_HREF = re.compile(r"""href=["']([^"']+)["']""")


@dataclass(frozen=True, slots=True)
class Redacted:
    """What was done to a tree, by paths from its root."""

    removed: tuple[str, ...]
    replaced: tuple[str, ...]


def holds(root: Path, evidence: Evidence) -> bool:
    """Whether a tree holds anything of a picture or clip."""
    return next(found_in(root, evidence), None) is not None


def found_in(root: Path, evidence: Evidence) -> Iterator[tuple[Path, str]]:
    """The files of a tree that hold something of it, with what; those with its name first."""
    named = [path for path in all_files(root) if _belongs(root, path, evidence)]
    for path in named:
        yield path, "a file made of it"
    for path in all_files(root):
        if path.name in evidence.others and _is_media(path):
            evidence.traces.control(path.read_bytes())
    evidence.traces.learn(path.read_bytes() for path in named if _is_media(path))
    seen = set(named)
    for path in all_files(root):
        if path in seen:
            continue
        why = evidence.traces.why(path) or _names(path, evidence)
        if why:
            yield path, why


def redact(root: Path, evidence: Evidence, language: str) -> Redacted:
    """Take it out of a tree that may be written to. Raises `IndexingError` and `OSError`."""
    removed: list[str] = []
    replaced: list[str] = []
    for path, _ in list(found_in(root, evidence)):
        name = path.relative_to(root).as_posix()
        if INDEX in PurePosixPath(name).parts:
            continue  # made again below
        if path.suffix == ".html" and not _belongs(root, path, evidence):
            path.write_text(_plain_page(root, path, language), encoding="utf-8")
            replaced.append(name)
        elif path.suffix == ".json" and _without(path, evidence):
            replaced.append(name)
        else:
            path.unlink()
            removed.append(name)
    if removed or replaced or (root / INDEX).is_dir():
        _index_again(root, language)
    return Redacted(tuple(removed), tuple(replaced))


def _belongs(root: Path, path: Path, evidence: Evidence) -> bool:
    return evidence.belongs(PurePosixPath(path.relative_to(root).as_posix()))


def _is_media(path: Path) -> bool:
    return path.suffix.lower() not in (".vtt", ".json", ".txt")


def _names(path: Path, evidence: Evidence) -> str:
    """Whether a page names a file made of it: it would show a hole."""
    if path.suffix != ".html":
        return ""
    words = re.findall(r"[\w.-]+\.\w+", path.read_text(encoding="utf-8", errors="ignore"))
    named = next((word for word in dict.fromkeys(words) if evidence.named(word)), "")
    return f"the name {named}" if named else ""


def _plain_page(root: Path, path: Path, language: str) -> str:
    """A page in the place of one that showed it, with that page's own style sheets."""
    sheets = _SHEET.findall(path.read_text(encoding="utf-8", errors="ignore"))
    found = [unescape(match[1]) for sheet in sheets if (match := _HREF.search(sheet))]
    home = "../" * (len(path.relative_to(root).parts) - 1)
    environment = Environment(
        loader=PackageLoader("living_manual.publish", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    template = environment.get_template("withdrawn.html.jinja")
    return template.render(language=language, sheets=found, home=home)


def _without(path: Path, evidence: Evidence) -> bool:
    """Take the sentences out of a JSON file; whether that could be done."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        return False
    path.write_text(
        json.dumps(_emptied(data, evidence), ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return not evidence.traces.why(path)


def _emptied(value: Any, evidence: Evidence) -> Any:
    """A value less every line of text that says one of the sentences."""
    if isinstance(value, dict):
        return {key: _emptied(each, evidence) for key, each in value.items()}
    if isinstance(value, list):
        return [_emptied(each, evidence) for each in value]
    if isinstance(value, str) and repeats(value, evidence.traces.sentences):
        kept = (line for line in value.split("\n") if not repeats(line, evidence.traces.sentences))
        text = "\n".join(kept)
        return "" if repeats(text, evidence.traces.sentences) else text
    return value


def _index_again(root: Path, language: str) -> None:
    """Make the search index of a tree again, and of every tree within it that has one."""
    for entry in sorted(root.rglob(f"{INDEX}/pagefind-entry.json")):
        site = entry.parent.parent
        shutil.rmtree(entry.parent)
        if (site / REGISTER).is_file():
            write_index(site, language)
        else:
            pagefind.index(site, site / INDEX)
