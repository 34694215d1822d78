"""What is wrong with a page's text and would else be lost without a word, or stop the build.

A block that is not closed takes all that follows with it; a record after a blank line loses its
options. Nothing here knows Sphinx.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from living_manual.core.finding import Finding, finding
from living_manual.core.page_parts import Apart, Part
from living_manual.core.safe_links import shown
from living_manual.core.safe_values import is_portable

_OPTION = re.compile(r"[ \t]*:(?!::)(?P<name>[\w-]+):(?:[ \t]+(?P<value>.*))?$")
_COUNT = re.compile(r"\{need_count\}`(?P<filter>[^`]*)`")


def faults(apart: Apart, prefixes: Mapping[str, str]) -> tuple[Finding, ...]:
    """Everything that is wrong; `prefixes` are the types of record with what their ids start with.

    Where a block is not closed, only that is told: the rest of the page belongs to it.
    """
    if apart.fault:
        return (apart.fault,)
    found: list[Finding] = []
    for part in apart.parts:
        found += _record_faults(part, apart.file, prefixes)
        written = part.options.get("filter", "") if part.name.startswith("need") else ""
        if written:
            found += _filter_faults(written, apart.file, part.option_lines["filter"])
    for line, token, _ in apart.prose:
        for match in _COUNT.finditer(token.content) if "{need_count}" in token.content else ():
            at = line + token.content[: match.start()].count("\n")
            for one in match["filter"].split(" ? "):
                found += _filter_faults(one, apart.file, at)
    return tuple(found)


def _record_faults(part: Part, file: str, prefixes: Mapping[str, str]) -> Iterator[Finding]:
    """Options of a record that a blank line has made part of its text."""
    if part.name not in prefixes:
        return
    body = [(part.body + number, words) for number, words in enumerate(part.lines[1:])]
    while body and not body[0][1].strip():
        body.pop(0)
    late: dict[str, int] = {}
    for number, words in body:
        option = _OPTION.match(words)
        if not option:
            break
        late.setdefault(option["name"], number)
    if "id" not in part.options:
        yield finding(
            "missing-id",
            f"This {part.name} has no id.",
            f"Add `:id: {prefixes[part.name]}...` as the first line of the block; a blank line "
            "before the options makes them part of the text.",
            file,
            part.line,
        )
    elif late:
        name, number = next(iter(late.items()))
        yield finding(
            "option-as-text",
            f"The option '{name}' stands after a blank line, which makes it part of the text.",
            "Take the blank line above it away.",
            file,
            number,
        )


def _filter_faults(written: str, file: str, line: int) -> Iterator[Finding]:
    if is_portable(written) is None:
        yield finding(
            "filter",
            f"The filter `{shown(written.strip())}` cannot be understood.",
            "Write it as in: type == 'term' and status == 'planned'.",
            file,
            line,
        )
