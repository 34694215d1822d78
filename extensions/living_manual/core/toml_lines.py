"""Where the keys of a TOML text stand: tomllib gives values, people need lines."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

#: A key's way from the top: names of tables and keys, and the number of an entry of `[[...]]`.
Path = tuple[str | int, ...]


def lines_of(text: str) -> dict[Path, int]:
    """The line of every table and key, counted from 1.

    The text is parsed line by line from the top, by tomllib itself: what a line adds stands on it,
    or on the first line since the text could last be parsed when it goes over several. So every way
    to write TOML is known here without a parser of our own. Raises `TOMLDecodeError` as tomllib.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    found: dict[Path, int] = {}
    begun: int | None = None
    for number, line in enumerate(lines, 1):
        if begun is None:
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            begun = number
        try:
            data = tomllib.loads("\n".join(lines[:number]))
        except tomllib.TOMLDecodeError:
            continue
        for path in _paths(data, ()):
            found.setdefault(path, begun)
        begun = None
    if begun is not None:
        tomllib.loads(text)
    return found


def _paths(value: Any, path: Path) -> Iterator[Path]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            if isinstance(inner, dict):
                yield from _paths(inner, (*path, index))
