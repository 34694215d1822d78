"""The reference pages name everything that is declared."""

from __future__ import annotations

import pytest

from living_manual.core.finding import KINDS
from living_manual.core.gaps import GAP_RULES
from living_manual.core.reference import NOTE, pages
from living_manual.core.settings import SETTINGS
from living_manual.core.tables import TABLES, Table
from tests.build_manual import MODEL, NEEDS

PAGES = pages(NEEDS, [("manual", "Usage: manual"), ("manual check", "Finds | and says\n\n")])


def rows(page: str, section: str = "") -> list[list[str]]:
    """The cells of every table of a page, or of the section under a heading."""
    text = PAGES[page]
    if section:
        text = text.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return [
        [cell.strip().replace("\0", "|") for cell in line.replace(r"\|", "\0").split("|")[1:-1]]
        for line in text.split("\n")
        if line.startswith("| ") and not line.startswith("| ---")
    ]


def row(page: str, name: str, section: str = "") -> str:
    """The one row that begins with a name in code."""
    (found,) = [cells for cells in rows(page, section) if cells[0] == f"`{name}`"]
    return " | ".join(found)


def test_every_page_says_where_it_comes_from_and_is_in_the_index() -> None:
    for name, text in PAGES.items():
        assert text.startswith(NOTE + "# "), name
        assert text.endswith("\n"), name
        if name != "index.md":
            assert f"\n{name.removesuffix('.md')}\n" in PAGES["index.md"]


@pytest.mark.parametrize("page", PAGES)
def test_tables_have_as_many_cells_in_every_row(page: str) -> None:
    table: list[int] = []
    for line in [*PAGES[page].split("\n"), ""]:
        if line.startswith("|"):
            table.append(line.replace(r"\|", "").count("|"))
        else:
            assert len(set(table)) <= 1
            table = []


def test_types() -> None:
    for declared in MODEL.types.values():
        assert row("model.md", declared.name, "Types") == (
            f"`{declared.name}` | {declared.title} | `{declared.prefix}`"
        )


def test_links() -> None:
    for link in MODEL.links.values():
        said = row("model.md", link.name, "Links")
        assert link.outgoing in said
        assert link.incoming in said
        assert all(f"`{name}`" in said for name in link.target_types)
    assert "any record" in row("model.md", "affects", "Links")


def test_fields() -> None:
    for name, entry in NEEDS["fields"].items():
        said = row("model.md", name, "Fields")
        assert entry["description"] in said
        schema = entry["schema"].get("items", entry["schema"])
        assert all(f"`{value}`" in said for value in schema.get("enum", ()))
    assert row("model.md", "audiences").endswith(
        "list of one of `teacher`, `principal`, `coach`, `leader`, `family`"
    )
    assert row("model.md", "due").endswith("day, as `2026-09-14`")
    assert row("model.md", "minutes").endswith("whole number, 1 to 480")
    assert row("model.md", "hours").endswith("number, 0 to 24")
    assert row("model.md", "notes").endswith("text")


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_columns(table: Table) -> None:
    head, *said = rows("tables.md", f"`{table.name}`: one `{table.type}` a row")
    assert head == ["column", "form", "what to write"]
    assert said == [
        [
            f"`{column.name}`",
            column.form
            + (", required" if column.required else "")
            + (", the column may be left out" if column in table.more else ""),
            column.meaning,
        ]
        for column in table.known
    ]


def test_settings() -> None:
    for setting in SETTINGS:
        name = f"[[{setting.table}]] {setting.key}" if setting.many else setting.name
        said = row("settings.md", name)
        assert setting.meaning in said
        assert setting.form in said
        if setting.required:
            assert said.endswith("| required")
        else:
            assert said.endswith(f"| `{setting.default}`" if setting.default else "| empty")


def test_findings() -> None:
    for kind in KINDS.values():
        assert row("findings.md", kind.name) == f"`{kind.name}` | {kind.severity} | {kind.meaning}"
    for rule in NEEDS["schema_definitions"]["schemas"]:
        said = row("findings.md", rule["id"])
        assert rule["message"].startswith(said.split(" | ")[2])
        assert "Fix:" not in said


def test_gaps() -> None:
    assert [cells for cells in rows("gaps.md") if cells[0] != "gap"] == [
        [rule.title, f"`{rule.key}`", rule.rule, rule.fix] for rule in GAP_RULES
    ]


def test_commands_are_shown_as_their_help_says() -> None:
    text = PAGES["command.md"]
    assert "## `manual`\n\n```text\nUsage: manual\n```\n" in text
    assert "## `manual check`\n\n```text\nFinds | and says\n```\n" in text
