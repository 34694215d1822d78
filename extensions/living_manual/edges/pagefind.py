"""The one door to Pagefind: folders of pages in, a search index out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any


class IndexingError(Exception):
    """Pagefind could not index; the message is its own."""


def index(folders: Sequence[Path], output: Path) -> int:
    """Index the HTML files of the folders into `output`; gives the number of pages taken in.

    Addresses in the index are relative to each file's own folder. The same files give the same
    index, byte for byte. Raises `IndexingError`.
    """
    pages = asyncio.run(_index(folders, output))
    for pattern in _UNUSED:
        for path in output.glob(pattern):
            path.unlink()
    return pages


#: User interfaces that Pagefind writes beside its index; the site has its own.
_UNUSED = (
    "pagefind-ui.*",
    "pagefind-modular-ui.*",
    "pagefind-component-ui.*",
    "pagefind-highlight.js",
)


async def _index(folders: Sequence[Path], output: Path) -> int:
    from pagefind.index import IndexConfig, PagefindIndex

    config = IndexConfig(
        output_path=str(output),
        keep_index_url=True,
        include_characters="_",
        exclude_selectors=[".headerlink"],
    )
    try:
        pages = 0
        async with PagefindIndex(config=config) as opened:
            for folder in folders:
                taken: Any = await opened.add_directory(str(folder))
                pages += taken["page_count"] if isinstance(taken, dict) else taken
    except Exception as error:
        raise IndexingError(str(error)) from error
    return pages
