"""The one door to typst: values become tagged PDF files, in a process of their own.

In a process of its own, because typst keeps threads that a process forked later (as parallel
builds do) would wait for without end; and because whatever goes wrong there is then a sentence
here, and never the end of a build.

A sheet's bytes follow from its value, the template, the faces and typst alone: no time, no path.
So sheets are kept by a digest of these (`Shelf`), and made once on a machine.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from living_manual.core import brief as rules
from living_manual.core import brief_text
from living_manual.core.brief import Brief
from living_manual.edges.files import tree_digest

#: The template, the faces it is set in, and what compiles it.
PAPER = Path(__file__).parent / "paper"
_PRESS = PAPER / "press.py"
#: The templates, in the folder of the paper: a sheet for a record, and a pack of several.
BRIEF, HANDOVER = "brief.typ", "handover.typ"
#: From so many sheets on, two processes share them.
_MANY = 12
#: The longest a process may take: to start, and for each sheet; in seconds.
_START, _EACH = 60, 5
#: How many sheets a shelf keeps before it lets go of the oldest.
SHELF = 2000


class PressError(Exception):
    """No sheet can be made at all; the message says why."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What became of a sheet.

    `pdf` is empty when there is none: it is `too_long`, or `fault` says what else is wrong.
    `lacking` are letters left out because no face has them.
    """

    pdf: bytes = b""
    lacking: str = ""
    too_long: bool = False
    fault: str = ""


def key_of(brief: Brief) -> str:
    """Stands for everything a sheet follows from: the brief, and what makes a sheet of it."""
    return hashlib.sha256(f"{_press_digest()}\0{brief!r}".encode()).hexdigest()


def key_of_data(data: Mapping[str, Any]) -> str:
    """Stands for everything a PDF follows from whose template is told all there is to say."""
    return hashlib.sha256(f"{_press_digest()}\0{_as_json(data)}".encode()).hexdigest()


def make_sheets(values: Sequence[Mapping[str, Any]], template: str = BRIEF) -> list[Sheet]:
    """A sheet for each value, in their order. Raises `PressError` when typst cannot work."""
    if len(values) < _MANY or (os.cpu_count() or 1) < 2:
        return list(_pressed(values, template)) if values else []
    half = len(values) // 2
    with ThreadPoolExecutor(2) as both:
        first, second = both.map(
            lambda part: list(_pressed(part, template)), (values[:half], values[half:])
        )
    return [*first, *second]


def _pressed(values: Sequence[Mapping[str, Any]], template: str) -> Iterator[Sheet]:
    jobs = [{"data": _as_json(value), "qr": _qr(value.get("address", ""))} for value in values]
    try:
        done = subprocess.run(
            # -P: the folder of the script is no place to import from.
            [sys.executable, "-P", str(_PRESS), template],
            input=json.dumps(jobs).encode(),
            capture_output=True,
            timeout=_START + _EACH * len(jobs),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PressError("typst took too long") from error
    except OSError as error:
        raise PressError(f"typst could not be started: {error.strerror}") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise PressError(said[-1] if said else f"typst ended with {done.returncode}")
    for made in json.loads(done.stdout):
        yield Sheet(
            base64.b64decode(made.get("pdf", "")),
            made.get("lacking", ""),
            made.get("too_long", False),
            made.get("fault", ""),
        )


def _qr(address: str) -> str:
    """The code as SVG, dark on nothing; empty without an address."""
    if not address:
        return ""
    import segno

    out = BytesIO()
    # Level M: a quarter of the sheet's code may be smudged away by a coffee cup.
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=4, xmldecl=False, svgns=True
    )
    return out.getvalue().decode()


def _as_json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@cache
def _press_digest() -> str:
    versions = []
    for package in ("typst", "segno"):
        with suppress(importlib.metadata.PackageNotFoundError):
            versions.append(f"{package} {importlib.metadata.version(package)}")
    made_by = [PAPER, Path(__file__), Path(rules.__file__), Path(brief_text.__file__)]
    return "\0".join((*versions, *(tree_digest(path) for path in made_by)))


class Shelf:
    """Sheets kept from build to build, by their digest, in a folder of their own.

    Nothing depends on it: what cannot be kept or read is made again.
    """

    def __init__(self, folder: Path, most: int = 0) -> None:
        self.folder = folder
        self.most = most or SHELF

    def get(self, key: str) -> Sheet | None:
        """The sheet of that digest; None when it is not here whole."""
        try:
            pdf = (self.folder / f"{key}.pdf").read_bytes()
        except OSError:
            return None
        whole = pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF")
        return Sheet(pdf) if whole else None

    def put(self, key: str, sheet: Sheet) -> None:
        """Keep a sheet that is as it should be; one with a fault is told of in every build."""
        if not sheet.pdf or sheet.lacking:
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor, fresh = tempfile.mkstemp(suffix=".new", dir=self.folder)
            with os.fdopen(descriptor, "wb") as file:
                file.write(sheet.pdf)
            Path(fresh).replace(self.folder / f"{key}.pdf")

    def tidy(self) -> None:
        """Let go of the oldest when there are too many."""
        with suppress(OSError):
            kept = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime)
            for path in kept[: max(0, len(kept) - self.most)]:
                path.unlink(missing_ok=True)
