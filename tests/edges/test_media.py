"""Files made of pictures: sizes and forms, nothing of the camera, made once, always the same."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, features

from living_manual.core.media import Picture
from living_manual.edges.media import forget_old, ink_of, look_at, make_files

PLACE = {0x8825: {1: "N", 2: (46.0, 12.0, 3.0)}, 0x010F: "A camera", 0x0112: 6}


def draw(mode: str = "RGB", size: tuple[int, int] = (1200, 600)) -> Image.Image:
    image = Image.new(mode, size, "white" if mode in ("RGB", "L") else (255, 255, 255, 0))
    ImageDraw.Draw(image).rectangle((10, 10, 200, 90), fill="black")
    return image


def saved(path: Path, image: Image.Image, **more: object) -> Path:
    image.save(path, **more)
    return path


def looked(path: Path) -> Picture:
    found = look_at(path, path.name)
    assert found
    assert found.picture, found.refusal
    return found.picture


def made(path: Path, site: Path) -> dict[str, bytes]:
    make_files(looked(path).files, path, site, site.parent / "cache")
    return {each.name: each.read_bytes() for each in site.iterdir()}


def test_sizes_and_forms(tmp_path: Path) -> None:
    files = made(saved(tmp_path / "work.png", draw()), tmp_path / "site")

    found = {}
    for data in files.values():
        with Image.open(BytesIO(data)) as image:
            found[image.format, image.size] = len(data)
    assert set(found) == {
        (form, size) for form in ("AVIF", "JPEG") for size in ((480, 240), (960, 480), (1200, 600))
    }


def test_nothing_of_the_camera_is_left_and_the_picture_stands_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.update(PLACE)
    path = saved(tmp_path / "photo.jpg", draw(), exif=exif, comment=b"A name", dpi=(99, 99))
    assert b"A camera" in path.read_bytes()
    picture = looked(path)
    assert (picture.width, picture.height) == (600, 1200)

    for name, data in made(path, tmp_path / "site").items():
        with Image.open(BytesIO(data)) as image:
            assert image.height == 2 * image.width, name
            assert not dict(image.getexif()), name
            assert {"exif", "xmp", "comment", "icc_profile"} & set(image.info) == set(), name
        assert b"A camera" not in data
        assert b"A name" not in data


def test_what_shows_through_stays_open(tmp_path: Path) -> None:
    path = saved(tmp_path / "cut-out.png", draw("RGBA"))
    assert looked(path).forms == ("avif", "png")
    for data in made(path, tmp_path / "site").values():
        with Image.open(BytesIO(data)) as image:
            assert image.convert("RGBA").getpixel((image.width - 1, 0))[3] == 0
    closed = saved(tmp_path / "closed.png", draw("RGBA").convert("RGB").convert("RGBA"))
    assert looked(closed).forms == ("avif", "jpeg")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK"])
def test_every_mode_of_colour(mode: str, tmp_path: Path) -> None:
    image = draw("RGB", (40, 30))
    image = image.convert("L").convert(mode) if mode == "I;16" else image.convert(mode)
    path = saved(tmp_path / ("work.jpg" if mode == "CMYK" else "work.png"), image)
    assert len(made(path, tmp_path / "site")) == 2


def test_the_same_bytes_each_time_and_from_the_cache(tmp_path: Path) -> None:
    path = saved(tmp_path / "work.png", draw())
    first, second = made(path, tmp_path / "a" / "site"), made(path, tmp_path / "b" / "site")
    assert first == second  # two caches: each was made
    kept = next((tmp_path / "a" / "cache").glob("*.jpg"))
    kept.write_bytes(b"from the cache")
    third = made(path, tmp_path / "a" / "other")
    assert third[kept.name] == b"from the cache"
    assert not list(tmp_path.rglob(".*"))


def test_another_picture_has_other_names(tmp_path: Path) -> None:
    path = saved(tmp_path / "work.png", draw())
    before = looked(path)
    saved(path, draw(size=(1200, 601)))
    after = looked(path)
    assert not {each.name for each in before.files} & {each.name for each in after.files}


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    path = saved(tmp_path / "work.png", draw(size=(40, 30)))
    (tmp_path / "cache").write_text("no folder")
    assert len(made(path, tmp_path / "site")) == 2


def test_what_nothing_asks_for_is_forgotten(tmp_path: Path) -> None:
    path = saved(tmp_path / "work.png", draw(size=(40, 30)))
    made(path, tmp_path / "site")
    old, new = sorted((tmp_path / "cache").iterdir())
    os.utime(old, (0, 0))
    forget_old(tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == [new]
    forget_old(tmp_path / "nowhere")


FAULTS = {
    "another kind": ("work.png", "JPEG", "is JPEG and not what its name says"),
    "cut off": ("work.jpg", "cut", "is cut off or damaged"),
    "no picture": ("work.webp", "text", "is cut off or damaged"),
}


@pytest.mark.parametrize(("name", "how", "fault"), FAULTS.values(), ids=FAULTS)
def test_pictures_that_cannot_be_shown(name: str, how: str, fault: str, tmp_path: Path) -> None:
    path = tmp_path / name
    whole = saved(tmp_path / "whole.jpg", draw()).read_bytes()
    path.write_bytes({"JPEG": whole, "cut": whole[:-900], "text": b"hello"}[how])
    found = look_at(path, name)
    assert found
    assert found.picture is None
    assert found.refusal
    assert found.refusal.fault == fault


@pytest.mark.parametrize("side", [11_000, 14_000], ids=["ours", "Pillow's own limit"])
def test_a_small_file_with_too_many_dots(side: int, tmp_path: Path) -> None:
    path = saved(tmp_path / "bomb.png", Image.new("1", (side, side)))
    found = look_at(path, path.name)
    assert found
    assert found.refusal
    assert found.refusal.fault == "has far too many pixels"


def test_drawings_moving_pictures_and_nothing_stay_as_they_are(tmp_path: Path) -> None:
    frames = [draw(size=(20, 20)), draw(size=(20, 20)).rotate(90)]
    moving = tmp_path / "moving.webp"
    frames[0].save(moving, save_all=True, append_images=frames[1:])
    (tmp_path / "a.svg").write_text("<svg/>")
    for name in ("moving.webp", "a.svg", "gone.png"):
        assert look_at(tmp_path / name, name) is None


def test_ink_is_where_something_is_drawn(tmp_path: Path) -> None:
    ink = ink_of(saved(tmp_path / "work.png", draw(size=(400, 200))))
    assert ink
    assert ink.under(5, 10, 45, 40) > 1000
    assert ink.under(60, 50, 100, 100) == 0


def test_forty_pictures_take_a_few_seconds(tmp_path: Path) -> None:
    """The measure of docs/exemplars.md, with room for a busy machine: processor time, one of 40."""
    import time

    assert features.check("avif")
    path = saved(tmp_path / "work.png", draw(size=(1600, 1200)))
    before = time.process_time()
    made(path, tmp_path / "site")
    assert time.process_time() - before < 1.5
