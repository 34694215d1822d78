"""An exemplar's page: what it shows without a script, and each fault of its files at its place."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.exemplars import CLIP, NOTES, PAGE, PARTS, TEXT, WORK, add_exemplar, draw, notes
from tests.sites import KIT, TINY, TODAY, Break, Source, check, copy, manual

FOLDER = "exemplars/ferry"
CAPTIONS, POSTER = f"{FOLDER}/talk.captions.vtt", f"{FOLDER}/talk.poster.png"


def swap(file: str, old: str, new: str) -> Break:
    return lambda source: source.replace(file, old, new)


def write(file: str, text: str) -> Break:
    return lambda source: source.write(file, text)


def remove(file: str) -> Break:
    return lambda source: source.remove(file)


def put(file: str, data: bytes) -> Break:
    return lambda source: (source.root / file).write_bytes(data) and None


def order(*parts: str) -> Callable[[Source], None]:
    """The page's parts in another order."""

    def edit(source: Source) -> None:
        head, *sections = re.split(r"(?m)^(?=## )", source.read(PAGE))
        named = {section.split("\n")[0][3:]: section for section in sections}
        source.write(PAGE, head + "\n".join(named[part] for part in parts))

    return edit


DID, SAID, MOVES = "What students did", "What students said", "What the teacher did next"


class Row(NamedTuple):
    """A way to spoil, and the finding: its kind, its file, words of its line, words of it."""

    spoil: Break
    kind: str
    file: str
    at: str
    words: str


