"""`manual handover`: the pack of a role, or of a role at a school, from the pages as they are."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from living_manual.cli.options import FINDINGS, GOOD, OUR_FAULT, job_of, options, short_path

if TYPE_CHECKING:
    from living_manual.core.handover import Pack
    from living_manual.core.model import Manual

_ENDINGS = {"pdf": ".pdf", "text": ".txt", "json": ".json"}


@click.command()
@click.argument("role")
@click.argument("school", required=False)
@options("source", "kit", "today")
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="FILE|DIR",
    help="Where to write it (default: a PDF here; text and JSON on the screen).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(_ENDINGS)),
    default="pdf",
    show_default=True,
    help="What to make.",
)
def handover(
    role: str,
    school: str | None,
    source: Path | None,
    kit: Path | None,
    today: datetime | None,
    to: Path | None,
    form: str,
) -> int:
    """Make the handover pack of a ROLE, or of a ROLE at a SCHOOL.

    Both may be ids or names: ROLE_PRINCIPAL, principal, "grade team lead"; SCH_ELM, elm. The pack
    is made from the pages as they are now; nothing is published.
    """
    from living_manual.cli.printing import as_text
    from living_manual.core.finding import has_errors
    from living_manual.core.handover import pack
    from living_manual.core.record_names import NotMeant, meant
    from living_manual.publish.build import check

    built = check(job_of(source, kit, today).checked())
    if built.manual is None:
        click.echo(as_text(built.findings))
        return FINDINGS
    if has_errors(built.findings):
        click.echo("warning: `manual check` finds errors; records may be missing.", err=True)
    manual = built.manual
    try:
        whose = meant(manual, "role", role)
        where = meant(manual, "school", school) if school is not None else None
    except NotMeant as unknown:
        raise click.UsageError(str(unknown)) from unknown
    made = pack(manual, whose, where)
    if form != "pdf" and to is None:
        click.echo(_written(manual, made, form).decode(), nl=False)
        return GOOD
    content = _written(manual, made, form)
    if not content:
        return OUR_FAULT
    file = _file(made, to, _ENDINGS[form])
    _write(file, content)
    click.secho(f"Wrote {short_path(file)}: {made.name}.", fg="green")
    return GOOD


def _written(manual: Manual, made: Pack, form: str) -> bytes:
    from living_manual.core.handover_paper import pack_data, pack_json, pack_text
    from living_manual.edges.pdf import HANDOVER, PressError, make_sheets

    if form == "json":
        return pack_json(made).encode()
    if form == "text":
        return pack_text(manual, made).encode()
    try:
        (sheet,) = make_sheets([pack_data(manual, made)], HANDOVER)
    except PressError as error:
        click.secho(f"manual: the PDF could not be made: {error}", err=True)
        return b""
    if sheet.fault:
        click.secho(f"manual: the PDF could not be made: {sheet.fault}", err=True)
    if sheet.lacking:
        letters = " ".join(sheet.lacking)
        click.echo(f"warning: the PDF leaves out what its faces do not have: {letters}", err=True)
    return sheet.pdf


def _file(made: Pack, to: Path | None, ending: str) -> Path:
    """The file to write: the one that is named, or one of the pack's own name in a folder."""
    from living_manual.core.handover_list import page_of

    name = page_of(made.role.id, made.school.id if made.school else "").replace("/", "-") + ending
    if to is None:
        return Path(name)
    if to.is_dir() or not to.suffix:
        return to / name
    if to.suffix != ending:
        raise click.UsageError(f"--to names a {to.suffix} file, and --format makes {ending}.")
    return to


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, fresh = tempfile.mkstemp(prefix=".handover-", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as new:
            new.write(content)
        Path(fresh).chmod(0o644)
        Path(fresh).replace(file)
    except OSError:
        Path(fresh).unlink(missing_ok=True)
        raise
