"""The `manual` command.

Exit codes: 0 good, 1 findings, 2 wrong use or configuration, 3 a fault of ours.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from living_manual.cli.changes import changes
from living_manual.cli.confirm import confirm
from living_manual.cli.drill import drill
from living_manual.cli.handover import handover
from living_manual.cli.imports import imports
from living_manual.cli.language import language
from living_manual.cli.options import (
    FINDINGS,
    GOOD,
    OUR_FAULT,
    WRONG_USE,
    job_of,
    kit_folder,
    options,
    short_path,
    site_folder,
)
from living_manual.cli.preview import preview
from living_manual.cli.printing import FORMATS, as_text
from living_manual.cli.releases import addresses, archive, verify
from living_manual.cli.sheet import sheet
from living_manual.cli.withdraw import withdraw
from living_manual.core.edition import Edition
from living_manual.core.targets import Target, read_target


def _rules(said: str) -> str:
    """The rules of `--fail-on`, each known; raises `click.UsageError` for one that is not."""
    from living_manual.core.gap_findings import ALL, NONE, rule_meant, unknown_rules

    named = [name for part in said.split(",") if (name := part.strip())]
    if named in ([], [NONE]):
        return NONE
    for unknown in unknown_rules(named):
        raise click.UsageError(
            f"--fail-on: '{unknown}' is no rule of gaps. {rule_meant(unknown)}"
            + (f" Write '{NONE}' alone." if unknown == NONE else "")
        )
    return ALL if ALL in named else ",".join(named)


class Progress:
    """Says each step as it starts and how long the last one took; on standard error."""

    def __init__(self) -> None:
        self.started: float | None = None

    def __call__(self, step: str) -> None:
        """Start a step."""
        self.done()
        click.echo(f"  {step} … ", nl=False, err=True)
        self.started = time.monotonic()

    def done(self, *, ended: bool = True) -> None:
        """End the running step."""
        if self.started is not None:
            took = f"{time.monotonic() - self.started:.1f} s" if ended else ""
            click.secho(took, dim=True, err=True)
        self.started = None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="living-manual", prog_name="manual")
def cli() -> None:
    """Write, check, trace, search and publish a school district's living manual."""


@cli.command()
@options("source", "kit", "today", "jobs", "edition")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Empty or new folder for the pages (default: build/html beside the kit).",
)
def build(
    source: Path | None,
    kit: Path | None,
    today: datetime | None,
    jobs: int | None,
    edition: Edition | None,
    output: Path | None,
) -> int:
    """Build the manual with its search, without publishing it."""
    from living_manual.publish.folder import replace_folder
    from living_manual.publish.pipeline import NotPublishable, build_site

    job, say = job_of(source, kit, today, jobs, edition), Progress()
    target = output or job.kit / "build" / "html"
    try:
        with replace_folder(target) as fresh:
            built, _ = build_site(job.checked(), fresh, say)
    except NotPublishable as stopped:
        say.done()
        click.echo(as_text(stopped.built.findings))
        return FINDINGS
    say.done()
    if built.findings:
        click.echo(as_text(built.findings))
    click.echo(
        f"Built {built.pages} pages: open {short_path(target / 'index.html')}, "
        f"or run: manual serve --site {short_path(target)}"
    )
    return GOOD


@cli.command()
@options("source", "kit", "today", "edition")
@click.option(
    "--format",
    "form",
    type=click.Choice(sorted(FORMATS)),
    default="text",
    show_default=True,
    help="How to print the findings.",
)
@click.option(
    "--fail-on",
    metavar="RULE[,RULE]",
    help="Gaps of these rules are errors: short names as in docs/reference/gaps.md, none or all "
    "(default: fail_on under [gaps] in district.toml).",
)
def check(
    source: Path | None,
    kit: Path | None,
    today: datetime | None,
    edition: Edition | None,
    form: str,
    fail_on: str | None,
) -> int:
    """Check the whole manual and print every finding; nothing is written."""
    from living_manual.publish.build import check as check_manual

    job = job_of(source, kit, today, edition=edition)
    result = check_manual(replace(job, fail_on=_rules(fail_on) if fail_on is not None else ""))
    said = FORMATS[form](result.findings)
    if said:
        click.echo(said)
    return GOOD if result.good else FINDINGS


def _targets(_context: click.Context, _option: click.Parameter, said: tuple[str, ...]) -> Any:
    """The places of `--to`, each read before anything is built."""
    try:
        return [read_target(each) for each in said]
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def send_to(command: Any) -> Any:
    """The options of commands that send a release elsewhere."""
    for option in (
        click.option(
            "--behind-sign-in",
            is_flag=True,
            help="With --to: that place lets nobody in but staff, so the staff edition may go "
            "there.",
        ),
        click.option(
            "--to",
            multiple=True,
            metavar="TARGET",
            callback=_targets,
            help="Then send the live release there too: a folder, git:REMOTE#BRANCH or "
            "rclone:REMOTE:PATH. May be given more than once.",
        ),
    ):
        command = option(command)
    return command


