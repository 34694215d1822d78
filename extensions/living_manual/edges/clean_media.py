"""The one door for media on their way into the site: made anew, or refused.

Every file that a page shows or offers goes through here, and what comes out is published; the file
as it was saved never is. Which kinds there are stands in `KINDS`; anything else is refused. The
same file gives the same bytes. What was made is kept in a folder outside the site under a digest of
the file and of how it is made (`_recipe`), so that it is made once, and not at every build.
"""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path

from living_manual.edges.fence import files_of_the_kit
from living_manual.edges.refusal import RefusalError

#: Endings of what is published: how pages speak of it.
KINDS = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif"), "picture"),
    ".svg": "drawing",
    **dict.fromkeys((".mp4", ".webm"), "clip"),
    ".pdf": "paper",
    **dict.fromkeys((".csv", ".tsv", ".txt", ".ics", ".json", ".vtt"), "text"),
}
#: What a picture of a page may be.
SHOWN = frozenset(ending for ending, kind in KINDS.items() if kind in ("picture", "drawing"))
_MOST_BYTES = 500_000_000
_ADVICE = {
    "doc docx odt rtf pages ppt pptx odp key xls xlsx ods": "Save it as PDF and offer that; "
    "a table can be saved as CSV.",
    "heic heif tif tiff bmp ico psd svgz": "Save it as JPEG or PNG.",
    "mov avi mkv m4v wmv mpg mpeg": "Save it as MP4 or WebM.",
    "mp3 m4a wav ogg aac flac": "Put the sound into a clip (MP4 or WebM) with captions.",
    "zip 7z rar gz tar": "Offer the files one by one.",
    "htm html xhtml xml js": "Write it as a page of the manual, or save it as PDF.",
}
_PAGE = re.compile(rb"<\s*(?:!doctype\s+html|html[\s>]|script[\s>]|iframe[\s>])", re.IGNORECASE)


def clean(path: Path) -> bytes:
    """The file as it is published. Raises `RefusalError`, and `OSError` of the disk."""
    ending = path.suffix.lower()
    kind = KINDS.get(ending)
    if kind is None:
        raise RefusalError("is of a kind that is not published", _advice(ending))
    size = path.stat().st_size
    if not size:
        raise RefusalError("is empty")
    if size > _MOST_BYTES:
        raise RefusalError("is far too large", "Save it smaller.")
    if kind == "clip":
        from living_manual.edges.clean_films import clean_film

        return clean_film(path)
    data = path.read_bytes()
    if fault := two_in_one(data, ending):
        raise fault
    return _CLEANERS[kind](data, ending)


def two_in_one(data: bytes, ending: str) -> RefusalError | None:
    """Why a file is refused that another program takes for something else than its name says."""
    if KINDS.get(ending) == "text":
        return None
    found = ""
    if ending != ".svg" and _PAGE.search(data):
        found = "a page of the web"
    elif b"PK\x05\x06" in data and zipfile.is_zipfile(BytesIO(data)):
        found = "a packed folder (zip)"
    elif ending != ".pdf" and b"%PDF-" in data[:1024]:
        found = "a PDF file"
    return RefusalError(f"is {found} as well") if found else None


def clean_file(path: Path, kept: Path) -> bytes:
    """As `clean`, from the folder of kept files where it has it, and kept there."""
    digest = file_digest(path)
    with files_of_the_kit():
        return _cleaned(path, digest, kept)


def _cleaned(path: Path, digest: str, kept: Path) -> bytes:
    name = f"clean-{made_digest(digest)}{path.suffix.lower()}"
    with suppress(OSError):
        data = (kept / name).read_bytes()
        os.utime(kept / name)  # the day it was last asked for
        return data
    data = clean(path)
    if file_digest(path) != digest:  # changed while it was read: nobody knows what this is
        return data
    with suppress(OSError):  # a folder that cannot be written keeps nothing
        kept.mkdir(parents=True, exist_ok=True)
        fresh = kept / f".{name}.{os.getpid()}"
        fresh.write_bytes(data)
        fresh.replace(kept / name)
    return data


def publish_file(path: Path, target: Path, kept: Path) -> None:
    """Put the cleaned file at `target`, whole or not at all, unless the same stands there."""
    data = clean_file(path, kept)
    with suppress(OSError):
        if target.stat().st_size == len(data) and target.read_bytes() == data:
            return
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    fresh.write_bytes(data)
    fresh.replace(target)


def file_digest(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def made_digest(digest: str) -> str:
    """Stands for what is made of a file of this digest."""
    return hashlib.sha256(f"{digest} {_recipe()}".encode()).hexdigest()


@cache
def _recipe() -> str:
    """Stands for how files are made: other code, or another library, may make other bytes."""
    import av
    import lxml
    import pikepdf
    import PIL
    from PIL import features

    parts = [features.version(name) for name in ("avif", "jpg", "webp", "zlib")]
    made_with = (PIL.__version__, av.__version__, pikepdf.__version__, lxml.__version__)
    here = Path(__file__).parent
    code = [*sorted(here.glob("clean_*.py")), here.parent / "core" / "drawing.py"]
    digests = [hashlib.sha256(path.read_text("utf-8").encode()).hexdigest() for path in code]
    return repr((digests, made_with, pikepdf.__libqpdf_version__, parts))


def _advice(ending: str) -> str:
    for endings, advice in _ADVICE.items():
        if ending[1:] in endings.split():
            return advice
    return "Offer a PDF file, a picture, a clip or a table (CSV) instead."


# ------------------------------------------------------------------------------ kind by kind


def _picture(data: bytes, ending: str) -> bytes:
    from living_manual.edges.clean_pictures import FORMS, clean_picture

    return clean_picture(data, FORMS[ending])


def _drawing(data: bytes, _ending: str) -> bytes:
    from living_manual.edges.clean_drawings import clean_drawing

    return clean_drawing(data)


def _paper(data: bytes, _ending: str) -> bytes:
    from living_manual.edges.clean_papers import clean_paper

    return clean_paper(data)


def _text(data: bytes, ending: str) -> bytes:
    """Text as it is, less notes that no reader of a clip sees."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusalError("is not UTF-8 text", "Save it again as UTF-8.") from error
    if "\0" in text:
        raise RefusalError("is not of the kind its name says")
    return _timed(text).encode() if ending == ".vtt" else data


def _timed(text: str) -> str:
    """WebVTT without comments, styles and words behind its mark (WebVTT, 4.1)."""
    blocks = re.split(r"\n{2,}", text.replace("\r\n", "\n").replace("\r", "\n").strip("\n"))
    if not blocks[0].startswith("WEBVTT"):
        raise RefusalError("is not of the kind its name says")
    hidden = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t\n]|\Z)")
    shown = [block for block in blocks[1:] if not hidden.match(block)]
    return "\n\n".join(["WEBVTT", *shown]) + "\n"


_CLEANERS: dict[str, Callable[[bytes, str], bytes]] = {
    "picture": _picture,
    "drawing": _drawing,
    "paper": _paper,
    "text": _text,
}
