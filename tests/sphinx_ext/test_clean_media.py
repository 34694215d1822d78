"""Every way by which a file reaches the site: what comes out is clean, or it is refused."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.data.planted import SAMPLES, drawn, read_tags
from tests.exemplars import CLIP
from tests.freshness.site import District
from tests.sites import KIT, TINY, TODAY, Source, check, copy, manual
from tests.tools import require_program

PAGE = "vision/media/index.md"
FOLDER = "vision/media"
TEXT = """\
# Media of every kind

:::{image} photo.jpg
:alt: An arrow, in several sizes.
:::

:::{figure} board.png
:alt: An arrow of its own size.
:width: 50%

An arrow.
:::

:::{image} moves.gif
:alt: An arrow that moves.
:::

![An arrow, drawn](arrow.svg)

![An arrow in WebP](poster.webp)

:::{image} desk.avif
:alt: An arrow in AVIF.
:scale: 50
:::

:::{clip} film.mp4
:title: A talk
:alt: A square moves.
:::

Take the {download}`paper <paper.pdf>`, the [same photo](photo.jpg) and {download}`list.csv`.
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The tiny district with a page that shows and offers each of the planted samples."""
    for program in ("exiftool", "ffmpeg"):
        require_program(program)
    source = copy(TINY, tmp_path_factory.mktemp("media") / "source")
    source.write(PAGE, TEXT)
    for name, make in SAMPLES.items():
        make(source.root / FOLDER / name)
    for spare in ("inner.jpg", "inside-paper.jpg", "thumbnail.jpg", "PlantedAttached.txt"):
        (source.root / FOLDER / spare).unlink()
    drawn().save(source.root / FOLDER / "film.poster.png")
    for kind in ("captions", "chapters", "commentary"):
        cue = "00:00.000 --> 00:01.000\nHello\n"
        source.write(f"{FOLDER}/film.{kind}.vtt", f"WEBVTT\n\nNOTE PlantedNote\n\n{cue}")
    source.write(f"{FOLDER}/list.csv", "what,how many\nseats,85\n")
    source.append("vision/index.md", "\n:::{toctree}\n:hidden:\nmedia/index\n:::\n")
    return source


@pytest.fixture(scope="module")
def site(tiny: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    words = ("--kit", KIT, "--source", tiny.root, "--today", TODAY, "--site", folder)
    said = manual("publish", *words)
    assert said.code == 0, said.out + said.err
    return folder / "current"


def media_of(site: Path) -> list[Path]:
    folders = ("_images", "_media", "_downloads")
    return sorted(path for name in folders for path in (site / name).rglob("*") if path.is_file())


def test_every_kind_is_published_and_nothing_is_left(site: Path, tiny: Source) -> None:
    published = media_of(site)
    endings = {path.suffix for path in published}
    kinds = {".jpg", ".avif", ".png", ".gif", ".svg", ".mp4", ".webm", ".vtt", ".pdf", ".csv"}
    assert endings == kinds
    originals = {path.read_bytes() for path in (tiny.root / FOLDER).iterdir()}
    for path in published:
        data = path.read_bytes()
        assert b"Planted" not in data, path
        assert path.suffix == ".csv" or data not in originals, path
    media = [path for path in published if path.suffix not in (".csv", ".vtt")]
    tags = read_tags(*media)
    assert len(tags) == len({path.name for path in media})
    for name, groups in tags.items():
        assert not {"GPS", "IFD0", "ExifIFD", "IPTC", "Keys", "UserData"} & groups.keys(), name
        assert not [group for group in groups if group.startswith(("XMP", "Chapter"))], name


def test_no_page_or_file_of_the_site_names_what_was_planted(site: Path) -> None:
    for path in site.rglob("*"):
        assert not path.is_file() or b"Planted" not in path.read_bytes(), path


def test_a_page_names_only_files_that_are_there(site: Path) -> None:
    page = site / FOLDER / "index.html"
    html = page.read_text(encoding="utf-8")
    named = re.findall(r'(?:src|poster|href)="(\.\./\.\./_(?:images|media|downloads)/[^"#]+)', html)
    assert len(set(named)) > 12
    for name in named:
        assert (page.parent / name).is_file(), name


class Row(NamedTuple):
    """A file in the place of another, and the finding: its kind, words of its line and of it."""

    spoil: Callable[[Path], object]
    kind: str
    at: str
    words: str


def swap(name: str, data: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(data)


def mislabel(name: str, other: str) -> Callable[[Path], object]:
    return lambda folder: shutil.copyfile(folder / other, folder / name)


def cut(name: str, end: int) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-end])


SCRIPT = b"<html><script>alert(1)</script></html>"
ROWS = {
    "a photo that is a page": Row(
        lambda folder: (folder / "photo.jpg").open("ab").write(SCRIPT),
        "picture-unreadable",
        ":::{image} photo.jpg",
        "photo.jpg is a page of the web as well",
    ),
    "a sized picture of another kind": Row(
        mislabel("board.png", "photo.jpg"), "picture-unreadable", ":::{figure}", "board.png is not"
    ),
    "a moving picture cut off": Row(
        cut("moves.gif", 2300), "picture-unreadable", ":::{image} moves.gif", "moves.gif is cut off"
    ),
    "a drawing that shows one from elsewhere": Row(
        swap(
            "arrow.svg",
            b'<svg xmlns="http://www.w3.org/2000/svg"><image href="https://a.example/b"/></svg>',
        ),
        "picture-unreadable",
        "![An arrow, drawn]",
        "arrow.svg shows a picture that is not inside it",
    ),
    "a clip cut off": Row(
        cut("film.mp4", 9000), "clip-unreadable", ":::{clip}", "film.mp4 is cut off"
    ),
    "a paper cut off": Row(
        swap("paper.pdf", b"%PDF-1.7\n"), "download-refused", "Take the", "paper.pdf is cut off"
    ),
    "a table that is none": Row(
        swap("list.csv", b"\xff\xfe\0"), "download-refused", "Take the", "list.csv is not UTF-8"
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_refused_file_is_a_finding_where_it_is_shown(
    row: Row, tiny: Source, tmp_path: Path
) -> None:
    source = copy(tiny.root, tmp_path / "source")
    row.spoil(source.root / FOLDER)
    said = check(source)
    found = [each for each in said.findings if row.words in each["message"]]
    assert {each["kind"] for each in said.findings} <= {row.kind, "download-refused"}, said.out
    assert found
    assert (found[0]["kind"], found[0]["file"]) == (row.kind, PAGE)
    assert found[0]["line"] == source.line(PAGE, row.at)
    assert found[0]["fix"]
    assert said.code == 1


@pytest.mark.parametrize("name", ["plan.docx", "photo.heic", "all.zip"])
def test_what_is_not_published_is_told_what_to_be_saved_as(
    name: str, tiny: Source, tmp_path: Path
) -> None:
    source = copy(tiny.root, tmp_path / "source")
    (source.root / FOLDER / name).write_bytes(b"PK")
    source.append(PAGE, f"\nAlso {{download}}`{name}`.\n")
    (found,) = check(source).findings
    # What the check of the text knows by its ending is told before anything reads the page.
    assert found["kind"] in ("download-refused", "not-allowed")
    assert found["line"] == source.line(PAGE, "Also {download}")
    assert re.search(r"Save it as|one by one|ends in one of", found["fix"])


def test_a_picture_in_the_text_of_a_page_is_refused(tiny: Source, tmp_path: Path) -> None:
    source = copy(tiny.root, tmp_path / "source")
    source.append(PAGE, "\n![An arrow](data:image/png;base64,aGVsbG8=)\n")
    (found,) = check(source).findings
    assert (found["kind"], found["line"]) == (
        "not-allowed",
        source.line(PAGE, "![An arrow]("),
    )


def test_a_refused_file_is_never_in_the_site(tiny: Source, tmp_path: Path) -> None:
    """Not even in a folder that Sphinx fills whatever is found: a preview shows that."""
    source = copy(tiny.root, tmp_path / "source")
    (source.root / FOLDER / "paper.pdf").write_bytes(b"%PDF-1.7 PlantedDraft")
    made = District(source.root)
    assert "download-refused" in {each.kind for each in made.built().findings}
    names = {path.name for path in media_of(made.output)}
    assert "list.csv" in names
    assert "paper.pdf" not in names
    assert not [path for path in made.output.rglob("*.pdf") if b"Planted" in path.read_bytes()]


def test_what_conf_py_brings_is_made_clean_too(tiny: Source, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    for name in ("board.png", "arrow.svg", "paper.pdf"):
        shutil.copyfile(tiny.root / FOLDER / name, folder / name)
    (folder / "own.css").write_text("/* as it is */")
    shutil.copyfile(tiny.root / FOLDER / "photo.jpg", tmp_path / "logo.jpg")
    shutil.copyfile(tiny.root / FOLDER / "arrow.svg", tmp_path / "sign.svg")
    made = District(
        copy(TINY, tmp_path / "source").root,
        settings={
            "html_static_path": [str(folder)],
            "html_extra_path": [str(folder)],
            "html_logo": str(tmp_path / "logo.jpg"),
            "html_favicon": str(tmp_path / "sign.svg"),
        },  # type: ignore[arg-type]
    )
    made.built()
    there = [made.output / "_static", made.output]
    assert (there[0] / "own.css").read_text() == "/* as it is */"
    for name in ("board.png", "arrow.svg", "paper.pdf"):
        for place in there:
            assert b"Planted" not in (place / name).read_bytes(), place / name
    for name in ("logo.jpg", "sign.svg"):
        assert b"Planted" not in (there[0] / name).read_bytes(), name


def test_pictures_are_made_once(tiny: Source, tmp_path: Path) -> None:
    """The second build takes all of them from the kept folder, and writes the same bytes."""
    made = District(
        copy(tiny.root, tmp_path / "source").root,
        settings={"manual_media_cache": str(tmp_path / "kept")},
    )
    first = made.built().files
    kept = {path: path.stat().st_ino for path in (tmp_path / "kept").iterdir()}
    shutil.rmtree(made.output)
    shutil.rmtree(made.trees)
    assert made.built().files == first
    assert {path: path.stat().st_ino for path in (tmp_path / "kept").iterdir()} == kept
    assert CLIP.exists()
