"""The whole register as the sheets of one workbook: what they hold, not how a file spells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from living_manual.core.interchange import (
    FieldType,
    address_of,
    by_type,
    fields_used,
    links_of,
    title_of,
)
from living_manual.core.model import Manual, Record
from living_manual.core.table import BookSheet, Cell, DataTable
from living_manual.core.words import plural, say_day

FILE = "records.xlsx"
ABOUT, LINKS = "About", "Links"
_LINK_COLUMNS = ("From", "Link", "To", "Title of the record it leads to")


def register_book(
    manual: Manual, fields: tuple[FieldType, ...], page_urls: Mapping[str, str]
) -> tuple[BookSheet, ...]:
    """What the workbook is, one sheet for each type of record, and all links."""
    sheets = [
        BookSheet(manual.model.title(name), _records(manual, fields, records, page_urls))
        for name, records in by_type(manual)
    ]
    links = BookSheet(LINKS, _links(manual))
    return (_about(manual, (*sheets, links)), *sheets, links)


def _about(manual: Manual, sheets: Sequence[BookSheet]) -> BookSheet:
    settings = manual.settings
    rows = [
        ("What this is", f"Every record of the {settings.manual_name} of {settings.name}."),
        ("Day", f"As the manual stood on {say_day(manual.today)}."),
        ("Where it is from", settings.address),
        ("How to use it", "Filter and sort as you like. What you change here stays here."),
        (
            "Columns of links",
            "A link has two columns: the ids, and the titles of the records they lead to.",
        ),
    ]
    rows += [
        (sheet.name, plural(len(sheet.table.rows), "link" if sheet.name == LINKS else "record"))
        for sheet in sheets
    ]
    told = tuple(row for row in rows if row[1])
    return BookSheet(ABOUT, DataTable(("Sheet", "What it holds"), told), plain=True)


def _records(
    manual: Manual,
    fields: tuple[FieldType, ...],
    records: tuple[Record, ...],
    page_urls: Mapping[str, str],
) -> DataTable:
    used = fields_used(fields, records)
    links = [name for name in manual.model.links if any(name in r.links for r in records)]
    columns = ["ID", "Title", "Status", *(field.title for field in used)]
    for name in links:
        columns += [title_of(name), f"{title_of(name)}: titles"]
    rows = []
    for record in records:
        cells: list[Cell] = [record.id, record.title, record.status]
        cells += [_cell(record, field) for field in used]
        targets: dict[str, list[Record]] = {}
        for name, target in links_of(manual, record):
            targets.setdefault(name, []).append(target)
        for name in links:
            cells.append("; ".join([each.id for each in targets.get(name, ())]))
            cells.append("; ".join([each.title for each in targets.get(name, ())]))
        cells += [record.text, address_of(manual, record, page_urls)]
        rows.append(tuple(cells))
    return DataTable((*columns, "Text", "Address"), tuple(rows))


def _cell(record: Record, field: FieldType) -> Cell:
    value = record.fields.get(field.name)
    if field.form in ("number", "whole number") and isinstance(value, (int, float)):
        return value
    return record.get(field.name)


def _links(manual: Manual) -> DataTable:
    return DataTable(
        _LINK_COLUMNS,
        tuple(
            (record.id, name, target.id, target.title)
            for record in manual.records.values()
            for name, target in links_of(manual, record)
        ),
    )
