"""Drawings (SVG) written anew from what `core.drawing` allows, through lxml.

Nothing of the file is copied as text: elements and attributes that are allowed are put into a new
tree. What runs, fetches, animates, or only a drawing program reads is not among them.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping

from lxml import etree

from living_manual.core.drawing import ELEMENTS, POINTING, WITH_TEXT, attribute, style_sheet
from living_manual.edges.clean_pictures import clean_picture
from living_manual.edges.refusal import RefusalError

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_MOST_BYTES = 10_000_000
#: A drawing of few elements can draw them a milliard times by pointing at its own parts.
_MOST_DRAWN = 1_000_000
_EMBEDDED = re.compile(r"data:image/(png|jpe?g|gif|webp);base64,(.*)", re.DOTALL | re.IGNORECASE)
_WORD = re.compile(r"[\w-]{1,20}")
_FORMS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP"}


def clean_drawing(data: bytes) -> bytes:
    """The drawing made anew. Raises `RefusalError`."""
    if len(data) > _MOST_BYTES:
        raise RefusalError("is far too large", "Save it as a picture (png).")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise RefusalError("is cut off or damaged") from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise RefusalError(
            "declares entities, which no picture needs",
            "Save it again as plain or optimized SVG.",
        )
    if _name(root) != "svg":
        raise RefusalError("is not of the kind its name says")
    try:
        clean = _element(root, None)
        _count(clean)
    except RecursionError as error:
        raise RefusalError("draws far too much", "Save it as a picture (png).") from error
    written: bytes = etree.tostring(clean, encoding="utf-8", xml_declaration=True)
    return written


def _name(element: etree._Element) -> str:
    """The name of an element of SVG; empty for any other, and for what is no element."""
    if not isinstance(element.tag, str):
        return ""
    found = etree.QName(element)
    return found.localname if found.namespace in (_SVG, None) else ""


def _element(old: etree._Element, parent: etree._Element | None) -> etree._Element:
    """The new element in place of an old one, with all that is in it."""
    name = _name(old)
    if name == "a":  # a drawing on a page cannot be followed
        name = "tspan" if parent is not None and _name(parent) in WITH_TEXT else "g"
    if parent is None:
        new = etree.Element(f"{{{_SVG}}}svg", nsmap={None: _SVG})
    else:
        new = etree.SubElement(parent, f"{{{_SVG}}}{name}")
    for key, value in _attributes(name, old.attrib).items():
        new.set(key, value)
    if name == "image":
        new.set("href", _embedded(old))
    elif name == "style":
        new.text = style_sheet("".join(_texts(old)))
    else:
        _inside(name, old, new)
    return new


def _inside(name: str, old: etree._Element, new: etree._Element) -> None:
    keeps_text = name in WITH_TEXT
    if keeps_text:
        new.text = old.text
    for child in old:
        inner = _name(child)
        written: etree._Element | None = None
        if inner == "foreignObject" and name != "switch":
            raise RefusalError(
                "holds text that only a web page can draw (foreignObject)",
                "Save it again with text as SVG text or as paths, or save it as PNG.",
            )
        if inner in ELEMENTS or inner == "a":
            written = _element(child, new)
        if keeps_text and child.tail:
            if written is not None:
                written.tail = child.tail
            elif len(new):
                new[-1].tail = (new[-1].tail or "") + child.tail
            else:
                new.text = (new.text or "") + child.tail
    if name == "switch" and not len(new) and len(old):
        raise RefusalError(
            "holds text that only a web page can draw (foreignObject)",
            "Save it again with text as SVG text or as paths, or save it as PNG.",
        )


def _attributes(element: str, old: Mapping[str, str]) -> dict[str, str]:
    """The attributes that may stay, by name."""
    kept: dict[str, str] = {}
    for key, value in old.items():
        namespace, _, name = key.rpartition("}")
        space = namespace.lstrip("{")
        if space == _XML and name in ("space", "lang"):
            kept |= {key: value} if _WORD.fullmatch(value) else {}
        elif space == "" or (space == _XLINK and name == "href" and "href" not in old):
            found = attribute(element, name, value)
            if found is not None:
                kept[name] = found
    return kept


def _texts(element: etree._Element) -> list[str]:
    """The text of a style: its own, and what stands between comments inside it."""
    return [element.text or "", *(child.tail or "" for child in element)]


def _embedded(image: etree._Element) -> str:
    """The address of a picture inside the drawing, itself made anew."""
    address = image.get("href") or image.get(f"{{{_XLINK}}}href") or ""
    found = _EMBEDDED.fullmatch(address.strip())
    if not found:
        raise RefusalError(
            "shows a picture that is not inside it",
            "Save the drawing again with its pictures embedded as PNG or JPEG.",
        )
    form = _FORMS[found[1].lower()]
    try:
        data = base64.b64decode("".join(found[2].split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusalError("is cut off or damaged") from error
    try:
        clean = clean_picture(data, form)
    except RefusalError as refusal:
        raise RefusalError(f"holds a picture that {refusal.fault}", refusal.fix) from refusal
    return f"data:image/{form.lower()};base64,{base64.b64encode(clean).decode()}"


def _count(root: etree._Element) -> None:
    """Refuse a drawing whose parts point at one another without end, or draw too much."""
    named = {each.get("id"): each for each in root.iter() if each.get("id")}
    counted: dict[etree._Element, int] = {}
    open_: set[etree._Element] = set()

    def drawn(element: etree._Element) -> int:
        if element in counted:
            return counted[element]
        if element in open_:
            raise RefusalError("draws itself without end", "Save it as a picture (png).")
        open_.add(element)
        total = 1 + sum(drawn(child) for child in element)
        aim = named.get((element.get("href") or "#")[1:])
        if aim is not None and _name(element) in POINTING:
            total += drawn(aim)
        open_.discard(element)
        counted[element] = total
        if total > _MOST_DRAWN:
            raise RefusalError("draws far too much", "Save it as a picture (png).")
        return total

    drawn(root)
