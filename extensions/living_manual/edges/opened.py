"""The one door that opens a published file of any kind, to read all that it says.

Packed files are unpacked, one in another, as far as they go; of pictures, films and PDF files every
word beside the picture is read. What cannot be opened as what it is said to be is `NotOpened`: who
searches must not take silence for an answer.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import cbor2

from living_manual.core.unescaped import escapes_undone, hidden, is_markup, markup, unfolded
from living_manual.edges.opened_media import film_words, paper_words, picture_words
from living_manual.edges.opened_words import NotOpened, apart, strings_in

#: The most that one published file may unpack to, in bytes, and how deep files lie in files.
MOST_UNPACKED = 1 << 29
_DEEPEST = 6
_MOST_MEMBERS = 20_000

#: What a name promises; a name that is not here may hold anything that can be read.
_PROMISED = {
    "gzip": ("gz", "pf_fragment", "pf_index", "pf_meta", "pf_filter", "pagefind"),
    "zip": ("zip", "xlsx", "xlsm", "docx", "pptx", "odt", "ods", "odp", "epub", "reqifz"),
    "pdf": ("pdf",),
    "picture": ("png", "jpg", "jpeg", "gif", "webp", "avif", "heic", "bmp", "tif", "tiff", "ico"),
    "film": ("mp4", "m4v", "mov", "m4a", "webm", "mkv", "mp3", "ogg", "oga", "ogv", "opus", "wav"),
    "bytes": ("woff", "woff2", "ttf", "otf", "wasm"),
    "inventory": ("inv",),
}
_PROMISE = {ending: kind for kind, endings in _PROMISED.items() for ending in endings}
_BEGINNINGS = (
    ("gzip", re.compile(rb"\x1f\x8b")),
    ("zip", re.compile(rb"PK(?:\x03\x04|\x05\x06)")),
    ("pdf", re.compile(rb".{0,1024}?%PDF-", re.DOTALL)),
    (
        "picture",
        re.compile(
            rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP|....ftyp(?:avi[fs]|hei[cfx]|mif1)|BM....\0\0"
            rb"|II\*\0|MM\0\*|\x00\x00\x01\x00",
            re.DOTALL,
        ),
    ),
    (
        "film",
        re.compile(
            rb"....ftyp|\x1aE\xdf\xa3|OggS|ID3|\xff[\xf2-\xfb]|fLaC|RIFF....WAVE", re.DOTALL
        ),
    ),
    ("inventory", re.compile(rb"# Sphinx inventory version")),
    ("bytes", re.compile(rb"wOF[F2]|\0asm|OTTO|ttcf|\x00\x01\x00\x00")),
)
_PAGEFIND = b"pagefind_dcd"
_WORDS = {"picture": picture_words, "film": film_words}
_ONE_ALPHABET = str.maketrans("+/", "-_", "=")
_DATA_ADDRESS = re.compile(r"data:[\w.+/-]*(?:;[\w=.+-]+)*;base64,([A-Za-z0-9+/_=-]+)")


@dataclass(frozen=True, slots=True)
class Reading:
    """Text that was read in a file; `where` is the file, and what in it after a colon.

    `by_chance` says that it is whatever looked like letters among other bytes.
    """

    where: str
    text: str
    by_chance: bool = False


@dataclass(slots=True)
class Opener:
    """Opens the files of one release, and reads what several have in common only once.

    With `only_words` it gives what people wrote in a file and not what the kind of file says in
    every one; without, everything, and the SHA-256 of each packed file in hex.
    """

    only_words: bool = False
    _parts: set[str] = field(default_factory=set)
    _whole: set[str] = field(default_factory=set)
    _room: int = MOST_UNPACKED

    def read(self, name: str, data: bytes) -> Iterator[Reading]:
        """Everything that a file says. Raises `NotOpened`, perhaps after some readings."""
        self._room = MOST_UNPACKED
        yield from self._read(name, name, data, _DEEPEST)

    def _read(self, where: str, name: str, data: bytes, depth: int) -> Iterator[Reading]:
        digest = hashlib.sha256(data).hexdigest()
        if digest in self._whole and depth < _DEEPEST:
            return
        self._whole.add(digest)
        if not depth:
            raise NotOpened(where, "holds files in files in files")
        kind = kind_of(data)
        promised = _PROMISE.get(name.rpartition(".")[2].lower(), kind)
        if promised != kind:
            raise NotOpened(where, "is not what its name says")
        if kind == "text":
            yield from self._text(where, name, _decoded(where, data), depth)
            return
        if not self.only_words:
            yield Reading(where, digest)
            for text in strings_in(data):
                yield Reading(where, text, by_chance=True)
        yield from self._packed(kind, where, name, data, depth)

    def _packed(
        self, kind: str, where: str, name: str, data: bytes, depth: int
    ) -> Iterator[Reading]:
        """What a file that is no text holds beside what stands in it in plain letters."""
        if kind == "gzip":
            yield from self._gzip(where, name, data, depth)
        elif kind == "zip":
            yield from self._zip(where, data, depth)
        elif kind == "pdf":
            yield from self._paper(where, data, depth)
        elif kind == "inventory":
            head, _, packed = data.partition(b"zlib.\n")
            for part in (head, self._inflated(where, packed, zlib.MAX_WBITS)[0]):
                yield from self._text(where, "", _decoded(where, part), depth)
        elif kind in _WORDS:
            for text in _WORDS[kind](where, data, only_words=self.only_words):
                yield from self._text(where, "", text, depth)

    def _paper(self, where: str, data: bytes, depth: int) -> Iterator[Reading]:
        for said in paper_words(where, data, only_words=self.only_words):
            if said.attached is None:
                yield from self._text(where, "", said.text, depth, said.by_chance)
            else:
                self._take_room(where, len(said.attached))
                yield Reading(where, said.text)
                yield from self._read(f"{where}: {said.text}", said.text, said.attached, depth - 1)

    def _text(
        self, where: str, name: str, text: str, depth: int, by_chance: bool = False
    ) -> Iterator[Reading]:
        if by_chance:
            yield Reading(where, text, by_chance)
            return
        ending = name.rpartition(".")[2].lower()
        if is_markup(text):
            parts = list(markup(text, self._parts, only_words=self.only_words))
        elif ending == "json":
            parts = [escapes_undone(text)]
        elif ending == "ics":
            parts = [unfolded(text)]
        else:
            parts = [text]
        for part in parts:
            yield Reading(where, part)
            for undone in hidden(part):
                yield Reading(where, undone)
            for found in _DATA_ADDRESS.finditer(part) if "base64," in part else ():
                with suppress(binascii.Error):  # no browser shows it either
                    data = base64.urlsafe_b64decode(found[1].translate(_ONE_ALPHABET) + "==")
                    yield from self._read(f"{where}: data address", "", data, depth - 1)

    def _gzip(self, where: str, name: str, data: bytes, depth: int) -> Iterator[Reading]:
        while data:
            plain, data = self._inflated(where, data, zlib.MAX_WBITS | 16)
            if plain.startswith(_PAGEFIND):
                yield from self._pagefind(where, plain.removeprefix(_PAGEFIND), depth)
            else:
                inner = name.removesuffix(".gz") if name.endswith(".gz") else ""
                yield from self._read(f"{where}: unpacked", inner, plain, depth - 1)
            if data and not data.startswith(b"\x1f\x8b"):
                return  # whatever hangs on behind was read as strings

    def _pagefind(self, where: str, plain: bytes, depth: int) -> Iterator[Reading]:
        if plain.startswith(b"{"):
            yield from self._text(where, "fragment.json", _decoded(where, plain), depth)
            return
        try:
            words = apart(_said(cbor2.loads(plain)))
        except (cbor2.CBORDecodeError, ValueError, EOFError) as error:
            raise NotOpened(where, "is no search index that this kit knows") from error
        yield from self._text(where, "", words, depth)

    def _zip(self, where: str, data: bytes, depth: int) -> Iterator[Reading]:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                members = packed.infolist()
                if len(members) > _MOST_MEMBERS:
                    raise NotOpened(where, f"holds {len(members)} files")
                if not self.only_words:
                    yield Reading(where, apart(member.filename for member in members))
                for member in members:
                    with packed.open(member) as opened:
                        content = opened.read(self._room + 1)
                    self._take_room(where, len(content))
                    name = member.filename
                    yield from self._read(f"{where}: {name}", name, content, depth - 1)
        except (
            zipfile.BadZipFile,
            RuntimeError,
            NotImplementedError,
            EOFError,
            zlib.error,
        ) as error:
            raise NotOpened(where, f"cannot be unpacked ({error})") from error

    def _inflated(self, where: str, data: bytes, bits: int) -> tuple[bytes, bytes]:
        """What was packed, and what stands behind it."""
        unpacking = zlib.decompressobj(bits)
        try:
            plain = unpacking.decompress(data, self._room + 1)
        except zlib.error as error:
            raise NotOpened(where, f"cannot be unpacked ({error})") from error
        self._take_room(where, len(plain))
        if not unpacking.eof:
            raise NotOpened(where, "is cut off")
        return plain, unpacking.unused_data

    def _take_room(self, where: str, size: int) -> None:
        self._room -= size
        if self._room < 0:
            raise NotOpened(where, f"unpacks to more than {MOST_UNPACKED >> 20} MB")


def kind_of(data: bytes) -> str:
    """What the bytes are: gzip, zip, pdf, picture, film, inventory, bytes or text."""
    for kind, beginning in _BEGINNINGS:
        if beginning.match(data):
            return kind
    return "text"


def _decoded(where: str, data: bytes) -> str:
    for beginning, encoding in (
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"", "utf-8-sig"),
    ):
        if data.startswith(beginning):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                break
    raise NotOpened(where, "is neither text in UTF-8 nor a kind of file that can be looked into")


def _said(value: Any) -> Iterator[str]:
    """Every string in a decoded value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield value.decode("utf-8", "replace")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _said(key)
            yield from _said(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _said(inner)
