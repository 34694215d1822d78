"""The tiny district as texts by file, and what an import makes of them."""

from __future__ import annotations

from collections.abc import Mapping

from living_manual.core.importing import Import
from tests.sites import TINY


def tiny() -> dict[str, str]:
    """The texts of the tiny district."""
    return {
        path.relative_to(TINY).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(TINY.rglob("*"))
        if path.suffix in (".md", ".csv", ".toml")
    }


def after(source: Mapping[str, str], outcome: Import) -> dict[str, str]:
    """The texts once the import is carried out."""
    for change in outcome.changes:
        assert source.get(change.file) == change.before
    return {**source, **{change.file: change.after for change in outcome.changes}}
