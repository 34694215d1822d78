"""`manual drill`: what would happen if a role fell vacant tomorrow."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from living_manual.cli.options import FINDINGS, GOOD, job_of, options

if TYPE_CHECKING:
    from living_manual.core.drill import Drill, Item
    from living_manual.core.model import Manual, Record, Ref


@click.command()
@click.argument("role")
@options("source", "kit", "today", today="The day of the drill (default: today).")
@click.option("--school", metavar="SCHOOL", help="Only what the role has at this school.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "text"]),
    default="text",
    show_default=True,
    help="How to print the drill.",
)
def drill(
    role: str,
    source: Path | None,
    kit: Path | None,
    today: datetime | None,
    school: str | None,
    form: str,
) -> int:
    """Tell what would happen if ROLE fell vacant tomorrow.

    ROLE and SCHOOL are ids or titles: ROLE_PRINCIPAL, principal, Birch. Told are the things that
    would be left to nobody, what another role carries on, what a written protocol carries, what is
    only in a head, and the dates of the next 60 days. Nothing is written.
    """
    from living_manual.cli.printing import as_text
    from living_manual.core.drill import drill as drilled
    from living_manual.core.finding import has_errors
    from living_manual.publish.build import check

    built = check(job_of(source, kit, today))
    if built.manual is None:
        click.echo(as_text(built.findings))
        return FINDINGS
    if has_errors(built.findings):
        click.echo("warning: `manual check` finds errors; records may be missing.", err=True)
    held = _meant(built.manual, "role", role)
    at = _meant(built.manual, "school", school) if school else None
    found = drilled(built.manual, held, at)
    click.echo(_as_json(found) if form == "json" else "\n".join(_as_text(found)))
    return GOOD


def _meant(manual: Manual, kind: str, said: str) -> Record:
    """The role or school that somebody names by its id, its title, or a word of either."""
    names: dict[str, list[Record]] = {}
    for record in manual.of_type(kind):
        short = record.id.partition("_")[2].replace("_", " ")
        for name in dict.fromkeys(
            each.casefold() for each in (record.id, record.title, short, record.get("short"))
        ):
            if name:
                names.setdefault(name, []).append(record)
    wanted = said.strip().casefold()
    found = names.get(wanted, [])
    if not found and wanted:
        parts = (wanted, wanted.replace("_", " "))
        found = _each_once(
            record
            for name, records in names.items()
            for record in records
            if any(f" {part}" in f" {name.replace('-', ' ')}" for part in parts)
        )
    if len(found) == 1:
        return found[0]
    near = found or _each_once(
        record
        for name in get_close_matches(wanted, names, n=5, cutoff=0.6)
        for record in names[name]
    )
    every = ", ".join(f"{each.title} ({each.id})" for each in near or manual.of_type(kind))
    if found:
        raise click.UsageError(f"More than one {kind} fits '{said}': {every}. Name one by its id.")
    ask = "Did you mean" if near else "There are"
    raise click.UsageError(f"There is no {kind} '{said}'. {ask}: {every or 'none'}.")


def _each_once(records: Iterable[Record]) -> list[Record]:
    return list({record.id: record for record in records}.values())


def _as_text(view: Drill) -> Iterator[str]:
    from living_manual.core.words import plural, say_day

    where = f" at {view.school.title}" if view.school else ""
    yield click.style(f"If the role {view.role.title}{where} fell vacant tomorrow", bold=True)
    if view.role.status == "vacant":
        yield "It is vacant today."
    yield f"Steps in: {_titles(view.steps_in) or 'nobody is named'}."
    yield (
        f"It has {plural(len(view.items), 'thing')}: {len(view.orphaned)} would be left to nobody, "
        f"{len(view.covered)} carried on by another role."
    )
    if view.backs_up:
        yield f"It also backs up {plural(view.backs_up, 'thing')} of other roles."
    yield from _part("Left to nobody", view.orphaned, _why)
    if view.covered:
        yield ""
        yield click.style(f"Carried on by another role ({len(view.covered)})", bold=True)
        for role, items in view.covered_by:
            yield f"  {role.title}: {len(items)}"
            yield from (f"    {_item(item)}" for item in items)
    yield from _part("Written down, or run on a written protocol", view.written, _written)
    yield from _part("Only in a head", view.in_head, _why)
    yield ""
    yield click.style(f"Dates until {say_day(view.until)} ({len(view.dates)})", bold=True)
    for each in view.dates:
        who = f"{each.others[0].title} steps in" if each.others else "nobody steps in"
        yield f"  {say_day(each.day)}  {each.what}: {each.record.title}; {who}"


def _part(title: str, items: Sequence[Item], more: Any) -> Iterator[str]:
    yield ""
    yield click.style(f"{title} ({len(items)})", bold=True)
    for item in items:
        yield f"  {_item(item)}{more(item)}"


def _item(item: Item) -> str:
    at = f" · {_titles(item.at)}" if item.at else ""
    return f"{item.record.id}  {item.type_title}: {item.record.title}{at}"


def _why(item: Item) -> str:
    said = [f"no {name}" for name in item.empty]
    if item.in_head:
        said.insert(0, "no written protocol")
    return f" ({', '.join(said)})" if said else ""


def _written(item: Item) -> str:
    names = [ref for ref in item.written if ref.id != item.record.id]
    return f" (in {_titles(names)})" if names else ""


def _titles(refs: Iterable[Ref]) -> str:
    from living_manual.core.words import listed

    return listed([ref.title for ref in refs])


def _as_json(view: Drill) -> str:
    value = {
        "role": view.role.id,
        "title": view.role.title,
        "status": view.role.status,
        "school": view.school.id if view.school else None,
        "steps_in": [ref.id for ref in view.steps_in],
        "backs_up": view.backs_up,
        "things": len(view.items),
        "orphaned": [_data(item) for item in view.orphaned],
        "covered": [_data(item) for item in view.covered],
        "written": [item.record.id for item in view.written],
        "only_in_a_head": [item.record.id for item in view.in_head],
        "until": view.until.isoformat(),
        "dates": [
            {
                "date": each.day.isoformat(),
                "what": each.what,
                "record": each.record.id,
                "carried_on_by": [ref.id for ref in each.others],
            }
            for each in view.dates
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=1)


def _data(item: Item) -> dict[str, Any]:
    return {
        "id": item.record.id,
        "title": item.record.title,
        "type": item.record.type,
        "at": [ref.id for ref in item.at],
        "carried_on_by": [ref.id for ref in item.others],
        "written_in": [ref.id for ref in item.written],
        "empty": list(item.empty),
    }
