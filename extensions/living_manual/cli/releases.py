"""`manual verify` and `manual addresses`: what a release is, and what it has published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from living_manual.cli.options import FINDINGS, FOLDER, GOOD, options, short_path, site_folder

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
