"""How long a clip lasts and what it is, from its own first bytes; no picture of it is decoded.

WebM is EBML (RFC 8794; Segment, Info, Duration of RFC 9559), MP4 is boxes (ISO/IEC 14496-12).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

#: Gives that many bytes from a place of the file; fewer at its end.
Read = Callable[[int, int], bytes]

_SEGMENT, _INFO, _SCALE, _DURATION = 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489
#: A clip says what it is within so many parts; a file that does not is no clip.
_MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class Video:
    """What a file is: `webm`, `mp4` or nothing known; its length in seconds where it says so."""

    form: str
    duration: float | None = None


def probe(read: Read, size: int) -> Video:
    """Look at a file of so many bytes; never raises for what stands in it."""
    head = read(0, 64)
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return Video("webm" if b"webm" in head else "", _webm(read, size))
    if head[4:8] == b"ftyp":
        return Video("mp4", _mp4(read, size))
    return Video("")


def cut_off(read: Read, size: int) -> bool:
    """Whether a WebM file says that it goes on beyond its end."""
    at = 0
    for _ in range(_MOST_PARTS):
        head = read(at, 12)
        wide = _width(head[:1], 4)
        long = _width(head[wide : wide + 1], 8) if wide else 0
        if not wide or not long or len(head) < wide + long:
            return True
        said = int.from_bytes(head[wide : wide + long], "big") & ((1 << 7 * long) - 1)
        end = at + wide + long + said
        if int.from_bytes(head[:wide], "big") == _SEGMENT:
            return said != (1 << 7 * long) - 1 and end > size
        if end > size:
            return True
        at = end
    return True


def _webm(read: Read, size: int) -> float | None:
    for name, start, end in _elements(read, 0, size):
        if name != _SEGMENT:
            continue
        for inner, inner_start, inner_end in _elements(read, start, end):
            if inner == _INFO:
                return _info(read, inner_start, inner_end)
    return None


def _info(read: Read, start: int, end: int) -> float | None:
    scale, length = 1_000_000, None
    for name, at, stop in _elements(read, start, end):
        data = read(at, min(stop - at, 8))
        if name == _SCALE:
            scale = int.from_bytes(data, "big")
        elif name == _DURATION and len(data) in (4, 8):
            (length,) = struct.unpack(">f" if len(data) == 4 else ">d", data)
    if length is None or not 0 < length < 1e12:
        return None
    return float(length * scale / 1e9)


def _elements(read: Read, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """(id, start, end) of the EBML elements; one of unknown size goes to the end."""
    for _ in range(_MOST_PARTS):
        if at >= end:
            return
        head = read(at, 12)
        wide = _width(head[:1], 4)
        long = _width(head[wide : wide + 1], 8) if wide else 0
        if not wide or not long or len(head) < wide + long:
            return
        name = int.from_bytes(head[:wide], "big")
        said = int.from_bytes(head[wide : wide + long], "big") & ((1 << 7 * long) - 1)
        start = at + wide + long
        stop = end if said == (1 << 7 * long) - 1 else min(start + said, end)
        yield name, start, stop
        at = stop


def _width(first: bytes, most: int) -> int:
    """How many bytes a number of EBML takes, by its first byte; 0 for none."""
    width = 9 - first[0].bit_length() if first and first[0] else 0
    return width if width <= most else 0


def _mp4(read: Read, size: int) -> float | None:
    for name, start, end in _boxes(read, 0, size):
        if name != b"moov":
            continue
        for inner, at, _ in _boxes(read, start, end):
            if inner == b"mvhd":
                return _header(read(at, 32))
    return None


def _header(data: bytes) -> float | None:
    """Time scale and duration of a movie header, version 0 or 1."""
    place, form = (20, ">IQ") if data[:1] == b"\x01" else (12, ">II")
    part = data[place : place + struct.calcsize(form)]
    if len(part) < struct.calcsize(form):
        return None
    scale, length = struct.unpack(form, part)
    return length / scale if scale and length else None


def _boxes(read: Read, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(name, start, end) of the boxes."""
    for _ in range(_MOST_PARTS):
        head = read(at, 16) if at < end else b""
        if len(head) < 8:
            return
        said, name, skip = int.from_bytes(head[:4], "big"), head[4:8], 8
        if said == 1 and len(head) == 16:
            said, skip = int.from_bytes(head[8:], "big"), 16
        said = said or end - at
        if said < skip:
            return
        yield name, at + skip, min(at + said, end)
        at += said
