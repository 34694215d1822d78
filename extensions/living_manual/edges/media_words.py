"""The words that lie beside a picture or clip: notes, captions, chapters, commentary."""

from __future__ import annotations

from pathlib import Path

from living_manual.core.annotation import ENDING, read_annotations
from living_manual.core.consent import BESIDE_CLIP, CLIPS, family
from living_manual.core.webvtt import read_webvtt
from living_manual.edges.files import read_text


def files_of(source: Path, media: str) -> tuple[str, ...]:
    """The files of a picture (with its notes) or of a clip, whether they are there or not."""
    if family(media) == media:
        stem, dot, _ = media.rpartition(".")
        return (media, f"{stem}{ENDING}") if dot else (media,)
    stem = family(media).removesuffix(" (clip)")
    names = [f"{stem}{ending}" for ending in (*CLIPS, *BESIDE_CLIP)]
    folder = (source / stem).parent
    there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    # As a file system spells them: WORK.MP4 is a clip too.
    spelled = {name.casefold(): name for name in there}
    return tuple(
        name.rpartition("/")[0] + "/" * ("/" in name) + spelled.get(base.casefold(), base)
        for name in names
        for base in (name.rpartition("/")[2],)
    )


def words_beside(source: Path, media: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """What the files beside a picture or clip say; the files read; whether nothing is missing.

    A picture may have no notes; without the picture nobody knows. A clip without its captions says
    nothing of what was said in it.
    """
    said: list[str] = []
    read: list[str] = []
    whole = (source / media).is_file()
    for file in files_of(source, media):
        if not file.endswith((ENDING, ".vtt")):
            continue
        text, fault = read_text(source / file, file)
        whole &= fault is None
        if text is None:
            whole &= not file.endswith(".captions.vtt")
            continue
        read.append(file)
        if file.endswith(".vtt"):
            cues, found = read_webvtt(text, file)
            said += [turn.text for cue in cues for turn in cue.turns]
        else:
            notes, found = read_annotations(text, media.rpartition("/")[2], file)
            said += [note.text for note in notes]
        whole &= not found
    return tuple(said), tuple(read), whole
