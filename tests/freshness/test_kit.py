"""A change of the kit itself: data model, settings, templates, styles, scripts, code.

Each builds with a copy of the kit, in a process that loads the code of that copy.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.freshness.site import District, assert_fresh

EXT = "extensions/living_manual/sphinx_ext"


def swap(file: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(kit: Path) -> None:
        text = (kit / file).read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {file}"
        (kit / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def add(file: str, text: str) -> Callable[[Path], None]:
    def edit(kit: Path) -> None:
        with (kit / file).open("a", encoding="utf-8") as opened:
            opened.write(text)

    return edit


def rename(old: str, new: str) -> Callable[[Path], None]:
    def edit(kit: Path) -> None:
        (kit / old).rename(kit / new)

    return edit


EDITS = {
    "model: title of a type": swap("ubproject.toml", 'title = "Word"', 'title = "Term"'),
    "model: how a link reads": swap("ubproject.toml", '"led by"', '"in the hands of"'),
    "model: a rule": swap(
        "ubproject.toml", 'enum = ["filled", "vacant"]', 'enum = ["filled", "open"]'
    ),
    "model: a field": swap("ubproject.toml", "[needs.fields.bring]", "[needs.fields.carry]"),
    "settings of Sphinx": swap(
        "conf.py", 'html_permalinks_icon = "#"', 'html_permalinks_icon = "§"'
    ),
    "settings for reading": swap("conf.py", "myst_heading_anchors = 3", "myst_heading_anchors = 1"),
    "template of a view": swap(f"{EXT}/templates/gaps.html.jinja", "<", "<!-- --><"),
    "template of a card": add(f"{EXT}/templates/record_card.html.jinja", "<!-- one more -->\n"),
    "template of the frame": swap(f"{EXT}/theme/layout.html", "skip-link", "skip-link first"),
    "template of a part": swap(f"{EXT}/theme/components/crumbs.html", '"crumbs"', '"crumbs path"'),
    "styles": add(f"{EXT}/theme/styles/20-base.css", ".one-more { color: red; }\n"),
    "a style sheet more": add(f"{EXT}/theme/styles/95-more.css", ".more { color: red; }\n"),
    "script": add(f"{EXT}/theme/static/scripts/manual.js", "// one more\n"),
    "picture of the theme renamed": rename(
        f"{EXT}/theme/static/favicon.svg", f"{EXT}/theme/static/sign.svg"
    ),
    "code of a view": swap("extensions/living_manual/core/words.py", '"""', '"""Said otherwise. '),
    "code that words a fact": swap(f"{EXT}/steps.py", "> min<", "> minutes<"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=[name.replace(" ", "_") for name in EDITS])
def test_build_after_an_edit_of_the_kit(
    edit: Callable[[Path], None], built: District, tmp_path: Path
) -> None:
    made = built.with_own_kit(tmp_path / "kit")
    edit(made.kit)
    assert_fresh(made)


def test_styles_changed_within_one_process(
    built: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sphinx keeps the checksum of each style sheet, in `?v=`, for as long as a process lives."""
    built.replace("district.toml", "#5B2A86", "#1B5E20")
    before = built.built().files["index.html"]
    built.replace("district.toml", "#1B5E20", "#5B2A86")
    after = assert_fresh(built).files["index.html"]
    assert before != after
