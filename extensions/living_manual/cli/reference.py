"""Write docs/reference/ from the code: `python -m living_manual.cli.reference FOLDER`.

The ready files for web servers are written to the folder `hosting` beside it.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click

from living_manual.cli.main import cli
from living_manual.core.hosting import ready_files
from living_manual.core.reference import pages
from living_manual.edges.files import write_if_changed


def reference_pages(kit: Path) -> dict[str, str]:
    """File name and text of every reference page, for the kit in a folder."""
    needs = tomllib.loads((kit / "ubproject.toml").read_text(encoding="utf-8"))["needs"]
    return pages(needs, list(_told(cli, "manual", None)))


def _told(
    command: click.Command, name: str, parent: click.Context | None
) -> Iterator[tuple[str, str]]:
    """A command and all below it: what people type, and its help as they would see it there."""
    # A fixed width, so that the page is the same whatever terminal wrote it; the parent, because a
    # command takes the names of its help option from the group it is called through.
    context = click.Context(
        command,
        parent=parent,
        info_name=name,
        terminal_width=88,
        max_content_width=88,
        help_option_names=parent.help_option_names if parent else ["-h", "--help"],
    )
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for own, below in sorted(command.commands.items()):
            yield from _told(below, own, context)


def main() -> None:
    """Write the pages into the folder named, and the ready files beside it."""
    folder = Path(sys.argv[1])
    for name, text in reference_pages(Path(__file__).resolve().parents[3]).items():
        write_if_changed(folder / name, text)
    for name, text in ready_files().items():
        write_if_changed(folder.with_name("hosting") / name, text)


if __name__ == "__main__":
    main()
