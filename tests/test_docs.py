"""The kit's own documentation says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from living_manual.cli.main import cli
from living_manual.cli.reference import reference_pages
from tests.sites import KIT

DOCS = sorted((KIT / "docs").rglob("*.md"))
TEXTS = [*DOCS, KIT / "README.md", KIT / "CHANGELOG.md"]


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(KIT).as_posix() for path in paths]


def test_reference_is_what_the_code_says() -> None:
    """`make reference` writes it again."""
    expected = reference_pages(KIT)
    folder = KIT / "docs" / "reference"
    assert {path.name for path in folder.iterdir()} == set(expected)
    for name, text in expected.items():
        assert (folder / name).read_text(encoding="utf-8") == text, f"run: make reference ({name})"


WRITTEN = [path for path in TEXTS if "reference" not in path.parts]


@pytest.mark.parametrize("path", WRITTEN, ids=names(WRITTEN))
def test_commands_that_are_named_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r"(?ms)^(?:`{3,}|:{3,})[^\n]*\n(.*?)^(?:`{3,}|:{3,})$", text)
    lines = [*re.findall(r"`([^`\n]+)`", text), *"\n".join(blocks).splitlines()]
    targets = set(re.findall(r"(?m)^([a-z]+):", (KIT / "Makefile").read_text(encoding="utf-8")))
    for line in lines:
        said = re.match(r"\s*(?:\$ |- )?(?:\S*/)?(make|manual) ([a-z]+)\b([^#|]*)", line)
        if said and said[1] == "make":
            assert said[2] in targets, line
        elif said:
            assert said[2] in cli.commands, line
            command, rest = cli.commands[said[2]], said[3]
            while isinstance(command, click.Group) and (more := re.match(r"\s+([a-z]+)\b", rest)):
                assert more[1] in command.commands, line
                command, rest = command.commands[more[1]], rest[more.end() :]
            options = {o for p in command.params for o in p.opts} | {"--help", "-h"}
            assert set(re.findall(r"(?<=\s)--[a-z-]+", rest)) <= options, line


def test_every_command_is_told_about() -> None:
    told = "\n".join(path.read_text(encoding="utf-8") for path in WRITTEN)
    for name in cli.commands:
        assert f"manual {name}" in told


@pytest.mark.parametrize("path", TEXTS, ids=names(TEXTS))
def test_links_lead_somewhere(path: Path) -> None:
    # Examples of the manual's own pages are no links of the documentation.
    text = re.sub(r"(?ms)^(`{3,}|:{3,})\{?code.*?^\1$", "", path.read_text(encoding="utf-8"))
    text = re.sub(r"(?ms)^```(?!\{toctree).*?^```$", "", text)
    text = re.sub(r"`[^`\n]*`", "", text)
    for address in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", address):
            continue
        file, _, anchor = address.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), f"{path.name}: {address}"
        if anchor:
            headings = re.findall(r"(?m)^#+ (.*)$", target.read_text(encoding="utf-8"))
            slugs = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}
            assert anchor in slugs, f"{path.name}: {address}"
    for block in re.findall(r"(?ms)^[`:]{3,}\{toctree\}\n(.*?)^[`:]{3,}$", text):
        for entry in block.splitlines():
            if entry.strip() and not entry.startswith(":"):
                assert (path.parent / f"{entry.strip()}.md").is_file(), f"{path.name}: {entry}"


def test_every_page_of_the_documentation_is_listed() -> None:
    listed = {KIT / "docs" / "index.md"}
    for path in DOCS:
        for block in re.findall(
            r"(?ms)^[`:]{3,}\{toctree\}\n(.*?)^[`:]{3,}$", path.read_text(encoding="utf-8")
        ):
            listed |= {
                path.parent / f"{entry.strip()}.md"
                for entry in block.splitlines()
                if entry.strip() and not entry.startswith(":")
            }
    assert set(DOCS) - listed == set()


def test_lock_files_hold_versions_and_hashes_and_no_addresses() -> None:
    names = ("run.txt", "test.txt", "bootstrap.txt", "strictdoc.txt")
    locks = [KIT / "requirements" / name for name in names]
    for path in locks:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text), path
        wanted = re.findall(r"(?m)^([a-zA-Z0-9_.\[\],-]+)==", text)
        assert wanted
        entries = re.split(r"(?m)^(?=[a-zA-Z0-9])", text)
        for entry in entries:
            if "==" in entry.split("\n")[0]:
                assert "--hash=sha256:" in entry, entry.split("\n")[0]
    for path in (KIT / "tests").glob("*/package-lock.json"):
        assert '"resolved"' not in path.read_text(encoding="utf-8"), path
    assert "://" not in (KIT / "pyproject.toml").read_text(encoding="utf-8")


def test_changelog_begins_with_what_is_unreleased() -> None:
    headings = re.findall(r"(?m)^## (.*)$", (KIT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert "Unreleased" in headings[0]
