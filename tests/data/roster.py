"""OneRoster zips to test with, from the tables in `oneroster/`."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

TABLES = Path(__file__).resolve().parent / "oneroster"
#: A day on all packed files, so that a zip is the same whenever it is made.
DAY = (2030, 10, 1, 0, 0, 0)


def tables(**changed: str | None) -> dict[str, bytes]:
    """The sample's tables; a table given by name (`orgs="..."`) is another, or gone with None."""
    found = {path.name: path.read_bytes() for path in sorted(TABLES.glob("*.csv"))}
    for name, text in changed.items():
        if text is None:
            del found[f"{name}.csv"]
        else:
            found[f"{name}.csv"] = text.encode("utf-8")
    return found


def text(name: str) -> str:
    """A table of the sample as text."""
    return (TABLES / f"{name}.csv").read_text(encoding="utf-8")


def swapped(name: str, *pairs: tuple[str, str]) -> str:
    """A table with words replaced, each there exactly once."""
    found = text(name)
    for old, new in pairs:
        assert found.count(old) == 1, f"{old!r} is {found.count(old)} times in {name}.csv"
        found = found.replace(old, new)
    return found


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, DAY), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
