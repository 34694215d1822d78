"""The one door to Pagefind: folders of pages in, a search index out.

Two faults of Pagefind 1.5.2 are met here (docs/decisions/0007). Its Python service is ended before
it has written all files, so that one may stay empty: the program itself is run and waited for. And
the values of a filter come in the order of a hash map, so that two runs differ: they are ordered.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import cbor2
from pagefind.service import get_executable

#: User interfaces and examples that Pagefind makes beside its index; the site has its own.
UNUSED = ("pagefind-ui", "pagefind-modular-ui", "pagefind-component-ui", "pagefind-highlight")
_MAGIC = b"pagefind_dcd"


class IndexingError(Exception):
    """Pagefind could not index; the message is its own."""


def index(site: Path, output: Path, without: Collection[str] = ()) -> int:
    """Index the HTML files of a folder into `output`; gives the number of pages taken in.

    The folders named in `without`, of those that stand in it, are not even read.

    The same files give the same index, byte for byte. Raises `IndexingError`.
    """
    executable = get_executable()
    if executable is None:
        raise IndexingError("Pagefind is not installed: run `make manual` once more.")
    with tempfile.TemporaryDirectory(prefix="living-manual-") as scratch:
        words = [
            str(executable),
            "--site",
            str(site),
            "--output-path",
            scratch,
            "--keep-index-url",
            "--include-characters",
            "_",
            "--exclude-selectors",
            ".headerlink",
            "--glob",
            pages_but(site, without),
        ]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise IndexingError(f"The search index could not be made: {done.stderr.strip()}")
        root = Path(scratch)
        files = {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file()
        }
    try:
        ordered = in_order(files)
    except (KeyError, ValueError, EOFError, OSError, IndexError) as error:
        raise IndexingError(f"Pagefind wrote an index this kit does not know: {error}") from error
    for path, content in ordered.items():
        if not path.startswith(UNUSED):
            target = output / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    languages = json.loads(ordered["pagefind-entry.json"])["languages"]
    return sum(language["page_count"] for language in languages.values())


def pages_but(site: Path, without: Collection[str]) -> str:
    """What Pagefind is to look for: every page that is not in one of these folders of the site."""
    if not any((site / name).is_dir() for name in without):
        return "**/*.{html}"
    folders = sorted(each.name for each in site.iterdir() if each.is_dir())
    signs = re.compile(r"([^\w./-])")  # a name may hold what a pattern means something by
    kept = [signs.sub(r"\\\1", name) for name in folders if name not in without]
    return "{" + ",".join(["*.html", *(f"{name}/**/*.html" for name in kept)]) + "}"


def in_order(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The index with its filters and their values in order, and file names that follow from it.

    Raises `ValueError` when the files are not an index this kit knows.
    """
    result = dict(files)
    renamed: dict[str, str] = {}
    for path in [path for path in files if path.endswith(".pf_filter")]:
        name, values = _read(result.pop(path))
        content = _write([name, sorted(values)])
        old = PurePosixPath(path).stem
        new = f"{old.split('_')[0]}_{hashlib.sha256(content).hexdigest()[:7]}"
        renamed[old] = new
        result[f"filter/{new}.pf_filter"] = content
    for path in [path for path in files if path.endswith(".pf_meta")]:
        meta = _read(result.pop(path))
        # version, pages, word chunks, filters, sorts, names of meta fields
        meta[3] = sorted([name, renamed[old]] for name, old in meta[3])
        content = _write(meta)
        old = PurePosixPath(path).stem.removeprefix("pagefind.")
        new = f"{old.split('_')[0]}_{hashlib.sha256(content).hexdigest()[:10]}"
        result[f"pagefind.{new}.pf_meta"] = content
        renamed[old] = new
    entry = json.loads(files["pagefind-entry.json"])
    for language in entry["languages"].values():
        language["hash"] = renamed[language["hash"]]
    result["pagefind-entry.json"] = json.dumps(entry, ensure_ascii=False, sort_keys=True).encode()
    return result


def _read(content: bytes) -> Any:
    plain = gzip.decompress(content)
    if not plain.startswith(_MAGIC):
        raise ValueError("not a file of a Pagefind index")
    return cbor2.loads(plain[len(_MAGIC) :])


def _write(value: Any) -> bytes:
    return gzip.compress(_MAGIC + cbor2.dumps(value), mtime=0)
