"""What a CASE framework changes in the manual: its page, its table, its place in the list of pages.

The manual's own ids, once given, stay with the identifier, so that links to a standard outlive a
change of its code. What people write on the page, in the column `short` and in rows without
identifier is theirs.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from living_manual.core.case import Framework, Item
from living_manual.core.importing import Draft, Import, ascii_words, problem
from living_manual.core.page_text import (
    Written,
    escaped,
    heading,
    is_listed,
    listed_pages,
    paragraph,
    records,
    with_line,
    with_listed,
)
from living_manual.core.table import is_formula
from living_manual.core.tables import TABLES, Row, read_table
from living_manual.core.words import listed, plural, slug

TABLE = "standards.csv"
COLUMNS = tuple(column.name for column in TABLES[TABLE].columns)


def plan_framework(
    framework: Framework, source: Mapping[str, str], types: Sequence[str], prefix: str = "STD_"
) -> Import:
    """What a framework changes in the texts of a source folder. `types` are the record types."""
    draft = Draft(source)
    planner = _Planner(draft, framework, records(source, types), prefix)
    planner.plan()
    return draft.done()


class _Planner:
    """The framework's page, its table, and its place in the list of pages."""

    def __init__(
        self, draft: Draft, framework: Framework, written: Sequence[Written], prefix: str
    ) -> None:
        self.draft, self.framework, self.prefix = draft, framework, prefix
        self.written = written
        lead = [
            record
            for record in written
            if record.block
            and record.block.name == "standard"
            and record.block.options.get("identifier", "").lower() == framework.identifier
        ]
        self.lead = lead[0] if lead else None
        for record in lead[1:]:
            draft.problems.append(
                problem(
                    "import-manual",
                    f"{record.id} and {lead[0].id} ({lead[0].file}:{lead[0].line}) have the same "
                    f"identifier, {framework.identifier}.",
                    "Take `:identifier:` out of the one that is not this framework.",
                    record.file,
                    record.line,
                )
            )
        self.page = self.lead.file if self.lead else self._new_page()
        self.table = f"{self.page.rpartition('/')[0]}/{TABLE}"

    def plan(self) -> None:
        text = self.draft.source.get(self.table)
        rows: tuple[Row, ...] = ()
        if text is not None:
            rows, found = read_table(TABLES[TABLE], text, self.table, self.prefix)
            self.draft.problems.extend(found)
        taken = {record.id for record in self.written if record.file != self.table}
        lead_id = self.lead.id if self.lead else self._free(self._lead_id(), taken)
        taken.add(lead_id)
        if self.lead:
            self._retitle(self.lead)
        else:
            self._make(lead_id)
        self._write_table(rows, text, lead_id, taken)
        self._list()
        if self.framework.loose:
            self.draft.notes.append(
                f"{plural(self.framework.loose, 'item')} of the framework stood under nothing; "
                "they are on its first level."
            )
        if self.framework.other:
            self.draft.notes.append(
                f"{plural(self.framework.other, 'association')} other than isChildOf stayed out."
            )

    # The page

    def _new_page(self) -> str:
        name = slug(ascii_words(self.framework.title))[:60].strip("-") or "standards"
        used = {part for file in self.draft.source for part in file.casefold().split("/")[1:2]}
        if name in used or f"{name}.md" in used:
            name = f"{name}-{self.framework.identifier[:8]}"
        return f"vision/{name}/index.md"

    def _lead_id(self) -> str:
        words = self.page.split("/")[-2].upper().replace("-", "_")
        return f"{self.prefix}{words}"

    def _free(self, wanted: str, taken: set[str]) -> str:
        if wanted not in taken:
            return wanted
        return f"{wanted}_{self.framework.identifier[:8].upper()}"

    def _make(self, lead_id: str) -> None:
        about = [
            paragraph(self.framework.description),
            f"From: {escaped(self.framework.origin)}." if self.framework.origin else "",
        ]
        words = "\n\n".join(part for part in about if part) or "A framework of standards."
        self.draft.write(
            self.page,
            f"# {escaped(self.framework.title)}\n\n:::{{standard}}\n:id: {lead_id}\n"
            f":identifier: {self.framework.identifier}\n"
            f":audiences: teacher, principal, coach, leader\n\n{words}\n:::\n\n"
            "## The standards\n\n:::{standard-table}\n:::\n",
        )
        self.draft.said.append(f"{self.page}: a new page for {self.framework.title}, {lead_id}.")

    def _retitle(self, record: Written) -> None:
        text, block = self.draft.source[record.file], record.block
        if block is None or block.title:
            return
        found = heading(text)
        if found and found[1] != self.framework.title:
            words = f"# {escaped(self.framework.title)}"
            self.draft.write(record.file, with_line(text, found[0], words))
            self.draft.said.append(
                f"{record.file}: “{found[1]}” is now called “{self.framework.title}”."
            )

    def _list(self) -> None:
        page = self.page.removesuffix(".md")
        named = [
            entry
            for name, text in self.draft.source.items()
            if name.endswith(".md")
            for entry in listed_pages(name, text)
        ]
        if is_listed(page, named):
            return
        index = "vision/index.md"
        text = self.draft.text(index)
        if text is None:
            self.draft.problems.append(
                problem(
                    "import-manual",
                    f"There is no {index}, the page that leads to the standards.",
                    "Make it, with the manual's vision, and name it in the list of pages of "
                    "index.md.",
                    index,
                    1,
                )
            )
            return
        entry = page.removeprefix("vision/")
        self.draft.write(index, with_listed(text, [entry]))
        self.draft.said.append(f"{index}: {entry} in the list of pages.")

    # The table

    def _write_table(
        self, rows: Sequence[Row], text: str | None, lead_id: str, taken: set[str]
    ) -> None:
        was = [_cells(row) for row in rows]
        by_identifier = {cells["identifier"].lower(): cells for cells in was if cells["identifier"]}
        own = [cells for cells in was if not cells["identifier"]]
        taken |= {cells["id"] for cells in was}
        ids = {self.framework.identifier: lead_id}
        for item in self.framework.items:
            kept = by_identifier.get(item.identifier)
            ids[item.identifier] = kept["id"] if kept else self._item_id(item, taken)
            taken.add(ids[item.identifier])
        fresh = []
        for item in self.framework.items:
            kept = by_identifier.get(item.identifier)
            fresh.append(
                {
                    "id": ids[item.identifier],
                    "title": words_only(item.title),
                    "kind": words_only(item.kind),
                    "short": kept["short"] if kept else "",
                    "code": words_only(item.code),
                    "part_of": ";".join(
                        ids[parent] for parent in item.parents or (self.framework.identifier,)
                    ),
                    "identifier": item.identifier,
                    "notes": words_only(item.rest),
                }
            )
        fresh += own
        if text is not None and fresh == was:
            return
        self.draft.write(self.table, _csv(fresh))
        self._say_rows(was, fresh)

    def _item_id(self, item: Item, taken: set[str]) -> str:
        """STD_ and the code; with the framework's name before it where that id is taken."""
        code = ascii_words(item.code).upper().replace(" ", "_")
        short = item.identifier[:8].upper()
        name = self._lead_id()
        wanted = [f"{self.prefix}{code}", f"{name}_{code}"] if code else []
        wanted += [f"{self.prefix}{short}", f"{name}_{short}"]
        for record_id in wanted:
            if record_id not in taken:
                return record_id
        return f"{name}_{item.identifier.upper().replace('-', '_')}"

    def _say_rows(
        self, was: Sequence[Mapping[str, str]], fresh: Sequence[Mapping[str, str]]
    ) -> None:
        old = {cells["id"]: cells for cells in was}
        new = {cells["id"]: cells for cells in fresh}
        added = [record_id for record_id in new if record_id not in old]
        changed = [
            record_id for record_id in new if old.get(record_id, new[record_id]) != new[record_id]
        ]
        gone = [record_id for record_id in old if record_id not in new]
        if added:
            self.draft.said.append(
                f"{self.table}: {plural(len(added), 'new standard')}, {_some(added)}."
            )
        for record_id in changed[:20]:
            before, after = old[record_id], new[record_id]
            parts = [
                f"{name} “{before[name]}” becomes “{after[name]}”"
                for name in COLUMNS
                if before[name] != after[name]
            ]
            self.draft.said.append(f"{self.table}: {record_id}: {'; '.join(parts)}.")
        if len(changed) > 20:
            self.draft.said.append(f"{self.table}: {len(changed) - 20} more standards change.")
        if gone:
            self.draft.said.append(
                f"{self.table}: {plural(len(gone), 'standard')} no longer in the framework taken "
                f"out, {_some(gone)}."
            )
        if not (added or changed or gone):
            self.draft.said.append(f"{self.table}: the standards stand in another order.")
        for record_id in gone:
            for file, place in self._mentions(record_id):
                self.draft.notes.append(
                    f"{file}:{place} still names {record_id}, which is taken out. Name another "
                    "standard there; `manual check` asks for it until then."
                )

    def _mentions(self, record_id: str) -> Iterator[tuple[str, int]]:
        pattern = re.compile(rf"(?<![A-Z0-9_]){record_id}(?![A-Z0-9_])")
        for file in sorted(self.draft.source):
            if file != self.table:
                for match in pattern.finditer(self.draft.source[file]):
                    yield file, self.draft.source[file].count("\n", 0, match.start()) + 1


def _some(ids: Sequence[str]) -> str:
    return listed(ids) if len(ids) <= 4 else f"{ids[0]} to {ids[-1]}"


def words_only(cell: str) -> str:
    """A cell of the table, which people open in a spreadsheet, never as a formula of it."""
    return f"'{cell}" if is_formula(cell) else cell


def _cells(row: Row) -> dict[str, str]:
    told = {"id": row.id, "title": row.title, **row.values}
    return {
        name: ";".join(value) if isinstance(value := told.get(name, ""), tuple) else value
        for name in COLUMNS
    }


def _csv(rows: Sequence[Mapping[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([[cells[name] for name in COLUMNS] for cells in rows])
    return out.getvalue()
