"""Search files for what is left of a picture or clip: every file, opened as far as it can be.

Files within gzip, zip (workbooks, exchange files), PDF streams and Sphinx's inventory are opened.
What was looked at once is known by its digest: five releases share most of their files.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import io
import os
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pikepdf
import pypdfium2
from ahocorasick_rs import AhoCorasick, BytesAhoCorasick

from living_manual.core.traces import plain, plain_json, windows

#: How deep archives within archives are opened, and how much of one is read.
_DEEPEST, _MOST = 3, 1 << 29
#: Drawings on white paper have an eighth of their windows in common; a copy has them all. Of a file
#: with few windows a copy is known by its digest.
COPY, FEW = 0.5, 20
_INVENTORY = b"# Sphinx inventory version 2"
_GZIP, _ZIP, _PDF = b"\x1f\x8b", b"PK\x03\x04", b"%PDF-"


class Traces:
    """What to look for: whole files, windows of them, and sentences."""

    def __init__(
        self, files: Iterable[bytes], texts: Iterable[bytes], sentences: Collection[str]
    ) -> None:
        # Texts are known whole and by their sentences: times and marks are alike in many.
        self.digests = {hashlib.sha256(text).hexdigest() for text in texts}
        self.sentences = frozenset(sentences)
        self._windows: set[bytes] = set()
        self._files: dict[str, set[bytes]] = {}
        self._controls: dict[str, bytes] = {}
        self.looked = self.opened = 0
        self._known: dict[str, str] = {}
        self._bytes: BytesAhoCorasick | None = None
        self._words = AhoCorasick(sorted(self.sentences)) if self.sentences else None
        self.learn(files)

    @property
    def windows(self) -> int:
        """How many windows are looked for."""
        return len(self._windows)

    def learn(self, files: Iterable[bytes]) -> None:
        """Look for these files as well."""
        fresh = False
        for data in files:
            digest = hashlib.sha256(data).hexdigest()
            if digest not in self.digests:
                fresh = True
                self.digests.add(digest)
                self._files[digest] = set(windows(data))
        if fresh:
            self._begin()
            for data in self._controls.values():
                self._passed_over(data)

    def control(self, data: bytes) -> None:
        """Files of other media: what these have too says nothing, unless they are copies of it."""
        digest = hashlib.sha256(data).hexdigest()
        if digest not in self._controls and digest not in self.digests:
            self._controls[digest] = data
            self._passed_over(data)

    def _passed_over(self, data: bytes) -> None:
        shared = {data[at:to] for _, at, to in self._places(data)}
        for own in self._files.values() if shared else ():
            if len(own) < FEW or len(own & shared) <= COPY * len(own):
                own.difference_update(shared)
        if shared:
            self._begin()

    def _places(self, data: bytes) -> list[tuple[int, int, int]]:
        return self._bytes.find_matches_as_indexes(data, overlapping=True) if self._bytes else []

    def _begin(self) -> None:
        self._windows = set().union(*self._files.values())
        self._bytes = BytesAhoCorasick(sorted(self._windows)) if self._windows else None
        self._known.clear()

    def why(self, path: Path) -> str:
        """What of it a file holds, in a few words; empty when it holds nothing."""
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        self.looked += 1
        if digest not in self._known:
            self._known[digest] = self._why(path.name, data, digest)
        return self._known[digest]

    def _why(self, name: str, data: bytes, digest: str) -> str:
        if digest in self.digests:
            return "the whole file"
        for label, inside in opened(name, data):
            self.opened += 1
            if hashlib.sha256(inside).hexdigest() in self.digests:
                return f"the whole file, within {label}"
            if self._places(inside):
                return "a part of the file"
            if self._words and (said := self._said(label, inside)):
                return f"the words “{said}”"
        return ""

    def _said(self, label: str, data: bytes) -> str:
        for text in texts_of(label, data):
            assert self._words is not None
            for nth, _, _ in self._words.find_matches_as_indexes(text):
                return sorted(self.sentences)[nth].strip()
        return ""

    def search(self, folder: Path) -> Iterator[tuple[Path, str]]:
        """Every file below a folder that holds something of it; links are not followed."""
        for path in all_files(folder):
            if found := self.why(path):
                yield path, found


def all_files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, hidden ones too, in a fixed order."""
    for here, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(here, name)
            if path.is_file() and not path.is_symlink():
                yield path


def texts_of(label: str, data: bytes) -> Iterator[str]:
    """The words of a text, with and without what stands in tags; nothing for what is no text."""
    if b"\0" in data[:4096]:
        return
    text = data.decode("utf-8", errors="ignore")
    yield plain(text)
    if "<" in text:  # words for those who cannot see stand in tags
        yield plain(re.sub(r"[<>]", " ", html.unescape(text)).replace("<", " "))
    if "\\" in text or label.endswith((".json", ".js")):
        yield plain_json(text)


def opened(name: str, data: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """A file as it is, and everything that it holds packed."""
    yield name, data
    if depth >= _DEEPEST:
        return
    if data.startswith(_GZIP):
        with suppress(OSError, EOFError, zlib.error):
            yield from opened(f"{name} (gzip)", _gunzipped(data), depth + 1)
    elif data.startswith(_ZIP):
        yield from _unzipped(name, data, depth)
    elif data.startswith(_PDF):
        yield from _of_pdf(name, data)
    elif data.startswith(_INVENTORY):
        with suppress(zlib.error):
            yield f"{name} (zlib)", zlib.decompress(data.split(b"\n", 4)[4])


def _gunzipped(data: bytes) -> bytes:
    with gzip.open(io.BytesIO(data)) as file:
        return file.read(_MOST)


def _unzipped(name: str, data: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    faults = (zipfile.BadZipFile, OSError, RuntimeError, EOFError, zlib.error, ValueError)
    with suppress(*faults), zipfile.ZipFile(io.BytesIO(data)) as archive:
        for each in archive.infolist():
            if not each.is_dir():
                with archive.open(each) as file:
                    inside = file.read(_MOST)
                yield from opened(f"{name}/{each.filename}", inside, depth + 1)


def _of_pdf(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """The streams of a PDF, unpacked where they can be, and the text of its pages."""
    with suppress(pikepdf.PdfError), pikepdf.open(io.BytesIO(data)) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Stream):
                yield f"{name} (stream)", _stream(each)
    with suppress(pypdfium2.PdfiumError):
        document = pypdfium2.PdfDocument(data)  # type: ignore[no-untyped-call]
        said = [page.get_textpage().get_text_range() for page in document]
        document.close()  # type: ignore[no-untyped-call]
        yield f"{name} (text)", "\n".join(said).encode("utf-8", errors="ignore")


def _stream(stream: pikepdf.Stream) -> bytes:
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return stream.read_raw_bytes()
