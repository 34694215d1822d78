"""Warnings of Sphinx, MyST and sphinx-needs, told as findings in plain words.

Cases are tried in order; what none of them knows stays as it was said, with general advice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from living_manual.core.finding import Finding, finding


@dataclass(frozen=True, slots=True)
class Case:
    """A pattern over `type.subtype: text`, and what to say for it (groups may be used)."""

    pattern: str
    kind: str
    message: str
    fix: str


CASES: tuple[Case, ...] = (
    Case(
        r"""^myst\.xref_missing: .*: (?P<mark>['"])(?P<what>.+?)(?P=mark)""",
        "page-reference",
        "The link to '{what}' leads nowhere.",
        "Check the file name; links are relative to this page, such as ../glossary/fluency.md.",
    ),
    Case(
        r"toctree contains reference to nonexisting document '(?P<what>[^']+)'",
        "page-reference",
        "The list of pages names '{what}', which does not exist.",
        "Check the name in the {{toctree}}, or add the page.",
    ),
    Case(
        r"document isn't included in any toctree",
        "page-not-listed",
        "No list of pages leads to this page.",
        "Add its name to the {{toctree}} of its folder's index.md.",
    ),
    Case(
        r"^toc\.(?:not_readable|no_title|circular|excluded|not_included|secnum): (?P<what>.*)",
        "page-reference",
        "{what}",
        "Check the list of pages in the {{toctree}} of this folder's index.md.",
    ),
    Case(
        r"^ref\.\w+: (?:.*: |.*not found: )'?(?P<what>[^']+)'?$",
        "page-reference",
        "The reference to '{what}' leads nowhere.",
        "Check the name, or link to a record with {{need}}`ID`.",
    ),
    Case(
        r"Unknown source document '(?P<what>[^']+)'",
        "page-reference",
        "The link to '{what}' leads nowhere.",
        "Check the file name; links are relative to this page, such as ../glossary/fluency.md.",
    ),
    Case(
        r"image file not readable: (?P<what>\S+)",
        "page-reference",
        "The picture '{what}' is not there.",
        "Put the file beside the page, or mend its name.",
    ),
    Case(
        r"download file not readable: (?P<what>\S+)",
        "page-reference",
        "The file '{what}' is not there.",
        "Put the file beside the page, or mend its name.",
    ),
    Case(
        r"(?:linked need part|linked need|need) (?P<what>\S+) not found",
        "page-reference",
        "The record '{what}' does not exist.",
        "Check the id in {{need}}`...`.",
    ),
    Case(
        r"Directive \"include\": file not found: '?(?P<what>[^' ]+)",
        "page-reference",
        "The text '{what}' that this page includes is not there.",
        "Put the file beside the page, or mend its name.",
    ),
    Case(
        r"Filter (?P<mark>['\"])(?P<what>.+)(?P=mark) not valid\. Error: (?P<why>.*)",
        "filter",
        "The filter '{what}' cannot be followed: {why}",
        "Write it as in: type == 'term' and status == 'planned'.",
    ),
    Case(
        r"Unknown directive type:? '?(?P<what>[\w-]+)",
        "markup",
        "There is no block called '{what}'.",
        "Check its name after the ::: or ```; docs/authoring.md lists what a page may hold.",
    ),
    Case(
        r"Unknown interpreted text role \"?'?(?P<what>[\w-]+)",
        "markup",
        "There is no inline form called '{what}'.",
        "Use {{need}}`ID` to link to a record.",
    ),
    Case(
        r"Non-consecutive header level increase; (?P<what>.*)",
        "markup",
        "A heading skips a level ({what}).",
        "Use ## below #, and ### below ##.",
    ),
    Case(
        r"Invalid value for '(?P<what>[^']+)' option: (?P<why>.*)",
        "invalid-value",
        "The option '{what}' has a value it cannot take: {why}",
        "See docs/reference/model.md.",
    ),
    Case(
        r"Field '(?P<what>[^']+)' is invalid: (?P<why>.*)",
        "invalid-value",
        "The option '{what}' has a value it cannot take: {why}",
        "See docs/reference/model.md.",
    ),
    Case(
        r"does not match configured regex",
        "invalid-id",
        "An id is not written as ids are.",
        "Use capital letters, digits and _, starting with the type: ACT_BIRCH_03.",
    ),
    Case(
        r"A need with ID '(?P<what>[^']+)' already exists",
        "duplicate-id",
        "The id {what} is used twice.",
        "Give the newer record an id of its own.",
    ),
)


def translated(
    warning_type: str, subtype: str, text: str, file: str | None, line: int | None
) -> Finding:
    """A logged warning as a finding at the same place."""
    said = " ".join(text.split())
    tagged = f"{warning_type}.{subtype}: {said}"
    if file and f"nonexisting document '{file.removesuffix('.md')}'" in said:
        return finding(
            "page-list-cycle",
            "This list of pages names its own page.",
            "Take it out of the {toctree}.",
            file,
            line,
        )
    for case in CASES:
        found = re.search(case.pattern, tagged)
        if found:
            groups = {name: value or "" for name, value in found.groupdict().items()}
            return finding(
                case.kind, case.message.format(**groups), case.fix.format(**groups), file, line
            )
    return finding("markup", said, "See docs/authoring.md for how pages are written.", file, line)


def place(location: str | None, source: str) -> tuple[str | None, int | None]:
    """File relative to the source folder, and line, from Sphinx's `path:line` of a warning.

    `source` is the source folder's path as Sphinx writes it. A place outside it keeps its path.
    """
    if not location:
        return None, None
    found = re.match(r"^(?P<path>.*?)(?::(?P<line>\d+))?(?::[^:/\\]*)?:?$", location)
    if not found:
        return location, None
    path = found["path"].replace("\\", "/")
    root = source.replace("\\", "/").rstrip("/") + "/"
    line = int(found["line"]) if found["line"] else None
    return path.removeprefix(root), line
