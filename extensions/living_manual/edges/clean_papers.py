"""PDF files written anew through pikepdf: the pages, their text, tags and links, and nothing else.

qpdf writes only what the pages still lead to, so that earlier versions of the file are gone as
well. What says who made it, with what, when and about whom is taken away before; so is all that
runs or opens something.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from living_manual.edges.refusal import RefusalError


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: What the document as a whole, and each page, may say; the rest is left out.
_ROOT = _words(
    "/Type /Version /Pages /PageLabels /Outlines /Dests /Names /AcroForm /StructTreeRoot "
    "/MarkInfo /Lang /ViewerPreferences /PageLayout /OCProperties"
)
_PAGE = _words(
    "/Type /Parent /Resources /MediaBox /CropBox /BleedBox /TrimBox /ArtBox /Contents /Rotate "
    "/Group /Annots /StructParents /Tabs /UserUnit"
)
#: What no part may say: who, when, with which program; files inside; what runs when it is opened.
_NEVER = _words(
    "/Metadata /PieceInfo /LastModified /Thumb /AA /OpenAction /JS /AF /EF /XFA /CreatorInfo "
    "/Info /Measure /PtData /OPI /Alternates /SourceModified /DSS /Perms /SigFlags "
    "/PA /Author /Creator /Producer"
)
#: Notes upon a page that draw something; those that only speak to readers are left out.
_DRAWN = _words(
    "/Link /Widget /FreeText /Highlight /Underline /Squiggly /StrikeOut /Ink /Square /Circle "
    "/Line /Polygon /PolyLine /Stamp /Watermark"
)
#: What a note says of its author, its time and its answers.
_OF_NOTES = ("/T", "/Popup", "/M", "/NM", "/Subj", "/CreationDate", "/RC", "/IRT", "/RT", "/ExData")
_PLACES = {"/GoTo", "/Named"}
_SCHEMES = ("https://", "http://", "mailto:")
_MOST_OBJECTS = 500_000
_MOST_INFLATED = 100_000_000
_PRINT = "Open it and print it to a new PDF, then use that one."


def clean_paper(data: bytes) -> bytes:
    """The PDF made anew. Raises `RefusalError`."""
    if not data:
        raise RefusalError("is empty")
    try:
        with pikepdf.open(
            BytesIO(data), attempt_recovery=False, inherit_page_attributes=True
        ) as pdf:
            if pdf.is_encrypted:
                raise RefusalError("is locked", "Save it again without a password.")
            return _written(pdf)
    except pikepdf.PasswordError as error:
        raise RefusalError("is locked", "Save it again without a password.") from error
    except RefusalError:
        raise
    except Exception as error:  # whatever a part that is not as it should be makes of our reading
        raise RefusalError("is cut off or damaged", _PRINT) from error


def _written(pdf: pikepdf.Pdf) -> bytes:
    if not len(pdf.pages):
        raise RefusalError("has no pages", _PRINT)
    for key in list(pdf.trailer.keys()):
        if key not in ("/Root", "/Size", "/ID"):
            del pdf.trailer[key]
    _only(pdf.Root, _ROOT)
    if "/Names" in pdf.Root:
        _only(pdf.Root.Names, frozenset(("/Dests",)))
    for page in pdf.pages:
        _only(page.obj, _PAGE)
        if "/Annots" in page.obj:
            page.obj.Annots = Array([note for note in page.obj.Annots if _shown(note)])
        page.contents_coalesce()
        if "/Contents" in page.obj and b"%" in page.obj.Contents.read_bytes():
            page.obj.Contents = Stream(pdf, _without_remarks(page.obj))
    for number, part in enumerate(_parts(pdf.Root)):
        if number > _MOST_OBJECTS:
            raise RefusalError("has far too many parts", _PRINT)
        _clean(part)
    out = BytesIO()
    pdf.remove_unreferenced_resources()
    pdf.save(
        out,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        fix_metadata_version=False,
    )
    return out.getvalue()


def _without_remarks(drawn: Any) -> bytes:
    """What is drawn, without remarks between its steps (`%` to the end of a line)."""
    return pikepdf.unparse_content_stream(pikepdf.parse_content_stream(drawn))


def _only(part: Any, allowed: frozenset[str]) -> None:
    for key in list(part.keys()):
        if key not in allowed:
            del part[key]


def _shown(note: Any) -> bool:
    return isinstance(note, Dictionary) and str(note.get("/Subtype")) in _DRAWN


def _parts(root: Any) -> Iterator[Any]:
    """Every dictionary, stream and list that the document leads to, each once.

    A part is given before what is in it, so that what is taken away is not gone into.
    """
    waiting, seen = [root], set[tuple[int, int]]()
    while waiting:
        part = waiting.pop()
        if part.is_indirect:
            if part.objgen in seen:
                continue
            seen.add(part.objgen)
        yield part
        inside = part if isinstance(part, Array) else [value for _, value in part.items()]
        waiting += [each for each in inside if isinstance(each, Array | Dictionary | Stream)]


def _clean(part: Any) -> None:
    """Take away what this part may not say."""
    if isinstance(part, Array):
        for at, each in enumerate(part):
            if plain := _plain_colours(each):
                part[at] = plain
        return
    for key in list(part.keys()):
        value = part[key]
        if key in _NEVER or _is_file(value) or _is_signature(value):
            del part[key]
        elif key == "/A" and isinstance(value, Dictionary) and "/S" in value:
            if not _harmless(value):
                del part[key]
        elif plain := _plain_colours(value):
            part[key] = plain
    if str(part.get("/Subtype")) in _DRAWN and "/Rect" in part:
        _clean_note(part)
    if isinstance(part, Stream):
        if "/F" in part:  # its data would lie in another file
            del part["/F"]
        _clean_stream(part)
        if part.get("/Subtype") == Name.Form and b"%" in part.read_bytes():
            part.write(_without_remarks(part))


def _clean_note(note: Any) -> None:
    kind = str(note.Subtype)
    for key in _OF_NOTES:
        # Fields of a form are called by their names.
        if key in note and not (kind == "/Widget" and key == "/T"):
            del note[key]
    if kind not in ("/Link", "/Widget", "/FreeText") and "/Contents" in note:
        del note["/Contents"]


def _is_file(value: Any) -> bool:
    return isinstance(value, Dictionary) and (
        value.get("/Type") in (Name.Filespec, Name.F) or "/EF" in value
    )


def _is_signature(value: Any) -> bool:
    return isinstance(value, Dictionary) and "/ByteRange" in value


def _harmless(action: Any) -> bool:
    """Whether an action only leads to a place in the document or to an address of the web."""
    if "/Next" in action:
        del action["/Next"]
    kind = str(action.S)
    if kind == "/URI":
        return str(action.get("/URI", "")).strip().lower().startswith(_SCHEMES)
    return kind in _PLACES


def _plain_colours(value: Any) -> Name | None:
    """The plain colours in place of a profile, which names the device that it describes."""
    if not (isinstance(value, Array) and len(value) == 2 and value[0] == Name.ICCBased):
        return None
    count = int(value[1].get("/N", 0))
    return {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}.get(count)


# ------------------------------------------------------------------------- pictures inside


def _clean_stream(stream: Any) -> None:
    filters = stream.get("/Filter")
    names = [str(each) for each in filters] if isinstance(filters, Array) else [str(filters)]
    last = names[-1]
    clean = _CLEANERS.get(last)
    if clean is None:
        return
    data = stream.read_raw_bytes()
    for name in names[:-1]:
        if name not in ("/FlateDecode", "/Fl"):
            raise RefusalError("holds a picture in a form that cannot be cleaned", _PRINT)
        data = _inflated(data)
    stream.write(clean(data), filter=Name(last), decode_parms=_parameters(stream))


def _parameters(stream: Any) -> Any:
    """The settings of the last filter."""
    given = stream.get("/DecodeParms")
    if isinstance(given, Array):
        given = given[-1] if len(given) else None
    return given if isinstance(given, Dictionary) else None


def _inflated(data: bytes) -> bytes:
    work = zlib.decompressobj()
    found = work.decompress(data, _MOST_INFLATED)
    if work.unconsumed_tail:
        raise RefusalError("holds far too large a picture", _PRINT)
    return found


def clean_jpeg_marks(data: bytes) -> bytes:
    """A JPEG without what cameras write before and behind the picture; its dots stay as they are.

    Adobe's mark (APP14) and the JFIF head say how to read the colours and stay.
    """
    if data[:2] != b"\xff\xd8":
        raise RefusalError("holds a picture that is cut off or damaged", _PRINT)
    kept, at = [data[:2]], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        mark = data[at + 1]
        if mark == 0xFF:  # a filling byte
            at += 1
            continue
        if mark == 0xD9:
            break
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        end = at + 2 + size
        segment = data[at:end]
        if mark == 0xDA:
            end = _end_of_scan(data, end)
            kept.append(data[at:end])
        elif mark == 0xE0 and segment[4:9] == b"JFIF\0":
            kept.append(b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0")
        elif mark == 0xEE and segment[4:9] == b"Adobe":
            kept.append(segment[:16] if size == 14 else segment)
        elif not (0xE0 <= mark <= 0xEF or mark == 0xFE):
            kept.append(segment)
        at = end
    if at < len(data) and data[at] != 0xFF:
        raise RefusalError("holds a picture that is cut off or damaged", _PRINT)
    return b"".join(kept) + b"\xff\xd9"


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next mark stands that is no part of the picture's own data."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
            at += 2
        else:
            return at


def _clean_jpx(data: bytes) -> bytes:
    """JPEG 2000 without boxes of notes (uuid, xml, uuid information; ISO/IEC 15444-1)."""
    if data[4:8] != b"jP  ":
        return data  # the bare picture, which has no boxes
    kept, at = [], 0
    while at + 8 <= len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        end = at + size if size else len(data)
        if end <= at + 7 or end > len(data):
            raise RefusalError("holds a picture that is cut off or damaged", _PRINT)
        if name not in (b"uuid", b"xml ", b"uinf", b"jp2i"):
            kept.append(data[at:end])
        at = end
    return b"".join(kept)


_CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    "/DCTDecode": clean_jpeg_marks,
    "/DCT": clean_jpeg_marks,
    "/JPXDecode": _clean_jpx,
}
