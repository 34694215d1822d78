"""What a folder may hold that must not be opened, and names that some computers cannot hold."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.file_names import name_fault
from living_manual.edges.source_tree import lies_in, tree_faults

Put = Callable[[Path], object]


def _link(name: str, target: str) -> Put:
    def put(root: Path) -> None:
        (root / name).symlink_to(root / target)

    return put


FOUND: dict[str, tuple[Put, str, str]] = {
    "a link out": (_link("a.md", "../secret.txt"), "symbolic-link", "a.md"),
    "a link of a folder": (_link("vision/more", "../outside"), "symbolic-link", "vision/more"),
    "a link of a folder inside": (_link("more", "vision"), "symbolic-link", "more"),
    "a link round": (_link("vision/round", "."), "symbolic-link", "vision/round"),
    "a link to itself": (_link("a.md", "a.md"), "symbolic-link", "a.md"),
    "a link to nothing": (_link("a.md", "gone.md"), "symbolic-link", "a.md"),
    "a hidden link": (_link(".a", "../secret.txt"), "symbolic-link", ".a"),
    "a pipe": (lambda root: os.mkfifo(root / "a.md"), "symbolic-link", "a.md"),
    "a name with a line end": (
        lambda root: (root / "a\nb.md").write_text("# A", encoding="utf-8"),
        "file-name",
        "a\N{REPLACEMENT CHARACTER}b.md",
    ),
    "a name that Windows keeps": (
        lambda root: (root / "vision" / "aux.md").write_text("# A", encoding="utf-8"),
        "file-name",
        "vision/aux.md",
    ),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    root = tmp_path / "source"
    (root / "vision").mkdir(parents=True)
    (root / "index.md").write_text("# A", encoding="utf-8")
    (root / "vision" / "index.md").write_text("# A", encoding="utf-8")
    return root


@pytest.mark.parametrize(("put", "kind", "file"), FOUND.values(), ids=FOUND)
def test_one_finding_with_its_name(put: Put, kind: str, file: str, root: Path) -> None:
    put(root)
    found = tree_faults(root)
    assert [(each.kind, each.file, each.line) for each in found] == [(kind, file, 1)]


def test_a_sound_folder(root: Path) -> None:
    (root / "a.md").symlink_to(root / "index.md")  # a file of the manual under another name
    (root / "empty").mkdir()
    (root / "vision" / "Élèves & co (2).md").write_text("# A", encoding="utf-8")
    assert tree_faults(root) == ()


@pytest.mark.parametrize("name", ["a.md", "vision"], ids=["a file", "a folder"])
def test_what_may_not_be_read(name: str, root: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (root / "a.md").write_text("# A", encoding="utf-8")
    (root / name).chmod(0)
    try:
        found = tree_faults(root)
    finally:
        (root / name).chmod(0o755)
    assert [(each.kind, each.file) for each in found] == [("file-unreadable", name)]


NAMES = {
    "a.md": "",
    "Vision 2026 – what we say.md": "",
    "élève.md": "",
    ".git": "",
    "console.md": "",
    "a:b.md": "Windows",
    "a?.md": "Windows",
    "a\\b.md": "Windows",
    "con": "Windows",
    "COM1.txt": "Windows",
    "lpt9.tar.gz": "Windows",
    "a.": "Windows",
    "a ": "Windows",
    "a\tb": "written",
    "a\u202eb": "seen",
    "a" * 256: "longer",
    "é" * 128: "longer",
}


@pytest.mark.parametrize(("name", "said"), NAMES.items(), ids=[repr(name)[:20] for name in NAMES])
def test_names(name: str, said: str) -> None:
    fault = name_fault(name)
    assert said in fault
    assert bool(fault) == bool(said)


@given(st.text(min_size=1))
def test_a_name_that_is_taken_can_be_written(name: str) -> None:
    if not name_fault(name):
        name.encode("utf-8")
        assert not any(unicodedata.category(sign) == "Cc" for sign in name)


def test_a_folder_with_a_longer_name_is_another(tmp_path: Path) -> None:
    assert lies_in(tmp_path / "a" / "b.md", tmp_path / "a")
    assert lies_in(tmp_path / "a", tmp_path / "a")
    assert not lies_in(tmp_path / "ab" / "b.md", tmp_path / "a")
    assert not lies_in(tmp_path / "a" / ".." / "b.md", tmp_path / "a")
