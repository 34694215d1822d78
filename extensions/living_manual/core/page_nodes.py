"""What a page may have become once it is parsed: kinds of parts, addresses, names of places.

The second of two lists (the first is of what may be written): whatever way something came in, and
whatever a library made of it, it is looked at once more before anything of it is shown. A node is
named as Python names its class; addresses are taken as browsers take them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from living_manual.core import safe_links

#: Schemes that a link may have once the page is read; without one it stays within the manual.
SCHEMES = safe_links.SCHEMES - {"project"}

#: Parts of a page, by the package that declares them. The kit's own are allowed as they are.
_NODES = {
    "docutils": """
        abbreviation admonition attention block_quote bullet_list caption caution citation
        citation_reference colspec comment compound container danger definition definition_list
        definition_list_item docinfo document emphasis entry enumerated_list error field field_body
        field_list field_name figure footnote footnote_reference hint image important inline label
        legend line line_block list_item literal literal_block math math_block note paragraph
        problematic reference row rubric section sidebar strong subscript subtitle superscript
        system_message table target tbody term tgroup thead tip title title_reference topic
        transition warning
    """,
    "sphinx": """
        compact_paragraph download_reference hlist hlistcol index literal_emphasis literal_strong
        number_reference pending_xref pending_xref_condition seealso toctree
    """,
    "sphinx_design": """
        PassthroughTextElement aside_main dropdown_main dropdown_title sd_badge sd_icon
        sd_line_break sd_tab_input sd_tab_label steps_list
    """,
    "sphinx_needs": """
        Need NeedRef NeedPart NeedIncoming NeedOutgoing NeedCount Needlist Needtable
    """,
}
NODES: Mapping[str, frozenset[str]] = {
    package: frozenset(names.split()) for package, names in _NODES.items()
}
OWN = "living_manual."
#: What MyST makes of a line end in a paragraph, for each writer: the only HTML of a page.
LINE_ENDS = frozenset({"<br />\n", "\\\\\n"})

#: Attributes that name an address or a file.
_ADDRESSES = ("refuri", "uri", "reftarget", "href", "src", "poster")
#: Attributes that every part has, and that name nothing.
_PLAIN = frozenset({"classes", "names", "dupnames", "backrefs"})
#: Attributes in which a browser reads code.
_CODE = re.compile(r"(on[a-z]+|style|srcdoc|formaction|http-equiv)\Z", re.IGNORECASE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_RUNS = re.compile(r"(javascript|vbscript|livescript|data|blob|filesystem|view-source):", re.I)
#: A place on a page: what an address after `#` may be, and nothing that ends an attribute.
_PLACE = re.compile(r"[^\s\"'<>&`=\\\x00-\x1f\x7f]{1,200}\Z")


def allowed_node(module: str, name: str, more: bool = False) -> bool:
    """Whether a page may hold a part of this class.

    `more` is whether the maintainer has switched something on in conf.py: then the parts of other
    packages, which what is switched on may be made of, are allowed too.
    """
    if f"{module}.".startswith(OWN):
        return True
    package = module.partition(".")[0]
    return name in NODES[package] if package in NODES else more


def is_line_end(name: str, text: str) -> bool:
    """Whether a part is the end of a line within a paragraph, which MyST writes as HTML."""
    return name == "raw" and text in LINE_ENDS


def link_fault(address: str) -> str:
    """What is wrong with the address of a link; empty when it may stand.

    Allowed are the schemes above and places of the manual; what only looks like a place of the
    manual to those who read it (`//other.example`, `/\\other.example`) is refused.
    """
    if scheme := scheme_of(address):
        return "" if scheme in SCHEMES else f"begins with '{scheme}:'"
    if re.match(r"[\\/]{2}", safe_links.bare(address)):
        return "leaves the manual without saying how"
    return ""


def scheme_of(address: str) -> str:
    """The scheme of an address as a browser takes it, in small letters; empty for none."""
    found = _SCHEME.match(safe_links.bare(address))
    return found[1].lower() if found else ""


def file_fault(address: str) -> str:
    """What is wrong with the name of a file of the manual, as a picture names it; empty for none.

    Where it lies in the end, all links followed, is looked at with the files.
    """
    if scheme := scheme_of(address):
        return f"begins with '{scheme}:'"
    return "is no file of the manual" if re.match(r"[\\/]{2}", address.strip()) else ""


def attribute_faults(attributes: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the attributes of a part, each as the end of a sentence about it."""
    for name, value in attributes.items():
        if not value or name in _PLAIN:
            continue
        if name == "ids":
            for place in value:
                if not _PLACE.match(place):
                    yield f"has the place {safe_links.shown(place)}, which no address can name"
        elif name in _ADDRESSES:
            if _RUNS.match(safe_links.bare(str(value)[:200])):
                yield f"leads to '{scheme_of(str(value))}:', which browsers run"
        elif _CODE.match(name):
            yield f"has '{name}', which browsers run"
