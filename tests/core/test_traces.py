"""What tells that a file or a sentence is still somewhere, and what does not."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from living_manual.core.traces import plain, plain_json, repeats, sentences, windows


def picture(form: str, seed: int) -> bytes:
    dots = random.Random(seed).randbytes(64 * 64 * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (64, 64), dots).save(out, form)
    return out.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "AVIF", "WEBP", "GIF"])
def test_two_pictures_of_one_form_have_no_window_in_common(form: str) -> None:
    one, other = (picture(form, seed) for seed in (1, 2))
    found = list(windows(one))
    assert len(found) > 5
    assert all(window in one for window in found)
    assert not any(window in other for window in found)


@given(st.binary(min_size=3000, max_size=4000), st.binary(max_size=50), st.binary(max_size=50))
def test_a_file_within_another_is_found(data: bytes, before: bytes, behind: bytes) -> None:
    whole = before + data + behind
    assert all(window in whole for window in windows(data))


WAYS = [
    "Counts every <em>purple</em> lantern",
    "counts   EVERY purple\nlantern",
    "Counts *every* purple “lantern”",
    "Counts every purple&nbsp;lantern",
]


@pytest.mark.parametrize("text", WAYS)
def test_a_sentence_is_found_however_it_is_written(text: str) -> None:
    gone = sentences(["Counts every purple lantern. Yes."])
    assert gone == {" counts every purple lantern "}
    assert repeats(f"He {text}, twice.", gone)
    assert not repeats("Counts every purple lanterns", gone)


def test_letters_written_as_json_writes_them() -> None:
    assert plain_json(r"it\u2019s\nthe \"caf\u00e9\"") == plain("it’s the café")
