"""The public edition of a whole source folder, as a value: texts, files to copy, findings.

Nothing that is not named here reaches the tree that the public edition is built from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import basename, dirname, join, normpath

from living_manual.core.edition_names import (
    ID,
    Named,
    files_meant,
    label_of,
    labels_in,
    named_in,
    page_meant,
    place_of,
    without_entries,
)
from living_manual.core.edition_tables import CutTable, cut_consent, cut_table
from living_manual.core.edition_views import wrong_count
from living_manual.core.editions import CutPage, cut_page, records_in
from living_manual.core.finding import Finding, finding
from living_manual.core.tables import TABLES

HOME, SETTINGS, CONSENT, QUESTIONS = "index.md", "district.toml", "consent.csv", "questions.toml"
_DECLARED = re.compile(r"^\s*:?id:\s*[\"']?(?P<id>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b", re.MULTILINE)
#: Files that nobody means to publish, even when a page names them.
_NEVER = re.compile(r"(?:^|/)(?:\.|README\.md$)|~$|\.(?:bak|orig|tmp|swp|old)$", re.IGNORECASE)
#: Hold rows, sheets and names that nobody sees in the program, and cannot be cut line by line.
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers")


@dataclass(frozen=True, slots=True)
class Whole:
    """A source folder: pages and tables by their paths, and the names of its other files."""

    pages: Mapping[str, str]
    tables: Mapping[str, str]
    files: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Cut:
    """The public edition of a folder: `texts` to write, `files` to copy as they are.

    `lines` are the writer's lines of texts whose lines moved; `lost` the ids and names of what is
    not there; `used` is whether anything is marked public at all.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    lost: frozenset[str] = frozenset()
    used: bool = False


def cut_source(whole: Whole, prefixes: Mapping[str, str]) -> Cut:
    """The public edition; `prefixes` are the types of record with what their ids start with."""
    cutter = _Cutter(whole, prefixes)
    if not cutter.public:
        return Cut(findings=tuple(cutter.found))
    cutter.look()
    return cutter.result()


