"""What a OneRoster export changes in the manual: pages of schools, and the school year.

A school is known by the `identifier` of its record, which is the sourcedId. Its page belongs to its
writers: after it is made, only its title follows the export.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from living_manual.core.district_text import set_year
from living_manual.core.importing import Draft, Import, ascii_words, problem
from living_manual.core.oneroster import Roster, School
from living_manual.core.page_text import (
    Written,
    escaped,
    heading,
    is_listed,
    lines_of,
    listed_pages,
    records,
    with_line,
    with_listed,
    with_option,
)
from living_manual.core.tables import TABLES
from living_manual.core.words import listed


def plan_roster(
    roster: Roster, source: Mapping[str, str], types: Sequence[str], file: str, today: date
) -> Import:
    """What a roster changes in the texts of a source folder. `types` are the record types."""
    draft = Draft(source)
    if roster.schools:
        _Schools(draft, types, file, today).add(roster.schools)
    if roster.year:
        set_year(draft, roster.year)
    return draft.done()


class _Schools:
    """Finds each school of the roster in the manual, or makes its page."""

    def __init__(self, draft: Draft, types: Sequence[str], file: str, today: date) -> None:
        self.draft, self.file, self.today = draft, file, today
        written = records(draft.source, types)
        self.ids = {record.id for record in written}
        self.folders = {
            part
            for name in draft.source
            if name.startswith("schools/") and (part := name.split("/")[1].casefold())
        }
        self.pages: set[str] = set()
        self.made = 0
        self.mine = [r for r in written if r.block and r.block.name == "school"]
        self.known: dict[str, Written] = {}
        for record in self.mine:
            told = record.block.options.get("identifier", "") if record.block else ""
            if told and told in self.known:
                first = self.known[told]
                draft.problems.append(
                    problem(
                        "import-manual",
                        f"{record.id} and {first.id} ({first.file}:{first.line}) have the same "
                        f"identifier, {told}.",
                        "Take `:identifier:` out of the one that is not this school.",
                        record.file,
                        record.line,
                    )
                )
            elif told:
                self.known[told] = record

    def add(self, schools: Sequence[School]) -> None:
        names: dict[str, list[Written]] = {}
        for record in self.mine:
            if record.block and not record.block.options.get("identifier"):
                names.setdefault(_key(self._title(record)), []).append(record)
        keys = [_key(school.name) for school in schools]
        for school in schools:
            known = self.known.get(school.sourced_id)
            same = names.get(_key(school.name), [])
            if known:
                self.pages.add(known.file)
                self._retitle(known, school)
            elif len(same) == 1 and keys.count(_key(school.name)) == 1:
                self._adopt(same[0], school)
            else:
                self._make(school)
        told = {school.sourced_id for school in schools}
        for identifier, record in self.known.items():
            if identifier not in told:
                self.draft.notes.append(
                    f"{record.id} is not in {self.file}. Its page stays; remove {record.file} "
                    "yourself if the school has closed."
                )
        if self.made and "ROLE_PRINCIPAL" not in self.ids:
            self.draft.notes.append(
                "The manual has no ROLE_PRINCIPAL. Add `:owner:` to each new school, with the role "
                "that looks after its page; `manual check` asks for it until then."
            )
        self._list()

    def _title(self, record: Written) -> str:
        block = record.block
        if block and block.title:
            return block.title
        found = heading(self.draft.text(record.file) or "")
        return found[1] if found else ""

    def _adopt(self, record: Written, school: School) -> None:
        text = self.draft.text(record.file)
        if text is None or record.block is None:
            return
        self.pages.add(record.file)
        self.draft.write(
            record.file, with_option(text, record.block, "identifier", school.sourced_id)
        )
        self.draft.said.append(
            f"{record.file}: {record.id} has the same name as {school.sourced_id} and is kept as "
            "that school from now on (identifier)."
        )
        self._retitle(record, school)

    def _retitle(self, record: Written, school: School) -> None:
        old, text = self._title(record), self.draft.text(record.file)
        if old == school.name or text is None or record.block is None:
            return
        if record.block.title:
            line = lines_of(text)[record.block.line - 1].rstrip("\r\n")
            at = record.block.line
            words = line[: line.rindex(record.block.title)] + school.name
        else:
            found = heading(text)
            if found is None:
                self.draft.problems.append(
                    problem(
                        "import-manual",
                        f"The page of {record.id} has no heading written with #.",
                        f"Write `# {escaped(school.name)}` as its first line.",
                        record.file,
                        1,
                    )
                )
                return
            at, words = found[0], f"# {escaped(school.name)}"
        self.draft.write(record.file, with_line(text, at, words))
        self.draft.said.append(f"{record.file}: “{old}” is now called “{school.name}”.")

    def _make(self, school: School) -> None:
        record_id = self._free_id(school)
        folder = record_id.removeprefix("SCH_").lower().replace("_", "-")
        while folder in self.folders:
            folder += "-school"
        self.ids.add(record_id)
        self.folders.add(folder)
        page = f"schools/{folder}/index.md"
        level = level_of(school.name)
        options = [
            ("id", record_id),
            ("identifier", school.sourced_id),
            ("level", level),
            ("owner", "ROLE_PRINCIPAL" if "ROLE_PRINCIPAL" in self.ids else ""),
            ("audiences", "teacher, principal, coach, leader, family"),
            ("reviewed", self.today.isoformat()),
        ]
        self.pages.add(page)
        self.made += 1
        self.draft.write(
            page,
            f"# {escaped(school.name)}\n\n:::{{school}}\n"
            + "".join(f":{name}: {value}\n" for name, value in options if value)
            + "\nThis page was made from the district's list of schools. The school has not yet "
            "written its own words here.\n:::\n\n"
            "## What the district expects, and what we do\n\n:::{school-plan}\n:::\n",
        )
        header = ",".join(column.name for column in TABLES["plan.csv"].columns)
        self.draft.write(f"schools/{folder}/plan.csv", f"{header}\n")
        self.draft.said.append(f"{page}: a new page for {school.name}, {record_id}, with a plan.")
        if not level:
            self.draft.notes.append(
                f"{page}: the name does not tell the level. Add `:level:` with elementary, middle "
                f"or high under `:identifier:`; `manual check` asks for it until then."
            )

    def _free_id(self, school: School) -> str:
        """SCH_ and the name without its kind of school, or more of it where that is taken."""
        whole = ascii_words(school.name)
        short = ascii_words(_LEVEL_WORDS.sub(" ", school.name)) or whole
        told = ascii_words(school.sourced_id)
        for words in (short, whole, f"{whole} {told}"):
            found = f"SCH_{words.upper().replace(' ', '_')}"
            if words and found not in self.ids:
                return found
        number = 2
        while f"SCH_{told.upper().replace(' ', '_')}_{number}" in self.ids:
            number += 1
        return f"SCH_{told.upper().replace(' ', '_')}_{number}"

    def _list(self) -> None:
        """Name the pages that no list of pages names; also those of an import that was cut off."""
        pages = [
            name.removesuffix(".md")
            for name in sorted(self.pages)
            if re.fullmatch(r"schools/[^/]+/index\.md", name)
        ]
        named = [
            entry
            for name, text in self.draft.source.items()
            if name.endswith(".md")
            for entry in listed_pages(name, text)
        ]
        missing = [page for page in pages if not is_listed(page, named)]
        if not missing:
            return
        index = "schools/index.md"
        text = self.draft.text(index)
        if text is None:
            self.draft.problems.append(
                problem(
                    "import-manual",
                    f"There is no {index}, the page that lists the schools.",
                    "Make it with the heading `# Schools` and :::{record-list} school, and name it "
                    "in the list of pages of index.md.",
                    index,
                    1,
                )
            )
            return
        entries = [page.removeprefix("schools/") for page in missing]
        self.draft.write(index, with_listed(text, entries))
        self.draft.said.append(f"{index}: {listed(entries)} in the list of pages.")


def _key(name: str) -> str:
    """A name for comparing: Birch Elementary and Birch Elementary School are one school."""
    return re.sub(r"\s+school$", "", " ".join(name.casefold().split()))


_LEVELS = (
    ("elementary", r"\b(?:elementary|primary|infant|lower school|grade school)\b"),
    ("middle", r"\b(?:middle school|middle$|junior high|intermediate)\b"),
    ("high", r"\b(?:(?<!junior )high school|(?<!junior )high$|secondary|senior high|collegiate)\b"),
)
_LEVEL_WORDS = re.compile(
    r"(?i)\b(?:elementary|primary|middle|junior|senior|intermediate|high|secondary|collegiate"
    r"|public|school)\b"
)


def level_of(name: str) -> str:
    """The level a school's name tells; empty when it tells none, or more than one."""
    said = " ".join(name.casefold().split())
    found = [level for level, pattern in _LEVELS if re.search(pattern, said)]
    if "junior" in said and re.search(r"\b(?:junior[ /-]+senior|junior (?:and|&) senior)\b", said):
        return ""
    grades = re.search(r"\b(?:k|pk|\d+)\s*[-–]\s*\d+\b", said)
    return found[0] if len(found) == 1 and not grades else ""
