"""Reading and writing files."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from living_manual.core.finding import Finding, finding
from living_manual.core.limits import file_size, page_size, too_many_records


def read_text(
    path: Path, file: str, kind: str = "table-unreadable"
) -> tuple[str | None, Finding | None]:
    """A file's text, or a finding of the kind that names it as `file`.

    None and None when there is no such file.
    """
    try:
        if large := file_size(path.stat().st_size, file):
            return None, large
        data = path.read_bytes()
    except FileNotFoundError:
        return None, None
    except OSError as error:
        return None, finding(
            kind,
            f"{file} cannot be read: {error.strerror}.",
            "Check that the file is there and may be read.",
            file,
            1,
        )
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return None, finding(
            kind,
            f"{file} is not UTF-8 text.",
            "Save it again as UTF-8 (in a spreadsheet: Save as, CSV UTF-8).",
            file,
            line,
        )


def unreadable_page(path: Path, file: str) -> Finding | None:
    """A finding when a page is not UTF-8 text, holds a NUL byte or is larger than pages are."""
    if large := page_size(path.stat().st_size, file):
        return large
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
        at = data.find(b"\0")
        if at < 0:
            return too_many_records(text, file)
    except UnicodeDecodeError as error:
        at = error.start
    if at < 0:
        return None
    return finding(
        "page-unreadable",
        f"{file} is not UTF-8 text from this line on.",
        "Open it in an editor, mend the character that looks wrong, and save it as UTF-8.",
        file,
        data[:at].count(b"\n") + 1,
    )


def ids_in(path: Path) -> set[str]:
    """The record ids that a page or table seems to declare; for files that cannot be read whole."""
    text = path.read_bytes().decode("latin-1").replace("\0", "")  # UTF-16 has one with each letter
    return set(
        re.findall(r"^(?:\s*:id:\s*)?\"?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b", text, re.MULTILINE)
    )


def write_if_changed(path: Path, text: str | bytes) -> bool:
    """Write text as UTF-8 with `\\n`, or bytes; whether the file was another before.

    An equal file (and its time) is left alone.
    """
    data = text.encode("utf-8") if isinstance(text, str) else text
    if path.exists() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True


def walk(root: Path) -> Iterator[Path]:
    """Every file under a folder, in a fixed order; hidden files and folders are passed over."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(folder) / name


def tree_digest(*roots: Path) -> str:
    """SHA-256 over names and contents of the files under the folders (a file stands for itself)."""
    whole = hashlib.sha256()
    for root in roots:
        for path in walk(root) if root.is_dir() else [root]:
            name = path.relative_to(root).as_posix() if path != root else path.name
            whole.update(name.encode() + b"\0")
            whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()
