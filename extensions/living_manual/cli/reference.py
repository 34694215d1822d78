"""Write docs/reference/ from the code: `python -m living_manual.cli.reference FOLDER`."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click

from living_manual.cli.main import cli
from living_manual.core.reference import pages
from living_manual.edges.files import write_if_changed


def reference_pages(kit: Path) -> dict[str, str]:
    """File name and text of every reference page, for the kit in a folder."""
    needs = tomllib.loads((kit / "ubproject.toml").read_text(encoding="utf-8"))["needs"]
    commands = [("manual", _help(cli, "manual"))]
    commands += list(_below(cli, "manual"))
    return pages(needs, commands)


def _below(group: click.Group, name: str) -> Iterator[tuple[str, str]]:
    """Each command of a group and of the groups in it, with its help."""
    for own, command in sorted(group.commands.items()):
        said = f"{name} {own}"
        yield said, _help(command, said)
        if isinstance(command, click.Group):
            yield from _below(command, said)


def _help(command: click.Command, name: str) -> str:
    # A fixed width, so that the page is the same whatever terminal wrote it.
    context = click.Context(command, info_name=name, terminal_width=88, max_content_width=88)
    return command.get_help(context)


def main() -> None:
    """Write the pages into the folder named."""
    folder = Path(sys.argv[1])
    for name, text in reference_pages(Path(__file__).resolve().parents[3]).items():
        write_if_changed(folder / name, text)


if __name__ == "__main__":
    main()
