"""`manual verify` and `manual addresses`: what a release is, and what it has published."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import click

from living_manual.cli.options import (
    FINDINGS,
    FOLDER,
    GOOD,
    kit_folder,
    options,
    short_path,
    site_folder,
)
from living_manual.core.redirects import FILE as REDIRECTS
from living_manual.core.redirects import GONE
from living_manual.edges.files import read_text

if TYPE_CHECKING:
    from living_manual.edges.sealed import Verdict

#: Files named in a line before the others are only counted.
_NAMED = 20


@click.command()
@options("kit", "site")
@click.option("--all", "every", is_flag=True, help="Every kept release and archive.")
@click.option(
    "--folder",
    type=FOLDER,
    metavar="DIR",
    help="A release that was copied out, such as what a host serves: any folder with release.json.",
)
@click.argument("release", required=False)
def verify(
    kit: Path | None, site: Path | None, every: bool, folder: Path | None, release: str | None
) -> int:
    """Say whether the live release, or the one named, is as it was sealed.

    Every file is read and compared with the list in release.json: what was altered, is missing or
    was added is named.
    """
    from living_manual.publish.verify import verify_folder, verify_site

    if folder is not None and (every or release):
        raise click.UsageError("--folder stands alone: it names one release by its folder.")
    if every and release:
        raise click.UsageError("Name a release, or say --all.")
    if folder is not None:
        verdicts = {short_path(folder): verify_folder(folder)}
    else:
        verdicts = verify_site(site_folder(site, kit), release, every=every)
    for name, verdict in verdicts.items():
        click.echo(_said(name, verdict))
    return GOOD if all(verdict.whole for verdict in verdicts.values()) else FINDINGS


def _said(name: str, verdict: Verdict) -> str:
    if verdict.whole:
        return f"{name} is as it was sealed: {verdict.files} files, {verdict.size / 1e6:.1f} MB."
    lines = [f"{name} is not as it was sealed."]
    if verdict.unreadable:
        lines.append(f"    {verdict.unreadable}")
    for word, paths in (
        ("altered", verdict.altered),
        ("missing", verdict.missing),
        ("not of the release", verdict.extra),
    ):
        lines += [f"    {word}: {path}" for path in paths[:_NAMED]]
        if len(paths) > _NAMED:
            lines.append(f"    {word}: {len(paths) - _NAMED} more")
    return "\n".join(lines)


@click.command()
@options("kit", "site")
@click.option(
    "--write", type=FOLDER, metavar="FILE", help="Write the whole list to this file, to keep it."
)
def addresses(kit: Path | None, site: Path | None, write: Path | None) -> int:
    """Say how many addresses the live release keeps alive; with --write, keep the list.

    A host that begins from an empty folder knows the addresses again when the list lies beside the
    pages, as addresses.json (of the public edition: addresses-public.json).
    """
    from living_manual.edges.site_folder import SiteFolder
    from living_manual.publish.addresses import live_ledger

    ledger = live_ledger(SiteFolder(site_folder(site, kit)))
    anchors = sum(len(page.anchors) for page in ledger.pages.values())
    if write is not None:
        write.write_text(ledger.to_json(), encoding="utf-8", newline="\n")
    click.echo(
        f"{len(ledger.pages)} pages, {anchors} places on them and {len(ledger.files)} files were "
        f"published; {len(ledger.left)} of these addresses lead elsewhere now."
        + (f" The list is in {short_path(write)}." if write is not None else "")
    )
    return GOOD


@click.command()
@options("source", "kit", "site")
@click.option(
    "--from",
    "folder",
    type=FOLDER,
    metavar="DIR",
    help="Keep the release that was copied out to this folder instead of the live one.",
)
@click.option("--remove", is_flag=True, help="Delete the archive of that name.")
@click.option(
    "--why", metavar="WORDS", help="With --remove: one sentence for whoever looks for it."
)
@click.argument("name", required=False)
def archive(
    source: Path | None,
    kit: Path | None,
    site: Path | None,
    folder: Path | None,
    remove: bool,
    why: str | None,
    name: str | None,
) -> int:
    """Keep the live release as the archive of a school year, under archive/NAME/.

    NAME is the school year of district.toml unless it is given. The next publish shows it.
    """
    from living_manual.edges.site_folder import SiteFolder
    from living_manual.publish.archives import make_archive, remove_archive
    from living_manual.publish.build import settings_of

    root = SiteFolder(site_folder(site, kit))
    pages = source or (kit or kit_folder()) / "source"
    if name is None:
        name = settings_of(pages)[0].year_name
    if not name:
        raise click.UsageError("Name the archive, such as 2026-27.")
    if remove:
        if not why:
            raise click.UsageError("Say with --why, in one sentence, why the archive is removed.")
        remove_archive(root, name)
        add_row(pages / REDIRECTS, f"archive/{name}/index.html", why)
        click.echo(f"The archive {name} is removed; {REDIRECTS} tells why. Now run manual publish.")
        return GOOD
    files = make_archive(root, name, folder)
    click.echo(f"The archive {name} is kept: {files} files. Now run manual publish to show it.")
    return GOOD


def add_row(path: Path, address: str, why: str) -> None:
    """Add a row to `redirects.csv`, made when it is not there: an address is gone, and why."""
    said, unreadable = read_text(path, path.name)
    if unreadable:
        raise click.UsageError(f"{unreadable.message} {unreadable.fix}")
    text = said or "from,to,why\n"
    line = io.StringIO()
    width = len(next(csv.reader(text.splitlines())))
    csv.writer(line, lineterminator="\n").writerow([address, GONE, why, *[""] * (width - 3)])
    path.write_text(text.rstrip("\n") + "\n" + line.getvalue(), encoding="utf-8", newline="\n")
