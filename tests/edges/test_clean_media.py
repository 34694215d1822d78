"""Media made clean: nothing that tells on people is left, and all that is to be seen stays.

Other programs look at what came out (exiftool, ffprobe, qpdf's streams), and at what went in: a
mark that they do not find in the original would prove nothing.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import av
import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image, ImageChops, ImageCms, ImageSequence, ImageStat

from living_manual.core.drawing import ELEMENTS, attribute, declarations, style_sheet
from living_manual.edges.clean_drawings import clean_drawing
from living_manual.edges.clean_media import KINDS, clean, clean_file, publish_file
from living_manual.edges.media import look_at_video
from living_manual.edges.refusal import RefusalError
from tests.data.planted import SAMPLES, SHAPE, drawn, ffmpeg, read_tags
from tests.sites import KIT, SAMPLE
from tests.tools import require_program

PICTURES = [name for name in SAMPLES if KINDS[Path(name).suffix] == "picture"]
CLIPS = ["film.mp4", "film.webm"]
SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Made:
    """The planted samples and what came of them, with what exiftool reads in each."""

    before: Path
    after: Path

    def tags(self, folder: Path) -> dict[str, dict[str, dict[str, object]]]:
        return read_tags(*(folder / name for name in SAMPLES))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    for program in ("exiftool", "ffmpeg", "ffprobe"):
        require_program(program)
    folder = tmp_path_factory.mktemp("media")
    found = Made(folder / "before", folder / "after")
    for each in (found.before, found.after):
        each.mkdir()
    for name, make in SAMPLES.items():
        make(found.before / name)
        (found.after / name).write_bytes(clean(found.before / name))
    return found


# ------------------------------------------------------------------------- nothing is left

#: What exiftool may tell of a clean file, by its own groups: how large it is and how it is packed.
SAID = {
    "ExifTool": r"ExifToolVersion",
    "System": r"\w+",
    "File": r"FileType\w*|MIMEType|Image(Width|Height)|EncodingProcess|BitsPerSample|"
    r"ColorComponents|YCbCrSubSampling",
    "Composite": r"ImageSize|Megapixels|AvgBitrate|Rotation",
    "JFIF": r"JFIFVersion|ResolutionUnit|[XY]Resolution",
    "PNG": r"Image(Width|Height)|BitDepth|ColorType|Compression|Filter|Interlace",
    "RIFF": r"VP8Version|Image(Width|Height)|(Horizontal|Vertical)Scale",
    "GIF": r"GIFVersion|Image(Width|Height)|HasColorMap|ColorResolutionDepth|BitsPerPixel|"
    r"BackgroundColor|AnimationIterations|FrameCount|Duration",
    "SVG": r"Xmlns|ViewBox|Title",
    "Meta": r"PrimaryItemReference",
    "QuickTime": r"(Major|Compatible)Brands?|MinorVersion|HandlerType|HandlerVendorID|"
    r"ImageSpatialExtent|ImagePixelDepth|AV1ConfigurationVersion|Seq\w+|HighBitDepth|"
    r"TwelveBit|Chroma\w+|InitialDelaySamples|ColorProfiles|ColorPrimaries|"
    r"TransferCharacteristics|MatrixCoefficients|VideoFullRangeFlag|MediaData\w*|"
    r"MovieHeaderVersion|TimeScale|Duration|PreferredRate|PreferredVolume|MatrixStructure|"
    r"(Preview|Poster|Selection|Current)(Time|Duration)|NextTrackID|Free|CreateDate|ModifyDate",
    "Track": r"TrackHeaderVersion|(Track|Media)(Create|Modify)Date|Track(ID|Duration|Layer|"
    r"Volume|Number|UID|Lacing|Language|Default|Type)|MatrixStructure|(Source)?Image(Width|"
    r"Height)|Unknown_(edts|esds|btrt)|MediaHeaderVersion|Media(TimeScale|Duration|"
    r"LanguageCode)|HandlerType|GraphicsMode|OpColor|CompressorID|[XY]Resolution|BitDepth|"
    r"AVCConfiguration|PixelAspectRatio|BufferSize|MaxBitrate|AverageBitrate|VideoFrameRate|"
    r"\w*Table|CompositionTimeToSample|SampleToChunk|SampleSizes|ChunkOffset|Balance|Audio\w+|"
    r"SampleGroupDescription|SampleToGroup|CodecID|CodecPrivate|VideoScanType|ColorRepresentation|"
    r"Matroska_0x\w+",
    "Matroska": r"EBML\w+|DocType\w*|Seek\w+|TimecodeScale|MuxingApp|WritingApp|TagTrackUID|"
    r"Duration|Cue\w+|Matroska_0x\w+",
    "PDF": r"PDFVersion|Linearized|Language|PageCount|TaggedPDF|EmbeddedImage\w*",
}
_DATES = re.compile(r"(Create|Modify)Date")
#: What a program writes of itself.
_PLAIN = {"MuxingApp": "Lavf", "WritingApp": "Lavf", "Title": "An arrow"}


def opened_up(path: Path) -> bytes:
    """The bytes of a file, and of what is packed inside it."""
    data = path.read_bytes()
    if path.suffix == ".pdf":
        with pikepdf.open(path) as paper:
            whole = [each for each in paper.objects if isinstance(each, pikepdf.Stream)]
            data += b"".join(each.read_raw_bytes() for each in whole)
            data += b"".join(
                each.read_bytes() for each in whole if "/DCTDecode" not in str(each.get("/Filter"))
            )
            data += b"".join(each.unparse(resolved=True) for each in paper.objects)
    if path.suffix == ".svg":
        for embedded in re.findall(rb"base64,([^\"]+)", data):
            data += base64.b64decode(embedded)
    return data


@pytest.mark.parametrize("name", SAMPLES)
def test_no_planted_word_is_left(name: str, made: Made) -> None:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        assert "Planted".encode(encoding) not in opened_up(made.after / name)
    assert len(set(re.findall(rb"Planted[A-Z]\w+", opened_up(made.before / name)))) >= 3


def test_exiftool_finds_nothing_but_sizes(made: Made) -> None:
    before, after = made.tags(made.before), made.tags(made.after)
    assert before.keys() == after.keys() == SAMPLES.keys()
    for name, groups in after.items():
        assert "Planted" in json.dumps(before[name]), name  # it would have seen them
        for group, tags in groups.items():
            allowed = re.compile(SAID.get(re.sub(r"\d+$", "", group), r"(?!)"))
            for tag, value in tags.items():
                assert allowed.fullmatch(tag), f"{name}: {group}: {tag}: {value}"
                if _DATES.search(tag) and group != "System":
                    assert value == "0000:00:00 00:00:00", f"{name}: {tag}"
                assert group == "System" or value == _PLAIN.get(tag, value), f"{name}: {tag}"


def test_exiftool_saw_the_place_and_the_camera_before(made: Made) -> None:
    before = made.tags(made.before)
    for name in ("photo.jpg", "board.png", "poster.webp", "desk.avif", "paper.pdf"):
        assert {"GPS", "IFD0", "ExifIFD", "XMP-exif"} <= before[name].keys(), name
    assert {"IPTC", "IFD1", "XMP-dc"} <= before["photo.jpg"].keys()
    assert {"Keys", "UserData", "Track3", "Track4"} <= before["film.mp4"].keys()
    assert {"Chapter1"} <= before["film.webm"].keys()


def probed(path: Path) -> dict[str, list[dict[str, object]]]:
    """What ffprobe tells of a clip."""
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams"]
    done = subprocess.run(
        [*command, "-show_chapters", str(path)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    found: dict[str, list[dict[str, object]]] = json.loads(done.stdout)
    return found


#: Tags that ffprobe makes of a file's own form.
FORM = {
    *("major_brand", "minor_version", "compatible_brands", "language", "vendor_id", "DURATION"),
    "ENCODER",
    "encoder",
}


@pytest.mark.parametrize("name", CLIPS)
def test_ffprobe_finds_pictures_and_sound_only(name: str, made: Made) -> None:
    before, after = probed(made.before / name), probed(made.after / name)
    assert len(before["streams"]) > 2
    assert before["chapters"]
    assert [each["codec_type"] for each in after["streams"]] == ["video", "audio"]
    assert after["chapters"] == []
    for part in (*after["streams"], after["format"]):
        tags = part.get("tags", {})  # type: ignore[attr-defined]
        assert tags.keys() <= FORM, tags
        assert tags.get("encoder", "Lavf") == "Lavf"


# ------------------------------------------------------------------- all to be seen stays


def differ(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures, from 0 to 255; what shows through counts as white."""
    white = Image.new("RGBA", one.size, "white")
    flat = [Image.alpha_composite(white, each.convert("RGBA")) for each in (one, other)]
    return max(ImageStat.Stat(ImageChops.difference(*flat)).mean)


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_look_as_before(name: str, made: Made) -> None:
    with Image.open(made.after / name) as image:
        assert image.size == SHAPE  # upright: the photo lies on its side in the file
        expected = drawn("RGBA" if name == "board.png" else "RGB")
        assert differ(image, expected) < 2.5
        assert set(image.info) <= {*FRAME_INFO, "jfif", "jfif_version", "jfif_unit", "jfif_density"}


