"""Reading and writing files, on real ones."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.edges.files import read_text, tree_digest, walk, write_if_changed


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_text_comes_back_as_it_was(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "text.csv"
    path.write_bytes(text.encode("utf-8"))
    expected = text.removeprefix("\ufeff")  # the mark spreadsheets put at the start
    assert read_text(path, "text.csv") == (expected, None)


def test_line_ends_are_left_to_the_reader(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a\r\nb\rc\n")
    assert read_text(tmp_path / "a.csv", "a.csv") == ("a\r\nb\rc\n", None)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    assert read_text(tmp_path / "none.csv", "none.csv") == (None, None)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"caf\xe9", 1),
        (b"id\nname\ncaf\xe9,\n", 3),
        ("id\nname".encode("utf-16"), 1),
        (b"id\n\xc3", 2),
    ],
    ids=["first line", "third line", "UTF-16", "cut off"],
)
def test_file_in_another_encoding(data: bytes, line: int, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_bytes(data)
    text, found = read_text(tmp_path / "plan.csv", "schools/pier/plan.csv")
    assert text is None
    assert found
    assert (found.file, found.line, found.kind) == (
        "schools/pier/plan.csv",
        line,
        "table-unreadable",
    )
    assert "UTF-8" in found.fix


def test_folder_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").mkdir()
    text, found = read_text(tmp_path / "plan.csv", "plan.csv")
    assert text is None
    assert found
    assert found.file == "plan.csv"
    assert "cannot be read" in found.message


def test_equal_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "a.txt"
    write_if_changed(path, "é\n")
    assert path.read_bytes() == "é\n".encode()
    os.utime(path, ns=(1, 1))
    write_if_changed(path, "é\n")
    assert path.stat().st_mtime_ns == 1
    write_if_changed(path, "e\n")
    assert path.read_bytes() == b"e\n"
    assert path.stat().st_mtime_ns != 1


def test_walk_is_in_order_and_passes_hidden_files(tmp_path: Path) -> None:
    for name in ("b/x.md", "a/y.md", "a/b/z.md", "c.md", ".git/config", "a/.DS_Store", "_build/q"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    found = [path.relative_to(tmp_path).as_posix() for path in walk(tmp_path)]
    assert found == ["c.md", "a/y.md", "a/b/z.md", "b/x.md"]


def test_digest_follows_names_and_contents_only(tmp_path: Path) -> None:
    one = tmp_path / "one"
    (one / "a").mkdir(parents=True)
    (one / "a" / "x.md").write_text("x")
    (one / "y.md").write_text("y")
    digest = tree_digest(one)
    two = tmp_path / "somewhere else"
    shutil.copytree(one, two)
    os.utime(two / "y.md", ns=(1, 1))
    (two / "y.md").chmod(0o400)
    assert tree_digest(two) == digest
    (two / "y.md").chmod(0o600)
    (two / ".DS_Store").write_text("a machine's own")
    assert tree_digest(two) == digest
    (two / "y.md").write_text("Y")
    assert tree_digest(two) != digest
    (two / "y.md").rename(two / "z.md")
    (two / "z.md").write_text("y")
    assert tree_digest(two) != digest


@given(
    trees=st.lists(
        st.dictionaries(st.sampled_from(["a", "ab", "b", "ba"]), st.binary(max_size=3), max_size=3),
        min_size=2,
        max_size=2,
    )
)
def test_different_trees_have_different_digests(
    trees: list[dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    digests = []
    for tree in trees:
        root = tmp_path_factory.mktemp("tree")
        for name, content in tree.items():
            (root / name).write_bytes(content)
        digests.append(tree_digest(root))
    assert (digests[0] == digests[1]) == (trees[0] == trees[1])


def test_digest_of_several_roots(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_text("x")
    (tmp_path / "b.toml").write_text("b")
    both = tree_digest(tmp_path / "a", tmp_path / "b.toml")
    assert both != tree_digest(tmp_path / "a")
    (tmp_path / "b.toml").write_text("c")
    assert tree_digest(tmp_path / "a", tmp_path / "b.toml") != both
