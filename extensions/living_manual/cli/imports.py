"""`manual import`: what other systems know, brought into the pages and tables of the manual."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from living_manual.cli.options import FINDINGS, GOOD, job_of, options

if TYPE_CHECKING:
    from living_manual.core.finding import Finding
    from living_manual.core.importing import Import

#: The largest framework that is read, in bytes.
MOST_JSON = 64 * 1024 * 1024

Plan = Callable[[Mapping[str, str], Sequence[str]], "Import"]


def _common(*used: str) -> Callable[[Any], Any]:
    """The file, the options of every command, and `--dry-run`."""

    def add(command: Any) -> Any:
        command = click.option(
            "--dry-run", is_flag=True, help="Say what would change, and change nothing."
        )(command)
        command = options(*used, today="The day written on new pages (default: today).")(command)
        return click.argument("file", type=click.Path(path_type=Path, dir_okay=False))(command)

    return add


@click.group("import")
def imports() -> None:
    """Bring in what other systems know: schools, terms, standards.

    An import says what it will change, then changes all of it or nothing. Running it twice changes
    nothing the second time.
    """


@imports.command()
@_common("source", "kit", "today")
@click.option(
    "--last-days",
    is_flag=True,
    help="The file's end dates are last days (the standard says: the day after).",
)
def oneroster(
    file: Path,
    source: Path | None,
    kit: Path | None,
    dry_run: bool,
    last_days: bool,
    today: datetime | None,
) -> int:
    """Schools and the terms of the year from a OneRoster 1.2 CSV zip.

    A zip that holds students or staff is refused before anything in it is read.
    """
    from living_manual.core.oneroster import (
        MANIFEST,
        ORGS,
        SESSIONS,
        needed_tables,
        read_roster,
        refused_names,
    )
    from living_manual.core.roster_plan import plan_roster
    from living_manual.edges.archive import Archive, ArchiveRefused

    try:
        with Archive(file) as archive:
            names = archive.names()
            problems = refused_names(names, file.name)
            if problems:
                return _refused(problems)
            wanted = [name for name in (MANIFEST, ORGS, SESSIONS) if name in names]
            archive.check_sizes(wanted)
            problems = needed_tables(archive.read(MANIFEST), names, file.name)
            if problems:
                return _refused(problems)
            tables = {name: archive.read(name) for name in wanted if name != MANIFEST}
    except ArchiveRefused as refused:
        return _refused([refused.finding])
    roster, problems = read_roster(tables, file.name, last_days=last_days)
    if problems:
        return _refused(problems)
    day = (today or datetime.now()).date()
    return _carry_out(
        source, kit, dry_run, lambda texts, types: plan_roster(roster, texts, types, file.name, day)
    )


@imports.command()
@_common("source", "kit")
def case(file: Path, source: Path | None, kit: Path | None, dry_run: bool) -> int:
    """A framework of standards from a CASE 1.0 or 1.1 package (JSON)."""
    from living_manual.core.case import read_framework
    from living_manual.core.framework_plan import plan_framework
    from living_manual.core.importing import problem

    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_JSON + 1)
    except OSError as error:
        said = f"{file} cannot be read: {error.strerror or error}."
        fix = "Check the name of the file, and that you may read it."
        return _refused([problem("import-file", said, fix, file.name)])
    if len(data) > MOST_JSON:
        said = f"{file.name} is larger than {MOST_JSON // 1024 // 1024} MB."
        return _refused([problem("import-file", said, "Bring in one subject.", file.name)])
    framework, problems = read_framework(data, file.name)
    if framework is None:
        return _refused(problems)
    return _carry_out(
        source, kit, dry_run, lambda texts, types: plan_framework(framework, texts, types)
    )


def _carry_out(source: Path | None, kit: Path | None, dry_run: bool, plan: Plan) -> int:
    from living_manual.edges.changes import (
        ChangesRefused,
        record_types,
        source_texts,
        write_changes,
    )

    job = job_of(source, kit, None).checked()
    texts, unreadable = source_texts(job.source)
    if unreadable:
        return _refused(unreadable)
    outcome = plan(texts, record_types(job.kit))
    if outcome.problems:
        return _refused(outcome.problems)
    if not outcome.changes:
        _say_notes(outcome)
        click.secho("Nothing has changed.", fg="green")
        return GOOD
    for sentence in outcome.said:
        click.echo(f"  {sentence}")
    _say_notes(outcome)
    count = len(outcome.changes)
    files = "1 file" if count == 1 else f"{count} files"
    if dry_run:
        click.secho(f"{files} would be written. Nothing was written (--dry-run).", bold=True)
        return GOOD
    try:
        write_changes(job.source, outcome.changes)
    except ChangesRefused as refused:
        raise click.ClickException(str(refused)) from refused
    click.secho(f"{files} written. Run `manual check` next.", fg="green")
    return GOOD


def _say_notes(outcome: Import) -> None:
    for note in outcome.notes:
        click.echo(f"  note: {note}")


def _refused(problems: Sequence[Finding]) -> int:
    from living_manual.cli.printing import as_text

    click.echo(as_text(problems))
    click.secho("Nothing was written.", bold=True)
    return FINDINGS
