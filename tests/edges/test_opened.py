"""Each kind of published file is opened to its last word; what cannot be opened is told."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import av
import cbor2
import openpyxl
import pikepdf
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from PIL import Image, PngImagePlugin

from living_manual.core.leaks import Secret, Watch, exact, worded
from living_manual.edges import opened
from living_manual.edges.opened import Opener
from living_manual.edges.opened_words import NotOpened

#: One word that stands nowhere else, and a phrase around it.
WORD = "quokkaberry"
SAID = f"Ask for the {WORD} jam"


def holds(name: str, data: bytes) -> bool:
    """Whether the word is found in a file."""
    secret = Secret("words", WORD, "a.md", 1)
    looking = Watch({}, {worded(exact(WORD)): secret})
    readings = list(Opener().read(name, data))
    return any(looking.found(each.text, by_chance=each.by_chance) for each in readings)


def text(words: str) -> bytes:
    return words.encode()


def packed(files: dict[str, bytes], comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
        made.comment = comment
    return out.getvalue()


def picture(form: str, **said: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (16, 16), "white").save(out, form, **said)
    return out.getvalue()


def exif() -> Image.Exif:
    made = Image.Exif()
    made[0x010E] = SAID
    return made


def exif_of_the_place() -> Image.Exif:
    made = Image.Exif()
    made.get_ifd(0x8825)[29] = SAID
    return made


def wide_exif() -> Image.Exif:
    made = Image.Exif()
    made[0x9C9B] = SAID.encode("utf-16-le") + b"\0\0"
    return made


def png_text(packed_text: bool) -> PngImagePlugin.PngInfo:
    made = PngImagePlugin.PngInfo()
    made.add_itxt("Comment", SAID, zip=packed_text)
    return made


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active["B2"] = SAID
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rich_workbook() -> bytes:
    book = openpyxl.Workbook()
    bold = InlineFont(b=True)
    book.active["B2"] = CellRichText("Ask for ", TextBlock(bold, "quokka"), "berry")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_name() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = WORD
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pdf(fill: Callable[[pikepdf.Pdf], None]) -> bytes:
    made = pikepdf.new()
    made.add_blank_page(page_size=(200, 200))
    fill(made)
    out = io.BytesIO()
    made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def shown(made: pikepdf.Pdf) -> None:
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    made.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    # Letter by letter, as programs that set type do it.
    letters = " ".join(f"({letter}) 0" for letter in WORD)
    made.pages[0].Contents = made.make_stream(f"BT /F1 12 Tf 9 9 Td [{letters}] TJ ET".encode())


def told(made: pikepdf.Pdf) -> None:
    made.docinfo["/Subject"] = SAID


def told_in_xmp(made: pikepdf.Pdf) -> None:
    with made.open_metadata() as about:
        about["dc:description"] = SAID


def hung_on(made: pikepdf.Pdf) -> None:
    made.attachments["notes.xlsx"] = pikepdf.AttachedFileSpec(made, workbook())


def annotated(made: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Text,
        Rect=[0, 0, 9, 9],
        Contents=pikepdf.String(f"é {SAID}"),  # beyond Latin letters: UTF-16
    )
    made.pages[0].Annots = pikepdf.Array([made.make_indirect(note)])


def outlined(made: pikepdf.Pdf) -> None:
    with made.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(SAID, 0))


def film(form: str) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=form) as made:
        made.metadata["comment"] = SAID
        stream = made.add_stream("mpeg4" if form == "mp4" else "libvpx", rate=1)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        frame = av.VideoFrame(16, 16, "yuv420p")
        for each in (*stream.encode(frame), *stream.encode()):
            made.mux(each)
    return out.getvalue()


def inventory() -> bytes:
    line = f"step std:label -1 pages/x.html#$ {SAID}\n".encode()
    return (
        b"# Sphinx inventory version 2\n# Project: x\n# Version: 1\n"
        b"# The remainder of this file is compressed using zlib.\n" + zlib.compress(line)
    )


def index(value: object) -> bytes:
    return gzip.compress(b"pagefind_dcd" + cbor2.dumps(value))


FILES: dict[str, tuple[str, bytes]] = {
    "text": ("a.txt", text(SAID)),
    "text of another kind": ("a.toml", text(f'x = "{SAID}"')),
    "text in UTF-16": ("a.csv", SAID.encode("utf-16")),
    "a page": ("a.html", text(f"<p>{SAID}</p>")),
    "a tag": ("a.html", text(f'<p aria-label="{SAID}">x</p>')),
    "a word between tags": ("a.html", text("<p>quokka<b>berry</b></p>")),
    "entities": ("a.html", text("<p>quokka&#98;erry</p>")),
    "a data address": (
        "a.html",
        text(f'<img src="data:image/svg+xml;base64,{base64.b64encode(text(SAID)).decode()}">'),
    ),
    "a script": ("a.js", text(f'const x = "{WORD}";')),
    "a source map": ("a.js.map", text(json.dumps({"sourcesContent": [SAID]}))),
    "escaped JSON": ("a.json", text('["quokka\\u0062erry"]')),
    "an address": ("a.atom", text('<a href="x?q=quokk%61berry"/>')),
    "a folded line": ("a.ics", text("SUMMARY:Ask for quokka\r\n berry\r\n")),
    "gzip": ("a.gz", gzip.compress(text(SAID))),
    "two in one gzip": ("a.gz", gzip.compress(b"x") + gzip.compress(text(SAID))),
    "a search fragment": (
        "a.pf_fragment",
        gzip.compress(b"pagefind_dcd" + text(json.dumps({"content": SAID}))),
    ),
    "a search index": ("a.pf_index", index([["ask", [1]], [WORD, [2]]])),
    "a filter": ("a.pf_filter", index(["role", {WORD: 1}])),
    "an inventory": ("objects.inv", inventory()),
    "a zip": ("a.zip", packed({"x.txt": text(SAID)})),
    "a zip in a zip": ("a.zip", packed({"x.zip": packed({"x.gz": gzip.compress(text(SAID))})})),
    "a name in a zip": ("a.zip", packed({f"{WORD}.txt": b"x"})),
    "a zip's comment": ("a.zip", packed({"x.txt": b"x"}, text(SAID))),
    "requirements": ("a.reqifz", packed({"a.reqif": text(f'<X THE-VALUE="{SAID}"/>')})),
    "a workbook": ("a.xlsx", workbook()),
    "rich text in a workbook": ("a.xlsx", rich_workbook()),
    "a sheet's name": ("a.xlsx", sheet_name()),
    "what a PDF shows": ("a.pdf", pdf(shown)),
    "what a PDF says of itself": ("a.pdf", pdf(told)),
    "a PDF's XMP": ("a.pdf", pdf(told_in_xmp)),
    "a workbook in a PDF": ("a.pdf", pdf(hung_on)),
    "a note in a PDF": ("a.pdf", pdf(annotated)),
    "a PDF's outline": ("a.pdf", pdf(outlined)),
    "EXIF of a JPEG": ("a.jpg", picture("JPEG", exif=exif())),
    "EXIF in wide letters": ("a.jpg", picture("JPEG", exif=wide_exif())),
    "the place in EXIF": ("a.jpg", picture("JPEG", exif=exif_of_the_place())),
    "a JPEG's comment": ("a.jpg", picture("JPEG", comment=text(SAID))),
    "behind a JPEG": ("a.jpg", picture("JPEG") + text(SAID)),
    "a PNG's text": ("a.png", picture("PNG", pnginfo=png_text(False))),
    "a PNG's packed text": ("a.png", picture("PNG", pnginfo=png_text(True))),
    "EXIF of a PNG": ("a.png", picture("PNG", exif=exif())),
    "EXIF of a WebP": ("a.webp", picture("WEBP", exif=exif())),
    "XMP of a WebP": ("a.webp", picture("WEBP", xmp=text(SAID))),
    "EXIF of an AVIF": ("a.avif", picture("AVIF", exif=exif())),
    "a GIF's comment": ("a.gif", picture("GIF", comment=text(SAID))),
    "an SVG's description": ("a.svg", text(f"<svg><desc>{SAID}</desc></svg>")),
    "an MP4": ("a.mp4", film("mp4")),
    "a WebM": ("a.webm", film("webm")),
    "a font": ("a.woff2", b"wOF2" + bytes(20) + text(SAID)),
}


@pytest.mark.parametrize(("name", "data"), FILES.values(), ids=FILES)
def test_the_word_is_found(name: str, data: bytes) -> None:
    assert holds(name, data)


def other(data: bytes) -> bytes:
    return data.replace(b"quokka", b"brocco").replace(b"ok%61", b"ol%61")


@pytest.mark.parametrize(
    "kind", ["text", "a page", "a script", "a folded line", "an MP4", "a font"]
)
def test_another_word_is_not(kind: str) -> None:
    name, data = FILES[kind]
    assert not holds(name, other(data))


LOCKED = io.BytesIO()
_made = pikepdf.new()
_made.add_blank_page()
_made.save(LOCKED, encryption=pikepdf.Encryption(owner="a", user="b"))

CLOSED: dict[str, tuple[str, bytes, str]] = {
    "gzip that is none": ("a.gz", b"plain", "not what its name says"),
    "gzip cut off": ("a.gz", gzip.compress(bytes(9999))[:-9], "is cut off"),
    "a search index of another make": (
        "a.pf_index",
        gzip.compress(b"pagefind_dcd\xff"),
        "no search",
    ),
    "a workbook that is text": ("a.xlsx", b"id,title", "not what its name says"),
    "a broken zip": ("a.zip", b"PK\x03\x04" + bytes(50), "cannot be unpacked"),
    "a picture that is a page": ("a.png", b"<p>x</p>", "not what its name says"),
    "a broken picture": ("a.png", picture("PNG")[:40], "no picture"),
    "a broken film": ("a.webm", b"\x1aE\xdf\xa3" + bytes(40), "no film"),
    "a broken PDF": ("a.pdf", b"%PDF-1.7 and no more", "no PDF"),
    "a PDF with a password": ("a.pdf", LOCKED.getvalue(), "no PDF"),
    "bytes of no known kind": ("a.bin", b"\x80\x81\x82\xff", "neither text"),
    "text in Latin letters of old": ("a.csv", "é".encode("latin-1"), "neither text"),
}


@pytest.mark.parametrize(("name", "data", "why"), CLOSED.values(), ids=CLOSED)
def test_what_cannot_be_opened_is_told(name: str, data: bytes, why: str) -> None:
    with pytest.raises(NotOpened) as closed:
        list(Opener().read(f"files/{name}", data))
    assert closed.value.where.startswith(f"files/{name}")
    assert why in closed.value.why


BOMBS = {
    "gzip": ("a.gz", gzip.compress(bytes(1 << 20))),
    "gzip in gzip": ("a.gz", gzip.compress(gzip.compress(bytes(1 << 20)))),
    "zip": ("a.zip", packed({"x.txt": bytes(1 << 20)})),
    "many in a zip": ("a.zip", packed({f"{n}.txt": bytes(1 << 17) for n in range(9)})),
    "an inventory": (
        "objects.inv",
        b"# Sphinx inventory version 2\n# zlib.\n" + zlib.compress(bytes(1 << 20)),
    ),
}


@pytest.mark.parametrize(("name", "data"), BOMBS.values(), ids=BOMBS)
def test_a_small_file_that_unpacks_without_end_is_not_unpacked(
    name: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "MOST_UNPACKED", 1 << 19)
    with pytest.raises(NotOpened, match="unpacks to more than"):
        list(Opener().read(name, data))


def test_files_in_files_end_somewhere() -> None:
    data = b"x"
    for _ in range(9):
        data = gzip.compress(data)
    with pytest.raises(NotOpened, match="files in files in files"):
        list(Opener().read("a.gz", data))


def test_what_two_pages_share_is_read_once() -> None:
    opener = Opener()
    page = f"<nav>{SAID}</nav><p>%s</p>"
    first = "".join(each.text for each in opener.read("a.html", text(page % "one")))
    second = "".join(each.text for each in opener.read("b.html", text(page % "two")))
    assert WORD in first
    assert WORD not in second
    assert "two" in second


def test_the_same_file_under_two_names_is_opened_under_both(tmp_path: Path) -> None:
    """Otherwise a name that promises something else would go through behind a good one."""
    opener = Opener()
    list(opener.read("a.zip", packed({"x.txt": b"x"})))
    with pytest.raises(NotOpened):
        list(opener.read("a.png", packed({"x.txt": b"x"})))