def _send(site: Path, targets: list[Target], kit: Path | None, behind_sign_in: bool) -> None:
    """Send the live release to each place, and say what each can promise."""
    from living_manual.edges.site_folder import SiteFolder
    from living_manual.publish.targets import send

    for target in targets:
        sent = send(SiteFolder(site), target, kit or kit_folder(), behind_sign_in=behind_sign_in)
        click.echo(sent.said)


@cli.command()
@options("source", "kit", "site", "today", "jobs", "edition")
@send_to
def publish(
    source: Path | None,
    kit: Path | None,
    site: Path | None,
    today: datetime | None,
    jobs: int | None,
    edition: Edition | None,
    to: list[Target],
    behind_sign_in: bool,
) -> int:
    """Build, check, index and publish the manual; the live site changes whole or not at all."""
    from living_manual.publish.pipeline import NotPublishable
    from living_manual.publish.pipeline import publish as publish_manual

    folder, say = site_folder(site, kit, edition), Progress()
    click.secho("Publishing the manual", bold=True, err=True)
    try:
        outcome = publish_manual(job_of(source, kit, today, jobs, edition), folder, say)
    except NotPublishable as stopped:
        say.done()
        click.echo(as_text(stopped.built.findings))
        click.secho("Nothing was published. The live site is as it was.", bold=True)
        return FINDINGS
    finally:
        say.done()
    done = outcome.published
    if outcome.findings:
        click.echo(as_text(outcome.findings))
    for warning in done.warnings:
        click.echo(f"warning: {warning}")
    if done.changed:
        click.secho(
            f"Published release {done.release_id}: {outcome.pages} pages, "
            f"{outcome.found} entries in search, {done.size / 1e6:.1f} MB.",
            fg="green",
        )
    else:
        click.secho(
            f"Nothing has changed since release {done.release_id}; nothing new was published.",
            fg="green",
        )
    _send(folder, to, kit, behind_sign_in)
    click.echo(
        f"Look at it: open {short_path(folder / 'current' / 'index.html')}, or run `make serve` "
        "(search needs it served)."
    )
    return GOOD


@cli.command()
@options("kit", "site", "edition")
@send_to
@click.argument("release", required=False)
def rollback(
    kit: Path | None,
    site: Path | None,
    edition: Edition | None,
    release: str | None,
    to: list[Target],
    behind_sign_in: bool,
) -> int:
    """Make an earlier release live again: the one named, or the one before."""
    from living_manual.edges.site_folder import SiteFolder
    from living_manual.publish.releases import roll_back

    went_to = roll_back(SiteFolder(site_folder(site, kit, edition)), release)
    click.secho(f"Release {went_to} is live again.", fg="green")
    _send(site_folder(site, kit, edition), to, kit, behind_sign_in)
    return GOOD


@cli.command()
@options("kit", "site", "edition")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port on 127.0.0.1; 0 takes a free one.",
)
def serve(kit: Path | None, site: Path | None, edition: Edition | None, port: int) -> int:
    """Show the published site on 127.0.0.1 until Ctrl+C."""
    from living_manual.edges.server import serve as serve_folder

    folder = site_folder(site, kit, edition)
    root = folder / "current" if (folder / "current").exists() else folder
    if not (root / "index.html").is_file():
        raise click.UsageError(f"Nothing is published in {folder} yet. Run `manual publish` first.")
    serve_folder(root, port, ready=lambda url: click.echo(f"The manual is at {url} (Ctrl+C ends)"))
    return GOOD


cli.add_command(confirm)
cli.add_command(changes)
cli.add_command(drill)
cli.add_command(handover)
cli.add_command(imports)
cli.add_command(language)
cli.add_command(preview)
cli.add_command(sheet)
cli.add_command(withdraw)
cli.add_command(verify)
cli.add_command(archive)
cli.add_command(addresses)


def main() -> None:
    """Run the command; foreseeable errors are said in one sentence, ours are named as ours."""
    from living_manual.edges.pagefind import IndexingError
    from living_manual.edges.site_folder import SiteFolderError
    from living_manual.publish.build import BuildError

    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        code = 130
    except click.ClickException as error:
        error.show()
        code = WRONG_USE
    except (BuildError, SiteFolderError) as error:
        click.secho(f"manual: {error}", err=True)
        code = WRONG_USE
    except (IndexingError, OSError) as error:
        click.secho(f"manual: {error}", err=True)
        code = OUR_FAULT if isinstance(error, IndexingError) else WRONG_USE
    except Exception as error:
        if os.environ.get("MANUAL_DEBUG"):
            raise
        click.secho(
            f"manual: a fault of the kit, not of your pages: {type(error).__name__}: "
            f"{error}. Run it again with MANUAL_DEBUG=1 to see where.",
            err=True,
        )
        code = OUR_FAULT
    sys.exit(code or 0)
