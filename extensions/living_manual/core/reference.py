"""The reference pages of docs/, from what the code declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from living_manual.core.allowed import BLOCKS, KEYS, KIT, NEVER, ROLES
from living_manual.core.codification import ENTRIES, LEVELS
from living_manual.core.finding import KINDS
from living_manual.core.forms import FORMS, Part, Place
from living_manual.core.gaps import GAP_RULES
from living_manual.core.ledgers import LEDGERS
from living_manual.core.model import Model, read_model
from living_manual.core.page_parts import MOST_LEVELS
from living_manual.core.safe_links import FILES, PICTURES, SCHEMES
from living_manual.core.settings import SETTINGS
from living_manual.core.tables import TABLES, Table
from living_manual.core.text_sizes import MOST_LINE, MOST_PAGE, MOST_PARAGRAPH, MOST_VALUE
from living_manual.core.wording import DEPENDS, WORDINGS

NOTE = "% Written by `make reference` from the code. Change the code, not this page.\n\n"


def pages(needs: Mapping[str, Any], commands: Sequence[tuple[str, str]]) -> dict[str, str]:
    """File name and text of every reference page.

    `needs` is the `[needs]` table of `ubproject.toml`; `commands` are (command, help text).
    """
    return {
        "index.md": _index(),
        "model.md": _model(needs),
        "forms.md": _forms(needs),
        "tables.md": _tables(),
        "settings.md": _settings(),
        "findings.md": _findings(needs),
        "gaps.md": _gaps(),
        "allowed.md": _allowed(),
        "command.md": _command(commands),
    }


def _index() -> str:
    return (
        f"{NOTE}# Reference\n\nGenerated from the code; a test fails when it is out of date.\n\n"
        "```{toctree}\nmodel\nforms\ntables\nsettings\nfindings\ngaps\nallowed\ncommand\n```\n"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _model(needs: Mapping[str, Any]) -> str:
    model = read_model(needs)
    types = _table(
        ("directive", "called", "ids start with"),
        ((f"`{t.name}`", t.title, f"`{t.prefix}`") for t in model.types.values()),
    )
    links = _table(
        ("option", "reads", "from the other end", "leads to"),
        (
            (
                f"`{link.name}`",
                link.outgoing,
                link.incoming,
                ", ".join(f"`{name}`" for name in link.target_types) or "any record",
            )
            for link in model.links.values()
        ),
    )
    fields = _table(
        ("option", "meaning", "form"),
        (
            (f"`{name}`", entry["description"], _form(entry["schema"]))
            for name, entry in needs["fields"].items()
        ),
    )
    return (
        f"{NOTE}# The model\n\nDeclared in `ubproject.toml`.\n\n## Types\n\n{types}\n## Links\n\n"
        f"Several ids are separated by commas.\n\n{links}\n## Fields\n\n{fields}\n"
        f"{_wordings(model)}"
    )


def _wordings(model: Model) -> str:
    """What counts as the wording of a record, and who depends on it."""
    rows = []
    for name, parts in WORDINGS.items():
        askers = (
            f"{model.title(asker)} (`{link}`)"
            for asker, links in DEPENDS.items()
            for link in links
            if name in model.links[link].target_types
        )
        said = (f"`{part.name}`" if part.label else part.name for part in parts)
        rows.append((model.title(name), ", ".join(said), ", ".join(askers)))
    return (
        "## Wordings\n\nWhen a part of a wording changes, those who depend on it are asked to "
        "confirm. *text* is the text of the record's block, *steps* the title and the minutes of "
        "each step.\n\n" + _table(("record", "its wording", "who depends on it"), rows)
    )


def _form(schema: Mapping[str, Any]) -> str:
    if "items" in schema:
        return f"list of {_form(schema['items'])}"
    if "enum" in schema:
        return "one of " + ", ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("format") == "date":
        return "day, as `2026-09-14`"
    words = {"integer": "whole number", "number": "number", "string": "text"}
    form = words[schema["type"]]
    if "minimum" in schema:
        form += f", {schema['minimum']} to {schema['maximum']}"
    return form


def _forms(needs: Mapping[str, Any]) -> str:
    titles = {name: declared.title for name, declared in read_model(needs).types.items()}
    said = [
        f"{NOTE}# Forms and levels\n\nThe parts of each entry. An empty part is a gap, and never "
        "keeps the manual from being published. Headings may stand at any level below the page's "
        "title.\n"
    ]
    for name, form in FORMS.items():
        rows = ((_part_name(p), _part_place(p), p.why, p.fill) for p in form)
        said.append(f"\n## {titles[name]}\n\n")
        said.append(_table(("part", "where", "why it is there", "how to fill it"), rows))
    levels = ((f"**{name}**", meaning) for name, meaning in LEVELS.items())
    runs = ((titles[name], entry.named, entry.run) for name, entry in ENTRIES.items())
    said.append(
        "\n## How far an entry is codified\n\nA level counts only when all before it do.\n\n"
        f"{_table(('level', 'when'), levels)}\n"
        f"{_table(('entry', 'what names it', 'what runs it'), runs)}"
    )
    return "".join(said)


def _part_name(part: Part) -> str:
    name = f"{part.name}, at most {part.most} sentences" if part.most else part.name
    name = f"{name} (welcome)" if part.welcome else name
    return f"{name} (of {', '.join(part.kinds)})" if part.kinds else name


def _part_place(part: Part) -> str:
    if part.place is Place.TEXT:
        return "the text below the options"
    if part.place is Place.OPTION:
        return " or ".join(f"the option `{name}`" for name in part.takes)
    return "heading " + ", or ".join(f"*{heading}*" for heading in part.takes)


def _tables() -> str:
    parts = [
        f"{NOTE}# Tables\n\nCSV with a header row, saved as UTF-8. Lists in a cell are separated "
        "by `;`. A table with anything wrong gives no records at all.\n"
    ]
    for table in (*TABLES.values(), *LEDGERS.values()):
        rows = (
            (
                f"`{column.name}`",
                column.form
                + (", required" if column.required else "")
                + (", the column may be left out" if column in table.more else ""),
                column.meaning,
            )
            for column in table.known
        )
        parts.append(
            f"\n## `{table.name}`: {_made(table)}\n\n"
            + _table(("column", "form", "what to write"), rows)
        )
    return "".join(parts)


def _made(table: Table) -> str:
    return f"one `{table.type}` a row" if table.type else "rows about records, in any folder"


def _settings() -> str:
    rows = []
    for setting in SETTINGS:
        name = f"[[{setting.table}]] {setting.key}" if setting.many else setting.name
        default = "required" if setting.required else f"`{setting.default}`"
        rows.append(
            (
                f"`{name}`",
                setting.form,
                setting.meaning,
                default if setting.default not in ("", ()) else "empty",
            )
        )
    return (
        f"{NOTE}# Settings of the district\n\nThe file is `district.toml` in the source folder.\n\n"
        + _table(("key", "form", "meaning", "default"), rows)
    )


def _findings(needs: Mapping[str, Any]) -> str:
    rows = [(f"`{kind.name}`", kind.severity.value, kind.meaning) for kind in KINDS.values()]
    for rule in needs["schema_definitions"]["schemas"]:
        message = rule["message"].partition(" Fix: ")[0]
        severity = "warning" if rule.get("severity") in ("warning", "info") else "error"
        rows.append((f"`{rule['id']}`", severity, message))
    rows.append(("`gap-RULE`", "error", "A gap that the district's settings, or --fail-on, name."))
    return (
        f"{NOTE}# Findings\n\nAn error keeps the manual from being published; a warning does "
        "not.\n\n" + _table(("kind", "severity", "meaning"), rows)
    )


def _gaps() -> str:
    rows = ((rule.title, f"`{rule.key}`", rule.rule, rule.fix) for rule in GAP_RULES)
    return (
        f"{NOTE}# Gaps\n\nGaps are shown, not hidden; none of them keeps the manual from being "
        "published, unless `fail_on` under `[gaps]` in `district.toml` names its rule.\n\n"
        + _table(("gap", "rule", "when", "how to close it"), rows)
    )


def _allowed() -> str:
    groups: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for block in BLOCKS.values():
        told = (block.use, ", ".join(f"`{name}`" for name in sorted(block.options or ())))
        groups.setdefault(block.group, {}).setdefault(told, []).append(f"`{block.name}`")
    parts = [
        f"{NOTE}# What pages may use\n\nEverything else is refused, with what to write instead: "
        "see [Content is not code](../safe-content.md).\n"
    ]
    for group, rows in groups.items():
        cells = ((", ".join(names), use, options) for (use, options), names in rows.items())
        parts.append(f"\n## {group}\n\n{_table(('block', 'what it is', 'its options'), cells)}")
        if group == KIT:
            parts.append(
                "\nEach type of record is a block too; [The model](model.md) lists its options.\n"
            )
    roles = ((f"`{role.name}`", role.use) for role in ROLES.values())
    keys = ((f"`{name}`", use) for name, use in KEYS.items())
    schemes = ", ".join(f"`{name}:`" for name in sorted(SCHEMES - {"project"}))
    files = ", ".join(f"`.{name}`" for name in sorted(FILES))
    pictures = ", ".join(f"`.{name}`" for name in sorted(PICTURES))
    parts += [
        "\n## Words with a meaning\n\nWritten as `{name}` and words between backticks.\n\n",
        _table(("role", "what it is"), roles),
        f"\n## Front matter\n\n{_table(('key', 'what it says'), keys)}",
        f"\n## Links, pictures and files\n\nA link begins with {schemes}, or leads to a page or a "
        f"file of the manual. Files: {files}. Pictures: {pictures}.\n",
        f"\n## Sizes\n\nA page has at most {MOST_PAGE:,} letters, a paragraph "
        f"{MOST_PARAGRAPH:,}, a line {MOST_LINE:,}, a title or the value of an option "
        f"{MOST_VALUE:,}. Blocks stand in one another at most {MOST_LEVELS} deep.\n",
        "\n## What no setting switches on\n\n",
        ", ".join(f"`{name}`" for name in sorted(NEVER)) + ", and all blocks and roles of "
        "sphinx-needs that are not listed above.\n",
    ]
    return "".join(parts)


def _command(commands: Sequence[tuple[str, str]]) -> str:
    parts = [
        f"{NOTE}# The command\n\nExit codes: 0 good, 1 findings, 2 wrong use or configuration, "
        "3 a fault of the kit.\n"
    ]
    parts += [f"\n## `{name}`\n\n```text\n{text.rstrip()}\n```\n" for name, text in commands]
    return "".join(parts)
