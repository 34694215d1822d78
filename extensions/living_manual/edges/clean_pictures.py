"""Pictures of dots made anew: what a reader sees is taken over, and nothing else of the file.

A new picture has no place, camera, author, comment, colour profile or small preview, and nothing
hangs behind its end. Colours that a profile described are turned into those of every screen (sRGB).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from PIL import Image, ImageChops, ImageCms, ImageOps, ImageSequence

from living_manual.edges.refusal import RefusalError

#: Pillow's own name of the form by the file's ending.
FORMS = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
    ".avif": "AVIF",
    ".gif": "GIF",
}
#: A telephone's photo with a second one behind it (depth, motion) is still a JPEG.
_ALSO = {"MPO": "JPEG"}
#: Pictures with more dots are not decoded: a small file can hold a picture that fills the memory.
MOST_DOTS = 100_000_000
#: All frames of a moving picture together, which are in the memory at once.
_MOST_DOTS_MOVING = 60_000_000
_MOST_FRAMES = 2_000
_MOST_SIDE = 30_000
_STILL: dict[str, dict[str, Any]] = {
    "PNG": {"optimize": True},
    "JPEG": {"quality": 88, "optimize": True, "progressive": True},
    "WEBP": {"quality": 88, "method": 4},
    "AVIF": {"quality": 70, "speed": 8},
    "GIF": {"optimize": True},
}
_MOVING: dict[str, dict[str, Any]] = {
    "PNG": {},
    "WEBP": {"quality": 85, "method": 4},
    "AVIF": {"quality": 65, "speed": 8},
    "GIF": {"optimize": False},
}


@contextmanager
def opened(data: bytes, form: str) -> Iterator[Image.Image]:
    """The picture in these bytes; raises `RefusalError` for what is none, or not of this form.

    What fails while the caller works on it is a refusal too: Pillow reads as late as it can.
    """
    if not data:
        raise RefusalError("is empty")
    try:
        with (
            warnings.catch_warnings(action="ignore"),  # of large pictures; limits are ours
            Image.open(BytesIO(data), formats=[*_STILL, "MPO"]) as image,
        ):
            found = _ALSO.get(image.format or "", image.format)
            if found != form:
                raise RefusalError(f"is {found} and not what its name says", _rename(found))
            if image.width * image.height > MOST_DOTS or max(image.size) > _MOST_SIDE:
                raise RefusalError("has far too many pixels", "Save it with fewer pixels.")
            yield image
    except RefusalError:
        raise
    except Image.DecompressionBombError as bomb:
        raise RefusalError("has far too many pixels", "Save it with fewer pixels.") from bomb
    except Exception as error:  # Pillow's plugins raise whatever their readers stumble over
        raise RefusalError("is cut off or damaged") from error


def _rename(form: str | None) -> str:
    ending = {"JPEG": ".jpg"}.get(form or "", f".{(form or '').lower()}")
    return f"Give it a name that ends in {ending}, or save it again in the form that you meant."


def moves(image: Image.Image) -> bool:
    """Whether it has several frames to be shown one after the other."""
    return image.format != "MPO" and bool(getattr(image, "is_animated", False))


def has_holes(image: Image.Image) -> bool:
    """Whether what lies behind the picture shows through somewhere."""
    if not image.has_transparency_data:
        return False
    least = image.convert("RGBA").getchannel("A").getextrema()[0]
    return isinstance(least, (int, float)) and least < 255


def dots_of(image: Image.Image) -> Image.Image:
    """A new picture with the dots of this one, upright, in colours that every screen knows."""
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    holes = has_holes(upright)
    if profile and upright.mode in ("RGB", "RGBA", "CMYK", "L"):
        upright = _in_srgb(upright, profile)
    if not holes:
        clean = Image.new("RGB", upright.size)
        clean.paste(upright.convert("RGB"))
        return clean
    # What somebody rubbed out often keeps its colours behind a mask: they are not taken over.
    upright = upright.convert("RGBA")
    clean = Image.new("RGBA", upright.size)
    clean.paste(upright, mask=upright.getchannel("A").point([0] + [255] * 255))
    return clean


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The picture with its colours as the profile means them; as they are when it is unusable."""
    try:
        given = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(given).lower():
            return image
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        turned = ImageCms.profileToProfile(
            image, given, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return turned or image


def clean_picture(data: bytes, form: str) -> bytes:
    """The picture made anew in its own form (Pillow's name). Raises `RefusalError`."""
    out = BytesIO()
    with opened(data, form) as image:
        if moves(image):
            _save_moving(image, form, out)
        else:
            image.load()
            made = dots_of(image)
            packed = _with_palette(made) if form == "PNG" else None
            (packed or made).save(out, form, **_STILL[form])
    return out.getvalue()


def _with_palette(image: Image.Image) -> Image.Image | None:
    """The same dots by a list of colours, which takes half the bytes; None where it cannot be."""
    if image.mode != "RGB" or image.getcolors(256) is None:
        return None
    packed = image.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    same = ImageChops.difference(packed.convert("RGB"), image).getbbox() is None
    return packed if same else None


def _save_moving(image: Image.Image, form: str, out: BytesIO) -> None:
    count = getattr(image, "n_frames", 1)
    if count > _MOST_FRAMES or image.width * image.height * count > _MOST_DOTS_MOVING:
        raise RefusalError("moves for far too long", "Make a clip (mp4 or webm) of it.")
    durations: list[float] = []
    frames: list[Image.Image] = []
    for frame in ImageSequence.Iterator(image):
        frame.load()
        durations.append(float(frame.info.get("duration", 0) or 0))
        frames.append(dots_of(frame))
    holes = any(frame.mode == "RGBA" for frame in frames)
    mode = "RGBA" if holes else "RGB"
    frames = [frame if frame.mode == mode else frame.convert(mode) for frame in frames]
    more = dict(_MOVING[form])
    if form in ("GIF", "WEBP", "PNG") and "loop" in image.info:
        more["loop"] = image.info["loop"]
    if form in ("GIF", "PNG") and holes:
        more["disposal"] = 2 if form == "GIF" else 1  # each frame on clear ground
    if form == "PNG" and image.info.get("default_image"):
        more["default_image"] = True
        durations = durations[1:]
    whole = [round(each) for each in durations]
    frames[0].save(out, form, save_all=True, append_images=frames[1:], duration=whole, **more)
