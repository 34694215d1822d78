"""A path for the tiny district, and a way to put it there."""

from __future__ import annotations

from tests.sites import Source

FILE = "guide/new.md"
NEW = """\
# New on the island

:::{path}
:for: ROLE_HEAD, ROLE_FERRY

For whoever steps off the ferry.
:::

## First day

:::{path-step} Read the vision
:minutes: 5
:done: You can say: "Everybody explains."

Read [the vision](../vision/index.md).
:::

:::{path-step} Say why
:minutes: 3
:done: You gave one reason.

Learn {need}`a word <TERM_EXPLAIN>`.
:::

## First week

:::{path-step} Talk on the boat
:minutes: 85
:done: Two students explained the same picture.
:anchor: Boat

Run {need}`PRO_BOAT_TALK`.
:::

Take a coat.

:::{path-step} Visit the goat
:minutes: 10
:done: The goat knows you.

It lives at [the school](../schools/pier/index.md).
:::
"""


def with_path(source: Source, text: str = NEW) -> None:
    """Add the path, and name it in the list of pages."""
    source.write(FILE, text)
    listed = source.read("index.md")
    start, end = listed.rsplit(":::", 1)
    source.write("index.md", f"{start}guide/new\n:::{end}")
