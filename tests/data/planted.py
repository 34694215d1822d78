"""Media that tell on people: one of each kind, with marks where cameras and programs write.

Every planted word begins with `Planted`, so that a search of the bytes finds each of them; places
are in `PLACE`. `make` writes the file and says under which name.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw

PLACE = ("-GPSLatitude=46.2", "-GPSLatitudeRef=N", "-GPSLongitude=12.3", "-GPSLongitudeRef=E")
SHAPE = (120, 80)


def drawn(mode: str = "RGB", shift: int = 0) -> Image.Image:
    """A page of work with an arrow that points up, so that a turned one shows."""
    ground = (255, 255, 255, 0) if mode == "RGBA" else "white"
    image = Image.new(mode, SHAPE, ground)
    pen = ImageDraw.Draw(image)
    pen.polygon([(20 + shift, 40), (40 + shift, 10), (60 + shift, 40)], fill="navy")
    pen.rectangle((70, 50, 110, 70), fill="darkred")
    return image


def exiftool(path: Path, *words: str) -> None:
    """Write tags into a file."""
    command = ["exiftool", "-q", "-overwrite_original", "-m", *words, str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


def ffmpeg(*words: str | Path) -> None:
    """Make a clip."""
    command = ["ffmpeg", "-v", "error", "-y", *map(str, words)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


_CAMERA = (
    *PLACE,
    "-Make=PlantedMake",
    "-Model=PlantedModel",
    "-SerialNumber=PlantedSerial",
    "-Artist=PlantedArtist",
    "-Copyright=PlantedRights",
    "-ImageDescription=PlantedWords",
    "-UserComment=PlantedRemark",
    "-DateTimeOriginal=2030:01:02 03:04:05",
    "-XMP-dc:Creator=PlantedXmp",
    "-XMP-exif:GPSLatitude=46.2",
    "-XMP-exif:GPSLongitude=12.3",
)


def thumbnail(folder: Path) -> str:
    """The option that plants a small picture."""
    small, out = folder / "thumbnail.jpg", BytesIO()
    Image.new("RGB", (16, 12), "red").save(out, "JPEG", comment=b"PlantedThumbnail")
    small.write_bytes(out.getvalue())
    return f"-ThumbnailImage<={small}"


def jpeg(path: Path) -> None:
    camera = Image.Exif()
    camera.get_ifd(0x8769)[0x927C] = b"PlantedMakerNote"
    turned = drawn().transpose(Image.Transpose.ROTATE_90)
    turned.save(path, comment=b"PlantedComment", quality=95, exif=camera)
    iptc = ("-IPTC:By-line=PlantedIptc", "-IPTC:City=PlantedCity", "-Orientation#=6")
    exiftool(path, *_CAMERA, *iptc, thumbnail(path.parent))
    with path.open("ab") as file:
        file.write(b"\0" * 2000 + b"PlantedBehindTheEnd")


def png(path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    words.add_text("Author", "PlantedAuthor")
    words.add_itxt("Comment", "PlantedItxt", zip=False)
    image = drawn("RGBA")
    image.save(path, pnginfo=words)
    exiftool(path, *_CAMERA)
    with path.open("ab") as file:
        file.write(b"PlantedBehindTheEnd")


def webp(path: Path) -> None:
    drawn().save(path, quality=95)
    exiftool(path, *_CAMERA)


def avif(path: Path) -> None:
    drawn().save(path, quality=90)
    exiftool(path, *_CAMERA)


def gif(path: Path) -> None:
    frames = [drawn(shift=shift) for shift in (0, 10, 20)]
    frames[0].save(
        path,
        save_all=True,
        append_images=frames[1:],
        duration=[100, 200, 300],
        loop=2,
        comment=b"PlantedGif",
    )
    exiftool(path, "-Comment=PlantedComment", "-XMP-dc:Creator=PlantedXmp")
    with path.open("ab") as file:
        file.write(b"PlantedBehindTheEnd")


SVG = """<?xml version="1.0"?>
<?xml-stylesheet href="PlantedSheet.css"?>
<!-- PlantedComment -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" viewBox="0 0 120 80"
 inkscape:export-filename="/home/PlantedHome/a.png" onload="PlantedLoad()" data-x="PlantedData">