ROWS = {
    "no notes": Row(
        remove(NOTES), "annotations-unreadable", PAGE, ":::{annotated-image}", "no notes beside"
    ),
    "notes that are no JSON": Row(
        swap(NOTES, '"items": [', '"items": [['), "annotations-unreadable", NOTES, "", "as JSON"
    ),
    "notes in Latin-1": Row(
        lambda source: source.latin_1(NOTES, "Adds", "Où Adds"),
        "annotations-unreadable",
        NOTES,
        "",
        "not UTF-8",
    ),
    "a note outside the picture": Row(
        write(NOTES, notes([PARTS[0], ("x", "xywh=percent:90,0,20,5")])),
        "annotation",
        NOTES,
        "",
        "Note 2 points at a part that leaves the picture",
    ),
    "a note on another picture": Row(
        write(NOTES, notes(PARTS[:1]).replace('"work.png"', '"other.png"')),
        "annotation",
        NOTES,
        "",
        "is about 'other.png'",
    ),
    "no words": Row(
        swap(PAGE, ":alt: Student A's page. Two boxes, one above the other, and an arrow.\n", ""),
        "image-without-alt",
        PAGE,
        ":::{annotated-image}",
        "work.png has no words",
    ),
    "picture gone": Row(
        remove(WORK), "page-reference", PAGE, ":::{annotated-image}", "work.png' is not there"
    ),
    "picture of another kind": Row(
        put(WORK, b"\xff\xd8\xff\xe0\x00\x04ab\xff\xda\x00\x02xyz\xff\xd9"),
        "picture-unreadable",
        PAGE,
        ":::{annotated-image}",
        "not of the kind",
    ),
    "picture too wide": Row(
        lambda source: draw(source.root / WORK, (4100, 40)),
        "media-too-large",
        PAGE,
        ":::{annotated-image}",
        "4100 by 40 pixels",
    ),
    "the district's own limit": Row(
        swap("district.toml", "[look]", "[media]\nimage_px = 900\n\n[look]"),
        "media-too-large",
        PAGE,
        ":::{annotated-image}",
        "at most 900",
    ),
    "clip gone": Row(
        remove(f"{FOLDER}/talk.webm"), "clip-incomplete", PAGE, ":::{clip}", "the clip itself"
    ),
    "clip of another kind": Row(
        lambda source: (
            shutil.copyfile(CLIP / "talk.mp4", source.root / FOLDER / "talk.webm") and None
        ),
        "clip-unreadable",
        PAGE,
        ":::{clip}",
        "another kind",
    ),
    "clip empty": Row(
        put(f"{FOLDER}/talk.webm", b""), "clip-unreadable", PAGE, ":::{clip}", "is empty"
    ),
    "clip in a form few play": Row(
        swap(PAGE, "talk.webm", "talk.avi"), "clip-unreadable", PAGE, ":::{clip}", "talk.avi"
    ),
    "clip too large": Row(
        put(f"{FOLDER}/talk.webm", (CLIP / "talk.webm").read_bytes() + bytes(12_000_000)),
        "media-too-large",
        PAGE,
        ":::{clip}",
        "12.1 MB",
    ),
    "clip without title": Row(
        swap(PAGE, ":title: A talk on 49 + 36\n", ""), "clip-incomplete", PAGE, ":::{clip}", "title"
    ),
    "clip without words": Row(
        swap(PAGE, ":alt: A white square moves over a blue board while students speak.\n", ""),
        "clip-incomplete",
        PAGE,
        ":::{clip}",
        "no words",
    ),
    "no poster": Row(remove(POSTER), "clip-incomplete", PAGE, ":::{clip}", "talk.poster.png"),
    "poster cut off": Row(
        put(POSTER, (CLIP / "talk.poster.png").read_bytes()[:-30]),
        "picture-unreadable",
        PAGE,
        ":::{clip}",
        "cut off",
    ),
    "no captions": Row(remove(CAPTIONS), "clip-incomplete", PAGE, ":::{clip}", "its captions"),
    "no chapters": Row(
        remove(f"{FOLDER}/talk.chapters.vtt"), "clip-incomplete", PAGE, ":::{clip}", "its chapters"
    ),
    "captions that are SubRip": Row(
        write(CAPTIONS, "1\n00:00:00,000 --> 00:00:01,000\nHello\n"),
        "timed-text-unreadable",
        CAPTIONS,
        "1",
        "not WebVTT",
    ),
    "captions in another order": Row(
        swap(CAPTIONS, "00:01.000 --> 00:02.000", "00:00.500 --> 00:02.000"),
        "timed-text-order",
        CAPTIONS,
        "00:00.500",
        "still shows",
    ),
    "captions beyond the clip": Row(
        swap(CAPTIONS, "00:02.000 --> 00:03.500", "00:02.000 --> 00:09.000"),
        "timed-text-order",
        CAPTIONS,
        "00:09.000",
        "has only 0:04",
    ),
    "teacher before the students' words": Row(
        order("The task", DID, MOVES, SAID, "Talk about it"),
        "exemplar-order",
        PAGE,
        f"## {MOVES}",
        f"stands before '{SAID}'",
    ),
    "words before work": Row(
        order("The task", SAID, DID, MOVES, "Talk about it"),
        "exemplar-order",
        PAGE,
        f"## {SAID}",
        "stands before",
    ),
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The tiny district with the exemplar."""
    source = copy(TINY, tmp_path_factory.mktemp("exemplar") / "source")
    add_exemplar(source)
    return source


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_each_fault_is_one_finding_at_its_place(row: Row, tiny: Source, tmp_path: Path) -> None:
    source = copy(tiny.root, tmp_path / "source")
    row.spoil(source)

    said = check(source)

    found = said.findings
    assert [(each["kind"], each["file"]) for each in found] == [(row.kind, row.file)], said.out
    assert row.words in found[0]["message"]
    assert found[0]["fix"]
    if row.at:
        assert found[0]["line"] == source.line(row.file, row.at)
    assert said.code == 1


@pytest.fixture(scope="module")
def site(tiny: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny district, published."""
    folder = tmp_path_factory.mktemp("site")
    words = ("--kit", KIT, "--source", tiny.root, "--today", TODAY, "--site", folder)
    said = manual("publish", *words)
    assert said.code == 0, said.out + said.err
    return folder / "current"


def test_a_page_names_only_files_that_are_there(site: Path) -> None:
    page = site / "exemplars" / "ferry" / "index.html"
    html = page.read_text(encoding="utf-8")
    named = re.findall(r'(?:src|poster|href)="(\.\./\.\./_(?:images|media)/[^"#]+)', html)
    named += re.findall(r"(\.\./\.\./_images/\S+) \d+w", html)
    assert len(set(named)) == 4 + 1 + 4  # the picture, the poster, the clip with its texts
    for name in named:
        assert (page.parent / name).is_file(), name
    there = {path for folder in ("_images", "_media") for path in (site / folder).iterdir()}
    assert {(page.parent / name).resolve() for name in named} == {path.resolve() for path in there}


def test_the_picture_as_it_was_made_is_not_published(site: Path, tiny: Source) -> None:
    original = (tiny.root / WORK).read_bytes()
    assert all(path.read_bytes() != original for path in site.rglob("*") if path.is_file())


def test_a_picture_with_a_size_of_its_own_stays_as_it_is(tiny: Source, tmp_path: Path) -> None:
    source = copy(tiny.root, tmp_path / "source")
    source.append(PAGE, "\n:::{image} work.png\n:alt: Two boxes.\n:width: 50%\n:::\n")
    words = ("--kit", KIT, "--source", source.root, "--today", TODAY, "--site", tmp_path / "site")
    assert manual("publish", *words).code == 0
    page = tmp_path / "site" / "current" / "exemplars" / "ferry" / "index.html"
    assert '"../../_images/work.png"' in page.read_text(encoding="utf-8")
    assert (tmp_path / "site" / "current" / "_images" / "work.png").is_file()


def test_a_second_source_is_offered_after_the_first(tiny: Source, tmp_path: Path) -> None:
    source = copy(tiny.root, tmp_path / "source")
    shutil.copyfile(CLIP / "talk.mp4", source.root / FOLDER / "talk.mp4")
    words = ("--kit", KIT, "--source", source.root, "--today", TODAY, "--site", tmp_path / "site")
    assert manual("publish", *words).code == 0
    page = tmp_path / "site" / "current" / "exemplars" / "ferry" / "index.html"
    assert re.findall(
        r'<source src="\S+" type="(video/\w+)"', page.read_text(encoding="utf-8")
    ) == [
        "video/webm",
        "video/mp4",
    ]


def test_two_pictures_of_one_name_have_anchors_of_their_own(tiny: Source, tmp_path: Path) -> None:
    source = copy(tiny.root, tmp_path / "source")
    picture = re.search(r"(?ms)^:::\{annotated-image\}.*?^:::\n", TEXT)
    assert picture
    source.append(PAGE, f"\n{picture[0]}")
    words = ("--kit", KIT, "--source", source.root, "--today", TODAY, "--site", tmp_path / "site")
    assert manual("publish", *words).code == 0
    page = tmp_path / "site" / "current" / "exemplars" / "ferry" / "index.html"
    ids = re.findall(r' id="([^"]+)"', page.read_text(encoding="utf-8"))
    assert "work-2-note-1" in ids
    assert len(ids) == len(set(ids))


def test_the_examples_of_the_docs_work(tiny: Source, tmp_path: Path) -> None:
    text = (KIT / "docs" / "exemplars.md").read_text(encoding="utf-8")
    picture, json, clip, captions = re.findall(r"(?ms)^```\{code-block\}[^\n]*\n(.*?)^```$", text)
    source = copy(tiny.root, tmp_path / "source")
    page = re.sub(r"(?ms)^:::\{annotated-image\}.*?^:::\n", lambda _: picture, TEXT)
    page = re.sub(r"(?ms)^:::\{clip\}.*?^:::\n", lambda _: clip, page)
    assert picture in page
    assert clip in page
    source.write(PAGE, page)
    source.write(NOTES, json)
    source.write(CAPTIONS, captions)

    assert check(source).findings == []