class _Cutter:
    def __init__(self, whole: Whole, prefixes: Mapping[str, str]) -> None:
        self.whole, self.prefixes = whole, prefixes
        self.found: list[Finding] = []
        self.pages: dict[str, CutPage] = {}
        for file, text in whole.pages.items():
            page = cut_page(text, file, prefixes)
            self.found += page.findings
            self.pages[file] = page
        self.public = sorted(file for file, page in self.pages.items() if page.text is not None)
        self.staff = frozenset(self.pages) - frozenset(self.public)
        self.tables: dict[str, CutTable] = {}
        self._cut_tables()
        self.texts = {
            file: without_entries(self.pages[file].text or "", file, self.staff, self.public)
            for file in self.public
        }
        self.shown: set[str] = set()
        self.told: set[tuple[str, int, str]] = set()

    # Tables

    def _cut_tables(self) -> None:
        named = self._tables_named()
        folders = {dirname(file) for file in self.public}
        for file, text in self.whole.tables.items():
            if file == CONSENT or not (file in named or "edition" in text.partition("\n")[0]):
                continue
            table = cut_table(text, file, file in named)
            self.found += table.findings
            if table.text and basename(file) in TABLES and dirname(file) not in folders:
                message = f"Rows of {file} are marked public, and no public page shows them."
                fix = "Write `edition: public` at the top of the page that shows the table."
                self.found.append(finding("edition-on-staff-page", message, fix, file, 1))
                continue
            self.tables[file] = table

    def _tables_named(self) -> set[str]:
        """The tables that public pages say are public."""
        named = set()
        for file in self.public:
            front = self.pages[file].front
            for name in front.tables:
                table = normpath(join(dirname(file), name))
                if table in self.whole.tables and "/" not in name:
                    named.add(table)
                    continue
                message = f"There is no table {name} beside this page."
                fix = "Name a table of this page's folder, such as `public_tables: [roles.csv]`."
                self.found.append(finding("edition-value", message, fix, file, front.tables_line))
        return named

    # What leads where it must not

    def look(self) -> None:
        """Find what public matter names: files to take along, and staff matter it must not."""
        self.kept_ids = {
            record
            for file in self.public
            for record in records_in(self.pages[file].parts, self.prefixes)
        }
        self.kept_ids |= {record for table in self.tables.values() for record in table.kept}
        self.staff_ids = self._all_ids() - self.kept_ids
        kept_labels = {label for text in self.texts.values() for label in labels_in(text)}
        every = {label for text in self.whole.pages.values() for label in labels_in(text)}
        self.staff_labels = every - kept_labels
        counts = self._counts()
        for file, text in self.texts.items():
            lines = self.pages[file].lines
            self._look_for_ids(file, text, lines)
            parts = self.pages[file].parts  # only lists of pages have changed since
            for named in named_in(parts):
                self._look_at(file, named, lines[named.line - 1])
            for block in parts.blocks:
                if what := wrong_count(block.name, counts):
                    self._tell_count(file, lines[block.line - 1], block.name, what)
        for file, table in self.tables.items():
            text = table.text or ""
            self._look_for_ids(file, text, tuple(range(1, text.count("\n") + 2)))

    def _all_ids(self) -> set[str]:
        """The ids that pages and tables declare; of staff pages whatever looks like one."""
        ids = {
            found["id"] for text in self.whole.pages.values() for found in _DECLARED.finditer(text)
        }
        for file, text in self.whole.tables.items():
            if basename(file) in TABLES:
                table = self.tables.get(file) or cut_table(text, file, all_public=False)
                ids |= table.kept | table.cut
        return ids

    def _counts(self) -> Counter[str]:
        """How many records of each type, and rows of each table, are cut."""
        types = sorted(self.prefixes, key=lambda name: -len(self.prefixes[name]))
        counts: Counter[str] = Counter()
        for record in self.staff_ids:
            counts[next((t for t in types if record.startswith(self.prefixes[t])), "")] += 1
        for file, text in self.whole.tables.items():
            table = self.tables.get(file)
            counts[basename(file)] += table.staff_rows if table else max(0, text.count("\n"))
        return counts

    def _look_for_ids(self, file: str, text: str, lines: tuple[int, ...]) -> None:
        for number, line in enumerate(text.split("\n")):
            for record in dict.fromkeys(ID.findall(line)):
                if record in self.staff_ids:
                    self._lead(file, lines[number], record, f"the record {record}")

    def _look_at(self, file: str, named: Named, line: int) -> None:
        place = place_of(named.text, file)
        page = page_meant(place, self.whole.pages) if place else None
        meant = files_meant(place, named.beside, self._files()) if place else set()
        if page and page in self.staff:
            self._lead(file, line, page, f"the page {page}")
        elif label_of(named.text) in self.staff_labels:
            self._lead(file, line, named.text, f"'{label_of(named.text)}'")
        elif named.includes and page is None and meant:
            self._tell_include(file, line, place)
            return
        for each in sorted(meant):
            if _NEVER.search(each) or (each.endswith(".csv") and not self._is_public(each)):
                self._lead(file, line, each, f"the file {each}")
            elif each.lower().endswith(_WORKBOOKS):
                self._tell_workbook(file, line, each)
            elif each not in self.whole.tables:
                self.shown.add(each)

    def _is_public(self, file: str) -> bool:
        table = self.tables.get(file)
        return bool(table and table.text)

    def _files(self) -> frozenset[str]:
        return self.whole.files | self.whole.tables.keys()

    def _lead(self, file: str, line: int, to: str, what: str) -> None:
        if (file, line, to) in self.told:
            return
        self.told.add((file, line, to))
        message = f"Everybody reads this, and it leads to {what}, which only staff see."
        fix = "Mark that public as well, or put the words that lead there into {staff}`...`."
        self.found.append(finding("edition-leads", message, fix, file, line))

    def _tell_include(self, file: str, line: int, place: str) -> None:
        message = f"Everybody reads this, and it takes in {place}, which cannot say who it is for."
        fix = "Save the text as a page (.md) with `edition: public` between --- lines at its top."
        self.found.append(finding("edition-leads", message, fix, file, line))

    def _tell_workbook(self, file: str, line: int, workbook: str) -> None:
        message = (
            f"Everybody reads this, and it gives away the workbook {workbook}: it may hold hidden "
            "rows and sheets, and rows for staff."
        )
        fix = "Save what everybody may see as CSV, `public` in its column `edition`, and name that."
        self.found.append(finding("edition-leads", message, fix, file, line))

    def _tell_count(self, file: str, line: int, block: str, what: str) -> None:
        message = (
            f"Everybody reads this page, and {{{block}}} counts what only staff see ({what}): its "
            "numbers would be wrong."
        )
        fix = "Put the block into a :::{staff} block, or on a staff page."
        self.found.append(finding("edition-view", message, fix, file, line))

    # What comes of it

    def result(self) -> Cut:
        """What is written, what is copied, and everything found."""
        texts = {**self.texts}
        texts.update({file: table.text for file, table in self.tables.items() if table.text})
        files = {SETTINGS, *self._questions()} & self.whole.files | self.shown
        consent = cut_consent(self.whole.tables.get(CONSENT, ""), frozenset(files))
        if consent:
            texts[CONSENT] = consent
        if HOME not in self.texts:
            message = "Pages are marked public, and the first page is not: nobody could come in."
            fix = "Write `edition: public` between --- lines at the top of index.md."
            self.found.append(finding("edition-home", message, fix, HOME, 1))
        stems = {file.removesuffix(".md") for file in self.staff}
        lines = {file: page.lines for file, page in self.pages.items() if file in self.texts}
        return Cut(
            texts,
            frozenset(files),
            {file: told for file, told in lines.items() if told != tuple(sorted(told))},
            tuple(self.found),
            frozenset(self.staff_ids | self.staff | stems | self.staff_labels),
            used=True,
        )

    def _questions(self) -> Iterator[str]:
        return (join(dirname(file), QUESTIONS) for file in self.texts)