<title>An arrow</title>
<metadata><rdf:RDF>PlantedRdf</rdf:RDF></metadata>
<script>PlantedScript()</script>
<style>@import url("https://planted.example/PlantedImport.css");
.ink { fill: navy; background: url(https://planted.example/PlantedUrl.png) }</style>
<defs><linearGradient id="g"><stop offset="0" stop-color="navy"/><stop offset="1"
 stop-color="teal"/></linearGradient></defs>
<a xlink:href="javascript:PlantedLink()"><polygon class="ink" points="20,40 40,10 60,40"
 onclick="PlantedClick()"/></a>
<rect x="70" y="50" width="40" height="20" style="fill:url(#g);-inkscape-x:PlantedStyle"/>
<text x="5" y="70" font-size="9">49 + 36<set attributeName="href" to="PlantedSet"/></text>
<image x="100" y="5" width="12" height="12" href="data:image/jpeg;base64,%s"/>
</svg>
"""


def svg(path: Path) -> None:
    import base64

    inner = path.with_name("inner.jpg")
    drawn().save(inner, comment=b"PlantedInside")
    exiftool(inner, *_CAMERA)
    path.write_text(SVG % base64.b64encode(inner.read_bytes()).decode(), encoding="utf-8")


_MOVING = ("-f", "lavfi", "-i", "testsrc=size=128x96:rate=10:duration=3")
_SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:duration=3")


def _chapters(folder: Path) -> Path:
    file = folder / "chapters.txt"
    lines = [";FFMETADATA1", "[CHAPTER]", "TIMEBASE=1/1", "START=0", "END=2"]
    file.write_text("\n".join([*lines, "title=PlantedChapter", ""]))
    return file


def mp4(path: Path) -> None:
    """H.264 with x264's own message in its pictures, sound, words over time, and a cover."""
    words = path.with_name("words.srt")
    words.write_text("1\n00:00:00,000 --> 00:00:02,000\nPlantedSubtitle\n\n")
    ffmpeg(
        *(*_MOVING, *_SOUND, "-i", words, "-i", _chapters(path.parent), "-map_metadata", "3"),
        *("-map", "0:v", "-map", "1:a", "-map", "2:s", "-c:v", "libx264", "-pix_fmt", "yuv420p"),
        *("-bsf:v", "h264_metadata=sei_user_data=086f3693b7b34f2c965321492feee5b8+PlantedSei"),
        *("-c:a", "aac", "-c:s", "mov_text", "-timecode", "01:02:03:04", "-t", "3"),
        *("-metadata", "title=PlantedTitle", "-metadata", "comment=PlantedComment"),
        *("-metadata", "location=+46.2+012.3/", "-metadata", "creation_time=2030-01-02T03:04:05Z"),
        *("-metadata:s:v", "handler_name=PlantedHandler", "-movflags", "use_metadata_tags"),
        path,
    )
    exiftool(
        path,
        "-XMP-dc:Creator=PlantedXmp",
        "-Keys:Make=PlantedMake",
        "-Keys:Model=PlantedModel",
        "-Keys:GPSCoordinates=46.2, 12.3, 0",
        "-UserData:Author=PlantedAuthor",
    )


def webm(path: Path) -> None:
    """VP9 and Vorbis, whose own head carries notes; an attachment, a chapter and tags."""
    attached = path.with_name("PlantedAttached.txt")
    attached.write_text("PlantedInside")
    matroska = path.with_name("webm.mkv")
    ffmpeg(
        *(*_MOVING, *_SOUND, "-i", _chapters(path.parent), "-map_metadata", "2"),
        *("-map", "0:v", "-map", "1:a", "-c:v", "libvpx-vp9", "-deadline", "realtime"),
        *("-cpu-used", "8", "-b:v", "200k", "-c:a", "libvorbis"),
        *("-attach", attached, "-metadata:s:t", "mimetype=text/plain"),
        *("-metadata", "title=PlantedTitle", "-metadata", "artist=PlantedArtist"),
        *("-metadata", "LOCATION=+46.2+012.3/PlantedPlace"),
        *("-metadata:s:a", "comment=PlantedSound"),
        matroska,
    )
    data = matroska.read_bytes().replace(b"matroska", b"webm\0\0\0\0", 1)
    path.write_bytes(re.sub(rb"(?s)(?<=\x03vorbis)(.)(\0\0\0)(.{13})", _singer, data, count=1))
    matroska.unlink()


def _singer(head: re.Match[bytes]) -> bytes:
    """A name in the place of the first letters of the program that Vorbis says it was made by."""
    assert head[1][0] >= 13
    return head[1] + head[2] + b"PlantedSinger"


def pdf(path: Path) -> None:
    """Two pages with text, links, a photo, notes, a file inside, scripts and an earlier version."""
    photo = path.with_name("inside-paper.jpg")
    drawn().save(photo, comment=b"PlantedPhoto")
    exiftool(photo, *_CAMERA)
    made = pikepdf.new()
    picture = made.make_stream(photo.read_bytes())
    scanner = made.make_stream(b"PlantedScanner", N=3)
    for key, value in {
        "/Type": Name.XObject,
        "/Subtype": Name.Image,
        "/Width": SHAPE[0],
        "/Height": SHAPE[1],
        "/ColorSpace": Array([Name.ICCBased, scanner]),
        "/BitsPerComponent": 8,
        "/Filter": Name.DCTDecode,
        "/Metadata": made.make_stream(b"<x>PlantedStreamXmp</x>"),
    }.items():
        picture[key] = value
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for number in (1, 2):
        page = made.add_blank_page(page_size=(300, 200))
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(Im1=picture))
        words = f"BT /F1 12 Tf 20 150 Td (Page {number}: how many seats?) Tj ET"
        page.obj.Contents = made.make_stream(
            f"{words} q 90 0 0 60 20 40 cm /Im1 Do Q % PlantedRemark\n".encode()
        )
        page.obj.LastModified = String("D:20300102030405")
        page.obj.PieceInfo = Dictionary(Draw=Dictionary(Private=String("PlantedPiece")))
        page.obj.Thumb = made.make_stream(b"PlantedThumbnail")
        page.obj.AA = Dictionary(O=_script())
        page.obj.Annots = Array(_notes(made))
    made.Root.OpenAction = _script()
    made.Root.Lang = String("en")
    made.Root.MarkInfo = Dictionary(Marked=True)
    tag = Dictionary(Type=Name.StructElem, S=Name.Figure, Alt=String("An arrow"))
    made.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=made.make_indirect(tag))
    made.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("PlantedName"), _script()]))
    )
    inside = pikepdf.AttachedFileSpec(made, b"PlantedInside", filename="PlantedFile.txt")
    made.attachments["PlantedFile.txt"] = inside
    with made.open_metadata() as words_of:
        words_of["dc:creator"] = ["PlantedXmp"]
    made.docinfo["/Author"] = String("PlantedAuthor")
    made.docinfo["/Title"] = String("PlantedTitle")
    made.save(
        path,
        static_id=True,
        compress_streams=False,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
    )
    exiftool(path, "-Author=PlantedLater")  # an update behind the end: the older one stays inside


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert('PlantedScript')"))