FRAME_INFO = (
    *("duration", "loop", "version", "background", "extension", "transparency", "timestamp"),
    *("progressive", "progression", "bbox", "disposal"),
)


def test_what_shows_through_stays_open_and_hides_nothing(made: Made, tmp_path: Path) -> None:
    with Image.open(made.after / "board.png") as image:
        assert image.mode == "RGBA"
        assert image.getpixel((0, 0)) == (0, 0, 0, 0)
    rubbed_out = drawn("RGBA")
    rubbed_out.putalpha(0)  # all of it; the colours are still there
    rubbed_out.save(tmp_path / "gone.png")
    with Image.open(BytesIO(clean(tmp_path / "gone.png"))) as image:
        assert image.convert("RGBA").getextrema() == ((0, 0),) * 4


def test_a_picture_of_few_colours_stays_small(tmp_path: Path) -> None:
    """A page to print, with no dot another, and no larger than it was."""
    path = tmp_path / "page.png"
    few = drawn().resize((1200, 800)).quantize(200, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    data = clean(path)
    with Image.open(BytesIO(data)) as image:
        assert image.mode == "P"
        assert ImageChops.difference(image.convert("RGB"), few.convert("RGB")).getbbox() is None
    assert len(data) < 1.1 * path.stat().st_size


def moving(folder: Path, ending: str, mode: str) -> Path:
    frames = [drawn(mode, shift) for shift in (0, 10, 20, 30)]
    more = {} if ending == "avif" else {"loop": 3}
    if mode == "RGBA" and ending == "gif":
        more["disposal"] = 2
    path = folder / f"moves.{ending}"
    times = [100, 200, 300, 400]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=times, **more)
    return path


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("ending", ["gif", "webp", "png", "avif"])
def test_moving_pictures_keep_their_frames_and_times(
    ending: str, mode: str, tmp_path: Path
) -> None:
    path = moving(tmp_path, ending, mode)
    with Image.open(path) as old, Image.open(BytesIO(clean(path))) as new:
        assert new.info.get("loop") == old.info.get("loop")
        assert new.n_frames == old.n_frames == 4  # type: ignore[attr-defined]
        pairs = zip(ImageSequence.Iterator(old), ImageSequence.Iterator(new), strict=True)
        for before, after in pairs:
            before.load()
            after.load()
            assert after.info["duration"] == before.info["duration"]
            assert differ(before, after) < 3
            assert after.convert("RGBA").getpixel((0, 0))[3] == (0 if mode == "RGBA" else 255)


