"""Pictures that are whole, cut off, or of another kind than their name says."""

from __future__ import annotations

from pathlib import Path

import pytest

from living_manual.edges.pictures import picture_fault
from tests.freshness.site import picture
from tests.sites import SAMPLE

WHOLE: dict[str, bytes] = {
    "a.png": picture(9),
    "a.jpg": b"\xff\xd8\xff\xe0\x00\x04ab\xff\xda\x00\x02xyz\xff\xd9",
    "a.gif": b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00;",
    "a.webp": b"RIFF\x0c\x00\x00\x00WEBPVP8 abcd",
    "a.avif": b"\x00\x00\x00\x10ftypavif\x00\x00\x00\x00\x00\x00\x00\x0amdat\x01\x02",
    "a.svg": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><g/></svg>",
}


def fault(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return picture_fault(folder / name)


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_picture(name: str, tmp_path: Path) -> None:
    assert fault(tmp_path, name, WHOLE[name]) == ""
    assert fault(tmp_path, name.upper(), WHOLE[name]) == ""


@pytest.mark.parametrize("name", WHOLE)
def test_a_picture_cut_off_anywhere(name: str, tmp_path: Path) -> None:
    for length in range(len(WHOLE[name])):
        said = fault(tmp_path, name, WHOLE[name][:length])
        assert said == "is empty" if length == 0 else said.startswith("is "), length


@pytest.mark.parametrize("name", WHOLE)
def test_another_kind_than_the_name_says(name: str, tmp_path: Path) -> None:
    for other, data in WHOLE.items():
        if other != name:
            assert fault(tmp_path, name, data), other


def test_a_wrong_byte_anywhere_in_a_png(tmp_path: Path) -> None:
    whole = WHOLE["a.png"]
    for place in range(len(whole)):
        spoilt = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        assert fault(tmp_path, "a.png", spoilt), place


def test_a_picture_that_is_not_there(tmp_path: Path) -> None:
    assert picture_fault(tmp_path / "a.png").startswith("cannot be read")


def test_a_drawing_with_entities(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'
    assert "entities" in fault(tmp_path, "a.svg", bomb)


def test_pictures_of_the_sample_are_whole() -> None:
    found = [path for path in SAMPLE.rglob("*") if path.suffix in (".png", ".jpg", ".svg")]
    assert found
    assert [picture_fault(path) for path in found] == [""] * len(found)
