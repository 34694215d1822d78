"""What a page says of the files that carry the records away, and of links from other sites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from living_manual.core import exchange, needs_file, register_book
from living_manual.core.inventory import Steps, step_name
from living_manual.core.model import Manual, Record

INVENTORY = "objects.inv"
#: A name for the manual in the examples; another site may take any.
NAME = "manual"


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A file to take along: its name, what it is, whom it serves, and how large it is."""

    name: str
    title: str
    purpose: str
    size: str


@dataclass(frozen=True, slots=True)
class LinkExample:
    """The settings of another Sphinx site, and what it then writes; empty parts have no example."""

    settings: str
    needs_settings: str
    links: tuple[tuple[str, str], ...]


_FILES = (
    (
        register_book.FILE,
        "Workbook",
        "For anyone with a spreadsheet. One sheet for each type of record and one with all links.",
    ),
    (
        exchange.FILE,
        "ReqIF",
        "For software that keeps requirements, such as StrictDoc, Polarion or DOORS. ReqIF is the "
        "form in which they hand records to each other.",
    ),
    (
        needs_file.FILE,
        "needs.json",
        "For another site made with Sphinx and sphinx-needs. It can list these records in its own "
        "tables.",
    ),
    (
        needs_file.MODEL,
        "Model",
        "Goes with needs.json: it tells the other site which types, links and fields there are.",
    ),
    (
        INVENTORY,
        "Inventory",
        "For another site made with Sphinx. It holds the name and address of each record, step "
        "and word.",
    ),
)


def record_files(sizes: Mapping[str, int]) -> tuple[RecordFile, ...]:
    """The files in the order of how many people they serve; `sizes` are in bytes, where known."""
    return tuple(
        RecordFile(name, title, purpose, size_words(sizes[name]) if name in sizes else "")
        for name, title, purpose in _FILES
    )


def size_words(size: int) -> str:
    """A size as people say it: 80 KB, 1.5 MB."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1000))} KB"


def link_example(manual: Manual, steps: Steps) -> LinkExample:
    """Examples with the district's own address, and with records that are there."""
    base = manual.settings.address or "https://manual.example.org/"
    protocol = next((p for p in manual.of_type("protocol") if steps.get(p.id)), None)
    links = [*_protocol_links(protocol, steps)]
    links += [
        (f"the word {term.title}", f"{{external+{NAME}:std:term}}`{term.title}`")
        for term in manual.of_type("term")[:1]
    ]
    return LinkExample(
        f'extensions = ["sphinx.ext.intersphinx"]\n'
        f"intersphinx_mapping = {{\n"
        f'    "{NAME}": ("{base}", None),\n'
        f"}}\n",
        f'needs_from_toml = "{needs_file.MODEL}"\n'
        f"needs_external_needs = [\n"
        f"    {{\n"
        f'        "base_url": "{base.rstrip("/")}",\n'
        f'        "json_url": "{base}{needs_file.FILE}",\n'
        f"    }},\n"
        f"]\n",
        tuple(links),
    )


def _protocol_links(protocol: Record | None, steps: Steps) -> list[tuple[str, str]]:
    if protocol is None:
        return []
    anchor, title = steps[protocol.id][0]
    return [
        (
            f"the protocol {protocol.title}",
            f"{{external+{NAME}:std:ref}}`{protocol.id}`",
        ),
        (
            f"its step {title}",
            f"{{external+{NAME}:std:ref}}`{step_name(protocol.id, anchor)}`",
        ),
    ]
