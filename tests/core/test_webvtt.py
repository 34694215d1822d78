"""WebVTT: what is said when and by whom, and faults at their lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.webvtt import Turn, check_times, read_webvtt, say_time, transcript

WHOLE = """\
WEBVTT - a number talk
Kind: captions

STYLE
::cue { color: red }

NOTE made by hand
00:00.000 --> not a cue

first
00:01.000 --> 00:02.500 align:start
<v Student A>I did <i>fifty</i> &amp; thirty-five.

00:02.500 --> 00:04.000
<v Student A>Then I
put one back.
<v Teacher>Say more.

01:00:04.000 --> 01:00:05.000
[pencils]
"""


def test_cues_with_their_times_voices_and_lines() -> None:
    cues, found = read_webvtt(WHOLE, "a.vtt")

    assert not found
    assert [(cue.start, cue.end, cue.line) for cue in cues] == [
        (1, 2.5, 11),
        (2.5, 4, 14),
        (3604, 3605, 19),
    ]
    assert cues[0].turns == (Turn("Student A", "I did fifty & thirty-five.", 1),)
    assert cues[1].text == "Then I put one back. Say more."


def test_a_voice_that_goes_on_stays_one_turn() -> None:
    cues, _ = read_webvtt(WHOLE, "a.vtt")

    assert transcript(cues) == (
        Turn("Student A", "I did fifty & thirty-five. Then I put one back.", 1),
        Turn("Teacher", "Say more.", 2.5),
        Turn("", "[pencils]", 3604),
    )


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends(ends: str) -> None:
    cues, found = read_webvtt("\ufeff" + WHOLE.replace("\n", ends), "a.vtt")
    assert not found
    assert [cue.line for cue in cues] == [11, 14, 19]


FAULTS = {
    "no header": ("1\n00:01.000 --> 00:02.000\nx\n", 1, "not WebVTT"),
    "SubRip times": ("WEBVTT\n\n00:00:01,000 --> 00:00:02,000\nx\n", 3, "cannot be read"),
    "no thousandths": ("WEBVTT\n\n00:01 --> 00:02\nx\n", 3, "cannot be read"),
    "seventy seconds": ("WEBVTT\n\n00:70.000 --> 01:20.000\nx\n", 3, "cannot be read"),
    "no times": ("WEBVTT\n\nHello there\nyou\n", 3, "stands under no times"),
    "an arrow too short": ("WEBVTT\n\n00:01.000 -> 00:02.000\nx\n", 3, "stands under no times"),
    "no text": ("WEBVTT\n\n00:01.000 --> 00:02.000\n\n", 3, "says nothing"),
    "only a voice": ("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Student A></v>\n", 3, "says nothing"),
    "no empty line": (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nx\n00:03.000 --> 00:04.000\ny\n",
        3,
        "stand together",
    ),
    "ends before it begins": ("WEBVTT\n\n00:03.000 --> 00:02.000\nx\n", 3, "ends before it"),
    "nothing": ("WEBVTT\n", 1, "has no cue"),
}


@pytest.mark.parametrize(("text", "line", "words"), FAULTS.values(), ids=FAULTS)
def test_faults(text: str, line: int, words: str) -> None:
    _, found = read_webvtt(text, "a.vtt")

    assert [(each.file, each.line) for each in found] == [("a.vtt", line)]
    assert words in found[0].message


def cues_at(*times: tuple[str, str]) -> str:
    return "WEBVTT\n\n" + "".join(f"{start} --> {end}\nx\n\n" for start, end in times)


ORDERS = {
    "in order": ([("00:01.000", "00:02.000"), ("00:02.000", "00:03.000")], []),
    "another order": ([("00:02.000", "00:03.000"), ("00:01.000", "00:02.000")], [(6, "before")]),
    "overlap": ([("00:01.000", "00:02.500"), ("00:02.000", "00:03.000")], [(6, "still shows")]),
    "beyond the end": ([("00:01.000", "00:04.600")], [(3, "has only 0:04")]),
    "a hair beyond the end": ([("00:01.000", "00:04.400")], []),
}


@pytest.mark.parametrize(("times", "wanted"), ORDERS.values(), ids=ORDERS)
def test_times(times: list[tuple[str, str]], wanted: list[tuple[int, str]]) -> None:
    cues, found = read_webvtt(cues_at(*times), "a.vtt")
    told = check_times(cues, "a.vtt", 4.0)

    assert not found
    assert [each.line for each in told] == [line for line, _ in wanted]
    assert all(words in each.message for each, (_, words) in zip(told, wanted, strict=True))
    assert check_times(cues[-1:], "a.vtt") == ()


@given(st.text() | st.text("WEBVT\n-->.:0 <v>&;1").map(lambda text: f"WEBVTT\n\n{text}"))
def test_no_text_stops_the_reading(text: str) -> None:
    cues, found = read_webvtt(text, "a.vtt")
    assert cues or found
    assert all(cue.text and cue.start < cue.end for cue in cues)
    check_times(cues, "a.vtt", 5)
    transcript(cues)


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0:00"), (9.99, "0:09"), (64, "1:04"), (3664, "1:01:04")]
)
def test_times_as_people_say_them(seconds: float, said: str) -> None:
    assert say_time(seconds) == said
