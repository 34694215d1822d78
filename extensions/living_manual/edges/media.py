"""Pictures through Pillow, and the files that pages show: the one door to both.

What is made of a picture carries nothing but its dots: no place, no camera, no author. It is kept
in a folder outside the site under a digest of what it is made from, so that a picture is made once,
and not at every build.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import PIL
from PIL import Image, ImageOps, features

from living_manual.core.annotation import Ink
from living_manual.core.media import Picture, Variant
from living_manual.core.video import Video, probe
from living_manual.edges.clean_media import two_in_one
from living_manual.edges.clean_pictures import dots_of, has_holes, moves, opened
from living_manual.edges.refusal import RefusalError

#: What is made of what Pillow reads: its own name of the form by the file's ending.
RASTER = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
    ".avif": "AVIF",
}
#: Sixteen times as quick as Pillow's own setting, for files a half larger (docs/exemplars.md).
_SAVE: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 50, "speed": 9},
    "jpeg": {"format": "JPEG", "quality": 80, "optimize": True, "progressive": True},
    "png": {"format": "PNG", "optimize": True},
}
_INK_WIDTH = 108
#: What no build has asked for in so many days is no longer kept.
_KEPT_DAYS = 90


@dataclass(frozen=True, slots=True)
class Looked:
    """A picture that was looked at, or why it cannot be shown, and what to do."""

    picture: Picture | None
    refusal: RefusalError | None = None


def look_at(path: Path, file: str) -> Looked | None:
    """The picture at `path`, which `file` names; None for what is not made smaller.

    Drawings (SVG), moving pictures and files that are not there are left as they are.
    """
    form = RASTER.get(path.suffix.lower())
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if form is None or not data:
        return None
    refusal = two_in_one(data, path.suffix.lower())
    try:
        with opened(data, form) as image:
            if moves(image):
                return None
            image.load()
            turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
            width, height = image.size[::-1] if turned else image.size
            last = "png" if has_holes(image) else "jpeg"
    except RefusalError as why:
        refusal = why
    if refusal:
        return Looked(None, refusal)
    forms = ("avif", last) if features.check("avif") else (last,)
    digest = hashlib.sha256(data + _recipe().encode()).hexdigest()
    return Looked(Picture(file, digest, width, height, len(data), forms))


def _recipe() -> str:
    """Stands for how files are made: another Pillow, or another setting, makes other files."""
    versions = [features.version(name) for name in ("avif", "jpg", "zlib")]
    return repr((2, PIL.__version__, versions, sorted(_SAVE.items())))


def ink_of(path: Path) -> Ink | None:
    """How much is drawn where in a picture; None when it cannot be read."""
    try:
        with Image.open(path) as image:
            upright = ImageOps.exif_transpose(image).convert("RGB").convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    paper = max(range(256), key=upright.histogram().__getitem__)
    strong = upright.point([min(255, max(0, abs(shade - paper) - 24) * 2) for shade in range(256)])
    height = max(1, round(_INK_WIDTH * upright.height / upright.width))
    small = strong.resize((_INK_WIDTH, height), Image.Resampling.BOX)
    dots = small.tobytes()
    rows = (dots[at : at + _INK_WIDTH] for at in range(0, len(dots), _INK_WIDTH))
    return Ink(tuple(rows))


def make_files(variants: Iterable[Variant], source: Path, site: Path, cache: Path) -> None:
    """Write files of the picture `source` into `site`, those that are not there yet.

    They are taken from `cache` where it has them. Raises `OSError` when one cannot be written, and
    `RefusalError` when the picture is no longer what was looked at.
    """
    missing = [one for one in variants if not (site / one.name).exists()]
    if not missing:
        return
    site.mkdir(parents=True, exist_ok=True)
    made = [one for one in missing if not _from_cache(cache / one.name, site / one.name)]
    if not made:
        return
    with opened(source.read_bytes(), RASTER[source.suffix.lower()]) as image:
        clean = dots_of(image)
    for one in made:
        _write(clean, one, site / one.name)
        _keep(site / one.name, cache / one.name)


def _write(image: Image.Image, variant: Variant, path: Path) -> None:
    size = (variant.width, variant.height)
    small = image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    small.save(fresh, **_SAVE[variant.form])
    fresh.replace(path)


def _from_cache(kept: Path, path: Path) -> bool:
    try:
        shutil.copyfile(kept, path)
        os.utime(kept)  # the day it was last asked for
    except OSError:
        path.unlink(missing_ok=True)
        return False
    return True


def _keep(path: Path, kept: Path) -> None:
    """Keep a file for the next build; a folder that cannot be written keeps nothing."""
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_name(f".{kept.name}.{os.getpid()}")
        shutil.copyfile(path, fresh)
        fresh.replace(kept)


def forget_old(cache: Path) -> None:
    """Remove from the kept files what no build has asked for in a long time."""
    oldest = time.time() - _KEPT_DAYS * 86_400
    with suppress(OSError):
        for path in cache.iterdir():
            if path.stat().st_mtime < oldest:
                path.unlink()


def look_at_video(path: Path) -> Video:
    """What a clip's file is and how long it lasts. Raises `OSError` when it cannot be read."""
    with path.open("rb") as file:

        def read(at: int, count: int) -> bytes:
            file.seek(at)
            return file.read(count)

        return probe(read, path.stat().st_size)
