"""Clips put into a new file through PyAV: their pictures and their sound, and nothing else.

Nothing is encoded again, so nothing of a picture or a sound is lost. What says where, when, with
what and by whom a clip was made stands in other streams, in the headers, and in messages between
the pictures; none of these is taken over.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
from av.bitstream import BitStreamFilterContext

from living_manual.core.video import cut_off
from living_manual.edges.refusal import RefusalError

#: PyAV's name of the form that is read and of the one that is written, by the file's ending.
FORMS = {".mp4": ("mp4", "mp4"), ".webm": ("matroska", "webm")}
_CODECS = {
    ".mp4": {"h264", "av1", "vp9", "aac", "opus"},
    ".webm": {"vp8", "vp9", "av1", "opus", "vorbis"},
}
#: Bit stream filters that take out messages between pictures, in which cameras write what they
#: like: supplemental information of H.264 (6), metadata of AV1 (5).
_WITHOUT = {"h264": "filter_units=remove_types=6", "av1": "filter_units=remove_types=5"}
_OPTIONS = {
    ".mp4": {"movflags": "+faststart", "fflags": "+bitexact", "empty_hdlr_name": "1"},
    ".webm": {"fflags": "+bitexact", "cues_to_front": "1"},
}
#: A clip whose pictures end so many seconds before it says is cut off.
_SLACK = 1.5
_SAVE = "Save it again as MP4 (H.264 with AAC sound) or as WebM."


def clean_film(path: Path) -> bytes:
    """The clip in a new file of the same form. Raises `RefusalError`, and `OSError` of the disk."""
    ending = path.suffix.lower()
    if not path.stat().st_size:
        raise RefusalError("is empty")
    if ending == ".webm":
        _check_webm(path)
    with tempfile.TemporaryDirectory(prefix="living-manual-") as folder:
        fresh = Path(folder, f"clip{ending}")
        try:
            _remux(path, fresh, ending)
        except (av.FFmpegError, ValueError, IndexError) as error:
            raise RefusalError("is cut off or damaged") from error
        return fresh.read_bytes()


def _check_webm(path: Path) -> None:
    """Refuse what PyAV would read without a word: another Matroska file, and one cut off."""
    with path.open("rb") as file:

        def read(at: int, count: int) -> bytes:
            file.seek(at)
            return file.read(count)

        if b"webm" not in read(0, 64):
            raise RefusalError("is of another kind than its name says", _SAVE)
        if cut_off(read, path.stat().st_size):
            raise RefusalError("is cut off or damaged")


@dataclass(slots=True)
class _Lane:
    """One stream on its way into the new file."""

    out: Any
    without: BitStreamFilterContext | None
    end: float = 0.0
    packets: int = 0


def _remux(path: Path, fresh: Path, ending: str) -> None:
    reads, writes = FORMS[ending]
    with (
        av.open(str(path), format=reads, metadata_errors="replace") as given,
        av.open(str(fresh), "w", format=writes, options=_OPTIONS[ending]) as made,
    ):
        lanes = _lanes(given, made, ending)
        said = given.duration / av.time_base if given.duration else None
        start = (given.start_time or 0) / av.time_base
        _see(path, reads, next(iter(lanes)))
        for packet in given.demux([given.streams[index] for index in lanes]):
            _pass_on(packet, lanes[packet.stream.index], made)
        for lane in lanes.values():
            if lane.without:
                _mux(made, lane, lane.without.filter(None))
        reached = max(lane.end for lane in lanes.values()) - start
        if not all(lane.packets for lane in lanes.values()):
            raise RefusalError("is cut off or damaged")
        if said and reached < said - _SLACK:
            raise RefusalError("is cut off or damaged")


def _lanes(given: Any, made: Any, ending: str) -> dict[int, _Lane]:
    """The first stream of pictures and every one of sound, each with its new one."""
    pictures = [each for each in given.streams.video if not each.disposition & _NO_FILM]
    if not pictures:
        raise RefusalError("holds no moving pictures", _SAVE)
    lanes = {}
    for old in (pictures[0], *given.streams.audio):
        context = old.codec_context
        codec = context.codec.canonical_name if context else "unknown"
        if codec not in _CODECS[ending]:
            raise RefusalError(f"is in a form that few browsers play ({codec})", _SAVE)
        new = made.add_stream_from_template(old, opaque=True)
        new.metadata.clear()
        if codec == "vorbis":
            new.codec_context.extradata = _plain_vorbis(bytes(context.extradata or b""))
        filtering = _WITHOUT.get(codec)
        lanes[old.index] = _Lane(
            new, BitStreamFilterContext(filtering, old, new) if filtering else None
        )
    return lanes


#: A cover or a small preview is a picture, and no film.
_NO_FILM = av.stream.Disposition.attached_pic | av.stream.Disposition.timed_thumbnails


def _see(path: Path, form: str, index: int) -> None:
    """Look at the first picture: what cannot be decoded is not published."""
    with av.open(str(path), format=form, metadata_errors="replace") as given:
        if next(given.decode(given.streams[index]), None) is None:
            raise RefusalError("is cut off or damaged")


def _pass_on(packet: Any, lane: _Lane, made: Any) -> None:
    if packet.dts is None and packet.pts is None:  # the last one of a stream, empty
        return
    if packet.is_corrupt:
        raise RefusalError("is cut off or damaged")
    at = packet.pts if packet.pts is not None else packet.dts
    lane.end = max(lane.end, float((at + (packet.duration or 0)) * packet.time_base))
    lane.packets += 1
    _mux(made, lane, lane.without.filter(packet) if lane.without else [packet])


def _mux(made: Any, lane: _Lane, packets: list[Any]) -> None:
    for packet in packets:
        packet.stream = lane.out
        made.mux_one(packet)


def _plain_vorbis(headers: bytes) -> bytes:
    """Vorbis' three headers, with no comment in the second (Vorbis I specification, 5)."""
    if headers[:1] != b"\x02":
        raise RefusalError("is in a form that few browsers play (vorbis)", _SAVE)
    sizes, at = [], 1
    for _ in range(2):
        size = 0
        while headers[at] == 255:
            size, at = size + 255, at + 1
        sizes.append(size + headers[at])
        at += 1
    first, third = headers[at : at + sizes[0]], headers[at + sum(sizes) :]
    comment = b"\x03vorbis" + bytes(4) + bytes(4) + b"\x01"
    return b"\x02" + _laced(len(first)) + _laced(len(comment)) + first + comment + third


def _laced(size: int) -> bytes:
    return b"\xff" * (size // 255) + bytes([size % 255])
