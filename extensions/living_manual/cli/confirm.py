"""`manual confirm`: confirm what has changed, keep what is agreed, list what is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from living_manual.cli.options import FINDINGS, GOOD, job_of, options, short_path

if TYPE_CHECKING:
    from living_manual.core.confirm import Confirmations
    from living_manual.core.confirm_edit import Confirming
    from living_manual.core.model import Manual
    from living_manual.publish.build import Job


@click.command()
@click.argument("record", required=False)
@click.argument("parent", required=False)
@options("source", "kit", "today", today="The day of what is agreed (default: today).")
@click.option("--typo", is_flag=True, help="RECORD's new wording means the same as before.")
@click.option("--keep", is_flag=True, help="Keep every wording that nobody has to confirm.")
@click.option("--list", "listing", is_flag=True, help="List what is to be confirmed.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "text"]),
    default="text",
    show_default=True,
    help="How to print the list.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def confirm(
    record: str | None,
    parent: str | None,
    source: Path | None,
    kit: Path | None,
    today: datetime | None,
    typo: bool,
    keep: bool,
    listing: bool,
    form: str,
    dry_run: bool,
) -> int:
    """Confirm records that depend on words that have changed.

    RECORD is the record that is confirmed, such as ACT_BIRCH_03; PARENT the one whose wording has
    changed, such as OBJ_MINDSET (without it: all that are open). Only the line of RECORD is
    changed. When nobody is left to confirm, the new wording becomes the agreed one.
    """
    from living_manual.core.confirm_edit import plan_confirm, plan_keep, plan_typo

    if [bool(record), keep, listing].count(True) != 1:
        raise click.UsageError("Name a record, or say --list or --keep.")
    if typo and (parent or not record):
        raise click.UsageError("--typo goes with one record: the one whose wording has changed.")
    job = job_of(source, kit, today).checked()
    if listing:
        return _list(job, form)
    if keep:
        return _carry_out(job, plan_keep, dry_run)
    said = record or ""
    if typo:
        return _carry_out(job, lambda manual, texts: plan_typo(manual, said, texts), dry_run, said)
    return _carry_out(job, lambda manual, texts: plan_confirm(manual, said, parent, texts), dry_run)


def _carry_out(
    job: Job,
    plan: Callable[[Manual, dict[str, str]], Confirming],
    dry_run: bool,
    changed: str = "",
) -> int:
    """Work out all of it, say it, and write it: every file or none."""
    from living_manual.cli.printing import as_text
    from living_manual.core.confirm_edit import NotConfirmed
    from living_manual.core.finding import has_errors
    from living_manual.edges.changes import ChangesRefused, source_texts, write_changes
    from living_manual.publish.build import check

    built = check(job)
    texts, unreadable = source_texts(job.source)
    if built.manual is None or unreadable or has_errors(built.findings):
        click.echo(as_text([*unreadable, *built.findings]))
        click.secho("Mend the errors first: records may be missing. Nothing was written.")
        return FINDINGS
    try:
        planned = plan(built.manual, dict(texts))
    except NotConfirmed as refused:
        raise click.UsageError(str(refused)) from refused
    _say_difference(built.manual, changed)
    for sentence in planned.said:
        click.echo(sentence)
    if not planned.changes:
        click.secho("Nothing has changed.", fg="green")
        return GOOD
    files = ", ".join(short_path(job.source / change.file) for change in planned.changes)
    if dry_run:
        click.secho(f"{files} would be written. Nothing was written (--dry-run).", bold=True)
        return GOOD
    try:
        write_changes(job.source, planned.changes)
    except ChangesRefused as refused:
        raise click.ClickException(str(refused)) from refused
    click.secho(f"Wrote {files}.", fg="green")
    return GOOD


def _say_difference(manual: Manual, record_id: str) -> None:
    """What differs in the wording of a record that is said to mean the same."""
    from living_manual.core.confirm import asked
    from living_manual.core.confirm_edit import told

    record = manual.get(record_id)
    found = asked(manual, record) if record else None
    for line in told(found.change.comparison) if found else ():
        click.echo(f"  {line}")


def _list(job: Job, form: str) -> int:
    from living_manual.cli.printing import as_text
    from living_manual.core.confirm import confirmations, confirmations_table
    from living_manual.core.finding import has_errors
    from living_manual.publish.build import check

    built = check(job)
    if built.manual is None:
        click.echo(as_text(built.findings))
        return FINDINGS
    if has_errors(built.findings):
        click.echo("warning: `manual check` finds errors; records may be missing.", err=True)
    view = confirmations(built.manual)
    if form == "json":
        click.echo(confirmations_table(view).json(), nl=False)
    else:
        _print(view)
    return GOOD


def _print(view: Confirmations) -> None:
    from living_manual.core.words import plural, say_day

    for group in view.groups:
        click.secho(group.school.title if group.school else "In the district", bold=True)
        for role, items in group.roles:
            click.echo(f"  {role or 'No owner'}")
            for item in items:
                what = item.what
                click.echo(f"    {what.record.id}  {what.record.title}")
                for change in what.changes:
                    click.echo(f"      {change.parent.id} since {say_day(change.since)}")
                click.echo(f"      {what.file}:{what.row}: {what.line}")
    click.echo(f"{plural(view.records, 'record')} to be confirmed.")
    if view.not_kept:
        click.echo(f"{plural(view.not_kept, 'wording')} not kept yet (manual confirm --keep).")
