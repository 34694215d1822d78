"""`manual withdraw`: take a picture or clip down everywhere, at once, and prove it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from living_manual.cli.options import FINDINGS, FOLDER, GOOD, job_of, options, short_path

if TYPE_CHECKING:
    from living_manual.publish.withdraw import Withdrawn

_ELSEWHERE = """\
What this command does not reach:
  - {media} itself, which stays in the folder of the pages until you delete it
  - the history of git, and every copy of the repository
  - backups, the host's cache of `site/`, copies on other servers
  - what readers have saved or printed
docs/consent.md says how to take it out of each."""


@click.command()
@click.argument("media")
@options(
    "source", "site", "kit", "today", "jobs", today="The day of the withdrawal (default: today)."
)
@click.option(
    "--site-public",
    type=FOLDER,
    metavar="DIR",
    help="Folder with the releases of the public edition (default: site-public/ of the kit).",
)
def withdraw(
    media: str,
    source: Path | None,
    site: Path | None,
    site_public: Path | None,
    kit: Path | None,
    today: datetime | None,
    jobs: int | None,
) -> int:
    """Take a picture or clip off the live site, out of every kept release, and prove it.

    MEDIA is its path from the folder of the pages. The row in consent.csv is marked withdrawn, or
    made. The live site loses it at once, before anything else is built; kept releases that hold it
    are deleted; then the manual is published anew, and every file of the site folders is searched.
    """
    from living_manual.core.edition import PUBLIC, STAFF
    from living_manual.publish.withdraw import media_meant
    from living_manual.publish.withdraw import withdraw as take_down

    job = job_of(source, kit, today, jobs).checked()
    meant = media_meant(job.source, media)
    sites = (
        (site or job.kit / "site", STAFF),
        (site_public or job.kit / "site-public", PUBLIC),
    )
    for folder, _ in sites:
        if folder in (site, site_public) and not folder.is_dir():
            raise click.UsageError(f"There is no folder {folder}.")
    click.secho(f"Withdrawing {meant}", bold=True, err=True)
    done = take_down(job, meant, sites, lambda step: click.echo(f"  {step}", err=True))
    return _told(done, meant, [folder for folder, _ in sites if folder.is_dir()])


def _told(done: Withdrawn, media: str, sites: list[Path]) -> int:
    from living_manual.cli.printing import as_text
    from living_manual.core.words import plural

    for sentence in done.said:
        click.echo(sentence)
    evidence = done.evidence
    assert evidence is not None
    traces = evidence.traces
    where = ", ".join(short_path(folder) for folder in sites) or "no site folder"
    click.echo(
        f"Searched {plural(traces.looked, 'file')} in {where} and in what builds keep, opened "
        f"where they are packed: for {plural(len(traces.digests), 'whole file')}, "
        f"{plural(traces.windows, 'window')} of their bytes and "
        f"{plural(len(traces.sentences), 'sentence')}."
    )
    for sentence, said in evidence.own.repeated:
        click.echo(
            f"note: {said.file}:{said.line} says “{sentence.strip()}” too. If these are the "
            "student's words, take them out and publish."
        )
    for path, why in done.left:
        click.secho(f"LEFT: {short_path(path)}: {why}", fg="red")
    if done.findings:
        click.echo(as_text(done.findings))
        click.secho(
            "It is off the live site. The manual could not be published anew: mend what is named "
            "above, then run `manual publish`.",
            bold=True,
        )
    for fault in done.faults:
        click.secho(fault, fg="red")
    if not done.left:
        click.secho("Nothing of it is left there.", fg="green")
    click.echo(_ELSEWHERE.format(media=media))
    return GOOD if done.good else FINDINGS
