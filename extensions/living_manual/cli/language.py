"""`manual language`: words in pages and tables that look like a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from living_manual.cli.options import FINDINGS, GOOD, job_of, options
from living_manual.cli.printing import FORMATS

if TYPE_CHECKING:
    from living_manual.core.finding import Finding


@click.command()
@options("source", "kit")
@click.option(
    "--format",
    "form",
    type=click.Choice(sorted(FORMATS)),
    default="text",
    show_default=True,
    help="How to print what is found.",
)
def language(source: Path | None, kit: Path | None, form: str) -> int:
    """Find names of people, e-mail addresses and telephone numbers in pages and tables.

    The manual names roles, never people. Nothing is written. No rule knows every name: read a page
    before you publish it, too.
    """
    job = job_of(source, kit, None).checked()
    found = list(people(job.source))
    said = FORMATS[form](found)
    if said:
        click.echo(said)
    return FINDINGS if found else GOOD


def people(source: Path) -> Iterator[Finding]:
    """What looks like a person in the files of a source folder, file by file."""
    from living_manual.core.language import TEXTS, allowed_words, people_in
    from living_manual.core.settings import FILE
    from living_manual.core.settings_reading import read_settings
    from living_manual.edges.files import read_text, walk

    settings, _ = read_settings(read_text(source / FILE, FILE)[0])
    allowed = allowed_words(settings.not_names)
    for path in walk(source):
        if path.suffix.lower() in TEXTS:
            file = path.relative_to(source).as_posix()
            text, unreadable = read_text(path, file, "page-unreadable")
            if unreadable:
                yield unreadable
            yield from people_in(text or "", file, allowed)