def test_colours_of_a_profile_become_those_of_every_screen(tmp_path: Path) -> None:
    """A profile with red and blue the other way round shows that it was followed, not dropped."""
    lab = ImageCms.createProfile("LAB")
    assert lab
    path = tmp_path / "photo.jpg"
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))
    Image.new("RGB", (40, 40), (250, 10, 10)).save(path, quality=98, icc_profile=swapped)
    with Image.open(BytesIO(clean(path))) as image:
        red, _, blue = image.getpixel((20, 20))
        assert blue > 200 > 100 > red
        assert "icc_profile" not in image.info


@pytest.mark.parametrize("name", CLIPS)
def test_clips_show_the_same_and_last_as_long(name: str, made: Made) -> None:
    with av.open(str(made.before / name)) as old, av.open(str(made.after / name)) as new:
        assert old.duration
        assert new.duration
        assert abs(old.duration - new.duration) < 30_000  # microseconds
    for kind in ("video", "audio"):
        packets = []
        for folder in (made.before, made.after):
            with av.open(str(folder / name)) as clip:
                stream = getattr(clip.streams, kind)[0]
                packets.append([bytes(packet) for packet in clip.demux(stream) if packet.size])
        assert len(packets[0]) == len(packets[1]) > 20
        if (name, kind) != ("film.mp4", "video"):  # there, a message stood between pictures
            assert packets[0] == packets[1]
    with av.open(str(made.before / name)) as old, av.open(str(made.after / name)) as new:
        frames = [[f.to_image().tobytes() for f in each.decode(video=0)] for each in (old, new)]
    assert frames[0] == frames[1]


