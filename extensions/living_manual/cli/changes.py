"""`manual changes`: what changed between two kept releases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from living_manual.cli.options import GOOD, options, site_folder

if TYPE_CHECKING:
    from living_manual.core.changes import Change, FieldChange
    from living_manual.publish.compare import Compared


@click.command()
@options("kit", "site")
@click.option("--role", metavar="ROLE", help="Only what this role owns, leads or backs up.")
@click.option("--school", metavar="SCHOOL", help="Only what belongs to this school.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print the changes.",
)
@click.argument("old", required=False)
@click.argument("new", required=False)
def changes(
    kit: Path | None,
    site: Path | None,
    role: str | None,
    school: str | None,
    form: str,
    old: str | None,
    new: str | None,
) -> int:
    """Tell what changed from release OLD to release NEW: records and their wording.

    Without NEW it is the live release; without OLD the one before it. The beginning of an id will
    do. A role or a school is named by its id or its title.
    """
    from living_manual.core.changes import concerning
    from living_manual.edges.site_folder import SiteFolder
    from living_manual.publish.compare import compare_releases

    compared = compare_releases(SiteFolder(site_folder(site, kit)), old or "", new or "")
    role_id = _id_of(role, "ROLE_", compared.titles)
    school_id = _id_of(school, "SCH_", compared.titles)
    found = concerning(compared.comparison.changes, role_id, school_id)
    click.echo(_as_json(compared, found) if form == "json" else _as_text(compared, found))
    return GOOD


def _id_of(said: str | None, prefix: str, titles: Mapping[str, str]) -> str:
    """The id of a role or school that was named by id or title; empty when none was."""
    if not said:
        return ""
    known = {record_id: t for record_id, t in titles.items() if record_id.startswith(prefix)}
    wanted = said.casefold()
    for record_id, title in known.items():
        if wanted in (record_id.casefold(), title.casefold()):
            return record_id
    what = "role" if prefix == "ROLE_" else "school"
    names = ", ".join(sorted(known.values())) or "none"
    raise click.UsageError(f"There is no {what} {said!r} in either release. There are: {names}.")


def _as_text(compared: Compared, found: Sequence[Change]) -> str:
    from living_manual.core.changes import sum_sentence

    lines = [f"From release {compared.old} to {compared.new}:"]
    lines.append(f"{sum_sentence(found)}." if found else "No record is different.")
    for change in found:
        lines += ["", *_change(change, compared.titles)]
    return "\n".join(lines)


def _change(change: Change, titles: Mapping[str, str]) -> Iterator[str]:
    from living_manual.core.changes import say

    at = ", ".join(titles.get(school, school) for school in change.schools)
    place = f" · {at}" if at and change.type != "school" else ""
    yield f"{change.what} {change.type_title.lower()} {change.id}: {change.title}{place}"
    for field in change.fields:
        yield f"    {field.label}: {_wording(say(field))}"
    if change.moved_from:
        yield f"    Page: {change.moved_from} is now {change.href}"


def _wording(field: FieldChange) -> str:
    """Old words in [-brackets-], new ones in {+braces+}, as `git diff --word-diff` has them."""
    marks = {"-": "[-{}-]", "+": "{{+{}+}}", "…": "…", "=": "{}"}
    return "".join(before + marks[op].format(text) for before, (op, text) in field.spaced)


def _as_json(compared: Compared, found: Sequence[Change]) -> str:
    value = {
        "old": compared.old,
        "new": compared.new,
        "changes": [_data(change) for change in found],
    }
    return json.dumps(value, ensure_ascii=False, indent=1)


def _data(change: Change) -> dict[str, Any]:
    from living_manual.core.changelog import change_data

    told = {"schools": [], "roles": [], "audiences": [], "moved_from": "", **change_data(change)}
    fields = [
        {
            "name": field.name,
            "label": field.label,
            "was": field.was,
            "now": field.now,
            "pieces": [list(piece) for piece in field.pieces],
        }
        for field in change.fields
    ]
    return {**told, "fields": fields}
