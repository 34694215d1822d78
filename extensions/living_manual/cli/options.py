"""What commands share: exit codes, the folders and the day they are given, paths as said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from living_manual.core.edition import EDITIONS, PUBLIC, STAFF, Edition

if TYPE_CHECKING:
    from living_manual.publish.build import Job

GOOD, FINDINGS, WRONG_USE, OUR_FAULT = 0, 1, 2, 3

FOLDER = click.Path(path_type=Path)
DAY = click.DateTime(formats=["%Y-%m-%d"])
COUNT_FROM = "Count gaps and reviews from this day (default: today)."


def options(*used: str, today: str = COUNT_FROM) -> Callable[[Any], Any]:
    """The options every command takes, so that a script can give all of them the same words.

    Those a command has no use for are taken and not passed on. `today` says what the day is for.
    """
    texts: tuple[tuple[str, click.ParamType[Any], str, str], ...] = (
        ("source", FOLDER, "DIR", "Folder with the manual's pages (default: source/ of the kit)."),
        ("site", FOLDER, "DIR", "Folder with the published releases (default: site/ of the kit)."),
        ("kit", FOLDER, "DIR", "Folder with the kit's conf.py (default: found from here)."),
        ("today", DAY, "YYYY-MM-DD", today),
        ("jobs", click.IntRange(1), "N", "Processes to build with (default: what it pays to use)."),
        (
            "edition",
            click.Choice(EDITIONS),
            "EDITION",
            "Who it is for: public (what is marked so) or staff (everything; the default).",
        ),
    )

    def add(command: Any) -> Any:
        for name, kind, metavar, text in reversed(texts):
            said = text if name in used else "Not used here."
            command = click.option(
                f"--{name}", type=kind, metavar=metavar, help=said, expose_value=name in used
            )(command)
        return command

    return add


def kit_folder() -> Path:
    """The folder of conf.py: here or above, or where this package was installed from."""
    here = Path.cwd()
    for folder in (here, *here.parents, *Path(__file__).resolve().parents):
        if (folder / "conf.py").is_file() and (folder / "ubproject.toml").is_file():
            return folder
    return here


def site_folder(site: Path | None, kit: Path | None, edition: Edition | None = None) -> Path:
    """The folder with the releases, from the options as given; each edition has its own."""
    return site or (kit or kit_folder()) / ("site-public" if edition == PUBLIC else "site")


def job_of(
    source: Path | None,
    kit: Path | None,
    today: datetime | None,
    jobs: int | None = None,
    edition: Edition | None = None,
) -> Job:
    """What to build, from the options as given."""
    from living_manual.publish.build import Job

    folder = kit or kit_folder()
    day = today.date() if today else None
    return Job(folder, source or folder / "source", day, jobs, edition=edition or STAFF)


def short_path(path: Path) -> str:
    """A path as short as it can be said from here."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
