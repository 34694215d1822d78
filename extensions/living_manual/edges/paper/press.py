"""Compiles briefs and packs. Run by path, in a process of its own (`edges/pdf.py` says why).

It is given the name of a template, and reads one JSON list from its input, of texts for it (`data`,
itself JSON, and `qr`, an SVG). It writes one JSON list, with what became of each.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
#: What the template says when no try fits.
TOO_LONG = "brief-too-long"
#: How many different letters may be left out of one sheet before it is given up.
MOST_LETTERS = 60
#: What typst says of a letter that no face has. PDF/UA asks it to; boxes are never printed.
NO_GLYPH = re.compile(r'the text `?"(.+?)"`? could not be displayed')


def press(jobs: list[dict[str, str]], template: str) -> list[dict[str, Any]]:
    """What became of each sheet."""
    import typst

    faces = typst.Fonts(include_system_fonts=False, font_paths=[str(HERE / "fonts")])
    compiler = typst.Compiler(
        input=str(HERE / template), root=str(HERE), font_paths=faces, ignore_system_fonts=True
    )
    return [one_sheet(compiler, job, typst.TypstError) for job in jobs]


def one_sheet(compiler: Any, job: dict[str, str], error_type: type[Exception]) -> dict[str, Any]:
    """A sheet; letters that no face has are left out one after the other, and told."""
    lacking = ""
    while len(lacking) <= MOST_LETTERS:
        try:
            pdf = compiler.compile(format="pdf", sys_inputs=dict(job), pdf_standards=["ua-1"])
        except error_type as error:
            said = str(getattr(error, "message", error))
            if TOO_LONG in said:
                return {"too_long": True, "lacking": lacking}
            letters = letters_of(said)
            if not letters or all(letter not in job["data"] for letter in letters):
                return {"fault": said, "lacking": lacking}
            lacking += letters
            gone = dict.fromkeys(map(ord, letters))
            job = {**job, "data": job["data"].translate(gone)}
        else:
            return {"pdf": base64.b64encode(pdf).decode(), "lacking": lacking}
    return {"fault": f"no face has the letters {lacking}", "lacking": lacking}


def letters_of(said: str) -> str:
    """The letters that typst names; it writes some as `\\u{7f}`."""
    found = NO_GLYPH.search(said)
    if not found:
        return ""
    named = re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), found[1])
    return "".join(dict.fromkeys(letter for letter in named if not letter.isascii()))


if __name__ == "__main__":
    try:
        made = press(json.load(sys.stdin.buffer), sys.argv[1])
    except ImportError as missing:
        sys.exit(f"the package {missing.name or 'typst'} is missing ({missing})")
    except Exception as fault:
        sys.exit(f"typst could not work: {fault}")
    json.dump(made, sys.stdout)
