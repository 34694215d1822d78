"""Pictures and clips as a page shows them: which files are made of them, and how large they may be.

Files carry a digest of what they are made from in their names: a page names exactly the bytes it
was written for, and hosts may keep them for ever.
"""

from __future__ import annotations

from dataclasses import dataclass

from living_manual.core.finding import Finding, finding
from living_manual.core.settings import Settings
from living_manual.core.webvtt import Cue, Turn
from living_manual.core.words import slug

#: Widths that pictures are made in, in pixels, besides their own: a telephone, and twice that.
WIDTHS = (480, 960)
#: The widest that is made, in pixels; no page shows more.
WIDEST = 1920
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Variant:
    """A file made of a picture: its name, its size in pixels, and its form (avif, jpeg, png)."""

    name: str
    width: int
    height: int
    form: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the source folder.

    `file` is its path there; `digest` stands for its bytes and for how files are made of it;
    `forms` are the forms it is made in, the best first, the last one known to every browser;
    `width` and `height` are in pixels, as it is to be seen.
    """

    file: str
    digest: str
    width: int
    height: int
    size: int
    forms: tuple[str, ...]

    def variants(self, form: str) -> tuple[Variant, ...]:
        """The files in one form, the narrowest first."""
        full = min(self.width, WIDEST)
        widths = (*(width for width in WIDTHS if width < full * 0.9), full)
        stem = slug(_split(self.file)[0]) or "picture"
        return tuple(
            Variant(
                f"{stem}-{width}-{self.digest[:12]}.{'jpg' if form == 'jpeg' else form}",
                width,
                max(1, round(self.height * width / self.width)),
                form,
            )
            for width in widths
        )

    @property
    def files(self) -> tuple[Variant, ...]:
        """Every file that is made of it."""
        return tuple(variant for form in self.forms for variant in self.variants(form))

    @property
    def plain(self) -> Variant:
        """The one file for places that take one only, such as the poster of a clip."""
        named = self.variants(self.forms[-1])
        return next((one for one in named if one.width >= WIDTHS[-1] * 0.9), named[-1])


@dataclass(frozen=True, slots=True)
class Copy:
    """A file of a clip that is made clean and named by a digest; `file` is its path in the source.

    `digest` stands for its bytes and for how it is made clean; `size` is that of the source.
    """

    file: str
    digest: str
    size: int

    @property
    def name(self) -> str:
        """Its name in the site."""
        stem, ending = _split(self.file)
        return f"{slug(stem) or 'clip'}-{self.digest[:12]}.{ending.lower()}"


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip as a page shows it. `sources` are (file, media type), the best first."""

    title: str
    description: str
    sources: tuple[tuple[Copy, str], ...]
    poster: Picture
    tracks: tuple[tuple[str, Copy], ...]
    chapters: tuple[Cue, ...]
    commentary: tuple[Cue, ...]
    transcript: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture or a file of a clip with the place in a page that shows it.

    `variants` are the files made of a picture there; none for one that is shown as it is.
    """

    what: Picture | Copy
    file: str
    line: int
    variants: tuple[Variant, ...] = ()


def too_large(shown: Shown, settings: Settings) -> tuple[Finding, ...]:
    """A finding for a picture or clip beyond the district's limits."""
    what, name = shown.what, shown.what.file.rpartition("/")[2]
    found = []
    if isinstance(what, Picture):
        if what.size > settings.image_mb * MB:
            found.append(
                (
                    f"The picture {name} has {_mb(what.size)} MB; at most "
                    f"{settings.image_mb} MB are allowed.",
                    "Save it smaller or as JPEG: 2000 pixels are enough for a page of work.",
                )
            )
        if max(what.width, what.height) > settings.image_px:
            found.append(
                (
                    f"The picture {name} is {what.width} by {what.height} pixels; at most "
                    f"{settings.image_px} are allowed on a side.",
                    "Crop it to what is spoken of, or save it smaller.",
                )
            )
    elif what.size > settings.video_mb * MB:
        found.append(
            (
                f"The clip {name} has {_mb(what.size)} MB; at most {settings.video_mb} MB are "
                "allowed.",
                "Cut it to the minutes that are spoken of, or save it with a lower quality.",
            )
        )
    return tuple(
        finding("media-too-large", message, fix, shown.file, shown.line) for message, fix in found
    )


def _split(file: str) -> tuple[str, str]:
    """The name of a file without its folders, and its ending."""
    stem, _, ending = file.rpartition("/")[2].rpartition(".")
    return stem, ending


def _mb(size: int) -> str:
    """Megabytes, rounded up so that what is too large never seems to fit."""
    return f"{-(-size // (MB // 10)) / 10:.1f}"
