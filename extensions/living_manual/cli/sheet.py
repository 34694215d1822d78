"""`manual sheet`: a school's plan out to a workbook, and back with every cell checked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from living_manual.cli.options import FINDINGS, GOOD, job_of, options, short_path

if TYPE_CHECKING:
    from living_manual.core.finding import Finding
    from living_manual.core.model import Manual, Record
    from living_manual.core.sheet import Problem, SchoolTable
    from living_manual.core.sheet_import import Change, SheetImport
    from living_manual.publish.build import Job

READ_ON = "Read the manual on this day (default: today)."


@click.group()
def sheet() -> None:
    """Let schools write their plans in a spreadsheet: send workbooks out, take them back."""


@sheet.command("export")
@click.argument("school", required=False)
@options("source", "kit", "today", today=READ_ON)
@click.option("--all", "every", is_flag=True, help="Export every school.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Folder for the workbooks (default: build/sheets beside the kit).",
)
@click.option("--replace", is_flag=True, help="Write over workbooks that are there already.")
def export_sheets(
    school: str | None,
    source: Path | None,
    kit: Path | None,
    today: datetime | None,
    every: bool,
    output: Path | None,
    replace: bool,
) -> int:
    """Write a school's plan as a workbook with drop-downs.

    SCHOOL is the school's id, its folder or its name. The plan itself is not changed.
    """
    from living_manual.core.sheet import plan_book, too_long
    from living_manual.core.words import listed, plural
    from living_manual.edges.workbook import differs, save_workbook, workbook_bytes

    if bool(school) == every:
        raise click.UsageError("Name one school, or say --all.")
    job = job_of(source, kit, today).checked()
    manual, findings = _read(job)
    if manual is None:
        return _findings(findings, "No workbook was written.")
    schools = _with_page(manual) if every else [_school(manual, school or "")]
    tables, unreadable = _tables(manual, job, schools)
    if unreadable:
        return _findings(unreadable, "No workbook was written.")
    folder = output or job.kit / "build" / "sheets"
    books = [(table, plan_book(manual, table)) for table in tables]
    problems = [problem for _, book in books for problem in too_long(book)]
    if problems:
        return _problems(problems, "No workbook was written.")
    files = [
        (folder / f"{_stem(table.school)}-plan.xlsx", book, workbook_bytes(book))
        for table, book in books
    ]
    edited = [] if replace else [short_path(path) for path, _, data in files if differs(path, data)]
    if edited:
        raise click.UsageError(
            f"{listed(edited)} {'is' if len(edited) == 1 else 'are'} there already, with other "
            "content: it may be a school's edits. Import or move that first, name another folder "
            "with --output, or write over it with --replace. No workbook was written."
        )
    for path, book, data in files:
        state = "" if save_workbook(path, data) else ", as it was"
        click.echo(f"{short_path(path)}: {book.title}, {plural(len(book.rows), 'action')}{state}")
    if any(found.severity == "error" for found in findings):
        click.echo("warning: `manual check` finds errors; drop-downs may lack something.", err=True)
    return GOOD


@sheet.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@options("source", "kit", "today", today=READ_ON)
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before writing (asked at a terminal only).")
def import_sheet(
    file: Path,
    source: Path | None,
    kit: Path | None,
    today: datetime | None,
    dry_run: bool,
    yes: bool,
) -> int:
    """Check every cell of a school's workbook, show what it changes, and write the plan.

    With anything to mend, nothing is written.
    """
    from living_manual.core import sheet_import as rules
    from living_manual.core.sheet import shown
    from living_manual.edges.workbook import WorkbookError, read_workbook

    job = job_of(source, kit, today).checked()
    try:
        book = read_workbook(file)
    except WorkbookError as error:
        click.echo(str(error))
        return _unwritten()
    name = rules.school_of(book)
    if not isinstance(name, str):
        return _problems([name], _NOTHING)
    manual, findings = _read(job)
    lost = [found for found in findings if _loses_records(found)]
    if manual is None or lost:
        first = f"Mend this first: cells are checked against it. {_NOTHING}"
        return _findings(lost or findings, first)
    school = manual.get(name)
    if school is None or school.type != "school" or not school.lead:
        click.echo(f"The workbook is for the school {shown(name, 60)}, which has no page here.")
        return _unwritten()
    tables, unreadable = _tables(manual, job, [school])
    if unreadable:
        return _findings(unreadable, _NOTHING)
    (table,) = tables
    result = rules.import_sheet(book, manual, table)
    if result.problems:
        return _problems(result.problems, _NOTHING)
    return _carry_out(job, table, result, dry_run=dry_run, ask=not yes)


_NOTHING = "Nothing was written."


def _unwritten() -> int:
    click.secho(_NOTHING, bold=True)
    return FINDINGS


def _carry_out(
    job: Job, table: SchoolTable, result: SheetImport, *, dry_run: bool, ask: bool
) -> int:
    """Show the difference, then write it."""
    from living_manual.core.importing import FileChange
    from living_manual.core.sheet_import import summary
    from living_manual.edges.changes import ChangesRefused, write_changes

    path = job.source / table.file
    click.echo(f"{table.school.title} ({table.school.id}): {short_path(path)}")
    for change in result.changes:
        click.echo(_difference(change))
    for note in result.notes:
        click.echo(f"note: {note}")
    if result.text is None:
        click.secho("Nothing has changed.", fg="green")
        return GOOD
    click.echo(summary(result.changes))
    if dry_run:
        click.secho("Nothing was written (--dry-run).", bold=True)
        return GOOD
    if ask and sys.stdin.isatty() and not click.confirm("Write this?", default=True):
        click.secho(_NOTHING, bold=True)
        return GOOD
    try:
        write_changes(job.source, [FileChange(table.file, table.text, result.text)])
    except ChangesRefused as refused:
        raise click.ClickException(str(refused)) from refused
    click.secho(f"Wrote {short_path(path)}.", fg="green")
    page = (job.source / f"{table.school.page}.md").read_text(encoding="utf-8-sig")
    if "{school-plan}" not in page:
        click.echo(f"note: Put :::{{school-plan}} on {table.school.page}.md, or nobody sees it.")
    return GOOD


def _difference(change: Change) -> str:
    from living_manual.core.sheet import shown

    lines = [f"  {change.kind:<8} {change.id}  {shown(change.title)}"]
    for name, old, new in change.fields:
        if change.kind == "added":
            lines.append(f"           {name}: {shown(new)}")
        else:
            lines.append(
                f"           {name}: {shown(old) or '(empty)'} -> {shown(new) or '(empty)'}"
            )
    return "\n".join(lines)


def _read(job: Job) -> tuple[Manual | None, Sequence[Finding]]:
    from living_manual.publish.build import check

    built = check(job)
    return built.manual, built.findings


def _loses_records(found: Finding) -> bool:
    """Whether records are missing because of it, so that a good link would look broken."""
    return found.kind in ("build-stopped", "page-unreadable", "duplicate-id") or (
        found.severity == "error" and (found.file or "").endswith(".csv") and _in_row(found.kind)
    )


def _in_row(kind: str) -> bool:
    return kind.startswith("table-") or kind in ("invalid-id", "invalid-value")


def _with_page(manual: Manual) -> list[Record]:
    return [school for school in manual.of_type("school") if school.lead]


def _stem(school: Record) -> str:
    return school.id.removeprefix("SCH_").lower().replace("_", "-")


def _school(manual: Manual, said: str) -> Record:
    """The school somebody means; raises `UsageError` with the nearest name otherwise."""
    names: dict[str, Record] = {}
    for school in _with_page(manual):
        folder = Path(school.page).parent.name
        for name in (school.id, _stem(school), folder, school.get("short"), school.title):
            if name:
                names.setdefault(name.casefold(), school)
    wanted = said.strip().casefold()
    if wanted in names:
        return names[wanted]
    near = get_close_matches(wanted, names, n=1)
    known = ", ".join(school.id for school in _with_page(manual))
    hint = f"Did you mean {names[near[0]].id}?" if near else f"The schools are: {known}."
    raise click.UsageError(f"There is no school '{said}' with a page of its own. {hint}")


def _tables(
    manual: Manual, job: Job, schools: Sequence[Record]
) -> tuple[list[SchoolTable], list[Finding]]:
    """The schools' tables, and what keeps any of them from being read."""
    from living_manual.core.sheet import TABLE, SchoolTable
    from living_manual.core.tables import read_table
    from living_manual.edges.files import read_text

    tables, found = [], []
    prefix = manual.model.types[TABLE.type].prefix
    for school in schools:
        file = (Path(school.page).parent / TABLE.name).as_posix()
        text, unreadable = read_text(job.source / file, file)
        found += [unreadable] if unreadable else []
        if text is not None:
            found += read_table(TABLE, text, file, prefix)[1]
        tables.append(SchoolTable(school, file, text))
    return tables, found


def _findings(findings: Sequence[Finding], ending: str) -> int:
    from living_manual.cli.printing import as_text

    click.echo(as_text(findings))
    click.secho(ending, bold=True)
    return FINDINGS


def _problems(problems: Sequence[Problem], ending: str) -> int:
    """Two lines a problem, as findings are told."""
    from living_manual.core.words import plural

    for problem in problems:
        click.echo(f"{problem.place}: {problem.message}\n    {problem.fix}")
    click.secho(f"{plural(len(problems), 'thing')} to mend. {ending}", bold=True)
    return FINDINGS
