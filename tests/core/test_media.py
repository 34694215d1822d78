"""Which files are made of a picture, and how large media may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.media import WIDEST, Copy, Picture, Shown, too_large
from living_manual.core.settings import Settings

MB = 1_000_000


def picture(width: int = 940, height: int = 800, size: int = 40_000) -> Picture:
    return Picture(
        "exemplars/a/Work 1.png", "0123456789abcdef", width, height, size, ("avif", "jpeg")
    )


@pytest.mark.parametrize(
    ("width", "widths"),
    [(1, [1]), (480, [480]), (500, [500]), (940, [480, 940]), (1600, [480, 960, 1600]),
     (4000, [480, 960, WIDEST])],
)  # fmt: skip
def test_widths(width: int, widths: list[int]) -> None:
    one = picture(width=width)
    assert [each.width for each in one.variants("avif")] == widths
    assert [each.name for each in one.files][:1] == [f"work-1-{widths[0]}-0123456789ab.avif"]
    assert one.plain.name.endswith(".jpg")


@given(st.integers(1, 30_000), st.integers(1, 30_000))
def test_files_keep_the_shape_and_have_names_of_their_own(width: int, height: int) -> None:
    files = picture(width, height).files
    assert len({each.name for each in files}) == len(files)
    for each in files:
        assert each.width <= width
        assert each.height >= 1
        assert abs(each.height - height * each.width / width) <= 1


def test_a_copy_has_a_name_of_its_content() -> None:
    assert Copy("a/number-talk.captions.vtt", "f" * 64, 9).name == (
        f"number-talk-captions-{'f' * 12}.vtt"
    )


LARGE = {
    "all is well": (picture(), ()),
    "at the limit": (picture(4000, 4000, 2 * MB), ()),
    "heavy": (picture(size=2 * MB + 1), ("has 2.1 MB; at most 2 MB",)),
    "wide": (picture(width=4001), ("4001 by 800 pixels; at most 4000",)),
    "high": (picture(height=4001), ("940 by 4001 pixels; at most 4000",)),
    "both": (picture(width=5000, size=9 * MB), ("has 9.0 MB", "5000 by 800")),
    "clip": (Copy("a/talk.webm", "f", 12 * MB), ()),
    "heavy clip": (Copy("a/talk.webm", "f", 12 * MB + 1), ("talk.webm has 12.1 MB",)),
}


@pytest.mark.parametrize(("what", "wanted"), LARGE.values(), ids=LARGE)
def test_limits(what: Picture | Copy, wanted: tuple[str, ...]) -> None:
    found = too_large(Shown(what, "a.md", 7), Settings())
    assert [(each.kind, each.file, each.line) for each in found] == [
        ("media-too-large", "a.md", 7)
    ] * len(wanted)
    assert all(words in each.message for each, words in zip(found, wanted, strict=True))


def test_a_district_sets_its_limits() -> None:
    shown = Shown(picture(size=3 * MB), "a.md", 1)
    assert too_large(shown, Settings(image_mb=3)) == ()
    assert too_large(shown, Settings(image_mb=3, image_px=900))
