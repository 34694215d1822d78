"""The search index of a built site: its pages, and every record that is not a page of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

from living_manual.core import handover_list
from living_manual.core.register import read_register
from living_manual.core.searchdoc import search_pages
from living_manual.edges.pagefind import index

REGISTER = "records.json"
FOLDER = "pagefind"
#: Where the records' small pages stand while they are indexed.
RECORDS = "_records"


def write_index(site: Path, language: str) -> int:
    """Write the index into the built site; gives the number of pages in it.

    A record told on a page of its own is found by that page; the others by small pages, which the
    site itself does not hold. Handover packs are found by their list and the cards of the roles:
    of 200 schools there are 2,600, which would drown the rest. Raises `IndexingError`.
    """
    entries = read_register((site / REGISTER).read_text(encoding="utf-8"))
    records = site / RECORDS
    records.mkdir()
    try:
        for name, page in search_pages((e for e in entries if not e.lead), language).items():
            (records / f"{name}.html").write_text(page, encoding="utf-8")
        packs = handover_list.FOLDER
        # A folder of that name in the source has a first page; its pages are to be found.
        own = (site / packs / "index.html").exists()
        return index(site, site / FOLDER, without=() if own else (packs,))
    finally:
        shutil.rmtree(records)
