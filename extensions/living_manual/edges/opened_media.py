"""What pictures, films and PDF files say beside what they show."""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from living_manual.edges.opened_words import NotOpened, apart, strings_in

#: EXIF keeps parts of itself in folders of their own: camera, place, interoperability.
_FOLDERS = (0x8769, 0x8825, 0xA005)
_PACKED_NOTES = ("exif", "icc_profile", "photoshop")
_STREAM = re.compile(rb"(?<!end)stream\r?\n.*?endstream", re.DOTALL)
_HEX = re.compile(rb"<((?:[0-9a-fA-F]{2}){4,})>")
_HYPHEN = re.compile("(?:\ufffe|\u00ad|(?<=\\w)-)\r?\n|\ufffe")


def picture_words(where: str, data: bytes, *, only_words: bool) -> Iterator[str]:
    """The notes in a picture: EXIF, XMP, comments, texts, whatever the form calls them."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                if image.format == "PNG":
                    image.load()  # its notes may stand behind the picture
                said = dict(image.info)
                exif = image.getexif()
                folders = [dict(exif), *(dict(exif.get_ifd(folder)) for folder in _FOLDERS)]
                said.update(getattr(image, "text", {}))
                if only_words:  # EXIF is given part by part below
                    said = {name: it for name, it in said.items() if name not in _PACKED_NOTES}
    except Exception as error:  # Pillow raises whatever the reader of a form raises
        raise NotOpened(where, "is no picture that can be opened") from error
    yield apart(_all_said([said, *folders], keys=not only_words))


def film_words(where: str, data: bytes, *, only_words: bool) -> Iterator[str]:
    """The notes in a film or a recording: of the whole, of each track, of chapters."""
    import av

    try:
        with av.open(io.BytesIO(data)) as film:
            said: list[Any] = [film.metadata, *(stream.metadata for stream in film.streams)]
            said += [chapter["metadata"] for chapter in film.chapters()]
    except (av.FFmpegError, ValueError) as error:
        raise NotOpened(where, "is no film or recording that can be opened") from error
    yield apart(_all_said(said, keys=not only_words))


@dataclass(frozen=True, slots=True)
class Said:
    """A text in a PDF file; or a file that hangs on it, with its name as the text."""

    text: str
    by_chance: bool = False
    attached: bytes | None = None


def paper_words(where: str, data: bytes, *, only_words: bool) -> Iterator[Said]:
    """What the pages of a PDF file show, all its other strings, and the files that hang on it."""
    logging.getLogger("pikepdf").setLevel(logging.WARNING)  # it greets whoever imports it
    import pikepdf
    import pypdfium2

    try:
        paper: Any = pypdfium2.PdfDocument(data)  # type: ignore[no-untyped-call]
        try:
            shown = [page.get_textpage().get_text_bounded() for page in paper]
        finally:
            paper.close()
        with pikepdf.open(io.BytesIO(data)) as packed:
            hanging = [
                (name, file.get_file().read_bytes()) for name, file in packed.attachments.items()
            ]
            about = [str(value) for value in packed.docinfo.values()]
            plain = io.BytesIO()
            packed.save(
                plain,
                stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
                compress_streams=False,
            )
    except (pypdfium2.PdfiumError, pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise NotOpened(where, "is no PDF that can be opened without a password") from error
    yield Said(_HYPHEN.sub("", apart(shown)))
    yield Said(apart([*shown, *about]))
    for name, file in hanging:
        yield Said(name, attached=file)
    if only_words:
        return
    whole = plain.getvalue()
    rest = _STREAM.sub(b"", whole)
    yield Said(rest.decode("latin-1"))
    yield Said(apart(_from_hex(found) for found in _HEX.findall(rest)))
    for text in strings_in(whole):
        yield Said(text, by_chance=True)


def _from_hex(found: bytes) -> str:
    data = bytes.fromhex(found.decode())
    wide = data.startswith(b"\xfe\xff")
    return data.decode("utf-16" if wide else "latin-1", "replace")


def _all_said(value: Any, *, keys: bool) -> Iterator[str]:
    """Every string in a value, and what bytes in it can be read as; names of parts with `keys`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield from strings_in(value)
        for encoding in ("utf-8", "utf-16-le"):
            with suppress(UnicodeDecodeError):
                yield value.decode(encoding).rstrip("\0")
    elif isinstance(value, dict):
        for key, inner in value.items():
            if keys:
                yield str(key)
            yield from _all_said(inner, keys=keys)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _all_said(inner, keys=keys)
