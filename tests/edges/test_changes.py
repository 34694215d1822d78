"""Several files changed as one: all of them, or every one as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from living_manual.core.importing import FileChange
from living_manual.edges.changes import ChangesRefused, source_texts, write_changes

OLD = FileChange("a.md", "old\r\n", "new\r\n")
NEW = FileChange("schools/oak/index.md", None, "# Oak\n")
PLAN = FileChange("schools/oak/plan.csv", None, "id\n")
BESIDE = FileChange("schools/more.md", None, "# More\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "schools").mkdir()
    (tmp_path / "a.md").write_bytes(b"old\r\n")
    (tmp_path / "schools" / "index.md").write_bytes(b"# Schools\n")
    return tmp_path


def state(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_all_are_written_and_nothing_is_left_beside_them(folder: Path) -> None:
    (folder / "a.md").chmod(0o640)
    write_changes(folder, [OLD, NEW, PLAN, BESIDE])
    assert state(folder) == {
        "a.md": b"new\r\n",
        "schools/index.md": b"# Schools\n",
        "schools/more.md": b"# More\n",
        "schools/oak/index.md": b"# Oak\n",
        "schools/oak/plan.csv": b"id\n",
    }
    assert (folder / "a.md").stat().st_mode & 0o777 == 0o640
    assert not list(folder.rglob(".*"))


def test_a_byte_order_mark_stays(folder: Path) -> None:
    (folder / "a.md").write_bytes(b"\xef\xbb\xbfold\r\n")
    texts, found = source_texts(folder)
    assert (texts["a.md"], found) == ("old\r\n", ())
    write_changes(folder, [OLD])
    assert (folder / "a.md").read_bytes() == b"\xef\xbb\xbfnew\r\n"


REFUSED = {
    "an old file changed meanwhile": ("a.md", b"other\n"),
    "a new file is there meanwhile": ("schools/more.md", b"mine\n"),
    "a new folder is there meanwhile": ("schools/oak", None),
}


@pytest.mark.parametrize(("file", "data"), REFUSED.values(), ids=REFUSED)
def test_what_changed_meanwhile_is_never_overwritten(
    folder: Path, file: str, data: bytes | None
) -> None:
    if data is None:
        (folder / file).mkdir()
        (folder / file / "index.md").write_bytes(b"mine\n")
    else:
        (folder / file).write_bytes(data)
    before = state(folder)
    with pytest.raises(ChangesRefused, match="changed meanwhile"):
        write_changes(folder, [OLD, NEW, PLAN, BESIDE])
    assert state(folder) == before


@pytest.mark.parametrize("nth", range(4))
def test_a_disk_that_refuses_halfway_leaves_every_file_as_it_was(
    folder: Path, nth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, calls, real = state(folder), iter(range(10)), Path.replace

    def replace(self: Path, target: Path) -> Path:
        if next(calls) == nth:
            raise OSError(28, "No space left on device", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    changes = [OLD, NEW, PLAN, BESIDE, FileChange("schools/index.md", "# Schools\n", "# All\n")]
    with pytest.raises(ChangesRefused, match="No space left"):
        write_changes(folder, changes)
    assert state(folder) == before
    assert not list(folder.rglob(".*"))


def test_texts_that_are_none_are_found(folder: Path) -> None:
    (folder / "schools" / "index.md").write_bytes(b"# \xc9cole\n")
    texts, found = source_texts(folder)
    assert set(texts) == {"a.md"}
    assert [(f.file, f.line) for f in found] == [("schools/index.md", 1)]