def _notes(made: pikepdf.Pdf) -> list[Dictionary]:
    rect = Array([20, 20, 60, 30])

    def note(kind: Name, **more: object) -> Dictionary:
        return made.make_indirect(Dictionary(Type=Name.Annot, Subtype=kind, Rect=rect, **more))

    def leads(**action: object) -> Dictionary:
        return note(Name.Link, A=Dictionary(**action))

    return [
        leads(S=Name.URI, URI=String("https://manual.example/protocol")),
        leads(S=Name.URI, URI=String("file:///home/Planted/a.txt")),
        leads(S=Name.Launch, F=String("PlantedLaunch.exe")),
        note(Name.Text, T=String("PlantedReader"), Contents=String("PlantedNote")),
        note(
            Name.Highlight,
            T=String("PlantedReader"),
            Contents=String("PlantedHighlight"),
            QuadPoints=Array([20, 30, 60, 30, 20, 20, 60, 20]),
        ),
    ]


SAMPLES: dict[str, Callable[[Path], None]] = {
    "photo.jpg": jpeg,
    "board.png": png,
    "poster.webp": webp,
    "desk.avif": avif,
    "moves.gif": gif,
    "arrow.svg": svg,
    "film.mp4": mp4,
    "film.webm": webm,
    "paper.pdf": pdf,
}


def read_tags(*paths: Path) -> dict[str, dict[str, dict[str, object]]]:
    """What exiftool finds in each file: tags by group, by the file's name."""
    command = ["exiftool", "-a", "-u", "-g1", "-ee3", "-json", "-api", "LargeFileSupport=1"]
    done = subprocess.run(
        [*command, *map(str, paths)],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return {Path(each.pop("SourceFile")).name: each for each in json.loads(done.stdout)}
