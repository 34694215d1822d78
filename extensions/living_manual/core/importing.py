"""What an import is about to do: files to change, in words and as texts, or what keeps it from it.

An import is worked out whole before a file is touched. Either it has problems and changes nothing,
or it has changes that are written together (`edges/changes.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from living_manual.core.finding import Finding, Severity

#: Kinds of problems an import may have, with what they mean (docs/importing.md lists them).
KINDS: dict[str, str] = {
    "import-file": "The file is not there, is too large, or is not of the form it should be.",
    "import-archive": "The zip is damaged, encrypted, too large, or has names it should not have.",
    "import-students": "The zip holds a file that tells of students or staff; nothing was read.",
    "import-manifest": "manifest.csv is missing, or does not agree with the files in the zip.",
    "import-table": "A table of the zip cannot be read, or lacks a column it must have.",
    "import-row": "A row of a table of the zip lacks a value or has one that cannot be.",
    "import-sessions": "The sessions of the newest school year do not make a calendar.",
    "import-item": "An item or association of the framework lacks a value or has one twice.",
    "import-hierarchy": "The items of the framework do not make a tree.",
    "import-manual": "A page or a setting of the manual is not as the import needs it.",
}


def problem(
    kind: str,
    message: str,
    fix: str,
    file: str,
    line: int | None = None,
    column: str | None = None,
) -> Finding:
    """A problem of a declared kind; raises `KeyError` for another, which is a fault of ours."""
    assert KINDS[kind]
    return Finding(kind, message, fix, file, line, column, Severity.ERROR)


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file of the source folder, before (None: it is new) and after. Line ends as in the file."""

    file: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Import:
    """What an import does to the manual.

    `said` tells each change in one sentence; `notes` what a person should know or do afterwards.
    With `problems` there are no changes.
    """

    changes: tuple[FileChange, ...] = ()
    said: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[Finding, ...] = ()


@dataclass
class Draft:
    """An import in the making, over the texts of the source folder by file."""

    source: Mapping[str, str]
    texts: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)

    def text(self, file: str) -> str | None:
        """A file as it will be; None when there is none."""
        return self.texts.get(file, self.source.get(file))

    def write(self, file: str, text: str) -> None:
        """Let a file have this text."""
        self.texts[file] = text

    def done(self) -> Import:
        """The whole import; files that stay as they are are left out."""
        if self.problems:
            return Import(problems=tuple(dict.fromkeys(self.problems)))
        changes = tuple(
            FileChange(file, self.source.get(file), text)
            for file, text in sorted(self.texts.items())
            if self.source.get(file) != text
        )
        return Import(changes, tuple(self.said), tuple(dict.fromkeys(self.notes)))


def plain(text: str) -> str:
    """Text from elsewhere as one line: blanks joined, control signs gone.

    The brackets that sphinx-needs would take for a call or a variant, a template's and those of
    HTML are parted by a blank, so that what another system wrote is shown and never run.
    """
    line = " ".join("".join(_visible(sign) for sign in text).split())
    return re.sub(r"\[(?=\[)|<(?=[<{A-Za-z/!?])|\{(?=[{%])", r"\g<0> ", line)


def _visible(sign: str) -> str:
    if sign.isspace():
        return " "
    return "" if unicodedata.category(sign) in ("Cc", "Cs") else sign


def ascii_words(text: str) -> str:
    """Text for ids and folders: accents dropped, letters and digits kept, the rest blanks."""
    folded = unicodedata.normalize("NFKD", text.replace("'", "").replace("’", ""))
    kept = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return re.sub(r"[^A-Za-z0-9]+", " ", kept).strip()