def test_a_clip_begins_with_its_index(made: Made) -> None:
    """So that a browser can go to any place before the whole clip is there."""
    data = (made.after / "film.mp4").read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")
    data = (made.after / "film.webm").read_bytes()
    assert 0 < data.find(b"\x1c\x53\xbb\x6b") < data.find(b"\x1f\x43\xb6\x75")  # cues, cluster


def test_a_clip_that_was_held_upright_stays_so(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes((made.before / "film.mp4").read_bytes())
    subprocess.run(["exiftool", "-q", "-overwrite_original", "-Rotation=90", path], check=True)
    (tmp_path / "clean.mp4").write_bytes(clean(path))
    assert read_tags(tmp_path / "clean.mp4")["clean.mp4"]["Composite"]["Rotation"] == 90


def test_a_paper_keeps_text_links_and_tags(made: Made) -> None:
    texts = []
    for folder in (made.before, made.after):
        paper = pypdfium2.PdfDocument(folder / "paper.pdf")
        texts.append([page.get_textpage().get_text_bounded() for page in paper])
        paper.close()
    assert texts[0] == texts[1]
    assert "Page 2: how many seats?" in texts[1][1]
    with pikepdf.open(made.after / "paper.pdf") as paper:
        assert str(paper.Root.StructTreeRoot.K.Alt) == "An arrow"
        assert str(paper.Root.Lang) == "en"
        notes = list(paper.pages[0].Annots)
        addresses = [str(note.A.URI) for note in notes if "/A" in note]
        assert addresses == ["https://manual.example/protocol"]
        assert "/Highlight" in [str(note.Subtype) for note in notes]
        assert "/Text" not in [str(note.Subtype) for note in notes]
        photo = paper.pages[0].Resources.XObject.Im1.read_raw_bytes()
    with Image.open(BytesIO(photo)) as image:
        assert differ(image, drawn()) < 6
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_drawing_keeps_what_is_drawn(made: Made) -> None:
    root = etree.fromstring((made.after / "arrow.svg").read_bytes())
    names = [etree.QName(each).localname for each in root.iter()]
    assert names.count("polygon") == names.count("rect") == names.count("image") == 1
    assert root.findtext(f"{SVG}text") == "49 + 36"
    assert root.find(f"{SVG}rect").get("style") == "fill:url(#g)"
    assert root.findtext(f"{SVG}style") == ".ink{fill:navy}"
    assert root.find(f"{SVG}g/{SVG}polygon").get("points") == "20,40 40,10 60,40"


OWN_DRAWINGS = [
    KIT / "docs" / "architecture.svg",
    KIT / "extensions" / "living_manual" / "sphinx_ext" / "theme" / "static" / "favicon.svg",
]


@pytest.mark.parametrize("path", OWN_DRAWINGS, ids=lambda path: path.stem)
def test_the_kits_own_drawings_lose_nothing(path: Path) -> None:
    def parts(data: bytes) -> list[object]:
        return [
            (each.tag, sorted(each.attrib.items()), " ".join((each.text or "").split()))
            for each in etree.fromstring(data).iter(etree.Element)
        ]

    before, after = parts(path.read_bytes()), parts(clean(path))
    plain = re.compile(r"[\s;]")
    flat = [re.sub(plain, "", repr(each)) for each in (before, after)]
    assert flat[0] == flat[1]


def test_clips_and_pictures_of_the_sample_go_through() -> None:
    paths = [p for p in sorted(SAMPLE.rglob("*")) if KINDS.get(p.suffix) in ("clip", "text")]
    media = [path for path in paths if path.suffix in (".mp4", ".webm", ".vtt")]
    assert len(media) > 8
    for path in media:
        assert clean(path), path
        if path.suffix == ".vtt":
            assert clean(path) == path.read_bytes()


# ----------------------------------------------------------------------------- the door


def test_the_same_file_gives_the_same_bytes(made: Made) -> None:
    for name in SAMPLES:
        assert clean(made.before / name) == (made.after / name).read_bytes(), name


def test_a_clip_that_says_it_is_endless_is_looked_at(tmp_path: Path) -> None:
    """No place in a file is so far away that it cannot be asked for."""
    path = tmp_path / "a.mp4"
    path.write_bytes(b"\0\0\0\1ftyp\xff\xff\xff\xff\xff\xff\xff\xff" + bytes(64))
    assert look_at_video(path).duration is None


def test_a_file_is_made_once_and_kept_outside_the_site(made: Made, tmp_path: Path) -> None:
    path, kept = made.before / "paper.pdf", tmp_path / "kept"
    first = clean_file(path, kept)
    (there,) = kept.iterdir()
    assert there.read_bytes() == first
    there.write_bytes(b"kept")
    assert clean_file(path, kept) == b"kept"
    publish_file(path, tmp_path / "site" / "a.pdf", kept)
    assert [each.read_bytes() for each in (tmp_path / "site").iterdir()] == [b"kept"]


def test_a_folder_that_cannot_be_written_costs_only_time(made: Made, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("no folder")
    assert clean_file(made.before / "photo.jpg", tmp_path / "kept")


def whole(name: str) -> Callable[[Made], bytes]:
    return lambda made: (made.before / name).read_bytes()


def zipped() -> bytes:
    import zipfile

    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "hello")
    return out.getvalue()


def locked(password: str) -> Callable[[Made], bytes]:
    def make(made: Made) -> bytes:
        out = BytesIO()
        with pikepdf.open(made.before / "paper.pdf") as paper:
            paper.save(out, encryption=pikepdf.Encryption(owner="x", user=password))
        return out.getvalue()

    return make


def sound(made: Made) -> bytes:
    path = made.before / "sound.mp4"
    ffmpeg("-i", made.before / "film.mp4", "-map", "0:a", "-c", "copy", path)
    return path.read_bytes()


def bomb(side: int) -> bytes:
    out = BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    return out.getvalue()


def drawing(inside: str, head: str = "") -> bytes:
    return f'{head}<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'.encode()


#: A dot of a moving picture.
FRAME = b"!\xf9\4\0\1\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0"
#: A part of nine that are each drawn ten times by the next: a milliard shapes in a small file.
LAUGHS = "".join(
    f'<g id="a{level}">' + f'<use href="#a{level - 1}"/>' * 10 + "</g>" for level in range(1, 10)
)
REFUSED: dict[str, tuple[str, bytes | Callable[[Made], bytes], str]] = {
    "empty": ("a.jpg", b"", "is empty"),
    "empty clip": ("a.mp4", b"", "is empty"),
    "empty paper": ("a.pdf", b"", "is empty"),
    "photo named as PNG": ("a.png", whole("photo.jpg"), "is JPEG and not what its name says"),
    "paper named as photo": ("a.jpg", whole("paper.pdf"), "is a PDF file as well"),
    "text named as photo": ("a.jpg", b"hello", "is cut off or damaged"),
    "text named as clip": ("a.webm", b"hello", "is of another kind than its name says"),
    "photo named as paper": ("a.pdf", whole("photo.jpg"), "is cut off or damaged"),
    "clip of the other form": (
        "a.webm",
        whole("film.mp4"),
        "is of another kind than its name says",
    ),
    "sound named as clip": ("a.mp4", sound, "holds no moving pictures"),
    "WebM that says it is endless": (
        "a.webm",
        b"\x1a\x45\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xf0webm",
        "is cut off",
    ),
    "photo cut off": ("a.jpg", lambda made: whole("photo.jpg")(made)[:-4200], "is cut off"),
    "clip cut off": ("a.mp4", lambda made: whole("film.mp4")(made)[:-9000], "is cut off"),
    "WebM cut off": ("a.webm", lambda made: whole("film.webm")(made)[:-900], "is cut off"),
    "paper cut off": ("a.pdf", lambda made: whole("paper.pdf")(made)[:6000], "is cut off"),
    "drawing cut off": ("a.svg", lambda made: whole("arrow.svg")(made)[:-9], "is cut off"),
    "a photo and a zip": (
        "a.jpg",
        lambda made: whole("photo.jpg")(made) + zipped(),
        "is a packed folder (zip) as well",
    ),
    "a photo and a page": (
        "a.jpg",
        lambda made: whole("photo.jpg")(made) + b"<HTML ><script >x</script>",
        "is a page of the web as well",
    ),
    "a picture for a page": (
        "a.gif",
        lambda made: whole("moves.gif")(made) + b"<!DOCTYPE html>",
        "is a page of the web as well",
    ),
    "too many dots": ("a.png", bomb(11_000), "has far too many pixels"),
    "far too many dots": ("a.png", bomb(14_000), "has far too many pixels"),
    "far too many frames": (
        "a.gif",
        b"GIF89a\x01\0\x01\0\x80\0\0" + b"\0" * 6 + FRAME * 2001 + b";",
        "moves for far too long",
    ),
    "locked": ("a.pdf", locked("secret"), "is locked"),
    "locked for changes": ("a.pdf", locked(""), "is locked"),
    "a drawing with entities": (
        "a.svg",
        drawing("&a;", '<!DOCTYPE svg [<!ENTITY a "aaaa">]>'),
        "declares entities",
    ),
    "a drawing that reads a file": (
        "a.svg",
        drawing("&a;", '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>'),
        "declares entities",
    ),
    "a drawing that is a page": (
        "a.svg",
        b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
        "is not of the kind",
    ),
    "a picture elsewhere": (
        "a.svg",
        drawing('<image href="https://elsewhere.example/a.png"/>'),
        "shows a picture that is not inside it",
    ),
    "a drawing in a drawing": (
        "a.svg",
        drawing('<image href="data:image/svg+xml;base64,PHN2Zy8+"/>'),
        "shows a picture that is not inside it",
    ),
    "a broken picture inside": (
        "a.svg",
        drawing('<image href="data:image/png;base64,aGVsbG8="/>'),
        "holds a picture that is cut off",
    ),
    "a web page inside": (
        "a.svg",
        drawing("<foreignObject><p>words</p></foreignObject>"),
        "holds text that only a web page can draw",
    ),
    "a milliard shapes": ("a.svg", drawing(f'<path id="a0"/>{LAUGHS}'), "draws far too much"),
    "a drawing in itself": (
        "a.svg",
        drawing('<g id="a"><use href="#a"/></g>'),
        "draws itself without end",
    ),
    "a long chain": (
        "a.svg",
        drawing("".join(f'<use id="a{n}" href="#a{n + 1}"/>' for n in range(5000))),
        "draws far too much",
    ),
    "a document to write in": ("a.docx", b"PK", "is of a kind that is not published"),
    "a photo of a telephone": ("a.heic", b"\0\0\0\x18ftypheic", "is of a kind that is not"),
    "a page": ("a.html", b"<html>", "is of a kind that is not published"),
    "no ending": ("a", b"hello", "is of a kind that is not published"),
    "a table in Latin-1": ("a.csv", "Écho".encode("latin-1"), "is not UTF-8 text"),
    "bytes as text": ("a.txt", b"a\0b", "is not of the kind its name says"),
    "captions that are none": ("a.vtt", b"hello", "is not of the kind its name says"),
}


@pytest.mark.parametrize(("name", "data", "fault"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_made_clean_is_refused(
    name: str,
    data: bytes | Callable[[Made], bytes],
    fault: str,
    made: Made,
    tmp_path: Path,
) -> None:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data(made))
    with pytest.raises(RefusalError) as refused:
        clean_file(path, tmp_path / "kept")
    assert refused.value.fault.startswith(fault)
    assert re.fullmatch(r"[A-Z].*\.", refused.value.fix)
    assert not (tmp_path / "kept").exists()


def test_a_film_behind_a_photo_is_left_out(made: Made, tmp_path: Path) -> None:
    """Telephones keep a moment of film behind a photo."""
    path = tmp_path / "photo.jpg"
    path.write_bytes(whole("photo.jpg")(made) + whole("film.mp4")(made))
    assert clean(path) == (made.after / "photo.jpg").read_bytes()


def test_notes_in_captions_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "talk.vtt"
    cue = "00:00.000 --> 00:01.000\n<v Student A>NOTE how I moved one."
    path.write_text(
        f"WEBVTT by PlantedName\r\n\r\nNOTE PlantedNote\nmore\r\n\r\nSTYLE\n::cue{{}}\n\n{cue}\n"
    )
    assert clean(path).decode() == f"WEBVTT\n\n{cue}\n"


# ------------------------------------------------------------------- whatever is in a file

_FORBIDDEN = re.compile(
    r"script|javascript:|data:(?!image)|https?:(?!//www\.w3\.org)|@import|on\w+="
)
_NASTY = st.sampled_from(
    [
        *("javascript:alert(1)", "JaVa\tscript:alert(1)", "data:text/html,<script>1</script>"),
        *("url(https://a.example/x)", "url(#a)", "u\\72l(https://a.example)", "#a", "https://a"),
        *("fill:red;background:url(//a.example)", "/**/expression(1)", "x{}@import 'http://a'"),
        *("a:url(javascript:1)", '"', "'", "red", "10 20", "rgb(1,2,3)", "var(--a)", "\\"),
        *("}@import url(https://a.example);a{", "image-set('https://a.example')", "-->", "]]>"),
    ]
)
_NAMES = st.sampled_from(
    [
        *("onload", "onclick", "href", "style", "fill", "class", "id", "d", "xlink:href", "src"),
        *("values", "to", "attributeName", "xml:base", "data-x", "inkscape:label", "filter"),
    ]
)
_ELEMENTS = st.sampled_from(
    [
        *("g", "path", "text", "script", "style", "a", "use", "set", "animate", "image", "title"),
        *("foreignObject", "switch", "metadata", "handler", "h:script", "h:iframe", "listener"),
        *("linearGradient", "feImage", "filter", "link", "iframe", "x:anything"),
    ]
)


def _element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    from xml.sax.saxutils import escape, quoteattr

    def build(name: str, said: dict[str, str], inner: list[str], text: str) -> str:
        attributes = "".join(f" {key}={quoteattr(value)}" for key, value in said.items())
        return f"<{name}{attributes}>{escape(text)}{''.join(inner)}</{name}>"

    said = st.dictionaries(_NAMES, _NASTY, max_size=3)
    return st.builds(build, _ELEMENTS, said, st.lists(children, max_size=3), _NASTY)


_TREES = st.recursive(_element(st.just("")), _element, max_leaves=12)


@settings(max_examples=150)
@given(st.lists(_TREES, max_size=3))
def test_whatever_a_drawing_holds_only_what_is_allowed_comes_out(parts: list[str]) -> None:
    spaces = (
        'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'xmlns:inkscape="urn:i" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:x="urn:x"'
    )
    try:
        out = clean_drawing(f"<svg {spaces}>{''.join(parts)}</svg>".encode())
    except RefusalError:
        return
    root = etree.fromstring(out)
    for each in root.iter():
        assert isinstance(each.tag, str)
        name = etree.QName(each).localname
        assert name in ELEMENTS
        assert etree.QName(each).namespace == SVG[1:-1]
        for key, value in each.attrib.items():
            assert not _FORBIDDEN.search(f"{key}={value}".lower()), f"{key}={value}"
        if name == "style":
            assert not _FORBIDDEN.search((each.text or "").lower())
            assert "url(" not in (each.text or "").replace("url(#", "")
    assert clean_drawing(out) == out


@given(st.text("{}();:@/*\\\"' \nabc#u-url!,<>[]"))
def test_a_style_sheet_cannot_fetch_or_escape(text: str) -> None:
    for out in (style_sheet(text), style_sheet(f"a{{fill:{text}}}"), declarations(text)):
        assert not re.search(r"@(?!media)|\\|<|url\((?!#)", out)
        assert style_sheet(out) == out or "{" not in out
    for name in ("fill", "href", "d", "onload", "class"):
        value = attribute("use", name, text)
        assert value is None or not re.search(r"[<\\]|url\((?!\s*[\"']?#)", value)


@pytest.mark.parametrize("name", SAMPLES)
def test_bytes_changed_anywhere_are_cleaned_or_refused(
    name: str, made: Made, tmp_path: Path
) -> None:
    """Whatever a file holds, the answer is clean bytes or a refusal in words."""
    path, data = tmp_path / name, (made.before / name).read_bytes()

    @settings(max_examples=12 if KINDS[path.suffix] == "clip" else 40)
    @given(st.lists(st.tuples(st.integers(0, len(data) - 1), st.binary(max_size=6)), max_size=6))
    def spoil(changes: list[tuple[int, bytes]]) -> None:
        spoilt = bytearray(data)
        for at, more in changes:
            spoilt[at : at + len(more)] = more
        path.write_bytes(spoilt)
        with suppress(RefusalError):
            assert clean(path)

    spoil()
