"""`manual preview`: see each save in the browser, with what there is to mend."""

from __future__ import annotations

import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from living_manual.cli.options import FOLDER, GOOD, job_of, options
from living_manual.cli.printing import as_text

if TYPE_CHECKING:
    from living_manual.core.finding import Finding


@click.command()
@options("source", "kit", "today")
@click.option(
    "--output",
    type=FOLDER,
    metavar="DIR",
    help="Folder the preview keeps its pages in (default: build/preview beside the kit).",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8001,
    show_default=True,
    help="Port on 127.0.0.1; 0 takes a free one.",
)
def preview(
    source: Path | None,
    kit: Path | None,
    today: datetime | None,
    output: Path | None,
    port: int,
) -> int:
    """Show each save in the browser while you write.

    Open the address it prints; only this computer can. Ctrl+C ends it. What there is to mend is
    listed on the page and here, with file, line and what to do. When something cannot be built,
    the last good pages stay up until the next save.
    """
    from living_manual.publish.preview import Preview

    job = job_of(source, kit, today)
    shown = Preview(job, output or job.kit / "build" / "preview", _say)
    signal.signal(signal.SIGTERM, _end)
    click.echo("Building the manual …", err=True)
    shown.run(port, _ready)
    return GOOD


def _end(_signal: int, _frame: Any) -> NoReturn:
    """Being told to end is as good as Ctrl+C."""
    raise KeyboardInterrupt


def _ready(url: str) -> None:
    click.secho(f"The manual is at {url} and follows each save (Ctrl+C ends)", fg="green")
    sys.stdout.flush()


def _say(line: str, findings: tuple[Finding, ...]) -> None:
    if line:
        click.echo(f"{datetime.now():%H:%M:%S}  {line}{'' if findings else '; nothing to mend'}")
    if findings:
        click.echo(as_text(findings))
    sys.stdout.flush()
