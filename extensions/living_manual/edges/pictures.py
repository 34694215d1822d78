"""Whether a picture's file is whole: by its own marks, without a library that draws it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

_OTHER = "is not of the kind its name says"
_CUT = "is cut off or damaged"


def picture_fault(path: Path) -> str:
    """What is wrong with the picture, to be said after its name; empty when nothing is."""
    check = _CHECKS.get(path.suffix.lower())
    try:
        data = path.read_bytes()
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if not data:
        return "is empty"
    return check(data) if check else ""


def _png(data: bytes) -> str:
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _OTHER
    at = 8
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        name, end = data[at + 4 : at + 8], at + 8 + size
        if int.from_bytes(data[end : end + 4], "big") != zlib.crc32(data[at + 4 : end]):
            return _CUT
        if name == b"IEND":
            return ""
        at = end + 4
    return _CUT


def _jpeg(data: bytes) -> str:
    if not data.startswith(b"\xff\xd8\xff"):
        return _OTHER
    # Telephones hang a film or a second picture behind the end.
    return "" if b"\xff\xd9" in data[data.find(b"\xff\xda") + 1 :] and b"\xff\xda" in data else _CUT


def _gif(data: bytes) -> str:
    if not data.startswith((b"GIF87a", b"GIF89a")):
        return _OTHER
    return "" if b";" in data[13:] else _CUT


def _webp(data: bytes) -> str:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return _OTHER
    return "" if int.from_bytes(data[4:8], "little") + 8 <= len(data) else _CUT


def _avif(data: bytes) -> str:
    if data[4:8] != b"ftyp":
        return _OTHER
    at, boxes = 0, set[bytes]()
    while at + 8 <= len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        size = size or len(data) - at
        if size < 8:
            return _CUT
        boxes.add(name)
        at += size
    return "" if at == len(data) and b"mdat" in boxes else _CUT


def _svg(data: bytes) -> str:
    if b"<!ENTITY" in data:
        return "declares entities, which no picture needs"
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError):
        return _CUT
    return "" if root.tag.rpartition("}")[2] == "svg" else _OTHER


_CHECKS: dict[str, Callable[[bytes], str]] = {
    ".png": _png,
    ".jpg": _jpeg,
    ".jpeg": _jpeg,
    ".gif": _gif,
    ".webp": _webp,
    ".avif": _avif,
    ".svg": _svg,
}
