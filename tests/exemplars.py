"""An exemplar with everything: a picture with notes, a clip, students' words, a teacher's moves."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from PIL import Image, ImageDraw

from tests.sites import Source

CONSENT = "consent.csv"
ROWS = """\
media,kind,consent,scope,starts,ends,withdrawn
exemplars/ferry/work.png,student work,F-12,public,2030-08-01,2031-07-31,
exemplars/ferry/talk.webm,clip,F-13,public,2030-08-01,2031-07-31,
"""
CLIP = Path(__file__).parent / "data" / "clip"
PAGE = "exemplars/ferry/index.md"
WORK = "exemplars/ferry/work.png"
NOTES = "exemplars/ferry/work.annotations.json"
TEXT = """\
# Seats on the ferry

:::{exemplar}
:id: EX_FERRY
:kind: video
:grade: Grade 3
:owner: ROLE_HEAD
:stage: STAGE_SET
:audiences: teacher
:reviewed: 2030-08-20
:illustrates: TERM_EXPLAIN

Two students find how many seats a ferry has, in two ways.
:::

## The task

> A ferry has 49 seats below and 36 above. How many is that?

## What students did

### Student A: move one over

:::{annotated-image} work.png
:alt: Student A's page. Two boxes, one above the other, and an arrow.
Student A moves one seat.
:::

### The talk

:::{clip} talk.webm
:title: A talk on 49 + 36
:alt: A white square moves over a blue board while students speak.
:::

## What students said

> "I moved one over."
>
> Student A

> "How do you know it is the same?"
>
> Student B

## What the teacher did next

**Waited.** The teacher counted to five and said nothing.

**Asked.** *"Who can say it in other words?"*

## Talk about it

1. What does Student A know about 49?
2. Who asks for the reason?
"""
PARTS = [
    ("Moves *one* from 36 to 49.", "xywh=percent:10,10,30,20"),
    ("Adds fifty and thirty-five.", "xywh=percent:10,50,40,30"),
]


def notes(parts: list[tuple[str, str]] = PARTS) -> str:
    """The notes as people keep them."""
    items = [
        {
            "type": "Annotation",
            "motivation": "commenting",
            "body": {"type": "TextualBody", "value": words, "format": "text/plain"},
            "target": {
                "source": "work.png",
                "selector": {
                    "type": "FragmentSelector",
                    "conformsTo": "http://www.w3.org/TR/media-frags/",
                    "value": part,
                },
            },
        }
        for words, part in parts
    ]
    head = {"@context": "http://www.w3.org/ns/anno.jsonld", "type": "AnnotationPage"}
    return json.dumps({**head, "items": items}, indent=2) + "\n"


def draw(path: Path, size: tuple[int, int] = (1000, 800), shade: str = "black") -> None:
    """A page of work: two boxes and an arrow."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", size, "#FFFEFA")
    pen = ImageDraw.Draw(image)
    width, height = size
    for top, right in ((0.1, 0.4), (0.5, 0.5)):
        box = (0.1 * width, top * height, right * width, (top + 0.2) * height)
        pen.rectangle(box, outline=shade, width=6)
    pen.line((0.6 * width, 0.2 * height, 0.8 * width, 0.6 * height), fill=shade, width=6)
    image.save(path)


def add_exemplar(source: Source) -> None:
    """Put it into a district that has the tiny one's records."""
    source.write(PAGE, TEXT)
    source.write(NOTES, notes())
    source.write(CONSENT, ROWS)
    draw(source.root / WORK)
    for path in CLIP.glob("talk.*"):
        if path.suffix != ".mp4":
            shutil.copyfile(path, source.root / "exemplars" / "ferry" / path.name)
    source.append("exemplars/index.md", "\n:::{toctree}\n:hidden:\nferry/index\n:::\n")
