"""What a clip's file is and how long it lasts, from its own bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.video import Video, probe

CLIP = Path(__file__).parents[1] / "data" / "clip"


def look(data: bytes) -> Video:
    return probe(lambda at, count: data[at : at + count], len(data))


@pytest.mark.parametrize("name", ["talk.webm", "talk.mp4"])
def test_a_clip_says_what_it_is_and_how_long_it_lasts(name: str) -> None:
    assert look((CLIP / name).read_bytes()) == Video(name[-4:].strip("."), 4.0)


def test_a_long_mp4_in_the_second_form() -> None:
    header = b"\x01" + bytes(19) + (1000).to_bytes(4, "big") + (7_200_000).to_bytes(8, "big")
    mvhd = (8 + len(header)).to_bytes(4, "big") + b"mvhd" + header
    moov = (8 + len(mvhd)).to_bytes(4, "big") + b"moov" + mvhd
    assert look(b"\0\0\0\x10ftypisom\0\0\0\0" + moov).duration == 7200


@pytest.mark.parametrize("data", [b"", b"RIFF", b"\x1a\x45\xdf\xa3\x84matroska", bytes(99)])
def test_another_kind_of_file(data: bytes) -> None:
    assert look(data).form == ""


@given(st.sampled_from(["talk.webm", "talk.mp4"]), st.data())
def test_no_damage_stops_the_looking(name: str, data: st.DataObject) -> None:
    whole = bytearray((CLIP / name).read_bytes())
    for at in data.draw(st.lists(st.integers(0, 600), max_size=6)):
        whole[at] = data.draw(st.integers(0, 255))
    found = look(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    assert found.duration is None or found.duration > 0
