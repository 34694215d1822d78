"""What a picture or clip consists of, in the source folder and in releases made of it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from living_manual.core.consent import MEDIA
from living_manual.core.media import Copy, Picture
from living_manual.core.traces import plain
from living_manual.core.withdrawal import Own, PageWords, own_sentences, page_words
from living_manual.core.withdrawal import Said as Paragraph
from living_manual.core.words import slug
from living_manual.edges.changes import source_texts
from living_manual.edges.clean_media import file_digest
from living_manual.edges.files import walk
from living_manual.edges.media import look_at, make_files
from living_manual.edges.media_words import files_of, words_beside
from living_manual.edges.traces import Traces

#: Folders of a site that hold files made of pictures and clips, or taken over as they are.
_OWN = ("_images", "_media", "_downloads", "_static")


@dataclass(frozen=True)
class Evidence:
    """What tells that a picture or clip is there.

    `traces` is what to look for; `names` are names of files made of it, `others` those made of
    other media; `likely` matches names that older versions of it were given, `plain_names` are
    those of its files that no other file of the source has.
    """

    media: str
    own: Own
    words: PageWords
    traces: Traces
    names: frozenset[str]
    others: frozenset[str]
    likely: re.Pattern[str] | None
    plain_names: frozenset[str] = field(default_factory=frozenset)

    def belongs(self, path: PurePosixPath) -> bool:
        """Whether a file of a release, by its path there, is made of it (or was, once)."""
        if not set(path.parts[:-1]) & set(_OWN):
            return False
        return self.named(path.name)

    def named(self, name: str) -> bool:
        """Whether a name is one that was given to a file made of it."""
        if name in self.names:
            return True
        if name in self.others:
            return False
        return name in self.plain_names or bool(self.likely and self.likely.fullmatch(name))


def withdrawn_names(source: Path, media: str) -> frozenset[str]:
    """The names of every file that a build makes of a picture or clip, as it is in the source."""
    there = (file for file in files_of(source, media) if (source / file).is_file())
    return frozenset(name for file in there for name in _names_of(source / file, file))


def _names_of(path: Path, file: str) -> set[str]:
    looked = look_at(path, file)
    made = looked.picture.files if looked and looked.picture else ()
    copy = Copy(file, file_digest(path), path.stat().st_size)
    return {copy.name, *(variant.name for variant in made)}


def gather(source: Path, media: str) -> Evidence:
    """Everything that can be known of a picture or clip from the source folder."""
    texts, _ = source_texts(source)
    words = page_words(texts, media)
    beside, _, _ = words_beside(source, media)
    mine = set(files_of(source, media))
    elsewhere = [*words.own, *_other_words(source, mine)]
    own = own_sentences((*words.of_media, *beside), elsewhere)
    stems = {slug(PurePosixPath(file).stem) for file in mine} - {""}
    likely = "|".join(re.escape(stem) for stem in sorted(stems))
    others: set[str] = set()
    plain_others: set[str] = set()
    for path in walk(source):
        file = path.relative_to(source).as_posix()
        if file not in mine:
            plain_others.add(path.name)
            if file.lower().endswith(MEDIA) or slug(path.stem) in stems:
                others |= _names_of(path, file)
    return Evidence(
        media,
        own,
        words,
        Traces(_made(source, mine), _texts(source, mine), own.sentences),
        withdrawn_names(source, media),
        frozenset(others),
        re.compile(rf"(?:{likely})-(?:\d+-)?[0-9a-f]{{12}}\.\w+") if likely else None,
        frozenset(PurePosixPath(file).name for file in mine) - plain_others,
    )


def _made(source: Path, files: set[str]) -> Iterator[bytes]:
    """The files themselves, and what a build makes of them."""
    with tempfile.TemporaryDirectory(prefix="living-manual-") as scratch:
        site, cache = Path(scratch, "made"), Path(scratch, "kept")
        for file in sorted(files):
            path = source / file
            if not path.is_file():
                continue
            if file.lower().endswith(MEDIA):
                yield path.read_bytes()
            looked = look_at(path, file)
            picture: Picture | None = looked.picture if looked else None
            if picture is not None:
                make_files(picture.files, path, site, cache)
        if site.is_dir():
            for made in sorted(site.iterdir()):
                yield made.read_bytes()


def _texts(source: Path, files: set[str]) -> Iterator[bytes]:
    """What lies beside it: notes, captions, chapters, commentary."""
    for file in sorted(files):
        if (source / file).is_file() and not file.lower().endswith(MEDIA):
            yield (source / file).read_bytes()


def _other_words(source: Path, mine: set[str]) -> Iterator[Paragraph]:
    """What lies beside other pictures and clips."""
    for path in walk(source):
        file = path.relative_to(source).as_posix()
        if file not in mine and file.endswith((".vtt", ".json", ".txt", ".svg")):
            yield Paragraph(file, 1, plain(path.read_text(encoding="utf-8", errors="ignore")))
