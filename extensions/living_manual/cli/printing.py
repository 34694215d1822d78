"""How the command says findings: for people, for programs, for GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from living_manual.core.finding import Finding, Severity
from living_manual.core.words import plural


def as_text(findings: Sequence[Finding]) -> str:
    """Two lines a finding: where and what, then how to mend it; and a count at the end."""
    lines = []
    for found in findings:
        where = f"{found.place}: " if found.place else ""
        column = f" (column '{found.column}')" if _in_table(found) else ""
        lines.append(f"{where}{found.severity}: {found.message}{column} [{found.kind}]")
        lines.append(f"    {found.fix}")
    errors = sum(found.severity is Severity.ERROR for found in findings)
    lines.append(
        f"{plural(errors, 'error')}, {plural(len(findings) - errors, 'warning')}."
        if findings
        else "Nothing to mend."
    )
    return "\n".join(lines)


def as_json(findings: Sequence[Finding]) -> str:
    """A list of objects with kind, severity, file, line, column, message and fix."""
    return json.dumps([found.as_dict() for found in findings], ensure_ascii=False, indent=1)


def as_github(findings: Sequence[Finding]) -> str:
    """Workflow commands, which GitHub shows beside the line."""
    return "\n".join(_github(found) for found in findings)


def _github(found: Finding) -> str:
    def value(text: str) -> str:
        for character, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
            text = text.replace(character, code)
        return text

    def name(text: str) -> str:
        return value(text).replace(":", "%3A").replace(",", "%2C")

    places = [f"file={name(found.file)}"] if found.file else []
    places += [f"line={found.line}"] if found.line else []
    return (
        f"::{found.severity} {','.join([*places, f'title={name(found.kind)}'])}::"
        f"{value(f'{found.message} {found.fix}')}"
    )


def _in_table(found: Finding) -> bool:
    return bool(found.column and found.file and found.file.endswith(".csv"))


FORMATS: dict[str, Callable[[Sequence[Finding]], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
}
