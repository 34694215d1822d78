"""Every way in is checked, and what a page may do is set where no page can reach it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sphinx.util.docutils import docutils_namespace

from tests.hostile import Case, cases
from tests.oracle import Oracle
from tests.sites import KIT, TINY, check, copy

CASES = cases()


def test_every_way_in_is_checked(tmp_path: Path) -> None:
    """Each case as a page, and as a text that a page includes: told there, nothing is written."""
    source = copy(TINY, tmp_path / "source")
    places: dict[str, Case] = {}
    for number, case in enumerate(CASES):
        if "page" in case.ways:
            file = f"glossary/case-{number}.md"
            (source.root / file).write_bytes(case.text.encode())
            places[file] = case
        if "include" in case.ways:
            file = f"glossary/part-{number}.txt"
            (source.root / file).write_bytes(case.text.encode())
            source.append("vision/talk.md", f"\n:::{{include}} /{file}\n:::\n")
            places[file] = case
    source.write("glossary/other.rst", "A\n=\n")
    said = check(source)
    assert said.code == 1
    assert "Traceback" not in said.err
    found = {(each["file"], each["kind"], each["line"]) for each in said.findings}
    missed = [
        case.name
        for file, case in places.items()
        if not {(file, case.kind, case.line), (file, "page-unreadable", case.line)} & found
        # The mark at the head of a file is taken off when it is read: what follows is the page.
        and not (case.text.startswith("\ufeff") and (file, case.kind, 2) in found)
    ]
    assert missed == []
    assert ("glossary/other.rst", "not-allowed", 1) in found


def test_a_page_refused_is_all_that_is_told(tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    source.append("glossary/index.md", "\n{raw}`<b>`\n")
    said = check(source)
    assert [(f["kind"], f["file"]) for f in said.findings] == [("not-allowed", "glossary/index.md")]


SETTINGS = {
    "an extension that reaches further": (
        'myst_enable_extensions = ["colon_fence", "deflist", "substitution"]',
        "myst_enable_extensions: substitution",
    ),
    "code that is run as a block": (
        'myst_fence_as_directive = ["raw"]',
        "myst_fence_as_directive",
    ),
    "a block that runs programs": ('manual_allow = ["directive:raw"]', "directive:raw"),
    "an entry of no kind": ('manual_allow = ["mermaid"]', "mermaid"),
}


@pytest.mark.parametrize(("line", "words"), SETTINGS.values(), ids=SETTINGS)
def test_what_a_setting_cannot_switch_on(line: str, words: str, tmp_path: Path) -> None:
    said = check(copy(TINY, tmp_path / "source"), "--kit", str(kit_with(line, tmp_path)))
    (found,) = said.findings
    assert (found["kind"], found["file"]) == ("settings-value", "conf.py")
    assert words in found["message"]


def test_pages_are_read_the_same_way_whatever_is_set(tmp_path: Path) -> None:
    line = (
        'myst_enable_extensions = ["substitution", "html_image", "dollarmath"]; '
        'myst_disable_syntax = []; myst_fence_as_directive = ["raw"]'
    )
    with docutils_namespace():
        oracle = Oracle(tmp_path, kit_with(line, tmp_path))
        text = "<script>alert(1)</script>\n\n<b>\n\n```raw\nhtml\n```\n\n{{ env.config }}\n"
        assert oracle.escapes(text) == []
        config = oracle.app.env.myst_config  # type: ignore[attr-defined]
        assert config.enable_extensions == {"colon_fence", "deflist", "dollarmath"}


def test_what_a_maintainer_switches_on_no_page_can(tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    source.append("glossary/index.md", "\n:::{aside} A\nWords.\n:::\n")
    source.write("glossary/conf.py", 'manual_allow = ["directive:aside"]\n')
    assert [each["kind"] for each in check(source).findings] == ["not-allowed"]
    kit = kit_with('manual_allow = ["directive:aside"]', tmp_path)
    assert check(source, "--kit", str(kit)).findings == []


def kit_with(line: str, folder: Path) -> Path:
    """The kit's own set-up with one more line in conf.py."""
    kit = folder / "kit"
    kit.mkdir()
    conf = (KIT / "conf.py").read_text(encoding="utf-8")
    (kit / "conf.py").write_text(f"{conf}\n{line}\n", encoding="utf-8")
    (kit / "ubproject.toml").write_bytes((KIT / "ubproject.toml").read_bytes())
    return kit
