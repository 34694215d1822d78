"""Exemplars: after each edit of a picture, its notes or a clip, all is as in a clean build."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.exemplars import CLIP, NOTES, PAGE, PARTS, TEXT, WORK, add_exemplar, draw, notes
from tests.freshness.conftest import as_built, keep_as_built
from tests.freshness.site import district
from tests.freshness.test_edits import (
    Case,
    Edit,
    all_of,
    assert_each_fresh,
    case,
    move,
    old_time,
    remove,
    swap,
    there_and_back,
    write,
)

FOLDER = "exemplars/ferry"
CAPTIONS, POSTER = f"{FOLDER}/talk.captions.vtt", f"{FOLDER}/talk.poster.png"
PLAIN = "\n:::{image} ferry/work.png\n:alt: Two boxes.\n%s:::\n"
INDEX = "exemplars/index.md"


def draw_again(file: str, size: tuple[int, int] = (1000, 800)) -> Edit:
    return lambda made: draw(made.root / file, size, shade="navy")


def bring(name: str) -> Edit:
    return lambda made: (shutil.copyfile(CLIP / name, made.root / FOLDER / name), None)[1]


def add(file: str, text: str) -> Edit:
    return lambda made: made.append(file, text)


EDITS = [
    case("the picture in another size", old_time(WORK, draw_again(WORK, (400, 300)))),
    there_and_back("the picture gone", remove(WORK)),
    case("the picture no longer shown", swap(PAGE, ":::{annotated-image} work.png", ":::{note}")),
    case(
        "the picture as it is, elsewhere too, and no longer",
        add(INDEX, PLAIN % ":width: 50%\n"),
        swap(INDEX, ":width: 50%\n", ""),
        swap(INDEX, PLAIN % "", "\n"),
    ),
    case(
        "the picture renamed",
        all_of(
            move(WORK, f"{FOLDER}/page.png"),
            move(NOTES, f"{FOLDER}/page.annotations.json"),
            swap(PAGE, "work.png", "page.png"),
            write(f"{FOLDER}/page.annotations.json", notes().replace("work.png", "page.png")),
        ),
    ),
    case("words of a note", swap(NOTES, "Adds fifty", "Adds *fifty*")),
    case("the place of a note", swap(NOTES, "percent:10,50", "percent:45,50")),
    case("a note more", write(NOTES, notes([*PARTS, ("An arrow.", "xywh=percent:60,20,20,40")]))),
    there_and_back("the notes gone", remove(NOTES)),
    there_and_back("the notes broken", swap(NOTES, '"items": [', '"items": [[')),
    case("what is said", swap(CAPTIONS, "I moved one over", "I moved one up")),
    there_and_back("captions that overlap", swap(CAPTIONS, "00:01.000 -->", "00:00.500 -->")),
    there_and_back("captions gone", remove(CAPTIONS)),
    case("a comment", swap(f"{FOLDER}/talk.commentary.vtt", "nobody helps", "all wait")),
    case("the poster", lambda made: draw(made.root / POSTER, (320, 180))),
    there_and_back("the clip gone", remove(f"{FOLDER}/talk.webm")),
    case("a second source and back", bring("talk.mp4"), remove(f"{FOLDER}/talk.mp4")),
    case(
        "the clip taken off the page",
        lambda made: made.write(PAGE, TEXT.partition("### The talk")[0] + "\n"),
    ),
    there_and_back("limits", swap("district.toml", "[look]", "[media]\nimage_px = 900\n\n[look]")),
    case("a teacher's part first", swap(PAGE, "## The task", "## The lesson")),
]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district with the exemplar and its first build."""
    folder = tmp_path_factory.mktemp("exemplars")
    made = district(folder)
    add_exemplar(made)
    first = made.built()
    assert first.findings == ()
    assert not first.difference(made.clean())
    return keep_as_built(folder)


@pytest.mark.parametrize("edits", [pytest.param(each, id=each.name) for each in EDITS])
def test_build_after_an_edit_equals_a_clean_one(edits: Case, kept: Path) -> None:
    assert_each_fresh(edits, as_built(kept))
